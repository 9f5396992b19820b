"""The station's side of the chosen day: the trim, solved as the mission flies it, and what it does for other days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.catalogue.facts import fact
from sim.core.trajectory import Trajectory
from sim.orbit import phasing_trim
from sim.orbit.plane_crossing import insertion_phase, nearest_crossing, planes_over, wrapped
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan
from sim.planning.station_outlook import DAY, Setting

BACKUP_DAYS = 3.4  # s of the trimmed station after lift-off, in days: three nodal days and the insertion
LAST_TRIM = 2.0  # days before lift-off, when a second burn corrects what decay has done otherwise than predicted


@dataclass(frozen=True)
class TrimBurn:
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
    rad that follow from it.

    `sigma`: what decay leaves unknown of the phase from the burn to the lift-off, rad; `last`: the second burn, so
    large for one sigma, None where the station is not trimmed. `pair`: two burns that put both the chosen day and the
    third after it at the required phase, None where they cannot be flown.
    """

    opportunity: LaunchOpportunity
    burn: TrimBurn | None
    liftoff: float
    phase: float
    sigma: float
    last: TrimBurn | None
    backups: tuple[BackUp, ...]
    pair: tuple[TrimBurn, TrimBurn] | None

    @property
    def docking(self) -> float:
        return self.liftoff + self.opportunity.profile.docked


def station_plan(plan: LaunchPlan) -> StationPlan | None:
    """For the best day of a plan; None where no day is open."""
    if plan.best is None:
        return None
    found, opportunity = plan.setting, plan.opportunities[plan.best]
    burn, path, liftoff = _single(found, opportunity)
    spread = fact("planning.density_spread").number
    since = opportunity.profile.limits.trim_before if burn else abs(liftoff)
    sigma = phasing_trim.phase_sigma(since, found.decay, found.a, spread)
    speed = sigma / abs(phasing_trim.drift_per_speed(found.a) * LAST_TRIM * DAY)
    last = TrimBurn(liftoff - LAST_TRIM * DAY, speed, _kg(found, speed)) if opportunity.profile.limits.trims else None
    return StationPlan(
        opportunity=opportunity,
        burn=burn,
        liftoff=liftoff,
        phase=_phase(found, liftoff, path) % (2.0 * math.pi),
        sigma=sigma,
        last=last,
        backups=_backups(found, path, opportunity, liftoff),
        pair=_pair(found, opportunity),
    )


def _kg(found: Setting, dv: float) -> float:
    return phasing_trim.propellant(dv, found.station.mass, found.await_launch.engine)


def _phase(found: Setting, liftoff: float, path: Trajectory) -> float:
    return insertion_phase(liftoff, path, found.site, found.world, found.ascent.after, found.ascent.downrange)


def _second(found: Setting, opportunity: LaunchOpportunity, path: Trajectory, near: float) -> float:
    """The planned second on a path: as long after its crossing as the launch opportunity is after its own."""
    passed = nearest_crossing(path, found.site, found.world, near, (opportunity.crossing.branch,))
    return passed + opportunity.liftoff - opportunity.crossing.t


def _single(found: Setting, opportunity: LaunchOpportunity) -> tuple[TrimBurn | None, Trajectory, float]:
    """The mission's own trim, which aims at the phase that the profile has in the middle, also from inside its window.

    None where none is allowed, or it would come before the flight begins.
    """
    limits = opportunity.profile.limits
    t = opportunity.liftoff - limits.trim_before
    if not limits.trims or t - phasing_trim.BEFORE_BURN <= max(0.0, found.path.start):
        return None, found.path, opportunity.liftoff

    def missing(path: Trajectory) -> tuple[float, float]:
        liftoff = _second(found, opportunity, path, opportunity.crossing.t)
        return wrapped(_phase(found, liftoff, path) - limits.centre), liftoff

    shift = wrapped(limits.centre - opportunity.day.phase)
    untrimmed, _ = missing(found.path)
    guess = phasing_trim.estimate(shift, found.path, opportunity.liftoff, limits.trim_before)
    until = opportunity.liftoff + BACKUP_DAYS * DAY
    path, liftoff, dv = phasing_trim.solve(
        found.station, found.path, t, guess, untrimmed, until, missing, found.world, found.await_launch.engine
    )
    return TrimBurn(t, dv, _kg(found, dv)), path, liftoff


def _backups(found: Setting, path: Trajectory, opportunity: LaunchOpportunity, liftoff: float) -> tuple[BackUp, ...]:
    """The passes of the same branch on the days after."""
    later = planes_over(
        path,
        found.site,
        found.world,
        liftoff + 0.5 * DAY,
        liftoff + (BACKUP_DAYS - 0.1) * DAY,
        (opportunity.crossing.branch,),
    )
    backups = []
    for crossing in later:
        t = crossing.t + opportunity.liftoff - opportunity.crossing.t
        phase = _phase(found, t, path) % (2.0 * math.pi)
        windows = {p.key: p.limits.window for p in found.profiles}
        backups.append(BackUp(t, phase, tuple(k for k, (low, high) in windows.items() if low <= phase <= high)))
    return tuple(backups)


def _pair(found: Setting, opportunity: LaunchOpportunity) -> tuple[TrimBurn, TrimBurn] | None:
    """Two burns, the second `LAST_TRIM` days before lift-off, for the phase on the chosen day and three days later."""
    limits = opportunity.profile.limits
    times = opportunity.liftoff - limits.trim_before, opportunity.liftoff - LAST_TRIM * DAY
    if not limits.trims:
        return None
    if times[0] - phasing_trim.BEFORE_BURN < max(0.0, found.path.start) or times[1] - times[0] < 0.5 * DAY:
        return None
    three = 3.0 * 2.0 * math.pi / opportunity.crossing.rate

    def missing(path: Trajectory) -> tuple[np.ndarray, np.ndarray]:
        days = np.array([_second(found, opportunity, path, opportunity.crossing.t + k) for k in (0.0, three)])
        return np.array([wrapped(_phase(found, t, path) - limits.centre) for t in days]), days

    answer = phasing_trim.solve_two(
        found.station,
        found.path,
        times,
        opportunity.liftoff + BACKUP_DAYS * DAY,
        missing,
        found.world,
        found.await_launch.engine,
    )
    if answer is None:
        return None
    first, second = (TrimBurn(t, float(dv), _kg(found, dv)) for t, dv in zip(times, answer[1], strict=True))
    return first, second
