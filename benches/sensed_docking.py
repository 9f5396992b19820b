"""Do the filters of a docking know their errors where sensors are biased, late and misaligned, and what does it cost?

    python benches/sensed_docking.py [--runs N] [--dockings N] [--seed N]

First the arcs of tests/kernels/made_approach.py, from 200 m and from 2 km, which no filter has steered: the normalised
error squared (NEES) of both filters, mean of N runs, beside the 95 % band of an honest filter; for every mark of the
arc, and how many of them lie in the band. Then dockings in closed loop from the hold at 200 m: how many are captured,
at the first try and at all, the propellant, and the worst error in the filter's own sigmas; with the ship's sensors,
with the same sensors without what stays for a run and without latency, and with a filter that does not reckon with
biases and misalignments. Draws belong to the seed: that of the tests is 7.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from arguments import whole
from machine import machine
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kernels.docking import log, plan
from kernels.sensors.navigation import reset
from kernels.sensors.sensors import SensorSuite
from sim.campaign.summary import probability
from sim.core.random_streams import stream
from sim.docking import run as closed_loop
from tests.flights.made_docking import docking, mission, waiting
from tests.kernels.test_navigation import AIM, arc, many, normalised, ship

NAMES = ("gnss", "radar", "lidar", "camera")
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


def honesty(runs: int, seed: int) -> None:
    sensors, model = ship()
    for name, start, slope, periods, marks in ARCS:
        one = arc(start, slope, periods, station=model.station, rate=model.oscillation, noise=model.station_noise)
        out = many(one, sensors, model, AIM, runs, marks, lambda run, use: stream(seed, run, use))
        for what, errors, covs in (("place", out.errors, out.covs), ("attitude", out.turns, out.turn_covs)):
            found, states = normalised(errors, covs), errors.shape[-1]
            low, high = chi2.ppf([0.025, 0.975], runs * states) / runs
            held = int(((low <= found) & (found <= high)).sum())
            print(
                f"from {name}, {what}, {states} states: {found.mean():.2f} in {low:.2f}..{high:.2f}; "
                f"{held} of {found.size} marks: {' '.join(f'{x:.2f}' for x in found)}"
            )


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=whole(2, 10_000), default=200)
    parser.add_argument("--dockings", type=whole(1, 100_000), default=1000)
    parser.add_argument("--seed", type=whole(0, 10**9), default=101)
    given = parser.parse_args()
    print(machine())
    honesty(given.runs, given.seed)
    sensors = docking("shenzhou-20").approach.ship.sensors
    plain, naive = white(sensors), without_mounts(sensors)
    dockings("sensors as flown", given.dockings, given.seed, sensors, sensors)
    few = max(1, given.dockings // 10)
    dockings("white noise alone", few, given.seed, plain, plain)
    dockings("a filter that does not reckon with them", few, given.seed, sensors, naive)


if __name__ == "__main__":
    main()
