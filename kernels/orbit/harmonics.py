"""Spherical harmonics to any degree, eight orders at a time; no singularity at the poles, no loss at high degree.

The gradient of a harmonic of degree n is a combination of harmonics of degree n+1, so the three components of the
acceleration are three series of their own, whose coefficients are worked out once. Along one order m,

    V_nm + i W_nm = q [q (x + i y)/r]^m  L_nm q^k M_k,   k = n - m,  q = R/r,  u = z/r,

where M_k is a monic polynomial in u: M_k = u M_{k-1} - b_k M_{k-2}, and L_nm goes into the coefficients. All orders
start with M_0 = 1, so eight neighbours run side by side, six sums and the recursion in eight registers.
Cunningham, Celest. Mech. 2 (1970) 207-216; Montenbruck & Gill, Satellite Orbits (2000), eqs 3.27-3.33.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.lanes import add, div, fma, load8, mul, pack8, root, splat8, store8, sub, total

WIDTH = 8  # orders in a block
ROW = 7 * WIDTH  # numbers in a row of the table: six coefficients and the recursion's, eight orders each


@record
class Field(NamedTuple):
    """A field made ready: `mu` m3/s2, `centre` = mu C00, `radius` m, and the table of `harmonic_acceleration`.

    table holds, for each block of eight orders and each k, six rows of gradient coefficients (x, y, z with cosine and
    sine) and one of -b_{k+1}; it begins at a multiple of 64 bytes, where loads are quickest. `degree` 0: point mass.
    """

    mu: float
    centre: float
    radius: float
    degree: int
    order: int
    table: np.ndarray


def make_field(mu, radius, c, s, degree, order=None) -> Field:
    """A field from fully normalised coefficients c, s (>= degree+1, >= order+1); C00 is taken as given.

    The factors are roots of ratios of whole numbers, each rounded once.
    """
    order = degree if order is None else order
    if not 0 <= order <= degree < min(len(c), len(s)):
        raise ValueError(f"degree {degree}, order {order}: expected 0 <= order <= degree < {min(len(c), len(s))}")
    top = degree + 1  # degree of the gradient
    blocks = (min(order + 1, top) // WIDTH + 1) if degree else 0
    rows = [top - WIDTH * b + 1 for b in range(blocks)]
    table = _aligned(ROW * sum(rows))
    starts = np.cumsum([0, *rows])
    factorial = [1]
    for n in range(1, 2 * top + 1):
        factorial.append(factorial[-1] * n)

    def norm_times_lead(n, m, order_of_target):
        """Norm of P_nm times the leading coefficient of P_{n+1, target} / cos^target, unnormalised."""
        p, up = n + 1, factorial
        lead = up[2 * p] // up[p]
        above = (1 if m == 0 else 2) * (2 * n + 1) * up[n - m] * lead * lead
        return math.sqrt(above / (up[n + m] * (1 << (2 * p)) * up[p - order_of_target] ** 2))

    def put(n, m, components, value):
        """Add the six numbers of one target harmonic: C and S of the x, y and z component."""
        b, k = m // WIDTH, n - m
        row = (starts[b] + k) * ROW + m % WIDTH
        for i, component in enumerate(components):
            table[row + WIDTH * i] += component * value

    for n in range(1, degree + 1):
        for m in range(min(n, order) + 1):
            cn, sn = float(c[n, m]), float(s[n, m])
            up = norm_times_lead(n, m, m + 1) * (1.0 if m == 0 else 0.5)
            put(n + 1, m + 1, (-cn, -sn, sn, -cn, 0.0, 0.0), up)
            put(n + 1, m, (0.0, 0.0, 0.0, 0.0, -cn, -sn), (n - m + 1) * norm_times_lead(n, m, m))
            if m:
                down = 0.5 * (n - m + 1) * (n - m + 2) * norm_times_lead(n, m, m - 1)
                put(n + 1, m - 1, (cn, sn, sn, -cn, 0.0, 0.0), down)
    for b in range(blocks):
        for k in range(rows[b]):
            m = np.arange(WIDTH * b, WIDTH * b + WIDTH)
            row = (starts[b] + k) * ROW + 6 * WIDTH
            table[row : row + WIDTH] = -(k * (2 * m + k)) / ((2 * (m + k) + 1) * (2 * (m + k) - 1.0))
    return Field(
        mu=float(mu),
        centre=float(mu) * float(c[0, 0]),
        radius=float(radius),
        degree=int(degree),
        order=int(order),
        table=table,
    )


def _aligned(size):
    """Zeros (size,) that begin at a multiple of 64 bytes."""
    buffer = np.zeros(size + 8)
    shift = (-buffer.ctypes.data // 8) % 8
    return buffer[shift : shift + size]


@njit(cache=True, error_model="numpy", _nrt=False)
def harmonic_acceleration(x, y, z, field, out):
    """Acceleration of the field at a point, both in Earth-fixed axes: x, y, z m; field `Field`; out (3,) m/s2."""
    r2 = x * x + y * y + z * z
    inverse = 1.0 / math.sqrt(r2)
    q = field.radius * inverse
    centre = -field.centre * inverse * inverse * inverse
    if field.degree == 0:
        out[0] = centre * x
        out[1] = centre * y
        out[2] = centre * z
        return
    qx = q * inverse
    step = splat8(qx * z)
    q2 = splat8(q * q)

    # Powers 0 to 7 of q (x + i y)/r, and the eighth, which carries from block to block.
    c1 = qx * x
    s1 = qx * y
    c2 = c1 * c1 - s1 * s1
    s2 = 2.0 * c1 * s1
    c3 = c2 * c1 - s2 * s1
    s3 = c2 * s1 + s2 * c1
    c4 = c2 * c2 - s2 * s2
    s4 = 2.0 * c2 * s2
    cosine = pack8(1.0, c1, c2, c3, c4, c4 * c1 - s4 * s1, c4 * c2 - s4 * s2, c4 * c3 - s4 * s3)
    sine = pack8(0.0, s1, s2, s3, s4, c4 * s1 + s4 * c1, c4 * s2 + s4 * c2, c4 * s3 + s4 * c3)
    c8 = splat8(c4 * c4 - s4 * s4)
    s8 = splat8(2.0 * c4 * s4)
    minus = splat8(-1.0)

    table = field.table
    nothing = splat8(0.0)
    ax = nothing
    ay = nothing
    az = nothing
    at = 0
    rows = field.degree + 2
    for _ in range(min(field.order + 1, field.degree + 1) // WIDTH + 1):
        now = splat8(1.0)
        before = nothing
        xc = nothing
        xs = nothing
        yc = nothing
        ys = nothing
        zc = nothing
        zs = nothing
        for _k in range(rows):
            xc = fma(load8(table, at), now, xc)
            xs = fma(load8(table, at + 8), now, xs)
            yc = fma(load8(table, at + 16), now, yc)
            ys = fma(load8(table, at + 24), now, ys)
            zc = fma(load8(table, at + 32), now, zc)
            zs = fma(load8(table, at + 40), now, zs)
            behind = mul(mul(q2, load8(table, at + 48)), before)
            before = now
            now = fma(step, now, behind)
            at += ROW
        ax = fma(cosine, xc, fma(sine, xs, ax))
        ay = fma(cosine, yc, fma(sine, ys, ay))
        az = fma(cosine, zc, fma(sine, zs, az))
        turned = fma(cosine, c8, mul(minus, mul(sine, s8)))
        sine = fma(cosine, s8, mul(sine, c8))
        cosine = turned
        rows -= WIDTH
    scale = field.mu / (field.radius * field.radius) * q
    out[0] = scale * total(ax) + centre * x
    out[1] = scale * total(ay) + centre * y
    out[2] = scale * total(az) + centre * z


@njit(cache=True, error_model="numpy", _nrt=False)
def eight_points(x, y, z, field):
    """Acceleration at eight points at once, in lanes: the same table, one order after the other."""
    zero = splat8(0.0)
    one = splat8(1.0)
    inverse = div(one, root(fma(x, x, fma(y, y, mul(z, z)))))
    q = mul(splat8(field.radius), inverse)
    centre = mul(mul(splat8(-field.centre), inverse), mul(inverse, inverse))
    qx = mul(q, inverse)
    step = mul(qx, z)
    q2 = mul(q, q)
    c1 = mul(qx, x)
    s1 = mul(qx, y)
    cosine = one
    sine = zero
    ax = zero
    ay = zero
    az = zero
    table = field.table
    start = 0
    top = field.degree + 1
    last = min(field.order + 1, top) if field.degree > 0 else -1
    for m in range(last + 1):
        at = start + m % WIDTH
        now = one
        before = zero
        xc = zero
        xs = zero
        yc = zero
        ys = zero
        zc = zero
        zs = zero
        for _k in range(top - m + 1):
            xc = fma(splat8(table[at]), now, xc)
            xs = fma(splat8(table[at + 8]), now, xs)
            yc = fma(splat8(table[at + 16]), now, yc)
            ys = fma(splat8(table[at + 24]), now, ys)
            zc = fma(splat8(table[at + 32]), now, zc)
            zs = fma(splat8(table[at + 40]), now, zs)
            behind = mul(mul(q2, splat8(table[at + 48])), before)
            before = now
            now = fma(step, now, behind)
            at += ROW
        ax = fma(cosine, xc, fma(sine, xs, ax))
        ay = fma(cosine, yc, fma(sine, ys, ay))
        az = fma(cosine, zc, fma(sine, zs, az))
        turned = sub(mul(cosine, c1), mul(sine, s1))
        sine = add(mul(cosine, s1), mul(sine, c1))
        cosine = turned
        if m % WIDTH == WIDTH - 1:
            start += ROW * (top - (m + 1 - WIDTH) + 1)
    scale = mul(splat8(field.mu / (field.radius * field.radius)), q)
    return fma(scale, ax, mul(centre, x)), fma(scale, ay, mul(centre, y)), fma(scale, az, mul(centre, z))


@njit(cache=True, error_model="numpy")
def harmonic_many(r, field, out):
    """Acceleration at many Earth-fixed points: r (3, n) m, contiguous; out (3, n) m/s2."""
    n = r.shape[1]
    for i in range(0, n - 7, WIDTH):
        ax, ay, az = eight_points(load8(r[0], i), load8(r[1], i), load8(r[2], i), field)
        store8(out[0], i, ax)
        store8(out[1], i, ay)
        store8(out[2], i, az)
    rest = n % WIDTH
    if rest > 0:  # the last ones, with copies whose results are discarded
        few = np.empty((3, WIDTH))
        for j in range(3):
            for i in range(WIDTH):
                few[j, i] = r[j, n - rest + min(i, rest - 1)]
        ax, ay, az = eight_points(load8(few[0], 0), load8(few[1], 0), load8(few[2], 0), field)
        store8(few[0], 0, ax)
        store8(few[1], 0, ay)
        store8(few[2], 0, az)
        for j in range(3):
            for i in range(rest):
                out[j, n - rest + i] = few[j, i]
