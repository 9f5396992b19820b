"""Tables that hold the program against the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.api.asked import text
from sim.api.tables import dataframe
from sim.files.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("lift-offs", "flights", "landings", "dockings", "failures", "decay", "suborbital", "moon")


@dataclass(frozen=True, eq=False)
class VerificationTable:
    """`rows` as plain data, `lines` as text, and whether every limit was `held`."""

    name: str
    rows: list[dict]
    lines: list[str]
    held: bool

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table; ImportError where pandas is missing, with what to install."""
        keys = list(dict.fromkeys(key for row in self.rows for key in row))
        return dataframe({key: [row.get(key) for row in self.rows] for key in keys})

    def plot(self, ax: Any = None) -> Any:
        """Of "moon": lifetimes over node and argument of perilune, as a figure or drawn into the given axes.

        BadInput for another table, which has no picture.
        """
        if self.name != "moon":
            raise BadInput(f"the table '{self.name}' has no picture; 'moon' has one")
        from sim.plots import drawn
        from sim.plots.lifetimes import draw
        from sim.verification.moon import LIFE_DAYS

        family = [row for row in self.rows if row["kind"] == "lifetime" and row["raan_deg"] is not None]
        return drawn(draw, ax, family, LIFE_DAYS)


def verify(table: str) -> VerificationTable:
    """A table of predictions against the record.

    "lift-offs": real ones against the plane alone. "flights": each flight predicted from what was known before it.
    "landings": each landing predicted from what was known a day before, by the landing rules and a flown return.
    "dockings": against the docking rules, which are assumed, so that it has no limit to miss. "failures": what breaks
    on the inbound approach, and how it ends. "decay": forecasts of the station's decay against element sets kept aside
    and SGP4, and the raises of the record. "suborbital": flights of a rocket plane, calibrated on two. "moon":
    Chang'e-6 and ICUBE-Q, flown against the record. BadInput for another name.
    """
    if text(table, "table") not in TABLES:
        from sim.scenario.what_it_is import remark

        raise BadInput(f"no table is called '{table}'; there are {', '.join(TABLES)}{remark(table)}")
    if table == "lift-offs":
        from sim.verification import launches

        rows = launches.rows()
        return VerificationTable(table, rows, list(launches.lines(rows)), all(row["held"] for row in rows))
    if table == "flights":
        from sim.verification import flights_table

        rows = flights_table.rows()
        return VerificationTable(table, rows, list(flights_table.lines(rows)), flights_table.held(rows))
    if table == "landings":
        from sim.verification import landings_table

        rows = landings_table.rows()
        return VerificationTable(table, rows, list(landings_table.lines(rows)), all(row["held"] for row in rows))
    if table == "dockings":
        from sim.verification import dockings

        rows = dockings.rows()
        return VerificationTable(table, rows, list(dockings.lines(rows)), True)
    if table == "decay":
        from sim.verification import decay

        rows = decay.rows()
        return VerificationTable(table, rows, list(decay.lines(rows)), decay.held(rows))
    if table == "suborbital":
        from sim.verification import suborbital

        rows = suborbital.rows()
        return VerificationTable(table, rows, list(suborbital.lines(rows)), all(row["held"] for row in rows))
    if table == "moon":
        from sim.verification import moon

        rows = moon.rows()
        return VerificationTable(table, rows, list(moon.lines(rows)), moon.held(rows))
    from sim.build.mission import build
    from sim.scenario import load
    from sim.verification import docking_failures

    rows = docking_failures.rows(build(load("shenzhou-20")))
    return VerificationTable(table, rows, list(docking_failures.lines(rows)), all(row["held"] for row in rows))
