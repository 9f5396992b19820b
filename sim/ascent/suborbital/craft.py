"""The rocket plane of a suborbital flight, in SI units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import G0


@dataclass(frozen=True)
class RocketPlane:
    """Masses kg, `thrust` N, `isp` s; `ignition_delay` s after the release; `pull_up` g, the load factor of the pull-up
    to `climb_angle` rad. `mach`, `drag_area` m2: drag coefficient times area with the tail down, straight lines between
    the rows. `feathered_area` m2, with the tail up, from the apogee to `unfeather_altitude` m; then a glide at
    `glide_speed` m/s of indicated air speed and at `lift_to_drag`, lift over drag."""

    name: str
    dry_mass: float
    person_mass: float
    propellant: float
    thrust: float
    isp: float
    ignition_delay: float
    pull_up: float
    climb_angle: float
    mach: Sequence[float]
    drag_area: Sequence[float]
    feathered_area: float
    unfeather_altitude: float
    glide_speed: float
    lift_to_drag: float

    @property
    def burn_time(self) -> float:
        """s that the propellant lasts."""
        return self.propellant * self.isp * G0 / self.thrust

    def clean_area(self, mach: float) -> float:
        """Drag area with the tail down, m2."""
        return float(np.interp(mach, self.mach, self.drag_area))
