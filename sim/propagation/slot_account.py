"""A slot that was kept, in numbers: how far the craft was from it, and what that cost beside the theory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.orbit import geostationary as theory
from sim.propagation.force_model import KeepingChoice
from sim.propagation.propagate import FlownOrbit
from sim.propagation.slot_plan import REVOLUTION, daily_mean

EVERY = 1800.0  # s between two looks at the longitude: it swings once a day


@dataclass(frozen=True)
class Cost:
    """Of one kind of burns, m/s: `first`, that of the first cycle, which brings the craft to its place; `flown` by the
    later ones, and by `theory` for the same `span` s, from the first cycle's burn to the last one."""

    kind: str
    burns: int
    first: float
    flown: float
    theory: float
    span: float

    @property
    def share(self) -> float:
        """By how much more was flown than the theory has, as a share of it; 0 where there was one cycle alone."""
        return self.flown / self.theory - 1.0 if self.theory > 0.0 else 0.0

    @property
    def a_year(self) -> float:
        """Flown, m/s a year; 0 where there was one cycle alone."""
        return self.flown / self.span * theory.YEAR if self.span > 0.0 else 0.0

    @property
    def theory_a_year(self) -> float:
        return self.theory / self.span * theory.YEAR if self.span > 0.0 else 0.0


@dataclass(frozen=True)
class SlotAccount:
    """From `counted_from` s on, the start of the second cycle: least and greatest longitude less that of the slot, and
    latitude, as they were; greatest inclination and eccentricity of daily means. Rad. `kept`: within the limits of the
    slot all the while."""

    choice: KeepingChoice
    counted_from: float
    longitude: tuple[float, float]
    latitude: tuple[float, float]
    inclination: float
    eccentricity: float
    costs: tuple[Cost, ...]

    @property
    def kept(self) -> bool:
        east_west = max(-self.longitude[0], self.longitude[1]) <= self.choice.half_width
        return east_west and self.inclination <= self.choice.inclination


def account(flown: FlownOrbit) -> SlotAccount:
    """Of an orbit that was flown with a slot to keep, for more than a cycle; ValueError for another."""
    choice, path, world = flown.orbit.keeping, flown.trajectory, flown.world
    if choice is None:
        raise ValueError("this orbit keeps no slot: Orbit.keeping is None")
    start = choice.east_west if path.end > choice.east_west + REVOLUTION else 0.0
    t = np.append(np.arange(start, path.end, EVERY), path.end)
    fixed = np.einsum("nij,nj->ni", world.ecef_each(t), path.at(t)[0])
    error = np.arctan2(fixed[:, 1], fixed[:, 0]) - choice.longitude
    error -= 2.0 * math.pi * np.round(error / (2.0 * math.pi))
    latitude = np.arcsin(fixed[:, 2] / np.linalg.norm(fixed, axis=1))
    middles = np.arange(start + 0.5 * REVOLUTION, path.end - 0.5 * REVOLUTION, REVOLUTION).tolist()
    means = [daily_mean(path, t, world, choice.longitude) for t in middles]
    return SlotAccount(
        choice,
        start,
        (float(error.min()), float(error.max())),
        (float(latitude.min()), float(latitude.max())),
        max((math.asin(float(np.linalg.norm(m.normal))) for m in means), default=0.0),
        max((float(np.linalg.norm(m.eccentricity)) for m in means), default=0.0),
        tuple(_cost(flown, choice, kind) for kind in ("north-south", "east-west")),
    )


def _cost(flown: FlownOrbit, choice: KeepingChoice, kind: str) -> Cost:
    burns = [b for b in flown.kept if b.kind == kind]
    if not burns:
        return Cost(kind, 0, 0.0, 0.0, 0.0, 0.0)
    first = [b for b in burns if b.cycle == burns[0].cycle]
    last = next(b for b in burns if b.cycle == burns[-1].cycle)
    span = last.at - first[0].at
    if kind == "north-south":
        by_theory = theory.north_south(flown.orbit.epoch.plus(first[0].at), span) if span > 0.0 else 0.0
    else:
        by_theory = theory.east_west(choice.longitude, span)
    later = math.fsum(abs(b.flown) for b in burns[len(first) :])
    return Cost(kind, len(burns), math.fsum(abs(b.flown) for b in first), later, by_theory, span)
