"""What step does the ascent need? Staging, insertion and propellant left beside the time of a flight.

The vehicle, pad and plane of the shenzhou-20 scenario, the kick and azimuth that its search finds at 0.25 s.
"""

import math

import numpy as np
from machine import best, machine

from kernels.ascent import INSERTION, STAGE_1, fly_ascent
from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.kepler import state_to_elements
from sim.build import build
from sim.phases.ascent import Ascent, solve_steering
from sim.places import MISSIONS
from sim.scenario import load

STEPS = (1.0, 0.5, 0.25, 0.125, 0.0625)
PERIGEE, APOGEE = R_EQUATOR + 200e3, R_EQUATOR + 350e3
SPEED = math.sqrt(2.0 * MU_EARTH * (1.0 / PERIGEE - 1.0 / (PERIGEE + APOGEE)))


def main():
    print(machine())
    mission = build(load(MISSIONS / "shenzhou-20.toml"))
    phase = next(p for p in mission.phases if isinstance(p, Ascent))
    world, site = mission.world, phase.site
    record = phase.launcher.record._replace(payload=float(phase.ship.mass))
    t0 = 0.0
    r0, v0 = world.site_eci(site, t0)
    normal = plane(world, r0)
    forces = world.forces._replace(drag=0)
    nodes, extras, events = np.empty((20000, 11)), np.empty((20000, 4)), np.empty((6, 2))

    def run(kick, azimuth, dt=0.25):
        return fly_ascent(t0, r0, v0, kick, azimuth, normal, PERIGEE, SPEED, record, forces, dt, nodes, extras, events)

    kick, azimuth, flights = solve_steering(run, math.radians(98.3))
    print(f"kick {math.degrees(kick):.4f} deg, azimuth {math.degrees(azimuth):.3f} deg, found in {flights} flights\n")
    print(f"{'step s':>8} {'staging km':>11} {'perigee km':>11} {'apogee km':>10} {'left kg':>8} {'flight':>10}")
    for dt in STEPS:
        _, count, left, _ = run(kick, azimuth, dt)
        staging = int(np.searchsorted(nodes[:count, 0] - t0, events[STAGE_1, 0] - 1e-7))
        a, e = state_to_elements(nodes[count - 1, 1:4], nodes[count - 1, 4:7], MU_EARTH)[:2]
        low, high = (a * (1.0 - e) - R_EQUATOR) / 1e3, (a * (1.0 + e) - R_EQUATOR) / 1e3
        seconds = best(lambda dt=dt: run(kick, azimuth, dt))
        height = extras[staging, 3] / 1e3
        print(f"{dt:8.4f} {height:11.3f} {low:11.3f} {high:10.3f} {left:8.1f} {1e3 * seconds:7.1f} ms")
    print(f"insertion at {events[INSERTION, 0]:.1f} s")


def plane(world, pad):
    """Normal of a plane of 41.467 deg, descending, that the pad lies 0.2 deg north of."""
    turn, inclination = world.true_of_date(0.0), math.radians(41.467)
    x, y, z = turn @ pad / np.linalg.norm(pad)
    # sin i sin(node) x - sin i cos(node) y = sin(0.2 deg) - cos i z
    side = (math.sin(math.radians(0.2)) - math.cos(inclination) * z) / (math.sin(inclination) * math.hypot(x, y))
    node = math.atan2(y, x) - math.pi + math.asin(-side)
    h = [math.sin(inclination) * math.sin(node), -math.sin(inclination) * math.cos(node), math.cos(inclination)]
    return turn.T @ np.array(h)


if __name__ == "__main__":
    main()
