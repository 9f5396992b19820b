"""An avoidance plan against a catalogue or a message, for programs; `avoidance_text` has it for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.conjunctions.avoidance import CandidateBurn
from sim.conjunctions.avoidance_plan import AvoidancePlan, Request, spaced_apart
from sim.conjunctions.avoidance_screening import ScreenedPlan
from sim.conjunctions.avoidance_wait import WaitingChoice, decide_by
from sim.conjunctions.encounter_judgement import JudgedConjunction
from sim.propagation.force_model import Orbit

SHOWN_CANDIDATES = 6
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
            "phase_deg": None if unlimited(limits.phase_rad) else math.degrees(limits.phase_rad or 0.0),
            "phase_at_utc": None if limits.phase_at_s is None else one.utc(limits.phase_at_s),
            "phase_of": one.arrival,
            "not_before_utc": one.utc(plan.request.not_before_s),
        },
        "broken": broken,
        "conjunctions": [_conjunction(one, k) for k in range(len(plan.before))],
        "burn": _burn(one),
        "candidates": [_candidate(one, b) for b in shortlist(one)],
        "rescreened": None if met is None else rescreened(one, met),
        "decide_by_utc": None if latest is None else one.utc(latest),
        "waiting": [_wait(one, w) for w in one.waits],
        "remarks": list(one.remarks),
    }


def unlimited(phase: float | None) -> bool:
    """Whether a limit on the phase is none."""
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


def rescreened(one: PlannedCraft, met: Sequence[JudgedConjunction]) -> dict:
    """What the burned path meets."""
    worst, near = max(met, key=lambda j: j.probability, default=None), min(met, key=lambda j: j.miss_m, default=None)
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


def duration(one: PlannedCraft, burn: CandidateBurn) -> float:
    """s; 0 of an impulse."""
    engine = one.plan.request.engine
    return one.orbit.mass * abs(burn.dv_m_s) / engine.thrust_n if engine.thrust_n else 0.0


def shortlist(one: PlannedCraft) -> list[CandidateBurn]:
    """The smallest candidates, a quarter revolution apart."""
    period = 2.0 * math.pi * math.sqrt(float((one.orbit.r @ one.orbit.r) ** 1.5) / 3.986004418e14)
    return list(spaced_apart(one.plan.candidates[:2000], period))[:SHOWN_CANDIDATES]
