"""The published schemas of results: a flight, kept results of every version, and damaged ones."""

from __future__ import annotations

import json
import re
import shutil
from copy import deepcopy
from pathlib import Path

import kept_results
import pytest
from made_flight import made_flight
from result_schemas import FOLDER, NAMES, described, problems, schema
from typer.testing import CliRunner

import sim
from sim.api import (
    conjunction,
    debris,
    docking_windows,
    landing_windows,
    launch_windows,
    passes,
    rotation,
    screen,
    spacewalks,
    week,
)
from sim.campaign import output, sweep
from sim.campaign.forecast import Forecast, RealFlight
from sim.cli.main import app
from sim.export import finished, record, stored, trajectories
from sim.export.plain import plain
from sim.files import packaged
from sim.files.errors import BadInput
from sim.planning import raise_plan
from sim.verification import compared_text
from tests.optional import needed

KEPT = sorted((Path(__file__).resolve().parent / "data" / "results").glob("[0-9]*"))
WRITERS = {  # the version that each writer puts into its file
    "flight": record.SCHEMA,
    "campaign": output.SCHEMA,
    "sweep": sweep.SCHEMA,
    "windows": launch_windows.SCHEMA,
    "docking_windows": docking_windows.SCHEMA,
    "landing_windows": landing_windows.SCHEMA,
    "compare": compared_text.SCHEMA,
    "rotation": rotation.SCHEMA,
    "passes": passes.SCHEMA,
    "week": week.SCHEMA,
    "station": raise_plan.SCHEMA,
    "spacewalks": spacewalks.SCHEMA,
    "screening": screen.SCHEMA,
    "conjunction": conjunction.SCHEMA,
    "debris": debris.SCHEMA,
    "manifest": 1,
}


@pytest.fixture(scope="module", params=KEPT, ids=lambda path: f"version {path.name}")
def kept(request, tmp_path_factory) -> Path:
    """The directory of a flight as a version of the program left it."""
    return kept_results.unpacked(request.param, tmp_path_factory.mktemp("kept") / request.param.name)


def content(directory: Path, name: str) -> dict:
    return json.loads((directory / name).read_text("utf-8"))


# ---- the schemas themselves


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_describes_every_key(name):
    needed("jsonschema")
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema(name))
    texts = dict(described(schema(name)))
    assert len(texts) > 5 and [key for key, text in texts.items() if not text] == []


def test_every_version_that_is_written_is_published():
    assert set(NAMES) == set(WRITERS)
    for name, version in WRITERS.items():
        assert schema(name, version)["properties"]["schema"]["const"] == version


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_ends_in_a_unit_says_it(name):
    """The words of a number name the unit that its key ends in."""
    units = {"_deg": "deg", "_km": "km", "_m_s": "m/s", "_kg": "kg", "_utc": "UTC", "_h": "h", "_min": "min"}
    for path, text in described(schema(name)):
        key = path.rpartition(".")[2]
        unit = next((word for end, word in sorted(units.items(), key=lambda u: -len(u[0])) if key.endswith(end)), "")
        assert not unit or re.search(rf"\b{unit}\b", text), f"{path}: '{text}' does not name {unit}"


# ---- results


def test_a_flight_keeps_to_its_schema():
    """Nothing is written that the schema does not describe; held on a flight made by hand, and on the kept one."""
    flight, scenario, _ = made_flight()
    assert problems("flight", record.as_record(flight, plain(scenario.raw, "scenario")), whole=True) == []


def test_error_bars_keep_to_the_schema_of_a_flight(kept):
    """Of `run --intervals`, with and without a real flight of the profile."""
    for real in (RealFlight(12000.0, 300.0, "one flight"), None):
        bars = Forecast(40, 1, 7, {"docked_met_s": (12000.0, 11900.0, 12100.0)}, {"docked_met_s": 12001.0}, real)
        made = content(kept, finished.FLIGHT) | {"forecast": plain(bars.content(), "forecast")}
        assert problems("flight", made, whole=True) == []


def test_kept_results_keep_to_their_schema(kept):
    assert content(kept, finished.FLIGHT)["schema"] == int(kept.name)
    assert problems("flight", content(kept, finished.FLIGHT), whole=True) == []
    assert problems("manifest", content(kept, finished.MANIFEST), whole=True) == []


def test_kept_results_are_read(kept):
    """Every reader of a finished flight takes them: stored form, trajectories, plain words, comparison, record."""
    data = stored.load(kept, finished.written(kept))
    made = content(kept, finished.FLIGHT)
    assert data.record == made and len(made["legs"]) == 12
    assert {"tiangong", "shenzhou-23", "shenzhou-24"} == set(trajectories.load(kept).vehicles)
    lines = sim.explain(kept).lines()
    assert any("Dongfeng" in line for line in lines) and len(lines) > 50
    assert sim.compare(kept, kept).equal
    assert list(sim.compare_record(kept)) == []  # a flight of the future has no record yet
    for command in (["explain", str(kept)], ["compare", str(kept), str(kept)]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0 and done.stdout, done.stderr


def test_results_of_a_later_version_are_refused_with_what_to_do(kept, tmp_path):
    later = Path(shutil.copytree(kept, tmp_path / "later"))
    version = record.SCHEMA + 1
    (later / finished.FLIGHT).write_text(json.dumps(content(later, finished.FLIGHT) | {"schema": version}))
    manifest = content(later, finished.MANIFEST)
    manifest["files_sha256"][finished.FLIGHT] = packaged.digest(later / finished.FLIGHT)
    (later / finished.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BadInput, match="later version of tiangong-sim wrote it; install"):
        sim.explain(later)
    for command in (["explain", str(later)], ["compare", str(kept), str(later)], ["plot", str(later)]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 2 and done.stdout == "", command
        for word in (str(later / finished.FLIGHT), f"schema {version}", f"up to {record.SCHEMA}", "install"):
            assert word in done.stderr, (command, word)


# ---- damaged results

DAMAGED = {
    "no events": (lambda r: r.pop("events"), "'events' is a required property"),
    "a leg without its phase": (lambda r: r["legs"][3].pop("phase"), "$.legs[3]: 'phase' is a required"),
    "a rule without its unit": (lambda r: r["verdicts"][0].pop("unit"), "$.verdicts[0]: 'unit'"),
    "a time in words": (lambda r: r["events"][2].update(utc="noon"), "$.events[2].utc: 'noon' is not a 'date-time'"),
    "a number in words": (lambda r: r["landing"].update(latitude_deg="41.6"), "$.landing.latitude_deg: '41.6' is not"),
    "a status of no kind": (lambda r: r["legs"][0].update(status="lost"), "$.legs[0].status: 'lost' is not one of"),
    "a list that is a table": (lambda r: r.update(crew={}), "$.crew: {} is not of type 'array'"),
    "another version": (lambda r: r.update(schema=2), "$.schema: 1 was expected"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_schema_refuses_a_damaged_flight(case, kept):
    made = deepcopy(content(kept, finished.FLIGHT))
    damage, words = DAMAGED[case]
    damage(made)
    found = problems("flight", made)
    assert len(found) == 1 and words in found[0]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "flight"])
def test_a_schema_asks_for_what_is_always_there(name):
    """An empty file breaks it once for each key that must stand."""
    assert len(problems(name, {})) == len(schema(name)["required"]) >= 4


def test_the_folder_holds_nothing_else():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}-{version}.json" for name, version in WRITERS.items()}
