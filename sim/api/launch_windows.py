"""Launch windows of a season: every passage of the pad through the station's plane, by every profile, judged."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import time_span as spans
from sim.api.output import Progress, Where, directory, silent
from sim.api.tables import dataframe
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.files.errors import BadInput, MissionFailed
from sim.planning.launch import table
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan, plan
from sim.planning.launch.station import StationPlan, station_plan
from sim.planning.station_outlook import Asked, setting
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd


class LaunchWindows(list[LaunchOpportunity]):
    """Every launch opportunity of the span, in order of time; its times count in seconds from `zero`.

    `plan` is what the planner found, `trimmed` how the station would have to be trimmed for the best of them.
    """

    def __init__(self, found: LaunchPlan, trimmed: StationPlan | None):
        super().__init__(found.opportunities)
        self.plan, self.trimmed = found, trimmed

    @property
    def zero(self) -> Epoch:
        """The epoch of the station's elements, from which times count."""
        return self.plan.setting.zero

    @property
    def best(self) -> LaunchOpportunity | None:
        """The best of those that are accepted; None where none is."""
        return None if self.plan.best is None else self[self.plan.best]

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since `zero` as an Epoch."""
        return self.zero.plus(t)

    def rows(self) -> list[dict]:
        """One plain row an opportunity, as in windows.json."""
        return table.rows(self.plan, self.trimmed)

    def content(self) -> dict:
        """The content of windows.json: the span, the rocket's margins, the station's trim, and the rows."""
        return {"status": "done", **table.summary(self.plan, self.trimmed), "windows": self.rows()}

    def lines(self, mission: str = "MISSION", overrides: Sequence[str] = ()) -> list[str]:
        """The same in words, as the command prints it; `mission` and `overrides` stand in what it advises to type."""
        return table.lines(self.plan, self.trimmed, mission, overrides)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row an opportunity; ImportError where pandas is missing, with what to install."""
        rows = self.rows()
        return dataframe({key: [row[key] for row in rows] for key in rows[0]})

    def plot(self, ax: Any = None) -> Any:
        """The chart of the span, as a figure of its own or in the given axes, which are returned then."""
        from sim.output.launch_windows import chart
        from sim.plots import drawn
        from sim.plots.launch_windows import draw

        return drawn(draw, ax, chart(self.plan))

    def __repr__(self) -> str:
        accepted = sum(c.verdict.accepted for c in self)
        span = f"{self.epoch(self.plan.setting.start)} to {self.epoch(self.plan.setting.end)}"
        best = f", best lift-off {self.epoch(self.best.liftoff)}" if self.best else ""
        return f"<{len(self)} launch opportunities, {accepted} accepted, {span}{best}>"


def launch_windows(
    mission: str | Path | Scenario,
    start: str | Epoch | None = None,
    days: float | None = None,
    *,
    site: str | None = None,
    elements: str | Path | None = None,
    bias: str | None = None,
    trim: bool = True,
    overrides: Iterable[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> LaunchWindows:
    """Every launch window of a span of days, by every profile, accepted or rejected and why.

    `start`: the first day, UTC, as "2026-10-01" or an Epoch, and `days` how many (30); without both the mission's own
    window. `site`: a launch site by name, or "LAT,LON,HEIGHT_M" in degrees and metres. `elements`: a TLE or OMM file of
    another target. `bias`: how far from the plane the rocket rises ("file", "since-2022-11", "2021", or "none" for the
    ascent's optimum). `trim`: whether the station may be trimmed for each day. `overrides`: texts `KEY=VALUE` for the
    mission's file. `out`: a directory for tables, chart and manifest.

    MissionFailed for a site that the station's plane never passes over, and a span without a crossing; BadInput and
    ScenarioError for what is asked wrongly.
    """
    began = time.perf_counter()
    named = [f"launch.site={site}"] if site and "," not in site else []
    scenario = _loaded(mission, [*overrides, *named])
    first, length = spans.date(start), spans.days(days)
    asked = Asked(
        start=first,
        days=length,
        elements=spans.elements(elements, first),
        bias=bias,
        site=spans.site(site),
        trims=trim,
        site_named=bool(named),
    )
    tick = progress or silent
    with directory(out) as place:
        try:
            tick("station", 0.1)
            outlook = setting(scenario, asked)
            tick("windows", 0.4)
            found = plan(outlook)
            tick("trim", 0.9)
            windows = LaunchWindows(found, station_plan(found))
        except Failure as failure:
            raise MissionFailed("launch windows", str(failure)) from None
        if place is not None:
            from sim.output.launch_windows import write

            write(found, windows.content(), place, time.perf_counter() - began)
    return windows


def _loaded(mission: str | Path | Scenario, overrides: Sequence[str]) -> Scenario:
    if not isinstance(mission, Scenario):
        return load(mission, overrides)
    if overrides:
        raise BadInput("overrides and a site by name change the file while it is read; give them to sim.load")
    return mission
