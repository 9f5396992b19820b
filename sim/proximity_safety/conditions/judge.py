"""A contact that was flown, judged by the hard docking rules of its file: the margins are those of the planner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.core.flight import RuleCheck
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.tracking import Links
from sim.proximity_safety.conditions.clock import crew_day
from sim.proximity_safety.conditions.constraint import Constraint
from sim.proximity_safety.conditions.sun import sun_constraints
from sim.proximity_safety.conditions.timeline import Sight
from sim.proximity_safety.conditions.tracking import COARSE, home_pass, links
from sim.scenario.docking_rules import DockingRules

INSTANT = 1.0  # s: a planner looks through a span; this one is as short as it may be
# As a table of the file is called -> what it asks for. Lift-off, trim and phase are judged before the launch, and a
# return soon after docking is a plan that no flight flies.
NAMES = {
    "beta": "Sun near the orbit plane",
    "links": "relay or ground over the last hour",
    "camera_sun": "Sun away from the docking camera",
    "port_light": "light on the port",
    "sunlight": "no shadow about the docking",
    "home_pass": "contact over a home station",
    "crew_day": "contact in the crew's day",
}


@dataclass(frozen=True)
class DockingConditions:
    """The rules of a file, whom the ship can talk to, and the profile's limit of the Sun over the orbit plane, deg."""

    rules: DockingRules
    seen_by: Links
    beta_limit: float

    def before(self, last: float) -> float:
        """Seconds before contact from which the station's path is looked at; `last` s from 200 m to contact."""
        return max(self.rules.links.last_s, last + self.rules.sunlight.about_s, COARSE) + INSTANT

    @property
    def after(self) -> float:
        """Seconds after contact until which it is."""
        return max(self.rules.sunlight.about_s, 2.0 * COARSE) + 2.0 * INSTANT


def judge_contact(
    conditions: DockingConditions,
    path: Trajectory,
    axis: np.ndarray,
    contact: float,
    last: float,
    world: World,
    phase: str,
) -> tuple[RuleCheck, ...]:
    """One rule check for each hard rule; the value is its margin, as `tiangong docking-windows --at` has it.

    path     of the station, as flown, from `conditions.before` s before contact to `conditions.after` s after
    axis     (3,) out of the port, LVLH
    contact  s
    last     s before contact from which the docking camera looks: 200 m
    """
    sight = Sight(path, world, np.asarray(axis, dtype=float), np.empty(0), np.zeros(1))
    at = np.array([contact])
    return tuple(
        RuleCheck(rule_name(c.name), phase, float(c.margin(at)[0]), ">=", 0.0, f"{c.unit} in hand", contact)
        for c in _constraints(conditions, sight, contact, last, world)
        if c.hard
    )


def rule_name(table: str) -> str:
    """How a rule of the file is called in a flight."""
    return f"{NAMES[table]} (docking rule {table})"


def _constraints(
    conditions: DockingConditions, sight: Sight, contact: float, last: float, world: World
) -> Iterator[Constraint]:
    rules, span = conditions.rules, (contact, contact + INSTANT)
    yield from sun_constraints(sight, rules, conditions.beta_limit, last, *span)
    yield links(sight, conditions.seen_by, rules, *span)
    if rules.home_pass.hard:
        yield home_pass(sight, conditions.seen_by, rules, *span)
    yield crew_day(world.zero, rules, *span)
