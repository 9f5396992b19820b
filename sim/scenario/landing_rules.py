"""The file of landing rules: which returns and sites are looked at, and what refuses a landing opportunity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from sim.files import paths
from sim.files.problems import ScenarioError
from sim.scenario.fields import MANY
from sim.scenario.kinds import File, Reference, Table, Words, length, within
from sim.scenario.overrides import with_overrides
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, ordered

KIND = "landing_rules"
Means = Annotated[tuple[Annotated[float, within(0.1, 30)], ...], length(12, 12)]


class Rule(Table):
    """`hard`: it refuses the opportunity; a soft one is only reported."""

    hard: bool


class ReturnKind(Table):
    """A kind of return: how long the ship is on its own before it lands."""

    name: Words
    undock_to_landing_h: Annotated[float, within(4.5, 72)]


class LandingSite(Table):
    """A site that is looked at beside the mission's own."""

    site: Reference


class Timeline(Table):
    """About the moment in which the orbit passes abeam of the site, which the deorbit planner finds exactly."""

    burn_before_s: Annotated[float, within(600, 4000)]
    burn_s: Annotated[float, within(10, 600)]
    opening_height_m: Annotated[float, within(1000, 20000)]
    touchdown_after_s: Annotated[float, within(100, 2000)]


class CrossRangeRule(Rule):
    most_km: Annotated[float, within(1, 400)]


class CrewDayRule(Rule):
    woken_before_undocking_h: Annotated[float, within(0, 24)]
    longest_h: Annotated[float, within(1, 48)]
    night_from_h: Annotated[float, within(1, 72)]
    after_night_h: Annotated[float, within(0, 24)]


class WindRule(Rule):
    """`share_most`: of the month, in which the wind may be over the limit; `mean_m_s`: for sites without their own."""

    limit_m_s: Annotated[float, within(0.1, 50)]
    share_most: Annotated[float, within(0, 1)]
    mean_m_s: Means


class BurnLinksRule(Rule):
    coverage_least: Annotated[float, within(0, 1)]
    relay_mask_km: Annotated[float, within(0, 300)]
    elevation_least_deg: Annotated[float, within(0, 60)]


class LandingLinksRule(Rule):
    coverage_least: Annotated[float, within(0, 1)]
    elevation_least_deg: Annotated[float, within(0, 60)]


class LightRule(Rule):
    sun_least_deg: Annotated[float, within(-90, 90)]


class BackupRevolutionRule(Rule):
    within_h: Annotated[float, within(0.5, 24)]


class BackupDayRule(Rule):
    from_h: Annotated[float, within(1, 48)]
    within_h: Annotated[float, within(1, 72)]


class LandingRules(File):
    kind: Literal["landing_rules"]
    note: Words = ""
    returns: Annotated[tuple[ReturnKind, ...], length(1, 10)]
    sites: Annotated[tuple[LandingSite, ...], length(0, 20)] = ()
    timeline: Timeline
    cross_range: CrossRangeRule
    crew_day: CrewDayRule
    wind: WindRule
    burn_links: BurnLinksRule
    landing_links: LandingLinksRule
    weather: Rule
    light: LightRule
    backup_revolution: BackupRevolutionRule
    backup_day: BackupDayRule


@dataclass(frozen=True)
class LandingRulesRead:
    """The rules, the file as resolved (`raw`), and the files that were read."""

    rules: LandingRules
    raw: dict
    files: tuple[Path, ...]


def load_landing_rules(name: str, overrides: Sequence[str] = ()) -> LandingRulesRead:
    """A file of rules by its name in the catalogue, or a path, with `KEY=VALUE` overrides; ScenarioError lists all."""
    from sim.scenario.load import checked, placed
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.LANDING_RULES, "landing rules")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, _, found = checked(replace(document, raw=raw), LandingRules, KIND, RULES)
    problems += [placed(document, key, problem, by_command_line) for key, problem in found[:MANY]]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    return LandingRulesRead(made, raw, tuple(dict.fromkeys(path for path, _ in document.texts)))


def _ordered(view: View):
    yield from ordered(view, ("backup_day", "from_h"), ("backup_day", "within_h"))
    yield from ordered(view, ("timeline", "burn_s"), ("timeline", "burn_before_s"))


def _twice(view: View):
    for group, key in (("returns", "name"), ("sites", "site")):
        names = [view(group, i, key) for i in range(view.length(group))]
        for i, name in enumerate(names):
            if name is not None and name in names[:i]:
                yield Finding((group, i, key), f"'{name}' a second time", "each once")


RULES = (*SOURCES, _ordered, _twice)
