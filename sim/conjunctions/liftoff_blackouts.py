"""When a rocket must not rise: lift-offs after which the craft would come too near to something on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import OMEGA_EARTH
from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, blocked_sizes, contours


@dataclass(frozen=True, eq=False)
class LiftoffConjunction:
    """A conjunction of the craft as it flies after a lift-off at `liftoff_s`, from any zero that all share."""

    liftoff_s: float
    conjunction: Conjunction


@dataclass(frozen=True)
class Blackout:
    """No lift-off from `start_s` to `end_s`, because of the objects `names`."""

    start_s: float
    end_s: float
    names: tuple[str, ...]


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
        rate = np.cross(spin, encounter.r1) - encounter.v1  # of the craft's place, by a later lift-off
        for w in contours(encounter, rule):
            interval = blocked_sizes(w @ encounter.miss, w @ rate)
            if interval is not None:
                start, end = (one.liftoff_s + x for x in interval)
                each.append(Blackout(start - margin_s, end + margin_s, (one.conjunction.name,)))
    return merged(each)


def merged(each: Iterable[Blackout]) -> list[Blackout]:
    """In order of time; those that meet are one, with the names of all."""
    out: list[Blackout] = []
    for one in sorted(each, key=lambda b: b.start_s):
        if out and one.start_s <= out[-1].end_s:
            last = out.pop()
            names = tuple(dict.fromkeys((*last.names, *one.names)))
            one = Blackout(last.start_s, max(last.end_s, one.end_s), names)
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
