"""What `run --follow` shows while a mission flies: a table in the terminal, and a page in the browser if asked."""

from __future__ import annotations

import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from sim.api.flight_result import FlightResult
    from sim.output.followed import Followed

SHOWN_S = 2.0  # how long the page is left there at the end: it looks once a second, and has to see where the report is
MARKS = {"flown": "done", "running": "now", "ahead": "", "failed": "FAILED"}


class Follower:
    """Takes what `sim.run` reports, and hands the state to those who show it."""

    def __init__(self, mission: str, station: str, shows: list[Callable[[Followed], None]]):
        from sim.output import followed

        self.made, self.station, self.shows = followed, station, shows
        self.state = followed.beginning(mission, [])
        self.since = time.perf_counter()

    def tick(self, phase: str, fraction: float) -> None:
        """Of `sim.run(progress=...)`."""
        self.state = self.made.running(self.state, phase, fraction)
        self._show()

    def after_leg(self, flight: FlightResult, ahead: tuple[str, ...]) -> None:
        """Of `sim.run(watch=...)`."""
        now = time.perf_counter()
        self.state = self.made.after_leg(self.state, flight.flight, flight.world, self.station, ahead, now - self.since)
        self.since = now
        self._show()

    def _show(self) -> None:
        for show in self.shows:
            show(self.state)


def _length(metres: float) -> str:
    return f"{metres:.1f} m" if metres < 10_000 else f"{metres / 1000.0:.1f} km"


@contextmanager
def following(mission: str, station: str, out: Path, browser: bool) -> Iterator[Follower]:
    """A follower that writes to standard error, and with `browser` a page beside the results while the block lasts."""
    with ExitStack() as stack:
        terminal = stack.enter_context(_table()) if sys.stderr.isatty() else _Lines()
        shows: list[Callable[[Followed], None]] = [terminal]
        if browser:
            shows.append(stack.enter_context(_page(out)))
        yield Follower(mission, station, shows)


class _Lines:
    """For a log: one line a leg, and its events."""

    def __init__(self) -> None:
        self.legs = 0

    def __call__(self, state: Followed) -> None:
        flown = [row for row in state.phases if row.status in ("flown", "failed")]
        if len(flown) == self.legs:
            return
        self.legs = len(flown)
        print(f"{state.utc}  {flown[-1].name}: {flown[-1].status}; {_apart(state)}", file=sys.stderr, flush=True)


def _apart(state: Followed) -> str:
    craft = [f"{row.name} {row.altitude_km:.1f} km up at {row.speed_m_s:.1f} m/s" for row in state.craft]
    if state.range_m is not None:
        craft.append(f"range {_length(state.range_m)}, rate {state.range_rate_m_s:+.3f} m/s")
    return "; ".join(craft)


@contextmanager
def _table() -> Iterator[Callable[[Followed], None]]:
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), refresh_per_second=4, transient=False) as live:
        yield lambda state: live.update(rendered(state))


def rendered(state: Followed) -> Table:
    """The state as a table for a terminal."""
    from rich.table import Table

    def table(*heads: str) -> Table:
        return Table(*heads, box=None, pad_edge=False, title_justify="left")

    phases = table("phase", "", "until (UTC)", "mission time")
    for row in state.phases:
        phases.add_row(row.name, MARKS[row.status], row.end_utc, row.met)
    craft = table("craft", "altitude", "speed", "propellant")
    for one in state.craft:
        left = "" if one.propellant_kg is None else f"{one.propellant_kg:.0f} kg"
        craft.add_row(one.name, f"{one.altitude_km:.1f} km", f"{one.speed_m_s:.1f} m/s", left)
    events = table("event", "UTC", "craft", "")
    for event in state.events:
        events.add_row(event.name.replace("_", " "), event.utc, event.vehicle, event.values)
    whole = Table.grid(padding=(0, 0, 1, 0))
    whole.add_row(f"{state.mission}   {state.doing} {100.0 * state.fraction:.0f} %   {state.utc} {state.met}")
    for part in (phases, craft, events):
        whole.add_row(part)
    if state.range_m is not None:
        whole.add_row(f"range to the station {_length(state.range_m)}, rate {state.range_rate_m_s:+.3f} m/s")
    return whole


@contextmanager
def _page(out: Path) -> Iterator[Callable[[Followed], None]]:
    from sim.files.output_directory import beside
    from sim.report.live_page import write_page, write_state

    with beside(out) as folder:
        page, last = write_page(folder), dict[str, Any]()

        def show(state: Followed) -> None:
            last.update(state.content())
            write_state(folder, last, {}, over=False)

        print(f"live page: {page.as_uri()}", file=sys.stderr, flush=True)
        webbrowser.open_new_tab(page.as_uri())
        yield show
        if last:
            links = {name: (out / name).resolve().as_uri() for name in ("report.html", "view.html")}
            write_state(folder, last, links, over=True)
            time.sleep(SHOWN_S)
