"""The packaged space weather against published values, its own definition and pymsis; and what the air makes of it."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta

import numpy as np
import pymsis
import pytest

from kernels.atmosphere.air import table_density
from sim.build.orbit import load_orbit
from sim.core.epoch import Epoch
from sim.environment import space_weather
from sim.environment.density_table import msis_table, weather_table
from sim.environment.space_weather import Weather, weather_at, weather_of
from sim.files import paths
from sim.output.orbit import fly_and_write
from sim.scenario import ScenarioError
from tests.tolerance import AIR_STORM_MAX_REL, AIR_STORM_RMS_REL, AIR_WEATHER_MAX_REL, AIR_WEATHER_RMS_REL

DAY = 86400.0
FILE = """
schema = 1
kind = "orbit"
name = "in the weather"
[epoch]
utc = "2026-10-13T06:00:00"
[state]
position_m = [6765000.0, 0.0, 0.0]
velocity_m_s = [0.0, 5740.0, 5060.0]
[span]
duration_s = 86400.0
step_s = 3600.0
[spacecraft]
mass_kg = 90000.0
drag_area_m2 = 300.0
[gravity]
field = "j2"
[atmosphere]
model = "nrlmsise00"
"""


def rows():
    """The file itself: day, F10.7, its mean, Ap (or None), kind."""
    with (paths.ROOT / space_weather.FILE).open(encoding="utf-8") as file:
        found = [line.strip().split(",") for line in file if line[0].isdigit()]
    return [(date.fromisoformat(d), float(f), float(m), float(ap) if ap else None, kind) for d, f, m, ap, kind in found]


def noon(day: date) -> Epoch:
    return Epoch.from_utc(f"{day}T12:00:00Z")


# ---- the table


def test_days_follow_each_other_and_then_the_months():
    days, kinds = [row[0] for row in rows()], "".join(row[4] for row in rows())
    assert kinds == "o" * kinds.count("o") + "p" * kinds.count("p") + "m" * kinds.count("m")
    daily = days[: kinds.index("m")]
    assert [(b - a).days for a, b in zip(daily, daily[1:], strict=False)] == [1] * (len(daily) - 1)
    assert all(day.day == 1 for day in days[len(daily) :])
    reported = space_weather.table()
    assert (reported.first, reported.last) == (days[0], days[-1])
    assert (reported.observed, reported.predicted) == (days[kinds.count("o") - 1], daily[-1])


def test_the_mean_is_that_of_81_days_centred_on_the_day():
    """Recomputed from the daily column, predictions among them; rounded to 0.1 as published."""
    daily = [row for row in rows() if row[4] != "m"]
    flux, mean = (np.array([row[k] for row in daily]) for k in (1, 2))
    assert np.abs(np.convolve(flux, np.full(81, 1.0 / 81.0), "valid") - mean[40:-40]).max() < 0.05 + 1e-9


@pytest.mark.parametrize(
    ("day", "ap"), [("2003-10-29", 204), ("2003-10-30", 191), ("2003-11-20", 150), ("2024-05-11", 271)]
)
def test_ap_of_known_storms(day, ap):
    """GFZ Potsdam's Ap of the Halloween storms of 2003 and of May 2024."""
    assert weather_of(date.fromisoformat(day)).ap == ap


# ---- what the model is given


def test_the_flux_is_that_of_the_day_before():
    """Picone et al. 2002: F10.7 of the previous day, its mean and Ap of the day itself."""
    by_day = {row[0]: row for row in rows()}
    for day in (date(2003, 10, 29), date(2020, 2, 29), date(2026, 10, 15)):
        before, own = by_day[day - timedelta(days=1)], by_day[day]
        assert weather_of(day) == weather_at(noon(day)) == Weather(before[1], own[2], own[3])


def test_between_two_noons_it_is_a_line():
    a, b = weather_of(date(2024, 5, 10)), weather_of(date(2024, 5, 11))
    for hours in (1.0, 12.0, 23.0):
        share, reported = hours / 24.0, weather_at(noon(date(2024, 5, 10)).plus(hours * 3600.0))
        for key in ("f107", "f107a", "ap"):
            expected = (1.0 - share) * getattr(a, key) + share * getattr(b, key)
            assert getattr(reported, key) == pytest.approx(expected, rel=1e-12)


def test_a_flare_is_no_flux_of_the_disc():
    """7 March 2011, 20 h UTC: an M3.7 flare; 938.6 sfu between days of 142 and 167."""
    by_day = {row[0]: row[1] for row in rows()}
    assert by_day[date(2011, 3, 7)] == 938.6
    neighbours = by_day[date(2011, 3, 6)], by_day[date(2011, 3, 8)]
    assert weather_of(date(2011, 3, 8)).f107 == pytest.approx(np.mean(neighbours), rel=1e-12)


def test_months_are_joined_by_lines_and_kinds_are_reported():
    by_day = {row[0]: row for row in rows()}
    first, second = by_day[date(2030, 4, 1)], by_day[date(2030, 5, 1)]
    middle = weather_of(date(2030, 4, 16))
    assert middle.f107a == pytest.approx(0.5 * (first[2] + second[2]), rel=1e-12)
    assert middle.f107 == pytest.approx(first[1] + 14.0 / 30.0 * (second[1] - first[1]), rel=1e-12)
    assert middle.ap == pytest.approx(np.mean([row[3] for row in rows() if row[4] == "o"]), rel=1e-12)
    kinds = [space_weather.kind_at(noon(day)) for day in (date(2026, 10, 15), date(2026, 10, 16), date(2026, 11, 30))]
    assert kinds == ["observed", "predicted", "monthly"]


@pytest.mark.parametrize("day", ["1990-01-01", "2041-10-02"])
def test_outside_of_the_table_it_says_so(day):
    with pytest.raises(ValueError, match=f"no space weather for {day}.*1990-01-02 to 2041-10-01; give f107, f107a and"):
        weather_at(noon(date.fromisoformat(day)))


# ---- the air


def wrong(first: str, days: float, count: int = 600) -> np.ndarray:
    """ln(table/pymsis) at random places where a station flies, with the weather of each moment."""
    zero, rng = Epoch.from_utc(first), np.random.default_rng(5)
    air, found = weather_table(zero, 0.0, days * DAY, (340.0, 460.0)), []
    for _ in range(count):
        t, height = rng.uniform(0.0, days * DAY), rng.uniform(345e3, 455e3)
        latitude, local = rng.uniform(-42.0, 42.0), rng.uniform(0.0, 24.0)
        moment, hours = zero.plus(t), zero.plus(t).jd_utc()[1] * 24.0
        weather = weather_at(moment)
        direct = pymsis.calculate(
            np.array([np.datetime64(moment.utc(6)[:-1], "ns")]),
            [(local - hours) * 15.0 % 360.0],
            [latitude],
            [height / 1e3],
            [weather.f107],
            [weather.f107a],
            [[weather.ap] * 7],
            version=0,
        ).ravel()[0]
        reported = table_density(t, height, math.radians(latitude), local / 24.0 * 2.0 * math.pi, air)
        found.append(math.log(reported / direct))
    return np.array(found)


@pytest.mark.parametrize(
    ("first", "rms", "worst"),
    [
        ("2026-06-05T00:00:00Z", AIR_WEATHER_RMS_REL, AIR_WEATHER_MAX_REL),
        ("2024-05-04T00:00:00Z", AIR_STORM_RMS_REL, AIR_STORM_MAX_REL),
    ],
)
def test_the_air_follows_fifteen_days_of_weather(first, rms, worst):
    """Reached: 0.23 % rms and 1.3 % at the worst; 0.6 and 3.0 % with the greatest storm in twenty years in the middle,
    where the density itself moves by a factor of four."""
    off = wrong(first, 15.0)
    assert math.sqrt(np.mean(off**2)) < rms
    assert np.abs(off).max() < worst


def test_on_its_own_day_the_change_is_only_the_weathers(monkeypatch):
    """With the same weather at all times the followed table is the table of the day, and the day after differs by the
    season alone."""
    still, zero, shell = Weather(130.0, 130.0, 8.0), Epoch.from_utc("2026-06-05"), (380.0, 400.0)
    monkeypatch.setattr("sim.environment.density_table.weather_at", lambda epoch: still)
    followed, fixed = weather_table(zero, 0.0, DAY - 1.0, shell), msis_table(zero, 0.5 * DAY, still, shell)
    for t, local in ((0.0, 0.0), (40000.0, 3.0), (75600.0, 5.5)):
        place = (t, 3.9e5, 0.5, local)
        assert table_density(*place, followed) == pytest.approx(table_density(*place, fixed), rel=1e-12)


# ---- orbit files


def orbit_file(folder, text=FILE):
    path = folder / "orbit.toml"
    path.write_text(text, "utf-8")
    return path


def test_weather_is_given_whole_or_taken_from_the_table(tmp_path):
    path = orbit_file(tmp_path)
    assert load_orbit(path).orbit.atmosphere.packaged_weather
    given = load_orbit(path, ["atmosphere.f107=120", "atmosphere.f107a=110", "atmosphere.ap=9"]).orbit.atmosphere
    assert not given.packaged_weather and (given.f107, given.f107a, given.ap) == (120.0, 110.0, 9.0)
    with pytest.raises(ScenarioError) as reported:
        load_orbit(path, ["atmosphere.f107=120"])
    lines = [str(problem) for problem in reported.value.problems]
    assert len(lines) == 2 and all("none of f107, f107a, ap" in line for line in lines)
    assert "atmosphere.f107a: found nothing" in lines[0] and "atmosphere.ap: found nothing" in lines[1]


@pytest.mark.parametrize("utc", ["1989-12-31T00:00:00", "2041-10-01T12:00:00"])
def test_a_span_outside_of_the_table_is_refused(tmp_path, utc):
    with pytest.raises(ScenarioError, match="atmosphere.model.*1990-01-02.*give f107, f107a and ap"):
        load_orbit(orbit_file(tmp_path), [f"epoch.utc={utc}", "orientation.ut1_utc_s=0"])


def test_predicted_weather_is_warned_of(tmp_path):
    path = orbit_file(tmp_path)
    assert load_orbit(path).warnings == ()  # to 14 October; observed to the 15th
    (warning,) = load_orbit(path, ["span.duration_s=864000"]).warnings
    assert "table of 2026-10-16" in warning and "after 2026-10-15 it is predicted day by day" in warning
    (warning,) = load_orbit(path, ["span.duration_s=8640000"]).warnings
    assert "after 2026-11-29 month by month, with a mean Ap of 11" in warning


def test_the_manifest_names_the_weather_and_the_orbit_feels_it(tmp_path):
    """The decay of a day lies between those in its calmest and its wildest hour's weather held still."""
    path, epoch = orbit_file(tmp_path), "epoch.utc=2026-10-10T06:00:00"

    def flown(name, *sets):
        (tmp_path / name).mkdir()
        scenario = load_orbit(path, [epoch, *sets])
        reported = fly_and_write(scenario, tmp_path / name, lambda *_: None, 0.0)
        r, v, _ = (x[0] for x in reported.flown.trajectory.at(DAY))
        manifest = json.loads((tmp_path / name / "manifest.json").read_text("utf-8"))
        return v @ v / 2.0 - 3.986004415e14 / np.linalg.norm(r), manifest["space_weather"]

    energy, weather = flown("table")
    days = {date(2026, 10, d): weather_of(date(2026, 10, d)) for d in (9, 10, 11)}
    assert weather["source"] == "the packaged table of 2026-10-16" and weather["end_rests_on"] == "observed"
    assert weather["days"]["2026-10-10"] == {"f107": days[date(2026, 10, 10)].f107, "f107a": 108.6, "ap": 52.0}
    assert set(map(str, days)) <= set(weather["days"])
    bounds = []
    for name, pick in (("calm", min), ("wild", max)):
        still = {key: pick(getattr(w, key) for w in days.values()) for key in ("f107", "f107a", "ap")}
        energy_still, reported = flown(name, *(f"atmosphere.{key}={value}" for key, value in still.items()))
        assert reported == {"source": "as given"} | still
        bounds.append(energy_still)
    assert bounds[1] < energy < bounds[0]
