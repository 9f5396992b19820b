"""The file of a site on another body: where it lies on the body's maps, its horizon, who calls it, by which relay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from sim.catalogue.places import places
from sim.files import paths
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.files.text import Document, catalogue, find
from sim.scenario.body_file import BodyFile
from sim.scenario.fields import MANY
from sim.scenario.kinds import Day, File, Reference, Words, length, within
from sim.scenario.overrides import with_overrides
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View

KIND = "surface_site"
A_SITE = "a site on another body"
EARTH = "earth"


class SurfaceSiteFile(File):
    """`latitude_deg` and `longitude_deg` in the axes of the body's maps, planetocentric, east; `height_m` over its mean
    sphere. `horizon_deg`: the mean elevation of the horizon, which what is seen or heard stands above."""

    kind: Literal["surface_site"]
    note: Words = ""
    body: Reference
    latitude_deg: Annotated[float, within(-90, 90)]
    longitude_deg: Annotated[float, within(-180, 360)]
    height_m: Annotated[float, within(-20000, 30000)] = 0.0
    horizon_deg: Annotated[float, within(-10, 60)]
    first_day: Day
    stations: Annotated[tuple[Words, ...], length(1, 30)]
    relay: Reference | None = None


@dataclass(frozen=True)
class SurfaceSiteRead:
    """The site with its `body`, the path of its relay's orbit (None for no relay), the file as resolved (`raw`), and
    the files that were read."""

    site: SurfaceSiteFile
    body: BodyFile
    relay: Path | None
    raw: dict
    files: tuple[Path, ...]


def load_surface_site(name: str, overrides: Sequence[str] = ()) -> SurfaceSiteRead:
    """A site of the catalogue by its name, or of a path, with `KEY=VALUE` overrides; ScenarioError lists all."""
    from sim.scenario.load import checked, placed
    from sim.scenario.named_files import NamedFiles
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.SURFACE_SITES, A_SITE)
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, view, found = checked(replace(document, raw=raw), SurfaceSiteFile, KIND, RULES)
    named = NamedFiles(document, {}, [])
    body = named.named(view("body"), ("body",), "body") if raw.get("kind") == KIND else None
    relay, missing = _relay(view, document)
    if isinstance(body, BodyFile) and body.ephemeris == EARTH:
        allowed = "another body than the Earth: `tiangong windows` and `passes --site` take its sites"
        finding = Finding(("body",), f"'{made.body if made else EARTH}'", allowed)
        missing.append((finding.key, finding.problem(document.label)))
    found = [*found[:MANY], *named.missing, *named.problems(), *missing]
    problems += [placed(document, key, problem, by_command_line) for key, problem in found]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    assert isinstance(body, BodyFile)  # else it was missing, or has problems
    files = (*(path for path, _ in document.texts), *(path for path, _ in named.files))
    return SurfaceSiteRead(made, body, relay, raw, tuple(dict.fromkeys(files)))


def _relay(view: View, document: Document) -> tuple[Path | None, list[tuple[KeyPath, Problem]]]:
    """The path of the relay's orbit; one that is named and not there is a problem."""
    reference = view("relay")
    if reference is None:
        return None, []
    path = find(reference, paths.ORBITS, document)
    if path is not None:
        return path, []
    names = catalogue(paths.ORBITS)
    allowed = f"a path to an orbit file, or one of {listed(names)}"
    finding = Finding(("relay",), f"'{reference}'", allowed, nearest(reference, names))
    return None, [(finding.key, finding.problem(document.label))]


def _stations(view: View) -> Iterator[Finding]:
    """Each station is a place on the ground that comes with the program."""
    for i, name in enumerate(view("stations") or ()):
        if name not in places():
            near = nearest(name, places())
            yield Finding(("stations", i), f"'{name}'", f"a place on the ground, one of {listed(places())}", near)


RULES = (*SOURCES, _stations)
