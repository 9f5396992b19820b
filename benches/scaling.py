"""Does the cost grow as it should? One day to fifteen, 2x2 to 70x70, 1 to 10,000 trajectories, one thread and two.

    python -m benches scaling [--rounds N] [--out PICTURE.png]

Days should cost in proportion; degree n less than the (n+1)(n+2)/2 pairs of harmonics, for a step has a part that all
share and eight orders lie side by side; many trajectories in proportion, and half of it on two threads. Threads are
measured by wall time, so another program on the machine shows; all else by CPU time. Medians.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from benches.machine import machine
from kernels.constants import J2, MU_EARTH, OMEGA_EARTH, R_GRAVITY
from kernels.orbit.motion import make_turning, make_zonal
from kernels.orbit.multistep import coast, make_multistep
from kernels.orbit.multistep_many import coast_many
from sim.core.epoch import Epoch
from sim.environment.gravity import egm2008
from sim.propagation.batch import propagate_many
from sim.propagation.force_model import (
    AtmosphereChoice,
    GravityChoice,
    Orbit,
    OrientationChoice,
    RadiationChoice,
    ThirdBodyChoice,
)
from sim.propagation.propagate import build

DAY = 86400.0
START = np.array([-5415058.385, 2859966.508, 2880804.707, -1349.303035, -6476.047474, 3894.478696])
DAYS = (1, 2, 4, 8, 15)
DEGREES = (2, 4, 8, 12, 20, 36, 50, 70)
COUNTS = (1, 10, 100, 1_000, 10_000)
FULL_HOURS = {1: 24.0, 10: 24.0, 100: 24.0, 1_000: 24.0, 10_000: 3.0}
METHOD = make_multistep(11)
NO_NODES = np.empty((0, 11))
BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"


def medians(runs: dict, rounds: int, clock) -> dict:
    """Median time of each run, s; all take turns, and the first turn, which may compile, is not counted."""
    taken: dict = {key: [] for key in runs}
    for _ in range(rounds + 1):
        for key, run in runs.items():
            began = clock()
            run()
            taken[key].append(clock() - began)
    return {key: statistics.median(times[1:]) for key, times in taken.items()}


def one(span, step, dynamics):
    def run():
        coast(0.0, span, np.append(START, 1.0), step, METHOD, dynamics, NO_NODES)

    return run


def turning(degree):
    return make_turning(egm2008(degree), 1.0, OMEGA_EARTH)


def cloud(count) -> np.ndarray:
    """Starts (count, 6) a hundred metres and a decimetre a second apart."""
    rng = np.random.default_rng(2026)
    return START + rng.normal(size=(count, 6)) * [100.0, 100.0, 100.0, 0.1, 0.1, 0.1]


def side_by_side(count):
    """`coast_many`: J2 alone, eight trajectories in the lanes of one thread."""
    y, flat = np.ascontiguousarray(cloud(count).T), make_zonal(MU_EARTH, R_GRAVITY, J2)
    return lambda: coast_many(0.0, DAY, y.copy(), 45.0, METHOD, flat)


def files(count, threads):
    """`propagate_many`: 20x20 over an Earth that turns steadily, one after the other on each thread."""
    orbit = Orbit(
        name="scaling",
        epoch=Epoch.from_utc("2025-04-24T09:17:00Z"),
        r=START[:3],
        v=START[3:],
        duration=DAY,
        step=DAY,
        gravity=GravityChoice("egm2008", 20, 20),
        orientation=OrientationChoice("uniform", theta0=1.0),
    )
    starts = cloud(count)
    return lambda: propagate_many(orbit, starts, threads=threads).end


def full(count, threads):
    """`propagate_many` through 20x20, Sun, Moon, sunlight and NRLMSISE-00; the largest for fewer hours."""
    orbit, starts = laden(FULL_HOURS[count]), cloud(count)
    return lambda: propagate_many(orbit, starts, threads=threads).end


def laden(hours):
    span = 3600.0 * hours
    return Orbit(
        name="scaling",
        epoch=Epoch.from_utc("2025-04-24T09:17:00Z"),
        r=START[:3],
        v=START[3:],
        duration=span,
        step=span,
        drag_area=10.0,
        srp_area=10.0,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=ThirdBodyChoice(True, True),
        atmosphere=AtmosphereChoice("nrlmsise00"),
        radiation=RadiationChoice("conical"),
    )


def all_forces(counts, rounds) -> tuple[dict, dict]:
    """Wall time of the full model on one thread and on two, s; where fewer hours are flown, as if it were a day."""
    runs = {(n, t): full(n, t) for n in counts for t in (1, 2)} | {"tables": lambda: build(laden(24.0))}
    both = medians(runs, rounds, time.perf_counter)
    tables = both["tables"]
    one_thread, two = ({n: tables + (both[n, t] - tables) * 24.0 / FULL_HOURS[n] for n in counts} for t in (1, 2))
    print(f"\nall forces: {1e3 * tables:.0f} ms of each call make the tables of the world, the air's above all")
    write("all forces, a day, `propagate_many`, one thread, wall time", "trajectories", one_thread, lambda n: n)
    write("the same on two threads", "trajectories", two, lambda n: n)
    n = counts[-1]
    some = full(min(n, 100), 1)()
    same, alone = np.array_equal(some, full(min(n, 100), 2)()), np.array_equal(some[:1], full(1, 1)())
    print(f"two threads: {one_thread[n] / two[n]:.2f} times as fast; same results to the last bit: {same}")
    print(f"the first of {min(n, 100)} and the same craft alone, to the last bit: {alone}")
    return one_thread, two


def exponent(found: dict) -> float:
    """Power with which the cost grows, between the two largest."""
    (a, low), (b, high) = list(found.items())[-2:]
    return math.log(high / low) / math.log(b / a)


def write(title: str, unit: str, found: dict, expected) -> None:
    """One table: cost, how it grows from row to row, and how it would by the law `expected`."""
    print(f"\n{title}\n{unit:>14}{'ms':>12}{'x row before':>14}{'by the law':>12}")
    before = None
    for key, cost in found.items():
        grown = f"{cost / found[before]:14.2f}{expected(key) / expected(before):12.2f}" if before else ""
        print(f"{key:14}{1e3 * cost:12.4f}{grown}")
        before = key
    print(f"grows with the power {exponent(found):.2f} at the end")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench scaling", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=whole(1, 1000), default=5)
    parser.add_argument(
        "--largest", type=whole(COUNTS[1], COUNTS[-1]), default=COUNTS[-1], help="most trajectories at once (10,000)"
    )
    parser.add_argument("--out", type=Path, default=Path("bench_scaling.png"), help="the picture")
    asked = parser.parse_args(arguments)
    print(machine())
    cpu, wall = time.process_time, time.perf_counter
    flat = make_zonal(MU_EARTH, R_GRAVITY, J2)
    days = {n: one(n * DAY, 45.0, flat) for n in DAYS}
    field = turning(20)
    days20 = {n: one(n * DAY, 30.0, field) for n in DAYS}
    by_days, by_days20 = medians(days, asked.rounds, cpu), medians(days20, asked.rounds, cpu)
    write("J2, step 45 s, one thread, CPU time", "days", by_days, lambda n: n)
    write("20x20, step 30 s, one thread, CPU time", "days", by_days20, lambda n: n)
    fields = {n: turning(n) for n in DEGREES}
    by_degree = medians({n: one(DAY, 30.0, dynamics) for n, dynamics in fields.items()}, asked.rounds, cpu)
    pairs = "one day at a step of 30 s, CPU time; expected: as the pairs of harmonics, at most"
    write(pairs, "degree", by_degree, lambda n: (n + 1) * (n + 2))
    sizes = ", ".join(f"{n}: {dynamics.field.table.nbytes / 1024:.0f}" for n, dynamics in fields.items())
    print(f"table of coefficients, kB (a step where it outgrows the first cache is to be expected): {sizes}")
    counts = [n for n in COUNTS if n <= asked.largest]
    by_count = medians({n: side_by_side(n) for n in counts}, asked.rounds, cpu)
    write("J2, a day, eight in lanes, one thread, CPU time", "trajectories", by_count, lambda n: n)
    # The tables of the world are made once in each call, however many fly: they are most of the first row.
    both = medians({(n, t): files(n, t) for n in counts for t in (1, 2)}, min(asked.rounds, 3), wall)
    one_thread, two = ({n: both[n, t] for n in counts} for t in (1, 2))
    write("20x20, a day, `propagate_many`, one thread, wall time", "trajectories", one_thread, lambda n: n)
    write("the same on two threads", "trajectories", two, lambda n: n)
    same = np.array_equal(files(counts[-1], 1)(), files(counts[-1], 2)())
    n = counts[-1]
    print(f"two threads: {one_thread[n] / two[n]:.2f} times as fast; same results to the last bit: {same}")
    everything = all_forces(counts, min(asked.rounds, 2))
    draw(by_days, by_days20, by_degree, by_count, one_thread, two, everything, asked.out)
    print(f"\n{asked.out}")


def draw(by_days, by_days20, by_degree, by_count, one_thread, two, everything, path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14.0, 4.8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"How the cost of propagation grows\n{machine().removesuffix(', one core')}", fontsize=10)
    panels = [
        (
            "Days, one orbit",
            "days",
            lambda n: n,
            [("J2, 45 s", by_days, BLUE, "o"), ("20x20, 30 s", by_days20, VERMILLION, "s")],
        ),
        (
            "Degree and order, one day at 30 s",
            "degree",
            lambda n: (n + 1) * (n + 2),
            [("one thread", by_degree, BLUE, "o")],
        ),
        (
            "Trajectories, one day each",
            "trajectories",
            lambda n: n,
            [
                ("J2, in lanes, one thread", by_count, BLUE, "o"),
                ("20x20, one thread", one_thread, VERMILLION, "s"),
                ("20x20, two threads", two, GREEN, "^"),
                ("all forces, one thread", everything[0], PURPLE, "D"),
                ("all forces, two threads", everything[1], ORANGE, "v"),
            ],
        ),
    ]
    for i, (title, label, expected, series) in enumerate(panels):
        axes = figure.add_subplot(1, 3, i + 1)
        for name, found, colour, mark in series:
            x = np.array(list(found))
            axes.plot(x, 1e3 * np.array(list(found.values())), mark, ms=6, ls="-", lw=1.0, color=colour, label=name)
            last = 1e3 * found[x[-1]]
            # The law is drawn through the largest, where the overhead of a call is smallest.
            law = [last * expected(n) / expected(x[-1]) for n in x]
            axes.plot(x, law, color=colour, lw=0.8, ls=":", label="the law" if name == series[-1][0] else None)
        axes.set(xscale="log", yscale="log", xlabel=label, ylabel="time, ms")
        ticks = list(series[0][1])
        axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
        axes.set_xticks([], minor=True)
        axes.set_title(title, fontsize=9, loc="left")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, frameon=False)
    figure.savefig(path)


if __name__ == "__main__":
    main()
