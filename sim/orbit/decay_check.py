"""Does drag explain what some days of element sets show? A thrust that nobody announces is flagged here.

Cd A / m is fitted with the axis and the longitude; it may vary along the days as much as `Law` says that the air and
the attitude let it. Where the station thrusts against the drag for a part of them, no such course fits: chi-square says
so. Where it thrusts all the time, the value is out of the range that was ever seen. One value for all days is no test:
the drag grew by two thirds from 26 to 30 May 2026 and no single one fits (docs/decisions/station-decay.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.orbit.decay import LAW, Decay, Law
from sim.orbit.decay_arc import MeanSet
from sim.orbit.weather_forecast import KnownWeather, known_weather, measured_weather, ordinal

DAY = 86400.0
FREE = 0.6  # of ln(Cd A / m): wide, the sets decide
UNKNOWNS = 3
MINIMUM = 4  # sets
WINDOW = 4.0  # days that a forecast's sets are tested over: a thrust of two days drowns in more
IMPROBABLE = 1e-8
RANGE = 3.0  # sigmas of the law over so many days
# Largest chi-square for a degree of freedom in the calm windows of sets before July 2026: the noise of the law is that
# of a forecast, which shares errors along the track, and a fit to neighbouring sets is smoother.
CALM = 0.48


class DragOnly(NamedTuple):
    """A fit of drag alone over some sets: `area` m2/kg at the newest, `chi2` of the residuals and their degrees of
    freedom.

    `probability` of a chi-square as large, for a degree of freedom `CALM` of the law's, where drag is all there is.
    `highest` m: by how much the worst set is higher than drag alone has it. `flagged`: drag does not explain it;
    `reason` says which test fell.
    """

    area: float
    chi2: float
    freedom: int
    probability: float
    highest: float
    flagged: bool
    reason: str


def drag_only(sets: Sequence[MeanSet], law: Law = LAW, weather: KnownWeather | None = None) -> DragOnly:
    """The fit over the sets, in the order of time, with the weather as measured where no other is given. ValueError for
    fewer than four."""
    from scipy.special import gammaincc

    if len(sets) < MINIMUM:
        raise ValueError(f"{len(sets)} element sets; a test of the drag needs {MINIMUM}")
    days = sets[-1].epoch.since(sets[0].epoch) / DAY
    today = ordinal(sets[-1].epoch)
    weather = weather or measured_weather(today - days - 6.0, today + 4.0)
    one = law._replace(spread=FREE, weather=0.0, window=days + 1.0)
    fit = Decay.from_sets(sets, ahead=0.5, law=one, weather=weather)
    area, freedom = math.exp(float(fit.logs[fit.zero])), fit.count - UNKNOWNS
    probability = float(gammaincc(0.5 * freedom, 0.5 * fit.chi2 / CALM))
    departure = float(fit.departure[fit.zero]) / math.sqrt(law.spread**2 + law.wander**2)
    highest = float(np.max(fit.misses.reshape(len(sets), -1)[:, 0]))
    reason = "drag explains it"
    if probability < IMPROBABLE:
        reason = f"no drag fits: chi-square {fit.chi2:.0f}, {CALM * freedom:.0f} in calm days at most"
    elif departure < -RANGE:
        reason = f"Cd A / m of {area:.4f} m2/kg, {-departure:.1f} sigma below the usual"
    return DragOnly(area, fit.chi2, freedom, probability, highest, reason != "drag explains it", reason)


def windows(sets: Sequence[MeanSet]) -> list[Sequence[MeanSet]]:
    """Those of `WINDOW` days with enough sets to be tested, one to each last set; no raise may lie between the sets."""
    made: list[Sequence[MeanSet]] = []
    for k, last in enumerate(sets):
        chosen = [s for s in sets[: k + 1] if last.epoch.since(s.epoch) <= WINDOW * DAY]
        if len(chosen) >= MINIMUM:
            made.append(chosen)
    return made


def thrust_warning(decay: Decay) -> str:
    """What a reader of a forecast should know of the sets that it is made of; empty where drag explains them.

    Each window is tested with the weather that was known when the forecast was issued.
    """
    found = windows(decay.sets)
    if not found:
        return ""
    back = decay.issued.since(decay.sets[0].epoch) / DAY + 6.0
    weather = known_weather(decay.issued, back=back, ahead=4.0)
    for some in found:
        fit = drag_only(some, decay.law, weather)
        if fit.flagged:
            return (
                f"the element sets since {some[0].epoch.utc(0)[:10]} do not fall as drag lets them: thrust, or a "
                f"change of attitude; the interval of the forecast does not count it ({fit.reason})"
            )
    return ""
