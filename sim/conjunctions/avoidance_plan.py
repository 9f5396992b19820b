"""An avoidance burn planned by linear theory, flown in the full model, sized again on what it did, and judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import G0
from sim.conjunctions.avoidance import (
    DIRECTIONS,
    AvoidanceRule,
    CandidateBurn,
    Conjunction,
    Limits,
    States,
    burn_times,
    candidates,
)
from sim.conjunctions.encounter_judgement import JudgedConjunction, excess, judge_conjunction
from sim.core.root import root
from sim.core.trajectory import Trajectory
from sim.files.errors import BadInput
from sim.orbit.mean_altitude import mean_axis, revolution
from sim.orbit.propagate import semi_major_axis
from sim.propagation.force_model import BurnChoice, ImpulseChoice, Orbit
from sim.propagation.propagate import propagate

FLIGHTS_A_CANDIDATE = 4
CANDIDATES_FLOWN = 5
SPACED_REV = 0.25  # between candidates that are flown one after the other
TIGHT = 0.03  # by which it may lie below, and the burn is the smallest to some thousandths
AIM = 2.0e-3  # by which the logarithm of the probability is aimed below its limit
SIZE_STEP, LARGEST_SHARE, SIZE_WITHIN = 1.06, 2.5, 1.0e-5  # of the search for a size, relative


@dataclass(frozen=True)
class Engine:
    """`thrust_n` of the engines that burn; 0 for an impulse. `isp_s`: the specific impulse."""

    thrust_n: float = 980.0
    isp_s: float = 290.0

    def __post_init__(self):
        if not (self.thrust_n >= 0.0 and self.isp_s > 0.0):
            raise BadInput(f"engine: found {self.thrust_n} N and {self.isp_s} s; write a thrust and an isp_s above 0")


@dataclass(frozen=True)
class Request:
    """What is asked. Times s from the orbit's epoch.

    `not_before_s`: the first time of a burn. `times`: the only times at which a burn may begin, such as a ship's
    planned burns; None: any. `lead_s`: from a burn to the first conjunction that it clears, at least. `directions`: of
    RTN; radial and cross-track burns only win within half a revolution.
    """

    rule: AvoidanceRule = AvoidanceRule()
    limits: Limits = Limits()
    engine: Engine = Engine()
    not_before_s: float = 0.0
    times: tuple[float, ...] | None = None
    lead_s: float = 900.0
    directions: tuple[str, ...] = tuple(DIRECTIONS)


@dataclass(frozen=True)
class BurnCosts:
    """`axis_m`: change of the mean semi-major axis; `phase_rad`: change of the argument of latitude at the limits'
    time, or at the end of the flight; `phase_at_s`: that time."""

    dv_m_s: float
    propellant_kg: float
    axis_m: float
    phase_rad: float
    phase_at_s: float


@dataclass(frozen=True, eq=False)
class AvoidancePlan:
    """`before`: every conjunction without a burn. `burn`: what was flown, None where none is needed or none clears;
    `after`: every conjunction with it, `costs` its costs. `reason`: in words, why there is no burn.
    `later`: burns of the same kind at later times, the smallest of each quarter revolution, by linear theory;
    `candidates`: all of them by linear theory, in order of size."""

    request: Request
    before: tuple[JudgedConjunction, ...]
    burn: CandidateBurn | None
    after: tuple[JudgedConjunction, ...]
    costs: BurnCosts | None
    reason: str
    later: tuple[CandidateBurn, ...]
    candidates: tuple[CandidateBurn, ...] = ()

    @property
    def cleared(self) -> bool:
        """Whether no conjunction breaks the rule any more, with a burn or without."""
        return not any(judged.breaks for judged in (self.after or self.before))


def plan_avoidance(orbit: Orbit, conjunctions: Sequence[Conjunction], request: Request = Request()) -> AvoidancePlan:
    """The smallest burn that clears every conjunction that breaks the rule and makes no other one among those given.

    `orbit`: the craft and its forces, which is flown with and without the burn; the change of its state at a
    conjunction is added to the primary's there, so that the conjunctions stay as they were given. The covariances do
    too. A later conjunction is part of the problem: give all that are known up to the end of the time that matters.
    BadInput for conjunctions outside the orbit's span.
    """
    checked(orbit, conjunctions, request)
    orbit = _long_enough(orbit, conjunctions, request)
    nominal = propagate(orbit).trajectory
    states = states_of(nominal)
    rule = request.rule
    before = tuple(judge_conjunction(c, rule) for c in conjunctions)
    broken = [c for c, judged in zip(conjunctions, before, strict=True) if judged.breaks]
    if not broken:
        return AvoidancePlan(request, before, None, (), None, "no conjunction breaks the rule", ())
    times = _times(states, broken, request)
    found = _candidates(conjunctions, request, states, times) if len(times) else []
    spaced = spaced_apart(found, revolution(float(semi_major_axis(*nominal.at(times[0])[:2])[0]))) if found else ()
    flown = None
    for candidate in spaced[:CANDIDATES_FLOWN]:
        if flown is not None and abs(candidate.dv_m_s) >= abs(flown[0].dv_m_s):
            break  # where a flown burn had to grow, another candidate may take less
        other = _flown(orbit, nominal, conjunctions, request, candidate)
        if other is not None and (flown is None or abs(other[0].dv_m_s) < abs(flown[0].dv_m_s)):
            flown = other
    if flown is None:
        why = _why_none(conjunctions, request, states, times, bool(found), broken)
        return AvoidancePlan(request, before, None, (), None, why, spaced, tuple(found))
    burn, path, after = flown
    costs = _costs(orbit, nominal, path, burn, request)
    later = tuple(b for b in spaced if b.time_s > burn.time_s)
    return AvoidancePlan(request, before, burn, after, costs, "", later, tuple(found))


def checked(orbit: Orbit, conjunctions: Sequence[Conjunction], request: Request) -> None:
    """BadInput for a conjunction outside the orbit's span, with the span."""
    for c in conjunctions:
        if not 0.0 < c.time_s <= orbit.duration:
            raise BadInput(
                f"{c.name}: found a closest approach {c.time_s:.0f} s after the orbit's epoch; "
                f"the orbit is flown for {orbit.duration:.0f} s: write a longer span or an earlier epoch"
            )
    if not request.not_before_s >= 0.0:
        raise BadInput(f"not_before_s: found {request.not_before_s}; write a time in s after the orbit's epoch")


def _long_enough(orbit: Orbit, conjunctions: Sequence[Conjunction], request: Request) -> Orbit:
    """Flown to a revolution past the last conjunction, and to the time of the phase."""
    period = revolution(float(semi_major_axis(orbit.r[None], orbit.v[None])[0]))
    end = max(c.time_s for c in conjunctions) + 1.2 * period if conjunctions else orbit.duration
    return replace(orbit, duration=max(orbit.duration, end, request.limits.phase_at_s or 0.0))


def states_of(path: Trajectory) -> States:
    """A flown path as inertial states (n, 6) at times (n,)."""

    def states(times):
        r, v = path.at(np.asarray(times, dtype=float))[:2]
        return np.concatenate([r, v], axis=1)

    return states


def _times(states: States, broken: Sequence[Conjunction], request: Request) -> np.ndarray:
    last = min(c.time_s for c in broken) - request.lead_s
    if request.times is not None:
        times = np.array(sorted(request.times), dtype=float)
        return times[(times >= request.not_before_s) & (times <= last)]
    if last <= request.not_before_s:
        return np.empty(0)
    return burn_times(states, request.not_before_s, last)


def _candidates(conjunctions, request: Request, states: States, times) -> list[CandidateBurn]:
    return candidates(conjunctions, request.rule, request.limits, states, times, request.directions)


def spaced_apart(found: Sequence[CandidateBurn], period: float) -> tuple[CandidateBurn, ...]:
    """In order of size, those that stand a quarter revolution from every smaller one."""
    kept: list[CandidateBurn] = []
    for burn in found:
        if all(
            abs(burn.time_s - other.time_s) >= SPACED_REV * period or (burn.dv_m_s > 0.0) != (other.dv_m_s > 0.0)
            for other in kept
        ):
            kept.append(burn)
    return tuple(kept)


def with_burn(orbit: Orbit, burn: CandidateBurn, engine: Engine) -> Orbit:
    """The orbit with the burn: an impulse, or a finite one of the same velocity change about the same time.

    Within a burn that the orbit has, it is an impulse: it makes that burn longer or shorter.
    """
    impulse = ImpulseChoice(burn.time_s, burn.rtn, "rtn", engine.isp_s)
    if engine.thrust_n == 0.0:
        return replace(orbit, impulses=(*orbit.impulses, impulse))
    exhaust = G0 * engine.isp_s
    flow = engine.thrust_n / exhaust
    duration = orbit.mass * -math.expm1(-abs(burn.dv_m_s) / exhaust) / flow
    direction = burn.rtn / abs(burn.dv_m_s)
    start = max(burn.time_s - 0.5 * duration, 0.0)
    if any(own.start < start + duration and start < own.start + own.duration for own in orbit.burns):
        return replace(orbit, impulses=(*orbit.impulses, impulse))
    return replace(orbit, burns=(*orbit.burns, BurnChoice(start, duration, engine.thrust_n, direction, "rtn", flow)))


def _flown(
    orbit: Orbit, nominal: Trajectory, conjunctions: Sequence[Conjunction], request: Request, burn: CandidateBurn
) -> tuple[CandidateBurn, Trajectory, tuple[JudgedConjunction, ...]] | None:
    """The burn in the full model, its size corrected on what it did; None where no size near it clears everything."""
    before = states_of(nominal)(np.array([c.time_s for c in conjunctions]))
    for _ in range(FLIGHTS_A_CANDIDATE):
        path = propagate(with_burn(orbit, burn, request.engine)).trajectory
        shifts = states_of(path)(np.array([c.time_s for c in conjunctions])) - before
        after = tuple(judge_conjunction(c, request.rule, s) for c, s in zip(conjunctions, shifts, strict=True))
        if -TIGHT <= max(excess(judged, request.rule) for judged in after) <= 0.0:
            return burn, path, after
        share = _size(conjunctions, request.rule, shifts)
        if share is None or abs(burn.dv_m_s * share) > request.limits.dv_m_s:
            return None
        if not any(judged.breaks for judged in after) and abs(share - 1.0) < 0.01:
            return burn, path, after
        burn = replace(burn, dv_m_s=burn.dv_m_s * share)
    return None


def _size(conjunctions: Sequence[Conjunction], rule: AvoidanceRule, shifts: np.ndarray) -> float | None:
    """The part or multiple of a flown burn, nearest to it, at which everything is just clear; its shifts grow with it.

    From the burn in steps, down while it clears and up while it does not, then a root between the last two; None where
    no size up to `LARGEST_SHARE` clears.
    """

    def worst(share: float) -> float:
        each = (excess(judge_conjunction(c, rule, share * s), rule) for c, s in zip(conjunctions, shifts, strict=True))
        return max(each) + AIM

    share, value = 1.0, worst(1.0)
    clears = value <= 0.0
    while True:
        following = share / SIZE_STEP if clears else share * SIZE_STEP
        if following > LARGEST_SHARE:
            return None
        if following < 1.0 / LARGEST_SHARE:
            return following
        value = worst(following)
        if (value <= 0.0) != clears:
            low, high = sorted((share, following))
            return root(worst, low, high, SIZE_WITHIN, "size of burn")
        share = following


def _costs(orbit: Orbit, nominal: Trajectory, path: Trajectory, burn: CandidateBurn, request: Request) -> BurnCosts:
    period = revolution(float(semi_major_axis(*nominal.at(burn.time_s)[:2])[0]))
    at = request.limits.phase_at_s if request.limits.phase_at_s is not None else float(nominal.t[-1])
    settled = min(burn.time_s + 0.5 * period, float(nominal.t[-1]) - period)
    axis = mean_axis(path, settled, period) - mean_axis(nominal, settled, period)
    phase = argument_of_latitude(*_at(path, at)) - argument_of_latitude(*_at(nominal, at))
    propellant = orbit.mass * -math.expm1(-abs(burn.dv_m_s) / (G0 * request.engine.isp_s))
    return BurnCosts(abs(burn.dv_m_s), propellant, axis, (phase + math.pi) % (2.0 * math.pi) - math.pi, at)


def _at(path: Trajectory, t: float) -> tuple[np.ndarray, np.ndarray]:
    r, v = path.at(np.array([t]))[:2]
    return r[0], v[0]


def argument_of_latitude(r: np.ndarray, v: np.ndarray) -> float:
    """rad, from the ascending node of the osculating plane on the GCRF equator."""
    normal = np.cross(r, v)
    node = np.cross([0.0, 0.0, 1.0], normal)
    return math.atan2(float(r @ np.cross(normal, node)) / float(np.linalg.norm(normal)), float(r @ node))


def _why_none(conjunctions, request: Request, states: States, times, allowed: bool, broken) -> str:
    """Which limit left no burn."""
    first = min(broken, key=lambda c: c.time_s)
    if not len(times):
        return (
            f"{first.name}: no time for a burn: the closest approach comes {first.time_s - request.not_before_s:.0f} s "
            f"after its first time, and {request.lead_s:g} s must lie between"
        )
    if allowed:
        return "burns that clear everything by linear theory do not when they are flown, at any size near theirs"
    limits = request.limits
    if limits.phase_rad is not None:
        free = _candidates(conjunctions, replace(request, limits=Limits(limits.dv_m_s)), states, times)
        if free:
            by = math.degrees(limits.phase_rad)
            return (
                f"the smallest burn that clears everything, {abs(free[0].dv_m_s):.3f} m/s, changes the phase by more "
                f"than the {by:g} deg allowed"
            )
    unlimited = _candidates(conjunctions, replace(request, limits=Limits(math.inf)), states, times)
    if unlimited:
        needed = abs(unlimited[0].dv_m_s)
        return f"the smallest burn that clears everything is {needed:.3f} m/s, and at most {limits.dv_m_s:g} is allowed"
    return "no burn along these directions clears everything: a conjunction is cut off by another at every size"
