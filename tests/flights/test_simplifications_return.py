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
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
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


@holds("deorbit.modules")
def test_modules_leave_across_the_track_at_the_speed_of_their_pushers_and_at_their_height():
    mission = returning()
    leg, phase = homecoming().legs[2], of(mission, Deorbit)
    path, system = leg.trajectories[phase.ship_name], phase.ship.deorbit
    for i, which in enumerate(("orbital", "service")):
        event = next(e for e in leg.events if e.name == f"{which}_module_separation")
        (r, before, mass), (_, after, _) = path.before(event.t), path.at(event.t)
        step, across = (after - before)[0], np.cross(r[0], before[0])
        share = float(event.values["module_kg"]) / float(mass[0])
        np.testing.assert_allclose(step, share * system.pushes[i] * across / np.linalg.norm(across), rtol=1e-3)
    height = mission.world.geodetic(event.t, path.at(event.t)[0])[2][0]
    assert height == pytest.approx(phase.separation_altitude, abs=0.01)
    record = recorded(leg, DeorbitRecord)
    assert record.service_module is not None
    assert record.service_module.altitude_km[-1] >= 1e-3 * system.breakup - 1e-6


@holds("deorbit.attitude", "deorbit.engines")
def test_turns_are_a_time_and_a_mass_and_engines_a_factor_each():
    leg, phase = homecoming().legs[2], of(returning(), Deorbit)
    turns = [e for e in leg.events if e.name in ("yaw_turn", "retro_turn")]
    assert [e.values["duration_s"] for e in turns] == [phase.ship.deorbit.turn] * 2
    burn, end = (next(e for e in leg.events if e.name == f"deorbit_burn_{when}") for when in ("start", "end"))
    mass = float(burn.values["mass_kg"]) - float(end.values["propellant_kg"])
    exhaust = G0 * phase.ship.main.isp  # of the file
    speed = exhaust * math.log(float(burn.values["mass_kg"]) / mass)
    assert speed == pytest.approx(float(end.values["delta_v_m_s"]), rel=1e-9)
    flow = float(burn.values["thrust_n"]) / exhaust  # one thrust, from the start to the end
    assert flow * (end.t - burn.t) == pytest.approx(float(end.values["propellant_kg"]), rel=1e-9)
    assert burn.values["thrust_n"] != phase.ship.main.thrust


def half_way(lift: float = 1.0, drag: float = 1.0, **moved: float) -> tuple[Entry, float]:
    """The entry flown on from where there is air to steer by: the phase, and the first bank angle, deg."""
    mission = returning()
    phase, leg = replace(of(mission, Entry), lift=lift, drag=drag), homecoming().legs[3]
    path, history = leg.trajectories[phase.ship_name], recorded(leg, EntryRecord).entry
    i = int(np.argmax(history.load_g > 0.5))
    along = path.v[i] / np.linalg.norm(path.v[i])
    ship = State(path.r[i] + moved.get("place", 0.0) * along, path.v[i] + moved.get("speed", 0.0) * along, 0.0, 0.0)
    ship = replace(ship, mass=float(path.mass[i]) * moved.get("mass", 1.0))
    scene = Scene(float(path.t[i]), {phase.ship_name: ship}, {}, {}, {}, ())
    flown = phase.fly(scene, mission.world)
    return phase, float(recorded(flown, EntryRecord).entry.bank_deg[0])


@holds("entry.state_known", "entry.mass_known", "entry.capsule_known")
def test_what_the_entry_guidance_knows_is_declared_and_nothing_else():
    """Another place, speed or mass is commanded for at once. Another lift is not known, and is not declared as
    known."""
    phase, plain = half_way()
    assert {"entry.state_known", "entry.mass_known", "entry.capsule_known"} <= declared(exact(), phase)
    assert half_way()[1] == plain
    for moved in ({"place": 10.0}, {"speed": 0.1}, {"mass": 1.001}):
        assert half_way(**moved)[1] != plain, moved
    other, bank = half_way(lift=1.05)
    assert "entry.capsule_known" not in declared(exact(), other)
    assert bank == plain


@holds("entry.capsule")
def test_the_capsule_has_one_drag_and_one_lift_and_follows_its_bank_command():
    mission = returning()
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
    step = 1e-3 * 0.05 * 12.0  # km that it sinks in a step, at most
    shield = events["heat_shield_jettison"].values["altitude_km"]
    assert 0.0 <= ship.chutes.shield_altitude / 1e3 - shield < step
    fired = events["retro_fire"].values["altitude_km"] - 1e-3 * of(mission, Entry).site.height
    assert 0.0 <= 1e-3 * ship.chutes.retro_height - fired < step
