"""Burn now, or wait for better tracking: what a later update of the orbits may change, and until when one can wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.avoidance import AvoidanceRule, CandidateBurn, Conjunction, contours
from sim.conjunctions.avoidance_plan import AvoidancePlan
from sim.conjunctions.encounter import Encounter, plane_of
from sim.conjunctions.short_encounter import alfano
from sim.files.errors import BadInput


@dataclass(frozen=True)
class TrackingUpdate:
    """New orbits at `time_s`, from the plan's zero, whose sigmas at the conjunctions are `scale` times today's."""

    time_s: float
    scale: float

    def __post_init__(self):
        if not 0.0 < self.scale < 1.0:
            raise BadInput(f"scale: found {self.scale!r}; write what an update leaves of the sigmas, between 0 and 1")


@dataclass(frozen=True)
class WaitingChoice:
    """Waiting for `update`. `clears`: probability, at least, that nothing breaks the rule any more after it; `burn`:
    the smallest one left then, None where none is; `expected_dv_m_s`: of waiting, the burn's size times the probability
    that it is needed. `wait`: whether that is less than what a burn now takes."""

    update: TrackingUpdate
    clears: float
    burn: CandidateBurn | None
    expected_dv_m_s: float | None
    wait: bool


def clearing(encounter: Encounter, rule: AvoidanceRule, scale: float) -> float:
    """Probability that an update which leaves `scale` of all sigmas takes a conjunction out of the rule.

    Today's error C is that of the update, s^2 C, and what the update will show, (1 - s^2) C: the new miss is drawn from
    a Gaussian of that covariance about today's, and is clear outside the contour that belongs to s^2 C. The integral
    over the contour is the one of a probability of collision, with a disc of radius 1.
    """
    moved = encounter.at_closest_approach()[0]
    share = scale * scale
    later = Encounter(
        moved.r1,
        moved.v1,
        None if moved.c1 is None else share * moved.c1,
        moved.r2,
        moved.v2,
        None if moved.c2 is None else share * moved.c2,
        moved.radius_m,
    )
    shown = (1.0 - share) * moved.position_covariance
    inside = sum(alfano(plane_of(w @ moved.miss, w @ shown @ w.T, 1.0)) for w in contours(later, rule))
    return max(0.0, 1.0 - inside)


def waiting(
    plan: AvoidancePlan,
    conjunctions: Sequence[Conjunction],
    updates: Sequence[TrackingUpdate],
    prepare_s: float = 3600.0,
) -> list[WaitingChoice]:
    """Each update with what waiting for it is worth; `prepare_s` from an update to the first burn that can follow.

    Several conjunctions that break the rule: their probabilities of staying are added, which is a bound. The burn is
    the smallest of `plan.later` after the update, sized for today's errors: with smaller ones it is smaller.
    """
    rule = plan.request.rule
    broken = [c for c, judged in zip(conjunctions, plan.before, strict=True) if judged.breaks]
    found = []
    for update in sorted(updates, key=lambda u: u.time_s):
        stays = sum(1.0 - clearing(c.encounter, rule, update.scale) for c in broken)
        left = [b for b in plan.later if b.time_s >= update.time_s + prepare_s]
        burn = min(left, key=lambda b: abs(b.dv_m_s)) if left else None
        expected = min(stays, 1.0) * abs(burn.dv_m_s) if burn else None
        now = abs(plan.burn.dv_m_s) if plan.burn else None
        choice = expected is not None and now is not None and expected < now
        found.append(WaitingChoice(update, max(0.0, 1.0 - stays), burn, expected, choice))
    return found


def decide_by(plan: AvoidancePlan, prepare_s: float = 3600.0) -> float | None:
    """The last time, s, at which a burn within the limits can still be decided; None where there is none."""
    burns = [*plan.later, *((plan.burn,) if plan.burn else ())]
    return float(np.max([b.time_s for b in burns])) - prepare_s if burns else None
