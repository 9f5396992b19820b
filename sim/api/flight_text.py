"""A flight on a screen and in a notebook: short, whatever it holds."""

from __future__ import annotations

from html import escape

from sim.core.epoch import Epoch, elapsed
from sim.core.flight import Flight, Leg, phase_name

WIDTH, HEIGHT = 100, 24  # columns and lines of a screen
COLUMNS = ("phase", "from (UTC)", "to (UTC)", "vehicles", "rules kept", "status")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _row(leg: Leg, zero: Epoch) -> tuple[str, ...]:
    """The cells of one leg."""
    start, end = (zero.plus(t).text("%Y-%m-%d %H:%M") for t in (leg.start, leg.end))
    kept = sum(rule.passed for rule in leg.verdicts)
    rules = f"{kept} of {len(leg.verdicts)}" if leg.verdicts else ""
    return phase_name(leg.phase), start, end, ", ".join(leg.trajectories), rules, leg.status


def _head(flight: Flight) -> list[str]:
    """Name, span, and what went wrong."""
    lines = [flight.name]
    if flight.legs:
        start, end = flight.legs[0].start, flight.legs[-1].end
        span = f"{flight.epoch(start)} to {flight.epoch(end)}"
        lines.append(f"{span}, ends at {elapsed(flight.met(end))} after lift-off" if flight.first("liftoff") else span)
    lines.append(f"{len(flight.legs)} legs, {len(flight.events)} events, {len(flight.verdicts)} rules judged")
    if leg := flight.failed:
        lines.append(f"failed in {phase_name(leg.phase)}: {leg.reason}")
    broken = [rule for rule in flight.verdicts if not rule.passed]
    if broken:
        lines.append(f"broken: {', '.join(f'{rule.rule} ({rule.phase})' for rule in broken)}")
    return lines


def lines(flight: Flight) -> list[str]:
    """At most 24 lines of at most 100 columns; where there are more legs, the first and the last ones."""
    head = _head(flight)
    rows = [_row(leg, flight.zero) for leg in flight.legs]
    space = HEIGHT - len(head) - 1
    if len(rows) > space:
        half = (space - 1) // 2
        rows = [*rows[:half], ("...", "", "", f"{len(rows) - 2 * half} more legs", "", ""), *rows[-half:]]
    widths = (26, 16, 16, 21, 10)
    text = [*head, *(_aligned(row, widths) for row in ([COLUMNS, *rows] if rows else []))]
    return [_cut(line, WIDTH) for line in text]


def _aligned(row: tuple[str, ...], widths: tuple[int, ...]) -> str:
    cells = [f"{_cut(cell, width):<{width}}" for cell, width in zip(row, widths, strict=False)]
    return " ".join([*cells, row[-1]]).rstrip()


def html(flight: Flight) -> str:
    """The same as a table for a notebook; every text is escaped."""
    name, *head = _head(flight)
    rows = "".join(_html_row(_row(leg, flight.zero), "td") for leg in flight.legs)
    about = "<br>".join(escape(line) for line in head)
    return f"<div><b>{escape(name)}</b><br>{about}<table>{_html_row(COLUMNS, 'th')}{rows}</table></div>"


def _html_row(row: tuple[str, ...], tag: str) -> str:
    cells = "".join(f"<{tag} style='text-align:left'>{escape(cell)}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>"


def leg_line(leg: Leg, zero: Epoch) -> str:
    """One leg in one line."""
    phase, start, end, vehicles, rules, status = _row(leg, zero)
    end = end if leg.end - leg.start > 86400.0 else end[-5:]
    kept = f", {rules} rules kept" if rules else ""
    short = f", {rules.replace(' of ', '/')} rules" if rules else ""
    few = f"{len(leg.trajectories)} vehicles"
    # The first that fits; no mission has phases and ships of so long names that the last does not.
    for who, how in ((vehicles or "nobody flies freely", kept), (vehicles, short), (few, short), ("", "")):
        line = f"<{phase}, {start} to {end}{': ' if who else ''}{who}{how}, {status}>"
        if len(line) <= WIDTH:
            break
    return _cut(line, WIDTH)
