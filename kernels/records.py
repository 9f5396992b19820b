"""The parameter records that kernels take: named tuples of floats, ints and arrays, all defined here.

A float field that receives an int makes numba compile a second version of every kernel that takes the record; the
constructors below coerce, so that each kernel is compiled once.
"""

from typing import NamedTuple

import numpy as np


def _array(x) -> np.ndarray:
    return np.ascontiguousarray(x, dtype=np.float64)


class Gravity(NamedTuple):
    """Spherical harmonics: `mu` m3/s2, `radius` m, unnormalised `c`, `s` (degree+1, degree+1)."""

    mu: float
    radius: float
    degree: int
    c: np.ndarray
    s: np.ndarray


class Orientation(NamedTuple):
    """Earth orientation at nodes `t0 + k dt` (s): per row the nine of the bias-precession-nutation matrix (row by row),
    the sidereal angle less `rate * t` (rad), and the pole x, y (rad)."""

    t0: float
    dt: float
    rate: float
    rows: np.ndarray


class Body(NamedTuple):
    """Geocentric GCRS position of Sun or Moon as Chebyshev series: `coeffs` (segments, 3, terms) m; `mu` m3/s2."""

    t0: float
    span: float
    mu: float
    coeffs: np.ndarray


class Air(NamedTuple):
    """ln(density kg/m3) above 86 km on a grid (universal time, ln altitude, latitude, local solar time).

    Axes: universal time in `ut_n` equal slices of a day from `ut0` (rad of sidereal-free solar time), altitude
    ln(km) from `x0` by `dx`, latitude -90..90 deg, local time 0..24 h; local time and universal time wrap.
    """

    scale: float
    ut0: float
    x0: float
    dx: float
    table: np.ndarray


class Forces(NamedTuple):
    """Everything an orbit feels, with switches (1 or 0) for the Sun and Moon, and for the air."""

    gravity: Gravity
    orientation: Orientation
    sun: Body
    moon: Body
    air: Air
    third_body: int
    drag: int


class Launcher(NamedTuple):
    """A two-stage launcher with boosters: SI; `mach`, `cd` the drag table."""

    booster_n: float
    booster_propellant: float
    booster_residual: float
    booster_dry: float
    booster_thrust: float  # N each, vacuum
    booster_mdot: float  # kg/s each
    booster_exit: float  # m2 each, thrust lost = pressure * exit
    core_propellant: float
    core_residual: float
    core_dry: float
    core_thrust: float
    core_mdot: float
    core_exit: float
    upper_propellant: float
    upper_dry: float
    main_thrust: float
    main_mdot: float
    vernier_thrust: float
    vernier_mdot: float
    vernier_only: float  # s
    tower_mass: float
    tower_time: float  # s
    fairing_mass: float
    fairing_time: float  # s
    area_boosters: float
    area_core: float
    vertical: float  # s
    kick_end: float  # s
    cycle: float  # s
    payload: float  # kg
    mach: np.ndarray
    cd: np.ndarray


class Capsule(NamedTuple):
    """A lifting capsule: `cda` m2, `cla` m2 (times dynamic pressure), `nose` m, `bank_rate` rad/s."""

    cda: float
    cla: float
    nose: float
    bank_rate: float


class Chutes(NamedTuple):
    """Parachute schedule: drag areas m2, durations s, heat shield kg at its altitude m, retro rockets."""

    body_cda: float
    drogue_cda: float
    drogue_s: float
    main_cda: float
    reefed: float
    reefed_s: float
    filling_s: float
    shield_mass: float
    shield_altitude: float
    retro_height: float
    retro_thrust: float
    retro_s: float


def make(kind, **values):
    """One record of `kind` with every field coerced to the type that its annotation names."""
    coerce = {float: float, int: int, np.ndarray: _array}
    missing = set(kind._fields) ^ set(values)
    if missing:
        raise TypeError(f"{kind.__name__} and the values given differ in {sorted(missing)}")
    fields = kind.__annotations__
    return kind(**{name: coerce.get(fields[name], lambda x: x)(value) for name, value in values.items()})
