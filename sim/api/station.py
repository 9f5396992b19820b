"""Keeping a station: raises that hold its altitude and set the phase of each launch of a programme."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import time_span
from sim.api.asked import path, texts, wrong
from sim.api.output import Progress, Where, directory, silent
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput, MissionFailed
from sim.files.problems import Problem, ScenarioError
from sim.planning.raise_plan import SCHEMA
from sim.scenario.programme import Programme, load_programme

if TYPE_CHECKING:
    from sim.core.flight import RuleCheck
    from sim.planning.station.found import Judged, StationPlan

DAY, SHORTEST, LONGEST = 86400.0, 5.0, 370.0  # days


class Station:
    """A plan of raises. `found`: the plan, its flight in the known world and, with a seed, the flight in truth."""

    def __init__(self, found: StationPlan):
        self.found = found

    @property
    def flight(self) -> Judged:
        """The flight in truth, or without one that of the plan: path, raises, launches, bounds, rules."""
        return self.found.carried or self.found.planned

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The rules that this flight breaks."""
        return self.found.broken

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.found.setting.warnings

    def content(self) -> dict:
        """The content of station.json: raises, launches, altitude, propellant with its bounds, rules, closed times."""
        from sim.planning.station.table import content

        return {"schema": SCHEMA, **content(self.found)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.planning.station.table import lines

        return lines(self.found)

    def plot(self, ax: Any = None) -> Any:
        """Altitude with raises and launches, as a figure of its own or in the given axes."""
        from sim.planning.station.table import chart
        from sim.plots import drawn
        from sim.plots.station_keeping import draw

        return drawn(draw, ax, chart(self.found))

    def __repr__(self) -> str:
        return f"<{len(self.flight.burnt)} raises, {self.flight.kg:.0f} kg, {len(self.broken)} rules broken>"


def station(
    file: str | Path,
    start: time_span.Date,
    end: time_span.Date,
    *,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> Station:
    """Raises from `start` to `end` that keep the band of altitude and set the phase of each launch, with least
    propellant; flown as finite burns in the full model.

    `file`: a programme with `[keeping]`, or a mission of one. `seed`: also carried out in truth: density and burns
    differ from what is known by a draw of this seed, and the plan is made anew after each burn. `overrides`: texts
    `KEY=VALUE`, such as "keeping.apart_days=20". `out`: a directory for JSON, CSV, picture and manifest.

    MissionFailed where no plan keeps all limits: which, and by how much. ScenarioError and BadInput for what is asked
    wrongly, all of it at once.
    """
    began = time.perf_counter()
    read, first, last = _asked(file, start, end, seed, texts(overrides, like="keeping.apart_days=20"))
    from sim.core.flight import Failure
    from sim.output import station as output
    from sim.output.beside import Beside, drawing
    from sim.planning.station.found import search
    from sim.planning.station.setting import setting

    found = setting(read, first, last)
    with (
        directory(out, loads=False) as folder,
        nullcontext(Beside()) if folder is None else drawing(("station_keeping",)) as beside,
    ):
        try:
            made = Station(search(found, seed, progress or silent))
        except Failure as error:
            raise MissionFailed("station", error.reason) from None
        if folder is not None:
            output.draw(made.found, folder, beside)
            beside.finish()
            output.write(made.found, made.content(), read, folder, time.perf_counter() - began)
    return made


def _asked(
    file: str | Path, start: time_span.Date, end: time_span.Date, seed: int | None, overrides: tuple[str, ...]
) -> tuple[Programme, Epoch, Epoch]:
    """What was asked, or every problem with it."""
    problems: list[Problem] = []

    def tried(look: Any) -> Any:
        try:
            return look()
        except ScenarioError as error:
            problems.extend(error.problems)
        except BadInput as error:
            name, _, rest = str(error).partition(": found ")
            given, _, allowed = rest.partition("; ")
            problems.append(Problem(name, "", given, allowed.removeprefix("write ")))
        return None

    given = path(file, "file", "the name or the path of a programme or a mission")
    first, last = tried(lambda: time_span.moment(start, "start")), tried(lambda: time_span.moment(end, "end"))
    if first and last and not SHORTEST * DAY <= last.since(first) <= LONGEST * DAY:
        allowed = f"a time {SHORTEST:g} to {LONGEST:g} days after the start, {first}"
        problems.append(Problem("end", "", str(last), allowed))
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        tried(lambda: _refuse(seed))
    read = tried(lambda: programme_of(str(given), overrides))
    if read is not None and read.file.keeping is None:
        problems.append(Problem(read.label, "keeping", "nothing", "how the station is kept, as `programme` has it"))
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return read, first, last


def _refuse(seed: object) -> None:
    raise wrong("seed", seed, "a whole number from 0")


def programme_of(file: str, overrides: tuple[str, ...]) -> Programme:
    """A programme by file or name; of a mission the one that it names."""
    from sim.scenario.what_it_is import read_named

    try:
        document = read_named(file, paths.ROTATIONS, "a programme")
    except ScenarioError as error:
        try:  # what it extends may be a mission
            document = read_named(file, paths.MISSIONS, "a programme or a mission")
        except ScenarioError:
            raise error from None
    if document.raw.get("kind") not in ("mission", "rotation"):
        return load_programme(file, overrides, alternatives=False)
    named = document.raw.get("programme")
    if not isinstance(named, str):
        allowed = 'programme = "programme", which knows launches and ships; or give a programme'
        raise ScenarioError([Problem(document.label, "programme", "nothing", allowed)])
    return load_programme(named, overrides, alternatives=False)
