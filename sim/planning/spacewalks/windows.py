"""When one crew may open the hatch: every start of a span, rule by rule, on the forecast orbit.

The place on the orbit is not known weeks ahead. So every rule is looked at with room for the choice of the start on the
day: it holds from that much before the start to as much after the end. And the anomaly has to be free for every place
on the orbit: with the forecast's own place alone, two of three flights in other air met it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.epoch import BEIJING, Epoch
from sim.core.vehicle import Engine
from sim.files.errors import BadInput
from sim.orbit.radiation import anomaly
from sim.planning.kept_station import known_before
from sim.planning.raise_plan import RaisePlan
from sim.planning.rotation.timeline import DAY, Person, Timeline
from sim.planning.spacewalks.judging import HOUR, beta_limit, work_of
from sim.planning.spacewalks.known_orbit import (
    KeptOrbit,
    Station,
    kept_orbit,
    planned_orbit,
    planned_rows,
    world_for,
)
from sim.planning.spacewalks.sky import Sky, protons_anywhere, sampled
from sim.scenario.load import load_named
from sim.scenario.spacewalk_rules import SpacewalkRules

STEP = 60.0  # s between samples
RING_STEP = 180.0  # s between samples of the whole orbit, under which the Earth turns by 0.8 deg
LESS = 0.8  # of the protons that are allowed: the height of the station may be 10 km off, and its orbit is no circle
OWN = "beta", "inside"  # always hard here
REVOLUTION = 6000.0  # s, and some more: sunlight is followed that far after the last end


@dataclass(frozen=True)
class Crew:
    """The crew that went up in `ship`; `came`, `left`: of most of it; `outside`: who may go out."""

    ship: str
    people: tuple[Person, ...]
    outside: tuple[Person, ...]
    came: Epoch
    left: Epoch


@dataclass(frozen=True)
class Season:
    """Every start of a span. `starts` (k,) s from the zero of `orbit`; `allowed`: rule -> (k,) bool for the hard rules,
    with room for the choice of the day; `whole_day` (k,) all of it, and that room, in the
    day of the crew; `sunlit` (k,) share of the time; `beta` (k,) deg. `others`: s, earlier spacewalks of the crew."""

    found: Timeline
    rules: SpacewalkRules
    crew: Crew
    station: Station
    orbit: KeptOrbit
    sky: Sky
    starts: np.ndarray
    allowed: dict[str, np.ndarray]
    whole_day: np.ndarray
    sunlit: np.ndarray
    beta: np.ndarray
    others: tuple[float, ...]

    @property
    def open(self) -> np.ndarray:
        """Which starts every hard rule allows."""
        return np.logical_and.reduce(list(self.allowed.values()))

    @property
    def zero(self) -> Epoch:
        return self.orbit.zero

    def spans(self) -> list[tuple[float, float]]:
        """First and last start of each window, s."""
        every = 60.0 * self.rules.planning.step_min
        rows = np.flatnonzero(self.open)
        cuts = np.flatnonzero(np.diff(self.starts[rows]) > 1.5 * every) + 1
        return [(float(self.starts[p[0]]), float(self.starts[p[-1]])) for p in np.split(rows, cuts) if p.size]


def crew_of(found: Timeline, rules: SpacewalkRules, ship: str) -> Crew:
    """The crew of a ship of the programme, as long as most of it stays."""
    people = tuple(p for p in found.people if p.ship_up == ship)
    ends = sorted((p.left or found.end for p in people), reverse=True)
    outside = tuple(p for p in people if p.role in rules.spacewalk.roles)
    came = next(p.came for p in people) or found.start
    return Crew(ship, people, outside, came, ends[min(1, len(ends) - 1)])


def station_of(found: Timeline, at: Epoch) -> Station:
    """The station with the ships that are docked then: mass and drag area from their files."""
    model = load_named(found.programme.file.station.vehicle, "station")
    mass, area = model.mass.modules_kg, model.drag.area_m2 * model.drag.coefficient
    for vessel, _ in found.docked(at):
        mass += vessel.limits.docked_mass_kg or 0.0
        ship = load_named(vessel.limits.vehicle, "ship") if vessel.limits.vehicle else None
        if ship is not None:
            area += ship.drag.area_m2 * ship.drag.coefficient
    return Station(mass, area, Engine(model.engines.thrust_n, model.engines.isp_s))


def season(
    found: Timeline, rules: SpacewalkRules, crew: Crew, start: Epoch, end: Epoch, raises: RaisePlan | None = None
) -> Season:
    """The starts from `start` to `end`, by what is known at `start`: the last element set before it, and the raises of
    a plan where there is one."""
    elements = known_before(start).last
    middle = start.plus(0.5 * end.since(start))
    station = station_of(found, middle)
    low, high = rules.planning.kept_km
    world = world_for(elements, end)
    if raises is None:
        orbit = kept_orbit(elements, station, world, (low, high))
    else:
        orbit = planned_orbit(elements, station, world, planned_rows(raises.raises, elements, end))
    length, margin = rules.spacewalk.length_h * HOUR, 60.0 * rules.planning.retime_min
    starts = _grid(start, end.plus(-length), orbit.zero, 60.0 * rules.planning.step_min)
    t = np.arange(max(starts[0] - margin - STEP, 0.0), starts[-1] + length + margin + REVOLUTION, STEP)
    sky = sampled(t, *orbit.path.at(t)[:2], orbit.world, anomaly(middle), rules)
    hours = _beijing_hours(orbit.zero, starts)
    clock, day = rules.start, rules.crew_day
    whole = (hours - margin / HOUR >= day.from_h) & (hours + (length + margin) / HOUR <= day.until_h)
    allowed = {
        "start": (hours - margin / HOUR >= clock.from_h) & (hours + margin / HOUR <= clock.until_h),
        "crew_day": whole,
        **_orbital(sky, _ring(sky, orbit, middle), rules, orbit.zero, starts),
        **_calendar(found, rules, crew, orbit, starts),
    }
    names = {p.name for p in crew.people}
    others = (e.start for e in found.evas if crew.came <= e.start < start and names & set(e.crew))
    return Season(
        found=found,
        rules=rules,
        crew=crew,
        station=station,
        orbit=orbit,
        sky=sky,
        starts=starts,
        allowed={name: good for name, good in allowed.items() if name in OWN or getattr(rules, name).hard},
        whole_day=whole,
        sunlit=_share(sky.lit, sky, starts, starts + length),
        beta=sky.beta[sky.index(starts)],
        others=tuple(at.since(orbit.zero) for at in others),
    )


def _ring(sky: Sky, orbit: KeptOrbit, at: Epoch) -> Sky:
    """The same sky in larger steps, with the most protons anywhere on the orbit."""
    every = round(RING_STEP / sky.step)
    t = sky.t[::every]
    protons = protons_anywhere(t, *orbit.path.at(t)[:2], orbit.world, anomaly(at))
    return Sky(t, every * sky.step, protons, sky.relayed[::every], sky.lit[::every], sky.beta[::every])


def _grid(start: Epoch, last: Epoch, zero: Epoch, every: float) -> np.ndarray:
    """Whole steps of the clock from `start` to `last`, s from zero; BadInput where there is none."""
    past = start.datetime().timestamp() % every
    begin = start.since(zero) + (every - past) % every
    starts = np.arange(begin, last.since(zero), every)
    if not starts.size:
        raise BadInput(f"end: found a span from {start} without room for one spacewalk; write a later day")
    return starts


def _beijing_hours(zero: Epoch, starts: np.ndarray) -> np.ndarray:
    local = zero.plus(float(starts[0])).local(BEIJING)
    first = local.hour + local.minute / 60.0 + (local.second + 1e-6 * local.microsecond) / 3600.0
    return (first + (starts - starts[0]) / HOUR) % 24.0


def _orbital(sky: Sky, ring: Sky, rules: SpacewalkRules, zero: Epoch, starts: np.ndarray) -> dict[str, np.ndarray]:
    length, margin = rules.spacewalk.length_h * HOUR, 60.0 * rules.planning.retime_min
    inside = ring.protons > LESS * rules.anomaly.protons_most
    uncovered = _share(~sky.relayed, sky, starts - margin, starts + length + margin) * (length + 2.0 * margin) / length
    beta = np.abs(sky.beta[sky.index(starts)])
    good = np.ones(len(starts), dtype=bool)
    for k, start in enumerate(starts.tolist() if rules.beta else ()):
        if (limit := beta_limit(zero.plus(start), rules)) is not None:
            good[k] = not limit[2] or limit[0] <= beta[k] <= limit[1]
    return {
        "anomaly": _share(inside, ring, starts - margin, starts + length + margin + ring.step) == 0.0,
        "relay": uncovered <= 1.0 - rules.relay.coverage_least,
        "beta": good,
    }


def _calendar(found: Timeline, rules: SpacewalkRules, crew: Crew, orbit: KeptOrbit, starts: np.ndarray) -> dict:
    zero, margin = orbit.zero, 60.0 * rules.planning.retime_min
    ends = starts + rules.spacewalk.length_h * HOUR + margin
    starts = starts - margin
    clear = np.ones(len(starts), dtype=bool)
    for work in work_of(found):
        at = work.at.since(zero)
        clear &= (starts >= at + rules.work.after_days * DAY) | (ends + rules.work.before_days * DAY <= at)
    quiet = np.ones(len(starts), dtype=bool)
    for at in orbit.burns:
        quiet &= (starts - rules.burns.apart_h * HOUR >= at) | (ends + rules.burns.apart_h * HOUR <= at)
    came, left = crew.came.since(zero), crew.left.since(zero)
    aboard = np.zeros(len(starts), dtype=int)
    for p in found.people:
        if p.came is not None:
            stays = starts >= p.came.since(zero)
            aboard += stays if p.left is None else stays & (ends <= p.left.since(zero))
    return {
        "work": clear,
        "burns": quiet,
        "first": starts >= came + rules.first.after_days * DAY,
        "last": ends + rules.last.before_days * DAY <= left,
        "inside": aboard - rules.spacewalk.outside >= rules.spacewalk.inside_least,
    }


def _share(on: np.ndarray, sky: Sky, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Share of the samples from `first` to `last` (k,) s that are on."""
    counted = np.concatenate([[0], np.cumsum(on)])
    a, b = sky.index(first), sky.index(last) + 1
    return (counted[b] - counted[a]) / (b - a)
