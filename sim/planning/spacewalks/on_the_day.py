"""A plan of spacewalks as it is carried out: on another trajectory, with the start chosen on the day.

The air of that trajectory is denser or thinner than the forecast's, so after weeks the station is somewhere else on its
orbit. A day or two before, tracking knows where, and the start moves to the sunrise that is nearest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.orbit.radiation import anomaly
from sim.planning.spacewalks.known_orbit import KeptOrbit, kept_orbit, planned_orbit
from sim.planning.spacewalks.plan import Planned, SpacewalkPlan
from sim.planning.spacewalks.sky import sampled
from sim.planning.spacewalks.windows import Season

STEP = 20.0  # s between samples
MOVE = 60.0  # s between two starts that are looked at
REVOLUTION = 6000.0  # s, and some more


@dataclass(frozen=True)
class CarriedOut:
    """`density`: of the air, as a share of the forecast's; `orbit`, as flown; `starts` s, one for each planned walk;
    `apart` rad, by how far the station is from where the forecast has it, at the last of them."""

    density: float
    orbit: KeptOrbit
    starts: tuple[float, ...]
    apart: float


def carried_out(found: Season, plan: SpacewalkPlan, density: float) -> CarriedOut:
    """The plan on a trajectory in such air, raised when the forecast raises it: by as much as it takes, or as a plan of
    raises has it."""
    low, high = found.rules.planning.kept_km
    forecast = found.orbit
    of = forecast.elements, found.station, forecast.world
    if forecast.rows is not None:
        orbit = planned_orbit(*of, forecast.rows, density)
    else:
        orbit = kept_orbit(*of, (low, high), burns=forecast.burns, density=density)
    starts = tuple(_start(found, orbit, walk) for walk in plan.walks)
    return CarriedOut(density, orbit, starts, _apart(forecast, orbit, plan.walks[-1].start) if plan.walks else 0.0)


def _start(found: Season, orbit: KeptOrbit, walk: Planned) -> float:
    """The start nearest to the planned one that leaves as much sunlight as the rules ask for; the planned one where
    none does."""
    margin = 60.0 * found.rules.planning.retime_min
    t = np.arange(walk.start - margin - 3.0 * STEP, walk.start + margin + REVOLUTION, STEP)
    zone = anomaly(found.zero.plus(walk.start))
    sky = sampled(t, *orbit.path.at(t)[:2], orbit.world, zone, found.rules)
    moves = np.arange(-(margin // MOVE) * MOVE, margin + 1.0, MOVE)
    # A minute more than the rule, and some time after the sunrise: the edge of the shadow is sampled, and takes 10 s.
    good = sky.sun_left[sky.index(walk.start + moves)] >= 60.0 * found.rules.light.sun_left_least_min + 60.0
    good &= sky.lit[sky.index(walk.start + moves - 2.0 * STEP)]
    if not good.any():
        return walk.start
    return walk.start + float(min(moves[good], key=abs))


def _apart(one: KeptOrbit, other: KeptOrbit, t: float) -> float:
    a, b = (orbit.path.at(t)[0][0] for orbit in (one, other))
    cosine = float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.arccos(np.clip(cosine, -1.0, 1.0)))
