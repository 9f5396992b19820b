"""Is the default step good to 1 mm a day? Random orbits through every set of forces, against DOP853 at a sixth of it.

    python -m benches default_step [--orbits N] [--seed N]

Perigees 200 to 2000 km up (falling ones 185 to 200), every plane, eccentricities to 0.05 and from there to 0.75; a
craft of 0.013 m2/kg in sunlight and 0.022 in air. Beside the worst miss stands that of the check itself: DOP853 at a
quarter of the step against a sixth. Then what a tolerance other than the default does to one low orbit.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from benches.machine import machine
from kernels.constants import MU_EARTH
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast
from kernels.orbit.propagate import SurfaceAreas, arc
from sim.core.epoch import Epoch
from sim.environment.world import World
from sim.propagation.force_model import (
    AtmosphereChoice,
    BurnChoice,
    GravityChoice,
    Orbit,
    RadiationChoice,
    ThirdBodyChoice,
)
from sim.propagation.propagate import METHOD, STILL, build, edges, step_of, thrust_at

DAY = 86400.0
EPOCH = Epoch.from_utc("2024-03-20T00:00:00Z")
NO_NODES = np.empty((0, 11))
BOTH = ThirdBodyChoice(True, True)
AIR = {"drag_area": 10.0, "atmosphere": AtmosphereChoice("nrlmsise00")}
SUN = {"srp_area": 10.0, "reflectivity": 1.3, "radiation": RadiationChoice("conical")}
BURN = {
    "burns": (
        BurnChoice(
            start=3000.0,
            duration=60000.0,
            thrust=0.2,
            direction=np.array([1.0, 0.0, 0.0]),
            frame="lvlh",
            mass_flow=1.36e-5,
        ),
    )
}
FORCES = {
    "20x20": {},
    "70x70": {"gravity": GravityChoice("egm2008", 70, 70)},
    "20x20, sunlight": SUN,
    "20x20, sunlight, 0.2 N for 60,000 s": SUN | BURN,
    "20x20, US76": {"drag_area": 10.0, "atmosphere": AtmosphereChoice("us76")},
    "20x20, sunlight, NRLMSISE-00": SUN | AIR,
    "the same, falling from 185..200 km": SUN | AIR,
}


def drawn(rng, forces: dict, eccentric: bool, falling: bool) -> Orbit:
    e = rng.uniform(0.05, 0.75) if eccentric else rng.uniform(0.0, 0.01 if falling else 0.05)
    radius = 6378e3 + (rng.uniform(185e3, 200e3) if falling else rng.uniform(200e3, 2000e3))
    inclination = math.acos(rng.uniform(-1.0, 1.0))
    state = elements_to_state(radius / (1.0 - e), e, inclination, *rng.uniform(-math.pi, math.pi, 3), MU_EARTH)
    orbit = Orbit(
        name="random",
        epoch=EPOCH,
        r=state[:3],
        v=state[3:],
        duration=DAY,
        step=DAY,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=BOTH,
    )
    return replace(orbit, **forces)


def end(orbit: Orbit, world: World, step: float, always_runge_kutta: bool) -> np.ndarray:
    y = np.concatenate([orbit.r, orbit.v, [orbit.mass]])
    cda, cra = orbit.drag_area * orbit.drag_coefficient, orbit.srp_area * orbit.reflectivity
    times = edges(orbit)
    for start, stop in zip(times[:-1], times[1:], strict=True):
        thrust = thrust_at(orbit, 0.5 * (start + stop))
        if always_runge_kutta or thrust is not STILL:
            arc(start, stop, y, step, world.forces, SurfaceAreas(drag=cda, radiation=cra), thrust, NO_NODES)
        else:
            coast(start, stop, y, step, METHOD, make_full(world.forces, cda / y[6], cra / y[6]), NO_NODES)
    return y[:3]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench default_step", description=__doc__.partition("\n")[0])
    parser.add_argument("--orbits", type=whole(1, 10_000), default=20, help="of each kind")
    parser.add_argument("--seed", type=whole(0, 2**64 - 1), default=2026)
    asked = parser.parse_args(arguments)
    print(f"{machine()}\n\n{'forces':38}{'e':>8}{'worst m':>10}{'median m':>10}{'check m':>10}   the worst")
    for name, forces in FORCES.items():
        falling = "falling" in name
        for eccentric in (False, True):
            rng, rows = np.random.default_rng(asked.seed), []
            for _ in range(asked.orbits):
                orbit = drawn(rng, forces, eccentric, falling)
                world = build(orbit)
                best, good = (end(orbit, world, world.step / n, True) for n in (6, 4))
                miss = np.linalg.norm(end(orbit, world, world.step, False) - best)
                perigee = 1e-3 * _perigee(orbit) - 6378.0
                rows.append((miss, np.linalg.norm(good - best), f"{world.step:.1f} s, perigee {perigee:.0f} km"))
            worst = max(rows)
            kind = "..0.75" if eccentric else "..0.01" if falling else "..0.05"
            middle, check = np.median([row[0] for row in rows]), max(row[1] for row in rows)
            print(f"{name:38}{kind:>8}{worst[0]:10.1e}{middle:10.1e}{check:10.1e}   {worst[2]}", flush=True)
    low = Orbit(
        "low",
        EPOCH,
        *np.split(np.array(elements_to_state(6.785e6, 0.001, 0.8, 1.0, 2.0, 3.0, MU_EARTH)), 2),
        DAY,
        DAY,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=BOTH,
    )
    world = build(low)
    truth = end(low, world, 5.0, True)
    print(f"\n20x20 at 400 km\n{'tolerance':>10}{'step s':>9}{'error m':>10}")
    for power in range(-15, -7):
        step = step_of(replace(low, tolerance=10.0**power))
        print(f"{10.0**power:10.0e}{step:9.2f}{np.linalg.norm(end(low, world, step, False) - truth):10.1e}")


def _perigee(orbit: Orbit) -> float:
    h2 = float(np.sum(np.cross(orbit.r, orbit.v) ** 2))
    a = 1.0 / (2.0 / float(np.linalg.norm(orbit.r)) - float(orbit.v @ orbit.v) / MU_EARTH)
    return h2 / (MU_EARTH * (1.0 + math.sqrt(max(0.0, 1.0 - h2 / (MU_EARTH * a)))))


if __name__ == "__main__":
    main()
