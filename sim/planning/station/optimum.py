"""The raises that take least propellant: a mixed-integer linear programme, solved by HiGHS with its gap.

Unknown are the size of each raise at each open day, by each craft, and the whole turns that each launch's phase may
differ by. A forward burn of dv lifts the mean semi-major axis by 2 a / v dv; the lift grows as a higher station falls
less, and lets the phase at a launch drift by -3 / a dv times the time until then (docs/physics.md 4.6). All of that is
linear about a flown path; flights and solutions take turns (sim/planning/station/plan.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from sim.planning.station.setting import Burner

TURN = 360.0  # deg
PHASE_SLACK = 0.02  # deg within which a plan sets the phase
MISSED = 300.0  # kg for each deg beyond it, up to what is allowed
WORTH = 0.2  # kg for which one raise more is not made
TANGENTS = (-1.0, -0.3, 0.3, 0.8, 1.3, 2.0)  # sigmas at which the cost of a trim that may turn backward is touched
HARD = 1e4  # kg for each km, deg or kg by which a limit is broken, in the search for a reason
WHOLE, NODES = 3e-3, 400  # relative gap and nodes at which the search ends, so that each machine finds the same
TIME = 60.0  # s
NET = 1e-4  # m/s: less is no burn


@dataclass(frozen=True)
class Candidate:
    """An instant `t` s at which a burn may be. `launch`: index of the launch whose phase the trim of number
    `trim` sets; None for a raise. `burners` with the propellant each takes for 1 m/s, kg. `low`, `high`, `backward`
    m/s; `sigma` m/s: of what will be added to a trim for what is not known yet."""

    t: float
    launch: int | None
    burners: tuple[tuple[Burner, float], ...]
    low: float
    high: float
    backward: float
    sigma: float = 0.0
    trim: int = -1


@dataclass(frozen=True)
class Problem:
    """About a flown path. `now` (n,) m/s: net sizes flown. `altitude` (m,) km with `lift` (m, n) km per m/s, and its
    limits `band` (2,); the last sample is the end, which must reach `end` km. `miss` (k,) deg with `drift` (k, n) deg
    per m/s. `apart` s between raises; `miss_limit` deg by which a phase may be missed where it has to be. `kept` (n,):
    1 where a raise stays, 0 where none comes; then sizes alone are sought."""

    candidates: tuple[Candidate, ...]
    now: np.ndarray
    altitude: np.ndarray
    lift: np.ndarray
    band: tuple[float, float]
    end: float
    miss: np.ndarray
    drift: np.ndarray
    budget: dict[str, float]
    apart: float
    miss_limit: float = 0.0
    kept: np.ndarray | None = None


@dataclass(frozen=True)
class Solution:
    """`sizes` (n,) m/s net by candidate; `burner` (n,): which craft; `kg` of propellant, `bound` kg that no solution of
    the linear problem goes below; `gap` the relative difference; `miss` deg of each launch. `broken`: limits that
    cannot be kept, with by how much; then the rest is what comes nearest. `value`: what is minimised: propellant with
    what burns backward are expected to add, kg."""

    sizes: np.ndarray
    burner: tuple[Burner | None, ...]
    kg: float
    bound: float
    gap: float
    miss: tuple[float, ...] = ()
    broken: tuple[tuple[str, float], ...] = ()
    value: float = 0.0


def solve(problem: Problem) -> Solution:
    """The solution of least propellant; where there is none, the one that breaks limits by the least, and which."""
    return _solved(problem, False) or _solved(problem, True) or _nothing(problem)


class _Columns:
    """Variables by name: index, limits, cost."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.cost: list[float] = []
        self.whole: list[int] = []

    def add(self, low: float, high: float, cost: float = 0.0, whole: bool = False) -> int:
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.whole.append(int(whole))
        return len(self.low) - 1


class _Rows:
    """Constraints low <= sum <= high, sparse."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        self.entries += [(len(self.low), column, value) for column, value in terms if value]
        self.low.append(low)
        self.high.append(high)


def _solved(p: Problem, elastic: bool) -> Solution | None:
    columns, rows, slacks = _Columns(), _Rows(), list[tuple[str, int]]()

    def slack(name: str) -> int:
        slacks.append((name, columns.add(0.0, np.inf, HARD)))
        return slacks[-1][1]

    net: list[list[tuple[int, float]]] = []  # of each candidate: variables and their signs
    forward: list[list[tuple[int, Burner, float, float]]] = []
    flags: list[int | None] = []
    for i, c in enumerate(p.candidates):
        own = [(columns.add(0.0, c.high, kg), b, kg, 1.0) for b, kg in c.burners]
        own += [(columns.add(0.0, c.backward, kg), b, kg, -1.0) for b, kg in c.burners if c.backward > 0.0]
        forward.append(own)
        net.append([(j, sign) for j, _, _, sign in own])
        flag = None
        ahead = [(j, 1.0) for j, _, _, sign in own if sign > 0.0]
        if len(c.burners) > 1:
            rows.add(ahead, -np.inf, c.high)
        if c.launch is None:
            fixed = None if p.kept is None else float(p.kept[i])
            flag = columns.add(fixed or 0.0, 1.0 if fixed is None else fixed, WORTH, whole=fixed is None)
            rows.add([*ahead, (flag, -c.low)], 0.0, np.inf)
            rows.add([*ahead, (flag, -c.high)], -np.inf, 0.0)
        elif c.sigma > 0.0 and c.burners:
            excess = columns.add(0.0, np.inf, min(kg for _, kg in c.burners))
            for value, slope in turned(c.sigma):
                rows.add([(excess, 1.0), *((j, -slope * sign - (sign - 1.0)) for j, sign in net[-1])], value, np.inf)
        flags.append(flag)
    _apart(p, rows, flags)
    low = slack("low") if elastic else None
    high = slack("high") if elastic else None
    ends = slack("end") if elastic else None
    base = p.altitude - p.lift @ p.now
    for k in range(len(p.altitude)):
        terms = [(j, sign * p.lift[k, i]) for i, of in enumerate(net) for j, sign in of]
        last = k == len(p.altitude) - 1
        rows.add([*terms, *([(low, 1.0)] if low is not None else [])], p.band[0] - base[k], np.inf)
        if last:
            rows.add([*terms, *([(ends, 1.0)] if ends is not None else [])], p.end - base[k], np.inf)
        rows.add([*terms, *([(high, -1.0)] if high is not None else [])], -np.inf, p.band[1] - base[k])
    whole_turns = p.kept is None
    for k in range(len(p.miss)):
        terms = [(j, sign * p.drift[k, i]) for i, of in enumerate(net) for j, sign in of]
        terms.append((columns.add(-200.0 if whole_turns else 0.0, 200.0 if whole_turns else 0.0, 0.0, True), -TURN))
        if p.miss_limit > 0.0:
            terms += [(columns.add(0.0, p.miss_limit, MISSED), sign) for sign in (1.0, -1.0)]
        if elastic:
            terms += [(slack(f"phase {k}"), 1.0), (slack(f"phase {k}"), -1.0)]
        required = float(p.drift[k] @ p.now) - p.miss[k]
        rows.add(terms, required - PHASE_SLACK, required + PHASE_SLACK)
    for name, kg in p.budget.items():
        terms = [(j, cost) for of in forward for j, b, cost, _ in of if b.name == name]
        if terms:
            rows.add([*terms, *([(slack(f"propellant {name}"), -1.0)] if elastic else [])], -np.inf, kg)
    found = _highs(columns, rows)
    if found is None:
        return None
    x, value, bound = found
    sizes = np.array([sum(sign * x[j] for j, sign in of) for of in net])
    sizes[np.abs(sizes) < NET] = 0.0
    chosen = tuple(
        max(of, key=lambda v: x[v[0]])[1] if of and abs(s) else None for of, s in zip(forward, sizes, strict=True)
    )
    miss = [math.remainder(float(m), TURN) for m in p.miss + p.drift @ (sizes - p.now)]
    broken = tuple((name, float(x[j])) for name, j in slacks if x[j] > 1e-2)
    kg = float(sum(cost * x[j] for of in forward for j, _, cost, _ in of))
    return Solution(sizes, chosen, kg, bound, (value - bound) / max(value, 1e-9), tuple(miss), broken, value)


def turned(sigma: float) -> list[tuple[float, float]]:
    """Tangents (value at a size of zero m/s, slope) of the burn that is expected beyond a trim's size, as what is added
    to it may turn it backward: E|x + sigma z| - x = 2 sigma (phi(x / sigma) - x / sigma Phi(-x / sigma)), convex."""
    made = []
    for z in TANGENTS:
        tail = 0.5 * math.erfc(z / math.sqrt(2.0))
        made.append((2.0 * sigma * math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi), -2.0 * tail))
    return made


def _apart(p: Problem, rows: _Rows, flags: list[int | None]) -> None:
    """At most one raise in any span of `apart` s."""
    if p.kept is not None:
        return
    times = [(c.t, flag) for c, flag in zip(p.candidates, flags, strict=True) if flag is not None]
    for i, (t, _) in enumerate(times):
        near = [(flag, 1.0) for other, flag in times[i:] if other - t < p.apart - 3600.0]
        if len(near) > 1:
            rows.add(near, -np.inf, 1.0)


def _highs(columns: _Columns, rows: _Rows) -> tuple[np.ndarray, float, float] | None:
    """Variables, value and bound; None where nothing is feasible."""
    if not columns.low:
        return np.empty(0), 0.0, 0.0
    i, j, value = (np.array(c) for c in zip(*rows.entries, strict=True)) if rows.entries else (np.empty(0),) * 3
    matrix = coo_array((value, (i.astype(int), j.astype(int))), shape=(len(rows.low), len(columns.low))).tocsr()
    result = milp(
        np.array(columns.cost),
        integrality=np.array(columns.whole),
        bounds=Bounds(np.array(columns.low), np.array(columns.high)),
        constraints=LinearConstraint(matrix, np.array(rows.low), np.array(rows.high)),
        options={"mip_rel_gap": WHOLE, "time_limit": TIME, "node_limit": NODES},
    )
    if result.x is None:
        return None
    bound = result.fun if result.mip_dual_bound is None else result.mip_dual_bound
    return result.x, float(result.fun), float(bound)


def _nothing(p: Problem) -> Solution:
    return Solution(np.zeros(len(p.candidates)), (None,) * len(p.candidates), 0.0, 0.0, 0.0, (), (("time", TIME),))
