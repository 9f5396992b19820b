"""Plans of phasing between made orbits: what they cost against the table of the brief, who sees them, what is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors, beside
from sim.core.random_streams import stream
from sim.core.scene import State
from sim.core.vehicle import Engine
from sim.orbit.tracking import RELAYS, STATIONS, earth_fixed, links
from sim.rendezvous.phasing_plan import Schedule, floor, planned, replanned, starts
from sim.rendezvous.relative import relative_state

MAIN = Engine(5000.0, 290.0)
INCLINATION = math.radians(41.5)
INSERTION = math.radians(115.0)  # argument of latitude: 25 deg past the northernmost point, as from Jiuquan
FAST, SLOW = (31.0, 54.0, 87.0), (48.0, 93.0, 140.0, 186.0, 225.0, 240.0)


def on_orbit(u: float, radius: float, speed: float, mass: float, cda: float) -> State:
    node, ahead = np.array([1.0, 0.0, 0.0]), np.array([0.0, math.cos(INCLINATION), math.sin(INCLINATION)])
    r = radius * (math.cos(u) * node + math.sin(u) * ahead)
    return State(r, speed * (math.cos(u) * ahead - math.sin(u) * node), mass, cda)


def made(phase_deg: float) -> tuple[State, State]:
    """A station on a circle of 6771.5 km and a ship at the perigee of 200 x 350 km, `phase_deg` behind it."""
    perigee, apogee = R_EQUATOR + 200e3, R_EQUATOR + 350e3
    speed = math.sqrt(MU_EARTH * (2.0 / perigee - 2.0 / (perigee + apogee)))
    high = 6771.5e3
    station = on_orbit(INSERTION + math.radians(phase_deg), high, math.sqrt(MU_EARTH / high), 9.0e4, 700.0)
    return station, on_orbit(INSERTION, perigee, speed, 8082.0, 44.0)


def schedule(burns_min, homing_min: float, coast_min: float = 12.0) -> Schedule:
    return Schedule(
        name="made",
        burns=tuple(60.0 * m for m in burns_min),
        homing_after=60.0 * homing_min,
        homing_point=np.array([-30e3, 0.0, 10e3]),
        slack=900.0,
        coast=60.0 * coast_min,
        budget=1e3,
        arrival_tolerance=1e3,
    )


def cost_of(phase_deg: float, plan: Schedule, world) -> float:
    station, ship = made(phase_deg)
    return planned(plan, 0.0, 0.0, station, ship, MAIN, links(), world).cost


# ---- what it costs


@pytest.mark.parametrize(
    ("phase_deg", "homing_min", "reported"),
    [(5, 120, 63.9), (7, 130, 62.0), (8, 130, 61.9), (9, 130, 61.8), (10, 140, 61.8), (11, 140, 61.7), (12, 140, 62.1)],
)
def test_fast_plans_cost_what_the_table_says(world, phase_deg, homing_min, reported):
    """docs/physics.md 6.3, where the homing point is 120 to 140 min after insertion, found by another program.

    1 %: gravity losses of finite burns and another field. At 5 deg, outside the flat part, the cost goes with the time
    that is left by 1 m/s in 10 min, and the table does not say which was taken: 4 %.
    """
    got = cost_of(phase_deg, schedule((*FAST, homing_min - 12.0), homing_min), world)
    assert got == pytest.approx(reported, rel=0.04 if phase_deg == 5 else 0.01)


@pytest.mark.parametrize(("phase_deg", "reported"), [(10, 61.7), (14, 61.5), (18, 61.2), (22, 61.0)])
def test_slow_plans_cost_what_the_table_says(world, phase_deg, reported):
    assert cost_of(phase_deg, schedule(SLOW, 255.0, 15.0), world) == pytest.approx(reported, rel=0.01)


def test_beyond_its_window_a_plan_is_expensive(world):
    """3 deg in two hours: 90 m/s are published. 26 deg in four: 73; six burns of 15 min slack find 79. 10 % each."""
    assert cost_of(3, schedule((*FAST, 108.0), 120.0), world) == pytest.approx(89.8, rel=0.1)
    assert cost_of(26, schedule(SLOW, 255.0, 15.0), world) == pytest.approx(72.8, rel=0.1)


def test_the_floor_is_that_of_the_heights(world):
    """(n/2) da: 60.8 m/s are published for these heights. The averages of J2 blur it by 0.2 km or 0.1 m/s, and more so
    the circle that the station is put on, which is none under J2: 1 %."""
    station, ship = made(10.0)
    assert floor(ship, station, 0.0, 10e3, world) == pytest.approx(60.8, rel=0.01)


def test_every_plan_keeps_its_coasts_and_its_time_bounds(world):
    station, ship = made(9.0)
    timing = schedule((*FAST, 118.0), 130.0, 20.0)
    plan = planned(timing, 0.0, 0.0, station, ship, MAIN, links(), world)
    assert np.diff(plan.burns[:, 0]).min() >= 20.0 * 60.0 - 1.0
    assert np.abs(plan.burns[:, 0] / 60.0 - [*FAST, 118.0]).max() <= 15.0 + 1e-9
    # After the first burn is flown the next may not come sooner than that, nor may a burn right after `now`.
    rest = replanned(plan.after_burn(), 0.0, plan.burns[0, 0] + 180.0, station, ship, MAIN, world)
    assert rest.time_bounds.first[0] >= min(plan.burns[0, 0] + 20.0 * 60.0, rest.time_bounds.last[0])
    assert len(rest.burns) == 3


def test_starts_share_out_the_same_raise_differently():
    tables = starts(np.array([1e3, 2e3, 3e3, 4e3]), 60.0)
    assert len(tables) >= 4
    assert all(table[:, 1].sum() == pytest.approx(60.0) and not table[:, 2:].any() for table in tables)
    assert len({tuple(np.round(table.ravel(), 6)) for table in tables}) == len(tables)


# ---- who sees it


def test_a_craft_overhead_is_seen_and_one_on_the_other_side_is_not(world):
    seen_by, t = links(), 1000.0
    k = STATIONS.index("kashi")
    zenith = seen_by.stations[k] / np.linalg.norm(seen_by.stations[k]) * 6.77e6
    up, down = seen_by.seen(np.array([zenith, -zenith]))
    assert up[k] and not down[k]
    j = len(STATIONS) + RELAYS.index("tianlian_2_01")
    under = seen_by.relays[RELAYS.index("tianlian_2_01")] / 42164.2e3 * 6.77e6
    near, far = seen_by.seen(np.array([under, -under]))
    assert near[j] and not far[j]
    r = (world.ecef(t).T @ zenith)[None, :]
    assert earth_fixed(r, np.array([t]), world)[0] == pytest.approx(zenith, abs=1.0)
    assert seen_by.through(r, np.array([t]), world) in STATIONS
    nobody = replace(seen_by, relays=np.empty((0, 3)), stations=seen_by.stations[k : k + 1], ups=seen_by.ups[k : k + 1])
    assert nobody.through(-r, np.array([t]), world) is None


# ---- what is known, and how a burn comes out

SHARP = NavigationErrors(
    position=15.0, velocity=0.02, link=100e3, relative=10.0, relative_rate=0.05, near=0.5, near_rate=0.01
)
FIXES = 600
SURE = 1e-6  # of a false alarm, two-sided, on the chi-square of the sum of squares


def fixes(station: State, ship: State) -> tuple[np.ndarray, np.ndarray]:
    """Errors (n,6) of the station's own state and of the relative one over many fixes, in LVLH."""
    true = np.concatenate(relative_state(station, ship))
    own, relative = [], []
    for k in range(FIXES):
        known = SHARP.fix(station, ship, stream(5, 0, "test"), k)
        own.append(np.concatenate(relative_state(station, known[0])))
        relative.append(np.concatenate(relative_state(*known)) - true)
    return np.array(own), np.array(relative)


def consistent(errors: np.ndarray, sigma: float) -> bool:
    low, high = stats.chi2.ppf([SURE / 2.0, 1.0 - SURE / 2.0], errors.size)
    return bool(low < ((errors / sigma) ** 2).sum() < high)


def test_fixes_err_as_their_sigmas_say():
    """Far apart both orbits err by themselves; within the link the relative state errs by its share of the range."""
    station, ship = made(5.0)  # 590 km
    own, relative = fixes(station, ship)
    assert consistent(own[:, :3], 15.0) and consistent(own[:, 3:], 0.02)
    assert not consistent(relative[:, :3], 15.0)  # it has the errors of both
    assert consistent(relative[:, :3], SHARP.relative_sigma(590e3)[0])
    for distance, sigma, rate_sigma in ((40e3, 4.0, 0.02), (400.0, 0.5, 0.01)):
        near = beside(station, ship, np.array([-distance, 0.0, 0.0]), np.zeros(3))
        own, relative = fixes(station, near)
        assert consistent(own[:, :3], 15.0)
        assert consistent(relative[:, :3], sigma) and consistent(relative[:, 3:], rate_sigma)
        assert SHARP.relative_sigma(distance) == pytest.approx((sigma, rate_sigma))
    assert PERFECT.fix(station, ship, stream(5, 0, "test"), 3)[1].r == pytest.approx(ship.r, abs=1e-6)


def test_burns_err_as_their_sigmas_say():
    """Size: normal. Direction: two normal angles, so that the angle off is Rayleigh's."""
    burn = np.array([100.0, 3.0, -4.0, 12.0])
    execution = ExecutionErrors(0.005, math.radians(0.3))
    flown = np.array([execution.flown(burn, stream(5, 0, "test"), k) for k in range(FIXES)])
    size = np.linalg.norm(flown[:, 1:], axis=1)
    assert consistent(size / 13.0 - 1.0, 0.005)
    angle = np.arccos(np.clip(flown[:, 1:] @ burn[1:] / 13.0 / size, -1.0, 1.0))
    low, high = stats.chi2.ppf([SURE / 2.0, 1.0 - SURE / 2.0], 2 * FIXES)
    assert low < ((angle / math.radians(0.3)) ** 2).sum() < high
    off = flown[:, 1:] - burn[1:]
    share = np.einsum("ni,ij,nj->n", off, np.linalg.inv(execution.covariance(burn[1:])), off).sum()
    low, high = stats.chi2.ppf([SURE / 2.0, 1.0 - SURE / 2.0], 3 * FIXES)
    assert low < share < high
    assert (flown[:, 0] == 100.0).all()
    assert np.array_equal(EXACT.flown(burn, stream(5, 0, "test"), 0), burn)
