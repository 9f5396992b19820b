"""Many trajectories under one closed loop (kernels/relative/closed_loop.py), shared among threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kernels.maths.random import LANES
from kernels.relative.closed_loop import Loop, demands, track
from sim.core.random_streams import stream


@dataclass(frozen=True)
class Tracked:
    """`states` (n, 6) at the end, LVLH m and m/s; `delta_v` (n,) m/s, the three axes' thrust added up."""

    states: np.ndarray
    delta_v: np.ndarray


def fly_closed_loop(
    law: Loop,
    starts: ArrayLike,
    plan: ArrayLike,
    thrust: ArrayLike,
    *,
    seed: int,
    name: str = "navigation",
    first_run: int = 0,
    threads: int = 1,
) -> Tracked:
    """Fly n trajectories along one plan, each steered by its own noisy measurements.

    starts  (n, 6) x, y, z m and their rates m/s in LVLH
    plan    (k, 6) the states to follow and thrust (k, 3) m/s2 the thrust that follows them, one row a period of `law`
    seed    the root seed; row i draws from the stream (seed, first_run + i, name), six normals a period
    threads of this process that share the work

    Row i depends neither on `threads` nor on the other rows, to the last bit.
    """
    states = np.array(starts, dtype=float, order="C", ndmin=2)
    plan = np.ascontiguousarray(plan, dtype=float)
    thrust = np.ascontiguousarray(thrust, dtype=float)
    for what, found, shape in (
        ("starts", states, (len(states), 6)),
        ("plan", plan, (len(plan), 6)),
        ("thrust", thrust, (len(plan), 3)),
    ):
        if found.shape != shape:
            raise ValueError(f"{what} has the shape {found.shape}: expected {shape}")
        if not np.isfinite(found).all():
            raise ValueError(f"{what} holds numbers that are not finite")
    if threads < 1:
        raise ValueError(f"threads = {threads}; it must be 1 or more")
    noise = stream(seed, first_run, name)
    stream(seed, first_run + max(len(states) - 1, 0), name)  # the last run exists too
    runs = np.arange(first_run, first_run + len(states), dtype=np.uint64)
    delta_v = np.zeros(len(states))
    demand = demands(law, plan, thrust)

    def work(first: int) -> None:
        rows = slice(first, first + LANES)
        track(states[rows], delta_v[rows], demand, law, noise.low, noise.high, noise.name, runs[rows], np.uint64(0))

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, range(0, len(states), LANES)):
            pass  # takes the results, so that an error in a thread is raised here
    return Tracked(states, delta_v)
