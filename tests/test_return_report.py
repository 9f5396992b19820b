"""The return as people see it: beside the published one, on the map, in the report, for the recovery teams."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html import escape

import numpy as np
import pytest
from made_flight import DESCENT, DOWN, ENTRY, SITE, TOUCHDOWN, made_flight

from sim.catalogue.facts import fact, sources
from sim.core.flight import Event
from sim.core.ground_site import Site
from sim.core.return_record import EntryHistory
from sim.export import collected, landing
from sim.export.record import as_record
from sim.export.stored import PlotData
from sim.output.summary import flight_dict, flight_lines
from sim.plots.entry_corridor import AirAsFlown
from sim.plots.footprint import outline
from sim.plots.return_marks import distance_km, local_km, places
from sim.reentry import published_sequence
from sim.reentry.flown_return import FlownReturn
from sim.reentry.published_sequence import band, compared, half_of_last_figure
from sim.reentry.series import from_site, track_to
from sim.report.return_ import published, recovery


@pytest.fixture(scope="module")
def made():
    return made_flight()


@pytest.fixture(scope="module")
def rows(made):
    return {row.name: row for row in compared(made[0])}


@pytest.fixture(scope="module")
def data(made) -> PlotData:
    flight, scenario, world = made
    record = {**as_record(flight, scenario.raw), "landing": landing.landing(flight, world)}
    return collected.collect(flight, scenario.raw, world, record)


# ---- beside the published return


@pytest.mark.parametrize(("value", "half"), [(120, 5.0), (80.0, 5.0), (6, 0.5), (1, 0.5), (145, 0.5), (7.5, 0.05)])
def test_a_number_alone_is_known_to_half_its_last_figure(value, half):
    assert half_of_last_figure(value) == pytest.approx(half)


def test_bands_are_those_of_the_facts():
    burn, whole = fact("return.deorbit_burn_duration"), fact("return.deorbit_to_landing")
    assert band(burn, burn.value) == (165.0, 150.0, 180.0)
    assert band(whole, whole.value) == (50.0, 48.0, 52.0)
    assert band(fact("return.trim_altitude"), 120) == (120.0, 115.0, 125.0)


def test_each_figure_is_judged_by_its_band(rows):
    assert rows["deorbit_to_landing"].flown == pytest.approx((TOUCHDOWN - ENTRY + 1800.0) / 60.0)
    assert rows["deorbit_to_landing"].inside and not rows["deorbit_to_landing"].why
    burn = rows["deorbit_burn"]
    assert (burn.flown, burn.inside, burn.difference) == (144.0, False, -21.0)
    assert rows["module_separation_altitude"].inside and rows["blackout_end_altitude"].inside
    trim = rows["trim_altitude"]
    assert (trim.flown, trim.difference, trim.inside) == (None, None, False) and "no such event" in trim.why


def test_the_reason_of_a_short_burn_is_computed_from_the_flight(rows, made):
    """At one thrust and one speed change the duration grows with the mass: 150 s of 144 need 150/144 of it."""
    assert f"a ship of {5950.0 * 150.0 / 144.0:.0f} kg" in rows["deorbit_burn"].why
    exhaust = 5000.0 * 144.0 / 254.0
    there = exhaust * math.log(5950.0 / (5950.0 - 254.0 / 144.0 * 150.0))
    assert f"150 s would be {there:.1f} m/s" in rows["deorbit_burn"].why
    heavier = changed(made[0], "deorbit_burn_start", mass_kg=6400.0)
    other = next(row for row in compared(heavier) if row.name == "deorbit_burn")
    assert f"a ship of {6400.0 * 150.0 / 144.0:.0f} kg" in other.why


def changed(flight, name, **values):
    """The flight with other values of an event."""

    def event(e: Event) -> Event:
        return replace(e, values={**e.values, **values}) if e.name == name else e

    return replace(flight, legs=tuple(replace(leg, events=tuple(map(event, leg.events))) for leg in flight.legs))


@pytest.mark.parametrize(
    ("name", "event", "values", "words"),
    [
        ("deorbit_delta_v", "deorbit_burn_end", {"delta_v_m_s": 90.0}, "gives 139 m/s"),
        ("peak_load", "peak_load", {"load_g": 4.4}, "% of the lift to hold it up"),
        ("touchdown_speed", "touchdown", {"speed_m_s": 5.1}, "take 2.0 m/s from 7.1 m/s; to come to 3 m/s"),
        ("descent_speed", "retro_fire", {"speed_m_s": 9.0}, "drag area"),
        ("module_separation_altitude", "service_module_separation", {"altitude_km": 130.0}, "a file of this mission"),
        ("blackout_start_altitude", "blackout_start", {"altitude_km": 95.0}, "start at"),
    ],
)
def test_what_lies_outside_has_a_reason_with_numbers(made, rows, name, event, values, words):
    assert rows[name].inside or name == "descent_speed"
    row = next(row for row in compared(changed(made[0], event, **values)) if row.name == name)
    assert not row.inside and words in row.why


def test_a_speed_of_fall_is_explained_by_mass_density_and_area(made):
    """A steady fall: drag area from q and load, and the area for which the end of the band is the steady speed."""
    flown = FlownReturn.of(made[0])
    why = published_sequence.reasons.falling_at("opening")(flown, 170.0, 190.0)
    t = flown.opening_t - 1e-3
    speed, q, load = (flown.air_at(t, key) for key in ("speed_air_m_s", "dynamic_pressure_pa", "load_g"))
    area = load * 9.80665 * 3200.0 / q
    assert f"with 3200 kg and {area:.1f} m² of drag area" in why and f"{2 * q / speed**2:.3f} kg/m³" in why


def test_a_flight_without_a_return_is_not_compared():
    flight, scenario, _ = made_flight("docked")
    assert compared(flight) == () and "published_return" not in as_record(flight, scenario.raw)
    assert not [line for line in flight_lines(flight) if line.startswith("return")]


def test_another_ship_than_a_shenzhou_is_not_compared(made):
    legs = tuple(
        replace(leg, events=tuple(replace(e, vehicle="soyuz") if e.vehicle == DOWN else e for e in leg.events))
        for leg in made[0].legs
    )
    assert compared(replace(made[0], legs=legs)) == ()


def test_a_return_that_ended_early_is_compared_as_far_as_it_went():
    found = {row.name: row for row in compared(made_flight("deorbit")[0])}
    assert found["deorbit_burn"].flown == 144.0 and found["touchdown_speed"].flown is None
    assert found["undock_to_landing"].flown is None and found["speed_at_opening"].flown is None


def test_the_terminal_has_one_line_and_json_every_row(made, rows, tmp_path):
    (line,) = [line for line in flight_lines(made[0]) if line.startswith("return")]
    flown = [row for row in rows.values() if row.flown is not None]
    assert f"{sum(row.inside for row in flown)} of {len(flown)} published figures" in line
    assert "length of the deorbit burn 144 s" in line
    assert flight_dict(made[0], tmp_path, 1.0)["published_return"] == {row.name: row.inside for row in flown}


def test_what_agrees_by_itself_says_so(data, rows):
    """An input is what a file or the program sets; calibrated is what the shipped files' values were chosen for."""
    chosen = {name for name, row in rows.items() if row.set_by or row.calibrated_by}
    assert {"yaw_turn", "deorbit_burn", "deorbit_to_landing", "descent_speed", "touchdown_speed"} < chosen
    assert not {"peak_load", "speed_at_opening"} & chosen
    page = published(data)
    assert "calibrated: entry_angle_deg" in page and "input: parachutes.drogue_s" in page
    free = sum(row.inside and row.name not in chosen for row in rows.values())
    assert f"{free} of them neither input nor calibrated" in page


def test_the_report_has_every_row_with_its_source(data, rows):
    page = published(data)
    for row in rows.values():
        assert row.what in page
    (source,) = rows["deorbit_burn"].sources
    assert escape(sources()[source].title) in page and "150 s would be" in page
    assert page.count("OUTSIDE") == sum(row.flown is not None and not row.inside for row in rows.values())
    assert page.count("not flown") == sum(row.flown is None for row in rows.values())


# ---- for the recovery teams


def test_landing_is_placed_from_the_site(data):
    found = data.record["landing"]
    assert found["from_site_km"] == pytest.approx(distance_km(41.6, 100.1, SITE.latitude_deg, SITE.longitude_deg))
    assert 120.0 < found["bearing_from_site_deg"] < 150.0  # 2.2 km south, 1.7 km east
    assert found["drift"]["descent_s"] == pytest.approx(TOUCHDOWN - DESCENT)
    assert found["wind"]["surface_m_s"] == pytest.approx(math.hypot(1.0, 0.5))
    assert found["wind"]["from_deg"] == pytest.approx(270.0 + math.degrees(math.atan2(0.5, 1.0)))
    assert landing.landing(*made_flight("entry")[::2]) is None


@pytest.mark.parametrize(("place", "bearing"), [((1.0, 0.0), 0.0), ((0.0, 1.0), 90.0), ((-1.0, 0.0), 180.0)])
def test_distance_and_bearing_on_the_sphere(place, bearing):
    assert landing.bearing_deg(0.0, 0.0, *place) == pytest.approx(bearing)
    assert landing.distance_km(0.0, 0.0, *place) == pytest.approx(6371.0 * math.pi / 180.0)


def test_horizon_is_that_of_a_sphere():
    """sqrt(2 R h) to the first order: 357 km at 10 km; less, as the arc is shorter than the line of sight."""
    assert landing.horizon_km(10.0) == pytest.approx(math.sqrt(2.0 * 6371.0 * 10.0), rel=1e-3)
    assert landing.horizon_km(-1.0) == 0.0


def test_light_is_that_of_the_sun_over_the_place(made):
    """In the made world the Sun stands over the equator, at noon over 100 E at 05:20 UTC, and sets six hours later."""
    _, _, world = made
    place = Site("", 0.0, math.radians(100.0), 0.0)
    noon = 19200.0 - 7200.0  # 05:20 UTC, from 02:00
    light = landing._light(noon + 4 * 3600.0, place, world)
    assert light["sun_elevation_deg"] == pytest.approx(30.0, abs=0.1) and light["light"] == "day"
    assert light["sunset_min"] == pytest.approx(120.0 + 4.0 * 0.833, abs=2.0)
    night = landing._light(noon + 12 * 3600.0, place, world)
    assert night["light"] == "night" and night["sunrise_min"] == pytest.approx(360.0 - 4.0 * 0.833, abs=2.0)


def test_the_return_is_seen_where_it_rises_over_the_horizon(data):
    """Kept are the places with 5 deg or more, the nearest first; something overhead stands at 90 deg."""
    seen = data.record["landing"]["seen_from"]
    assert seen and all(row["elevation_deg"] >= landing.LOWEST_DEG for row in seen)
    assert [row["distance_km"] for row in seen] == sorted(row["distance_km"] for row in seen)
    place = Site("", math.radians(41.0), math.radians(95.0), 0.0)
    above = landing._ecef(np.array([41.0]), np.array([95.0]), np.array([80e3]))
    history = replace(made_history(1), altitude_km=np.array([80.0]))
    named = next(iter(landing.places().values()))
    found = landing._highest(named, place, above, history)
    assert found["elevation_deg"] == pytest.approx(90.0, abs=1e-5) and found["distance_km"] == pytest.approx(80.0)


def test_the_report_says_what_the_recovery_teams_need(data):
    page = recovery(data)
    for words in ("41.6000° N, 100.1000° E", "of Dongfeng", "in Beijing", "drift under the parachutes", "m/s from W"):
        assert words in page, words
    assert "where it is expected" not in page
    quantity = {"median": 0.0, "this_flight": 0.0}
    ends = {
        "touchdown_latitude_deg": (41.5, 41.7),
        "touchdown_longitude_deg": (100.0, 100.2),
        "touchdown_s": (0.0, 9.0),
    }
    quantities = {name: {**quantity, "low": low, "high": high} for name, (low, high) in ends.items()}
    known = replace(data, record={**data.record, "forecast": {"quantities": quantities}})
    assert "41.500 to 41.700° north, 100.000 to 100.200° east" in recovery(known)
    assert recovery(replace(data, record={})) == published(replace(data, record={})) == ""


# ---- what the pictures compute


def made_history(n: int) -> EntryHistory:
    """An isothermal atmosphere of 7 km scale height, flown at falling speed with a load of q / 5000 Pa."""
    speed = np.linspace(7500.0, 300.0, n)
    altitude = np.linspace(95.0, 12.0, n)
    density = 1.2 * np.exp(-altitude / 7.0)
    pressure = 0.5 * density * speed**2
    columns = {
        "t_s": np.arange(n, dtype=float),
        "altitude_km": altitude,
        "speed_air_m_s": speed,
        "dynamic_pressure_pa": pressure,
        "load_g": pressure / 5000.0,
        "heat_flux_kw_m2": 1e-7 * np.sqrt(density) * speed**3,
    }
    rest = ("bank_deg", "latitude_deg", "longitude_deg")
    return EntryHistory(**columns, **dict.fromkeys(rest, np.zeros(n)))


def test_lines_of_the_corridor_are_those_of_an_isothermal_atmosphere():
    """Load and heat limits in closed form: h = 7 ln(1.2 / rho). 20 m: the logarithm is linear between the rows."""
    air, v = AirAsFlown(made_history(500)), np.array([2.0, 4.0, 7.0])
    at_load = 7.0 * np.log(1.2 / (2.0 * 4.0 * 5000.0 / (1e3 * v) ** 2))
    at_heat = 7.0 * np.log(1.2 / (900.0 / (1e-7 * (1e3 * v) ** 3)) ** 2)
    assert air.at_load(v, 4.0) == pytest.approx(at_load, abs=0.02)
    assert air.at_heat(v, 900.0) == pytest.approx(at_heat, abs=0.02)
    assert np.isnan(air.glide(np.array([7.95]), 0.3, 0.0)).all()  # over the circular speed nothing has to be held up
    needed = 1.0 - (1e3 * v) ** 2 / (9.80665 * 6378137.0)
    density = 2.0 * needed * 5000.0 / (0.3 / math.hypot(1.0, 0.3) * (1e3 * v) ** 2)
    assert air.glide(v, 0.3, 0.0) == pytest.approx(7.0 * np.log(1.2 / density), abs=0.02)


def test_an_ellipse_lies_along_its_heading():
    east, north = outline(15.0, 7.5, 90.0)
    assert (east.max(), north.max()) == pytest.approx((15.0, 7.5), rel=1e-3)
    east, north = outline(15.0, 7.5, 0.0)
    assert (east.max(), north.max()) == pytest.approx((7.5, 15.0), rel=1e-3)


def test_places_of_events_lie_on_the_track(data):
    found = {place.name: place for place in places(data, ("entry_interface", "touchdown", "fairing_separation"))}
    assert found["entry_interface"].latitude_deg == pytest.approx(35.6, abs=0.1)
    assert found["touchdown"].longitude_deg == pytest.approx(100.1, abs=0.01)
    east, north = local_km(found["touchdown"].latitude_deg, found["touchdown"].longitude_deg, SITE)
    assert math.hypot(float(east), float(north)) == pytest.approx(
        float(distance_km(found["touchdown"].latitude_deg, found["touchdown"].longitude_deg, *SITE_PLACE)), rel=1e-2
    )


SITE_PLACE = (SITE.latitude_deg, SITE.longitude_deg)


@pytest.mark.parametrize(("place", "heading"), [((0.0, -10.0), 90.0), ((-10.0, 0.0), 0.0), ((10.0, 0.0), 180.0)])
def test_the_ground_track_comes_to_the_site_along_the_great_circle(place, heading):
    found = math.degrees(track_to(*place, Site("", 0.0, 0.0, 0.0)))
    assert (found - heading + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1e-9)


def test_the_ship_of_the_return_is_the_one_that_burned(made):
    flown = FlownReturn.of(made[0])
    assert flown.ship == DOWN and flown.mass(DESCENT - 1.0) == pytest.approx(3200.0)
    assert flown.at_opening("altitude_km") == pytest.approx(10.0) and flown.opening_t == DESCENT
    assert re.fullmatch(r"[\d.]+", f"{flown.over_ground('retro_fire'):.3f}")


def test_a_place_far_short_of_the_site_lies_beside_the_great_circle_not_beside_a_straight_line():
    """Half way from a place 1,400 km away to the site, on the arc between the two: nothing beside the track."""
    site = Site("Dongfeng", math.radians(41.62), math.radians(100.08), 1000.0)
    there = Site("", math.radians(38.0), math.radians(84.0), 0.0)

    def up(place: Site) -> np.ndarray:
        c = math.cos(place.latitude)
        return np.array([c * math.cos(place.longitude), c * math.sin(place.longitude), math.sin(place.latitude)])

    x, y, z = up(site) + up(there)
    middle = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
    along, across = from_site(*middle, track_to(38.0, 84.0, site), site)
    assert along == pytest.approx(-0.5 * 6.371e6 * math.acos(float(up(site) @ up(there))), rel=1e-9)
    assert across == pytest.approx(0.0, abs=1e-3)
    assert from_site(41.62, 100.2, math.radians(90.0), site)[0] == pytest.approx(
        1e3 * distance_km(41.62, 100.2, 41.62, 100.08), rel=1e-4
    )
