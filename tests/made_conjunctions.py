"""Conjunctions made for the avoidance planner: the station's flown state at a time, and a secondary near it.

The secondary's velocity gives the kind, the miss is drawn across the relative velocity, and all errors are drawn from
10 to 1000 m in each RTN axis. Each breaks the limit of 1e-4. Everything follows from the seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.conjunctions.avoidance import RED, AvoidanceRule, Conjunction
from sim.conjunctions.encounter import Encounter, inertial_covariance, rtn_axes
from sim.conjunctions.encounter_judgement import judge_conjunction
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.propagation.force_model import AtmosphereChoice, GravityChoice, Orbit, ThirdBodyChoice

KINDS = ("radial", "in-track", "cross", "slow", "two at once")
RADIUS_M = 40.0  # the station's 34 m, half its diagonal, and a satellite's
MEAN_MOTION = 1.134e-3  # rad/s
RULE = AvoidanceRule(RED)


@dataclass(frozen=True)
class MadeCase:
    """`conjunctions` in order of time; `not_before` s: the first time of a burn."""

    name: str
    kind: str
    conjunctions: tuple[Conjunction, ...]
    not_before: float


def station(duration: float, full: bool = True) -> Orbit:
    """The station in October 2026, 400 km up; `full`: harmonics to degree 20, Sun, Moon and air, else J2 alone."""
    r = np.array([6778137.0, 0.0, 0.0])
    tilt = math.radians(41.5)
    v = 7668.56 * np.array([0.0, math.cos(tilt), math.sin(tilt)])
    plain = Orbit(
        "station", Epoch.from_utc("2026-10-06T00:00:00Z"), r, v, duration, 60.0, mass=97000.0, drag_area=300.0
    )
    if not full:
        return replace(plain, gravity=GravityChoice("j2"))
    return replace(
        plain,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=ThirdBodyChoice(True, True),
        atmosphere=AtmosphereChoice("nrlmsise00", f107=110.0, f107a=110.0, ap=10.0),
    )


def made_cases(path: Trajectory, count: int = 50, seed: int = 17) -> list[MadeCase]:
    """`count` cases, the kinds in turn; every fifth of a kind has less than a revolution of lead."""
    generator = np.random.Generator(np.random.Philox(key=seed))
    cases = []
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        short = (i // len(KINDS)) % 5 == 4
        tca = float(generator.uniform(70000.0, 80000.0))
        lead = float(generator.uniform(2400.0, 5000.0) if short else generator.uniform(8000.0, 66000.0))
        own = kind if kind != "two at once" else str(generator.choice(KINDS[:3]))
        made = [_made(generator, path, own, tca, f"{own} {i}")]
        if kind == "two at once":
            apart = float(generator.uniform(300.0, 6000.0))
            other = str(generator.choice(KINDS[:3]))
            made.append(_made(generator, path, other, tca + apart, f"{other} {i}, second"))
        cases.append(MadeCase(f"{i:02d}", kind, tuple(made), tca - lead))
    return cases


def _made(generator, path: Trajectory, kind: str, tca: float, name: str) -> Conjunction:
    """Drawn until it breaks the rule, and not by a hit that is nearly sure."""
    r, v = (x[0] for x in path.at(np.array([tca]))[:2])
    axes = rtn_axes(r, v)
    while True:
        w = _relative_velocity(generator, kind, float(np.linalg.norm(v)))
        across = np.linalg.svd(w[None])[2][1:]
        toward = {"radial": 0, "in-track": 1, "cross": 2}.get(kind)
        direction = across.T @ generator.normal(size=2) if toward is None else across.T @ across[:, toward]
        miss = direction / np.linalg.norm(direction) * float(np.exp(generator.uniform(math.log(5.0), math.log(2000.0))))
        sigmas = np.exp(generator.uniform(math.log(10.0), math.log(1000.0), size=(2, 3)))
        covariances = [inertial_covariance(_with_velocity(s), r, v) for s in sigmas]
        encounter = Encounter(r, v, covariances[0], r + axes.T @ miss, v + axes.T @ w, covariances[1], RADIUS_M)
        made = Conjunction(name, tca, encounter)
        if judge_conjunction(made, RULE).breaks:
            return made


def _relative_velocity(generator, kind: str, speed: float) -> np.ndarray:
    """(3,) m/s in RTN. Of two circles: a small angle leaves an in-track miss, a large one a cross-track miss."""
    if kind == "slow":
        direction = generator.normal(size=3)
        return direction / np.linalg.norm(direction) * float(generator.uniform(3.0, 60.0))
    low, high = {"radial": (30.0, 150.0), "in-track": (5.0, 40.0), "cross": (150.0, 175.0)}[kind]
    angle = math.radians(float(generator.uniform(low, high))) * float(generator.choice([-1.0, 1.0]))
    return speed * np.array([0.0, math.cos(angle) - 1.0, math.sin(angle)])


def _with_velocity(sigmas: np.ndarray) -> np.ndarray:
    """(6, 6) m2, m2/s, m2/s2 in RTN; an in-track error goes with a radial velocity, a radial with an in-track."""
    radial, track, normal = sigmas
    c = np.diag(np.concatenate([sigmas, MEAN_MOTION * np.array([track, radial, normal])]) ** 2)
    c[1, 3] = c[3, 1] = -0.9 * MEAN_MOTION * track**2
    c[0, 4] = c[4, 0] = -0.9 * MEAN_MOTION * radial**2
    return c
