"""Where a capsule may come down: the footprint of an entry, the ellipse of a rule, and the wind over the site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Footprint:
    """Where entries from one state come down to the altitude at which the parachutes open, in the world as planners
    know it.

    `bank_deg` (n,) held from the entry interface on, from the most negative to the most positive, each with its place
    and its greatest load; `edge_latitude_deg` and `edge_longitude_deg` (m,): outline of what is reached within
    `load_limit_g`, closed; empty where nothing is. The ballistic entry spins, so that its lift is zero on average.
    """

    bank_deg: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    peak_load_g: np.ndarray
    edge_latitude_deg: np.ndarray
    edge_longitude_deg: np.ndarray
    load_limit_g: float
    ballistic_latitude_deg: float
    ballistic_longitude_deg: float
    ballistic_load_g: float


@dataclass(frozen=True)
class LandingEllipse:
    """The ellipse about the site that the touchdown is judged by: semi-axes along the track and across it, and the
    direction of the track clockwise from north."""

    along_km: float
    across_km: float
    heading_deg: float


@dataclass(frozen=True, eq=False)
class WindProfile:
    """The wind over the site as it was: height m, and toward east and north there."""

    height_m: np.ndarray
    east_m_s: np.ndarray
    north_m_s: np.ndarray
