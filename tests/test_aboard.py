"""Microgravity aboard against Hill's limit and a particle that is flown; the dose proxy against its own statements."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_flight import STATION, made_flight

from kernels.constants import MU_EARTH
from sim.catalogue.facts import fact, facts
from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.environment.world import Weather, build_world
from sim.events import anomaly_passages
from sim.export.aboard import aboard
from sim.export.collected import collect
from sim.export.record import as_record
from sim.orbit.microgravity import MICRO_G, motion
from sim.orbit.propagate import fly
from sim.orbit.radiation import EDGE, anomaly
from sim.report.aboard import environment

DAY = 86400.0
ZERO = Epoch.from_utc("2026-11-04T00:00:00Z")
PLACE = np.array([3.0, -17.0, 1.5])


@pytest.fixture(scope="module")
def air():
    """Two days of the station's orbit, with drag."""
    world = build_world(ZERO, 0.0, 2.0 * DAY, 8, sun=True, moon=True, weather=Weather(105.0, 105.0, 10.0), step=60.0)
    a, tilt = 6.7665e6, math.radians(41.47)
    speed = math.sqrt(MU_EARTH / a)
    r, v = np.array([a, 0.0, 0.0]), speed * np.array([0.0, math.cos(tilt), math.sin(tilt)])
    return world, State(r, v, 95e3, 660.0), fly(State(r, v, 95e3, 660.0), 0.0, 2.0 * DAY, world)


def axes(r, v):
    down, aside = -r / np.linalg.norm(r), -np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    return np.array([np.cross(aside, down), aside, down])


# Microgravity ---------------------------------------------------------------------------------------------------------
def circle(a=6.77e6, e=0.0):
    """A Kepler orbit about its perigee, with the pull of a point."""
    n = math.sqrt(MU_EARTH / a**3)
    t = np.array([-1.0, 0.0, 1.0])
    anomaly_e = np.array([0.3, 0.3, 0.3]) + n * t / (1.0 - e * math.cos(0.3))
    r = a * np.stack([np.cos(anomaly_e) - e, math.sqrt(1 - e * e) * np.sin(anomaly_e), 0 * t], axis=1)
    rate = n / (1.0 - e * np.cos(anomaly_e))
    v = a * rate[:, None] * np.stack([-np.sin(anomaly_e), math.sqrt(1 - e * e) * np.cos(anomaly_e), 0 * t], axis=1)
    pull = -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return Trajectory(t, r, v, pull, np.ones(3)), n


class Airless:
    def without_air(self, t, r, v):
        return -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3


@pytest.mark.parametrize("place", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (3.0, -17.0, 1.5)])
def test_on_a_circle_without_air_it_is_hills(place):
    path, n = circle()
    x, y, z = place
    assert motion(path, Airless()).at(np.array(place)) == pytest.approx(
        np.tile([0.0, -(n**2) * y, 3.0 * n**2 * z], (3, 1)), abs=1e-15
    )


def test_modules_lie_on_the_side_of_their_ports():
    """With x forward and z down, y is to the right: starboard."""
    for module in ("wentian", "mengtian"):
        port = fact(f"missions.{module}").value["stays"][-1]["port"]
        ends = [f.numbers[1] for name, f in facts().items() if name.startswith(f"aboard.place_{module}")]
        assert len(ends) == 2 and all((y > 0.0) == (port == "starboard") for y in ends)


def test_on_an_ellipse_it_is_the_second_derivative_of_two_orbits():
    """A free particle a metre away, at rest in the turning axes: its distance by Kepler's equation of both, in
    extended steps."""
    path, _ = circle(e=0.02)
    found = motion(path, Airless()).at(PLACE)[1]
    r, v = path.r[1], path.v[1]
    momentum = np.cross(r, v)
    spin = momentum / (r @ r)
    start = axes(r, v)
    free = r + start.T @ PLACE, v + np.cross(spin, start.T @ PLACE)
    assert found == pytest.approx(second_derivative(kepler, (r, v), free), rel=2e-4, abs=1e-10)


def second_derivative(step, station, free, h=10.0):
    """Of the free particle's place in the station's axes, which it leaves at rest: from its places after h and 2 h."""
    places = []
    for t in (h, 2.0 * h):
        (rs, vs), (rf, _) = step(*station, t), step(*free, t)
        places.append(axes(rs, vs) @ (rf - rs) - PLACE)
    return (8.0 * places[0] - places[1]) / (2.0 * h * h)


def kepler(r, v, t):
    from kernels.orbit.kepler import kepler_propagate

    place, speed = np.empty(3), np.empty(3)
    kepler_propagate(np.array(r), np.array(v), float(t), MU_EARTH, place, speed)
    return place, speed


def test_a_free_particle_that_is_flown_moves_as_it_says(air):
    """In the full field, with the air that slows the station alone: the particle is flown without drag."""
    world, station, path = air
    found = motion(path, world, every=37)
    for k in (1, 20, 40):
        t, r, v = float(found.t[k]), path.r[37 * k], path.v[37 * k]
        momentum = np.cross(r, v)
        size = np.linalg.norm(momentum)
        # The plane turns about the radius, since J2 pulls across it: slowly, but 17 m away that is 2e-5 m/s.
        spin = momentum / (r @ r) + r * (path.a[37 * k] @ momentum) / size**2
        start = axes(r, v).T @ PLACE

        def step(r, v, h, t=t, station=station):
            cda = station.cda if np.linalg.norm(r - path.at(t)[0][0]) < 1.0 else 0.0
            end = fly(State(np.array(r), np.array(v), station.mass, cda), t, t + h, world).last()
            return end[0], end[1]

        measured = second_derivative(step, (r, v), (r + start, v + np.cross(spin, start)))
        # What is left out: J2's part of the gradient, 0.3 % of 2.3 micro-g, and the turn of the plane.
        assert found.at(PLACE)[k] == pytest.approx(measured, abs=0.012 * MICRO_G)


def test_the_air_slows_the_station_against_its_flight(air):
    world, station, path = air
    slowed = motion(path, world, every=60).drag
    assert (slowed[:, 0] < 0.0).all() and np.abs(slowed[:, 1:]).max() < 0.12 * np.abs(slowed[:, 0]).max()
    light = fly(replace_cda(station, 2.0 * station.cda), 0.0, 600.0, world)
    assert motion(light, world).drag[0] == pytest.approx(2.0 * motion(path, world).drag[0], rel=1e-6)


def replace_cda(state, cda):
    return State(state.r, state.v, state.mass, cda)


# Dose -----------------------------------------------------------------------------------------------------------------
def test_the_mean_dose_of_the_orbit_is_the_reported_one():
    """Every longitude alike, latitudes as an inclined circle has them, at 390 km."""
    here = anomaly(ZERO)
    u, east = np.meshgrid(np.linspace(0, 2 * np.pi, 721)[:-1], np.arange(-180.0, 180.0, 2.0))
    north = np.degrees(np.arcsin(math.sin(math.radians(41.47)) * np.sin(u.ravel())))
    dose = here.dose_rate(here.protons(north, east.ravel(), np.full(north.size, 390e3)))
    low, high = fact("aboard.dose_total").numbers
    assert dose.mean() == pytest.approx(0.5 * (low + high), rel=1e-3)
    assert dose.min() >= here.cosmic_rays


def test_the_anomaly_in_its_limits():
    here, later = anomaly(ZERO), anomaly(ZERO.plus(10.0 * 365.25 * DAY))
    middle = np.array([here.latitude]), np.array([here.longitude])
    assert here.protons(*middle, np.array([390e3]))[0] == pytest.approx(1.0)
    assert here.protons(*middle, np.array([435e3]))[0] == pytest.approx(math.e)
    assert later.longitude - here.longitude == pytest.approx(-3.0) and later.latitude == here.latitude
    around = here.protons(np.full(2, -20.0), np.array([-170.0, 190.0]), np.full(2, 390e3))
    assert around[0] == around[1] < 1e-6


def test_passages_of_the_anomaly_are_where_a_table_has_them(air):
    world, _, path = air
    found = anomaly_passages(path, world)
    t = np.arange(path.start, path.end, 10.0)
    here = anomaly(ZERO.plus(0.5 * path.end))
    inside = here.protons(*world.geodetic(t, path.at(t)[0])) > EDGE
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    assert len(edges) == len(found) > 20
    assert np.abs(t[edges] + 5.0 - [c.t for c in found]).max() <= 5.0
    assert [c.kind for c in found[:2]] == (["saa_entry", "saa_exit"] if not inside[0] else ["saa_exit", "saa_entry"])
    assert 60.0 < inside.mean() * 1440.0 < 180.0  # minutes a day


# Report ---------------------------------------------------------------------------------------------------------------
def test_the_days_of_a_stay_add_up_and_the_report_shows_them():
    flight, scenario, world = made_flight("descent")
    found = aboard(flight, world, STATION)
    ((_, path),) = [part for part in flight.parts(STATION) if part[0] == "docked"]
    days = {key.rpartition("/")[2]: column for key, column in found.items() if "/day/" in key}
    assert days["hours"].sum() * 3600.0 == pytest.approx(path.end - path.start)
    starts = [flight.epoch(t).utc(0)[11:] for t in days["t_s"][1:]]
    assert set(starts) == {"00:00:00Z"} and days["t_s"][0] == path.start
    here = anomaly(world.zero.plus(0.5 * (path.start + path.end)))
    protons = here.protons(*world.geodetic(path.t, path.r))
    rate = here.dose_rate(protons) / DAY
    whole = float((0.5 * (rate[1:] + rate[:-1]) * np.diff(path.t)).sum())
    assert days["dose_mgy"].sum() == pytest.approx(whole)
    assert days["anomaly_dose_mgy"].sum() < whole - here.cosmic_rays * (path.end - path.start) / DAY + 1e-9
    share = (protons > EDGE).mean() * (path.end - path.start) / 60.0
    assert days["anomaly_minutes"].sum() == pytest.approx(share, rel=0.02)
    data = collect(flight, scenario.raw, world, as_record(flight, scenario.raw))
    assert environment(data) == ""
    page = environment(replace(data, arrays={**data.arrays, **found}))
    for words in ("Environment aboard", "Wentian, laboratory", "proxy", f"{days['dose_mgy'].sum():.2f} mGy"):
        assert words in page


def test_a_flight_without_a_stay_has_no_environment_aboard():
    flight, _, world = made_flight("ascent")
    assert aboard(flight, world, STATION) == {}
