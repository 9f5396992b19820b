"""Ask the planners: when may the rocket rise, when may the ship dock, and when may it come home?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api import time_span
from sim.api.asked import function, number, path, text, texts
from sim.api.output import Progress, Where, directory, silent
from sim.api.screen import catalogue_of
from sim.catalogue import element_sets
from sim.core import dates
from sim.core.epoch import Epoch
from sim.files.errors import BadInput, MissionFailed
from sim.scenario import Scenario, load
from sim.scenario.docking_rules import load_rules
from sim.scenario.landing_rules import load_landing_rules

if TYPE_CHECKING:
    from sim.api.docking_windows import DockingWindows
    from sim.api.landing_windows import LandingWindows
    from sim.api.launch_windows import LaunchWindows
    from sim.interchange.choice import ChosenSet
    from sim.output.beside import Beside
    from sim.planning.launch.cola import ColaRule

# What stands before a key of the rules in an override.
OF_RULES, OF_LANDING = "docking_rules.", "landing_rules."


def launch_windows(
    mission: str | Path | Scenario,
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    site: str | None = None,
    elements: str | Path | time_span.ElementFile | None = None,
    bias: str | None = None,
    trim: bool = True,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> LaunchWindows:
    """Every launch window of a span of days, by every profile, accepted or rejected and why.

    `start`: the first day, UTC, as "2026-10-01", a datetime or an Epoch, and `days` how many (30); without both the
    mission's own window. `site`: a launch site by name, or "LAT,LON,HEIGHT_M" in degrees and metres. `elements`: a TLE
    or OMM file of another target, or an ElementFile that says which set of it. `bias`: how far from the plane the
    rocket rises ("file", "since-2022-11", "2021", or "none" for the ascent's optimum). `trim`: whether the station may
    be trimmed for each day. `overrides`: texts `KEY=VALUE` for the mission's file. `out`: a directory for tables, chart
    and manifest.

    MissionFailed for a site that the station's plane never passes over, and a span without a crossing; BadInput and
    ScenarioError for what is asked wrongly.
    """
    terms = LaunchTerms(site, elements, bias, trim)
    return launch_windows_by(mission, start, days, terms, overrides=overrides, out=out, progress=progress)


@dataclass(frozen=True)
class LaunchTerms:
    """What launch windows are asked for, as in `launch_windows`; and `catalogue`, a file whose objects close lift-offs,
    by `cola`, a rule, of 5 km and 1e-5 without one."""

    site: str | None = None
    elements: str | Path | time_span.ElementFile | None = None
    bias: str | None = None
    trim: bool = True
    catalogue: str | Path | None = None
    cola: ColaRule | None = None


def launch_windows_by(
    mission: str | Path | Scenario,
    start: time_span.Date | None,
    days: float | None,
    terms: LaunchTerms,
    *,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> LaunchWindows:
    """`launch_windows` with its terms as a record, and against a catalogue where one is named."""
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    elements = terms.elements
    site = None if terms.site is None else text(terms.site, "site")
    bias = None if terms.bias is None else text(terms.bias, "bias")
    named = [f"launch.site={site}"] if site and "," not in site else []
    if named and bias in (None, "none") and _has_bias(mission, overrides):
        named.append("launch.plane_bias_s=")  # the file's is of the file's site
    scenario = _loaded(mission, [*overrides, *named])
    scenario.needs("launch", "trim", "rendezvous", "return", purpose="launch windows")
    first, length = time_span.date(start), time_span.days(days)
    target, place_asked = time_span.elements(elements, first), time_span.site(site)
    _refuse_far(scenario, target, first)
    scenario = _with_file(scenario, elements)
    objects = None if terms.catalogue is None else catalogue_of(terms.catalogue)
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.api.launch_windows import LaunchWindows
    from sim.core.flight import Failure
    from sim.output import launch_windows as output
    from sim.planning.launch.plan import plan
    from sim.planning.launch.station import station_plan
    from sim.planning.station_outlook import Asked, setting

    asked = Asked(
        start=first,
        days=length,
        elements=target.elements if target else None,
        bias=bias,
        site=place_asked,
        trims=terms.trim,
        site_named=bool(named),
        chosen=target,
    )
    with directory(out, loads=False) as place, _pictures(place, "launch_windows") as beside:
        try:
            tick("station", 0.1)
            outlook = setting(scenario, asked)
            beside.look()
            tick("windows", 0.4)
            found = plan(outlook)
            if place is not None and objects is None:
                output.draw(found, place, beside)
            tick("trim", 0.9)
            windows = LaunchWindows(found, station_plan(found))
            if objects is not None:
                windows.screened(objects, terms.cola, tick)
                if place is not None:
                    output.draw(found, place, beside, windows.cola)
        except Failure as failure:
            raise MissionFailed("launch windows", str(failure)) from None
        if place is not None:
            output.write(found, windows.content(), place, time.perf_counter() - began)
            beside.finish()
    return windows


def cola_rule(miss_km: float, skip: Sequence[int], name: str = "cola") -> ColaRule:
    """The rule of lift-offs: a miss in km, from 1 to 100, and catalogue numbers that are left out."""
    from sim.planning.launch.cola import ColaRule

    if not 1.0 <= number(miss_km, name) <= 100.0:
        raise BadInput(f"{name}: found {miss_km:g}; write km from 1 to 100")
    return ColaRule(1e3 * miss_km, skip=tuple(skip))


def docking_windows(
    mission: str | Path | Scenario,
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    at: time_span.Date | None = None,
    rules: str = "tiangong",
    elements: str | Path | time_span.ElementFile | None = None,
    trim: bool = True,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> DockingWindows:
    """When the ship may dock: where every hard rule holds, what opens and closes it, and how the soft ones stand.

    `start`: the first day, UTC, as "2026-10-01", a datetime or an Epoch, and `days` how many (30); without both, the
    launches of the mission's own window. `at`: a contact that is asked about. `rules`: docking rules, a file or a name.
    `elements`: a TLE or OMM file of another target, or an ElementFile that says which set of it. `trim`: whether the
    station may be trimmed for each day. `overrides`: texts `KEY=VALUE` for the mission's file, or
    `docking_rules.KEY=VALUE` for the rules. `out`: a directory for tables, charts and manifest.

    MissionFailed for a launch site that the station's plane never passes over; BadInput and ScenarioError for what is
    asked wrongly.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides, like="docking_rules.trim_limit_m_s=3.0")
    scenario = _loaded(mission, [s for s in overrides if not s.startswith(OF_RULES)])
    scenario.needs("launch", "trim", "rendezvous", "return", purpose="docking windows")
    read = load_rules(
        str(path(rules, "rules", "the name or the path of docking rules")),
        [s.removeprefix(OF_RULES) for s in overrides if s.startswith(OF_RULES)],
    )
    span = time_span.contact_span(time_span.date(start), time_span.days(days), time_span.date(at, "at"))
    target = time_span.elements(elements, span.first)
    _refuse_far(scenario, target, span.first)
    scenario = _with_file(scenario, elements)
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.api.docking_windows import DockingWindows
    from sim.core.flight import Failure
    from sim.output import docking_windows as output
    from sim.planning.docking.season import season

    charts = "docking_constraints", "docking_season"
    with directory(out, loads=False) as place, _pictures(place, *charts) as beside:
        try:
            tick("station", 0.1)
            found = season(scenario, read, span.first, span.days, target, trim)
            beside.look()
            tick("constraints", 0.4)
            if place is not None:
                output.draw(found, span.at, place, beside)
            windows = DockingWindows(found, span.at)
            content = windows.content()
        except Failure as failure:
            raise MissionFailed("docking windows", str(failure)) from None
        if place is not None:
            tick("charts", 0.8)
            output.write(found, content, place, time.perf_counter() - began)
            beside.finish()
    return windows


def landing_windows(
    mission: str | Path | Scenario,
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    sites: Iterable[str] = (),
    rules: str | None = None,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> LandingWindows:
    """Every landing opportunity of a span of days, at each site and for each kind of return, open or refused and why.

    `start`: the first day, UTC, as "2026-10-01", a datetime or an Epoch, and `days` how many (30); without both a week
    about the mission's own return. `sites`: landing sites by name, or "LAT,LON,HEIGHT_M" in degrees and metres, in
    place of the mission's own and those of the rules. `rules`: landing rules, a file or a name; without it those that
    the mission names. `overrides`: texts `KEY=VALUE` for the mission's file, or `landing_rules.KEY=VALUE` for the
    rules. `out`: a directory for tables, charts and manifest.

    BadInput and ScenarioError for what is asked wrongly, as for a mission whose ship does not come home.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides, like="landing_rules.cross_range.most_km=60")
    scenario = _loaded(mission, [s for s in overrides if not s.startswith(OF_LANDING)])
    first, length = time_span.date(start), time_span.days(days)
    asked_sites = texts(sites, "sites", "siziwang")
    # From here on it is slow: all problems of what was asked have been reported, but those of the rules.
    from sim.planning.landing.season import season, stay_of

    named = stay_of(scenario).landing_rules if rules is None else rules
    read = load_landing_rules(
        str(path(named, "rules", "the name or the path of landing rules")),
        [s.removeprefix(OF_LANDING) for s in overrides if s.startswith(OF_LANDING)],
    )
    places = tuple((s, model) for s in asked_sites if (model := time_span.site(s)) is not None)
    _refuse_far(scenario, None, first)
    from sim.api.landing_windows import LandingWindows
    from sim.output import landing_windows as output

    with directory(out, loads=False) as place, _pictures(place, "landing_season", "landing_map") as beside:
        tick("station", 0.1)
        windows = LandingWindows(season(scenario, read, first, length, places))
        beside.look()
        if place is not None:
            tick("charts", 0.8)
            output.draw(windows.season, place, beside)
            output.write(windows.season, windows.content(), place, time.perf_counter() - began)
            beside.finish()
    return windows


def _pictures(place: Path | None, *modules: str) -> AbstractContextManager[Beside]:
    """What draws with modules of `sim.plots`; where nothing is written it has no process."""
    from sim.output.beside import Beside, drawing

    return nullcontext(Beside()) if place is None else drawing(modules)


def _refuse_far(scenario: Scenario, target: ChosenSet | None, first: Epoch | None) -> None:
    """BadInput where the first day is too far from the elements that are flown."""
    station = scenario.station
    if target is not None:
        zero = target.elements.epoch
    elif station.start_utc is not None:
        zero = Epoch.from_utc(station.start_utc)
    else:
        zero = element_sets.station_set(station.elements, station.elements_lines).epoch
    if first is not None and (beyond := dates.beyond_planning(zero, first)):
        raise BadInput(beyond)


def _with_file(scenario: Scenario, elements: str | Path | time_span.ElementFile | None) -> Scenario:
    """The scenario with the target's file among those that were read, for the manifest."""
    if elements is None:
        return scenario
    path = elements.path if isinstance(elements, time_span.ElementFile) else elements
    return replace(scenario, files=(*scenario.files, Path(path)))


def _has_bias(mission: str | Path | Scenario, overrides: Sequence[str]) -> bool:
    launch = _loaded(mission, overrides).blocks.launch
    return launch is not None and launch.plane_bias_s is not None


def _loaded(mission: str | Path | Scenario, overrides: Sequence[str]) -> Scenario:
    if not isinstance(mission, Scenario):
        return load(path(mission, "mission", "the name or the path of a mission, or what sim.load gives"), overrides)
    if overrides:
        raise BadInput("overrides and a site by name change the file while it is read; give them to sim.load")
    return mission
