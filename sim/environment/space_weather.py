"""Space weather: given by hand, or day by day from the packaged table, seeds/assets/space_weather.csv.

NRLMSISE-00 takes F10.7 of the day before, its 81-day mean centred on the day and the daily Ap (Picone et al. 2002,
J. Geophys. Res. 107, A12, 1468, section 2.3). Here these belong to the noon of the day (UTC), and between two noons
each is a straight line: the model's own steps at midnight would put an edge into the force every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from sim.core.epoch import Epoch
from sim.files import packaged

FILE = "seeds/assets/space_weather.csv"
PUBLISHED = "2026-10-16"  # of the file that the table was cut from
FLARE = 380.0  # sfu; the disc's slow flux has reached 370 since 1990, and on eight days a flare was measured instead
NOON = 0.5  # days
REMEDY = "give f107, f107a and ap, or choose another span"


@dataclass(frozen=True)
class Weather:
    """Space weather for the atmosphere: F10.7 (sfu) of the day before, its 81-day mean, and the daily Ap."""

    f107: float
    f107a: float
    ap: float


@dataclass(frozen=True)
class SpaceWeather:
    """The table, a value for each day from `first` on; `observed` and `predicted` are the last days of their kinds.

    Beyond `predicted` stand monthly predictions: straight lines from month to month, and the table's mean for Ap.
    """

    first: date
    observed: date
    predicted: date
    f107: np.ndarray
    f107a: np.ndarray
    ap: np.ndarray

    @property
    def start(self) -> date:
        """The first day that has a day before."""
        return self.first + timedelta(days=1)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.ap) - 1)


@lru_cache(maxsize=1)
def table() -> SpaceWeather:
    """The packaged table as a daily one; F10.7 of a flare becomes the mean of its neighbours."""
    lines = packaged.content(FILE).decode("utf-8").splitlines()
    rows = [line.split(",") for line in lines if line[0].isdigit()]
    days = [date.fromisoformat(row[0]) for row in rows]
    day = np.array([d.toordinal() for d in days])
    f107, f107a = (np.array([float(row[k]) for row in rows]) for k in (1, 2))
    ap = np.array([float(row[3] or "nan") for row in rows])
    kinds = [row[4] for row in rows]
    observed, predicted = (len(kinds) - kinds[::-1].index(kind) - 1 for kind in ("o", "p"))
    ap[np.isnan(ap)] = np.mean(ap[: observed + 1])
    quiet, every = f107 < FLARE, np.arange(day[0], day[-1] + 1)
    return SpaceWeather(
        first=days[0],
        observed=days[observed],
        predicted=days[predicted],
        f107=np.interp(every, day[quiet], f107[quiet]),
        f107a=np.interp(every, day, f107a),
        ap=np.interp(every, day, ap),
    )


def weather_of(day: date) -> Weather:
    """The weather that NRLMSISE-00 takes for a whole day; ValueError for a day that the table has not."""
    known = table()
    if not known.start <= day <= known.last:
        raise ValueError(f"no space weather for {day}: the table reaches from {known.start} to {known.last}; {REMEDY}")
    k = (day - known.first).days
    return Weather(float(known.f107[k - 1]), float(known.f107a[k]), float(known.ap[k]))


def weather_at(epoch: Epoch) -> Weather:
    """The weather at an instant, on the line between the noons before and after it; the table's ends are held."""
    day, fraction = _day(epoch)
    now, share = weather_of(day), fraction - NOON
    day += timedelta(days=1 if share > 0.0 else -1)
    other = weather_of(day) if table().start <= day <= table().last else now
    mixed = ((1.0 - abs(share)) * a + abs(share) * b for a, b in zip(_three(now), _three(other), strict=True))
    return Weather(*mixed)


@lru_cache(maxsize=1)
def limits() -> tuple[Epoch, Epoch]:
    """The first and the last instant of the table."""
    known = table()
    return Epoch.from_utc(known.start.isoformat()), Epoch.from_utc(f"{known.last}T23:59:59.999Z")


def kind_at(epoch: Epoch) -> str:
    """What the weather of an instant rests on: "observed", "predicted" (daily) or "monthly" (predicted)."""
    known, day = table(), _day(epoch)[0]
    return "observed" if day <= known.observed else "predicted" if day <= known.predicted else "monthly"


def days(first: Epoch, last: Epoch) -> list[date]:
    """The days of the table that a span between two instants draws on: those whose noons lie around it, too."""
    known, begin, end = table(), _day(first.plus(-43200.0))[0], _day(last.plus(43200.0))[0]
    begin, end = max(begin, known.start), min(end, known.last)
    return [begin + timedelta(days=k) for k in range((end - begin).days + 1)]


def _three(weather: Weather) -> tuple[float, float, float]:
    return weather.f107, weather.f107a, weather.ap


def _day(epoch: Epoch) -> tuple[date, float]:
    """The UTC day and the elapsed part of it."""
    moment = epoch.datetime()
    return moment.date(), (moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond * 1e-6) / 86400
