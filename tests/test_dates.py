"""One span of dates, 1972 to 2050, for every way in which a start, an end or a day can be given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.api import time_span
from sim.cli.main import app
from sim.core import dates
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.propagation.force_model import GravityChoice, Orbit
from sim.scenario import load
from tests.made_scenario import problems
from tests.messages import MARIO, OMM_FORMS, in_form

STATE = "6800.0 0.0 0.0 0.0 7.6 0.0"
HEAD = "CREATION_DATE = 2026-01-01T00:00:00\nORIGINATOR = TEST\n"
META = "OBJECT_NAME = A\nOBJECT_ID = 2026-001A\nCENTER_NAME = EARTH\nREF_FRAME = EME2000\nTIME_SYSTEM = UTC\n"
KEPLER = (
    "[keplerian]\nsemi_major_axis_m = 6.8e6\neccentricity = 0.001\ninclination_deg = 41.5\nraan_deg = 0.0\n"
    "argument_of_perigee_deg = 0.0\ntrue_anomaly_deg = 0.0\n"
)
VECTOR = "[state]\nposition_m = [6.8e6, 0.0, 0.0]\nvelocity_m_s = [0.0, 7.6e3, 0.0]\n"


def opm(utc: str) -> str:
    keys = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    vector = "".join(f"{key} = {x}\n" for key, x in zip(keys, STATE.split(), strict=True))
    return f"CCSDS_OPM_VERS = 2.0\n{HEAD}{META}EPOCH = {utc}\n{vector}"


def oem(utc: str) -> str:
    """Two rows a second apart."""
    first = Epoch.from_utc(utc)
    stamps = [first.plus(t).utc(3).rstrip("Z") for t in (0.0, 1.0)]
    span = f"START_TIME = {stamps[0]}\nSTOP_TIME = {stamps[1]}\nINTERPOLATION = LINEAR\nINTERPOLATION_DEGREE = 1\n"
    rows = "".join(f"{stamp} {STATE}\n" for stamp in stamps)
    return f"CCSDS_OEM_VERS = 2.0\n{HEAD}META_START\n{META}{span}META_STOP\n{rows}"


def mean(form: str):
    return lambda utc: in_form(form, replace(MARIO, epoch=Epoch.from_utc(utc)))


FILES = {"tle": mean("tle"), "opm": opm, "oem": oem} | {f"omm {form}": mean(form) for form in OMM_FORMS}
STARTS = {
    **dict.fromkeys(FILES, 'elements = "start.txt"\n'),
    "cartesian": '[epoch]\nutc = "{}"\n' + VECTOR,
    "keplerian": '[epoch]\nutc = "{}"\n' + KEPLER,
}


def orbit_file(folder, start: str, utc: str, duration: float = 3600.0):
    if start in FILES:
        (folder / "start.txt").write_text(FILES[start](utc))
    path = folder / "orbit.toml"
    path.write_text(
        f'schema = 1\nkind = "orbit"\nname = "x"\n{STARTS[start].format(utc)}'
        f'[span]\nduration_s = {duration}\nstep_s = 600.0\n[gravity]\nfield = "point"\n'
    )
    return path


def ended(*command: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, list(command))
    return result.exit_code, result.stderr.splitlines()


@pytest.mark.parametrize("utc", ["2056-01-01T00:00:00Z", "2050-01-01T00:00:01Z", "1971-12-31T23:59:00Z"])
@pytest.mark.parametrize("start", STARTS)
def test_a_start_outside_is_refused_by_check_and_by_the_flight_alike(start, utc, tmp_path):
    path = str(orbit_file(tmp_path, start, utc))
    code, lines = ended("check", path)
    assert (code, lines) == ended("propagate", path, "--out", str(tmp_path / "out"))
    (line,) = lines
    assert code == 2 and utc[:19] in line and dates.EARLIEST_UTC in line and dates.LATEST_UTC in line
    assert dates.WHY in line


@pytest.mark.parametrize("start", STARTS)
def test_an_end_outside_is_refused_by_check_and_by_the_flight_alike(start, tmp_path):
    path = str(orbit_file(tmp_path, start, "2049-12-31T23:00:00Z", 3601.0))
    code, lines = ended("check", path)
    assert (code, lines) == ended("propagate", path, "--out", str(tmp_path / "out"))
    (line,) = lines
    assert code == 2 and "span.duration_s: found an end at 2050-01-01T00:00:01Z" in line and dates.WHY in line


@pytest.mark.parametrize("start", STARTS)
def test_both_ends_of_the_span_belong_to_it(start, tmp_path):
    for utc in ("2049-12-31T23:00:00Z", "1972-01-01T00:00:00Z"):
        path = str(orbit_file(tmp_path, start, utc))
        assert ended("check", path)[0] == 0


def test_an_orbit_of_python_is_held_to_the_same_span():
    r, v = np.array([6.8e6, 0.0, 0.0]), np.array([0.0, 7.6e3, 0.0])
    for utc, says in (("2049-12-31T23:59:30Z", "an end at 2050-01-01T00:00:30Z"), ("1969-07-16", "a start at 1969")):
        orbit = Orbit("mine", Epoch.from_utc(utc), r, v, duration=60.0, step=60.0, gravity=GravityChoice("point"))
        with pytest.raises(BadInput, match=says) as caught:
            sim.propagate(orbit)
        assert dates.WHY in str(caught.value)


@pytest.mark.parametrize(
    "command",
    [
        ["windows", "shenzhou-21", "--from", "2056-01-01"],
        ["windows", "shenzhou-21", "--from", "1960-01-01"],
        ["windows", "shenzhou-21", "--elements", "TLE"],
        ["docking-windows", "shenzhou-21", "--from", "2056-01-01"],
        ["docking-windows", "shenzhou-21", "--at", "2056-01-01T12:00:00Z"],
        ["docking-windows", "shenzhou-21", "--elements", "TLE"],
    ],
)
def test_the_planners_refuse_a_day_outside(command, tmp_path):
    path = tmp_path / "late.tle"
    path.write_text(FILES["tle"]("2056-04-09T12:00:00Z"))
    code, (line,) = ended(*(str(path) if word == "TLE" else word for word in command))
    assert code == 2 and "found" in line and dates.ALLOWED in line


def test_the_planners_refuse_days_that_end_outside():
    """From elements of the last day, ten days are searched."""
    from sim.planning.station_outlook import Asked, setting

    late = replace(MARIO, epoch=Epoch.from_utc("2049-12-31"), inclination_deg=41.5)
    with pytest.raises(BadInput, match="an end at 2050-01-10") as caught:
        setting(load("shenzhou-21"), Asked(elements=late))
    assert dates.ALLOWED in str(caught.value)


def test_a_time_of_any_kind_is_held_to_the_span():
    for value in ("2056-01-01", Epoch.from_utc("2056-01-01"), Epoch.from_utc("2056-01-01").datetime()):
        with pytest.raises(BadInput, match="at: found 2056-01-01T00:00:00Z"):
            time_span.moment(value)


@pytest.mark.parametrize("key", ["launch.liftoff_utc", "station.start_utc"])
def test_a_date_of_a_mission_outside_is_refused(key):
    lines = problems("shenzhou-21", "launch.window_utc=", f"{key}=2056-01-01T00:00:00Z")
    assert any(key in line and "2056" in line and dates.LATEST_UTC in line for line in lines)


def test_a_mission_that_may_end_outside_is_refused(monkeypatch):
    """It would take many stays, one after the other; with the span drawn in, one of 400 days is enough."""
    monkeypatch.setattr(dates, "LATEST", Epoch.from_utc("2026-05-01"))
    load("shenzhou-20")
    with pytest.raises(
        ScenarioError, match="stay.handover_days: found 400 days in all, so an end at 2026-05"
    ) as caught:
        load("shenzhou-20", ["stay.handover_days=400"])
    assert dates.WHY in str(caught.value)
