"""What step does the ascent need? Staging, insertion and propellant left beside the time of a flight.

The vehicle, pad and plane of the shenzhou-20 scenario, the kick and azimuth that its search finds at 0.25 s; then one
whole guided ascent, and one dispersed run of a campaign, as `tiangong montecarlo` flies it.
"""

import math

import numpy as np
from machine import best, machine

from kernels.ascent.ascent import HEIGHT
from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import state_to_elements
from sim.ascent.steering import solve, steered, target
from sim.build.mission import build
from sim.campaign.load import load_campaign
from sim.campaign.phases import ready
from sim.campaign.run import Prepared, flown, nominal
from sim.files.paths import MISSIONS
from sim.phases.ascent import Ascent
from sim.scenario import load

STEPS = (1.0, 0.5, 0.25, 0.125, 0.0625)
PERIGEE, APOGEE = 200e3, 350e3
STAGE_1, INSERTION = 1, 3  # rows of the marks: the end of the second and of the last phase


def main():
    print(machine())
    mission = build(load(MISSIONS / "shenzhou-20.toml"))
    phase = next(p for p in mission.phases if isinstance(p, Ascent))
    world, site = mission.world, phase.site
    record = phase.launcher.record._replace(payload=float(phase.ship.mass))
    aim = target(0.0, site, plane(world, world.site_eci(site, 0.0)[0]), PERIGEE, APOGEE, world)
    forces = world.forces._replace(drag=0)
    steering = solve(record, aim, math.radians(98.3), world)
    kick, azimuth = math.degrees(steering.kick), math.degrees(steering.azimuth)
    print(f"kick {kick:.4f} deg, azimuth {azimuth:.3f} deg, found in {steering.flights} flights\n")
    print(f"{'step s':>8} {'staging km':>11} {'perigee km':>11} {'apogee km':>10} {'left kg':>8} {'flight':>10}")
    for dt in STEPS:
        flight = steered(record, aim, steering, forces, dt)
        staging = int(np.searchsorted(flight.nodes[:, 0], flight.marks[STAGE_1, 0] - 1e-7))
        r, v = flight.nodes[-1, 1:4].copy(), flight.nodes[-1, 4:7].copy()
        a, e = state_to_elements(r, v, MU_EARTH)[:2]
        low, high = (a * (1.0 - e) - R_EQUATOR) / 1e3, (a * (1.0 + e) - R_EQUATOR) / 1e3
        seconds = best(lambda dt=dt: steered(record, aim, steering, forces, dt))
        height = flight.extras[staging, HEIGHT] / 1e3
        print(f"{dt:8.4f} {height:11.3f} {low:11.3f} {high:10.3f} {flight.left:8.1f} {1e3 * seconds:7.1f} ms")
    print(f"insertion at {flight.marks[INSERTION, 0]:.1f} s\n")
    campaign(mission)


def campaign(mission):
    """One ascent as the mission flies it, planned, with its station, events and series; and with random dispersions."""
    dispersed = load_campaign("ascent")
    planned, _ = ready(mission, "ascent")
    prepared = Prepared(planned, "ascent", dispersed.dispersions, dispersed.seed)
    print(f"one guided ascent, whole phase {1e3 * best(lambda: nominal(prepared)):7.1f} ms")
    print(f"one dispersed run of a campaign {1e3 * best(lambda: flown(prepared, 1)):6.1f} ms")


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
