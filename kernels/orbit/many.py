"""The same arc flown by many trajectories, one after the other, by the very kernels that fly a single one.

Every trajectory has a workspace of its own, so that neither the others nor its index
nor the thread it runs on can change a bit. The lock of the interpreter is given up meanwhile (`nogil`), so the caller's
threads share the rows among themselves; numba's own `prange` takes no records inside records.
"""

import numpy as np

from kernels.compiling import njit
from kernels.orbit.forces import scratch
from kernels.orbit.motion import Full
from kernels.orbit.multistep import coast
from kernels.orbit.propagate import arc
from kernels.records import Thrust


@njit(cache=True, error_model="numpy", nogil=True)
def coasts(t, t_end, y, steps, method, forces, surface, nodes, counts):
    """Fly each row of y (n, 7) = r, v, mass in place from t to t_end by `multistep.coast` under all of `forces`.

    steps (n,) s; method `Multistep`; surface `SurfaceAreas`, the same for all.
    nodes (n, capacity, 11), counts (n,) out: as `coast` writes and returns them; capacity 0 where only ends matter.
    """
    for i in range(y.shape[0]):
        dynamics = Full(
            forces=forces,
            cda_m=surface.drag / y[i, 6],
            cra_m=surface.radiation / y[i, 6],
            r=np.empty(3),
            v=np.empty(3),
            a=np.empty(3),
            work=scratch(),
        )
        counts[i] = coast(t, t_end, y[i], steps[i], method, dynamics, nodes[i])


@njit(cache=True, error_model="numpy", nogil=True)
def arcs(t, t_end, y, steps, forces, surface, thrust, axes, nodes, counts):
    """The same by `propagate.arc` under one thrust (or none), each trajectory with its own body axes (n, 3, 3)."""
    for i in range(y.shape[0]):
        push = Thrust(
            force=thrust.force,
            flow=thrust.flow,
            frame=thrust.frame,
            direction=thrust.direction,
            t0=thrust.t0,
            axes=axes[i],
            spin=thrust.spin,
        )
        counts[i] = arc(t, t_end, y[i], steps[i], forces, surface, push, nodes[i])
