"""What is declared of the stay and of the return."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statements import declared, exact, holds, home_leg, of, returning, uncertain

from kernels.constants import G0, MU_EARTH
from kernels.entry.parachutes import (
    AT_HEIGHT,
    DROGUE,
    FILLING,
    FULL,
    ON_TIME,
    PILOT,
    PILOT_S,
    REEFED,
    STEP,
    chute_area,
)
from sim.core.flight import Leg, recorded
from sim.core.navigation_errors import EXACT, PERFECT
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
from sim.reentry.discarded import densities, discarded
from sim.rendezvous.relative import relative_state


@holds("docked.no_reboost")
def test_nothing_raises_the_station_during_a_stay():
    """Neither propellant is burnt, nor is the path another than that of a body that is left alone."""
    leg, mission = home_leg("docked"), returning()
    path = leg.trajectories["tiangong"]
    assert leg.phase == "docked" and np.ptp(path.mass) == 0.0
    free = fly_orbit(mission.scene.flying["tiangong"], leg.start, leg.end, mission.world)
    np.testing.assert_allclose(free.r[-1], path.r[-1], atol=1e-3)  # m; the steps begin anew where the stay is planned


@holds("departure.hill")
def test_the_separation_burns_are_planned_by_hill_and_not_by_the_orbit_that_is_flown():
    """With an exact fix and exact burns the ship is left at what Hill's equations miss, and at no more."""
    mission = returning()
    phase = replace(of(mission, Departure), navigation=PERFECT, execution=EXACT)
    scene, name = home_leg("undocking").scene, phase.ship_name
    leg = phase.fly(scene, mission.world)
    down, back = (e for e in leg.events if e.name == "separation_burn")
    n = math.sqrt(MU_EARTH / float(semi_major_axis(*(scene.flying["tiangong"].r, scene.flying["tiangong"].v))[0]) ** 3)
    assert back.t - down.t == pytest.approx(math.pi / n, abs=2.0)  # of the orbit that osculates at the fix
    half = 0.5 * phase.down * 7900.0 / phase.ship.translation.thrust + 2.0
    station, ship = (State(*(x[0] for x in leg.trajectories[c].at(down.t + half)), 0.0) for c in ("tiangong", name))
    _, rate = relative_state(station, ship)
    missed = float(np.linalg.norm(rate - np.array([0.0, 0.0, phase.down])))
    assert 1e-6 < missed < 0.03
    assert "departure.hill" in declared(mission, phase)


@holds("deorbit.modules")
def test_modules_leave_across_the_track_at_the_speed_of_their_pushers_and_at_their_height():
    mission = returning()
    leg, phase = home_leg("deorbit"), of(mission, Deorbit)
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
    leg, phase = home_leg("deorbit"), of(returning(), Deorbit)
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
    own, leg = of(mission, Entry), home_leg("entry")
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
    phase, leg = of(mission, Entry), home_leg("entry")
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
    return phase, phase.fly(home_leg("entry").scene, mission.world)


def unerring() -> Ship:
    ship = of(returning(), Descent).ship
    return replace(ship, landing=replace(ship.landing, barometer=0.0, altimeter=0.0))


def test_the_load_does_not_jump_as_the_cover_of_the_parachutes_goes():
    """The capsule that fell at a trimmed angle below the speed of sound hangs there with the same drag area."""
    entry, descent = recorded(home_leg("entry"), EntryRecord).entry, recorded(home_leg("descent"), DescentRecord).entry
    assert descent.load_g[0] == pytest.approx(entry.load_g[-1], rel=0.06)


@holds("descent.discarded")
def test_what_is_dropped_falls_at_its_terminal_speed_and_drifts_with_the_wind():
    """In calm air straight down; in a wind of 10 m/s by ten times its time; a lighter part further."""
    mission = returning()
    leg, ship = home_leg("descent"), of(mission, Entry).ship
    parts = recorded(leg, DescentRecord).discarded
    assert parts is not None and list(parts.name) == ["parachute cover", "heat shield"]
    path, times = leg.trajectories[of(mission, Entry).ship_name], {"opening": leg.start}
    r = path.at(leg.start)[0][0]
    world = replace(mission.world, wind=np.zeros((0, 3)))
    latitude, longitude, height = (float(x[0]) for x in world.geodetic(leg.start, r))
    cover = ship.deorbit.discarded[0]
    rows = []
    for east, factor in ((0.0, 1.0), (10.0, 1.0), (10.0, 4.0)):
        windy = replace(world, wind=np.array([[0.0, east, 0.0], [2e4, east, 0.0]]))
        rows.append(discarded([replace(cover, cda=factor * cover.cda)], times, path, 1000.0, windy))
    still, blown, lighter = rows
    assert (still.latitude_deg[0], still.longitude_deg[0]) == pytest.approx((latitude, longitude), abs=1e-9)
    lasts = blown.impact_s[0] - leg.start
    east = math.radians(blown.longitude_deg[0] - longitude) * 6.371e6 * math.cos(math.radians(latitude))
    assert east == pytest.approx(10.0 * lasts, rel=1e-6)
    assert lighter.impact_s[0] - leg.start == pytest.approx(2.0 * lasts, rel=1e-6)
    air = densities(np.array([1000.0, 9000.0]), height, leg.start, r, world)
    assert air == pytest.approx([1.112, 0.467], rel=0.15)  # of the standard atmosphere
    assert still.speed_m_s[0] == pytest.approx(math.sqrt(2.0 * cover.mass * G0 / (air[0] * cover.cda)), rel=0.02)


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
    cover = np.interp(out - PILOT_S, history.t_s, history.altitude_km)  # the entry ended by a barometer that errs
    assert 0.0 <= phase.ship.opening_altitude + AT_HEIGHT - 1e3 * cover < 200.0 * STEP
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
