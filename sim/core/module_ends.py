"""What becomes of what a ship leaves behind on its way home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.histories import History


@dataclass(frozen=True, eq=False)
class FallenParts(History):
    """Where the parts come down, one row each: the middle and the 99 % ellipse about it (`heading_deg`: its long axis,
    from north); `count` alike; `t_s`: when; `mass_per_drag_area_kg_m2`."""

    name: np.ndarray
    count: np.ndarray
    t_s: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    half_length_km: np.ndarray
    half_width_km: np.ndarray
    heading_deg: np.ndarray
    speed_m_s: np.ndarray
    mass_per_drag_area_kg_m2: np.ndarray


@dataclass(frozen=True, eq=False)
class ModuleTrack(History):
    """The ground track of a module from its separation on: km over the ellipsoid, deg; `range_m` from the ship."""

    t_s: np.ndarray
    altitude_km: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    range_m: np.ndarray
