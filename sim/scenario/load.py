"""From a mission file to a `Scenario`: the mission with all it names, or every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, overload

from sim.files import paths, text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError
from sim.scenario import arm_file, body_file, catalogue, craft_files, file_checks, profile_file, wind_file
from sim.scenario.kinds import File
from sim.scenario.mission_dates import mission_dates
from sim.scenario.named_files import KINDS, checked
from sim.scenario.overrides import with_overrides
from sim.scenario.rotation_scenario import rotation_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.sequence_reading import has_sequence
from sim.scenario.sequence_scenario import sequence_scenario
from sim.scenario.station_elements import with_station_elements
from sim.scenario.what_it_is import read_named, shipped

__all__ = ["KINDS", "checked", "load", "load_named", "placed", "shipped"]


def load(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read a mission file (or one of the catalogue, by name) with `KEY=VALUE` overrides; ScenarioError lists all."""
    return load_document(read_named(path, paths.MISSIONS, "a mission"), overrides)


def load_document(read: text.Document, overrides: Sequence[str] = ()) -> Scenario:
    """The same of a mission that was read already, or made; ScenarioError lists every problem."""
    from sim.scenario.programme_scene import with_programme  # which reads with what stands here

    of_programme = with_programme(read)
    document = of_programme.document
    raw, problems = with_overrides(document.raw, overrides)
    problems += [document.located(key, problem) for key, problem in of_programme.problems]
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    elements = with_station_elements(document, raw)
    raw, problems = elements.raw, [*problems, *elements.problems]
    scenario_of = sequence_scenario if has_sequence(raw) else rotation_scenario
    scenario, found = scenario_of(replace(document, raw=raw))
    if elements.problems:  # the file is there: what is wrong in it has been reported
        found = [(key, problem) for key, problem in found if key != ("station", "elements")]
    problems += [placed(document, key, problem, by_command_line) for key, problem in found]
    if scenario is not None:
        late = [(f.key, f.problem(document.label)) for f in mission_dates(scenario)]
        problems += [placed(document, key, problem, by_command_line) for key, problem in late]
    if problems or scenario is None:
        raise ScenarioError(dict.fromkeys(problems))
    files = (*scenario.files, *of_programme.files, *([elements.path] if elements.path is not None else ()))
    warnings = (*scenario.warnings, *of_programme.warnings, *elements.warnings)
    return replace(scenario, files=tuple(dict.fromkeys(files)), warnings=warnings)


@overload
def load_named(name: str, kind: Literal["launcher"]) -> catalogue.LauncherFile: ...
@overload
def load_named(name: str, kind: Literal["ship"]) -> craft_files.ShipFile: ...
@overload
def load_named(name: str, kind: Literal["station"]) -> craft_files.StationFile: ...
@overload
def load_named(name: str, kind: Literal["site"]) -> catalogue.SiteFile: ...
@overload
def load_named(name: str, kind: Literal["world"]) -> catalogue.WorldFile: ...
@overload
def load_named(name: str, kind: Literal["wind"]) -> wind_file.WindFile: ...
@overload
def load_named(name: str, kind: Literal["arm"]) -> arm_file.ArmFile: ...
@overload
def load_named(name: str, kind: Literal["body"]) -> body_file.BodyFile: ...
@overload
def load_named(name: str, kind: Literal["profile"]) -> profile_file.ProfileFile: ...
def load_named(name: str, kind: str) -> File:
    """One file of the catalogue by its name, or of a path, as its model; ScenarioError lists every problem."""
    model, folder = KINDS[kind]
    document = read_named(name, folder, f"a {kind}")
    made, _, problems = checked(document, model, kind, file_checks.BY_KIND[kind])
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(document.located(key, problem) for key, problem in problems))
    return made


def placed(document: text.Document, key: KeyPath, problem: Problem, overridden: list[tuple[str, ...]]) -> Problem:
    """The problem with its line, or `--set` where the command line gave the key."""
    steps = tuple(str(step) for step in key)
    if any(steps[: len(o)] == o for o in overridden):
        return replace(problem, file="--set")
    return document.located(key, problem)
