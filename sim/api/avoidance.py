"""Plan a burn past conjunctions: how small, when, at what cost, or why not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import path, texts
from sim.api.time_span import Date, moment
from sim.conjunctions.avoidance import RED, AvoidanceRule, Conjunction, Limits
from sim.conjunctions.avoidance_plan import AvoidancePlan, Engine, Request
from sim.conjunctions.avoidance_plan import plan_avoidance as planned
from sim.conjunctions.avoidance_wait import TrackingUpdate, WaitingChoice, decide_by, waiting
from sim.conjunctions.encounter import Encounter
from sim.conjunctions.encounter_judgement import JudgedConjunction
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.files.errors import MissionFailed
from sim.propagation.force_model import Orbit

if TYPE_CHECKING:
    from sim.conjunctions.avoidance import CandidateBurn

SCHEMA = 1


class Avoidance:
    """A plan and the conjunctions that it was made for; its times count in seconds from `zero`."""

    def __init__(self, plan: AvoidancePlan, conjunctions: Sequence[Conjunction], zero: Epoch):
        self.plan, self.conjunctions, self.zero = plan, tuple(conjunctions), zero

    @property
    def cleared(self) -> bool:
        """Whether nothing breaks the rule any more, with a burn or without."""
        return self.plan.cleared

    def waiting(self, updates: Sequence[tuple[Date, float]]) -> list[WaitingChoice]:
        """What waiting for each update of the orbits is worth: its time, and what it leaves of today's sigmas."""
        made = [TrackingUpdate(moment(at, "updates").since(self.zero), scale) for at, scale in updates]
        return waiting(self.plan, self.conjunctions, made)

    def content(self) -> dict:
        """As plain values, units in the names: conjunctions before and after, the burn with its costs, the reason."""
        plan, latest = self.plan, decide_by(self.plan)
        return {
            "schema": SCHEMA,
            "status": "done" if plan.cleared else "not_cleared",
            "probability_limit": plan.request.rule.probability,
            "miss_limit_m": plan.request.rule.miss_m,
            "before": [self._judged(j) for j in plan.before],
            "burn": self._burn(plan.burn),
            "after": [self._judged(j) for j in plan.after],
            "reason": plan.reason,
            "decide_by_utc": None if latest is None else self._utc(latest),
            "later_burns": [
                {"utc": self._utc(b.time_s), "direction": b.direction, "dv_m_s": b.dv_m_s} for b in plan.later
            ],
        }

    def lines(self) -> list[str]:
        """The same in words."""
        plan = self.plan
        text = ["conjunctions", *(self._line(j) for j in plan.before)]
        if plan.burn and plan.costs:
            costs = plan.costs
            text += [
                f"burn {self._utc(plan.burn.time_s)}: {plan.burn.dv_m_s:+.4f} m/s, {plan.burn.direction}",
                f"  propellant {costs.propellant_kg:.2f} kg, altitude {costs.axis_m:+.0f} m, "
                f"phase {math.degrees(costs.phase_rad):+.4f} deg at {self._utc(costs.phase_at_s)}",
                "conjunctions after it",
                *(self._line(j) for j in plan.after),
            ]
        else:
            text.append(f"no burn: {plan.reason}")
        latest = decide_by(plan)
        return [*text, f"a burn can be decided until {self._utc(latest)}"] if latest is not None else text

    def __repr__(self) -> str:
        burn = f"{self.plan.burn.dv_m_s:+.4f} m/s" if self.plan.burn else "no burn"
        return f"<{len(self.conjunctions)} conjunctions, {burn}, {'cleared' if self.cleared else 'not cleared'}>"

    def _utc(self, t: float) -> str:
        return self.zero.plus(t).utc(0)

    def _line(self, judged: JudgedConjunction) -> str:
        mark = f"BROKEN: {judged.breaks}" if judged.breaks else "kept"
        return (
            f"  {judged.name}: {self._utc(judged.time_s)}, {judged.miss_m:.0f} m, probability "
            f"{judged.probability:.2e} ({judged.method}): {mark}"
        )

    def _judged(self, judged: JudgedConjunction) -> dict:
        return {
            "name": judged.name,
            "closest_utc": self.zero.plus(judged.time_s).utc(3),
            "miss_m": round(judged.miss_m, 3),
            "probability": judged.probability,
            "method": judged.method,
            "doubt": judged.doubt,
            "breaks": judged.breaks,
        }

    def _burn(self, burn: CandidateBurn | None) -> dict | None:
        costs = self.plan.costs
        if burn is None or costs is None:
            return None
        return {
            "utc": self._utc(burn.time_s),
            "direction": burn.direction,
            "dv_m_s": burn.dv_m_s,
            "propellant_kg": round(costs.propellant_kg, 3),
            "altitude_m": round(costs.axis_m, 1),
            "phase_deg": round(math.degrees(costs.phase_rad), 6),
            "phase_at_utc": self._utc(costs.phase_at_s),
        }


def plan_avoidance(
    orbit: Orbit | str | Path,
    conjunctions: Sequence[tuple[str, Date, Encounter]],
    *,
    probability: float = RED,
    miss_m: float = 0.0,
    dv_m_s: float = 5.0,
    not_before: Date | None = None,
    phase: tuple[Date, float] | None = None,
    times: Sequence[Date] | None = None,
    engine: Engine | None = None,
    overrides: Sequence[str] = (),
) -> Avoidance:
    """The smallest burn that takes a craft past conjunctions, flown in its orbit's forces and judged again.

    `orbit`: the craft before the burn, an `Orbit`, an orbit file or the name of one; its span must hold every
    conjunction. `conjunctions`: of each the secondary's name, the time of the states and the `Encounter` with the craft
    as primary; also those that break no rule, so that the burn makes none of them worse than the rule. `probability`,
    `miss_m`: the rule. `dv_m_s`: the largest burn. `not_before`: its first time, the orbit's epoch without. `phase`: a
    time and by how many degrees the argument of latitude may differ then, for a ship that comes. `times`: the only
    times of a burn, such as those that a ship on its way has planned. `engine`: thrust and specific impulse, 980 N and
    290 s without. `overrides`: texts `KEY=VALUE` for the orbit's file.

    A conjunction that cannot be cleared is a result with a reason, not an error. BadInput and EncounterError for what
    is asked wrongly; MissionFailed for an orbit that ends before its span.
    """
    read = orbit if isinstance(orbit, Orbit) else _read(orbit, overrides)
    zero = read.epoch
    limits = Limits(dv_m_s)
    if phase is not None:
        limits = Limits(dv_m_s, math.radians(phase[1]), moment(phase[0], "phase").since(zero))
    request = Request(
        AvoidanceRule(probability, miss_m),
        limits,
        engine or Engine(),
        0.0 if not_before is None else moment(not_before, "not_before").since(zero),
        None if times is None else tuple(moment(t, "times").since(zero) for t in times),
    )
    made = [
        Conjunction(name, moment(at, "conjunctions").since(zero), encounter) for name, at, encounter in conjunctions
    ]
    try:
        return Avoidance(planned(read, made, request), made, zero)
    except Failure as failure:
        raise MissionFailed("avoidance", str(failure)) from None


def _read(orbit: str | Path, overrides: Sequence[str]) -> Orbit:
    from sim.build.orbit import load_orbit

    return load_orbit(
        path(orbit, "orbit", "an orbit file or the name of one"), texts(overrides, like="span.duration_s=86400")
    ).orbit
