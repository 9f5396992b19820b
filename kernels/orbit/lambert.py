"""Lambert's problem: the conic from one point to another in a given time, with any number of whole revolutions.

After D. Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astron. 121 (2015) 1-15; equation numbers are his. The
unknown x has 1 - x^2 = a_m / a, with a_m the semi-axis of the minimum-energy ellipse: x < 1 ellipses, x > 1
hyperbolas. lam^2 = 1 - c/s is small near 180 deg and changes sign for transfers over 180 deg.
"""

import math

from kernels.compiling import njit
from kernels.maths.vectors import cross, dot, norm

OK = 0
NOT_CONVERGED = 1
PLANE_UNDEFINED = 2  # the two points and the centre lie on one line (within 1e-10 rad), or one is the centre
NO_SUCH_REVOLUTIONS = 3  # the time is too short for so many revolutions
BAD_INPUT = 4  # tof <= 0, mu <= 0, revs < 0, or a value not finite
COLLINEAR = 1.0e-10  # sine of the angle between the points under which their plane is rounding noise
ALMOST_ONE = 1.0 - 1.0e-15  # |x| short of 1, where the time of an ellipse with whole revolutions is infinite
SERIES_WIDTH = 0.2  # |x - 1| under which the closed form for the time loses more digits than the series


@njit(cache=True)
def y_of(x, kappa):
    """y = sqrt(1 - lam^2 (1 - x^2)); kappa = 1 - lam^2 = c/s, which is the part that is known sharply."""
    return math.sqrt(x * x + kappa * (1.0 - x * x))


@njit(cache=True)
def hypergeometric(z):
    """2F1(3, 1; 5/2; z) by its power series, eq 20. Here 0 <= z < 0.4, or slightly below 0."""
    term, total = 1.0, 1.0
    for n in range(200):
        term *= (3.0 + n) / (2.5 + n) * z
        total += term
        if abs(term) < 1.0e-17 * total:
            break
    return total


@njit(cache=True)
def time_of(x, lam, kappa, revs):
    """Dimensionless time of flight T = sqrt(2 mu / s^3) t: eq 18, and eq 20 (Battin's series) near the parabola."""
    y = y_of(x, kappa)
    eta = y - lam * x
    one = (1.0 - x) * (1.0 + x)
    if abs(x - 1.0) < SERIES_WIDTH:
        s1 = 0.5 * (1.0 - lam - x * eta)
        t = 0.5 * (eta * eta * eta * (4.0 / 3.0) * hypergeometric(s1) + 4.0 * lam * eta)
        if revs > 0:
            t += revs * math.pi / (abs(one) * math.sqrt(abs(one)))
        return t
    root = math.sqrt(abs(one))
    # The sine and the cosine of psi together keep its full precision at both ends.
    psi = math.atan2(eta * root, x * y + lam * one) if x < 1.0 else math.asinh(eta * root)
    return ((psi + revs * math.pi) / root - x + lam * y) / one


@njit(cache=True)
def time_derivatives(x, t, lam, kappa):
    """First three derivatives of T(x): eq 22. At x = 1 itself, where they read 0/0, the limit of the first alone."""
    one = (1.0 - x) * (1.0 + x)
    lam3 = lam * lam * lam
    if abs(one) < 1.0e-6:
        return 0.4 * (lam3 * lam * lam - 1.0), 0.0, 0.0
    y = y_of(x, kappa)
    y3 = y * y * y
    d1 = (3.0 * t * x - 2.0 + 2.0 * lam3 * x / y) / one
    d2 = (3.0 * t + 5.0 * x * d1 + 2.0 * kappa * lam3 / y3) / one
    d3 = (7.0 * x * d2 + 8.0 * d1 - 6.0 * kappa * lam3 * lam * lam * x / (y3 * y * y)) / one
    return d1, d2, d3


@njit(cache=True)
def fastest(lam, kappa, revs):
    """x of the minimum time for `revs` >= 1 revolutions: Halley's iteration on T' = 0, kept in (-1, 1)."""
    low, high, x = -1.0, 1.0, 0.0
    for _ in range(100):
        d1, d2, d3 = time_derivatives(x, time_of(x, lam, kappa, revs), lam, kappa)
        if d1 < 0.0:
            low = x
        else:
            high = x
        new = x
        bottom = 2.0 * d2 * d2 - d1 * d3
        if bottom != 0.0:
            new = x - 2.0 * d1 * d2 / bottom
        if not low < new < high:
            new = 0.5 * (low + high)
        step = abs(new - x)
        x = new
        if step < 1.0e-10:
            break
    return x


@njit(cache=True)
def householder(x, target_time, lam, kappa, revs, low, high, falling):
    """x with T(x) = target_time between `low` and `high`, and a status: Householder's third-order step.

    T must be monotonic there, `falling` or not. A step that leaves the bracket halves it instead.
    """
    x = min(max(x, low), high)
    for _ in range(100):
        t = time_of(x, lam, kappa, revs)
        f = t - target_time
        if (f > 0.0) == falling:
            low = x
        else:
            high = x
        d1, d2, d3 = time_derivatives(x, t, lam, kappa)
        bottom = d1 * (d1 * d1 - f * d2) + d3 * f * f / 6.0
        new = math.inf
        if bottom != 0.0:
            new = x - f * (d1 * d1 - 0.5 * f * d2) / bottom
        if not low <= new <= high:
            new = 0.5 * (low + high) if high < math.inf else 2.0 * x + 2.0
        step = abs(new - x)
        x = new
        # The time is infinite at the ends of the ellipses, so what counts is the distance from them. Each step at
        # least squares the error, so a step of 1e-9 leaves rounding alone.
        margin = 1.0 + x if revs == 0 else min(1.0 + x, 1.0 - x)
        if step <= 1.0e-9 * margin or abs(f) <= 2.0e-16 * target_time:
            return x, OK
    return x, NOT_CONVERGED


@njit(cache=True)
def solve_x(target_time, lam, kappa, revs, low_path):
    """x of the conic with dimensionless time `target_time`, and a status: first guesses of eqs 30 and 31."""
    if revs == 0:
        at_zero = math.acos(lam) + lam * math.sqrt(kappa)  # T(0), eq 19
        at_one = 2.0 / 3.0 * (1.0 - lam * lam * lam)  # T(1), eq 21
        if target_time >= at_zero:
            x = (at_zero / target_time) ** (2.0 / 3.0) - 1.0
        elif target_time < at_one:
            x = 1.0 + 2.5 * at_one * (at_one - target_time) / (target_time * (1.0 - lam * lam * lam * lam * lam))
        else:
            # Eq 30 asks for x = 0 at T(0) and x = 1 at T(1), a straight line in log(1 + x) over log(T).
            x = 2.0 ** (math.log(target_time / at_zero) / math.log(at_one / at_zero)) - 1.0
        return householder(x, target_time, lam, kappa, 0, -ALMOST_ONE, math.inf, True)
    bottom = fastest(lam, kappa, revs)
    if target_time < time_of(bottom, lam, kappa, revs):
        return bottom, NO_SUCH_REVOLUTIONS
    if low_path:
        k = (8.0 * target_time / (revs * math.pi)) ** (2.0 / 3.0)
        x = max((k - 1.0) / (k + 1.0), 0.5 * (bottom + 1.0))
        return householder(x, target_time, lam, kappa, revs, bottom, ALMOST_ONE, False)
    k = ((revs + 1.0) * math.pi / (8.0 * target_time)) ** (2.0 / 3.0)
    x = min((k - 1.0) / (k + 1.0), 0.5 * (bottom - 1.0))
    return householder(x, target_time, lam, kappa, revs, -ALMOST_ONE, bottom, True)


@njit(cache=True)
def terminal_speeds(x, lam, kappa, r1n, r2n, rho, sigma, s, mu):
    """Radial speeds at both ends and tangential speeds at both ends, m/s: end of algorithm 1."""
    y = y_of(x, kappa)
    gamma = math.sqrt(0.5 * mu * s)
    minus, plus = lam * y - x, lam * y + x
    tangential = gamma * sigma * (y + lam * x)
    return gamma * (minus - rho * plus) / r1n, -gamma * (minus + rho * plus) / r2n, tangential / r1n, tangential / r2n


@njit(cache=True)
def lambert(r1, r2, tof, mu, prograde, revs, low_path, v1_out, v2_out):
    """Velocities at both ends of the conic from r1 to r2 in `tof` s; fills v1_out, v2_out (3,) m/s, returns a status.

    r1, r2 (3,) m and the velocities in one inertial frame; mu m3/s2. `prograde`: the angular momentum has a positive
    z component (a polar plane takes the short transfer). `revs` whole revolutions; for revs > 0 two conics exist, and
    `low_path` takes the one of larger x. Where the status is not OK both velocities are NaN.
    """
    for i in range(3):
        v1_out[i] = math.nan
        v2_out[i] = math.nan
    r1n, r2n = norm(r1), norm(r2)
    if not (0.0 < tof < math.inf and 0.0 < mu < math.inf and r1n + r2n < math.inf and revs >= 0):
        return BAD_INPUT
    # Points close together, or nearly opposite, would cancel in r1 x r2 and in r1n - r2n; their difference and sum,
    # which are almost exact, do not.
    gap, both = r2 - r1, r2 + r1
    near = dot(r1, r2) > 0.0
    h = cross(r1, gap if near else both)
    hn = norm(h)
    if not hn > COLLINEAR * r1n * r2n:
        return PLANE_UNDEFINED
    c = norm(gap)
    s = 0.5 * (r1n + r2n + c)
    kappa = c / s
    half2 = 0.0  # (2 cos(half angle))^2, from the sum of the unit vectors
    for i in range(3):
        half2 += (r1[i] / r1n + r2[i] / r2n) ** 2
    lam = math.sqrt(r1n * r2n * half2) / (2.0 * s)
    rho = -dot(gap, both) / ((r1n + r2n) * c)
    sigma = 2.0 * hn / (math.sqrt(r1n * r2n * half2) * c)
    turn = 1.0  # +1 for the short transfer, along r1 x r2; -1 for the long one
    if (h[2] < 0.0) == prograde and h[2] != 0.0:
        turn = -1.0
    lam *= turn
    x, status = solve_x(math.sqrt(2.0 * mu / s) / s * tof, lam, kappa, revs, low_path)
    if status != OK:
        return status
    vr1, vr2, vt1, vt2 = terminal_speeds(x, lam, kappa, r1n, r2n, rho, sigma, s, mu)
    # Tangential direction: (turn h) x r, both of length one.
    along1, along2 = cross(h, r1), cross(h, r2)
    for i in range(3):
        v1_out[i] = (vr1 * r1[i] + vt1 * turn / hn * along1[i]) / r1n
        v2_out[i] = (vr2 * r2[i] + vt2 * turn / hn * along2[i]) / r2n
    return OK
