"""Burns within an ephemeris: where a coast from one of its states does not lead to the next one.

From each state the full model without air coasts to the next; what that one has more of energy, divided by the speed,
is a velocity change along the track. Neighbouring intervals with an acceleration that no air explains are one burn; its
size is their sum. The coasts from the last state before and the first one after them come nearest to each other in the
middle of the burn. What they differ by there is less than the size where a burn turns with the orbit: 1.56 m/s of 1.69
in 15 minutes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar

from kernels.constants import MU_EARTH
from sim.core.scene import State
from sim.environment.world import World
from sim.orbit.propagate import arrive, fly, led_to

AIR = 5e-6  # m/s2: twice what the air takes off the ISS at 400 km at solar maximum
SMALLEST = 0.03  # m/s; published sizes are rounded to 0.1
MASS = 1.0  # kg: a coast without air asks for none
MARGIN = 60.0  # s of coast beyond both ends of a burn in which its middle is searched


class EphemerisBurn(NamedTuple):
    """`start` and `middle` s of the world; `dv` m/s along the velocity, negative where it brakes; `length` s.

    Where the states lie too far apart to show the length, it is None and `start` the middle: half the length late."""

    start: float
    middle: float
    length: float | None
    dv: float


def ephemeris_burns(times: np.ndarray, r: np.ndarray, v: np.ndarray, world: World) -> list[EphemerisBurn]:
    """The burns along the track among states `r` m and `v` m/s (n, 3), GCRS, at `times` (n,) s of the world, n > 1.

    The times ascend. Only gravity counts. A burn in the first or last interval, or one across the track, is not found.
    """
    kept = np.append(np.diff(times) > 0.0, True)  # a burn's edge may be listed twice
    times, r, v = (np.asarray(x, float)[kept] for x in (times, r, v))
    gains = np.array([_gain(times[k : k + 2], r[k : k + 2], v[k : k + 2], world) for k in range(len(times) - 1)])
    spans = np.diff(times)
    rate = gains / spans
    order = np.argsort(rate)
    rate -= rate[order][np.searchsorted(np.cumsum(spans[order]), 0.5 * spans.sum())]  # the air's: the median of time
    thrust = np.abs(rate) > AIR
    edges = np.flatnonzero(np.diff(np.concatenate([[0], thrust.astype(int), [0]])))
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):  # intervals first to last - 1; states first to last
        dv = float((rate * spans)[first:last].sum())
        if abs(dv) < SMALLEST or first == 0 or last == len(spans):
            continue
        length = abs(dv) / float(np.abs(rate[first:last]).max()) if last - first > 2 else None
        middle = _middle(times[[first, last]], r[[first, last]], v[[first, last]], world)
        found.append(EphemerisBurn(middle - 0.5 * (length or 0.0), middle, length, dv))
    return found


def _gain(t: np.ndarray, r: np.ndarray, v: np.ndarray, world: World) -> float:
    """Velocity change along the track, m/s, between two states, by the energy that the second has more."""
    flown_r, flown_v, _ = arrive(State(r[0], v[0], MASS, 0.0), t[0], t[1], world)
    return float(_energy(r[1], v[1]) - _energy(flown_r, flown_v)) / float(np.linalg.norm(v[1]))


def _energy(r: np.ndarray, v: np.ndarray) -> float:
    return 0.5 * float(v @ v) - MU_EARTH / float(np.linalg.norm(r))


def _middle(t: np.ndarray, r: np.ndarray, v: np.ndarray, world: World) -> float:
    before = fly(State(r[0], v[0], MASS, 0.0), t[0], t[1] + MARGIN, world)
    after = led_to(State(r[1], v[1], MASS, 0.0), t[1], t[1] - t[0] + MARGIN, world)

    def apart(time: float) -> float:
        return float(np.linalg.norm(after.at(time)[0] - before.at(time)[0]))

    found = minimize_scalar(apart, bounds=(float(t[0]), float(t[1])), method="bounded", options={"xatol": 0.1})
    return float(found.x)
