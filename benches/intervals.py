"""Do the intervals that a flight's forecasts come with hold the share of a campaign's flights that they claim?

    python benches/intervals.py [MISSION] [--flights N] [--runs N] [--seed N] [--flight DIR] [--campaign DIR]

Flies the mission with N other flights for its intervals (of the mission's own seed), then a campaign of whole flights
of another seed, and counts for each quantity how many of the campaign's flights lie in the interval. Directories of
`tiangong run --intervals` and of `tiangong montecarlo --phase all` that are there already are read instead. The share
is to be 95 %; as drawn, it differs from that by the sigma printed, for the interval is from few flights and so is
the count.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sim
from benches.arguments import whole
from benches.machine import machine

WITHIN = 0.93, 0.97


def flown_intervals(mission: str, flights: int, out: Path) -> Path:
    sim.run(mission, out, pictures="none", intervals=flights)
    return out


def flown_campaign(mission: str, runs: int, seed: int, out: Path) -> Path:
    sim.montecarlo(mission, "all", runs, seed, out=out)
    return out


def shares(forecast: Mapping, rows: list[dict[str, str]]) -> dict[str, float]:
    """Of the flights of a campaign's table that came to their end, the share in each interval."""
    flown = [row for row in rows if row["status"] == "flown"]
    found = {}
    for name, q in forecast["quantities"].items():
        x = np.array([float(row[name]) for row in flown])
        found[name] = float(np.mean((q["low"] <= x) & (x <= q["high"])))
    return found


def report(forecast: Mapping, rows: list[dict[str, str]]) -> None:
    share, flights, runs = forecast["share"], forecast["flights"] - forecast["failed"], len(rows)
    sigma = math.sqrt(share * (1.0 - share) * (1.0 / (flights + 2.0) + 1.0 / runs))
    print(f"intervals from {flights} flights, a campaign of {runs}: {100 * share:.0f} +- {100 * sigma:.1f} % as drawn")
    print(f"{'quantity':28} {'from':>16} {'to':>16} {'holds':>8}  sigmas")
    for name, held in shares(forecast, rows).items():
        q = forecast["quantities"][name]
        mark = "" if WITHIN[0] <= held <= WITHIN[1] else "  not within 93 to 97 %"
        text = f"{name:28} {q['low']:16.3f} {q['high']:16.3f} {100 * held:6.1f} % {(held - share) / sigma:+7.1f}"
        print(text + mark)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench intervals", description=__doc__.partition("\n")[0])
    parser.add_argument("mission", nargs="?", default="shenzhou-24-pakistan")
    parser.add_argument("--flights", type=whole(40, 100_000), default=400)
    parser.add_argument("--runs", type=whole(2, 100_000), default=500)
    parser.add_argument("--seed", type=whole(0, 10**9), default=7)
    parser.add_argument("--flight", type=Path, help="a directory of tiangong run --intervals")
    parser.add_argument("--campaign", type=Path, help="a directory of tiangong montecarlo --phase all")
    given = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        flight = given.flight or flown_intervals(given.mission, given.flights, Path(folder) / "flight")
        campaign = given.campaign or flown_campaign(given.mission, given.runs, given.seed, Path(folder) / "campaign")
        forecast = json.loads((flight / "flight.json").read_text(encoding="utf-8"))["forecast"]
        rows = list(csv.DictReader((campaign / "runs.csv").read_text(encoding="utf-8").splitlines()))
    report(forecast, rows)


if __name__ == "__main__":
    main()
