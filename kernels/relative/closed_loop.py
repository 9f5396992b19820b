"""The closed loop of a rendezvous in its smallest form, for many trajectories: measure, steer, fly, repeat.

Motion: Hill's equations in LVLH (x V-bar, y against the orbit normal, z to the nadir) about a target on a circle,
stepped by their closed form with a constant thrust over the period. Law: the thrust that the plan has, less gains times
the error of the measured state against the plan, each axis cut at its limit. Measured: the state plus white noise.
Without the cut it is a linear loop, and its steady state is known (discrete Lyapunov and Riccati equations).

Trajectories lie side by side in blocks, each with the stream of its own run: neither the others nor index nor thread
changes a bit. Hill's equations part x, z from y, and so do the gains here.
Cost: 2.2 to 2.5 ns a period on an AVX-512 core, its six normals included; numpy 66 ns
(benches/closed_loop.py).
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.lanes import fma
from kernels.maths.random import BLOCKS, LANES, SIX, lane_normals, lane_words
from kernels.relative.hill import hcw_push, hcw_stm


@record
class Loop(NamedTuple):
    """One period of the loop; every matrix in the order x, y, z, x_dot, y_dot, z_dot, m and m/s.

    phi (6, 6) transition; push (6, 3) response to 1 m/s2 along each axis; gain (3, 6) 1/s2 and 1/s; noise (6,) m and
    m/s, one sigma; limit (3,) m/s2; dt s.
    """

    phi: np.ndarray
    push: np.ndarray
    gain: np.ndarray
    noise: np.ndarray
    limit: np.ndarray
    dt: float


def loop(n: float, dt: float, gain, noise, limit) -> Loop:
    """The loop about a target of mean motion n rad/s with period dt s; gain, noise, limit as in `Loop`."""
    gain, noise, limit = (np.array(part, dtype=np.float64) for part in (gain, noise, np.broadcast_to(limit, 3)))
    for name, part, shape in (("gain", gain, (3, 6)), ("noise", noise, (6,))):
        if part.shape != shape:
            raise ValueError(f"{name} has the shape {part.shape}: expected {shape}")
    if gain[[0, 0, 2, 2], [1, 4, 1, 4]].any() or gain[1, [0, 2, 3, 5]].any():
        raise ValueError("gain mixes y with x or z: expected zeros there, for Hill's equations keep them apart")
    phi, push = np.empty((6, 6)), np.empty((6, 3))
    hcw_stm(float(n), float(dt), phi)
    hcw_push(float(n), float(dt), push)
    return Loop(phi=phi, push=push, gain=gain, noise=noise, limit=limit, dt=float(dt))


def demands(law: Loop, plan, thrust) -> np.ndarray:
    """Thrust demand at each start of a period for a measured state of zero, (k, 3) m/s2: thrust + gain plan.

    plan (k, 6), thrust (k, 3) m/s2: the reference state, and the thrust that keeps to it.
    """
    return np.ascontiguousarray(thrust + np.asarray(plan, dtype=np.float64) @ law.gain.T)


@njit(cache=True)
def _aligned(n):
    """An array of n doubles aligned to 64 bytes: registers that lie across two lines of the cache cost 5 %."""
    buffer = np.empty(n + 8)
    skip = (-(buffer.ctypes.data >> 3)) & 7
    return buffer[skip : skip + n]


@njit(cache=True, error_model="numpy", nogil=True)
def track(y, delta_v, demand, law, low, high, name, runs, first):
    """Fly y (n, 6) m and m/s in place along a plan, and add to delta_v (n,) the m/s of thrust.

    demand (k, 3) from `demands`, one row a period
    law `Loop`; low, high, name of the `Stream`, runs (n,) uint64 its runs; first uint64: the block of the first period
    A period takes one block of six normals, in the order of the state.
    """
    n = runs.shape[0]
    words = _aligned(2 * BLOCKS * LANES).view(np.uint32)
    z = _aligned(SIX * LANES // 2).view(np.float32)
    few = _aligned(LANES).view(np.uint64)
    s = _aligned(9 * LANES)
    for start in range(0, n, LANES):
        for i in range(LANES):  # lanes beyond the last trajectory fly a copy of it
            at = min(start + i, n - 1)
            few[i] = runs[at]
            for j in range(6):
                s[LANES * j + i] = y[at, j]
            s[LANES * 6 + i] = 0.0
        _block(s, z, words, few, demand, law, low, high, name, first)
        for i in range(min(LANES, n - start)):
            for j in range(6):
                y[start + i, j] = s[LANES * j + i]
            delta_v[start + i] += law.dt * s[LANES * 6 + i]


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _block(s, z, words, runs, demand, law, low, high, name, first):
    """All periods of one block of trajectories; without counted references, which cost more than a lane."""
    periods = demand.shape[0]
    for period in range(0, periods, BLOCKS):
        lane_words(first + np.uint64(period), low, high, runs, name, words)
        for b in range(min(BLOCKS, periods - period)):
            lane_normals(words[4 * LANES * b : 4 * LANES * (b + 1)], z)
            demand_x, demand_y, demand_z = demand[period + b, 0], demand[period + b, 1], demand[period + b, 2]
            _across(s, z, demand_y, law)
            _steer(s, z, demand_x, demand_z, law)
            _fly(s, law)


# Each of the three below has few enough constants to keep them in registers: as one loop they took twice as long.
# s (9 * LANES,): the state, the summed thrust, the thrust along x and z now; z (6 * LANES,) normals.


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _across(s, z, demand, law):
    """One period of the motion across the plane, from measuring to flying."""
    p11, p14, p41, p44 = law.phi[1, 1], law.phi[1, 4], law.phi[4, 1], law.phi[4, 4]
    q1, q4 = law.push[1, 1], law.push[4, 1]
    g1, g4 = -law.gain[1, 1], -law.gain[1, 4]
    n1, n4, limit = law.noise[1], law.noise[4], law.limit[1]
    for i in range(LANES):
        y, v = s[LANES + i], s[4 * LANES + i]
        a = fma(g4, fma(n4, z[4 * LANES + i], v), fma(g1, fma(n1, z[LANES + i], y), demand))
        a = min(max(a, -limit), limit)
        s[LANES + i] = fma(q1, a, fma(p14, v, p11 * y))
        s[4 * LANES + i] = fma(q4, a, fma(p44, v, p41 * y))
        s[6 * LANES + i] += abs(a)


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _steer(s, z, demand_x, demand_z, law):
    """Thrust along x and z from the measured state."""
    g, noise = law.gain, law.noise
    gxx, gxz, gxu, gxw = -g[0, 0], -g[0, 2], -g[0, 3], -g[0, 5]
    gzx, gzz, gzu, gzw = -g[2, 0], -g[2, 2], -g[2, 3], -g[2, 5]
    nx, nz, nu, nw = noise[0], noise[2], noise[3], noise[5]
    lx, lz = law.limit[0], law.limit[2]
    for i in range(LANES):
        x = fma(nx, z[i], s[i])
        h = fma(nz, z[2 * LANES + i], s[2 * LANES + i])
        u = fma(nu, z[3 * LANES + i], s[3 * LANES + i])
        w = fma(nw, z[5 * LANES + i], s[5 * LANES + i])
        ax = fma(gxw, w, fma(gxu, u, fma(gxz, h, fma(gxx, x, demand_x))))
        az = fma(gzw, w, fma(gzu, u, fma(gzz, h, fma(gzx, x, demand_z))))
        ax, az = min(max(ax, -lx), lx), min(max(az, -lz), lz)
        s[7 * LANES + i], s[8 * LANES + i] = ax, az
        s[6 * LANES + i] += abs(ax) + abs(az)


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def _fly(s, law):
    """Motion in the plane over one period."""
    p, q = law.phi, law.push
    p02, p03, p05, p22, p23, p25 = p[0, 2], p[0, 3], p[0, 5], p[2, 2], p[2, 3], p[2, 5]
    p32, p33, p35, p52, p53, p55 = p[3, 2], p[3, 3], p[3, 5], p[5, 2], p[5, 3], p[5, 5]
    q00, q02, q20, q22, q30, q32, q50, q52 = (q[0, 0], q[0, 2], q[2, 0], q[2, 2], q[3, 0], q[3, 2], q[5, 0], q[5, 2])
    for i in range(LANES):
        x, h, u, w = s[i], s[2 * LANES + i], s[3 * LANES + i], s[5 * LANES + i]
        ax, az = s[7 * LANES + i], s[8 * LANES + i]
        s[i] = fma(q02, az, fma(q00, ax, fma(p05, w, fma(p03, u, fma(p02, h, x)))))
        s[2 * LANES + i] = fma(q22, az, fma(q20, ax, fma(p25, w, fma(p23, u, p22 * h))))
        s[3 * LANES + i] = fma(q32, az, fma(q30, ax, fma(p35, w, fma(p33, u, p32 * h))))
        s[5 * LANES + i] = fma(q52, az, fma(q50, ax, fma(p55, w, fma(p53, u, p52 * h))))
