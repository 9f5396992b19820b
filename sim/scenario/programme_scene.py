"""The programme's scene on a day: who is docked where and who is aboard, as a mission's `[[docked]]` and `[[crew]]`.

A mission that names its `programme` has these blocks from there, so that ships, ports and crews stand in one file.
Where such a mission writes a block itself, every difference is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from sim.catalogue.facts import facts
from sim.core.epoch import Epoch
from sim.files import paths, text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.scenario.programme import Programme, load_programme
from sim.scenario.programme_file import PersonTable, ProgrammeShip
from sim.scenario.programme_record import instant
from sim.scenario.view import Finding

AGREE = {"docked": ("port", "vehicle"), "crew": ("role", "nation", "ship_up", "ship_down")}
NAMED = {"docked": "ship", "crew": "name"}


@dataclass(frozen=True)
class ProgrammeScene:
    """`docked` and `crew` as tables of a mission file, and the `sources` of their values."""

    docked: list[dict]
    crew: list[dict]
    sources: dict[str, str]


@dataclass(frozen=True)
class OfProgramme:
    """A mission's document with the scene of its programme, what was wrong, where it differs, and what was read."""

    document: text.Document
    problems: list[tuple[KeyPath, Problem]] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


def scene(programme: Programme, ship: str | None, at: Epoch | None = None) -> ProgrammeScene:
    """The scene just before the launch of `ship`, with its crew, or else at an instant.

    Ships with seats stand first, then by when they docked; the crew that goes up first, then who is up, the last come
    first. KeyError for a ship that the programme does not have.
    """
    file = programme.file
    when = at if at is not None else instant(file.ships[ship or ""].launch_utc)
    docked: list[dict] = []
    sources: dict[str, str] = {}
    for name, port, i in _docked(programme, when, ship):
        kind = file.kinds[file.ships[name].kind]
        block = {"ship": name, "port": port, "mass_kg": kind.docked_mass_kg}
        if kind.docked_propellant_kg is not None:
            block |= {"vehicle": kind.vehicle, "propellant_kg": kind.docked_propellant_kg}
        key, outer = f"docked.{len(docked)}", f"kinds.{file.ships[name].kind}.docked"
        for part in ("mass_kg", "propellant_kg"):
            if part in block:
                sources[f"{key}.{part}"] = file.sources.get(f"{outer}_{part}", "assumed")
        if source := _source_of_port(file.ships[name].record, i):
            sources[f"{key}.port"] = source
        docked.append(block)
    crew: list[dict] = []
    for up, place, person in _people(programme, when, ship):
        _add_source(programme, sources, up, place, len(crew), fresh=up == ship)
        crew.append(_member(file.ships[up], up, person, fresh=up == ship))
    return ProgrammeScene(docked, crew, sources)


def with_programme(document: text.Document) -> OfProgramme:
    """The document with the blocks of its programme, where it names one and does not write them itself."""
    raw = document.raw
    reference = raw.get("programme")
    if not isinstance(reference, str):
        return OfProgramme(document)
    path = text.find(reference, paths.ROTATIONS, document)
    if path is None:
        names = text.catalogue(paths.ROTATIONS)
        missing = Finding(
            ("programme",), f"'{reference}'", f"a path, or one of {listed(names)}", nearest(reference, names)
        )
        return OfProgramme(document, [(missing.key, missing.problem(document.label))])
    try:
        texts = text.read(path, paths.ROTATIONS).texts
        programme = _programme(texts, str(path))
    except ScenarioError as error:
        return OfProgramme(document, [((), problem) for problem in error.problems])
    ship, at = _when(raw, programme)
    if ship is None and at is None:
        finding = Finding(("programme",), f"'{reference}', which has no ship of this mission", "a programme that has")
        return OfProgramme(document, [(finding.key, finding.problem(document.label))])
    made = scene(programme, ship, at)
    given = [key for key in NAMED if key in raw]
    warnings = tuple(str(f.problem(document.label)) for key in given for f in _differences(raw, key, made))
    filled = {"docked": made.docked, "crew": made.crew}
    own = raw.get("sources")
    sources = {k: v for k, v in made.sources.items() if k.partition(".")[0] not in given}
    resolved = {
        **raw,
        **{key: blocks for key, blocks in filled.items() if key not in given},
        "sources": {**sources, **own} if isinstance(own, dict) else own if own is not None else sources,
    }
    return OfProgramme(replace(document, raw=resolved), [], warnings, tuple(read for read, _ in texts))


def programme_of(path: Path) -> Programme:
    """The programme of a file, read once as long as its text stays the same; ScenarioError lists every problem."""
    return _programme(text.read(path, paths.ROTATIONS).texts, str(path))


@lru_cache(maxsize=8)
def _programme(texts: tuple[tuple[Path, str], ...], path: str) -> Programme:
    """By the texts themselves: a file that was edited is read anew."""
    return load_programme(path, alternatives=False)


def _when(raw: dict, programme: Programme) -> tuple[str | None, Epoch | None]:
    """The ship of the mission that goes up, or the instant at which it starts."""
    launch, ships, station = raw.get("launch"), raw.get("ships"), raw.get("station")
    tables = [launch, *(ships if isinstance(ships, list) else ())]
    for table in tables:
        name = table.get("ship") if isinstance(table, dict) else None
        if isinstance(name, str) and name in programme.file.ships:
            return name, None
    start = station.get("start_utc") if isinstance(station, dict) else None
    if launch is None and not ships and isinstance(start, str):
        try:
            return None, instant(start)
        except ValueError:  # refused by its own key
            pass
    return None, None


def _differences(raw: dict, key: str, made: ProgrammeScene) -> Iterator[Finding]:
    """Where the mission's own blocks are not those of the programme."""
    known = {block[NAMED[key]]: block for block in getattr(made, key)}
    blocks = raw[key] if isinstance(raw[key], list) else []
    for i, block in enumerate(blocks[:50]):
        name = block.get(NAMED[key]) if isinstance(block, dict) else None
        if not isinstance(name, str):
            continue
        if name not in known:
            allowed = f"as the programme has it then: {listed(known)}"
            yield Finding((key, i, NAMED[key]), f"'{name}'", allowed, nearest(name, known))
            continue
        for part in AGREE[key]:
            if block.get(part) != known[name].get(part):
                theirs = known[name].get(part)
                allowed = f"'{theirs}', as the programme has it then" if theirs else "no such key, as in the programme"
                yield Finding((key, i, part), f"'{block.get(part)}'", allowed)
    written = {block.get(NAMED[key]) for block in blocks if isinstance(block, dict)}
    for name in known:
        if name not in written:
            yield Finding((key,), f"no block of {name}", f"one, as in the programme; or no {key}, which gives them all")


def _docked(programme: Programme, at: Epoch, launched: str | None) -> list[tuple[str, str, int]]:
    """(ship, port, which of its stays) of all that are docked then at a port of the station's own."""
    found = []
    for name, ship in programme.file.ships.items():
        for i, stay in enumerate(ship.stays):
            start = instant(stay.docked_utc)
            end = instant(stay.undocked_utc) if stay.undocked_utc else None
            side = stay.port in programme.file.station.side_ports
            if start <= at and (end is None or at < end) and not side and name != launched:
                seats = programme.seats[ship.kind]
                found.append((-seats, start, name, stay.port, i))
    return [(name, port, i) for _, _, name, port, i in sorted(found)]


def _people(programme: Programme, at: Epoch, launched: str | None) -> Iterator[tuple[str, int, PersonTable]]:
    """(ship up, place in its crew, person): those who go up, then those who are up, the last come first."""
    ships = programme.file.ships
    up = sorted(ships, key=lambda name: instant(ships[name].launch_utc), reverse=True)
    for name in (*([launched] if launched else ()), *(other for other in up if other != launched)):
        came = instant(ships[name].stays[0].docked_utc) if ships[name].stays else None
        for place, person in enumerate(ships[name].crew):
            home = ships[person.ship_down or name].stays
            left = instant(home[-1].undocked_utc) if home and home[-1].undocked_utc else None
            if name == launched or (came is not None and came <= at and (left is None or at < left)):
                yield name, place, person


def _member(ship: ProgrammeShip, up: str, person: PersonTable, fresh: bool) -> dict:
    member = {"name": person.name, "role": person.role, "nation": person.nation, "ship_up": up}
    if not fresh:
        member["ship_up_utc"] = ship.launch_utc
    member["ship_down"] = person.ship_down or up
    return {**member, "note": person.note} if person.note else member


def _add_source(programme: Programme, sources: dict[str, str], up: str, place: int, i: int, fresh: bool) -> None:
    """The sources of one of the crew, from those of the programme."""
    given, key, record = programme.file.sources, f"ships.{up}.crew", programme.file.ships[up].record
    if source := given.get(f"{key}.{place}", given.get(key)):
        sources[f"crew.{i}"] = source
    if source := given.get(f"{key}.{place}.ship_down"):
        sources[f"crew.{i}.ship_down"] = source
    if record and not fresh:
        sources[f"crew.{i}.ship_up_utc"] = f"fact:{record}.launch"


def _source_of_port(record: str | None, stay: int) -> str | None:
    """The part of a ship's record that gives the port of its stay of that number."""
    if record is None or record not in facts():
        return None
    value = facts()[record].value
    if not isinstance(value, dict):
        return None
    if stay < len(value.get("stays", ())):
        return f"fact:{record}.stays.{stay}.port"
    return f"fact:{record}.port" if "port" in value else None
