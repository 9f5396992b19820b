"""Passes of station and ship over places on the ground, from a mission, an orbit or an element set."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import time_span
from sim.api.asked import found as as_found
from sim.api.asked import function, number, path, text, texts, wrong
from sim.api.asking import Asked
from sim.api.output import Progress, Where, directory, silent
from sim.api.time_span import DAY, ElementFile
from sim.api.watching import A_FILE, read, set_of
from sim.catalogue.places import Place, places
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.files.text import catalogue

if TYPE_CHECKING:
    from sim.planning.passes.find import FoundPass, FoundPasses
    from sim.planning.passes.watched import Watched

SCHEMA = 1  # of passes.json


@dataclass(frozen=True)
class Eye:
    """What an eye sees: `magnitude`, the standard magnitude (1000 km, phase 90 deg) of what is watched, in place of the
    known one; `alone`: only the passes that it sees."""

    magnitude: float | None = None
    alone: bool = False


class Passes(list["FoundPass"]):
    """The passes in order of place and time; times are seconds from `zero`.

    `found` is what the search brought, with the contact of ground stations.
    """

    def __init__(self, found: FoundPasses):
        super().__init__(found.passes)
        self.found = found

    @property
    def zero(self) -> Epoch:
        return self.found.watched.zero

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the file that was read."""
        return self.found.watched.warnings

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since `zero` as an Epoch."""
        return self.zero.plus(t)

    def content(self) -> dict:
        """The content of passes.json: sites, passes, contact, and what the brightness is worth."""
        from sim.planning.passes.table import content

        return {"schema": SCHEMA, "status": "done", **content(self.found)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.planning.passes.table import lines

        return lines(self.found)

    def calendar(self) -> str:
        """All of them as the text of an iCalendar file."""
        from datetime import UTC, datetime

        from sim.interchange.ics import calendar
        from sim.planning.passes.events import events

        now = Epoch.from_utc(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return calendar(f"{self.found.watched.title}: passes", events(self.found), now)

    def plot(self, place: str | None = None, ax: Any = None) -> Any:
        """The sky chart of a place, the first one where none is named; a figure, or drawn into the given axes."""
        from sim.planning.passes.chart import sky_chart
        from sim.plots import drawn
        from sim.plots.sky_chart import draw

        keys = [p.key for p in self.found.places]
        key = keys[0] if place is None else text(place, "place")
        if key not in keys:
            raise BadInput(f"place: found '{key}'; write one of {listed(keys)}")
        shown = sky_chart(self.found, self.found.places[keys.index(key)])
        return None if shown is None else drawn(draw, ax, shown)

    def __repr__(self) -> str:
        seen = sum(bool(p.seen.seen) for p in self)
        span = f"{self.epoch(self.found.start)} to {self.epoch(self.found.end)}"
        return f"<{len(self)} passes, {seen} seen by eye, {span}>"


def passes(
    file: str | Path | ElementFile | Sequence[str | Path | ElementFile],
    site: str | Sequence[str] = "karachi",
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    elements: str | Path | ElementFile | None = None,
    min_elevation: float = 10.0,
    eye: Eye | None = None,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> Passes:
    """When station and ship are seen from places on the ground, how high, lit or not, how bright; and the contact.

    `file`: a mission, whose station and ships are flown as they are known beforehand; an orbit; an element set of the
    station by name; or a TLE or OMM file, flown by SGP4 (an ElementFile where it holds several objects). Of a list the
    first is that, and the others are elements of what is watched beside it, as another station. `site`: places by name,
    or "LAT,LON,HEIGHT_M", one or several. `start`, `days`: what is looked at; without them the whole of a mission from
    its lift-off, the span of an orbit, a week of elements. `elements`: other elements of the mission's station.
    `min_elevation` deg over the horizon. `eye`: an `Eye`, of another magnitude, or for what it sees alone. `out`: a
    directory for JSON, CSV, calendar and sky charts.

    BadInput and ScenarioError for what is asked wrongly, MissionFailed for a mission of which nothing can be flown.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    given, *others = _files(file)
    asked = Asked("passes")
    sites = asked.all([partial(place, one) for one in several(site)])
    first = asked.one(lambda: time_span.date(start))
    length = asked.one(lambda: time_span.days(days))
    min_elevation_deg = asked.one(lambda: mask(min_elevation))
    eye = eye or Eye()
    standard = asked.one(partial(_magnitude, eye))
    watching = asked.one(lambda: read(given, overrides, elements, first, length))
    if watching is not None:
        asked.one(partial(watching.refuse_outside, first))
    beside = asked.all([partial(set_of, one, first) for one in others])
    asked.refuse()
    assert sites and min_elevation_deg is not None and watching is not None  # else that was refused
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.output import passes as output
    from sim.output.beside import Beside, drawing
    from sim.planning.passes.find import find
    from sim.planning.passes.watched import with_others

    with (
        directory(out, loads=False) as folder,
        nullcontext(Beside()) if folder is None else drawing(("sky_chart",)) as pictures,
    ):
        watched = with_others(_with_magnitude(watching.fly(first, length, tick), standard), beside or [])
        pictures.look()
        begin, end = _span(watched, first, length)
        made = Passes(find(watched, sites, begin, end, min_elevation_deg, eye.alone, tick))
        if folder is not None:
            output.draw(made.found, folder, pictures)
            content = made.content()
            pictures.finish()
            output.write(made.found, content, folder, time.perf_counter() - began)
    return made


def place(given: str, name: str = "site") -> Place:
    """A place by its name, a site of the catalogue, or LAT,LON,HEIGHT_M; BadInput or ScenarioError for another."""
    from sim.planning.passes.sites import named, place_of_site

    known = named(text(given, name))
    if known is not None:
        return known
    if "," not in given and given not in catalogue(paths.SITES) and not exists(given):
        near = nearest(given, [*places(), *catalogue(paths.SITES)])
        allowed = f"LAT,LON,HEIGHT_M such as 24.86,67.00,10, or one of {listed(places())}; `tiangong list` shows all"
        raise ScenarioError([Problem(name, "", f"'{given}'", allowed, near)])
    site = time_span.site(given, name)
    assert site is not None  # for None alone
    return place_of_site(given, site)


def _files(file: str | Path | ElementFile | Sequence[str | Path | ElementFile]) -> list[ElementFile]:
    several: list[Any] = list(file) if isinstance(file, list | tuple) else [file]
    if not several:
        raise BadInput(f"file: found none; write {A_FILE}")
    of = [one if isinstance(one, ElementFile) else ElementFile(one) for one in several]
    return [ElementFile(str(path(one.path, "file", A_FILE)), one.index, one.number) for one in of]


def several(site: str | Sequence[str]) -> tuple[str, ...]:
    """One place or several, as a tuple; BadInput for none."""
    made = (site,) if isinstance(site, str) else texts(site, "site", "karachi")
    if not made:
        raise BadInput("site: found none; write a place such as karachi")
    return made


def mask(min_elevation: float) -> float:
    """Degrees over the horizon, of which there is a pass or a link; BadInput for others."""
    return _within(min_elevation, "min_elevation", -5.0, 89.0, "degrees")


def _magnitude(eye: Eye) -> float | None:
    if not isinstance(eye, Eye):
        raise wrong("eye", eye, "a sim.Eye, such as sim.Eye(alone=True)")
    return None if eye.magnitude is None else _within(eye.magnitude, "magnitude", -30.0, 30.0, "mag")


def _within(value: Any, name: str, low: float, high: float, unit: str) -> float:
    given = number(value, name)
    if not low <= given <= high:
        raise BadInput(f"{name}: found {as_found(value)}; write {unit} from {low:g} to {high:g}")
    return given


def _with_magnitude(watched: Watched, standard: float | None) -> Watched:
    """All that is watched with the same standard magnitude, where one is given."""
    if standard is None:
        return watched
    return replace(watched, craft=tuple(replace(c, magnitude=standard, magnitude_error=0.0) for c in watched.craft))


def _span(watched: Watched, first: Epoch | None, length: float | None) -> tuple[float, float]:
    """What is looked at, s; BadInput where nothing was flown."""
    begin, end = watched.usual
    if first is not None:
        begin, end = first.since(watched.zero), watched.end
    if length is not None:
        end = begin + length * DAY
    low, high = max(begin, watched.start), min(end, watched.end)
    if not low < high:
        asked = f"{watched.zero.plus(begin)} to {watched.zero.plus(end)}"
        flown = f"{watched.zero.plus(watched.start)} to {watched.zero.plus(watched.end)}"
        raise BadInput(f"start: found {asked}, which was not flown; write a time from {flown}")
    return low, high
