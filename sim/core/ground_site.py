"""A site on the ground: as a flight uses it, and as records name it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import FLATTENING, R_EQUATOR


@dataclass(frozen=True)
class GroundSite:
    """A site on the ground, geodetic."""

    name: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True)
class Site:
    """A site on the ground: geodetic latitude and longitude in rad, height over the ellipsoid in m; `slope` rad: how
    steep the ground about it may be."""

    name: str
    latitude: float
    longitude: float
    height: float
    slope: float = 0.0

    @property
    def on_ground(self) -> GroundSite:
        """As records name it."""
        return GroundSite(self.name, math.degrees(self.latitude), math.degrees(self.longitude))

    def ecef(self) -> np.ndarray:
        """Earth-fixed position (3,), m."""
        e2 = FLATTENING * (2.0 - FLATTENING)
        n = R_EQUATOR / math.sqrt(1.0 - e2 * math.sin(self.latitude) ** 2)
        p = (n + self.height) * math.cos(self.latitude)
        z = (n * (1.0 - e2) + self.height) * math.sin(self.latitude)
        return np.array([p * math.cos(self.longitude), p * math.sin(self.longitude), z])
