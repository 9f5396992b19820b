"""The files that a mission names, each read once and checked as a file of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sim.files import paths, text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.scenario import (
    arm_file,
    body_file,
    catalogue,
    craft_files,
    docking_rules,
    file_checks,
    landing_rules,
    profile_file,
    spacewalk_rules,
    suborbital_craft,
    surface_site,
    uncertainty_file,
    week_file,
    wind_file,
)
from sim.scenario.fields import MANY, validated
from sim.scenario.kind_words import kind_found
from sim.scenario.kinds import File
from sim.scenario.view import Finding, View
from sim.scenario.what_it_is import what_it_is

F = TypeVar("F", bound=File)
Found = list[tuple[KeyPath, Problem]]

# kind -> its model and its folder of the catalogue
KINDS: dict[str, tuple[type[File], Path]] = {
    "launcher": (catalogue.LauncherFile, paths.VEHICLES),
    "ship": (craft_files.ShipFile, paths.VEHICLES),
    "station": (craft_files.StationFile, paths.VEHICLES),
    "rocket_plane": (suborbital_craft.RocketPlaneFile, paths.VEHICLES),
    "site": (catalogue.SiteFile, paths.SITES),
    "world": (catalogue.WorldFile, paths.WORLDS),
    "profile": (profile_file.ProfileFile, paths.PROFILES),
    "docking_rules": (docking_rules.DockingRules, paths.DOCKING_RULES),
    "landing_rules": (landing_rules.LandingRules, paths.LANDING_RULES),
    "spacewalk_rules": (spacewalk_rules.SpacewalkRules, paths.SPACEWALK_RULES),
    "uncertainty": (uncertainty_file.UncertaintyFile, paths.UNCERTAINTIES),
    "week": (week_file.WeekFile, paths.WEEKS),
    "wind": (wind_file.WindFile, paths.WINDS),
    "arm": (arm_file.ArmFile, paths.ARMS),
    "body": (body_file.BodyFile, paths.BODIES),
    "surface_site": (surface_site.SurfaceSiteFile, paths.SURFACE_SITES),
}
# What holds where a mission does not name one.
UNNAMED = {"world": "earth", "docking_rules": "tiangong", "landing_rules": "tiangong"}


def of(model: type[F], found: File | None) -> F:
    """A named file as the model of its kind. A mission with one that is missing, or of another kind, was refused."""
    assert isinstance(found, model)
    return found


def checked(
    document: text.Document, model: type[F], kind: str, rules: Iterable[Callable[[View], Iterator[Finding]]]
) -> tuple[F | None, View, Found]:
    """(model or None, view, [(key, problem)]) of one file. A file of another kind has that one problem only."""
    raw, file = document.raw, document.label
    if raw.get("kind") != kind:
        guess = nearest(kind, raw) if "kind" not in raw else None
        return None, View(raw), [(("kind",), Problem(file, "kind", kind_found(raw), f"'{kind}'", guess))]
    made, problems = validated(model, raw, file)
    view = View(raw, frozenset(key for key, _ in problems))
    if len(problems) <= MANY:
        problems += [(f.key, f.problem(file)) for rule in rules for f in islice(rule(view), MANY)]
    return made, view, problems


@dataclass(frozen=True)
class _Read:
    """A named file: the model, or None and why not."""

    document: text.Document | None
    model: File | None
    problems: list[Problem]


@dataclass(frozen=True)
class NamedFiles:
    """The named files read so far, by path and kind (each is read once), and the names that stand for none."""

    mission: text.Document
    files: dict[tuple[Path, str], _Read]
    missing: list[tuple[KeyPath, Problem]]

    def problems(self) -> Found:
        """What is wrong inside the named files, which have their own places."""
        return [((), problem) for known in self.files.values() for problem in known.problems]

    def model(self, view: View, key: KeyPath, kind: str) -> File | None:
        absent = key[-1] in UNNAMED and key[-1] not in view.keys(*key[:-1])
        return self.named(UNNAMED[str(key[-1])] if absent else view(*key), key, kind)

    def fallback(self, profile: File | None) -> File | None:
        """The profile that another one may go over to in flight; what is wrong with it stands at the mission's key."""
        if not isinstance(profile, profile_file.ProfileFile):
            return None
        return self.named(profile.phasing.fallback, ("rendezvous", "profile"), "profile")

    def winds(self, models: Mapping[KeyPath, File | None]) -> dict[str, wind_file.WindFile]:
        """The winds that the sites of a mission name, by those names; what is wrong stands at the mission's key."""
        found = {}
        for key, site in models.items():
            if isinstance(site, catalogue.SiteFile) and site.wind is not None:
                wind = self.named(site.wind, key, "wind")
                if isinstance(wind, wind_file.WindFile):
                    found[site.wind] = wind
        return found

    def named(self, reference: str | None, key: KeyPath, kind: str) -> File | None:
        if reference is None:
            return None
        model, folder = KINDS[kind]
        path = text.find(reference, folder, self.mission)
        other = text.heading(path)[0] if path else ""
        if path is None or other not in ("", kind):
            names = [n for n in text.catalogue(folder) if text.heading(folder / f"{n}.toml")[0] == kind]
            allowed = f"a path to {'an' if kind[0] in 'aeiou' else 'a'} {kind} file, or one of {listed(names)}"
            what = what_it_is(reference)
            found = f"'{reference}'" + (f", a {other} file" if other else f", {what}" if what else "")
            finding = Finding(key, found, allowed, nearest(reference, names))
            self.missing.append((key, finding.problem(self.mission.label)))
            return None
        if (path, kind) not in self.files:
            self.files[path, kind] = _read_named(path, model, kind, folder)
        return self.files[path, kind].model


def _read_named(path: Path, model: type[File], kind: str, folder: Path) -> _Read:
    try:
        document = text.read(path, folder)
    except ScenarioError as error:
        return _Read(None, None, error.problems)
    made, _, problems = checked(document, model, kind, file_checks.BY_KIND[kind])
    return _Read(document, made, [document.located(key, problem) for key, problem in problems])
