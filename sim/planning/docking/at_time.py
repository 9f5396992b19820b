"""One time: how each constraint stands there, what would have to give, and the open intervals on either side."""

from __future__ import annotations

import numpy as np

from sim.planning.docking.constraint import Constraint, Give
from sim.planning.docking.intervals import holding
from sim.planning.docking.launch import day
from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.table import reason, rounded, utc

GIVEN = 1.0e-3  # of its unit: to what a limit that would have to give is told, rounded so that it is enough


def answer(plan: DockingPlan, t: float) -> dict:
    """For a contact at `t` s: the margin of every constraint, the limits that would have to give, the open intervals
    before and after."""
    found = plan.open
    before = max((x for x in found if x.end < t), key=lambda x: x.end, default=None)
    after = min((x for x in found if x.start > t), key=lambda x: x.start, default=None)
    inside, slot = holding(found, t), day(plan.slots, t)

    def told(x):
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
        "inside": told(inside),
        "before": told(before),
        "after": told(after),
        "constraints": [_stands(c, t) for c in plan.constraints],
    }


def _stands(c: Constraint, t: float) -> dict:
    margin = float(c.margin(np.array([t]))[0])
    holds = margin >= 0.0
    return {
        "name": c.name,
        "hard": c.hard,
        "holds": holds,
        "margin": rounded(margin, c.unit),
        "unit": c.unit,
        "what": c.what,
        "would_have_to_give": [] if holds else [_given(g) for g in c.gives(t)],
    }


def _given(g: Give) -> dict:
    away = np.ceil if g.needed > g.limit else np.floor
    needed = float(away(g.needed / GIVEN)) * GIVEN
    return {"key": g.key, "file": g.file, "limit": g.limit, "needed": round(needed, 3), "unit": g.unit}


def answer_lines(told: dict) -> list[str]:
    """The same for people."""
    text = [
        "",
        f"contact at {told['at_utc']}: {'open' if told['open'] else 'closed'}; of that day's launch, "
        f"{told['lift_off_utc']}, it is planned for {told['planned_contact_utc']}",
    ]
    for c in told["constraints"]:
        word = "holds " if c["holds"] else "BROKEN" if c["hard"] else "broken"
        text.append(
            f"  {word} {'hard' if c['hard'] else 'soft'}  {c['name']:<13} {c['margin']:+10g} {c['unit']:<4} {_gives(c)}"
        )
    for word in ("inside", "before", "after"):
        x = told[word]
        if x:
            ends = f"opened by {x['opened_by']}, closed by {x['closed_by']}"
            text.append(f"  {word}: open {x['start_utc']} to {x['end_utc']}, {ends}")
        elif word != "inside":
            text.append(f"  {word}: no open interval in the span")
    return text


def _gives(c: dict) -> str:
    if c["holds"]:
        return c["what"]
    gives = c["would_have_to_give"]
    if not gives:
        return f"no limit can give: {c['what']}"
    return "; ".join(
        f"{g['key']} ({g['file']}) would have to be {g['needed']:g} {g['unit']} instead of {g['limit']:g}"
        for g in gives
    )
