"""The catalogue against every craft of a file: who comes near, when, how near, and how likely they touch."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import screened, time_span
from sim.api.asked import found as as_found
from sim.api.asked import function, number, path, texts, wrong
from sim.api.asking import Asked
from sim.api.output import Progress, Where, directory, silent
from sim.api.time_span import DAY, ElementFile
from sim.core.epoch import Epoch
from sim.files.errors import BadInput

if TYPE_CHECKING:
    from sim.conjunctions.screening_report import Screening
    from sim.planning.raise_plan import RaisePlan

A_CATALOGUE = "the path of a catalogue: TLE of two or three lines, or OMM as CSV, JSON, XML or KVN"
SCHEMA = 1  # of screening.json
RADIUS_ALLOWED = "m above 0, to 1000"
WEEK, MOST_DAYS = 7.0, 60.0


@dataclass(frozen=True)
class Near:
    """What counts as near: `within` km; `radius` m, the sum of both objects' radii, for the probability; `skip`:
    catalogue numbers that are left out, such as of what is docked."""

    within: float = 20.0
    radius: float = 40.0
    skip: Sequence[int] = ()


class ScreeningResult:
    """What was found; `made` holds the craft with their approaches as objects."""

    def __init__(self, made: Screening):
        self.made = made

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the files that were read."""
        return self.made.warnings

    def content(self) -> dict:
        """The content of screening.json: catalogue, covariance, and by craft its approaches."""
        from sim.conjunctions.screening_report import content

        return {"schema": SCHEMA, "status": "done", **content(self.made)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.conjunctions.screening_report import lines

        return list(lines(self.made))

    def __len__(self) -> int:
        return sum(len(one.found.approaches) for one in self.made.craft)

    def __repr__(self) -> str:
        return f"<{len(self)} approaches of {len(self.made.craft)} craft within {self.made.within / 1e3:g} km>"


def screen(
    file: str | Path | ElementFile,
    catalogue: str | Path,
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    near: Near | None = None,
    raises: str | Path | None = None,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> ScreeningResult:
    """Every closest approach of the objects of a catalogue to the craft of a file, below a range.

    `file`: element sets (a shipped set by name; a TLE or OMM file, an ElementFile where it holds several objects), an
    OEM, the directory of a finished flight, a mission or an orbit, which is flown first, or a programme: its station,
    and each ship that flies by itself in the span, by its mission. `start`, `days`: the span; without them the whole of
    a flight, a week of elements. `near`: a `Near`. `raises`: a plan of `station` as JSON, on which the station of a
    programme is flown. `out`: a directory for JSON, CSV and manifest.

    BadInput, ScenarioError and DataError for what is asked wrongly, before anything is flown; MissionFailed for a
    mission of which nothing can be flown. What is broken in the catalogue is counted and passed over.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    of = file if isinstance(file, ElementFile) else ElementFile(file)
    given = ElementFile(str(path(of.path, "file", screened.A_FILE)), of.index, of.number)
    asked = Asked("screen")
    first = asked.one(lambda: time_span.date(start))
    length = asked.one(lambda: _days(days))
    limits = near if near is not None else Near()
    within = asked.one(partial(near_m, limits))
    plan = asked.one(lambda: _raises(raises))
    read = asked.one(lambda: screened.read(given, overrides, first, plan))
    objects = asked.one(lambda: catalogue_of(catalogue))
    asked.refuse()
    assert read is not None and objects is not None and within is not None  # else that was refused
    begin, seconds = span_of(read, first, length)
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.conjunctions.screening_report import Screening, screen_each
    from sim.output import screen as output

    with nullcontext(None) if out is None else directory(out, loads=False) as folder:
        crafts = read.fly(begin, seconds / DAY, tick)
        radius = float(limits.radius)
        made = screen_each(crafts, objects, begin, seconds, within, tuple(limits.skip), tick)
        if not made:
            raise BadInput(f"start: found {begin} to {begin.plus(seconds)}, in which nothing of '{given.path}' flies")
        warnings = (*read.warnings, *read.left_out, *objects.notes)
        result = ScreeningResult(Screening(read.title, objects, begin, seconds, within, radius, made, warnings))
        if folder is not None:
            output.write(result.content(), read, folder, time.perf_counter() - began)
    return result


def catalogue_of(given: Any) -> Any:
    """The catalogue of a file."""
    from sim.conjunctions.screening_catalogue import read_catalogue

    return read_catalogue(path(given, "catalogue", A_CATALOGUE))


def _raises(given: str | Path | None) -> RaisePlan | None:
    if given is None:
        return None
    from sim.planning.raise_plan import read_raise_plan

    return read_raise_plan(path(given, "raises", "the path of a plan that `tiangong station --json` printed"))


def _days(given: float | None) -> float | None:
    length = time_span.days(given)
    if length is not None and length > MOST_DAYS:
        raise BadInput(f"days: found {length:g}; write at most {MOST_DAYS:g}, as element sets grow old")
    return length


def near_m(limits: Any) -> float:
    """The range in m."""
    if not isinstance(limits, Near):
        raise wrong("near", limits, "a sim.Near, such as sim.Near(within=10.0)")
    within, radius = number(limits.within, "within"), number(limits.radius, "radius")
    if not 0.0 < within <= 200.0:
        raise BadInput(f"within: found {as_found(limits.within)}; write km above 0, to 200")
    if not 0.0 < radius <= 1000.0:
        raise BadInput(f"radius: found {as_found(limits.radius)}; write {RADIUS_ALLOWED}")
    for one in limits.skip:
        if isinstance(one, bool) or not isinstance(one, int) or one < 0:
            raise BadInput(f"skip: found {as_found(one)}; write catalogue numbers such as 53239")
    return 1e3 * within


def span_of(read: screened.Given, first: Epoch | None, length: float | None) -> tuple[Epoch, float]:
    """From when, and for how many seconds; BadInput for a start that is not flown."""
    begin, usual = read.usual
    if usual is None:
        return first or begin, DAY * (length or WEEK)
    end = begin.plus(usual * DAY)
    start = first or begin
    if not begin <= start < end:
        raise BadInput(f"start: found {start}, which is not flown; write a time from {begin} to {end}")
    return start, min(DAY * (length or min(usual, MOST_DAYS)), end.since(start))
