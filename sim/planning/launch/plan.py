"""The planner: every passage of the pad through the plane, by every profile, judged; and the best of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.ascent.optimum import Ascents
from sim.catalogue.facts import fact
from sim.core.epoch import BEIJING
from sim.files.errors import MissionFailed
from sim.orbit import phasing_trim
from sim.orbit.plane_crossing import PlaneCrossing, insertion_phase, planes_over, reach, sun_elevation, wrapped
from sim.orbit.propagate import beta_angle, mean_plane, plane_normal
from sim.planning import visibility
from sim.planning.kept_station import known_with, passage_sigma
from sim.planning.launch.judgement import Day, Judgement, judge
from sim.planning.launch.margin import Margin, margin
from sim.planning.station_outlook import SLEEP_H, PlannedProfile, Setting

AROUND_CONTACT = 600.0  # s before 200 m and after contact in which light is required

Span = tuple[float, float] | tuple[None, None]  # s; None where there is none


@dataclass(frozen=True)
class LaunchOpportunity:
    """One passage of the pad through the plane, by one profile. Times s, angles rad.

    `open`, `close`: between them the rocket, aimed for `liftoff`, keeps its reserve, None where it does not even then;
    `reaimed` the same where it is aimed anew. `usable`: the part of it in which the phase too is in the profile's
    window, for the station as it is after its trim. `passage_sigma`: of the crossing by the age of the element set, s;
    None for another target than the station, of which no history of sets is known. `phase_sigma`: what decay leaves
    unknown of the phase, from the elements, and from the trim.
    """

    crossing: PlaneCrossing
    profile: PlannedProfile
    liftoff: float
    open: float | None
    close: float | None
    reaimed: Span
    usable: tuple[float, float] | None
    passage_sigma: float | None
    phase_sigma: tuple[float, float]
    trim_kg: float
    docking: float
    sun_at_pad: float
    light: tuple[float, float]
    day: Day
    verdict: Judgement


@dataclass(frozen=True)
class LaunchPlan:
    """The setting, the rocket's margins by branch, every launch opportunity in order of time, and the best by the
    file's profile, or by any where that has none."""

    setting: Setting
    margins: dict[str, Margin]
    opportunities: tuple[LaunchOpportunity, ...]
    best: int | None


def plan(found: Setting) -> LaunchPlan:
    """Every launch opportunity of the span. A site that the plane never reaches ends it with the reason."""
    crossings = planes_over(found.path, found.site, found.world, found.start, found.end)
    if not crossings:
        raise MissionFailed("launch windows", _no_crossing(found))
    margins = _margins(found, crossings)
    passages = [_passage(found, crossing, margins[crossing.branch]) for crossing in crossings]
    opportunities = _opportunities(found, passages)
    scores = [c.verdict.score or -1.0 for c in opportunities]
    own = [s if c.profile is found.profiles[0] else -1.0 for s, c in zip(scores, opportunities, strict=True)]
    scores = own if max(own) > 0.0 else scores
    best = int(np.argmax(scores)) if max(scores) > 0.0 else None
    return LaunchPlan(found, margins, tuple(opportunities), best)


def _no_crossing(found: Setting) -> str:
    reached, latitude = map(math.degrees, reach(found.path, found.site, found.world, max(found.start, 0.0)))
    zero = found.zero
    span = f"{zero.plus(found.start)} to {zero.plus(found.end)}"
    if abs(latitude) > reached:
        hemisphere = "north" if latitude > 0.0 else "south"
        return (
            f"{found.site.name} lies at {abs(latitude):.2f} deg {hemisphere} (geocentric) and the station's plane "
            f"reaches {reached:.2f} deg: it never passes over the site, and no rocket can rise into it from there"
        )
    return (
        f"{found.site.name} does not pass through the station's plane in {span}; a day has two launch opportunities, "
        "ask for more days"
    )


def _margins(found: Setting, crossings: list[PlaneCrossing]) -> dict[str, Margin]:
    """The mission's branch first: its steering is solved in full, and the other branch turns its azimuth."""
    ascents = Ascents(found.ascent, found.station, found.path, found.world)
    own = found.scenario.launch.branch
    margins, known = {}, None
    for branch in sorted({c.branch for c in crossings}, key=lambda b: b != own):
        these = [c for c in crossings if c.branch == branch]
        bias = found.bias if branch == own else None
        reserve = found.scenario.launcher.guidance.reserve_kg
        margins[branch], known = margin(ascents, these[0], these[-1], bias, reserve, known)
    return margins


class _Passage(NamedTuple):
    """What one passage has in common for all profiles: times s, angles rad, `left` kg, `slope` rad/s of the phase."""

    crossing: PlaneCrossing
    liftoff: float
    frozen: Span
    reaimed: Span
    left: float
    phase: float
    slope: float
    beta: float
    sun_at_pad: float


def _passage(found: Setting, crossing: PlaneCrossing, curve: Margin) -> _Passage:
    liftoff = _liftoff(found, crossing, curve)
    # The station runs at its mean motion, the pad along the plane at the Earth's turn about the plane's normal.
    slope = math.sqrt(MU_EARTH / found.a**3) - OMEGA_EARTH * math.cos(crossing.inclination)
    normal = plane_normal(liftoff, *mean_plane(found.path, liftoff, found.world), found.world)
    return _Passage(
        crossing=crossing,
        liftoff=liftoff,
        frozen=_between(crossing, liftoff, curve.limits),
        reaimed=_between(crossing, liftoff, curve.limits_reaimed),
        left=curve.at(crossing.angle(liftoff)),
        phase=_phase(found, liftoff),
        slope=slope,
        beta=beta_angle(liftoff, normal, found.world),
        sun_at_pad=sun_elevation(liftoff, found.site, found.world),
    )


def _opportunities(found: Setting, passages: list[_Passage]) -> list[LaunchOpportunity]:
    """Every passage by every profile, in order of time; the passes over the landing site of all together."""
    seen_by = visibility.links()
    each = [(passage, profile) for passage in passages for profile in found.profiles]
    trims = [_trim(found, profile, passage) for passage, profile in each]
    docked = [passage.liftoff + profile.docked for passage, profile in each]
    paths = visibility.ShiftedEach(found.path, np.array([shift for shift, _ in trims]))
    home = zip(
        *(visibility.landing_passes(paths, docked, found.landing, found.world, day) for day in (1, 2)), strict=True
    )
    return [
        _opportunity(found, profile, seen_by, passage, trim, passes)
        for (passage, profile), trim, passes in zip(each, trims, home, strict=True)
    ]


def _liftoff(found: Setting, crossing: PlaneCrossing, curve: Margin) -> float:
    """The planned second: so long after the crossing, or where the angle is that leaves most."""
    if found.bias is not None and crossing.branch == found.scenario.launch.branch:
        return crossing.t + found.bias
    best = crossing.time(curve.best)
    return crossing.t if best is None else best


def _phase(found: Setting, liftoff: float) -> float:
    """At insertion, in [0, 2 pi)."""
    ascent = found.ascent
    ahead = insertion_phase(liftoff, found.path, found.site, found.world, ascent.after, ascent.downrange)
    return ahead % (2.0 * math.pi)


def _between(crossing: PlaneCrossing, liftoff: float, limits: tuple[float, float] | None) -> Span:
    """Opening and closing for angles out of the plane; none where no angle will do."""
    if limits is None:
        return None, None
    times = [crossing.time(angle) for angle in limits]
    ends = sorted(liftoff if t is None else t for t in times)
    return min(ends[0], liftoff), max(ends[1], liftoff)


Trim = tuple[float, float | None]  # how far the station runs ahead after it, rad; m/s, None where it comes too late


def _trim(found: Setting, profile: PlannedProfile, passage: _Passage) -> Trim:
    """To the middle of the profile's window; none from inside it where it is not allowed or comes too late."""
    limits, liftoff, phase = profile.limits, passage.liftoff, passage.phase
    low, high = limits.window
    inside = low <= phase <= high
    burn_t = liftoff - limits.trim_before
    in_time = burn_t - phasing_trim.BEFORE_BURN > max(0.0, found.path.start)
    if inside and not (in_time and limits.trims):
        return 0.0, 0.0
    shift = wrapped(limits.centre - phase)
    return shift, phasing_trim.estimate(shift, found.path, liftoff, limits.trim_before) if in_time else None


def _opportunity(
    found: Setting,
    profile: PlannedProfile,
    seen_by: visibility.Links,
    passage: _Passage,
    trim: Trim,
    home: tuple[visibility.LandingPass, ...],
) -> LaunchOpportunity:
    limits, world = profile.limits, found.world
    crossing, liftoff, phase = passage.crossing, passage.liftoff, passage.phase
    shift, dv = trim
    station = visibility.Shifted(found.path, shift)
    contact, docking = liftoff + profile.contact, liftoff + profile.docked
    about = np.arange(contact - profile.last - AROUND_CONTACT, contact + AROUND_CONTACT, 60.0)
    marks = visibility.light(station, np.array([contact - profile.last, contact]), world)
    coverage, gap = visibility.coverage(station, contact, world, seen_by)
    clock = found.zero.plus(docking).local(BEIJING)
    day = Day(
        branch=crossing.branch,
        left=passage.left,
        phase=phase,
        trim=dv,
        beta=passage.beta,
        lit=float(np.mean(visibility.light(station, about, world) > 0.5)),
        coverage=coverage,
        gap=gap,
        day_h=_crew_day(profile),
        hour=clock.hour + clock.minute / 60.0,
        home=home,
        to_own=crossing.until(limits.branch),
    )
    verdict = judge(day, limits)
    flyable = dv is not None and abs(dv) <= limits.trim_limit
    at_insertion = limits.centre if shift else phase
    spread = fact("planning.density_spread").number
    since_elements, since_trim = abs(liftoff), min(abs(liftoff), limits.trim_before)
    sigmas = tuple(phasing_trim.phase_sigma(t, found.decay, found.a, spread) for t in (since_elements, since_trim))
    return LaunchOpportunity(
        crossing=crossing,
        profile=profile,
        liftoff=liftoff,
        open=passage.frozen[0],
        close=passage.frozen[1],
        reaimed=passage.reaimed,
        usable=_usable(passage.frozen, liftoff, at_insertion, passage.slope, limits.window) if flyable else None,
        passage_sigma=_passage_sigma(found, crossing),
        phase_sigma=(sigmas[0], sigmas[1]),
        trim_kg=phasing_trim.propellant(dv or 0.0, found.station.mass, found.await_launch.engine),
        docking=docking,
        sun_at_pad=passage.sun_at_pad,
        light=(float(marks[0]), float(marks[1])),
        day=day,
        verdict=verdict,
    )


def _passage_sigma(found: Setting, crossing: PlaneCrossing) -> float | None:
    """Of the station, from the age of its set: what every set up to that one shows of the altitude."""
    if found.shipped_set is None:
        return None
    known = known_with(found.shipped_set)
    return passage_sigma(known, crossing, found.decay, found.zero.plus(crossing.t).since(known.last.epoch))


def _usable(frozen: Span, liftoff: float, phase: float, slope: float, window) -> tuple[float, float] | None:
    """Where the phase, which moves with the second of lift-off, is in its window and the rocket has its reserve."""
    if frozen[0] is None:
        return None
    edges = sorted(liftoff + (edge - phase) / slope for edge in window)
    first, last = max(frozen[0], edges[0]), min(frozen[1], edges[1])
    return (first, last) if first <= last else None


def _crew_day(profile: PlannedProfile) -> float:
    """Hours from waking to docking."""
    flight = profile.docked / 3600.0
    if flight > SLEEP_H:
        return fact("planning.day_with_sleep").number
    return fact("planning.wake_to_liftoff").number + flight
