"""SGP4 mean elements as one noun, whatever file they came in, and the state that SGP4 makes of them.

They are never osculating elements: a state comes from them through SGP4 (TEME) and the rotation to GCRF only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange.problems import refusal
from sim.interchange.state import OrbitState, to_gcrf

STALE_DAYS = 14.0  # SGP4 misses a station by some 10 km after three days and by hundreds after two weeks
MAX_DAYS = 366.0  # beyond, the position on the orbit is uncertain, and after decades SGP4's numbers have no meaning
_LARGEST_ALPHA5 = 339_999
_DAY_ZERO_JD = 2433281.5  # SGP4 counts days from 1949-12-31


@dataclass(frozen=True)
class MeanElements:
    """Mean elements of SGP4 (TEME, WGS-72) with the names of their object.

    `number` in the catalogue, up to nine digits; `designator` like 2021-035A, empty where unknown; `bstar` 1/Earth
    radii. The rates are as all formats hold them: half of the first derivative and a sixth of the second. `source` is
    where they were read.
    """

    name: str
    number: int
    designator: str
    epoch: Epoch
    mean_motion_rev_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argp_deg: float
    mean_anomaly_deg: float
    bstar: float = 0.0
    half_mean_motion_rate_rev_day2: float = 0.0
    sixth_mean_motion_acceleration_rev_day3: float = 0.0
    classification: str = "U"
    ephemeris_type: int = 0
    element_set_number: int = 999
    revolution: int = 0
    source: str = field(default="mean elements", compare=False)

    def satrec(self):
        """A fresh `sgp4` record (WGS-72, improved mode); a number that it cannot hold is 0 there and plays no part."""
        from sgp4.api import WGS72, Satrec

        per_minute = 2.0 * math.pi / 1440.0  # rad/min of a revolution a day
        day, fraction = self.epoch.jd_utc()
        record = Satrec()
        record.sgp4init(
            WGS72,
            "i",
            self.number if self.number <= _LARGEST_ALPHA5 else 0,
            day - _DAY_ZERO_JD + fraction,
            self.bstar,
            self.half_mean_motion_rate_rev_day2 * per_minute / 1440.0,
            self.sixth_mean_motion_acceleration_rev_day3 * per_minute / 1440.0**2,
            self.eccentricity,
            math.radians(self.argp_deg),
            math.radians(self.inclination_deg),
            math.radians(self.mean_anomaly_deg),
            self.mean_motion_rev_day * per_minute,
            math.radians(self.raan_deg),
        )
        return record


def age_warning(epoch: Epoch, at: Epoch) -> str | None:
    """A sentence where elements of `epoch` are used more than STALE_DAYS before or after it; else None."""
    days = at.since(epoch) / 86400.0
    if abs(days) <= STALE_DAYS:
        return None
    side = "old" if days > 0.0 else "younger than the run"
    return (
        f"the elements of {epoch.utc(0)} are {abs(days):.1f} days {side} at {at.utc(0)}; SGP4 is good for days, "
        f"and more than {STALE_DAYS:.0f} are warned of"
    )


def teme_state(elements: MeanElements, at: Epoch) -> OrbitState:
    """State in TEME at `at` by SGP4; refused more than MAX_DAYS from the epoch, and where SGP4 reports an error.

    Time is counted in SI seconds from the epoch, so a leap second in between counts as a second of flight.
    """
    from sgp4.api import SGP4_ERRORS

    seconds = at.since(elements.epoch)
    if abs(seconds) > MAX_DAYS * 86400.0:
        found = f"{elements.epoch.utc(0)}, {abs(seconds) / 86400.0:.0f} days from {at.utc(0)}"
        raise refusal(elements.source, "epoch", found, f"an epoch at most {MAX_DAYS:.0f} days from it")
    error, r_km, v_km_s = elements.satrec().sgp4_tsince(seconds / 60.0)
    if error or not all(map(math.isfinite, (*r_km, *v_km_s))):
        found = f"error {error} of SGP4 at {at.utc(0)}: {SGP4_ERRORS.get(error, 'no number')}"
        raise refusal(elements.source, "mean elements", found, "elements of an orbit that SGP4 can fly to that time")
    return OrbitState(elements.name, at, "teme", np.array(r_km) * 1e3, np.array(v_km_s) * 1e3)


def gcrf_state(elements: MeanElements, at: Epoch) -> OrbitState:
    """State in GCRF at `at`: SGP4, then the turn out of TEME."""
    return to_gcrf(teme_state(elements, at))
