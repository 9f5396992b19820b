"""From a mission file to a `Scenario`: the mission with all it names, or every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import Literal, TypeVar, overload

from sim.files import paths as places
from sim.files import text as reading
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, listed, nearest, shown
from sim.scenario import catalogue, checks, craft_files, file_checks, profile_file
from sim.scenario.fields import MANY, validated
from sim.scenario.kinds import File
from sim.scenario.overrides import with_overrides
from sim.scenario.remarks import remarks
from sim.scenario.rotation import Rotation
from sim.scenario.scenario import Scenario, ValueSource
from sim.scenario.sources import without_source
from sim.scenario.view import Finding, View

F = TypeVar("F", bound=File)

# kind -> its model and its folder of the catalogue
KINDS: dict[str, tuple[type[File], Path]] = {
    "launcher": (catalogue.LauncherFile, places.VEHICLES),
    "ship": (craft_files.ShipFile, places.VEHICLES),
    "station": (craft_files.StationFile, places.VEHICLES),
    "site": (catalogue.SiteFile, places.SITES),
    "world": (catalogue.WorldFile, places.WORLDS),
    "profile": (profile_file.ProfileFile, places.PROFILES),
}


def load(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read a mission file (or one of the catalogue, by name) with `KEY=VALUE` overrides; ScenarioError tells all."""
    document = reading.read(shipped(Path(path), places.MISSIONS), places.MISSIONS)
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    mission, view, found = checked(replace(document, raw=raw), Rotation, "rotation", checks.MISSION)
    named = _Named(document, {}, [])
    if raw.get("kind") == "rotation":
        models = {key: named.model(view, key, kind) for key, kind in _references(view)}
        models["fallback",] = named.fallback(models["rendezvous", "profile"])
        found += [*named.missing, *_agreeing(view, models, document.label)]
    problems += [placed(document, key, problem, by_command_line) for key, problem in found]
    problems += [p for known in named.files.values() for p in known.problems]
    if problems or mission is None:
        raise ScenarioError(dict.fromkeys(problems))
    return _scenario(document, raw, mission, models, named)


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
def load_named(name: str, kind: Literal["profile"]) -> profile_file.ProfileFile: ...
def load_named(name: str, kind: str) -> File:
    """One file of the catalogue by its name, or of a path, as its model; ScenarioError tells every problem."""
    model, folder = KINDS[kind]
    document = reading.read(shipped(Path(name), folder), folder)
    made, _, problems = checked(document, model, kind, file_checks.BY_KIND[kind])
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(document.located(key, problem) for key, problem in problems))
    return made


def shipped(path: Path, folder: Path) -> Path:
    """The file that a name in the catalogue's `folder` stands for; any other path as it is."""
    named = folder / f"{path}.toml"
    return named if len(path.parts) == 1 and not exists(path) and exists(named) else path


def placed(document: reading.Document, key: KeyPath, problem: Problem, overridden: list[tuple[str, ...]]) -> Problem:
    """The problem with its line, or `--set` where the command line gave the key."""
    steps = tuple(str(step) for step in key)
    if any(steps[: len(o)] == o for o in overridden):
        return replace(problem, file="--set")
    return document.located(key, problem)


def checked(
    document: reading.Document, model: type[F], kind: str, rules: Iterable[Callable[[View], Iterator[Finding]]]
) -> tuple[F | None, View, list[tuple[KeyPath, Problem]]]:
    """(model or None, view, [(key, problem)]) of one file. A file of another kind has that one problem only."""
    raw, file = document.raw, document.label
    if raw.get("kind") != kind:
        value = shown(raw["kind"]) if "kind" in raw else "nothing"
        guess = nearest(kind, raw) if "kind" not in raw else None
        return None, View(raw), [(("kind",), Problem(file, "kind", value, f"'{kind}'", guess))]
    made, problems = validated(model, raw, file)
    view = View(raw, frozenset(key for key, _ in problems))
    if len(problems) <= MANY:
        problems += [(f.key, f.problem(file)) for rule in rules for f in islice(rule(view), MANY)]
    return made, view, problems


# ---- the files that a mission names


def _references(view: View) -> Iterator[tuple[KeyPath, str]]:
    """The keys of a mission that name a file, and of which kind."""
    yield ("world",), "world"
    yield ("station", "vehicle"), "station"
    yield ("launch", "vehicle"), "ship"
    yield ("launch", "launcher"), "launcher"
    yield ("launch", "site"), "site"
    yield ("rendezvous", "profile"), "profile"
    yield ("return", "site"), "site"
    for i in range(view.length("docked")):
        yield ("docked", i, "vehicle"), "ship"


@dataclass(frozen=True)
class _Read:
    """A named file: the model, or None and why not."""

    document: reading.Document | None
    model: File | None
    problems: list[Problem]


@dataclass(frozen=True)
class _Named:
    """The named files read so far, by path and kind (each is read once), and the names that stand for none."""

    mission: reading.Document
    files: dict[tuple[Path, str], _Read]
    missing: list[tuple[KeyPath, Problem]]

    def model(self, view: View, key: KeyPath, kind: str) -> File | None:
        reference = "earth" if key == ("world",) and "world" not in view.raw else view(*key)
        return self.named(reference, key, kind)

    def fallback(self, profile: File | None) -> File | None:
        """The profile that another one may go over to in flight; what is wrong with it is told at the mission's key."""
        if not isinstance(profile, profile_file.ProfileFile):
            return None
        return self.named(profile.phasing.fallback, ("rendezvous", "profile"), "profile")

    def named(self, reference: str | None, key: KeyPath, kind: str) -> File | None:
        if reference is None:
            return None
        model, folder = KINDS[kind]
        path = reading.find(reference, folder, self.mission)
        other = reading.heading(path)[0] if path else ""
        if path is None or other not in ("", kind):
            names = [n for n in reading.catalogue(folder) if reading.heading(folder / f"{n}.toml")[0] == kind]
            allowed = f"a path to a {kind} file, or one of {listed(names)}"
            found = f"'{reference}'" + (f", a {other} file" if other else "")
            finding = Finding(key, found, allowed, nearest(reference, names))
            self.missing.append((key, finding.problem(self.mission.label)))
            return None
        if (path, kind) not in self.files:
            self.files[path, kind] = _read_named(path, model, kind, folder)
        return self.files[path, kind].model


def _read_named(path: Path, model: type[File], kind: str, folder: Path) -> _Read:
    try:
        document = reading.read(path, folder)
    except ScenarioError as error:
        return _Read(None, None, error.problems)
    made, _, problems = checked(document, model, kind, file_checks.BY_KIND[kind])
    return _Read(document, made, [document.located(key, problem) for key, problem in problems])


def _agreeing(view: View, models: dict[KeyPath, File | None], file: str) -> Iterator[tuple[KeyPath, Problem]]:
    """Ports, masses and seats: the mission against the vehicles it names."""
    station = models["station", "vehicle"]
    ships = {key: model for key, model in models.items() if isinstance(model, craft_files.ShipFile)}
    vehicle_of = {view("launch", "ship"): ships.get(("launch", "vehicle"))}
    broken = {view("launch", "ship")} if models["launch", "vehicle"] is None else set()
    for i in range(view.length("docked")):
        name, model = view("docked", i, "ship"), ships.get(("docked", i, "vehicle"))
        vehicle_of[name] = model
        if model is None and "vehicle" in view.keys("docked", i):
            broken.add(name)
    known = {name: model for name, model in vehicle_of.items() if name is not None and name not in broken}
    docked = {i: ships.get(("docked", i, "vehicle")) for i in range(view.length("docked"))}
    findings = [
        *(checks.ports(view, station) if isinstance(station, craft_files.StationFile) else ()),
        *checks.masses(view, {i: model for i, model in docked.items() if model}),
        *checks.seats(view, known),
    ]
    return ((f.key, f.problem(file)) for f in findings)


def _of(model: type[F], found: File | None) -> F:
    """The named file as the model of its kind. `load` has refused the mission where one is missing or of another."""
    assert isinstance(found, model)
    return found


def _scenario(
    document: reading.Document, raw: dict, mission: Rotation, models: dict[KeyPath, File | None], named: _Named
) -> Scenario:
    own = mission.atmosphere
    sources = [ValueSource(document.label, key, text) for key, text in mission.sources.items()]
    read = [document]
    for known in named.files.values():
        assert known.model is not None and known.document is not None  # `load` has refused a file that has problems
        read.append(known.document)
        for key, text in known.model.sources.items():
            unused = own and isinstance(known.model, catalogue.WorldFile) and key.startswith("atmosphere.")
            if not unused:
                sources.append(ValueSource(known.document.label, key, text))
    ship = craft_files.ShipFile
    ships = {d.vehicle: _of(ship, models["docked", i, "vehicle"]) for i, d in enumerate(mission.docked) if d.vehicle}
    ships[mission.launch.vehicle] = _of(ship, models["launch", "vehicle"])
    station = _of(craft_files.StationFile, models["station", "vehicle"])
    launcher = _of(catalogue.LauncherFile, models["launch", "launcher"])
    launch_site, landing_site = (_of(catalogue.SiteFile, models[block, "site"]) for block in ("launch", "return"))
    world = _of(catalogue.WorldFile, models["world",])
    profile = _of(profile_file.ProfileFile, models["rendezvous", "profile"])
    fallback = _of(profile_file.ProfileFile, models["fallback",]) if models["fallback",] else None
    by_name: dict[str, File] = {
        "station_vehicle": station,
        "launcher": launcher,
        "launch_site": launch_site,
        "landing_site": landing_site,
        "world": world,
        "profile": profile,
    } | ({"fallback": fallback} if fallback else {})
    return Scenario(
        path=document.path,
        raw={**raw, "named": {**_tables(by_name), "ship_vehicles": _tables(ships)}},
        name=mission.name,
        seed=mission.seed,
        station=mission.station,
        docked=mission.docked,
        launch=mission.launch,
        trim=mission.trim,
        rendezvous=mission.rendezvous,
        faults=mission.faults,
        stay=mission.stay,
        return_=mission.return_,
        rules=mission.rules,
        atmosphere=own or world.atmosphere,
        crew=mission.crew,
        viewers=mission.viewers,
        record=mission.record,
        ship_vehicles=ships,
        station_vehicle=station,
        launcher=launcher,
        launch_site=launch_site,
        landing_site=landing_site,
        world=world,
        profile=profile,
        fallback=fallback,
        sources=tuple(sources),
        files=tuple(dict.fromkeys(path for d in read for path, _ in d.texts)),
        unsourced=(*without_source(raw), *(f"{d.label}: {key}" for d in read[1:] for key in without_source(d.raw))),
        warnings=tuple(remarks(mission)),
    )


def _tables(models: Mapping[str, File]) -> dict[str, dict]:
    return {
        name: model.model_dump(mode="json", by_alias=True, exclude={"sources"}, exclude_none=True)
        for name, model in models.items()
    }
