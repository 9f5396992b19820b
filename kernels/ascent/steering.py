"""Open-loop steering of an ascent: vertical rise, kick, and then one of three laws."""

import math

from kernels.compiling import njit
from kernels.constants import FLATTENING
from kernels.maths.interpolation import interpolate

# Laws of the first stage, after the kick
GRAVITY_TURN = 0  # along the flow, in the launch plane
PROGRAMME = 1  # the table's angle from the local vertical against speed through the air, in the launch plane
PRESCRIBED = 2  # from lift-off: the table's angle from the pad's radius against time, in the pad's inertial plane

# Modes of the steering, and the indices of its numbers in the steering array (13,)
HOLD, RISE, KICK, TURN, TABLE, CLOCK = range(6)
MODE, KICK_ANGLE, KICK_START, LIFTOFF = range(4)
NORMAL, RADIAL, EAST = 4, 7, 10  # unit vectors: of the launch plane, from the Earth's centre to the pad, east there

KICK_RAMP = 4.0  # s, over which the kick is applied


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
def mode_at(met, launcher):
    """Mode of the open-loop steering `met` s after lift-off."""
    if launcher.law == PRESCRIBED:
        return CLOCK
    if met < launcher.vertical - 1.0e-9:
        return RISE
    if met < launcher.kick_end - 1.0e-9:
        return KICK
    return TABLE if launcher.law == PROGRAMME else TURN


@njit(cache=True)
def open_loop_aim(t, r, flow, speed, pole, steering, programme, aim):
    """Thrust direction before guidance, aim (3,) in place; HOLD leaves it as it is.

    t s; r (3,) m; flow (3,) velocity through the air and its size, m/s; pole of date; steering (13,) as named above;
    programme (n, 2). A law of the state, so that it belongs into the right-hand side and not into the steps.
    """
    mode = steering[MODE]
    if mode == HOLD:
        return
    if mode == CLOCK:
        angle = interpolate(t - steering[LIFTOFF], programme[:, 0], programme[:, 1])
        for j in range(3):
            aim[j] = math.cos(angle) * steering[RADIAL + j] + math.sin(angle) * steering[EAST + j]
        return
    local_up(r, pole, aim)
    if mode == RISE:
        return
    if mode == KICK:
        p = steering[KICK_ANGLE] * min(1.0, (t - steering[KICK_START]) / KICK_RAMP)
    elif mode == TABLE:
        p = interpolate(speed, programme[:, 0], programme[:, 1])
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
