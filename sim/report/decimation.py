"""Fewer points of curves for a page, none of whose peaks is lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MOST_POINTS = 1200  # of a panel; it is some 900 pixels wide


def kept_rows(t: np.ndarray, curves: Sequence[np.ndarray], maximum: int = MOST_POINTS) -> np.ndarray:
    """Indices of the rows to keep of curves (n,) over the times `t` (n,), at most `maximum` of them, in order.

    Time is cut into equal parts; in each stay the lowest and the highest value of each curve, so every peak stays with
    its own time. The first row and the last stay too.
    """
    if len(t) <= maximum:
        return np.arange(len(t))
    parts = max(1, (maximum - 2) // (2 * len(curves)))
    place = np.minimum((parts * (t - t[0]) / (t[-1] - t[0])).astype(int), parts - 1)
    edges = np.searchsorted(place, np.arange(parts + 1))
    kept = {0, len(t) - 1}
    for values in curves:
        low, high = (np.where(np.isfinite(values), values, worst) for worst in (np.inf, -np.inf))
        for start, end in zip(edges[:-1], edges[1:], strict=True):
            if end > start:
                kept |= {int(start + np.argmin(low[start:end])), int(start + np.argmax(high[start:end]))}
    return np.array(sorted(kept))
