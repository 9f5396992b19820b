"""A proxy of the radiation dose in low orbit: cosmic rays all the time, protons in the South Atlantic Anomaly.

It is no model of the belts: AE9/AP9 is not free. The anomaly is one Gauss bell in latitude and longitude whose height
above 390 km follows an exponential; its part of the dose is scaled so that the orbit of the station has, in the mean,
what is reported of such orbits. It shows when the dose comes, to some minutes, and by how much one week differs from
another; its absolute value is that of the reports, within a quarter. Solar storms and shielding are left out. Numbers
and their sources: seeds/facts/aboard.toml.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch

EDGE = 0.1  # of the protons in the middle at 390 km: what is called inside of the anomaly
REFERENCE_M = 390.0e3  # height over the ellipsoid at which all is stated
REFERENCE_INCLINATION_DEG = 41.47
YEAR_S = 365.25 * 86400.0
WHAT_IT_IS = (
    "a proxy, not a model of the radiation belts: cosmic rays as a constant, the South Atlantic Anomaly as a bell in "
    "latitude and longitude, scaled to the reported daily dose"
)


@dataclass(frozen=True)
class Anomaly:
    """The anomaly at a date: middle and one sigma in deg, scale height m; doses in mGy/d, `middle` of its protons in
    the middle at 390 km."""

    latitude: float
    longitude: float
    latitude_sigma: float
    longitude_sigma: float
    scale_height: float
    cosmic_rays: float
    middle: float

    def protons(self, latitude: np.ndarray, longitude: np.ndarray, height: np.ndarray) -> np.ndarray:
        """Protons (n,) of those in the middle at 390 km; geodetic degrees and m (n,)."""
        north = (latitude - self.latitude) / self.latitude_sigma
        east = ((longitude - self.longitude + 180.0) % 360.0 - 180.0) / self.longitude_sigma
        return np.exp(-0.5 * (north**2 + east**2) + (height - REFERENCE_M) / self.scale_height)

    def dose_rate(self, protons: np.ndarray) -> np.ndarray:
        """Absorbed dose (n,) mGy/d, where so many protons are."""
        return self.cosmic_rays + self.middle * protons


def anomaly(at: Epoch) -> Anomaly:
    """As it lies at a date."""
    latitude, longitude = fact("aboard.anomaly_centre_2025").numbers
    north, east = fact("aboard.anomaly_width").numbers
    years = at.since(Epoch.from_utc("2025-01-01T00:00:00Z")) / YEAR_S
    cosmic_rays = fact("aboard.dose_of_cosmic_rays").number
    total = 0.5 * sum(fact("aboard.dose_total").numbers)
    return Anomaly(
        latitude,
        longitude + years * fact("aboard.anomaly_drift").number,
        north,
        east,
        1e3 * fact("aboard.anomaly_scale_height").number,
        cosmic_rays,
        (total - cosmic_rays) / _mean_protons(latitude, north, east),
    )


@lru_cache(maxsize=4)
def _mean_protons(latitude: float, latitude_sigma: float, longitude_sigma: float) -> float:
    """Mean over the orbit that all is stated for: an inclined circle, of which every longitude comes alike."""
    u = (np.arange(3600) + 0.5) * 2.0 * math.pi / 3600.0
    north = np.degrees(np.arcsin(math.sin(math.radians(REFERENCE_INCLINATION_DEG)) * np.sin(u)))
    bell = np.exp(-0.5 * ((north - latitude) / latitude_sigma) ** 2)
    return float(bell.mean()) * longitude_sigma * math.sqrt(2.0 * math.pi) / 360.0
