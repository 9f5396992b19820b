"""An avoidance plan held against other objects: what the burned path meets is added, and all is planned again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.avoidance import Conjunction, States
from sim.conjunctions.avoidance_plan import AvoidancePlan, Request, plan_avoidance, states_of, with_burn
from sim.conjunctions.encounter import Encounter, inertial_covariance
from sim.conjunctions.encounter_judgement import judge_conjunction
from sim.propagation.force_model import Orbit
from sim.propagation.propagate import propagate

STEP_S = 20.0
# Half the relative acceleration, at most twice gravity, times the square of half a step: how much nearer than along
# straight lines from a node two objects can come before the next one.
BENT_M = 0.5 * 20.0 * (0.5 * STEP_S) ** 2
NEWTON_STEPS, SETTLED_S = 12, 1.0e-7
SAME_S = 60.0  # two approaches of one object within it are one
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class ScreenedObject:
    """Another object: `states` gives inertial states (n, 6), m and m/s in GCRF, at times (n,) from the plan's zero;
    `covariance_rtn` (3, 3) or (6, 6) of it, in m and s; `radius_m`: of both objects together."""

    name: str
    states: States
    covariance_rtn: np.ndarray
    radius_m: float


def approaches(
    craft: States,
    craft_covariance_rtn: np.ndarray,
    objects: Sequence[ScreenedObject],
    span: tuple[float, float],
    within_m: float,
) -> list[Conjunction]:
    """Every closest approach below `within_m` in a span of time, s, in order of time.

    At each node of 20 s the approach along straight lines is found; where it is below the threshold and what two orbits
    can bend meanwhile, and lies half a step from the node or less, Newton's method on d.v finds the approach itself.
    """
    times = np.append(np.arange(span[0], span[1], STEP_S), span[1])
    ours = craft(times)
    found = []
    for one in objects:
        apart = one.states(times) - ours
        d, v = apart[:, :3], apart[:, 3:]
        dt = -np.einsum("ij,ij->i", d, v) / np.maximum(np.einsum("ij,ij->i", v, v), 1.0e-12)
        near = np.linalg.norm(d + v * np.clip(dt, -0.5 * STEP_S, 0.5 * STEP_S)[:, None], axis=1)
        last = -np.inf
        for i in np.flatnonzero((near < within_m + BENT_M) & (np.abs(dt) < STEP_S)):
            t = _refined(craft, one.states, float(times[i]), span)
            if not span[0] <= t <= span[1] or t - last < SAME_S:
                continue
            r1, v1 = np.split(craft(np.array([t]))[0], 2)
            r2, v2 = np.split(one.states(np.array([t]))[0], 2)
            if np.linalg.norm(r2 - r1) < within_m:
                covariances = (
                    inertial_covariance(craft_covariance_rtn, r1, v1),
                    inertial_covariance(one.covariance_rtn, r2, v2),
                )
                encounter = Encounter(r1, v1, covariances[0], r2, v2, covariances[1], one.radius_m)
                found.append(Conjunction(one.name, t, encounter))
                last = t
    return sorted(found, key=lambda c: c.time_s)


def _refined(craft: States, other: States, t: float, span: tuple[float, float]) -> float:
    for _ in range(NEWTON_STEPS):
        apart = (other(np.array([t])) - craft(np.array([t])))[0]
        step = -float(apart[:3] @ apart[3:]) / max(float(apart[3:] @ apart[3:]), 1.0e-12)
        t = min(max(t + min(max(step, -STEP_S), STEP_S), span[0]), span[1])
        if abs(step) < SETTLED_S:
            break
    return t


def plan_screened(
    orbit: Orbit,
    conjunctions: Sequence[Conjunction],
    objects: Sequence[ScreenedObject],
    craft_covariance_rtn: np.ndarray,
    request: Request,
    within_m: float = 10_000.0,
) -> tuple[AvoidancePlan, tuple[Conjunction, ...]]:
    """A plan whose burned path has been screened against `objects`, and all conjunctions that it was judged by.

    What breaks the rule along the burned path becomes one more conjunction, as seen from the unburned path, and all are
    planned again; after four rounds the last plan is returned, not cleared if it still meets something.
    """
    known = list(conjunctions)
    nominal = states_of(propagate(orbit).trajectory)
    for _ in range(ROUNDS):
        plan = plan_avoidance(orbit, known, request)
        if plan.burn is None:
            break
        path = propagate(with_burn(orbit, plan.burn, request.engine)).trajectory
        span = plan.burn.time_s, float(path.t[-1])
        met = approaches(states_of(path), craft_covariance_rtn, objects, span, within_m)
        new = [
            c
            for c in met
            if judge_conjunction(c, request.rule).breaks
            and not any(k.name == c.name and abs(k.time_s - c.time_s) < SAME_S for k in known)
        ]
        if not new:
            break
        known += [_along(nominal, c) for c in new]
    return plan, tuple(known)


def _along(nominal: States, met: Conjunction) -> Conjunction:
    """The same conjunction with the craft where it is without the burn."""
    r, v = np.split(nominal(np.array([met.time_s]))[0], 2)
    e = met.encounter
    return Conjunction(met.name, met.time_s, Encounter(r, v, e.c1, e.r2, e.v2, e.c2, e.radius_m))
