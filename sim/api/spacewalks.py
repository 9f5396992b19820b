"""The spacewalks of a programme: those of the record judged, the windows of a crew, and a plan for its stay."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api import time_span
from sim.api.asked import found as as_found
from sim.api.asked import function, path, text, texts
from sim.api.output import Progress, Where, directory, silent
from sim.core.epoch import Epoch
from sim.files.errors import BadInput, MissionFailed
from sim.planning.raise_plan import read_raise_plan
from sim.scenario.programme import load_programme
from sim.scenario.spacewalk_rules import load_spacewalk_rules

if TYPE_CHECKING:
    from sim.planning.spacewalks.record import Judged
    from sim.planning.spacewalks.table import Found

OF_RULES = "spacewalk_rules."  # what stands before a key of the rules in an override
SCHEMA = 1  # of spacewalks.json
MAXIMUM = 12  # spacewalks of one plan


class Spacewalks:
    """What was found. `record`: the spacewalks of the span, judged; `found` has the windows and the plan."""

    def __init__(self, found: Found):
        self.found = found

    @property
    def record(self) -> tuple[Judged, ...]:
        """Those that took place, each with every rule."""
        return self.found.record

    @property
    def windows(self) -> list[tuple[Epoch, Epoch]]:
        """First and last start of each window of the crew."""
        season = self.found.season
        return [] if season is None else [(season.zero.plus(a), season.zero.plus(b)) for a, b in season.spans()]

    @property
    def sound(self) -> bool:
        """Whether a plan that was asked for is whole, and broke no rule on any trajectory."""
        plan = self.found.plan
        return plan is None or (len(plan.walks) == plan.asked and not any(f.broken for f in self.found.flights))

    def content(self) -> dict:
        """The content of spacewalks.json."""
        from sim.planning.spacewalks.table import content

        return {"schema": SCHEMA, "status": "done", **content(self.found)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.planning.spacewalks.table import lines

        return lines(self.found)

    def __repr__(self) -> str:
        plan = self.found.plan
        planned = f", {len(plan.walks)} planned" if plan else ""
        return f"<{len(self.record)} spacewalks of the record, {len(self.windows)} windows{planned}>"


def spacewalks(
    programme: str | Path,
    start: time_span.Date | None = None,
    end: time_span.Date | None = None,
    *,
    ship: str | None = None,
    count: int = 0,
    rules: str | Path = "tiangong",
    raises: str | Path | None = None,
    overrides: Sequence[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> Spacewalks:
    """The spacewalks of a programme: which rules those of the record kept, when a crew may go out, and a plan.

    `programme`: a file, or the name of one ("programme"). `start`, `end`: the span, as "2026-11-12", a datetime or an
    Epoch; the whole programme, or the stay of a crew that is asked for. `ship`: whose crew the windows are of; without
    it the crew that is aboard the longest of the span. `count`: so many spacewalks are planned, from what is known at
    the start, and judged again on trajectories in other air. `rules`: spacewalk rules, a file or a name. `raises`: a
    plan of `station` as JSON, whose raises and approaches close hours, instead of those of a forecast. `overrides`:
    texts `KEY=VALUE` for the programme, or `spacewalk_rules.KEY=VALUE`. `out`: a directory for JSON, tables, pictures,
    a report and the manifest.

    BadInput and ScenarioError for what is asked wrongly, MissionFailed where a forecast cannot be flown.
    """
    began, tick = time.perf_counter(), function(progress) or silent
    first, last = time_span.date(start), time_span.date(end, "end")
    if first is not None and last is not None and not first < last:
        raise BadInput(f"end: found {last}; write a time after the start, {first}")
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAXIMUM:
        raise BadInput(f"count: found {as_found(count)}; write a whole number from 0 to {MAXIMUM}")
    texts_given = texts(overrides, like="spacewalk_rules.spacewalk.length_h=7.0")
    read_rules = load_spacewalk_rules(
        str(path(rules, "rules", "the name or the path of spacewalk rules")),
        [s.removeprefix(OF_RULES) for s in texts_given if s.startswith(OF_RULES)],
    )
    given = path(programme, "programme", "the name or the path of a programme")
    read = load_programme(str(given), [s for s in texts_given if not s.startswith(OF_RULES)], alternatives=False)
    named = None if ship is None else text(ship, "ship")
    plan = None if raises is None else read_raise_plan(path(raises, "raises", "the path of a plan of raises"))
    # From here on it is slow: all problems of what was asked have been reported, but those of span and ship.
    from sim.core.flight import Failure
    from sim.output import spacewalks as output
    from sim.output.beside import Beside, drawing
    from sim.planning.rotation.timeline import timeline
    from sim.planning.spacewalks.find import find

    with (
        directory(out, loads=False) as place,
        nullcontext(Beside()) if place is None else drawing(output.PICTURES) as beside,
    ):
        try:
            made = Spacewalks(find(timeline(read), read_rules.rules, (first, last), named, count, tick, plan))
        except Failure as failure:
            raise MissionFailed("spacewalks", str(failure)) from None
        if place is not None:
            output.draw(made.found, place, beside)
            beside.finish()
            output.write(read, read_rules, made.found, made.content(), place, time.perf_counter() - began)
    return made
