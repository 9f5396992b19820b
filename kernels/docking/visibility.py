"""Geometry of Sun, Earth and station at many times: one pass over the path, for the search of windows."""

import math

import numpy as np

from kernels.compiling import njit
from kernels.orbit.orientation import body_position, eci_to_ecef
from kernels.orbit.shadow import apparent, limb_functions

LIGHT_M_S = 299792458.0
COLUMNS = 8


@njit(cache=True, error_model="numpy", nogil=True)
def docking_sky(t, r, v, shift, axis, sun, orientation, occulter, out):
    """Sun against a port's axis, against the limb and over the orbit plane, and the station over the turning Earth.

    t, r, v      (n,) s; (n,3) GCRS m, m/s
    shift        (n,) rad by which the station runs ahead on its orbit, turned about the orbit's own normal
    axis         (3,) unit vector out of the port; LVLH (x forward, y against the orbit normal, z to the nadir)
    out (n,8)    cosine of the angle from the port's axis to the Sun; `limb_functions`, negative in penumbra and umbra;
                 cosine of the separation of Sun and Earth; sine of the Sun over the orbit plane (beta); Earth-fixed m
    The Sun is at its apparent place, as `sim.events.sky.sun` has it: the light time and the Earth's aberration.
    """
    row = np.empty(12)
    c = np.empty((3, 3))
    s = np.empty(3)
    p = np.empty(3)
    pole = np.empty(3)
    for i in range(t.shape[0]):
        body_position(t[i], sun, s)
        far = math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
        body_position(t[i] - far / LIGHT_M_S, sun, s)
        far = math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
        eci_to_ecef(t[i], orientation, row, c)
        for k in range(3):
            pole[k] = row[6 + k]
        hx = r[i, 1] * v[i, 2] - r[i, 2] * v[i, 1]
        hy = r[i, 2] * v[i, 0] - r[i, 0] * v[i, 2]
        hz = r[i, 0] * v[i, 1] - r[i, 1] * v[i, 0]
        h = math.sqrt(hx * hx + hy * hy + hz * hz)
        hx, hy, hz = hx / h, hy / h, hz / h
        size = math.sqrt(r[i, 0] * r[i, 0] + r[i, 1] * r[i, 1] + r[i, 2] * r[i, 2])
        ux, uy, uz = r[i, 0] / size, r[i, 1] / size, r[i, 2] / size
        fx, fy, fz = hy * uz - hz * uy, hz * ux - hx * uz, hx * uy - hy * ux
        cs, sn = math.cos(shift[i]), math.sin(shift[i])
        ux, uy, uz, fx, fy, fz = (
            cs * ux + sn * fx,
            cs * uy + sn * fy,
            cs * uz + sn * fz,
            cs * fx - sn * ux,
            cs * fy - sn * uy,
            cs * fz - sn * uz,
        )
        p[0], p[1], p[2] = size * ux, size * uy, size * uz
        dx, dy, dz = s[0] - p[0], s[1] - p[1], s[2] - p[2]
        d = math.sqrt(dx * dx + dy * dy + dz * dz)
        ahead = fx * dx + fy * dy + fz * dz
        side = hx * dx + hy * dy + hz * dz
        up = ux * dx + uy * dy + uz * dz
        out[i, 0] = (axis[0] * ahead - axis[1] * side - axis[2] * up) / d
        out[i, 1], out[i, 2] = limb_functions(p, s, pole, occulter)
        out[i, 3] = apparent(p, s, pole, occulter)[0]
        out[i, 4] = (hx * s[0] + hy * s[1] + hz * s[2]) / far
        for k in range(3):
            out[i, 5 + k] = c[k, 0] * p[0] + c[k, 1] * p[1] + c[k, 2] * p[2]
