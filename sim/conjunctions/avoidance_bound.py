"""What an avoidance burn takes at least, from the equations of Clohessy and Wiltshire alone.

A second derivation of the smallest burn, on a circle and without elements, ephemeris or search along fixed directions:
what planned and flown burns are measured against.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, contours
from sim.conjunctions.encounter import rtn_axes
from sim.conjunctions.equinoctial import elements

ANGLES = np.linspace(0.0, 2.0 * math.pi, 721)[:-1]  # of the first points of the ellipse


def hill(n: float, lead) -> np.ndarray:
    """(k, 3, 3): RTN displacement by an RTN velocity change, `lead` (k,) s later, at the mean motion n rad/s."""
    lead = np.asarray(lead, dtype=float)
    sin, cos = np.sin(n * lead), np.cos(n * lead)
    out = np.zeros((len(lead), 3, 3))
    out[:, 0, 0], out[:, 0, 1] = sin / n, 2.0 * (1.0 - cos) / n
    out[:, 1, 0], out[:, 1, 1] = -2.0 * (1.0 - cos) / n, 4.0 * sin / n - 3.0 * lead
    out[:, 2, 2] = sin / n
    return out


def smallest(conjunction: Conjunction, rule: AvoidanceRule, leads) -> np.ndarray:
    """(k,) m/s: the least impulse in any direction, `leads` (k,) s ahead, that takes the miss to the rule's contour.

    With W the contour, m the miss and P the displacement, G = W P: of all e with |e| = 1 the least |dv| for which
    W m - G dv = e, which is sqrt((W m - e)' (G G')^-1 (W m - e)). Of two contours the larger answer counts: no burn
    clears both for less.
    """
    encounter = conjunction.encounter.at_closest_approach()[0]
    leads = np.asarray(leads, dtype=float)
    n = float(elements(encounter.r1, encounter.v1)[0][0])
    moved = rtn_axes(encounter.r1, encounter.v1).T @ hill(n, leads)
    out = np.zeros(len(leads))
    for w in contours(encounter, rule):
        u = w @ encounter.miss
        if u @ u < 1.0:
            g = w @ moved
            out = np.maximum(out, _to_the_rim(u, np.linalg.inv(g @ np.swapaxes(g, 1, 2))))
    return out


def _to_the_rim(u: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(k,): the least sqrt((u - e)' weight (u - e)) over |e| = 1, for weights (k, 2, 2): sampled, then zoomed into.

    A weight that is nearly singular has a narrow valley, which the first samples only find roughly.
    """
    angles, width = np.broadcast_to(ANGLES, (len(weight), len(ANGLES))), ANGLES[1]
    while True:
        gap = u[:, None] - np.array([np.cos(angles), np.sin(angles)]).swapaxes(0, 1)
        sizes = np.einsum("kij,kil,klj->kj", gap, weight, gap)
        if width < 1.0e-8:
            return np.sqrt(sizes.min(axis=1))
        best = np.take_along_axis(angles, sizes.argmin(axis=1)[:, None], axis=1)
        angles, width = best + width * np.linspace(-1.0, 1.0, 41), width / 20.0


def bound(conjunctions: Sequence[Conjunction], rule: AvoidanceRule, burn_times) -> float:
    """m/s: no impulse at any of `burn_times` (k,) clears all conjunctions for less, on a circle and to first order."""
    times = np.asarray(burn_times, dtype=float)
    needed = np.zeros(len(times))
    for conjunction in conjunctions:
        ahead = conjunction.time_s > times
        needed[ahead] = np.maximum(needed[ahead], smallest(conjunction, rule, conjunction.time_s - times[ahead]))
    return float(needed.min())
