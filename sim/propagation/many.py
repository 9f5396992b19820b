"""Many trajectories through the world of one orbit file, for Monte Carlo and screening: each as if it flew alone."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from kernels.many import arcs, coasts
from sim.orbits import trajectory
from sim.propagation.fly import METHOD, build, step_of
from sim.propagation.model import Orbit
from sim.propagation.pushes import STILL, edges, kicked, thrust_at
from sim.trajectory import joined
from sim.world import World

GROUP = 16  # trajectories that a thread takes at once: few enough that two threads end together


@dataclass(frozen=True)
class Many:
    """Rows of r m, v m/s (GCRF) and mass kg: `end` (n, 7); `states` (n, k, 7) at `times` (k,) s from the epoch."""

    end: np.ndarray
    times: np.ndarray
    states: np.ndarray


def propagate_many(orbit: Orbit, states, masses=None, times=(), *, threads: int = 1) -> Many:
    """Fly n craft, alike but for their start, from the epoch of `orbit` to its end.

    states  (n, 6) r m and v m/s in GCRF at `orbit.epoch`, instead of `orbit.r` and `orbit.v`
    masses  (n,) kg at the epoch, instead of `orbit.mass`
    times   (k,) s from the epoch, within the span; without them only the ends are kept
    threads of this process that share the work

    Forces, areas and burns are those of `orbit`, and each craft has the step that its own orbit asks for. So row i is
    to the last bit what `propagate(replace(orbit, r=.., v=.., mass=..))` gives, and depends neither on `threads` nor
    on the other rows. The tables of the world are made once for all: NRLMSISE-00, which a single flight tables for the
    heights of its own orbit, for those of `orbit`.

    Example: a cloud of a thousand starts, 10 m and 1 cm/s wide, after the day of `orbit`:
    `propagate_many(orbit, np.r_[orbit.r, orbit.v] + rng.normal(size=(1000, 6)) * [10, 10, 10, .01, .01, .01]).end`
    """
    starts = _starts(orbit, states, masses)
    times = np.atleast_1d(np.asarray(times, dtype=float))
    if times.size and not (times.min() >= 0.0 and times.max() <= orbit.duration):
        raise ValueError(f"times {times.min():g}..{times.max():g} s: expected within 0..{orbit.duration:g} s, the span")
    if threads < 1:
        raise ValueError(f"threads = {threads}; it must be 1 or more")
    world = build(orbit)
    out = Many(np.empty_like(starts), times, np.empty((len(starts), times.size, 7)))
    groups = [slice(first, first + GROUP) for first in range(0, len(starts), GROUP)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda rows: _fly(orbit, world, starts[rows], out, rows), groups):
            pass  # asks for the results, so that an error in a thread is raised here
    return out


def _starts(orbit: Orbit, states, masses) -> np.ndarray:
    """Rows r, v, mass; ValueError for what no orbit can start from."""
    states = np.asarray(states, dtype=float)
    if states.ndim != 2 or states.shape[1] != 6:
        raise ValueError(f"states of shape {states.shape}: expected (n, 6), position m and velocity m/s a row")
    masses = np.broadcast_to(np.asarray(orbit.mass if masses is None else masses, dtype=float), len(states))
    starts = np.column_stack([states, masses])
    sound = np.isfinite(starts).all(axis=1) & (masses > 0.0) & states[:, :3].any(axis=1)
    if not sound.all():
        i = int(np.argmin(sound))
        raise ValueError(f"row {i}: {starts[i].tolist()}: expected finite numbers, a position and a mass above 0")
    return starts


def _fly(orbit: Orbit, world: World, starts: np.ndarray, out: Many, rows: slice) -> None:
    """One group from edge to edge, as `propagate` flies one craft, into its rows of `out`."""
    craft = [replace(orbit, r=row[:3], v=row[3:6], mass=row[6]) for row in starts]
    steps = np.array([step_of(each) for each in craft])
    y = starts.copy()
    cda, cra = orbit.drag_area * orbit.drag_coefficient, orbit.srp_area * orbit.reflectivity
    paths: list[list] = [[] for _ in craft]
    times = edges(orbit)
    for start, end in zip(times[:-1], times[1:], strict=True):
        steps = _kicked(craft, start, y, steps)
        room = math.ceil((end - start) / steps.min()) + 4 if out.times.size else 0
        nodes, counts = np.empty((len(y), room, 11)), np.empty(len(y), dtype=np.int64)
        thrusts = [thrust_at(each, 0.5 * (start + end)) for each in craft]
        if thrusts[0] is STILL:
            coasts(start, end, y, steps, METHOD, world.forces, cda, cra, nodes, counts)
        else:
            axes = np.array([thrust.axes for thrust in thrusts])
            arcs(start, end, y, steps, world.forces, cda, cra, thrusts[0], axes, nodes, counts)
        for path, node, count in zip(paths, nodes, counts, strict=True):
            node[count - 1 : count, 0] = end
            path.append(trajectory(node[:count]))
    _kicked(craft, orbit.duration, y, steps)
    out.end[rows] = y
    if out.times.size:
        for states, path, end in zip(out.states[rows], paths, y, strict=True):
            states[:, :3], states[:, 3:6], states[:, 6] = joined(path).at(out.times)
            states[out.times == orbit.duration] = end  # after what is pushed there


def _kicked(craft: list[Orbit], t: float, y: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Rows of y (n, 7) after the impulses at `t`, in place, and the steps (n,) s to go on with."""
    if not any([kicked(each, t, row) for each, row in zip(craft, y, strict=True)]):
        return steps
    return np.array([step_of(replace(each, r=row[:3], v=row[3:6])) for each, row in zip(craft, y, strict=True)])
