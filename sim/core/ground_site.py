"""A site on the ground, as records name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GroundSite:
    """A site on the ground, geodetic."""

    name: str
    latitude_deg: float
    longitude_deg: float
