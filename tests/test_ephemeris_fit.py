"""The ISS predicted from a day of its published ephemeris, beside NASA's own prediction (tests/data, NASA, public)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.environment.space_weather import Weather
from sim.environment.world import build_world
from sim.orbit.ephemeris_fit import fitted_ephemeris
from sim.orbit.propagate import fly
from sim.orbit.weather_forecast import known_weather, ordinal

CASES = json.loads((Path(__file__).parent / "data" / "iss_predictions.json").read_text(encoding="utf-8"))["cases"]
DAY = 86400.0
# Frame bias of EME2000 against GCRS (IERS Conventions 2010, 5.4.4), rad: 0.8 m at the station.
ALPHA, XI, ETA = (math.radians(x / 3.6e6) for x in (-14.6, -16.617, -6.8192))
BIAS = np.array([[1.0, -ALPHA, XI], [ALPHA, 1.0, ETA], [-XI, -ETA, 1.0]])


def mean_weather(zero, known, first, last):
    return Weather(*known.at(ordinal(zero) + np.linspace(first, last, 40) / DAY).mean(axis=0))


def miss_km(case):
    """Along the track at the next release, km, and the fit: nothing younger than the fitted day goes in."""
    zero = Epoch.from_utc(case["fit_arc"][0][0])
    times = np.array([Epoch.from_utc(row[0]).since(zero) for row in case["fit_arc"]])
    states = np.array([row[1:] for row in case["fit_arc"]]).reshape(-1, 2, 3) * 1000.0 @ BIAS
    later = Epoch.from_utc(case["later"][0]).since(zero)
    true = np.array(case["later"][1:]).reshape(2, 3) * 1000.0 @ BIAS
    known = known_weather(zero.plus(times[-1]), back=3.0, ahead=20.0)
    now, then = (mean_weather(zero, known, a, b) for a, b in ((0.0, times[-1]), (times[-1], later)))
    first = State(states[0, 0], states[0, 1], case["mass_kg"], 3000.0)
    burn = case["burn"]
    at = None
    if burn:
        year = Epoch.from_utc(f"{case['id'][:4]}-01-01T00:00:00Z")
        hours = sum(float(x) * scale for x, scale in zip(burn["utc"].split(":"), (3600.0, 60.0, 1.0), strict=True))
        at = year.since(zero) + (burn["day_of_year"] - 1) * DAY + hours
    fit = fitted_ephemeris(
        times, first, states[:, 0], build_world(zero, 0.0, times[-1] + 600.0, 40, True, True, now, 60.0), at
    )
    ahead = build_world(zero, 0.0, later + 600.0, 40, True, True, then, 60.0)
    r = np.ravel(fly(fit.state, times[-1], later + 60.0, ahead).at(later)[0])
    return float((r - true[0]) @ true[1] / np.linalg.norm(true[1]) / 1000.0), fit


@pytest.mark.parametrize("case", [CASES[0], CASES[2]], ids=lambda case: case["id"])
def test_the_iss_is_predicted_within_twice_the_error_of_nasas_own_prediction(case):
    """Four days ahead, 1 s of processor time each: 0.8 km (NASA 1.7), and 2.0 km (2.1) with a reboost in the fit."""
    error, fit = miss_km(case)
    assert abs(error) < 2.0 * case["nasa_error_km"]
    assert fit.rms < 50.0  # 6 m; 37 m with a burn whose middle is taken for its start


def test_the_reboost_within_the_fit_is_found():
    """Announced with 0.3 m/s, rounded to 0.1."""
    _, fit = miss_km(CASES[2])
    assert fit.burn == pytest.approx(CASES[2]["burn"]["dv_m_s"], abs=0.05)


def test_nine_days_ahead_the_error_is_that_of_the_weather():
    """15 km, five times NASA's 3.0 km: drag of 0.04 km a day wrong by 6 %. Twice of it would be a fault of the fit."""
    error, fit = miss_km(CASES[1])
    assert abs(error) < 30.0 and fit.rms < 20.0
