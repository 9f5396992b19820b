"""Nodes of a path for the page: few of them, and between two of them a curve that keeps within a tolerance.

The page knows position and velocity at each node. Between two nodes it takes the cubic of these four, or the quintic
that has the acceleration of the Earth's field at both ends as well: on a coast that one holds for minutes. Where the
tolerance does not hold, the interval is halved. What the page will read (single precision of velocities) is what is
judged here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

GM, J2, RADIUS = 3.986004415e14, 1.08262668e-3, 6378136.3  # of EGM2008; js/curve.js has the same
LONGEST_S, SHORTEST_S = 320.0, 0.05
LOOKS = np.linspace(0.0, 1.0, 9)[1:-1]  # places in an interval that are judged

States = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Nodes:
    """`t` (n,) s, `r` (n, 3) m, `v` (n, 3) m/s in single precision, `quintic` (n,): which curve goes on from a node.

    Two nodes at one time stand at an edge of the path: an impulse, a contact, an end of a burn.
    """

    t: np.ndarray
    r: np.ndarray
    v: np.ndarray
    quintic: np.ndarray


def field(r: np.ndarray) -> np.ndarray:
    """Acceleration (n, 3) of the round Earth and its flattening at `r` (n, 3); the axis is that of GCRS, which is
    close enough: a quintic of 8 minutes is off by centimetres."""
    far = np.linalg.norm(r, axis=1, keepdims=True)
    up = (r[:, 2:] / far) ** 2
    flat = 1.5 * J2 * (RADIUS / far) ** 2
    share = np.concatenate([1.0 + flat * (1.0 - 5.0 * up)] * 2 + [1.0 + flat * (3.0 - 5.0 * up)], axis=1)
    return -GM * r / far**3 * share


def nodes(
    after: States,
    before: States,
    edges: np.ndarray,
    tolerance: Callable[[np.ndarray], np.ndarray],
    falls: bool = True,
) -> Nodes:
    """Nodes between the times `edges` (k,), which rise; `after` and `before` give the states at times, of an edge
    those after or before it. `tolerance`: m, for positions (n, 3). `falls`: whether it is a path about the Earth, not a
    difference of two."""
    a, b, done = *_cut(edges), []
    while len(a):
        (ra, va), (rb, vb) = after(a), before(b)
        va, vb, h = va.astype(np.float32), vb.astype(np.float32), (b - a)[:, None]
        truth = after((a[:, None] + h * LOOKS).ravel())[0].reshape(len(a), len(LOOKS), 3)
        allowed = tolerance(ra)
        cubic = _worst(truth, _between(ra, va * h, None, rb, vb * h, None))
        quintic = np.full(len(a), np.inf)
        if falls:
            quintic = _worst(truth, _between(ra, va * h, field(ra) * h * h, rb, vb * h, field(rb) * h * h))
        good = (np.minimum(cubic, quintic) <= allowed) | (b - a < 2.0 * SHORTEST_S)
        done.append((a[good], ra[good], va[good], b[good], rb[good], vb[good], (quintic < cubic)[good]))
        a, b = a[~good], b[~good]
        a, b = np.concatenate([a, 0.5 * (a + b)]), np.concatenate([0.5 * (a + b), b])
    return _joined(edges, *(np.concatenate(part) for part in zip(*done, strict=True)))


def _cut(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends of intervals not longer than LONGEST_S, which keep to the edges."""
    cuts = [np.linspace(a, b, int(np.ceil((b - a) / LONGEST_S)) + 1) for a, b in zip(edges, edges[1:], strict=False)]
    return np.concatenate([c[:-1] for c in cuts]), np.concatenate([c[1:] for c in cuts])


def _between(
    p0: np.ndarray, v0: np.ndarray, a0: np.ndarray | None, p1: np.ndarray, v1: np.ndarray, a1: np.ndarray | None
) -> np.ndarray:
    """Positions (n, looks, 3) on the curves between two ends, of which velocity and acceleration are by the length of
    the interval; without acceleration it is the cubic."""
    s = LOOKS[:, None]
    p0, v0, p1, v1 = (x[:, None, :] for x in (p0, v0, p1, v1))
    if a0 is None or a1 is None:
        d = p1 - p0
        return p0 + s * (v0 + s * (3.0 * d - 2.0 * v0 - v1 + s * (v0 + v1 - 2.0 * d)))
    a0, a1 = a0[:, None, :], a1[:, None, :]
    dp, dv, da = p1 - p0 - v0 - 0.5 * a0, v1 - v0 - a0, a1 - a0
    c3, c4, c5 = 10.0 * dp - 4.0 * dv + 0.5 * da, -15.0 * dp + 7.0 * dv - da, 6.0 * dp - 3.0 * dv + 0.5 * da
    return p0 + s * (v0 + s * (0.5 * a0 + s * (c3 + s * (c4 + s * c5))))


def _worst(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.sqrt(np.max(np.sum((found - truth) ** 2, axis=2), axis=1))


def _joined(
    edges: np.ndarray,
    a: np.ndarray,
    ra: np.ndarray,
    va: np.ndarray,
    b: np.ndarray,
    rb: np.ndarray,
    vb: np.ndarray,
    quintic: np.ndarray,
) -> Nodes:
    """The intervals as one list: the start of each, and the end of those that end at an edge."""
    last = np.isin(b, edges)
    t, r, v = np.concatenate([a, b[last]]), np.concatenate([ra, rb[last]]), np.concatenate([va, vb[last]])
    kind = np.concatenate([quintic, np.zeros(last.sum(), bool)])
    is_start = np.concatenate([np.ones(len(a), bool), np.zeros(last.sum(), bool)])
    order = np.lexsort([is_start, t])  # at an edge the end comes before the start that follows
    return Nodes(t[order], r[order], v[order], kind[order])
