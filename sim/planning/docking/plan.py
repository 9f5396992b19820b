"""Every constraint of a span, and the intervals in which all hard ones hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.planning import visibility
from sim.planning.docking.landing_passes import return_constraints
from sim.planning.docking.launch import launch, phase
from sim.planning.docking.slots import Slot
from sim.planning.station_outlook import PlannedProfile
from sim.proximity_safety.conditions.clock import crew_day
from sim.proximity_safety.conditions.constraint import Constraint
from sim.proximity_safety.conditions.intervals import Intervals, every
from sim.proximity_safety.conditions.sun import sun_constraints
from sim.proximity_safety.conditions.timeline import Sight
from sim.proximity_safety.conditions.tracking import home_pass, links
from sim.scenario.docking_rules import DockingRules


@dataclass(frozen=True)
class DockingPlan:
    """Windows for contact between `start` and `end` s after `zero`; `slots` in order, hard `constraints` first."""

    zero: Epoch
    start: float
    end: float
    profile: PlannedProfile
    sight: Sight
    slots: tuple[Slot, ...]
    constraints: tuple[Constraint, ...]

    @cached_property
    def open(self) -> Intervals:
        """Where all hard constraints hold."""
        return every((c.intervals for c in self.constraints if c.hard), self.start, self.end)

    def named(self, name: str) -> Constraint:
        return next(c for c in self.constraints if c.name == name)


def plan(
    zero: Epoch,
    start: float,
    end: float,
    profile: PlannedProfile,
    rules: DockingRules,
    sight: Sight,
    found: tuple[Slot, ...],
    landing: Site,
) -> DockingPlan:
    """All constraints over the span, in seconds from `zero`."""
    seen_by = visibility.links(1e3 * rules.links.relay_mask_km, rules.links.elevation_least_deg)
    beta = float(np.degrees(profile.limits.beta))
    made = (
        launch(found, rules, start, end),
        phase(found, rules, profile.limits, start, end),
        *sun_constraints(sight, rules, beta, profile.last, start, end),
        links(sight, seen_by, rules, start, end),
        home_pass(sight, seen_by, rules, start, end),
        crew_day(zero, rules, start, end),
        *return_constraints(found, sight, landing, rules, start, end),
    )
    complete = [replace(c, limits=_limits(c.name, rules, profile)) for c in made]
    return DockingPlan(
        zero=zero,
        start=start,
        end=end,
        profile=profile,
        sight=sight,
        slots=found,
        constraints=tuple(sorted(complete, key=lambda c: not c.hard)),
    )


def _limits(name: str, rules: DockingRules, profile: PlannedProfile) -> dict:
    """The limits of a constraint: from the rules' file, or from the mission and the profile."""
    limits = profile.limits
    others: dict[str, dict] = {
        "trim": {"limit_m_s": limits.trim_limit},
        "phase": {"phase_window_deg": [float(x) for x in np.degrees(limits.window).round(9)]},
        "beta": {"beta_limit_deg": float(np.degrees(limits.beta).round(9))},
    }
    return others.get(name) or getattr(rules, name).model_dump(exclude={"hard"})


def sight_of(path, world, axis: Sequence[float] | np.ndarray, found: tuple[Slot, ...]) -> Sight:
    """The station on its path, trimmed for each day."""
    return Sight(
        path,
        world,
        np.asarray(axis, dtype=float),
        np.array([s.start for s in found[1:]]),
        np.array([s.shift for s in found]),
    )
