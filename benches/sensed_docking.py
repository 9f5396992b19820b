"""Do the filters of a docking know their errors where sensors are biased, late and misaligned, and what does it cost?

    python benches/sensed_docking.py [--runs N] [--seeds N] [--dockings N] [--seed N]

First the arcs of tests/kernels/made_approach.py, from 200 m and from 2 km, which no filter has steered: the normalised
error squared (NEES) of both filters, mean of N runs, beside the 95 % band of an honest filter; for every mark of the
arc, and how many of them lie in the band; so for each of some seeds, one after the other. What stays for a run makes
its marks alike, so that one draw may put many of them out. Runs are independent: those of all seeds together have one
band, the mean over a run's marks is tested by its scatter from run to run, and the errors of single states are compared
with their sigmas. Then dockings in closed loop from the hold at 200 m: how many are captured,
at the first try and at all, the propellant, and the worst error in the filter's own sigmas; with the ship's sensors,
with the same sensors without what stays for a run and without latency, and with a filter that does not reckon with
biases and misalignments (--dockings 0: none). Draws belong to the seed: that of the tests is 7.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole
from benches.machine import machine
from kernels.docking import log, plan
from kernels.sensors.navigation import reset
from kernels.sensors.sensors import SensorSuite
from sim.campaign.summary import probability
from sim.core.random_streams import stream
from sim.docking import run as closed_loop
from tests.flights.made_docking import docking, mission, waiting
from tests.kernels.test_navigation import AIM, GROUPS, arc, many, ship

NAMES = ("gnss", "radar", "lidar", "camera")
ANGLES = {"angle": slice(0, 3), "bias": slice(3, 6), "mount": slice(6, 9)}  # of the attitude filter's nine states
PLACES = {**GROUPS, "range": [24, 28], "radar": slice(25, 28), "gnss": slice(29, 32)}  # all 32 states of the other
MOUNTS = ("tracker_mount", "gyro_mount", "accelerometer_mount")
ARCS = (
    ("200 m", 200.0, 1.0 / 400.0, 1170, (1, 20, 100, 300, 600, 900, 1100, 1165)),
    ("2 km", 2000.0, 1.0 / 800.0, 4450, (1, 20, 200, 1000, 2000, 3000, 4000, 4400)),
)


def without_mounts(record: SensorSuite) -> SensorSuite:
    """Sensors of the same noise and latency, without biases (but of gyro and accelerometer) and misalignments."""
    four = {name: getattr(record, name)._replace(mount=0.0, bias=0.0) for name in NAMES}
    return record._replace(**four, **dict.fromkeys(MOUNTS, 0.0))


def white(record: SensorSuite) -> SensorSuite:
    """The same without latency either."""
    record = without_mounts(record)
    return record._replace(tracker_latency=0.0, **{name: getattr(record, name)._replace(latency=0.0) for name in NAMES})


def squares(errors: np.ndarray, covs: np.ndarray) -> np.ndarray:
    """e' P^-1 e (runs, marks) of errors (runs, marks, states)."""
    return np.einsum("rki,rki->rk", errors, np.linalg.solve(covs, errors[..., None])[..., 0])


def marks_in_band(found: np.ndarray, states: int) -> tuple[str, int]:
    """The means over the runs of `found` (runs, marks) beside their 95 % band, and how many of them lie in it."""
    runs, means = len(found), found.mean(axis=0)
    low, high = chi2.ppf([0.025, 0.975], runs * states) / runs
    held = int(((low <= means) & (means <= high)).sum())
    marks = " ".join(f"{x:.2f}" for x in means)
    return f"{means.mean():.2f} in {low:.2f}..{high:.2f}; {held} of {means.size} marks: {marks}", held


def by_run(found: np.ndarray, states: int) -> tuple[float, float, float]:
    """The mean over a run's marks of `found` (runs, marks), less its expected value, in sigmas of its scatter from run
    to run; that sigma; and how many independent marks those of a run are worth."""
    runs = found.mean(axis=1)
    sigma = runs.std(ddof=1) / np.sqrt(len(runs))
    return (runs.mean() - states) / sigma, sigma, found.var(axis=0, ddof=1).mean() / runs.var(ddof=1)


def honesty(runs: int, first_seed: int, seeds: int) -> None:
    sensors, model = ship()
    for number, (name, start, slope, periods, marks) in enumerate(ARCS):
        one = arc(start, slope, periods, station=model.station, rate=model.oscillation, noise=model.station_noise)
        ahead = number * 10**6  # the runs of another arc have other draws
        flown = [
            many(one, sensors, model, AIM, runs, marks, lambda run, use, seed=seed: stream(seed, ahead + run, use))  # noqa: B023
            for seed in range(first_seed, first_seed + seeds)
        ]
        for what, error, cov in (("place", "errors", "covs"), ("attitude", "turns", "turn_covs")):
            errors = np.concatenate([getattr(out, error) for out in flown])
            covs = np.concatenate([getattr(out, cov) for out in flown])
            found, states, all_held = squares(errors, covs), errors.shape[-1], 0
            for i in range(seeds):
                line, held = marks_in_band(found[i * runs : (i + 1) * runs], states)
                all_held += held
                print(f"from {name}, {what}, {states} states, seed {first_seed + i}: {line}")
            apart, sigma, worth = by_run(found, states)
            print(
                f"  {len(found)} runs together: {marks_in_band(found, states)[0]}; their variance is "
                f"{found.var(axis=0, ddof=1).mean() / (2 * states):.2f} of chi-squared's\n"
                f"  of single seeds {all_held} of {seeds * found.shape[1]} marks in their band; those of a run are "
                f"worth {worth:.1f} independent ones: mean of all {found.mean():.2f} +- {sigma:.2f}, {apart:+.1f} "
                f"sigma from {states}"
            )
            own = errors**2 / np.diagonal(covs, axis1=2, axis2=3)
            shares = {group: own[..., s].mean() for group, s in (ANGLES if what == "attitude" else PLACES).items()}
            print("  squared errors over variances: " + ", ".join(f"{g} {x:.3f}" for g, x in shares.items()))


def dockings(label: str, number: int, seed: int, sensors: SensorSuite, assumed: SensorSuite) -> None:
    """Fly with the errors of `sensors` and a filter that reckons with those of `assumed`."""
    phase = docking("shenzhou-20")
    approach = replace(phase.approach, ship=replace(phase.approach.ship, sensors=assumed))
    stops, holds = phase.stops[-2:], phase.holds[-2:]
    scene, world = waiting(phase, stops[0]), mission("shenzhou-20").world
    closed_loop.reset = lambda _, *others: reset(sensors, *others)  # what stays for a run is drawn there
    used, worst, first, captured = [], [], 0, 0
    for run in range(number):
        one = replace(approach, draws=replace(approach.draws, seed=seed, run=run))
        flown = closed_loop.fly_path(one, closed_loop.inbound_path(one, stops, holds), scene, world, phase.name)
        used.append(flown.used)
        captured += flown.status == plan.TOUCHED
        first += flown.status == plan.TOUCHED and flown.contacts == 1
        rows = flown.log
        place = np.abs(rows[:, log.PLACE_ERROR : log.PLACE_ERROR + 3]) / rows[:, log.PLACE_SIGMA : log.PLACE_SIGMA + 3]
        speed = np.abs(rows[:, log.SPEED_ERROR : log.SPEED_ERROR + 3]) / rows[:, log.SPEED_SIGMA : log.SPEED_SIGMA + 3]
        worst.append(max(place.max(), speed.max()))
    closed_loop.reset = reset
    captures = probability(captured, number)
    interval = f"95 %: {captures['wilson_low']:.4f} to {captures['wilson_high']:.4f}"
    print(
        f"{label}: {captured} of {number} captured ({interval}), {first} at the first try; propellant "
        f"{np.mean(used):.1f} +- {np.std(used):.1f} kg, {min(used):.1f} to {max(used):.1f}; "
        f"worst error {np.median(worst):.1f} sigma in the median run, {max(worst):.1f} in all"
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench sensed_docking", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=whole(2, 10_000), default=200)
    parser.add_argument("--seeds", type=whole(1, 1000), default=5, help="for so many in turn the arcs are flown (5)")
    parser.add_argument("--dockings", type=whole(0, 100_000), default=1000)
    parser.add_argument("--seed", type=whole(0, 10**9), default=101)
    given = parser.parse_args(arguments)
    print(machine())
    honesty(given.runs, given.seed, given.seeds)
    if given.dockings == 0:
        return
    sensors = docking("shenzhou-20").approach.ship.sensors
    plain, naive = white(sensors), without_mounts(sensors)
    dockings("sensors as flown", given.dockings, given.seed, sensors, sensors)
    few = max(1, given.dockings // 10)
    dockings("white noise alone", few, given.seed, plain, plain)
    dockings("a filter that does not reckon with them", few, given.seed, sensors, naive)


if __name__ == "__main__":
    main()
