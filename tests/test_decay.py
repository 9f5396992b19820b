"""Decay of the station: forecasts on sets kept aside, intervals, raises, the stop of August 2026, storms, lifetime."""

import math

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from sim.catalogue.element_sets import element_set
from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.environment import space_weather
from sim.environment.space_weather import Weather
from sim.environment.world import build_world, sgp4_state
from sim.orbit import decay_lifetime
from sim.orbit.decay import LAW, RADIUS, Decay, share, usual
from sim.orbit.decay_arc import mean_set, wrapped
from sim.orbit.decay_check import CALM, drag_only, windows
from sim.orbit.decay_density import beta_cosine, decay_rates
from sim.orbit.decay_lifetime import FARTHEST, days_to, density_ratio
from sim.orbit.propagate import fly
from sim.orbit.raises import Steps, false_alarms, last_arc, raises
from sim.orbit.weather_forecast import KnownWeather, known_weather, measured_weather, ordinal
from sim.verification import decay as table

DAY = 86400.0
STILL = Weather(110.0, 110.0, 8.0)
ROWS = table.rows()  # 3.5 s of processor time, once for all


def row(sets, days):
    return next(r for r in ROWS if r.get("sets") == sets and r["days"] == days)


@pytest.fixture(scope="module")
def newest():
    sets, _ = table.station()
    return Decay.from_sets(last_arc(sets), ahead=30.0)


@pytest.mark.parametrize("days", table.LEADS)
def test_the_rms_along_the_track_is_below_that_of_sgp4_on_sets_kept_aside(days):
    for sets in (table.ALL, table.CLEAR):
        assert row(sets, days)["along_km"]["rms"] < row(sets, days)["sgp4_along_km"]["rms"]


@pytest.mark.parametrize("days", table.LEADS)
def test_the_median_is_below_that_of_sgp4(days):
    for sets in (table.ALL, table.CLEAR):
        assert row(sets, days)["along_km"]["median"] < row(sets, days)["sgp4_along_km"]["median"]


@pytest.mark.parametrize("days", table.LEADS)
def test_nine_of_ten_lie_in_their_intervals(days):
    """95 % are stated; the pairs are some 40 to 100 from about 30 first sets, so one in twenty is no sharp number."""
    assert row("kept aside", days)["covered"] >= 0.9


def test_what_is_missed_are_intervals_that_are_too_wide_and_nothing_else():
    """Exactly these: of 101 and 31 pairs all lie in their intervals, which start from few sets. Whoever mends one of
    them, or breaks another, changes this list."""
    missed = [s for s in table.shortfalls(ROWS) if s.startswith("kept aside, 14") or s.startswith("kept aside, 28")]
    assert len(missed) == 2 and all("100 % of" in s for s in missed)
    rest = [s for s in table.shortfalls(ROWS) if s not in missed]
    assert len(rest) == 4 and all(s.startswith("kept aside, no thrust") and "100 % of" in s for s in rest)
    assert not table.held(ROWS)
    said = list(table.lines(ROWS))
    assert sum(line.startswith("Missed: ") for line in said) == 6


def test_a_forecast_that_is_worse_than_sgp4_or_overconfident_is_named():
    worse = [dict(r) for r in ROWS]
    first = next(k for k, r in enumerate(worse) if r.get("sets") == table.ALL)
    worse[first] |= {"along_km": {"median": 9.0, "rms": 2.0}, "covered": 0.7}
    new = set(table.shortfalls(worse)) - set(table.shortfalls(ROWS))
    assert sorted(new) == [
        "kept aside, 1 days: 70 % of 43 pairs from 32 sets lie in their 95 % intervals; the aim is 90 to 98 %",
        f"kept aside, 1 days: median of 9.0 km, SGP4's is {ROWS[first]['sgp4_along_km']['median']:.1f} km",
    ]


def test_pairs_over_the_stop_are_told_apart():
    found, _ = table.pairs()
    over = [p for p in found if table.over_thrust(p)]
    assert all(p.judged and p.issued.utc(0) < "2026-08-13" and p.seen.utc(0) > "2026-08-10" for p in over)
    assert len(over) == sum(r["pairs"] for r in ROWS if r.get("sets") == table.OVER)


def test_the_weather_alone_in_the_storm_of_may_2024_and_in_the_year_of_the_solar_maximum():
    """A storm that nobody forecasts leaves the interval of usual weather: the table has to say so. Over 2024 seven of
    ten or more lie in it at each lead (14 forecasts; 11 were the fewest)."""
    rows = [r for r in ROWS if r["kind"] == "weather"]
    storm, most = ([r for r in rows if r["name"].startswith(name)] for name in ("storm", "solar"))
    assert [r["days"] for r in storm] == [r["days"] for r in most] == list(table.LEADS)
    assert all(r["rms_km"] > r["interval_km"] and r["covered"] == 0.0 for r in storm[:3])
    assert all(r["covered"] > 0.7 for r in most) and storm[1]["rms_km"] > 3.0 * most[1]["rms_km"]


def test_less_drag_is_usual_where_the_sun_stands_high_over_the_plane():
    """By hand: the Sun 60 deg off the plane leaves half of the arrays' share; and against the Sun of the ephemeris."""
    plane = table.station()[0][-1].plane
    times = np.arange(0.0, 60.0 * DAY, DAY)
    cosine = beta_cosine(plane, times)
    assert 0.4 < cosine.min() < 0.6 and cosine.max() > 0.999  # 41.5 + 23.4 deg at most
    k = int(np.argmin(abs(cosine - 0.5)))
    expected = LAW.area * (1.0 - LAW.arrays + LAW.arrays * cosine[k])
    assert math.exp(usual(LAW, plane, times)[k]) == pytest.approx(expected, rel=1e-12)
    world = build_world(plane.epoch, 0.0, 60.0 * DAY, 2, True, False, STILL, 60.0)
    sun = np.array([world.sun(t) / np.linalg.norm(world.sun(t)) for t in times])
    node = plane.node + plane.node_rate * times
    tilt = math.sin(plane.inclination)
    normal = np.column_stack([tilt * np.sin(node), -tilt * np.cos(node), np.full(60, math.cos(plane.inclination))])
    beta = np.arcsin(np.sum(normal * sun, axis=1))
    # The plane is of the equator of date, the Sun of 2000: 0.37 deg of precession by 2026.
    assert np.degrees(abs(np.arccos(cosine) - abs(beta))).max() < 0.5


def test_what_was_tuned_on_and_what_is_judged_do_not_share_a_set():
    found, _ = table.pairs()
    split = Epoch.from_utc(table.TUNED_UNTIL)
    assert all(p.issued >= split for p in found if p.judged)
    assert all(p.seen < split for p in found if not p.judged)


def test_weather_after_the_issue_changes_no_forecast(monkeypatch):
    """The measured table is spoilt from the day of issue on; the forecast has the same bytes."""
    known = [mean_set(element_set(name)) for name in ("css-2026-07-28", "css-2026-07-29", "css-2026-07-30")]
    at = [known[-1].epoch.plus(7.0 * DAY)]
    before = Decay.from_sets(known).forecast(at)
    real = space_weather.table()
    k = int(ordinal(known[-1].epoch)) - real.first.toordinal()
    f107, ap = real.f107.copy(), real.ap.copy()
    f107[k:], ap[k:] = 300.0, 200.0
    from dataclasses import replace

    monkeypatch.setattr(space_weather, "table", lambda: replace(real, f107=f107, ap=ap))
    after = Decay.from_sets(known).forecast(at)
    assert after.longitude[0] == before.longitude[0] and after.along_sigma[0] == before.along_sigma[0]
    f107[k - 3 :] = 300.0  # and what was known does change it
    assert Decay.from_sets(known).forecast(at).longitude[0] != before.longitude[0]


def test_the_regression_beats_persistence_in_years_it_has_not_seen():
    """F10.7 a week ahead, 2021 to 2025; the regression is of 1990 to 2020."""
    measured = space_weather.table()
    misses, held = [], []
    for day in range(0, 1700, 40):
        issued = Epoch.from_utc("2021-02-01T00:00:00Z").plus(day * DAY)
        weather = known_weather(issued, ahead=10.0)
        k = weather.issued + 6 - weather.first
        true = measured.f107[weather.issued + 6 - measured.first.toordinal()]
        misses.append(weather.f107[k] - true)
        held.append(weather.f107[k - 7] - true)
    assert np.std(misses) < 0.9 * np.std(held)


def test_the_sigma_along_the_track_grows_as_a_wrong_drag_makes_it():
    """Faster than t at first and about with t^2 within the days that the drag is remembered: between 1.5 and 2.2."""
    known = [mean_set(element_set(name)) for name in ("css-2026-07-28", "css-2026-07-29", "css-2026-07-30")]
    sigma = Decay.from_sets(known).forecast([known[-1].epoch.plus(d * DAY) for d in (4.0, 8.0, 16.0)]).along_sigma
    assert np.all((np.log2(sigma[1:] / sigma[:-1]) > 1.5) & (np.log2(sigma[1:] / sigma[:-1]) < 2.2))


def test_the_estimated_drag_fades_into_the_long_term_value(newest):
    first, last = newest.departure[newest.zero], newest.departure[-1]
    assert abs(last) < abs(first)
    assert newest.rate_sigma(newest.issued) < newest.rate_sigma(newest.issued.plus(25.0 * DAY))


def test_partials_are_those_of_differences(newest):
    """Drag of one instant and the axis, by differences of the path itself; the curvature is below a thousandth."""
    model, path, k = newest.model, newest.path, newest.zero + 20
    logs = newest.logs.copy()
    logs[k] += 1e-3
    moved = model.path(path.axis[newest.zero] - model.newest.axis, 0.0, logs)
    base = model.path(path.axis[newest.zero] - model.newest.axis, 0.0, newest.logs)
    assert moved.axis[-1] - base.axis[-1] == pytest.approx(1e-3 * base.d_axis[-1, 2 + k], rel=5e-3)
    assert moved.longitude[-1] - base.longitude[-1] == pytest.approx(1e-3 * base.d_longitude[-1, 2 + k], rel=2e-2)


def test_all_raises_of_the_record_are_found():
    found = next(r for r in ROWS if r["kind"] == "raises")
    assert found["of_the_record_found"] == found["of_the_record"] == 12
    assert found["false_alarms_per_year"] <= 1.0


def test_a_detector_that_is_too_eager_is_caught_by_the_simulation():
    """The false-alarm rate is measured, not zero by construction: with a third of the stated sigma it rises."""
    _, s = table.station()
    eager = Steps(s.days, s.change, s.drag, s.sigma / 3.0)
    assert false_alarms(eager, draws=50) > 0.5 > false_alarms(s, draws=50)


def test_a_raise_of_two_kilometres_is_found_between_two_sets_a_week_apart():
    one = mean_set(element_set("css-2026-06-16"))
    two = mean_set(element_set("css-2026-06-26"))
    assert raises([one, two]) == []
    from dataclasses import replace

    (found,) = raises([one, replace(two, axis=two.axis + 2000.0)])
    assert found.size == pytest.approx(2000.0, abs=3.0 * found.sigma) and found.dv == pytest.approx(1.1, abs=0.4)


def test_a_drag_only_fit_flags_the_days_in_which_the_decay_stops():
    stop = ROWS[-1]
    assert stop["stop"]["flagged"] and not stop["normal"]["flagged"]
    sets = [e for e in table.station()[0] if "2026-08-10" <= e.epoch.utc(0) < "2026-08-12T12"]
    assert drag_only(sets).flagged  # also these two days alone
    with pytest.raises(ValueError, match="3 element sets"):
        drag_only(sets[:3])


def test_no_calm_window_is_flagged_for_thrust():
    """Four days of sets to each last one: 11 windows of one week before July, on which `CALM` was taken, and 19 of two
    weeks after it. One drag for all days, the test before, flags two of those from 26 May, in which the drag grew."""
    w = ROWS[-1]["windows"]
    assert w["before_july"] == {"windows": 11, "flagged": 0} and w["calm_kept_aside"] == {"windows": 19, "flagged": 0}
    assert w["from_the_stop"]["flagged"] >= 5
    sets, _ = table.station()
    may = windows([e for e in sets if "2026-05-23" <= e.epoch.utc(0) < "2026-05-31"])
    found = [drag_only(some) for some in may]
    assert max(f.chi2 / f.freedom for f in found) == pytest.approx(CALM, abs=0.01)  # two digits
    single = [drag_only(some, LAW._replace(wander=0.0)) for some in may]
    assert sum(f.chi2 > 4.0 * f.freedom for f in single) == 2


def test_a_forecast_from_sets_after_a_thrust_carries_a_warning():
    sets, _ = table.station()

    def warned(day):
        return Decay.from_sets(last_arc([e for e in sets if e.epoch.utc(0) < day]), ahead=1.0).warning

    assert warned("2026-08-10") == warned("2026-06-01") == ""
    assert warned("2026-08-13").startswith("the element sets since 2026-08-09 do not fall as drag lets them: thrust")
    assert Decay.from_sets(sets[-3:], ahead=1.0).warning == ""  # too few to be tested


def test_the_air_answers_to_the_storm_of_may_2024_and_to_the_solar_maximum():
    """Storm: daily Ap of 271 on 11 May. Flux: 75 sfu in summer 2021, 220 in 2024."""
    plane = table.station()[0][-1].plane
    quiet, storm = ("2024-05-08T00:00:00Z", "2024-05-10T00:00:00Z"), ("2024-05-10T12:00:00Z", "2024-05-12T00:00:00Z")
    assert 1.4 < density_ratio(quiet, storm, plane, 385.0) < 3.0
    least, most = ("2021-06-01T00:00:00Z", "2021-09-01T00:00:00Z"), ("2024-07-01T00:00:00Z", "2024-10-01T00:00:00Z")
    assert 5.0 < density_ratio(least, most, plane, 385.0) < 15.0


def test_lifetimes_are_in_order_and_refuse_a_height_above(newest):
    soon, late = days_to(newest, 380.0), days_to(newest, 200.0)
    assert soon.low < soon.median < soon.high < FARTHEST and late.low < late.median < late.high
    assert soon.median < late.low
    with pytest.raises(ValueError, match="not above 400"):
        days_to(newest, 400.0)


def test_the_lifetime_to_a_near_height_is_what_the_forecast_says(newest):
    altitude = newest.forecast([newest.issued.plus(20.0 * DAY)]).axis[0] - RADIUS
    assert days_to(newest, altitude / 1000.0).median == pytest.approx(20.0, abs=0.6)


def test_the_lifetime_is_that_of_an_orbit_flown_in_the_full_model(monkeypatch):
    """A craft with sixty times the station's area falls to 200 km in days: integrated with gravity of degree 20, Sun,
    Moon and the same constant weather. The mean axis of the flown orbit is that of the osculating one over a
    revolution. They differ by 0.1 % (steps of 1 km against a scale height of 45).
    """
    one = table.station()[0][-1]
    law = LAW._replace(area=0.5, arrays=0.0, spread=0.0, wander=0.0)
    days = np.full(200, 1.0)
    constant = KnownWeather(int(ordinal(one.epoch)) - 20, 10**7, STILL.f107 * days, STILL.f107a * days, STILL.ap * days)
    monkeypatch.setattr(decay_lifetime, "known_weather", lambda *_, **__: constant)
    predicted = days_to(Decay.from_sets([one], ahead=1.0, law=law, weather=constant), 200.0).median
    world = build_world(one.epoch, 0.0, 20.0 * DAY, 20, True, True, STILL, 60.0)
    record = one.elements
    path = fly(State(*sgp4_state(record.line1, record.line2, one.epoch), 1000.0, 500.0), 0.0, predicted * DAY, world)
    axis = 1.0 / (2.0 / np.linalg.norm(path.r, axis=1) - np.sum(path.v**2, axis=1) / MU_EARTH)
    turn = 92  # nodes of a minute: a revolution
    mean = np.convolve(axis, np.full(turn, 1.0 / turn), "valid")
    when = path.t[: len(mean)] + 0.5 * turn * 60.0
    end = np.interp(-(RADIUS + 215e3), -mean, when) / DAY  # the last revolution has no mean of its own
    near = days_to(Decay.from_sets([one], ahead=1.0, law=law, weather=constant), 215.0).median
    assert 5.0 < end < predicted and near == pytest.approx(end, rel=0.01)


def test_decay_of_a_circle_by_hand():
    """One height, no field: the mean over 48 arguments is near the rate with the mean density, and falls by height."""
    plane = table.station()[0][-1].plane._replace(eccentricity=0.0)
    day = ordinal(plane.epoch)
    weather = measured_weather(day - 2.0, day + 2.0).at(np.array([day]))
    low, high = decay_rates(plane, [0.0], weather, [RADIUS + 350e3, RADIUS + 400e3])[0]
    assert low < high < 0.0 and 1.5 < low / high < 4.0  # scale height of 40 to 60 km


def test_a_whole_turn_of_the_node_does_not_move_the_longitude():
    one, two = (mean_set(element_set(name)) for name in ("css-2026-05-30", "css-2026-06-13"))
    expected = one.longitude + one.rate(0.5 * (one.axis + two.axis)) * two.epoch.since(one.epoch)
    assert abs(wrapped(two.sgp4_longitude(0.0, one.plane) - expected)) * two.axis < 1e6


def test_the_share_of_an_average_falls_with_its_days():
    assert share(LAW, 0.01) == pytest.approx(math.hypot(LAW.spread, LAW.wander), rel=1e-2)
    assert share(LAW, 1000.0) == pytest.approx(LAW.spread, rel=0.05)
