"""How fast is SGP4 in bulk, and how true? 10,000 near-earth satellites at 1,000 times, beside python-sgp4 and astroz.

    python benches/sgp4_batch.py [CATALOGUE.tle]

Without a catalogue the satellites are the near-earth ones of the verification set and the station's, turned in node
and mean anomaly. Peers take turns (A B A B); each writes positions and velocities into arrays that it is given, but
for python-sgp4, which makes its own and is asked for a tenth of the satellites. Errors are against python-sgp4.
"""

import json
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from machine import ROOT, machine

SATELLITES, TIMES, TRUTH, ROUNDS = 10_000, 1_000, 1_000, 7


def lines_of(path):
    """Pairs of lines of near-earth satellites, from a catalogue or made of the sets in the repository."""
    from sgp4.api import Satrec
    from sgp4.exporter import export_tle

    from sim.catalogue.element_sets import element_set, names

    if path:
        text = [line for line in Path(path).read_text().splitlines() if line[:2] in ("1 ", "2 ")]
        pairs = [p for p in zip(text[::2], text[1::2], strict=True) if Satrec.twoline2rv(*p).method == "n"]
        return list(islice(cycle(pairs), SATELLITES))
    cases = json.loads((ROOT / "tests" / "data" / "sgp4_all_rows.json").read_text())["satellites"]
    pairs = [(case["line1"], case["line2"]) for case in cases if not case["stops"]]
    pairs += [(element_set(name).line1, element_set(name).line2) for name in names()]
    pairs = [p for p in pairs if Satrec.twoline2rv(*p).method == "n"]
    turn, made = np.random.default_rng(2026), []
    for line1, line2 in islice(cycle(pairs), SATELLITES):
        sat = Satrec.twoline2rv(line1, line2)
        # All epochs on one day, so that all fly within a day of it.
        sat.sgp4init(
            1,
            "i",
            sat.satnum,
            27911.0 + turn.uniform(),
            sat.bstar,
            0.0,
            0.0,
            sat.ecco,
            sat.argpo,
            sat.inclo,
            turn.uniform(0.0, 6.28),
            sat.no_kozai,
            turn.uniform(0.0, 6.28),
        )
        made.append(export_tle(sat))
    return made


def ours(records, days, fractions, threads):
    from sim.orbit.sgp4_batch import satellites, states

    start = time.perf_counter()
    group = satellites(records)
    print(f"  reading {len(records)} records once: {1e3 * (time.perf_counter() - start):.0f} ms")
    shape = len(records), days.size
    arrays = np.zeros(shape, np.uint8), np.zeros((*shape, 3)), np.zeros((*shape, 3))
    return lambda: states(group, days, fractions, threads=threads, out=arrays), lambda: arrays[1]


def astroz(pairs, records, days, fractions):
    try:
        from astroz._astroz import WGS72, Satrec, Sgp4Constellation
    except ImportError:
        print("  astroz is not installed: left out (pip install astroz)")
        return None
    all_of_it = Sgp4Constellation([Satrec.twoline2rv(*pair, WGS72) for pair in pairs], WGS72)
    # Offsets from two-part dates: with its own `epochs`, one double each, it would err by 0.26 m.
    offsets = np.array([(days[0] - s.jdsatepoch) * 1440.0 - s.jdsatepochF * 1440.0 for s in records])
    r, v = np.zeros((len(pairs), days.size, 3)), np.zeros((len(pairs), days.size, 3))
    return lambda: all_of_it.propagate_into(fractions * 1440.0, r, v, epoch_offsets=offsets), lambda: 1e3 * r


def package(records, days, fractions):
    from sgp4.api import SatrecArray

    few = SatrecArray(records[:TRUTH])
    return lambda: few.sgp4(days, fractions)


def side_by_side(path, threads):
    """One table for one number of threads; astroz reads its number once, from the environment."""
    from sgp4.api import Satrec

    pairs = lines_of(path)
    records = [Satrec.twoline2rv(*pair) for pair in pairs]
    middle = float(np.floor(np.median([s.jdsatepoch + s.jdsatepochF for s in records]))) + 0.5
    days, fractions = np.full(TIMES, middle), np.arange(TIMES) / 1440.0
    truth = package(records, days, fractions)
    errors, r_km, _ = truth()
    entries = {"tiangong": ours(records, days, fractions, threads), "astroz": astroz(pairs, records, days, fractions)}
    entries = {name: entry for name, entry in entries.items() if entry}
    runs = {name: (entry[0], SATELLITES) for name, entry in entries.items()}
    if threads == 1:
        runs["python-sgp4"] = (truth, TRUTH)
    taken = {name: [] for name in runs}
    for _ in range(ROUNDS + 1):  # the first, which may compile, is not counted
        for name, (run, _) in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            # CPU time of one thread is not disturbed by what else the machine does; of two it says nothing.
            taken[name].append(time.process_time() - cpu if threads == 1 else time.perf_counter() - wall)
    print(f"{'':14}{'M states/s':>12}{'best':>8}{'ratio':>8}{'largest error':>18}")
    rates = {name: np.array([n * TIMES / t / 1e6 for t in taken[name][1:]]) for name, (_, n) in runs.items()}
    for name, rate in rates.items():
        error = "reference"
        if name in entries:
            apart = np.linalg.norm(entries[name][1]()[:TRUTH] - 1e3 * r_km, axis=2)[errors == 0]
            error = f"{apart.max():.1e} m"
        ratio = np.median(rates["tiangong"]) / np.median(rate)
        print(f"{name:14}{np.median(rate):12.1f}{rate.max():8.1f}{ratio:8.2f}{error:>18}")


def main():
    if sys.argv[1:2] == ["--threads"]:
        return side_by_side(sys.argv[3], int(sys.argv[2]))
    path = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"{machine()}\nSGP4, {SATELLITES} near-earth satellites x {TIMES} times, position and velocity stored")
    for threads in (1, 2):
        clock = "CPU time" if threads == 1 else "wall time"
        print(f"\n{threads} thread(s), {clock}, median of {ROUNDS}", flush=True)
        command = [sys.executable, __file__, "--threads", str(threads), path]
        subprocess.run(command, env=os.environ | {"ASTROZ_THREADS": str(threads)}, check=True)


if __name__ == "__main__":
    main()
