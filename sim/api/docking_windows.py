"""Docking windows of a season: when the ship may dock, what opens and closes it, and what another time would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.api import time_span
from sim.api.tables import timed
from sim.core.epoch import Epoch
from sim.planning.docking import table
from sim.planning.docking.at_time import answer, answer_lines
from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.season import Season
from sim.proximity_safety.conditions.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1  # of docking_windows.json


class DockingWindows(list[Interval]):
    """The spans in which every hard rule holds, in order; times are those of contact, in seconds from `zero`.

    `season` is what the planner found, `at` the contact that was asked for, or None.
    """

    def __init__(self, found: Season, at: Epoch | None):
        super().__init__(found.plan.open)
        self.season, self.at = found, at

    @property
    def plan(self) -> DockingPlan:
        """Every constraint over the span, and the day by day plan of launches."""
        return self.season.plan

    @property
    def zero(self) -> Epoch:
        """The epoch of the station's elements, from which times count."""
        return self.plan.zero

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the mission's file, and about that of another target."""
        found = self.season.setting
        return (*found.scenario.warnings, *(found.asked.chosen.warnings if found.asked.chosen else ()))

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since `zero` as an Epoch."""
        return self.zero.plus(t)

    def answer(self, at: time_span.Date) -> dict:
        """How every rule stands at a contact then, and what would have to be relaxed for it."""
        return answer(self.plan, time_span.moment(at).since(self.zero))

    def content(self) -> dict:
        """The content of docking_windows.json: the constraints with their intervals, what is open, and the days."""
        found = {"schema": SCHEMA, "status": "done", **self.season.head(), **table.summary(self.plan)}
        return found | ({"at": self.answer(self.at)} if self.at else {})

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        about = answer_lines(self.answer(self.at)) if self.at else []
        return [*self.season.lines(), *table.lines(self.plan), *about]

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row an interval of every constraint, times as timestamps.

        ImportError where pandas is missing, with what to install.
        """
        rows = table.interval_rows(self.content())
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return timed({key: [row.get(key) for row in rows] for key in keys})

    def plot(self, ax: Any = None) -> Any:
        """The chart of the season, as a figure of its own or in the given axes, which are switched off and returned."""
        from sim.planning.docking.chart import season_chart
        from sim.plots import drawn
        from sim.plots.docking_season import draw

        return drawn(draw, ax, season_chart(self.season, self._moment()))

    def plot_constraints(self, ax: Any = None) -> Any:
        """The margins of every constraint on one day; figure or axes as for `plot`."""
        from sim.planning.docking.chart import day_chart
        from sim.plots import drawn
        from sim.plots.docking_constraints import draw

        return drawn(draw, ax, day_chart(self.season, self._moment()))

    def _moment(self) -> float | None:
        return self.at.since(self.zero) if self.at else None

    def __repr__(self) -> str:
        hours = sum(x.end - x.start for x in self) / 3600.0
        span = f"{self.epoch(self.plan.start)} to {self.epoch(self.plan.end)}"
        return f"<{len(self)} docking windows, {hours:.1f} h open, {span}>"
