"""Error bars of a flight: what an interval from few flights holds of all of them, and what stands beside it."""

from types import SimpleNamespace

import numpy as np
import pytest

from benches.intervals import shares
from sim.campaign.forecast import SHARE, Forecast, RealFlight, interval, share_sigma
from sim.core.epoch import Epoch
from sim.report.forecasts import QUANTITIES, forecasts
from sim.verification.flights import usual_duration


def held(law, share_below, flights, samples, seed):
    """Shares of all flights of a law that intervals from so many hold, (samples,)."""
    rng = np.random.default_rng(seed)
    ends = np.array([interval(law(rng.random(flights)))[1:] for _ in range(samples)])
    return share_below(ends[:, 1]) - share_below(ends[:, 0])


@pytest.mark.parametrize("flights", [39, 79, 119])
@pytest.mark.parametrize("law", ["even", "skewed"])
def test_an_interval_holds_its_share_whatever_the_law(flights, law):
    """Its mean over many samples, and its scatter. At these numbers the ends are flights themselves."""
    of_law, below = {
        "even": (lambda u: u, lambda x: x),
        "skewed": (lambda u: np.exp(-1.5 * np.log1p(-u)), lambda x: 1.0 - x ** (-1.0 / 1.5)),
    }[law]
    samples, sigma = 1500, share_sigma(flights)
    found = held(of_law, below, flights, samples, seed=flights)
    assert found.mean() == pytest.approx(SHARE, abs=4.0 * sigma / np.sqrt(samples))
    assert found.std() == pytest.approx(sigma, rel=0.15)


def test_between_two_flights_the_ends_are_in_proportion():
    """Of 100 even flights: the 2.525-th from below and from above, and the middle."""
    assert interval(np.arange(1.0, 101.0)) == pytest.approx((50.5, 2.525, 98.475))


def test_a_real_flight_rests_on_what_had_docked_before():
    before = usual_duration("3.5h", Epoch.from_utc("2026-05-01T00:00:00Z"))
    assert before.basis == "calibrated: sz_21, sz_22"
    first = usual_duration("3.5h", Epoch.from_utc("2025-10-31T16:00:00Z"))  # Shenzhou-21 has left, and not docked
    assert first.basis.startswith("uncalibrated") and first.half_width > before.half_width
    assert usual_duration("of my own", Epoch.from_utc("2026-05-01T00:00:00Z")) is None


@pytest.mark.parametrize("real", [None, RealFlight(13000.0, 200.0, "calibrated: sz_21")])
def test_the_report_keeps_the_campaign_and_the_real_flight_apart(real):
    made = {name: (10.0, 5.0, 20.0) for name in QUANTITIES}
    content = Forecast(400, 1, 7, made, {"docked_met_s": 12.0}, real).content()
    assert content["share_sigma"] == pytest.approx(0.0109, abs=1e-4)
    data = SimpleNamespace(record={"forecast": content}, zero=Epoch.from_utc("2026-11-04T00:00:00Z"))
    text = forecasts(data)  # type: ignore[arg-type]  # all that it reads of PlotData
    assert "known to 1.1 % (one sigma)" in text
    assert ("hard mate of a real flight" in text and "13200" in text and "calibrated: sz_21" in text) == bool(real)
    assert ("is not in it" in text) == (real is None)


def test_what_a_flight_was_made_to_match_is_called_no_forecast():
    """Of a flight that is flown again; the propellant of the same table stays a forecast."""
    made = {name: (10.0, 5.0, 20.0) for name in QUANTITIES} | {"liftoff_s": (10.0, 10.0, 10.0)}
    record = {"docked": {"basis": "calibrated"}, "undocking": {"basis": "input"}, "touchdown": {"basis": "forecast"}}
    content = Forecast(400, 1, 7, made, {}).content()
    data = SimpleNamespace(record={"forecast": content, "record": record}, zero=Epoch.from_utc("2025-10-31T00:00:00Z"))
    text = forecasts(data)  # type: ignore[arg-type]  # all that it reads of PlotData
    clock = '(<span class="zone">UTC</span>)'
    assert f"lift-off {clock}, an input" in text and f"undocking {clock}, from an input" in text
    assert "hard mate, s after lift-off, calibrated" in text and "contact, s after lift-off, calibrated" in text
    for plain in (f"touchdown {clock}", "propellant of the ship when docked, kg"):
        assert f">{plain}<" in text


def test_flights_in_an_interval_are_counted():
    forecast = {"quantities": {"miss_km": {"low": 1.0, "high": 2.0}}}
    rows = [{"status": "flown", "miss_km": x} for x in ("0.9", "1.0", "1.5", "2.1")] + [{"status": "failed"}]
    assert shares(forecast, rows) == {"miss_km": 0.5}
