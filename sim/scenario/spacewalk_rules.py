"""The file of spacewalk rules: how long a spacewalk takes, and what refuses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from sim.files import paths
from sim.files.problems import ScenarioError
from sim.scenario.fields import MANY
from sim.scenario.kinds import File, Pair, Table, Utc, Words, length, within
from sim.scenario.overrides import with_overrides
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing, ordered

KIND = "spacewalk_rules"
Hour = Annotated[float, within(0, 24)]
Days = Annotated[float, within(0, 200)]


class Rule(Table):
    """`hard`: it refuses the spacewalk; a soft one is only reported."""

    hard: bool


class SpacewalkTable(Table):
    """As it is planned; `roles`: of those who go out."""

    length_h: Annotated[float, within(0.5, 12)]
    outside: Annotated[int, within(1, 4)]
    inside_least: Annotated[int, within(0, 5)]
    roles: Annotated[tuple[Words, ...], length(1, 6)]


class PlanningTable(Table):
    step_min: Annotated[float, within(1, 60)]
    retime_min: Annotated[float, within(0, 180)]
    phase_known_days: Annotated[float, within(0, 60)]
    kept_km: Pair[Annotated[float, within(250, 500)]]


class ClockRule(Rule):
    """Between two hours of Beijing's clock."""

    from_h: Hour
    until_h: Hour


class AnomalyRule(Rule):
    protons_most: Annotated[float, within(0.001, 2)]


class RelayRule(Rule):
    coverage_least: Annotated[float, within(0, 1)]
    mask_km: Annotated[float, within(0, 300)]


class LightRule(Rule):
    sun_left_least_min: Annotated[float, within(0, 60)]


class StormRule(Rule):
    ap_most: Annotated[float, within(0, 400)]


class WorkRule(Rule):
    after_days: Days
    before_days: Days


class BurnsRule(Rule):
    apart_h: Annotated[float, within(0, 240)]


class FirstRule(Rule):
    after_days: Days


class LastRule(Rule):
    before_days: Days


class BetweenRule(Rule):
    least_days: Days


class BetaRule(Rule):
    """Holds before `until_utc`."""

    until_utc: Utc
    least_deg: Annotated[float, within(0, 90)]
    most_deg: Annotated[float, within(0, 90)]


class SpacewalkRules(File):
    kind: Literal["spacewalk_rules"]
    note: Words = ""
    spacewalk: SpacewalkTable
    planning: PlanningTable
    start: ClockRule
    crew_day: ClockRule
    anomaly: AnomalyRule
    relay: RelayRule
    light: LightRule
    storm: StormRule
    work: WorkRule
    burns: BurnsRule
    first: FirstRule
    last: LastRule
    between: BetweenRule
    between_usual: BetweenRule
    beta: Annotated[tuple[BetaRule, ...], length(0, 10)] = ()


@dataclass(frozen=True)
class SpacewalkRulesRead:
    """The rules, the file as resolved (`raw`), and the files that were read."""

    rules: SpacewalkRules
    raw: dict
    files: tuple[Path, ...]


def load_spacewalk_rules(name: str, overrides: Sequence[str] = ()) -> SpacewalkRulesRead:
    """A file of rules by its name in the catalogue, or a path, with `KEY=VALUE` overrides; ScenarioError lists all."""
    from sim.scenario.load import checked, placed
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.SPACEWALK_RULES, "spacewalk rules")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, _, found = checked(replace(document, raw=raw), SpacewalkRules, KIND, RULES)
    problems += [placed(document, key, problem, by_command_line) for key, problem in found[:MANY]]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    return SpacewalkRulesRead(made, raw, tuple(dict.fromkeys(path for path, _ in document.texts)))


def _ordered(view: View):
    for clock in ("start", "crew_day"):
        yield from ordered(view, (clock, "from_h"), (clock, "until_h"))
    yield from increasing(view, ("planning", "kept_km"))
    yield from ordered(view, ("between", "least_days"), ("between_usual", "least_days"), equal=True)
    for i in range(view.length("beta")):
        yield from ordered(view, ("beta", i, "least_deg"), ("beta", i, "most_deg"))
    times = [view.epoch("beta", i, "until_utc") for i in range(view.length("beta"))]
    for i, (a, b) in enumerate(zip(times, times[1:], strict=False), 1):
        if a is not None and b is not None and not a < b:
            yield Finding(("beta", i, "until_utc"), f"{b} after {a}", "limits in the order of their ends")


RULES = (*SOURCES, _ordered)
