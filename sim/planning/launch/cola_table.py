"""Blackouts of lift-off in rows for other programs, and in lines for people."""

from __future__ import annotations

from sim.conjunctions.liftoff_blackouts import Blackout
from sim.core.epoch import Epoch
from sim.planning.launch.cola import COAST, Cola, open_parts
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan


def summary(cola: Cola) -> dict:
    """What holds for all rows of windows.json: the catalogue and the rule."""
    return {
        "catalogue": cola.file,
        "objects": cola.objects,
        "old_objects": cola.old,
        "miss_km": cola.rule.miss_m / 1e3,
        "probability": cola.rule.probability,
        "radius_m": cola.rule.radius_m,
        "after_lift_off_s": COAST,
    }


def row(plan: LaunchPlan, cola: Cola, k: int) -> dict:
    """Of opportunity `k`: the lift-offs that were looked at, those that are closed, by object, and what is left."""
    zero, looked = plan.setting.zero, cola.looked[k]
    parts = open_parts(cola, k)
    return {
        "looked_at_utc": None if looked is None else [zero.plus(t).utc(1) for t in looked],
        "blackouts": [_blackout(zero, b) for b in _in_order(cola, k)],
        "clear": [{"from_utc": zero.plus(a).utc(1), "to_utc": zero.plus(b).utc(1)} for a, b in parts],
        "lift_off_clear": None if looked is None else _clear(plan.opportunities[k], parts),
    }


def _in_order(cola: Cola, k: int) -> list[Blackout]:
    return sorted(cola.closed[k], key=lambda b: b.start_s)


def _clear(c: LaunchOpportunity, parts: list[tuple[float, float]]) -> bool:
    return any(a <= c.liftoff <= b for a, b in parts)


def _blackout(zero: Epoch, b: Blackout) -> dict:
    return {
        "from_utc": zero.plus(b.start_s).utc(1),
        "to_utc": zero.plus(b.end_s).utc(1),
        "object": ", ".join(b.names),
        "least_miss_km": round(b.miss_m / 1e3, 3),
        "closest_utc": zero.plus(b.closest_s).utc(0),
        "why": b.why,
    }


def lines(plan: LaunchPlan, cola: Cola) -> list[str]:
    """A line a passage that can be flown, and one a blackout in it."""
    found, rule = plan.setting, cola.rule
    text = [
        f"collision avoidance against {cola.file}, {cola.objects} objects, {COAST / 60.0:.0f} min from lift-off: "
        f"miss at least {rule.miss_m / 1e3:g} km, Pc at most {rule.probability:g} (radii {rule.radius_m:g} m); the "
        "station and what is docked is left out"
    ]
    if cola.old:
        text.append(f"  {cola.old} objects are not judged: their sets are more than two weeks old")
    last = None
    for k, c in enumerate(plan.opportunities):
        looked = cola.looked[k]
        if looked is None or c.crossing is last:
            continue
        last = c.crossing
        parts = open_parts(cola, k)
        clear = sum(b - a for a, b in parts)
        count = len(cola.closed[k])
        text.append(
            f"  {found.zero.plus(c.liftoff).utc(0)}, {looked[0] - c.liftoff:+.0f} to {looked[1] - c.liftoff:+.0f} s: "
            f"{count or 'no'} blackout{'' if count == 1 else 's'}, {clear:.0f} s clear; {_planned(c, parts)}"
        )
        for b in _in_order(cola, k):
            text.append(
                f"    closed {b.start_s - c.liftoff:+.1f} to {b.end_s - c.liftoff:+.1f} s: {', '.join(b.names)}, "
                f"{b.miss_m / 1e3:.1f} km at {found.zero.plus(b.closest_s).utc(0)}: {b.why}"
            )
    return [*text, *(["  no opportunity can be flown"] if last is None else [])]


def _planned(c: LaunchOpportunity, parts: list[tuple[float, float]]) -> str:
    if _clear(c, parts):
        return "the planned second is clear"
    edges = [edge - c.liftoff for part in parts for edge in part]
    if not edges:
        return "no second is clear"
    return f"the planned second is CLOSED, the nearest clear one is {min(edges, key=abs):+.1f} s"
