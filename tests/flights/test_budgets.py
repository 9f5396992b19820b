"""Conservation: mass, state, momentum and time, from the scenario's start to touchdown. Energy: test_energy.py."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from ledger import ASCENT_EDGES, burnt

from kernels.constants import G0, OMEGA_EARTH
from kernels.relative.hill import lvlh_axes
from sim.core.flight import EVENT_NAMES
from sim.core.station_stack import released, true_stack
from sim.docking.approach import built
from sim.rendezvous.relative import docked_position

# Masses up to 5e5 kg are rounded to 6e-11 kg, and the ascent subtracts some 2400 times: 1e-7 kg. Asked for: a mg.
MASS_KG = 1.0e-6
EPS = 2.0**-52


# ---- mass


def test_mass_of_the_ascent_is_burnt_or_dropped(flown):
    """Stage by stage, from the vehicle file: mass flow times burning time, and every part that falls off."""
    model, figures = flown.scenario.launcher, flown.leg("ascent").record.figures
    met = {name: flown.flight.met(flown.event(name).t) for name in ASCENT_EDGES} | {
        "end": flown.flight.met(flown.leg("ascent").end)
    }

    def flow(kn: float, isp: float) -> float:
        return 1e3 * kn / (isp * G0)

    def engine_flow(stage) -> float:
        (engine,) = stage.engines
        return engine.count * flow(engine.thrust_vacuum_kn, engine.isp_vacuum_s)

    booster, core, upper = model.stages
    main, vernier = (flow(e.thrust_vacuum_kn, e.isp_vacuum_s) for e in upper.engines)
    first = booster.count * engine_flow(booster) * met["booster_separation"]
    first += engine_flow(core) * met["stage_1_separation"]
    second = main * (met["main_engine_cutoff"] - met["stage_1_separation"])
    second += vernier * (met["end"] - met["stage_1_separation"])
    dropped = sum(j.mass_kg for j in model.jettisons) + core.dry_mass_kg + core.residual_kg
    dropped += booster.count * (booster.dry_mass_kg + booster.residual_kg)
    path = flown.path("ascent", flown.up)
    # MET is a difference of two times of 3e6 s, known to 5e-10 s each: at 1100 kg/s that is 1e-6 kg for each edge.
    assert path.mass[0] - path.mass[-1] == pytest.approx(first + second + dropped, abs=5.0 * MASS_KG)
    left = upper.propellant_kg - second
    assert figures.propellant_left_kg == pytest.approx(left, abs=5.0 * MASS_KG)
    assert path.mass[-1] - upper.dry_mass_kg - left == pytest.approx(ship_file(flown).mass, abs=5.0 * MASS_KG)
    assert flown.leg("ascent").scene.flying[flown.up].mass == ship_file(flown).mass


def ship_file(flown):
    return flown.phase("ascent").ship


@pytest.mark.parametrize("phase", ["phasing", "homing", "transfer", "departure", "deorbit"])
def test_mass_of_a_phase_is_burnt_or_dropped(flown, phase):
    """Start = end + what the burns took (their length times the engine's flow) + the modules that were left behind.

    A burn's length is a difference of times of 3e6 s, known to 5e-10 s: at 1.8 kg/s that is far below a milligram.
    """
    craft = flown.down if phase in ("departure", "deorbit") else flown.up
    ship = flown.phase(phase).ship if phase in ("departure", "deorbit") else ship_file(flown)
    path, leg, before = flown.path(phase, craft), flown.leg(phase), flown.before(phase)
    start = before.flying[craft].mass if craft in before.flying else before.ships[craft]
    if phase == "deorbit":  # by its own engines, whose thrust differs from that of the file; and three turns
        thrust = next(e.values["thrust_n"] for e in leg.events if e.name == "deorbit_burn_start")
        spent = burnt(path, replace(ship.main, thrust=thrust)) + ship.turn_propellant(3)
    else:
        spent = burnt(path, ship.translation if phase == "departure" else ship.main)
    left_behind = sum(e.values["module_kg"] for e in leg.events if e.name.endswith("module_separation"))
    assert start == path.mass[0]
    assert start == pytest.approx(leg.scene.flying[craft].mass + spent + left_behind, abs=MASS_KG)
    assert leg.record.figures.propellant_kg == pytest.approx(spent, abs=MASS_KG)
    assert before.propellant[craft] - leg.scene.propellant[craft] == pytest.approx(spent, abs=MASS_KG)
    assert spent > 1.0


def test_mass_of_the_service_module_is_its_file_plus_what_it_still_holds(flown):
    """What separates is the dry module and the propellant that the deorbit burn left: the scenario's masses agree."""
    ship, leg = flown.phase("deorbit").ship, flown.leg("deorbit")
    still = leg.scene.propellant[flown.down]
    dropped = flown.event("service_module_separation").values["module_kg"]
    assert dropped == pytest.approx(ship.service_module_dry + still, abs=MASS_KG)


def test_mass_of_the_approach_is_what_the_pulses_took(flown):
    """The recorded on-times, times the flow of each thruster with its drawn error."""
    for phase in flown.mission.phases:
        if phase.name not in ("fly_around", "docking"):
            continue
        leg, approach = flown.leg(phase.name), phase.approach
        fired, flow = leg.record.thrusters, built(approach).flow
        taken = sum(
            float(fired.on_s[name].sum()) * kg_s for name, kg_s in zip(approach.ship.thrusters.names, flow, strict=True)
        )
        path = leg.trajectories[flown.up]
        assert path.mass[0] - path.mass[-1] == pytest.approx(taken, abs=MASS_KG)
        assert leg.record.figures.propellant_kg == pytest.approx(taken, abs=MASS_KG)


def test_mass_of_the_station_is_its_modules_and_ships(flown):
    """At the end of every phase: modules, plus every docked ship, less what the one trim burnt."""
    modules, engine = flown.scenario.station_vehicle.mass.modules_kg, flown.phase("await_launch").engine
    trimmed = 0.0
    for leg in flown.flight.legs:
        if leg.phase == "await_launch":
            trimmed = burnt(leg.trajectories[flown.station], engine)
            assert leg.record.figures.trim_propellant_kg == pytest.approx(trimmed, abs=MASS_KG)
        whole = modules + sum(leg.scene.ships.values()) - trimmed
        assert leg.scene.flying[flown.station].mass == pytest.approx(whole, abs=MASS_KG), leg.phase
        assert set(leg.scene.ships) == set(leg.scene.docked)


def test_mass_below_the_parachutes(flown):
    """Nothing is burnt in the entry, and the heat shield alone falls off; the retro rockets' powder is not modelled."""
    shield = flown.scenario.ship_vehicles[vehicle_of_the_lander(flown)].parachutes.heat_shield_mass_kg
    assert np.ptp(flown.path("entry", flown.down).mass) == 0.0
    opening = flown.before("descent").flying[flown.down].mass
    assert opening == flown.phase("descent").ship.return_module
    assert opening - flown.leg("descent").record.figures.mass_at_touchdown_kg == shield


def vehicle_of_the_lander(flown) -> str:
    return next(d.vehicle for d in flown.scenario.docked if d.ship == flown.down)


CLOSING = ("phasing", "homing", "transfer", "fly_around", "docking")


def test_propellant_histories_are_continuous_and_never_negative(flown):
    """Every history starts where the last one ended, never rises, and ends at what the scene hands on."""
    for craft, phases in (
        (flown.up, tuple(p for p in CLOSING if p in [leg.phase for leg in flown.flight.legs])),
        (flown.down, ("departure",)),
    ):
        last = flown.before(phases[0]).propellant[craft]
        for phase in phases:
            kept = flown.leg(phase).record.propellant.propellant_kg
            assert kept[0] == pytest.approx(last, abs=MASS_KG)
            assert np.diff(kept).max() <= 1e-9  # a difference of masses of 8000 kg, rounded to 1e-12 each
            last = kept[-1]
            assert last == pytest.approx(flown.leg(phase).scene.propellant[craft], abs=MASS_KG)
    for leg in flown.flight.legs:
        assert min(leg.scene.propellant.values()) >= 0.0


# ---- one state


def test_every_craft_goes_on_where_it_was_to_the_last_bit(flown):
    """From leg to leg, and at every seam within a leg; only contact and undocking move the station's mass centre.

    Those two steps are the mass share of the ship times its distance, which is geometry and not an error.
    """
    for craft in flown.flight.vehicles:
        parts = flown.flight.parts(craft)
        for (_, earlier), (phase, later) in zip(parts[:-1], parts[1:], strict=True):
            assert later.start == earlier.end, (craft, phase)
            step = np.linalg.norm(later.r[0] - earlier.r[-1])
            if craft == flown.station and phase == "departure":
                ship = flown.path("departure", flown.down)
                share = ship.mass[0] / (ship.mass[0] + later.mass[0])
                distance = np.linalg.norm(ship.r[0] - later.r[0])
                assert step == pytest.approx(share * distance, abs=1e-8)  # positions of 7e6 m are rounded to 1e-9 m
                # The ship stands on its port, and the pushers' stroke before it.
                lander, port = flown.phase("departure").ship, port_of(flown, flown.down)
                spent = docked_position(port, lander) + lander.docking.push_stroke * port.axis
                assert distance == pytest.approx(np.linalg.norm(spent), abs=1e-3)  # what both turn meanwhile
            else:
                assert step == 0.0 and np.array_equal(later.v[0], earlier.v[-1]), (craft, phase)


def port_of(flown, ship: str):
    """From the centre of mass of what stays behind."""
    before, station = flown.before("departure"), flown.phase("departure").station
    return true_stack(station, released(before, station.name, ship)).ports[before.docked[ship]]


def test_seams_inside_a_leg_keep_position_and_velocity(flown):
    for leg in flown.flight.legs:
        for craft, path in leg.trajectories.items():
            for i in np.flatnonzero(np.diff(path.t) == 0.0):
                at_contact = leg.phase == "docking" and craft == flown.station
                if not at_contact:
                    assert np.array_equal(path.r[i], path.r[i + 1]), (leg.phase, craft)
                    pushed = leg.phase == "deorbit" and path.mass[i] > path.mass[i + 1] + 1e3  # off a module
                    step = float(np.linalg.norm(path.v[i + 1] - path.v[i]))
                    assert step < max(flown.phase("deorbit").ship.deorbit.pushes) if pushed else step == 0.0


def test_the_station_steps_by_share_times_distance_at_contact(flown):
    station, ship = flown.path("docking", flown.station), flown.path("docking", flown.up)
    (i,) = np.flatnonzero(np.diff(station.t) == 0.0)
    share = ship.mass[-1] / station.mass[i + 1]
    step = station.r[i + 1] - station.r[i]
    assert np.allclose(step, share * (ship.r[-1] - station.r[i]), atol=3e-9, rtol=0.0)
    reported = flown.leg("docking").record.figures.step_of_station_at_contact_m
    assert np.linalg.norm(step) == pytest.approx(reported, abs=1e-9)
    # The ship's mass centre is where the port puts it, but for the offset that the capture box allows.
    approach = flown.phase("docking").approach
    port = true_stack(approach.station, flown.before("docking")).ports[approach.port_name]
    away = np.linalg.norm(port.position + approach.ship.docking.reach * port.axis)
    assert np.linalg.norm(ship.r[-1] - station.r[i]) == pytest.approx(away, abs=0.16)


def test_no_craft_is_lost_or_doubled_in_time(flown):
    """The station flies from the scenario's start to touchdown, the ships from pad to port and from port to ground."""
    flight = flown.flight
    paths = {craft: [path for _, path in flight.parts(craft)] for craft in flight.vehicles}
    spans = {craft: (parts[0].start, parts[-1].end) for craft, parts in paths.items()}
    assert spans[flown.station] == (0.0, flown.event("touchdown").t)
    assert spans[flown.up] == (flown.event("liftoff").t, flown.event("contact").t)
    assert spans[flown.down] == (flown.event("undocking").t, flown.event("touchdown").t)
    assert set(spans) == {flown.station, flown.up, flown.down}
    for earlier, later in zip(flight.legs[:-1], flight.legs[1:], strict=True):
        assert later.start == earlier.end
    for leg in flight.legs:
        for craft, path in leg.trajectories.items():
            assert np.diff(path.t).min() >= 0.0
            assert path.start == leg.start
            assert path.end == leg.end or (leg.phase, craft) == ("docking", flown.up)  # docked from contact on
            assert craft == flown.up or np.array_equal(path.r[-1], leg.scene.flying[craft].r)


def test_it_starts_at_rest_on_the_pad(flown):
    """Relative to the turning Earth: the pad's own motion is 352 m/s eastward, and nothing else at lift-off."""
    path, world = flown.path("ascent", flown.up), flown.mission.world
    r, v = world.site_eci(flown.phase("ascent").site, path.start)
    assert np.array_equal(path.r[0], r) and np.array_equal(path.v[0], v)
    pole = world.true_of_date(path.start)[2]
    assert np.allclose(path.v[0], np.cross(OMEGA_EARTH * pole, path.r[0]), atol=1e-9)
    assert np.linalg.norm(path.v[0]) == pytest.approx(352.0, abs=1.0)


# ---- momentum


def test_docking_keeps_momentum_and_mass_centre(flown):
    """Each component of the sum is three products and two sums of its size: 8 roundings allowed."""
    station, ship = flown.path("docking", flown.station), flown.path("docking", flown.up)
    (i,) = np.flatnonzero(np.diff(station.t) == 0.0)
    for before, after in (
        ((station.v[i], ship.v[-1]), station.v[i + 1]),
        ((station.r[i], ship.r[-1]), station.r[i + 1]),
    ):
        total = station.mass[i] * before[0] + ship.mass[-1] * before[1]
        assert np.abs(total - station.mass[i + 1] * after).max() <= 8.0 * EPS * np.abs(total).max()
    assert station.mass[i + 1] == station.mass[i] + ship.mass[-1]


def test_undocking_keeps_momentum_and_mass_centre(flown):
    stack = flown.before("departure").flying[flown.station]
    rest, ship = flown.path("departure", flown.station), flown.path("departure", flown.down)
    for whole, parts in ((stack.v, (rest.v[0], ship.v[0])), (stack.r, (rest.r[0], ship.r[0]))):
        total, of_parts = stack.mass * whole, rest.mass[0] * parts[0] + ship.mass[0] * parts[1]
        assert np.abs(of_parts - total).max() <= 8.0 * EPS * np.abs(total).max()
    # And the pushers push the rings apart at the speed of the file, along the port's axis; what both turn, 0.05 deg/s
    # at most, makes that of the mass centres another by a hundredth; by two at the nadir port, which is 5 m ahead of
    # the station's mass centre, so that the station turns.
    axes = np.empty((3, 3))
    n = lvlh_axes(stack.r, stack.v, axes)
    apart, d = axes @ (ship.v[0] - rest.v[0]), axes @ (ship.r[0] - rest.r[0])
    seen = apart - np.cross([0.0, -n, 0.0], d)
    axis, expected = port_of(flown, flown.down).axis, flown.phase("departure").ship.docking.push_off
    reported = flown.event("undocking").values["push_off_m_s"]
    assert seen @ axis == pytest.approx(reported, abs=1e-9) and reported == pytest.approx(expected, rel=0.02)
    assert np.linalg.norm(seen - reported * axis) < 0.01 * expected


# ---- what happened


REQUIRED = (
    "liftoff",
    "tower_jettison",
    "booster_separation",
    "stage_1_separation",
    "fairing_separation",
    "main_engine_cutoff",
    "orbit_insertion",
    "phasing_burn",
    "homing_start",
    "hold_arrival",
    "hold_departure",
    "contact",
    "docked",
    "hatch_open",
    "handover_complete",
    "undocking",
    "orbital_module_separation",
    "deorbit_burn_start",
    "deorbit_burn_end",
    "service_module_separation",
    "entry_interface",
    "peak_load",
    "drogue_deployment",
    "main_chute_deployment",
    "heat_shield_jettison",
    "retro_fire",
    "touchdown",
)
KEYS = {
    "contact": {"closing_speed_m_s", "lateral_offset_m", "lateral_speed_m_s"},
    "orbit_insertion": {"perigee_km", "apogee_km", "inclination_deg", "raan_deg"},
    "touchdown": {"latitude_deg", "longitude_deg", "miss_km", "speed_m_s"},
    "peak_load": {"load_g"},
}
UNIT = re.compile(r"_(m_s|m|km|deg|kg|g|s|h|kpa|n|days)$|^days_")
COUNTS = {"mach", "people_aboard", "tries", "try"}  # numbers that have no unit


def test_events_are_those_of_a_rotation_in_their_order(flown):
    """Every name that a rotation has, each first time after the one before, all within their leg, none unknown."""
    events = flown.flight.events
    assert [e.t for e in events] == sorted(e.t for e in events)
    assert {e.name for e in events} <= set(EVENT_NAMES)
    firsts = [flown.event(name).t for name in REQUIRED]
    assert firsts == sorted(firsts) and len(set(firsts)) == len(firsts)
    for leg in flown.flight.legs:
        assert all(leg.start <= e.t <= leg.end for e in leg.events), leg.phase
        assert all(e.vehicle in flown.flight.vehicles for e in leg.events), leg.phase


def test_values_of_events_name_their_units(flown):
    for event in flown.flight.events:
        assert KEYS.get(event.name, set()) <= set(event.values), event.name
        for key, value in event.values.items():
            assert isinstance(value, str) or key in COUNTS or UNIT.search(key), f"{event.name}.{key}"
            assert isinstance(value, str) or math.isfinite(value), f"{event.name}.{key}"


def test_every_rule_is_judged_and_held(flown):
    judged = {v.phase for v in flown.flight.verdicts}
    assert judged == {leg.phase for leg in flown.flight.legs}
    assert all(v.passed for v in flown.flight.verdicts)


def test_the_trim_is_recorded_when_it_is_flown(flown):
    """Each event stands in the middle of a time in which the station's mass falls, and has all that it falls by."""
    path = flown.path("await_launch", flown.station)
    events = [event for event in flown.leg("await_launch").events if event.name == "station_trim"]
    for event in events:
        near = np.abs(path.t - event.t) < 3600.0
        t, mass = path.t[near], path.mass[near]
        burns = np.flatnonzero(np.diff(mass) < 0.0)
        assert event.t == pytest.approx(0.5 * (t[burns[0]] + t[burns[-1] + 1]), abs=1e-6)
        assert event.values["propellant_kg"] == pytest.approx(mass[0] - mass[-1], abs=1e-6)
    total = sum(event.values["propellant_kg"] for event in events)
    assert len(events) > 1 and total == pytest.approx(path.mass[0] - path.mass[-1], abs=1e-5)
