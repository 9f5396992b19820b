"""The crew's clock: the hours at which they dock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.core.epoch import BEIJING, Epoch
from sim.proximity_safety.conditions.constraint import Constraint, Relaxation
from sim.proximity_safety.conditions.intervals import Interval, some, within
from sim.scenario.docking_rules import DockingRules

HOUR, DAY = 3600.0, 86400.0


def crew_day(zero: Epoch, rules: DockingRules, start: float, end: float) -> Constraint:
    """Contact in the crew day by Beijing's clock; margin in h."""
    rule = rules.crew_day
    first, last = rule.from_h, rule.until_h

    def hour(times: np.ndarray) -> np.ndarray:
        return (times - midnight) % DAY / HOUR

    midnight = Epoch.from_utc(zero.plus(start + 8.0 * HOUR).utc(0)[:10]).since(zero) - 8.0 * HOUR
    days = midnight + DAY * np.arange(int((end - start) / DAY) + 2)

    def margin(times: np.ndarray) -> np.ndarray:
        h = hour(np.asarray(times, dtype=float))
        if last - first >= 24.0:
            return np.full(h.shape, 24.0)
        inside = np.minimum(h - first, last - h)
        return np.where(inside >= 0.0, inside, -np.minimum((first - h) % 24.0, (h - last) % 24.0))

    def needed_at(t: float) -> Sequence[Relaxation]:
        h = float(hour(np.array([t]))[0])
        if h < first:
            return [Relaxation("crew_day.from_h", "rules", first, h, "h")]
        return [Relaxation("crew_day.until_h", "rules", last, h, "h")]

    hours = (Interval(d + HOUR * first, d + HOUR * last, ("crew_day",), ("crew_day",)) for d in days)
    return Constraint(
        "crew_day",
        rule.hard,
        "h",
        f"contact between {first:g} and {last:g} h in {BEIJING.tzname(None)} (UTC+8)",
        within(some((x,) for x in hours), start, end),
        margin,
        needed_at,
    )
