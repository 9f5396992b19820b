"""The wind over a landing site: its file, its forecast and the truth, and where the parachutes have to open in it."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from kernels.entry.parachutes import TOUCHDOWN, descend, descent_log
from kernels.orbit.forces import scratch
from sim.build.sites import site_of
from sim.build.vehicles import ship_of
from sim.build.winds import climate
from sim.core.ground_site import Site
from sim.core.landing import Grounded
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import ReturnFaults
from sim.environment.winds import FINE, LandingWind, blowing, wind_at
from sim.environment.world import World
from sim.files.paths import WINDS
from sim.files.text import read
from sim.phases.descent import ground_distance
from sim.reentry.heights import altimeter_error, barometer_error
from sim.reentry.parachute_drift import drift, opening_place
from sim.scenario import file_checks
from sim.scenario.load import load_named
from sim.scenario.named_files import checked
from sim.scenario.wind_file import WindFile
from tests.tolerance import OPENING_PLACE_M

FILE = read(WINDS / "gobi.toml", WINDS)
GOBI = WindFile.model_validate(FILE.raw)
SHIP = ship_of(load_named("shenzhou", "ship"))
SITE = site_of(load_named("dongfeng", "site"))


@pytest.fixture(scope="module")
def windy(world):
    """The world of the tests with the wind of April over Dongfeng."""
    wind, spread = climate(GOBI, 4)
    return replace(world, wind=wind, wind_spread=spread)


def problems(change):
    """What is found in the shipped file with something changed."""
    raw = {**FILE.raw, "seasons": [dict(season) for season in FILE.raw["seasons"]]}
    change(raw)
    _, _, found = checked(replace(FILE, raw=raw), WindFile, "wind", file_checks.BY_KIND["wind"])
    return [f"{problem.key}: {problem.found}; {problem.allowed}" for _, problem in found]


@pytest.mark.small
def test_every_month_has_its_season():
    assert problems(lambda raw: None) == []
    assert GOBI.season(1).months == (12, 1, 2) and GOBI.season(7) is GOBI.seasons[2]
    for month in range(1, 13):
        wind, spread = climate(GOBI, month)
        assert np.all(np.diff(wind[:, 0]) > 0.0) and len(spread) == len(wind)
        assert 3.0 < np.hypot(*wind_at(wind, 5e3)) < 30.0  # westerlies at all seasons
    assert wind_at(climate(GOBI, 7)[0], 50e3)[0] < 0.0 < wind_at(climate(GOBI, 1)[0], 50e3)[0]


@pytest.mark.small
def test_a_wind_file_says_what_is_wrong_with_it():
    def months(raw):
        raw["seasons"][1]["months"] = [3, 4, 12]

    def rows(raw):
        raw["seasons"][0]["east_m_s"] = [1.0, 2.0]

    def heights(raw):
        raw["seasons"][0]["height_km"] = [3.0, 1.5, *raw["seasons"][0]["height_km"][2:]]

    assert problems(months) == [
        "seasons.1.months: month 12, which seasons.0 has too; each month in one season",
        "seasons: no season of month 5; every month from 1 to 12 in one of the seasons",
    ]
    assert problems(rows) == ["seasons.0.east_m_s: 2 values; 16, one for each height_km"]
    assert problems(heights) == ["seasons.0.height_km.1: 1.5 after 3.0; values that increase"]


def test_truth_errs_from_its_forecast_as_the_law_says(windy):
    """Of 400 flights: mean and sigma of the error at three heights, and its likeness over 2 km: 1/e; the weather about
    the climate likewise; the forecast is what planners have."""
    law = LandingWind(np.array([1e3, 2.5e3, 30e3]), np.array([2.0, 4.0, 4.0]), 2000.0, 4000.0)
    worlds = [law.drawn(windy, RandomDraws(5, run)) for run in range(400)]
    heights = worlds[0].wind[:, 0]
    error = np.array([w.wind[:, 1:] - w.known().wind[:, 1:] for w in worlds])
    weather = np.array([w.known().wind[:, 1:] for w in worlds])
    low, middle, top = (int(np.argmin(np.abs(heights - h))) for h in (1e3, 6e3, 8e3))
    assert heights[top] - heights[middle] == 2000.0 and np.diff(heights)[:58].max() <= FINE
    for i, sigma in ((low, 2.0), (middle, 4.0), (top, 4.0)):
        assert np.std(error[:, i]) == pytest.approx(sigma, rel=0.1)
        assert np.abs(error[:, i].mean(axis=0)).max() < 4.0 * sigma / 20.0
    likeness = np.mean(error[:, middle] * error[:, top]) / 16.0
    assert likeness == pytest.approx(math.exp(-1.0), abs=0.1)
    assert np.std(weather[:, middle, 0]) == pytest.approx(np.interp(6e3, windy.wind[:, 0], windy.wind_spread), rel=0.12)
    assert np.mean(weather[:, middle, 0]) == pytest.approx(wind_at(windy.wind, 6e3)[0], abs=2.0)
    again = law.drawn(windy, RandomDraws(5, 7))
    assert np.array_equal(again.wind, worlds[7].wind)


def test_without_weather_the_forecast_is_the_climate(windy, world):
    law = LandingWind(np.array([0.0, 30e3]), np.array([4.0, 4.0]), 2000.0)
    drawn = law.drawn(windy, RandomDraws(1))
    assert [wind_at(drawn.known().wind, h) for h in (2e3, 9e3)] == [wind_at(windy.wind, h) for h in (2e3, 9e3)]
    assert not np.array_equal(drawn.wind, drawn.known().wind)
    assert law.drawn(world, RandomDraws(1)) is world  # nothing is known of a wind there


@pytest.mark.small
def test_a_jet_stream_blows_in_truth_alone(windy):
    faults = ReturnFaults(jet_stream=(60.0, 0.0))
    jet = blowing(windy, faults)
    east, north = (np.array(wind_at(jet, h)) - wind_at(windy.wind, h) for h in (11.5e3, 1e3))
    assert east == pytest.approx([60.0, 0.0], abs=1e-9)
    assert np.hypot(*north) < 0.02  # at the ground nothing is left of it
    assert blowing(windy, ReturnFaults()) is windy.wind
    assert np.array_equal(windy.known().wind, windy.wind)


def falling(site: Site, height: float, speed: float, world: World) -> tuple[np.ndarray, np.ndarray]:
    """GCRS position and velocity of what falls through the air over `site` at `height` m and `speed` m/s, straight down
    in the wind there, at the start of the world's tables."""
    r, v = world.site_eci(replace(site, height=height), world.start)
    up = r / np.linalg.norm(r)
    east = np.cross(world.true_of_date(world.start)[2], up)
    east /= np.linalg.norm(east)
    toward = wind_at(world.wind, height)
    return r, v - speed * up + toward[0] * east + toward[1] * np.cross(up, east)


def lands(world, place):
    """How far from the site (m) a capsule touches down that opens over a place, and the speed of the descent's code."""
    r, v = falling(place, SHIP.opening_altitude, 170.0, world)
    y, log, forces = np.concatenate([r, v]), descent_log(0), world.forces._replace(drag=0)
    descend(world.start, y, SHIP.return_module, SHIP.chutes, forces, world.wind, SITE.height, scratch(), log)
    latitude, longitude, _ = world.geodetic([log.marks[TOUCHDOWN, 0]], [y[:3]])
    return 1e3 * ground_distance(float(latitude[0]), float(longitude[0]), SITE)


@pytest.mark.parametrize("strength", [1.0, 3.0])
def test_a_capsule_opened_over_the_opening_place_comes_down_at_the_site(windy, strength):
    """Within 100 m, in the wind of the climate and in one of three times its speed; opened over the site it does
    not."""
    strong = replace(windy, wind=windy.wind * [1.0, strength, strength])
    place = opening_place(SHIP, SITE, strong.known())
    assert place.height == SITE.height
    assert lands(strong, place) < OPENING_PLACE_M
    assert lands(strong, SITE) > 5e3 * strength


def test_the_opening_place_lies_upwind_by_wind_over_speed(windy):
    """Against the integral of the wind over the time at each height: sqrt(2mg / (rho CdA)) down from 7.45 km, 3 %."""
    from kernels.atmosphere.us76 import us76

    east, north = drift(SHIP, SITE, windy)
    heights = np.arange(1e3, 7.45e3, 50.0)
    mass = np.where(heights > 6e3, SHIP.return_module, SHIP.return_module - SHIP.chutes.shield_mass)
    rho = np.array([us76(h)[0] for h in heights])
    speed = np.sqrt(2.0 * 9.79 * mass / (rho * (SHIP.chutes.main_cda + SHIP.chutes.body_cda)))
    along = [50.0 * np.sum(np.array([wind_at(windy.wind, h)[axis] for h in heights]) / speed) for axis in (0, 1)]
    above = 31.0 * np.array(wind_at(windy.wind, 8.5e3))  # 31 s from 10 km to the full canopy
    assert [east, north] == pytest.approx(list(along + above), rel=0.03)


@pytest.mark.small
def test_where_no_wind_is_known_the_parachutes_open_over_the_site(world):
    assert opening_place(SHIP, SITE, world.known()) is SITE


def test_the_opening_place_costs_a_tenth_of_a_millisecond(windy):
    known = windy.known()
    opening_place(SHIP, SITE, known)
    best = math.inf
    for _ in range(5):
        begin = time.process_time()
        opening_place(SHIP, SITE, known)
        best = min(best, time.process_time() - begin)
    assert best < 0.002  # 0.1 ms on a machine that is idle


# ---- what is read, and the capsule on the ground


def test_barometer_and_altimeter_err_as_their_file_says(world):
    """Of 300 flights; and air of 5 % more pressure puts every height 0.34 km too low."""
    draws = [RandomDraws(3, run) for run in range(300)]
    assert np.std([barometer_error(SHIP, world, d) for d in draws]) == pytest.approx(SHIP.landing.barometer, rel=0.12)
    assert np.std([altimeter_error(SHIP, d) for d in draws]) == pytest.approx(SHIP.landing.altimeter, rel=0.12)
    thick = replace(world, forces=world.forces._replace(air=world.forces.air._replace(factor=1.05)))
    lower = barometer_error(SHIP, thick, draws[0]) - barometer_error(SHIP, world, draws[0])
    assert lower == pytest.approx(-6.52e3 * math.log(1.05), rel=0.01)  # R T / g of 223 K


@pytest.mark.small
def test_a_capsule_tips_over_from_some_speed_on():
    """A box of no width tips at once, a broad one late; ground that falls in the way it moves makes it easier."""
    flat = Grounded(base=1.25, height=0.9, gyration=0.75, stroke=0.25)
    edge = math.hypot(1.25, 0.9)
    # m v h about the edge, then (k^2 + d^2) w^2 / 2 = g (d - h)
    spin = math.sqrt(2.0 * 9.80665 * (edge - 0.9) / (0.75**2 + edge**2))
    assert flat.tipping_speed(0.0) == pytest.approx((0.75**2 + edge**2) * spin / 0.9)
    assert flat.tipping_speed(math.radians(5.0)) < flat.tipping_speed(0.0)
    assert flat.tipping_speed(math.pi / 2.0 - math.atan2(0.9, 1.25)) < 1e-3  # it stands over its edge already
    assert Grounded(1e-6, 0.9, 0.75, 0.25).tipping_speed(0.0) < 1e-3
    assert flat.seat_load(7.0) == pytest.approx(1.0 + 49.0 / (2.0 * 9.80665 * 0.25))
