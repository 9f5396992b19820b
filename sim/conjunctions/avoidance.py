"""The smallest burn that takes a craft past known conjunctions, from motion that is linear in the burn.

A burn dv at t_b moves the craft at the closest approach by P dv, where P (3, 3) is the derivative of its position there
by its velocity at t_b. In equinoctial elements P = J(t) D J(t_b)^-1: J is the derivative of the state by the elements,
and D lets only the mean longitude run, by the change of mean motion times the lead. That is exact for two bodies, and
with the states of a flown path it keeps the precession of the real orbit. On a circle of mean motion n and after a
lead t it is the solution of Clohessy and Wiltshire (J. Aerospace Sci. 27 (1960) 653), for a change (u, v, w) in RTN:

    radial    2 (1 - cos nt) / n v + sin nt / n u       4 v / n half a revolution later
    in track  (4 sin nt / n - 3 t) v - 2 (1 - cos nt) / n u    -3 v t after whole revolutions
    across    sin nt / n w                                 w / n a quarter later

The rule's limit on the probability draws an ellipse in the encounter plane, the limit on the miss a circle; a burn
clears the conjunction where it takes the miss out of both. Along one direction each cuts out one interval of sizes, by
a quadratic equation. The smallest burn is the end of the union of all intervals that is nearest to zero: so a burn that
clears one conjunction never makes another among those known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.encounter import Encounter, EncounterPlane, rtn_axes
from sim.conjunctions.equinoctial import derivatives, elements
from sim.conjunctions.errors import EncounterError
from sim.conjunctions.short_encounter import alfano
from sim.core.root import root

RED, YELLOW = 1.0e-4, 1.0e-5  # probabilities at which the ISS, CARA and ESA act, and watch
DIRECTIONS = {"track": (0.0, 1.0, 0.0), "radial": (1.0, 0.0, 0.0), "cross": (0.0, 0.0, 1.0)}
STEPS_A_REVOLUTION = 72  # of candidate times: a sine is met within 0.1 % of its peak
RIM = 1.0e-6  # relative, by which a burn goes past the end of an interval

States = Callable[[np.ndarray], np.ndarray]  # times (n,) s to inertial states (n, 6), m and m/s


@dataclass(frozen=True, eq=False)
class Conjunction:
    """`encounter`: both states `time_s` s after the plan's zero, at the closest approach or near it, the craft that can
    burn being the primary. `name`: of the secondary."""

    name: str
    time_s: float
    encounter: Encounter


@dataclass(frozen=True)
class AvoidanceRule:
    """A conjunction breaks it whose probability is above `probability` or whose miss is below `miss_m` m."""

    probability: float = RED
    miss_m: float = 0.0

    def __post_init__(self):
        if not 0.0 < self.probability < 1.0:
            raise EncounterError(f"probability: found {self.probability!r}; write one between 0 and 1, such as 1e-4")
        if not 0.0 <= self.miss_m < math.inf:
            raise EncounterError(f"miss_m: found {self.miss_m!r}; write a distance in m, or 0 for no such limit")


@dataclass(frozen=True)
class Limits:
    """What a burn may do. `dv_m_s`: its largest size; `phase_rad` at `phase_at_s`: by how much it may change the
    argument of latitude then, for the ship that comes; None: as much as it does."""

    dv_m_s: float = 5.0
    phase_rad: float | None = None
    phase_at_s: float | None = None

    def __post_init__(self):
        if (self.phase_rad is None) != (self.phase_at_s is None):
            raise EncounterError("phase_rad and phase_at_s: found one of them; write both, or neither")
        if not self.dv_m_s > 0.0:
            raise EncounterError(f"dv_m_s: found {self.dv_m_s!r}; write the largest burn in m/s, above 0")


@dataclass(frozen=True)
class CandidateBurn:
    """An impulse of `dv_m_s` (signed) along `direction` of RTN at `time_s`."""

    time_s: float
    direction: str
    dv_m_s: float

    @property
    def rtn(self) -> np.ndarray:
        """(3,) m/s."""
        return self.dv_m_s * np.array(DIRECTIONS[self.direction])


def contours(encounter: Encounter, rule: AvoidanceRule) -> list[np.ndarray]:
    """Matrices W (2, 3), one for each limit of the rule: a miss m breaks it where |W m| < 1.

    The ellipse of equal probability is drawn through its two vertices, which are roots of the exact integral. Where the
    radius is small against both sigmas it is the contour itself; elsewhere it is a first guess, which is sized again
    after the flight. A limit that no miss reaches gives no matrix.
    """
    at_closest = encounter.at_closest_approach()[0]
    w = at_closest.relative_velocity
    if not w.any():
        raise EncounterError("the objects do not move against each other: no burn can be planned in an encounter plane")
    across = np.linalg.svd(w[None] / np.linalg.norm(w))[2][1:]
    found = []
    if encounter.radius_m > 0.0:
        values, axes = np.linalg.eigh(across @ encounter.position_covariance @ across.T)
        sigmas = np.sqrt(np.maximum(values, 1.0e-8))
        ends = [_vertex(sigmas, i, encounter.radius_m, rule.probability) for i in range(2)]
        if min(ends) > 0.0:
            found.append((axes / np.array(ends)).T @ across)
    if rule.miss_m > 0.0:
        found.append(across / rule.miss_m)
    return found


def _vertex(sigmas: np.ndarray, axis: int, radius: float, limit: float) -> float:
    """How far along one principal axis the probability falls to the limit, m; 0 where it is below it everywhere."""

    def excess(miss: float) -> float:
        x, y = (miss, 0.0) if axis == 0 else (0.0, miss)
        value = alfano(EncounterPlane(x, y, float(sigmas[0]), float(sigmas[1]), radius))
        return math.log(max(value, 1.0e-300) / limit)

    if excess(0.0) <= 0.0:
        return 0.0
    far = radius + 40.0 * float(sigmas[axis])
    return root(excess, 0.0, far, 1.0e-4 * float(sigmas[axis]), "miss of the limiting probability", unit="")


def displacement(states: States, burn_times, time: float) -> np.ndarray:
    """(n, 6, 3): derivative of the inertial state at `time` by velocity changes at `burn_times` (n,), in RTN there."""
    times = np.asarray(burn_times, dtype=float)
    return _run(changes(states(times)), times, states(np.array([time]))[0], time)


def _run(changed: np.ndarray, times: np.ndarray, state: np.ndarray, time: float) -> np.ndarray:
    """What changes (n, 6, 3) of elements at `times` (n,) make of the state (6,) at `time`."""
    later = changed.copy()
    later[:, 5] += changed[:, 0] * (time - times)[:, None]
    return _by_elements(state[None])[0] @ later


def changes(states: np.ndarray) -> np.ndarray:
    """(n, 6, 3): how the equinoctial elements of states (n, 6) change with a velocity change in RTN."""
    axes = np.array([rtn_axes(state[:3], state[3:]).T for state in states])
    return np.linalg.inv(_by_elements(states))[:, :, 3:] @ axes


def _by_elements(states: np.ndarray) -> np.ndarray:
    """(n, 6, 6): derivatives of states (n, 6) by their own elements."""
    made = [elements(state[:3], state[3:]) for state in states]
    out = np.empty((len(states), 6, 6))
    for fr in (1, -1):
        these = [i for i, (_, sign) in enumerate(made) if sign == fr]
        if these:
            e = np.array([made[i][0] for i in these])
            out[these] = derivatives(e, fr, np.zeros(len(these)))[1]
    return out


def burn_times(states: States, first: float, last: float) -> np.ndarray:
    """Candidate times (n,) from `first` to `last` s, 72 a revolution."""
    start = states(np.array([first]))[0]
    period = 2.0 * math.pi / elements(start[:3], start[3:])[0][0]
    count = max(2, math.ceil((last - first) / period * STEPS_A_REVOLUTION) + 1)
    return np.linspace(first, last, count)


def candidates(
    conjunctions: Sequence[Conjunction],
    rule: AvoidanceRule,
    limits: Limits,
    states: States,
    times: np.ndarray,
    directions: Sequence[str] = tuple(DIRECTIONS),
) -> list[CandidateBurn]:
    """At each time and along each direction, the smallest burn of either sign that clears every conjunction after it.

    In order of size. Those that end above a limit are left out; an empty list says that none is allowed.
    """
    times = np.asarray(times, dtype=float)
    shapes = [(c.time_s, [(w, w @ _closest_miss(c)) for w in contours(c.encounter, rule)]) for c in conjunctions]
    bounds = _bounds(limits, states, times)
    changed = changes(states(times))
    at_closest = states(np.array([c.time_s for c in conjunctions]))
    moved = [_run(changed, times, x, c.time_s)[:, :3] for x, c in zip(at_closest, conjunctions, strict=True)]
    found = []
    for direction in directions:
        unit = np.array(DIRECTIONS[direction])
        for i, t in enumerate(times):
            blocked = [
                interval
                for (at, matrices), by_burn in zip(shapes, moved, strict=True)
                if at > t
                for w, u in matrices
                if (interval := blocked_sizes(u, w @ by_burn[i] @ unit)) is not None
            ]
            bound = float(bounds[i, int(unit.argmax())])
            found += [CandidateBurn(float(t), direction, x) for x in _free(blocked) if abs(x) <= bound]
    return sorted(found, key=lambda burn: abs(burn.dv_m_s))


def _closest_miss(conjunction: Conjunction) -> np.ndarray:
    return conjunction.encounter.at_closest_approach()[0].miss


def blocked_sizes(u: np.ndarray, g: np.ndarray) -> tuple[float, float] | None:
    """Sizes x for which |u - g x| < 1, as the miss moves by the opposite of what the craft does; None for no such x."""
    a, b, c = float(g @ g), float(u @ g), float(u @ u) - 1.0
    square = b * b - a * c
    if a == 0.0:
        return (-math.inf, math.inf) if c < 0.0 else None
    if square <= 0.0:
        return None
    half = math.sqrt(square)
    return (b - half) / a, (b + half) / a


def _free(blocked: list[tuple[float, float]]) -> list[float]:
    """The sizes next to zero, one of each sign, outside all intervals; zero alone where it is outside."""
    if not any(low < 0.0 < high for low, high in blocked):
        return [0.0]
    found = []
    for sign in (1.0, -1.0):
        x = 0.0
        for low, high in sorted((min(sign * a, sign * b), max(sign * a, sign * b)) for a, b in blocked):
            if low <= x < high:
                x = high * (1.0 + RIM)
        if math.isfinite(x):
            found.append(sign * x)
    return found


def phase_by_burn(states: States, burn_times, at: float) -> np.ndarray:
    """(n, 3) rad a m/s in RTN: how the argument of latitude at `at` s changes with burns at `burn_times` (n,).

    By the displacement along the track, less what the node moves along the orbit: a burn w across the plane at the
    argument u turns the node by w sin u / (v sin i).
    """
    times = np.asarray(burn_times, dtype=float)
    r, v = np.split(states(np.array([at]))[0], 2)
    out = rtn_axes(r, v)[1] @ displacement(states, times, at)[:, :3] / float(np.linalg.norm(r))
    for row, state in zip(out, states(times), strict=True):
        normal = np.cross(state[:3], state[3:])
        normal /= np.linalg.norm(normal)
        sin2_i = float(normal[0] ** 2 + normal[1] ** 2)
        if sin2_i > 0.0:
            speed, distance = float(np.linalg.norm(state[3:])), float(np.linalg.norm(state[:3]))
            row[2] -= float(normal[2] * state[2]) / (distance * speed * sin2_i)
    return out


def _bounds(limits: Limits, states: States, times: np.ndarray) -> np.ndarray:
    """(n, 3): the largest size that the limits allow, m/s, at each time along R, T and N."""
    sizes = np.full((len(times), 3), limits.dv_m_s)
    if limits.phase_rad is not None and limits.phase_at_s is not None:
        rate = np.abs(phase_by_burn(states, times, limits.phase_at_s))
        with np.errstate(divide="ignore"):
            allowed = np.where(rate > 0.0, limits.phase_rad / rate, math.inf)
        sizes = np.where((times < limits.phase_at_s)[:, None], np.minimum(sizes, allowed), sizes)
    return sizes
