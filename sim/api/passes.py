"""Passes of station and ship over places on the ground, from a mission, an orbit or an element set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.api import time_span
from sim.api.asked import found as as_found
from sim.api.asked import function, number, path, text, texts
from sim.api.checking import is_orbit
from sim.api.output import Progress, Where, directory, silent
from sim.api.time_span import DAY, ElementFile
from sim.catalogue import element_sets
from sim.catalogue.places import Place, places
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput, MissionFailed
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.files.text import catalogue
from sim.scenario.what_it_is import refuse_other_names, shipped

if TYPE_CHECKING:
    from sim.planning.passes.find import FoundPass, FoundPasses
    from sim.planning.passes.watched import Watched

T = TypeVar("T")
A_FILE = "a mission, an orbit, an element set or a file of elements"
WEEK = 7.0  # days that an element set is flown for, where nobody says
MOST_ELEMENT_DAYS = 60.0
ABOUT_ELEMENTS = ("--elements-index", "--elements-number")


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

        return {"status": "done", **content(self.found)}

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
    file: str | Path,
    site: str | Sequence[str] = "karachi",
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    elements: str | Path | ElementFile | None = None,
    min_elevation: float = 10.0,
    magnitude: float | None = None,
    visible: bool = False,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> Passes:
    """When station and ship are seen from places on the ground, how high, lit or not, how bright; and the contact.

    `file`: a mission, whose station and ships are flown as they are known beforehand; an orbit; an element set of the
    station by name; or a TLE or OMM file, flown by SGP4. `site`: places by name, or "LAT,LON,HEIGHT_M", one or several.
    `start`, `days`: what is looked at; without them the whole of a mission from its lift-off, the span of an orbit, a
    week of elements. `elements`: other elements of the mission's station. `min_elevation` deg over the horizon.
    `magnitude`: the standard magnitude of what is watched (1000 km, phase 90 deg), in place of the known one.
    `visible`: only what an eye sees. `out`: a directory for JSON, CSV, calendar and sky charts.

    BadInput and ScenarioError for what is asked wrongly, MissionFailed for a mission of which nothing can be flown.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    given = str(path(file, "file", A_FILE))
    asked = _Asked()
    sites = asked.all([lambda one=one: place(one) for one in _several(site)])
    first = asked.one(lambda: time_span.date(start))
    length = asked.one(lambda: time_span.days(days))
    mask = asked.one(lambda: _within(min_elevation, "min_elevation", -5.0, 89.0, "degrees"))
    standard = asked.one(lambda: None if magnitude is None else _within(magnitude, "magnitude", -30.0, 30.0, "mag"))
    read = asked.one(lambda: _read(given, overrides, elements, first))
    asked.refuse()
    assert sites and mask is not None and read is not None  # else that was refused
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.output import passes as output
    from sim.output.beside import Beside, drawing
    from sim.planning.passes.find import find

    with (
        directory(out, loads=False) as folder,
        nullcontext(Beside()) if folder is None else drawing(("sky_chart",)) as beside,
    ):
        watched = _with_magnitude(read(first, length, tick), standard)
        beside.look()
        begin, end = _span(watched, first, length)
        made = Passes(find(watched, sites, begin, end, mask, visible, tick))
        if folder is not None:
            output.draw(made.found, folder, beside)
            content = made.content()
            beside.finish()
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


class _Asked:
    """What was asked, looked at piece by piece, so that all that is wrong with it is said at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def one(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except ScenarioError as error:
            self.problems += error.problems
        except BadInput as error:
            name, _, rest = str(error).partition(": found ")
            said, _, allowed = (rest or str(error)).partition("; ")
            self.problems.append(Problem(name if rest else "passes", "", said, allowed.removeprefix("write ")))
        return None

    def all(self, looks: Iterable[Callable[[], T]]) -> list[T]:
        return [found for look in looks if (found := self.one(look)) is not None]

    def refuse(self) -> None:
        if self.problems:
            raise ScenarioError(dict.fromkeys(self.problems))


def _several(site: str | Sequence[str]) -> tuple[str, ...]:
    made = (site,) if isinstance(site, str) else texts(site, "site", "karachi")
    if not made:
        raise BadInput("site: found none; write a place such as karachi")
    return made


def _within(value: Any, name: str, low: float, high: float, unit: str) -> float:
    given = number(value, name)
    if not low <= given <= high:
        raise BadInput(f"{name}: found {as_found(value)}; write {unit} from {low:g} to {high:g}")
    return given


Fly = Callable[["Epoch | None", "float | None", Progress], "Watched"]


def _read(given: str, overrides: Sequence[str], elements: str | Path | ElementFile | None, first: Epoch | None) -> Fly:
    """The file read and checked; what it returns flies it."""
    refuse_other_element = "passes of elements: found --set; they have no keys"
    if given in element_sets.names() or _holds_elements(given):
        if elements is not None:
            raise BadInput("elements: found a file beside a file of elements; write one of the two")
        if overrides:
            raise BadInput(refuse_other_element)
        return _elements(given, first)
    refuse_other_names(given, (paths.MISSIONS, paths.ORBITS), A_FILE)
    if is_orbit(Path(given)):
        if elements is not None:
            raise BadInput(f"elements: found a file beside an orbit; write passes {as_found(str(elements))}")
        return _orbit(given, overrides)
    return _mission(given, [*overrides, *_element_keys(elements)])


def _holds_elements(given: str) -> bool:
    """Whether a file is none of ours: a TLE or an OMM, by whatever name."""
    if not exists(given) or Path(given).suffix == ".toml" or not Path(given).is_file():
        return False
    return shipped(Path(given), paths.MISSIONS) == Path(given) and not _is_toml(given)


def _is_toml(given: str) -> bool:
    from sim.files.text import heading

    return heading(Path(given))[0] != ""


def _element_keys(elements: str | Path | ElementFile | None) -> list[str]:
    """The elements as keys of the mission's station."""
    if elements is None:
        return []
    of = elements if isinstance(elements, ElementFile) else ElementFile(elements)
    file = path(of.path, "elements").absolute()
    if not exists(file):
        raise BadInput(f"elements: found no file '{of.path}'; write the path of a TLE or OMM file")
    keys = [f"station.elements={file}"]
    keys += [] if of.index is None else [f"station.elements_index={of.index}"]
    return keys + ([] if of.number is None else [f"station.elements_number={of.number}"])


def _mission(given: str, overrides: Sequence[str]) -> Fly:
    from sim.scenario import load

    scenario = load(given, overrides)

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.api.compiling import compiled_ahead
        from sim.build.mission import build
        from sim.core.flight import Failure
        from sim.mission import fly
        from sim.planning.passes.watched import of_flight

        try:
            with compiled_ahead(scenario):
                mission = build(scenario)
                flight = fly(mission, lambda phase, share: tick(phase, 0.7 * share))
        except Failure as failure:
            raise MissionFailed("before the flight", str(failure)) from None
        station, warnings = scenario.station.name, list(scenario.warnings)
        if failed := flight.failed:
            if not flight.parts(station):
                raise MissionFailed(failed.phase, failed.reason)
            warnings.append(f"the flight ends in {failed.phase}: {failed.reason}; passes are those before it")
        kept = {"files": tuple(scenario.files), "raw": scenario.raw, "warnings": tuple(warnings)}
        return of_flight(flight, mission.world, station, **kept)

    return flown


def _orbit(given: str, overrides: Sequence[str]) -> Fly:
    from sim.build.orbit import load_orbit

    scenario = load_orbit(given, overrides)

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.core.flight import Failure
        from sim.planning.passes.watched import of_orbit
        from sim.propagation.propagate import OrbitEnded, propagate

        tick("propagating", 0.1)
        warnings = list(scenario.warnings)
        try:
            found = propagate(scenario.orbit)
        except OrbitEnded as ended:
            found = ended.flown
            warnings.append(str(ended))
        except Failure as failure:
            raise MissionFailed("propagation", str(failure)) from None
        number = scenario.chosen.elements.number if scenario.chosen else None
        kept = {"files": scenario.files, "raw": scenario.raw, "warnings": tuple(warnings)}
        return of_orbit(scenario.orbit.name, scenario.orbit.epoch, found.trajectory, found.world, number, **kept)

    return flown


def _elements(given: str, first: Epoch | None) -> Fly:
    from sim.interchange.choice import SetChoice, chosen
    from sim.interchange.files import parse_sets, read_sets

    if given in element_sets.names():
        one = element_sets.element_set(given)
        read = parse_sets(f"{one.line1}\n{one.line2}\n", given)
        files: tuple[Path, ...] = ()
    else:
        read, files = read_sets(Path(given)), (Path(given),)
    taken = chosen(read.sets, first, SetChoice(keys=ABOUT_ELEMENTS), given, read.notes)

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.interchange.mean import age_warning
        from sim.planning.passes.watched import of_elements

        tick("SGP4", 0.1)
        start, days = first or taken.elements.epoch, length or WEEK
        if days > MOST_ELEMENT_DAYS:
            raise BadInput(f"days: found {days:g}; write at most {MOST_ELEMENT_DAYS:g} for elements, which grow old")
        old = age_warning(taken.elements.epoch, start.plus(days * DAY))
        warnings = (*taken.warnings, *((old,) if old else ()))
        return of_elements(taken.elements, start, days, files=files, raw=taken.as_dict(), warnings=warnings)

    return flown


def _with_magnitude(watched: Watched, standard: float | None) -> Watched:
    """All that is watched with the same standard magnitude, where one is given."""
    from dataclasses import replace

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
