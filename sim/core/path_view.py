"""An orbit's path about one centre, in a plane: a record that pictures are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.epoch import Epoch


@dataclass(frozen=True, eq=False)
class PathView:
    """`centre` and its radius; `t_s` (n,) from `epoch`; `path_km` (n,2) in the plane of the motion, anticlockwise.

    `other_km` (n,2): where the `other` body is, on the same plane, empty for none; `sun` (2,): the part in the plane of
    the unit vector to the Sun; `burns_s`: pairs of start and end; `lowest`: time, place (2,) km and distance km of the
    first periapsis.
    """

    centre: str
    radius_km: float
    epoch: Epoch
    t_s: np.ndarray
    path_km: np.ndarray
    burns_s: tuple[tuple[float, float], ...]
    other: str
    other_km: np.ndarray
    sun: np.ndarray
    lowest: tuple[tuple[float, np.ndarray, float], ...]
