"""Our NRLMSISE-00 against NRL's own code (pymsis), the published cases, and what must hold of any such model."""

import math

import numpy as np
import pymsis
import pytest

import sim.environment.nrlmsise00
from kernels.atmosphere.msis_profile import geopotential, knots, spline_weights
from kernels.maths.elementary import exp, log
from sim.environment.nrlmsise00 import log_densities, tables
from tests.kernels.reference import ids, load
from tests.tolerance import ELEMENTARY_REL, MSIS_MAX_REL, MSIS_OFFICIAL_REL, MSIS_RMS_REL, SPLINE_REL

OFFICIAL = load("nrlmsise00_gtd7.json")
WEATHER = (150.0, 150.0, 4.0)


def theirs(day, seconds, longitude, latitude, heights, weather):
    """Effective total mass density, kg/m3, of NRL's Fortran in single precision, at one place."""
    moment = np.datetime64("2003-01-01") + np.timedelta64(day - 1, "D") + np.timedelta64(seconds, "s")
    f107, f107a, ap = weather
    out = pymsis.calculate(np.array([moment]), [longitude], [latitude], heights, [f107], [f107a], [[ap] * 7], version=0)
    return out[0, 0, 0, :, pymsis.Variable.MASS_DENSITY].astype(float)


def ours(day, seconds, longitude, latitude, heights, weather, local_time=None):
    hour = seconds / 3600.0 + longitude / 15.0 if local_time is None else local_time
    return np.exp(log_densities([day], [seconds], weather, heights, [latitude], [hour], [[longitude]])[0, :, 0, 0])


def single(x):
    """Rounded to single precision, so that both codes are asked the same."""
    return np.asarray(x, dtype=np.float32).astype(float)


@pytest.mark.parametrize("ap", [0.0, 4.0, 15.0, 50.0, 100.0, 200.0, 300.0])
def test_it_is_nrls_own(ap):
    """Two thousand and more places, days, clocks and weathers an Ap: 5e-7 rms and 6e-6 at the worst were reached."""
    rng = np.random.default_rng(int(ap))
    wrong = []
    for _ in range(60):
        day, seconds = int(rng.integers(1, 366)), int(rng.integers(0, 86400))
        latitude, longitude = float(single(rng.uniform(-90.0, 90.0))), float(single(rng.uniform(0.0, 360.0)))
        mean = float(single(rng.uniform(70.0, 230.0)))
        weather = (float(single(max(65.0, mean + rng.uniform(-40.0, 60.0)))), mean, ap)
        heights = single(np.exp(rng.uniform(math.log(73.0), math.log(1200.0), 40)))
        place = day, seconds, longitude, latitude, heights, weather
        wrong.append(ours(*place) / theirs(*place) - 1.0)
    assert math.sqrt(np.mean(np.square(wrong))) < MSIS_RMS_REL
    assert np.abs(wrong).max() < MSIS_MAX_REL


@pytest.mark.parametrize("case", OFFICIAL["cases"], ids=ids(OFFICIAL["cases"]))
def test_the_official_values(case):
    """The cases that NRL's own driver prints: clock, longitude and local time given apart, which pymsis cannot do."""
    value = ours(
        case["doy"],
        case["sec"],
        case["lon"],
        case["lat"],
        [case["alt_km"]],
        (case["f107"], case["f107a"], case["ap"]),
        case["lst_h"],
    )[0]
    hot = 16.0 * 1.66e-27 * 1e6 * case["anomalous_o_cm3"]
    assert value == pytest.approx(case["density_g_cm3"] * 1e3 + hot, rel=MSIS_OFFICIAL_REL)


def test_threads_and_company_change_no_bit(monkeypatch):
    """A grid of places is the same whatever the threads, and each place of it as if it were alone."""
    grid = [100.0, 101.0], [3600.0, 7200.0], [[150.0, 150.0, 4.0], [180.0, 150.0, 40.0]], [85.0, 200.0, 310.0, 500.0]
    latitudes, hours = np.linspace(-90.0, 90.0, 7), np.arange(70) * 24.0 / 70
    together = log_densities(*grid, latitudes, hours)
    for threads in (1, 3, 10):
        monkeypatch.setattr(sim.environment.nrlmsise00, "THREADS", threads)
        assert np.array_equal(log_densities(*grid, latitudes, hours), together)
    backwards = log_densities(*(x[::-1] for x in grid), latitudes[::-1], hours[:64])
    assert np.array_equal(backwards[::-1, ::-1, ::-1], together[..., :64])
    alone = log_densities([101.0], [7200.0], [180.0, 150.0, 40.0], [310.0], [latitudes[2]], hours[5:6])
    # Beside other places it goes through registers, alone through none: fused products differ in the last bits.
    assert alone[0, 0, 0, 0] == pytest.approx(together[1, 2, 2, 5], abs=1e-12)


def test_at_the_poles_local_time_means_nothing():
    hours = np.arange(0.0, 24.0, 3.0)
    split = log_densities([80.0], [0.0], WEATHER, [120.0, 400.0], [-90.0, 90.0], hours, [np.zeros(8)])
    assert np.ptp(split, axis=3).max() < 1e-4  # the model's own degree of 1.74533e-2 misses the pole by 3e-6


def test_too_low_is_refused():
    with pytest.raises(ValueError, match=r"60 km.*72\.5 km"):
        log_densities([80.0], [0.0], WEATHER, [60.0, 400.0], [0.0], [12.0])


@pytest.mark.small
def test_the_spline_is_one():
    """Through its values, with its slopes at the ends and two continuous derivatives; and its integral is its own."""
    rng = np.random.default_rng(4)
    numbers, x, slopes = rng.normal(size=7), np.empty(5), np.empty((5, 7))
    radius = 6350.0
    knots(tables().nodes, radius, x, slopes)
    assert x[1] == pytest.approx(
        geopotential(110.0, tables().nodes[0], radius) / geopotential(72.5, tables().nodes[0], radius), rel=1e-14
    )

    def at(place):
        value, integral = np.empty(7), np.empty(7)
        spline_weights(x, slopes, place, value, integral)
        return value @ numbers, integral @ numbers

    assert [at(place)[0] for place in x] == pytest.approx(numbers[:5], rel=SPLINE_REL)
    d = 1e-4
    for place in x[1:4]:  # second derivatives from both sides
        left, right = ((at(place + 2 * s * d)[0] - 2 * at(place + s * d)[0] + at(place)[0]) / d**2 for s in (-1.0, 1.0))
        third = max(abs(np.diff(numbers[:5])).max() / np.diff(x).min() ** 3, 1.0) * 24.0
        assert left == pytest.approx(right, abs=2.0 * d * third)
    for end, slope, inward in ((0.0, numbers[5], 1.0), (1.0, numbers[6], -1.0)):
        assert inward * (at(end + inward * d)[0] - at(end)[0]) / d == pytest.approx(slope, abs=d * 1e3)
    nodes, weights = np.polynomial.legendre.leggauss(4)  # exact for the cubics of each piece
    total = 0.0
    for low, high in zip(x[:-1], x[1:], strict=True):
        half, middle = 0.5 * (high - low), 0.5 * (high + low)
        total += half * sum(w * at(middle + half * u)[0] for u, w in zip(nodes, weights, strict=True))
        assert at(high)[1] == pytest.approx(total, rel=SPLINE_REL, abs=SPLINE_REL)


@pytest.mark.small
def test_exponential_and_logarithm():
    rng = np.random.default_rng(8)
    with np.errstate(over="ignore"):  # whole numbers that wrap round are meant to
        for x in [0.0, 1.0, -1.0, *rng.uniform(-690.0, 690.0, 300)]:
            assert exp(x) == pytest.approx(math.exp(x), rel=ELEMENTARY_REL)
        for x in [1.0, math.sqrt(0.5), math.sqrt(2.0), *10.0 ** rng.uniform(-300.0, 300.0, 300)]:
            assert log(x) == pytest.approx(math.log(x), rel=ELEMENTARY_REL, abs=ELEMENTARY_REL)
