"""How the Earth is turned, as a table for the kernels: IAU 2006/2000A, IAU 1976/1980, or a uniform turn."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.records import Orientation, make
from sim.core.epoch import NS, Epoch
from sim.environment import finals
from sim.files import packaged
from sim.files.errors import DataError

ARCSEC = math.pi / 648000.0
TT_TAI = 32.184  # s
NODE = 14400.0  # s between nodes: Lagrange between them keeps precession, nutation and sidereal time to 2.4e-12 rad


def iers_table() -> Path:
    """The file finals2000A of `astropy-iers-data`; DataError where it is missing or cut; nothing is downloaded."""
    path = packaged.earth_orientation()
    # A row is 185 characters and a newline, a day each since 1973; a table of less than 40 years is not the whole one.
    # This is for an install without a record of its files, where nothing could be compared.
    if path.stat().st_size < 186 * 365 * 40:
        raise DataError(f"the table of the Earth's orientation {path} is cut; install astropy-iers-data again")
    return path


@lru_cache(maxsize=1)
def _finals() -> finals.Finals:
    path = iers_table()
    try:
        return finals.read(path.read_bytes())
    except ValueError as error:
        raise DataError(f"{path} cannot be read ({error}); install astropy-iers-data again") from None


@lru_cache(maxsize=1)
def timescale():
    """Skyfield's time scale on the IERS tables of `astropy-iers-data`, pole included."""
    from skyfield.data import iers
    from skyfield.timelib import Timescale  # skyfield.api brings 30 ms of what is not needed here

    read = _finals()
    tt, delta_t, leap_dates, leap_offsets = iers.build_timescale_arrays(read.day, read.ut1_utc)
    scale = Timescale((tt, delta_t), leap_dates, leap_offsets)
    pole = {"utc_mjd": read.day, "x_arcseconds": read.x, "y_arcseconds": read.y}
    iers.install_polar_motion_table(scale, pole)
    return scale


@lru_cache(maxsize=1)
def pole_offsets() -> np.ndarray:
    """Celestial pole offsets of the IERS table: rows of (modified Julian date UTC, dX, dY in rad), IAU 2000A.

    Where the table ends they are taken as zero.
    """
    read = _finals()
    return np.column_stack([read.offset_day, 1e-3 * ARCSEC * read.dx, 1e-3 * ARCSEC * read.dy])


def skyfield_times(zero: Epoch, seconds):
    """Skyfield times at `seconds` after `zero`."""
    return times_on(timescale(), zero, seconds)


def times_on(scale, zero: Epoch, seconds):
    """The same on a scale that was read before."""
    whole = [zero.plus(float(s)).jd_tt() for s in np.atleast_1d(seconds)]
    return scale.tt_jd(np.array([w[0] for w in whole]), np.array([w[1] for w in whole]))


def _nodes(first: float, last: float) -> np.ndarray:
    return np.arange(math.floor(first / NODE) - 1, math.ceil(last / NODE) + 3) * NODE


def _record(nodes: np.ndarray, matrices: np.ndarray, angle: np.ndarray, pole: np.ndarray, rate: float) -> Orientation:
    rows = np.zeros((len(nodes), 12))
    rows[:, :9] = matrices.reshape(len(nodes), 9)
    rows[:, 9] = np.unwrap(angle - rate * nodes)  # slow: what a steady turn leaves
    rows[:, 10:] = pole
    return make(Orientation, t0=nodes[0], dt=NODE, rate=rate, rows=rows)


def iau2006(
    zero: Epoch, first: float, last: float, ut1_utc: float | None = None, pole=None, tai_utc: float | None = None
) -> Orientation:
    """IAU 2006/2000A by ERFA, equinox form, with the celestial pole offsets of the IERS.

    Precession of 2006 with the nutation of 2000A as adjusted to it (`pnm06a`), and the sidereal time that belongs to
    them (`gst06`): IERS Conventions (2010), chapter 5, tables 5.3a and 5.3b; Wallace & Capitaine, A&A 459 (2006) 981.
    Left out, 0.4 mm in low orbit: the slow turn s' of the terrestrial origin (ERFA's `sp00`).

    `ut1_utc` s and `pole` (x, y) arcsec replace the table's. A given UT1-UTC holds at the start, and UT1 runs on with
    TAI, whatever leap second comes; `tai_utc` s is the offset of the start's clock, where not the table's.
    """
    given = None if pole is None else (float(pole[0]), float(pole[1]))
    return _iau2006(timescale(), zero, first, last, ut1_utc, given, tai_utc)


@lru_cache(maxsize=4)
def _iau2006(scale, zero: Epoch, first: float, last: float, ut1_utc, pole, tai_utc) -> Orientation:
    """The last few are kept, by all that they depend on: `scale` is the IERS table as it was read."""
    import erfa

    nodes = _nodes(first, last)
    times = times_on(scale, zero, nodes)
    day, fraction = times.whole, times.tt_fraction
    ut1_tai = _table_ut1_tai(times) if ut1_utc is None else _given_ut1_tai(zero, ut1_utc, tai_utc)
    rows = erfa.pnm06a(day, fraction)
    angle = erfa.gst06(day, fraction + (ut1_tai - TT_TAI) / 86400.0, day, fraction, rows)
    # The pole moves by (dX, dY): a turn of every axis about (-dY, dX, 0), which keeps the origin of the sidereal angle.
    mjd, table = np.array([zero.plus(float(t)).jd_utc() for t in nodes]) @ [1.0, 1.0] - 2400000.5, pole_offsets()
    dx, dy = (np.interp(mjd, table[:, 0], table[:, k], right=0.0) for k in (1, 2))
    rows = rows + np.cross(np.column_stack([-dy, dx, np.zeros(len(nodes))])[:, None, :], rows)
    _, x, y = times.polar_motion_angles()
    given = np.column_stack([x, y]) if pole is None else np.asarray(pole, dtype=float)
    return _record(nodes, rows, angle, given * ARCSEC, OMEGA_EARTH)


def earth_turn(epoch: Epoch) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (3,3) from GCRS to ITRS at `epoch`, and the true pole of date (3,) in GCRS, about which the Earth turns.

    The Earth of `iau2006`, with polar motion to all orders (ERFA's `pom00`). The ITRS's own z axis is up to 0.5 arcsec
    off the true pole, which would be 1 mm/s.
    """
    import erfa

    row = iau2006(epoch, 0.0, 0.0).rows[1]  # the nodes begin one before zero
    of_date = row[:9].reshape(3, 3)
    return erfa.pom00(row[10], row[11], 0.0) @ erfa.rz(row[9], of_date), of_date[2]


def _table_ut1_tai(times):
    """UT1-TAI, s, of the IERS table, from TT-UT1, which has no leap seconds."""
    return TT_TAI - times.delta_t


def _given_ut1_tai(zero: Epoch, ut1_utc: float, tai_utc: float | None) -> float:
    """UT1-TAI, s, where UT1-UTC is given at `zero`, whose clock has the leap seconds of the table or its own."""
    return ut1_utc - (zero.tai_minus_utc if tai_utc is None else tai_utc)


def iau1976(
    zero: Epoch, first: float, last: float, ut1_utc: float | None = None, pole=None, tai_utc: float | None = None
) -> Orientation:
    """Precession of 1976, nutation of 1980, sidereal time of 1982 with the equation of the equinoxes of 1994 (ERFA).

    No celestial pole offsets, and GCRF is taken as the mean equator and equinox of J2000. UT1-TAI is that of the start
    all along: by `ut1_utc` s, with `tai_utc` s in place of the table's leap seconds, or by the IERS table. The pole is
    zero where it is not given.
    """
    import erfa

    nodes = _nodes(first, last)
    if ut1_utc is None:
        ut1_tai = float(_table_ut1_tai(skyfield_times(zero, 0.0))[0])
    else:
        ut1_tai = _given_ut1_tai(zero, ut1_utc, tai_utc)
    tai = np.array([zero.plus(float(t)).tai_ns for t in nodes], dtype=np.int64)
    day = 86400 * NS
    origin = 2451544.5  # 2000-01-01T00:00, where the count of nanoseconds starts
    ut1_ns = tai + round(ut1_tai * NS)
    tt_ns = tai + 32_184_000_000
    tt = origin + tt_ns // day, (tt_ns % day) / day
    ut1 = origin + ut1_ns // day, (ut1_ns % day) / day
    angle = erfa.gmst82(*ut1) + erfa.eqeq94(*tt)
    place = np.zeros(2) if pole is None else np.asarray(pole, dtype=float) * ARCSEC
    return _record(nodes, erfa.pnm80(*tt), angle, place, OMEGA_EARTH)


def uniform(first: float, last: float, theta0: float, rate: float) -> Orientation:
    """A steady turn about the inertial z axis: `theta0` rad at t = 0, `rate` rad/s."""
    nodes = _nodes(first, last)
    matrices = np.broadcast_to(np.eye(3), (len(nodes), 3, 3))
    return _record(nodes, matrices, theta0 + rate * nodes, np.zeros(2), rate)


def turned_each(table: Orientation, times: np.ndarray) -> np.ndarray:
    """Rotations (n,3,3) of a table at `times` (n,), from ICRS to the axes that it was made for: to the last bit what
    the kernel computes, all times side by side."""
    u = (times - table.t0) / table.dt
    k = np.clip(np.floor(u).astype(np.int64) - 1, 0, len(table.rows) - 4)
    s = u - k
    l0 = -(s - 1.0) * (s - 2.0) * (s - 3.0) / 6.0
    l1 = s * (s - 2.0) * (s - 3.0) / 2.0
    l2 = -s * (s - 1.0) * (s - 3.0) / 2.0
    l3 = s * (s - 1.0) * (s - 2.0) / 6.0
    before, here, after, last = (table.rows[k + j].T for j in range(4))
    row = l0 * before + l1 * here + l2 * after + l3 * last
    angle = (row[9] + table.rate * times).tolist()
    cg, sg = np.array([math.cos(x) for x in angle]), np.array([math.sin(x) for x in angle])  # the kernel's, too
    m0, m1, m2 = row[:3], row[3:6], row[6:9]
    p0, p1 = cg * m0 + sg * m1, cg * m1 - sg * m0
    xp, yp = row[10], row[11]
    turned = np.stack([p0 + xp * m2, p1 - yp * m2, m2 - xp * p0 + yp * p1])
    return np.ascontiguousarray(turned.transpose(2, 0, 1))
