"""Shenzhou-20 and -19 of April 2025, flown again and held against the record (seeds/facts).

What is no evidence, because the scenario is steered by it: the second of lift-off (taken from the record), the day of
undocking (`handover_days` is chosen for it) and the time from undocking to landing (`undock_to_landing_h`, a fact), so
undocking and landing times themselves. The perigee, the apogee and the plane are aims of the ascent's guidance; that it
reaches them with public figures of the launcher, in the published time, is the evidence. The length of the profile is
planned as in the record (6.5 h); that burns, holds and approach fit into it is what the docking time shows.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.catalogue import facts
from sim.core.epoch import Epoch


def recorded(path: str) -> Epoch:
    return Epoch.from_utc(facts.value(path))


def minutes(flown, start: str, end: str) -> float:
    return (flown.event(end).t - flown.event(start).t) / 60.0


def test_it_flies_to_the_end_and_keeps_every_rule(april_2025):
    assert april_2025.flight.failed is None
    assert [v.rule for v in april_2025.flight.verdicts if not v.passed] == []


# ---- launch


def test_liftoff_follows_from_the_plane_condition_alone(april_2025):
    """The crossing of pad and mean plane, plus the bias that was calibrated on other flights, gives the second.

    60 s: the element set is of 21 May, four weeks later; 0.002 to 0.005 deg of inclination noise are 5 to 10 s, and
    four weeks of uncertain drag another 10 to 20 s of node. The geodetic latitude by mistake would be 445 s off.
    """
    reported = april_2025.leg("await_launch").record.figures.liftoff_from_plane_condition_utc
    assert abs(Epoch.from_utc(reported).since(recorded("missions.sz_20.launch"))) < 60.0
    # The flight itself lifts off at the second of the record; this says that it was not moved.
    assert abs(april_2025.flight.epoch(april_2025.event("liftoff").t).since(recorded("missions.sz_20.launch"))) < 1e-6


def test_insertion_orbit_is_the_published_one(april_2025):
    """200 x 350 km, reported as whole tens of km for a series of flights: 15 and 20 km."""
    perigee, apogee = facts.value("jiuquan.insertion_orbit")
    got = april_2025.event("orbit_insertion").values
    assert got["perigee_km"] == pytest.approx(perigee, abs=15.0)
    assert got["apogee_km"] == pytest.approx(apogee, abs=20.0)


def test_insertion_comes_at_the_published_time(april_2025):
    """583 s. Thrust and masses are public to about 2 %, and the time goes with them: 30 s are 5 %."""
    met = april_2025.flight.met(april_2025.event("orbit_insertion").t)
    assert met == pytest.approx(facts.value("ascent.spacecraft_separation"), abs=30.0)


@pytest.mark.parametrize(
    ("event", "fact"),
    [
        ("booster_separation", "ascent.fg_booster_separation"),
        ("stage_1_separation", "ascent.fg_stage1_separation"),
        ("fairing_separation", "ascent.fg_fairing_separation"),
        ("main_engine_cutoff", "ascent.stage2_main_cutoff"),
        ("tower_jettison", "ascent.escape_tower_jettison"),
    ],
)
def test_ascent_events_are_those_of_the_cz2f_g(april_2025, event, fact):
    """15 s: the older CZ-2F list (boosters at 136 s) is 19 s away and must not pass for this one.

    Evidence for thrust over mass: boosters, stage 1, main cut-off. Tower and fairing are timed by the vehicle file.
    """
    assert april_2025.flight.met(april_2025.event(event).t) == pytest.approx(facts.value(fact), abs=15.0)


def test_launcher_of_public_figures_reaches_orbit_with_little_to_spare(april_2025):
    """Some 1 % of the upper stage is left: neither short nor a ton of margin that no designer would have left over.

    The public figures are uncertain by about a ton (dry masses, residuals), which is 2 % of 86 t.
    """
    left = april_2025.leg("ascent").record.figures.propellant_left_kg
    assert 0.0 < left < 0.02 * april_2025.scenario.launcher.stages[-1].propellant_kg


# ---- rendezvous


def test_docks_when_the_record_says(april_2025):
    """20 min of 6 h 31 min: hold times are not published, and half an hour of them is assumed."""
    docked = april_2025.flight.epoch(april_2025.event("docked").t)
    assert abs(docked.since(recorded("missions.sz_20.docked"))) < 20.0 * 60.0
    assert april_2025.event("docked").values["port"] == facts.value("missions.sz_20.port")


@pytest.mark.parametrize(("name", "fact", "allowed"), [("october_2025", "sz_21", 10.0), ("april_2025", "sz_20", 15.0)])
def test_contact_comes_when_the_record_says(request, name, fact, allowed):
    """Both by the numbers of their profile, which are the same for all of its flights.

    The record does not say whether it means contact or the end of docking 8 min later: either must be near it.
    """
    flown = request.getfixturevalue(name)
    for event in ("contact", "docked"):
        reported = flown.flight.epoch(flown.event(event).t)
        assert abs(reported.since(recorded(f"missions.{fact}.docked"))) < 60.0 * allowed, event


def test_the_fast_flight_keeps_every_rule_and_comes_home_with_the_other_crew(october_2025):
    """Shenzhou-21: 3.5 h up with three, and down with the three of Shenzhou-20, whose own ship had a cracked window.

    Undocking and landing are steered by the record's day and duration; half a revolution is what they must keep.
    """
    flown = october_2025
    assert flown.flight.failed is None
    assert [v.rule for v in flown.flight.verdicts if not v.passed] == []
    assert flown.event("contact").values["port"] == facts.value("missions.sz_21.port")
    landed = {s.name for s in flown.flight.legs[-1].scene.crew if s.aboard == "landed"}
    assert landed == set(facts.value("missions.sz_21.crew_down"))
    aboard = {s.name for s in flown.flight.legs[-1].scene.crew if s.aboard == flown.station}
    assert aboard == set(facts.value("missions.sz_21.crew_up"))
    for name, path in (("undocking", "missions.sz_21.undocked"), ("touchdown", "missions.sz_21.landed")):
        assert abs(flown.flight.epoch(flown.event(name).t).since(recorded(path))) < 45.0 * 60.0
    assert flown.flight.vehicles.count("shenzhou-21") == 1


def test_contact_is_inside_the_box_of_the_mechanism(flown):
    """The limits of the mechanism's product sheet; translation only, so no angles yet."""
    contact = flown.event("contact").values
    low, high = facts.value("docking.axial_closing_speed")
    assert low <= contact["closing_speed_m_s"] <= high
    assert contact["lateral_offset_m"] <= facts.value("docking.lateral_misalignment_max")
    assert contact["lateral_speed_m_s"] <= facts.value("docking.lateral_rate_max")


def test_phasing_costs_what_the_height_difference_costs(flown):
    """At most 5 % over (n/2) da; below it no plan can be, but for the 0.2 % by which the averages of J2 blur da."""
    figures = flown.leg("phasing").record.figures
    assert 0.998 < figures.delta_v_over_floor <= 1.05
    burns = [e.values["delta_v_m_s"] for e in flown.flight.events if e.name == "phasing_burn"]
    assert sum(burns) == pytest.approx(figures.delta_v_m_s, abs=0.01 * 6)  # burns under 1 cm/s are not recorded


def test_ships_keep_propellant(flown):
    """A rendezvous takes a quarter of the ton, a deorbit another; at least a third must be left for what goes wrong."""
    end = flown.flight.legs[-1].scene.propellant
    full = facts.value("shenzhou.propellant_mass")
    assert full / 3.0 < end[flown.up] < full
    assert full / 3.0 < end[flown.down] < full


# ---- return


def test_undocking_and_landing_are_on_their_day(april_2025):
    """No evidence (both are steered), but it must not slip by a revolution: 92 min."""
    for name, path in (("undocking", "missions.sz_19.undocked"), ("touchdown", "missions.sz_19.landed")):
        assert abs(april_2025.flight.epoch(april_2025.event(name).t).since(recorded(path))) < 45.0 * 60.0


def test_the_ship_that_should_come_down_does(april_2025):
    landed = {s.name for s in april_2025.flight.legs[-1].scene.crew if s.aboard == "landed"}
    assert landed == set(facts.value("missions.sz_19.crew_down"))
    aboard = {s.name for s in april_2025.flight.legs[-1].scene.crew if s.aboard == april_2025.station}
    assert aboard == set(facts.value("missions.sz_20.crew_up"))


def test_duration_of_the_deorbit_burn_is_as_reported(flown):
    """150 to 180 s are reported for several flights, and the angle at the entry interface is chosen for it."""
    low, high = facts.value("return.deorbit_burn_duration")
    assert low <= flown.event("deorbit_burn_end").values["duration_s"] <= high
    # Reported for both the speed and the length: one follows from the other by the rocket equation.
    dv = flown.event("deorbit_burn_end").values["delta_v_m_s"]
    assert dv == pytest.approx(facts.value("return.deorbit_delta_v"), abs=20.0)


def test_from_braking_to_landing_in_about_fifty_minutes(flown):
    """50 +- 2 min; reported for the braking as a whole, which lasts 2.4 min: from its start +2, from its end -2
    more."""
    reported = facts.value("return.deorbit_to_landing")
    assert reported - 4.0 < minutes(flown, "deorbit_burn_end", "touchdown")
    assert minutes(flown, "deorbit_burn_start", "touchdown") < reported + 4.0


def test_the_orbital_module_leaves_51_minutes_before_the_landing(flown):
    fact = facts.fact("return.om_separation_to_landing")
    assert minutes(flown, "orbital_module_separation", "touchdown") == pytest.approx(fact.value, abs=1.0)


def test_from_the_service_module_to_landing_in_24_minutes(flown):
    """About 24 min are reported; 4 min are a quarter of the time under the parachutes, which winds and air change."""
    assert minutes(flown, "service_module_separation", "touchdown") == pytest.approx(24.0, abs=4.0)
    height = flown.event("service_module_separation").values["altitude_km"]
    assert height == pytest.approx(facts.value("return.sm_rm_separation_altitude"), abs=5.0)


def test_peak_load_is_that_of_a_lifting_entry(flown):
    """3 to 4 g are reported for a nominal entry, 8 to 9 for a ballistic one: up to 4.5 g."""
    fact = facts.fact("shenzhou.entry_g_nominal")
    load = flown.event("peak_load").values["load_g"]
    assert fact.value - float(fact.uncertainty) <= load <= fact.value + 2.0 * float(fact.uncertainty)


def test_speeds_at_the_ground_are_the_published_ones(flown):
    low, high = facts.value("return.descent_speed_main")
    assert low <= flown.event("retro_fire").values["speed_m_s"] <= high
    soft = facts.fact("return.touchdown_speed")
    assert flown.event("touchdown").values["speed_m_s"] == pytest.approx(soft.value, abs=float(soft.uncertainty))


def test_lands_at_dongfeng(flown):
    """15 km, the smaller half of the published landing ellipse, in a wind that errs from its forecast."""
    site, touchdown = flown.scenario.landing_site, flown.event("touchdown").values
    north = math.radians(touchdown["latitude_deg"] - site.latitude_deg) * 6371.0
    east = math.radians(touchdown["longitude_deg"] - site.longitude_deg) * 6371.0
    east *= math.cos(math.radians(site.latitude_deg))
    assert math.hypot(north, east) == pytest.approx(touchdown["miss_km"], rel=0.01)
    assert touchdown["miss_km"] < min(facts.value("return.landing_ellipse"))


# ---- the other rotation, which has no record yet


def test_the_payload_specialist_flies_as_announced(pakistan):
    """Up on Shenzhou-24, down on Shenzhou-23, after about a week; the candidates are facts, the seat is a slot."""
    seat = next(s for s in pakistan.flight.legs[-1].scene.crew if s.nation == "Pakistan")
    assert (seat.ship_up, seat.ship_down, seat.aboard) == ("shenzhou-24", "shenzhou-23", "landed")
    assert seat.role == "payload specialist"
    assert 6.0 < (seat.down_t - seat.up_t) / 86400.0 < 10.0


def test_six_hand_over_and_one_of_the_old_crew_stays(pakistan):
    crew = pakistan.flight.legs[-1].scene.crew
    assert pakistan.event("hatch_open").values["people_aboard"] == 6
    stays = [s.name for s in crew if s.ship_up == "shenzhou-23" and s.aboard == pakistan.station]
    assert len(stays) == 1
    assert sorted(s.nation for s in crew if s.aboard == "landed") == ["China", "China", "Pakistan"]


def test_launch_is_in_the_announced_window_on_the_plane(pakistan):
    """On the plane's own second plus the bias, within the window.

    The second comes from a fix: 20 m across the track are 3e-6 rad of the plane, which the pad, moving at 8 deg along
    it, takes 0.3 s for; a second is three of their sigmas.
    """
    figures, liftoff = pakistan.leg("await_launch").record.figures, pakistan.flight.epoch(pakistan.event("liftoff").t)
    assert figures.liftoff_after_crossing_s == pytest.approx(figures.plane_bias_s, abs=1.0)
    first, last = facts.value("missions.sz_24.launch_window")
    assert f"{first}-01" <= liftoff.utc(0)[:10] <= f"{last}-30"


def test_plan_of_the_ascent_is_what_is_flown(flown):
    """What the vehicle file says the ascent takes, for planning the phase: the 2 s of rounding in it are 0.13 deg."""
    figures, plan = flown.leg("ascent").record.figures, flown.scenario.launcher.guidance
    assert figures.duration_s == pytest.approx(plan.plan_insertion_s, abs=2.0)
    assert figures.downrange_inertial_deg == pytest.approx(plan.plan_downrange_deg, abs=0.1)
    assert np.isclose(figures.orbit.phase_deg, flown.scenario.profile.phase_deg, atol=0.2, rtol=0.0)
