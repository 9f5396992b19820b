"""Two craft: how near they come, and when they pass a distance."""

from __future__ import annotations

import numpy as np

from sim.core.trajectory import Trajectory
from sim.events.crossing import Crossing, first_step, listed, seams
from sim.events.search import TOLERANCE_REL, Zeros, zeros

ROUNDED_M = 1.0e-8  # a few roundings of a position


def ranges(a: Trajectory, b: Trajectory, distance_m: float) -> list[Crossing]:
    """`range_out`, `range_in`: two craft pass a distance from each other; grazing: `range`.

    Over the time that both trajectories cover. Values: `range_m`, `range_rate_m_s`, `relative_speed_m_s`. Squares are
    compared, which stay smooth where the distance itself has the kink of a near miss.
    """
    if not distance_m > 0.0:
        raise ValueError(f"distance_m is {distance_m!r}; it must be above zero (for the nearest point: `approaches`)")

    def outside(t):
        d = a.at(t)[0] - b.at(t)[0]
        return (np.einsum("ij,ij->i", d, d) - distance_m**2) / distance_m

    found = zeros(outside, seams(a, b), first_step(a, b), 2.0 * ROUNDED_M + TOLERANCE_REL * distance_m)
    return listed(found, "range_out", "range_in", _values(a, b, found), touching="range")


def approaches(a: Trajectory, b: Trajectory, within_m: float = np.inf) -> list[Crossing]:
    """`closest_approach`: the distance of two craft turns from falling to rising, not above `within_m`.

    A minimum at the ends of the common time is not one of these: the craft may come nearer outside it. Values as in
    `ranges`.
    """

    def opening(t):
        (ra, va, _), (rb, vb, _) = a.at(t), b.at(t)
        return np.einsum("ij,ij->i", ra - rb, va - vb)

    pieces = seams(a, b)
    times = np.linspace(pieces[0][0], pieces[-1][1], 257)
    tolerance = ROUNDED_M * float(np.linalg.norm(a.at(times)[1] - b.at(times)[1], axis=1).max())
    found = zeros(opening, pieces, first_step(a, b), tolerance).only(1)
    values = _values(a, b, found)
    near = values["range_m"] <= within_m
    found, values = Zeros(found.t[near], found.direction[near]), {name: v[near] for name, v in values.items()}
    return listed(found, "closest_approach", "closest_approach", values)


def _values(a: Trajectory, b: Trajectory, found: Zeros) -> dict[str, np.ndarray]:
    if found.t.size == 0:
        return dict.fromkeys(("range_m", "range_rate_m_s", "relative_speed_m_s"), np.empty(0))
    (ra, va, _), (rb, vb, _) = a.at(found.t), b.at(found.t)
    d, w = ra - rb, va - vb
    distance = np.linalg.norm(d, axis=1)
    rate = np.einsum("ij,ij->i", d, w) / np.where(distance > 0.0, distance, 1.0)
    return {"range_m": distance, "range_rate_m_s": rate, "relative_speed_m_s": np.linalg.norm(w, axis=1)}
