"""The world as a whole: places, the frame of element sets, and what the tables promise."""

import math

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.environment.world import sgp4_state
from tests.kernels.reference import load
from tests.tolerance import GEODETIC_DEG, SITE_HEIGHT_M, SITE_SKYFIELD_M, SITE_SPEED_M_S, TEME_OREKIT_M

FRAMES = load("frames.json")
PAD = Site("Jiuquan", math.radians(40.9583), math.radians(100.2914), 1073.0)


@pytest.mark.parametrize("row", FRAMES["teme"]["rows"], ids=lambda row: f"{row[0]:.0f}s")
def test_element_set_to_gcrs(row):
    """SGP4, TEME, GCRS: Orekit on the same element set."""
    t, *numbers = row
    epoch = Epoch.from_utc(FRAMES["teme"]["epoch_utc"]).plus(t)
    r, v = sgp4_state(*FRAMES["teme"]["tle"], epoch)
    assert np.linalg.norm(r - np.array(numbers[:3])) < TEME_OREKIT_M
    assert np.linalg.norm(v - np.array(numbers[3:])) < TEME_OREKIT_M * 1.2e-3  # times the orbit's angular rate


def test_an_element_set_that_sgp4_refuses_is_an_error():
    line1 = "1 48274U 21035A   25306.17586037  .00031797  00000-0  38131-3 0  9995"
    line2 = "2 48274  41.4666 263.0710 0006682 308.7013  51.3228 15.60215133257694"
    with pytest.raises(ValueError, match=r"SGP4 returned error \d at 2065-.* for the set of 25306\.17586037"):
        sgp4_state(line1, line2, Epoch.from_utc("2065-01-01"))


def test_a_site_is_where_skyfield_has_it(world):
    """Geodetic coordinates to Earth-fixed to GCRS against skyfield's own geographic position."""
    from skyfield.api import wgs84

    from sim.environment.world import skyfield_times

    place = wgs84.latlon(40.9583, 100.2914, elevation_m=1073.0)
    assert PAD.ecef() == pytest.approx(place.itrs_xyz.m, abs=1e-6)
    for t in (0.0, 12345.0, 86400.0):
        there = place.at(skyfield_times(world.zero, t)[0])
        r, v = world.site_eci(PAD, t)
        assert np.linalg.norm(r - there.position.m) < SITE_SKYFIELD_M
        assert np.linalg.norm(v - there.velocity.m_per_s) < SITE_SPEED_M_S


def test_a_site_comes_back_as_it_went(world):
    times = np.array([0.0, 4000.0, 80000.0])
    r = np.array([world.site_eci(PAD, t)[0] for t in times])
    lat, lon, height = world.geodetic(times, r)
    assert lat == pytest.approx(np.full(3, 40.9583), abs=10 * GEODETIC_DEG)
    assert lon == pytest.approx(np.full(3, 100.2914), abs=10 * GEODETIC_DEG)
    assert height == pytest.approx(np.full(3, 1073.0), abs=SITE_HEIGHT_M)


def test_geocentric_latitude_of_the_pad():
    """40.7679 deg, 0.19 deg from the geodetic one: the difference that is worth seven minutes of launch time."""
    r = PAD.ecef()
    assert math.degrees(math.asin(r[2] / np.linalg.norm(r))) == pytest.approx(40.7679, abs=5e-5)


def test_matrices_are_rotations(world):
    for t in (0.0, 10800.0, 77777.0):
        for m in (world.ecef(t), world.true_of_date(t)):
            assert np.abs(m @ m.T - np.eye(3)).max() < 1e-11  # the pole enters to first order: 5e-12 of its square
            assert np.linalg.det(m) == pytest.approx(1.0, abs=1e-11)


def test_the_tables_reach_beyond_the_mission(world):
    orientation = world.forces.orientation
    assert orientation.t0 <= world.start - 2 * 86400.0
    assert orientation.t0 + orientation.dt * (len(orientation.rows) - 1) >= world.end + 2 * 86400.0
    for body in (world.forces.sun, world.forces.moon):
        assert body.t0 <= world.start - 2 * 86400.0
        assert body.t0 + body.span * len(body.coeffs) >= world.end + 2 * 86400.0
