"""The file of a suborbital flight from a carrier aircraft, and the file of its rocket plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from sim.files import paths
from sim.files.problems import ScenarioError
from sim.scenario.fields import MANY
from sim.scenario.kinds import File, Reference, Table, Utc, Words, length, within
from sim.scenario.named_files import NamedFiles, checked, of
from sim.scenario.overrides import with_overrides
from sim.scenario.scenario import ValueSource
from sim.scenario.sources import SOURCES
from sim.scenario.suborbital_craft import RocketPlaneFile
from sim.scenario.view import Finding, View, ordered

KIND = "suborbital"
Seconds = Annotated[float, within(0, 3600)]


class ReleaseTable(Table):
    """Where the carrier lets go, level flight or with a flight-path angle."""

    utc: Utc | None = None
    altitude_km: Annotated[float, within(3, 25)]
    speed_m_s: Annotated[float, within(50, 600)]
    path_angle_deg: Annotated[float, within(-30, 60)] = 0.0


class RecordTable(Table):
    """What is published of the flight; seconds after the release."""

    apogee_km: Annotated[float, within(10, 500)] | None = None
    mach: Annotated[float, within(0.1, 10)] | None = None
    burn_s: Seconds | None = None
    apogee_s: Seconds | None = None
    glide_s: Seconds | None = None
    touchdown_s: Seconds | None = None


class SuborbitalFile(File):
    """`calibrated`: the quantities of the record that the rocket plane's file was fitted to on this flight."""

    kind: Literal["suborbital"]
    note: Words = ""
    vehicle: Reference
    people_aboard: Annotated[int, within(1, 20)]
    crew: Annotated[tuple[Words, ...], length(0, 20)] = ()
    runway_m: Annotated[float, within(-400, 4000)]
    release: ReleaseTable
    record: RecordTable = RecordTable()
    calibrated: Annotated[
        tuple[Literal["apogee_km", "mach", "burn_s", "apogee_s", "glide_s", "touchdown_s"], ...], length(0, 6)
    ] = ()


@dataclass(frozen=True)
class SuborbitalScenario:
    """The flight and its rocket plane as their files have them; `raw`: as resolved; `files`: all that was read."""

    path: Path
    file: SuborbitalFile
    craft: RocketPlaneFile
    raw: dict
    sources: tuple[ValueSource, ...]
    files: tuple[Path, ...]


def load_suborbital(name: str | Path, overrides: Sequence[str] = ()) -> SuborbitalScenario:
    """A suborbital flight by its name in the catalogue, or a path, with `KEY=VALUE` overrides; ScenarioError lists all
    problems."""
    from sim.scenario.load import placed
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.SUBORBITAL, "a suborbital flight")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    document = replace(document, raw=raw)
    made, view, found = checked(document, SuborbitalFile, KIND, RULES)
    named = NamedFiles(document, {}, [])
    craft = None if found and found[0][0] == ("kind",) else named.model(view, ("vehicle",), "rocket_plane")
    found += [*named.missing, *named.problems()]
    problems += [placed(document, key, problem, by_command_line) for key, problem in found[:MANY]]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    plane = of(RocketPlaneFile, craft)
    read = [r.document for r in named.files.values() if r.document is not None]
    sources = [ValueSource(document.label, key, text) for key, text in made.sources.items()]
    sources += [ValueSource(read[0].label, key, text) for key, text in plane.sources.items()]
    files = tuple(dict.fromkeys(path for doc in (document, *read) for path, _ in doc.texts))
    resolved = {**raw, "named": {"vehicle": read[0].raw}}
    return SuborbitalScenario(document.path, made, plane, resolved, tuple(sources), files)


def _agreeing(view: View) -> Iterator[Finding]:
    crew, people = view("crew"), view("people_aboard")
    if crew and people is not None and len(crew) > people:
        yield Finding(("crew",), f"{len(crew)} names", f"{people} at the most, people_aboard")
    for quantity in view("calibrated") or ():
        if quantity not in view.keys("record"):
            yield Finding(("calibrated",), f"'{quantity}'", "a quantity that [record] has")
    yield from ordered(view, ("record", "apogee_s"), ("record", "glide_s"))
    yield from ordered(view, ("record", "glide_s"), ("record", "touchdown_s"))


RULES = (*SOURCES, _agreeing)
