"""Differential correction: Newton's method on what a flight misses, its Jacobian by flights beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.core.flight import Failure


def corrected(
    miss: Callable[[np.ndarray], np.ndarray],
    start: Sequence[float],
    steps: Sequence[float],
    within: Sequence[float],
    what: str,
    maximum: int = 12,
) -> tuple[np.ndarray, int]:
    """The controls (n,) at which `miss` (n,) is within its bounds, and the number of corrections.

    `steps` (n,): by how much each control is changed for the Jacobian, one-sided, which is what the next correction
    needs; `what` is targeted, for the Failure that says how much is missed after `maximum` corrections.
    """
    x, bounds = np.array(start, dtype=float), np.asarray(within, dtype=float)
    for done in range(maximum + 1):
        error = miss(x)
        if not np.isfinite(error).all():
            break
        if (np.abs(error) <= bounds).all():
            return x, done
        if done == maximum:
            break
        jacobian = np.empty((len(x), len(x)))
        for k, step in enumerate(steps):
            beside = x.copy()
            beside[k] += step
            jacobian[:, k] = (miss(beside) - error) / step
        try:
            x = x - np.linalg.solve(jacobian, error)
        except np.linalg.LinAlgError:
            break
    missed = ", ".join(f"{e:.4g} of at most {b:g}" for e, b in zip(error, bounds, strict=True))
    raise Failure(f"{what} is not met after {done} corrections: missed by {missed}")
