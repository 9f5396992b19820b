"""What the element sets before an instant show of the station: the last of them, and its altitude as a process.

And so how well a passage of a site through its plane is known some days after a set, for a station that is taken to
fall as a plan takes it, without the raises that will come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from kernels.constants import MU_EARTH
from sim.catalogue.element_sets import ElementSet, element_set, names
from sim.core.epoch import Epoch
from sim.orbit.kept_altitude import KeptAltitude, kept_altitude, node_sensitivity
from sim.orbit.plane_crossing import PlaneCrossing


@dataclass(frozen=True)
class Known:
    """What was known before an instant: the element sets, in order of time, and the station's altitude as a process."""

    sets: tuple[ElementSet, ...]
    kept: KeptAltitude

    @property
    def last(self) -> ElementSet:
        return self.sets[-1]


@lru_cache(maxsize=1)
def all_sets() -> tuple[ElementSet, ...]:
    return tuple(sorted((element_set(name) for name in names()), key=lambda e: e.epoch))


def axis_of(elements: ElementSet) -> float:
    """Mean semi-major axis, m."""
    return (MU_EARTH / (elements.satrec().no_kozai / 60.0) ** 2) ** (1.0 / 3.0)


def known_before(instant: Epoch) -> Known:
    """Every set whose epoch is earlier, and the altitude that they show."""
    sets = tuple(e for e in all_sets() if e.epoch < instant)
    zero = sets[0].epoch
    return Known(sets, kept_altitude([e.epoch.since(zero) for e in sets], [axis_of(e) for e in sets]))


@lru_cache(maxsize=16)
def known_with(name: str) -> Known:
    """What was known when the shipped set of that name was the last."""
    return known_before(element_set(name).epoch.plus(1e-3))


def passage_sigma(known: Known, crossing: PlaneCrossing, decay: float, age: float) -> float:
    """One sigma, s, of a passage `age` s after the last set, for a station that falls by `decay` m/s all the time.

    Two parts: the altitude that nobody can know beforehand, and by how much a station that is raised now and then is
    higher, on average, than one that falls.
    """
    axis, inclination = axis_of(known.last), crossing.inclination
    unknown = known.kept.lift_off_sigma(axis, inclination, crossing.latitude, age)
    higher = known.kept.expected(axis, age) - (axis + 0.5 * decay * abs(age))
    return math.hypot(unknown, node_sensitivity(axis, inclination) * higher * age / crossing.rate)
