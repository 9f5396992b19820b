"""What breaks on the way in, flown: each case of a readiness review from the hold on the port's axis to its end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from kernels import docking_log as log
from kernels import docking_plan as plan
from kernels.retreat import CLEAR
from sim.docking.flown import Flown, fly_way, way_in
from sim.docking.meeting import Fault, Meeting
from sim.docking.told import CAUSES, events
from sim.mission import Mission, reach

SPIN = math.radians(0.1)
CASES = (
    ("nothing breaks", ()),
    ("one thruster stuck off", (Fault("stuck off", plan.STUCK_OFF, 100.0, 4),)),
    ("one thruster stuck on", (Fault("stuck on", plan.STUCK_ON, 100.0, 0),)),
    ("camera lost at 50 m", (Fault("camera lost", plan.SENSOR_LOST, 50.0, 3),)),
    ("camera lost at 50 m, for 500 s", (Fault("camera lost", plan.SENSOR_LOST, 50.0, 3, lasts=500.0),)),
    ("radar lost", (Fault("radar lost", plan.SENSOR_LOST, 1e4, 1),)),
    ("station turns at 0.1 deg/s", (Fault("station turns", plan.STATION_SPIN, 150.0, 0, SPIN),)),
    ("station turns at 0.1 deg/s, near by", (Fault("station turns", plan.STATION_SPIN, 15.0, 0, SPIN),)),
    ("braking missed from 100 m on", (Fault("no thrust", plan.NO_THRUST, 100.0, lasts=120.0),)),
    ("braking to the last hold missed", (Fault("no thrust", plan.NO_THRUST, 35.0, lasts=60.0),)),
)


def rows(mission: Mission) -> list[dict]:
    """Every case from where the mission's own docking begins; Failure where the mission does not get there."""
    phase, scene, _ = reach(mission, "docking")
    told = []
    for label, faults in CASES:
        meeting = replace(phase.meeting, faults=faults)
        way = way_in(meeting, phase.stops, phase.holds)
        told.append(_row(label, fly_way(meeting, way, scene, mission.world, phase.name), meeting))
    return told


def _row(label: str, flown: Flown, meeting: Meeting) -> dict:
    captured, left = flown.status == plan.TOUCHED, flown.status == plan.RETREATED
    returned = int((flown.marks[:, 0] == plan.BACKED_OFF).sum())
    nearest = _kept_out(flown, meeting) if left else None
    if captured:
        end = "captured" if not returned else "captured at the second try"
    elif left:
        end = "safe retreat" if nearest >= meeting.zones.keep_out else "retreat into the keep-out sphere"
    else:
        end = "lost"
    return {
        "case": label,
        "end": end,
        "why": CAUSES.get(flown.cause(), ""),
        "seconds": round(flown.t - float(flown.log[0, log.TIME]), 1),
        "propellant_kg": round(flown.used, 1),
        "nearest_once_out_m": None if nearest is None else round(nearest, 1),
        "held": captured or end == "safe retreat",
        "events": [e.name for e in events(flown, meeting)],
    }


def _kept_out(flown: Flown, meeting: Meeting) -> float:
    """Nearest to the station once its retreat has got well clear of the keep-out sphere, m; its end if it never did."""
    away = np.linalg.norm(flown.log[:, log.PLACE : log.PLACE + 3], axis=1)
    later = away[flown.log[:, log.TIME] >= flown.marks[flown.marks[:, 0] == plan.LEFT][-1, 1]]
    out = later > CLEAR * meeting.zones.keep_out
    return float(later[np.argmax(out) :].min() if out.any() else later[-1])


def lines(table: list[dict]) -> Iterator[str]:
    yield f"{'what breaks on the way in':<38}{'how it ends':<30}{'s':>7}{'kg':>7}{'nearest m':>11}"
    for row in table:
        nearest = "" if row["nearest_once_out_m"] is None else f"{row['nearest_once_out_m']:.0f}"
        told = f"{row['case']:<38}{row['end']:<30}{row['seconds']:>7.0f}{row['propellant_kg']:>7.1f}{nearest:>11}"
        yield f"{told}  {row['why']}".rstrip()
