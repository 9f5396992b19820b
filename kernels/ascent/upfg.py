"""Unified powered flight guidance (UPFG) for an upper stage with a main phase and a vernier phase.

Jaggers, AIAA 77-1051 (1977); McHenry et al., J. Astronaut. Sci. 27 (1979) 1-38. Vectors are inertial, SI. One call is
one pass; a few passes before ignition converge it, then one pass a cycle keeps up with the flight.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.vectors import copy, cross, dot, norm
from kernels.orbit.kepler import OK, kepler_propagate

# Rows of the guidance memory (7, 3): velocity to go, aim point, gravity losses in position, bias, thrust direction, and
# two rows of scalars: (time to go, length of the main phase, 1 when started) and (last change of v_go, -, -).
V_GO, R_D, R_GRAV, R_BIAS, AIM, CLOCK, CHANGE = range(7)


@record
class CutoffTarget(NamedTuple):
    """The target of the guidance: normal (3,), unit and along the angular momentum, of the target plane; at cut-off
    radius m, speed m/s, and flight path angle `climb` rad."""

    normal: np.ndarray
    radius: float
    speed: float
    climb: float


class UpperStage(NamedTuple):
    """The model of the stage in the guidance: thrust N and flow kg/s of the main phase (with verniers) and of the
    verniers alone; vernier_s, the length of the vernier phase still to come; release, time to go, s, below which the
    cut-off position is not controlled."""

    main_thrust: float
    main_flow: float
    vernier_thrust: float
    vernier_flow: float
    vernier_s: float
    release: float


@njit(cache=True)
def upfg_start(r, v, target, guess_s, downrange, mu, memory):
    """A crude first guess: aim point `downrange` rad ahead in the plane, velocity there horizontal."""
    normal, r_d, v_d = target.normal, target.radius, target.speed
    flat = r - dot(r, normal) * normal
    up = flat / norm(flat)
    ahead = cross(normal, up)
    c = math.cos(downrange)
    s = math.sin(downrange)
    up_there = c * up + s * ahead
    memory[:] = 0.0
    copy(r_d * up_there, memory[R_D])
    copy(v_d * (c * ahead - s * up) - v, memory[V_GO])
    copy(-0.5 * guess_s * guess_s * mu / norm(r) ** 3 * r, memory[R_GRAV])
    memory[CLOCK, 0] = guess_s


@njit(cache=True)
def main_phase_length(v_go, mass, f1, mdot1, f2, mdot2, vernier_s, start):
    """Length of the main phase so that both phases together deliver `v_go` m/s; Newton on the rocket equation."""
    ve1 = f1 / mdot1
    ve2 = f2 / mdot2
    t = start
    for _ in range(20):
        m1 = mass - mdot1 * t
        if m1 < 1.05 * mdot2 * vernier_s + 1000.0:
            t = (mass - 1.2 * mdot2 * vernier_s - 2000.0) / mdot1
            m1 = mass - mdot1 * t
        m2 = m1 - mdot2 * vernier_s
        gain = ve1 * math.log(mass / m1) + ve2 * math.log(m1 / m2) - v_go
        slope = ve1 * mdot1 / m1 + ve2 * (mdot1 / m2 - mdot1 / m1)
        step = gain / slope
        t = max(t - step, 0.0)
        if abs(step) < 1.0e-9:
            break
    return t


@njit(cache=True)
def upfg_pass(r, v, mass, target, stage, main_on, hold_main, mu, memory):
    """One pass of UPFG; fills memory[AIM] (unit thrust direction) and memory[CLOCK] (time to go, main phase left).

    r, v, mass      state, m, m/s, kg
    target, stage   `CutoffTarget` and `UpperStage`
    main_on         1 while the main engine burns
    hold_main       1 keeps the main phase's length (the last seconds before its cut-off)
    """
    normal = target.normal
    f1, mdot1, f2, mdot2 = stage.main_thrust, stage.main_flow, stage.vernier_thrust, stage.vernier_flow
    vernier_s, release = stage.vernier_s, stage.release
    v_go = memory[V_GO].copy()
    goal = norm(v_go)
    t_before = memory[CLOCK, 0]

    # 2. Integrals of thrust over the remaining phases.
    phases = 2 if main_on else 1
    sum_l = 0.0
    sum_j = 0.0
    sum_s = 0.0
    sum_q = 0.0
    sum_p = 0.0
    sum_h = 0.0
    elapsed = 0.0
    m = mass
    main_s = 0.0
    if main_on:
        main_s = memory[CLOCK, 1]
        if hold_main == 0:
            main_s = main_phase_length(goal, mass, f1, mdot1, f2, mdot2, vernier_s, max(main_s, 1.0))
    for i in range(phases):
        if main_on and i == 0:
            ve = f1 / mdot1
            tau = m / mdot1
            burn = main_s
            flow = mdot1
        else:
            ve = f2 / mdot2
            tau = m / mdot2
            flow = mdot2
            burn = vernier_s if main_on and hold_main == 0 else tau * (1.0 - math.exp(-max(goal - sum_l, 0.0) / ve))
        burn = max(burn, 1.0e-6)
        l = ve * math.log(tau / (tau - burn))
        j = tau * l - ve * burn
        s = burn * l - j
        q = s * (tau + elapsed) - 0.5 * ve * burn * burn
        p = q * (tau + elapsed) - 0.5 * ve * burn * burn * (burn / 3.0 + elapsed)
        end = elapsed + burn
        j += l * elapsed
        s += sum_l * burn
        q += sum_j * burn
        p += sum_h * burn
        sum_l += l
        sum_j += j
        sum_s += s
        sum_q += q
        sum_p += p
        sum_h = sum_j * end - sum_q
        elapsed = end
        m -= flow * burn
    t_go = elapsed

    # 3. Where the thrust has to take it.
    lam = v_go / goal
    if memory[CLOCK, 2] > 0.0:
        memory[R_GRAV] *= (t_go / t_before) ** 2
    memory[CLOCK, 2] = 1.0
    i_y = -normal
    i_z = cross(memory[R_D], i_y)
    i_z /= norm(i_z)
    r_go = memory[R_D] - (r + v * t_go + memory[R_GRAV])
    r_go = r_go - dot(i_z, r_go) * i_z
    r_go = r_go + ((sum_s - dot(lam, r_go)) / dot(lam, i_z)) * i_z + memory[R_BIAS]

    # 4. Steering: a direction and its turning rate.
    lam_rate = (r_go - sum_s * lam) / (sum_q - sum_s * sum_j / sum_l)
    if t_go < release:
        lam_rate[:] = 0.0  # too late to correct the position: it would command large attitude changes
    aim = lam - lam_rate * (sum_j / sum_l)
    aim = aim / norm(aim)
    phi = math.acos(min(max(dot(aim, lam), -1.0), 1.0))
    phi_rate = -phi * sum_l / sum_j
    turn = norm(lam_rate)
    side = lam_rate / turn if turn > 1.0e-15 else np.zeros(3)
    v_thrust = (sum_l - 0.5 * sum_l * phi * phi - sum_j * phi * phi_rate - 0.5 * sum_h * phi_rate * phi_rate) * lam
    v_thrust = v_thrust - (sum_l * phi + sum_j * phi_rate) * side
    r_thrust = (sum_s - 0.5 * sum_s * phi * phi - sum_q * phi * phi_rate - 0.5 * sum_p * phi_rate * phi_rate) * lam
    r_thrust = r_thrust - (sum_s * phi + sum_q * phi_rate) * side
    copy(r_go - r_thrust if t_go >= release else np.zeros(3), memory[R_BIAS])
    v_bias = v_go - v_thrust

    # 5. Effect of gravity until cut-off, from a coast that sees the same mean radius.
    r_c1 = r - 0.1 * r_thrust - v_thrust * (t_go / 30.0)
    v_c1 = v + 1.2 * r_thrust / t_go - 0.1 * v_thrust
    r_c2 = np.empty(3)
    v_c2 = np.empty(3)
    if kepler_propagate(r_c1, v_c1, t_go, mu, r_c2, v_c2) != OK:  # then nothing was written there
        r_c2[:] = math.nan
        v_c2[:] = math.nan
    v_grav = v_c2 - v_c1
    copy(r_c2 - r_c1 - v_c1 * t_go, memory[R_GRAV])

    # 6. New aim point in the plane, and the velocity still to gain.
    r_p = r + v * t_go + memory[R_GRAV] + r_thrust
    r_p = r_p - dot(r_p, i_y) * i_y
    up = r_p / norm(r_p)
    copy(target.radius * up, memory[R_D])
    v_new = target.speed * (math.sin(target.climb) * up + math.cos(target.climb) * cross(up, i_y)) - v - v_grav + v_bias
    memory[CHANGE, 0] = norm(v_new - v_go)
    copy(v_new, memory[V_GO])
    copy(aim, memory[AIM])
    memory[CLOCK, 0] = t_go
    memory[CLOCK, 1] = main_s
