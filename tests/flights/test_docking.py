"""The closed loop of a docking: what it reaches, what it does when things break, and that it steers by what it sees.

Failure cases are those of a flight readiness review: each must end in capture, a second try that captures, or a retreat
that stays out of the keep-out sphere for a revolution once it is out; and it must say so.
"""

from dataclasses import replace

import made_docking as made
import numpy as np
import pytest
import tolerance

from kernels.docking import log, plan
from sim.core.flight import Failure
from sim.core.random_streams import RandomDraws
from sim.docking.approach import Fault, built, setup
from sim.docking.contact import touch_verdicts
from sim.docking.history import events, failure_reason
from sim.docking.run import fly_around_path, fly_path, inbound_path
from sim.verification import docking_failures as failures

NEAR, FAR = 19.0, 200.0
FOR_GOOD = float("inf")


def fly(phase, gap=FAR, name="docking"):
    """Fly the docking in from `gap` m."""
    way = inbound_path(phase.approach, (gap, NEAR), (30.0, 30.0))
    return fly_path(phase.approach, way, made.waiting(phase, gap), made.mission().world, name)


def with_faults(*faults, run=3, **changes):
    return made.docking(faults=tuple(faults), draws=RandomDraws(7, run), **changes)


def happened(flown, phase):
    return [e.name for e in events(flown, phase.approach)]


def kept_out(flown, phase):
    """Nearest to the station after it has left the keep-out sphere, m."""
    away = np.linalg.norm(flown.log[:, log.PLACE : log.PLACE + 3], axis=1)
    left = flown.marks[flown.marks[:, 0] == plan.LEFT][-1, 1]
    later = away[flown.log[:, log.TIME] >= left]
    return later[np.argmax(later > phase.approach.zones.keep_out) :].min()


@pytest.fixture(scope="module")
def nominal():
    phase = made.docking(draws=RandomDraws(7, 0))
    return phase, fly(phase)


def test_a_ship_docks_inside_the_box_and_the_corridor(nominal):
    phase, flown = nominal
    box, last = phase.approach.ship.docking, flown.log[-1]
    assert flown.status == plan.TOUCHED
    gap = last[log.RING : log.RING + 3] @ phase.approach.port.axis
    across = np.linalg.norm(last[log.RING : log.RING + 3] - gap * phase.approach.port.axis)
    assert abs(gap) < tolerance.TOUCH_M and across < box.lateral_offset
    off = np.arccos(np.clip(_along(flown, phase), -1.0, 1.0))
    assert np.degrees(off[_gap(flown) > 2.0]).max() < np.degrees(phase.approach.zones.corridor)
    assert np.abs(last[log.ANGLES : log.ANGLES + 3]).max() < box.tilt


def _gap(flown):
    return flown.log[:, log.GAP]


def _along(flown, phase):
    ring = flown.log[:, log.RING : log.RING + 3]
    return ring @ phase.approach.port.axis / np.linalg.norm(ring, axis=1)


def test_propellant_used_is_the_mass_that_the_ship_has_lost(nominal):
    """Computed twice: by the mass of the plant, and by the on-times of the thrusters times their flow."""
    phase, flown = nominal
    flow = built(phase.approach).flow
    assert flown.used == pytest.approx(float(flown.on.sum(axis=0) @ flow), rel=tolerance.CONSERVATION)
    assert flown.ship.mass[0] - flown.ship.mass[-1] == pytest.approx(flown.used, rel=tolerance.CONSERVATION)


def test_the_path_is_that_of_the_log(nominal):
    """The ship's path less the station's, turned into LVLH, is what the log holds of its centre of mass."""
    from sim.rendezvous.relative import relative_history

    _, flown = nominal
    rows = flown.log[::40]
    reported = relative_history(flown.station, flown.ship, rows[:, log.TIME], curved=False)
    place = reported.position_m
    assert np.abs(place - rows[:, log.PLACE : log.PLACE + 3]).max() < tolerance.SAME_PLACE_M


def test_random_draws_depend_on_the_run_alone(nominal):
    phase, flown = nominal
    again = fly(made.docking(draws=RandomDraws(7, 0)))
    other = fly(made.docking(draws=RandomDraws(7, 1)))
    assert np.array_equal(flown.log, again.log) and np.array_equal(flown.on, again.on)
    assert flown.log.shape != other.log.shape or not np.array_equal(flown.log, other.log)


def test_it_steers_by_what_it_sees():
    """Blind from the start it knows nothing and says so: nothing of the truth goes round the sensors."""
    phase = with_faults(*(Fault(f"sensor lost: {i}", plan.SENSOR_LOST, 1e3, i) for i in range(5)))
    with pytest.raises(Failure, match="no sensor gives a first fix"):
        fly(phase)


def test_the_pilot_does_not_know_what_the_ship_weighs():
    """Twice as heavy as its model, with the same random draws, it commands the same thrust at first: the command of the
    first periods is built on the books."""
    phase = made.docking(draws=RandomDraws(7, 0))
    way = inbound_path(phase.approach, (FAR, NEAR), (30.0, 30.0))
    scene = made.waiting(phase, FAR)
    craft = phase.approach.ship_name
    heavy = replace(scene.flying[craft], mass=2.0 * scene.flying[craft].mass)
    other = replace(scene, flying={**scene.flying, craft: heavy})
    light = fly_path(phase.approach, way, scene, made.mission().world, "docking")
    slow = fly_path(phase.approach, way, other, made.mission().world, "docking")
    first = np.flatnonzero(light.on.sum(axis=1))[0]
    assert np.array_equal(light.on[: first + 1], slow.on[: first + 1])
    assert not np.array_equal(light.on, slow.on[: len(light.on)])


FAULTS = {
    "thruster stuck off": (Fault("off", plan.STUCK_OFF, 150.0, 1), {plan.TOUCHED}, "thruster_isolated"),
    "thruster stuck on": (Fault("on", plan.STUCK_ON, 60.0, 0), {plan.TOUCHED}, "thruster_isolated"),
    "brake stuck on near by": (Fault("on", plan.STUCK_ON, 8.0, 8), {plan.TOUCHED, plan.RETREATED}, "thruster_isolated"),
    "camera lost at 50 m": (Fault("camera", plan.SENSOR_LOST, 50.0, 3), {plan.RETREATED}, "retreat"),
    "camera lost for a while": (Fault("camera", plan.SENSOR_LOST, 50.0, 3, duration=500.0), {plan.TOUCHED}, "back_off"),
    "radar lost": (Fault("radar", plan.SENSOR_LOST, 190.0, 1), {plan.TOUCHED}, "fault"),
    "lidar lost": (Fault("lidar", plan.SENSOR_LOST, 190.0, 2), {plan.TOUCHED}, "fault"),
    "station turns": (Fault("spin", plan.STATION_SPIN, 150.0, 0, np.radians(0.1)), {plan.RETREATED}, "retreat"),
    "station turns near by": (Fault("spin", plan.STATION_SPIN, 15.0, 0, np.radians(0.1)), {plan.RETREATED}, "retreat"),
    "braking missed": (Fault("mute", plan.NO_THRUST, 100.0, duration=120.0), {plan.RETREATED, plan.TOUCHED}, "fault"),
    "last braking missed": (
        Fault("mute", plan.NO_THRUST, 30.0, duration=60.0),
        {plan.RETREATED, plan.TOUCHED},
        "fault",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_breaks_ends_well_or_at_a_distance(case):
    fault, allowed, says = FAULTS[case]
    phase = with_faults(fault)
    flown = fly(phase)
    assert flown.status in allowed, failure_reason(flown, phase.approach)
    assert says in happened(flown, phase)
    if flown.status == plan.RETREATED:
        assert kept_out(flown, phase) >= phase.approach.zones.keep_out
        assert "retreated" in failure_reason(flown, phase.approach)


@pytest.mark.parametrize("run", range(4))
def test_a_thruster_that_sticks_open_is_shut_in_time(run):
    """Its pressure disagrees with its command from the first period; it is shut within the allowed detection time."""
    phase = with_faults(Fault("on", plan.STUCK_ON, 120.0, run), run=run)
    flown = fly(phase)
    marks = flown.marks
    begun = marks[marks[:, 0] == plan.FAULT][0, 1]
    shut = marks[marks[:, 0] == plan.ISOLATED][0, 1]
    control = phase.approach.control
    assert shut - begun <= control.detect + 20.0 * control.period  # it may be commanded on at times, which agrees
    after = flown.log[:, log.TIME] > shut
    assert flown.on[after][:, run].max() == 0.0


def test_a_touch_outside_the_box_is_a_bounce_a_back_off_and_one_retry():
    """With a box of a millimetre every touch misses: it comes twice, and then leaves for good and stays away."""
    phase = made.docking(draws=RandomDraws(7, 2))
    tight = replace(phase.approach.ship.docking, lateral_offset=1e-3, lateral_speed=1e-5)
    phase = made.docking(draws=RandomDraws(7, 2), ship=replace(phase.approach.ship, docking=tight))
    flown = fly(phase, gap=60.0)
    assert flown.status == plan.RETREATED and flown.cause() == plan.TRIES
    assert happened(flown, phase).count("missed_contact") == 2 and "back_off" in happened(flown, phase)
    for t, met in flown.bounces():  # both are judged, as the rings met in the period before
        assert t in flown.marks[:, 1] and abs(met[0]) < 0.1 and 0.08 < met[3] < 0.18
        judged = {v.rule: v for v in touch_verdicts(met, tight, "docking", t)}
        assert not judged["lateral offset at contact"].passed
    assert len(flown.bounces()) == 2
    assert kept_out(flown, phase) >= phase.approach.zones.keep_out
    with pytest.raises(Failure, match="retreated because no attempt was left"):
        replace(phase, stops=(60.0, NEAR), holds=(30.0, 30.0)).fly(made.waiting(phase, 60.0), made.mission().world)


def test_a_tank_that_runs_dry_is_reported():
    phase = made.docking(draws=RandomDraws(7, 0))
    scene = made.waiting(phase, FAR)
    scene = replace(scene, propellant={**scene.propellant, phase.approach.ship_name: 2.0})
    with pytest.raises(Failure, match="ran out of propellant"):
        phase.fly(scene, made.mission().world)


@pytest.mark.parametrize("end", [(0.0, 0.0, 205.0), (205.0, 0.0, 0.0)])
def test_round_the_station_to_the_nadir_and_to_the_front(end):
    """From behind, below the station: near the arcs all the way, out of the sphere, and looking at the station."""
    points = [(-400.0, 0.0, 0.0), (-205.0, 0.0, 0.0), (0.0, 0.0, 205.0)]
    points += [end] if end[0] else []
    phase = made.docking(draws=RandomDraws(7, 5))
    port = "forward" if end[0] else "nadir"
    approach = replace(phase.approach, port_name=port)
    way = fly_around_path(approach, points, [600.0] + [900.0] * (len(points) - 2), [30.0] * (len(points) - 1))
    flown = fly_path(approach, way, made.around(phase, points[0]), made.mission().world, "fly_around")
    assert flown.status == plan.ARRIVED
    place = flown.log[:, log.PLACE : log.PLACE + 3]
    assert np.linalg.norm(place, axis=1).min() > phase.approach.zones.keep_out
    assert np.linalg.norm(place[-1] - np.array(end)) < tolerance.END_OF_ARC_M
    off = flown.log[flown.log[:, log.TIME] > flown.t - 5.0, log.ANGLES : log.ANGLES + 3]
    assert np.degrees(np.abs(off)).max() < tolerance.FACING_DEG  # the pose that the port wants, roll and all


def test_every_case_of_the_table_of_failures_ends_well():
    """`tiangong verify failures`, from where the mission's own docking begins."""
    rows = failures.rows(made.mission())
    assert [row["case"] for row in rows if not row["held"]] == []
    ends = {end for row in rows for end in row["ends"]}
    assert ends == {"captured", "captured after one retry", "safe retreat"}
    assert all(row["why"] for row in rows if "safe retreat" in row["ends"])


@pytest.mark.parametrize("within", [7.0, 10.0])
def test_a_retreat_planned_on_a_spoilt_estimate_is_mended_on_the_way(within):
    """A station that turns close by spoils the navigation; planned once, three retreats in fifty fell back inside."""
    for run in range(12):
        phase = made.docking(
            faults=(Fault("spin", plan.STATION_SPIN, within, 0, np.radians(0.1)),), draws=RandomDraws(3, run)
        )
        flown = fly(phase, gap=60.0)
        assert flown.status == plan.RETREATED and kept_out(flown, phase) >= phase.approach.zones.keep_out, run


def test_a_contact_with_the_collision_radius_ends_the_flight():
    """No thrust from 15 m on, for good: it goes on into the station, and says so."""
    phase = made.docking(faults=(Fault("mute", plan.NO_THRUST, 15.0, duration=400.0),), draws=RandomDraws(3, 1))
    scene = made.waiting(phase, 60.0)
    with pytest.raises(Failure, match="collision with the station"):
        replace(phase, stops=(60.0, NEAR), holds=(30.0, 30.0)).fly(scene, made.mission().world)


def test_the_ship_watches_the_speed_limits_that_it_is_judged_by(april_2025):
    """The mode logic's record against the zones of the profile and the mechanism of the ship, which the rules use."""
    approach = april_2025.phase("docking").approach
    for least in (approach.zones.speed_min, 0.02):
        other = replace(approach, zones=replace(approach.zones, speed_min=least))
        watch = setup(other, inbound_path(other, (200.0, 20.0), (0.0, 0.0)), april_2025.before("docking")).watch
        assert (watch.speed_range, watch.speed_min) == (approach.zones.speed_range, least)
        assert watch.v_max == approach.ship.docking.box.closing_max
