"""A plan in rows for other programs, and in lines for people."""

from __future__ import annotations

import math

import numpy as np

from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.slots import Slot
from sim.proximity_safety.conditions.constraint import Constraint, Least, on_grid
from sim.proximity_safety.conditions.intervals import Interval, Intervals, both, whole
from sim.proximity_safety.conditions.timeline import BETA

STEP = 30.0  # s between the samples of the best and the worst margin
INSIDE = 1.0e-6  # s from an end, where the margin is still that of the interval: beyond it another day may begin
PLACES = {"s": 1, "deg": 3, "m/s": 3, "h": 4}


def summary(plan: DockingPlan) -> dict:
    """`constraints` with their intervals, `open` where all hard ones hold, and `days` with the planned contacts."""
    times = plan.start + STEP * np.arange(int((plan.end - plan.start) / STEP) + 1)
    listed = [_constraint(plan, c, times) for c in plan.constraints]
    return {
        "from_utc": utc(plan, plan.start),
        "to_utc": utc(plan, plan.end),
        "time_is": "contact",
        "profile": plan.profile.key,
        "constraints": listed,
        "open": [_open(plan, x) for x in plan.open],
        "days": [_day(plan, s) for s in days(plan)],
    }


def days(plan: DockingPlan) -> list[Slot]:
    """The days whose planned contact lies in the span."""
    return [s for s in plan.slots if plan.start <= s.contact <= plan.end]


def utc(plan: DockingPlan, t: float) -> str:
    return plan.zero.plus(t).utc(3)


def reason(names: tuple[str, ...]) -> str:
    """Of an end, in words."""
    return " and ".join(names)


def rounded(value: float, unit: str) -> float:
    """As written in the tables: seconds to a tenth, angles to a thousandth; never a negative zero."""
    return round(float(value), PLACES[unit]) + 0.0


def _constraint(plan: DockingPlan, c: Constraint, times: np.ndarray) -> dict:
    margins = on_grid(c.margin, times, STEP)
    at_ends = _at_ends(plan, c)
    intervals = []
    for x, (first, last) in zip(c.intervals, at_ends, strict=True):
        a, b = np.searchsorted(times, (x.start, x.end))
        inside = margins[a:b] if b > a else c.margin(np.array([0.5 * (x.start + x.end)]))
        inside = np.maximum(inside, 0.0)  # it holds here, whatever the straight lines of the grid give beside an end
        at = times[a + int(inside.argmax())] if b > a else 0.5 * (x.start + x.end)
        intervals.append(
            {
                "start_utc": utc(plan, x.start),
                "end_utc": utc(plan, x.end),
                "worst_margin": rounded(min(inside.min(), first, last), c.unit),
                "unit": c.unit,
                "best_margin": rounded(inside.max(), c.unit),
                "best_utc": utc(plan, at),
                "opened_by": reason(x.opened),
                "closed_by": reason(x.closed),
            }
        )
    return {
        "name": c.name,
        "hard": c.hard,
        "unit": c.unit,
        "what": c.what,
        "limits": dict(c.limits),
        "share": round(sum(x.length for x in c.intervals) / (plan.end - plan.start), 4),
        "intervals": intervals,
    }


def _at_ends(plan: DockingPlan, c: Constraint) -> np.ndarray:
    """Margins at both ends of every interval (n,2). A minimum over time, which is expensive, is zero where it is a
    root: it is computed at the ends of the span and at the seams alone."""
    ends = np.array([(x.start, x.end) for x in c.intervals]).ravel()
    margins = np.zeros(ends.size)
    cuts = np.concatenate([[plan.start, plan.end], plan.sight.seams])
    asked = np.isin(ends, cuts) if isinstance(c.margin, Least) else np.full(ends.size, True)
    inward = np.where(np.arange(ends.size) % 2 == 0, INSIDE, -INSIDE)
    margins[asked] = c.margin((ends + inward)[asked])
    return margins.reshape(-1, 2)


def share(intervals: Intervals, x: Interval) -> float:
    """How much of `x` the intervals cover, 0 to 1."""
    return sum(part.length for part in both(intervals, whole(x.start, x.end))) / x.length


def _open(plan: DockingPlan, x: Interval) -> dict:
    times = np.linspace(x.start + INSIDE, x.end - INSIDE, 33)
    slot = next((s for s in plan.slots if s.start <= x.start < s.end), None)
    assert slot is not None  # the slots lie side by side over the whole span
    return {
        "start_utc": utc(plan, x.start),
        "end_utc": utc(plan, x.end),
        "length_s": round(x.length, 1),
        "opened_by": reason(x.opened),
        "closed_by": reason(x.closed),
        "lift_off_utc": utc(plan, slot.liftoff),
        "planned_contact_utc": utc(plan, slot.contact),
        "worst_margins": {c.name: rounded(c.margin(times).min(), c.unit) for c in plan.constraints if c.hard},
        "soft_shares": {c.name: round(share(c.intervals, x), 3) for c in plan.constraints if not c.hard},
    }


def _day(plan: DockingPlan, s: Slot) -> dict:
    beta = math.degrees(math.asin(plan.sight.rows(np.array([s.contact]))[0, BETA]))
    margins = {c.name: rounded(c.margin(np.array([s.contact]))[0], c.unit) for c in plan.constraints}
    return {
        "plane_crossing_utc": utc(plan, s.crossing),
        "lift_off_utc": utc(plan, s.liftoff),
        "planned_contact_utc": utc(plan, s.contact),
        "phase_deg": round(math.degrees(s.phase), 3) % 360.0,
        "trim_m_s": round(s.trim, 4),
        "trim_in_time": s.in_time,
        "beta_deg": round(beta, 3),
        "open": [[utc(plan, x.start), utc(plan, x.end)] for x in opened(plan, s)],
        "margins": margins,
        "broken": [c.name for c in plan.constraints if margins[c.name] < 0.0],
    }


def opened(plan: DockingPlan, s: Slot) -> Intervals:
    """The open intervals of one day."""
    return tuple(x for x in plan.open if s.start <= x.start < s.end)


def interval_rows(content: dict) -> list[dict]:
    """One row for each interval of each constraint, and for each open one: for a spreadsheet."""
    keys = ("start_utc", "end_utc", "opened_by", "closed_by")
    rows = [
        {
            "constraint": c["name"],
            "hard": c["hard"],
            **{k: x[k] for k in keys},
            "worst_margin": x["worst_margin"],
            "best_margin": x["best_margin"],
            "unit": x["unit"],
        }
        for c in content["constraints"]
        for x in c["intervals"]
    ]
    return rows + [
        {
            "constraint": "open",
            "hard": True,
            **{k: x[k] for k in keys},
            "worst_margin": None,
            "best_margin": None,
            "unit": None,
        }
        for x in content["open"]
    ]


# ---- for people


def lines(plan: DockingPlan) -> list[str]:
    """The rules, then a line for every day: when it is open, and what closes it or keeps it shut."""
    text = [_rule(plan, c) for c in plan.constraints]
    text += ["", *_HEADS]
    trimmed = plan.profile.limits.trims
    for s in days(plan):
        text += _day_lines(plan, s, trimmed)
    found = plan.open
    total = sum(x.length for x in found)
    intervals, on = ("interval" if len(found) == 1 else "intervals"), len(days(plan))
    text += ["", f"{len(found)} open {intervals}, {total / 3600.0:.1f} h together, on {on} day{'s' * (on != 1)}"]
    return text


_HEADS = (
    "  planned contact      lift-off  phase     trim   beta    open (UTC)             length  opened by     closed by"
    "      soft rules broken at contact",
    "  (UTC)                (UTC)     deg       m/s    deg                            min",
)


def _rule(plan: DockingPlan, c: Constraint) -> str:
    covered = sum(x.length for x in c.intervals) / (plan.end - plan.start)
    return f"{'hard' if c.hard else 'soft'}  {c.name:<13} {100.0 * covered:5.1f} % of the time: {c.what}"


def _day_lines(plan: DockingPlan, s: Slot, trimmed: bool):
    margins = {c.name: (c, float(c.margin(np.array([s.contact]))[0])) for c in plan.constraints}
    broken = [(c, m) for c, m in margins.values() if m < 0.0]
    soft = ", ".join(c.name for c, _ in broken if not c.hard) or "none"
    beta = math.degrees(math.asin(plan.sight.rows(np.array([s.contact]))[0, BETA]))
    trim = f"{s.trim:+.2f}" if trimmed else "-"
    head = (
        f"  {plan.zero.plus(s.contact).text('%Y-%m-%d %H:%M:%S')}  {plan.zero.plus(s.liftoff).text('%H:%M:%S')}  "
        f"{round(math.degrees(s.phase), 1) % 360.0:5.1f}  {trim:>7}  {beta:+5.1f}"
    )
    found = opened(plan, s)
    for x in found:
        first, last = (plan.zero.plus(t).text("%H:%M:%S") for t in (x.start, x.end))
        why = f"{reason(x.opened):<12}  {reason(x.closed):<12}"
        yield f"{head}   {first} - {last}   {x.length / 60.0:6.1f}  {why}   {soft}"
        head = " " * len(head)
    if not found:
        against = "; ".join(f"{c.name} {rounded(m, c.unit):+g} {c.unit}" for c, m in broken if c.hard)
        yield f"{head}   no: {against or 'the hard rules hold one after the other, never together'}"
