"""Ascent of a two-stage launcher with boosters, three degrees of freedom, from the pad to orbit.

Vertical rise, kick, gravity turn with the heading held in the launch plane, then UPFG. The world is the orbit's own
world (field, rotating Earth, air), so that nothing jumps at insertion.
"""

import math

import numpy as np
from numba import njit

from kernels.constants import FLATTENING, G0
from kernels.forces import acceleration, air_at, scratch
from kernels.upfg import AIM, CHANGE, CLOCK, V_GO, upfg_pass, upfg_start
from kernels.us76 import us76
from kernels.vectors import cross, norm

# Status
IN_ORBIT = 0
HIT_GROUND = 1
OUT_OF_PROPELLANT = 2
GUIDANCE_LOST = 3

# Steering laws, and the places of their numbers in the steering array (6,)
HOLD, RISE, KICK, TURN = range(4)
MODE, KICK_ANGLE, KICK_START, NORMAL = range(4)
KICK_RAMP = 4.0  # s, over which the kick is applied

# What the engines that burn do together: thrust in vacuum N, exit area m2, mass flow kg/s; and the drag area m2
THRUST, EXIT, FLOW, AREA = range(4)

# Stages of the stack, in the order they fly
BOOSTED, CORE, MAIN, VERNIER = range(4)

# Rows of the event table: time (s after lift-off)
TOWER, BOOSTERS, STAGE_1, FAIRING, MAIN_CUTOFF, INSERTION = range(6)


@njit(cache=True)
def drag_coefficient(mach, launcher):
    """Linear in the table, held beyond its ends."""
    return np.interp(mach, launcher.mach, launcher.cd)


@njit(cache=True)
def local_up(r, pole, up):
    """Normal of the ellipsoid below r, up (3,) out: the plumb line of the pad, not the geocentric direction."""
    k = 1.0 / (1.0 - FLATTENING) ** 2 - 1.0
    along = r[0] * pole[0] + r[1] * pole[1] + r[2] * pole[2]
    for j in range(3):
        up[j] = r[j] + k * along * pole[j]
    size = math.sqrt(up[0] * up[0] + up[1] * up[1] + up[2] * up[2])
    for j in range(3):
        up[j] /= size


@njit(cache=True)
def first_stage_aim(t, r, flow, speed, pole, steering, aim):
    """Thrust direction of the first stage, aim (3,) in place: up, then kicked, then along the flow in the launch plane.

    flow (3,) velocity through the air and its size; steering as in `fly_ascent`: a law of the state, so that it belongs
    into the right-hand side and not into the steps.
    """
    mode = steering[MODE]
    if mode == HOLD:
        return
    local_up(r, pole, aim)
    if mode == RISE:
        return
    if mode == KICK:
        p = steering[KICK_ANGLE] * min(1.0, (t - steering[KICK_START]) / KICK_RAMP)
    else:
        p = math.acos(min(max((flow[0] * aim[0] + flow[1] * aim[1] + flow[2] * aim[2]) / speed, -1.0), 1.0))
    n0, n1, n2 = steering[NORMAL], steering[NORMAL + 1], steering[NORMAL + 2]
    a0 = n1 * aim[2] - n2 * aim[1]
    a1 = n2 * aim[0] - n0 * aim[2]
    a2 = n0 * aim[1] - n1 * aim[0]
    size = math.sqrt(a0 * a0 + a1 * a1 + a2 * a2)
    c = math.cos(p)
    s = math.sin(p) / size
    aim[0] = c * aim[0] + s * a0
    aim[1] = c * aim[1] + s * a1
    aim[2] = c * aim[2] + s * a2


@njit(cache=True)
def ascent_derivative(t, y, aim, steering, engines, launcher, forces, work, dy, extra):
    """Right-hand side for y = (r, v, mass). `aim` unit thrust direction; `engines` as named at the top of this file.

    While the first stage flies, `steering` fills `aim`; afterwards `aim` is held as it is. extra (4,): dynamic pressure
    Pa, Mach, axial load g, height m - of the last evaluation.
    `forces` comes with drag switched off: the launcher's own drag is added here.
    """
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    a = work.vectors[4]
    flow = work.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    _, pressure, _, sound = us76(max(height, 0.0))
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    q = 0.5 * rho * speed * speed
    mach = speed / sound
    drag = q * engines[AREA] * drag_coefficient(mach, launcher)
    first_stage_aim(t, y[:3], flow, speed, work.row[6:9], steering, aim)
    push = engines[THRUST] - engines[EXIT] * pressure if engines[THRUST] > 0.0 else 0.0
    for j in range(3):
        back = drag * flow[j] / speed if speed > 1.0e-3 else 0.0
        dy[j] = y[3 + j]
        dy[3 + j] = a[j] + (push * aim[j] - back) / y[6]
    dy[6] = -engines[FLOW]
    extra[0] = q
    extra[1] = mach
    extra[2] = (push - drag) / (y[6] * G0)
    extra[3] = height


@njit(cache=True)
def fly_ascent(t0, r0, v0, kick, azimuth, normal, r_target, v_target, launcher, forces, dt, nodes, extras, events):
    """From the pad to insertion.

    t0               lift-off, s; r0, v0 the pad's state there (at rest on the turning Earth)
    kick, azimuth    rad; azimuth clockwise from north, of the plane that the first stage flies in
    normal           unit normal of the target plane; r_target m, v_target m/s at cut-off, horizontal
    dt               step, s; every edge (staging, jettison, guidance cycle) ends a step
    nodes (n, 11), extras (n, 4)   histories out, as in `propagate` and `ascent_derivative`
    events (6, 2)    out: time after lift-off (s) and mass afterwards (kg), rows as named above
    Returns (status, nodes written, upper-stage propellant left kg, velocity residual of the guidance m/s).
    """
    work = scratch()
    mu = forces.gravity.mu
    y = np.empty(7)
    y[:3] = r0
    y[3:6] = v0
    boosters_full = launcher.booster_n * (launcher.booster_propellant + launcher.booster_dry)
    y[6] = (
        boosters_full + launcher.core_propellant + launcher.core_dry + launcher.upper_propellant + launcher.upper_dry
        + launcher.tower_mass + launcher.fairing_mass + launcher.payload
    )  # fmt: skip
    events[:] = 0.0
    t_boosters = (launcher.booster_propellant - launcher.booster_residual) / launcher.booster_mdot
    t_core = (launcher.core_propellant - launcher.core_residual) / launcher.core_mdot

    acceleration(t0, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    pole = work.row[6:9].copy()
    up = np.empty(3)
    local_up(r0, pole, up)
    east = cross(pole, up)
    east = east / norm(east)
    heading = math.cos(azimuth) * cross(up, east) + math.sin(azimuth) * east
    engines = np.empty(4)
    steering = np.empty(6)
    steering[MODE] = RISE
    steering[KICK_ANGLE] = kick
    steering[KICK_START] = t0 + launcher.vertical
    steering[NORMAL:] = cross(up, heading)

    k = np.empty((4, 7))
    z = np.empty(7)
    extra = np.empty(4)
    aim = up.copy()
    memory = np.zeros((7, 3))
    stage = BOOSTED
    met = 0.0
    count = 0
    cycle_at = 0.0
    main_end = 1.0e9
    end = 1.0e9
    upper_left = launcher.upper_propellant
    f1 = launcher.main_thrust + launcher.vernier_thrust
    mdot1 = launcher.main_mdot + launcher.vernier_mdot
    status = IN_ORBIT
    for _ in range(100000):
        # Edges that are due. What comes before one ends with a node of its own, so that nothing is smoothed across it.
        due = events[TOWER, 0] == 0.0 and met >= launcher.tower_time - 1.0e-9
        due = due or (events[FAIRING, 0] == 0.0 and met >= launcher.fairing_time - 1.0e-9)
        due = due or (stage == BOOSTED and met >= t_boosters - 1.0e-9) or (stage == CORE and met >= t_core - 1.0e-9)
        due = due or (stage == MAIN and met >= main_end - 1.0e-9) or (stage == VERNIER and met >= end - 1.0e-9)
        due = due or abs(met - launcher.kick_end) < 1.0e-9
        if due:
            ascent_derivative(t0 + met, y, aim, steering, engines, launcher, forces, work, k[0], extra)
            count = _store(t0 + met, y, k[0], extra, nodes, extras, count)
        if events[TOWER, 0] == 0.0 and met >= launcher.tower_time - 1.0e-9:
            y[6] -= launcher.tower_mass
            events[TOWER] = met, y[6]
        if stage == BOOSTED and met >= t_boosters - 1.0e-9:
            y[6] -= launcher.booster_n * (launcher.booster_dry + launcher.booster_residual)
            events[BOOSTERS] = met, y[6]
            stage = CORE
        if stage == CORE and met >= t_core - 1.0e-9:
            y[6] -= launcher.core_dry + launcher.core_residual
            events[STAGE_1] = met, y[6]
            stage = MAIN
            cycle_at = met
            upfg_start(y[:3], y[3:6], normal, r_target, v_target, 420.0, 0.33, mu, memory)
            cargo = 0.0 if events[FAIRING, 0] > 0.0 else launcher.fairing_mass
            for _pass in range(40):
                upfg_pass(
                    y[:3], y[3:6], y[6] - cargo, normal, r_target, v_target, f1, mdot1, launcher.vernier_thrust,
                    launcher.vernier_mdot, launcher.vernier_only, 1, 0, mu, memory,
                )  # fmt: skip
            if not (memory[CHANGE, 0] < 0.05 * norm(memory[V_GO])):
                status = GUIDANCE_LOST
                break
        if events[FAIRING, 0] == 0.0 and met >= launcher.fairing_time - 1.0e-9:
            y[6] -= launcher.fairing_mass
            events[FAIRING] = met, y[6]
        if stage == MAIN and met >= main_end - 1.0e-9:
            events[MAIN_CUTOFF] = met, y[6]
            stage = VERNIER
        if stage == VERNIER and met >= end - 1.0e-9:
            events[INSERTION] = met, y[6]
            break

        # Steering: the first stage's law is part of the right-hand side; the second stage holds its last guidance.
        if stage < MAIN:
            steering[MODE] = RISE if met < launcher.vertical - 1.0e-9 else TURN
            if steering[MODE] == TURN and met < launcher.kick_end - 1.0e-9:
                steering[MODE] = KICK
        elif met >= cycle_at - 1.0e-9:
            steering[MODE] = HOLD
            main_on = 1 if stage == MAIN else 0
            cargo = 0.0 if events[FAIRING, 0] > 0.0 else launcher.fairing_mass
            left = memory[CLOCK, 0]
            if left > 1.0:
                hold = 1 if main_on and memory[CLOCK, 1] < 3.0 else 0
                upfg_pass(
                    y[:3], y[3:6], y[6] - cargo, normal, r_target, v_target, f1, mdot1, launcher.vernier_thrust,
                    launcher.vernier_mdot, launcher.vernier_only, main_on, hold, mu, memory,
                )  # fmt: skip
                if main_on:
                    main_end = met + memory[CLOCK, 1]
                else:
                    end = met + memory[CLOCK, 0]
                aim = memory[AIM].copy()
            cycle_at = met + launcher.cycle

        # Engines.
        engines[AREA] = launcher.area_core
        if stage == BOOSTED:
            engines[THRUST] = launcher.booster_n * launcher.booster_thrust + launcher.core_thrust
            engines[EXIT] = launcher.booster_n * launcher.booster_exit + launcher.core_exit
            engines[FLOW] = launcher.booster_n * launcher.booster_mdot + launcher.core_mdot
            engines[AREA] = launcher.area_boosters
        elif stage == CORE:
            engines[THRUST], engines[EXIT], engines[FLOW] = launcher.core_thrust, launcher.core_exit, launcher.core_mdot
        elif stage == MAIN:
            engines[THRUST], engines[EXIT], engines[FLOW] = f1, 0.0, mdot1
        else:
            engines[THRUST], engines[EXIT], engines[FLOW] = launcher.vernier_thrust, 0.0, launcher.vernier_mdot

        # One step, up to the next edge.
        h = dt
        h = min(h, _until(launcher.vertical, met))
        h = min(h, _until(launcher.kick_end, met))
        h = min(h, _until(launcher.tower_time, met))
        h = min(h, _until(launcher.fairing_time, met))
        h = min(h, _until(t_boosters, met))
        h = min(h, _until(t_core, met))
        if stage >= MAIN:
            h = min(h, _until(cycle_at, met))
        if stage == MAIN:
            h = min(h, _until(main_end, met))
        if stage == VERNIER:
            h = min(h, _until(end, met))
        t = t0 + met
        ascent_derivative(t, y, aim, steering, engines, launcher, forces, work, k[0], extra)
        count = _store(t, y, k[0], extra, nodes, extras, count)
        if extra[3] < -100.0:
            status = HIT_GROUND
            break
        for j in range(7):
            z[j] = y[j] + 0.5 * h * k[0, j]
        ascent_derivative(t + 0.5 * h, z, aim, steering, engines, launcher, forces, work, k[1], extra)
        for j in range(7):
            z[j] = y[j] + 0.5 * h * k[1, j]
        ascent_derivative(t + 0.5 * h, z, aim, steering, engines, launcher, forces, work, k[2], extra)
        for j in range(7):
            z[j] = y[j] + h * k[2, j]
        ascent_derivative(t + h, z, aim, steering, engines, launcher, forces, work, k[3], extra)
        for j in range(7):
            y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])
        met += h
        if stage >= MAIN:
            upper_left -= engines[FLOW] * h
            # What accelerometers would have sensed: the change less gravity, that is thrust over the mean mass.
            gained = engines[THRUST] / engines[FLOW] * math.log((y[6] + engines[FLOW] * h) / y[6])
            memory[V_GO] -= gained * aim
            memory[CLOCK, 0] -= h
            if stage == MAIN:
                memory[CLOCK, 1] -= h
            if upper_left < 0.0:
                status = OUT_OF_PROPELLANT
                break
    return status, count, upper_left, norm(memory[V_GO])


@njit(cache=True)
def _store(t, y, dy, extra, nodes, extras, count):
    """One row of both histories, where there is room; the new count."""
    if count < nodes.shape[0]:
        nodes[count, 0] = t
        nodes[count, 1:7] = y[:6]
        nodes[count, 7:10] = dy[3:6]
        nodes[count, 10] = y[6]
        extras[count] = extra
        count += 1
    return count


@njit(cache=True)
def _until(edge, met):
    """Time to an edge that lies ahead; a long time where it has passed."""
    left = edge - met
    return left if left > 1.0e-9 else 1.0e9
