"""Every zero of a function of time on a closed span, each once.

Rules that decide the doubtful cases:
* `tolerance` is the height, in the function's units, that counts as zero. An extremum that comes within it, with the
  function on the same side before and after, is one event of direction 0 (grazing), at the extremum. So are two
  crossings so close together that the function gets no further than `tolerance` beyond zero between them.
* A zero within `tolerance` at the start or the end of the span is an event, with the direction that the function takes
  inside. So is one less than END_S outside of the span, as the slope at its end says: a time is known no better.
  Two spans searched apart both report what lies on their common end: join the trajectories first, or the lists by
  `sim.events.united`.
* A jump through zero is a crossing, at the jump. A kink that touches zero without crossing counts only on a seam.
* A function that is never further than `tolerance` from zero has no events.
* With a required direction of 1 or -1, grazing does not count: nothing changed side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events.knots import Knots, knots
from sim.events.roots import Function, bracketed

END_S = 1.0e-6  # what events are good to; so near outside of an end, an event belongs to the span and stands on the end
SLOPE_S = 1.0e-3  # over which the slope at an end is taken, or a hundredth of the span
TOLERANCE_REL = 1.0e-12  # of the largest value: a hundred roundings of it, where nothing better is known


@dataclass(frozen=True)
class Zeros:
    """`t` (n,) s in order; `direction` (n,): 1 where the function rises through zero, -1 falls, 0 only touches."""

    t: np.ndarray
    direction: np.ndarray

    def only(self, direction: int) -> Zeros:
        """Those of one direction; 0 keeps all."""
        if direction not in (-1, 0, 1):
            raise ValueError(f"direction is {direction!r}; allowed: 1 (rising), -1 (falling), 0 (any, and grazing)")
        keep = np.full(self.t.size, True) if direction == 0 else self.direction == direction
        return Zeros(self.t[keep], self.direction[keep])


def zeros(f: Function, pieces: list[tuple[float, float]], step: float, tolerance: float | None = None) -> Zeros:
    """All zeros of `f` (times (n,) to values (n,)) on the `pieces`, whose seams may hold kinks or jumps.

    `step` s: first cut, which need only show that the function moves at all; it is refined where it must be.
    """
    span = [(a, b) for a, b in pieces if b > a]
    if not span:
        return Zeros(np.empty(0), np.empty(0, dtype=int))
    # The left side of a seam is asked for one rounding before it; the right side owns the seam itself.
    open_ended = [(a, float(np.nextafter(b, a))) for a, b in span[:-1]] + [span[-1]]
    if tolerance is None:
        coarse = np.linspace(span[0][0], span[-1][1], 257)
        tolerance = TOLERANCE_REL * float(np.abs(f(coarse)).max())
    return _decide(f, knots(f, open_ended, step, tolerance), tolerance)


def _decide(f: Function, k: Knots, tolerance: float) -> Zeros:
    sign = np.where(np.abs(k.g) <= tolerance, 0, np.sign(k.g)).astype(int)
    sure = np.flatnonzero(sign)
    if sure.size == 0:
        return Zeros(np.empty(0), np.empty(0, dtype=int))
    i, j = sure[:-1], sure[1:]
    change = sign[i] != sign[j]
    left, right, direction = i[change], j[change], sign[j[change]]
    touched = [(i[n], j[n]) for n in np.flatnonzero(~change & (j > i + 1))]
    times = [np.array([k.t[a + 1 + np.argmin(np.abs(k.g[a + 1 : b]))] for a, b in touched])]
    directions = [np.zeros(len(touched), dtype=int)]
    first, last = sure[0], sure[-1]
    for end, inner, side in ((0, first, sign[first]), (k.t.size - 1, last, -sign[last])):
        if end == inner:
            if _just_outside(f, k, end):
                times.append(k.t[[end]])
                directions.append(np.array([side]))
            continue
        if k.g[end] * sign[inner] < 0.0:  # already on the other side: the zero lies inside
            left, right = np.append(left, min(end, inner)), np.append(right, max(end, inner))
            direction = np.append(direction, side)
        else:
            times.append(k.t[[end]])
            directions.append(np.array([side]))
    times.append(bracketed(f, k.t[left], k.t[right], k.g[left], k.g[right]))
    directions.append(direction)
    t, side = np.concatenate(times), np.concatenate(directions)
    order = np.argsort(t, kind="stable")
    return Zeros(t[order], side[order])


def _just_outside(f: Function, k: Knots, end: int) -> bool:
    """Whether the function, which is not zero at an end of the span, becomes so less than END_S outside of it."""
    span = float(k.t[-1] - k.t[0])
    inwards = min(SLOPE_S, 0.01 * span) * (1.0 if end == 0 else -1.0)
    inner = float(f(k.t[[end]] + inwards)[0])
    falls = abs(inner) - abs(float(k.g[end]))  # towards the end, on one side of zero
    return inner * k.g[end] > 0.0 and abs(float(k.g[end])) * abs(inwards) < END_S * falls
