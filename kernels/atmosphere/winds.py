"""The wind over one place: a profile of heights, as an ascent, an entry and a parachute meet it."""

import math

from kernels.compiling import njit
from kernels.constants import FLATTENING
from kernels.maths.interpolation import interpolate


@njit(cache=True, _nrt=False)
def add_wind(height, r, pole, wind, flow):
    """Subtract the wind at `height` m from the air-relative velocity flow (3,) m/s.

    wind (n, 3): height m, and the wind toward east and north there m/s; linear between, held beyond the ends. r (3,) m,
    pole (3,) of the Earth's rotation, and flow in the same axes. East is pole x r, north lies in the local horizontal
    plane, whose normal is that of the ellipsoid below r.
    """
    k = 1.0 / (1.0 - FLATTENING) ** 2 - 1.0
    along = r[0] * pole[0] + r[1] * pole[1] + r[2] * pole[2]
    u0, u1, u2 = r[0] + k * along * pole[0], r[1] + k * along * pole[1], r[2] + k * along * pole[2]
    n = math.sqrt(u0 * u0 + u1 * u1 + u2 * u2)
    u0, u1, u2 = u0 / n, u1 / n, u2 / n
    e0, e1, e2 = pole[1] * u2 - pole[2] * u1, pole[2] * u0 - pole[0] * u2, pole[0] * u1 - pole[1] * u0
    n = math.sqrt(e0 * e0 + e1 * e1 + e2 * e2)
    e0, e1, e2 = e0 / n, e1 / n, e2 / n
    eastward = interpolate(height, wind[:, 0], wind[:, 1])
    northward = interpolate(height, wind[:, 0], wind[:, 2])
    flow[0] -= eastward * e0 + northward * (u1 * e2 - u2 * e1)
    flow[1] -= eastward * e1 + northward * (u2 * e0 - u0 * e2)
    flow[2] -= eastward * e2 + northward * (u0 * e1 - u1 * e0)
