"""Error bars of a flight: how far a small campaign of the same flight scatters, each with another truth.

The flight itself is run 0 of the mission's seed; the campaign flies the runs after it. What it plans by is the same in
all of them: the mission's files. So the interval is what can be known before the flight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.campaign.estimate import processes
from sim.campaign.phases import ready
from sim.campaign.run import FLOWN, Prepared, fly_all
from sim.campaign.whole import measure
from sim.campaign.words import ALL, WHOLE
from sim.core.flight import Flight
from sim.files.errors import BadInput
from sim.mission import Mission
from sim.scenario import Scenario
from sim.uncertainty.truth import uncertainty_of

SHARE = 0.95  # of the flights lies within the interval
Tick = Callable[[int, int], None]  # flights done, of how many


@dataclass(frozen=True)
class Forecast:
    """Of each quantity of the campaign its median and its interval; `flown`: the quantities of the flight itself.

    `flights` were flown, of which `failed` did not come to their end.
    """

    flights: int
    failed: int
    seed: int
    intervals: dict[str, tuple[float, float, float]]
    flown: dict[str, float]

    def content(self) -> dict:
        """The same as plain data."""
        return {
            "method": "small campaign: whole flights, what is true drawn for each by the mission's uncertainty",
            "share": SHARE,
            "flights": self.flights,
            "failed": self.failed,
            "seed": self.seed,
            "quantities": {
                name: {"median": median, "low": low, "high": high, "this_flight": self.flown.get(name)}
                for name, (median, low, high) in self.intervals.items()
            },
        }


def forecast(scenario: Scenario, mission: Mission, flight: Flight, flights: int, tick: Tick) -> Forecast:
    """Of a whole flight of a `mission` as built, by so many others.

    BadInput where fewer than two of the flights come to their end.
    """
    uncertainty = uncertainty_of(scenario)
    assert uncertainty is not None  # a mission without one was refused
    planned, _ = ready(mission, ALL)
    prepared = Prepared(planned, ALL, uncertainty.laws, scenario.seed, uncertainty)
    found = []
    for run in fly_all(prepared, range(1, flights + 1), processes(flights, None)):
        found.append(run)
        tick(len(found), flights)
    rows = [run.quantities for run in sorted(found, key=lambda run: run.number) if run.status == FLOWN]
    if len(rows) < 2:
        raise BadInput(f"of {flights} flights {len(rows)} came to their end: there is no interval to report")
    ends = (50.0, 50.0 * (1.0 - SHARE), 50.0 * (1.0 + SHARE))
    intervals = {}
    for name in WHOLE.quantities:
        median, low, high = np.percentile([row[name] for row in rows], ends, method="median_unbiased")
        intervals[name] = float(median), float(low), float(high)
    own = {} if flight.failed else measure(flight, mission)
    return Forecast(flights, flights - len(rows), scenario.seed, intervals, own)
