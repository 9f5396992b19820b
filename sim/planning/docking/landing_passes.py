"""An early return: the passes beside the landing site in the hours after docking, and whether they come by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.ground_site import Site
from sim.orbit.plane_crossing import sun_elevation
from sim.orbit.site_passes import Landing, landings_each
from sim.planning.docking.launch import day
from sim.planning.docking.slots import Slot
from sim.planning.visibility import ShiftedEach
from sim.proximity_safety.conditions.constraint import Constraint, Relaxation
from sim.proximity_safety.conditions.intervals import Interval, some, within
from sim.proximity_safety.conditions.timeline import Sight
from sim.scenario.docking_rules import DockingRules

HOUR = 3600.0
BEYOND = 6.0 * HOUR  # s that passes are searched after the last that would do, to know by how much it is late
FARTHEST = 2.5e6  # m beside the track, from where nothing is a pass
TO_LANDING = 800.0  # s from abeam of the site to touchdown: the time under the parachutes (docs/physics.md 10.1)


@dataclass(frozen=True)
class Passes:
    """Of one day's station, in order: `t` (n,) s abeam of the site, `side` (n,) m, Sun's `elevation` (n,) deg at
    landing. `until` s: the end of the search."""

    t: np.ndarray
    side: np.ndarray
    elevation: np.ndarray
    until: float

    def only(self, these: np.ndarray) -> Passes:
        return Passes(self.t[these], self.side[these], self.elevation[these], self.until)


def return_constraints(found: Sequence[Slot], sight: Sight, site: Site, rules: DockingRules, start: float, end: float):
    """The two constraints of an early return for contact between `start` and `end` s; margins in h of the wait."""
    rule, sun = rules.return_pass, rules.return_light
    first, last = rule.first_h * HOUR, rule.last_h * HOUR
    near = _passes(found, sight, site, first, last)
    beside = [p.only(np.abs(p.side) <= 1e3 * rule.side_most_km) for p in near]
    by_day = [p.only(p.elevation >= sun.sun_least_deg) for p in beside]

    def made(name: str, hard: bool, what: str, good: list[Passes], relaxations) -> Constraint:
        spans = (
            (Interval(max(t - last, s.start), min(t - first, s.end), (name,), (name,)),)
            for s, p in zip(found, good, strict=True)
            for t in p.t
            if t - last < s.end and t - first > s.start
        )
        return Constraint(
            name, hard, "h", what, within(some(spans), start, end), _margin(found, good, first, last), relaxations
        )

    def waiting(passes: Passes, t: float) -> Passes:
        return passes.only((passes.t >= t + first) & (passes.t <= t + last))

    def wider(t: float) -> Sequence[Relaxation]:
        waited = waiting(near[found.index(day(found, t))], t)
        if waited.t.size == 0:
            return []
        return [
            Relaxation("return_pass.side_most_km", "rules", rule.side_most_km, np.abs(waited.side).min() / 1e3, "km")
        ]

    def darker(t: float) -> Sequence[Relaxation]:
        waited = waiting(beside[found.index(day(found, t))], t)
        if waited.t.size == 0:
            return wider(t)
        return [Relaxation("return_light.sun_least_deg", "rules", sun.sun_least_deg, waited.elevation.max(), "deg")]

    within_h = f"{rule.first_h:g} to {rule.last_h:g} h after contact"
    yield made(
        "return_pass",
        rule.hard,
        f"a pass within {rule.side_most_km:g} km of {site.name}, {within_h}",
        beside,
        wider,
    )
    yield made(
        "return_light",
        sun.hard,
        f"such a pass with the Sun at least {sun.sun_least_deg:g} deg over {site.name} at landing",
        by_day,
        darker,
    )


def _margin(found: Sequence[Slot], good: list[Passes], first: float, last: float):
    seams = np.array([s.start for s in found[1:]])

    def margin(times: np.ndarray) -> np.ndarray:
        times = np.asarray(times, dtype=float)
        which = np.searchsorted(seams, times, side="right")
        out = np.empty(times.shape)
        for i in np.unique(which):
            here = which == i
            coming = np.append(good[i].t, good[i].until)
            next_ = coming[np.minimum(np.searchsorted(good[i].t, times[here] + first), coming.size - 1)]
            out[here] = (last - (next_ - times[here])) / HOUR
        return out

    return margin


def _passes(found: Sequence[Slot], sight: Sight, site: Site, first: float, last: float) -> list[Passes]:
    """For each day those of the station as it is trimmed for that day, all looked for over the same length."""
    longest = max(s.end - s.start for s in found) + last - first + BEYOND
    spans = [(s.start + first, min(s.start + first + longest, sight.path.end)) for s in found]
    paths = ShiftedEach(sight.path, np.array([s.shift for s in found]))
    passes = landings_each(paths, spans, site, sight.world, FARTHEST)
    return [_of_day(these, sight, site, until) for these, (_, until) in zip(passes, spans, strict=True)]


def _of_day(passes: list[Landing], sight: Sight, site: Site, until: float) -> Passes:
    t = np.array([x.overflight for x in passes])
    elevation = np.degrees([sun_elevation(x + TO_LANDING, site, sight.world) for x in t])
    return Passes(t, np.array([x.cross_track for x in passes]), elevation, until)
