"""From a programme file to a `Programme`: the file with its records and the vehicles it names, or every problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.files import paths, text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, dotted
from sim.scenario import programme_checks
from sim.scenario.craft_files import ShipFile, StationFile
from sim.scenario.kinds import File
from sim.scenario.load import checked, placed
from sim.scenario.named_files import NamedFiles, of
from sim.scenario.overrides import with_overrides
from sim.scenario.programme_file import ProgrammeFile
from sim.scenario.programme_record import from_record, with_records
from sim.scenario.sources import without_source
from sim.scenario.what_it_is import read_named

KIND = "programme"


@dataclass(frozen=True)
class Programme:
    """A programme read and checked; `raw` as resolved, with its records. `seats`: of each kind of ship; `ports`: of the
    station, those at its sides too. `files`: all that was read; `unsourced`: the numbers without a source, by key."""

    label: str
    raw: dict
    file: ProgrammeFile
    seats: Mapping[str, int]
    ports: tuple[str, ...]
    files: tuple[Path, ...]
    unsourced: tuple[str, ...]


def load_programme(file: str | Path, overrides: Sequence[str] = (), alternatives: bool = True) -> Programme:
    """Read a programme file (or one of the catalogue, by name); ScenarioError lists every problem.

    `overrides`: texts `KEY=VALUE`, set after the records are filled in. `alternatives`: whether
    those of the file are read as well, which takes as long for each.
    """
    document = read_named(file, paths.ROTATIONS, "a programme")
    programme = _read(document, overrides)
    problems: list[Problem] = []
    for i, other in enumerate(programme.file.alternatives if alternatives else ()):
        try:
            alternative(programme, other.name)
        except ScenarioError as error:
            key = ("alternatives", i, "set")
            problems += [document.located(key, replace(p, key=f"{dotted(key)}: {p.key}")) for p in error.problems]
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return programme


def alternative(programme: Programme, name: str) -> Programme:
    """The programme as one of its alternatives has it; KeyError for a name that it does not have."""
    chosen = {a.name: a for a in programme.file.alternatives}[name]
    return changed(programme, chosen.set)


def changed(programme: Programme, overrides: Sequence[str]) -> Programme:
    """The programme with other values; ScenarioError where they are not allowed."""
    document = text.Document(Path(programme.label), programme.raw, ())
    made = _read(document, overrides)
    return replace(made, label=programme.label, files=programme.files)


def _read(document: text.Document, overrides: Sequence[str]) -> Programme:
    raw, problems = with_overrides(with_records(document.raw), overrides)
    raw = with_records(raw)  # a record that the command line gave
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    document = replace(document, raw=raw)
    made, view, found = checked(document, ProgrammeFile, KIND, programme_checks.RULES)
    named = NamedFiles(document, {}, [])
    seats: dict[str, int] = {}
    station: File | None = None
    if raw.get("kind") == KIND:
        station = named.model(view, ("station", "vehicle"), "station")
        for kind in view.keys("kinds"):
            model = named.model(view, ("kinds", kind, "vehicle"), "ship")
            if isinstance(model, ShipFile) or view("kinds", kind, "vehicle") is None:
                seats[kind] = model.crew_seats if isinstance(model, ShipFile) else 0
        findings = [*programme_checks.seats(view, seats)]
        if isinstance(station, StationFile):
            findings += programme_checks.ports(view, tuple(station.ports))
        found += [*named.missing, *((f.key, f.problem(document.label)) for f in findings), *named.problems()]
    problems += [_placed(document, key, problem, by_command_line) for key, problem in found]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    read = [document, *(known.document for known in named.files.values() if known.document is not None)]
    return Programme(
        label=document.label,
        raw=raw,
        file=made,
        seats=seats,
        ports=(*of(StationFile, station).ports, *made.station.side_ports),
        files=tuple(dict.fromkeys(path for d in read for path, _ in d.texts)),
        unsourced=tuple(key for key in without_source(raw) if not from_record(raw, key)),
    )


def _placed(document: text.Document, key: KeyPath, problem: Problem, by_command_line: list[tuple[str, ...]]) -> Problem:
    """With its line; what a record says stands where the record is named."""
    found = placed(document, key, problem, by_command_line)
    outer = key[:2] if key[:1] in (("ships",), ("evas",), ("contingencies",), ("avoidances",)) else ()
    if found.line is None and found.file != "--set" and len(outer) == 2:
        return document.located((*outer, "record"), problem)
    return found
