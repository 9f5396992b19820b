"""The file of docking rules: which constraints close a docking window, with their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from sim.files import paths
from sim.files.problems import ScenarioError
from sim.scenario.fields import MANY
from sim.scenario.kinds import File, Table, Words, within
from sim.scenario.overrides import with_overrides
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, ordered

KIND = "docking_rules"


class Rule(Table):
    """`hard`: it closes the window; a soft one is only reported."""

    hard: bool


class LaunchRule(Rule):
    liftoff_off_most_s: Annotated[float, within(0, 3600)]
    slide_most_s: Annotated[float, within(0, 20000)]


class LinksRule(Rule):
    last_s: Annotated[float, within(60, 20000)]
    coverage_least: Annotated[float, within(0, 1)]
    gap_longest_s: Annotated[float, within(0, 20000)]
    relay_mask_km: Annotated[float, within(0, 300)]
    elevation_least_deg: Annotated[float, within(0, 60)]


class CameraRule(Rule):
    angle_least_deg: Annotated[float, within(0, 180)]


class FaceRule(Rule):
    elevation_least_deg: Annotated[float, within(-90, 90)]


class SunlightRule(Rule):
    about_s: Annotated[float, within(0, 3600)]


class PassRule(Rule):
    elevation_least_deg: Annotated[float, within(-90, 89)]


class ClockRule(Rule):
    from_h: Annotated[float, within(0, 24)]
    until_h: Annotated[float, within(0, 24)]


class ReturnRule(Rule):
    first_h: Annotated[float, within(0, 100)]
    last_h: Annotated[float, within(0.1, 100)]
    side_most_km: Annotated[float, within(0, 20000)]


class ReturnLightRule(Rule):
    sun_least_deg: Annotated[float, within(-90, 90)]


class DockingRules(File):
    kind: Literal["docking_rules"]
    note: Words = ""
    launch: LaunchRule
    trim: Rule
    phase: Rule
    beta: Rule
    links: LinksRule
    camera_sun: CameraRule
    port_light: FaceRule
    sunlight: SunlightRule
    home_pass: PassRule
    crew_day: ClockRule
    return_pass: ReturnRule
    return_light: ReturnLightRule


@dataclass(frozen=True)
class RulesRead:
    """The rules, the file as resolved (`raw`), and the files that were read."""

    rules: DockingRules
    raw: dict
    files: tuple[Path, ...]


def load_rules(name: str, overrides: Sequence[str] = ()) -> RulesRead:
    """A file of rules by its name in the catalogue, or a path, with `KEY=VALUE` overrides; ScenarioError lists all."""
    from sim.scenario.load import checked, placed
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.DOCKING_RULES, "docking rules")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, _, found = checked(replace(document, raw=raw), DockingRules, KIND, RULES)
    problems += [placed(document, key, problem, by_command_line) for key, problem in found[:MANY]]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    return RulesRead(made, raw, tuple(dict.fromkeys(path for path, _ in document.texts)))


def _ordered(view: View):
    yield from ordered(view, ("crew_day", "from_h"), ("crew_day", "until_h"))
    yield from ordered(view, ("return_pass", "first_h"), ("return_pass", "last_h"))


def _window(view: View):
    gap, last = view("links", "gap_longest_s"), view("links", "last_s")
    if gap is not None and last is not None and gap > last:
        yield Finding(("links", "gap_longest_s"), str(gap), f"at most links.last_s, {last}")


RULES = (*SOURCES, _ordered, _window)
