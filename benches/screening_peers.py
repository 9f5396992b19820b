"""Do other tools screen as fast, and find the same? python-sgp4, heyoka, satkit and astroz beside ours, in one run.

    python -m benches screening_peers [--catalog FILE] [--days N] [--minutes N] [--rounds N]

One against all: states of SGP4 by each tool on a grid of 20 s, numpy's straight line between for what comes near, and
the same roots as ours for what is left; of the whole catalogue, and of the objects that our sieve of heights leaves.
All against all: the same states, and a KD-tree of scipy at each time; its pairs are compared, without roots. astroz has
a search of its own for both, roots included. heyoka has no deep-space SGP4: python-sgp4 flies those. brahe gives its
states object by object and slower than python-sgp4, and is left out. One thread each; processor time and wall time,
medians. What is set up once (reading, heyoka's compilation) is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = os.environ["ASTROZ_THREADS"] = "1"  # read when they start
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from benches.machine import machine
from benches.peers import present
from benches.screening import OF_2013, PAIRS_WITHIN, WITHIN, read
from sim.conjunctions.screened_craft import ElementCraft, dates_of
from sim.conjunctions.screening import refined, screen, shells
from sim.conjunctions.screening_all import screen_all
from sim.core.epoch import Epoch
from sim.orbit.sgp4_batch import Satellites

DAY, STEP = 86400.0, 20.0
FASTEST = 15.5  # km/s, between two objects in orbit
BEND = 1.0  # km: what two orbits leave a straight line by in half a step
States = Callable[[Epoch, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]  # r, v (n, m, 3) km; good (n, m)
Found = set[tuple[int, int, float]]  # rows and the time, s


# ---- states by each tool
def by_package(records: list) -> States:
    from sgp4.api import SatrecArray

    group = SatrecArray(records)

    def states(start: Epoch, t: np.ndarray):
        errors, r, v = group.sgp4(*dates_of(start, t))
        return r, v, errors == 0

    return states


def by_heyoka(records: list) -> States:
    import heyoka

    deep = np.array([one.method == "d" for one in records])
    fly = heyoka.model.sgp4_propagator([one for one in records if one.method != "d"])
    rest = by_package([one for one in records if one.method == "d"]) if deep.any() else None

    def states(start: Epoch, t: np.ndarray):
        days, fractions = dates_of(start, t)
        dates = np.empty((t.size, int((~deep).sum())), dtype=fly.jdtype)
        dates["jd"], dates["frac"] = days[:, None], fractions[:, None]
        out = fly(dates)
        if rest is None:
            return out[:, :3].transpose(2, 0, 1), out[:, 3:6].transpose(2, 0, 1), out[:, 6].T == 0
        r, v = np.empty((deep.size, t.size, 3)), np.empty((deep.size, t.size, 3))
        good = np.empty((deep.size, t.size), dtype=bool)
        near = (out[:, :3].transpose(2, 0, 1), out[:, 3:6].transpose(2, 0, 1), out[:, 6].T == 0)
        for mine, some in ((~deep, near), (deep, rest(start, t))):
            r[mine], v[mine], good[mine] = some
        return r, v, good

    return states


def by_satkit(records: list, lines: list[tuple[str, str]]) -> States:
    import satkit

    sets = satkit.TLE.from_lines([line for pair in lines for line in pair])
    assert len(sets) == len(records)

    def states(start: Epoch, t: np.ndarray):
        day, fraction = start.jd_utc()
        zero = satkit.time.from_jd(day) + satkit.duration(days=fraction)
        r, v = satkit.sgp4(sets, [zero + satkit.duration(seconds=float(x)) for x in t])
        r, v = 1e-3 * np.asarray(r), 1e-3 * np.asarray(v)
        return r, v, np.isfinite(r[:, :, 0]) & (r[:, :, 0] != 0.0)

    return states


# ---- the searches
@dataclass(frozen=True)
class Question:
    """One against all: `rows` of the catalogue that are looked at, without the craft itself."""

    craft: ElementCraft
    group: Satellites
    start: Epoch
    seconds: float
    rows: np.ndarray


def one_against(states: States, asked: Question) -> Found:
    """Cells whose straight line comes below the threshold, and the roots in them."""
    within, cells = 1e-3 * WITHIN, []
    for first in np.arange(0.0, asked.seconds, 60 * STEP):
        t = first + STEP * np.arange(60) + 0.5 * STEP
        t = t[t < asked.seconds]
        r, v, good = states(asked.start, t)
        r1, v1 = (1e-3 * x for x in asked.craft.states(asked.start, t))
        d = r - r1
        row, k = np.nonzero(good & (np.einsum("ijk,ijk->ij", d, d) < (within + 0.5 * STEP * FASTEST) ** 2))
        d, w = d[row, k], v[row, k] - v1[k]
        along = -np.sum(d * w, axis=1) / np.maximum(np.sum(w * w, axis=1), 1e-12)
        # A root may lie beyond the end of the straight line's cell by what the orbits bend: the neighbour has it then.
        d = d + np.clip(along, -0.5 * STEP, 0.5 * STEP)[:, None] * w
        near = np.linalg.norm(d, axis=1) < within + BEND
        cells.append(np.column_stack([asked.rows[row[near]], k[near] + round(first / STEP)]))
    found = np.concatenate(cells)
    made = refined(asked.craft, asked.group, asked.start, asked.seconds, found, STEP)
    ranges = np.linalg.norm(made.r2 - made.r1, axis=1)
    return {(0, int(found[c, 0]), t) for c, t, x in zip(made.cell, made.t, ranges, strict=True) if x < WITHIN}


def all_against(states: States, start: Epoch, seconds: float, step: float = 10.0) -> set[tuple[int, int]]:
    """Pairs that a KD-tree finds near enough at the middles of cells, by their straight line below the threshold."""
    from scipy.spatial import cKDTree

    found: set[tuple[int, int]] = set()
    for first in np.arange(0.0, seconds, 30 * step):
        t = first + step * np.arange(30) + 0.5 * step
        r, v, flown = states(start, t[t < seconds])
        for k in range(r.shape[1]):
            good = np.flatnonzero(flown[:, k] & np.isfinite(r[:, k]).all(axis=1))
            place, speed = np.ascontiguousarray(r[good, k]), v[good, k]
            reach = 1e-3 * PAIRS_WITHIN + FASTEST * 0.5 * step
            pairs = cKDTree(place).query_pairs(reach, output_type="ndarray")
            d, w = place[pairs[:, 1]] - place[pairs[:, 0]], speed[pairs[:, 1]] - speed[pairs[:, 0]]
            along = np.clip(-np.sum(d * w, axis=1) / np.maximum(np.sum(w * w, axis=1), 1e-12), -0.5 * step, 0.5 * step)
            near = pairs[np.linalg.norm(d + along[:, None] * w, axis=1) < 1e-3 * PAIRS_WITHIN]
            found.update(zip(*np.sort(good[near], axis=1).T.tolist(), strict=True) if len(near) else ())
    return found


def by_astroz(records: list, text: str, start: Epoch, seconds: float, target: int | None) -> Callable[[], Found]:
    """Its own search as a function without arguments. It numbers deep-space objects after all others."""
    import astroz

    everything, zero = astroz.Constellation(text), start.datetime()
    limit = 1e-3 * (WITHIN if target is not None else PAIRS_WITHIN)
    deep = np.array([one.method == "d" for one in records])
    row = np.concatenate([np.flatnonzero(~deep), np.flatnonzero(deep)])
    epochs = np.array([one.jdsatepoch + one.jdsatepochF for one in records])[row]
    assert np.abs(epochs - np.array(everything.epochs)).max() < 1e-6
    column = None if target is None else int(np.flatnonzero(row == target)[0])

    def run() -> Found:
        e = astroz.screen(everything, seconds / 60.0, threshold=limit, target=column, start_time=zero)
        pairs = np.sort(row[np.column_stack([e.i, e.j])], axis=1).tolist()
        return {(i, j, t) for (i, j), t in zip(pairs, (60.0 * e.time).tolist(), strict=True)}

    return run


# ---- side by side
def costs(run: Callable, rounds: int) -> tuple[float, float, object]:
    """Medians of processor time and wall time, s, and what was found; the first call is not counted."""
    found, cpu, wall = run(), [], []
    for _ in range(rounds):
        a, b = time.process_time(), time.perf_counter()
        run()
        cpu.append(time.process_time() - a)
        wall.append(time.perf_counter() - b)
    return statistics.median(cpu), statistics.median(wall), found


def unmatched(ours: Iterable, theirs: Iterable) -> int:
    """How many of ours have no approach of theirs, of the same objects, within a second."""
    times: dict[tuple[int, int], list[float]] = {}
    for i, j, t in theirs:
        times.setdefault((i, j), []).append(t)
    return sum(not any(abs(t - x) < 1.0 for x in times.get((i, j), ())) for i, j, t in ours)


def line(name: str, cpu: float, wall: float, ours: tuple[float, float], note: str) -> None:
    print(f"{name:34}{cpu:9.2f}{wall:9.2f}{cpu / ours[0]:8.1f}{wall / ours[1]:8.1f}   {note}", flush=True)


def head(title: str) -> None:
    print(f"\n{title}\n{'':34}{'CPU s':>9}{'wall s':>9}{'ratio':>8}{'ratio':>8}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench screening_peers", description=__doc__.partition("\n")[0])
    parser.add_argument("--catalog", type=Path, default=OF_2013, help="element sets of two lines")
    parser.add_argument("--number", type=whole(0, 999_999_999), default=27386, help="whom the catalogue is for")
    parser.add_argument("--days", type=whole(1, 30), default=1, help="one against all")
    parser.add_argument("--minutes", type=whole(1, 1440), default=30, help="all against all")
    parser.add_argument("--rounds", type=whole(1, 100), default=1)
    asked = parser.parse_args(arguments)
    print(machine())
    tools = {name: present(name) for name in ("heyoka", "satkit", "astroz")}
    catalogue = read(asked.catalog)
    group, records = catalogue.group, list(catalogue.group.records)
    start = Epoch.from_utc(
        f"{sorted(o.epoch for o in catalogue.objects)[int(0.9 * len(records))].utc(0)[:10]}T12:00:00Z"
    )
    row = catalogue.same_as(asked.number, "")[0]
    craft, seconds = ElementCraft(catalogue.objects[row]), DAY * asked.days
    from sgp4.exporter import export_tle

    lines = [export_tle(one) for one in records]
    text = "\n".join(part for pair in lines for part in pair) + "\n"

    head(f"{craft.name} against {len(records)} objects, {asked.days} days from {start.utc(0)}, {WITHIN / 1e3:g} km")
    made = costs(lambda: screen(craft, group, start, seconds, WITHIN, skip=[row]), asked.rounds)
    screened, first = made[2], made[:2]
    both = [*screened.approaches, *(a for n in screened.neighbours for a in n.minima)]
    ours = {(0, a.row, a.t) for a in both}
    line("ours", *first, first, f"{len(ours)} minima")
    low, high, _ = shells(group, start, seconds)
    heights = np.linalg.norm(craft.states(start, STEP * np.arange(int(DAY / STEP)))[0], axis=1)
    shell = (low < heights.max() + WITHIN + 20e3) & (high > heights.min() - WITHIN - 20e3)
    shell[row] = False
    for sieve, chosen in (("whole", np.flatnonzero(np.arange(len(records)) != row)), ("shell", np.flatnonzero(shell))):
        some = [records[k] for k in chosen]
        peers: dict[str, Callable[[], States]] = {"python-sgp4": lambda some=some: by_package(some)}
        if tools["heyoka"]:
            peers["heyoka"] = lambda some=some: by_heyoka(some)
        if tools["satkit"]:
            peers["satkit"] = lambda some=some, chosen=chosen: by_satkit(some, [lines[k] for k in chosen])
        for name, make in peers.items():
            states, question = make(), Question(craft, group, start, seconds, chosen)
            cpu, wall, found = costs(lambda s=states, q=question: one_against(s, q), asked.rounds)
            note = f"{len(found)} minima; of ours {unmatched(ours, found)} lost, {unmatched(found, ours)} extra"
            line(f"{name} + numpy, {sieve}", cpu, wall, first, note)
    if tools["astroz"]:
        run = by_astroz(records, text, start, seconds, row)
        cpu, wall, pairs = costs(run, asked.rounds)
        found = {(0, j if i == row else i, t) for i, j, t in pairs}
        note = f"{len(found)} minima; of ours {unmatched(ours, found)} lost, {unmatched(found, ours)} extra"
        line("astroz.screen, roots included", cpu, wall, first, note)

    seconds = 60.0 * asked.minutes
    head(f"all against all, {asked.minutes} minutes, {PAIRS_WITHIN / 1e3:g} km")
    cpu, wall, every = costs(lambda: screen_all(group, start, seconds, PAIRS_WITHIN), asked.rounds)
    first = cpu, wall
    rows = np.sort(np.asarray(every.rows), axis=1).tolist()
    ours, pairs = {(i, j, t) for (i, j), t in zip(rows, every.t.tolist(), strict=True)}, {(i, j) for i, j in rows}
    line("ours, roots included", *first, first, f"{len(ours)} minima of {len(pairs)} pairs")
    peers = {"python-sgp4": lambda: by_package(records)}
    if tools["heyoka"]:
        peers["heyoka"] = lambda: by_heyoka(records)
    for name, make in peers.items():
        states = make()
        cpu, wall, near = costs(lambda s=states: all_against(s, start, seconds), asked.rounds)
        line(f"{name} + KD-tree, no roots", cpu, wall, first, f"{len(near)} pairs; of ours {len(pairs - near)} lost")
    if tools["astroz"]:
        cpu, wall, found = costs(by_astroz(records, text, start, seconds, None), asked.rounds)
        note = f"{len(found)} minima; of ours {unmatched(ours, found)} lost, {unmatched(found, ours)} extra"
        line("astroz.screen, roots included", cpu, wall, first, note)


if __name__ == "__main__":
    main()
