"""The closed loop of an ascent: UPFG asked for the phases of a launcher, and what it senses between two passes."""

import math

from numba import njit

from kernels.launcher import FLOW, THRUST
from kernels.upfg import CHANGE, CLOCK, V_GO, upfg_pass, upfg_start
from kernels.vectors import norm

SETTLED_S = 3.0  # s before the end of the guided main phase, from which its length is kept
PASSES = 40  # of the guidance, to converge before its first phase
FIRST_TIME_S, FIRST_ANGLE = 420.0, 0.33  # the crude first guess of the guidance: time to go, and rad still to fly


@njit(cache=True)
def still_aboard(launcher, fallen):
    """Mass that the clock has not thrown off yet, kg: what the guidance must not count as its own."""
    mass = 0.0
    for i in range(fallen, launcher.jettisons.shape[0]):
        mass += launcher.jettisons[i, 1]
    return mass


@njit(cache=True)
def converged(y, cargo, normal, r_target, v_target, climb, launcher, mu, memory):
    """Run the guidance from a crude guess until it settles; False where it does not."""
    upfg_start(y[:3], y[3:6], normal, r_target, v_target, FIRST_TIME_S, FIRST_ANGLE, mu, memory)
    for _ in range(PASSES):
        guide(launcher.guided, y, cargo, normal, r_target, v_target, climb, launcher, mu, memory)
    return memory[CHANGE, 0] < 0.05 * norm(memory[V_GO])


@njit(cache=True)
def guide(phase, y, cargo, normal, r_target, v_target, climb, launcher, mu, memory):
    """One pass of UPFG. A single guided phase is flown as two of the same engine, the last of them short."""
    last = launcher.phases.shape[0] - 1
    main_on = phase < last
    settled = main_on and memory[CLOCK, 1] < SETTLED_S and memory[CLOCK, 2] > 0.0
    if launcher.guided == last:
        main_on = memory[CLOCK, 2] == 0.0 or memory[CLOCK, 1] > SETTLED_S
        settled = False
    main = launcher.phases[launcher.guided]
    final = launcher.phases[last]
    upfg_pass(
        y[:3], y[3:6], y[6] - cargo, normal, r_target, v_target, climb, main[THRUST], main[FLOW], final[THRUST],
        final[FLOW], launcher.final_s, 1 if main_on else 0, 1 if settled else 0, launcher.release, mu, memory,
    )  # fmt: skip


@njit(cache=True)
def sense(h, y, engines, aim, memory):
    """Take off what accelerometers would have sensed: the change less gravity, that is thrust over the mean mass."""
    gained = engines[THRUST] / engines[FLOW] * math.log((y[6] + engines[FLOW] * h) / y[6])
    for j in range(3):
        memory[V_GO, j] -= gained * aim[j]
    memory[CLOCK, 0] -= h
    memory[CLOCK, 1] -= h
