"""How often debris and meteoroids hit the station, and what they go through."""

from __future__ import annotations

from dataclasses import dataclass

from sim.api import time_span
from sim.api.asked import found as as_found
from sim.api.asked import number
from sim.environment import space_weather
from sim.files.errors import BadInput

SCHEMA = 1  # of what is printed as JSON
LOW_KM, HIGH_KM = 200.0, 2000.0
YEAR = 365.25 * 86400.0


@dataclass(frozen=True, repr=False)
class DebrisRisk:
    """`rows`: faces, pipes and the window of a capsule, with expected numbers and probabilities."""

    rows: dict

    def content(self) -> dict:
        """What the command prints as JSON."""
        return {"schema": SCHEMA, "status": "done", **self.rows}

    def lines(self) -> list[str]:
        """The same in words."""
        from sim.planning.debris.risk import lines

        return lines(self.rows)

    def __repr__(self) -> str:
        return f"<debris risk, {self.rows['from_utc']} to {self.rows['until_utc']}>"


def debris_risk(start: time_span.Date, end: time_span.Date, height_km: float = 390.0) -> DebrisRisk:
    """Hits by size on each face of the station from `start` to `end`, what goes through its wall, through pipes with
    and without a shield, and hits on the window of a capsule.

    `height_km`: mean height of the orbit over the equator's radius. BadInput for a span without weather of the Sun a
    year before it.
    """
    from sim.planning.debris.risk import content, environment

    first, last = time_span.date(start), time_span.date(end, "end")
    if first is None or last is None or not first < last:
        raise BadInput(f"end: found {as_found(end)}; write a time after the start, {first}")
    height = number(height_km, "height_km")
    if not LOW_KM <= height <= HIGH_KM:
        raise BadInput(f"height_km: found {as_found(height_km)}; write km from {LOW_KM:g} to {HIGH_KM:g}")
    low, high = space_weather.limits()
    low, high = low.plus(2.0 * YEAR), high.plus(-YEAR)
    if not (low <= first and last <= high):
        raise BadInput(f"start: found {first} to {last}; write a span from {low} to {high}, where F10.7 is known")
    return DebrisRisk(content(environment(first, last, height)))
