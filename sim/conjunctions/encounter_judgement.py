"""One conjunction, as it is or with the craft moved: its closest approach, its probability, and the rule it breaks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.avoidance import AvoidanceRule, Conjunction
from sim.conjunctions.encounter import Encounter
from sim.conjunctions.equinoctial import MU_M3_S2, elements, states
from sim.conjunctions.judgement import duration, fits
from sim.conjunctions.long_encounter import expected_collisions
from sim.conjunctions.short_encounter import alfano

APPROACH_STEPS, APPROACH_SETTLED_S = 60, 1.0e-7
LONGEST_STEP_RAD = 0.3  # of one step of the search, in angle along the orbit
PLANE, OVER_TIME = "two dimensions", "integrated over time"


@dataclass(frozen=True)
class JudgedConjunction:
    """`time_s` of the closest approach, from the plan's zero. `method` of the probability; `doubt`: why it may mislead,
    or empty. `breaks`: the rule that is broken, in words, or empty."""

    name: str
    time_s: float
    miss_m: float
    probability: float
    method: str
    doubt: str
    breaks: str


def closest(encounter: Encounter) -> tuple[Encounter, float]:
    """Both objects moved along their two-body orbits to their closest approach nearby, and by how many seconds.

    Newton's method on (r2 - r1).(v2 - v1); where the distance bends the wrong way, a step along straight lines. The
    covariances stay as they are in inertial axes.
    """
    one, two = (elements(r, v) for r, v in ((encounter.r1, encounter.v1), (encounter.r2, encounter.v2)))
    longest = LONGEST_STEP_RAD / max(one[0][0], two[0][0])
    dt = 0.0
    for _ in range(APPROACH_STEPS):
        x1, x2 = (states(e[None], fr, np.array([dt]))[0] for e, fr in (one, two))
        apart, w = x2[:3] - x1[:3], x2[3:] - x1[3:]
        pull = MU_M3_S2 * (x1[:3] / np.linalg.norm(x1[:3]) ** 3 - x2[:3] / np.linalg.norm(x2[:3]) ** 3)
        bend, square = float(w @ w + apart @ pull), float(w @ w)
        if square == 0.0:
            break
        step = -float(apart @ w) / (bend if bend > 0.1 * square else square)
        dt += min(max(step, -longest), longest)
        if abs(step) < APPROACH_SETTLED_S:
            break
    moved = Encounter(x1[:3], x1[3:], encounter.c1, x2[:3], x2[3:], encounter.c2, encounter.radius_m)
    return moved, dt


def judge_conjunction(
    conjunction: Conjunction, rule: AvoidanceRule, shift: np.ndarray | None = None
) -> JudgedConjunction:
    """As it is, or with `shift` (6,) m, m/s added to the primary's inertial state at the conjunction's time.

    The probability is that in the encounter plane where that serves. Where it does not, collisions are integrated over
    time if both covariances have velocities; else the plane's is kept and the doubt stays.
    """
    given = conjunction.encounter
    if shift is not None:
        given = Encounter(
            given.r1 + shift[:3], given.v1 + shift[3:], given.c1, given.r2, given.v2, given.c2, given.radius_m
        )
    moved, dt = closest(given)
    fitness = fits(moved)
    both = all(c is not None and c.shape == (6, 6) for c in (moved.c1, moved.c2))
    if fitness.fits or not both:
        probability, method = alfano(moved.plane()), PLANE
    else:
        probability, method = _over_time(moved), OVER_TIME
    miss = float(np.linalg.norm(moved.miss))
    return JudgedConjunction(
        conjunction.name,
        conjunction.time_s + dt,
        miss,
        probability,
        method,
        "" if method == OVER_TIME else fitness.reason,
        "; ".join(_broken(probability, miss, rule)),
    )


def _over_time(encounter: Encounter) -> float:
    """Collisions expected while the encounter lasts, at most half a revolution before and after."""
    half = math.pi / float(elements(encounter.r1, encounter.v1)[0][0])
    first, last = duration(encounter)
    before, after = min(max(-first, 1.0), half), min(max(last, 1.0), half)
    return min(expected_collisions(encounter, before, after), 1.0)


def _broken(probability: float, miss: float, rule: AvoidanceRule) -> list[str]:
    found = []
    if probability > rule.probability:
        found.append(f"probability {probability:.2e}, at most {rule.probability:g}")
    if miss < rule.miss_m:
        found.append(f"miss {miss:.0f} m, at least {rule.miss_m:g}")
    return found


def excess(judged: JudgedConjunction, rule: AvoidanceRule) -> float:
    """Above zero where a rule is broken: logarithm of probability over limit, or the missing part of the miss."""
    over = math.log(max(judged.probability, 1.0e-300) / rule.probability)
    return max(over, 1.0 - judged.miss_m / rule.miss_m) if rule.miss_m > 0.0 else over
