"""What is declared of craft that are points, of tracking from the ground, of navigation on board, and of burns."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_docking import around, docking
from statements import declared, exact, holds, homecoming, keys_of, of, returning, uncertain

from kernels.constants import G0
from sim.core.navigation_errors import EXACT, PERFECT
from sim.core.random_streams import RandomDraws
from sim.core.scene import ModelError, Scene, State
from sim.orbit.tracking import links
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.docked import Docked
from sim.phases.docking import Docking
from sim.phases.phasing import Phasing
from sim.phases.transfer import Transfer

DAY = 86400.0


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


@holds("burns.engines")
def test_the_large_engines_are_those_of_their_files():
    """Also where all else is drawn; and the propellant of a burn is the rocket equation's."""
    for kind in (Deorbit, Departure):
        sure, drawn = (of(mission, kind) for mission in (exact(), uncertain()))
        assert (sure.ship.main, sure.ship.translation) == (drawn.ship.main, drawn.ship.translation)
        if kind is Departure:
            assert "burns.engines" in declared(uncertain(), drawn)
        else:
            same = replace(drawn, ship=replace(drawn.ship, deorbit=replace(drawn.ship.deorbit, thrust_spread=0.0)))
            assert "burns.engines" in declared(uncertain(), same) - declared(uncertain(), drawn)
    assert of(exact(), AwaitLaunch).engine == of(uncertain(), AwaitLaunch).engine
    leg, phase = homecoming().legs[2], of(returning(), Deorbit)
    before, end = (next(e for e in leg.events if e.name == f"deorbit_burn_{when}").values for when in ("start", "end"))
    burnt = 1.0 - math.exp(-float(end["delta_v_m_s"]) / (G0 * phase.ship.main.isp))
    assert end["propellant_kg"] == pytest.approx(float(before["mass_kg"]) * burnt, rel=1e-4)


@holds("links.always")
def test_a_link_depends_on_the_place_over_the_earth_alone():
    world, seen = exact().world, links()
    np.testing.assert_allclose(seen.relays[:, 2], 0.0, atol=1.0)
    fixed = 6.77e6 * np.array([math.cos(1.2), math.sin(1.2), 0.0])
    at = {t: seen.through(np.array([world.ecef(t).T @ fixed]), np.array([t]), world) for t in (0.0, 40000.0, 5.0 * DAY)}
    assert len(set(at.values())) == 1 and at[0.0] is not None
    assert "links.always" in declared(exact(), of(exact(), Phasing))
    judged = of(exact(), Docking)  # by the links of its last hour too
    assert judged.conditions is not None
    np.testing.assert_array_equal(judged.conditions.seen_by.relays, seen.relays)
    assert "links.always" in declared(exact(), judged)
    assert "links.always" not in declared(exact(), replace(judged, conditions=None))
