"""The parameter records that many kernels take: named tuples of floats, ints and arrays.

A float field that receives an int makes numba compile a second version of every kernel that takes the record; the
constructors below coerce, so that each kernel is compiled once. Groups of arguments that one kernel alone takes stand
as records beside it (EntryTarget, DockingLog). A kernel builds a record by keyword, and with every field: inside
compiled code there are no defaults. Flat records compile faster than records of records.
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import record
from kernels.constants import OMEGA_EARTH, R_EQUATOR
from kernels.orbit.harmonics import Field


def _array(x) -> np.ndarray:
    return np.ascontiguousarray(x, dtype=np.float64)


@record
class Orientation(NamedTuple):
    """Orientation of the central body at nodes `t0 + k dt` (s): per row the nine of the matrix to its equator of date
    (the Earth's: bias, precession, nutation; row by row), the sidereal angle less `rate * t` (rad), and the pole x, y
    (rad)."""

    t0: float
    dt: float
    rate: float
    rows: np.ndarray


@record
class Body(NamedTuple):
    """Position of Sun or Moon from the central body, ICRS axes, as Chebyshev series: `coeffs` (segments, 3, terms) m;
    `mu` m3/s2."""

    t0: float
    span: float
    mu: float
    coeffs: np.ndarray


@record
class Air(NamedTuple):
    """The atmosphere: which model, its few numbers, how it turns, and a table of ln(density kg/m3).

    `model` as in kernels/atmosphere/air.py. `density` kg/m3 of a constant one; `altitude` m and `height` m, with
    `density` there, of an exponential one; `ball` m, where it is not 0, is the radius of a ball from which heights are
    measured instead of the ellipsoid, as published cases do. It turns at `wind` rad/s about the pole of date
    (`about_pole` 1) or the inertial z axis (0). `factor` multiplies the density of every model, for air that differs
    from the forecast. The table, above 86 km, lies on a grid (universal time, ln altitude, latitude, local solar time):
    universal time in equal slices of a day from `ut0` s, altitude ln(km) from `x0` by `dx`, latitude -90..90 deg, local
    time 0..24 h; local time and universal time wrap. `change`, if it is not empty: a correction to add to ln(density),
    on a coarser grid (time, ln altitude, latitude, local solar time): time from `change_t0` s by `change_dt` s, held at
    its ends, altitude from `x0` by `change_dx`.
    """

    scale: float
    ut0: float
    x0: float
    dx: float
    table: np.ndarray
    model: int = 0
    density: float = 0.0
    altitude: float = 0.0
    height: float = 1.0
    wind: float = OMEGA_EARTH
    about_pole: int = 1
    ball: float = 0.0
    change: np.ndarray = np.zeros((0, 2, 2, 1))
    change_t0: float = 0.0
    change_dt: float = 1.0
    change_dx: float = 1.0
    factor: float = 1.0


@record
class Radiation(NamedTuple):
    """Solar radiation pressure: `on` 1 or 0, `pressure` N/m2 at one astronomical unit, `flattening` and equator's
    `radius` m of the occulter; `other_radius` m of the body in `Forces.moon`, which then casts a shadow too; 0: none.
    """

    on: int = 0
    pressure: float = 4.56e-6
    flattening: float = 0.0
    radius: float = R_EQUATOR
    other_radius: float = 0.0


class Thrust(NamedTuple):
    """A constant thrust: `force` N, `flow` kg/s, along `direction` (3,) in `frame` (as in kernels/orbit/thrust.py).

    Of a turning body: `axes` (3, 3), its axes at `t0` as rows in inertial components; `spin` (3,) rad/s in body axes.
    """

    force: float
    flow: float
    frame: int
    direction: np.ndarray
    t0: float
    axes: np.ndarray
    spin: np.ndarray


@record
class Forces(NamedTuple):
    """All forces on an orbit, with switches (1 or 0) for the Sun and Moon, and for the air.

    About another body than the Earth `orientation` is that body's, and `moon` is the other body beside the Sun, such as
    the Earth.
    """

    gravity: Field
    orientation: Orientation
    sun: Body
    moon: Body
    air: Air
    third_body: int
    drag: int
    radiation: Radiation = Radiation()


@record
class Launcher(NamedTuple):
    """A launcher as a row of phases, each with its engines, its end condition and the mass dropped at its end; SI.

    phases (n, 7)      columns named in kernels/ascent/launcher.py (thrust lost to the air = pressure * exit area)
    draws (n, tanks)   kg/s that a phase takes from each tank; tanks (tanks,) usable kg
    jettisons (m, 2)   mass dropped at a set time: s after lift-off, in order, and kg
    guided             the first phase under closed-loop guidance; n where there is none
    final_s            length of the last guided phase, s
    loaded             kg at lift-off without the payload
    law, programme     the open-loop steering and its table, as in kernels/ascent/steering.py
    wind (k, 3)        height m, and the wind toward east and north there m/s; empty for none
    mach, cd           the drag table
    nominal (n, 7)     the phases as the guidance models them; empty where its model is exact
    navigation (6,)    navigation errors of the state that the guidance uses: m and m/s radial, along track and normal
                       to the target plane
    """

    phases: np.ndarray
    draws: np.ndarray
    tanks: np.ndarray
    jettisons: np.ndarray
    guided: int
    final_s: float
    loaded: float
    vertical: float  # s
    kick_end: float  # s
    cycle: float  # s
    release: float  # s to go, below which the guidance no longer controls the cut-off position
    payload: float  # kg
    law: int
    programme: np.ndarray
    wind: np.ndarray
    mach: np.ndarray
    cd: np.ndarray
    nominal: np.ndarray = np.zeros((0, 7))
    navigation: np.ndarray = np.zeros(6)


@record
class Capsule(NamedTuple):
    """A lifting capsule: `cda` m2, `cla` m2 (times dynamic pressure) at hypersonic trim, `nose` m, `bank_rate` rad/s,
    `bank_acceleration` rad/s2.

    trim (n, 3): Mach number, growing, and drag and lift there over `cda` and `cla`; one row is a constant."""

    cda: float
    cla: float
    nose: float
    bank_rate: float
    bank_acceleration: float = 0.12
    trim: np.ndarray = np.ones((1, 3))


@record
class Chutes(NamedTuple):
    """Parachutes: drag areas m2, durations s, heights m, kg; `filling` times from stretched lines to a full canopy.

    The cover is released at `opening`, the heat shield leaves at `shield_altitude` and, where the main parachute fails
    (`main_fails` 1), the back-up is called for at `backup_height` (there is none where its drag area is 0), all as the
    barometer reads: `barometer` m above the truth. `seats_s` after the shield the seats are lifted. The retro rockets
    fire at `retro_height` over ground as the altimeter reads it: `altimeter` m above the truth.
    """

    body_cda: float
    opening: float
    drogue_cda: float
    drogue_filling_s: float
    drogue_s: float
    main_cda: float
    reefed: float
    reefed_filling_s: float
    reefed_s: float
    filling_s: float
    backup_cda: float
    backup_height: float
    backup_drogue_s: float
    shield_mass: float
    shield_altitude: float
    seats_s: float
    retro_height: float
    retro_thrust: float
    retro_s: float
    main_fails: int = 0
    barometer: float = 0.0
    altimeter: float = 0.0


def make(kind, **values):
    """One record of `kind` with every field coerced to the type that its annotation names; defaults may be left out."""
    coerce = {float: float, int: int, np.ndarray: _array}
    values = {**kind._field_defaults, **values}
    missing = set(kind._fields) ^ set(values)
    if missing:
        raise TypeError(f"{kind.__name__} and the values given differ in {sorted(missing)}")
    fields = kind.__annotations__
    return kind(**{name: coerce.get(fields[name], lambda x: x)(value) for name, value in values.items()})
