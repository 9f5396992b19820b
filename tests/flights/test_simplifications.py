"""Each statement of what is simple, or known exactly, held against the code: what is declared as exact is exact, and
what is not declared is not.

`holds` names the statements of a test; `test_every_statement_has_its_test` compares them with what `sim` declares.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from statements import declared, exact, holds, homecoming, keys_of, of, returning, uncertain

import sim
from kernels.atmosphere.air import density
from kernels.constants import OMEGA_EARTH
from kernels.orbit.forces import acceleration, scratch
from sim.core.landing import NO_LANDING
from sim.core.navigation_errors import PERFECT
from sim.core.return_record import DescentRecord, EntryRecord
from sim.core.scene import State
from sim.environment.density_error import with_error
from sim.environment.world import World
from sim.export.record import as_record
from sim.mission import fly
from sim.phases.await_launch import AwaitLaunch
from sim.phases.descent import Descent
from sim.phases.docking import Docking
from sim.phases.entry import Entry
from sim.phases.phasing import Phasing
from sim.report.basis import simple

ROOT = Path(sim.__file__).resolve().parent
DAY = 86400.0
ONCE_TRUE = (
    "every craft is a point",
    "In phasing and homing each craft is a point",
    "navigation is perfect",
    "with its true position and velocity",
    "flies as a point mass without wind",
    "residuals of the stages, fairing and tower; no wind",
    "no wind but in dispersed ascents",
    "Wind is zero unless",
    "The deorbit burn has no errors",
    "Left out: errors of the burn",
    "the entry guidance sees the true state",
    "from element sets and the place of the pad alone",
    "Nothing in the flight is steered by these times",
    "The camera sees its target in any light",
)
PLACE = np.array([-6.7e6, 0.4e6, 0.9e6])  # m, some place in orbit
SPEED = np.array([-1.2e3, -5.6e3, -5.0e3])


# ---- the list


@cache
def named(folder: Path, call: str) -> tuple[str, ...]:
    """The keys that are given to calls of a name in the files of a folder."""
    texts = [text for path in folder.rglob("*.py") if f"{call}(" in (text := path.read_text(encoding="utf-8"))]
    calls = (node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    keys = (node.args[:1] if call == "Simplification" else node.args for node in calls if _name(node) == call)
    return tuple(key.value for some in keys for key in some if isinstance(key, ast.Constant))


def _name(node: ast.Call) -> str:
    return getattr(node.func, "id", "")


def in_code() -> set[str]:
    return set(named(ROOT, "Simplification"))


def test_every_statement_has_its_test():
    tested = named(Path(__file__).parent, "holds")
    assert in_code() == set(tested)
    assert len(set(tested)) == len(tested) and len(in_code()) == len(named(ROOT, "Simplification"))


def test_every_statement_is_made_of_some_mission():
    """None is left over from a model that no flight has: the missions shipped, with and without what is uncertain."""
    missions = [uncertain(name) for name in ("shenzhou-20", "shenzhou-24-pakistan", "tianzhou-capture")]
    perfect = replace(of(exact(), Phasing), navigation=PERFECT)
    optimum = replace(of(exact(), AwaitLaunch), liftoff=None, bias=None)
    landing = of(exact(), Descent)
    exact_heights = replace(landing, ship=replace(landing.ship, landing=NO_LANDING))
    no_vehicle = declared(exact(), of(exact(), Docking), exact().scene.with_(docked={"a ship": "aft"}))
    found = (*map(keys_of, (*missions, exact())), declared(exact(), perfect), declared(exact(), optimum), no_vehicle)
    entering = of(exact(), Entry)
    all_known = replace(entering, ship=replace(entering.ship, entry=replace(entering.ship.entry, inertial=None)))
    found += (declared(exact(), exact_heights), declared(exact(), all_known))
    assert set().union(*found) == in_code()


def test_no_page_has_a_sentence_that_was_true_once():
    pages = (*ROOT.parent.glob("*.md"), *ROOT.parent.glob("docs/*.md"), *ROOT.glob("report/*.py"))
    texts = {path.name: " ".join(path.read_text(encoding="utf-8").replace('"', " ").split()) for path in pages}
    del texts["CHANGELOG.md"]  # of what was
    assert [(name, old) for name, text in texts.items() for old in ONCE_TRUE if old in text] == []


def test_a_flight_carries_the_statements_of_what_it_flew():
    flight = homecoming()
    phases = [leg.phase for leg in flight.legs]
    found = {one.key: names for one, names in flight.simplifications.items()}
    assert set(found["air.calm"]) == set(phases) - set(found["air.one_wind"]) and found["entry.inertial_unit"] == (
        "entry",
    )
    assert "near.camera" in found and "ascent.point" not in found
    rows = as_record(flight, {})["simplifications"]
    assert {row["key"]: tuple(row["phases"]) for row in rows} == found
    page = simple(SimpleNamespace(record=as_record(flight, {})))
    assert all(row["text"] in page.replace("&#x27;", "'") for row in rows)
    assert "In all phases:" in page and "In entry:" in page


def test_a_phase_that_fails_has_its_statements_too():
    mission, entry = exact(), of(exact(), Entry)
    with_ship = mission.scene.with_(flying={entry.ship_name: State(PLACE, SPEED, 3000.0, 5.0)})
    leg = fly(replace(mission, phases=(entry,), scene=with_ship)).legs[0]
    assert leg.status == "failed" and "entry.capsule" in {one.key for one in leg.simplifications}


# ---- the world


def pull(world: World, t: float, cda_m: float = 0.0, **changed) -> np.ndarray:
    out = np.empty(3)
    acceleration(t, PLACE, SPEED, world.forces._replace(**changed), cda_m, scratch(), out)
    return out


@holds("world.forces")
def test_the_field_is_the_one_of_the_text_and_stands_still_in_the_earth():
    """The same in Earth-fixed axes at any time: no tide; and no light."""
    world = exact().world
    field = next(one for one in world.simplified() if one.key == "world.forces")
    assert f"degree {world.forces.gravity.degree}." in field.text
    assert world.forces.radiation.on == 0
    fixed, found = world.ecef(0.0) @ PLACE, []
    for t in (0.0, 20000.0):
        out = np.empty(3)
        still = world.forces._replace(third_body=0, drag=0)
        acceleration(t, np.ascontiguousarray(world.ecef(t).T @ fixed), SPEED, still, 0.0, scratch(), out)
        found.append(world.ecef(t) @ out)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


@holds("world.known")
def test_planners_have_the_tables_that_are_flown_in():
    for mission in (exact(), uncertain()):
        true, known = mission.world.forces, mission.world.known().forces
        assert all(getattr(known, name) is getattr(true, name) for name in ("gravity", "orientation", "sun", "moon"))
        assert "world.known" in keys_of(mission)


def thickness(world: World, t: float, height: float = 390e3, latitude: float = 0.3) -> float:
    return world.forces.air.factor * density(t, height, latitude, 1.0, world.forces.air)


@holds("air.one_weather")
def test_the_forecast_is_the_same_from_day_to_day():
    known = uncertain().world.known()
    assert thickness(known, 0.0) == pytest.approx(thickness(known, 5.0 * DAY), rel=1e-12)
    other = replace(exact().world, forces=with_error(exact().world, 1.0, np.array([0.1, 0.2, 0.3])).forces)
    assert "air.one_weather" not in {one.key for one in other.simplified()}


@holds("air.known", "air.one_factor")
def test_the_air_is_known_where_that_is_declared_and_there_alone():
    sure, drawn = exact().world, uncertain().world
    assert "air.known" in keys_of(exact()) and "air.one_factor" not in keys_of(exact())
    assert sure.known().forces.air is sure.forces.air
    assert "air.known" not in keys_of(uncertain()) and "air.one_factor" in keys_of(uncertain())

    def error(t: float, *place: float) -> float:
        return thickness(drawn, t, *place) / thickness(drawn.known(), t, *place)

    assert error(DAY, 390e3, 0.3) == pytest.approx(error(DAY, 200e3, -0.6), rel=1e-9)
    assert error(DAY, 390e3, 0.3) != pytest.approx(error(4.0 * DAY, 390e3, 0.3), rel=1e-3)
    assert error(DAY, 20e3, 0.3) == pytest.approx(error(4.0 * DAY, 50e3, 0.3), rel=1e-12)
    assert error(DAY, 20e3, 0.3) != 1.0


@holds("air.calm", "craft.drag_area")
def test_drag_is_against_the_air_that_turns_with_the_earth_and_there_is_no_lift():
    """In orbit; and in a return without wind the speed through the air is that over the turning Earth."""
    world = exact().world
    flow = SPEED - np.cross(OMEGA_EARTH * world.true_of_date(100.0)[2], PLACE)
    drag = pull(world, 100.0, 0.01) - pull(world, 100.0, drag=0)
    np.testing.assert_allclose(drag / np.linalg.norm(drag), -flow / np.linalg.norm(flow), atol=1e-6)
    np.testing.assert_allclose(pull(world, 100.0, 0.02) - pull(world, 100.0, drag=0), 2.0 * drag, rtol=1e-6)
    mission = returning()
    back = replace(mission.world, wind=np.zeros((0, 3)))
    for kind, before in ((Entry, 3), (Descent, 4)):
        leg = of(mission, kind).fly(homecoming().legs[before].scene, back)
        path, record = next(iter(leg.trajectories.values())), leg.record
        assert isinstance(record, EntryRecord | DescentRecord)
        pole = back.true_of_date(path.start)[2]
        air = np.linalg.norm(path.v - np.cross(OMEGA_EARTH * pole, path.r), axis=1)
        history = record.entry
        np.testing.assert_allclose(air, history.speed_air_m_s, atol=1e-3)
