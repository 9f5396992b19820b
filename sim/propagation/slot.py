"""A geostationary slot kept: the truth flown from burn to burn, each cycle planned from the orbit known then."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.maths.random import Stream, normals
from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast
from sim.core.flight import Failure
from sim.core.random_streams import stream
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.orbit.propagate import trajectory
from sim.propagation.force_model import ImpulseChoice, KeepingChoice, Orbit
from sim.propagation.maneuvers import kicked
from sim.propagation.propagate import METHOD, FlownOrbit, build
from sim.propagation.slot_plan import REVOLUTION, PlannedBurn, SlotPlanner

FARTHEST = math.radians(30.0)  # of the mean longitude from the slot, where keeping is no longer what is needed
DRAWS = 4  # a cycle, of the orbit; and one for each burn


@dataclass(frozen=True)
class KeepingBurn:
    """At `at` s, in the cycle with this number: `planned` and `flown` m/s with their sign, "east-west" along the motion
    or "north-south" along the orbit normal."""

    at: float
    cycle: int
    kind: str
    planned: float
    flown: float


def kept(orbit: Orbit, choice: KeepingChoice) -> FlownOrbit:
    """Fly an orbit and keep its slot; Failure for one that is not near it."""
    world = build(orbit)
    degree = min(choice.degree, orbit.gravity.degree)
    gravity = replace(orbit.gravity, degree=degree, order=min(degree, orbit.gravity.order))
    area = orbit.srp_area * orbit.reflectivity
    planner = SlotPlanner(choice, build(replace(orbit, gravity=gravity)), area * (1.0 + choice.sunlight))
    y = np.concatenate([orbit.r, orbit.v, [orbit.mass]]).astype(float)
    burns: list[KeepingBurn] = []
    parts: list[Trajectory] = []
    cycles = math.ceil(orbit.duration / choice.east_west - 1e-9)
    for cycle in range(cycles):
        start = cycle * choice.east_west
        end = min(start + choice.east_west, orbit.duration)
        draws = stream(choice.seed, cycle, "slot keeping")
        _refuse_astray(start, y, world, choice)
        planned = planner.burns(start, as_known(y, choice, draws), cycle) if end - start > REVOLUTION else []
        made = _carried_out([b for b in planned if b.at < end], cycle, choice, draws)
        burns += made
        parts += _through(replace(orbit, impulses=_impulses(made, choice)), world, y, (start, end))
    flown = replace(orbit, impulses=_impulses(burns, choice))
    return FlownOrbit(flown, joined(parts), world, kept=tuple(burns))


def as_known(y: np.ndarray, choice: KeepingChoice, draws: Stream) -> np.ndarray:
    """The state y (7,) turned by what is not known of its plane and longitude, with an axis that is off."""
    z = np.empty(DRAWS)
    normals(draws, 0, z)
    turn = np.array([choice.plane_sigma * z[0], choice.plane_sigma * z[1], choice.longitude_sigma * z[2]])
    r, v = (x + np.cross(turn, x) for x in (y[:3], y[3:6]))
    share = choice.axis_sigma * z[3] / (2.0 * float(np.linalg.norm(y[:3])))  # da / a = 2 dv / v
    return np.concatenate([r, v * (1.0 + share), y[6:]])


def _refuse_astray(t: float, y: np.ndarray, world: World, choice: KeepingChoice) -> None:
    p = world.ecef(t) @ y[:3]
    error = (math.atan2(p[1], p[0]) - choice.longitude + math.pi) % (2.0 * math.pi) - math.pi
    if abs(error) > FARTHEST or not math.isfinite(error):
        raise Failure(
            f"the craft stands {math.degrees(error):+.1f} deg from its slot at {world.zero.plus(t)}, more than "
            f"{math.degrees(FARTHEST):g}: it has to be moved there first, by [[impulses]] of an orbit without "
            f"[station_keeping]"
        )


def _carried_out(planned: list[PlannedBurn], cycle: int, choice: KeepingChoice, draws: Stream) -> list[KeepingBurn]:
    z = np.empty(len(planned))
    normals(draws, DRAWS, z)
    return [
        KeepingBurn(b.at, cycle, b.kind, b.size, b.size * (1.0 + choice.burn_sigma * x))
        for b, x in zip(planned, z.tolist(), strict=True)
    ]


def _impulses(burns: list[KeepingBurn], choice: KeepingChoice) -> tuple[ImpulseChoice, ...]:
    return tuple(ImpulseChoice(b.at, _along(b), "rtn", choice.isp) for b in burns)


def _along(burn: KeepingBurn) -> np.ndarray:
    along = (0.0, burn.flown, 0.0) if burn.kind == "east-west" else (0.0, 0.0, burn.flown)
    return np.array(along)


def _through(orbit: Orbit, world: World, y: np.ndarray, span: tuple[float, float]) -> list[Trajectory]:
    """The arcs of one cycle; y (7,) in place."""
    times = sorted({*span, *(i.at for i in orbit.impulses)})
    parts = []
    for start, end in zip(times[:-1], times[1:], strict=True):
        kicked(orbit, start, y)
        nodes = np.empty((math.ceil((end - start) / world.step) + 4, 11))
        cra = orbit.srp_area * orbit.reflectivity
        count = coast(start, end, y, world.step, METHOD, make_full(world.forces, 0.0, cra / y[6]), nodes)
        nodes[count - 1, 0] = end  # the steps add up to it but for a rounding
        parts.append(trajectory(nodes[:count]))
    return parts
