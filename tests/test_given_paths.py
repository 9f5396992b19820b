"""Paths on the command line count from the working directory; what an object is called in the files that we write."""

from __future__ import annotations

import importlib
import pkgutil
import re

from pydantic import BaseModel

import sim
import sim.scenario
from sim.build.orbit import load_orbit
from sim.catalogue.element_sets import element_set
from sim.export.oem import object_id
from sim.interchange.ics import calendar
from sim.interchange.oem import read_oem
from sim.output.orbit import write_oem
from sim.propagation.propagate import propagate
from sim.scenario import load
from sim.scenario.overrides import PATH_KEYS, with_overrides
from tests.made_scenario import mission, problems

SET = element_set("css-2026-10-06")
ORBIT = """schema = 1
kind = "orbit"
name = "ONE DAY"
elements = "start.txt"

[span]
duration_s = 600.0
step_s = 60.0

[spacecraft]
mass_kg = 1000.0

[gravity]
field = "j2"

[atmosphere]
model = "none"
"""
OWN = 'extends = "shenzhou"\nname = "Own ship"\n'


def test_a_path_of_the_command_line_is_of_the_working_directory(tmp_path, monkeypatch):
    """Not beside the shipped mission, which lies in the package; nor beside one's own mission in another folder."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    (here / "mine.toml").write_text(OWN, "utf-8")
    (there / "mine.toml").write_text(OWN.replace("Own", "Another"), "utf-8")
    monkeypatch.chdir(here)
    for given in ("shenzhou-24-pakistan", mission(there)):
        for path in ("mine.toml", "./mine.toml", "../here/mine.toml", str(here / "mine.toml")):
            loaded = load(given, [f"docked.0.vehicle={path}"])
            assert here / "mine.toml" in loaded.files and there / "mine.toml" not in loaded.files
    (here / "set.tle").write_text(f"{SET.line1}\n{SET.line2}\n", "ascii")
    (there / "orbit.toml").write_text(ORBIT, "utf-8")
    chosen = load_orbit(there / "orbit.toml", ["elements=set.tle"]).chosen
    assert chosen is not None and chosen.elements.designator == "2021-035A"


def test_other_values_stay_as_they_are_typed(tmp_path, monkeypatch):
    """A name of the catalogue (6.5h has a dot) or a title is no path, even if a file here is called so."""
    monkeypatch.chdir(tmp_path)
    for name in ("6.5h", "mine.toml"):
        (tmp_path / name).write_text(OWN, "utf-8")
    given = ["rendezvous.profile=6.5h", "name=mine.toml", 'docked=[{vehicle="mine.toml"}, {vehicle="gone.toml"}]']
    raw, wrong = with_overrides({"rendezvous": {}}, given)
    assert not wrong and (raw["rendezvous"]["profile"], raw["name"]) == ("6.5h", "mine.toml")
    assert [ship["vehicle"] for ship in raw["docked"]] == [str(tmp_path / "mine.toml"), "gone.toml"]
    [line] = problems("shenzhou-24-pakistan", "docked.0.vehicle=gone.toml")
    assert line.startswith("--set: docked.0.vehicle: found 'gone.toml'")


def test_every_key_that_takes_a_path_is_known():
    """By the words with which the models describe such a key."""
    keys = set()
    for module in pkgutil.iter_modules(sim.scenario.__path__):
        for model in vars(importlib.import_module(f"sim.scenario.{module.name}")).values():
            if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel:
                properties = model.model_json_schema().get("properties", {})
                keys |= {k for k, v in properties.items() if re.search(r"or a path |or the path ", str(v))}
    assert keys == PATH_KEYS


def test_an_orbit_is_written_under_the_designator_of_its_elements(tmp_path):
    """CCSDS 502.0-B, 5.2.3: OBJECT_ID is YYYY-NNNP{PP} of the UN index where the object has one; the propagation of the
    element set is the same object. A start from a bare state, or from an analyst's set without one, is a simulation."""
    named = f"CSS (TIANHE)\n{SET.line1}\n{SET.line2}\n"
    bare = SET.line1.replace("21035A  ", " " * 8)[:68]  # whose checksum loses the digits of 21035
    nameless = f"{bare}{(int(SET.line1[68]) - 2 - 1 - 0 - 3 - 5) % 10}\n{SET.line2}\n"
    cases = [(named, ("CSS (TIANHE)", "2021-035A")), (named.partition("\n")[2], ("ONE DAY", "2021-035A"))]
    cases.append((nameless, ("ONE DAY", "SIM-ONE DAY")))
    (tmp_path / "orbit.toml").write_text(ORBIT, "utf-8")
    for text, expected in cases:
        (tmp_path / "start.txt").write_text(text, "ascii")
        scenario = load_orbit(tmp_path / "orbit.toml")
        of = (scenario.object_name, scenario.object_id)
        write_oem(tmp_path / "written.oem", propagate(scenario.orbit), "2026-10-06T00:00:00", of)
        read = read_oem(tmp_path / "written.oem")
        assert (read.name, read.object_id) == expected
        again = load_orbit(tmp_path / "orbit.toml", [f"elements={tmp_path / 'written.oem'}"])
        assert (again.object_name, again.object_id) == expected  # an OEM hands them on


def test_a_station_of_ones_own_has_the_designator_of_its_elements():
    iss = {"name": "iss", "vehicle": "my-station.toml", "elements_lines": ["1 25544U 98067A   26279.5 ...", ""]}
    assert object_id("iss", {"station": iss}) == "1998-067A"
    own = {"name": "tg", "vehicle": "my-station.toml", "elements": SET.name}
    assert object_id("tg", {"station": own}) == "2021-035A"
    assert object_id("tg", {"station": {"name": "tg", "vehicle": "my-station.toml"}}) == "SIM-TG"
    assert object_id("shenzhou-24", {"station": own}) == "SIM-SHENZHOU-24"


def test_a_calendar_names_the_program_and_not_what_is_in_it():
    """PRODID identifies the product that wrote the file (RFC 5545, 3.7.3); a calendar of a flight holds no passes."""
    [product] = re.findall(r"PRODID:(.*)\r", calendar("a flight", [], SET.epoch))
    assert re.fullmatch(r"-//tiangong-sim//[^/]+//EN", product) and "passes" not in product
