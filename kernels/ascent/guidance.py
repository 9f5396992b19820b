"""Closed-loop ascent guidance: UPFG for the phases of a launcher, and the sensed velocity between two passes."""

import math

from kernels.ascent.launcher import FLOW, THRUST
from kernels.ascent.upfg import CHANGE, CLOCK, V_GO, UpperStage, upfg_pass, upfg_start
from kernels.compiling import njit
from kernels.maths.vectors import cross, norm

SETTLED_S = 3.0  # s before the end of the guided main phase, from which its length is kept
PASSES, SAME_M_S = 200, 1.0e-6  # of the guidance before its first phase: at most, and the change that ends them
FIRST_TIME_S, FIRST_ANGLE = 420.0, 0.33  # the crude first guess of the guidance: time to go, and rad still to fly


@njit(cache=True)
def still_aboard(launcher, fallen):
    """Mass that is still to be jettisoned, kg: the guidance must not count it as payload."""
    mass = 0.0
    for i in range(fallen, launcher.jettisons.shape[0]):
        mass += launcher.jettisons[i, 1]
    return mass


@njit(cache=True)
def navigated_state(y, normal, errors):
    """Navigated position m and velocity m/s, each (3,): the true state y (7,) plus navigation errors (6,).

    Errors: radial, along track and normal to the plane of `normal`. Without errors the result is y to the bit.
    """
    up = y[:3] / norm(y[:3])
    along = cross(normal, up)
    r = y[:3] + errors[0] * up + errors[1] * along + errors[2] * normal
    v = y[3:6] + errors[3] * up + errors[4] * along + errors[5] * normal
    return r, v


@njit(cache=True)
def converged(y, cargo, target, launcher, mu, memory):
    """Run the guidance from a crude guess until it settles; False where it does not."""
    r, v = navigated_state(y, target.normal, launcher.navigation)
    upfg_start(r, v, target, FIRST_TIME_S, FIRST_ANGLE, mu, memory)
    for _ in range(PASSES):
        guide(launcher.guided, y, cargo, target, launcher, mu, memory)
        if memory[CHANGE, 0] < SAME_M_S:
            break
    return memory[CHANGE, 0] < 0.05 * norm(memory[V_GO])


@njit(cache=True)
def guide(phase, y, cargo, target, launcher, mu, memory):
    """One pass of UPFG. A single guided phase is flown as two of the same engine, the last of them short.

    Its model has the nominal thrust and mass flow, and takes the mass from the measured acceleration: a thrust error of
    some per cent looks like a rocket lighter or heavier by as much.
    """
    last = launcher.phases.shape[0] - 1
    nominal = launcher.nominal if launcher.nominal.shape[0] > 0 else launcher.phases
    main_on = phase < last
    settled = main_on and memory[CLOCK, 1] < SETTLED_S and memory[CLOCK, 2] > 0.0
    if launcher.guided == last:
        main_on = memory[CLOCK, 2] == 0.0 or memory[CLOCK, 1] > SETTLED_S
        settled = False
    main = nominal[launcher.guided]
    final = nominal[last]
    mass = y[6] * (nominal[phase, THRUST] / launcher.phases[phase, THRUST]) - cargo
    r, v = navigated_state(y, target.normal, launcher.navigation)
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
    """Subtract the sensed velocity change from the velocity to go: thrust over the mean mass, without gravity."""
    gained = engines[THRUST] / engines[FLOW] * math.log((y[6] + engines[FLOW] * h) / y[6])
    for j in range(3):
        memory[V_GO, j] -= gained * aim[j]
    memory[CLOCK, 0] -= h
    memory[CLOCK, 1] -= h
