"""The rules near the station: zones by geometry, drifts in the full model, their spread by lot, plumes by the law."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from kernels.relative.hill import from_curvilinear, from_lvlh, hcw_two_impulse, to_lvlh
from kernels.relative.retreat import CLEAR, retreat, shortfall
from sim.build.vehicles import ship_of
from sim.core.docking_record import ThrusterHistory
from sim.core.epoch import Epoch
from sim.core.histories import columns, rows
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors
from sim.core.navigation_errors import beside as placed
from sim.core.random_streams import RandomDraws
from sim.core.scene import State
from sim.core.vehicle import Engine, Port
from sim.orbit.propagate import arrive, fly, semi_major_axis
from sim.proximity_safety.closing import drift_without_thrust
from sim.proximity_safety.drift import (
    HALF,
    MISSED,
    STUCK,
    CommandedBurn,
    DriftRules,
    drift_arcs,
    drift_history,
    judge_drifts,
)
from sim.proximity_safety.judge import (
    corridor,
    judge_closing,
    kept_out,
    no_return,
    not_entered,
    speed_limit,
)
from sim.proximity_safety.plume import judge_plume, plume_at_port, pressure
from sim.proximity_safety.zones import Zones, outside_ellipsoid
from sim.rendezvous.relative import relative_columns, relative_history, sample_times
from sim.scenario.load import load_named
from tests.tolerance import BURN_SHARE_M_S, RADIAL_HOP_M, SPREAD_REL
from tests.worlds import airless, zonal

ZONES = Zones(
    ellipsoid=np.array([2000.0, 1000.0, 1000.0]),
    keep_out=200.0,
    corridor=math.radians(10.0),
    speed_range=200.0,
    speed_min=0.05,
    plume_range=30.0,
    plume_angle=math.radians(30.0),
    plume_pressure=3.0,
    plume_thrust=150.0,
    plume_power=10.0,
    drift_outside=4.0,
    drift_inside=1.0,
    stuck=1.5,
)
AFT = Port(np.array([-15.0, 0.0, 0.0]), np.array([-1.0, 0.0, 0.0]))
RING = 4.9
BOX = ship_of(load_named("shenzhou", "ship")).docking
ENGINE = Engine(5000.0, 290.0)
KNOWN = NavigationErrors(
    position=15.0, velocity=0.02, link=100e3, relative=10.0, relative_rate=0.05, near=0.5, near_rate=0.01
)
BURNT = ExecutionErrors(0.005, math.radians(0.3))
OUTSIDE = DriftRules(ENGINE, KNOWN, BURNT, ZONES, True)
INSIDE = replace(OUTSIDE, outside=False)
STATION = State(
    np.array([-5415058.38480501, 2859966.5077057485, 2880804.7068259646]),
    np.array([-1349.3030345472844, -6476.047472247062, 3894.4786946425047]),
    90000.0,
    600.0,
)
N = math.sqrt(MU_EARTH / float(semi_major_axis(STATION.r, STATION.v)[0]) ** 3)
PERIOD = 2.0 * math.pi / N


@pytest.fixture(scope="module")
def world():
    return airless(Epoch.from_utc("2025-04-24T00:00:00Z"), 0.0, 86400.0)


def beside(place, velocity=(0.0, 0.0, 0.0)) -> State:
    """A ship at a curved LVLH place of the station."""
    r, v = np.empty(3), np.empty(3)
    from_curvilinear(STATION.r, STATION.v, np.array(place, dtype=float), np.array(velocity, dtype=float), r, v)
    return State(r, v, 7900.0, 40.0)


def hop(start, end, duration) -> np.ndarray:
    """The two burns of Hill's equations from rest to rest, as rows; the first at 60 s."""
    dv1, dv2, still = np.empty(3), np.empty(3), np.zeros(3)
    hcw_two_impulse(N, duration, np.array(start, dtype=float), still, np.array(end, dtype=float), still, dv1, dv2)
    return np.array([[60.0, *dv1], [60.0 + duration, *dv2]])


def tries(ship: State, burns: np.ndarray, world) -> list[CommandedBurn]:
    """Every burn as a look 60 s before it finds the ship, which flies from 0 s on, nothing going wrong."""
    made = []
    for k, row in enumerate(burns):
        at = row[0] - 60.0
        r, v, mass = arrive(ship, 0.0, at, world, burns[:k], ENGINE) if at > 0.0 else (ship.r, ship.v, ship.mass)
        made.append(CommandedBurn(at, State(r, v, mass, ship.cda), row))
    return made


def line(start, end, seconds=1000.0, points=501):
    """The series of a straight way at one speed."""
    start, end = np.array(start, dtype=float), np.array(end, dtype=float)
    share = np.linspace(0.0, 1.0, points)
    return relative_columns(
        seconds * share, start + share[:, None] * (end - start), np.tile((end - start) / seconds, (points, 1))
    )


def beside_port(place, velocity=None):
    """The series of places off the port, one a second."""
    place = np.array(place, dtype=float)
    velocity = 0.0 * place if velocity is None else np.array(velocity)
    return relative_columns(np.arange(float(len(place))), place, velocity)


def of(verdicts, words):
    (found,) = [v for v in verdicts if words in v.rule]
    return found


# Zones ----------------------------------------------------------------------------------------------------------------


def test_the_ellipsoid_by_its_axes():
    place = np.array([[2500.0, 0, 0], [0, 1500.0, 0], [0, 0, -1000.0], [600.0, 0, 0.0], [1200.0, 0.0, 800.0]])
    np.testing.assert_allclose(outside_ellipsoid(place, ZONES), [500.0, 500.0, 0.0, -1400.0, 0.0], atol=1e-9)


def test_ellipsoid_entered_where_the_way_crosses_it():
    way = line((-5000, 0, 0), (-400, 0, 0), 460.0, 461)  # 10 m/s: at -2000 m after 300 s
    assert not of(not_entered(way, ZONES, "homing"), "ellipsoid").passed
    assert of(kept_out(way, ZONES, "transfer"), "keep-out").margin == pytest.approx(200.0)
    assert not kept_out(line((-300, 0, 0), (-150, 0, 0)), ZONES, "fly_around")[0].passed


def test_corridor_and_speed_on_the_approach():
    """Aimed past the axis by 8 deg it holds, by 12 deg it does not; both rules of speed show the worst place."""
    for lean, inside in ((8.0, True), (12.0, False)):
        way = line((-300, 0, 300 * math.tan(math.radians(lean))), (-3, 0, 3 * math.tan(math.radians(lean))))
        judged = judge_closing(way, AFT, RING, BOX, ZONES, "docking")
        for words in ("crossed inside the corridor", "inside the approach corridor"):
            rule = [v for v in judged if v.rule.endswith(words)][0]
            assert rule.passed == inside and rule.value == pytest.approx(lean, abs=1e-9)
        speed = of(judged, "speed")  # 0.3 m/s all the way: too fast inside 50 m, worst at 3 m, where 0.18 is allowed
        assert speed.value == pytest.approx(way.range_rate_m_s[-1] * -1.0 - 0.18, abs=1e-3) and not speed.passed


def test_an_approach_beside_the_corridor_breaks_the_sphere_rule():
    """It comes in abeam and reaches the axis at 100 m: inside the cone at the end, but not where it met the sphere."""
    judged = judge_closing(line((-115, 300, 0), (-115, 0, 0)), AFT, RING, BOX, ZONES, "docking")
    assert not of(judged, "crossed").passed and of(judged, "crossed").value > 50.0


def test_the_corridor_is_an_angle_off_the_axis():
    axis = np.array([0.0, 0.0, 1.0])
    near = beside_port([[0.5, 0.0, 1.0], [0.0, 1.0, 10.0], [3.0, 4.0, 5.0]])  # the first is too near to be judged
    verdict = corridor("rule", "phase", near, axis, ZONES)
    assert (verdict.value, verdict.t, verdict.passed) == (pytest.approx(45.0), 2.0, False)
    nearer = corridor("rule", "phase", near, axis, ZONES, near.t_s < 2.0)
    assert nearer.value == pytest.approx(math.degrees(math.atan(0.1)))


def test_the_speed_limit_grows_with_the_range():
    axis = np.array([1.0, 0.0, 0.0])
    place = [[1.0, 0.0, 0.0], [20.0, 0.0, 0.0], [100.0, 0.0, 0.0]]
    near = beside_port(place, [[9.0, 0.0, 0.0], [-0.2, 0.0, 0.0], [0.0, 0.6, 0.0]])
    verdict = speed_limit("rule", "phase", near, axis, 0.25, ZONES)
    assert (verdict.value, verdict.t) == (pytest.approx(0.6 - 0.55), 2.0)
    first = rows(near, slice(2))
    assert speed_limit("rule", "phase", first, axis, 0.25, ZONES).value == pytest.approx(-0.05)


@pytest.mark.parametrize(
    ("distance", "value", "at"),
    [
        ([10, 100, 150, 300, 900], 900, 4),  # leaves for good: reported at the end
        ([10, 150, 300, 800, 300, 150, 400, 900], 150, 5),  # and comes back
        ([10, 120, 60, 150, 300, 250, 700], 250, 5),  # a wave inside the sphere is not a return
        ([10, 300, 290, 280], 280, 3),  # is on its way back at the end
        ([10, 150, 190, 150], 10, 0),  # never leaves
    ],
)
def test_a_return_is_where_the_range_turns_again(distance, value, at):
    verdict = no_return("rule", "phase", np.arange(float(len(distance))), np.array(distance, dtype=float), 200.0)
    assert (verdict.value, verdict.t, verdict.passed) == (value, at, value >= 200.0)


# Drift ----------------------------------------------------------------------------------------------------------------


def test_burns_fail_as_configured(world):
    """Velocity after a burn that failed, against the one that was missed: half of it, and one and a half."""
    burns = np.array([[100.0, 3.0, 0.0, 1.0]])
    arcs = drift_arcs(tries(beside((-5000, 0, 0)), burns, world), STATION, 0.0, OUTSIDE, world)
    assert [(a.burn, a.kind) for a in arcs] == [(0, MISSED), (0, HALF), (0, STUCK)]
    speeds = [
        np.array([np.interp(106.0, a.history.t_s, v) for v in (a.history.vx_m_s, a.history.vz_m_s)]) for a in arcs
    ]
    for speed, share in zip(speeds[1:], (0.5, 1.5), strict=True):
        np.testing.assert_allclose(speed - speeds[0], share * burns[0, [1, 3]], atol=BURN_SHARE_M_S)
    for arc in arcs:
        assert arc.history.t_s[-1] - arc.history.t_s[0] == pytest.approx(4.0 * PERIOD)


def test_radial_hop_that_misses_its_stop_burn():
    """From -5 km to -400 m in half a revolution: the brief gives a minimum distance of 435 m, then it goes back."""
    round_world = airless(Epoch.from_utc("2025-04-24T00:00:00Z"), 0.0, 86400.0, zonal())
    radius, slant = 6.7715e6, math.radians(41.47)
    n = math.sqrt(MU_EARTH / radius**3)
    r, v = np.array([radius, 0.0, 0.0]), n * radius * np.array([0.0, math.cos(slant), math.sin(slant)])
    place, speed = np.empty(3), np.empty(3)
    from_lvlh(r, v, np.array([-5000.0, 0.0, 0.0]), np.zeros(3), place, speed)  # straight behind, as the brief has it
    ship, station = State(place, speed, 7900.0, 40.0), State(r, v, 90000.0, 600.0)
    size = 4600.0 * n / 4.0  # radial, 1.30 m/s: half a revolution carries 4 dv / n along the orbit
    burns = np.array([[60.0, 0.0, 0.0, size], [60.0 + math.pi / n, 0.0, 0.0, size]])
    sure = replace(INSIDE, navigation=PERFECT, execution=EXACT)
    arcs = drift_arcs(tries(ship, burns, round_world), station, 0.0, sure, round_world)
    arc = next(a for a in arcs if a.burn == 1 and a.kind == MISSED)
    assert arc.clear.min() == pytest.approx(435.0, abs=RADIAL_HOP_M)
    assert np.ptp(arc.history.x_m) > 4000.0  # and back it goes
    np.testing.assert_allclose(arc.clear, arc.history.range_m)  # nothing is taken off without errors


def test_spread_of_a_drift_against_lots(world):
    """3 sigma of the distance after a stuck burn: what 400 flown draws of a fix and of the burn scatter by.

    The draws are those of the flight's own navigation and engine, from the true state at the fix on.
    """
    burns = hop((-5000, 0, 0), (-600, 0, 0), 1800.0)
    looked = tries(beside((-5000, 0, 0)), burns, world)
    arc = next(a for a in drift_arcs(looked, STATION, 0.0, INSIDE, world) if a.burn == 1 and a.kind == STUCK)
    i = len(arc.history.t_s) // 2
    t = float(arc.history.t_s[i])
    rt, vt, _ = arrive(STATION, 0.0, t, world)
    r, v, mass = arrive(STATION, 0.0, looked[1].t, world)
    station = State(r, v, mass, STATION.cda)
    place = looked[1].ship
    toward = arc.history.position_m[i] / arc.history.range_m[i]
    draws, stuck = RandomDraws(7), burns[1].copy()
    stuck[1:] *= 1.5
    distances = []
    for k in range(400):
        known, ship = KNOWN.fix(station, place, draws.stream("fix"), k)
        d, rate = np.empty(3), np.empty(3)
        to_lvlh(known.r, known.v, ship.r, ship.v, d, rate)
        drawn = BURNT.flown(stuck, draws.stream("burn"), k)
        r, v, _ = arrive(placed(station, place, d, rate), looked[1].t, t, world, drawn[None, :], ENGINE)
        to_lvlh(rt, vt, r, v, d, rate)
        distances.append(d @ toward)
    reported = arc.history.range_m[i] - arc.clear[i]
    assert reported == pytest.approx(3.0 * np.std(distances), rel=SPREAD_REL)


def test_what_went_before_a_fix_is_not_counted(world):
    """The spread of the second burn's drifts is that of its own fix: the first burn's errors, ten times as large, are
    in what the fix finds."""
    burns = hop((-5000, 0, 0), (-600, 0, 0), 1800.0)
    looked = tries(beside((-5000, 0, 0)), burns, world)
    clumsy = [replace(looked[0], burn=looked[0].burn * np.array([1.0, 10.0, 10.0, 10.0])), looked[1]]
    for kind in (MISSED, STUCK):
        plain, after = (
            next(a for a in drift_arcs(x, STATION, 0.0, INSIDE, world) if a.burn == 1 and a.kind == kind)
            for x in (looked, clumsy)
        )
        np.testing.assert_array_equal(plain.clear, after.clear)


def test_drifts_judged_and_recorded(world):
    """To 400 m under the nadir port in 2000 s a missed or half last burn meets the sphere; at -600 m nothing does.

    Those are the figures that the profiles were changed for.
    """
    start = beside((-5000, 0, 0))
    verdicts = {}
    for name, end, duration in (("nadir", (3, 0, 408), 1940.0), ("behind", (-600, 0, 0), 1800.0)):
        looked = tries(start, hop((-5000, 0, 0), end, duration), world)
        arcs = drift_arcs(looked, STATION, 0.0, INSIDE, world)
        verdicts[name] = judge_drifts(arcs, False, ZONES, "transfer")
    assert [v.passed for v in verdicts["nadir"]] == [False, False, True]
    assert all(v.passed for v in verdicts["behind"]) and min(v.margin for v in verdicts["behind"]) > 100.0
    assert [v.rule for v in verdicts["behind"]] == [
        f"drift after a {name} burn stays out of the keep-out sphere" for name in ("missed", "half", "stuck")
    ]
    history = drift_history(arcs)
    assert len({len(column) for column in columns(history).values()}) == 1
    assert set(history.missed) == {0.0, 0.5, 1.0} and len(set(history.arc)) == 6


def test_a_drift_that_begins_inside_must_get_out(world):
    """Pushed off at 0.3 m/s from 100 m behind it leaves; resting at 100 m on V-bar it never does."""
    idle = np.array([[60.0, 0.0, 0.0, 1e-6]])
    for velocity, passed in (((-0.3, 0, 0), True), ((0.0, 0, 0), False)):
        arcs = drift_arcs(tries(beside((-100, 0, 0), velocity), idle, world), STATION, 0.0, INSIDE, world)
        assert judge_drifts(arcs, False, ZONES, "departure")[0].passed == passed


# The inbound approach -------------------------------------------------------------------------------------------------


def test_there_is_a_retreat_from_everywhere_near_the_station():
    """One burn takes a ship out of the sphere and keeps it out, from a grid of places: so no rule has to ask for it."""
    grid = [np.array([x, y, z]) for x, y, z in itertools.product(*[np.arange(-240.0, 241.0, 80.0)] * 3)]
    dv = np.empty(3)
    for place in (p for p in grid if np.linalg.norm(p) > 20.0):
        retreat(np.concatenate([place, np.zeros(3)]), N, ZONES.keep_out, 10.3, dv)
        assert shortfall(place.copy(), dv.copy(), N, CLEAR * ZONES.keep_out, math.inf) == 0.0, place


def test_where_an_approach_drifts_without_thrust(world):
    """Drifts without thrust are those of the full model."""
    way = line((-200, 0, 0), (-2, 0, 0), 990.0)
    drift = drift_without_thrust(way, AFT, RING, N, (500.0, 200.0, 30.0))
    assert set(drift.arc) == {0.0, 1.0}  # it never was at 500 m
    first = drift.arc == 1.0
    t0, start = drift.t_s[first][0], np.array([drift.x_m[first][0], drift.y_m[first][0], drift.z_m[first][0]])
    r, v = np.empty(3), np.empty(3)
    from_lvlh(STATION.r, STATION.v, start, np.array([0.2, 0.0, 0.0]), r, v)
    times = sample_times(0.0, 1500.0, 60.0)
    flown = relative_history(
        fly(STATION, 0.0, 1500.0, world), fly(State(r, v, 7900.0, 40.0), 0.0, 1500.0, world), times, curved=False
    )
    for drifted, there in ((drift.x_m, flown.x_m), (drift.z_m, flown.z_m)):
        reported = np.interp(times, drift.t_s[first] - t0, drifted[first])
        np.testing.assert_allclose(reported, there, atol=3.0)  # straight lines over 60 s, and an orbit not a circle


# Plume ----------------------------------------------------------------------------------------------------------------


def test_pressure_by_the_cosine_law():
    assert pressure(10.0, 1.0, 150.0, ZONES) == pytest.approx(3.0)
    assert pressure(20.0, 1.0, 150.0, ZONES) == pytest.approx(0.75)
    assert pressure(10.0, math.cos(math.radians(30.0)), 25.0, ZONES) == pytest.approx(0.5 * 0.75**5)
    assert pressure(10.0, -0.5, 150.0, ZONES) == 0.0


@pytest.mark.parametrize(("cant", "gap", "passed"), [(0.0, 20.0, False), (0.0, 40.0, True), (45.0, 20.0, True)])
def test_no_braking_at_the_station_near_by(cant, gap, passed):
    """A thruster that pushes the ship back blows at the port; a canted one, or one fired further out, does not."""
    way = line((-60, 0, 0), (0, 0, 0), 600.0)
    t = np.arange(0.0, 600.0, 0.5)
    at = (60.0 - gap) / 0.1  # s, when it is there
    on = {"brake": np.where(np.abs(t - at) < 0.3, 0.2, 0.0), "push": np.full(len(t), 0.1)}
    fired = ThrusterHistory(t, on)
    lean = math.radians(cant)
    position = np.array([[2.0, 1.2, 0.0], [-4.0, 0.0, 0.0]])
    force = 150.0 * np.array([[-math.cos(lean), -math.sin(lean), 0.0], [1.0, 0.0, 0.0]])
    plume = plume_at_port(fired, way, ("brake", "push"), position, force, RING, AFT, ZONES)
    (verdict,) = judge_plume(plume, ZONES, "docking")
    assert verdict.passed == passed
    i = int(np.argmax(plume.pressure_pa))
    assert plume.gap_m[i] == pytest.approx(gap, abs=0.1)
    if cant == 0.0:
        away = math.hypot(RING - 2.0 + gap, 1.2)
        expected = 3.0 * (10.0 / away) ** 2 * ((RING - 2.0 + gap) / away) ** 10
        assert plume.pressure_pa[i] == pytest.approx(expected, rel=0.01)
        assert verdict.value == pytest.approx(gap, abs=0.1)
