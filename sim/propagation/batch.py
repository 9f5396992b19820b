"""Many trajectories through the world of one orbit file, for Monte Carlo and screening: each as if it flew alone."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kernels.orbit.many import arcs, coasts
from kernels.orbit.propagate import SurfaceAreas
from kernels.records import make
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.orbit.propagate import trajectory
from sim.propagation.force_model import Orbit
from sim.propagation.maneuvers import STILL, burn_step, edges, kicked, thrust_at
from sim.propagation.propagate import METHOD, build, step_of
from sim.propagation.shell import aloft, shell_of, wider

GROUP = 16  # trajectories that a thread takes at once: few enough that two threads end together


@dataclass(frozen=True)
class Many:
    """Rows of r m, v m/s (GCRF) and mass kg: `end` (n, 7); `states` (n, k, 7) at `times` (k,) s from the epoch.

    `until` (n,) s: how long each flew; less than the span where it met the ground, or air that stopped it. What would
    come after that is NaN.
    """

    end: np.ndarray
    times: np.ndarray
    states: np.ndarray
    until: np.ndarray


def propagate_many(orbit: Orbit, states, masses=None, times=(), *, threads: int = 1) -> Many:
    """Fly n craft, alike but for their start, from the epoch of `orbit` to its end.

    states  (n, 6) r m and v m/s in GCRF at `orbit.epoch`, instead of `orbit.r` and `orbit.v`
    masses  (n,) kg at the epoch, instead of `orbit.mass`
    times   (k,) s from the epoch, within the span; without them only the ends are kept
    threads of this process that share the work

    Forces, areas and burns are those of `orbit`, and each craft has the step that its own orbit asks for. So row i is
    to the last bit what `propagate(replace(orbit, r=.., v=.., mass=..))` returns, and depends neither on `threads` nor
    on the other rows; where that raises Failure, `until` is its time. The tables of the world are made once for all,
    that of NRLMSISE-00 once for all that fly at the same heights.

    Example: a cloud of a thousand starts, 10 m and 1 cm/s wide, after the day of `orbit`:
    `propagate_many(orbit, np.r_[orbit.r, orbit.v] + rng.normal(size=(1000, 6)) * [10, 10, 10, .01, .01, .01]).end`
    """
    if orbit.other_centre is not None:
        raise ValueError("an orbit with another centre is flown alone: propagate; or leave other_centre None")
    starts = _starts(orbit, states, masses)
    times = np.atleast_1d(np.asarray(times, dtype=float))
    if times.size and not (times.min() >= 0.0 and times.max() <= orbit.duration):
        raise ValueError(f"times {times.min():g}..{times.max():g} s: expected within 0..{orbit.duration:g} s, the span")
    if threads < 1:
        raise ValueError(f"threads = {threads}; it must be 1 or more")
    n = len(starts)
    out = Many(np.empty_like(starts), times, np.empty((n, times.size, 7)), np.full(n, orbit.duration))
    shells, first = _by_shell(orbit, starts), True
    with ThreadPoolExecutor(threads) as pool:
        while shells:
            wider_shells: dict = {}
            for shell, rows in shells.items():
                fly = partial(_fly, orbit, build(orbit, shell), starts, out, first)
                groups = [np.array(rows[i : i + GROUP]) for i in range(0, len(rows), GROUP)]
                for again in pool.map(fly, groups):
                    for row, more in again:  # asks for the results, so that an error in a thread is raised here
                        wider_shells.setdefault(more, []).append(row)
            shells, first = wider_shells, False
    return out


def _by_shell(orbit: Orbit, starts: np.ndarray) -> dict[tuple[float, float] | None, list[int]]:
    """Row numbers by the heights (km) that their table of the air must cover; by None where there is no such table."""
    if orbit.atmosphere.model != "nrlmsise00":
        return {None: list(range(len(starts)))}
    found: dict = {}
    for i, row in enumerate(starts):
        found.setdefault(shell_of(replace(orbit, r=row[:3], v=row[3:6])), []).append(i)
    return found


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


def _fly(orbit: Orbit, world: World, starts: np.ndarray, out: Many, first: bool, rows: np.ndarray) -> list[tuple]:
    """Some rows from edge to edge, as `propagate` flies one craft, into `out`.

    Of a `first` flight: which rows to fly again, and in what shell (km) of air.
    """
    craft = [replace(orbit, r=row[:3], v=row[3:6], mass=row[6]) for row in starts[rows]]
    steps = np.array([step_of(each) for each in craft])
    y = starts[rows]
    surface = make(
        SurfaceAreas,
        drag=orbit.drag_area * orbit.drag_coefficient,
        radiation=orbit.srp_area * orbit.reflectivity,
    )
    paths: list[list] = [[] for _ in craft]
    times = edges(orbit)
    for start, end in zip(times[:-1], times[1:], strict=True):
        steps = _kicked(craft, start, y, steps)
        thrusts = [thrust_at(each, 0.5 * (start + end)) for each in craft]
        h = np.array([burn_step(step, t, m, end - start) for step, t, m in zip(steps, thrusts, y[:, 6], strict=True)])
        nodes = np.empty((len(y), math.ceil((end - start) / h.min()) + 4, 11))
        counts = np.empty(len(y), dtype=np.int64)
        if thrusts[0] is STILL:
            coasts(start, end, y, h, METHOD, world.forces, surface, nodes, counts)
        else:
            axes = np.array([thrust.axes for thrust in thrusts])
            arcs(start, end, y, h, world.forces, surface, thrusts[0], axes, nodes, counts)
        for parts, node, count in zip(paths, nodes, counts, strict=True):
            node[count - 1 : count, 0] = end
            parts.append(trajectory(node[:count]))
    _kicked(craft, orbit.duration, y, steps)
    again = []
    for row, each, parts, end in zip(rows, craft, paths, y, strict=True):
        path = joined(parts)
        if first and (shell := wider(each, path, world)):
            again.append((row, shell))
        else:
            _keep(each, path, end, world, out, row)
    return again


def _keep(orbit: Orbit, path: Trajectory, end: np.ndarray, world: World, out: Many, row: int) -> None:
    """Write one craft's row; NaN from where it is not aloft any more."""
    count = aloft(orbit, path, world)
    out.end[row] = end
    if out.times.size:
        states = out.states[row]
        states[:, :3], states[:, 3:6], states[:, 6] = path.at(out.times)
        states[out.times == orbit.duration] = end  # after what is pushed there
    if count < len(path.t):
        out.until[row] = path.t[max(count - 1, 0)]
        out.end[row] = np.nan
        out.states[row, out.times > out.until[row]] = np.nan


def _kicked(craft: list[Orbit], t: float, y: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Rows of y (n, 7) after the impulses at `t`, in place, and the steps (n,) s to go on with."""
    if not any([kicked(each, t, row) for each, row in zip(craft, y, strict=True)]):
        return steps
    return np.array([step_of(replace(each, r=row[:3], v=row[3:6])) for each, row in zip(craft, y, strict=True)])
