"""The landings of the record as forecasts from what was known a day before, flown by the return of the program.

Known: the element sets older than a day before the touchdown. Where the last of them is fresh, the whole return is
flown from it: the landing rules choose the opportunity, the deorbit planner the burn, entry and parachutes follow.
Where it is old, the place of the station on its orbit is lost, though its plane is not; the relief's lift-off some five
days earlier shows it again, for the station stands ahead of the ship at insertion by what the profile asks for. No
weather goes in, and nothing is calibrated on a landing but the time from the pass to the touchdown, which the shipped
returns have by flight. A hindcast, from a set younger than a day, is no forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.build.landing import landing_limits, landing_links
from sim.build.mission import build
from sim.build.return_ import lead
from sim.build.sites import site_of
from sim.build.winds import near_the_ground
from sim.catalogue.element_sets import ElementSet
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.flight import Flight
from sim.core.ground_site import Site
from sim.core.scene import as_planned
from sim.environment.world import sgp4_state
from sim.mission import Mission, fly
from sim.orbit.propagate import fly as coast
from sim.orbit.site_passes import landings as passes_of
from sim.planning.kept_station import Known, known_before
from sim.planning.visibility import Shifted
from sim.reentry.landing_opportunities import LandingOpportunity, chosen, judged, view
from sim.scenario import Scenario, load
from sim.scenario.landing_rules import load_landing_rules
from sim.scenario.load import load_named
from sim.verification.launches import turned_site
from sim.verification.relief import Pass, from_set_sigma, pass_after, revolution

LANDED = tuple(f"sz_{n}" for n in range(12, 22))
# The ship that was launched into the handover before the landing, whose lift-off shows where the station was.
RELIEF = {"sz_14": "sz_15", "sz_15": "sz_16", "sz_16": "sz_17", "sz_17": "sz_18", "sz_18": "sz_19", "sz_19": "sz_20"}
MISSION, SITE = "return-only", "dongfeng"
DAY, HOUR = 86400.0, 3600.0
FRESH = 5.0 * DAY  # s: from a set that is younger the station's place is known to half a minute or so
LATEST = DAY  # s before touchdown, after which nothing counts as known
ALIKE_H = 0.25  # between the lengths of two returns of a kind
NEAR = 2.0 * DAY  # s: a hindcast takes a set no further from the touchdown
HANDOVER_DAYS = 0.1  # of the flights made here
NORMAL_95 = 1.96


@dataclass(frozen=True)
class FlownReturn:
    """What a flight of the whole return gave: touchdown, and hours from the undocking."""

    touchdown: Epoch
    undock_to_landing_h: float


@dataclass(frozen=True)
class LandingForecast:
    """One landing: what was known, the opportunity that was flown among those of the planner, the forecasts.

    `age` s of the last set known a day before; `flown`: the whole return from a fresh set, None from an old one;
    `half_width` s of the 95 % interval of `touchdown`. `by_the_rules`: whether the rules choose that opportunity of the
    day too. `offset` rad of the site from the osculating plane at touchdown,
    by the set nearest in time. `hindcast`: the same flight from a set too young for a forecast, None without one.
    """

    flight: str
    known: Known
    age: float
    landed: Epoch
    undock_to_landing_h: float
    kind: str
    opportunities: tuple[LandingOpportunity, ...]
    one: LandingOpportunity | None
    by_the_rules: bool
    touchdown: Epoch
    half_width: float
    rests_on: str
    flown: FlownReturn | None
    nearest: ElementSet
    offset: float
    hindcast: FlownReturn | None

    @property
    def miss(self) -> float:
        """Forecast less record, s."""
        return self.touchdown.since(self.landed)

    @property
    def hindcast_miss(self) -> float | None:
        return None if self.hindcast is None else self.hindcast.touchdown.since(self.landed)


def landings() -> tuple[LandingForecast, ...]:
    return tuple(landing(flight) for flight in LANDED)


def landing(flight: str) -> LandingForecast:
    recorded = fact(f"missions.{flight}").table
    landed, undocked = Epoch.from_utc(recorded["landed"]), Epoch.from_utc(recorded["undocked"])
    recorded_h = landed.since(undocked) / HOUR
    hours, kind = kind_of(recorded_h)
    known = known_before(landed.plus(-LATEST))
    last = known.last
    age = landed.since(last.epoch)
    nearest = min(_all(landed), key=lambda e: abs(e.epoch.since(landed)))
    fresh = age <= FRESH
    flown = returned(last, landed, hours) if fresh else None
    opportunities, one, predicted = _opportunities(flight, known, landed, hours, fresh)
    touchdown = flown.touchdown if flown else predicted.at.plus(after_pass())
    young = abs(nearest.epoch.since(landed)) <= NEAR and nearest != last
    return LandingForecast(
        flight=flight,
        known=known,
        age=age,
        landed=landed,
        undock_to_landing_h=recorded_h,
        kind=kind,
        opportunities=opportunities,
        one=one,
        by_the_rules=one is not None and one == chosen(opportunities),
        touchdown=touchdown,
        half_width=NORMAL_95 * predicted.sigma,
        rests_on=predicted.rests_on,
        flown=flown,
        nearest=nearest,
        offset=plane_offset(nearest, landed, site_of(load_named(SITE, "site"))),
        hindcast=returned(nearest, landed, hours) if young else None,
    )


def _all(landed: Epoch) -> tuple[ElementSet, ...]:
    """Every set, also those after a landing: for the plane as it was, which is no forecast."""
    return known_before(landed.plus(400.0 * DAY)).sets


def after_pass() -> float:
    """From the pass of the orbit abeam of the site to touchdown, s, as the shipped returns fly it."""
    return load_landing_rules("tiangong").rules.timeline.touchdown_after_s


def kind_of(hours: float) -> tuple[float, str]:
    """Of the returns that the landing rules know the one that is meant, its length h and name; else the length itself:
    Shenzhou-12 and -16 flew the only ones of their kinds."""
    near = min(load_landing_rules("tiangong").rules.returns, key=lambda x: abs(x.undock_to_landing_h - hours))
    if abs(near.undock_to_landing_h - hours) <= ALIKE_H:
        return near.undock_to_landing_h, near.name
    return hours, "the only one of its kind"


# ---- the whole return


def returned(elements: ElementSet, landed: Epoch, hours: float) -> FlownReturn:
    """The return that the program flies from an element set, beginning a day before the touchdown, or before the
    undocking where that is longer ago; the rules choose the opportunity."""
    zero = _start(landed, hours)
    flight = fly(mission_from(zero, sgp4_state(elements.line1, elements.line2, zero), SITE, hours))
    return _as_flown(flight)


def _as_flown(flight: Flight) -> FlownReturn:
    at = {event.name: flight.zero.plus(event.t) for leg in flight.legs for event in leg.events}
    return FlownReturn(at["touchdown"], at["touchdown"].since(at["undocking"]) / HOUR)


def _start(landed: Epoch, hours: float) -> Epoch:
    """A day before, or four hours before the undocking: long enough for the handover of a tenth of a day."""
    return landed.plus(-max(LATEST, (hours + 4.0) * HOUR))


def mission_from(zero: Epoch, state: tuple[np.ndarray, np.ndarray], site: str, hours: float) -> Mission:
    """The return and nothing else, from a state r m, v m/s, GCRS, of the station at `zero`."""
    return build(_scenario(site, hours), flown=(zero, state))


def _scenario(site: str, hours: float) -> Scenario:
    sequence = load(MISSION).sequence
    overrides = []
    for i, entry in enumerate(sequence):
        if hasattr(entry, "site"):
            overrides.append(f"sequence.{i}.site={site}")
        if hasattr(entry, "undock_to_landing_h"):
            overrides.append(f"sequence.{i}.undock_to_landing_h={hours:.4f}")
        if hasattr(entry, "handover_days"):
            overrides.append(f"sequence.{i}.handover_days={HANDOVER_DAYS}")
    return load(MISSION, overrides)


# ---- the opportunities of the day, and where the station passes the site


def _opportunities(
    flight: str, known: Known, landed: Epoch, hours: float, fresh: bool
) -> tuple[tuple[LandingOpportunity, ...], LandingOpportunity | None, Pass]:
    """Those of the day about the landing on the station's path as it is forecast, and that which was flown: the one
    whose touchdown lies within half a revolution of the record."""
    zero = _start(landed, hours)
    mission = mission_from(zero, sgp4_state(known.last.line1, known.last.line2, zero), SITE, hours)
    world, station = mission.world.known(), mission.scene.flying["tiangong"]
    own = load_named(SITE, "site")
    site, winds = site_of(own), near_the_ground(load_named(own.wind, "wind"), own.height_m) if own.wind else None
    path = coast(as_planned(station), 0.0, landed.since(zero) + 1.5 * DAY, world)
    half = 0.5 * revolution(known.last)
    rules = load_landing_rules("tiangong").rules
    limits = landing_limits(rules, winds=winds)
    links, sine = landing_links(rules)
    relief = RELIEF.get(flight)
    shifted = Shifted(path, 0.0)
    found = passes_of(path, site, world, HOUR * 3.0, path.end)
    if not fresh and relief is not None:
        predicted = pass_after(relief, known, landed.plus(-limits.after), site)
        mine = min(found, key=lambda x: abs(zero.plus(x.overflight).since(predicted.at)))
        late = zero.plus(mine.overflight).since(predicted.at)  # by the old set; the station is further on
        shifted = Shifted(path, math.pi * late / half)
        found = passes_of(shifted, site, world, HOUR * 3.0, path.end)
    else:
        mine = min(found, key=lambda x: abs(zero.plus(x.overflight + limits.after).since(landed)))
        sigma = from_set_sigma(known, landed.since(known.last.epoch))
        predicted = Pass(zero.plus(mine.overflight), min(sigma, half / math.sqrt(3.0)), f"set {known.last.name}")
    seen = view(shifted, site, world, links, limits, sine)
    everything = judged(seen, found, lead(hours), HANDOVER_DAYS * DAY)
    one = min(everything, key=lambda x: abs(zero.plus(x.touchdown).since(landed)))
    near = abs(zero.plus(one.touchdown).since(landed)) <= half
    return everything, one if near else None, predicted


# ---- the plane


def plane_offset(elements: ElementSet, at: Epoch, site: Site) -> float:
    """How far the site stands off the osculating plane of a set, rad; positive on the side of its normal."""
    error, r, v = elements.satrec().sgp4(*at.jd_utc())
    if error:
        raise ValueError(f"SGP4 returned error {error} at {at} for {elements.name}")
    normal = np.cross(r, v)
    return math.asin(float(normal @ turned_site(site, at)) / float(np.linalg.norm(normal)))
