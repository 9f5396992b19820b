"""What control period does the final approach need? Contact and propellant beside the time of a flight from 400 m.

The last column is the integration alone: how far the station's RK4 orbit lies from the eighth-order propagator's.
"""

import math

import numpy as np
from machine import best, machine

from kernels.constants import MU_EARTH
from kernels.propagate import propagate
from kernels.proximity import approach
from kernels.relative import from_lvlh
from sim.epoch import Epoch
from sim.world import Weather, build_world

PERIODS = (2.0, 1.0, 0.5, 0.2, 0.1)
AXIS, PORT, RING = np.array([1.0, 0.0, 0.0]), np.array([9.0, 0.0, 0.0]), 4.9
STOPS, HOLDS = np.array([400.0, 200.0, 30.0]), np.array([0.0, 120.0, 60.0])


def main():
    print(machine())
    world = build_world(
        Epoch.from_utc("2025-04-24T09:17:00Z"), 0.0, 86400.0, degree=8, sun=True, moon=True,
        weather=Weather(f107=150.0, f107a=150.0, ap=4.0), step=60.0,
    )  # fmt: skip
    speed = math.sqrt(MU_EARTH / 6.765e6)
    begin = np.array([6.765e6, 0.0, 0.0, 0.0, speed * math.cos(0.724), speed * math.sin(0.724), 1.05e5])
    r, v = np.empty(3), np.empty(3)
    from_lvlh(begin[:3], begin[3:6], (9.0 + RING + 400.0) * AXIS, np.zeros(3), r, v)

    def fly(dt):
        station, ship = begin.copy(), np.array([*r, *v, 7900.0])
        room = int(4000.0 / dt) + 3
        relative = np.empty((room, 7))
        _, n, t, used = approach(
            0.0, station, ship, 880.0, 44.0, PORT, AXIS, RING, STOPS, HOLDS, 0.8, 0.004, 0.15, 600.0, 275.0, 300.0,
            3e-3, 0.06, dt, 4000.0, world.forces, np.empty((room, 11)), np.empty((room, 11)), relative,
            np.empty((3, 2)),
        )  # fmt: skip
        return relative[n - 1], t, used, station

    head = ("period s", "closing", "across", "propellant", "contact", "flight", "orbit")
    print("\n" + "".join(f"{h:>11}" for h in head))
    for dt in PERIODS:
        last, t, used, station = fly(dt)
        y = begin.copy()
        propagate(0.0, t, y, 15.0, world.forces, 880.0, np.empty((0, 4)), 1.0, 300.0, np.empty((0, 11)))
        wrong = np.linalg.norm(y[:3] - station[:3])
        seconds = best(lambda dt=dt: fly(dt), 3)
        print(
            f"{dt:11.1f}{-last[3:6] @ AXIS:7.3f} m/s{100 * np.hypot(last[1], last[2]):8.1f} cm{used:8.2f} kg"
            f"{t:9.0f} s{1e3 * seconds:8.1f} ms{wrong:9.1e} m"
        )


if __name__ == "__main__":
    main()
