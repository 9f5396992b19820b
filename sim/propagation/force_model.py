"""One orbit to be propagated, in SI: the contents of its file, ready for the kernels. Facts only.

`sim.build.orbit` reads it from a file; `sim.propagation.propagate` flies it; `sim.output.orbit` writes what came out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.epoch import Epoch

if TYPE_CHECKING:
    from sim.environment.central_body import CentralBody

DEEPEST_M = 6.3e6  # what happens nearer to the Earth's centre is under the ground


@dataclass(frozen=True)
class GravityChoice:
    """`field`: "point", "j2", "egm2008" or the path of an ICGEM file. None: the value of the field itself."""

    field: str | Path = "egm2008"
    degree: int = 0
    order: int = 0
    mu: float | None = None
    radius: float | None = None
    j2: float | None = None


@dataclass(frozen=True)
class OrientationChoice:
    """How the Earth is turned. `ut1_utc` s and `pole` arcsec: None takes the IERS table (iau1976: a pole of zero).

    "uniform": a turn about the inertial z axis by `theta0` rad at the epoch and `rate` rad/s.
    """

    model: Literal["iau2006", "iau1976", "uniform"] = "iau2006"
    ut1_utc: float | None = None
    pole: tuple[float, float] | None = None
    theta0: float = 0.0
    rate: float = 7.292115146706388e-5


@dataclass(frozen=True)
class ThirdBodyChoice:
    sun: bool = False
    moon: bool = False
    mu_sun: float = 1.32712440018e20
    mu_moon: float = 4.9028e12
    ephemeris: Literal["de421", "analytic"] = "de421"


@dataclass(frozen=True)
class AtmosphereChoice:
    """`density` kg/m3 of "constant"; reference density, altitude m and scale height m of "exponential".

    `f107`, `f107a` (sfu) and `ap` of "nrlmsise00" hold for the whole span; None, all three, takes the packaged table.
    """

    model: Literal["none", "constant", "exponential", "us76", "nrlmsise00"] = "none"
    density: float = 0.0
    reference_density: float = 0.0
    reference_altitude: float = 0.0
    scale_height: float = 1.0
    f107: float | None = None
    f107a: float | None = None
    ap: float | None = None
    wind_axis: Literal["pole", "inertial_z"] = "pole"
    wind_rate: float = 7.292115146706388e-5

    @property
    def packaged_weather(self) -> bool:
        return self.model == "nrlmsise00" and {self.f107, self.f107a, self.ap} == {None}


@dataclass(frozen=True)
class RadiationChoice:
    """Solar radiation pressure: `pressure` N/m2 at one astronomical unit; the body that casts the conical shadow."""

    model: Literal["none", "conical"] = "none"
    pressure: float = 4.56e-6
    occulter: Literal["sphere", "ellipsoid"] = "ellipsoid"


@dataclass(frozen=True)
class BurnChoice:
    """A finite burn: `start`, `duration` s, `thrust` N along `direction` (unit) in `frame`, `mass_flow` kg/s.

    Frames: "inertial", "lvlh" (x forward, y against the orbit normal, z nadir), "rtn", "velocity" (x along the
    velocity, z along the orbit normal), "body": axes that lie along `body_axes` at t = 0 and turn at
    `body_rate` (3,) rad/s.
    """

    start: float
    duration: float
    thrust: float
    direction: np.ndarray
    frame: Literal["inertial", "lvlh", "rtn", "velocity", "body"] = "lvlh"
    mass_flow: float = 0.0
    body_axes: Literal["lvlh", "inertial"] = "lvlh"
    body_rate: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class ImpulseChoice:
    """A velocity change `delta_v` (3,) m/s at `at` s, in one of a burn's frames as the craft then is.

    `isp` s: the mass falls by the rocket equation; None keeps it. At the very time `at` the state is the one after; of
    several impulses at one time it is the one after the last.
    """

    at: float
    delta_v: np.ndarray
    frame: Literal["inertial", "lvlh", "rtn", "velocity", "body"] = "lvlh"
    isp: float | None = None
    body_axes: Literal["lvlh", "inertial"] = "lvlh"
    body_rate: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class KeepingChoice:
    """A geostationary slot that is kept: `longitude`, `half_width` and `inclination` rad; `east_west`, `north_south` s
    from one correction to the next, the second a multiple of the first; `eccentricity`: radius of the circle to which
    the east-west burns hold it, perigee toward the Sun.

    What the planner does not know, one sigma each: `longitude_sigma`, `plane_sigma` rad and `axis_sigma` m of the orbit
    at the start of a cycle, `burn_sigma` as a share of each burn; `sunlight`: by what share its pressure of sunlight is
    too large, `degree` of its gravity field. `seed` of the draws. `isp` s. `places`: names, from where the craft is
    looked at.
    """

    longitude: float
    half_width: float
    inclination: float
    east_west: float = 7.0 * 86400.0
    north_south: float = 14.0 * 86400.0
    eccentricity: float = 2.0e-4
    longitude_sigma: float = 0.0
    plane_sigma: float = 0.0
    axis_sigma: float = 0.0
    burn_sigma: float = 0.0
    sunlight: float = 0.0
    degree: int = 4
    seed: int = 1
    isp: float | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImagingChoice:
    """A camera: `swath` m on the ground; `roll` rad to either side; `sun` rad: the Sun's least elevation; `area` (n, 2)
    rad: latitude and longitude of the corners of the area; `places`: names."""

    swath: float
    roll: float
    sun: float
    area: np.ndarray
    places: tuple[str, ...]


@dataclass(frozen=True)
class Orbit:
    """`r`, `v` (3,) GCRF at `epoch`; `duration`, `step` s of the span; `mass` kg; areas m2.

    `tai_utc` s: where the epoch was given on a clock with other leap seconds than the table's; the iau1976 orientation
    needs it to find UT1. `body`: what it flies about, None for the Earth; `r` and `v` are from its centre, and
    `gravity` names one of its fields, whose third bodies are its own. `other_centre`: the body about which it is flown
    within the sphere of influence of the smaller of the two. `tolerance` asks for shorter steps than the
    default's. `keeping`: a slot that is kept, by impulses that are planned as the
    orbit is flown.
    """

    name: str
    epoch: Epoch
    r: np.ndarray
    v: np.ndarray
    duration: float
    step: float
    mass: float = 1000.0
    drag_area: float = 0.0
    drag_coefficient: float = 2.2
    srp_area: float = 0.0
    reflectivity: float = 1.0
    gravity: GravityChoice = GravityChoice()
    orientation: OrientationChoice = OrientationChoice()
    third_body: ThirdBodyChoice = ThirdBodyChoice()
    atmosphere: AtmosphereChoice = AtmosphereChoice()
    radiation: RadiationChoice = RadiationChoice()
    burns: tuple[BurnChoice, ...] = ()
    impulses: tuple[ImpulseChoice, ...] = ()
    tai_utc: float | None = None
    tolerance: float = 1e-12
    keeping: KeepingChoice | None = None
    body: CentralBody | None = None
    other_centre: CentralBody | None = None

    @property
    def mu(self) -> float:
        """m3/s2 of what it flies about."""
        if self.body is None:
            return self.gravity.mu or MU_EARTH
        field = self.body.chosen(str(self.gravity.field))
        return self.body.mu if field is None else field.mu

    @property
    def ground(self) -> float:
        """m from the centre: below it, no orbit needs short steps."""
        return DEEPEST_M if self.body is None else 0.99 * self.body.radius
