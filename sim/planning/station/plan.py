"""A plan of raises: solutions of the linear problem and flights through the known world in turn, until they agree."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.flight import Failure
from sim.core.scene import KnownState
from sim.orbit.phasing_trim import drift_per_speed, propellant
from sim.orbit.propagate import node_rate, semi_major_axis
from sim.planning.station.candidates import Standing, candidates_of
from sim.planning.station.drag import Falls, falls
from sim.planning.station.flight import Flown, Met, Raise, axes, flown, met
from sim.planning.station.optimum import Candidate, Problem, Solution, solve
from sim.planning.station.setting import DAY, Burner, Launch, Setting

BESIDE = 0.1 * DAY  # before and after a burn at which the altitude is looked at: the mean is over a revolution
ROUNDS, MAXIMUM = 2, 9  # rounds in which the days of the raises are sought; of all
WAVE = 0.05  # km by which the mean over one revolution goes up and down within a day
FAR_DEG, FAR_MOST = 0.01, 0.3  # more for each day until the launch: nobody knows the density so far ahead; at most
CLOSE_DEG, CLOSE_KM = 0.05, 0.05  # at which flight and solution agree
MISS_SHARE = 0.6  # of the allowed phase error: the rest is for what comes after the last trim
DEARER = 1.0  # kg by which a plan on the days of the one before may cost more than that one expected
SIDEREAL = 7.2921159e-5  # rad/s


@dataclass(frozen=True)
class Plan:
    """`raises` in order, as flown in the known world: `flown`, from `start` s; `met`: its launches. `times` (m,) s with
    `altitude` (m,) km. `solution`: of the last search for days, with its gap."""

    start: float
    end_km: float
    raises: tuple[Raise, ...]
    flown: Flown
    met: tuple[Met, ...]
    times: np.ndarray
    altitude: np.ndarray
    solution: Solution
    rounds: int


class NoPlan(Failure):
    """No plan keeps all limits: which, and by how much the nearest one breaks them."""


def falls_of(found: Setting) -> Falls:
    """The fall by day at the edges of the band, in the plane as it turns without drag."""
    low, high = found.rules.band_km
    return falls(found.plane, found.zero, found.end, found.axis(low), found.axis(high))


def plan(
    found: Setting, standing: Standing, table: Falls, end_km: float, before: Plan | None = None, used: float = 0.0
) -> Plan:
    """The raises from where the station stands to the end, which it is to reach at `end_km` or higher.

    With a plan made `before`, of which `used` kg are burnt, its days are kept and the sizes are sought anew. Where
    that breaks a limit, or is expected to cost more than the plan before was, and without one, the days are sought too.
    NoPlan says which limit cannot be kept, with numbers.
    """
    if before is not None:
        kept = None
        try:
            kept = _plan(found, standing, table, end_km, before)
            if kept.solution.value < before.solution.value - used + DEARER:
                return kept
        except NoPlan:
            pass
        try:
            new = _plan(found, standing, table, end_km, None)
        except NoPlan:
            if kept is None:
                raise
            return kept
        return kept if kept and kept.solution.value <= new.solution.value else new
    return _plan(found, standing, table, end_km, None)


def _plan(found: Setting, standing: Standing, table: Falls, end_km: float, before: Plan | None) -> Plan:
    candidates = candidates_of(found, standing, table)
    launches = tuple(x for x in found.launches if any(c.t < x.t - DAY for c in candidates))
    sizes, burners = _guess(found, standing, table, candidates) if before is None else _as_before(candidates, before)
    search, solution = ROUNDS if before is None else 0, None
    for round_ in range(1, MAXIMUM + 1):
        if round_ == search + 1:  # from here on the days stay: the others are left out
            stay = [i for i, c in enumerate(candidates) if c.launch is not None or sizes[i] != 0.0]
            candidates, sizes = tuple(candidates[i] for i in stay), sizes[stay]
            burners = tuple(burners[i] for i in stay)
        seen = _flight(found, standing, candidates, sizes, burners, launches)
        if solution is not None and round_ > search and _agrees(found, seen, end_km, solution):
            break
        kept = None if round_ <= search else np.ones(len(candidates))
        made = solve(_problem(found, standing, table, candidates, sizes, seen, end_km, kept))
        if made.broken and round_ >= search:
            raise NoPlan(_reason(found, standing, launches, made, end_km))
        searched = solution is not None and kept is not None
        solution = replace(made, bound=solution.bound, gap=solution.gap) if searched and solution else made
        sizes, burners = made.sizes, made.burner
    else:
        seen = _flight(found, standing, candidates, sizes, burners, launches)
    assert solution is not None  # there was a first round
    if before is not None:
        if not _agrees(found, seen, end_km, solution):
            raise NoPlan("the days of the plan before serve no longer")
        solution = replace(solution, gap=before.solution.gap)
    return Plan(standing.t, end_km, seen.raises, seen.flown, seen.met, seen.times, seen.altitude, solution, round_)


@dataclass(frozen=True)
class _Seen:
    raises: tuple[Raise, ...]
    flown: Flown
    met: tuple[Met, ...]
    times: np.ndarray
    altitude: np.ndarray


def _flight(found: Setting, at: Standing, candidates, sizes, burners, launches: tuple[Launch, ...]) -> _Seen:
    raises = tuple(_raise(found, c, s, b) for c, s, b in zip(candidates, sizes, burners, strict=True) if s and b)
    made = flown(found, at.state, (at.t, found.end), raises, found.world, at.factor)
    times = np.array(sorted([at.t, *(c.t + side * BESIDE for c in candidates for side in (-1, 1)), found.end]))
    times = times[(times >= at.t) & (times <= found.end)]
    altitude = np.asarray(found.altitude(axes(made.path, times)))
    return _Seen(raises, made, tuple(met(x, made.path, found.world) for x in launches), times, altitude)


def _raise(found: Setting, c: Candidate, size: float, burner: Burner) -> Raise:
    burns = 2 if abs(size) > found.rules.two_burns_m_s else 1
    why = "raise" if c.launch is None else found.launches[c.launch].ship
    return Raise(c.t, float(size), burner, burns, why, c.trim)


def _band(found: Setting, seen: _Seen) -> tuple[float, float]:
    """Lowest and highest altitude of a plan, km: inside the band by the margin, or where the station is at first."""
    (low, high), margin, now = found.rules.band_km, found.rules.margin_km, float(seen.altitude[0])
    return max(low, min(low + margin, now - WAVE)), min(high, max(high - margin, now + WAVE))


def _agrees(found: Setting, seen: _Seen, end_km: float, made: Solution) -> bool:
    low, high = _band(found, seen)
    inside = seen.altitude.min() > low - CLOSE_KM and seen.altitude.max() < high + CLOSE_KM
    phased = all(
        abs(math.degrees(m.miss) - expected) < min(CLOSE_DEG + FAR_DEG * (m.liftoff - seen.times[0]) / DAY, FAR_MOST)
        for m, expected in zip(seen.met, made.miss, strict=True)
    )
    return inside and phased and seen.altitude[-1] > end_km - CLOSE_KM


def _guess(found: Setting, at: Standing, table: Falls, candidates) -> tuple[np.ndarray, tuple[Burner | None, ...]]:
    """Raises as far apart as they may be that hold the altitude, about as much as it falls: where the search starts."""
    sizes, burners, last = np.zeros(len(candidates)), list[Burner | None]([None] * len(candidates)), at.t
    axis = float(axes_of(at.state))
    for i, c in enumerate(candidates):
        if c.launch is None and c.t - last >= 2.0 * found.rules.apart_days * DAY:
            stack = found.stack(c.t)
            fall = float(table.at(np.array([c.t]), axis, stack.cda / stack.mass)[0]) * (c.t - last)
            sizes[i] = min(max(fall / _lift(axis), c.low), c.high)
            burners[i], last = c.burners[0][0], c.t
    return sizes, tuple(burners)


def _as_before(candidates, before: Plan) -> tuple[np.ndarray, tuple[Burner | None, ...]]:
    """Sizes and craft of the plan before, on the days that are still open."""
    known = {(r.why == "raise", round(r.t / DAY)): r for r in before.raises}
    found = [known.get((c.launch is None, round(c.t / DAY))) for c in candidates]
    return np.array([r.dv if r else 0.0 for r in found]), tuple(r.burner if r else None for r in found)


def axes_of(state: KnownState) -> float:
    return float(semi_major_axis(state.r, state.v)[0])


def _lift(axis: float) -> float:
    """Of the semi-major axis by 1 m/s forward, m."""
    return 2.0 * axis / math.sqrt(MU_EARTH / axis)


def _problem(
    found: Setting, at: Standing, table: Falls, candidates, sizes, seen: _Seen, end_km: float, kept
) -> Problem:
    rules = found.rules
    axis = found.axis(float(np.mean(seen.altitude)))
    times = np.arange(at.t, found.end + DAY, 0.25 * DAY)
    stacks = [found.stack(t) for t in times]
    flown_axis = found.axis(np.interp(times, seen.times, seen.altitude))
    factor = np.array([at.factor(t) for t in times])
    fall = factor * table.at(times, flown_axis, np.array([s.cda / s.mass for s in stacks]))
    growth = np.concatenate(([0.0], np.cumsum((fall / table.height(times))[:-1]) * 0.25 * DAY))
    lasting = np.concatenate(([0.0], np.cumsum(np.exp(growth)[:-1]) * 0.25 * DAY))
    when = np.array([c.t for c in candidates])

    def logs(t) -> np.ndarray:
        return np.interp(t, times, growth)

    lift = 1e-3 * _lift(axis) * np.exp(logs(seen.times)[:, None] - logs(when)[None, :])
    lift *= seen.times[:, None] > when[None, :]
    slope = math.degrees(drift_per_speed(axis)) * (1.0 - plane_share(axis))
    ends = np.array([m.liftoff + m.launch.after for m in seen.met])
    drift = slope * (np.interp(ends, times, lasting)[:, None] - np.interp(when, times, lasting)[None, :])
    drift = np.where(ends[:, None] > when[None, :], drift * np.exp(-logs(when))[None, :], 0.0)
    return Problem(
        candidates=candidates,
        now=sizes,
        altitude=seen.altitude,
        lift=lift,
        band=_band(found, seen),
        end=end_km,
        miss=np.array([math.degrees(m.miss) for m in seen.met]),
        drift=drift,
        budget=at.budget,
        apart=rules.apart_days * DAY,
        miss_limit=MISS_SHARE * rules.phase_off_deg,
        kept=kept,
    )


def plane_share(axis: float) -> float:
    """The part of the drift that a higher station's slower node takes back: the lift-off comes later."""
    rate = abs(node_rate(axis, math.radians(41.47)))
    return 3.5 * rate / SIDEREAL / 1.5


def _reason(found: Setting, at: Standing, launches: tuple[Launch, ...], made: Solution, end_km: float) -> str:
    """What cannot be kept, in words."""
    words = []
    for name, much in made.broken:
        kind, _, which = name.partition(" ")
        if kind == "low":
            words.append(f"the station falls {much:.2f} km below the lowest altitude, {found.rules.band_km[0]:g} km")
        elif kind == "high":
            words.append(f"it rises {much:.2f} km over the highest altitude, {found.rules.band_km[1]:g} km")
        elif kind == "end":
            words.append(f"it ends {much:.2f} km below {end_km:.1f} km")
        elif kind == "phase":
            words.append(f"the phase for {launches[int(which)].ship} is missed by {much:.1f} deg")
        elif kind == "propellant":
            words.append(f"{which} is {much:.0f} kg of propellant short")
        else:
            words.append(f"the search found nothing in {much:g} s")
    left = sum(at.budget.values())
    stack = found.stack(found.end)
    if left - made.kg < propellant(found.rules.raise_m_s[0], stack.mass, found.burners[0].engine):
        short = sum(much for name, much in made.broken if name in ("low", "end"))
        needed = propellant(1e3 * short / _lift(axes_of(at.state)), stack.mass, found.burners[0].engine)
        words.append(f"the propellant at hand, {left:.0f} kg, is used up; some {needed:.0f} kg more would do")
    return f"no plan of raises keeps all limits: with the least that has to be broken {'; '.join(words)}"
