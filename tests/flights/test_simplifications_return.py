"""What is declared of the stay and of the return."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statements import declared, exact, holds, homecoming, of, returning, uncertain

from kernels.constants import G0, MU_EARTH
from kernels.entry.parachutes import DROGUE, FILLING, FULL, ON_TIME, PILOT, REEFED, chute_area
from sim.core.flight import Leg, recorded
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
from sim.core.scene import Scene, State
from sim.core.vehicle import Ship
from sim.environment.winds import wind_at
from sim.orbit.propagate import fly as fly_orbit
from sim.orbit.propagate import semi_major_axis
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.descent import Descent, over_ground
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


def descended(**changes) -> tuple[Descent, Leg]:
    """The descent of the mission that only returns, flown once more with something changed."""
    mission = returning()
    phase = replace(of(mission, Descent), **changes)
    return phase, phase.fly(homecoming().legs[3].scene, mission.world)


def unerring() -> Ship:
    ship = of(returning(), Descent).ship
    return replace(ship, landing=replace(ship.landing, barometer=0.0, altimeter=0.0))


@holds("descent.canopies", "descent.heights_known")
def test_canopies_are_areas_in_time_and_heights_are_exact():
    """Load over dynamic pressure is the area of the schedule, each canopy from its own event on."""
    phase, leg = descended(ship=unerring())
    assert "descent.heights_known" in declared(returning(), phase)
    assert "descent.one_offset" not in declared(returning(), phase)
    chutes = phase.ship.chutes
    history, path = recorded(leg, DescentRecord).entry, leg.trajectories[phase.ship_name]
    events = {e.name: e for e in leg.events}
    out = events["drogue_deployment"].t
    stages = [(PILOT, leg.start), (DROGUE, out), (REEFED, out + chutes.drogue_s)]
    stages += [(FILLING, stages[-1][1] + chutes.reefed_s), (FULL, stages[-1][1] + chutes.reefed_s + chutes.filling_s)]
    assert events["main_chute_deployment"].t == pytest.approx(stages[2][1], abs=1e-5)
    area = G0 * history.load_g * path.mass / history.dynamic_pressure_pa
    before = history.t_s < events["retro_fire"].t - 1.0
    apart = np.diff(history.t_s) > 0.0
    inside = before & np.append(apart, True) & np.insert(apart, 0, True)  # an edge is both, before it and after
    for t, found in zip(history.t_s[inside], area[inside], strict=True):
        canopy, since = next((c, s) for c, s in reversed(stages) if t >= s - ON_TIME)
        assert found == pytest.approx(chute_area(canopy, max(t - since, 0.0), chutes, 0), rel=1e-4), t - leg.start
    assert history.altitude_km[0] == pytest.approx(phase.ship.opening_altitude / 1e3, abs=2e-5)
    shield = events["heat_shield_jettison"].values["altitude_km"]
    assert 0.0 <= chutes.shield_altitude / 1e3 - shield < 1e-3 * 0.5 * 12.0  # km that it sinks in a step, at most
    fired = events["retro_fire"].values["altitude_km"] - 1e-3 * phase.site.height
    assert 0.0 <= 1e-3 * chutes.retro_height - fired < 1e-3 * 0.02


@holds("descent.one_offset")
def test_barometer_and_altimeter_err_by_one_offset_each():
    """The shield leaves and the rockets fire as far beside their heights as is drawn; the same for every height."""
    mission = returning()
    phase, leg = descended()
    assert "descent.one_offset" in declared(mission, phase)
    chutes = phase.chutes(mission.world)
    assert chutes.barometer != 0.0 and chutes.altimeter != 0.0
    events = {e.name: e.values["altitude_km"] for e in leg.events if "altitude_km" in e.values}
    sunk = 1e3 * events["heat_shield_jettison"] + chutes.barometer
    assert 0.0 <= chutes.shield_altitude - sunk < 0.5 * 12.0
    fired = 1e3 * events["retro_fire"] - phase.site.height + chutes.altimeter
    assert 0.0 <= chutes.retro_height - fired < 0.02


@holds("descent.ground")
def test_the_ground_is_flat_and_tips_a_capsule_by_its_edge():
    """It ends at the height of the site, wherever that is; what tips it over is a speed along the ground alone."""
    phase, leg = descended()
    assert "descent.ground" in declared(returning(), phase)
    history, down = recorded(leg, DescentRecord).entry, leg.events[-1].values
    assert 1e3 * history.altitude_km[-1] == pytest.approx(phase.site.height, abs=1e-3)
    body = phase.ship.landing.body
    assert down["tips_over_from_m_s"] == body.tipping_speed(phase.site.slope) and down["tips_over"] == "no"
    steep = replace(phase.site, slope=math.radians(50.0))
    assert descended(site=steep)[1].events[-1].values["tips_over"] == "yes"


@holds("air.one_wind", "air.wind_known")
def test_the_wind_is_one_profile_that_is_known_where_nothing_is_drawn():
    """Another wind is known and blows: the parachutes open elsewhere. With an uncertainty the forecast is another
    wind, and it is not declared as known."""
    mission = returning()
    world, phase = mission.world, of(mission, Descent)
    assert {"air.one_wind", "air.wind_known"} <= declared(mission, phase)
    assert np.array_equal(world.known().wind, world.wind)
    _, leg = descended()
    path, down = leg.trajectories[phase.ship_name], leg.events[-1].values
    assert down["surface_wind_m_s"] == math.hypot(*wind_at(world.wind, phase.site.height))
    for t in (leg.end - 300.0, leg.end - 60.0):  # under the main it moves as the wind does there, any time, any place
        r, v = (x[0] for x in path.at(t)[:2])
        height = float(world.geodetic(t, r)[2][0])
        _, along = over_ground(world, t, r, v)
        assert along == pytest.approx(math.hypot(*wind_at(world.wind, height)), abs=0.05)
    flown = uncertain()
    assert not np.array_equal(flown.world.known().wind, flown.world.wind)
    assert "air.wind_known" not in declared(flown, of(flown, Descent))
    calm = replace(mission, world=replace(world, wind=np.zeros((0, 3))))
    assert "air.calm" in declared(calm, phase) and "air.one_wind" not in declared(calm, phase)
