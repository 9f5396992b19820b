"""Ascent of a launcher from the pad to orbit, three degrees of freedom, phase by phase.

Vertical rise, kick, an open-loop law (kernels/ascent/steering.py), then UPFG. The rocket is described by its
record: phases with their engines, end conditions and dropped masses. The forces are those of the orbit (field, rotating
Earth, air), so that nothing jumps at insertion. A point mass: no lift, no moments; the angle of attack is recorded.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.ascent.guidance import converged, guide, sense, still_aboard
from kernels.ascent.launcher import AREA, BY_TANK, BY_TIME, DROP, ENDS, EXIT, FLOW, NUMBER, THRUST
from kernels.ascent.steering import (
    EAST,
    HOLD,
    KICK_ANGLE,
    KICK_START,
    LIFTOFF,
    MODE,
    NORMAL,
    RADIAL,
    local_up,
    mode_at,
    open_loop_aim,
)
from kernels.ascent.upfg import AIM, CLOCK, V_GO
from kernels.atmosphere.us76 import us76
from kernels.atmosphere.winds import add_wind
from kernels.compiling import njit, record
from kernels.constants import G0
from kernels.maths.interpolation import interpolate
from kernels.maths.vectors import copy, cross, norm
from kernels.orbit.forces import Scratch, acceleration, air_at, scratch

# Status
IN_ORBIT = 0
HIT_GROUND = 1
OUT_OF_PROPELLANT = 2
GUIDANCE_LOST = 3

# Columns of the second history: dynamic pressure Pa, Mach, axial load g, height m, angle of attack rad
PRESSURE, MACH, LOAD, HEIGHT, ATTACK = range(5)
COLUMNS = 5

SURE_S = 1.0  # s to go, below which the guidance is not run any more
EDGE = 1.0e-9  # s: times closer than this are one
FOREVER = 1.0e9
ALOFT = 100.0  # m below the ellipsoid, from where the flight is over


@record
class AscentLog(NamedTuple):
    """The log of an ascent: nodes (capacity, 11) as in `propagate`, extras (capacity, 5) as named above; marks (phases
    + jettisons, 2), time after lift-off s and mass afterwards kg of the end of each phase, then of each jettison."""

    nodes: np.ndarray
    extras: np.ndarray
    marks: np.ndarray


class AscentWorkspace(NamedTuple):
    """Workspace of an ascent: that of the forces, Runge-Kutta stages k (4, 7), a state z (7,), extra (5,)."""

    scratch: Scratch
    k: np.ndarray
    z: np.ndarray
    extra: np.ndarray


def ascent_log(launcher, capacity: int) -> AscentLog:
    """An empty `AscentLog` of so many rows for a `Launcher`."""
    edges = len(launcher.phases) + len(launcher.jettisons)
    return AscentLog(nodes=np.empty((capacity, 11)), extras=np.empty((capacity, COLUMNS)), marks=np.empty((edges, 2)))


@njit(cache=True)
def drag_coefficient(mach, launcher):
    """Linear in the table, held beyond its ends."""
    return interpolate(mach, launcher.mach, launcher.cd)


@njit(cache=True)
def ascent_derivative(t, y, aim, steering, engines, launcher, forces, work, dy, extra):
    """Right-hand side for y = (r, v, mass): dy (7,). `aim` unit thrust direction; `engines` one row of the phases.

    While the flight is open-loop, `steering` fills `aim`; afterwards `aim` is held as it is. extra (5,): as named at
    the top of this file. `forces` comes with drag switched off: the launcher's own is added here.
    """
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    a = work.vectors[4]
    flow = work.vectors[3]
    pole = work.row[6:9]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    if launcher.wind.shape[0] > 0:
        add_wind(height, y[:3], pole, launcher.wind, flow)
    _, pressure, _, sound = us76(max(height, 0.0))
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    q = 0.5 * rho * speed * speed
    mach = speed / sound
    drag = q * engines[AREA] * drag_coefficient(mach, launcher)
    open_loop_aim(t, y[:3], flow, speed, pole, steering, launcher.programme, aim)
    push = engines[THRUST] - engines[EXIT] * pressure if engines[THRUST] > 0.0 else 0.0
    along = 1.0
    if speed > 1.0:
        along = (flow[0] * aim[0] + flow[1] * aim[1] + flow[2] * aim[2]) / speed
    for j in range(3):
        back = drag * flow[j] / speed if speed > 1.0e-3 else 0.0
        dy[j] = y[3 + j]
        dy[3 + j] = a[j] + (push * aim[j] - back) / y[6]
    dy[6] = -engines[FLOW]
    extra[PRESSURE] = q
    extra[MACH] = mach
    extra[LOAD] = (push - drag * along) / (y[6] * G0)
    extra[HEIGHT] = height
    extra[ATTACK] = math.acos(min(max(along, -1.0), 1.0))


@njit(cache=True)
def fly_ascent(t0, r0, v0, kick, azimuth, target, launcher, forces, dt, log):
    """From the pad to insertion, or to the end of the last phase where nothing is guided.

    t0               lift-off, s; r0, v0 the pad's state there (at rest on the turning Earth)
    kick, azimuth    rad; azimuth clockwise from north, of the plane that the first stage flies in
    target           `CutoffTarget`; launcher `Launcher`; forces with drag switched off
    dt               step, s; every edge (staging, jettison, guidance cycle) ends a step
    log              `AscentLog`, out
    Returns (status, nodes written, propellant left in the last phase's tanks kg, velocity to go m/s).
    """
    work = AscentWorkspace(scratch=scratch(), k=np.empty((4, 7)), z=np.empty(7), extra=np.empty(COLUMNS))
    earth, k, extra, marks = work.scratch, work.k, work.extra, log.marks
    y = np.empty(7)
    copy(r0, y[:3])
    copy(v0, y[3:6])
    y[6] = launcher.loaded + launcher.payload
    marks[:] = 0.0
    steering = _steering(t0, y, kick, azimuth, launcher, forces, earth)
    local_up(r0, earth.row[6:9], earth.vectors[1])
    aim = earth.vectors[1].copy()

    memory = np.zeros((7, 3))
    left = launcher.tanks.copy()
    phases = launcher.phases.shape[0]
    fallen = 0
    met = 0.0
    cycle_at = 0.0
    count = 0
    status = IN_ORBIT
    for phase in range(phases):
        engines = launcher.phases[phase]
        draw = launcher.draws[phase]
        guided = phase >= launcher.guided
        end = _end_by_plan(met, engines, draw, left)
        dry = met + _burns_for(draw, left)
        if phase == launcher.guided:
            cargo = still_aboard(launcher, fallen)
            if not converged(y, cargo, target, launcher, forces.gravity.mu, memory):
                status = GUIDANCE_LOST
                break
            cycle_at = met
        while True:
            # Open-loop laws are part of the right-hand side; guidance runs once a cycle and its output is held.
            if not guided:
                steering[MODE] = mode_at(met, launcher)
            elif met >= cycle_at - EDGE:
                steering[MODE] = HOLD
                if memory[CLOCK, 0] > SURE_S:
                    cargo = still_aboard(launcher, fallen)
                    guide(phase, y, cargo, target, launcher, forces.gravity.mu, memory)
                    end = met + (memory[CLOCK, 0] if phase == phases - 1 else memory[CLOCK, 1])
                    copy(memory[AIM], aim)
                cycle_at = met + launcher.cycle

            # One step, up to the next edge.
            h = min(dt, _until(launcher.vertical, met), _until(launcher.kick_end, met), _until(end, met))
            if fallen < launcher.jettisons.shape[0]:
                h = min(h, _until(launcher.jettisons[fallen, 0], met))
            if guided:
                h = min(h, _until(cycle_at, met))
            t = t0 + met
            ascent_derivative(t, y, aim, steering, engines, launcher, forces, earth, k[0], extra)
            count = _store(t, y, k[0], extra, count, log)
            if extra[HEIGHT] < -ALOFT:
                status = HIT_GROUND
                break
            _step(t, h, y, aim, steering, engines, launcher, forces, work)
            met += h
            for i in range(left.shape[0]):
                left[i] -= draw[i] * h
            if guided:
                sense(h, y, engines, aim, memory)
            if met > dry + EDGE:
                status = OUT_OF_PROPELLANT
                break

            # Edges that are reached. What comes before one ends with a node of its own: nothing is smoothed across it.
            falls = fallen < launcher.jettisons.shape[0] and met >= launcher.jettisons[fallen, 0] - EDGE
            over = met >= end - EDGE
            if falls or over or abs(met - launcher.kick_end) < EDGE:
                ascent_derivative(t0 + met, y, aim, steering, engines, launcher, forces, earth, k[0], extra)
                count = _store(t0 + met, y, k[0], extra, count, log)
            if falls:
                y[6] -= launcher.jettisons[fallen, 1]
                marks[phases + fallen] = met, y[6]
                fallen += 1
            if over:
                y[6] -= engines[DROP]
                marks[phase] = met, y[6]
                break
        if status != IN_ORBIT:
            break
    usable = 0.0
    for i in range(left.shape[0]):
        if launcher.draws[phases - 1, i] > 0.0:
            usable += left[i]
    return status, count, usable, norm(memory[V_GO])


@njit(cache=True)
def _steering(t0, y, kick, azimuth, launcher, forces, work):
    """The steering array (13,) at the pad; leaves the Earth's orientation at lift-off in `work`."""
    acceleration(t0, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    pole = work.row[6:9].copy()
    up = np.empty(3)
    local_up(y[:3], pole, up)
    east = cross(pole, up)
    east = east / norm(east)
    heading = math.cos(azimuth) * cross(up, east) + math.sin(azimuth) * east
    steering = np.empty(13)
    steering[MODE] = mode_at(0.0, launcher)
    steering[KICK_ANGLE] = kick
    steering[KICK_START] = t0 + launcher.vertical
    steering[LIFTOFF] = t0
    copy(cross(up, heading), steering[NORMAL : NORMAL + 3])
    copy(y[:3] / norm(y[:3]), steering[RADIAL : RADIAL + 3])
    copy(east, steering[EAST : EAST + 3])
    return steering


@njit(cache=True)
def _end_by_plan(met, engines, draw, left):
    """End of a phase that began at `met`, s; FOREVER where guidance decides."""
    if engines[ENDS] == BY_TIME:
        return met + engines[NUMBER]
    if engines[ENDS] == BY_TANK:
        tank = int(engines[NUMBER])
        return met + left[tank] / draw[tank]
    return FOREVER


@njit(cache=True)
def _burns_for(draw, left):
    """Time until the first tank runs dry, s."""
    duration = FOREVER
    for i in range(left.shape[0]):
        if draw[i] > 0.0:
            duration = min(duration, left[i] / draw[i])
    return duration


@njit(cache=True)
def _step(t, h, y, aim, steering, engines, launcher, forces, work):
    """Classical Runge-Kutta of fourth order, y (7,) in place; work.k[0] is filled already."""
    earth, k, z, extra = work.scratch, work.k, work.z, work.extra
    for j in range(7):
        z[j] = y[j] + 0.5 * h * k[0, j]
    ascent_derivative(t + 0.5 * h, z, aim, steering, engines, launcher, forces, earth, k[1], extra)
    for j in range(7):
        z[j] = y[j] + 0.5 * h * k[1, j]
    ascent_derivative(t + 0.5 * h, z, aim, steering, engines, launcher, forces, earth, k[2], extra)
    for j in range(7):
        z[j] = y[j] + h * k[2, j]
    ascent_derivative(t + h, z, aim, steering, engines, launcher, forces, earth, k[3], extra)
    for j in range(7):
        y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])


@njit(cache=True)
def _store(t, y, dy, extra, count, log):
    """One row of both histories, where the log has one left; the new count."""
    nodes, extras = log.nodes, log.extras
    if count < nodes.shape[0]:
        nodes[count, 0] = t
        copy(y[:6], nodes[count, 1:7])
        copy(dy[3:6], nodes[count, 7:10])
        nodes[count, 10] = y[6]
        copy(extra, extras[count])
        count += 1
    return count


@njit(cache=True)
def _until(edge, met):
    """Time to an edge that lies ahead; a long time where it has passed."""
    left = edge - met
    return left if left > EDGE else FOREVER
