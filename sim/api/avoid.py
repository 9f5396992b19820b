"""Plan a burn past what a message or a catalogue warns of: the smallest that clears it and makes nothing worse."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import screened, time_span
from sim.api.asked import function, path, texts
from sim.api.asking import Asked
from sim.api.avoid_craft import coming_ship, is_message
from sim.api.avoid_terms import AvoidanceTerms, checked_terms
from sim.api.output import Progress, Where, directory, silent
from sim.api.screen import Near, catalogue_of, span_of
from sim.api.time_span import ElementFile
from sim.files.errors import BadInput, MissionFailed

if TYPE_CHECKING:
    from sim.api.avoid_message import Message
    from sim.conjunctions.avoidance_report import AvoidedAll

A_FILE = f"a CDM, or {screened.A_FILE}"


class AvoidanceResult:
    """Plans by craft; `made` holds them as objects."""

    def __init__(self, made: AvoidedAll):
        self.made = made

    @property
    def cleared(self) -> bool:
        """Whether nothing breaks the rule any more, with a burn or without."""
        return all(one.cleared for one in self.made.craft)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the files that were read."""
        return self.made.warnings

    def content(self) -> dict:
        """The content of avoidance.json: rule, and by craft its conjunctions before and after, burn, cost, reason."""
        from sim.conjunctions.avoidance_report import content

        return content(self.made)

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.conjunctions.avoidance_text import lines

        return list(lines(self.made))

    def __repr__(self) -> str:
        decisions = ", ".join(f"{one.name}: {one.decision}" for one in self.made.craft)
        return f"<{decisions or 'no craft'}>"


def avoid(
    file: str | Path | ElementFile,
    catalogue: str | Path | None = None,
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    near: Near | None = None,
    terms: AvoidanceTerms | None = None,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> AvoidanceResult:
    """The smallest burn of each craft that clears what breaks the rule and makes no other conjunction; or why none
    does, or that there is nothing to do.

    `file`: a CDM, whose first object burns, or what `sim.screen` takes. `catalogue`: what the craft and the burned path
    are screened against; a CDM needs none. `start`, `days`: the time that is planned; of a CDM from its creation, seven
    days before its closest approach at most, to a day after it. `near`: a `Near`; its radius stands for that of a CDM.
    `terms`: an `AvoidanceTerms`. `overrides`: texts `KEY=VALUE` for the file. `out`: a directory for JSON, picture and
    manifest.

    A conjunction that cannot be cleared is a result with a reason. BadInput, ScenarioError, DataError and
    EncounterError for what is asked wrongly; MissionFailed where the file's craft cannot be flown.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    of = file if isinstance(file, ElementFile) else ElementFile(file)
    given = ElementFile(str(path(of.path, "file", A_FILE)), of.index, of.number)
    asked = Asked("avoid")
    first = asked.one(lambda: time_span.date(start))
    length = asked.one(lambda: time_span.days(days))
    checked = asked.one(partial(checked_terms, terms or AvoidanceTerms(), near or Near()))
    message = is_message(str(given.path))
    read: Any = None
    if message:
        read = asked.one(lambda: _message(given, overrides))
    else:
        read = asked.one(lambda: screened.read(given, overrides, first))
        if catalogue is None:
            asked.one(_no_catalogue)
    objects: Any = None if catalogue is None else asked.one(lambda: catalogue_of(catalogue))
    asked.refuse()
    assert read is not None and checked is not None and (message or objects is not None)  # else that was refused
    from sim.api import avoid_message, avoid_plans
    from sim.core.flight import Failure
    from sim.output import avoid as output
    from sim.output.beside import Beside, drawing

    with (
        directory(out, loads=False) as folder,
        nullcontext(Beside()) if folder is None else drawing(("avoidance",)) as beside,
    ):
        try:
            if message:
                made = avoid_message.of_message(read, objects, (first, length), checked, tick)
            else:
                begin, seconds = span_of(read, first, length)
                ship = coming_ship(str(given.path), overrides, read.raw, begin)
                made = avoid_plans.of_craft(read, objects, (begin, seconds), replace(checked, coming=ship), tick)
        except Failure as failure:
            raise MissionFailed("avoidance", str(failure)) from None
        result = AvoidanceResult(made)
        if folder is not None:
            output.draw(made, folder, beside)
            beside.finish()
            output.write(result.content(), read, folder, time.perf_counter() - began)
    return result


def _message(given: ElementFile, overrides: Sequence[str]) -> Message:
    if overrides:
        raise BadInput(f"overrides: found '{overrides[0]}'; write none for a CDM, which has no keys of a scenario")
    if given.index is not None or given.number is not None:
        raise BadInput("elements: found a choice of a set, but a CDM holds none; write a TLE or OMM file")
    from sim.api.avoid_message import Message
    from sim.interchange.cdm import read_cdm

    return Message(Path(given.path), read_cdm(Path(given.path)))


def _no_catalogue() -> None:
    raise BadInput("catalogue: found none; write the path of a catalogue (--catalog), or give a CDM")
