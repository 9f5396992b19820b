"""The station's side of the chosen day: the trim, solved as the mission flies it, and what it does for other days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.facts import fact
from sim.trajectory import Trajectory
from sim.windows import trim
from sim.windows.plan import Chance, Plan
from sim.windows.plane import insertion_phase, nearest_crossing, planes_over, wrapped
from sim.windows.setting import DAY, Setting

BACKUP_DAYS = 3.4  # s of the trimmed station after lift-off, in days: three nodal days and the insertion
LAST_TRIM = 2.0  # days before lift-off, when a second burn takes out what decay has done otherwise than foretold


@dataclass(frozen=True)
class Burn:
    """Middle s, m/s forward, propellant kg."""

    t: float
    dv: float
    kg: float


@dataclass(frozen=True)
class BackUp:
    """A later day on the trimmed station: lift-off s, phase rad in [0, 2 pi), the profiles whose window it is in."""

    liftoff: float
    phase: float
    profiles: tuple[str, ...]


@dataclass(frozen=True)
class StationPlan:
    """`burn`: the one that the mission flies, None where none is allowed or it comes too late; the lift-off s and phase
    rad that it gives.

    `sigma`: what decay leaves unknown of the phase from the burn to the lift-off, rad; `last`: the second burn, so
    large for one sigma, None where the station is not trimmed. `pair`: two burns that put both the chosen day and the
    third after it at the phase wanted, None where they cannot be flown.
    """

    chance: Chance
    burn: Burn | None
    liftoff: float
    phase: float
    sigma: float
    last: Burn | None
    backups: tuple[BackUp, ...]
    pair: tuple[Burn, Burn] | None

    @property
    def docking(self) -> float:
        return self.liftoff + self.chance.profile.docked


def station_plan(plan: Plan) -> StationPlan | None:
    """For the best day of a plan; None where no day is open."""
    if plan.best is None:
        return None
    found, chance = plan.setting, plan.chances[plan.best]
    burn, path, liftoff = _single(found, chance)
    spread = fact("planning.density_spread").number
    since = chance.profile.wishes.trim_before if burn else abs(liftoff)
    sigma = trim.phase_sigma(since, found.decay, found.a, spread)
    speed = sigma / abs(trim.drift_per_speed(found.a) * LAST_TRIM * DAY)
    last = Burn(liftoff - LAST_TRIM * DAY, speed, _kg(found, speed)) if chance.profile.wishes.trims else None
    return StationPlan(
        chance,
        burn,
        liftoff,
        _phase(found, liftoff, path) % (2.0 * math.pi),
        sigma,
        last,
        _backups(found, path, chance, liftoff),
        _pair(found, chance),
    )


def _kg(found: Setting, dv: float) -> float:
    return trim.propellant(dv, found.station.mass, found.await_launch.engine)


def _phase(found: Setting, liftoff: float, path: Trajectory) -> float:
    return insertion_phase(liftoff, path, found.site, found.world, found.ascent.after, found.ascent.downrange)


def _second(found: Setting, chance: Chance, path: Trajectory, near: float) -> float:
    """The planned second on a path: as long after its crossing as the chance is after its own."""
    passed = nearest_crossing(path, found.site, found.world, near, (chance.crossing.branch,))
    return passed + chance.liftoff - chance.crossing.t


def _single(found: Setting, chance: Chance) -> tuple[Burn | None, Trajectory, float]:
    """The mission's own trim, which aims at the phase that the profile has in the middle, also from inside its window.

    None where none is allowed, or it would come before the flight begins.
    """
    wishes = chance.profile.wishes
    t = chance.liftoff - wishes.trim_before
    if not wishes.trims or t - trim.ROOM <= max(0.0, found.path.start):
        return None, found.path, chance.liftoff

    def missing(path: Trajectory) -> tuple[float, float]:
        liftoff = _second(found, chance, path, chance.crossing.t)
        return wrapped(_phase(found, liftoff, path) - wishes.centre), liftoff

    shift = wrapped(wishes.centre - chance.day.phase)
    guess = trim.estimate(shift, found.path, chance.liftoff, wishes.trim_before)
    until = chance.liftoff + BACKUP_DAYS * DAY
    path, liftoff, dv = trim.solve(
        found.station, found.path, t, guess, until, missing, found.world, found.await_launch.engine
    )
    return Burn(t, dv, _kg(found, dv)), path, liftoff


def _backups(found: Setting, path: Trajectory, chance: Chance, liftoff: float) -> tuple[BackUp, ...]:
    """The passes of the same branch on the days after."""
    later = planes_over(
        path,
        found.site,
        found.world,
        liftoff + 0.5 * DAY,
        liftoff + (BACKUP_DAYS - 0.1) * DAY,
        (chance.crossing.branch,),
    )
    told = []
    for crossing in later:
        t = crossing.t + chance.liftoff - chance.crossing.t
        phase = _phase(found, t, path) % (2.0 * math.pi)
        windows = {p.key: p.wishes.window for p in found.profiles}
        told.append(BackUp(t, phase, tuple(k for k, (low, high) in windows.items() if low <= phase <= high)))
    return tuple(told)


def _pair(found: Setting, chance: Chance) -> tuple[Burn, Burn] | None:
    """Two burns, the second `LAST_TRIM` days before lift-off, for the phase on the chosen day and three days later."""
    wishes = chance.profile.wishes
    times = chance.liftoff - wishes.trim_before, chance.liftoff - LAST_TRIM * DAY
    if not wishes.trims:
        return None
    if times[0] - trim.ROOM < max(0.0, found.path.start) or times[1] - times[0] < 0.5 * DAY:
        return None
    three = 3.0 * 2.0 * math.pi / chance.crossing.rate

    def missing(path: Trajectory) -> tuple[np.ndarray, np.ndarray]:
        days = np.array([_second(found, chance, path, chance.crossing.t + k) for k in (0.0, three)])
        return np.array([wrapped(_phase(found, t, path) - wishes.centre) for t in days]), days

    answer = trim.solve_two(
        found.station,
        found.path,
        times,
        chance.liftoff + BACKUP_DAYS * DAY,
        missing,
        found.world,
        found.await_launch.engine,
    )
    if answer is None:
        return None
    first, second = (Burn(t, float(dv), _kg(found, dv)) for t, dv in zip(times, answer[1], strict=True))
    return first, second
