"""Failures on the inbound approach, flown: each case of a readiness review, with several random draws, to its end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from kernels.docking import log, plan
from kernels.relative.retreat import CLEAR
from sim.build.docking import by_leg
from sim.core.scene import Scene
from sim.docking.approach import CloseRange, Fault
from sim.docking.history import CAUSES
from sim.docking.run import DockingRun, fly_path, inbound_path
from sim.environment.world import World
from sim.mission import Mission, reach

SPIN = math.radians(0.1)
RUNS = 12
CAPTURED, RETRIED, SAFE = "captured", "captured after one retry", "safe retreat"
WELL = {CAPTURED, RETRIED, SAFE}
CASES = (
    ("no failure", ()),
    ("one thruster stuck off", (Fault("stuck off", plan.STUCK_OFF, 100.0, 4),)),
    ("one thruster stuck on", (Fault("stuck on", plan.STUCK_ON, 100.0, 0),)),
    ("camera lost at 50 m", (Fault("camera lost", plan.SENSOR_LOST, 50.0, 3),)),
    ("camera lost at 50 m, for 500 s", (Fault("camera lost", plan.SENSOR_LOST, 50.0, 3, duration=500.0),)),
    ("radar lost at 550 m", (Fault("radar lost", plan.SENSOR_LOST, 550.0, 1),)),
    ("station turns at 0.1 deg/s", (Fault("station turns", plan.STATION_SPIN, 150.0, 0, SPIN),)),
    ("station turns at 0.1 deg/s, near it", (Fault("station turns", plan.STATION_SPIN, 15.0, 0, SPIN),)),
    ("braking missed from 100 m on", (Fault("no thrust", plan.NO_THRUST, 100.0, duration=120.0),)),
    ("braking to the last hold missed", (Fault("no thrust", plan.NO_THRUST, 35.0, duration=60.0),)),
)


def rows(mission: Mission) -> list[dict]:
    """Every case with several random draws, from the start of the fly-around; Failure where the ship does not reach
    it."""
    around, scene, _ = reach(mission, "fly_around")
    docking = next(phase for phase in mission.phases if phase.name == "docking")
    return [_row(label, _flown(faults, around, docking, scene, mission.world)) for label, faults in CASES]


def _flown(broken, around, docking, scene: Scene, world: World) -> list[tuple[DockingRun, CloseRange]]:
    """One case, each run with its own errors of sensors and thrusters and its own oscillation of the station."""
    found = []
    for run in range(RUNS):
        early, late = by_leg(broken, docking.stops[0])
        approach = replace(docking.approach, draws=replace(docking.approach.draws, run=run))
        arrived = replace(around, approach=replace(approach, faults=early)).fly(scene, world).scene
        approach = replace(approach, faults=late)
        path = inbound_path(approach, docking.stops, docking.holds)
        found.append((fly_path(approach, path, arrived, world, docking.name), approach))
    return found


def _row(label: str, found: list[tuple[DockingRun, CloseRange]]) -> dict:
    ends = Counter(_end(flown, approach) for flown, approach in found)
    distances = [_kept_out(flown, approach) for flown, approach in found if flown.status == plan.RETREATED]
    why = Counter(CAUSES[flown.cause()] for flown, _ in found if flown.cause())
    return {
        "case": label,
        "runs": len(found),
        "ends": dict(ends),
        "why": dict(why),
        "propellant_most_kg": round(max(flown.used for flown, _ in found), 1),
        "nearest_once_out_m": round(min(distances), 1) if distances else None,
        "held": set(ends) <= WELL,
    }


def _end(flown: DockingRun, approach: CloseRange) -> str:
    if flown.status == plan.TOUCHED:
        return RETRIED if (flown.marks[:, 0] == plan.BACKED_OFF).any() else CAPTURED
    if flown.status == plan.RETREATED:
        return SAFE if _kept_out(flown, approach) >= approach.zones.keep_out else "retreat into the sphere"
    return "collision" if flown.status == plan.COLLIDED else "lost"


def _kept_out(flown: DockingRun, approach: CloseRange) -> float:
    """Nearest to the station once the retreat is well outside the keep-out sphere, m; at the end if it never is."""
    distances = np.linalg.norm(flown.log[:, log.PLACE : log.PLACE + 3], axis=1)
    later = distances[flown.log[:, log.TIME] >= flown.marks[flown.marks[:, 0] == plan.LEFT][-1, 1]]
    out = later > CLEAR * approach.zones.keep_out
    return float(later[np.argmax(out) :].min() if out.any() else later[-1])


def lines(table: list[dict]) -> Iterator[str]:
    yield f"{'what fails on the approach':<38}{'how it ends, of so many runs':<46}{'kg, max':>9}{'nearest m':>11}"
    for row in table:
        nearest = "" if row["nearest_once_out_m"] is None else f"{row['nearest_once_out_m']:.0f}"
        ends = ", ".join(f"{count} {end}" for end, count in row["ends"].items())
        text = f"{row['case']:<38}{ends:<46}{row['propellant_most_kg']:>9.1f}{nearest:>11}"
        yield f"{text}  {', '.join(row['why'])}".rstrip()
