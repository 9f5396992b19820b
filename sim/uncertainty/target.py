"""What may be dispersed: how a draw is written into a mission and read out of it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.mission import Mission
from sim.uncertainty.draw import Dispersion

Values = tuple[float, ...]
TOLERANCE = 1.0e-9  # of the unit, or of the draw if that is larger: what arithmetic rounds off in writing and reading


@dataclass(frozen=True)
class DispersionTarget:
    """`read` gives the values that are flown, `write` the mission with the drawn ones in it; both take
    the stage's place in the launcher, where the path names one, and the dispersion. `tolerance`: of the reading."""

    read: Callable[[Mission, int, Dispersion], Values]
    write: Callable[[Mission, int, Dispersion, Values], Mission]
    tolerance: float = TOLERANCE
