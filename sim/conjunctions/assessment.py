"""What is known of one encounter: miss, probability by each method, the largest one, whether two dimensions serve."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.conjunctions import short_encounter as short
from sim.conjunctions.encounter import Encounter, rtn_axes
from sim.conjunctions.errors import EncounterError
from sim.conjunctions.judgement import Fitness, fits, one_covariance_maximum
from sim.conjunctions.long_encounter import expected_collisions

METHODS = {
    "alfano": short.alfano,
    "foster": short.foster,
    "patera": short.patera,
    "chan": short.chan,
    "alfriend": short.alfriend,
    "square": short.square,
}


@dataclass(frozen=True, eq=False)
class Assessment:
    """Of an encounter at the instant of its states; `dt_s`: from it to the closest approach of straight lines.

    `probabilities`: of two dimensions by method, empty where there is no encounter plane; `maximum`: the largest over a
    common scale of the errors, and that scale; `collisions`: expected over time, None where it was not asked for or
    cannot be had, with the reason in `not_integrated`. `bounded`: one covariance is missing, and the worst was taken.
    """

    encounter: Encounter
    dt_s: float
    miss_rtn: np.ndarray
    velocity_rtn: np.ndarray
    fitness: Fitness
    probabilities: dict[str, float]
    maximum: tuple[float, float] | None
    collisions: float | None
    not_integrated: str
    bounded: bool = False

    @property
    def speed(self) -> float:
        """m/s, relative."""
        return float(np.linalg.norm(self.velocity_rtn))

    @property
    def miss(self) -> float:
        """m, at the closest approach."""
        return float(np.linalg.norm(self.miss_rtn))

    @property
    def diluted(self) -> bool | None:
        """Whether smaller errors would make the probability larger; None where that is not known."""
        return None if self.maximum is None else self.maximum[1] < 1.0

    @property
    def best(self) -> float | None:
        """The probability to use: of two dimensions where these serve, else over time; None where neither is known."""
        if self.fitness.fits and self.probabilities:
            return self.probabilities["alfano"]
        return None if self.collisions is None else min(1.0, self.collisions)


def assess(encounter: Encounter, always_integrate: bool = False) -> Assessment:
    """All of it; the integration over time only where two dimensions do not serve, unless it is asked for.

    EncounterError where neither object has a covariance, or what there is cannot be one.
    """
    bounded = (encounter.c1 is None) != (encounter.c2 is None)
    used = one_covariance_maximum(encounter)
    moved, dt = used.at_closest_approach()
    fitness = fits(used)
    axes = rtn_axes(moved.r1, moved.v1)
    probabilities, maximum = {}, None
    if fitness.speed_m_s > 0.0:
        plane = moved.plane()
        probabilities = {name: method(plane) for name, method in METHODS.items()}
        if plane.radius_m > 0.0:  # else no scale of the errors makes a collision
            maximum = short.maximum(plane)
    collisions, reason = None, "" if fitness.fits else "not possible"
    if always_integrate or not fitness.fits:
        try:
            collisions, reason = expected_collisions(encounter), ""
        except EncounterError as error:
            reason = str(error)
    if collisions is not None and not math.isfinite(collisions):
        raise EncounterError("the expected number of collisions is no finite number")
    return Assessment(
        used,
        dt,
        axes @ moved.miss,
        axes @ moved.relative_velocity,
        fitness,
        probabilities,
        maximum,
        collisions,
        reason,
        bounded,
    )
