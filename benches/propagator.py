"""What step does an orbit need? Position error after a day beside the time it takes, for several steps and fields.

8x8 over a steadily turning Earth against heyoka in 80-bit arithmetic; 20x20 over the real Earth against Orekit (its
Earth orientation differs by some millimetres, see tests/tolerance.py); the mission's model against itself at 15 s.
"""

import json

import numpy as np
from machine import ROOT, best, machine

from kernels.propagate import propagate
from kernels.records import Orientation, make
from sim.epoch import Epoch
from sim.gravity_fields import egm2008
from sim.world import Weather, build_world

DAY = 86400.0
STEPS = (15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0)
CDA, MASS = 880.0, 1.0e5


def fly(state, forces, step):
    y = np.append(state, MASS)
    propagate(0.0, DAY, y, step, forces, CDA, np.empty((0, 4)), 1.0, 300.0, np.empty((0, 11)))
    return y[:3]


def turning(theta, rate):
    rows = np.zeros((8, 12))
    rows[:, [0, 4, 8]] = 1.0
    rows[:, 9] = theta
    return make(Orientation, t0=-DAY, dt=10 * DAY, rate=rate, rows=rows)


def table(title, state, forces, truth):
    print(f"\n{title}\n{'step s':>8} {'error after a day':>20} {'time for a day':>16}")
    for step in STEPS:
        error = np.linalg.norm(fly(state, forces, step) - truth)
        print(f"{step:8.0f} {error:18.2e} m {1e3 * best(lambda step=step: fly(state, forces, step)):13.2f} ms")


def main():
    print(machine())
    orbits = json.loads((ROOT / "tests" / "data" / "orbits.json").read_text())
    zero = Epoch.from_utc(orbits["epoch_utc"])
    world = build_world(
        zero, 0.0, DAY, degree=8, sun=True, moon=True, weather=Weather(f107=150.0, f107a=150.0, ap=4.0), step=60.0
    )
    case = orbits["egm2008_8x8_uniform"]
    start, end = np.array(case["rows"][0][1:7]), np.array(case["rows"][-1][1:4])
    bare = world.forces._replace(third_body=0, drag=0, orientation=turning(case["theta0_rad"], case["omega_rad_s"]))
    table("EGM2008 8x8, against heyoka", start, bare, end)
    case = orbits["egm2008_20x20_sun_moon"]
    start, end = np.array(case["rows"][0][1:7]), np.array(case["rows"][-1][1:4])
    table("EGM2008 20x20, Sun, Moon, against Orekit", start, world.forces._replace(gravity=egm2008(20), drag=0), end)
    table("8x8, Sun, Moon, NRLMSISE-00, against itself at 10 s", start, world.forces, fly(start, world.forces, 10.0))


if __name__ == "__main__":
    main()
