"""What is declared of the closed loop near the station, of contact and of the push-off."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_docking import docking, port_of, waiting
from statements import by_phase, declared, exact, holds, keys_of, of, uncertain

from kernels.constants import AU
from kernels.craft.attitude import from_matrix
from kernels.docking import log
from kernels.docking.plan import FAULT, STUCK_OFF
from sim.build.from_scenario import build_mission
from sim.core.scene import ModelError, Scene
from sim.core.station_stack import known_stack, released, true_stack
from sim.docking.approach import Fault, built, oscillation, setup
from sim.docking.contact import capture, docking_frame, ship_side, station_side, undock
from sim.docking.run import DockingRun, fly_path, inbound_path
from sim.environment.world import World
from sim.orbit.propagate import fly as fly_orbit
from sim.phases.docking import Docking
from sim.phases.undocking import Undocking
from sim.scenario import load


def begun(scene: Scene | None = None, changed: dict | None = None, world: World | None = None) -> DockingRun:
    """A second of the final approach from 30 m."""
    phase = docking(**(changed or {}))
    approach = replace(phase.approach, control=replace(phase.approach.control, limit=1.0))
    path = inbound_path(approach, (30.0, 19.0), (0.0, 0.0))
    return fly_path(approach, path, scene or waiting(phase, 30.0), world or exact().world, "docking")


def record_of(scene: Scene, propellant: float):
    approach = docking().approach
    there = scene.with_(propellant={**scene.propellant, approach.ship_name: propellant})
    return setup(approach, inbound_path(approach, (30.0,), (0.0,)), there)


@holds("near.rigid")
def test_centre_of_mass_and_inertia_stay_while_the_tanks_empty():
    scene = waiting(docking(), 30.0)
    full, low = (record_of(scene, kg) for kg in (700.0, 10.0))
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
    """What a thruster gave, as the difference to the same period with that thruster stuck: thrust times time, as far
    as the period lasts after the thrust has come."""
    scene, approach = turning(), docking().approach
    assert "near.healthy" in declared(exact(), docking())
    flown = begun(scene)
    j = int(np.argmax(flown.on[0]))
    fault = Fault("a thruster that does not open", STUCK_OFF, within=1e6, which=j)
    stuck = begun(scene, {"faults": (fault,)})
    assert "near.healthy" not in declared(exact(), docking(faults=(fault,)))
    assert FAULT in stuck.marks[:, 0] and FAULT not in flown.marks[:, 0]
    gained = (flown.ship.v[1] - stuck.ship.v[1]) * 7900.0
    made = built(approach)
    lasted = min(flown.on[0, j] + made.longer, approach.control.period - made.lag)
    thrust = float(np.linalg.norm(made.force[j])) * lasted
    assert np.linalg.norm(gained) == pytest.approx(thrust, rel=1e-3)  # the mass that is burnt


@holds("near.sensors", "near.axes_known")
def test_without_noise_and_what_stays_the_first_estimate_is_the_truth():
    """Through the axes of LVLH, since no satellite navigation measures in them: they have no error of their own."""

    def quiet(instrument):
        return instrument._replace(sigma=1e-9 * instrument.sigma, latency=0.0, mount=0.0, bias=0.0)

    ship = docking().approach.ship
    suite = ship.sensors
    silent = suite._replace(
        gnss=suite.gnss._replace(nearest=1e9, farthest=2e9),
        radar=quiet(suite.radar),
        lidar=quiet(suite.lidar),
        camera=quiet(suite.camera),
        tracker=1e-9 * suite.tracker,
        tracker_latency=0.0,
        tracker_mount=0.0,
        gyro_mount=0.0,
        accelerometer_mount=0.0,
    )
    station = docking().approach.station
    still = replace(station, oscillation=replace(station.oscillation, amplitude=np.zeros(3)))
    first = begun(changed={"ship": replace(ship, sensors=silent), "station": still}).log[0]
    noisy = begun(changed={"station": still}).log[0]
    for column, small in ((log.PLACE_ERROR, 1e-6), (log.TURN_ERROR, 1e-9)):
        assert np.abs(first[column : column + 3]).max() < small < np.abs(noisy[column : column + 3]).max()


@holds("near.camera")
def test_the_camera_sees_the_same_with_the_sun_anywhere_aside():
    """On two sides of the port's axis, across it, the station lit; the Sun's pull and the air are switched off."""
    forces = exact().world.forces._replace(third_body=0, drag=0)
    station = waiting(docking(), 30.0).flying["tiangong"]
    away, along = station.r / np.linalg.norm(station.r), station.v / np.linalg.norm(station.v)
    across = np.cross(along, away)
    axes = np.stack([along, across, away])  # of LVLH, the last away from the Earth
    port = docking().approach.port.axis * [1.0, -1.0, -1.0] @ axes
    flown = []
    for side in (away, -across + 0.3 * away, across + 0.3 * away):
        aside = side - (side @ port) * port
        if np.linalg.norm(aside) < 0.5:
            continue
        coeffs = np.zeros_like(forces.sun.coeffs)
        coeffs[:, :, 0] = AU * aside / np.linalg.norm(aside)
        world = replace(exact().world, forces=forces._replace(sun=forces.sun._replace(coeffs=coeffs)))
        flown.append(begun(world=world).log)
    assert len(flown) > 1
    np.testing.assert_array_equal(flown[0], flown[1])


@holds("near.station_unmoved", "near.oscillation")
def test_the_station_coasts_and_turns_by_its_sines():
    approach, scene = docking().approach, turning()
    flown = begun(scene)
    free = fly_orbit(scene.flying["tiangong"], scene.t, scene.t + 60.0, exact().world)
    for moved, true in zip(flown.station.at(flown.t)[:2], free.at(flown.t)[:2], strict=True):
        np.testing.assert_allclose(moved, true, rtol=1e-12)
    own, t = approach.station.oscillation, flown.log[:, :1]
    sines = own.amplitude * np.sin(2.0 * math.pi * t / own.period + oscillation(approach).phase)
    np.testing.assert_allclose(flown.log[:, log.STATION : log.STATION + 3], sines, atol=1e-12)


@holds("near.mass_known")
def test_the_mass_to_steer_by_is_the_true_one_where_that_is_declared_and_there_alone():
    phase = docking()
    scene = waiting(phase, 30.0)
    name, model = phase.approach.ship_name, phase.approach.ship
    nominal = model.dry + 700.0
    for factor in (1.0, 1.003):
        ship = replace(scene.flying[name], mass=factor * nominal)
        there = scene.with_(flying={**scene.flying, name: ship})
        assert (record_of(there, 700.0).mass == ship.mass) == (factor == 1.0)
        assert ("near.mass_known" in declared(exact(), phase, there)) == (factor == 1.0)
    assert (
        "near.mass_known" in by_phase(exact())["docking"] and "near.mass_known" not in by_phase(uncertain())["docking"]
    )


@holds("near.propellant_known")
def test_the_mass_to_steer_by_has_the_true_propellant_and_no_other_truth():
    """Also of a ship that weighs otherwise than its model: what it has burnt is not measured with its mass."""
    scene, name = waiting(docking(), 30.0), docking().approach.ship_name
    ship = scene.flying[name]
    heavy = scene.with_(
        flying={**scene.flying, name: replace(ship, mass=1.01 * ship.mass)},
        model_errors={**scene.model_errors, name: ModelError(1.01)},
    )
    for there in (scene, heavy):
        full, low = (record_of(there, kg) for kg in (700.0, 10.0))
        assert full.mass - low.mass == pytest.approx(690.0, rel=1e-12)
        assert (full.mass, full.propellant) == (docking().approach.ship.dry + 700.0, 700.0)
        np.testing.assert_array_equal(full.thrusters.flow, docking().approach.ship.thrusters.record.flow)


@holds("contact.springs")
def test_capture_is_the_same_anywhere_in_space_and_linear():
    """No gravity: moved by a thousand kilometres nothing changes. Springs and dampers are linear: twice the speed is
    twice the force, but for what the turned rings change."""
    approach = docking().approach
    mechanism, mass = approach.ship.docking, 7900.0
    port = port_of(docking())
    stack = true_stack(approach.station, uncertain().scene)
    sides = ship_side(approach.ship, mass, mechanism.reach), station_side(port, stack)

    def force(speed: float, offset: float = 0.0) -> float:
        pair = np.zeros(28)
        pair[22] = 1.0
        from_matrix(docking_frame(port), pair[6:10])
        pair[0:3] = port.position + mechanism.reach * port.axis
        pair[3:6] = -speed * port.axis
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
    phase = of(exact(), Undocking)
    stack = true_stack(phase.station, exact().scene)
    name, port = next(iter(stack.ports.items()))
    speeds = [
        float(undock(phase.ship, mass, stack, name, 1.1e-3, 0.0).velocity @ port.axis)
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


def heavier(scene: Scene, factor: float) -> Scene:
    """The scene whose station weighs so many times what is known of it."""
    station = scene.flying["tiangong"]
    flying = {**scene.flying, "tiangong": replace(station, mass=factor * station.mass)}
    return scene.with_(flying=flying, model_errors={**scene.model_errors, "tiangong": ModelError(factor)})


@holds("near.port_known")
def test_navigation_measures_and_steers_by_the_true_place_of_the_port():
    approach, scene = docking().approach, heavier(waiting(docking(), 30.0), 1.05)
    record = setup(approach, inbound_path(approach, (30.0,), (0.0,)), scene)
    true, known = (look(approach.station, scene).ports[approach.port_name] for look in (true_stack, known_stack))
    assert np.linalg.norm(true.position - known.position) > 0.05
    for used in (record.geometry.port, record.route.port, record.body.ring):
        np.testing.assert_array_equal(used, true.position)


@holds("station.one_body")
def test_what_the_modules_weigh_moves_no_module_and_a_ship_has_the_inertia_of_its_file():
    station, scene = docking().approach.station, exact().scene
    alone = scene.with_(docked={}, ships={})
    for factor in (0.98, 1.02):
        stack = true_stack(station, heavier(alone, factor))
        np.testing.assert_array_equal(stack.centre, np.zeros(3))
        np.testing.assert_allclose(stack.inertia, stack.mass / station.modules * station.inertia, rtol=1e-12)
    ship = next(iter(scene.docked))
    empty = scene.with_(ships={**scene.ships, ship: 1e-9})
    gone = scene.with_(docked={k: v for k, v in scene.docked.items() if k != ship})
    total = scene.flying["tiangong"].mass
    own = true_stack(station, empty).inertia - true_stack(station, gone).inertia
    frame = docking_frame(station.ports[scene.docked[ship]])
    np.testing.assert_allclose(frame @ own @ frame.T, station.visitors[ship].inertia, atol=1e-9 * total * 20.0**2)
    with_a_stack = {name for name, keys in by_phase(exact()).items() if "station.one_body" in keys}
    assert with_a_stack == {"fly_around", "docking", "undocking"}


@holds("station.point_at_the_port")
def test_a_ship_without_a_vehicle_is_a_point_at_its_port_where_that_is_declared():
    plain, other = exact(), build_mission(load("shenzhou-20", ["uncertainty=", "docked.1.vehicle="]))
    assert "station.point_at_the_port" not in keys_of(plain) and "station.point_at_the_port" in keys_of(other)
    station = of(other, Docking).approach.station
    (ship,) = set(other.scene.docked) - set(station.visitors)
    mass, port = other.scene.ships[ship], station.ports[other.scene.docked[ship]]
    alone = released(other.scene, "tiangong", ship)
    whole, rest = (true_stack(station, scene) for scene in (other.scene, alone))
    np.testing.assert_allclose(whole.mass * whole.centre, rest.mass * rest.centre + mass * port.position, rtol=1e-12)
    apart = port.position - rest.centre
    turned = mass * rest.mass / whole.mass * (apart @ apart * np.eye(3) - np.outer(apart, apart))
    np.testing.assert_allclose(whole.inertia, rest.inertia + turned, rtol=1e-12, atol=1e-3)
    cda = [mission.scene.flying["tiangong"].cda for mission in (plain, other)]
    assert cda[0] - cda[1] == pytest.approx(28.0 * 2.2)  # a Tianzhou's
