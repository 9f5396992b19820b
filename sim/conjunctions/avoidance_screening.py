"""An avoidance plan screened against a catalogue: what the burned path meets is added, and all is planned again.

The burned path is screened as every other craft is (`sim.conjunctions.screening.screen`): one sieve, one search of
roots. The craft stays the one that was screened without the burn, moved by the difference of two flights, with the burn
and without; so an element set keeps the path that its approaches were found on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.conjunctions.avoidance import CandidateBurn, Conjunction
from sim.conjunctions.avoidance_plan import AvoidancePlan, Request, plan_avoidance, with_burn
from sim.conjunctions.encounter import Encounter, inertial_covariance
from sim.conjunctions.encounter_judgement import JudgedConjunction, judge_conjunction
from sim.conjunctions.screened_craft import DAY, PathCraft, ScreenedCraft, dates_of
from sim.conjunctions.screening import NEAR, screen
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import AgeModel
from sim.core.epoch import Epoch
from sim.interchange.mean import STALE_DAYS
from sim.propagation.force_model import Orbit
from sim.propagation.propagate import propagate

SAME_S = 60.0  # two approaches of one object within it are one
ROUNDS = 4
BESIDE_S = 3.0 * 3600.0  # two revolutions


@dataclass(frozen=True, eq=False)
class BurnedCraft:
    """`base` moved by what a burn did: `burned` less `plain`, two flights from one state; TEME."""

    base: ScreenedCraft
    plain: PathCraft
    burned: PathCraft
    epoch: Epoch | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        return self.base.name

    @property
    def number(self) -> int | None:
        return self.base.number

    def states(self, start: Epoch, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        (r, v), (r0, v0), (r1, v1) = (one.states(start, t) for one in (self.base, self.plain, self.burned))
        return r + (r1 - r0), v + (v1 - v0)

    def other(self, start: Epoch, t: np.ndarray, half: float) -> np.ndarray:
        """The sum of all three: gravity itself leaves less, as it differs by the product of two small displacements."""
        one, two, three = (each.other(start, t, half) for each in (self.base, self.plain, self.burned))
        return one + two + three


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a craft is screened against. `within_m`: approaches below this range; `radius_m`: the sum of both radii;
    `skip`: rows of the catalogue that are left out; `model`: the covariance of element sets by their age.
    `own_rtn` (3, 3) or (6, 6) of the craft in R, T, N, m and s; None: by the age of its set, and none of a path."""

    catalogue: Catalogue
    within_m: float
    radius_m: float
    model: AgeModel
    skip: tuple[int, ...] = ()
    own_rtn: np.ndarray | None = None


@dataclass(frozen=True)
class Found:
    """`conjunctions` in order of time; `old`: how many approaches were left out, as the object's set is too old for a
    covariance; `beside`: rows of what stays within 100 km all the while, such as docked modules, which move with it."""

    conjunctions: tuple[Conjunction, ...]
    old: int
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class ScreenedPlan:
    """`known`: every conjunction that the plan was judged by, those included that burned paths of earlier rounds met.
    `met`: the conjunctions along the burned path, judged where they were found; None where there is no burn or no
    catalogue. `rounds`: how often it was planned."""

    plan: AvoidancePlan
    known: tuple[Conjunction, ...]
    met: tuple[JudgedConjunction, ...] | None
    rounds: int


def met_by(
    craft: ScreenedCraft, around: Surroundings, zero: Epoch, span: tuple[float, float], epoch: Epoch | None
) -> Found:
    """Approaches of a craft as conjunctions in GCRF, times in s from `zero`; `epoch` of the craft's element set."""
    start, objects = zero.plus(span[0]), around.catalogue.objects
    screened = screen(craft, around.catalogue.group, start, span[1] - span[0], around.within_m, skip=around.skip)
    found = screened.approaches
    fresh = [a for a in found if abs(start.plus(a.t).since(objects[a.row].epoch)) <= STALE_DAYS * DAY]
    turns = from_teme(start, [a.t for a in fresh])
    made = []
    for a, turn in zip(fresh, turns, strict=True):
        at, other = start.plus(a.t), objects[a.row]
        r1, v1, r2, v2 = (turn @ x for x in (a.r1, a.v1, a.r2, a.v2))
        c1 = None
        if around.own_rtn is not None:
            c1 = inertial_covariance(around.own_rtn, r1, v1)
        elif epoch is not None:
            c1 = around.model.covariance(at.since(epoch) / DAY, r1, v1)
        c2 = around.model.covariance(at.since(other.epoch) / DAY, r2, v2)
        encounter = Encounter(r1, v1, c1, r2, v2, c2, around.radius_m)
        made.append(Conjunction(named(other.number, other.name), span[0] + a.t, encounter))
    return Found(tuple(made), len(found) - len(fresh), tuple(one.row for one in screened.neighbours))


def station_rows(catalogue: Catalogue, number: int, at: Epoch) -> list[int]:
    """Rows of an object and of what stays within 100 km of it in the three hours after a time: the station with all
    that is docked to it, which a ship on its way comes near to by intent. What only crosses its path is not among them.
    """
    rows = catalogue.same_as(number, "")
    if not rows:
        return []
    days, fractions = dates_of(at, np.linspace(0.0, BESIDE_S, 13))
    own = catalogue.group.records[rows[0]].sgp4_array(days, fractions)
    if own[0].any():
        return rows
    beside = []
    for row, record in enumerate(catalogue.group.records):
        error, place, _ = record.sgp4(float(days[0]), float(fractions[0]))
        if error or 1e3 * np.linalg.norm(np.array(place) - own[1][0]) > NEAR:
            continue
        errors, places, _ = record.sgp4_array(days, fractions)
        if not errors.any() and 1e3 * np.linalg.norm(places - own[1], axis=1).max() < NEAR:
            beside.append(row)
    return sorted({*rows, *beside})


def named(number: object, name: str) -> str:
    """As an object is called in plans: its number, by which it is known again, and its name."""
    return f"{number} {name}".strip()


def same_object(one: str, other: str) -> bool:
    """Whether two names of `named` are of one object: by the number, or by the whole name."""
    a, b = one.split(" ", 1)[0], other.split(" ", 1)[0]
    return one == other or (a == b and a.isdigit())


def from_teme(start: Epoch, times: Sequence[float] | np.ndarray) -> np.ndarray:
    """Matrices (n, 3, 3) that turn TEME into GCRF, at times (n,) s after `start`."""
    from skyfield.sgp4lib import TEME

    from sim.environment.orientation import skyfield_times

    if not len(times):
        return np.empty((0, 3, 3))
    return np.moveaxis(TEME.rotation_at(skyfield_times(start, np.asarray(times, dtype=float))), -1, 0).swapaxes(1, 2)


def plan_screened(
    orbit: Orbit, craft: ScreenedCraft, conjunctions: Sequence[Conjunction], around: Surroundings, request: Request
) -> ScreenedPlan:
    """A plan whose burned path has been screened from the burn to the end of the orbit's span.

    `craft`: as it was screened without a burn; `orbit`: the same, to be flown, its epoch the zero of all times. What
    breaks the rule along the burned path becomes one more conjunction, as seen from the unburned path, and all are
    planned again; after four rounds the last plan is returned, and `met` says what it still meets.
    """
    known, zero, end = list(conjunctions), orbit.epoch, orbit.duration
    plain = PathCraft(craft.name, propagate(orbit).trajectory, zero)
    rounds, met = 0, None
    while True:
        rounds += 1
        plan = plan_avoidance(orbit, known, request)
        if plan.burn is None:
            return ScreenedPlan(plan, tuple(known), None, rounds)
        moved = burned_craft(orbit, craft, plain, plan.burn, request)
        along = met_by(moved, around, zero, (plan.burn.time_s, end), craft.epoch).conjunctions
        met = tuple(judge_conjunction(c, request.rule) for c in along)
        new = [c for c, judged in zip(along, met, strict=True) if judged.breaks and not _known(c, known)]
        if not new or rounds == ROUNDS:
            return ScreenedPlan(plan, tuple(known), met, rounds)
        known += _without(craft, new, zero)


def burned_craft(
    orbit: Orbit, craft: ScreenedCraft, plain: PathCraft, burn: CandidateBurn, request: Request
) -> BurnedCraft:
    """The craft with a burn; `plain`: the orbit as it is flown without."""
    burned = propagate(with_burn(orbit, burn, request.engine)).trajectory
    return BurnedCraft(craft, plain, PathCraft(craft.name, burned, orbit.epoch))


def _known(met: Conjunction, known: Sequence[Conjunction]) -> bool:
    return any(same_object(k.name, met.name) and abs(k.time_s - met.time_s) < SAME_S for k in known)


def _without(craft: ScreenedCraft, met: Sequence[Conjunction], zero: Epoch) -> list[Conjunction]:
    """The same conjunctions with the craft where it is without the burn."""
    times = np.array([c.time_s for c in met])
    r, v = craft.states(zero, times)
    made = []
    for c, turn, r1, v1 in zip(met, from_teme(zero, times), r, v, strict=True):
        e = c.encounter
        made.append(Conjunction(c.name, c.time_s, Encounter(turn @ r1, turn @ v1, e.c1, e.r2, e.v2, e.c2, e.radius_m)))
    return made
