"""Forecasts of the station as they were made before sim/orbit/decay.py, on the pairs of `tiangong verify decay`.

    python benches/decay_before.py

Each earlier method flies the full model (20x20, Sun, Moon, NRLMSISE-00) from a set to the epochs of the later ones:

* planner: from SGP4's state, in the still air of the day before, with the drag area by which the orbit falls as the
  set's own drag term says (`sim.planning.station_outlook`).
* one scale, measured: fitted to half a day before the set (`benches/station.py`), one drag area by least squares on the
  pairs of a day before July 2026, and the measured weather, which no forecast has.
* one scale, known: the same in the weather as known on the day of the set.
* drag of each set, measured: the drag area estimated with the state over two days before the set.

Beside them ours, SGP4, and ours with measured weather: what is left of the error where the weather is known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from machine import machine

from sim.core.scene import State
from sim.environment import space_weather
from sim.environment.density_table import weather_table
from sim.environment.space_weather import Weather, weather_at
from sim.environment.world import World, build_world, sgp4_state
from sim.orbit.decay import Decay
from sim.orbit.decay_arc import wrapped
from sim.orbit.fit import fitted_state
from sim.orbit.mean_altitude import mean_axis
from sim.orbit.propagate import arrive, fly
from sim.orbit.weather_forecast import known_weather, measured_weather, ordinal
from sim.rendezvous.relative import relative_state
from sim.verification import decay as table

DAY, SIDEREAL_DAY = 86400.0, 86164.1
SHELL = (340.0, 440.0)  # km
MASS, CDA = 90_000.0, 2.2 * 300.0
NO_BURNS = np.empty((0, 4))
STILL = Weather(105.0, 105.0, 10.0)  # replaced
Start = Callable[[object, float], tuple[World, float, State]]


def planner(one, last: float) -> tuple[World, float, State]:
    """World, time and state from which the set is flown on; `last` s after it."""
    world = build_world(one.epoch, 0.0, last, 20, True, True, weather_at(one.epoch.plus(-DAY)), 60.0)
    e = one.elements
    state = State(*sgp4_state(e.line1, e.line2, one.epoch), MASS, CDA)
    record = e.satrec()
    stated = -2.0 / 3.0 * 2.0 * record.ndot * 1440.0 / record.no_kozai / DAY  # of a, a second
    days = [fly(s, 0.0, 2.0 * DAY, world) for s in (state, replace(state, cda=0.0))]
    falls = [(mean_axis(p, DAY, SIDEREAL_DAY) - mean_axis(p, 0.0, SIDEREAL_DAY)) / DAY for p in days]
    by_air = falls[0] - falls[1]
    if stated < 0.0 and by_air < -1e-9:
        state = replace(state, cda=CDA * stated * mean_axis(days[0], 0.0, SIDEREAL_DAY) / by_air)
    return world, 0.0, state


def fitted(scale: float, **fit) -> Start:
    """The same for an orbit fitted to the set, in the air of each day times `scale`."""

    def start(one, last: float):
        world = build_world(one.epoch, -2.0 * DAY, last, 20, True, True, STILL, 60.0)
        air = weather_table(one.epoch, -2.0 * DAY, last, SHELL)._replace(scale=scale)
        world = replace(world, forces=world.forces._replace(air=air))
        return world, *fitted_state(one.elements, world, MASS, CDA, **fit)

    return start


def as_known(start: Start) -> Start:
    """With the packaged weather replaced by what was known at the set's epoch."""

    def known(one, last: float):
        measured, real = space_weather.table(), space_weather.table
        w = known_weather(one.epoch)
        f107, f107a, ap = measured.f107.copy(), measured.f107a.copy(), measured.ap.copy()
        k = slice(w.first - measured.first.toordinal(), w.first - measured.first.toordinal() + len(w.ap))
        f107[k], f107a[k], ap[k] = w.f107, w.f107a, w.ap
        space_weather.table = lambda: replace(measured, f107=f107, f107a=f107a, ap=ap)  # type: ignore[assignment]
        try:
            return start(one, last)
        finally:
            space_weather.table = real

    return known


def errors(chosen: list[table.Pair], start: Start) -> dict[table.Pair, float]:
    """Error along the track, km, of each pair."""
    sets = {s.epoch: s for s in table.station()[0]}
    by_first = defaultdict(list)
    for p in chosen:
        by_first[p.issued].append(p)
    found = {}
    for first, some in by_first.items():
        world, t0, state = start(sets[first], max(p.days for p in some) * DAY + 3600.0)
        for p in some:
            e = sets[p.seen].elements
            r, v, _ = arrive(state, t0, p.seen.since(first), world, NO_BURNS)
            truth = State(*sgp4_state(e.line1, e.line2, p.seen), MASS, CDA)
            found[p] = float(relative_state(truth, State(r, v, MASS, CDA), True)[0][0]) / 1000.0
    return found


def with_measured_weather(chosen: list[table.Pair]) -> dict[table.Pair, float]:
    """Ours, where the weather is known."""
    sets, steps = table.station()
    arc = np.concatenate([[0], np.cumsum(steps.found | (steps.days > table.GAP))])
    at = {s.epoch: k for k, s in enumerate(sets)}
    found = {}
    for p in chosen:
        i, later = at[p.issued], sets[at[p.seen]]
        today = ordinal(p.issued)
        weather = measured_weather(today - 30.0, today + p.days + 5.0)
        own = [s for s, a in zip(sets[: i + 1], arc, strict=False) if a == arc[i]]
        f = Decay.from_sets(own, ahead=p.days + 0.5, weather=weather).forecast([p.seen])
        found[p] = wrapped(f.longitude[0] - later.sgp4_longitude(0.0, sets[i].plane)) * later.axis / 1000.0
    return found


def scale_of(tuned: list[table.Pair]) -> float:
    """Density scale by least squares on pairs of a day; the misses are nearly straight in it."""
    scale = 1.0
    for _ in range(2):
        now, more = (np.array(list(errors(tuned, fitted(s, span=0.5 * DAY)).values())) for s in (scale, scale + 0.1))
        slope = (more - now) / 0.1
        scale -= float(slope @ now / (slope @ slope))
    return scale


def main() -> None:
    print(machine())
    found, _ = table.pairs()
    scale = scale_of([p for p in found if not p.judged and p.lead == 1])
    print(f"one scale: {scale:.3f} of {CDA / MASS:.5f} m2/kg")
    judged = [p for p in found if p.judged]
    one = fitted(scale, span=0.5 * DAY)
    methods = {
        "ours": {p: p.ours for p in judged},
        "SGP4": {p: p.sgp4 for p in judged},
        "planner": errors(judged, planner),
        "one scale, measured": errors(judged, one),
        "one scale, known": errors(judged, as_known(one)),
        "drag of each set, measured": errors(judged, fitted(1.0, solve_drag=True, span=2.0 * DAY, points=48)),
        "ours, measured weather": with_measured_weather(judged),
    }
    print(f"{'km along the track: median / rms':36}" + "".join(f"{lead:>8} d{'':7}" for lead in table.LEADS))
    for group, kept in (("all", lambda p: True), ("no thrust", lambda p: not table.over_thrust(p))):
        for name, misses in methods.items():
            cells = []
            for lead in table.LEADS:
                x = np.array([e for p, e in misses.items() if p.lead == lead and kept(p)])
                cells.append(f"{np.median(abs(x)):8.1f} /{math.sqrt(np.mean(x**2)):7.1f}")
            print(f"{group:10}{name:26}" + "".join(cells))


if __name__ == "__main__":
    main()
