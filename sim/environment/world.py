"""The world a mission flies in: Earth's field and orientation, Sun, Moon and air as tables for the kernels.

Built once, from packages that lie on the disk: DE421 from `skyfield-data`, Earth orientation from
`astropy-iers-data` (IAU 2006/2000A by ERFA, with measured or predicted UT1 and pole), NRLMSISE-00 and EGM2008
from the seeds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from kernels.constants import AU, MU_MOON, MU_SUN, OMEGA_EARTH
from kernels.orbit.orientation import body_position, eci_to_ecef, ground_points
from kernels.records import Body, Forces, make
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.simplification import Simplification
from sim.environment.central_body import CentralBody
from sim.environment.density_table import msis_table, weather_table
from sim.environment.gravity import egm2008
from sim.environment.orientation import iau2006, skyfield_times, times_on, timescale, turned_each
from sim.environment.space_weather import Weather
from sim.files import packaged
from sim.files.errors import DataError

FIELD_KNOWN = Simplification(
    "world.known",
    "Planners know the Earth's field and rotation, the Sun and the Moon exactly: what is planned in is what is flown "
    "in.",
    "forces",
)
ONE_WEATHER = Simplification(
    "air.one_weather", "NRLMSISE-00 with the space weather of one day, for the whole mission.", "air"
)
AIR_KNOWN = Simplification(
    "air.known",
    "Planners and guidance know the density of the air exactly, for all days ahead. Real forecasts err by 10 to 15 % "
    "from day to day (one sigma), in storms by 50 to 100 %.",
    "air",
)
ONE_FACTOR = Simplification(
    "air.one_factor",
    "The error of the density is one factor below 86 km, the same all the time, and another one above, the same "
    "everywhere.",
    "air",
)
CALM = Simplification("air.calm", "The air turns with the Earth; no wind blows.", "air")

ONE_WIND = Simplification(
    "air.one_wind",
    "The wind is one profile over the height, the same all along the way to the landing site and all the time: no "
    "gusts, no wind up or down, nothing that hills do.",
    "air",
)
WIND_KNOWN = Simplification(
    "air.wind_known",
    "The wind over the landing site is known exactly, and that of a climate. Forecasts of some hours err by 4 m/s.",
    "air",
)


@dataclass(frozen=True)
class World:
    """`zero` is the epoch from which all seconds count; `forces` are the tables, valid from `start` to `end` (s).

    `forecast`: what planners take for this world, where that is another; `known` gives it. `wind` (n, 3): height m,
    and the wind toward east and north there, m/s, over the landing site; empty for none. `wind_spread` (n,): one sigma
    (m/s, each axis) of the weather of a day there, as its climate has it. The wind that is known is the forecast of
    the hour of the deorbit plan: what is planned before that takes it too.
    """

    zero: Epoch
    start: float
    end: float
    forces: Forces
    step: float  # s, the longest step on an orbit arc
    coarse: Forces | None = None  # to degree 2, no Sun, Moon or drag: to search quickly
    forecast: KnownWorld | None = None
    wind: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    wind_spread: np.ndarray = field(default_factory=lambda: np.zeros(0))
    body: CentralBody | None = None  # None: the Earth
    axes: str = ""  # of another body: those that its orientation table turns to, which are its field's

    def known(self) -> KnownWorld:
        """The world as planners know it before anything was observed: its forecast, or itself where it has none."""
        return self.forecast or KnownWorld(
            self.zero,
            self.start,
            self.end,
            self.forces,
            self.step,
            self.coarse,
            wind=self.wind,
            wind_spread=self.wind_spread,
            body=self.body,
            axes=self.axes,
        )

    def simplified(self) -> tuple[Simplification, ...]:
        """What holds in every phase that is flown in this world."""
        degree = self.forces.gravity.degree
        field = Simplification(
            "world.forces",
            f"The Earth's field ends at degree {degree}. Tides, relativity and the pressure of sunlight are left out.",
            "forces",
        )
        air = self.known().forces.air
        weather = () if len(air.change) else (ONE_WEATHER,)
        return (field, FIELD_KNOWN, *weather, AIR_KNOWN if self.forecast is None else ONE_FACTOR)

    def wind_simplified(self) -> tuple[Simplification, ...]:
        """What holds of the wind where a phase falls or hangs in it."""
        if not len(self.wind):
            return (CALM,)
        return (ONE_WIND, WIND_KNOWN) if np.array_equal(self.known().wind, self.wind) else (ONE_WIND,)

    def ecef(self, t: float) -> np.ndarray:
        """Rotation (3,3) from GCRS to ITRS at `t`."""
        c = np.empty((3, 3))
        eci_to_ecef(float(t), self.forces.orientation, np.empty(12), c)
        return c

    def ecef_each(self, times: np.ndarray) -> np.ndarray:
        """The same (n,3,3) at `times` (n,), to the last bit: the arithmetic of the kernel, all times side by side."""
        return turned_each(self.forces.orientation, times)

    def mapped_each(self, times: np.ndarray) -> np.ndarray:
        """Rotations (n,3,3) from ICRS to the axes of the body's maps at `times` (n,)."""
        fixed = self.ecef_each(times)
        if self.body is None:
            return fixed
        turn_to = self.body.orientation.turn_to
        return turn_to(self.body.map_axes) @ turn_to(self.axes).T @ fixed

    def true_of_date(self, t: float) -> np.ndarray:
        """Rotation (3,3) from GCRS to the true equator and equinox of date."""
        row = np.empty(12)
        eci_to_ecef(float(t), self.forces.orientation, row, np.empty((3, 3)))
        return row[:9].reshape(3, 3)

    def site_eci(self, site: Site, t: float) -> tuple[np.ndarray, np.ndarray]:
        """GCRS position and velocity of a site that turns with the Earth, m and m/s."""
        c = self.ecef(t)
        r = c.T @ site.ecef()
        return r, np.cross(OMEGA_EARTH * self.true_of_date(t)[2], r)

    def geodetic(self, t, r) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude and longitude (deg) and height (m) of points in ICRS axes: t (n,), r (n,3); over WGS-84, or over the
        sphere of another body in the axes of its maps."""
        t = np.atleast_1d(np.asarray(t, dtype=float))
        r = np.ascontiguousarray(np.atleast_2d(r), dtype=float)
        if self.body is not None:
            x, y, z = np.einsum("nij,nj->in", self.mapped_each(t), r)
            distance = np.sqrt(x * x + y * y + z * z)
            return np.degrees(np.arcsin(z / distance)), np.degrees(np.arctan2(y, x)), distance - self.body.radius
        out = np.empty((len(t), 3))
        ground_points(t, r, self.forces.orientation, out)
        return np.degrees(out[:, 0]), np.degrees(out[:, 1]), out[:, 2]

    def without_air(self, t: np.ndarray, r: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Acceleration (n,3) m/s2 of a craft that no air slows, at GCRS states r, v (n,3)."""
        from kernels.orbit.forces import acceleration, scratch

        forces, work, out = self.forces._replace(drag=0), scratch(), np.empty((len(t), 3))
        for time, place, speed, pull in zip(t, r, v, out, strict=True):
            acceleration(time, place, speed, forces, 0.0, work, pull)
        return out

    def other(self, t: float) -> np.ndarray:
        """Geometric position of the other body beside the Sun (of the Moon about the Earth), (3,), ICRS axes, m."""
        out = np.empty(3)
        body_position(float(t), self.forces.moon, out)
        return out

    def sun(self, t: float) -> np.ndarray:
        """Geometric position of the Sun (3,), GCRS, m."""
        out = np.empty(3)
        body_position(float(t), self.forces.sun, out)
        return out


@dataclass(frozen=True)
class KnownWorld(World):
    """A world as planners, guidance and navigation know it. They ask for this type, so that the type check refuses the
    true world where one of them is called; nothing in it leads back to the truth."""


def build_world(
    zero: Epoch, start: float, end: float, degree: int, sun: bool, moon: bool, weather: Weather | None, step: float
):
    """All the tables for `start`..`end` seconds from `zero`; two days of margin are added on both sides.

    A Sun or Moon that is switched off keeps its position, for light and local time, without its gravity. `weather`
    stands for the whole span; None takes that of the packaged table, day by day.
    """
    first, last = start - 2 * 86400.0, end + 2 * 86400.0
    forces = make(
        Forces,
        gravity=egm2008(degree),
        orientation=iau2006(zero, first, last),
        sun=body_table("sun", zero, first, last, span=8 * 86400.0, terms=9, mu=MU_SUN if sun else 0.0),
        moon=body_table("moon", zero, first, last, span=2 * 86400.0, terms=10, mu=MU_MOON if moon else 0.0),
        air=msis_table(zero, 0.5 * (start + end), weather) if weather else weather_table(zero, start, end),
        third_body=1 if sun or moon else 0,
        drag=1,
    )
    coarse = forces._replace(gravity=egm2008(min(degree, 2)), third_body=0, drag=0)
    return World(zero=zero, start=start, end=end, forces=forces, step=step, coarse=coarse)


def sgp4_state(line1: str, line2: str, epoch: Epoch) -> tuple[np.ndarray, np.ndarray]:
    """State of an element set at `epoch`: SGP4 in TEME, turned into GCRS; position (3,) m and velocity (3,) m/s.

    TEME is turned through the Greenwich sidereal time of 1982 (Vallado et al., AIAA 2006-6753, App. C) by skyfield.
    """
    from sgp4.api import Satrec
    from skyfield.sgp4lib import TEME

    error, r, v = Satrec.twoline2rv(line1, line2).sgp4(*epoch.jd_utc())
    if error:
        raise ValueError(f"SGP4 returned error {error} at {epoch} for the set of {line1[18:32]}")
    turn = TEME.rotation_at(skyfield_times(epoch, 0.0)[0])
    return turn.T @ np.array(r) * 1000.0, turn.T @ np.array(v) * 1000.0


@lru_cache(maxsize=1)
def _ephemeris():
    """DE421 from `skyfield-data`; an error where the file is missing or broken; nothing is ever downloaded."""
    from skyfield.jpllib import SpiceKernel  # skyfield.api brings 30 ms of what is not needed here

    path = packaged.ephemeris()
    try:
        return SpiceKernel(str(path))
    except ValueError as error:
        remedy = "install the package skyfield-data again, or write ephemeris = 'analytic' in an orbit file"
        raise DataError(f"{path} is no JPL ephemeris ({error}); {remedy}") from None


def analytic_body(name: str, zero: Epoch, first: float, last: float, span: float, terms: int, mu: float) -> Body:
    """The same table from series instead of an ephemeris file: ERFA's `epv00` and `moon98`, some km good."""
    import erfa

    def position(seconds: np.ndarray) -> np.ndarray:
        jd = np.array([zero.plus(float(s)).jd_tt() for s in seconds])
        if name == "moon":
            return erfa.moon98(jd[:, 0], jd[:, 1])["p"].T * AU
        return -erfa.epv00(jd[:, 0], jd[:, 1])[0]["p"].T * AU

    return _chebyshev(position, first, last, span, terms, mu)


def body_table(
    name: str, zero: Epoch, first: float, last: float, span: float, terms: int, mu: float, centre: str = "earth"
) -> Body:
    """Chebyshev series of a position from DE421, of "sun" or "moon" from the `centre`, ICRS axes, `first`..`last` s."""
    return _body_table(_ephemeris(), timescale(), f"{centre} {name}", zero, first, last, span, terms, mu)


@lru_cache(maxsize=8)
def _body_table(
    ephemeris, scale, names: str, zero: Epoch, first: float, last: float, span: float, terms: int, mu: float
) -> Body:
    """The last few are kept, by all that they depend on: the files as they were read are `ephemeris` and `scale`.

    `names`: centre and body.
    """
    centre, name = names.split()

    def position(seconds: np.ndarray) -> np.ndarray:
        return _seen_from(ephemeris[centre], ephemeris[name], times_on(scale, zero, seconds))

    return _chebyshev(position, first, last, span, terms, mu)


def _seen_from(centre, body, times) -> np.ndarray:
    """Positions (3, n) m of a body from a centre, both of the ephemeris: what skyfield's `at(times).position.m` gives,
    without the velocities it adds."""
    from skyfield.constants import AU_KM, AU_M

    total = 0.0
    for part in (body - centre).vector_functions:
        segment = getattr(part, "vector_function", part)  # one that is taken backwards holds the other
        place = segment.spk_segment.compute(times.whole, times.tdb_fraction) / AU_KM
        total = total + (place if segment is part else -place)
    return total * AU_M


def _chebyshev(position, first: float, last: float, span: float, terms: int, mu: float) -> Body:
    """Series of `position`(seconds) -> (3, n) m, through the nodes of the first kind of each span."""
    x = np.cos(math.pi * (np.arange(terms) + 0.5) / terms)
    segments = max(1, math.ceil((last - first) / span))
    centres = first + (np.arange(segments)[:, None] + 0.5 + 0.5 * x[None, :]) * span
    values = position(centres.ravel()).reshape(3, segments, terms)
    basis = np.cos(np.arange(terms)[:, None] * np.arccos(x)[None, :])
    weight = np.full(terms, 2.0 / terms)
    weight[0] = 1.0 / terms
    coeffs = np.einsum("jsn,kn->sjk", values, basis) * weight
    return make(Body, t0=first, span=span, mu=mu, coeffs=coeffs)
