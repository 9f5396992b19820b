"""Reference path of a fly-around and an inbound approach: position, velocity, attitude; LVLH, m, m/s, rad.

Two kinds of segment. An arc leads from one point about the station to another, turning the direction and changing the
distance together, from rest to rest. The inbound approach leads along the port's axis through stops to the ring: a
commanded closing speed against the distance to go, and a commanded speed back to the axis against the offset.
"""

import math

from kernels.compiling import njit
from kernels.maths.vectors import dot, norm

STOP_SLOPE = 0.01  # 1/s, glideslope to a stop
HOLD_GAIN = 0.05  # 1/s, back to the stop while holding
STOP_SPEED = 0.03  # m/s, at which a stop is reached before the hold takes over


@njit(cache=True, error_model="numpy", _nrt=False)
def rest_to_rest(x):
    """Fraction of a segment flown after the fraction x of its time, with its first and second derivatives by x.

    The quintic that starts and ends without speed and acceleration; its greatest speed is 15/8 of the mean.
    """
    x = min(max(x, 0.0), 1.0)
    back = 1.0 - x
    return (
        x * x * x * (10.0 + x * (-15.0 + 6.0 * x)),
        30.0 * x * x * back * back,
        60.0 * x * back * (1.0 - 2.0 * x),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def arc(start, end, duration, t, p, v, a, turn):
    """Fill p, v, a (3,) at t s into an arc from start to end (3,) m, and turn (3,) rad/s, how its direction turns.

    Direction: along the great circle; distance: linear in the angle's share; both by `rest_to_rest`. Opposite points
    have no unique great circle: add a point between them.
    """
    r0, r1 = norm(start), norm(end)
    sine = 0.0
    for j in range(3):
        k, m = (j + 1) % 3, (j + 2) % 3
        turn[j] = (start[k] * end[m] - start[m] * end[k]) / (r0 * r1)
        sine += turn[j] * turn[j]
    sine = math.sqrt(sine)
    angle = math.atan2(sine, dot(start, end) / (r0 * r1))
    for j in range(3):  # the axis of the turn; none on a straight segment
        turn[j] = turn[j] / sine if sine > 1.0e-9 else 0.0
    s, s1, s2 = rest_to_rest(t / duration)
    s1, s2 = s1 / duration, s2 / (duration * duration)
    c, z = math.cos(angle * s), math.sin(angle * s)
    r, dr = r0 + (r1 - r0) * s, r1 - r0
    for j in range(3):
        k, m = (j + 1) % 3, (j + 2) % 3
        ahead, side = start[j] / r0, (turn[k] * start[m] - turn[m] * start[k]) / r0
        u, w = c * ahead + z * side, c * side - z * ahead  # w = du/d(angle)
        p[j] = r * u
        v[j] = s1 * (dr * u + r * angle * w)
        a[j] = s2 * (dr * u + r * angle * w) + s1 * s1 * angle * (2.0 * dr * w - r * angle * u)
    for j in range(3):
        turn[j] *= angle * s1


@njit(cache=True, error_model="numpy", _nrt=False)
def pointing(ahead, c_out):
    """Fill c_out (3, 3), LVLH to body: x along `ahead` (3,), y as close to LVLH y as possible, z = x x y.

    ahead must not lie along y; no port of the station does.
    """
    size = norm(ahead)
    for j in range(3):
        c_out[0, j] = ahead[j] / size
    lean = c_out[0, 1]
    for j in range(3):
        c_out[1, j] = (1.0 if j == 1 else 0.0) - lean * c_out[0, j]
    size = norm(c_out[1])
    for j in range(3):
        c_out[1, j] /= size
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        c_out[2, i] = c_out[0, j] * c_out[1, k] - c_out[0, k] * c_out[1, j]


@njit(cache=True, error_model="numpy", _nrt=False)
def closing_speed(to_go, gap, v_max, slope, v_end):
    """Commanded closing speed, m/s: the minimum of v_max, a glideslope to the next stop, and one to the port.

    Glideslope: the speed falls linearly with the distance to go, to v_end at its end. Hablani, Tapper, Dana-Bashian, J.
    Guid. Control Dyn. 25 (2002) 553-562. The glideslope to a stop may be steeper than that to the port.
    """
    return min(v_max, v_end + STOP_SLOPE * max(to_go, 0.0), 0.05 + slope * max(gap, 0.0))


@njit(cache=True, error_model="numpy", _nrt=False)
def hill_acceleration(p, v, n, a):
    """Fill a (3,), m/s2: Hill's equations for a craft at p with v, without thrust. Fehse (2003) eq 3.20."""
    a[0] = 2.0 * n * v[2]
    a[1] = -n * n * p[1]
    a[2] = -2.0 * n * v[0] + 3.0 * n * n * p[2]
