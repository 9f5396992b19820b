"""What passes are searched of: the station and the ships of a flight, an orbit of a file, or an element set by SGP4."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from kernels.constants import MU_EARTH
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.flight import Flight
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import Weather, World, build_world
from sim.files.errors import BadInput
from sim.interchange.choice import ChosenSet
from sim.interchange.mean import MeanElements, age_warning
from sim.orbit.propagate import fly
from sim.planning.passes.search import Craft

NODES_S = 60.0  # between two states of SGP4; the quintic between them moves a rise by less than 7 ms
FAST_PHASES = ("ascent", "entry", "descent")  # a rocket or a plume, not a ship in the sky
AIR = Weather(150.0, 150.0, 10.0)  # nothing is flown in it
CATALOGUED = {25544: "brightness.iss", 48274: "brightness.tiangong"}


@dataclass(frozen=True)
class Watched:
    """`craft`, the station first; `start`, `end` s: the time that can be looked at, `usual` the part that is looked at
    unless another is asked for; `stay` s: from docking to undocking, where there is one. `files`, `raw`: what was read,
    for the manifest; `about`: lines that say what was flown."""

    title: str
    zero: Epoch
    world: World
    craft: tuple[Craft, ...]
    start: float
    end: float
    usual: tuple[float, float]
    stay: tuple[float, float] | None = None
    files: tuple[Path, ...] = ()
    raw: Mapping = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # names of the craft that were asked for beside


def of_flight(flight: Flight, world: World, station: str, end: float, **read) -> Watched:
    """The station all the while, and each ship while it flies by itself, without the rocket's and the capsule's flight.

    After the flight the station coasts on to `end` s, to which the tables of the world reach. `read`: files, raw and
    warnings of the mission.
    """
    parts = [path for _, path in flight.parts(station)]
    over = parts[-1].end
    if over < end:
        parts.append(fly(flight.legs[-1].scene.flying[station], over, end, world))
    whole = joined(parts)
    craft = [_known(station, whole, "brightness.tiangong")]
    for name in flight.vehicles:
        if name != station:
            craft += [_known(name, path, "brightness.shenzhou") for path in _free(flight, name)]
    liftoff, docked, left = (flight.first(event) for event in ("liftoff", "docked", "undocking"))
    usual = liftoff.t if liftoff else whole.start, over
    stay = (docked.t, left.t) if docked and left and docked.t < left.t else None
    about = (f"flown as it is known beforehand, from {flight.zero.utc(0)} to {flight.epoch(over).utc(0)}",)
    return Watched(
        flight.name, flight.zero, world, tuple(craft), whole.start, whole.end, usual, stay, about=about, **read
    )


def of_orbit(name: str, zero: Epoch, path: Trajectory, world: World, number: int | None = None, **read) -> Watched:
    """An orbit that was propagated, over its span; `number`: of the catalogue, where it began with an element set."""
    craft = _known(name, path, CATALOGUED.get(number or 0))
    return Watched(name, zero, world, (craft,), path.start, path.end, (path.start, path.end), **read)


def of_elements(elements: MeanElements, start: Epoch, days: float, **read) -> Watched:
    """An element set as SGP4 flies it, from `start` for so many days."""
    zero, end = start, days * 86400.0
    path = sgp4_path(elements, zero, end)
    world = build_world(zero, 0.0, end, 2, sun=True, moon=False, weather=AIR, step=60.0)
    name = elements.name or f"object {elements.number}"
    about = (f"by SGP4 from the elements of {elements.epoch.utc(0)}",)
    return of_orbit(name, zero, path, world, elements.number, about=about, **read)


def with_others(watched: Watched, sets: Sequence[ChosenSet]) -> Watched:
    """What is watched, and beside it what other element sets bring, over the same time."""
    craft, about, warnings = list(watched.craft), list(watched.about), list(watched.warnings)
    for one in sets:
        elements = one.elements
        name = elements.name or f"object {elements.number}"
        path = sgp4_path(elements, watched.zero, watched.end)
        craft.append(_known(name, path, CATALOGUED.get(elements.number)))
        about.append(f"{name} by SGP4 from the elements of {elements.epoch.utc(0)}")
        warnings += [w for w in (*one.warnings, age_warning(elements.epoch, watched.zero.plus(watched.end))) if w]
    names = tuple(c.name for c in craft[len(watched.craft) :])
    return replace(watched, craft=tuple(craft), about=tuple(about), warnings=tuple(warnings), beside=names)


def sgp4_path(elements: MeanElements, zero: Epoch, end: float) -> Trajectory:
    """States of SGP4 in GCRF, turned out of TEME, from `zero` to `end` s; BadInput where SGP4 has none."""
    from sgp4.api import SGP4_ERRORS
    from skyfield.sgp4lib import TEME

    from sim.environment.orientation import skyfield_times

    t = np.linspace(0.0, end, max(2, math.ceil(end / NODES_S) + 1))
    dates = np.array([zero.plus(s).jd_utc() for s in t.tolist()])
    errors, r, v = elements.satrec().sgp4_array(dates[:, 0].copy(), dates[:, 1].copy())
    if errors.any():
        first = int(np.argmax(errors != 0))
        why = SGP4_ERRORS.get(int(errors[first]), "no number")
        raise BadInput(
            f"the elements of {elements.epoch.utc(0)}: SGP4 has no orbit at {zero.plus(float(t[first])).utc(0)} "
            f"({why}); write fewer --days, or newer elements"
        )
    turn = TEME.rotation_at(skyfield_times(zero, t))
    r, v = (1e3 * np.einsum("jin,nj->ni", turn, x) for x in (r, v))
    pull = -MU_EARTH * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return Trajectory(t, r, v, pull, np.ones(t.size))


def between(path: Trajectory, start: float, end: float) -> Trajectory | None:
    """The part of a path about a span, from the node before to the node after it; None where they share nothing."""
    first = max(int(np.searchsorted(path.t, start, side="right")) - 1, 0)
    last = min(int(np.searchsorted(path.t, end, side="left")), len(path.t) - 1)
    if path.end <= start or path.start >= end or path.t[last] <= path.t[first]:
        return None
    part = slice(first, last + 1)
    return Trajectory(path.t[part], path.r[part], path.v[part], path.a[part], path.mass[part])


def _known(name: str, path: Trajectory, magnitude: str | None) -> Craft:
    if magnitude is None:
        return Craft(name, path)
    found = fact(magnitude)
    return Craft(name, path, found.number, float(found.uncertainty))


def _free(flight: Flight, ship: str) -> list[Trajectory]:
    """The flights of a ship by itself, each without a gap."""
    runs: list[list[Trajectory]] = []
    for phase, path in flight.parts(ship):
        if phase in FAST_PHASES:
            continue
        if runs and abs(runs[-1][-1].end - path.start) < 1e-6:
            runs[-1].append(path)
        else:
            runs.append([path])
    return [joined(run) for run in runs]
