"""What is declared of the lift-off and of the ascent."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from statements import declared, exact, holds, of, uncertain

from kernels.ascent.ascent import IN_ORBIT
from kernels.ascent.guidance import navigated_state, sense
from kernels.ascent.launcher import EXIT, FLOW, THRUST
from kernels.ascent.steering import MODE, TABLE, open_loop_aim
from kernels.ascent.upfg import CLOCK, V_GO
from kernels.constants import G0
from kernels.orbit.forces import acceleration, scratch
from sim.ascent.optimum import Ascents, best_offset
from sim.ascent.steering import AscentSteering, steered, target
from sim.core.scene import as_planned
from sim.orbit.plane_crossing import crossings, planes_over
from sim.orbit.propagate import fly as fly_orbit
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch

DAY = 86400.0


@holds("launch.given", "launch.bias")
def test_the_lift_off_is_the_files_or_follows_the_plane():
    given, planned = of(uncertain(), AwaitLaunch), of(uncertain("shenzhou-24-pakistan"), AwaitLaunch)
    mission = uncertain("shenzhou-24-pakistan")
    known = mission.world.known()
    path = fly_orbit(mission.scene.flying["tiangong"], 0.0, DAY, known)
    crossing = crossings(path, planned.site, known, 0.0, DAY, planned.branch)[0]
    window = SimpleNamespace(crossing=crossing)
    assert given._liftoff(path, window, known) == given.liftoff
    assert planned._liftoff(path, window, known) == pytest.approx(crossing + planned.bias, abs=1e-3)
    assert "launch.given" in declared(uncertain(), given) and "launch.bias" not in declared(uncertain(), given)
    texts = [
        next(one.text for one in phase.simplified(mission.scene, mission.world) if one.key == "launch.bias")
        for phase in (planned, replace(planned, bias=0.0))
    ]
    assert f"planned {planned.bias:g} s after" in texts[0] and "empirical" not in texts[1]
    assert "launch.given" not in declared(mission, planned)


@holds("launch.optimum")
def test_a_lift_off_without_a_bias_leaves_most_propellant():
    """From the optimum on both sides less is left; the aim is the nominal ascent's own."""
    mission = exact()
    phase = replace(of(mission, AwaitLaunch), liftoff=None, bias=None, ascent=of(mission, Ascent))
    assert "launch.optimum" in declared(mission, phase)
    world = mission.world.known()
    station = as_planned(mission.scene.flying["tiangong"])
    path = fly_orbit(station, 0.0, 2.0 * DAY, world)
    near = planes_over(path, phase.site, world, 0.0, path.end - 7200.0, (phase.branch,))[0]
    ascents = Ascents(of(mission, Ascent), station, path, world)
    best = best_offset(ascents, near)
    steering = ascents.solved(ascents.aim(near.t + best))
    left = [ascents.reaimed(ascents.aim(near.t + best + dt), steering)[0] for dt in (-240.0, 0.0, 240.0)]
    assert left[1] > max(left[0], left[2])


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
    """On the pad: all the force beside gravity is the full thrust, straight up."""
    flown, world, free = climb(), exact().world, np.empty(3)
    engines, node = flown.phase.launcher.record.phases[0], flown.nodes[0]
    still = world.forces._replace(drag=0)
    acceleration(node[0], node[1:4].copy(), node[4:7].copy(), still, 0.0, scratch(), free)
    push = node[10] * (node[7:10] - free)
    pressure = (engines[THRUST] - np.linalg.norm(push)) / engines[EXIT]
    assert 0.87e5 < pressure < 0.92e5  # Pa: of the standard air at the pad's 1073 m
    assert np.linalg.norm(push) == pytest.approx(flown.extras[0, 2] * node[10] * G0, rel=1e-9)
    latitude, longitude = (math.radians(x[0]) for x in world.geodetic(node[0], node[1:4])[:2])
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
