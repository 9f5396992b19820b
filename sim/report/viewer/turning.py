"""How craft point, for the page: the attitudes of a flight with as few rows as show them to `TOLERANCE`.

While no ship flies the station is in LVLH, which the page knows by itself, so that these weeks have no rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.export.attitudes import AttitudeSegment, attitudes
from sim.export.stored import PlotData
from sim.export.trajectories import Trajectories
from sim.report.viewer.numbers import Numbers

TOLERANCE = 5e-4  # rad
STRIDE = 64  # rows between two that are kept, at most


def attitudes_of(data: PlotData, flown: Trajectories, station: str) -> Mapping[str, Sequence[AttitudeSegment]]:
    """By craft; of the station in the legs in which a ship flies as well."""
    busy = {leg.leg for name, legs in flown.vehicles.items() if name != station for leg in legs}
    legs = {name: tuple(leg for leg in path if leg.leg in busy) for name, path in flown.vehicles.items()}
    return attitudes(data, replace(flown, vehicles={name: path for name, path in legs.items() if path}))


def refer(segment: AttitudeSegment, numbers: Numbers) -> dict[str, Any]:
    rows = kept(segment.t, segment.q)
    return {
        "basis": segment.basis,
        "t": numbers.refer(segment.t[rows]),
        "q": numbers.refer(segment.q[rows].astype(np.float32)),
    }


def kept(t: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Indices of the rows between which an even turn about one axis keeps within TOLERANCE of the others."""
    a = np.arange(0, max(len(t) - 1, 1), STRIDE)
    b = np.minimum(a + STRIDE, len(t) - 1)
    found = [np.array([len(t) - 1])]
    while len(a):
        worst = np.zeros(len(a))
        for share in (0.25, 0.5, 0.75):
            middle = np.rint(a + share * (b - a)).astype(int)
            worst = np.maximum(worst, _apart(q[middle], _turned(t, q, a, b, middle)))
        good = (worst <= TOLERANCE) | (b - a < 2)
        found.append(a[good])
        a, b = a[~good], b[~good]
        half = (a + b) // 2
        a, b = np.concatenate([a, half]), np.concatenate([half, b])
    return np.unique(np.concatenate(found))


def _turned(t: np.ndarray, q: np.ndarray, a: np.ndarray, b: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """An even turn from row `a` to row `b`, at the time of the row `middle`."""
    share = ((t[middle] - t[a]) / np.where(t[b] > t[a], t[b] - t[a], 1.0))[:, None]
    half = np.arccos(np.clip(np.sum(q[a] * q[b], axis=1, keepdims=True), -1.0, 1.0))
    small = half < 1e-7
    sine = np.where(small, 1.0, np.sin(half))
    one = np.where(small, 1.0 - share, np.sin((1.0 - share) * half) / sine)
    return one * q[a] + np.where(small, share, np.sin(share * half) / sine) * q[b]


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The angle between two attitudes, rad."""
    return 2.0 * np.linalg.norm(one - other * np.sign(np.sum(one * other, axis=1, keepdims=True)), axis=1)
