"""The last kilometre in closed loop, six degrees of freedom: sense, estimate, decide, steer, choose thrusters, fly.

Truth: the station on its path with its own attitude motion, and the ship's place against it as the difference of two
full accelerations, with pulses resolved (kernels/six_dof.py). Everything that decides sees measurements and estimates
only (kernels/navigation.py); what is judged afterwards is the truth, in `log`. LVLH of the station; SI, rad.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from kernels.attitude import to_body
from kernels.contact import Box, Side, capture_box
from kernels.contact import scratch as contact_room
from kernels.docking_command import command_room, decide, locate, wish_for
from kernels.docking_faults import answer, break_down, hardware
from kernels.docking_log import tell
from kernels.docking_mind import BEGAN, MODE, NEXT, TRIED, awake, mark, turn_back
from kernels.docking_plan import (
    ARRIVED,
    BOUNCED,
    INBOUND,
    LEAVE,
    MISSED,
    NO_FIX,
    OUT_OF_PROPELLANT,
    RETREATED,
    TIMED_OUT,
    TOUCH,
    TOUCHED,
    Watch,
    Way,
)  # fmt: skip
from kernels.docking_truth import look, touching, truth
from kernels.mating import bounce
from kernels.navigation import OK, begin, navigate
from kernels.relative_filter import Beliefs
from kernels.retreat import retreat
from kernels.selection import choosing, select
from kernels.sensors import Sensors
from kernels.sight import Aim
from kernels.six_dof import Body, StationMotion, fly_period
from kernels.six_dof import room as plant_room
from kernels.steering import Steering
from kernels.thrusters import Thrusters, pulses
from kernels.vectors import norm

BURN_MOST = 120.0  # s that a retreat's burn may take
SLOW_STOP = 0.002  # m/s of a retreat's burn left undone, which ends it


class Setup(NamedTuple):
    """All that a docking is flown with. clear (m,) uint8: the thrusters that do not blow at the port; box, ship, body:
    the capture box, and both craft as kernels/contact.py wants them; restitution of a touch that is not taken;
    propellant kg on board; faults (f, 5) rows as in kernels/docking_plan.py."""

    way: Way
    watch: Watch
    steering: Steering
    thrusters: Thrusters
    actual: Thrusters
    clear: np.ndarray
    sensors: Sensors
    beliefs: Beliefs
    aim: Aim
    craft: Body
    station: Body
    box: Box
    ship: Side
    body: Side
    restitution: float
    propellant: float
    faults: np.ndarray


@njit(cache=True, error_model="numpy", nogil=True)
def dock(t, y, path, motion, forces, setup, stream, nav, log, nodes, ons, marks, pair, margins):
    """Fly y (14,) in place from t s along the way of `setup` to the touch, or to why not.

    y             ship from station, inertial m, m/s; attitude (4,); rate (3,) rad/s in body axes; mass kg
    path (k, 11)  the station's; motion: its attitude, changed by a fault; forces: of the world
    stream        of the run: what the sensors draw; nav: room for a `Navigation`
    log (k, COLUMNS), nodes (k, 8), ons (k, m)  out, a row each period: kernels/docking_log.py; s, inertial position and
                  velocity of the ship, m, m/s, its mass kg; how long each thruster was on, s
    marks (k, 3), pair (28,), margins (7,)  out: what happened; both bodies at the last touch; what was left to the box
    Returns (status, rows, t, marks).
    """
    way, watch, steering, hull = setup.way, setup.watch, setup.steering, setup.craft
    dt, m, first = steering.period, setup.thrusters.flow.shape[0], t
    now, hw, command, springs = truth(), hardware(setup.thrusters, setup.faults), command_room(), contact_room()
    what, when, count, at = np.zeros(6, np.int64), np.zeros(4), np.zeros(1, np.int64), np.zeros(1, np.int64)
    choice, plant = choosing(m), plant_room(m)
    on, carry, mask, wish, felt = np.zeros(m), np.zeros(m), np.ones(m, np.uint8), np.zeros(6), np.zeros(9)
    loaded = y[13]
    look(t, y, path, at, motion, way, now)
    known = begin(
        dt, now.c, now.n[0], now.relative, y[6:10], y[10:13], now.station, setup.sensors, setup.beliefs, setup.aim,
        hw.health, stream, nav,
    )  # fmt: skip
    if known != OK:
        return NO_FIX, 0, t, 0
    command.origin[:] = nav.relative.x[:3]
    awake(t, way, what, when)
    left, rows, period, status = False, 0, 0, TIMED_OUT
    while left or t - first < watch.limit:
        n = now.n[0]
        spin_from = break_down(t, norm(now.ring), setup.faults, hw, motion, marks, count)
        motion = StationMotion(motion.amplitude, motion.period, motion.phase, spin_from, motion.spin)
        locate(nav, way, command)
        done = decide(t, n, nav, setup, what, when, command, marks, count)
        if what[MODE] == LEAVE and not left:
            left = True
            command.turn[:] = 0.0
            retreat(nav.relative.x[:6], n, watch.keep_out, watch.body, command.owed)
        if rows < log.shape[0]:
            tell(t, y, now, command.mate, nav, loaded - y[13], what[MODE], command.place, log[rows])
            _node(t, y, now, nodes[rows])
            ons[rows] = 0.0
            rows += 1
        if done:
            status = ARRIVED
            break
        if left and t - when[BEGAN] > 2.0 * math.pi / n:
            status = RETREATED
            break
        if loaded - y[13] > setup.propellant:
            status = OUT_OF_PROPELLANT
            break

        coming = what[MODE] == INBOUND and what[NEXT] == way.stops.shape[0] and now.gap[1] > 0.0
        if coming and now.gap[0] < now.gap[1] * dt:
            # The last part of a period before the touch is flown without thrust; then ring meets ring.
            h = max(now.gap[0] / now.gap[1], 0.0)
            on[:] = 0.0
            fly_period(t, h, y, on, setup.actual, hull, setup.station, path, forces, plant, felt)
            look(t + h, y, path, at, motion, way, now)
            touching(y, now, setup.ship, setup.body, springs, pair)
            mark(TOUCH, t + h, np.float64(what[TRIED]), marks, count)
            if capture_box(springs.rel, setup.box, margins):
                if rows < log.shape[0]:
                    tell(t + h, y, now, command.mate, nav, loaded - y[13], what[MODE], command.place, log[rows])
                    _node(t + h, y, now, nodes[rows])
                    ons[rows] = 0.0
                    rows += 1
                t += h
                status = TOUCHED
                break
            before = y[3:6].copy()
            _rebound(y, setup, pair)
            mark(BOUNCED, t + h, np.float64(what[TRIED]), marks, count)
            turn_back(t, MISSED, now.gap[0], way, watch, what, when, marks, count)
            fly_period(t + h, dt - h, y, on, setup.actual, hull, setup.station, path, forces, plant, felt)
            blow = y[3:6] - before
            to_body(y[6:10], command.turned)
            for i in range(3):  # the accelerometer feels the blow too
                pushed = (
                    command.turned[i, 0] * blow[0] + command.turned[i, 1] * blow[1] + command.turned[i, 2] * blow[2]
                )
                felt[i] += pushed
                felt[6 + i] += (dt - h) * pushed
        else:
            wish_for(n, y[13], hull.inertia, nav, steering, what[MODE], command, wish)
            if left and (norm(command.owed) < SLOW_STOP or t - when[BEGAN] > BURN_MOST):
                command.owed[:] = 0.0
                wish[:3] = 0.0
            clear = what[MODE] != LEAVE and command.off[0] < watch.plume
            for j in range(m):
                mask[j] = hw.usable[j] * (setup.clear[j] if clear else 1)
            select(wish, dt, mask, setup.thrusters, choice, on)
            if t < hw.mute[0]:
                on[:] = 0.0
            pulses(on, carry, setup.thrusters.min_on, dt)
            answer(t, dt, on, hw, watch.detect, marks, count)
            if rows > 0 and rows <= ons.shape[0]:
                ons[rows - 1] = on
            fly_period(t, dt, y, on, setup.actual, hull, setup.station, path, forces, plant, felt)
        period += 1
        t += dt
        look(t, y, path, at, motion, way, now)
        navigate(
            period, dt, now.c, now.n[0], now.relative, y[6:10], y[10:13], now.station, felt, setup.sensors,
            setup.beliefs, setup.aim, hw.health, stream, nav,
        )  # fmt: skip
        if left:
            lb, bias = nav.lb[1], nav.relative.x[12:15]
            for i in range(3):
                for k in range(3):
                    command.owed[i] -= lb[k, i] * (nav.readings.felt[k] - bias[k] * dt)
    return status, rows, t, count[0]


@njit(cache=True)
def _node(t, y, now, node):
    node[0] = t
    for i in range(3):
        node[1 + i] = now.r[i] + y[i]
        node[4 + i] = now.v[i] + y[3 + i]
    node[7] = y[13]


@njit(cache=True)
def _rebound(y, setup, pair):
    """Let the two bounce, and take the ship's state against the station over; the station's own kick is left out."""
    bounce(pair, setup.ship, setup.body, setup.restitution)
    for i in range(3):
        y[3 + i] = pair[3 + i] - pair[16 + i]
        y[10 + i] = pair[10 + i]
