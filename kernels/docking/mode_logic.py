"""Mode logic of a docking, on the navigated state: which segment of its path the ship is on, and when to turn back.

Its memory is two small arrays. `mode_state` (6,) int64: mode, index of the next arc end or stop, 1 once that is
reached, number of this attempt, cause of the last turning back, why the camera is blind. `timers` (3,): arrival at that
point, s; start of the present mode or arc, s; target gap of a back-off, m. Marks (k, 3) are (code, t, value); their
count is an array of one, as all of them add to it.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.docking.plan import (
    ARRIVAL,
    BACK_OFF,
    BACKED_OFF,
    CORRIDOR,
    DEPARTURE,
    FLY_AROUND,
    INBOUND,
    LEAVE,
    LEFT,
    MISSED,
    NAVIGATION,
    NO_CAUSE,
    OFF_ARC,
    PORT_IN_DARK,
    SPEED,
    STATION_TURNS,
    SUN_IN_CAMERA,
    TRIES,
)
from kernels.docking.route import HOLD_GAIN, STOP_SPEED, closing_speed
from kernels.sensors.sensors import DAZZLED

MODE, NEXT, REACHED, ATTEMPT, CAUSE, UNSEEN = 0, 1, 2, 3, 4, 5
ARRIVED_AT, BEGAN, TARGET = 0, 1, 2
NEAR_STOP = 0.3  # m
JUDGED = 2.0  # m, nearer than this the capture box rules, not the cone
FRESH = 3.0  # s, an older camera or sensor fix does not count


class ApproachEstimate(NamedTuple):
    """An inbound approach as navigated: gap, offset m along and across the port's axis, speed m/s, distance m from
    the port; camera_age, fix_age s since the camera saw the port, and since any sensor measured the relative position;
    station_angle rad and station_rate rad/s, lower 3-sigma bounds of the station's attitude and rate."""

    gap: float
    offset: float
    speed: float
    distance: float
    camera_age: float
    fix_age: float
    station_angle: float
    station_rate: float


@njit(cache=True, error_model="numpy", _nrt=False)
def mark(code, t, value, marks, count):
    """Write a mark, unless the array is full."""
    if count[0] < marks.shape[0]:
        marks[count[0], 0], marks[count[0], 1], marks[count[0], 2] = code, t, value
        count[0] += 1


@njit(cache=True, error_model="numpy", _nrt=False)
def initialise(t, route, mode_state, timers):
    """Fill mode state and timers at the start `t`: fly-around where the path has arcs, else at the first stop."""
    for i in range(mode_state.shape[0]):
        mode_state[i] = 0
    for i in range(timers.shape[0]):
        timers[i] = t
    mode_state[MODE] = FLY_AROUND if route.points.shape[0] > 1 else INBOUND
    mode_state[NEXT] = 1 if mode_state[MODE] == FLY_AROUND else 0
    mode_state[REACHED] = 0 if mode_state[MODE] == FLY_AROUND else 1
    mode_state[ATTEMPT] = 1


@njit(cache=True, error_model="numpy", _nrt=False)
def turn_back(t, cause, gap, route, watch, mode_state, timers, marks, count):
    """Back off for another attempt if the cause and the number of attempts allow it, else retreat; mark it and why."""
    again = cause in (MISSED, NAVIGATION)
    if cause == NAVIGATION and mode_state[UNSEEN] != 0:
        cause = SUN_IN_CAMERA if mode_state[UNSEEN] == DAZZLED else PORT_IN_DARK
    mode_state[CAUSE] = cause
    timers[BEGAN] = t
    if again and mode_state[ATTEMPT] < watch.tries:
        mode_state[MODE] = BACK_OFF
        mode_state[ATTEMPT] += 1
        # After a miss back to the last stop; after a loss of navigation to the first, to wait there.
        mode_state[NEXT] = route.stops.shape[0] - 1 if cause == MISSED else 0
        mode_state[REACHED] = 0
        timers[TARGET] = max(route.stops[mode_state[NEXT]], gap)
        mark(BACKED_OFF, t, cause, marks, count)
    else:
        mode_state[MODE] = LEAVE
        mark(LEFT, t, TRIES if cause in (MISSED, NAVIGATION) else cause, marks, count)


@njit(cache=True, error_model="numpy", _nrt=False)
def approach_rules(estimate, route, watch, mode_state):
    """The cause to turn back for, on the inbound approach, or NO_CAUSE; estimate: `ApproachEstimate`."""
    gap, speed = estimate.gap, estimate.speed
    if estimate.station_angle > watch.station_angle or estimate.station_rate > watch.station_rate:
        return STATION_TURNS
    if gap < JUDGED:
        return NO_CAUSE
    if estimate.fix_age > FRESH:
        return NAVIGATION
    if math.atan2(estimate.offset, gap) > watch.corridor:
        return CORRIDOR
    if speed > max(watch.v_max, estimate.distance / watch.speed_range + watch.speed_min):
        return SPEED
    if mode_state[NEXT] == route.stops.shape[0] and gap < watch.seen_within and estimate.camera_age > FRESH:
        return NAVIGATION
    return NO_CAUSE


@njit(cache=True, error_model="numpy", _nrt=False)
def inbound_speed(t, gap, ready, route, watch, mode_state, timers, marks, count):
    """The commanded speed toward the port, m/s, of the inbound approach; it holds at stops, and departs once ready.

    ready: 1 where the sensors for the next segment work. Where the longest wait at a stop is over, the ship turns back.
    """
    stops = route.stops.shape[0]
    k = mode_state[NEXT]
    if k < stops:
        # Also after an overshoot: the hold corrects it.
        if mode_state[REACHED] == 0 and gap - route.stops[k] < NEAR_STOP:
            mode_state[REACHED] = 1
            timers[ARRIVED_AT] = t
            mark(ARRIVAL, t, route.stops[k], marks, count)
        waited = t - timers[ARRIVED_AT]
        if mode_state[REACHED] == 1 and waited >= route.holds[k] - 1.0e-9:
            if ready:
                mark(DEPARTURE, t, route.stops[k], marks, count)
                mode_state[NEXT] += 1
                mode_state[REACHED] = 0
                k += 1
            elif waited > route.holds[k] + watch.patience:
                turn_back(t, NAVIGATION, gap, route, watch, mode_state, timers, marks, count)
                return 0.0
    if k == stops:
        return max(route.v_contact, closing_speed(gap, gap, route.v_max, route.slope, route.v_contact))
    ahead = gap - route.stops[k]
    if mode_state[REACHED] == 1:
        return HOLD_GAIN * ahead
    return closing_speed(ahead, gap, route.v_max, route.slope, STOP_SPEED)


@njit(cache=True, error_model="numpy", _nrt=False)
def back_off_speed(t, gap, watch, mode_state, timers):
    """The commanded speed toward the port, m/s (so negative), while backing off; at its target it turns inbound."""
    left = timers[TARGET] - gap
    if left < NEAR_STOP:
        mode_state[MODE] = INBOUND
        mode_state[REACHED] = 0
        timers[BEGAN] = t
        return 0.0
    return -min(watch.back_off, STOP_SPEED + 0.01 * left)


@njit(cache=True, error_model="numpy", _nrt=False)
def fly_around(t, route, mode_state, timers, marks, count):
    """Whether all arcs are done; starts the next arc when one and the wait after it are done."""
    k = mode_state[NEXT]
    if mode_state[REACHED] == 0 and t - timers[BEGAN] >= route.times[k - 1] - 1.0e-9:
        mode_state[REACHED] = 1
        timers[ARRIVED_AT] = t
        mark(ARRIVAL, t, np.float64(k), marks, count)
    if mode_state[REACHED] == 1 and t - timers[ARRIVED_AT] >= route.waits[k - 1] - 1.0e-9:
        mark(DEPARTURE, t, np.float64(k), marks, count)
        mode_state[NEXT] += 1
        mode_state[REACHED] = 0
        timers[BEGAN] = t
        return mode_state[NEXT] == route.points.shape[0]
    return False


@njit(cache=True, error_model="numpy", _nrt=False)
def arc_rule(apart, watch):
    """The cause to retreat for during a fly-around, or NO_CAUSE: apart m, position error on the arc."""
    return OFF_ARC if apart > watch.off_arc else NO_CAUSE
