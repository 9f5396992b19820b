"""Close-range rendezvous in closed loop, six degrees of freedom: sense, estimate, guide, control, fly.

Truth: the station on its path with its own attitude motion, and the ship's relative position as the integral of the
difference of two full accelerations, with pulses resolved (kernels/craft/six_dof.py). Guidance and control use
measurements and estimates only (kernels/sensors/navigation.py); the limits are judged on the truth, in `log`. LVLH of
the station; SI, rad.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import to_body
from kernels.craft.six_dof import (
    RigidBody,
    RigidBodyWorkspace,
    StationMotion,
    StationPath,
    fly_period,
    rigid_body_workspace,
)
from kernels.craft.steering import ControlLaw
from kernels.craft.thruster_selection import SelectionWorkspace, select, selection_workspace
from kernels.craft.thrusters import Thrusters, pulses
from kernels.docking.capture import bounce
from kernels.docking.command import Command, command, decide, demand_for, locate
from kernels.docking.contact import Box, Side, Work, capture_box
from kernels.docking.contact import scratch as contact_workspace
from kernels.docking.faults import Hardware, actuate, apply_faults, hardware
from kernels.docking.log import write_row
from kernels.docking.mode_logic import ATTEMPT, MODE, UNSEEN, initialise, mark, turn_back
from kernels.docking.plan import (
    ARRIVED,
    BACK_OFF,
    BLINDED,
    BOUNCED,
    COLLIDED,
    INBOUND,
    LEAVE,
    MISSED,
    NO_FIX,
    OUT_OF_PROPELLANT,
    RETREATED,
    TIMED_OUT,
    TOUCH,
    TOUCHED,
    UNDECIDED,
    DockingPath,
    Watch,
)
from kernels.docking.port_geometry import PortGeometry
from kernels.docking.truth import Truth, state_at_contact, truth, update_light, update_truth
from kernels.maths.vectors import norm
from kernels.relative.retreat import CLEAR, retreat, shortfall
from kernels.sensors.navigation import OK, FilterState, filter_state, navigate
from kernels.sensors.relative_filter import FilterModel
from kernels.sensors.sensors import CAMERA, SEES, SensorSuite, TrueState

SHORTEST = 1.0e-6  # s, the shortest part of a period before contact
LONGEST_BURN = 120.0  # s the longest burn of a retreat
REPLAN_AFTER = 60.0  # s after which a retreat is checked again
NEGLIGIBLE_SHORTFALL = 1.0  # m of shortfall that needs no other burn
COLLISION_SLACK = 0.5  # m
LIGHT_EVERY = 4  # periods, in which the Sun turns by 0.1 deg against LVLH
BURN_DONE = 0.002  # m/s of delta-v to go, below which a retreat's burn ends


@record
class Setup(NamedTuple):
    """The parameters of a docking. clear (m,) uint8: the thrusters whose plumes clear the port; box, ship, body:
    the capture box, and both craft as kernels/docking/contact.py takes them; station_cda m2, its drag coefficient times
    area; restitution of a contact outside the capture box; mass kg, assumed by the control law at first; propellant
    kg on board; faults (f, 5) rows as in kernels/docking/plan.py."""

    route: DockingPath
    watch: Watch
    steering: ControlLaw
    thrusters: Thrusters
    actual: Thrusters
    clear: np.ndarray
    sensors: SensorSuite
    filter_model: FilterModel
    geometry: PortGeometry
    craft: RigidBody
    station_cda: float
    box: Box
    ship: Side
    body: Side
    restitution: float
    mass: float
    propellant: float
    faults: np.ndarray


@record
class DockingWorkspace(NamedTuple):
    """Workspace of the loop; `docking_workspace` makes it."""

    now: Truth
    hw: Hardware
    command: Command
    nav: FilterState
    springs: Work
    choice: SelectionWorkspace
    plant: RigidBodyWorkspace
    mode_state: np.ndarray
    timers: np.ndarray
    count: np.ndarray
    at: np.ndarray
    on: np.ndarray
    carry: np.ndarray
    mask: np.ndarray
    demand: np.ndarray
    increments: np.ndarray


def docking_workspace(m: int, faults: int) -> DockingWorkspace:
    """A `DockingWorkspace` for a docking with m thrusters and so many faults to come."""
    return DockingWorkspace(
        now=truth(),
        hw=hardware(m, faults),
        command=command(),
        nav=filter_state(),
        springs=contact_workspace(),
        choice=selection_workspace(m),
        plant=rigid_body_workspace(m),
        mode_state=np.zeros(6, np.int64),
        timers=np.zeros(3),
        count=np.zeros(1, np.int64),
        at=np.zeros(1, np.int64),
        on=np.zeros(m),
        carry=np.zeros(m),
        mask=np.ones(m, np.uint8),
        demand=np.zeros(6),
        increments=np.zeros(9),
    )


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def dock(t, y, path, motion, forces, setup, stream, work, log):
    """Fly y (14,) in place from t s along the path of `setup` to contact, or to another status of the loop.

    y             ship relative to station, inertial m, m/s; attitude (4,); rate (3,) rad/s in body axes; mass kg
    path (k, 11)  the station's; motion: its attitude, changed by a fault; forces: of the world
    stream        random stream of the run; work: a new `DockingWorkspace`, its navigation initialised by `reset`
    log           `DockingLog`, out
    Returns (status, rows, t, marks).

    Each callee is called at one place: each call is compiled and optimised again, which took a minute.
    """
    route, watch, steering, craft_body = setup.route, setup.watch, setup.steering, setup.craft
    now, hw, command, nav = work.now, work.hw, work.command, work.nav
    mode_state, timers, count, on, increments, marks = (
        work.mode_state,
        work.timers,
        work.count,
        work.on,
        work.increments,
        log.marks,
    )
    station = StationPath(nodes=path, cda=setup.station_cda)
    dt, first, loaded = steering.period, t, y[13]
    h, retreating, rows, status = dt, False, 0, UNDECIDED
    judged, burning, mass = t, t, setup.mass
    collision_size = 0.0  # m, separation of the two centres when docked
    for i in range(3):
        collision_size += (route.port[i] + route.ring * route.axis[i]) ** 2
    collision_size = math.sqrt(collision_size) - COLLISION_SLACK
    period = np.int64(0)  # a literal would compile its callees a second time
    initialise(t, route, mode_state, timers)
    while True:
        update_truth(t, y, path, work.at, motion, route, now)
        if period % LIGHT_EVERY == 0:
            update_light(t, forces, now)
        n = now.n[0]
        spin_from = apply_faults(t, norm(now.ring), setup.faults, hw, motion, marks, count)
        motion = StationMotion(
            amplitude=motion.amplitude,
            period=motion.period,
            phase=motion.phase,
            spin_from=spin_from,
            spin=motion.spin,
        )
        actual = TrueState(
            axes=now.c,
            orbit_rate=n,
            relative=now.relative,
            attitude=y[6:10],
            rate=y[10:13],
            station=now.station,
            increments=increments,
            sun=now.sun,
            light=now.light[0],
        )
        nav_status = navigate(
            period, h, actual, setup.sensors, setup.filter_model, setup.geometry, hw.health, stream, nav
        )
        if nav_status != OK:
            return NO_FIX, 0, t, 0
        blind = nav.readings.blind[0]
        if blind != mode_state[UNSEEN] and (blind != SEES or nav.readings.fresh[CAMERA]):
            mode_state[UNSEEN] = blind
            mark(BLINDED, t, np.float64(blind), marks, count)
        if period == 0:
            for i in range(3):
                command.origin[i] = nav.relative.x[i]
        if retreating:
            _subtract_delivered(h, nav, command)
        locate(nav, route, command)
        if status == UNDECIDED and decide(t, n, nav, setup, mode_state, timers, command, marks, count):
            status = ARRIVED
        delivered = norm(command.to_go) < BURN_DONE or t - burning > LONGEST_BURN
        if mode_state[MODE] == LEAVE and (not retreating or (delivered and t - judged >= REPLAN_AFTER)):
            # Planned on the present estimate, which may be poor; so it is checked again on departure.
            x, judged = nav.relative.x, t
            if not retreating or shortfall(x[:3], x[3:6], n, CLEAR * watch.keep_out, math.inf) > NEGLIGIBLE_SHORTFALL:
                retreat(x[:6], n, watch.keep_out, watch.body, command.to_go)
                burning = t
            retreating = True
            for i in range(3):
                command.turn[i] = 0.0
        if status == UNDECIDED:
            if mode_state[MODE] != INBOUND and norm(now.relative[:3]) < collision_size:
                status = COLLIDED
            elif retreating and t - burning > 2.0 * math.pi / n:
                status = RETREATED
            elif not retreating and t - first >= watch.limit:
                status = TIMED_OUT
            elif loaded - y[13] > setup.propellant:
                status = OUT_OF_PROPELLANT
        if rows < log.rows.shape[0]:
            write_row(t, y, now, setup, nav, loaded - y[13], mode_state[MODE], command.place, log.rows[rows])
            _node(t, y, now, log.nodes[rows])
            for j in range(on.shape[0]):
                log.on[rows, j] = 0.0
            rows += 1
        if status != UNDECIDED:
            break

        touches = mode_state[MODE] == INBOUND and now.gap[1] > 0.0 and now.gap[0] < now.gap[1] * dt
        h = max(now.gap[0] / now.gap[1], SHORTEST) if touches else dt
        demand_for(n, mass, craft_body.inertia, nav, steering, mode_state[MODE], command, work.demand)
        if retreating and (norm(command.to_go) < BURN_DONE or t - burning > LONGEST_BURN):
            for i in range(3):
                command.to_go[i] = work.demand[i] = 0.0
        clear = mode_state[MODE] in (INBOUND, BACK_OFF) and math.hypot(command.ring[0], command.ring[1]) < watch.plume
        for j in range(on.shape[0]):
            work.mask[j] = hw.usable[j] * (setup.clear[j] if clear else 1)
        select(work.demand, dt, work.mask, setup.thrusters, work.choice, on)
        if t < hw.mute[0]:
            for j in range(on.shape[0]):
                on[j] = 0.0
        pulses(on, work.carry, setup.thrusters.min_on, dt)
        for j in range(on.shape[0]):
            mass -= setup.thrusters.flow[j] * on[j]
        actuate(t, dt, on, hw, watch.detect, marks, count)
        for j in range(on.shape[0]):
            on[j] = min(on[j], h)  # contact cuts the pulses
            if rows <= log.on.shape[0]:
                log.on[rows - 1, j] = on[j]
        fly_period(t, h, y, on, setup.actual, craft_body, station, forces, work.plant, increments)
        period += 1
        t += h
        if touches:
            if make_contact(t, y, path, motion, setup, work, log, increments):
                status = TOUCHED
            else:
                mark(BOUNCED, t, np.float64(mode_state[ATTEMPT]), marks, count)
                turn_back(t, MISSED, 0.0, route, watch, mode_state, timers, marks, count)
            mark(TOUCH, t, np.float64(mode_state[ATTEMPT]), marks, count)
    return status, rows, t, count[0]


@njit(cache=True, error_model="numpy", _nrt=False)
def _subtract_delivered(h, nav, command):
    """Subtract the delta-v measured in the last h s from the delta-v to go of a retreat."""
    lb, bias = nav.lb[1], nav.relative.x[12:15]
    for i in range(3):
        for k in range(3):
            command.to_go[i] -= lb[k, i] * (nav.readings.increments[k] - bias[k] * h)


@njit(cache=True, error_model="numpy", _nrt=False)
def _node(t, y, now, node):
    node[0] = t
    for i in range(3):
        node[1 + i] = now.r[i] + y[i]
        node[4 + i] = now.v[i] + y[3 + i]
    node[7] = y[13]


@njit(cache=True, error_model="numpy", _nrt=True)  # it allocates arrays; numba would inherit the loop's False
def make_contact(t, y, path, motion, setup, work, log, increments):
    """Ring meets ring at t: 1 where contact is inside the capture box; else they bounce, and the ship's state changes.

    The velocity change of the station is left out: it is much heavier than the ship.
    """
    update_truth(t, y, path, work.at, motion, setup.route, work.now)
    pair = log.pair
    state_at_contact(y, work.now, setup.ship, setup.body, work.springs, pair)
    if capture_box(work.springs.rel, setup.box, log.margins):
        return 1
    body = work.command.turned
    to_body(y[6:10], body)
    after = pair.copy()
    bounce(after, setup.ship, setup.body, setup.restitution)
    for i in range(3):
        for j in range(3):
            increments[i] += body[i, j] * (after[3 + j] - after[16 + j] - y[3 + j])
    for i in range(3):
        y[3 + i] = after[3 + i] - after[16 + i]
        y[10 + i] = after[10 + i]
    return 0
