"""Does drag alone explain what some days of element sets show? A thrust that nobody announces is flagged here.

One Cd A / m for all of these days is fitted with the axis and the longitude. Where the station thrusts against the drag
for a part of them, no single value fits: chi-square says so. Where it thrusts all the time, the value is out of the
range that was ever seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.orbit.decay import LAW, Decay, Law
from sim.orbit.decay_arc import MeanSet
from sim.orbit.weather_forecast import measured_weather, ordinal

DAY = 86400.0
FREE = 0.6  # of ln(Cd A / m): wide, the sets decide
UNKNOWNS = 3
MINIMUM = 4  # sets
IMPROBABLE = 1e-8
RANGE = 3.0  # sigmas of the law over so many days


class DragOnly(NamedTuple):
    """A fit of one `area` (m2/kg) over some sets, with the `chi2` of its residuals and their degrees of freedom.

    `probability` of a chi-square as large where drag is all there is. `highest` m: by how much the worst set is higher
    than drag alone has it. `flagged`: drag does not explain it; `reason` says which test fell.
    """

    area: float
    chi2: float
    freedom: int
    probability: float
    highest: float
    flagged: bool
    reason: str


def drag_only(sets: Sequence[MeanSet], law: Law = LAW) -> DragOnly:
    """The fit over the sets, in the order of time, with the weather as measured. ValueError for fewer than four."""
    from scipy.special import gammaincc

    if len(sets) < MINIMUM:
        raise ValueError(f"{len(sets)} element sets; a test of the drag needs {MINIMUM}")
    days = sets[-1].epoch.since(sets[0].epoch) / DAY
    today = ordinal(sets[-1].epoch)
    weather = measured_weather(today - days - 6.0, today + 4.0)
    one = law._replace(spread=FREE, wander=0.0, weather=0.0, window=days + 1.0)
    fit = Decay.from_sets(sets, ahead=0.5, law=one, weather=weather)
    area, freedom = math.exp(float(fit.logs[fit.zero])), fit.count - UNKNOWNS
    probability = float(gammaincc(0.5 * freedom, 0.5 * fit.chi2))
    departure = float(fit.departure[fit.zero]) / math.sqrt(law.spread**2 + law.wander**2)
    highest = float(np.max(fit.misses.reshape(len(sets), -1)[:, 0]))
    reason = "drag explains it"
    if probability < IMPROBABLE:
        reason = f"no single drag fits: chi-square {fit.chi2:.0f} for {freedom}"
    elif departure < -RANGE:
        reason = f"Cd A / m of {area:.4f} m2/kg, {-departure:.1f} sigma below the usual"
    return DragOnly(area, fit.chi2, freedom, probability, highest, reason != "drag explains it", reason)
