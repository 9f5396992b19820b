"""Space weather as it is known at one instant: what was measured before that day, and a regression on it beyond.

ln(F10.7) and Ap of a day to come are least-squares lines in what was known: the last value, the means of 7, 27 and
81 days and the value one turn of the Sun (27 days) before. The coefficients for each day ahead come from 1990 to 2020,
before the station flew; nothing of the days that are forecast goes in. The 81-day mean of F10.7 near and beyond the
instant is that of measured and forecast days together.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.environment import space_weather

LEARNT_UNTIL = 2020
TURN = 27  # days of the Sun as seen from the Earth
HALF = 40  # days on each side of the 81-day mean
AHEAD = 120  # days; beyond them the means of the last 81 days are held
BACK = 110  # days of past that a regression looks at


class KnownWeather(NamedTuple):
    """F10.7 (sfu), its 81-day mean and Ap by whole days, the first of which is the ordinal day `first`; those from
    `issued` on are forecast."""

    first: int
    issued: int
    f107: np.ndarray
    f107a: np.ndarray
    ap: np.ndarray

    def at(self, day: np.ndarray) -> np.ndarray:
        """(n, 3) as NRLMSISE-00 takes them, on the line between the noons; `day` (n,) ordinal days with fractions.
        Before and beyond its days the ends are held."""
        noon = self.first + np.arange(len(self.ap)) + 0.5
        before = np.interp(day, noon + 1.0, self.f107)  # F10.7 of the day before
        return np.column_stack([before, np.interp(day, noon, self.f107a), np.interp(day, noon, self.ap)])


def ordinal(epoch: Epoch) -> float:
    """Days of the proleptic calendar (`date.toordinal`), with the elapsed part of the UTC day."""
    whole, part = epoch.jd_utc()
    return whole - 1721424.5 + part


def known_weather(issued: Epoch, back: float = 60.0, ahead: float = 60.0) -> KnownWeather:
    """From `back` days before `issued` to `ahead` days after it, as known at the end of the day before it."""
    table = space_weather.table()
    today = int(ordinal(issued))
    start = table.first.toordinal()
    reach = min(today, table.observed.toordinal() + 1)
    first = reach - max(int(back) + HALF + 2, BACK)
    if first < start:
        raise ValueError(f"no space weather {BACK} days before {issued}: the table begins {table.first}")
    measured = slice(first - start, reach - start)
    f107, ap = table.f107[measured], table.ap[measured]
    days = max(int(today - reach + ahead) + HALF + 2, 1)
    f107 = np.concatenate([f107, np.exp(_continued(np.log(f107), days, _coefficients()[0]))])
    ap = np.concatenate([ap, np.maximum(_continued(ap, days, _coefficients()[1]), 2.0)])
    sums = np.cumsum(np.concatenate([[0.0], f107]))
    k = np.arange(HALF, len(f107) - HALF)
    mean = (sums[k + HALF + 1] - sums[k - HALF]) / (2 * HALF + 1)
    kept = slice(HALF, len(f107) - HALF)
    return KnownWeather(first + HALF, reach, f107[kept], mean, ap[kept])


def measured_weather(first: float, last: float) -> KnownWeather:
    """What was measured (or is predicted in the packaged table) between two ordinal days: hindsight, for estimates of
    the past and for comparison alone."""
    table = space_weather.table()
    start, a, b = table.first.toordinal(), int(first) - 1, int(last) + 2
    kept = slice(a - start, b - start)
    return KnownWeather(a, b, table.f107[kept], table.f107a[kept], table.ap[kept])


def _features(x: np.ndarray, k: np.ndarray, ahead: int) -> np.ndarray:
    """(n, 6) of what is known when x[k - 1] was the last value measured, for the day k + ahead - 1."""
    sums = np.cumsum(np.concatenate([[0.0], x]))
    means = [(sums[k] - sums[k - n]) / n for n in (7, TURN, 81)]
    turns = -(-ahead // TURN)
    same = k + ahead - 1 - turns * TURN
    end = np.minimum(same + 2, k)  # three days about it, as far as they are known
    recurrent = (sums[end] - sums[same - 1]) / (end - same + 1)
    return np.column_stack([np.ones(len(k)), x[k - 1], *means, recurrent])


def _continued(x: np.ndarray, days: int, coefficients: np.ndarray) -> np.ndarray:
    k = np.array([len(x)])
    ahead = [float(_features(x, k, h)[0] @ coefficients[h - 1]) for h in range(1, min(days, AHEAD) + 1)]
    return np.array(ahead + [ahead[-1]] * (days - len(ahead)))


@lru_cache(maxsize=1)
def _coefficients() -> tuple[np.ndarray, np.ndarray]:
    """(AHEAD, 6) for ln(F10.7), and for Ap."""
    table = space_weather.table()
    until = date(LEARNT_UNTIL + 1, 1, 1).toordinal() - table.first.toordinal()
    both = []
    for x in (np.log(table.f107[:until]), table.ap[:until]):
        k = np.arange(BACK, len(x) - AHEAD, 3)
        fits = [np.linalg.lstsq(_features(x, k, h), x[k + h - 1], rcond=None)[0] for h in range(1, AHEAD + 1)]
        both.append(np.array(fits))
    return both[0], both[1]
