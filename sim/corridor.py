"""The rules of the way between a port and the edge of the keep-out sphere: corridor, speed against range, no return."""

from __future__ import annotations

import math

import numpy as np

from sim.flight import Verdict

CLEAR = 2.0  # m of gap, inside which the capture box rules, not the cone and not the speed limit


def along_axis(d: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gap m along the port's axis, and angle deg off it, of the ring at d (n,3) m from the port."""
    gap = d @ axis
    return gap, np.degrees(np.arctan2(np.linalg.norm(d - gap[:, None] * axis, axis=1), np.maximum(gap, 1e-9)))


def corridor(rule: str, phase: str, t: np.ndarray, d: np.ndarray, axis: np.ndarray, half_angle: float) -> Verdict:
    """The greatest angle off the axis while the ring is more than CLEAR from the port; `half_angle` rad."""
    gap, off = along_axis(d, axis)
    worst = int(np.argmax(np.where(gap > CLEAR, off, -1.0)))
    return Verdict(rule, phase, float(off[worst]), "<=", math.degrees(half_angle), "deg", float(t[worst]))


def speed_limit(
    rule: str, phase: str, t: np.ndarray, d: np.ndarray, rate: np.ndarray, axis: np.ndarray, slope: float, least: float
) -> Verdict:
    """How much too fast: speed over range / `slope` s + 0.05 m/s, or over `least` m/s where that is more."""
    speed, distance = np.linalg.norm(rate, axis=1), np.linalg.norm(d, axis=1)
    excess = speed - np.maximum(least, distance / slope + 0.05)
    worst = int(np.argmax(np.where(d @ axis > CLEAR, excess, -np.inf)))
    return Verdict(rule, phase, float(excess[worst]), "<=", 0.0, "m/s over", float(t[worst]))


def no_return(rule: str, phase: str, t: np.ndarray, distance: np.ndarray, keep_out: float) -> Verdict:
    """How near a ship comes back: the least distance at which it turns, once it has left the keep-out sphere.

    One that only goes away is judged where it ends; one that never leaves, where it is nearest. `distance` (n,) m.
    """
    left = np.flatnonzero(distance > keep_out)
    if len(left) == 0:
        at = int(np.argmin(distance))
    else:
        inner = distance[1:-1]
        turns = 1 + np.flatnonzero((inner <= distance[:-2]) & (inner < distance[2:]))
        seen = np.append(turns[turns > left[0]], len(distance) - 1)
        at = int(seen[np.argmin(distance[seen])])
    return Verdict(rule, phase, float(distance[at]), ">=", keep_out, "m", float(t[at]))
