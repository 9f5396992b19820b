"""Names that are no valid text: paths and arguments of any bytes, and a machine whose encoding lacks their letters.

Python holds such bytes as lone surrogates, which no UTF-8 file takes: what was flown for minutes ended in an error when
the manifest was written.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_flight import made_flight

import sim
from sim.campaign import directory as campaigns
from sim.export.plain import write_json
from sim.files.names import as_json, as_path, readable, typed
from sim.files.paths import ORBITS
from sim.files.problems import ScenarioError
from sim.report import write_report

ROOT = Path(sim.__file__).resolve().parent.parent
LATIN, UTF8 = b"caf\xe9", "café".encode()
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain", "plain"),
        ("café", "café"),
        (os.fsdecode(LATIN), "caf\\xe9"),
        (UTF8.decode("ascii", "surrogateescape"), "café"),  # as Python has it under LC_ALL=C
        ("a\ud800b", "a\ufffdb"),
        ("\udce9t\udce9", "\\xe9t\\xe9"),
    ],
)
def test_a_name_is_readable_and_goes_into_json(given, shown):
    assert readable(given) == shown
    assert json.loads(as_json({"a": given, given: 1})) == {"a": shown, shown: 1}
    assert json.loads(as_json({"a": given}, "ascii")) == {"a": shown} and as_json([given], "ascii").isascii()
    assert json.loads(as_json([given], exact=True)) == [given]


def test_what_was_typed_is_utf8_or_refused():
    assert typed("café") == typed(UTF8.decode("ascii", "surrogateescape")) == "café"
    assert typed(os.fsdecode(LATIN)) is None and typed("\ud800") is None
    assert sim.load("shenzhou-20", ["name=caf\udcc3\udca9"]).name == "café"
    for text in ("name=caf\udce9", "caf\udce9=1", "\ud800"):
        with pytest.raises(ScenarioError, match="KEY=VALUE in UTF-8"):
            sim.load("shenzhou-20", [text])


def test_a_name_in_a_file_opens_its_file_where_the_encoding_lacks_its_letters(monkeypatch):
    assert as_path("café") == "café"
    monkeypatch.setattr(os, "fsencode", lambda name: name.encode("ascii", "surrogateescape"))
    monkeypatch.setattr(os, "fsdecode", lambda name: name.decode("ascii", "surrogateescape"))
    assert as_path("café.tle") == "caf\udcc3\udca9.tle" and as_path("caf\udce9") == "caf\udce9"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A directory whose name is not UTF-8."""
    place = tmp_path / os.fsdecode(LATIN)
    try:
        place.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names alone")
    return place


def test_manifest_and_report_tell_of_names_that_are_no_letters(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["tiangong", "run", "x", "--out", str(folder)])
    write_json(folder / "manifest.json", {"arguments": sys.argv[1:]})
    assert json.loads((folder / "manifest.json").read_bytes())["arguments"][-1].endswith("/caf\\xe9")
    from sim.export.record import as_record
    from sim.export.stored import PlotData

    flight, scenario, _ = made_flight("docked")
    data = PlotData(as_record(flight, scenario.raw), scenario.raw, {})
    write_report(folder / "report.html", data, [(f"{folder}/m.toml", "launch.ship", "assumed")], [])
    assert "caf\\xe9/m.toml" in (folder / "report.html").read_text("utf-8")


def test_a_campaign_goes_on_in_a_folder_whose_name_is_not_utf8(folder):
    plan = {"mission_file": str(folder / "m.toml"), "campaign_file": str(folder / "c.toml"), "seed": 1}
    (folder / "out").mkdir()
    campaigns.begin(folder / "out", plan, 1, ["run", "checksum"], False)
    assert campaigns.begin(folder / "out", plan, 1, ["run", "checksum"], False).rows == {}
    assert plan.items() <= campaigns.stored(folder / "out").items()


def test_problems_show_the_bytes(folder):
    with pytest.raises(ScenarioError, match=r"caf\\xe9/none: found no such file"):
        sim.load(folder / "none")


def test_an_orbit_is_written_under_any_locale(folder):
    """The whole command where Python knows ASCII alone: the orbit's file, one that it extends, and the results."""
    if sys.platform != "linux":
        pytest.skip("file names are bytes, and the locale C is ASCII, on Linux")
    place = os.fsencode(folder)
    shutil.copy(ORBITS / "station-j2.toml", os.path.join(place, "é.toml".encode()))
    orbit = os.path.join(place, UTF8 + b".toml")
    Path(os.fsdecode(orbit)).write_text('extends = "é.toml"\n[span]\nduration_s = 600.0\n', "utf-8")
    command = [sys.executable, "-m", "sim.cli.main", "propagate", orbit, "--out", place + b"/out", "--json"]
    done = subprocess.run(
        [*command, "--set", b"name='" + UTF8 + b"'"], capture_output=True, cwd=ROOT, env={**os.environ, **C_LOCALE}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    said = json.loads(done.stdout.decode("ascii"))
    assert said["name"] == "café" and "/caf\\xe9/out/" in said["files"]["ephemeris.csv"]
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    assert "café.toml" in manifest["data_sha256"] and manifest["arguments"][1].endswith("/caf\\xe9/café.toml")
