"""The ISS predicted from a day of its published ephemeris, beside NASA's own prediction (tests/data, NASA, public)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.environment.world import build_world
from sim.orbit.ephemeris_burns import ephemeris_burns
from sim.orbit.ephemeris_fit import NASA_DEGREE, drag_weather, fitted_ephemeris
from sim.orbit.propagate import fly
from sim.orbit.weather_forecast import known_weather

CASES = json.loads((Path(__file__).parent / "data" / "iss_predictions.json").read_text(encoding="utf-8"))["cases"]
# Frame bias of EME2000 against GCRS (IERS Conventions 2010, 5.4.4), rad: 0.8 m at the station.
ALPHA, XI, ETA = (math.radians(x / 3.6e6) for x in (-14.6, -16.617, -6.8192))
BIAS = np.array([[1.0, -ALPHA, XI], [ALPHA, 1.0, ETA], [-XI, -ETA, 1.0]])


def miss_km(case, degree=NASA_DEGREE):
    """Along the track at the next release, km, and the fit: nothing younger than the fitted day goes in."""
    zero = Epoch.from_utc(case["fit_arc"][0][0])
    times = np.array([Epoch.from_utc(row[0]).since(zero) for row in case["fit_arc"]])
    states = np.array([row[1:] for row in case["fit_arc"]]).reshape(-1, 2, 3) * 1000.0 @ BIAS
    later = Epoch.from_utc(case["later"][0]).since(zero)
    true = np.array(case["later"][1:]).reshape(2, 3) * 1000.0 @ BIAS
    known = known_weather(zero.plus(times[-1]), back=3.0, ahead=20.0)

    def world(first, last):
        return build_world(zero, 0.0, last + 600.0, degree, True, True, drag_weather(known, zero, first, last), 60.0)

    day, ahead = world(0.0, times[-1]), world(times[-1], later)
    burns = ephemeris_burns(times, states[:, 0], states[:, 1], day)
    first = State(states[0, 0], states[0, 1], case["mass_kg"], 3000.0)
    fit = fitted_ephemeris(times, first, states[:, 0], day, burns[0].middle if burns else None)
    r = np.ravel(fly(fit.state, times[-1], later + 60.0, ahead).at(later)[0])
    return float((r - true[0]) @ true[1] / np.linalg.norm(true[1]) / 1000.0), fit


@pytest.mark.parametrize("case", [CASES[0], CASES[2]], ids=lambda case: case["id"])
def test_the_iss_is_predicted_within_twice_the_error_of_nasas_own_prediction(case):
    """Four days ahead, 1 s of processor time each: 2.2 km (NASA 1.7), and 0.5 km (2.1) with a reboost in the fit."""
    error, fit = miss_km(case)
    assert abs(error) < 2.0 * case["nasa_error_km"]
    assert fit.rms < 3.0  # 1.2 m


def test_the_reboost_within_the_fit_is_found():
    """Announced with 0.3 m/s, rounded to 0.1; the time is that which the states themselves show."""
    _, fit = miss_km(CASES[2])
    assert fit.burn[0] == pytest.approx(CASES[2]["burn"]["dv_m_s"], abs=0.05)
    assert np.linalg.norm(fit.burn[1:]) < 0.05  # 0.035 m/s beside the velocity: without it the fit leaves 14 m


def test_nasas_ephemeris_moves_in_a_field_of_degree_36():
    """Neighbouring degrees leave five times as much, in the fit of a day: 1.2 m against 5.8."""
    _, fit = miss_km(CASES[0], NASA_DEGREE + 4)
    assert fit.rms > 4.0


def test_nine_days_ahead_the_drag_of_one_day_does_not_hold():
    """11 km, 3.6 times NASA's 3.0 km: the air of the nine days was 17 % thinner against the model than on the fitted
    day, which the measured weather does not explain either (docs/decisions/station-decay.md). Twice is a fault."""
    error, fit = miss_km(CASES[1])
    assert abs(error) < 20.0 and fit.rms < 3.0
