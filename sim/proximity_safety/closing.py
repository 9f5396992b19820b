"""Approach along the port's axis: where does a ship drift.

Within some hundred metres and a revolution Hill's equations err by metres: good enough for both, and fast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kernels.relative.hill import hcw_stm
from sim.core.histories import DriftHistory, RelativeHistory
from sim.core.vehicle import Port
from sim.rendezvous.relative import sample_times


def drift_without_thrust(
    near: RelativeHistory, port: Port, ring: float, n: float, gaps: Sequence[float]
) -> DriftHistory:
    """The drift of a closing leg: a revolution without thrust from where the ring first is so near, m.

    One arc for every gap that the leg came to; places of the ship's centre of mass from the station's, LVLH.
    """
    position, velocity = near.position_m, near.velocity_m_s
    out = position @ port.axis
    parts: list[np.ndarray] = []
    phi = np.empty((6, 6))
    for gap in gaps:
        reached = np.flatnonzero(out <= gap)
        if not len(reached) or (reached[0] == 0 and out[0] < gap - 1.0):
            continue
        i = reached[0]
        start = np.concatenate([position[i] + port.position + ring * port.axis, velocity[i]])
        times = sample_times(0.0, 2.0 * math.pi / n, 60.0)
        rows = np.empty((len(times), 5))
        for j, t in enumerate(times):
            hcw_stm(float(n), float(t), phi)
            rows[j] = len(parts), near.t_s[i] + t, *(phi[:3] @ start)
        parts.append(rows)
    table = np.concatenate(parts) if parts else np.empty((0, 5))
    arc, t, x, y, z = table.T
    return DriftHistory(t_s=t, arc=arc, x_m=x, y_m=y, z_m=z, missed=np.zeros(len(table)))
