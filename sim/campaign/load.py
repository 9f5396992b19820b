"""From a campaign file to a `Campaign`, or every problem at once; and whether a mission has what it disperses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.campaign import words
from sim.campaign.words import DISPERSED, Dispersible, Dispersion
from sim.catalogue.facts import UnknownName, value
from sim.files import paths, text
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.scenario import Scenario
from sim.scenario.campaign_file import CampaignFile, DispersionTable
from sim.scenario.load import checked, placed
from sim.scenario.overrides import BY_COMMAND_LINE, with_overrides
from sim.scenario.sequence_file import AscentEntry
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing
from sim.scenario.what_it_is import read_named

FARTHEST_NORMAL = 6.8  # sigmas; the generator makes none beyond 6.76
LEAST_SHARE = 1e-3  # of a drawn wind, at the height where it blows most
UNITS = ("percent", "m", "m_s", "deg", "deg_s")
SPREADS = {f"{word}_{unit}": unit for word in ("sigma", "half_width") for unit in UNITS}


@dataclass(frozen=True)
class Campaign:
    """A campaign file read and checked; `raw` as resolved. `mission`: the file it names, if any; `settings`: value by
    path; `required`: sigma by quantity."""

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


def stored_campaign(raw: dict, label: str) -> Campaign:
    """A campaign as its directory holds it."""
    return _campaign(label, raw, CampaignFile.model_validate(raw), None)


def _campaign(label: str, raw: dict, file: CampaignFile, mission: Path | None) -> Campaign:
    wind = file.wind and tuple((1e3 * h, s) for h, s in zip(file.wind.height_km, file.wind.share, strict=True))
    made = tuple(_dispersion(table, wind or ()) for table in file.dispersions)
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


def _dispersion(table: DispersionTable, wind: tuple[tuple[float, float], ...]) -> Dispersion:
    target = words.PATHS[words.unstaged(table.path)]
    spread = next(float(v) for v in (getattr(table, key) for key in SPREADS) if v is not None)
    limit = math.inf if table.limit_sigmas is None else float(table.limit_sigmas)
    profile = wind if target.profiled else ()
    return Dispersion(
        path=table.path,
        law=table.law,
        spread=spread,
        unit=target.unit,
        limit=limit,
        profile=profile,
        source=table.source,
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
    if not any(words.stage_named(d.path) for d in campaign.dispersions):
        return
    names = {entry.launcher for entry in scenario.sequence if isinstance(entry, AscentEntry)}
    stages = tuple(stage.name for name in names for stage in scenario.named.launchers[name].stages)
    problems = []
    for i, d in enumerate(campaign.dispersions):
        name = words.stage_named(d.path)
        if name is not None and name not in stages:
            allowed = f"a stage of the mission's launcher: {listed(stages)}"
            key = f"dispersions.{i}.path"
            problems.append(Problem(campaign.label, key, f"'{d.path}'", allowed, nearest(name, stages)))
    if problems:
        raise ScenarioError(problems)


# ---- what no single key can get wrong


def _each(view: View) -> Iterator[tuple[int, str, Dispersible]]:
    """The dispersions whose path is one."""
    for i in range(view.length("dispersions")):
        path = view("dispersions", i, "path")
        target = words.known(path) if path else None
        if target:
            yield i, path, target


def dispersion_paths(view: View) -> Iterator[Finding]:
    """A path is one, belongs to the phase, and is dispersed once."""
    phase = view("phase")
    seen: dict[str, int] = {}
    if phase is not None and phase not in DISPERSED:
        yield Finding(("phase",), f"'{phase}'", f"a phase that can be dispersed: {listed(DISPERSED)}")
    for i in range(view.length("dispersions")):
        path = view("dispersions", i, "path")
        if path is None:
            continue
        key = ("dispersions", i, "path")
        if words.known(path) is None:
            yield Finding(key, f"'{path}'", listed(words.paths()), nearest(path, words.PATHS))
            continue
        if phase in DISPERSED and not path.startswith(DISPERSED[phase].targets):
            begins = ", ".join(DISPERSED[phase].targets)
            yield Finding(key, f"'{path}' in the phase '{phase}'", f"a path that begins with one of {begins}")
        for other in _overlapping(path, seen):
            yield Finding(key, f"'{path}', which dispersions.{seen[other]} disperses too", "each thing once")
        seen[path] = i


def settings(view: View) -> Iterator[Finding]:
    """What is set is one number that the phase knows, and is not dispersed or set besides."""
    phase = DISPERSED.get(view("phase"))
    taken = [view("dispersions", i, "path") for i in range(view.length("dispersions"))]
    begins = (*phase.settings, *phase.targets) if phase else ()
    single = [path for path in words.paths() if words.settable(path) and path.startswith(begins)]
    for i in range(view.length("settings")):
        path, key = view("settings", i, "path"), ("settings", i, "path")
        if path is not None and (not words.settable(path) or not path.startswith(begins)):
            yield Finding(key, f"'{path}'", listed(single), nearest(path, single))
        elif path in taken:
            yield Finding(key, f"'{path}', which is dispersed or set already", "each thing once")
        taken.append(path)


def _overlapping(path: str, seen: Iterable[str]) -> Iterator[str]:
    """Those that write over the same thing: the same path, or all stages and one of them."""
    whole, one = path.rpartition(".")[2], words.stage_named(path)
    for other in seen:
        its = words.stage_named(other)
        same_kind = other.startswith("launcher.") and path.startswith("launcher.") and other.endswith(f".{whole}")
        if other == path or (same_kind and (one is None) != (its is None)):
            yield other


def spreads(view: View) -> Iterator[Finding]:
    """One spread, of the law's kind and in the path's unit, with which no quantity can become negative."""
    for i, _, target in _each(view):
        law, unit = view("dispersions", i, "law"), target.unit.replace("/", "_")
        given = [key for key in SPREADS if key in view.keys("dispersions", i)]
        spread_key = f"{'half_width' if law == 'uniform' else 'sigma'}_{unit}"
        if law is None:
            continue
        if given != [spread_key]:
            yield Finding(("dispersions", i), ", ".join(given) or "no spread", f"{spread_key}, for this path and law")
            continue
        spread, limit = view("dispersions", i, spread_key), view("dispersions", i, "limit_sigmas")
        if law == "lognormal" and unit != "percent":
            yield Finding(("dispersions", i, "law"), "'lognormal' for what may be negative", "'normal' or 'uniform'")
        if law == "uniform" and "limit_sigmas" in view.keys("dispersions", i):
            yield Finding(("dispersions", i, "limit_sigmas"), "a limit of a uniform law", "none: its width is one")
        farthest = (limit or FARTHEST_NORMAL) if law == "normal" else 1.0
        if spread is not None and unit == "percent" and law != "lognormal" and spread * farthest >= 100.0:
            allowed = f"less than {100.0 / farthest:.4g}, or a limit_sigmas: nothing would be left of it"
            yield Finding(
                ("dispersions", i, spread_key), f"{spread}, of which {farthest:g} times may be added", allowed
            )


def wind(view: View) -> Iterator[Finding]:
    needed = [path for _, path, target in _each(view) if target.profiled]
    if needed and "wind" not in view.raw:
        yield Finding(("wind",), "nothing", f"a table with height_km and share, which {needed[0]} needs")
    height, share = view("wind", "height_km"), view("wind", "share")
    if height and share and len(height) != len(share):
        yield Finding(("wind", "share"), f"{len(share)} shares for {len(height)} heights", "one for each")
    if share and max(map(abs, share)) < LEAST_SHARE:
        found = f"{max(map(abs, share)):g} at most"
        yield Finding(("wind", "share"), found, "a share that lets a drawn wind blow somewhere")
    yield from increasing(view, ("wind", "height_km"))


def requirements(view: View) -> Iterator[Finding]:
    known = DISPERSED[view("phase")].quantities if view("phase") in DISPERSED else None
    for i in range(view.length("requirements")):
        name = view("requirements", i, "quantity")
        if known and name is not None and name not in known:
            yield Finding(("requirements", i, "quantity"), f"'{name}'", listed(known), nearest(name, known))


def sources(view: View) -> Iterator[Finding]:
    """A fact that is named is one."""
    for table in ("dispersions", "settings", "requirements"):
        for i in range(view.length(table)):
            source = view(table, i, "source")
            if source and source.startswith("fact:"):
                try:
                    value(source.removeprefix("fact:"))
                except UnknownName:
                    yield Finding((table, i, "source"), f"'{source}'", "a fact that `tiangong facts` knows")


RULES = (*SOURCES, dispersion_paths, settings, spreads, wind, requirements, sources)
