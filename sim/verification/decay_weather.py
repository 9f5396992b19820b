"""What not knowing the weather does to a decay forecast: the storm of May 2024 and the year of the solar maximum.

No element set lies close enough to judge forecasts of those days. Here one set is moved to the day of issue; its
forecast with the weather as known on that day is compared with the same forecast with the weather as measured, both
with the long-term drag area. So the difference is the weather's alone, and so is the interval but for the set's noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.orbit.decay import LAW, Decay
from sim.orbit.decay_arc import MeanSet, wrapped
from sim.orbit.weather_forecast import measured_weather, ordinal

DAY = 86400.0
LONG_TERM = LAW._replace(spread=0.0, wander=0.0)  # the drag area is known
LEADS = (1, 3, 7, 14, 28)
STORM = "2024-05-10T12:00:00Z"  # hours before the storm reached the Earth; daily Ap of 271 on the next day
MAXIMUM, EVERY, COUNT = "2024-01-05T00:00:00Z", 26.0, 14  # of the year whose mean F10.7 was the highest, 2024


class Difference(NamedTuple):
    """Forecast less the same one with measured weather, km along the track, by lead; `sigma` km stated."""

    along: np.ndarray
    sigma: np.ndarray


def difference(given: MeanSet, utc: str | Epoch) -> Difference:
    """Of a set moved to an instant."""
    issued = Epoch.from_utc(utc) if isinstance(utc, str) else utc
    moved = replace(given, epoch=issued, plane=given.plane._replace(epoch=issued))
    today, ahead = ordinal(issued), max(LEADS) + 0.5
    at = [issued.plus(d * DAY) for d in LEADS]
    known = Decay.from_sets([moved], ahead=ahead, law=LONG_TERM).forecast(at)
    measured = measured_weather(today - 10.0, today + ahead + 4.0)
    true = Decay.from_sets([moved], ahead=ahead, law=LONG_TERM, weather=measured).forecast(at)
    along = np.array([wrapped(a - b) for a, b in zip(known.longitude, true.longitude, strict=True)]) * known.axis
    return Difference(along / 1000.0, known.along_sigma / 1000.0)


def weather_rows(given: MeanSet) -> list[dict]:
    """A row each lead, for the storm and for the maximum."""
    storm = difference(given, STORM)
    first = Epoch.from_utc(MAXIMUM)
    many = [difference(given, first.plus(k * EVERY * DAY)) for k in range(COUNT)]
    result = []
    for name, some in (("storm of May 2024", [storm]), ("solar maximum, 2024", many)):
        for k, lead in enumerate(LEADS):
            along, sigma = (np.array([getattr(d, key)[k] for d in some]) for key in ("along", "sigma"))
            result.append(
                {
                    "kind": "weather",
                    "name": name,
                    "days": lead,
                    "issues": len(some),
                    "rms_km": round(float(np.sqrt(np.mean(along**2))), 2),
                    "interval_km": round(1.96 * float(np.median(sigma)), 2),
                    "covered": round(float(np.mean(abs(along) <= 1.96 * sigma)), 3),
                }
            )
    return result


def weather_lines(table: Sequence[dict]) -> Iterator[str]:
    """The rows for people."""
    yield "The weather's part alone: known on the day of issue against measured, km along the track"
    yield f"{'issued':24} days times      rms     95 %  covered"
    for r in table:
        yield (
            f"{r['name']:24} {r['days']:4d} {r['issues']:5d} {r['rms_km']:8.1f} {r['interval_km']:8.1f} "
            f"{100.0 * r['covered']:6.0f} %"
        )
