"""When a rocket must not rise: lift-offs after which the craft would come too near to something on its way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import OMEGA_EARTH
from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, blocked_sizes, contours
from sim.conjunctions.encounter import Encounter


@dataclass(frozen=True, eq=False)
class LiftoffConjunction:
    """A conjunction of the craft as it flies after a lift-off at `liftoff_s`, from any zero that all share.

    `rate` (3,) m/s: of the craft's place at that time by a later lift-off; None: the path turns with the Earth.
    `within_s`: how far from `liftoff_s` it says anything.
    """

    liftoff_s: float
    conjunction: Conjunction
    rate: np.ndarray | None = None
    within_s: float = math.inf


@dataclass(frozen=True)
class Blackout:
    """No lift-off from `start_s` to `end_s`, because of the objects `names`. `miss_m`: the least miss in
    them, at `closest_s`; `why`: the limit of the rule that is broken; empty where nobody says."""

    start_s: float
    end_s: float
    names: tuple[str, ...]
    miss_m: float = math.inf
    closest_s: float = math.nan
    why: str = ""


def blackouts(found: Iterable[LiftoffConjunction], rule: AvoidanceRule, margin_s: float = 0.0) -> list[Blackout]:
    """The lift-offs that break the rule, in order and merged; each is longer by `margin_s` at both ends.

    A lift-off that is later by x flies the same path over the ground: at the time of a conjunction the craft is where
    it was x before, turned with the Earth, so that the miss has changed by (v - w x r) times x. The limits of the rule
    in the encounter plane cut out an interval of x each, as for a burn. Linear: good for some seconds, while the path
    is the ascent's or free flight after it; screen at lift-offs closer together than the intervals are long.
    """
    spin = np.array([0.0, 0.0, OMEGA_EARTH])
    each = []
    for one in found:
        encounter = one.conjunction.encounter.at_closest_approach()[0]
        rate = np.cross(spin, encounter.r1) - encounter.v1 if one.rate is None else one.rate
        miss = _least(encounter, rate, one.within_s)
        for w in contours(encounter, rule):
            interval = blocked_sizes(w @ encounter.miss, w @ rate)
            if interval is None or interval[0] > one.within_s or interval[1] < -one.within_s:
                continue
            start, end = (one.liftoff_s + min(max(x, -one.within_s), one.within_s) for x in interval)
            name, at = one.conjunction.name, one.conjunction.time_s
            why = f"miss below {rule.miss_m / 1e3:g} km" if miss < rule.miss_m else f"Pc above {rule.probability:g}"
            each.append(Blackout(start - margin_s, end + margin_s, (name,), miss, at, why))
    return merged(each)


def _least(encounter: Encounter, rate: np.ndarray, within: float) -> float:
    """The least miss, m, among lift-offs that are so many seconds earlier or later."""
    w = encounter.relative_velocity
    across = rate - w * float(rate @ w) / float(w @ w)
    square = float(across @ across)
    later = float(encounter.miss @ across) / square if square > 0.0 else 0.0
    return float(np.linalg.norm(encounter.miss - across * min(max(later, -within), within)))


def merged(each: Iterable[Blackout]) -> list[Blackout]:
    """In order of time; those that meet are one, with the names of all."""
    out: list[Blackout] = []
    for one in sorted(each, key=lambda b: b.start_s):
        if out and one.start_s <= out[-1].end_s:
            last = out.pop()
            names = tuple(dict.fromkeys((*last.names, *one.names)))
            near = min(last, one, key=lambda b: b.miss_m)
            one = replace(near, start_s=last.start_s, end_s=max(last.end_s, one.end_s), names=names)
        out.append(one)
    return out


def clear_parts(window: tuple[float, float], closed: Sequence[Blackout]) -> list[tuple[float, float]]:
    """What blackouts, in order of time, leave of a window (open, close) s."""
    start, end = window
    parts = []
    for one in closed:
        if one.end_s <= start or one.start_s >= end:
            continue
        if one.start_s > start:
            parts.append((start, one.start_s))
        start = max(start, one.end_s)
    if start < end:
        parts.append((start, end))
    return parts
