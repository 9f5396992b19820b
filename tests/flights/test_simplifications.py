"""Each statement of what is simple, or known exactly, held against the code: what is declared as exact is exact, and
what is not declared is not.

`HELD` has every key with its test; `test_every_statement_has_its_test` compares it with what `sim` declares.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import numpy as np
import pytest
from made_docking import around, docking, waiting

import sim
from kernels.ascent.ascent import IN_ORBIT
from kernels.ascent.guidance import navigated_state, sense
from kernels.ascent.launcher import EXIT, FLOW, THRUST
from kernels.ascent.steering import MODE, TABLE, open_loop_aim
from kernels.ascent.upfg import CLOCK, V_GO
from kernels.atmosphere.air import density
from kernels.constants import G0, OMEGA_EARTH
from kernels.craft.attitude import to_body
from kernels.docking import log
from kernels.docking.plan import STUCK_OFF
from kernels.entry.parachutes import chute_area
from kernels.orbit.forces import acceleration, scratch
from sim.ascent.steering import AscentSteering, steered, target
from sim.build.from_scenario import build_mission
from sim.core.flight import Flight, recorded
from sim.core.navigation_errors import EXACT, PERFECT
from sim.core.random_streams import RandomDraws
from sim.core.return_record import DescentRecord, EntryRecord
from sim.core.scene import ModelError, Scene, State
from sim.core.simplification import Simplification
from sim.docking.approach import Fault, built, nominal_mass, oscillation, setup
from sim.docking.contact import capture, ship_side, station_side, undock
from sim.docking.run import DockingRun, fly_path, inbound_path
from sim.environment.density_error import with_error
from sim.environment.world import World
from sim.export.record import as_record
from sim.mission import Mission, Phase, fly
from sim.orbit.plane_crossing import nearest_crossing
from sim.orbit.propagate import fly as fly_orbit
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.docked import Docked
from sim.phases.docking import Docking
from sim.phases.entry import Entry
from sim.phases.phasing import Phasing
from sim.phases.transfer import Transfer
from sim.report.basis import simple
from sim.scenario import load

P = TypeVar("P")
ROOT = Path(sim.__file__).resolve().parent
HELD: dict[str, str] = {}
DAY = 86400.0
PLACE = np.array([-6.7e6, 0.4e6, 0.9e6])  # m, some place in orbit
SPEED = np.array([-1.2e3, -5.6e3, -5.0e3])
SIZES = ("position", "velocity")


def holds(*keys: str) -> Callable:
    """Names the statements that a test holds against the code."""

    def named(test: Callable) -> Callable:
        HELD.update(dict.fromkeys(keys, test.__name__))
        return test

    return named


@cache
def exact() -> Mission:
    """A mission with a lift-off that is given, and of which all is known exactly."""
    return build_mission(load("shenzhou-20", ["uncertainty="]))


@cache
def uncertain(name: str = "shenzhou-20") -> Mission:
    return build_mission(load(name))


@cache
def homecoming() -> Flight:
    """The mission that only returns, of which all is known exactly."""
    return fly(build_mission(load("return-only")))


def of(mission: Mission, kind: type[P]) -> P:
    return next(phase for phase in mission.phases if isinstance(phase, kind))


def declared(mission: Mission, phase: Phase, scene: Scene | None = None) -> set[str]:
    stated = (*mission.world.simplified(), *phase.simplified(scene or mission.scene, mission.world))
    return {one.key for one in stated}


def by_phase(mission: Mission) -> dict[str, set[str]]:
    return {phase.name: declared(mission, phase) for phase in mission.phases}


def keys_of(mission: Mission) -> set[str]:
    return set().union(*by_phase(mission).values())


# ---- the list


def in_code() -> set[str]:
    """The keys of all statements in `sim`."""
    return {
        node.args[0].value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Simplification"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_statement_has_its_test():
    assert in_code() == set(HELD)


def test_every_statement_is_made_of_some_mission():
    """None is left over from a model that no flight has: the missions shipped, with and without what is uncertain."""
    missions = [uncertain(name) for name in ("shenzhou-20", "shenzhou-24-pakistan", "port-relocation")]
    perfect = replace(of(exact(), Phasing), navigation=PERFECT)
    assert set().union(*map(keys_of, (*missions, exact())), declared(exact(), perfect)) == in_code()


def test_a_flight_carries_the_statements_of_what_it_flew():
    flight = homecoming()
    phases = [leg.phase for leg in flight.legs]
    found = {one.key: names for one, names in flight.simplifications.items()}
    assert found["air.calm"] == tuple(phases) and found["entry.state_known"] == ("entry",)
    assert "near.camera" not in found and "ascent.point" not in found
    rows = as_record(flight, {})["simplifications"]
    assert {row["key"]: tuple(row["phases"]) for row in rows} == found
    page = simple(SimpleNamespace(record=as_record(flight, {})))
    assert all(row["text"] in page.replace("&#x27;", "'") for row in rows)
    assert "In all phases:" in page and "In entry:" in page


def test_a_phase_that_fails_has_its_statements_too():
    mission = uncertain("port-relocation")
    entry = of(exact(), Entry)
    with_ship = mission.scene.with_(flying={entry.ship_name: State(PLACE, SPEED, 3000.0, 5.0)})
    leg = fly(replace(mission, phases=(entry,), scene=with_ship)).legs[0]
    assert leg.status == "failed" and "entry.mass_known" in {one.key for one in leg.simplifications}


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
    """In orbit; and in the return the speed through the air is that over the turning Earth."""
    world = exact().world
    flow = SPEED - np.cross(OMEGA_EARTH * world.true_of_date(100.0)[2], PLACE)
    drag = pull(world, 100.0, 0.01) - pull(world, 100.0, drag=0)
    np.testing.assert_allclose(drag / np.linalg.norm(drag), -flow / np.linalg.norm(flow), atol=1e-6)
    np.testing.assert_allclose(pull(world, 100.0, 0.02) - pull(world, 100.0, drag=0), 2.0 * drag, rtol=1e-6)
    back = build_mission(load("return-only")).world
    for leg in homecoming().legs[-2:]:
        path, record = next(iter(leg.trajectories.values())), leg.record
        assert isinstance(record, EntryRecord | DescentRecord)
        pole = back.true_of_date(path.start)[2]
        air = np.linalg.norm(path.v - np.cross(OMEGA_EARTH * pole, path.r), axis=1)
        history = record.entry if isinstance(record, EntryRecord) else record.descent
        np.testing.assert_allclose(air, history.speed_air_m_s, atol=1e-3)


# ---- craft, tracking and burns


def homing_scene() -> tuple[Transfer, Scene]:
    transfer = next(p for p in exact().phases if isinstance(p, Transfer))
    scene = around(docking(), np.array([-30e3, 0.0, 10e3]))
    return transfer, scene


@holds("craft.point")
def test_an_attitude_changes_nothing_far_from_the_station():
    transfer, scene = homing_scene()
    turned = scene.with_(attitudes={transfer.ship: np.array([0.6, 0.0, 0.0, 0.8, 0.1, 0.0, 0.0])})
    ends = [transfer.fly(s, exact().world).scene.flying[transfer.ship].r for s in (scene, turned)]
    np.testing.assert_array_equal(*ends)
    near = {phase.name: "craft.point" in declared(exact(), phase) for phase in exact().phases}
    assert not near["docking"] and not near["fly_around"] and near["homing"] and near["phasing"]


@holds("craft.model_known", "craft.burnt_known")
def test_masses_and_drag_areas_are_known_where_that_is_declared_and_there_alone():
    for mission, known in ((exact(), True), (uncertain(), False)):
        phase, scene = of(mission, Phasing), mission.scene
        assert ("craft.model_known" in declared(mission, phase)) == known
        station, error = scene.flying[phase.station], scene.model_error(phase.station)
        fix = phase.navigation.fix(station, station, RandomDraws(1).stream("test"), 0, (error, error))[0]
        found = of(mission, AwaitLaunch).ground.fix(station, error, "test", 0)
        assert (fix.mass == station.mass and fix.cda == station.cda) == known
        assert found.mass == fix.mass and found.cda == fix.cda
        burnt = replace(station, mass=station.mass - 500.0)
        after = of(mission, AwaitLaunch).ground.fix(burnt, error, "test", 0)
        assert after.mass / found.mass == pytest.approx(burnt.mass / station.mass, rel=1e-12)


def errors_of(fixes: list[State], true: State) -> np.ndarray:
    return np.array([np.concatenate([fix.r - true.r, fix.v - true.v]) for fix in fixes])


def without_correlation(errors: np.ndarray) -> bool:
    """No axis with another, and no fix with the next: of some hundreds within five sigma."""
    rows = np.hstack([errors[:-1], errors[1:]])
    between = np.corrcoef((rows / rows.std(axis=0)).T) - np.eye(rows.shape[1])
    return bool(np.abs(between).max() < 5.0 / math.sqrt(len(rows)))


@holds("navigation.exact", "navigation.independent", "navigation.always")
def test_fixes_on_board_are_exact_where_that_is_declared_and_there_alone():
    phase, station = of(exact(), Phasing), exact().scene.flying["tiangong"]
    stream = RandomDraws(1).stream("test")
    sure = replace(phase, navigation=PERFECT)
    assert "navigation.exact" in declared(exact(), sure) and "navigation.independent" not in declared(exact(), sure)
    np.testing.assert_array_equal(sure.navigation.fix(station, station, stream, 0)[0].r, station.r)
    assert "navigation.exact" not in declared(exact(), phase)
    beyond = replace(station, r=-station.r, v=-station.v)  # the Earth is between the two
    fixes = [phase.navigation.fix(station, beyond, stream, i) for i in range(400)]
    assert all(np.isfinite(fix.r).all() for pair in fixes for fix in pair)
    found = errors_of([fix for fix, _ in fixes], station)
    assert found.std() > 0.0 and without_correlation(_in_lvlh(found, station))


def _in_lvlh(errors: np.ndarray, at: State) -> np.ndarray:
    """Place and speed errors on axes of the orbit; those of the speed without what its turning axes bring."""
    z, y = -at.r / np.linalg.norm(at.r), -np.cross(at.r, at.v) / np.linalg.norm(np.cross(at.r, at.v))
    axes = np.array([np.cross(y, z), y, z])
    n = np.cross(at.r, at.v) / (at.r @ at.r)
    place = errors[:, :3]
    return np.hstack([place @ axes.T, (errors[:, 3:] - np.cross(n, place)) @ axes.T])


@holds("tracking.exact", "tracking.independent")
def test_fixes_from_the_ground_are_exact_where_that_is_declared_and_there_alone():
    station = exact().scene.flying["tiangong"]
    for mission, known in ((exact(), True), (uncertain(), False)):
        for kind in (AwaitLaunch, Ascent, Docked, Deorbit):
            phase = of(mission, kind)
            assert ("tracking.exact" in declared(mission, phase)) == known
            assert ("tracking.independent" in declared(mission, phase)) != known
            assert np.array_equal(phase.ground.fix(station, ModelError(), "test", 0).r, station.r) == known
    ground = of(uncertain(), AwaitLaunch).ground
    found = errors_of([ground.fix(station, ModelError(), "test", i) for i in range(400)], station)
    assert without_correlation(_in_lvlh(found, station))


@holds("tracking.drag_apart")
def test_a_drag_area_that_is_another_does_not_change_the_forecast():
    mission, phase = uncertain(), of(uncertain(), AwaitLaunch)
    state, changes = mission.scene.flying["tiangong"], []
    for factor in (1.0, 1.2):
        scene = mission.scene.with_(model_errors={"tiangong": ModelError(1.0, factor)})
        true = replace(state, cda=state.cda * factor)
        changes.append(phase._tracked(true, DAY, 0, scene, mission.world)[1].forces.air.change)
    np.testing.assert_array_equal(*changes)
    assert "tracking.drag_apart" not in keys_of(exact())


@holds("burns.exact", "burns.on_time")
def test_burns_are_exact_where_that_is_declared_and_there_alone():
    command, stream = np.array([1000.0, 3.0, 0.0, -1.0]), RandomDraws(1).stream("test")
    for phase in (of(exact(), AwaitLaunch), of(uncertain(), AwaitLaunch), of(exact(), Deorbit), of(exact(), Phasing)):
        sure = "burns.exact" in declared(exact(), phase)
        flown = np.array([phase.execution.flown(command, stream, i) for i in range(300)])
        assert sure == (phase.execution == EXACT) == np.array_equal(flown[0], command)
        assert (flown[:, 0] == command[0]).all()
        if not sure:
            size = np.linalg.norm(flown[:, 1:], axis=1)
            assert size.std() > 0.0 and abs(np.corrcoef(size[:-1], size[1:])[0, 1]) < 5.0 / math.sqrt(300)
    assert "burns.exact" in declared(exact(), of(exact(), AwaitLaunch))


# ---- launch and ascent


@holds("launch.given", "launch.bias")
def test_the_lift_off_is_the_files_or_follows_the_plane():
    given, planned = of(uncertain(), AwaitLaunch), of(uncertain("shenzhou-24-pakistan"), AwaitLaunch)
    mission = uncertain("shenzhou-24-pakistan")
    known = mission.world.known()
    path = fly_orbit(mission.scene.flying["tiangong"], 0.0, DAY, known)
    crossing = nearest_crossing(path, planned.site, known, 0.5 * DAY)
    window = SimpleNamespace(crossing=crossing)
    assert given._liftoff(path, window, known) == given.liftoff
    assert planned._liftoff(path, window, known) == pytest.approx(crossing + planned.bias, abs=1e-3)
    assert "launch.given" in declared(uncertain(), given) and "launch.bias" not in declared(uncertain(), given)
    text = next(one.text for one in planned.simplified(mission.scene, mission.world) if one.key == "launch.bias")
    assert f"is {planned.bias:g} s after" in text and "launch.given" not in declared(mission, planned)


@dataclass(frozen=True)
class Climb:
    """The ascent of a nominal rocket along a gravity turn, its first rows, and its phase."""

    phase: Ascent
    nodes: np.ndarray
    extras: np.ndarray


@cache
def climb() -> Climb:
    phase, world = of(exact(), Ascent), exact().world
    t0 = of(exact(), AwaitLaunch).span[0]
    r, _ = world.site_eci(phase.site, t0)
    heading = np.array([-r[1], r[0], 0.0]) / math.hypot(r[0], r[1])  # eastward
    normal = np.cross(r, heading) / np.linalg.norm(np.cross(r, heading))
    aim = target(t0, phase.site, normal, phase.perigee, phase.apogee, world.known())
    steering = AscentSteering(math.radians(0.605), math.radians(95.0), np.zeros((0, 2)), 0)
    record = phase.launcher.record._replace(payload=float(phase.ship.mass))
    flown = steered(record, aim, steering, world.forces._replace(drag=0))
    assert flown.status == IN_ORBIT
    return Climb(phase, flown.nodes, flown.extras)


@holds("ascent.point")
def test_the_launcher_is_a_point_with_all_its_thrust_from_the_first_instant():
    """On the pad: full thrust, straight up. In the rise: what is left of the force is drag, along the flow."""
    flown, world = climb(), exact().world
    engines, node = flown.phase.launcher.record.phases[0], flown.nodes[0]
    free, up = np.empty(3), np.empty(3)
    still = world.forces._replace(drag=0)
    acceleration(node[0], node[1:4].copy(), node[4:7].copy(), still, 0.0, scratch(), free)
    push = node[10] * (node[7:10] - free)
    pressure = (engines[THRUST] - np.linalg.norm(push)) / engines[EXIT]
    assert 0.87e5 < pressure < 0.92e5  # Pa: of the standard air at the pad's 1073 m
    assert np.linalg.norm(push) == pytest.approx(flown.extras[0, 2] * node[10] * G0, rel=1e-9)
    latitude, longitude, _ = (math.radians(x[0]) for x in world.geodetic(node[0], node[1:4])[:2] + (np.zeros(1),))
    up = world.ecef(node[0]).T @ [
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    ]
    assert push @ up == pytest.approx(np.linalg.norm(push), rel=1e-9)


@holds("ascent.speed_known")
def test_the_programme_follows_the_true_speed_through_the_air_at_once():
    programme, pole = np.array([[0.0, 0.0], [1000.0, 1.0]]), np.array([0.0, 0.0, 1.0])
    steering, aim, angles = np.zeros(13), np.empty(3), []
    steering[MODE], steering[4:7] = TABLE, (0.0, 1.0, 0.0)
    r = np.array([6.4e6, 0.0, 0.0])
    for speed in (500.0, 500.001):
        open_loop_aim(0.0, r, np.array([speed, 0.0, 0.0]), speed, pole, steering, programme, aim)
        angles.append(math.acos(aim[0]))
        assert aim[1] == 0.0  # in one plane
    assert angles[0] == pytest.approx(0.5, abs=1e-9) and angles[1] - angles[0] == pytest.approx(1e-6, rel=1e-3)


@holds("ascent.acceleration_known")
def test_the_upper_stage_measures_what_its_engines_give():
    engines = climb().phase.launcher.record.phases[-1]
    y, memory = np.zeros(7), np.zeros((7, 3))
    y[6] = 12000.0
    memory[V_GO, 0], memory[CLOCK, 0] = 100.0, 50.0
    sense(2.0, y, engines, np.array([1.0, 0.0, 0.0]), memory)
    exhaust = engines[THRUST] / engines[FLOW]
    gained = exhaust * math.log((12000.0 + 2.0 * engines[FLOW]) / 12000.0)
    assert memory[V_GO, 0] == pytest.approx(100.0 - gained, rel=1e-12)


@holds("ascent.wind", "ascent.navigation_exact", "ascent.navigation_offset", "ascent.rocket_known")
def test_what_the_ascent_knows_is_declared_and_nothing_else():
    sure, drawn = of(exact(), Ascent), of(uncertain(), Ascent)
    found = declared(exact(), sure), declared(uncertain(), drawn)
    y, normal = np.array([6.6e6, 0.0, 0.0, 0.0, 7.8e3, 0.0, 1e4]), np.array([0.0, 0.0, 1.0])
    for keys, phase in zip(found, (sure, drawn), strict=True):
        record = phase.launcher.record
        r, v = navigated_state(y, normal, record.navigation)
        known = np.array_equal(r, y[:3]) and np.array_equal(v, y[3:6])
        assert ("ascent.navigation_exact" in keys) == known != ("ascent.navigation_offset" in keys)
        assert ("ascent.wind" in keys) == (len(record.wind) > 0) != ("air.calm" in keys)
        assert ("ascent.rocket_known" in keys) == (phase.modelled.record is record)
    assert "ascent.rocket_known" in found[0] and "ascent.wind" in found[1]
    assert drawn.launcher.record.navigation.shape == (6,)  # one error for the whole flight
    assert drawn.launcher.record.wind.shape[1] == 3  # height, east, north: nothing of time or place


# ---- near the station


def begun(scene: Scene | None = None, changed: dict | None = None, world: World | None = None) -> DockingRun:
    """A second of the final approach from 30 m."""
    phase = docking(**(changed or {}))
    approach = replace(phase.approach, control=replace(phase.approach.control, limit=1.0))
    path = inbound_path(approach, (30.0, 19.0), (0.0, 0.0))
    return fly_path(approach, path, scene or waiting(phase, 30.0), world or exact().world, "docking")


def record_of(scene: Scene, propellant: float):
    approach = docking().approach
    path = inbound_path(approach, (30.0,), (0.0,))
    mass = scene.flying[approach.ship_name].mass
    return setup(approach, path, mass, scene.flying["tiangong"].mass, propellant)


@holds("near.rigid")
def test_centre_of_mass_and_inertia_stay_while_the_tanks_empty():
    full, low = (record_of(waiting(docking(), 30.0), kg) for kg in (700.0, 10.0))
    np.testing.assert_array_equal(full.craft.inertia, low.craft.inertia)
    np.testing.assert_array_equal(full.thrusters.wrench, low.thrusters.wrench)
    np.testing.assert_array_equal(full.geometry.ring, low.geometry.ring)
    assert full.mass != low.mass


def turning() -> Scene:
    """The scene with a ship that turns at 0.2 deg/s about its y, which the control has to stop."""
    scene, first = waiting(docking(), 30.0), begun()
    attitude = first.state[6:13] + [0.0, 0.0, 0.0, 0.0, 0.0, math.radians(0.2), 0.0]
    return scene.with_(attitudes={docking().approach.ship_name: attitude})


@holds("near.inertia_known")
def test_another_inertia_is_commanded_for_at_once():
    ship, scene = docking().approach.ship, turning()
    heavy = replace(ship, inertia=1.3 * ship.inertia)
    plain, other = (begun(scene, {"ship": craft}) for craft in (ship, heavy))
    assert plain.on[0].sum() > 0.0 and not np.array_equal(plain.on[0], other.on[0])


@holds("near.thrust", "near.healthy")
def test_a_pulse_is_full_thrust_from_end_to_end_and_a_thruster_fails_only_where_that_is_declared():
    """What a thruster gave, as the difference to the same second with that thruster stuck: thrust times time."""
    scene, approach = turning(), docking().approach
    assert "near.healthy" in declared(exact(), docking())
    flown = begun(scene)
    j = int(np.argmax(flown.on[0]))
    fault = Fault("a thruster that does not open", STUCK_OFF, within=1e6, which=j)
    stuck = begun(scene, {"faults": (fault,)})
    assert "near.healthy" not in declared(exact(), docking(faults=(fault,)))
    assert len(stuck.marks) > len(flown.marks) == 0
    gained = (flown.ship.v[1] - stuck.ship.v[1]) * 7900.0
    thrust = float(np.linalg.norm(built(approach).force[j])) * flown.on[0, j]
    assert np.linalg.norm(gained) == pytest.approx(thrust, rel=1e-3)  # the mass that is burnt


@holds("near.sensors", "near.axes_known")
def test_without_noise_the_first_estimate_is_the_truth():
    """Through the axes of LVLH, since no satellite navigation measures in them: they have no error of their own."""

    def quiet(instrument):
        return instrument._replace(sigma=1e-9 * instrument.sigma)

    ship = docking().approach.ship
    suite = ship.sensors
    silent = suite._replace(
        gnss=suite.gnss._replace(nearest=1e9, farthest=2e9),
        radar=quiet(suite.radar),
        lidar=quiet(suite.lidar),
        camera=quiet(suite.camera),
        tracker=1e-9 * suite.tracker,
    )
    first = begun(changed={"ship": replace(ship, sensors=silent)}).log[0]
    station = docking().approach.station
    still = replace(station, oscillation=replace(station.oscillation, amplitude=np.zeros(3)))
    first = begun(changed={"ship": replace(ship, sensors=silent), "station": still}).log[0]
    noisy = begun(changed={"station": still}).log[0]
    for column, small in ((log.PLACE_ERROR, 1e-6), (log.TURN_ERROR, 1e-9)):
        assert np.abs(first[column : column + 3]).max() < small < np.abs(noisy[column : column + 3]).max()


@holds("near.camera")
def test_the_camera_sees_the_same_with_the_sun_anywhere():
    forces = exact().world.forces._replace(third_body=0, drag=0)
    worlds = [
        replace(exact().world, forces=forces._replace(sun=forces.sun._replace(coeffs=sign * forces.sun.coeffs)))
        for sign in (1.0, -1.0)
    ]
    np.testing.assert_array_equal(*(begun(world=world).log for world in worlds))


@holds("near.station_fixed", "near.station_unmoved", "near.oscillation")
def test_the_station_is_where_its_file_puts_it_and_turns_by_its_sines():
    phase = docking()
    approach, scene = phase.approach, turning()
    flown, alone = begun(scene), begun(scene.with_(docked={}, ships={}))
    np.testing.assert_array_equal(flown.log, alone.log)
    free = fly_orbit(scene.flying["tiangong"], scene.t, scene.t + 60.0, exact().world)
    for moved, true in zip(flown.station.at(flown.t)[:2], free.at(flown.t)[:2], strict=True):
        np.testing.assert_allclose(moved, true, rtol=1e-12)
    own, t = oscillation(approach), flown.log[:, :1]
    sines = own.amplitude * np.sin(2.0 * math.pi * t / own.period + own.phase)
    np.testing.assert_allclose(flown.log[:, log.STATION : log.STATION + 3], sines, atol=1e-12)


@holds("near.mass_known")
def test_the_mass_to_steer_by_is_the_true_one_where_that_is_declared_and_there_alone():
    phase = docking()
    scene = waiting(phase, 30.0)
    name, model = phase.approach.ship_name, phase.approach.ship
    nominal = nominal_mass(model, 700.0)
    for factor in (1.0, 1.003):
        ship = replace(scene.flying[name], mass=factor * nominal)
        there = scene.with_(flying={**scene.flying, name: ship})
        assert (record_of(there, 700.0).mass == ship.mass) == (factor == 1.0)
        assert ("near.mass_known" in declared(exact(), phase, there)) == (factor == 1.0)
    assert "near.mass_known" in by_phase(exact())["docking"] and "near.mass_known" not in by_phase(uncertain())["docking"]


@holds("contact.springs")
def test_capture_is_the_same_anywhere_in_space_and_linear():
    """No gravity: moved by a thousand kilometres nothing changes. Springs and dampers are linear: twice the speed is
    twice the force, but for what the turned rings change."""
    approach = docking().approach
    mechanism, mass = approach.ship.docking, 7900.0
    sides = ship_side(approach.ship, mass, mechanism.reach), station_side(approach.port, 87e3, approach.station.inertia)

    def force(speed: float, offset: float = 0.0) -> float:
        pair, axes = np.zeros(28), np.empty((3, 3))
        pair[6:10] = begun().state[6:10]
        pair[22] = 1.0
        from kernels.craft.attitude import from_matrix
        from sim.docking.contact import docking_frame

        from_matrix(docking_frame(approach.port), pair[6:10])
        to_body(pair[6:10], axes)
        pair[0:3] = approach.port.position + mechanism.reach * approach.port.axis
        pair[3:6] = -speed * approach.port.axis
        pair[0:3] += offset
        pair[13:16] += offset
        result = capture(pair, 0.0, *sides, mechanism, "test", brief=True)
        assert result.captured and result.capture is not None
        return result.capture.most_force_n

    assert force(0.09, 1e6) == pytest.approx(force(0.09), rel=1e-6)
    assert force(0.18) == pytest.approx(2.0 * force(0.09), rel=2e-2)
    assert "contact.springs" in declared(exact(), of(exact(), Docking))


@holds("contact.push")
def test_the_push_off_has_its_speed_whatever_the_ship_weighs():
    phase = of(exact(), Departure)
    port = next(iter(phase.ports.values()))
    speeds = [
        float(undock(phase.ship, mass, phase.inertia, 87e3, port, 1.1e-3, 0.0).velocity @ port.axis)
        for mass in (7900.0, 7900.0, 8300.0)
    ]
    assert speeds[0] == speeds[1] == pytest.approx(phase.ship.docking.push_off, rel=0.01)
    assert speeds[2] == pytest.approx(speeds[0], rel=1e-3)


@holds("zones.assumed")
def test_zones_and_hold_times_have_no_source_but_an_assumption():
    sources = {s.key: s for s in load("shenzhou-20").sources if "profiles" in s.file}
    for key in ("safety.keep_out_radius_m", "safety.ellipsoid_km", "safety.corridor_half_angle_deg"):
        assert sources[key].assumed and "ISS" in sources[key].text
    assert sources["homing.hold_s"].assumed and sources["final.near_hold_s"].assumed


# ---- the stay and the return


@holds("docked.no_reboost")
def test_nothing_raises_the_station_during_a_stay():
    leg = homecoming().legs[0]
    path = leg.trajectories["tiangong"]
    assert isinstance(of(build_mission(load("return-only")), Docked), Docked) and leg.phase == "docked"
    assert np.ptp(path.mass) == 0.0
    free = fly_orbit(build_mission(load("return-only")).scene.flying["tiangong"], leg.start, leg.end, exact().world)
    assert len(free.t) > 0


@holds("departure.clock")
def test_the_burns_of_the_departure_come_out_exactly_at_their_seconds():
    mission = build_mission(load("return-only"))
    phase, leg = of(mission, Departure), homecoming().legs[1]
    down, back = (e for e in leg.events if e.name == "separation_burn")
    assert down.t == leg.start + phase.first_burn
    assert (down.values["delta_v_m_s"], back.values["delta_v_m_s"]) == (phase.down, phase.back)
    mass = leg.trajectories[phase.ship_name].mass
    exhaust = G0 * phase.ship.translation.isp
    assert mass[-1] == pytest.approx(mass[0] * math.exp(-(phase.down + phase.back) / exhaust), rel=1e-9)


@holds("deorbit.separations")
def test_modules_separate_without_a_push_and_at_their_height():
    mission = build_mission(load("return-only"))
    leg, phase = homecoming().legs[2], of(mission, Deorbit)
    path = leg.trajectories[phase.ship_name]
    for name in ("orbital_module_separation", "service_module_separation"):
        t = next(e.t for e in leg.events if e.name == name)
        (_, v0, _), (_, v1, _) = path.at(t - 0.01), path.at(t + 0.01)
        assert np.linalg.norm(v1 - v0) < 0.02 * 10.0  # gravity alone
    height = mission.world.geodetic(t, path.at(t)[0])[2][0]
    assert height == pytest.approx(phase.separation_altitude, abs=0.01)


def half_way(lift: float = 1.0, drag: float = 1.0, **moved: float) -> tuple[Entry, np.ndarray]:
    """The entry flown on from where there is air to steer by: the phase, and the bank angles of its first seconds."""
    mission = build_mission(load("return-only"))
    phase, leg = replace(of(mission, Entry), lift=lift, drag=drag), homecoming().legs[3]
    path, history = leg.trajectories[phase.ship_name], recorded(leg, EntryRecord).entry
    i = int(np.argmax(history.load_g > 0.5))
    along = path.v[i] / np.linalg.norm(path.v[i])
    ship = State(path.r[i] + moved.get("place", 0.0) * along, path.v[i] + moved.get("speed", 0.0) * along, 0.0, 0.0)
    ship = replace(ship, mass=float(path.mass[i]) * moved.get("mass", 1.0))
    scene = Scene(float(path.t[i]), {phase.ship_name: ship}, {}, {}, {}, ())
    flown = phase.fly(scene, mission.world)
    return phase, recorded(flown, EntryRecord).entry.bank_deg[:8]


@holds("entry.state_known", "entry.mass_known", "entry.capsule_known")
def test_what_the_entry_guidance_knows_is_declared_and_nothing_else():
    """Another place, speed or mass is steered for within the first four seconds, before any of it could show. Another
    lift is not known, and is not declared as known."""
    phase, plain = half_way()
    assert {"entry.state_known", "entry.mass_known", "entry.capsule_known"} <= declared(exact(), phase)
    assert np.array_equal(half_way()[1], plain)
    for moved in ({"place": 10.0}, {"speed": 0.1}, {"mass": 1.001}):
        assert not np.array_equal(half_way(**moved)[1][:2], plain[:2]), moved
    other, bank = half_way(lift=1.05)
    assert "entry.capsule_known" not in declared(exact(), other)
    assert np.array_equal(bank[:2], plain[:2])


@holds("entry.capsule")
def test_the_capsule_has_one_drag_and_one_lift_and_follows_its_bank_command():
    mission = build_mission(load("return-only"))
    phase, leg = of(mission, Entry), homecoming().legs[3]
    history, path = recorded(leg, EntryRecord).entry, leg.trajectories[phase.ship_name]
    capsule = phase.ship.lander
    thick = history.dynamic_pressure_pa > 1.0
    area = G0 * history.load_g[thick] * path.mass[thick] / history.dynamic_pressure_pa[thick]
    np.testing.assert_allclose(area, math.hypot(capsule.cda, capsule.cla), rtol=1e-9)
    assert np.ptp(path.mass) == 0.0
    assert np.abs(np.diff(np.radians(history.bank_deg))).max() <= capsule.bank_rate * 0.5 * (1.0 + 1e-9)


@holds("descent.canopies", "descent.heights_known")
def test_canopies_are_areas_in_time_and_heights_are_exact():
    mission = build_mission(load("return-only"))
    leg, ship = homecoming().legs[4], of(mission, Entry).ship
    history, path = recorded(leg, DescentRecord).descent, leg.trajectories[of(mission, Entry).ship_name]
    events = {e.name: e for e in leg.events}
    before = history.t_s < events["retro_fire"].t - 1.0
    area = G0 * history.load_g * path.mass / history.dynamic_pressure_pa
    steady = before & (np.append(np.diff(history.t_s) > 0.0, True)) & (np.insert(np.diff(history.t_s) > 0.0, 0, True))
    planned = np.array([chute_area(t - leg.start, ship.chutes)[0] for t in history.t_s[steady]])
    np.testing.assert_allclose(area[steady], planned, rtol=1e-6)
    assert history.altitude_km[0] == pytest.approx(ship.opening_altitude / 1e3, abs=2e-5)
    step = 1e-3 * 0.05 * 12.0  # km that it sinks in a step, at most
    shield = events["heat_shield_jettison"].values["altitude_km"]
    assert 0.0 <= ship.chutes.shield_altitude / 1e3 - shield < step
    fired = events["retro_fire"].values["altitude_km"] - 1e-3 * of(mission, Entry).site.height
    assert 0.0 <= 1e-3 * ship.chutes.retro_height - fired < step
