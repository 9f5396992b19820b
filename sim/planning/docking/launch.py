"""A launch that docks then: the plane's second, the phase or the trim that sets it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.planning.docking.slots import Slot
from sim.planning.launch_limits import LaunchLimits
from sim.proximity_safety.conditions.constraint import Constraint, Relaxation
from sim.proximity_safety.conditions.intervals import Interval, some, within
from sim.scenario.docking_rules import DockingRules

DAY = 86400.0


def launch(found: Sequence[Slot], rules: DockingRules, start: float, end: float) -> Constraint:
    """Contact no further from the day's planned one than lift-off and rendezvous can move it; margin in s."""
    rule = rules.launch
    reach = rule.liftoff_off_most_s + rule.slide_most_s
    contacts = np.array([s.contact for s in found])

    def margin(times: np.ndarray) -> np.ndarray:
        after = np.searchsorted(contacts, times)
        before = np.maximum(after - 1, 0)
        after = np.minimum(after, contacts.size - 1)
        return reach - np.minimum(np.abs(times - contacts[before]), np.abs(times - contacts[after]))

    about = (Interval(c - reach, c + reach, ("launch",), ("launch",)) for c in contacts) if reach > 0.0 else ()
    return Constraint(
        "launch",
        rule.hard,
        "s",
        f"contact within {reach:g} s of the day's planned one: {rule.liftoff_off_most_s:g} s of lift-off about the "
        f"plane's second and {rule.slide_most_s:g} s of the rendezvous",
        within(some((x,) for x in about), start, end),
        margin,
        lambda t: [
            Relaxation(
                "launch.slide_most_s",
                "rules",
                rule.slide_most_s,
                rule.slide_most_s - float(margin(np.array([t]))[0]),
                "s",
            )
        ],
    )


def phase(found: Sequence[Slot], rules: DockingRules, limits: LaunchLimits, start: float, end: float) -> Constraint:
    """The trim that the day's phase takes, m/s, or without trims the phase itself, deg. It changes from day to day."""
    if limits.trims:
        margins = np.array([(limits.trim_limit if s.in_time else 0.0) - abs(s.trim) for s in found])
        name, unit, hard = "trim", "m/s", rules.trim.hard
        what = (
            f"the station's trim {limits.trim_before / DAY:g} days before lift-off, to {_deg(limits.centre):g} deg at "
            f"insertion, within {limits.trim_limit:g} m/s"
        )
    else:
        low, high = limits.window
        # An angle on the circle: as far out of the window as its nearer end.
        offset = [math.remainder(s.phase - 0.5 * (low + high), 2.0 * math.pi) for s in found]
        margins = np.degrees(0.5 * (high - low) - np.abs(offset))
        name, unit, hard = "phase", "deg", rules.phase.hard
        what = f"the station {_deg(low):g} to {_deg(high):g} deg ahead at insertion"
    seams = np.array([s.start for s in found[1:]])

    def margin(times: np.ndarray) -> np.ndarray:
        return margins[np.searchsorted(seams, times, side="right")]

    def needed_at(t: float) -> Sequence[Relaxation]:
        slot, short = day(found, t), -float(margin(np.array([t]))[0])
        if name == "trim":
            return [Relaxation("trim.limit_m_s", "mission", limits.trim_limit, abs(slot.trim), "m/s")] * slot.in_time
        below = math.remainder(slot.phase - 0.5 * sum(limits.window), 2.0 * math.pi) < 0.0
        edge, sign = (0, -1.0) if below else (1, 1.0)
        now = _deg(limits.window[edge])
        return [Relaxation(f"phase_window_deg.{edge}", "profile", now, now + sign * short, "deg")]

    good = (Interval(s.start, s.end, (name,), (name,)) for s, m in zip(found, margins, strict=True) if m > 0.0)
    return Constraint(name, hard, unit, what, within(some((x,) for x in good), start, end), margin, needed_at)


def day(found: Sequence[Slot], t: float) -> Slot:
    """The day that a time belongs to; the nearest one for a time beyond all."""
    return next((s for s in found if t < s.end), found[-1])


def _deg(angle: float) -> float:
    return math.degrees(angle)
