"""Motion of a chaser about a target: the LVLH frame, straight and curved, and Hill's equations solved.

LVLH as Fehse (2003, section 3.1): x along V-bar (h x r), y against the orbit normal (-h), z to the nadir (-r); it
turns with (0, -n, 0), n = |r x v| / r^2. From radial, along-track, cross-track (R, T, N): x = T, y = -N, z = -R.
Lengths m, speeds m/s, rates rad/s. "Inertial" is whatever inertial frame the states are given in.
The glideslope is that of Hablani, Tapper and Dana-Bashian, J. Guidance 25 (2002) 553-562.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.maths.vectors import copy, cross, dot, norm

OK = 0
SINGULAR_TIME = 1  # the transfer time is one at which the in-plane target cannot be chosen
SINGULAR_CROSS_TRACK = 2  # after so many half revolutions y comes back by itself, and not to the target
MIN_DETERMINANT = 1.0e-6  # of the dimensionless position response; under it a millimetre costs a kilometre per second
NEGLIGIBLE_MISS = 1.0e-3  # m, cross-track miss under which an uncontrollable y counts as arrived


@njit(cache=True)
def lvlh_axes(r, v, c_out):
    """Fill c_out (3, 3) with the LVLH axes x, y, z as rows in inertial components; return the rate n.

    c_out turns inertial components into LVLH ones. r m and v m/s (3,), inertial, not parallel.
    """
    h = cross(r, v)
    rn, hn = norm(r), norm(h)
    for i in range(3):
        c_out[2, i] = -r[i] / rn
        c_out[1, i] = -h[i] / hn
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        c_out[0, i] = c_out[1, j] * c_out[2, k] - c_out[1, k] * c_out[2, j]
    return hn / (rn * rn)


@njit(cache=True)
def rotate(c, a):
    """c a, a new (3,) array, for a (3, 3) matrix."""
    out = np.empty(3)
    for i in range(3):
        out[i] = c[i, 0] * a[0] + c[i, 1] * a[1] + c[i, 2] * a[2]
    return out


@njit(cache=True)
def rotate_back(c, a):
    """c transposed times a, a new (3,) array, for a (3, 3) matrix."""
    out = np.empty(3)
    for i in range(3):
        out[i] = c[0, i] * a[0] + c[1, i] * a[1] + c[2, i] * a[2]
    return out


@njit(cache=True)
def to_lvlh(rt, vt, rc, vc, d_out, ddot_out):
    """Straight (rectangular) LVLH position and velocity of the chaser, the velocity as seen in the turning frame.

    rt, vt target and rc, vc chaser (3,), inertial. d_dot = C (vc - vt) - w x d with w = (0, -n, 0); the turn of the
    orbit plane itself (some 1e-6 rad/s under J2) is left out.
    """
    c = np.empty((3, 3))
    n = lvlh_axes(rt, vt, c)
    d = rotate(c, rc - rt)
    u = rotate(c, vc - vt)
    copy(d, d_out)
    ddot_out[0] = u[0] + n * d[2]
    ddot_out[1] = u[1]
    ddot_out[2] = u[2] - n * d[0]


@njit(cache=True)
def from_lvlh(rt, vt, d, ddot, rc_out, vc_out):
    """Inertial state of the chaser from its straight LVLH one: the inverse of to_lvlh."""
    c = np.empty((3, 3))
    n = lvlh_axes(rt, vt, c)
    u = np.empty(3)
    u[0] = ddot[0] - n * d[2]
    u[1] = ddot[1]
    u[2] = ddot[2] + n * d[0]
    copy(rt + rotate_back(c, d), rc_out)
    copy(vt + rotate_back(c, u), vc_out)


@njit(cache=True)
def to_curvilinear(rt, vt, rc, vc, d_out, ddot_out):
    """Curved LVLH position and velocity of the chaser: arcs at the target's radius, and height.

    x = r_t theta (theta ahead in the target's orbit plane, in (-pi, pi]), y = r_t phi (phi out of that plane, towards
    -h), z = r_t - |r_c|; the velocity is their time derivative. Keeps the shape of an orbit over tens of km, where the
    straight frame bends it: a circular orbit z below has x_dot = 3/2 n z and z_dot = 0. Undefined over the poles of
    the orbit plane (phi = 90 deg).
    """
    c = np.empty((3, 3))
    n = lvlh_axes(rt, vt, c)
    p = rotate(c, rc)
    u = rotate(c, vc)
    radius, rate = norm(rt), dot(rt, vt) / norm(rt)
    ahead, side, up = p[0], p[1], -p[2]
    ahead_dot, side_dot, up_dot = u[0], u[1], -u[2]
    flat2 = ahead * ahead + up * up
    flat = math.sqrt(flat2)
    r = norm(rc)
    theta = math.atan2(ahead, up)
    phi = math.atan2(side, flat)
    theta_dot = (ahead_dot * up - ahead * up_dot) / flat2 - n
    flat_dot = (ahead * ahead_dot + up * up_dot) / flat
    phi_dot = (side_dot * flat - side * flat_dot) / (r * r)
    d_out[0] = radius * theta
    d_out[1] = radius * phi
    d_out[2] = radius - r
    ddot_out[0] = radius * theta_dot + rate * theta
    ddot_out[1] = radius * phi_dot + rate * phi
    ddot_out[2] = rate - dot(rc, vc) / r


@njit(cache=True)
def from_curvilinear(rt, vt, d, ddot, rc_out, vc_out):
    """Inertial state of the chaser from its curved LVLH one: the inverse of to_curvilinear."""
    c = np.empty((3, 3))
    n = lvlh_axes(rt, vt, c)
    radius, rate = norm(rt), dot(rt, vt) / norm(rt)
    theta, phi = d[0] / radius, d[1] / radius
    theta_dot = (ddot[0] - rate * theta) / radius + n
    phi_dot = (ddot[1] - rate * phi) / radius
    r, r_dot = radius - d[2], rate - ddot[2]
    ct, st, cp, sp = math.cos(theta), math.sin(theta), math.cos(phi), math.sin(phi)
    flat, flat_dot = r * cp, r_dot * cp - r * sp * phi_dot
    p, u = np.empty(3), np.empty(3)
    p[0], u[0] = flat * st, flat_dot * st + flat * ct * theta_dot
    p[1], u[1] = r * sp, r_dot * sp + r * cp * phi_dot
    p[2], u[2] = -flat * ct, -flat_dot * ct + flat * st * theta_dot
    copy(rotate_back(c, p), rc_out)
    copy(rotate_back(c, u), vc_out)


@njit(cache=True)
def hcw_stm(n, t, phi_out):
    """Fill phi_out (6, 6), the transition matrix of (x, y, z, x_dot, y_dot, z_dot) in LVLH over t s.

    Clohessy & Wiltshire 1960; Fehse 2003 eqs 3.18 ff. Target on a circle of mean motion n > 0, chaser so near that
    gravity is linear: the error grows as d^2 / r.
    """
    tau = n * t
    s, c = math.sin(tau), math.cos(tau)
    half = math.sin(0.5 * tau)
    versine = 2.0 * half * half  # 1 - cos tau
    phi_out[:, :] = 0.0
    phi_out[0, 0] = 1.0
    phi_out[0, 2] = 6.0 * (tau - s)
    phi_out[1, 1] = c
    phi_out[2, 2] = 1.0 + 3.0 * versine
    phi_out[0, 3] = (4.0 * s - 3.0 * tau) / n
    phi_out[0, 5] = 2.0 * versine / n
    phi_out[1, 4] = s / n
    phi_out[2, 3] = -2.0 * versine / n
    phi_out[2, 5] = s / n
    phi_out[3, 2] = 6.0 * n * versine
    phi_out[4, 1] = -n * s
    phi_out[5, 2] = 3.0 * n * s
    phi_out[3, 3] = 1.0 - 4.0 * versine
    phi_out[3, 5] = 2.0 * s
    phi_out[4, 4] = c
    phi_out[5, 3] = -2.0 * s
    phi_out[5, 5] = c


@njit(cache=True)
def hcw_push(n, t, push_out):
    """Fill push_out (6, 3): response of (x, y, z, x_dot, y_dot, z_dot) to a constant 1 m/s2 along x, y, z in t s; LVLH.

    The integral of the transition matrix; Fehse 2003, section 3.3.2. For t = 1 s the sines are differenced to 1e-9.
    """
    tau = n * t
    s, half = math.sin(tau), math.sin(0.5 * tau)
    versine = 2.0 * half * half
    push_out[:, :] = 0.0
    push_out[0, 0] = 4.0 * versine / (n * n) - 1.5 * t * t
    push_out[0, 2] = 2.0 * (tau - s) / (n * n)
    push_out[1, 1] = versine / (n * n)
    push_out[2, 0] = -push_out[0, 2]
    push_out[2, 2] = versine / (n * n)
    push_out[3, 0] = 4.0 * s / n - 3.0 * t
    push_out[3, 2] = 2.0 * versine / n
    push_out[4, 1] = s / n
    push_out[5, 0] = -push_out[3, 2]
    push_out[5, 2] = s / n


@njit(cache=True)
def hcw_two_impulse(n, t, d0, v0, df, vf, dv1_out, dv2_out):
    """Impulses that carry the chaser from d0, v0 to df in t s and leave it with vf there; LVLH, (3,) each.

    Fills dv1_out, dv2_out (m/s), returns a status; where it is not OK both are NaN. The matrix equation
    dv1 = P_rv^-1 (df - P_rr d0) - v0 splits in two: x with z, whose dimensionless determinant is
    8 (1 - cos tau) - 3 tau sin tau, zero after whole revolutions, and y alone with sin tau, zero after half ones too.
    There y cannot be steered: it passes if it arrives by itself, with no burn.
    """
    for i in range(3):
        dv1_out[i] = math.nan
        dv2_out[i] = math.nan
    p = np.empty((6, 6))
    hcw_stm(n, t, p)
    s = math.sin(n * t)
    determinant = n * n * (p[0, 3] * p[2, 5] - p[0, 5] * p[2, 3])
    if not abs(determinant) >= MIN_DETERMINANT:
        return SINGULAR_TIME
    miss_y = df[1] - p[1, 1] * d0[1]
    vy = v0[1]
    if abs(s) >= MIN_DETERMINANT:
        vy = n * miss_y / s
    elif not abs(miss_y) <= NEGLIGIBLE_MISS:
        return SINGULAR_CROSS_TRACK
    miss_x = df[0] - d0[0] - p[0, 2] * d0[2]
    miss_z = df[2] - p[2, 2] * d0[2]
    scale = n * n / determinant
    vx = scale * (p[2, 5] * miss_x - p[0, 5] * miss_z)
    vz = scale * (p[0, 3] * miss_z - p[2, 3] * miss_x)
    dv1_out[0], dv1_out[1], dv1_out[2] = vx - v0[0], vy - v0[1], vz - v0[2]
    dv2_out[0] = vf[0] - (p[3, 2] * d0[2] + p[3, 3] * vx + p[3, 5] * vz)
    dv2_out[1] = vf[1] - (p[4, 1] * d0[1] + p[4, 4] * vy)
    dv2_out[2] = vf[2] - (p[5, 2] * d0[2] + p[5, 3] * vx + p[5, 5] * vz)
    return OK


@njit(cache=True)
def glideslope_slope(rho0, speed0, speed_end):
    """Slope a, 1/s, of speed against distance to go, rho_dot = a rho + speed_end: Hablani et al. 2002.

    rho0 > 0 m to go; speed0 and speed_end m/s, both negative (inbound). a < 0 slows down.
    """
    return (speed0 - speed_end) / rho0


@njit(cache=True)
def glideslope_time(rho0, speed0, speed_end):
    """Duration, s, of a glideslope from rho0 to nothing to go: Hablani et al. 2002, ln(speed_end / speed0) / a."""
    change = speed_end / speed0 - 1.0
    # ln(1 + c) / c, which is 1 where both speeds are one and the slope vanishes.
    stretch = math.log1p(change) / change if change != 0.0 else 1.0
    return -rho0 / speed0 * stretch


@njit(cache=True)
def glideslope_distance(t, rho0, speed0, speed_end):
    """Distance to go, m, at t s on a glideslope: Hablani et al. 2002, rho0 e^(at) + speed_end / a (e^(at) - 1)."""
    at = glideslope_slope(rho0, speed0, speed_end) * t
    growth = math.expm1(at) / at if at != 0.0 else 1.0
    return rho0 * math.exp(at) + speed_end * t * growth


@njit(cache=True)
def glideslope_speed(t, rho0, speed0, speed_end):
    """Rate of the distance to go, m/s (negative inbound), at t s on a glideslope: speed0 e^(at)."""
    return speed0 * math.exp(glideslope_slope(rho0, speed0, speed_end) * t)
