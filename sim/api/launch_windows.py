"""Launch windows of a season: every passage of the pad through the station's plane, by every profile, judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.output import Progress, silent
from sim.api.tables import timed
from sim.core.epoch import Epoch
from sim.planning.launch import table
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan
from sim.planning.launch.station import StationPlan

if TYPE_CHECKING:
    import pandas as pd

    from sim.conjunctions.screening_catalogue import Catalogue
    from sim.planning.launch.cola import Cola, ColaRule

SCHEMA = 1  # of windows.json


class LaunchWindows(list[LaunchOpportunity]):
    """Every launch opportunity of the span, in order of time; its times count in seconds from `zero`.

    `plan` is what the planner found, `trimmed` how the station would have to be trimmed for the best of them.
    """

    def __init__(self, found: LaunchPlan, trimmed: StationPlan | None):
        super().__init__(found.opportunities)
        self.plan, self.trimmed = found, trimmed
        self.cola: Cola | None = None

    @property
    def zero(self) -> Epoch:
        """The epoch of the station's elements, from which times count."""
        return self.plan.setting.zero

    @property
    def best(self) -> LaunchOpportunity | None:
        """The best of those that are accepted; None where none is."""
        return None if self.plan.best is None else self[self.plan.best]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the mission's file, and about that of another target."""
        found = self.plan.setting
        return (*found.scenario.warnings, *(found.asked.chosen.warnings if found.asked.chosen else ()))

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since `zero` as an Epoch."""
        return self.zero.plus(t)

    def screened(
        self, catalogue: str | Path | Catalogue, rule: ColaRule | None = None, progress: Progress = silent
    ) -> LaunchWindows:
        """The same windows with the lift-offs after which the ship would pass too near to an object of a catalogue:
        `cola` has them by opportunity, and rows and lines name them. `rule`: 5 km and 1e-5 without one."""
        from sim.api.asked import path
        from sim.conjunctions.screening_catalogue import Catalogue, read_catalogue
        from sim.planning.launch.cola import ColaRule, cola

        read = catalogue if isinstance(catalogue, Catalogue) else read_catalogue(path(catalogue, "catalogue"))
        self.cola = cola(self.plan, read, rule or ColaRule(), progress)
        return self

    def clear_of(self, blackouts: Sequence[tuple[Epoch, Epoch]]) -> list[list[tuple[Epoch, Epoch]]]:
        """Of each opportunity, what blackouts (first and last instant each) leave of the time in which it can be flown.

        That is from opening to closing with the phase in its window (`phase_open_utc` to `phase_close_utc`); an empty
        list where it has no such time or all of it is blacked out. `sim.conjunctions.liftoff_blackouts` makes them.
        """
        from sim.conjunctions.liftoff_blackouts import Blackout, clear_parts, merged

        closed = merged(Blackout(a.since(self.zero), b.since(self.zero), ()) for a, b in blackouts)
        each = [clear_parts(c.usable, closed) if c.usable else [] for c in self]
        return [[(self.epoch(a), self.epoch(b)) for a, b in parts] for parts in each]

    def rows(self) -> list[dict]:
        """One plain row an opportunity, as in windows.json."""
        rows = table.rows(self.plan, self.trimmed)
        if self.cola is None:
            return rows
        from sim.planning.launch import cola_table

        return [row | cola_table.row(self.plan, self.cola, k) for k, row in enumerate(rows)]

    def content(self) -> dict:
        """The content of windows.json: the span, the rocket's margins, the station's trim, and the rows."""
        head = {"schema": SCHEMA, "status": "done", **table.summary(self.plan, self.trimmed)}
        if self.cola is not None:
            from sim.planning.launch import cola_table

            head["collision_avoidance"] = cola_table.summary(self.cola)
        return {**head, "windows": self.rows()}

    def lines(self, mission: str = "MISSION", overrides: Sequence[str] = ()) -> list[str]:
        """The same in words, as the command prints it; `mission` and `overrides` stand in what it advises to type."""
        text = table.lines(self.plan, self.trimmed, mission, overrides)
        if self.cola is None:
            return text
        from sim.planning.launch import cola_table

        return [*text, "", *cola_table.lines(self.plan, self.cola)]

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row an opportunity, times as UTC timestamps; ImportError where pandas is missing."""
        rows = self.rows()
        return timed({key: [row[key] for row in rows] for key in rows[0]})

    def plot(self, ax: Any = None) -> Any:
        """The chart of the span, as a figure of its own or in the given axes, which are switched off and returned."""
        from sim.output.launch_windows import chart
        from sim.plots import drawn
        from sim.plots.launch_windows import draw

        return drawn(draw, ax, chart(self.plan, self.cola))

    def __repr__(self) -> str:
        accepted = sum(c.verdict.accepted for c in self)
        start, end = (self.epoch(t).text("%Y-%m-%d") for t in (self.plan.setting.start, self.plan.setting.end))
        best = f", best lift-off {self.epoch(self.best.liftoff)}" if self.best else ""
        return f"<{len(self)} launch opportunities, {accepted} accepted, {start} to {end}{best}>"
