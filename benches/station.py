"""The station itself: each element set flown to those of a day and three days later, beside SGP4's own prediction.

    python benches/station.py [PICTURE.png]

An orbit of the full model (20x20, Sun, Moon, NRLMSISE-00 with constant space weather) is fitted to the day before a
set's epoch (sim/fit.py) and flown on to the epoch of a later set; the miss is the difference to that set's own state
there. One density scale is fitted once, on the one-day pairs of even place in the list; all others are kept aside.
Pairs between which the station was raised (mean motion falls) are left out, and told.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace

import numpy as np
from machine import machine
from scipy.optimize import minimize_scalar

from sim.elements import element_set, names
from sim.epoch import Epoch
from sim.fit import fitted_state
from sim.orbits import arrive
from sim.relative import relative_state
from sim.scene import State
from sim.world import Weather, build_world, sgp4_state

FIRST, LAST = Epoch.from_utc("2026-05-24"), Epoch.from_utc("2026-10-07")
WEATHER = Weather(105.0, 105.0, 10.0)
MASS, CDA = 90_000.0, 2.2 * 300.0
NO_BURNS = np.empty((0, 4))


def sets():
    chosen = [element_set(n) for n in names()]
    return sorted((s for s in chosen if FIRST <= s.epoch <= LAST and s.grade == "A"), key=lambda s: s.epoch)


def pairs(all_sets, days: float, slack: float):
    """(earlier, later) with the later nearest to `days` after the earlier, within `slack` days."""
    found, raised = [], 0
    for a in all_sets:
        later = [b for b in all_sets if abs(b.epoch.since(a.epoch) / 86400.0 - days) <= slack]
        if not later:
            continue
        b = min(later, key=lambda s: abs(s.epoch.since(a.epoch) / 86400.0 - days))
        if b.mean_motion_rev_day < a.mean_motion_rev_day:
            raised += 1
        else:
            found.append((a, b))
    return found, raised


def scaled(world, scale: float):
    return replace(world, forces=world.forces._replace(air=world.forces.air._replace(scale=scale)))


def miss(a, b, world) -> tuple[np.ndarray, np.ndarray]:
    """LVLH position (m) of our prediction and of SGP4's, seen from the later set's own state."""
    t0, state = fitted_state(a, world, MASS, CDA)
    r1, v1, _ = arrive(state, t0, b.epoch.since(world.zero), world, NO_BURNS)
    truth = State(*sgp4_state(b.line1, b.line2, b.epoch), MASS, CDA)
    other = State(*sgp4_state(a.line1, a.line2, b.epoch), MASS, CDA)
    return relative_state(truth, State(r1, v1, MASS, CDA), True)[0], relative_state(truth, other, True)[0]


def main() -> None:
    print(machine())
    chosen = sets()
    span = LAST.since(FIRST)
    world = build_world(FIRST, 0.0, span, 20, True, True, WEATHER, 60.0)
    one, raised_one = pairs(chosen, 1.0, 0.35)
    three, raised_three = pairs(chosen, 3.0, 0.4)
    print(f"{len(chosen)} sets; pairs (raised): one day {len(one)} ({raised_one}), three {len(three)} ({raised_three})")

    def cost(scale: float) -> float:
        flown = scaled(world, scale)
        return float(np.median([abs(miss(a, b, flown)[0][0]) for a, b in one[::2]]))

    scale = float(minimize_scalar(cost, bounds=(0.3, 2.5), method="bounded", options={"xatol": 0.02, "maxiter": 12}).x)
    print(f"density scale, fitted once on {len(one[::2])} one-day pairs: {scale:.3f}")
    flown, rows = scaled(world, scale), []
    for label, group in (("1 d, fitted on", one[::2]), ("1 d, kept aside", one[1::2]), ("3 d, kept aside", three)):
        misses = [miss(a, b, flown) for a, b in group]
        ours, theirs = (np.array([m[k] for m in misses]) / 1000.0 for k in (0, 1))
        rows.append((label, group, ours, theirs))
    columns = f"{'median':>8}{'rms':>8}{'worst':>8}"
    print(f"{'along-track miss, km':<22}{'pairs':>6}   ours:{columns}   SGP4:{columns}")
    for label, group, ours, theirs in rows:
        x, y = np.abs(ours[:, 0]), np.abs(theirs[:, 0])
        print(
            f"{label:<22}{len(group):>6}        {np.median(x):>8.2f}{math.sqrt(np.mean(x**2)):>8.2f}{x.max():>8.2f}"
            f"        {np.median(y):>8.2f}{math.sqrt(np.mean(y**2)):>8.2f}{y.max():>8.2f}"
        )
    if len(sys.argv) > 1:
        draw(rows, scale, sys.argv[1])


def draw(rows, scale: float, path: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), dpi=120)
    FigureCanvasAgg(figure)
    for i, (label, days) in enumerate((("one day later", 1), ("three days later", 3))):
        axes = figure.add_subplot(2, 1, i + 1)
        for _, group, ours, theirs in (row for row in rows if row[0].startswith(f"{days} d")):
            when = [b.epoch.datetime() for _, b in group]
            first = group is rows[0][1] or days == 3
            axes.plot(when, ours[:, 0], "o", ms=5, color="#0072B2", label="this program" if first else None)
            axes.plot(when, theirs[:, 0], "x", ms=6, color="#D55E00", label="SGP4" if first else None)
        axes.axhline(0.0, color="#888888", lw=0.8)
        axes.set_ylabel("along-track miss, km")
        axes.set_title(f"Tiangong 2026, {label}; density scale {scale:.2f}, fitted once", loc="left", fontsize=10)
        axes.legend(frameon=False)
        axes.grid(alpha=0.3)
    figure.subplots_adjust(hspace=0.35, left=0.09, right=0.98, top=0.94, bottom=0.07)
    figure.savefig(path)


if __name__ == "__main__":
    main()
