"""Whether a launch opportunity is accepted, why not, and its score: sentences with numbers, and points that add up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.catalogue.facts import fact
from sim.planning.launch_limits import LaunchLimits
from sim.planning.visibility import LandingPass


@dataclass(frozen=True)
class Day:
    """What is found for one crossing and profile. Times s, angles rad, kg, m/s.

    `phase` in [0, 2 pi) as the station flies. `trim`: the one that the mission flies, to the middle of its window also
    from inside it; 0 where the phase is good and none is allowed, or none can be flown any more; None where one is
    needed and cannot be flown any more. `to_own`: until the pad's nearest passage on the mission's branch.
    `left`: propellant at the planned second. `lit`: share of the time about 200 m to contact in which the station is in
    light. `day_h`: from waking to docking. `hour`: of docking, in Beijing.
    """

    branch: str
    left: float
    phase: float
    trim: float | None
    beta: float
    lit: float
    coverage: float
    gap: float
    day_h: float
    hour: float
    home: tuple[LandingPass, ...]
    to_own: float = 0.0


@dataclass(frozen=True)
class Judgement:
    """`reasons` of a rejection, or what is worth knowing of an accepted day; `parts` points, empty where rejected."""

    accepted: bool
    reasons: tuple[str, ...]
    parts: Mapping[str, float]

    @property
    def score(self) -> float | None:
        return sum(self.parts.values()) if self.accepted else None


def judge(day: Day, limits: LaunchLimits) -> Judgement:
    against = tuple(_against(day, limits))
    if against:
        return Judgement(False, against, {})
    return Judgement(True, (_phase_found(day, limits),), points(day, limits))


def _against(day: Day, limits: LaunchLimits):
    if day.branch != limits.branch:
        when = "later" if day.to_own > 0.0 else "earlier"
        apart = f"{abs(day.to_own) / 60.0:.0f} min {when} (phase here {_phase(day)} deg)"
        yield f"{day.branch} branch; this mission launches on the {limits.branch} one, {apart}"
    if day.left < limits.reserve:
        yield f"{day.left:.0f} kg of propellant left at the planned second; {limits.reserve:.0f} kg must stay"
    inside = limits.window[0] <= day.phase <= limits.window[1]
    required = f"is flown at {_deg(limits.centre):g} deg" if inside else f"needs {_span(limits)}"
    needs = f"phase {_phase(day)} deg at insertion; the {limits.name} {required}"
    days = limits.trim_before / 86400.0
    if day.trim is None:
        yield f"{needs}, and {days:.1f} days before lift-off, where the trim would be, the flight has not begun"
    elif abs(day.trim) > limits.trim_limit:
        limit = f"more than the {limits.trim_limit:.1f} m/s allowed" if limits.trim_limit else "and none is allowed"
        yield f"{needs}, and the trim {days:.1f} days before would take {day.trim:+.1f} m/s, {limit}"
    if abs(day.beta) > limits.beta:
        yield f"beta {_deg(day.beta):+.1f} deg; the {limits.name} allows {_deg(limits.beta):.0f} deg"
    minimum, longest = fact("planning.coverage_least").number, fact("planning.gap_longest").number
    if day.coverage < minimum:
        yield f"links in {100 * day.coverage:.0f} % of the last hour before contact; {100 * minimum:.0f} % are needed"
    if day.gap > longest:
        yield f"a gap of {day.gap:.0f} s without a link in the last hour; at most {longest:.0f} s"


def _phase_found(day: Day, limits: LaunchLimits) -> str:
    found = f"phase {_phase(day)} deg at insertion, {limits.name} {_span(limits)}"
    return f"{found}: trim {day.trim:+.2f} m/s" if day.trim else f"{found}: no trim"


def _phase(day: Day) -> str:
    """Degrees, below 360 also when rounded."""
    return f"{round(_deg(day.phase), 1) % 360.0:.1f}"


def _span(limits: LaunchLimits) -> str:
    low, high = map(_deg, limits.window)
    return f"{low:g}-{high:g} deg"


def points(day: Day, limits: LaunchLimits) -> dict[str, float]:
    """Each part from 0 to its weight (facts `planning.*`); their sum is the score."""
    weights = fact("planning.weights").table
    qualities = {
        "phase": 1.0 if day.trim else _middle(day.phase, limits),
        "trim": 1.0 - (abs(day.trim) / limits.trim_limit if day.trim else 0.0),
        "light": day.lit,
        "coverage": _rising(day.coverage, fact("planning.coverage_least").number, 1.0),
        "crew_day": _crew_day(day),
        "early_return": sum(map(_return, day.home)) / len(day.home),
        "sun": 1.0 - abs(day.beta) / limits.beta,
    }
    return {name: weight * qualities[name] for name, weight in weights.items()}


def _middle(phase: float, limits: LaunchLimits) -> float:
    """1 at the phase that the profile requires, 0 at the ends of its window."""
    low, high = limits.window
    half_width = limits.centre - low if phase < limits.centre else high - limits.centre
    return max(0.0, 1.0 - abs(phase - limits.centre) / half_width)


def _crew_day(day: Day) -> float:
    """Length of the crew's day, and half as much at night."""
    good, bad = fact("planning.crew_day").numbers
    first, last = fact("planning.crew_hours").numbers
    by_day = first <= day.hour <= last
    return (1.0 - _rising(day.day_h, good, bad)) * (1.0 if by_day else 0.5)


def _return(home: LandingPass) -> float:
    """A pass within reach counts half, by day whole."""
    if abs(home.side) > 1e3 * fact("planning.return_side").number:
        return 0.0
    return 1.0 if home.elevation > 0.0 else 0.5


def _rising(x: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (x - low) / (high - low)))


def _deg(angle: float) -> float:
    return math.degrees(angle)
