"""A programme as it is screened: which ships fly by themselves when, and each from its mission, once."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from sim.api import screened_programme
from sim.api.screened import STATION_NUMBER, read
from sim.api.screened_programme import alone_in
from sim.api.time_span import ElementFile
from sim.conjunctions.screened_craft import ElementCraft, PathCraft
from sim.conjunctions.screening_paths import of_vehicles
from sim.conjunctions.screening_report import CraftScreened, _phases
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.export.trajectories import FlownPath
from sim.files.errors import BadInput, MissionFailed
from sim.planning.rotation.timeline import timeline
from sim.scenario.programme import load_programme

START, DAYS = Epoch.from_utc("2026-11-01T00:00:00Z"), 14.0


def silent(phase: str, share: float) -> None:
    pass


def circle(start: float, end: float) -> Trajectory:
    t = np.linspace(start, end, 50)
    a, rate = 6.77e6, np.sqrt(MU_EARTH / 6.77e6**3)
    r = a * np.column_stack([np.cos(rate * t), np.sin(rate * t), 0.0 * t])
    v = a * rate * np.column_stack([-np.sin(rate * t), np.cos(rate * t), 0.0 * t])
    return Trajectory(t, r, v, -MU_EARTH * r / a**3, np.ones(t.size))


@pytest.fixture(scope="module")
def found():
    return timeline(load_programme("programme", alternatives=False))


def test_who_flies_alone_is_who_is_launched_and_not_docked(found):
    """Against the timeline itself, at the middle of each flight: no ship is at a port, and just after it is."""
    whole = alone_in(found, found.start.plus(-86400.0), found.end.plus(86400.0))
    assert {a.words for a in whole} == {"way up", "way home", "way to another port"}
    for a in whole:
        vessel = found.vessel(a.ship)
        assert vessel.at_port(a.start.plus(0.5 * a.end.since(a.start))) is None
        assert (vessel.at_port(a.end) is None) == (a.words == "way home")
    seen = alone_in(found, START, START.plus(DAYS * 86400.0))
    assert [(a.ship, a.words, a.by[0]) for a in seen] == [
        ("shenzhou-24", "way up", "shenzhou-24"),
        ("shenzhou-23", "way home", "shenzhou-24"),  # flown by the mission that met its crew
    ]


@pytest.fixture
def flights(found, monkeypatch):
    """The flight of each mission: circles from the programme's own times, beside the station of that mission."""
    flown = []

    def fly(scenario, tick):
        flown.append(scenario.name)
        up, home = found.vessel("shenzhou-24"), found.vessel("shenzhou-23")
        spans = {
            "shenzhou-24": (up.launch, up.docked),
            "shenzhou-23": (home.undocked, home.landed),
            scenario.station.name: (START.plus(-86400.0), home.landed),
        }
        return [PathCraft(n, circle(a.since(START), b.since(START)), START) for n, (a, b) in spans.items()]

    monkeypatch.setattr(screened_programme, "fly_mission", fly)
    return flown


def test_ships_of_the_span_are_flown_once_and_the_station_stands_once(flights):
    given = read(ElementFile("programme"), (), START)
    crafts = given.fly(START, DAYS, silent)
    assert [one.name for one in crafts[1:]] == ["shenzhou-24", "shenzhou-23"]
    assert [one.number for one in crafts] == [STATION_NUMBER, None, None]
    assert isinstance(crafts[0], ElementCraft) and len(flights) == 1 and given.left_out == []
    assert "--raises FILE" in given.warnings[0]


def test_a_ship_that_no_mission_flies_is_named_and_the_rest_goes_on(monkeypatch):
    def fails(scenario, tick):
        raise MissionFailed("launch", "no window")

    monkeypatch.setattr(screened_programme, "fly_mission", fails)
    given = read(ElementFile("programme"), (), START)
    assert len(given.fly(START, DAYS, silent)) == 1
    assert [line.split(" is not")[0] for line in given.left_out] == ["shenzhou-24", "shenzhou-23"]
    assert all("no window" in line for line in given.left_out)


def test_a_time_known_by_its_day_is_not_flown(flights, found):
    """Shenzhou-22 went up empty in 2025; Tianzhou ships leave at hours that were not released."""
    vessel = next(v for v in found.vessels if "landed" in v.by_day)
    at = vessel.undocked
    given = read(ElementFile("programme"), (), at)
    given.fly(at, 0.5, silent)
    assert any(vessel.name in line and "known by its day only" in line for line in given.left_out)


def test_raises_go_with_a_programme_alone(tmp_path):
    from sim.planning.raise_plan import RaisePlan

    plan = RaisePlan("station.json", "p", START, START.plus(1.0), ())
    with pytest.raises(BadInput, match="no programme"):
        read(ElementFile("shenzhou-24-pakistan"), (), START, plan)


def test_an_approach_is_counted_in_the_phase_that_is_flown():
    legs = {"ship": [FlownPath("a", "ascent", circle(0.0, 600.0)), FlownPath("b", "homing", circle(600.0, 5000.0))]}
    (craft,) = of_vehicles(START, legs, "station", 1)
    assert [craft.phase_at(START.plus(t)) for t in (0.0, 599.0, 601.0, 5000.0, 5001.0)] == [
        "ascent",
        "ascent",
        "homing",
        "homing",
        None,
    ]
    met = type("Found", (), {"approaches": [type("One", (), {"t": t}) for t in (100.0, 700.0, 900.0)]})
    rows = _phases(CraftScreened(craft, START.plus(50.0), 2000.0, met))
    assert [(row["phase"], row["approaches"]) for row in rows] == [("ascent", 1), ("homing", 2)]
    assert rows[0]["from_utc"] == START.plus(50.0).utc(3) and rows[1]["to_utc"] == START.plus(2050.0).utc(3)
