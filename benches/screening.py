"""How fast is screening, how does it grow, does it lose a pair? One against all and all against all.

    python -m benches screening [--catalog FILE] [--brute] [--largest N] [--rounds N]

The catalogue is that of October 2013 in the tests (14,917 objects, debris too) unless another is given; larger and
smaller ones are made of it, copies turned in node and mean anomaly. Other tools: `screening_peers`. `--brute` flies
every object of the catalogue to every second of a day and compares all minima of range below 50 km with those that
were found. CPU time, medians.
"""

from __future__ import annotations

import argparse
import gzip
import math
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from benches.machine import ROOT, machine
from sim.conjunctions.screened_craft import ElementCraft, dates_of
from sim.conjunctions.screening import screen
from sim.conjunctions.screening_all import screen_all
from sim.conjunctions.screening_catalogue import Catalogue, parse_catalogue
from sim.core.epoch import Epoch
from sim.orbit.sgp4_batch import Satellites, satellites, states

DAY = 86400.0
OF_2013 = ROOT / "tests" / "data" / "conjunctions" / "catalog_2013-10-23.tle.gz"
COUNTS, DAYS, HOURS = (1_000, 3_000, 10_000, 30_000), (1, 2, 4, 7, 14), (0.5, 1.0, 2.0)
WITHIN, PAIRS_WITHIN = 50e3, 5e3


def read(path: Path) -> Catalogue:
    data = path.read_bytes()
    return parse_catalogue((gzip.decompress(data) if path.suffix == ".gz" else data).decode(), path.name)


def copies(catalogue: Catalogue, count: int) -> Satellites:
    """So many objects: the first ones of a fixed shuffle, then copies turned in node and mean anomaly."""
    from sgp4.api import WGS72, Satrec

    turn = np.random.default_rng(17)
    order = turn.permutation(len(catalogue.objects))
    made = []
    for k in range(count):
        s = catalogue.group.records[order[k % len(order)]]
        if k >= len(order):
            node, anomaly = turn.uniform(0.0, 2.0 * math.pi, 2)
            one, epoch = Satrec(), s.jdsatepoch - 2433281.5 + s.jdsatepochF
            one.sgp4init(
                WGS72, "i", s.satnum, epoch, s.bstar, 0.0, 0.0, s.ecco, s.argpo, s.inclo, anomaly, s.no_kozai, node
            )
            s = one
        made.append(s)
    return satellites(made)


def cost(run, rounds: int) -> float:
    """Median CPU time, s; the first call, which may compile, is not counted."""
    run()
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def table(title: str, unit: str, found: dict[float, float]) -> None:
    print(f"\n{title}\n{unit:>10}{'s':>10}{'power':>8}")
    before = None
    for key, value in found.items():
        power = "" if before is None else f"{math.log(value / before[1]) / math.log(key / before[0]):8.2f}"
        print(f"{key:10g}{value:10.3f}{power}")
        before = key, value
    x, y = np.log(list(found)), np.log(list(found.values()))
    print(f"power over all: {np.polyfit(x, y, 1)[0]:.2f}", flush=True)


def brute(catalogue: Catalogue, craft: ElementCraft, start: Epoch, skip: list[int]) -> None:
    """Every object at every second of a day; minima of the samples, with the parabola of the squared range through
    three of them where it lies below the threshold."""
    group, seconds = catalogue.group, DAY
    t = np.arange(0.0, seconds + 1.0)
    r1, _ = craft.states(start, t)
    found: set[tuple[int, int]] = set()
    inconsistent = 0.0
    for first in range(0, len(group), 40):
        some = satellites(group.records[first : first + 40])
        errors, r, v = states(some, *dates_of(start, t))
        for k in range(len(some)):
            square = np.sum((r[k] - r1) ** 2, axis=1)
            square[errors[k] != 0] = np.nan
            low = 1 + np.flatnonzero((square[1:-1] < square[:-2]) & (square[1:-1] <= square[2:]))
            a, b, c = square[low - 1], square[low], square[low + 1]
            minimum = b - (a - c) ** 2 / (8.0 * (a - 2.0 * b + c))
            found |= {(first + k, int(i)) for i in low[minimum < WITHIN**2]}
            if (first + k) % 7 == 0:
                slope = (r[k, 2:] - r[k, :-2]) / 2.0
                # The central difference itself errs by r''' / 6: 1.4e-3 m/s in low orbits.
                offset = np.linalg.norm(slope - v[k, 1:-1], axis=1)[errors[k, 1:-1] == 0]
                inconsistent = max(inconsistent, float(offset.max(initial=0.0)))
    made = screen(craft, group, start, seconds, WITHIN, skip=skip)
    both = [*made.approaches, *(a for n in made.neighbours for a in n.minima)]
    ours = [(a.row, a.t) for a in both]
    # What never leaves 1 m has the same set as the craft: its minima are the last digits of the sums.
    same = {one.row for one in made.neighbours if one.most_m < 1.0}
    found = {(row, i) for row, i in found if row not in skip and row not in same}
    lost = [one for one in found if not any(row == one[0] and abs(s - one[1]) < 1.6 for row, s in ours)]
    extra = [one for one in ours if not any(row == one[0] and abs(i - one[1]) < 1.6 for row, i in found)]
    edge = [one for one in lost if one[1] < 2 or one[1] > seconds - 2]
    print(
        f"\nbrute force, {len(group)} objects at every second of a day: {len(found)} minima below {WITHIN / 1e3:g} km"
    )
    print(f"left out: {len(same)} objects whose set is that of the craft")
    print(f"ours: {len(ours)}; lost {len(lost)} (at the ends of the span {len(edge)}): {lost[:10]}; extra {extra[:10]}")
    print(
        f"SGP4's velocity differs from the slope of its position by {inconsistent:.3f} m/s at most (every 7th object)"
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench screening", description=__doc__.partition("\n")[0])
    parser.add_argument("--catalog", type=Path, default=OF_2013)
    parser.add_argument("--from", dest="start", default="", help="UTC; midnight after the newest epochs unless given")
    parser.add_argument("--number", type=whole(0, 999_999_999), default=27386, help="whom the catalogue is for")
    parser.add_argument("--brute", action="store_true", help="compare with every second of a day instead")
    parser.add_argument("--largest", type=whole(1_000, 100_000), default=COUNTS[-1])
    parser.add_argument("--rounds", type=whole(1, 100), default=3)
    asked = parser.parse_args(arguments)
    print(machine())
    catalogue = read(asked.catalog)
    middle = sorted(one.epoch for one in catalogue.objects)[int(0.9 * len(catalogue.objects))]
    start = Epoch.from_utc(asked.start or f"{middle.utc(0)[:10]}T12:00:00Z")
    rows = catalogue.same_as(asked.number, "")
    if not len(rows):
        parser.error(f"--number {asked.number} is not in {asked.catalog.name}; name one that is, such as 48274")
    row = rows[0]
    craft = ElementCraft(catalogue.objects[row])
    print(f"{len(catalogue.objects)} objects of {asked.catalog.name}, {craft.name}, from {start.utc(0)}")
    if asked.brute:
        brute(catalogue, craft, start, [row])
        return
    counts = [n for n in COUNTS if n <= asked.largest]
    groups = {n: copies(catalogue, n) for n in counts}
    whole_group = catalogue.group
    one = {n: cost(lambda g=g: screen(craft, g, start, DAY, WITHIN), asked.rounds) for n, g in groups.items()}
    table(f"one against all, a day, {WITHIN / 1e3:g} km, one core", "objects", one)
    days = {d: cost(lambda d=d: screen(craft, whole_group, start, d * DAY, WITHIN), asked.rounds) for d in DAYS}
    table(f"one against the whole catalogue of {len(whole_group)}", "days", days)
    every = {n: cost(lambda g=g: screen_all(g, start, 3600.0, PAIRS_WITHIN), 1) for n, g in groups.items()}
    table(f"all against all, an hour, {PAIRS_WITHIN / 1e3:g} km, CPU time", "objects", every)
    hours = {h: cost(lambda h=h: screen_all(whole_group, start, 3600.0 * h, PAIRS_WITHIN), 1) for h in HOURS}
    table("all against all, the whole catalogue", "hours", hours)
    began = time.perf_counter()
    n = len(screen_all(whole_group, start, DAY, PAIRS_WITHIN, threads=2))
    print(f"\nall against all for a day on two threads: {n} minima, {time.perf_counter() - began:.1f} s of wall time")


if __name__ == "__main__":
    main()
