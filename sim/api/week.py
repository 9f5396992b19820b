"""The week aboard, planned from what is known before the flight."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.asked import function, path, texts
from sim.api.output import Progress, Where, directory, silent
from sim.core.epoch import BEIJING, ISLAMABAD, Epoch
from sim.core.week import MINUTE, WeekPlan
from sim.export.week import week_dict
from sim.files.errors import BadInput, MissionFailed
from sim.planning.crew.cards import dates
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1  # of week.json


@dataclass(frozen=True, eq=False, repr=False)
class Week:
    """What the crew does while both ships are docked: `plan`, whose seconds count from `zero`."""

    plan: WeekPlan
    zero: Epoch
    mission: str
    seconds: float

    def content(self) -> dict:
        """The content of week.json."""
        return {"schema": SCHEMA, "status": "done", "mission": self.mission, **week_dict(self.plan, self.zero)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        plan, rules = self.plan, self.plan.rules
        best = (
            "no plan is worth more" if plan.gap == 0.0 else f"the best is worth at most {100.0 * plan.gap:.1f} % more"
        )
        found = [
            f"{self.mission}: {rules.name}",
            f"forecast before the flight: hatch opens {self._utc(plan.hatch)}, undocking {self._utc(plan.undocking)}",
            f"{len(plan.entries)} times of {len(rules.activities)} activities, worth {plan.value} of {plan.possible}; "
            f"{best} ({plan.solver})",
        ]
        left = [
            f"{rules.activity(name).title} ({times} of {rules.activity(name).times})" for name, times in plan.left_out
        ]
        found.append(f"left out: {', '.join(left) or 'nothing'}")
        found += [f"{p.key}: {p.name}" for p in rules.people]
        for k, waking in enumerate(plan.waking):
            found += [
                "",
                f"day {k}: {dates(self.zero, waking)} in Beijing, {waking.hours:.1f} h",
            ]
            found.append(f"  {'UTC':<12} {'Beijing':<12} {'Islamabad':<12} min")
            for e in (e for e in plan.entries if waking.start <= e.start < waking.end):
                a = rules.activity(e.activity)
                clocks = " ".join(
                    f"{self.zero.plus(e.start).text('%H:%M', zone)}-{self.zero.plus(e.end).text('%H:%M', zone):<6}"
                    for zone in (UTC, BEIJING, ISLAMABAD)
                )
                who = "all" if len(e.people) == len(rules.people) else ", ".join(e.people)
                found.append(f"  {clocks} {(e.end - e.start) / MINUTE:3.0f}  {a.title}: {who}")
        return found

    def _utc(self, t: float) -> str:
        return self.zero.plus(t).utc(0)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row for each time of an activity. ImportError where pandas is missing."""
        from sim.api.tables import timed

        rows = self.content()["entries"]
        return timed({key: [row[key] for row in rows] for key in rows[0]} if rows else {})

    def plot(self, ax: Any = None) -> Any:
        """The chart of the week, as a figure of its own or in the given axes, which are switched off and returned."""
        from sim.plots import drawn
        from sim.plots.week_chart import draw

        return drawn(draw, ax, {"week": week_dict(self.plan, self.zero), "name": self.mission})

    def __repr__(self) -> str:
        return f"<{self.plan.rules.name}: {len(self.plan.entries)} times of activities, value {self.plan.value}>"


def week(
    mission: str | Path | Scenario,
    *,
    overrides: Sequence[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> Week:
    """Plan the week of a mission that names one, from what is known before it flies; nothing but the station is flown.

    `overrides`: texts `KEY=VALUE` for the mission's file. `out`: a directory for week.json, the chart, a day card for
    each person and the manifest.

    BadInput for a mission without a week, ScenarioError where a file has problems, MissionFailed where the week cannot
    be planned: it names a least set of constraints that clash.
    """
    began, tick = time.perf_counter(), function(progress) or silent
    if not isinstance(mission, Scenario):
        mission = load(path(mission, "mission", "the name or the path of a mission"), texts(overrides))
    elif overrides:
        raise BadInput("overrides change a file while it is read; give them to sim.load, which made this scenario")
    if mission.week is None:
        raise BadInput(f"{mission.path.name}: it names no week; write week = 'pakistan' into it, or your own file")
    # From here on it is slow: all problems of what was asked have been reported.
    from contextlib import nullcontext

    from sim.core.flight import Failure
    from sim.output import week as output
    from sim.output.beside import Beside, drawing
    from sim.planning.crew.plan import planned
    from sim.planning.crew.rules import week_rules
    from sim.planning.crew.stay import forecast_stay

    rules = week_rules(mission)
    assert rules is not None  # it names a week
    with (
        directory(out, loads=False) as place,
        nullcontext(Beside()) if place is None else drawing(["week_chart"]) as beside,
    ):
        try:
            tick("forecast", 0.1)
            stay = forecast_stay(mission)
            tick("plan", 0.4)
            forecast_at = time.perf_counter()
            plan = planned(rules, stay)
        except Failure as failure:
            raise MissionFailed("week", str(failure)) from None
        timings = {"forecast": forecast_at - began, "plan": time.perf_counter() - forecast_at}
        made = Week(plan, stay.world.zero, mission.name, timings["plan"])
        if place is not None:
            tick("writing", 0.9)
            output.draw(week_dict(plan, made.zero), mission.name, place, beside)
            beside.finish()
            output.write(plan, made.content(), mission, made.zero, place, timings)
    return made
