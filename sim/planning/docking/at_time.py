"""One time: how each constraint stands there, what would have to be relaxed, and the open intervals on either side."""

from __future__ import annotations

import numpy as np

from sim.planning.docking.launch import day
from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.table import reason, rounded, utc
from sim.proximity_safety.conditions.constraint import Constraint, Relaxation
from sim.proximity_safety.conditions.intervals import holding

ROUNDING = 1.0e-3  # of its unit: a limit that would have to be relaxed is rounded to this, so that it is enough


def answer(plan: DockingPlan, t: float) -> dict:
    """For a contact at `t` s: the margin of every constraint, the limits that would have to be relaxed, the open
    intervals before and after."""
    found = plan.open
    before = max((x for x in found if x.end < t), key=lambda x: x.end, default=None)
    after = min((x for x in found if x.start > t), key=lambda x: x.start, default=None)
    inside, slot = holding(found, t), day(plan.slots, t)

    def interval(x):
        if x is None:
            return None
        return {
            "start_utc": utc(plan, x.start),
            "end_utc": utc(plan, x.end),
            "opened_by": reason(x.opened),
            "closed_by": reason(x.closed),
        }

    return {
        "at_utc": utc(plan, t),
        "planned_contact_utc": utc(plan, slot.contact),
        "lift_off_utc": utc(plan, slot.liftoff),
        "open": inside is not None,
        "inside": interval(inside),
        "before": interval(before),
        "after": interval(after),
        "constraints": [_judged(c, t) for c in plan.constraints],
    }


def _judged(c: Constraint, t: float) -> dict:
    margin = float(c.margin(np.array([t]))[0])
    holds = margin >= 0.0
    return {
        "name": c.name,
        "hard": c.hard,
        "holds": holds,
        "margin": rounded(margin, c.unit),
        "unit": c.unit,
        "what": c.what,
        "relaxations": [] if holds else [_relaxation(g) for g in c.relaxations(t)],
    }


def _relaxation(g: Relaxation) -> dict:
    outward = np.ceil if g.needed > g.limit else np.floor
    needed = float(outward(g.needed / ROUNDING)) * ROUNDING
    return {"key": g.key, "file": g.file, "limit": g.limit, "needed": round(needed, 3), "unit": g.unit}


def answer_lines(content: dict) -> list[str]:
    """The same for people."""
    text = [
        "",
        f"contact at {content['at_utc']}: {'open' if content['open'] else 'closed'}; of that day's launch, "
        f"{content['lift_off_utc']}, it is planned for {content['planned_contact_utc']}",
    ]
    for c in content["constraints"]:
        word = "holds " if c["holds"] else "BROKEN" if c["hard"] else "broken"
        text.append(
            f"  {word} {'hard' if c['hard'] else 'soft'}  {c['name']:<13} {c['margin']:+10g} {c['unit']:<4} {_needs(c)}"
        )
    for word in ("inside", "before", "after"):
        x = content[word]
        if x:
            ends = f"opened by {x['opened_by']}, closed by {x['closed_by']}"
            text.append(f"  {word}: open {x['start_utc']} to {x['end_utc']}, {ends}")
        elif word != "inside":
            text.append(f"  {word}: no open interval in the span")
    return text


def _needs(c: dict) -> str:
    if c["holds"]:
        return c["what"]
    relaxations = c["relaxations"]
    if not relaxations:
        return f"no limit can be relaxed for it: {c['what']}"
    return "; ".join(
        f"{g['key']} ({g['file']}) would have to be relaxed from {g['limit']:g} to {g['needed']:g} {g['unit']}"
        for g in relaxations
    )
