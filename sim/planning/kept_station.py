"""What the element sets before an instant show of the station: the last of them, and its altitude as a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kernels.constants import MU_EARTH
from sim.catalogue.element_sets import ElementSet, element_set, names
from sim.core.epoch import Epoch
from sim.orbit.kept_altitude import KeptAltitude, kept_altitude


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
