"""Where the rows of an ephemeris have to be, so that a reader who interpolates gets the flown state between them.

On a smooth arc evenly spaced rows for Hermite of degree 7. Where thrusters pulse, guidance steers or canopies fill, of
degree 3, whose error is that of one interval alone: intervals are halved until it is within bounds. Both are held for
readers who take the degree for that of the polynomial (half as many rows) and for those who take it for the number of
rows less one, as Orekit does; so neighbours are of like length.
"""

from __future__ import annotations

import numpy as np

from sim.core.trajectory import Trajectory
from sim.interchange.hermite import between
from sim.interchange.oem_writing import DEGREE, row_times

CLOSE_M, CLOSE_M_S = 0.3, 4.0e-4  # of what is asked, 1 m and 1 mm/s, for what lies between the places looked at
LOCAL = 3  # degree of rows that are set one by one
DENSE_S = 5.0  # nodes closer than this are no coast
COARSE = 16  # nodes between two rows to begin with
SHORTEST_S = 0.01  # between two rows: the last digit of a row, a micrometre, over that is 0.1 mm/s
LIKE = 2.6  # of two neighbours the longer is at most so many times the other
SHARES = (0.21, 0.5, 0.79)  # of an interval, where it is looked at: there the errors of a cubic are largest
NODE_SHARES = (0.05, 0.5, 0.95)  # between two nodes: most happens beside one of them
LOOKED_AT = 256  # intervals of a long smooth arc
ROUNDS = 40


def rows_for(path: Trajectory, start: float, end: float, step: float) -> tuple[np.ndarray, int]:
    """Times (n,) s of the rows from start to end, and the degree to state; `step` s is the widest spacing."""
    nodes = path.t[(path.t > start) & (path.t < end)]
    if len(nodes) < 4 or (end - start) / len(nodes) > DENSE_S:
        t = row_times(start, end, step)
        if _far(path, t, ((DEGREE + 1) // 2, DEGREE + 1), _some(len(t) - 1)).size == 0:
            return t, DEGREE
    t = np.concatenate([[start], nodes[COARSE // 2 :: COARSE], [end]])
    t = t[np.append(np.diff(t) > SHORTEST_S, True)]
    t[-1] = end
    if len(t) <= LOCAL:
        t = np.linspace(start, end, LOCAL + 1)
    for counts in (((LOCAL + 1) // 2,), (LOCAL + 1,)):  # the second is asked once there are rows enough for the first
        changed = np.arange(len(t) - 1)
        for _ in range(ROUNDS):
            long = _longer_than_neighbours(t)
            if long.size == 0:
                long = _far(path, t, counts, changed, nodes)
            long = long[np.diff(t)[long] > 2.0 * SHORTEST_S]
            if long.size == 0:
                break
            t, changed = _halved(t, long, nodes, changed)
    return t, LOCAL


def _some(count: int) -> np.ndarray:
    """Of `count` intervals those that are looked at: all, or some with those at the ends."""
    if count <= LOOKED_AT:
        return np.arange(count)
    return np.unique(np.concatenate([np.linspace(0, count - 1, LOOKED_AT).astype(int), [1, 2, count - 3, count - 2]]))


def _far(
    path: Trajectory, t: np.ndarray, counts: tuple[int, ...], intervals: np.ndarray, nodes: np.ndarray | None = None
) -> np.ndarray:
    """Of the intervals between rows at t those within which a reader who takes so many rows is not close to the path.

    With `nodes` it is looked at between these too, where many of them lie in one interval.
    """
    h = np.diff(t)[intervals]
    asked = (t[intervals][:, None] + h[:, None] * np.array(SHARES)).ravel()
    of = np.repeat(intervals, len(SHARES))
    if nodes is not None and len(nodes) > 1:
        inner = np.concatenate([nodes[:-1] + share * np.diff(nodes) for share in NODE_SHARES])
        place = np.searchsorted(t, inner, side="right") - 1
        asked_of = np.zeros(len(t), dtype=bool)
        asked_of[intervals] = np.diff(t)[intervals] > 1.5 * float(np.median(np.diff(nodes)))
        asked, of = np.append(asked, inner[asked_of[place]]), np.append(of, place[asked_of[place]])
    r, v, _ = path.at(asked)
    rows_r, rows_v, _ = path.before(t)
    rows_r[0], rows_v[0] = (a[0] for a in path.at(t[:1])[:2])
    origin = rows_r[0].copy()
    near = np.ones(len(asked), dtype=bool)
    for count in counts:
        p, q = between(t, rows_r - origin, rows_v, asked, count)
        near &= np.linalg.norm(p + origin - r, axis=1) < CLOSE_M
        near &= np.linalg.norm(q - v, axis=1) < CLOSE_M_S
    return np.unique(of[~near])


def _longer_than_neighbours(t: np.ndarray) -> np.ndarray:
    h = np.diff(t)
    beside = np.minimum(np.append(h[1:], np.inf), np.append(np.inf, h[:-1]))
    return np.flatnonzero(h > LIKE * np.maximum(beside, SHORTEST_S))


def _halved(t: np.ndarray, long: np.ndarray, nodes: np.ndarray, changed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """With a row more in each of the long intervals, at a node if one is near the middle; and which intervals are to
    be looked at: those whose rows, or whose neighbours', are others."""
    a, b = t[long], t[long + 1]
    middle = 0.5 * (a + b)
    if nodes.size:
        k = np.clip(np.searchsorted(nodes, middle), 1, max(len(nodes) - 1, 1))
        k = np.minimum(k, len(nodes) - 1)
        low, high = nodes[np.maximum(k - 1, 0)], nodes[k]
        node = np.where(middle - low < high - middle, low, high)
        middle = np.where(np.abs(node - middle) < 0.15 * (b - a), node, middle)
    finer = np.insert(t, long + 1, middle)
    new = long + 1 + np.arange(len(long))
    # Those still to be looked at before the spacing was evened stay so.
    moved = changed + np.searchsorted(long, changed)
    near = np.concatenate([new + k for k in range(-4, 4)] + [moved])
    return finer, np.unique(near[(near >= 0) & (near < len(finer) - 1)])
