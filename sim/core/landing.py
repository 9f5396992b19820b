"""A capsule under its parachutes and on the ground, beside what the kernel's record of the parachutes holds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kernels.constants import G0


@dataclass(frozen=True)
class Grounded:
    """A capsule as it meets the ground, m: radius of its base, height of its centre of mass, radius of gyration about
    an axis across it, and the stroke of the seats."""

    base: float
    height: float
    gyration: float
    stroke: float

    def tipping_speed(self, slope: float) -> float:
        """The horizontal speed (m/s) from which it tips over on ground that falls by `slope` rad the way it moves.

        The leading edge of its base stops dead and the capsule turns about it: what momentum about the edge it brings,
        m v h, has to lift the centre of mass over the edge. A rigid body on hard ground, without friction's slip and
        without the pull of the canopy; the vertical speed is taken as spent.
        """
        edge = math.hypot(self.base, self.height)
        lift = edge - (self.height * math.cos(slope) + self.base * math.sin(slope))
        if lift <= 0.0:
            return 0.0
        return math.sqrt(2.0 * G0 * lift * (self.gyration**2 + edge**2)) / self.height

    def seat_load(self, vertical: float) -> float:
        """The load (g) on the crew as the seats stop within their stroke from `vertical` m/s, at constant force."""
        return 1.0 + vertical * vertical / (2.0 * G0 * self.stroke)


@dataclass(frozen=True)
class Landing:
    """One sigma (m) of the `barometer` that opens the parachutes and of the `altimeter` that fires the rockets; the
    force (N) that drogue and main parachute bear as they open; None for a body on the ground that nobody describes."""

    barometer: float = 0.0
    altimeter: float = 0.0
    drogue_load: float = math.inf
    main_load: float = math.inf
    body: Grounded | None = None


NO_LANDING = Landing()
