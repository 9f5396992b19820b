"""Whether two dimensions serve for an encounter, how long it lasts, and what is printed beside a probability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import erfcinv

from sim.conjunctions.encounter import Encounter, rtn_axes
from sim.conjunctions.errors import EncounterError

# Where either holds, the plane may mislead. Fitted on 53 conjunctions of NASA's CARA, of which 29 were found unfit: all
# 29 are caught, with 5 false alarms among the other 24. Low speed alone is no test: unfit ones go up to 15 km/s.
MOST_BEND = 0.15  # sag of the error ellipsoid along the orbit, over the smaller sigma in the plane
SLOW_M_S = 60.0
LEFT_OUT = 1.0e-16  # probability outside the times of `duration`


@dataclass(frozen=True)
class Fitness:
    """bend: sag over sigma, see `fits`; speed_m_s: relative; reason: why two dimensions do not serve, or empty."""

    bend: float
    speed_m_s: float
    reason: str

    @property
    def fits(self) -> bool:
        return not self.reason


def fits(encounter: Encounter) -> Fitness:
    """Whether the two-dimensional probability can be trusted.

    An error of sigma_T along the orbit follows it and lies sigma_T^2 / (2 r) below its tangent. Where this sag, of the
    worse object, is not small against the smaller sigma in the encounter plane, a straight ellipsoid lies elsewhere.
    EncounterError where neither object has a covariance.
    """
    _ = encounter.position_covariance  # refuses an encounter of which no error is known
    speed = float(np.linalg.norm(encounter.relative_velocity))
    if speed == 0.0:
        return Fitness(math.nan, 0.0, "the objects do not move against each other: there is no encounter plane")
    bends = []
    for r, v, c in ((encounter.r1, encounter.v1, encounter.c1), (encounter.r2, encounter.v2, encounter.c2)):
        if c is not None:
            along = rtn_axes(r, v)[1]
            bends.append(float(along @ c[:3, :3] @ along) / (2.0 * float(np.linalg.norm(r))))
    bend = max(bends) / encounter.at_closest_approach()[0].plane().sigma_x_m
    reasons = []
    if bend > MOST_BEND:
        reasons.append(
            f"the error ellipsoid bends along the orbit by {bend:.2g} of the narrow sigma, over {MOST_BEND:g}"
        )
    if speed < SLOW_M_S:
        reasons.append(f"the relative speed is {speed:.3g} m/s, below {SLOW_M_S:g}")
    return Fitness(bend, speed, "; ".join(reasons))


def duration(encounter: Encounter, left_out: float = LEFT_OUT) -> tuple[float, float]:
    """First and last second, from the states' instant, of a straight encounter; outside it lies a probability of less
    than `left_out`. Coppola, AAS 12-247 (2012), eq. 21. EncounterError with no relative velocity."""
    w = encounter.relative_velocity
    speed = float(np.linalg.norm(w))
    if speed == 0.0:
        raise EncounterError("the objects do not move against each other: a straight encounter has no end")
    along = w / speed
    across = np.linalg.svd(along[None])[2][1:]
    c = encounter.position_covariance
    in_plane, coupled = across @ c @ across.T, across @ c @ along
    slope = np.linalg.solve(in_plane, coupled)
    rest = math.sqrt(max(float(along @ c @ along - coupled @ slope), 0.0))
    miss = across @ encounter.miss
    middle = float(slope @ miss) - float(along @ encounter.miss)
    spread = math.sqrt(2.0) * rest * float(erfcinv(left_out))
    steep, radius = float(np.linalg.norm(slope)), encounter.radius_m
    # The sphere is entered on its near side: first at the pole, which the slope tilts, last at the rim.
    first = middle - spread - radius * math.hypot(1.0, steep)
    return first / speed, (middle + spread + radius * steep) / speed


def one_covariance_maximum(encounter: Encounter) -> Encounter:
    """The encounter with the most pessimistic covariance for the object that has none.

    Frisbee, AAS 15-717 (2015): the missing error lies along the miss, as large as makes the probability largest. Where
    the known error alone reaches the miss within one sigma, nothing is added.
    """
    if (encounter.c1 is None) == (encounter.c2 is None):
        return encounter
    known = encounter.c1 if encounter.c1 is not None else encounter.c2
    assert known is not None
    miss = encounter.miss
    square = float(miss @ np.linalg.solve(known[:3, :3], miss))
    added = np.zeros((3, 3))
    if square > 1.0:
        added = np.outer(miss, miss) * (square - 1.0) / square
    missing = added if added.any() else None
    c1, c2 = (known, missing) if encounter.c1 is not None else (missing, known)
    return Encounter(encounter.r1, encounter.v1, c1, encounter.r2, encounter.v2, c2, encounter.radius_m)
