"""How the ship goes about docking: from what it navigates, which stretch of its way it is on, and when to turn back.

Its mind is two small arrays. `mode_state` (5,) int64: mode, index of the arc or stop ahead, 1 once it is there, tries
made, cause of the last turning back. `timers` (3,): arrival there, s; start of the present mode or arc, s; target of a
back-off, m. Marks (k, 3) are (code, t, value); their count is an array of one, as all of them add to it.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from kernels.docking.plan import (
    ARRIVAL,
    BACK_OFF,
    BACKED_OFF,
    CORRIDOR,
    DEPARTURE,
    INBOUND,
    LEAVE,
    LEFT,
    MISSED,
    NAVIGATION,
    NO_CAUSE,
    OFF_ARC,
    FLY_AROUND,
    SPEED,
    STATION_TURNS,
    TRIES,
)
from kernels.docking.route import HOLD_GAIN, STOP_SPEED, closing_speed

MODE, NEXT, REACHED, ATTEMPT, CAUSE = 0, 1, 2, 3, 4
ARRIVED_AT, BEGAN, TARGET = 0, 1, 2
NEAR_STOP = 0.3  # m
JUDGED = 2.0  # m, nearer than this the capture box rules, not the cone
FRESH = 3.0  # s, a port seen longer ago than this is not seen


class ApproachEstimate(NamedTuple):
    """An inbound approach as navigated: gap, offset m along and off the port's axis, speed m/s, distance m from the
    port; camera_age, fix_age s since the camera saw the port, and since any sensor measured where the station is;
    station_angle rad and station_rate rad/s, what the station's attitude surely has."""

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
    """Write a mark while there is room."""
    if count[0] < marks.shape[0]:
        marks[count[0], 0], marks[count[0], 1], marks[count[0], 2] = code, t, value
        count[0] += 1


@njit(cache=True, error_model="numpy", _nrt=False)
def initialise(t, route, mode_state, timers):
    """Fill a mind that begins at `t`: round by arcs where the way has any, else at the first stop."""
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
    """Back off for another try where one is left and the cause allows it, else leave; marks which and why."""
    again = cause in (MISSED, NAVIGATION)
    mode_state[CAUSE] = cause
    timers[BEGAN] = t
    if again and mode_state[ATTEMPT] < watch.tries:
        mode_state[MODE] = BACK_OFF
        mode_state[ATTEMPT] += 1
        # A miss goes back to the last stop; what the ship cannot see it waits for at the first.
        mode_state[NEXT] = route.stops.shape[0] - 1 if cause == MISSED else 0
        mode_state[REACHED] = 0
        timers[TARGET] = max(route.stops[mode_state[NEXT]], gap)
        mark(BACKED_OFF, t, cause, marks, count)
    else:
        mode_state[MODE] = LEAVE
        mark(LEFT, t, TRIES if again else cause, marks, count)


@njit(cache=True, error_model="numpy", _nrt=False)
def rules(estimate, route, watch, mode_state):
    """The cause to turn back for, on the way in, or NO_CAUSE; estimate: `ApproachEstimate`."""
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
def inward(t, gap, ready, route, watch, mode_state, timers, marks, count):
    """The commanded speed toward the port, m/s, on the way in; it stops at the stops, and leaves one when it may.

    ready: 1 where the ship sees what it needs for the next stretch. Where patience ends at a stop, it turns back.
    """
    stops = route.stops.shape[0]
    k = mode_state[NEXT]
    if k < stops:
        if mode_state[REACHED] == 0 and gap - route.stops[k] < NEAR_STOP:  # too near counts too: the hold brings it back
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
def outward(t, gap, watch, mode_state, timers):
    """The commanded speed toward the port, m/s (so negative), while backing off; at its target it turns inbound."""
    left = timers[TARGET] - gap
    if left < NEAR_STOP:
        mode_state[MODE] = INBOUND
        mode_state[REACHED] = 0
        timers[BEGAN] = t
        return 0.0
    return -min(watch.back_off, STOP_SPEED + 0.01 * left)


@njit(cache=True, error_model="numpy", _nrt=False)
def around(t, route, mode_state, timers, marks, count):
    """Whether the arcs are done: goes on to the next where one is done and waited for."""
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
def strayed(apart, watch):
    """The cause to leave for while going round, or NO_CAUSE: apart m from where it should be."""
    return OFF_ARC if apart > watch.off_arc else NO_CAUSE
