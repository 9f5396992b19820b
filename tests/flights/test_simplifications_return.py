"""What is declared of the stay and of the return."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statements import declared, exact, holds, homecoming, of, returning

from kernels.constants import G0, MU_EARTH
from kernels.entry.parachutes import ON_TIME, chute_area
from sim.core.flight import recorded
from sim.core.return_record import DescentRecord, EntryRecord
from sim.core.scene import Scene, State
from sim.orbit.propagate import fly as fly_orbit
from sim.orbit.propagate import semi_major_axis
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.entry import Entry


@holds("docked.no_reboost")
def test_nothing_raises_the_station_during_a_stay():
    """Neither propellant is burnt, nor is the path another than that of a body that is left alone."""
    leg, mission = homecoming().legs[0], returning()
    path = leg.trajectories["tiangong"]
    assert leg.phase == "docked" and np.ptp(path.mass) == 0.0
    free = fly_orbit(mission.scene.flying["tiangong"], leg.start, leg.end, mission.world)
    np.testing.assert_allclose(free.r[-1], path.r[-1], atol=1e-3)  # m; the steps begin anew where the stay is planned


@holds("departure.clock")
def test_the_burns_of_the_departure_come_out_exactly_at_their_seconds():
    mission = returning()
    phase, leg = of(mission, Departure), homecoming().legs[1]
    down, back = (e for e in leg.events if e.name == "separation_burn")
    assert down.t == leg.start + phase.first_burn
    stack = homecoming().legs[0].scene.flying["tiangong"]
    half = math.pi * math.sqrt(float(semi_major_axis(stack.r, stack.v)[0]) ** 3 / MU_EARTH)
    assert back.t - down.t == pytest.approx(half, abs=1e-6)  # of the true orbit: no fix is taken
    assert (down.values["delta_v_m_s"], back.values["delta_v_m_s"]) == (phase.down, phase.back)
    mass = leg.trajectories[phase.ship_name].mass
    exhaust = G0 * phase.ship.translation.isp
    assert mass[-1] == pytest.approx(mass[0] * math.exp(-(phase.down + phase.back) / exhaust), rel=1e-9)


@holds("deorbit.separations")
def test_modules_separate_without_a_push_and_at_their_height():
    mission = returning()
    leg, phase = homecoming().legs[2], of(mission, Deorbit)
    path = leg.trajectories[phase.ship_name]
    for name in ("orbital_module_separation", "service_module_separation"):
        t = next(e.t for e in leg.events if e.name == name)
        (_, v0, _), (_, v1, _) = path.at(t - 0.01), path.at(t + 0.01)
        assert np.linalg.norm(v1 - v0) < 0.02 * 10.0  # gravity alone
    height = mission.world.geodetic(t, path.at(t)[0])[2][0]
    assert height == pytest.approx(phase.separation_altitude, abs=0.01)


def half_way(known: bool = True, **moved: float) -> tuple[Entry, EntryRecord]:
    """The entry flown on from where there is air to steer by, `known` exactly or by its inertial unit: the phase, and
    its record. `moved`: place m and speed m/s along the path, and factors of the mass, the lift and the drag."""
    mission = returning()
    own, leg = of(mission, Entry), homecoming().legs[3]
    ship = replace(own.ship, entry=replace(own.ship.entry, inertial=None)) if known else own.ship
    phase = replace(own, ship=ship, lift=moved.get("lift", 1.0), drag=moved.get("drag", 1.0))
    path, history = leg.trajectories[phase.ship_name], recorded(leg, EntryRecord).entry
    i = int(np.argmax(history.load_g > 0.5))
    along = path.v[i] / np.linalg.norm(path.v[i])
    craft = State(path.r[i] + moved.get("place", 0.0) * along, path.v[i] + moved.get("speed", 0.0) * along, 0.0, 0.0)
    craft = replace(craft, mass=float(path.mass[i]) * moved.get("mass", 1.0))
    scene = Scene(float(path.t[i]), {phase.ship_name: craft}, {}, {}, {}, ())
    return phase, recorded(phase.fly(scene, mission.world), EntryRecord)


@holds("entry.state_known", "entry.inertial_unit")
def test_what_the_entry_guidance_knows_of_its_state_is_declared():
    """Known exactly, another place or speed is commanded for at once. A ship with an inertial unit knows neither, in
    the blackout least, and says so."""
    phase, plain = half_way()
    assert "entry.state_known" in declared(exact(), phase) and "entry.inertial_unit" not in declared(exact(), phase)
    assert plain.guidance.navigation_error_m.max() == 0.0
    assert half_way()[1].guidance.bank_command_deg[0] == plain.guidance.bank_command_deg[0]
    for moved in ({"place": 10.0}, {"speed": 0.1}):
        assert half_way(**moved)[1].guidance.bank_command_deg[0] != plain.guidance.bank_command_deg[0], moved
    sensed, record = half_way(known=False)
    assert "entry.state_known" not in declared(exact(), sensed) and "entry.inertial_unit" in declared(exact(), sensed)
    height, error = record.entry.altitude_km, record.guidance.navigation_error_m
    upper, lower = sensed.ship.entry.blackout
    silent = (height < upper / 1e3) & (height > lower / 1e3)
    assert error.argmax() == np.flatnonzero(silent)[-1] + 1 or silent[error.argmax()]
    assert error.min() > 0.0


@holds("entry.capsule_known")
def test_a_capsule_that_is_not_as_modelled_is_measured_and_not_declared_as_known():
    phase, plain = half_way()
    assert "entry.capsule_known" in declared(exact(), phase)
    assert (plain.figures.drag_ratio, plain.figures.lift_ratio) == pytest.approx((1.0, 1.0), abs=1e-3)
    other, record = half_way(lift=1.05, drag=0.97)
    assert "entry.capsule_known" not in declared(exact(), other)
    assert (record.figures.drag_ratio, record.figures.lift_ratio) == pytest.approx((0.97, 1.05), abs=2e-3)
    heavier = half_way(mass=1.02)[1].figures  # the guidance takes the mass for that of the model
    assert (heavier.drag_ratio, heavier.lift_ratio) == pytest.approx((1.0 / 1.02, 1.0 / 1.02), abs=2e-3)


@holds("entry.capsule")
def test_the_capsule_is_a_point_at_its_trim_and_follows_its_bank_command():
    mission = returning()
    phase, leg = of(mission, Entry), homecoming().legs[3]
    record, path = recorded(leg, EntryRecord), leg.trajectories[phase.ship_name]
    history, capsule = record.entry, phase.ship.lander
    thick = history.dynamic_pressure_pa > 1.0
    area = G0 * history.load_g[thick] * path.mass[thick] / history.dynamic_pressure_pa[thick]
    mach, drag, lift = capsule.trim.T
    shares = [np.interp(record.guidance.mach[thick], mach, column) for column in (drag, lift)]
    np.testing.assert_allclose(area, np.hypot(capsule.cda * shares[0], capsule.cla * shares[1]), rtol=1e-9)
    assert np.ptp(path.mass) == 0.0
    rate = np.diff(np.unwrap(np.radians(history.bank_deg[:-1]))) / np.diff(path.t[:-1])
    assert np.abs(rate).max() <= capsule.bank_rate * (1.0 + 1e-9)
    assert np.abs(np.diff(rate)).max() <= capsule.bank_acceleration * 0.5 * (1.0 + 1e-6)


@holds("descent.canopies", "descent.heights_known")
def test_canopies_are_areas_in_time_and_heights_are_exact():
    mission = returning()
    leg, ship = homecoming().legs[4], of(mission, Entry).ship
    history, path = recorded(leg, DescentRecord).entry, leg.trajectories[of(mission, Entry).ship_name]
    events = {e.name: e for e in leg.events}
    before = history.t_s < events["retro_fire"].t - 1.0
    area = G0 * history.load_g * path.mass / history.dynamic_pressure_pa
    steady = before & (np.append(np.diff(history.t_s) > 0.0, True)) & (np.insert(np.diff(history.t_s) > 0.0, 0, True))
    planned = np.array([chute_area(t - leg.start + ON_TIME, ship.chutes)[0] for t in history.t_s[steady]])
    np.testing.assert_allclose(area[steady], planned, rtol=1e-6)
    assert history.altitude_km[0] == pytest.approx(ship.opening_altitude / 1e3, abs=2e-5)
    step = 1e-3 * 0.25 * 12.0  # km that it sinks in a step, at most
    shield = events["heat_shield_jettison"].values["altitude_km"]
    assert 0.0 <= ship.chutes.shield_altitude / 1e3 - shield < step
    fired = events["retro_fire"].values["altitude_km"] - 1e-3 * of(mission, Entry).site.height
    assert 0.0 <= 1e-3 * ship.chutes.retro_height - fired < step
