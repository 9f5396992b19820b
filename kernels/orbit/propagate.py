"""One craft through the full force model: coasts and burns, eighth-order Runge-Kutta at a fixed step.

Every ignition and cut-off is the end of a segment, so that no step sees a jump. Within a segment the step is the
largest that divides it evenly and does not exceed `step`. At 60 s and 8x8 the error after a day is below 0.1 mm, with
drag, whose table has kinks, some millimetres (benches/propagator.py).
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import G0
from kernels.maths.dop853 import STAGES, A, B, C
from kernels.orbit.forces import Scratch, acceleration, scratch
from kernels.orbit.sunlight import MEAN, NOW, SHIFT, SPEED, dark, light_over
from kernels.orbit.thrust import LVLH, burn_duration, thrust_direction
from kernels.records import Thrust


class SurfaceAreas(NamedTuple):
    """Surface areas for air drag and sunlight: drag m2, drag coefficient times area; radiation m2, reflectivity
    coefficient times area."""

    drag: float
    radiation: float


class PropagationWorkspace(NamedTuple):
    """Workspace of a propagation: that of the forces, and Runge-Kutta stages k (STAGES, 7)."""

    scratch: Scratch
    k: np.ndarray


@njit(cache=True, _nrt=False)
def derivative(t, y, forces, cda, thrust, work, dy):
    """Right-hand side for y = (r, v, mass), all but sunlight: dy (7,). `cda` m2: drag coefficient times area."""
    acceleration(t, y[:3], y[3:6], forces, cda / y[6], work, work.vectors[4])
    a = work.vectors[4]
    if thrust.force > 0.0:
        u = work.vectors[3]
        thrust_direction(t, y[:3], y[3:6], thrust, u)
        for j in range(3):
            a[j] += thrust.force / y[6] * u[j]
    for j in range(3):
        dy[j] = y[3 + j]
        dy[3 + j] = a[j]
    dy[6] = -thrust.flow


@njit(cache=True)
def segment(t, t_end, y, step, forces, surface, thrust, work, nodes, count):
    """Advance y (7,) in place from t to t_end, writing a node (t, r, v, a, mass) before each step and at the end.

    surface `SurfaceAreas`; nodes (capacity, 11), count: nodes already written. Returns the new count. Where nodes are
    full it writes no more but still arrives (targeting needs the end only).
    """
    cda, cra, k = surface.drag, surface.radiation, work.k
    n = max(1, int(np.ceil((t_end - t) / step - 1.0e-9)))
    h = (t_end - t) / n
    z = np.empty(7)
    light = dark()
    for i in range(n):
        ti = t + i * h
        derivative(ti, y, forces, cda, thrust, work.scratch, k[0])
        if forces.radiation.on:
            _shine(ti, h, y, forces, cra, thrust, work.scratch, k[0], light)
        if count < nodes.shape[0]:
            _node(ti, y, k[0], light, nodes[count])
            count += 1
        for j in range(3):
            k[0, 3 + j] += light[MEAN, j]
        for s in range(1, STAGES):
            z[:] = 0.0
            for p in range(s):
                w = A[s, p]
                if w != 0.0:
                    for j in range(7):
                        z[j] += w * k[p, j]
            for j in range(7):
                z[j] = y[j] + h * z[j]
            derivative(ti + C[s] * h, z, forces, cda, thrust, work.scratch, k[s])
            for j in range(3):
                k[s, 3 + j] += light[MEAN, j]
        for j in range(7):
            total = 0.0
            for s in range(STAGES):
                total += B[s] * k[s, j]
            y[j] += h * total
        for j in range(3):
            y[j] += light[SHIFT, j] - 0.5 * h * light[SPEED, j]
    derivative(t_end, y, forces, cda, thrust, work.scratch, k[0])
    if forces.radiation.on:
        _shine(t_end, h, y, forces, cra, thrust, work.scratch, k[0], light)
    if count < nodes.shape[0]:
        _node(t_end, y, k[0], light, nodes[count])
        count += 1
    return count


@njit(cache=True, _nrt=False)
def _shine(t, h, y, forces, cra, thrust, work, dy, light):
    """The effect of sunlight from t to t + h, with the mass of half-way."""
    cra_m = cra / (y[6] - 0.5 * h * thrust.flow)
    light_over(t, h, y[:3], y[3:6], dy[3:6], forces, cra_m, work, light)


@njit(cache=True, _nrt=False)
def _node(t, y, dy, light, node):
    node[0] = t
    for j in range(6):
        node[1 + j] = y[j]
    for j in range(3):
        node[7 + j] = dy[3 + j] + light[NOW, j]
    node[10] = y[6]


@njit(cache=True)
def propagate(t, t_end, y, step, forces, cda, burns, thrust, isp, nodes):
    """Fly y = (r, v, mass) (7,) in place from t to t_end through a list of burns; returns the number of nodes written.

    burns (n, 4)  rows: middle of the burn (s), velocity change in LVLH (m/s); in time order
    thrust, isp   of the engine that flies them, N and s
    nodes         (capacity, 11) out; pass an empty array where only the end matters
    A burn that would begin before the last one ended, or before t, begins right there; one that would run past t_end
    is cut there. The direction turns with LVLH while it burns.
    """
    work = PropagationWorkspace(scratch=scratch(), k=np.empty((STAGES, 7)))
    surface = SurfaceAreas(drag=cda, radiation=0.0)
    still = Thrust(
        force=0.0,
        flow=0.0,
        frame=LVLH,
        direction=np.zeros(3),
        t0=0.0,
        axes=np.zeros((3, 3)),
        spin=np.zeros(3),
    )
    count = 0
    for b in range(burns.shape[0]):
        dv = np.sqrt(burns[b, 1] ** 2 + burns[b, 2] ** 2 + burns[b, 3] ** 2)
        if dv < 1.0e-9:
            continue
        duration = burn_duration(dv, y[6], thrust, isp)
        start = min(max(burns[b, 0] - 0.5 * duration, t), t_end)
        stop = min(start + duration, t_end)
        if start > t:
            count = segment(t, start, y, step, forces, surface, still, work, nodes, count)
        if stop > start:
            push = Thrust(
                force=thrust,
                flow=thrust / (isp * G0),
                frame=LVLH,
                direction=burns[b, 1:4] / dv,
                t0=0.0,
                axes=np.zeros((3, 3)),
                spin=np.zeros(3),
            )
            count = segment(start, stop, y, step, forces, surface, push, work, nodes, count)
        t = stop
    if t_end > t:
        count = segment(t, t_end, y, step, forces, surface, still, work, nodes, count)
    return count


@njit(cache=True)
def arc(t, t_end, y, step, forces, surface, thrust, nodes):
    """One arc without an edge inside it, y (7,) in place, under one thrust (or none); returns the nodes written."""
    work = PropagationWorkspace(scratch=scratch(), k=np.empty((STAGES, 7)))
    return segment(t, t_end, y, step, forces, surface, thrust, work, nodes, np.int64(0))
