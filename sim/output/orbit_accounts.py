"""What a propagated orbit was flown for, accounted: a slot that was kept, a camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.core.flight import Event
from sim.output.orbit_summary import BURNS_FILE, COVERAGE

if TYPE_CHECKING:
    from sim.build.orbit import OrbitScenario
    from sim.propagation.propagate import FlownOrbit


def write_accounts(flown: FlownOrbit, scenario: OrbitScenario, found: list[Event], directory: Path) -> dict[str, dict]:
    """Of a slot that was kept, whose burns are written, and of a camera."""
    accounts = {}
    if flown.orbit.keeping is not None:
        from sim.output import slot
        from sim.plots.slot_coverage import draw
        from sim.plots.style import save

        slot.write_burns(directory / BURNS_FILE, flown)
        save(draw(slot.chart(flown)), directory / COVERAGE)
        accounts["station_keeping"] = slot.content(flown, found)
    if scenario.imaging is not None:
        from sim.output import imaging

        accounts["imaging"] = imaging.content(flown, scenario.imaging)
    return accounts


def account_lines(accounts: dict[str, dict]) -> list[str]:
    """The same for people."""
    written = []
    if "station_keeping" in accounts:
        from sim.output import slot

        written += slot.lines(accounts["station_keeping"])
    if "imaging" in accounts:
        from sim.output import imaging

        written += imaging.lines(accounts["imaging"])
    return written
