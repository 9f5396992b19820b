"""A week as plain data, for `week.json` and `flight.json`: the plan, and where it was judged what of it broke."""

from __future__ import annotations

from sim.core.epoch import Epoch
from sim.core.week import WeekPlan, WeekRecord


def week_dict(plan: WeekPlan, zero: Epoch) -> dict:
    """The plan; times in UTC, to the second."""

    def utc(t: float) -> str:
        return zero.plus(t).utc(0)

    rules = plan.rules
    return {
        "name": rules.name,
        "solver": plan.solver,
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "possible": plan.possible,
        "forecast": {
            "liftoff_utc": utc(plan.lift_off),
            "docked_utc": utc(plan.docked),
            "hatch_open_utc": utc(plan.hatch),
            "undocking_utc": utc(plan.undocking),
        },
        "people": [
            {"key": p.key, "name": p.name, "role": p.role, "nation": p.nation, "groups": list(p.groups)}
            for p in rules.people
        ],
        "waking": [{"start_utc": utc(a.start), "end_utc": utc(a.end)} for a in plan.waking],
        "entries": [
            {
                "activity": e.activity,
                "number": e.number,
                "times": (a := rules.activity(e.activity)).times,
                "title": a.title,
                "discipline": a.discipline,
                "start_utc": utc(e.start),
                "end_utc": utc(e.end),
                "runs_until_utc": utc(e.runs),
                "rack": rules.racks.get(a.rack, ""),
                "conditions": a.conditions.words,
                "people": list(e.people),
            }
            for e in plan.entries
        ],
        "blocks": [
            {
                "kind": b.kind,
                "title": b.title,
                "start_utc": utc(b.start),
                "end_utc": utc(b.end),
                "people": list(b.people),
            }
            for b in plan.blocks
        ],
        "left_out": [
            {"activity": name, "title": rules.activity(name).title, "times": times} for name, times in plan.left_out
        ],
        "strips": {name: [[utc(a), utc(b)] for a, b in spans] for name, spans in plan.strips},
    }


def week_record_dict(week: WeekRecord, zero: Epoch) -> dict:
    """The plan, and what the flight made of it."""
    broken = [
        {"rule": b.rule, "what": b.what, "utc": zero.plus(b.t).utc(0), "by": b.by, "unit": b.unit} for b in week.broken
    ]
    recheck = {"return_day_moved_s": week.shift, "judged": dict(week.judged), "broken": broken}
    return week_dict(week.plan, zero) | {"recheck": recheck}
