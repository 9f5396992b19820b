"""What the constraint model of a week is made of: the question, the variables, and the groups of constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.core.week import MINUTE, Activity, Common, Person, WeekRules
from sim.planning.crew.days import Days

GRID = 300.0  # s
HOUR_STEPS = 3600.0 / GRID


@dataclass(frozen=True)
class Problem:
    """What is asked: rules, days, and the steps at which each condition lets an activity begin. `origin` s: step 0, the
    hatch; `last`: the step of the undocking. `starts`: activity -> (group, allowed steps)."""

    rules: WeekRules
    days: Days
    origin: float
    last: int
    starts: Mapping[str, tuple[tuple[str, np.ndarray], ...]]

    def step(self, t: float) -> int:
        return round((t - self.origin) / GRID)


@dataclass(frozen=True)
class Variables:
    """Of one time of an activity. `who`: person -> literal, or one for all; `within`: waking time -> literal."""

    activity: Activity
    number: int
    present: Any
    start: Any
    within: Mapping[int, Any]
    does: Mapping[tuple[str, int], Any]
    who: Mapping[str, Any]


@dataclass(frozen=True)
class Meeting:
    """A meal or a conference of all, on one day: its length in steps, and its start."""

    common: Common
    day: int
    steps: int
    start: Any
    window: tuple[int, int]


@dataclass(frozen=True)
class Exercise:
    person: Person
    day: int
    steps: int
    start: Any


@dataclass
class Model:
    """The model and what is read from its solution. `assumed`: group -> literal, of those that can be assumed;
    `groups`: the names of all, in order."""

    model: Any
    times: list[Variables] = field(default_factory=list)
    commons: list[Meeting] = field(default_factory=list)
    exercise: list[Exercise] = field(default_factory=list)
    assumed: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)
    value: Any = 0
    possible: int = 0


def steps_of(minutes: float) -> int:
    """Whole steps that hold so many minutes."""
    return int(np.ceil(minutes * MINUTE / GRID - 1e-9))


@dataclass(frozen=True)
class Groups:
    made: Model
    without: frozenset[str]
    assuming: bool

    def has(self, name: str) -> bool:
        """Whether the group is in the model; it is noted by its name."""
        self.made.groups[name] = None
        return name not in self.without

    def literals(self, name: str) -> list[Any]:
        """What enforces the constraints of a group: nothing, or its literal."""
        if not self.assuming:
            return []
        if name not in self.made.assumed:
            self.made.assumed[name] = self.made.model.new_bool_var(name)
        return [self.made.assumed[name]]


def awake_steps(asked: Problem, k: int) -> tuple[int, int]:
    """First and last step of an waking time, without what it takes to get up and to go to bed."""
    rules, these = asked.rules, asked.days.waking
    start = asked.step(these[k].start) + (steps_of(rules.after_sleep / MINUTE) if k else 0)
    end = asked.step(these[k].end) - (steps_of(rules.before_sleep / MINUTE) if k < len(these) - 1 else 0)
    return start, min(end, asked.last)
