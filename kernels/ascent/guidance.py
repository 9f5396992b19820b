"""The closed loop of an ascent: UPFG asked for the phases of a launcher, and what it senses between two passes."""

import math

from numba import njit

from kernels.ascent.launcher import FLOW, THRUST
from kernels.ascent.upfg import CHANGE, CLOCK, V_GO, UpperStage, upfg_pass, upfg_start
from kernels.maths.vectors import cross, norm

SETTLED_S = 3.0  # s before the end of the guided main phase, from which its length is kept
PASSES, SAME_M_S = 200, 1.0e-6  # of the guidance before its first phase: at most, and the change that ends them
FIRST_TIME_S, FIRST_ANGLE = 420.0, 0.33  # the crude first guess of the guidance: time to go, and rad still to fly


@njit(cache=True)
def still_aboard(launcher, fallen):
    """Mass that the clock has not thrown off yet, kg: what the guidance must not count as its own."""
    mass = 0.0
    for i in range(fallen, launcher.jettisons.shape[0]):
        mass += launcher.jettisons[i, 1]
    return mass


@njit(cache=True)
def seen(y, normal, off):
    """Position m and velocity m/s, each (3,), as the navigation tells them: y (7,) and what is wrong with it, off (6,).

    Outward, along and across the plane of `normal`. Without an error they are the bits of y.
    """
    up = y[:3] / norm(y[:3])
    along = cross(normal, up)
    r = y[:3] + off[0] * up + off[1] * along + off[2] * normal
    v = y[3:6] + off[3] * up + off[4] * along + off[5] * normal
    return r, v


@njit(cache=True)
def converged(y, cargo, target, launcher, mu, memory):
    """Run the guidance from a crude guess until it settles; False where it does not."""
    r, v = seen(y, target.normal, launcher.navigation)
    upfg_start(r, v, target, FIRST_TIME_S, FIRST_ANGLE, mu, memory)
    for _ in range(PASSES):
        guide(launcher.guided, y, cargo, target, launcher, mu, memory)
        if memory[CHANGE, 0] < SAME_M_S:
            break
    return memory[CHANGE, 0] < 0.05 * norm(memory[V_GO])


@njit(cache=True)
def guide(phase, y, cargo, target, launcher, mu, memory):
    """One pass of UPFG. A single guided phase is flown as two of the same engine, the last of them short.

    It believes in thrust and mass flow as planned, and takes the mass from the acceleration that it measures: an engine
    off by some per cent is a rocket lighter or heavier by as much.
    """
    last = launcher.phases.shape[0] - 1
    predicted = launcher.predicted if launcher.predicted.shape[0] > 0 else launcher.phases
    main_on = phase < last
    settled = main_on and memory[CLOCK, 1] < SETTLED_S and memory[CLOCK, 2] > 0.0
    if launcher.guided == last:
        main_on = memory[CLOCK, 2] == 0.0 or memory[CLOCK, 1] > SETTLED_S
        settled = False
    main = predicted[launcher.guided]
    final = predicted[last]
    mass = y[6] * (predicted[phase, THRUST] / launcher.phases[phase, THRUST]) - cargo
    r, v = seen(y, target.normal, launcher.navigation)
    stage = UpperStage(
        main_thrust=main[THRUST],
        main_flow=main[FLOW],
        vernier_thrust=final[THRUST],
        vernier_flow=final[FLOW],
        vernier_s=launcher.final_s,
        release=launcher.release,
    )
    upfg_pass(r, v, mass, target, stage, 1 if main_on else 0, 1 if settled else 0, mu, memory)


@njit(cache=True)
def sense(h, y, engines, aim, memory):
    """Take off what accelerometers would have sensed: the change less gravity, that is thrust over the mean mass."""
    gained = engines[THRUST] / engines[FLOW] * math.log((y[6] + engines[FLOW] * h) / y[6])
    for j in range(3):
        memory[V_GO, j] -= gained * aim[j]
    memory[CLOCK, 0] -= h
    memory[CLOCK, 1] -= h
