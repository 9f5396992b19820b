"""From a campaign file to a `Campaign`, or every problem at once; and whether a mission has what it disperses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.campaign.words import ALL, DISPERSED, HOME
from sim.files import paths, text
from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.scenario import Scenario, dispersible, dispersion_checks
from sim.scenario.campaign_file import CampaignFile
from sim.scenario.dispersible import Dispersion
from sim.scenario.dispersions import dispersion, wind_profile
from sim.scenario.load import checked, placed
from sim.scenario.overrides import BY_COMMAND_LINE, with_overrides
from sim.scenario.sequence_file import AscentEntry
from sim.scenario.sources import SOURCES
from sim.scenario.uncertainty_file import UncertaintyFile
from sim.scenario.view import Finding, View
from sim.scenario.what_it_is import read_named

ONE_PHASE = tuple(phase for phase in DISPERSED if phase != ALL)


@dataclass(frozen=True)
class Campaign:
    """A campaign file read and checked; `raw` as resolved. `mission`: the file it names, if any; `settings`: value by
    path; `required`: sigma by quantity; `halfwidth`: of the 95 % interval of success, once it is known well enough."""

    label: str
    raw: dict
    name: str
    phase: str
    mission: Path | None
    runs: int
    seed: int
    dispersions: tuple[Dispersion, ...]
    settings: dict[str, float]
    required: dict[str, float]
    halfwidth: float | None = None


def load_campaign(file: str | Path, overrides: Sequence[str] = ()) -> Campaign:
    """Read a campaign file (or one of the catalogue, by name); ScenarioError lists every problem."""
    document = read_named(file, paths.CAMPAIGNS, "a campaign")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, _, found = checked(replace(document, raw=raw), CampaignFile, "campaign", RULES)
    problems += [placed(document, key, problem, by_command_line) for key, problem in found]
    named = raw.get("mission")
    mission = text.find(named, paths.MISSIONS, document) if isinstance(named, str) else None
    if made and made.mission and mission is None:
        names = text.catalogue(paths.MISSIONS)
        missing = Finding(
            ("mission",), f"'{named}'", f"a path, or one of {listed(names)}", nearest(made.mission, names)
        )
        problems.append(placed(document, missing.key, missing.problem(document.label), by_command_line))
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    return _campaign(document.label, raw, made, mission)


def of_whole_flights(uncertainty: UncertaintyFile, label: str) -> Campaign:
    """Whole flights of a mission, dispersed by what its uncertainty says."""
    wind = wind_profile(uncertainty.wind)
    return Campaign(
        label=label,
        raw=uncertainty.model_dump(mode="json", by_alias=True, exclude_none=True),
        name=uncertainty.name,
        phase=ALL,
        mission=None,
        runs=500,
        seed=0,
        dispersions=tuple(dispersion(table, wind) for table in uncertainty.dispersions),
        settings={},
        required={},
    )


def of_returns(uncertainty: UncertaintyFile, label: str, seed: int) -> Campaign:
    """Returns of a mission, dispersed by what of its uncertainty touches one; as a campaign file would say it."""
    found = uncertainty.model_dump(mode="json", by_alias=True, exclude_none=True)
    laws = [table for table in found["dispersions"] if table["path"].startswith(DISPERSED[HOME].targets)]
    if not laws:
        begin = ", ".join(DISPERSED[HOME].targets)
        raise BadInput(
            f"{label}: nothing is dispersed that touches a return; give a path that begins with one of {begin}"
        )
    raw = {"schema": 1, "kind": "campaign", "name": uncertainty.name, "phase": HOME, "runs": 1000, "seed": seed}
    return _campaign(label, raw | {"dispersions": laws}, CampaignFile.model_validate(raw | {"dispersions": laws}), None)


def stored_campaign(raw: dict, label: str) -> Campaign:
    """A campaign as its directory holds it."""
    if raw.get("kind") == "uncertainty":
        return of_whole_flights(UncertaintyFile.model_validate(raw), label)
    return _campaign(label, raw, CampaignFile.model_validate(raw), None)


def _campaign(label: str, raw: dict, file: CampaignFile, mission: Path | None) -> Campaign:
    wind = wind_profile(file.wind)
    made = tuple(dispersion(table, wind) for table in file.dispersions)
    required = {r.quantity: float(r.sigma) for r in file.requirements}
    settings = {s.path: float(s.value) for s in file.settings}
    return Campaign(
        label=label,
        raw=raw,
        name=file.name,
        phase=file.phase,
        mission=mission,
        runs=file.runs,
        seed=file.seed,
        dispersions=made,
        settings=settings,
        required=required,
    )


def with_setting(campaign: Campaign, path: str, value: float) -> Campaign:
    """The campaign with one thing set for all runs by the command line; ScenarioError where it cannot be."""
    setting = {"path": path, "value": value, "source": BY_COMMAND_LINE}
    raw = {**campaign.raw, "settings": [*campaign.raw.get("settings", ()), setting]}
    made, _, found = checked(text.Document(Path("--sweep"), raw, ()), CampaignFile, "campaign", RULES)
    if made is None or found:
        raise ScenarioError(dict.fromkeys(problem for _, problem in found))
    return _campaign(campaign.label, raw, made, campaign.mission)


def fits(campaign: Campaign, scenario: Scenario) -> None:
    """ScenarioError where a path names a stage that the mission's launcher does not have."""
    if not any(dispersible.stage_named(d.path) for d in campaign.dispersions):
        return
    names = {entry.launcher for entry in scenario.sequence if isinstance(entry, AscentEntry)}
    stages = tuple(stage.name for name in names for stage in scenario.named.launchers[name].stages)
    problems = []
    for i, d in enumerate(campaign.dispersions):
        name = dispersible.stage_named(d.path)
        if name is not None and name not in stages:
            allowed = f"a stage of the mission's launcher: {listed(stages)}"
            key = f"dispersions.{i}.path"
            problems.append(Problem(campaign.label, key, f"'{d.path}'", allowed, nearest(name, stages)))
    if problems:
        raise ScenarioError(problems)


# ---- what no single key can get wrong


def dispersion_paths(view: View) -> Iterator[Finding]:
    """A path is one, belongs to the phase, and is dispersed once."""
    phase = view("phase")
    if phase is not None and (phase not in DISPERSED or phase == ALL):
        yield Finding(("phase",), f"'{phase}'", f"a phase that can be dispersed: {listed(ONE_PHASE)}")
    begins = DISPERSED[phase].targets if phase in DISPERSED else ()
    yield from dispersion_checks.paths(view, begins, f"the phase '{phase}'")


def settings(view: View) -> Iterator[Finding]:
    """What is set is one number that the phase knows, and is not dispersed or set besides."""
    phase = DISPERSED.get(view("phase"))
    taken = [view("dispersions", i, "path") for i in range(view.length("dispersions"))]
    begins = (*phase.settings, *phase.targets) if phase else ()
    single = [path for path in dispersible.paths() if dispersible.settable(path) and path.startswith(begins)]
    for i in range(view.length("settings")):
        path, key = view("settings", i, "path"), ("settings", i, "path")
        if path is not None and (not dispersible.settable(path) or not path.startswith(begins)):
            yield Finding(key, f"'{path}'", listed(single), nearest(path, single))
        elif path in taken:
            yield Finding(key, f"'{path}', which is dispersed or set already", "each thing once")
        taken.append(path)


def requirements(view: View) -> Iterator[Finding]:
    known = DISPERSED[view("phase")].quantities if view("phase") in DISPERSED else None
    for i in range(view.length("requirements")):
        name = view("requirements", i, "quantity")
        if known and name is not None and name not in known:
            yield Finding(("requirements", i, "quantity"), f"'{name}'", listed(known), nearest(name, known))


RULES = (
    *SOURCES,
    dispersion_paths,
    settings,
    dispersion_checks.spreads,
    dispersion_checks.wind,
    requirements,
    dispersion_checks.sources,
)
