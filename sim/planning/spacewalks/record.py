"""The spacewalks of the record, judged: inside what the rules call possible, or which rule they broke."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import BEIJING, Epoch
from sim.environment import space_weather
from sim.environment.world import World, build_world
from sim.orbit.radiation import anomaly
from sim.planning.kept_station import all_sets, axis_of, known_with
from sim.planning.raise_plan import RaisePlan
from sim.planning.rotation.timeline import DAY, Spacewalk, Timeline
from sim.planning.spacewalks.judging import (
    HOUR,
    Standing,
    Surroundings,
    Walk,
    calendar,
    orbital,
    storm,
    work_of,
)
from sim.planning.spacewalks.known_orbit import by_set, nearest_set
from sim.planning.spacewalks.sky import Measured, Sky, sampled
from sim.planning.visibility import turned
from sim.scenario.spacewalk_rules import SpacewalkRules

PHASES = 24  # places on the orbit that are looked at where it is not known: 4 min apart
STEP = 60.0  # s between samples
QUIET_AIR = space_weather.Weather(150.0, 150.0, 10.0)  # nothing is flown in it


@dataclass(frozen=True)
class Judged:
    """One spacewalk of the record. `number`: in the programme, from 1; `length_known`: its hours were released;
    `work` about debris, as far as it is recorded.

    `elements`: the set that its orbit is taken from, `gap` s after the epoch of that; `phase_known`: whether the place
    on the orbit follows from it. `measured`: for each place that is possible; `beta` deg, with at most `beta_sigma`.
    `starts`: where its hours were not released, the starts of that day that every hard rule of the orbit allows,
    whatever the place, as spans.
    """

    number: int
    ship: str
    hatch: str
    work: str
    walk: Walk
    length_known: bool
    elements: str
    gap: float
    phase_known: bool
    measured: tuple[Measured, ...]
    beta: float
    beta_sigma: float
    standings: tuple[Standing, ...]
    starts: tuple[tuple[Epoch, Epoch], ...]

    @property
    def broken(self) -> tuple[Standing, ...]:
        """The hard rules that it broke, whatever the place on the orbit was."""
        return tuple(s for s in self.standings if s.hard and s.share == 0.0)

    @property
    def depends(self) -> tuple[Standing, ...]:
        """The hard rules that it kept for some places on the orbit and broke for others."""
        return tuple(s for s in self.standings if s.hard and s.share is not None and 0.0 < s.share < 1.0)


def judged_record(
    found: Timeline, rules: SpacewalkRules, start: Epoch, end: Epoch, raises: RaisePlan | None = None
) -> tuple[Judged, ...]:
    """Every spacewalk of a programme that begins between `start` and `end`. `raises`: a plan, for those within it."""
    work, sets = work_of(found), all_sets()
    return tuple(
        _judged(number, eva, found, work, sets, rules, raises)
        for number, eva in enumerate(found.evas, 1)
        if start <= eva.start < end
    )


def _judged(number: int, eva: Spacewalk, found: Timeline, work, sets: Sequence[ElementSet], rules, raises) -> Judged:
    length = rules.spacewalk.length_h * HOUR
    walk = Walk(eva.start, eva.end or eva.start.plus(length), eva.crew)
    ship = next((p.ship_up for p in found.people if p.name in eva.crew and p.aboard(eva.start)), "")
    elements = nearest_set(sets, eva.start)
    gap = eva.start.since(elements.epoch)
    known = abs(gap) <= rules.planning.phase_known_days * DAY
    unreleased = eva.by_day or eva.end is None
    limit, seconds = rules.anomaly.protons_most, walk.end.since(walk.start)
    views = _skies(elements, walk.start, known, rules, seconds)
    measured = tuple(view.measured(0.0, seconds, limit) for view in views)
    about = _surroundings(eva, ship, found, work, raises)
    standings = list(calendar(walk, about, rules, by_day=unreleased))
    orbit = list(orbital(walk.start, measured, rules))
    # Where the hour was not released only the angle of the Sun is known of the orbit's rules.
    standings += [s for s in orbit if s.rule == "beta" or not unreleased]
    standings.append(storm(walk.start, _ap(walk.start), rules))
    return Judged(
        number=number,
        ship=ship,
        hatch=eva.hatch,
        work=eva.work,
        walk=walk,
        length_known=not unreleased,
        elements=elements.name,
        gap=gap,
        phase_known=known,
        measured=measured,
        beta=float(np.mean([m.beta for m in measured])),
        beta_sigma=_node_sigma(elements, gap),
        standings=tuple(standings),
        starts=_starts_of_day(elements, walk.start, known, rules) if unreleased else (),
    )


def _surroundings(eva: Spacewalk, ship: str, found: Timeline, work, raises: RaisePlan | None) -> Surroundings:
    crew = [p for p in found.people if p.ship_up == ship]
    names = {p.name for p in crew}
    others = tuple(e.start for e in found.evas if e is not eva and names & set(e.crew) and crew[0].aboard(e.start))
    came = crew[0].came or eva.start
    known = raises is not None and raises.start <= eva.start < raises.end
    burns = tuple(one.at for one in raises.raises) if raises is not None and known else ()
    return Surroundings(work, burns, came, crew[0].left, others, len(found.aboard(eva.start)))


def _skies(elements: ElementSet, zero: Epoch, known: bool, rules, last: float) -> list[Sky]:
    """The sky from `zero` to a revolution after `last` s: by the set, or for each place on the orbit."""
    t = np.arange(-STEP, last + DAY / elements.mean_motion_rev_day, STEP)
    world: World = build_world(zero, float(t[0]), float(t[-1]), 2, True, False, QUIET_AIR, 60.0)
    r, v = by_set(elements, zero, t)
    zone = anomaly(zero)
    if known:
        return [sampled(t, r, v, world, zone, rules)]
    angles = 2.0 * math.pi * np.arange(PHASES) / PHASES
    return [sampled(t, *turned(r, v, math.cos(a), math.sin(a)), world, zone, rules) for a in angles.tolist()]


def _starts_of_day(elements: ElementSet, at: Epoch, known: bool, rules: SpacewalkRules) -> tuple:
    """Spans of starts on the day of `at`, Beijing time, that anomaly and relay allow for every place on the orbit."""
    local = at.local(BEIJING)
    midnight = at.plus(-(local.hour * 3600.0 + local.minute * 60.0 + local.second))
    length, step = rules.spacewalk.length_h * HOUR, 60.0 * rules.planning.step_min
    first, last = rules.start.from_h * HOUR, rules.start.until_h * HOUR
    views = _skies(elements, midnight, known, rules, last + length)
    offsets = np.arange(first, last + 1.0, step)
    allowed = np.array(
        [
            all(
                m.protons <= rules.anomaly.protons_most and m.coverage >= rules.relay.coverage_least
                for m in (view.measured(t, t + length, rules.anomaly.protons_most) for view in views)
            )
            for t in offsets.tolist()
        ]
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[False], allowed, [False]]).astype(np.int8))).reshape(-1, 2)
    return tuple((midnight.plus(float(offsets[a])), midnight.plus(float(offsets[b - 1]))) for a, b in edges.tolist())


def _ap(at: Epoch) -> float | None:
    if space_weather.kind_at(at) != "observed":
        return None
    return space_weather.weather_at(at).ap


def _node_sigma(elements: ElementSet, gap: float) -> float:
    """One sigma of the node after the gap, deg; the angle of the Sun above the plane moves by no more than that."""
    kept = known_with(elements.name).kept
    return math.degrees(kept.node_sigma(axis_of(elements), math.radians(elements.inclination_deg), gap))
