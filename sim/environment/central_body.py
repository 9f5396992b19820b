"""A central body as data: its field with the axes it is given in, its orientation, third bodies, its size.

A gravity field means nothing without its axes. A body's orientation is known in one set of axes (of the Moon: the
principal axes that its libration is computed for); others stand at one constant rotation from them. The table that the
kernels read is made in the axes of the field that is flown, so a field in other axes is turned and not mistaken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from kernels.constants import MU_EARTH, R_GRAVITY
from sim.core.epoch import Epoch
from sim.environment.gravity import GravityFileError, from_coefficients
from sim.environment.orientation import ARCSEC, earth_turn, iau2006, skyfield_times
from sim.files import packaged

if TYPE_CHECKING:
    from kernels.orbit.harmonics import Field
    from kernels.records import Orientation

J2000, DAY, CENTURY_DAYS = 2451545.0, 86400.0, 36525.0
STEP = 3600.0  # s between nodes of a table: Lagrange's error for the Moon is 2e-12 rad
POINT = "point"


@dataclass(frozen=True, eq=False)
class BodyField:
    """A gravity field: `mu` m3/s2, `radius` m, fully normalised `c` and `s` (degree+1, degree+1), the name of its
    `axes`."""

    name: str
    axes: str
    mu: float
    radius: float
    c: np.ndarray
    s: np.ndarray

    @property
    def degree(self) -> int:
        return len(self.c) - 1


@dataclass(frozen=True, eq=False)
class EulerTable:
    """Euler angles 3-1-3 from ICRF as Chebyshev series: `coefficients` (intervals, terms, 3) rad of phi, theta, psi, in
    intervals of `interval` s from `first` s of TDB after J2000."""

    first: float
    interval: float
    coefficients: np.ndarray

    def angles(self, et: np.ndarray) -> np.ndarray:
        """phi, theta, psi (n, 3) rad at `et` (n,) s of TDB after J2000; ValueError outside of the table."""
        u = (et - self.first) / self.interval
        if not (u.min() >= 0.0 and u.max() <= len(self.coefficients)):
            years = [2000.0 + x / (365.25 * DAY) for x in self.reach()]
            raise ValueError(f"the orientation table goes from {years[0]:.1f} to {years[1]:.1f}; the span leaves it")
        k = np.minimum(u.astype(np.int64), len(self.coefficients) - 1)
        x = 2.0 * (u - k) - 1.0
        series = self.coefficients[k]  # (n, terms, 3)
        b1, b2 = np.zeros((len(et), 3)), np.zeros((len(et), 3))
        for i in range(series.shape[1] - 1, 0, -1):
            b1, b2 = 2.0 * x[:, None] * b1 - b2 + series[:, i], b1
        return x[:, None] * b1 - b2 + series[:, 0]

    def reach(self) -> tuple[float, float]:
        """First and last time, s of TDB after J2000."""
        return self.first, self.first + self.interval * len(self.coefficients)


@dataclass(frozen=True)
class PolePolynomial:
    """Pole and prime meridian as the IAU gives them: `right_ascension` and `declination` deg and deg a century, of the
    pole; `prime_meridian` deg and deg a day; from J2000 TDB. Archinal et al., Celest. Mech. 130 (2018) 22."""

    right_ascension: tuple[float, float]
    declination: tuple[float, float]
    prime_meridian: tuple[float, float]

    def angles(self, et: np.ndarray) -> np.ndarray:
        """The same three Euler angles (n, 3) rad at `et` (n,) s of TDB after J2000."""
        days = et / DAY
        ra, dec = (a + b * days / CENTURY_DAYS for a, b in (self.right_ascension, self.declination))
        w = self.prime_meridian[0] + self.prime_meridian[1] * days
        return np.radians(np.column_stack([90.0 + ra, 90.0 - dec, w]))


@dataclass(frozen=True)
class AxesTurn:
    """Axes at a constant rotation from those of the orientation: R1(x) R2(y) R3(z) of `arcsec` (x, y, z), each a
    rotation of the frame, z first: r_axes = R r_orientation."""

    axes: str
    arcsec: tuple[float, float, float]

    def matrix(self) -> np.ndarray:
        x, y, z = (ARCSEC * angle for angle in self.arcsec)
        return _turn(0, x) @ _turn(1, y) @ _turn(2, z)


@dataclass(frozen=True)
class BodyOrientation:
    """How a body is turned: `angles` in the axes named `axes`, and other axes at a constant rotation from them.

    `angles` None is the Earth by IAU 2006/2000A with the IERS table.
    """

    axes: str
    angles: EulerTable | PolePolynomial | None
    turned: tuple[AxesTurn, ...] = ()

    def names(self) -> tuple[str, ...]:
        """All axes that are known."""
        return self.axes, *(turn.axes for turn in self.turned)

    def turn_to(self, axes: str) -> np.ndarray:
        """Constant rotation (3,3) from the orientation's own axes to those named `axes`; ValueError for others."""
        if axes == self.axes:
            return np.eye(3)
        for turn in self.turned:
            if turn.axes == axes:
                return turn.matrix()
        raise ValueError(f"axes '{axes}'; known: {', '.join(self.names())}")

    def matrices(self, et, axes: str | None = None) -> np.ndarray:
        """Rotations (n,3,3) from ICRF to `axes` (its own without) at `et` (n,) s of TDB after J2000."""
        if self.angles is None:
            raise ValueError("the Earth's orientation is that of the IERS: sim.environment.orientation")
        angles = self.angles.angles(np.atleast_1d(np.asarray(et, dtype=float)))
        own = np.array([_turn(2, c) @ _turn(0, b) @ _turn(2, a) for a, b, c in angles])
        return own if axes is None else self.turn_to(axes) @ own


@dataclass(frozen=True)
class ThirdBody:
    """A body that pulls from afar: its name in the ephemeris, `mu` m3/s2, and `radius` m of the shadow that it casts,
    0 for none."""

    name: str
    mu: float
    radius: float = 0.0


@dataclass(frozen=True, eq=False)
class CentralBody:
    """What a craft flies about. `ephemeris`: its name in the ephemeris (DE421: "moon", "mars"). `mu` m3/s2 of the point
    mass; `radius` m of the sphere that heights are measured from, that casts its shadow, and that ends an orbit.
    `sphere_of_influence` m, within which it is the better centre; 0 where the file gives none. `map_axes`: those of
    latitude and longitude. `field`, `degree`: what is flown where an orbit file has no [gravity]."""

    name: str
    ephemeris: str
    mu: float
    radius: float
    map_axes: str
    orientation: BodyOrientation
    fields: tuple[BodyField, ...] = ()
    third_bodies: tuple[ThirdBody, ...] = ()
    sphere_of_influence: float = 0.0
    field: str = POINT
    degree: int = 0

    def chosen(self, name: str) -> BodyField | None:
        """The field of that name, None for a point mass; ValueError for one that the body does not have."""
        if name == POINT:
            return None
        for each in self.fields:
            if each.name == name:
                return each
        known = ", ".join([POINT, *(each.name for each in self.fields)])
        raise ValueError(f"field '{name}'; {self.name} has {known}")

    def third(self, name: str) -> ThirdBody | None:
        """The third body of that name, where there is one."""
        return next((body for body in self.third_bodies if body.name == name), None)


@dataclass(frozen=True)
class PrincipalAxes:
    """Rotation `matrix` (3,3) from ICRF to a body's principal axes of inertia, in which its gravity field is given."""

    matrix: np.ndarray


@dataclass(frozen=True)
class MeanEarthAxes:
    """Rotation `matrix` (3,3) from ICRF to the Moon's mean-Earth and polar axes, in which its maps are drawn."""

    matrix: np.ndarray


@dataclass(frozen=True)
class LunarAxes:
    """The one constant rotation between the two, `to_mean` (3,3); of DE421 875 m on the ground."""

    to_mean: np.ndarray = field(default_factory=lambda: AxesTurn("me", (-0.30, -78.56, -67.92)).matrix())

    def mean(self, axes: PrincipalAxes) -> MeanEarthAxes:
        return MeanEarthAxes(self.to_mean @ axes.matrix)

    def principal(self, axes: MeanEarthAxes) -> PrincipalAxes:
        return PrincipalAxes(self.to_mean.T @ axes.matrix)


def euler_table(name: str) -> EulerTable:
    """A packaged table by the name of its file in seeds/assets."""
    file = packaged.arrays(f"seeds/assets/{name}")
    return EulerTable(float(file["first_et_s"]), float(file["interval_s"]), file["coef"])


def packaged_field(name: str, file: str, axes: str) -> BodyField:
    """A packaged field by the name of its file in seeds/assets, in the axes that it is declared to be in."""
    got = packaged.arrays(f"seeds/assets/{file}")
    mu, radius = float(got.get("gm_m3_s2", MU_EARTH)), float(got.get("radius_m", R_GRAVITY))  # egm70 has neither
    return BodyField(name, axes, mu, radius, got["C"], got["S"])


def et_of(zero: Epoch, seconds) -> np.ndarray:
    """Seconds of TDB after J2000 at `seconds` (n,) after `zero`; TDB-TT good to 10 us."""
    times = skyfield_times(zero, seconds)
    return ((times.whole - J2000) + times.tdb_fraction) * DAY


def map_axes_at(body: CentralBody, epoch: Epoch) -> np.ndarray:
    """Rotation (3,3) from ICRF to the axes of the body's maps at one instant."""
    if body.orientation.angles is None:
        return earth_turn(epoch)[0]
    return body.orientation.matrices(et_of(epoch, 0.0), body.map_axes)[0]


@lru_cache(maxsize=16)
def gravity_of(body: CentralBody, name: str, degree: int, order: int) -> Field:
    """The field of a body for the kernels, made once; GravityFileError for a degree that it does not have."""
    chosen = body.chosen(name)
    if chosen is None:
        return from_coefficients(np.ones((1, 1)), np.zeros((1, 1)), 0, 0, body.mu, body.radius)
    if degree > chosen.degree:
        raise GravityFileError(f"degree {degree} asked for; the field {name} of {body.name} goes to {chosen.degree}")
    return from_coefficients(chosen.c, chosen.s, degree, order, chosen.mu, chosen.radius)


@lru_cache(maxsize=8)
def orientation_of(body: CentralBody, axes: str, zero: Epoch, first: float, last: float) -> Orientation:
    """The table of a body's orientation for the kernels, in the axes named, over `first`..`last` s from `zero`.

    The row's matrix has the body's pole as its third row and the node of its equator on ICRF's as its first; the angle
    is psi.
    """
    orientation = body.orientation
    if orientation.angles is None:
        return iau2006(zero, first, last)
    from kernels.records import Orientation, make

    nodes = np.arange(math.floor(first / STEP) - 1, math.ceil(last / STEP) + 3) * STEP
    angles = orientation.angles.angles(et_of(zero, nodes))
    psi = np.unwrap(angles[:, 2])
    rate = (
        float((psi[-1] - psi[0]) / (nodes[-1] - nodes[0]))
        if isinstance(orientation.angles, EulerTable)
        else (math.radians(orientation.angles.prime_meridian[1]) / DAY)
    )
    turn = orientation.turn_to(axes)
    rows = np.zeros((len(nodes), 12))
    for row, (a, b, c) in zip(rows, angles, strict=True):
        row[:9] = (_turn(2, -c) @ turn @ _turn(2, c) @ _turn(0, b) @ _turn(2, a)).ravel()
    rows[:, 9] = np.unwrap(angles[:, 2] - rate * nodes)
    return make(Orientation, t0=nodes[0], dt=STEP, rate=rate, rows=rows)


def _turn(axis: Literal[0, 1, 2], angle: float) -> np.ndarray:
    """Rotation (3,3) of the frame about one of its axes by `angle` rad."""
    c, s = math.cos(angle), math.sin(angle)
    i, j = ((1, 2), (2, 0), (0, 1))[axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = c
    matrix[i, j], matrix[j, i] = s, -s
    return matrix
