"""From a mission and its landing rules to every landing opportunity of a span, at the mission's site and at others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sim.build.landing import landing_limits, landing_links
from sim.build.mission import build, latest, start_of
from sim.build.return_ import lead
from sim.build.sites import site_of
from sim.build.winds import near_the_ground
from sim.core import dates
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import as_planned
from sim.core.trajectory import Trajectory
from sim.environment.world import KnownWorld
from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError
from sim.files.text import label
from sim.orbit.propagate import fly
from sim.orbit.site_passes import landings
from sim.planning.station_outlook import STEP
from sim.reentry.landing_opportunities import LandingOpportunity, chosen, judged, view
from sim.scenario import Scenario
from sim.scenario.catalogue import SiteFile
from sim.scenario.landing_rules import LandingRulesRead
from sim.scenario.load import load_named
from sim.scenario.sequence_file import AwaitLaunchEntry, DockedEntry

DAY, HOUR = 86400.0, 3600.0
BEYOND = 1.5 * DAY  # s of the path after the span: the back-ups of the next day
BEFORE = 2.0 * HOUR  # s before it: the burn of the first pass
AS_THE_MISSION = 0.25  # h: a kind of return whose length is that of the mission within this is the mission's
WEEK = 7.0  # days that are looked at where nothing is asked for


@dataclass(frozen=True)
class ReturnPlan:
    """A kind of return: its name, how long the ship is alone, s, and whether the mission flies it."""

    name: str
    coast: float
    own: bool


@dataclass(frozen=True)
class LandingPlace:
    """A landing site: its name in the catalogue (or as it was asked for), whether the mission lands there, and of each
    month the speed of the mean wind near the ground and its sigma, m/s, where the site names a file of its winds."""

    key: str
    site: Site
    own: bool
    winds: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True)
class SeasonOpportunity:
    """A landing opportunity at a place by one kind of return; `best`: the one that the rules choose on its day, for
    the mission's own site and return."""

    place: LandingPlace
    kind: ReturnPlan
    of: LandingOpportunity
    best: bool


@dataclass(frozen=True)
class LandingSeason:
    """Every opportunity between `start` and `end` s after `zero`, in the order of touchdown; `path`: the station's, as
    it flies."""

    scenario: Scenario
    rules: LandingRulesRead
    ship: str
    zero: Epoch
    world: KnownWorld
    path: Trajectory
    start: float
    end: float
    places: tuple[LandingPlace, ...]
    kinds: tuple[ReturnPlan, ...]
    opportunities: tuple[SeasonOpportunity, ...]

    @cached_property
    def own(self) -> tuple[SeasonOpportunity, ...]:
        """Those of the mission's own site and return; of the first site asked for, where its own was not."""
        place = next((x for x in self.places if x.own), self.places[0])
        return tuple(x for x in self.opportunities if x.place == place and x.kind.own)


def stay_of(scenario: Scenario) -> DockedEntry:
    """The docked phase whose end is the return; ScenarioError for a mission without one."""
    stays = [entry for entry in scenario.sequence if isinstance(entry, DockedEntry)]
    if not stays:
        found = f"no phase `docked`: {', '.join(scenario.phases)}"
        allowed = "for landing windows a mission whose ship comes home, such as shenzhou-20 or return-only"
        raise ScenarioError([Problem(label(scenario.path), "sequence", found, allowed)])
    return stays[-1]


def season(
    scenario: Scenario,
    read: LandingRulesRead,
    first: Epoch | None = None,
    days: float | None = None,
    sites: tuple[tuple[str, SiteFile], ...] = (),
) -> LandingSeason:
    """Opportunities from `first` for `days`; without it a week about the mission's own return. `sites`: instead of the
    mission's own and those of the rules."""
    raw = {**scenario.raw, "landing_rules": read.raw}
    scenario = replace(scenario, raw=raw, files=(*scenario.files, *read.files))
    stay = stay_of(scenario)
    zero, state = start_of(scenario)
    start, end = _span(scenario, stay, zero, first, days)
    reach = latest(scenario, zero)
    more = max(0.0, end + BEYOND - reach)  # the same both ways, so that the day of the air stays the mission's
    mission = build(scenario, -more, reach + more, (zero, state))
    world = replace(mission.world.known(), step=STEP)
    station = as_planned(mission.scene.flying[scenario.station.name])
    path = fly(station, 0.0, end + BEYOND, world)
    places, kinds = _places(scenario, stay, read, sites), _kinds(stay, read)
    links, sine = landing_links(read.rules)
    found: list[SeasonOpportunity] = []
    for place in places:
        closed = stay.weather_closed_utc if place.own else ()
        limits = landing_limits(read.rules, closed, place.winds)
        seen = view(path, place.site, world, links, limits, sine)
        passes = landings(path, place.site, world, max(start, BEFORE), path.end)
        for kind in kinds:
            of_kind = judged(seen, passes, lead(kind.coast / HOUR))
            inside = [x for x in of_kind if x.landing.overflight <= end]
            best = _best_of_days(inside) if place.own and kind.own else ()
            found += [SeasonOpportunity(place, kind, x, x in best) for x in inside]
    found.sort(key=lambda x: (x.of.touchdown, x.place.key, x.kind.coast))
    return LandingSeason(scenario, read, stay.ship, zero, world, path, start, end, places, kinds, tuple(found))


def _best_of_days(found: list[LandingOpportunity]) -> tuple[LandingOpportunity, ...]:
    """Day after day the one that a flight would choose, were it ready on that day."""
    best: list[LandingOpportunity] = []
    left = found
    while (one := chosen(left)) is not None:
        best.append(one)
        left = [x for x in left if x.landing.overflight > one.landing.overflight + 0.5 * DAY]
    return tuple(best)


def _places(
    scenario: Scenario, stay: DockedEntry, read: LandingRulesRead, sites: tuple[tuple[str, SiteFile], ...]
) -> tuple[LandingPlace, ...]:
    if not sites:
        others = [x.site for x in read.rules.sites if x.site != stay.site]
        own = stay.site, scenario.named.sites[stay.site]  # a path of the mission's is relative to its file
        sites = own, *((name, load_named(name, "site")) for name in others)
    return tuple(LandingPlace(key, site_of(model), key == stay.site, _winds(scenario, model)) for key, model in sites)


def _winds(scenario: Scenario, model: SiteFile) -> tuple[tuple[float, float], ...] | None:
    if model.wind is None:
        return None
    return near_the_ground(scenario.named.winds.get(model.wind) or load_named(model.wind, "wind"), model.height_m)


def _kinds(stay: DockedEntry, read: LandingRulesRead) -> tuple[ReturnPlan, ...]:
    own = stay.undock_to_landing_h
    near = min(read.rules.returns, key=lambda x: abs(x.undock_to_landing_h - own))
    matched = abs(near.undock_to_landing_h - own) <= AS_THE_MISSION
    listed = [
        ReturnPlan(x.name, HOUR * (own if matched and x is near else x.undock_to_landing_h), matched and x is near)
        for x in read.rules.returns
    ]
    return tuple(listed if matched else [*listed, ReturnPlan("as the mission", HOUR * own, True)])


def _span(
    scenario: Scenario, stay: DockedEntry, zero: Epoch, first: Epoch | None, days: float | None
) -> tuple[float, float]:
    if first is not None:
        start = first.since(zero)
        end = start + DAY * (30.0 if days is None else days)
    else:
        start = max(0.0, _ready(scenario, stay, zero) - DAY)
        end = start + DAY * (WEEK if days is None else days)
    if start < 0.0:
        raise BadInput(f"the span begins at {zero.plus(start)}, before the station's flight, which begins at {zero}")
    for t in (start, end):
        if beyond := dates.beyond_planning(zero, zero.plus(t)):
            raise BadInput(beyond)
    if outside := dates.refusal("the days that are asked for", zero.plus(start), zero.plus(end)):
        raise BadInput(outside)
    return start, end


def _ready(scenario: Scenario, stay: DockedEntry, zero: Epoch) -> float:
    """About when the handover of the mission ends, s: its lift-off or its start, and the days docked."""
    wait = next((entry for entry in scenario.sequence if isinstance(entry, AwaitLaunchEntry)), None)
    lift_off = (wait.liftoff_utc or (wait.window_utc[0] if wait.window_utc else None)) if wait else None
    since = Epoch.from_utc(lift_off).since(zero) if lift_off else 0.0
    return since + HOUR * (stay.hatch_open_h or 0.0) + DAY * stay.handover_days
