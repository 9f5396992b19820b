"""The wind file: the climate of the wind over a landing site, by season and height."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from sim.scenario.kinds import File, Table, Words, length, within
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing

MONTHS = frozenset(range(1, 13))
Heights = Annotated[tuple[Annotated[float, within(-1, 120)], ...], length(2, 100)]
Speeds = Annotated[tuple[Annotated[float, within(-150, 150)], ...], length(2, 100)]
Spreads = Annotated[tuple[Annotated[float, within(0, 100)], ...], length(2, 100)]


class SeasonTable(Table):
    """The wind of some months: its mean toward east and north over the heights (above the ellipsoid), and one sigma,
    each axis, of the weather of a day about it. Linear between the heights, held beyond them."""

    months: Annotated[tuple[Annotated[int, within(1, 12)], ...], length(1, 12)]
    height_km: Heights
    east_m_s: Speeds
    north_m_s: Speeds
    sigma_m_s: Spreads


class WindFile(File):
    """`correlation_height_km`: over which the weather of a day loses its likeness, to 1/e."""

    kind: Literal["wind"]
    note: Words = ""
    correlation_height_km: Annotated[float, within(0.1, 100)]
    seasons: Annotated[tuple[SeasonTable, ...], length(1, 12)]

    def season(self, month: int) -> SeasonTable:
        """The season of a month, 1 to 12."""
        return next(season for season in self.seasons if month in season.months)


def wind(view: View) -> Iterator[Finding]:
    """Every month has one season, and every season as many values as heights."""
    seen: dict[int, int] = {}
    whole = view("seasons") is not None
    for i in range(view.length("seasons")):
        months = view("seasons", i, "months")
        whole = whole and months is not None
        for month in months or ():
            if month in seen:
                found = f"month {month}, which seasons.{seen[month]} has too"
                yield Finding(("seasons", i, "months"), found, "each month in one season")
            seen.setdefault(month, i)
        heights = view("seasons", i, "height_km")
        yield from increasing(view, ("seasons", i, "height_km"))
        for key in ("east_m_s", "north_m_s", "sigma_m_s"):
            values = view("seasons", i, key)
            if heights and values and len(values) != len(heights):
                allowed = f"{len(heights)}, one for each height_km"
                yield Finding(("seasons", i, key), f"{len(values)} values", allowed)
    if whole and (lacking := sorted(MONTHS - set(seen))):
        found = f"no season of month {', '.join(map(str, lacking))}"
        yield Finding(("seasons",), found, "every month from 1 to 12 in one of the seasons")


RULES = (*SOURCES, wind)
