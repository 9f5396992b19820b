"""An avoidance plan against a catalogue or a message, for programs and for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.conjunctions.avoidance import CandidateBurn
from sim.conjunctions.avoidance_plan import AvoidancePlan, Request, spaced_apart
from sim.conjunctions.avoidance_screening import ScreenedPlan
from sim.conjunctions.avoidance_wait import WaitingChoice, decide_by
from sim.conjunctions.encounter_judgement import JudgedConjunction
from sim.propagation.force_model import Orbit

SHOWN, SHOWN_CANDIDATES = 8, 6
NOTHING, BURN, WAIT, CANNOT = "nothing to do", "burn", "wait", "cannot be cleared"
CONVENTIONS = (
    "R = r/|r|, N = r x v/|r x v|, T = N x R of the craft, inertial; miss and probability at the closest approach; a "
    "burn's UTC is its middle; phase: argument of latitude; altitude: mean semi-major axis"
)


@dataclass(frozen=True, eq=False)
class PlannedCraft:
    """One craft with its plan. `arrival`: the time at which its phase counts, and of what; `span` s from the orbit's
    epoch in which it was looked at; `looked`: how many conjunctions were judged; `waits`: what waiting is worth."""

    name: str
    orbit: Orbit
    made: ScreenedPlan
    span: tuple[float, float]
    arrival: str = ""
    waits: tuple[WaitingChoice, ...] = ()
    screened: bool = True
    remarks: tuple[str, ...] = ()

    @property
    def plan(self) -> AvoidancePlan:
        return self.made.plan

    @property
    def unmet(self) -> tuple[JudgedConjunction, ...]:
        """What the burned path still breaks the rule with, where the last round of screening met it."""
        known = {c.name for c in self.made.known}
        return tuple(j for j in self.made.met or () if j.breaks and j.name not in known)

    @property
    def cleared(self) -> bool:
        return self.plan.cleared and not self.unmet

    @property
    def decision(self) -> str:
        if not self.cleared:
            return CANNOT
        if self.plan.burn is None:
            return NOTHING
        return WAIT if any(w.wait for w in self.waits) else BURN

    @property
    def reason(self) -> str:
        if self.unmet:
            names = ", ".join(j.name for j in self.unmet)
            return f"after {self.made.rounds} rounds the burned path still meets {names}"
        return self.plan.reason

    def utc(self, t: float, digits: int = 0) -> str:
        return self.orbit.epoch.plus(t).utc(digits)


@dataclass(frozen=True, eq=False)
class AvoidedAll:
    """Every craft of `title`, by one rule. `source`: what the conjunctions are of, in words."""

    title: str
    source: str
    request: Request
    craft: tuple[PlannedCraft, ...]
    covariance: str
    warnings: tuple[str, ...] = ()


def content(made: AvoidedAll) -> dict:
    """Everything, for JSON; units in the names."""
    rule = made.request.rule
    return {
        "status": "done" if all(one.cleared for one in made.craft) else "not_cleared",
        "name": made.title,
        "source": made.source,
        "conventions": CONVENTIONS,
        "covariance": made.covariance,
        "rule": {"probability": rule.probability, "miss_m": rule.miss_m},
        "craft": [_craft(one) for one in made.craft],
        "warnings": list(made.warnings),
    }


def _craft(one: PlannedCraft) -> dict:
    plan, met = one.plan, one.made.met
    limits, latest = plan.request.limits, decide_by(plan) if plan.burn or plan.later else None
    broken = [j.name for j in plan.before if j.breaks]
    return {
        "name": one.name,
        "decision": one.decision,
        "reason": one.reason,
        "from_utc": one.utc(one.span[0]),
        "to_utc": one.utc(one.span[1]),
        "mass_kg": one.orbit.mass,
        "engine": {"thrust_n": plan.request.engine.thrust_n, "isp_s": plan.request.engine.isp_s},
        "limits": {
            "dv_m_s": limits.dv_m_s,
            "phase_deg": None if _free(limits.phase_rad) else math.degrees(limits.phase_rad or 0.0),
            "phase_at_utc": None if limits.phase_at_s is None else one.utc(limits.phase_at_s),
            "phase_of": one.arrival,
            "not_before_utc": one.utc(plan.request.not_before_s),
        },
        "broken": broken,
        "conjunctions": [_conjunction(one, k) for k in range(len(plan.before))],
        "burn": _burn(one),
        "candidates": [_candidate(one, b) for b in shortlist(one)],
        "rescreened": None if met is None else _rescreened(one, met),
        "decide_by_utc": None if latest is None else one.utc(latest),
        "waiting": [_wait(one, w) for w in one.waits],
        "remarks": list(one.remarks),
    }


def _free(phase: float | None) -> bool:
    return phase is None or math.isinf(phase)


def _conjunction(one: PlannedCraft, k: int) -> dict:
    before, plan = one.plan.before[k], one.plan
    after = plan.after[k] if plan.after else None
    return {
        "name": before.name,
        "before": _judged(one, before),
        "after": None if after is None else _judged(one, after),
    }


def _judged(one: PlannedCraft, judged: JudgedConjunction) -> dict:
    return {
        "tca_utc": one.utc(judged.time_s, 3),
        "miss_m": round(judged.miss_m, 3),
        "probability": judged.probability,
        "method": judged.method,
        "doubt": judged.doubt,
        "breaks": judged.breaks,
    }


def _burn(one: PlannedCraft) -> dict | None:
    burn, costs = one.plan.burn, one.plan.costs
    if burn is None or costs is None:
        return None
    return {
        **_candidate(one, burn),
        "propellant_kg": round(costs.propellant_kg, 3),
        "duration_s": round(duration(one, burn), 2),
        "altitude_m": round(costs.axis_m, 1),
        "phase_deg": round(math.degrees(costs.phase_rad), 6),
        "phase_at_utc": one.utc(costs.phase_at_s),
    }


def _candidate(one: PlannedCraft, burn: CandidateBurn) -> dict:
    return {
        "utc": one.utc(burn.time_s),
        "direction": burn.direction,
        "dv_rtn_m_s": [float(x) for x in burn.rtn + 0.0],
        "dv_m_s": abs(burn.dv_m_s),
    }


def _rescreened(one: PlannedCraft, met: Sequence[JudgedConjunction]) -> dict:
    worst, near = max(met, key=_pc, default=None), min(met, key=lambda j: j.miss_m, default=None)
    return {
        "conjunctions": len(met),
        "rounds": one.made.rounds,
        "largest_probability": None if worst is None else worst.probability,
        "largest_of": None if worst is None else worst.name,
        "least_miss_m": None if near is None else round(near.miss_m, 3),
        "least_of": None if near is None else near.name,
        "unmet": [_judged(one, j) | {"name": j.name} for j in one.unmet],
    }


def _wait(one: PlannedCraft, choice: WaitingChoice) -> dict:
    return {
        "update_utc": one.utc(choice.update.time_s),
        "scale": choice.update.scale,
        "clears_probability": choice.clears,
        "burn_left": None if choice.burn is None else _candidate(one, choice.burn),
        "expected_dv_m_s": choice.expected_dv_m_s,
        "wait": choice.wait,
    }


def _pc(judged: JudgedConjunction) -> float:
    return judged.probability


def duration(one: PlannedCraft, burn: CandidateBurn) -> float:
    """s; 0 of an impulse."""
    engine = one.plan.request.engine
    return one.orbit.mass * abs(burn.dv_m_s) / engine.thrust_n if engine.thrust_n else 0.0


def shortlist(one: PlannedCraft) -> list[CandidateBurn]:
    """The smallest candidates, a quarter revolution apart."""
    period = 2.0 * math.pi * math.sqrt(float((one.orbit.r @ one.orbit.r) ** 1.5) / 3.986004418e14)
    return list(spaced_apart(one.plan.candidates[:2000], period))[:SHOWN_CANDIDATES]


# ---- for people


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
        yield f"  {'TCA, UTC':24} {'object':32} {'miss, m':>10} {'Pc':>9}  {'after: miss':>11} {'Pc':>9}"
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


def _counted(count: int) -> str:
    return "1 conjunction" if count == 1 else f"{count} conjunctions"


def _shown(plan: AvoidancePlan) -> list[int]:
    """Those that break the rule first, then the likeliest; in order of time."""
    judged = plan.after or plan.before
    likely = [-max(_pc(b), _pc(a)) for b, a in zip(plan.before, judged, strict=True)]
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
    how = f"{duration(one, burn):.1f} s at {engine.thrust_n:g} N" if engine.thrust_n else "an impulse"
    yield f"  BURN {one.utc(burn.time_s)}: {_rtn(burn)} m/s ({how}), flown in the full model and judged again"
    of = f" at {one.arrival}" if one.arrival else ""
    limit = plan.request.limits.phase_rad
    kept = "" if _free(limit) else f" (at most {math.degrees(limit or 0.0):g})"
    yield (
        f"    costs {costs.propellant_kg:.2f} kg of {one.orbit.mass:.0f} kg, altitude {costs.axis_m:+.0f} m, phase "
        f"{math.degrees(costs.phase_rad):+.4f} deg{kept}{of}, {one.utc(costs.phase_at_s)}"
    )
    if one.made.met is None:
        yield "    not screened again: no catalogue was given (--catalog), and only the message's conjunction is known"
        return
    found = _rescreened(one, one.made.met)
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
