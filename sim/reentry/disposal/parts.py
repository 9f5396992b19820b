"""What a disposal is asked for, and what was planned, in SI."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.ascent.range_safety.parts import Area, Piece
from sim.core.vehicle import Engine


@dataclass(frozen=True)
class Burner:
    """Engines that lower the orbit together; `usable` kg of propellant for all their burns, inf where it is not given.
    `longest` s of one burn of a lowering: longer ones are flown on several revolutions."""

    name: str
    engine: Engine
    usable: float
    longest: float


@dataclass(frozen=True)
class Lowering:
    """To `perigee` x `apogee`, m over the equatorial radius, after `hold` s on the orbit before."""

    perigee: float
    apogee: float
    hold: float
    burner: Burner


@dataclass(frozen=True)
class Release:
    """Pieces that leave the craft as it falls through `height` m over the ellipsoid."""

    piece: Piece
    height: float


@dataclass(frozen=True)
class Disposal:
    """The last burn lowers the perigee to `perigee` m over the equatorial radius, on one of the first `revolutions` of
    the last orbit; the pieces are to fall about `target` (latitude, longitude, rad) and within `zone`. The craft breaks
    up at `breakup` m over the ellipsoid. `descending`: whether it passes the target's latitude on the way south."""

    lowerings: tuple[Lowering, ...]
    burner: Burner
    perigee: float
    breakup: float
    target: tuple[float, float]
    descending: bool
    zone: Area
    revolutions: int
    releases: tuple[Release, ...]

    @property
    def middle(self) -> Piece:
        """The pieces in the middle of all, by mass over drag area: those that are aimed."""
        ordered = sorted((one.piece for one in self.releases), key=lambda piece: piece.mass / piece.cda)
        return ordered[len(ordered) // 2]


@dataclass(frozen=True)
class PlannedBurn:
    """`start`, `duration` s; `delta_v` m/s against the flight; `propellant` kg; `leaves`: lowest and highest point of
    the revolution after it, m over the equatorial radius (of the last burn: its osculating perigee and apogee)."""

    name: str
    burner: Burner
    start: float
    duration: float
    delta_v: float
    propellant: float
    leaves: tuple[float, float]


@dataclass(frozen=True)
class Choice:
    """One revolution on which the last burn was looked at: `t` of its middle, s; where the aimed pieces would fall,
    deg; `off_km` from the target."""

    t: float
    latitude_deg: float
    longitude_deg: float
    off_km: float
    chosen: bool = False


@dataclass(frozen=True)
class DisposalPlan:
    """The burns in the order of time, the revolutions that were looked at, and `end` s, when the craft breaks up."""

    disposal: Disposal
    burns: tuple[PlannedBurn, ...]
    choices: tuple[Choice, ...]
    end: float


@dataclass(frozen=True, eq=False)
class Fallen:
    """Of the pieces that were released: centre (latitude, longitude) and half sizes of the ellipse in which 99 % of
    them fall, its long axis from north, as columns, and the same for all of them together.

    `outline` (n, 2): latitudes and longitudes of all ellipses, deg. `length_km`: from the first to the last point,
    along the ground from under the first release; `width_km`: of the widest ellipse. `land_km`: from any of them to
    the nearest land of the map.
    """

    rows: tuple[dict, ...]
    outline: np.ndarray
    length_km: float
    width_km: float
    inside: bool
    land_km: float
