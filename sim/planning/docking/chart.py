"""What the pictures show, as plain arrays: a day with every margin, and the season by date and time of day."""

from __future__ import annotations

import math

import numpy as np

from sim.planning.docking.launch import day
from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.season import Season
from sim.planning.docking.slots import Slot
from sim.planning.docking.table import days, opened
from sim.planning.station_outlook import DAY
from sim.proximity_safety.conditions.constraint import on_grid
from sim.proximity_safety.conditions.intervals import Intervals, within
from sim.proximity_safety.conditions.timeline import BETA, PENUMBRA

STEP = 20.0  # s of the curves of a day
ROUND = 4800.0  # s on both sides of what is drawn large
NEAR = 9000.0  # s from the planned contact, within which a time asked for is drawn together with it
ABOUT = np.arange(-75.0, 46.0, 1.0)  # min about the planned contact
CLOCK = 240.0  # s of a cell of the light by the clock
BEIJING_S = 8.0 * 3600.0


def focus(plan: DockingPlan, at: float | None) -> float:
    """What the day's picture is about: the time asked for, or the first open window, or the first planned contact."""
    if at is not None:
        return at
    if plan.open:
        return 0.5 * (plan.open[0].start + plan.open[0].end)
    return next((s.contact for s in days(plan)), 0.5 * (plan.start + plan.end))


def day_chart(found: Season, at: float | None) -> dict:
    """Margins of a day about `focus`, and of some time about it at large; times s from `zero`."""
    plan, middle = found.plan, focus(found.plan, at)
    slot = day(plan.slots, middle)
    near = (middle, slot.contact) if abs(middle - slot.contact) < NEAR else (middle, middle)
    around = max(0.25 * ROUND, ROUND - 0.5 * abs(near[1] - near[0]))
    views = [_view(plan, slot.start, slot.end), _view(plan, min(near) - around, max(near) + around)]
    return {**_head(found), "views": views, "at": at, "contact": slot.contact}


def _view(plan: DockingPlan, start: float, end: float) -> dict:
    start, end = max(plan.start, start), min(plan.end, end)
    times = start + STEP * np.arange(int((end - start) / STEP) + 1)

    def bars(intervals: Intervals) -> np.ndarray:
        return np.array([(x.start, x.end) for x in within(intervals, start, end)]).reshape(-1, 2)

    rows = [
        {
            "name": c.name,
            "hard": c.hard,
            "unit": c.unit,
            "what": c.what,
            "margin": on_grid(c.margin, times, STEP),
            "bars": bars(c.intervals),
        }
        for c in plan.constraints
    ]
    return {"start": start, "end": end, "times": times, "rows": rows, "open": bars(plan.open)}


def season_chart(found: Season, at: float | None) -> dict:
    """By day of Beijing: light by the clock, planned contacts and lift-offs, open cells, beta, phase, and the last
    minutes."""
    plan, these = found.plan, days(found.plan)
    limits = plan.profile.limits
    contacts = np.array([s.contact for s in these])
    midnights = _midnights(found)
    clock = CLOCK * (np.arange(int(DAY / CLOCK)) + 0.5)
    grid = midnights[:-1, None] + clock
    inside = (grid >= plan.start) & (grid <= plan.end)
    lit = np.full(grid.shape, np.nan)
    lit[inside] = plan.sight.rows(grid[inside])[:, PENUMBRA] > 0.0
    beta_t = midnights[:-1] + 0.5 * DAY
    beta_t = beta_t[(beta_t >= plan.start) & (beta_t <= plan.end)]
    reach = math.degrees(limits.trim_limit * 3.0 * limits.trim_before / found.setting.a) if limits.trims else 0.0
    return {
        **_head(found),
        "midnights": midnights,
        "at": at,
        "lit": lit,
        "contact": contacts,
        "liftoff": np.array([s.liftoff for s in these]),
        "open": np.array([(x.start, x.end) for x in plan.open]).reshape(-1, 2),
        "is_open": np.array([bool(opened(plan, s)) for s in these], dtype=bool),
        "phase": np.degrees([s.phase for s in these]),
        "window": tuple(np.degrees(limits.window)),
        "reach": reach,
        "centre": math.degrees(limits.centre),
        "beta_t": beta_t,
        "beta": _beta(plan, beta_t),
        "beta_limit": math.degrees(limits.beta),
        "minutes": ABOUT,
        **_about(plan, these),
    }


def _head(found: Season) -> dict:
    scenario = found.setting.scenario
    return {
        "name": scenario.name,
        "port": scenario.rendezvous.port,
        "profile": found.plan.profile.key,
        "elements": found.setting.elements,
        "trimmed": found.setting.asked.trims,
        "zero": found.plan.zero,
    }


def _midnights(found: Season) -> np.ndarray:
    """Midnights in Beijing, s from zero, of every day of the span and the one after."""
    zero, plan = found.plan.zero, found.plan
    first = type(zero).from_utc(zero.plus(plan.start + BEIJING_S).utc(0)[:10]).since(zero) - BEIJING_S
    return first + DAY * np.arange(int(np.ceil((plan.end - first) / DAY)) + 1)


def _beta(plan: DockingPlan, times: np.ndarray) -> np.ndarray:
    return np.degrees(np.arcsin(plan.sight.rows(times)[:, BETA])) if times.size else times


def _about(plan: DockingPlan, these: list[Slot]) -> dict:
    """Day by day: light, and the camera and the links, for a contact so many minutes from the planned one."""
    times = np.array([s.contact for s in these])[:, None] + 60.0 * ABOUT
    shape, times = times.shape, np.clip(times.ravel(), plan.start, plan.end)
    light = plan.sight.rows(times)[:, PENUMBRA] > 0.0

    def broken(name: str) -> np.ndarray:
        c = plan.named(name)
        holds = np.zeros(times.size, dtype=bool)
        for x in c.intervals:
            holds |= (times >= x.start) & (times <= x.end)
        return ~holds.reshape(shape)

    ends = [[(x.start - s.contact, x.end - s.contact) for x in opened(plan, s)] for s in these]
    return {
        "light": light.reshape(shape),
        "dazzled": broken("camera_sun"),
        "unlinked": broken("links"),
        "open_about": ends,
    }
