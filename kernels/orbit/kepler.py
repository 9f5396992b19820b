"""Two-body motion: elements, anomalies, and the state after a time on any conic.

Angles in rad, lengths in m, mu in m3/s2. Frame: any inertial one, z its pole. Semi-major axis a < 0 on a hyperbola.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.maths.vectors import cross, dot, norm

OK = 0
NOT_CONVERGED = 1  # no such conic: a value not finite, mu <= 0, or motion along a line through the centre
TWO_PI = 2.0 * math.pi
# Below this eccentricity (or sine of inclination) the apse (or node) is rounding noise: 1e-12 of 7000 km is 7 um.
DEGENERATE = 1.0e-12
# exp(350) is finite and so is its square; no real time of flight reaches this hyperbolic anomaly.
HYPERBOLIC_LIMIT = 350.0


@njit(cache=True)
def period(a, mu):
    """Orbital period, s; infinite where the orbit is open (a <= 0)."""
    if a <= 0.0:
        return math.inf
    return TWO_PI * math.sqrt(a * a * a / mu)


@njit(cache=True)
def mean_to_eccentric(mean, e):
    """Eccentric anomaly E of E - e sin E = M, or for e > 1 the hyperbolic anomaly F of e sinh F - F = M.

    Newton from the far side of the root, where the curve is convex: every step lands between the root and the last
    one, so it cannot diverge (Vallado 2013, algorithms 2 and 4, start otherwise). E keeps the revolution of M. e = 1
    has no such anomaly.
    """
    if e < 1.0:
        whole = TWO_PI * math.floor(mean / TWO_PI + 0.5)
        m = abs(mean - whole)
        x = min(m + e, math.pi)
        for _ in range(60):
            step = (x - e * math.sin(x) - m) / (1.0 - e * math.cos(x))
            x -= step
            if abs(step) < 1.0e-15:
                break
        return whole + math.copysign(x, mean - whole)
    m = abs(mean)
    # F^3 e/6 <= M bounds a small root, and e sinh F <= 2 M one with M >= 2.18, where 2 M <= sinh M.
    x = (6.0 * m / e) ** (1.0 / 3.0) if m < 3.0 else math.asinh(2.0 * m / e)
    for _ in range(60):
        slope = e * math.cosh(x) - 1.0
        if slope <= 0.0:
            break
        step = (e * math.sinh(x) - x - m) / slope
        x -= step
        if abs(step) < 1.0e-15 * x:
            break
    return math.copysign(x, mean)


@njit(cache=True)
def eccentric_to_mean(anomaly, e):
    """Mean anomaly of an eccentric (e < 1) or hyperbolic (e > 1) one: Vallado 2013 section 2.2."""
    if e < 1.0:
        return anomaly - e * math.sin(anomaly)
    return e * math.sinh(anomaly) - anomaly


@njit(cache=True)
def eccentric_to_true(anomaly, e):
    """True anomaly of an eccentric (e < 1) or hyperbolic (e > 1) one; keeps the revolution."""
    if e < 1.0:
        beta = e / (1.0 + math.sqrt(1.0 - e * e))
        return anomaly + 2.0 * math.atan2(beta * math.sin(anomaly), 1.0 - beta * math.cos(anomaly))
    return 2.0 * math.atan2(math.sqrt(e + 1.0) * math.tanh(0.5 * anomaly), math.sqrt(e - 1.0))


@njit(cache=True)
def true_to_eccentric(nu, e):
    """Eccentric (e < 1) or hyperbolic (e > 1) anomaly of a true one; NaN beyond the asymptote of a hyperbola."""
    if e < 1.0:
        beta = e / (1.0 + math.sqrt(1.0 - e * e))
        return nu - 2.0 * math.atan2(beta * math.sin(nu), 1.0 + beta * math.cos(nu))
    tanh_half = math.sqrt((e - 1.0) / (e + 1.0)) * math.tan(0.5 * nu)
    if abs(tanh_half) >= 1.0:
        return math.nan
    return 2.0 * math.atanh(tanh_half)


@njit(cache=True)
def mean_to_true(mean, e):
    """True anomaly of a mean one, e != 1."""
    return eccentric_to_true(mean_to_eccentric(mean, e), e)


@njit(cache=True)
def true_to_mean(nu, e):
    """Mean anomaly of a true one, e != 1."""
    return eccentric_to_mean(true_to_eccentric(nu, e), e)


@njit(cache=True)
def elements_to_state(a, e, i, raan, argp, nu, mu):
    """State (6,), m and m/s, of classical elements: Vallado 2013 algorithm 10.

    NaN where they name no point: e = 1 (a is then infinite), a of the wrong sign, nu beyond the asymptote.
    """
    state = np.empty(6)
    p = a * (1.0 - e * e)
    nearness = 1.0 + e * math.cos(nu)
    if not (p > 0.0 and nearness > 0.0):
        state[:] = math.nan
        return state
    r = p / nearness
    u = argp + nu
    # Unit vectors in the orbit plane: along the ascending node, and 90 deg ahead of it.
    nx, ny = math.cos(raan), math.sin(raan)
    mx, my, mz = -math.cos(i) * ny, math.cos(i) * nx, math.sin(i)
    cu, su = math.cos(u), math.sin(u)
    k = math.sqrt(mu / p)
    vn = -k * (su + e * math.sin(argp))
    vm = k * (cu + e * math.cos(argp))
    state[0] = r * (cu * nx + su * mx)
    state[1] = r * (cu * ny + su * my)
    state[2] = r * su * mz
    state[3] = vn * nx + vm * mx
    state[4] = vn * ny + vm * my
    state[5] = vm * mz
    return state


@njit(cache=True)
def state_to_elements(r, v, mu):
    """Elements (a, e, i, raan, argp, nu, u) of a state r (3,) m, v (3,) m/s: angles in [0, 2 pi), nu in (-pi, pi].

    u = argp + nu is the argument of latitude, sharp even where its parts are not. Equatorial (sin i < 1e-12): raan = 0
    and u is measured from the x axis, in the sense of motion. Circular (e < 1e-12): argp = 0 and nu = u. Parabola:
    a is infinite. NaN for motion along a line through the centre.
    """
    h = cross(r, v)
    hn = norm(h)
    rn = norm(r)
    if not hn > 0.0:
        return math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan
    rv = dot(r, v)
    alpha = 2.0 / rn - dot(v, v) / mu
    a = 1.0 / alpha if alpha != 0.0 else math.inf
    p = hn * hn / mu
    e_cos, e_sin = p / rn - 1.0, math.sqrt(p / mu) * rv / rn
    e = math.hypot(e_cos, e_sin)
    node = math.hypot(h[0], h[1])
    inclination = math.atan2(node, h[2])
    if node > DEGENERATE * hn:
        nx, ny = -h[1] / node, h[0] / node
    else:
        nx, ny = 1.0, 0.0
    raan = math.atan2(ny, nx) % TWO_PI
    # 90 deg ahead of the node in the orbit plane: h x node / |h|.
    ahead = (-h[2] * ny * r[0] + h[2] * nx * r[1] + (h[0] * ny - h[1] * nx) * r[2]) / hn
    u = math.atan2(ahead, nx * r[0] + ny * r[1]) % TWO_PI
    if e < DEGENERATE:
        return a, e, inclination, raan, 0.0, u, u
    nu = math.atan2(e_sin, e_cos)
    return a, e, inclination, raan, (u - nu) % TWO_PI, nu, u


@njit(cache=True)
def stumpff(psi):
    """Stumpff functions c2 = (1 - cos s)/s^2 and c3 = (s - sin s)/s^3 of psi = s^2 (hyperbolic where psi < 0).

    Battin 1999 section 4.5. Inside |psi| < 1 the power series, since the closed forms cancel there.
    """
    if psi >= 1.0:
        s = math.sqrt(psi)
        half = math.sin(0.5 * s)
        return 2.0 * half * half / psi, (s - math.sin(s)) / (psi * s)
    if psi <= -1.0:
        s = math.sqrt(-psi)
        half = math.sinh(0.5 * s)
        return -2.0 * half * half / psi, (math.sinh(s) - s) / (-psi * s)
    # Terms to psi^9: the next is below 1e-19 of the first.
    c2, c3 = 1.0, 1.0
    for k in range(9, 0, -1):
        c2 = 1.0 - c2 * psi / ((2.0 * k + 1.0) * (2.0 * k + 2.0))
        c3 = 1.0 - c3 * psi / ((2.0 * k + 2.0) * (2.0 * k + 3.0))
    return 0.5 * c2, c3 / 6.0


@njit(cache=True)
def universal_guess(rn, sigma, alpha, e, target):
    """First guess of the universal anomaly: exact for a clear hyperbola, the start tangent on any other conic.

    Far out on a hyperbola F grows as an exponential, on which Newton walks one unit a step; so use the
    hyperbolic anomaly (e sinh F0 = sigma sqrt(-alpha)) there. It loses digits near the parabola, which Newton restores.
    """
    if alpha >= 0.0 or e <= 1.0:
        return target / rn
    root = math.sqrt(-alpha)
    start = math.asinh(sigma * root / e)
    end = mean_to_eccentric(e * math.sinh(start) - start + target * root * root * root, e)
    return (end - start) / root


@njit(cache=True)
def universal_anomaly(rn, sigma, alpha, p, target):
    """Universal anomaly x >= 0, m^0.5, with F(x) = sqrt(mu) dt = target >= 0, and a status.

    rn m, sigma = r.v/sqrt(mu), alpha = 1/a, p the semi-latus rectum. F(x) = rn U1 + sigma U2 + U3 (Battin 1999
    section 4.5) rises everywhere with slope r >= pericentre, which bounds the root: Newton inside a shrinking bracket.
    """
    e = math.sqrt(max(1.0 - p * alpha, 0.0))
    low, high = 0.0, math.inf
    if p > 0.0:
        high = target * (1.0 + e) / p
    if alpha < 0.0:
        high = min(high, HYPERBOLIC_LIMIT / math.sqrt(-alpha))
    x = min(max(universal_guess(rn, sigma, alpha, e, target), 0.0), high)
    for _ in range(200):
        psi = alpha * x * x
        c2, c3 = stumpff(psi)
        u1, u2, u3 = x * (1.0 - psi * c3), x * x * c2, x * x * x * c3
        miss = rn * u1 + sigma * u2 + u3 - target
        slope = rn * (1.0 - psi * c2) + sigma * u1 + u2
        if miss > 0.0:
            high = min(high, x)
        else:
            low = max(low, x)
        new = x - miss / slope if slope > 0.0 else -1.0
        if not low <= new <= high:
            new = 0.5 * (low + high)
        step = abs(new - x)
        x = new
        # Newton squares its error, so after a step of 1e-9 only rounding is left.
        if step <= 1.0e-9 * x:
            return x, OK
    return x, NOT_CONVERGED


@njit(cache=True)
def kepler_propagate(r, v, dt, mu, r_out, v_out):
    """State after `dt` s (either sign) on the conic through r (3,) m, v (3,) m/s; fills r_out, v_out, returns a status.

    Universal variables, Battin 1999 section 4.5. Whole revolutions of an ellipse are subtracted first, so a year costs
    what a minute costs; what remains is the rounding of the mean motion, about 2e-16 of the distance flown times the
    number of significant digits lost in 2/r - v^2/mu. The out arrays may be r and v themselves. Not for a path
    through the centre.
    """
    rn = norm(r)
    h = cross(r, v)
    if not (rn > 0.0 and dot(h, h) > 0.0 and mu > 0.0 and math.isfinite(dt)):
        return NOT_CONVERGED
    root_mu = math.sqrt(mu)
    p = dot(h, h) / mu
    alpha = 2.0 / rn - dot(v, v) / mu
    if not (math.isfinite(alpha) and math.isfinite(p)):
        return NOT_CONVERGED
    if alpha > 0.0:
        full = TWO_PI / (root_mu * alpha * math.sqrt(alpha))
        dt -= full * math.floor(dt / full + 0.5)
    sigma = dot(r, v) / root_mu
    # Backwards in time is forwards with the velocity turned round.
    sign = math.copysign(1.0, dt)
    x, status = universal_anomaly(rn, sign * sigma, alpha, p, root_mu * abs(dt))
    if status != OK:
        return status
    psi = alpha * x * x
    c2, c3 = stumpff(psi)
    u1, u2 = sign * x * (1.0 - psi * c3), x * x * c2
    r_new = rn * (1.0 - psi * c2) + sigma * u1 + u2
    f = 1.0 - u2 / rn
    g = (rn * u1 + sigma * u2) / root_mu
    f_dot = -root_mu * u1 / (r_new * rn)
    g_dot = 1.0 - u2 / r_new
    for i in range(3):
        ri, vi = r[i], v[i]
        r_out[i] = f * ri + g * vi
        v_out[i] = f_dot * ri + g_dot * vi
    return OK
