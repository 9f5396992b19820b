"""From a mission file and what was asked to all that the planner looks at: world, station, rocket, sites, limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.build.docking import final_approach_s
from sim.build.mission import build, latest, start_of
from sim.build.rendezvous import docking_after
from sim.build.sites import site_of
from sim.build.vehicles import port_of
from sim.catalogue.element_sets import station_set
from sim.catalogue.facts import fact
from sim.core import dates
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import KnownState, State, as_planned
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import KnownWorld, World, sgp4_state
from sim.files.errors import BadInput
from sim.files.paths import PROFILES
from sim.files.text import catalogue as names_in
from sim.interchange.choice import ChosenSet
from sim.interchange.mean import MeanElements, gcrf_state
from sim.orbit.mean_altitude import mean_axis
from sim.orbit.propagate import fly
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.planning.launch_limits import LaunchLimits
from sim.scenario import Scenario, catalogue, profile_file
from sim.scenario.load import load_named
from sim.scenario.plane_bias import is_elsewhere

DAY = 86400.0
SIDEREAL_DAY = 86164.1  # s
STEP = 120.0  # s; in three months it moves the station by less than the mission's own 60 s are worth, at half the time
BEFORE, AFTER = 1.5e4, 5.0 * DAY  # s of the path beyond the span: the mean plane; a two-day flight, the return
BIASES = {"since-2022-11": "launch.plane_bias_since_2022_11", "2021": "launch.plane_bias_2021"}
SLEEP_H = 20.0  # a flight that is longer holds a night


class Asked(NamedTuple):
    """What the command line asks for; None where the mission file decides. `site` replaces the file's;
    `site_named`: whether a mission file could name it. `chosen`: where `elements` come from, if they are of a file."""

    start: Epoch | None = None
    days: float | None = None
    elements: MeanElements | None = None
    bias: str | None = None
    site: catalogue.SiteFile | None = None
    trims: bool = True
    site_named: bool = True
    chosen: ChosenSet | None = None

    def element_set(self) -> dict:
        """Which set of a file was taken, and the warnings about it, for JSON; nothing without a file."""
        if self.chosen is None:
            return {}
        return {"element_set": self.chosen.as_dict(), "warnings": list(self.chosen.warnings)}

    def element_lines(self) -> list[str]:
        """The same for people."""
        return [f"target: {self.chosen.line()}"] if self.chosen else []


@dataclass(frozen=True)
class PlannedProfile:
    """A rendezvous profile: seconds after lift-off of `docked` and `contact`, and `last` s from the arrival at the far
    hold (200 m) to contact."""

    key: str
    limits: LaunchLimits
    docked: float
    contact: float
    last: float


@dataclass(frozen=True)
class Setting:
    """Everything that the planner looks at. Times s from `zero`; `bias` s, None where the ascent itself decides.

    `decay` m/s of the mean semi-major axis `a` m over the path.
    """

    scenario: Scenario
    zero: Epoch
    world: KnownWorld
    station: KnownState
    path: Trajectory
    start: float
    end: float
    site: Site
    landing: Site
    ascent: Ascent
    await_launch: AwaitLaunch
    profiles: tuple[PlannedProfile, ...]
    bias: float | None
    bias_name: str
    elements: str
    a: float
    decay: float
    asked: Asked

    @property
    def shipped_set(self) -> str | None:
        """The station's element set, where it is of the catalogue and the plan is for the station."""
        own = self.asked.elements is None and self.scenario.station.elements_lines is None
        return self.scenario.station.elements if own else None


def setting(scenario: Scenario, asked: Asked, ahead: float = 0.0) -> Setting:
    """Build the world once and fly the station over the whole span, and some days more; `ahead` s more before it.

    Its path always holds the epoch of the elements, also where the span ends before that.
    """
    if asked.site:
        scenario = scenario.launched_from(asked.site)
    zero, state = start_of(scenario)
    if asked.elements:
        zero = asked.elements.epoch
        found = gcrf_state(asked.elements, zero)
        state = found.r, found.v
    start, end = _span(scenario, asked, zero)
    first, last = min(0.0, start - BEFORE - ahead), max(end, 0.0) + AFTER
    reach = 0.0 if asked.elements else latest(scenario, zero)
    more = max(0.0, -first, last - reach)  # the same both ways, so that the day of the air stays the mission's
    mission = build(scenario, -more, reach + more, (zero, state))
    world = replace(mission.world.known(), step=STEP)
    station = as_planned(mission.scene.flying[scenario.station.name])
    if asked.elements:
        station = _as_it_decays(station, asked.elements, world)
    path = fly(station, 0.0, last, world)
    if first < 0.0:
        path = joined([_before(first, scenario, asked, station, zero, world), path])
    bias, bias_name = _bias(scenario, asked)
    site = site_of(scenario.launch_site)
    await_launch, ascent = mission.phases[:2]
    assert isinstance(await_launch, AwaitLaunch) and isinstance(ascent, Ascent)  # so a rotation begins
    a, decay = _decay(path)
    named = asked.elements.name or str(asked.elements.number) if asked.elements else scenario.station.elements
    return Setting(
        scenario=scenario,
        zero=zero,
        world=world,
        station=station,
        path=path,
        start=start,
        end=end,
        site=site,
        landing=site_of(scenario.landing_site),
        ascent=ascent,
        await_launch=await_launch,
        profiles=_profiles(scenario, ascent, asked),
        bias=bias,
        bias_name=bias_name,
        elements=named,
        a=a,
        decay=decay,
        asked=asked,
    )


def _span(scenario: Scenario, asked: Asked, zero: Epoch) -> tuple[float, float]:
    """First and last second in which crossings are searched: as asked, or the file's window, or days about its
    lift-off."""
    launch = scenario.launch
    if launch.window_utc:
        start, end = (Epoch.from_utc(t).since(zero) for t in launch.window_utc)
    else:
        assert launch.liftoff_utc is not None  # the rules ask for one of the two
        middle = Epoch.from_utc(launch.liftoff_utc).since(zero)
        start, end = middle - 3.5 * DAY, middle + 3.5 * DAY
    if asked.elements and not asked.start:
        start, end = 0.0, 10.0 * DAY
    if asked.start:
        start, end = asked.start.since(zero), asked.start.since(zero) + 30.0 * DAY
    if asked.days is not None:
        end = start + asked.days * DAY
    for t in (start, end):
        if beyond := dates.beyond_planning(zero, zero.plus(t)):
            raise BadInput(beyond)
    if outside := dates.refusal("the days that are asked for", zero.plus(start), zero.plus(end)):
        raise BadInput(outside)
    return start, end


def _before(first: float, scenario: Scenario, asked: Asked, station: State, zero: Epoch, world: World) -> Trajectory:
    """The station from `first` s to zero, from where SGP4 takes its elements back to."""
    when = zero.plus(first)
    if asked.elements:
        found = gcrf_state(asked.elements, when)
        r, v = found.r, found.v
    else:
        elements = station_set(scenario.station.elements, scenario.station.elements_lines)
        r, v = sgp4_state(elements.line1, elements.line2, when)
    return fly(State(r, v, station.mass, station.cda), first, 0.0, world)


def _bias(scenario: Scenario, asked: Asked) -> tuple[float | None, str]:
    """Seconds after the plane's passage, and where they come from."""
    name = asked.bias or ("none" if asked.site else "file")
    if name == "none":
        return None, "none: where the ascent leaves most propellant"
    if name == "file":
        bias = scenario.launch.plane_bias_s
        if bias is None:
            return None, "none: the mission file has none, so where the ascent leaves most propellant"
        source = scenario.raw.get("sources", {}).get("launch.plane_bias_s", "no source")
        if asked.site and source.startswith("fact:") and is_elsewhere(asked.site, scenario.launch.branch):
            raise BadInput(_borrowed("file", source.removeprefix("fact:")))
        return bias, f"{bias:+.0f} s, launch.plane_bias_s of the mission file ({source})"
    if name not in BIASES:
        raise BadInput(f"no bias is called '{name}'; there are none, file, {', '.join(BIASES)}")
    found = fact(BIASES[name])
    if is_elsewhere(scenario.launch_site, scenario.launch.branch):
        raise BadInput(_borrowed(name, found.name))
    return float(found.number), f"{found.number:+.0f} s, {found.name} ({found.note})"


def _borrowed(name: str, of: str) -> str:
    owner = fact("launch.plane_bias_belongs").table
    where = f"{owner['site']}, {owner['branch']}"
    return f"--bias {name} is of {where} ({of}); elsewhere there is --bias none: the ascent's own optimum"


def _profiles(scenario: Scenario, ascent: Ascent, asked: Asked) -> tuple[PlannedProfile, ...]:
    """The profiles of the catalogue for such a ship: the mission's own, then the others from the shortest."""
    own = scenario.rendezvous.profile
    models = {own: scenario.profile}
    shipped = {name: load_named(name, "profile") for name in names_in(PROFILES) if name not in models}
    its = scenario.profile.carries, scenario.profile.station
    models |= {name: model for name, model in shipped.items() if (model.carries, model.station) == its}
    first, *others = (_profile(scenario, ascent, key, model, asked) for key, model in models.items())
    return first, *sorted(others, key=lambda profile: profile.docked)


def _profile(
    scenario: Scenario, ascent: Ascent, key: str, model: profile_file.ProfileFile, asked: Asked
) -> PlannedProfile:
    tolerance = scenario.rules.phase_off_deg
    low, high = model.phase_window_deg or (model.phase_deg - tolerance, model.phase_deg + tolerance)
    guidance = scenario.launcher.guidance
    port = port_of(scenario.station_vehicle.ports[scenario.rendezvous.port])
    docked = docking_after(guidance, model, ascent.ship, port)
    limits = LaunchLimits(
        name=f"{key} profile" if key[0].isdigit() else model.name,
        window=(math.radians(low), math.radians(high)),
        centre=math.radians(model.phase_deg),
        beta=math.radians(model.beta_limit_deg),
        branch=scenario.launch.branch,
        reserve=guidance.reserve_kg,
        trim_limit=scenario.trim.limit_m_s if asked.trims else 0.0,
        trim_before=scenario.trim.days_before * DAY,
    )
    last = final_approach_s(model, port, ascent.ship)
    return PlannedProfile(key, limits, docked, docked - ascent.ship.docking.hard_mate, last)


def _decay(path: Trajectory) -> tuple[float, float]:
    """Mean semi-major axis in the middle, m, and its fall, m/s."""
    last = path.end - SIDEREAL_DAY  # over a day the waves of the turning field average out
    first, final = mean_axis(path, path.start, SIDEREAL_DAY), mean_axis(path, last, SIDEREAL_DAY)
    return 0.5 * (first + final), (final - first) / (last - path.start)


def _as_it_decays(station: KnownState, elements: MeanElements, world: World) -> KnownState:
    """The station with the drag area that makes it fall as its own elements state: da/dt = -2/3 a (dn/dt) / n.

    Where the elements state no fall, or the air at their height makes none, the mission's station stays as it is.
    """
    fall_by_elements = -2.0 / 3.0 * 2.0 * elements.half_mean_motion_rate_rev_day2 / elements.mean_motion_rev_day / DAY
    days = fly(station, 0.0, 2.0 * DAY, world), fly(replace(station, cda=0.0), 0.0, 2.0 * DAY, world)
    a = mean_axis(days[0], 0.0, SIDEREAL_DAY)
    ends = ([mean_axis(path, t, SIDEREAL_DAY) for t in (0.0, DAY)] for path in days)
    fall, free = ((last - first) / DAY for first, last in ends)
    by_air = fall - free
    if fall_by_elements >= 0.0 or by_air >= -1e-9:
        return station
    return replace(station, cda=station.cda * fall_by_elements * a / by_air)
