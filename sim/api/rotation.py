"""A station's programme over months: who is aboard, which ship takes whom home, and which rules are broken when."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import time_span
from sim.api.asked import path, texts
from sim.api.output import Where, directory
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.planning.rotation import compare, table
from sim.planning.rotation.timeline import Timeline, timeline
from sim.scenario.programme import load_programme

if TYPE_CHECKING:
    from sim.planning.rotation.judgement import Breach, Verdict

SCHEMA = 1  # of rotation.json


class Rotation:
    """A programme as judged. `found`: its timeline, which answers for any instant; `shown`: the span that was asked
    for; `plans`: it and its alternatives, where they were asked for."""

    def __init__(self, shown: table.View, plans: dict[str, table.View]):
        self.shown, self.plans = shown, plans

    @property
    def found(self) -> Timeline:
        """Ships, people, ports and handovers."""
        return self.shown.found

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every rule, over the whole time."""
        return self.shown.verdicts

    @property
    def broken(self) -> tuple[tuple[Verdict, Breach], ...]:
        """The rules that are broken in the span, each place with its dates and with what would mend it."""
        return self.shown.broken

    def content(self) -> dict:
        """The content of rotation.json: flights, people, ports, handovers, gaps, stocks, the specialist, verdicts."""
        rows = {"plans": compare.compared(self.plans)} if self.plans else {}
        return {"schema": SCHEMA, **table.content(self.shown), **rows}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it: the plans compared, where that was asked for."""
        if self.plans:
            return compare.compare_lines(compare.compared(self.plans))
        return table.lines(self.shown)

    def plot(self, ax: Any = None) -> Any:
        """The chart of the span, as a figure of its own or in the given axes, which are switched off and returned."""
        from sim.planning.rotation.chart import chart
        from sim.plots import drawn
        from sim.plots.rotation_chart import draw

        return drawn(draw, ax, chart(self.shown))

    def __repr__(self) -> str:
        rules = ", ".join(dict.fromkeys(v.rule for v, _ in self.broken)) or "none"
        return f"<{len(self.found.vessels)} ships, {len(self.found.people)} people, broken rules: {rules}>"


def rotation(
    programme: str | Path,
    start: time_span.Date | None = None,
    end: time_span.Date | None = None,
    *,
    compared: bool = False,
    overrides: Sequence[str] = (),
    out: Where | None = None,
) -> Rotation:
    """The timeline of a programme, and every rule of the station's life judged over it.

    `programme`: a file, or the name of one ("programme"). `start`, `end`: what of it is listed and drawn, as
    "2025-10-01", a datetime or an Epoch. `compared`: its alternatives as well. `overrides`: texts `KEY=VALUE`, such as
    "ships.shenzhou-20.stays.0.undocked_utc=2025-11-05". `out`: a directory for tables, charts and manifest.

    A broken rule is a result, not an error. ScenarioError for a file with problems, all of them at once.
    """
    began = time.perf_counter()
    first, last = time_span.date(start), time_span.date(end, "end")
    if first is not None and last is not None and not first < last:
        raise BadInput(f"end: found {last}; write a time after the start, {first}")
    like = "ships.shenzhou-22.on_need=false"
    given = path(programme, "programme", "the name or the path of a programme")
    read = load_programme(str(given), texts(overrides, like=like))
    if compared and not read.file.alternatives:
        raise BadInput(f"{read.label} has no alternatives to compare; write [[alternatives]] into it")
    found = timeline(read)
    _refuse_beside(found, first, last)
    shown = table.view(found, first, last)
    made = Rotation(shown, compare.plans(read, first, last) if compared else {})
    if out is not None:
        _write(made, out, began)
    return made


def _write(made: Rotation, out: Where, began: float) -> None:
    """Charts, tables and manifest into the directory; what draws and writes is loaded for that alone."""
    from sim.output import rotation as output
    from sim.output.beside import drawing

    charts = ("rotation_chart", *(("rotation_compare",) if made.plans else ()))
    with directory(out, loads=False) as place, drawing(charts) as beside:
        assert place is not None  # since one is asked for
        output.draw(made.shown, made.plans, place, beside)
        output.write(made.shown, made.content(), place, time.perf_counter() - began)
        beside.finish()


def _refuse_beside(found: Timeline, first: Epoch | None, last: Epoch | None) -> None:
    """BadInput for a span that holds nothing of the programme."""
    span = f"the programme is from {found.start} to {found.end}"
    if first is not None and first >= found.end:
        raise BadInput(f"start: found {first}; {span}")
    if last is not None and last <= found.start:
        raise BadInput(f"end: found {last}; {span}")
