"""An avoidance plan against a catalogue or a message, for people: as lines, and what its picture shows."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.conjunctions.avoidance import CandidateBurn
from sim.conjunctions.avoidance_plan import AvoidancePlan
from sim.conjunctions.avoidance_report import (
    NOTHING,
    AvoidedAll,
    PlannedCraft,
    duration,
    rescreened,
    shortlist,
    unlimited,
)
from sim.conjunctions.avoidance_wait import decide_by
from sim.conjunctions.encounter_judgement import JudgedConjunction

SHOWN = 8  # conjunctions in the table and in the picture


def lines(made: AvoidedAll) -> Iterator[str]:
    """What was found, the rule, candidates, the burn, before and after, the cost."""
    rule = made.request.rule
    limits = [f"probability at most {rule.probability:g}"]
    limits += [f"miss at least {rule.miss_m:g} m"] if rule.miss_m > 0.0 else []
    yield f"{made.title}: {made.source}"
    yield f"rule: {', '.join(limits)}; {made.covariance}"
    for one in made.craft:
        yield ""
        yield from _craft_lines(one)


def _craft_lines(one: PlannedCraft) -> Iterator[str]:
    plan = one.plan
    broken = [j for j in plan.before if j.breaks]
    yield (
        f"{one.name}, {one.utc(one.span[0])} to {one.utc(one.span[1])}: {_counted(len(plan.before))}, "
        f"{len(broken) or 'none'} break{'' if len(broken) > 1 else 's'} the rule"
    )
    yield from (f"  note: {remark}" for remark in one.remarks)
    if plan.before:
        after = f"  {'after: miss':>11} {'Pc':>9}" if plan.after else ""
        yield f"  {'TCA, UTC':24} {'object':32} {'miss, m':>10} {'Pc':>9}{after}"
    for k in _shown(plan):
        yield f"  {_row(one, k)}"
    if len(plan.before) > SHOWN:
        yield f"  {len(plan.before) - SHOWN} more are in --json and --out"
    if one.decision == NOTHING:
        yield f"  NOTHING TO DO: {plan.reason}"
        return
    yield from _candidate_lines(one)
    if plan.burn is not None and plan.costs is not None:
        yield from _burn_lines(one)
    if not one.cleared:
        yield f"  CANNOT BE CLEARED: {one.reason}"
        return
    yield from _wait_lines(one)


def _probability(judged: JudgedConjunction) -> float:
    return judged.probability


def _counted(count: int) -> str:
    return "1 conjunction" if count == 1 else f"{count} conjunctions"


def _shown(plan: AvoidancePlan) -> list[int]:
    """Those that break the rule first, then the likeliest; in order of time."""
    judged = plan.after or plan.before
    likely = [-max(_probability(b), _probability(a)) for b, a in zip(plan.before, judged, strict=True)]
    order = sorted(range(len(judged)), key=lambda k: (not plan.before[k].breaks, likely[k]))
    return sorted(order[:SHOWN], key=lambda k: plan.before[k].time_s)


def _row(one: PlannedCraft, k: int) -> str:
    before = one.plan.before[k]
    text = f"{one.utc(before.time_s, 3):24} {before.name[:32]:32} {before.miss_m:10.0f} {before.probability:9.1e}"
    if one.plan.after:
        after = one.plan.after[k]
        text += f"  {after.miss_m:11.0f} {after.probability:9.1e}"
    marks = [f"BROKEN: {before.breaks}"] if before.breaks else []
    marks += [f"in doubt: {before.doubt}"] if before.doubt and before.breaks else []
    return "  ".join([text, *marks])


def _candidate_lines(one: PlannedCraft) -> Iterator[str]:
    found = shortlist(one)
    if not found:
        return
    yield "  candidates by linear theory, the smallest of each quarter revolution:"
    for b in found:
        ahead = (min(j.time_s for j in one.plan.before if j.breaks) - b.time_s) / 3600.0
        yield f"    {one.utc(b.time_s)}  {_rtn(b)} m/s, {ahead:.1f} h ahead"


def _rtn(burn: CandidateBurn) -> str:
    return "R {:+.4f}, T {:+.4f}, N {:+.4f}".format(*(burn.rtn + 0.0))  # no -0


def _burn_lines(one: PlannedCraft) -> Iterator[str]:
    plan, burn, costs, engine = one.plan, one.plan.burn, one.plan.costs, one.plan.request.engine
    assert burn is not None and costs is not None
    how = f"{duration(one, burn):.3g} s at {engine.thrust_n:g} N" if engine.thrust_n else "an impulse"
    yield f"  BURN {one.utc(burn.time_s)}: {_rtn(burn)} m/s ({how}), flown in the full model and judged again"
    of = f" at {one.arrival}" if one.arrival else ""
    limit = plan.request.limits.phase_rad
    kept = "" if unlimited(limit) else f" (at most {math.degrees(limit or 0.0):g})"
    yield (
        f"    costs {costs.propellant_kg:.2f} kg of {one.orbit.mass:.0f} kg, altitude {costs.axis_m:+.0f} m, phase "
        f"{math.degrees(costs.phase_rad):+.4f} deg{kept}{of}, {one.utc(costs.phase_at_s)}"
    )
    if one.made.met is None:
        yield "    not screened again: no catalogue was given (--catalog), and only the message's conjunction is known"
        return
    found = rescreened(one, one.made.met)
    rounds = f", planned {one.made.rounds} times" if one.made.rounds > 1 else ""
    likely = f", largest Pc {found['largest_probability']:.1e} ({found['largest_of']})" if one.made.met else ""
    yield f"    screened again along the burned path: {_counted(len(one.made.met))}{likely}{rounds}"


def _wait_lines(one: PlannedCraft) -> Iterator[str]:
    for choice in one.waits:
        left = "no burn is left after it" if choice.burn is None else f"{abs(choice.burn.dv_m_s):.4f} m/s left then"
        expected = "" if choice.expected_dv_m_s is None else f", {choice.expected_dv_m_s:.4f} m/s expected"
        yield (
            f"  {'WAIT' if choice.wait else 'do not wait'} for the update of {one.utc(choice.update.time_s)}: clears "
            f"with probability {choice.clears:.2f}; {left}{expected}"
        )
    latest = decide_by(one.plan)
    if latest is not None:
        yield f"  a burn can be decided until {one.utc(latest)}"


def chart(one: PlannedCraft) -> dict:
    """What the picture shows, as plain arrays: conjunctions before and after, candidates by time, the burn; times in h
    from the start of the plan."""
    plan = one.plan
    shown = _shown(plan)
    burn = plan.burn
    return {
        "name": one.name,
        "zero": one.orbit.epoch,
        "rule": (plan.request.rule.probability, plan.request.rule.miss_m),
        "names": [plan.before[k].name for k in shown],
        "tca_h": [plan.before[k].time_s / 3600.0 for k in shown],
        "before": [(plan.before[k].miss_m, plan.before[k].probability) for k in shown],
        "after": [(plan.after[k].miss_m, plan.after[k].probability) for k in shown] if plan.after else [],
        "candidates": [(b.time_s / 3600.0, b.direction, b.dv_m_s) for b in plan.candidates],
        "burn": None if burn is None else (burn.time_s / 3600.0, burn.direction, burn.dv_m_s),
        "most": plan.request.limits.dv_m_s,
        "decision": one.decision,
        "broken_h": sorted(j.time_s / 3600.0 for j in plan.before if j.breaks),
    }
