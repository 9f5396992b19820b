"""The filters of the close range: honest about their errors on arcs that they have not made, and against dense algebra.

Normalised error squared over independent runs is chi-squared; its mean over 200 runs must lie in the two-sided 95 %
band (Bar-Shalom, Li, Kirubarajan 2001, section 5.4.2). A group of states at a time is one of many such means: together
they are held to the band that 95 % of honest filters stay in, each at 95 % to the power of one over their number.
"""

import math
from functools import lru_cache

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import chi2

from kernels.attitude_filter import attitude_filter, begin_attitude, predict_attitude, update_attitude
from kernels.kalman import room, update
from kernels.navigation import NO_FIX, OK, begin, navigation
from kernels.relative_filter import predict_relative, relative_filter, update_gnss
from kernels.sensors import CAMERA, GNSS, LIDAR, RADAR, SENSORS, TRACKER
from kernels.sight import aim, turn_matrix
from sim.scenario import load
from sim.sensing import beliefs_of, sensors_of
from sim.streams import stream
from tests import tolerance
from tests.kernels.made_approach import arc, many

RUNS = 200
GROUPS = {name: slice(3 * i, 3 * i + 3) for i, name in enumerate(("p", "v", "theta", "omega", "bias"))}
AIM = aim([-15.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [4.9, 0.0, 0.0])


@lru_cache(maxsize=1)
def ship():
    model = load("shenzhou-20").ship_vehicles["shenzhou"]
    return sensors_of(model.sensors), beliefs_of(model.navigation)


@lru_cache(maxsize=8)
def flown(start, slope, periods, marks, runs=RUNS, **more):
    sensors, beliefs = ship()
    one = arc(start, slope, periods, station=beliefs.station, rate=beliefs.swing, **more)
    return many(one, sensors, beliefs, AIM, runs, marks, lambda run, name: stream(7, run, name))


def near():
    """From 200 m to 0.5 m from contact; the marks are periods of 0.5 s."""
    return flown(200.0, 1.0 / 400.0, 1170, (1, 20, 100, 300, 600, 900, 1100, 1165))


def far():
    """From 2 km, by 2.65 m/s at first, to 10 m."""
    return flown(2000.0, 1.0 / 800.0, 4450, (1, 20, 200, 1000, 2000, 3000, 4000, 4400))


def normalised(errors, covs):
    """Mean over the runs of e' P^-1 e, for every mark."""
    return np.einsum("rki,rki->rk", errors, np.linalg.solve(covs, errors[..., None])[..., 0]).mean(axis=0)


def band(states, runs=RUNS, share=0.95):
    return chi2.ppf([0.5 - 0.5 * share, 0.5 + 0.5 * share], runs * states) / runs


def inside(values, limits):
    return bool(np.all((limits[0] <= values) & (values <= limits[1])))


@pytest.mark.parametrize("flight", [near, far])
def test_errors_are_as_large_as_the_filter_says(flight):
    out = flight()
    whole = normalised(out.errors, out.covs)
    print(whole)
    assert inside(whole, band(15))


@pytest.mark.parametrize("flight", [near, far])
def test_errors_of_every_group_of_states_are_as_large_as_the_filter_says(flight):
    out = flight()
    found = np.array([normalised(out.errors[..., s], out.covs[..., s, s]) for s in GROUPS.values()])
    print(found)
    assert inside(found, band(3, share=0.95 ** (1.0 / found.size)))


@pytest.mark.parametrize("flight", [near, far])
def test_attitude_errors_are_as_large_as_the_filter_says(flight):
    out = flight()
    found = normalised(out.turns, out.turn_covs)
    print(found)
    assert inside(found, band(6))


@pytest.mark.parametrize("flight", [near, far])
def test_residuals_are_as_large_as_the_filter_says(flight):
    """Of every sensor that measured; residuals of an honest filter are white, so all of a sensor's count."""
    squares = flight().squares.sum(axis=0)
    numbers = {GNSS: 6, RADAR: 4, LIDAR: 4, CAMERA: 6, TRACKER: 3}
    for sensor, states in numbers.items():
        total, count = squares[sensor]
        if count:
            assert inside(total / count, band(states, runs=count)), sensor
    print(squares)
    assert (squares[[LIDAR, CAMERA, TRACKER], 1] > 0).all()
