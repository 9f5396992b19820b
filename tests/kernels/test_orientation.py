"""Earth orientation, Sun and Moon, and geodetic coordinates against SOFA/ERFA, Orekit, skyfield and the IERS file."""

import math
from functools import cache
from pathlib import Path

import astropy_iers_data
import erfa
import numpy as np
import pytest

from kernels.constants import FLATTENING, R_EQUATOR
from kernels.orbit.orientation import body_position, eci_to_ecef, geodetic, ground_points, orientation_row
from kernels.records import Body, Orientation, make
from sim.core.epoch import Epoch
from sim.environment.orientation import earth_turn, iau2006
from sim.environment.world import _ephemeris, skyfield_times
from tests.kernels.reference import load
from tests.tolerance import (
    BODY_DE440_REL,
    BODY_TABLE_M,
    CIP_RAD,
    EARTH_TURN_RAD,
    EARTH_TURN_SKYFIELD_M,
    ERFA_RAD,
    GEODETIC_DEG,
    GEODETIC_M,
    GEODETIC_TEXTBOOK_DEG,
    ITRF_OREKIT_M,
    UT1_S,
)
from tests.worlds import DAY, real_orientation, real_sun_and_moon, turning

FRAMES = load("frames.json")
ORBIT_RADIUS = 6.778e6  # m
TURN = 2.0 * math.pi * 1.00273781191135448 / DAY  # rad/s of UT1: Earth rotation angle, IERS Conventions 2010 eq 5.15


def rotation(t, orientation):
    c = np.empty((3, 3))
    eci_to_ecef(t, orientation, np.empty(12), c)
    return c


def row_at(t, orientation):
    row = np.empty(12)
    orientation_row(t, orientation, row)
    return row


@cache
def published(first, last):
    """Columns `first` to `last` of finals2000A by modified Julian date: not the reader that the world uses."""
    lines = Path(astropy_iers_data.IERS_A_FILE).read_text().splitlines()
    return {int(float(line[7:15])): float(line[first:last]) for line in lines if line[first:last].strip()}


def interpolated(table, zero, t):
    """A cubic through the four days around `t`."""
    days, fraction = zero.plus(t).jd_utc()
    mjd = days + fraction - 2400000.5
    at = np.arange(int(mjd) - 1, int(mjd) + 3)
    return float(np.polyval(np.polyfit(at - mjd, [table[int(d)] for d in at], 3), 0.0))


def published_ut1(zero, t):
    """UT1-UTC, s."""
    return interpolated(published(58, 68), zero, t)


def observed_pole(zero, t):
    """Turn (3,3) by the celestial pole offsets dX, dY, which no theory foresees: M times it sees them."""
    dx, dy = (interpolated(published(*columns), zero, t) * math.pi / 648.0e6 for columns in ((97, 106), (116, 125)))
    return np.array([[1.0, 0.0, -dx], [0.0, 1.0, -dy], [dx, dy, 1.0]])


def straight_offsets(zero):
    """The same at `zero`, along a straight line between two days, as the world's table has it."""
    day, fraction = zero.jd_utc()
    mjd, dx, dy = int(day - 2400000.5), published(97, 106), published(116, 125)
    x, y = ((d[mjd] + fraction * (d[mjd + 1] - d[mjd])) * math.pi / 648.0e6 for d in (dx, dy))
    return np.array([[1.0, 0.0, -x], [0.0, 1.0, -y], [x, y, 1.0]])


@pytest.mark.parametrize("case", FRAMES["erfa"], ids=lambda c: c["utc"])
def test_rotation_is_that_of_sofa(case):
    """R3(ERA) times the celestial-to-intermediate matrix of IAU 2006/2000A, with the published UT1 and pole offsets."""
    zero = Epoch.from_utc(case["utc"])
    orientation = real_orientation(zero, -DAY, DAY)
    era = case["era00_rad"] + TURN * (published_ut1(zero, 0.0) - case["dut1"])
    c, s = math.cos(era), math.sin(era)
    expected = (
        np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) @ np.array(case["c2i06a"]) @ observed_pole(zero, 0.0)
    )
    without_pole = orientation.rows.copy()
    without_pole[:, 10:] = 0.0
    still = make(Orientation, t0=orientation.t0, dt=orientation.dt, rate=orientation.rate, rows=without_pole)
    assert np.abs(rotation(0.0, still) - expected).max() < EARTH_TURN_RAD
    # The pole of date has no UT1 in it.
    assert np.abs(row_at(0.0, orientation)[6:9] - expected[2]).max() < CIP_RAD
    sidereal = case["gst06a_rad"] + era - case["era00_rad"]
    assert abs(math.remainder(row_at(0.0, orientation)[9] - sidereal, 2.0 * math.pi)) < EARTH_TURN_RAD


@pytest.mark.parametrize("case", FRAMES["erfa"], ids=lambda c: c["utc"])
def test_precession_nutation_and_sidereal_time_are_those_of_2006(case):
    """Numbers of ERFA, printed: with their UT1, the pole at rest, and the day's celestial pole offsets taken out."""
    zero = Epoch.from_utc(case["utc"])
    orientation = iau2006(zero, 0.0, 0.0, case["dut1"], (0.0, 0.0))
    assert abs(math.remainder(row_at(0.0, orientation)[9] - case["gst06a_rad"], 2.0 * math.pi)) < ERFA_RAD
    expected = erfa.rz(case["era00_rad"], np.array(case["c2i06a"]))
    assert np.abs(rotation(0.0, orientation) - expected @ straight_offsets(zero)).max() < ERFA_RAD


@pytest.mark.parametrize("utc", ["2035-03-05T01:22:27Z", "2041-09-30T23:59:59Z"])
def test_between_nodes_it_is_erfas_rotation(utc):
    """40 instants that are no nodes, against ERFA in its other form: R3(ERA) times `c2i06a`, and `gst06a`.

    Nobody has observed the pole of these years, so that the offsets of the IERS are zero.
    """
    zero, seconds = Epoch.from_utc(utc), np.random.default_rng(7).uniform(-3.0 * DAY, 9.0 * DAY, 40)
    orientation = iau2006(zero, -3.0 * DAY, 9.0 * DAY, 0.1, (0.0, 0.0))
    assert zero.jd_utc()[0] - 2400000.5 > max(published(97, 106)) + 30
    for t in seconds:
        day, fraction = zero.plus(t).jd_tt()
        t = zero.plus(t).since(zero)  # to the nanosecond, as the clock has it: half of one is 4e-14 rad
        ut1 = day, fraction + (0.1 - 37.0 - 32.184) / DAY
        expected = erfa.rz(erfa.era00(*ut1), erfa.c2i06a(day, fraction))
        assert np.abs(rotation(t, orientation) - expected).max() < ERFA_RAD
        sidereal = erfa.gst06a(*ut1, day, fraction)
        assert abs(math.remainder(row_at(t, orientation)[9] - sidereal, 2.0 * math.pi)) < ERFA_RAD


def test_a_single_turn_is_that_of_the_table():
    """The kernel takes the pole to first order: half its square, 2e-12, is the difference."""
    zero = Epoch.from_utc("2025-04-24T09:17:00Z")
    turn, pole = earth_turn(zero)
    orientation = real_orientation(zero, -DAY, DAY)
    assert np.abs(turn - rotation(0.0, orientation)).max() < ERFA_RAD
    assert np.array_equal(pole, row_at(0.0, orientation)[6:9])
    assert np.abs(turn @ turn.T - np.eye(3)).max() < 1e-14


def test_ut1_follows_the_published_table():
    """Read back from the sidereal angle, between the table's nodes, over a week."""
    zero = Epoch.from_utc("2025-04-24T00:00:00Z")
    orientation = real_orientation(zero, 0.0, 7 * DAY)
    times = skyfield_times(zero, np.linspace(0.1, 6.9, 23) * DAY)
    for t, time in zip(np.linspace(0.1, 6.9, 23) * DAY, times, strict=True):
        behind = math.remainder(time.gast * math.pi / 12.0 - row_at(t, orientation)[9], 2.0 * math.pi)
        ours = time.dut1 - behind / TURN
        assert abs(ours - published_ut1(zero, t)) < UT1_S


def test_between_nodes_it_is_skyfields_rotation():
    """skyfield's own ITRS, with the observed pole, at 60 instants that are no nodes, in metres at orbit height."""
    from skyfield.framelib import itrs

    zero = Epoch.from_utc("2026-10-06T00:00:00Z")
    orientation = real_orientation(zero, -DAY, 12 * DAY)
    seconds = np.random.default_rng(5).uniform(0.0, 11 * DAY, 60)
    exact = itrs.rotation_at(skyfield_times(zero, seconds))
    for i, t in enumerate(seconds):
        wrong = rotation(t, orientation) - exact[:, :, i] @ observed_pole(zero, t)
        assert np.linalg.norm(wrong, 2) * ORBIT_RADIUS < EARTH_TURN_SKYFIELD_M


def test_itrf_as_orekit_has_it():
    zero = Epoch.from_utc(FRAMES["itrf"]["epoch_utc"])
    orientation = real_orientation(zero, -DAY, 2 * DAY)
    for t, *numbers in FRAMES["itrf"]["rows"]:
        ours = rotation(t, orientation) @ np.array(numbers[:3])
        assert np.linalg.norm(ours - np.array(numbers[3:6])) < ITRF_OREKIT_M


def test_pole_and_prime_meridian_have_the_right_signs():
    """x_p tips the pole toward Greenwich, y_p toward 90 deg west: the ITRS pole in the frame of date."""
    orientation = turning(0.0)
    orientation.rows[:, 10], orientation.rows[:, 11] = 1.0e-6, 2.0e-6
    assert rotation(0.0, orientation) @ np.array([0.0, 0.0, 1.0]) == pytest.approx([1.0e-6, -2.0e-6, 1.0], abs=1e-11)


@pytest.mark.small
def test_a_steady_turn_is_exact():
    orientation = turning(7.0e-5, 0.3)
    for t in (-8.0e4, 0.0, 4321.5, 3.0e6):
        c, s = math.cos(0.3 + 7.0e-5 * t), math.sin(0.3 + 7.0e-5 * t)
        assert np.allclose(rotation(t, orientation), [[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]], rtol=0.0, atol=1e-13)


@pytest.mark.small
def test_chebyshev_sum_is_numpys():
    rng = np.random.default_rng(2)
    coeffs = rng.normal(size=(3, 3, 7))
    body = make(Body, t0=-50.0, span=20.0, mu=0.0, coeffs=coeffs)
    out = np.empty(3)
    for t in (-50.0, -41.0, -30.0, -12.5, 9.999):
        k = min(int((t + 50.0) // 20.0), 2)
        x = 2.0 * ((t + 50.0) / 20.0 - k) - 1.0
        body_position(t, body, out)
        assert out == pytest.approx([np.polynomial.chebyshev.chebval(x, coeffs[k, j]) for j in range(3)], abs=1e-13)


def test_sun_and_moon_as_skyfield_reads_them():
    """DE421 at 200 instants that are no nodes."""
    zero = Epoch.from_utc("2026-10-06T00:00:00Z")
    ephemeris, out = _ephemeris(), np.empty(3)
    seconds = np.random.default_rng(6).uniform(0.0, 30 * DAY, 200)
    for name, table in zip(("sun", "moon"), real_sun_and_moon(zero, 0.0, 30 * DAY), strict=True):
        exact = (ephemeris[name] - ephemeris["earth"]).at(skyfield_times(zero, seconds)).position.m
        for i, t in enumerate(seconds):
            body_position(t, table, out)
            assert np.linalg.norm(out - exact[:, i]) < BODY_TABLE_M[name]


def test_sun_and_moon_as_orekit_has_them():
    """DE440, an ephemeris thirteen years younger."""
    zero = Epoch.from_utc(FRAMES["bodies"]["epoch_utc"])
    sun, moon = real_sun_and_moon(zero, -DAY, 4 * DAY)
    out = np.empty(3)
    for t, *numbers in FRAMES["bodies"]["rows"]:
        for table, expected in ((sun, np.array(numbers[:3])), (moon, np.array(numbers[3:]))):
            body_position(t, table, out)
            assert np.linalg.norm(out - expected) < BODY_DE440_REL * np.linalg.norm(expected)


@pytest.mark.small
def test_geodetic_published_points():
    """Orekit's rows, and example 3-3 of Vallado, whose height is printed to 10 m."""
    for *_, x, y, z, lat, lon, height in FRAMES["itrf"]["rows"]:
        ours = geodetic(x, y, z)
        assert math.degrees(ours[0]) == pytest.approx(lat, abs=GEODETIC_DEG)
        assert math.degrees(ours[1]) == pytest.approx(lon, abs=GEODETIC_DEG)
        assert ours[2] == pytest.approx(height, abs=GEODETIC_M)
    textbook = FRAMES["vallado"]
    lat, lon, height = geodetic(*textbook["itrf_m"])
    assert math.degrees(lat) == pytest.approx(textbook["latitude_deg"], abs=GEODETIC_TEXTBOOK_DEG)
    assert math.degrees(lon) == pytest.approx(textbook["longitude_deg"], abs=5.0e-5)  # four decimals
    assert height == pytest.approx(textbook["height_m"], abs=5.0)


@pytest.mark.small
def test_geodetic_round_trip():
    """From latitude, longitude and height by the defining formulas, and back; the poles and the equator too."""
    e2 = FLATTENING * (2.0 - FLATTENING)
    rng = np.random.default_rng(8)
    cases = [*zip(rng.uniform(-90, 90, 60), rng.uniform(-180, 180, 60), rng.uniform(-100, 1e6, 60), strict=True)]
    for lat, lon, height in [*cases, (90.0, 0.0, 4e5), (-90.0, 0.0, 0.0), (0.0, 180.0, 1e5)]:
        phi, lam = math.radians(lat), math.radians(lon)
        n = R_EQUATOR / math.sqrt(1.0 - e2 * math.sin(phi) ** 2)
        p = (n + height) * math.cos(phi)
        z = (n * (1.0 - e2) + height) * math.sin(phi)
        ours = geodetic(p * math.cos(lam), p * math.sin(lam), z)
        assert math.degrees(ours[0]) == pytest.approx(lat, abs=GEODETIC_DEG)
        if abs(lat) < 90.0:
            assert math.degrees(ours[1]) == pytest.approx(lon, abs=GEODETIC_DEG)
        assert ours[2] == pytest.approx(height, abs=GEODETIC_M)


@pytest.mark.small
def test_ground_points_are_the_single_ones():
    orientation = turning(7.0e-5, 1.0)
    t = np.array([0.0, 100.0, 5000.0])
    r = np.array([[6.7e6, 1e5, 2e6], [0.0, 6.8e6, -1e6], [-5e6, 3e6, 3.5e6]])
    out = np.empty((3, 3))
    ground_points(t, r, orientation, out)
    for i in range(3):
        assert out[i] == pytest.approx(geodetic(*(rotation(t[i], orientation) @ r[i])), rel=1e-14)
