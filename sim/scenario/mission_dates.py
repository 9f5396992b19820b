"""How long a mission may last at most, and whether that lies within the dates that are flown."""

from __future__ import annotations

from collections.abc import Iterator

from sim.catalogue.element_sets import station_set
from sim.core.dates import ALLOWED, flown
from sim.core.epoch import Epoch
from sim.scenario.scenario import Scenario
from sim.scenario.sequence_file import AwaitLaunchEntry, DockedEntry
from sim.scenario.view import Finding

DAY = 86400.0  # s


def mission_dates(scenario: Scenario) -> Iterator[Finding]:
    """The start, and the last lift-off with all days of handover after it, must lie within the dates that are flown."""
    station = scenario.station
    given = station.start_utc
    start = Epoch.from_utc(given) if given else station_set(station.elements, station.elements_lines).epoch
    last = [start]
    for entry in scenario.sequence:
        if isinstance(entry, AwaitLaunchEntry):
            utc = entry.liftoff_utc or (entry.window_utc[1] if entry.window_utc else None)
            last += [Epoch.from_utc(utc)] if utc else []
    stays = [i for i, entry in enumerate(scenario.sequence) if isinstance(entry, DockedEntry)]
    days = sum(entry.handover_days for entry in scenario.sequence if isinstance(entry, DockedEntry))
    end = max(last).plus(days * DAY)
    if not flown(start):
        yield Finding(("station", "elements"), f"a start at {start}", ALLOWED)
    elif not flown(end):
        block = ("stay",) if "stay" in scenario.raw else ("sequence", stays[-1] if stays else 0)
        yield Finding((*block, "handover_days"), f"{days:g} days in all, so an end at {end}", ALLOWED)
