"""Landing opportunities of a season: when the ship may come home, where to, and what refuses the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.api.tables import timed
from sim.core.epoch import Epoch
from sim.planning.landing import table
from sim.planning.landing.season import LandingSeason, SeasonOpportunity

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1  # of landing_windows.json


class LandingWindows(list[SeasonOpportunity]):
    """Every landing opportunity in the order of touchdown, open or refused; times are seconds from `zero`.

    `season` is what the planner found.
    """

    def __init__(self, found: LandingSeason):
        super().__init__(found.opportunities)
        self.season = found

    @property
    def zero(self) -> Epoch:
        """The start of the station's flight, from which times count."""
        return self.season.zero

    @property
    def open(self) -> list[SeasonOpportunity]:
        """Those that every hard rule allows."""
        return [x for x in self if x.of.open]

    @property
    def chosen(self) -> list[SeasonOpportunity]:
        """Day by day the one that the mission would fly, were its ship ready on that day."""
        return [x for x in self if x.best]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about the mission's file."""
        return self.season.scenario.warnings

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since `zero` as an Epoch."""
        return self.zero.plus(t)

    def content(self) -> dict:
        """The content of landing_windows.json: sites, returns, rules, and every opportunity with its numbers."""
        found = self.season
        return {
            "schema": SCHEMA,
            "status": "done",
            "mission": found.scenario.name,
            "ship": found.ship,
            "rules_name": found.rules.rules.name,
            "elements": found.scenario.station.elements,
            "start_of_flight_utc": found.zero.utc(0),
            **table.summary(found),
        }

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        found = self.season
        return [
            f"{found.scenario.name}: {found.ship}, elements {found.scenario.station.elements}, station as it flies "
            f"from {found.zero}",
            f"rules: {found.rules.rules.name}",
            *table.lines(found),
        ]

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row an opportunity, times as timestamps; ImportError where pandas is missing."""
        rows = table.csv_rows(self.content())
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return timed({key: [row.get(key) for row in rows] for key in keys})

    def plot(self, ax: Any = None) -> Any:
        """The chart of the season, as a figure of its own or in the given axes, which are switched off and returned."""
        from sim.planning.landing.chart import season_chart
        from sim.plots import drawn
        from sim.plots.landing_season import draw

        return drawn(draw, ax, season_chart(self.season))

    def plot_map(self, ax: Any = None) -> Any:
        """The tracks from the deorbit burn to the sites; figure or axes as for `plot`."""
        from sim.planning.landing.chart import landing_map
        from sim.plots import drawn
        from sim.plots.landing_map import draw

        return drawn(draw, ax, landing_map(self.season))

    def __repr__(self) -> str:
        span = f"{self.epoch(self.season.start)} to {self.epoch(self.season.end)}"
        return f"<{len(self)} landing opportunities, {len(self.open)} open, {span}>"
