"""What step does an entry need? Where it comes down, guided and not, beside the time of a flight.

A capsule of Shenzhou's kind from 100 km, 7.86 km/s, 1.7 deg down; the reference is the same flight at 0.05 s.
"""

import math

import numpy as np
from machine import best, machine

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.entry.dynamics import entry_vehicle
from kernels.entry.entry import OPENED, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import BankSchedule, EntryTarget
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from sim.core.epoch import Epoch
from sim.environment.gravity import egm2008
from sim.environment.world import Weather, build_world

CDA, MASS, OPEN_AT = 4.99 * 1.28, 3240.0, 10e3
CAPSULE = make(Capsule, cda=CDA, cla=0.3 * CDA, nose=2.5, bank_rate=math.radians(15.0))
BANK = BankSchedule(start=math.radians(45.0), end=math.radians(50.0), end_energy=MU_EARTH / (R_EQUATOR + OPEN_AT))
STEPS = (2.0, 1.0, 0.5, 0.25, 0.1)


def main():
    print(machine())
    world = build_world(
        Epoch.from_utc("2025-04-24T09:17:00Z"),
        0.0,
        86400.0,
        degree=8,
        sun=True,
        moon=True,
        weather=Weather(f107=150.0, f107a=150.0, ap=4.0),
        step=60.0,
    )
    forces = world.forces._replace(drag=0)
    coarse = forces._replace(gravity=egm2008(2), third_body=0)
    up = np.array([math.cos(0.14) * math.cos(1.05), math.cos(0.14) * math.sin(1.05), math.sin(0.14)])
    east = np.array([-math.sin(1.05), math.cos(1.05), 0.0])
    ahead = math.cos(0.72) * east + math.sin(0.72) * np.cross(up, east)
    angle = math.radians(-1.7)
    c = world.ecef(1000.0)
    start = np.concatenate(
        [c.T @ ((R_EQUATOR + 100e3) * up), c.T @ (7860.0 * (math.cos(angle) * ahead + math.sin(angle) * up))]
    )
    target = 6.371e6 * (math.cos(0.46) * up + math.sin(0.46) * ahead)
    log = entry_log(40000)

    def fly(dt, guided):
        y = start.copy()
        status, _ = fly_entry(
            1000.0,
            y,
            entry_vehicle(MASS, CAPSULE),
            forces,
            coarse,
            EntryTarget(position=target, opening_altitude=OPEN_AT),
            BANK,
            EntryControl(guided=guided, step=dt, limit=3000.0, side=1.0),
            scratch(),
            log,
        )
        if status != OPENED:
            raise ValueError(f"the entry in steps of {dt:g} s did not come down to {OPEN_AT / 1e3:g} km")
        return log.end.copy()

    for guided in (0, 1):
        reference = fly(0.05, guided)
        print(f"\n{'guided' if guided else 'fixed bank schedule'}")
        print(f"{'step s':>8} {'from 0.05 s':>13} {'miss ahead':>12} {'miss right':>12} {'load':>8} {'flight':>10}")
        for dt in STEPS:
            end = fly(dt, guided)
            apart = math.hypot(*(end[1:3] - reference[1:3]))
            seconds = best(lambda dt=dt, guided=guided: fly(dt, guided), 3)
            print(
                f"{dt:8.2f} {apart:11.0f} m {end[1]:10.0f} m {end[2]:10.0f} m {end[3]:6.3f} g {1e3 * seconds:7.1f} ms"
            )


if __name__ == "__main__":
    main()
