"""A planned week against the flight that was flown: every condition, order, person and resource judged again.

Nothing here comes from what made the plan. Geometry is searched on the flown trajectory by `sim.events`, to the
microsecond; sums are made over the instants at which something begins or ends.

Times on the cards are UTC and stay, whatever the flight does; only the day of the return, after the last sleep, is
counted back from the undocking and moves with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from sim.core.flight import Flight
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.core.week import MINUTE, Broken, WeekPlan, WeekRecord
from sim.environment.world import World
from sim.events import passes, thresholds
from sim.orbit.tracking import links
from sim.planning.crew import recheck_crew as crew
from sim.planning.crew.judging import (
    ANOMALY,
    HOURS,
    LIGHT,
    ORDER,
    PASS,
    PEOPLE,
    QUIET,
    RELAY,
    STAY,
    STORES,
    Flown,
    each,
    short,
)

SHAKING = ("contact", "docked", "undocking", "station_trim")  # events of a flight that end the quiet


def with_week(flight: Flight, plan: WeekPlan | None, world: World) -> Flight:
    """The flight with its week judged; the same where there is no plan, or no stay to judge it by."""
    return flight if plan is None else replace(flight, week=recheck(plan, flight, world))


def recheck(plan: WeekPlan, flight: Flight, world: World) -> WeekRecord | None:
    """The plan against a whole flight; None where that did not come to the undocking."""
    stay = next((leg for leg in flight.legs if leg.phase == "docked"), None)
    hatch, undocking = flight.first("hatch_open"), flight.first("undocking")
    if stay is None or hatch is None or undocking is None:
        return None
    path = next(iter(stay.trajectories.values()))
    shaken = tuple((event.name, event.t) for event in flight.events if event.name in SHAKING)
    return judged(plan, Flown(path, world, hatch.t, undocking.t, shaken))


def judged(plan: WeekPlan, flown: Flown) -> WeekRecord:
    """How many times each rule was asked, and what it found broken."""
    asked, plan = plan, as_flown(plan, flown.undocking)
    findings: list[tuple[str, Iterable[Broken | None]]] = [
        (QUIET, _quiet(plan, flown)),
        (LIGHT, _light(plan, flown)),
        (ANOMALY, _anomaly(plan, flown)),
        (PASS, _passes(plan, flown)),
        (RELAY, _relay(plan, flown)),
        (STAY, crew.stay(plan, flown)),
        (ORDER, crew.order(plan)),
        (PEOPLE, crew.people(plan)),
        (HOURS, crew.hours(plan)),
        (STORES, crew.stores(plan)),
    ]
    found = {rule: list(these) for rule, these in findings}
    broken = tuple(b for these in found.values() for b in these if b is not None)
    return WeekRecord(asked, flown.undocking - asked.undocking, {r: len(these) for r, these in found.items()}, broken)


def as_flown(plan: WeekPlan, undocking: float) -> WeekPlan:
    """The plan with the day of the return moved with the undocking."""
    last, shift = plan.waking[-1].start, undocking - plan.undocking
    entries = (
        replace(e, start=e.start + shift, end=e.end + shift, runs=e.runs + shift) if e.start >= last else e
        for e in plan.entries
    )
    blocks = (
        replace(b, start=b.start + shift, end=b.end + shift)
        if b.start >= last
        else replace(b, end=b.end + shift)
        if b.kind == "sleep" and b.end == last
        else b
        for b in plan.blocks
    )
    waking = (*plan.waking[:-1], replace(plan.waking[-1], start=last + shift, end=undocking))
    return replace(plan, undocking=undocking, entries=tuple(entries), blocks=tuple(blocks), waking=waking)


# ---- physics


def _quiet(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    """Nothing shakes the station so long before, during and after."""
    needed = plan.rules.physics.quiet
    own = [(e.activity, e.start, e.end) for _, e in each(plan, lambda a: a.disturbs)]
    shaken = [*((name, t, t) for name, t in flown.shaken), *own]
    for a, e in each(plan, lambda a: a.conditions.quiet):
        apart = [(max(start - e.runs, e.start - end), name) for name, start, end in shaken if name != e.activity]
        apart_by, name = min(apart, default=(math.inf, ""))
        found = f"{a.title}: {name.replace('_', ' ')} {max(apart_by, 0.0) / MINUTE:.1f} min away"
        yield short(QUIET, found, e.start, needed - apart_by, "s")


def _light(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    """The Sun stands high, or low, enough below the station all the while."""
    p = plan.rules.physics
    for a, e in each(plan, lambda a: a.conditions.light):
        day = a.conditions.light == "day"

        def light(t, r, _v, day=day):
            sine = _sun_below(flown.world, t, r)
            limit = math.sin(math.radians(p.day_sun if day else p.night_sun))
            return sine - limit if day else limit - sine

        lacking = _lacking(flown, light, e.start, e.runs)
        words = "no daylight" if day else "no night"
        yield short(LIGHT, f"{a.title}: {words} below for {lacking:.0f} s", e.start, lacking, "s")


def _anomaly(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    (latitude, longitude), (tall, wide) = plan.rules.physics.anomaly_centre, plan.rules.physics.anomaly_half_widths

    def inside(t, r, _v):
        north, east, _ = flown.world.geodetic(t, r)
        # The longitude as a chord, which has no jump on the other side of the Earth; it is that angle near the centre.
        chord = (np.degrees(np.mod(np.radians(east - longitude) + np.pi, 2.0 * np.pi) - np.pi)) / wide
        return 1.0 - ((north - latitude) / tall) ** 2 - chord**2

    for a, e in each(plan, lambda a: a.conditions.anomaly):
        if a.conditions.anomaly == "avoid":
            lacking = _lacking(flown, lambda t, r, v: -inside(t, r, v), e.start, e.runs)
            yield short(ANOMALY, f"{a.title}: {lacking:.0f} s inside the anomaly", e.start, lacking, "s")
            continue
        crossings = _crossings(flown, inside, e.start, e.end)
        whole = any(one > 0 and other < 0 for (_, one), (_, other) in zip(crossings, crossings[1:], strict=False))
        yield None if whole else Broken(ANOMALY, f"{a.title}: no whole crossing within it", e.start, 1.0, "crossing")


def _passes(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    """A whole pass, long enough, within the activity."""
    for a, e in each(plan, lambda a: a.conditions.over):
        over = a.conditions.over
        assert over is not None
        site = Site(over.place, math.radians(over.latitude), math.radians(over.longitude), over.height)
        piece = _piece(flown.path, e.start, e.end)
        found = [] if piece is None else passes(piece, flown.world, site, over.elevation)
        rise = [x.t for x in found if x.kind == "aos" and e.start <= x.t]
        fall = [x.t for x in found if x.kind == "los" and x.t <= e.end]
        longest = max((b - a for a in rise for b in fall if b > a and not any(a < c < b for c in fall)), default=0.0)
        what = f"{a.title}: the longest whole pass over {over.title} is {longest:.0f} s of {over.duration:.0f} s"
        yield short(PASS, what, e.start, over.duration - longest, "s")


def _relay(plan: WeekPlan, flown: Flown) -> Iterator[Broken | None]:
    """Some relay satellite is in view all the while: the gaps that each leaves, and what all of them leave."""
    sight = links(mask=plan.rules.physics.relay_mask)
    for a, e in each(plan, lambda a: a.conditions.relay):
        dark = [(e.start, e.runs)]
        for relay in sight.relays:
            clear = _over_the_horizon(flown.world, relay, sight.mask)
            dark = [gap for start, end in dark for gap in _negative(flown, clear, start, end)]
        lacking = sum(end - start for start, end in dark)
        yield short(RELAY, f"{a.title}: no relay for {lacking:.0f} s", e.start, lacking, "s")


def _over_the_horizon(world: World, relay: np.ndarray, mask: float) -> Callable:
    """Above zero where the line from the craft to the relay passes over a sphere: sum of two angles, rad."""
    from kernels.constants import R_EQUATOR

    def clear(t, r, _v):
        p = np.einsum("nij,nj->ni", world.ecef_each(t), r)
        d, size = relay - p, np.linalg.norm(p, axis=1)
        zenith = np.arccos(np.clip(np.einsum("ij,ij->i", p, d) / (size * np.linalg.norm(d, axis=1)), -1.0, 1.0))
        horizon = math.pi - np.arcsin(np.minimum((R_EQUATOR + mask) / size, 1.0))
        return horizon - zenith

    return clear


def _sun_below(world: World, t: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Sine of the Sun's elevation at the point of the ellipsoid below, over its own horizontal plane."""
    latitude, longitude, _ = world.geodetic(t, r)
    la, lo = np.radians(latitude), np.radians(longitude)
    up = np.stack([np.cos(la) * np.cos(lo), np.cos(la) * np.sin(lo), np.sin(la)], axis=1)
    sun = np.einsum("nij,nj->ni", world.ecef_each(t), np.array([world.sun(x) for x in t]).reshape(-1, 3))
    return np.einsum("ij,ij->i", up, sun / np.linalg.norm(sun, axis=1)[:, None])


def _piece(path: Trajectory, start: float, end: float) -> Trajectory | None:
    """The nodes that hold a span; None where the trajectory does not cover it."""
    if start < path.start or end > path.end:
        return None
    i = max(int(np.searchsorted(path.t, start, side="right")) - 1, 0)
    j = min(int(np.searchsorted(path.t, end, side="left")) + 1, len(path.t))
    return Trajectory(path.t[i:j], path.r[i:j], path.v[i:j], path.a[i:j], path.mass[i:j])


def _crossings(flown: Flown, g: Callable, start: float, end: float) -> list[tuple[float, int]]:
    """When g(t, r, v) changes its sign between `start` and `end`, and how: 1 rising, -1 falling."""
    piece = _piece(flown.path, start, end)
    if piece is None:
        return []
    found = thresholds(piece, g, "change", tolerance=1e-9)
    return [(x.t, x.direction) for x in found if start < x.t < end and x.direction]


def _negative(flown: Flown, g: Callable, start: float, end: float) -> list[tuple[float, float]]:
    """The parts of a span in which g is below zero; all of it where the station was not flown there."""
    if end <= start:
        return []
    if _piece(flown.path, start, end) is None:
        return [(start, end)]
    edges = np.array([start, *(t for t, _ in _crossings(flown, g, start, end)), end])
    middle = 0.5 * (edges[:-1] + edges[1:])
    r, v, _ = flown.path.at(middle)
    below = np.asarray(g(middle, r, v)) < 0.0
    return [(float(a), float(b)) for a, b, low in zip(edges[:-1], edges[1:], below, strict=True) if low]


def _lacking(flown: Flown, g: Callable, start: float, end: float) -> float:
    return sum(b - a for a, b in _negative(flown, g, start, end))
