"""The docking frame of a port of the station: x into the station, z to the nadir."""

from __future__ import annotations

import numpy as np


def axes_of_port(axis: np.ndarray) -> np.ndarray:
    """Rows x, y, z of the docking frame in the station's axes; `axis` (3,) points out of the port.

    Where the port itself looks along the nadir, z points forward.
    """
    x = -axis
    down = np.array([0.0, 0.0, 1.0])
    reference = down if abs(x @ down) < 0.9 else np.array([1.0, 0.0, 0.0])
    z = reference - (reference @ x) * x
    z /= np.linalg.norm(z)
    return np.array([x, np.cross(z, x), z])
