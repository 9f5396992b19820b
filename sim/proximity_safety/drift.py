"""Drift of a ship after a burn that is missed, ends half-way or sticks, and its minimum distance from the station.

Each burn in turn fails, and nothing burns after it. It is judged before it is flown, with the commanded burn: a plan
from the navigated state of that time, a flight from the true one. Three sigma of what is unknown, by Hill's equations,
are subtracted along the line to the station: of the navigation error where the state is a navigated one, and of the
execution error of the burn that fails. Execution errors of earlier burns are measured by the fix and do not count
again. The arcs are flown in the full force model, the station too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.relative.each import sigma_each
from kernels.relative.hill import hcw_stm
from sim.core.flight import Failure, RuleCheck
from sim.core.histories import DriftHistory, RelativeHistory, joined, rows
from sim.core.navigation_errors import ExecutionErrors, NavigationErrors
from sim.core.scene import State
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import fly, semi_major_axis
from sim.proximity_safety.zones import Zones
from sim.rendezvous.relative import relative_history, sample_times

STEP = 30.0  # s between the positions that are judged: at 5 m/s past the station, a dip of v^2 dt^2 / 8 d = 3 m at 1 km
SIGMAS = 3.0
MISSED, HALF, STUCK = 0.0, 0.5, 1.0  # how a drift history counts them; a stuck burn is `zones.stuck` of the planned
NAMES = {MISSED: "missed", HALF: "half", STUCK: "stuck"}
LONGEST_BURN = 600.0  # s, of a burn whose drift is looked at


@dataclass(frozen=True)
class CommandedBurn:
    """A burn before it is flown: the state of the `ship` at `t` s, and the burn (middle s, LVLH m/s)."""

    t: float
    ship: State
    burn: np.ndarray


@dataclass(frozen=True)
class DriftRules:
    """Rules of a drift: the engine that burns, navigation errors of the states (None: they are true), execution errors,
    and the zones.

    `outside`: it must not enter the ellipsoid, for `zones.drift_outside` revolutions; else not the keep-out sphere, for
    `zones.drift_inside`.
    """

    engine: Engine
    navigation: NavigationErrors | None
    execution: ExecutionErrors
    zones: Zones
    outside: bool


@dataclass(frozen=True)
class DriftArc:
    """One drift: which burn failed and how, and its relative history.

    `clear` (n,) m: distance from the station, or outside the ellipsoid, less three sigma.
    """

    burn: int
    kind: float
    history: RelativeHistory
    clear: np.ndarray


def drift_arcs(
    burns: Sequence[CommandedBurn], station: State, t0: float, rules: DriftRules, world: World
) -> list[DriftArc]:
    """Every arc of the burns of a leg, before which the station is at its state at `t0` s.

    An arc begins where its burn was to end.
    """
    zones = rules.zones
    n = math.sqrt(MU_EARTH / float(semi_major_axis(station.r, station.v)[0]) ** 3)
    length = 2.0 * math.pi / n * (zones.drift_outside if rules.outside else zones.drift_inside)
    if not burns:
        return []
    target = fly(station, t0, float(burns[-1].burn[0]) + length + LONGEST_BURN, world)
    arcs = []
    for k, commanded in enumerate(burns):
        at, dv = float(commanded.burn[0]), commanded.burn[1:]
        position = target.at(commanded.t)[0][0] - commanded.ship.r
        before = _fixed(rules.navigation, float(np.linalg.norm(position)), n, at - commanded.t)
        duration = float(np.linalg.norm(dv)) * commanded.ship.mass / rules.engine.thrust
        if duration > LONGEST_BURN:
            raise Failure(
                f"a burn of {np.linalg.norm(dv):.1f} m/s near the station lasts {duration:.0f} s: too long to be one"
            )
        for kind, share in ((MISSED, 0.0), (HALF, 0.5), (STUCK, zones.stuck)):
            # It ignites when it should, and the drift counts from where it would have ended, or has, if that is later.
            row = np.array([at + 0.5 * (share - 1.0) * duration, *(share * dv)])
            start = at + (max(share, 1.0) - 0.5) * duration
            times = sample_times(start, start + length, STEP)
            ship = fly(commanded.ship, commanded.t, times[-1], world, row[None, :], rules.engine)
            history = relative_history(target, ship, times)
            spread = before.copy()
            spread[3:, 3:] += rules.execution.covariance(share * dv)
            arcs.append(DriftArc(k, kind, history, _clear(history, spread, n, at, rules.outside, zones)))
    return arcs


def _fixed(navigation: NavigationErrors | None, distance: float, n: float, dt: float) -> np.ndarray:
    """Covariance (6, 6) of a relative state `dt` s after its fix from `distance` m; zeros of a true one."""
    if navigation is None:
        return np.zeros((6, 6))
    phi = np.empty((6, 6))
    hcw_stm(n, dt, phi)
    position, rate = navigation.relative_sigma(distance)
    return phi @ np.diag(np.repeat([position**2, rate**2], 3)) @ phi.T


def _clear(
    history: RelativeHistory, covariance: np.ndarray, n: float, at: float, outside: bool, zones: Zones
) -> np.ndarray:
    """Distance from the zone that is barred, less three sigma of it, m (n,): d - 3 sqrt(u' P u)."""
    position = history.position_m
    axes = zones.ellipsoid if outside else np.ones(3)
    size = np.linalg.norm(position / axes, axis=1)
    toward = position / axes**2 / size[:, None]
    sigma = np.empty(len(position))
    sigma_each(n, history.t_s - at, toward, covariance, sigma)
    if not outside:
        return size - SIGMAS * sigma
    return (size - SIGMAS * sigma - 1.0) * history.range_m / size


def drift_history(arcs: list[DriftArc]) -> DriftHistory:
    """All arcs of a leg, a point a minute."""
    if not arcs:
        return DriftHistory(*(np.empty(0) for _ in range(6)))
    every_minute = [rows(arc.history, slice(None, None, 2)) for arc in arcs]
    lengths = [len(part.t_s) for part in every_minute]
    whole = joined(every_minute)
    return DriftHistory(
        t_s=whole.t_s,
        arc=np.repeat(np.arange(len(arcs), dtype=float), lengths),
        x_m=whole.x_m,
        y_m=whole.y_m,
        z_m=whole.z_m,
        missed=np.repeat([arc.kind for arc in arcs], lengths),
    )


def judge_drifts(arcs: list[DriftArc], outside: bool, zones: Zones, phase: str) -> tuple[RuleCheck, ...]:
    """One rule check for each failure of a burn, over all burns of the leg: the minimum distance less three sigma.

    Inside the ellipsoid a drift that begins within the sphere must leave it, and is judged from there on.
    """
    verdicts = []
    for kind, name in NAMES.items():
        worst, when = math.inf, 0.0
        for arc in arcs:
            if arc.kind != kind:
                continue
            since = 0 if outside else _counted_from(arc, zones)
            i = since + int(np.argmin(arc.clear[since:]))
            if arc.clear[i] < worst:
                worst, when = float(arc.clear[i]), float(arc.history.t_s[i])
        if math.isfinite(worst):
            what, limit = ("approach ellipsoid", 0.0) if outside else ("keep-out sphere", zones.keep_out)
            rule = f"drift after a {name} burn stays out of the {what}"
            verdicts.append(
                RuleCheck(rule, phase, worst, ">=", limit, "m clear at 3 sigma" if outside else "m at 3 sigma", when)
            )
    return tuple(verdicts)


def _counted_from(arc: DriftArc, zones: Zones) -> int:
    """From where on a drift counts: at once outside the sphere; from within it, once it has left; its end if never."""
    if arc.history.range_m[0] > zones.keep_out:
        return 0
    beyond = arc.clear > zones.keep_out
    return int(np.argmax(beyond)) if beyond.any() else len(beyond) - 1
