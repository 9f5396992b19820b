"""Error bars of a flight: how far a small campaign of the same flight scatters, each with another truth.

The flight itself is run 0 of the mission's seed; the campaign flies the runs after it, the same as those of a campaign
of whole flights with that seed. What it plans by is the same in all of them: the mission's files. So the interval is
what can be known before the flight, as far as the models stand for a real one; how well the times of a rendezvous
profile do is calibrated on earlier flights (`sim.verification.flights`), and kept beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.campaign.estimate import processes
from sim.campaign.phases import ready
from sim.campaign.run import FLOWN, fly_all, whole_flights
from sim.campaign.whole import measure
from sim.campaign.words import ALL, WHOLE
from sim.core.flight import Flight
from sim.files.errors import BadInput
from sim.mission import Mission
from sim.scenario import Scenario

SHARE = 0.95  # of the flights lies within the interval
Tick = Callable[[int, int], None]  # flights done, of how many


@dataclass(frozen=True)
class RealFlight:
    """Hard mate of a real flight, s after lift-off: the value, half of its 95 % interval, and what it rests on."""

    value: float
    half_width: float
    basis: str

    def content(self) -> dict:
        """The same as plain data."""
        low, high = self.value - self.half_width, self.value + self.half_width
        return {"value": self.value, "low": low, "high": high, "basis": self.basis}


@dataclass(frozen=True)
class Forecast:
    """Of each quantity of the campaign its median and its interval; `flown`: the quantities of the flight itself.

    `flights` were flown, of which `failed` did not come to their end. `real`: of a real flight's hard mate the value,
    s after lift-off, its interval, and what it rests on; None where no flight of the record flew the profile.
    """

    flights: int
    failed: int
    seed: int
    intervals: dict[str, tuple[float, float, float]]
    flown: dict[str, float]
    real: RealFlight | None = None

    def content(self) -> dict:
        """The same as plain data."""
        return {
            "method": "small campaign: whole flights, what is true drawn for each by the mission's uncertainty",
            "share": SHARE,
            "share_sigma": share_sigma(self.flights - self.failed),
            "flights": self.flights,
            "failed": self.failed,
            "seed": self.seed,
            "quantities": {
                name: {"median": median, "low": low, "high": high, "this_flight": self.flown.get(name)}
                for name, (median, low, high) in self.intervals.items()
            },
            "real_flight": None if self.real is None else {"docked_met_s": self.real.content()},
        }


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The median, and the ends of the interval that one more flight lies in with `SHARE`, whatever the law.

    One more of n flights that are drawn alike falls with the same probability into each of the n + 1 places between
    the n in order, so that the k-th from below and from above hold it with (n + 1 - 2 k) / (n + 1): Wilks, Ann. Math.
    Stat. 12 (1941) 91-96. The ends lie at k = (n + 1) (1 - SHARE) / 2, between two flights in proportion; that is type
    6 of Hyndman & Fan, Am. Stat. 50 (1996) 361-365. It takes 39 flights: with fewer, the ends are the outermost.
    """
    ends = (50.0, 50.0 * (1.0 - SHARE), 50.0 * (1.0 + SHARE))
    median, low, high = (float(x) for x in np.percentile(values, ends, method="weibull"))
    return median, low, high


def share_sigma(flights: int) -> float:
    """Standard deviation of the share of all flights that the interval from so many holds; its mean is `SHARE`.

    The share between two of n flights in order is distributed as Beta (same source).
    """
    return math.sqrt(SHARE * (1.0 - SHARE) / (flights + 2.0))


def forecast(
    scenario: Scenario, mission: Mission, flight: Flight, flights: int, tick: Tick, real: RealFlight | None = None
) -> Forecast:
    """Of a whole flight of a `mission` as built, by so many others; `real` is kept beside them.

    BadInput where fewer than two of the flights come to their end.
    """
    prepared = whole_flights(ready(mission, ALL)[0], scenario, scenario.seed)
    found = []
    for run in fly_all(prepared, range(1, flights + 1), processes(flights, None)):
        found.append(run)
        tick(len(found), flights)
    rows = [run.quantities for run in sorted(found, key=lambda run: run.number) if run.status == FLOWN]
    if len(rows) < 2:
        raise BadInput(f"of {flights} flights {len(rows)} came to their end: there is no interval to report")
    intervals = {name: interval([row[name] for row in rows]) for name in WHOLE.quantities}
    own = {} if flight.failed else measure(flight, mission)
    return Forecast(flights, flights - len(rows), scenario.seed, intervals, own, real)
