"""Microgravity and dose while ships are docked, as named arrays: by place in the station, and by day.

`aboard/place/...`: one row for each place of `seeds/facts/aboard.toml`; `aboard/day/...`: one for each day of UTC, or
the part of it that belongs to the stay. Empty for a flight without a stay.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.catalogue.facts import facts
from sim.core.epoch import Epoch
from sim.core.flight import Flight
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.radiation import anomaly_passages
from sim.orbit.microgravity import MICRO_G, Motion, motion
from sim.orbit.radiation import anomaly

DAY_S = 86400.0
EVERY = 5  # nodes of an orbit arc between two looks at the drag: 5 min
SHORTEST_S = 3600.0  # of a stay
PLACE = "aboard.place_"


def aboard(flight: Flight, world: World, station: str) -> dict[str, np.ndarray]:
    """The arrays by name."""
    stays = [path for phase, path in flight.parts(station) if phase == "docked" and path.end - path.start > SHORTEST_S]
    if not stays:
        return {}
    motions = [motion(path, world, EVERY) for path in stays]
    days = [row for path, moved in zip(stays, motions, strict=True) for row in _days(path, moved, world)]
    found = {f"aboard/day/{key}": np.array([row[key] for row in days]) for key in days[0]}
    return found | {f"aboard/place/{key}": column for key, column in _places(motions).items()}


def _places(motions: list[Motion]) -> dict[str, np.ndarray]:
    """Of each place: where it is, m; the mean acceleration in LVLH, its mean size and its largest, micro-g."""
    known = {name: f for name, f in facts().items() if name.startswith(PLACE)}
    where = np.array([f.numbers for f in known.values()])
    each = [np.concatenate([m.at(place) for m in motions]) / MICRO_G for place in where]
    sizes = [np.linalg.norm(a, axis=1) for a in each]
    return {
        "name": np.array([f.note for f in known.values()]),
        "position_m": where,
        "mean_ug": np.array([a.mean(axis=0) for a in each]),
        "mean_size_ug": np.array([s.mean() for s in sizes]),
        "largest_ug": np.array([s.max() for s in sizes]),
    }


def _days(path: Trajectory, moved: Motion, world: World) -> Iterator[dict[str, float]]:
    """Rows: `t_s` where the day, or its part, begins; `hours`; dose and the anomaly's part of it, mGy; minutes in the
    anomaly and entries into it; the mean drag, micro-g."""
    here = anomaly(world.zero.plus(0.5 * (path.start + path.end)))
    protons = here.protons(*world.geodetic(path.t, path.r))
    dose = _until(path.t, here.dose_rate(protons) / DAY_S)
    of_protons = _until(path.t, here.middle * protons / DAY_S)
    drag = np.linalg.norm(moved.drag, axis=1) / MICRO_G
    inside = _inside(path, world)
    midnight = -world.zero.since(Epoch.from_utc(f"{world.zero.utc(0)[:10]}T00:00:00Z"))
    first = midnight + np.floor((path.start - midnight) / DAY_S) * DAY_S
    for day in np.arange(first, path.end, DAY_S):
        start, end = max(float(day), path.start), min(float(day) + DAY_S, path.end)
        edges = np.array([start, end])
        sample = drag[(moved.t >= start) & (moved.t <= end)]
        yield {
            "t_s": start,
            "hours": (end - start) / 3600.0,
            "dose_mgy": float(np.diff(np.interp(edges, path.t, dose))[0]),
            "anomaly_dose_mgy": float(np.diff(np.interp(edges, path.t, of_protons))[0]),
            "anomaly_minutes": sum(max(0.0, min(b, end) - max(a, start)) for a, b in inside) / 60.0,
            "anomaly_passages": float(sum(start <= a < end for a, _ in inside)),
            "drag_ug": float(sample.mean()) if sample.size else 0.0,
        }


def _until(t: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """The integral (n,) of a rate (n,) up to each of its times."""
    return np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(t))])


def _inside(path: Trajectory, world: World) -> list[tuple[float, float]]:
    """Start and end of each passage of the anomaly within the stay."""
    crossings = anomaly_passages(path, world)
    edges = [c.t for c in crossings if c.direction]
    if crossings and crossings[0].kind == "saa_exit":
        edges.insert(0, path.start)
    if len(edges) % 2:
        edges.append(path.end)
    return list(zip(edges[::2], edges[1::2], strict=True))
