"""The landing of Shenzhou-8 against the airspace notice for it, 17 November 2011, at Siziwang.

No element set of those weeks is held. What is known without one: the ship rose in the plane of Tiangong-1, whose
inclination and height are known, so the second of its lift-off gives the node, and the drift by J2 takes it to the
landing. Where on the orbit the ship was is an input: it passes the site when the middle of the notice asks for it. So
the plane, the track over the notice's area and the place of our touchdown are tested, and the time is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.build.return_ import lead
from sim.build.sites import site_of
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.environment.orientation import skyfield_times
from sim.mission import fly
from sim.orbit.propagate import node_rate
from sim.phases.docked import Docked
from sim.scenario.landing_rules import load_landing_rules
from sim.scenario.load import load_named
from sim.verification.forecasts import jiuquan
from sim.verification.landings import mission_from
from sim.verification.launches import Plane, turned_site
from sim.verification.relief import argument_rate, node_axes

SITE = "siziwang"


@dataclass(frozen=True)
class NoticeCheck:
    """Our touchdown, deg and epoch, against the notice's corners (n,2), deg, and its time; `offset` rad of the recorded
    place from the plane at the recorded second."""

    touchdown: Epoch
    place: tuple[float, float]
    inside: bool
    in_time: bool
    corners: np.ndarray
    span: tuple[Epoch, Epoch]
    recorded: Epoch
    recorded_place: tuple[float, float]
    offset: float

    @property
    def held(self) -> bool:
        return self.inside and self.in_time


def check() -> NoticeCheck:
    given = fact("landing.sz_8").table
    span = fact("landing.notice_sz_8_utc").value
    assert isinstance(span, list)
    first, last = (Epoch.from_utc(t) for t in span)
    corners = np.array(fact("landing.notice_sz_8").numbers)
    lift_off, landed = Epoch.from_utc(given["launch"]), Epoch.from_utc(given["landed"])
    axis, inclination = R_EQUATOR + 1e3 * given["altitude_km"], math.radians(given["inclination_deg"])
    node, rate = node_at(lift_off, inclination), node_rate(axis, inclination)

    def plane(at: Epoch) -> tuple[float, float]:
        return inclination, node + rate * at.since(lift_off)

    middle = first.plus(0.5 * last.since(first))
    hours = fact("return.undock_to_landing_sz19").number
    passing = middle.plus(-load_landing_rules("tiangong").rules.timeline.touchdown_after_s)
    zero = passing.plus(-lead(hours))
    mission = mission_from(zero, _state(plane, axis, zero, passing), SITE, hours)
    # The revolution is the notice's: the ship leaves at once, and waits for no better pass.
    flight = fly(replace(mission, phases=tuple(x for x in mission.phases if not isinstance(x, Docked))))
    event = next(e for leg in flight.legs for e in leg.events if e.name == "touchdown")
    at = flight.zero.plus(event.t)
    latitude, longitude = float(event.values["latitude_deg"]), float(event.values["longitude_deg"])
    place = given["latitude_deg"], given["longitude_deg"]
    model = load_named(SITE, "site").model_copy(update={"latitude_deg": place[0], "longitude_deg": place[1]})
    along, across = node_axes(*plane(landed))
    return NoticeCheck(
        touchdown=at,
        place=(latitude, longitude),
        inside=within(corners, latitude, longitude),
        in_time=first <= at <= last,
        corners=corners,
        span=(first, last),
        recorded=landed,
        recorded_place=place,
        offset=math.asin(float(np.cross(along, across) @ turned_site(site_of(model), landed))),
    )


def node_at(lift_off: Epoch, inclination: float) -> float:
    """The node of the plane that passes over the pad at a lift-off to the south-east, rad, TEME."""
    pad = turned_site(jiuquan(), lift_off)
    latitude, longitude = math.asin(pad[2]), math.atan2(pad[1], pad[0])
    return longitude - (math.pi - math.asin(math.tan(latitude) / math.tan(inclination)))


def _state(plane: Plane, axis: float, zero: Epoch, passing: Epoch) -> tuple[np.ndarray, np.ndarray]:
    """r m, v m/s (3,), GCRS, at `zero` on a round orbit that comes abeam of the site at `passing`."""
    from skyfield.sgp4lib import TEME

    inclination, _ = plane(passing)
    place = turned_site(site_of(load_named(SITE, "site")), passing)
    node, across = node_axes(*plane(passing))
    abeam = math.atan2(float(place @ across), float(place @ node))
    u = abeam - argument_rate(axis, inclination) * passing.since(zero)
    node, across = node_axes(*plane(zero))
    r = axis * (math.cos(u) * node + math.sin(u) * across)
    v = math.sqrt(MU_EARTH / axis) * (math.cos(u) * across - math.sin(u) * node)
    turn = TEME.rotation_at(skyfield_times(zero, 0.0)[0])
    return turn.T @ r, turn.T @ v


def within(corners: Sequence[Sequence[float]] | np.ndarray, latitude: float, longitude: float) -> bool:
    """Whether a place lies in a polygon of corners (n,2), latitude and longitude in deg: how often a line to the east
    crosses its sides."""
    c = np.asarray(corners, dtype=float)
    a, b = c, np.roll(c, -1, axis=0)
    crossing = (a[:, 0] > latitude) != (b[:, 0] > latitude)
    slope = np.where(crossing, b[:, 0] - a[:, 0], 1.0)
    at = a[:, 1] + (latitude - a[:, 0]) * (b[:, 1] - a[:, 1]) / slope
    return bool(np.count_nonzero(crossing & (at > longitude)) % 2)
