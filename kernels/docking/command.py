"""Guidance of a docking, each control period: commanded position, velocity and attitude, and the impulses demanded."""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.steering import off_pointing, rate_demand, velocity_demand
from kernels.docking.mode_logic import (
    BEGAN,
    FRESH,
    MODE,
    NEXT,
    ApproachEstimate,
    approach_rules,
    arc_rule,
    back_off_speed,
    fly_around,
    inbound_speed,
    turn_back,
)
from kernels.docking.plan import BACK_OFF, FLY_AROUND, INBOUND, LEAVE, NO_CAUSE, STATION_TURNS
from kernels.docking.port_geometry import turn_matrix
from kernels.docking.route import arc, hill_acceleration, pointing, rest_to_rest
from kernels.maths.vectors import norm
from kernels.sensors.sensors import CAMERA, GNSS, LIDAR, RADAR


@record
class Command(NamedTuple):
    """The commands of a period. place (3,), speed (3,), change (3,): m, m/s, m/s2, LVLH; pose (3, 3) LVLH to body and
    turn (3,) rad/s of it in LVLH; mate (3, 3) the pose of a mated ship; origin (3,) m of the first arc; to_go (3,) m/s,
    delta-v to go of a retreat; ring (2,) m: the ring's gap along and offset across the port's axis, as navigated. The
    others are workspace."""

    place: np.ndarray
    speed: np.ndarray
    change: np.ndarray
    pose: np.ndarray
    turn: np.ndarray
    mate: np.ndarray
    origin: np.ndarray
    to_go: np.ndarray
    ring: np.ndarray
    port: np.ndarray
    axis: np.ndarray
    turned: np.ndarray
    free: np.ndarray
    vector: np.ndarray


def command() -> Command:
    """A `Command` of zeros."""
    return Command(
        place=np.zeros(3),
        speed=np.zeros(3),
        change=np.zeros(3),
        pose=np.eye(3),
        turn=np.zeros(3),
        mate=np.eye(3),
        origin=np.zeros(3),
        to_go=np.zeros(3),
        ring=np.zeros(2),
        port=np.zeros(3),
        axis=np.zeros(3),
        turned=np.eye(3),
        free=np.zeros(3),
        vector=np.zeros(3),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def locate(nav, route, command):
    """From the navigated state: the port, its axis, the pose of a mated ship, and the ring's gap and offset."""
    x, lb = nav.relative.x, nav.lb[0]
    turn_matrix(x[6:9], command.turned)
    turned, pose = command.turned, command.mate
    gap = 0.0
    for i in range(3):
        command.port[i] = turned[i, 0] * route.port[0] + turned[i, 1] * route.port[1] + turned[i, 2] * route.port[2]
        command.axis[i] = turned[i, 0] * route.axis[0] + turned[i, 1] * route.axis[1] + turned[i, 2] * route.axis[2]
        for j in range(3):
            frame = route.frame[i]
            pose[i, j] = frame[0] * turned[j, 0] + frame[1] * turned[j, 1] + frame[2] * turned[j, 2]
        gap += (x[i] + route.ring * lb[0, i] - command.port[i]) * command.axis[i]
    offset = 0.0
    for i in range(3):
        side = x[i] + route.ring * lb[0, i] - command.port[i] - gap * command.axis[i]
        command.vector[i] = side
        offset += side * side
    command.ring[0], command.ring[1] = gap, math.sqrt(offset)


@njit(cache=True, error_model="numpy", _nrt=False)
def decide(t, n, nav, setup, mode_state, timers, command, marks, count):
    """Commanded position, velocity and attitude, from the navigated state; 1 once the arcs are done.

    `command.vector` comes from `locate`: the ring's offset vector from the axis.
    """
    route, watch, gain = setup.route, setup.watch, setup.steering.gain
    x = nav.relative.x
    gap = command.ring[0]
    if mode_state[MODE] == FLY_AROUND:
        if fly_around(t, route, mode_state, timers, marks, count):
            return 1
        k = mode_state[NEXT]
        start, centre = command.origin if k == 1 else route.points[k - 1], route.centre
        for i in range(3):
            command.vector[i] = start[i] - centre[i]
            command.free[i] = route.points[k, i] - centre[i]
        arc(
            command.vector,
            command.free,
            route.times[k - 1],
            t - timers[BEGAN],
            command.place,
            command.speed,
            command.change,
            command.turn,
        )
        apart = 0.0
        for i in range(3):
            command.place[i] += centre[i]
            error = command.place[i] - x[i]
            command.speed[i] += gain * error
            command.vector[i] = centre[i] - command.place[i]
            apart += error * error
        pointing(command.vector, command.pose)
        done = 0.0
        if k == route.points.shape[0] - 1:
            done, pace, _ = rest_to_rest((t - timers[BEGAN]) / route.times[k - 1])
            for i in range(3):
                command.turn[i] += route.roll * pace / route.times[k - 1] * command.pose[0, i]
        _roll(route.held + route.roll * done, command.pose)
        cause = arc_rule(math.sqrt(apart), watch)
        if cause != NO_CAUSE:
            turn_back(t, cause, gap, route, watch, mode_state, timers, marks, count)
        return 0
    if mode_state[MODE] == LEAVE:
        return 0
    moving = 0.0  # the ring's speed against the port, without the ship's own rotation
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        command.turn[i] = x[9 + i]
        command.free[i] = x[9 + j] * command.port[k] - x[9 + k] * command.port[j]
        moving += (x[3 + i] - command.free[i]) ** 2
        for m in range(3):
            command.pose[i, m] = command.mate[i, m]
    moving = math.sqrt(moving)
    seen = nav.age[CAMERA]
    turned, turning = _lower_bound(x, nav.relative.cov, 6), _lower_bound(x, nav.relative.cov, 9)
    if mode_state[MODE] == BACK_OFF and (turned > watch.station_angle or turning > watch.station_rate):
        turn_back(t, STATION_TURNS, gap, route, watch, mode_state, timers, marks, count)
    elif mode_state[MODE] == INBOUND:
        distance = math.hypot(gap, command.ring[1])
        blind = min(nav.age[GNSS], nav.age[RADAR], nav.age[LIDAR], seen)
        estimate = ApproachEstimate(
            gap=gap,
            offset=command.ring[1],
            speed=moving,
            distance=distance,
            camera_age=seen,
            fix_age=blind,
            station_angle=turned,
            station_rate=turning,
        )
        cause = approach_rules(estimate, route, watch, mode_state)
        if cause != NO_CAUSE:
            turn_back(t, cause, gap, route, watch, mode_state, timers, marks, count)
    toward = 0.0
    if mode_state[MODE] == INBOUND:
        # The last segment is flown by the camera: without it the ship stays at the last stop.
        ready = mode_state[NEXT] + 1 < route.stops.shape[0] or seen <= FRESH
        toward = inbound_speed(t, gap, ready, route, watch, mode_state, timers, marks, count)
    elif mode_state[MODE] == BACK_OFF:
        toward = back_off_speed(t, gap, watch, mode_state, timers)
    for i in range(3):
        command.speed[i] = command.free[i] - toward * command.axis[i] - gain * command.vector[i]
        command.change[i] = 0.0
        command.place[i] = command.speed[i]
    return 0


@njit(cache=True, error_model="numpy", _nrt=False)
def _lower_bound(x, cov, first):
    """Lower bound of the length of x[first : first + 3]: less three sigma of the three together."""
    spread = math.sqrt(cov[first, first] + cov[first + 1, first + 1] + cov[first + 2, first + 2])
    return norm(x[first : first + 3]) - 3.0 * spread


@njit(cache=True, error_model="numpy", _nrt=False)
def _roll(angle, pose):
    """Turn the rows of pose (3, 3) by angle rad about the first."""
    c, s = math.cos(angle), math.sin(angle)
    for i in range(3):
        y, z = pose[1, i], pose[2, i]
        pose[1, i], pose[2, i] = c * y + s * z, c * z - s * y


@njit(cache=True, error_model="numpy", _nrt=False)
def demand_for(n, mass, inertia, nav, steering, mode, command, demand):
    """Fill demand (6,), impulse N s and angular impulse N m s, body axes, from the command and the navigated state."""
    x, lb, v = nav.relative.x, nav.lb[0], command.vector
    if mode == LEAVE:
        for i in range(3):
            v[i] = command.to_go[i]
    else:
        hill_acceleration(x[:3], x[3:6], n, command.free)
        velocity_demand(command.speed, command.change, x[3:6], command.free, norm(x[:3]), steering, v)
    for i in range(3):
        demand[i] = mass * (lb[i, 0] * v[0] + lb[i, 1] * v[1] + lb[i, 2] * v[2])
    angle, rate, dw = command.free, demand[3:6], v
    off_pointing(lb, command.pose, angle)
    for i in range(3):
        pose, turn = command.pose[i], command.turn
        rate[i] = nav.attitude.rate[i] - pose[0] * turn[0] - pose[1] * (turn[1] - n) - pose[2] * turn[2]
    rate_demand(angle, rate, steering, dw)
    for i in range(3):
        demand[3 + i] = inertia[i, 0] * dw[0] + inertia[i, 1] * dw[1] + inertia[i, 2] * dw[2]
