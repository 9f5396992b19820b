"""Passes of a flown mission: the station all the while, each ship while it flies by itself, one beside the other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.api.passes import place
from sim.core.ground_site import Site
from sim.events import look
from sim.export.aboard import aboard
from sim.planning.passes.find import find
from sim.planning.passes.watched import of_flight


@pytest.fixture(scope="module")
def watched(pakistan):
    station = pakistan.scenario.station.name
    return of_flight(pakistan.flight, pakistan.mission.world, station, pakistan.mission.world.end)


def test_station_and_ships_are_watched_while_they_fly(pakistan, watched):
    flight = pakistan.flight
    assert [c.name for c in watched.craft] == ["tiangong", "shenzhou-24", "shenzhou-23"]
    assert watched.craft[0].path.end == pytest.approx(pakistan.mission.world.end)
    insertion, docked, undocking, entry = (
        flight.first(name).t for name in ("orbit_insertion", "docked", "undocking", "entry_interface")
    )
    up, down = (c.path for c in watched.craft[1:])
    assert up.start == pytest.approx(insertion, abs=1.0) and up.end <= docked + 1e-6
    assert undocking - 1e-6 <= down.start and down.end == pytest.approx(entry, abs=1.0)
    assert watched.stay == (docked, undocking)
    assert watched.usual == (flight.first("liftoff").t, flight.legs[-1].end)


def test_a_ship_near_the_station_is_seen_beside_it(pakistan, watched):
    """From Kashgar, on the ship's own day: an hour after lift-off it is far behind, before docking it is beside."""
    first, last = watched.usual[0], watched.stay[0]
    here = place("kashgar")
    found = find(watched, [here], first, last, 10.0)
    ships = [p for p in found.passes if p.seen.craft.name == "shenzhou-24"]
    stations = [p for p in found.passes if p.seen.craft.name == "tiangong"]
    assert len(ships) >= 2 and len(stations) >= 2 and not any(p.beside for p in stations)
    far, near = ships[0].beside, ships[-1].beside
    assert far.apart > 10 * near.apart and near.apart < math.radians(0.5)
    site = Site("", *map(math.radians, (here.latitude_deg, here.longitude_deg)), here.height_m)
    t = np.array([ships[0].seen.top])
    ways = []
    for craft in watched.craft[:2]:
        elevation, azimuth, _ = look(craft.path, watched.world, site, t)
        ways.append([math.cos(elevation[0]) * f(azimuth[0]) for f in (math.cos, math.sin)] + [math.sin(elevation[0])])
    assert far.apart == pytest.approx(math.acos(float(np.dot(*ways))), abs=1e-9)
    behind = [ships[0].seen.top - p.seen.top for p in stations]
    assert far.behind == pytest.approx(min(behind, key=abs))
    assert found.contacts == ()  # the stay has not begun


def test_the_week_aboard_has_its_dose_and_its_anomaly(pakistan):
    found = aboard(pakistan.flight, pakistan.mission.world, "tiangong")
    days = found["aboard/day/hours"].sum() / 24.0
    docked, undocking = (pakistan.flight.first(name).t for name in ("docked", "undocking"))
    assert days == pytest.approx((undocking - docked) / 86400.0, abs=0.1)
    assert 0.15 < found["aboard/day/dose_mgy"].sum() / days < 0.20  # as it is reported
    assert 60.0 < found["aboard/day/anomaly_minutes"].sum() / days < 180.0
    assert found["aboard/day/drag_ug"].min() > 0.02 and found["aboard/day/drag_ug"].max() < 0.2
    names = found["aboard/place/name"].tolist()
    size = dict(zip(names, found["aboard/place/mean_size_ug"], strict=True))
    assert size["Tianhe, node"] < size["Wentian, laboratory"] < size["Wentian, airlock"]
