"""What the planners' options say: days, dates and element sets from the command line."""

from __future__ import annotations

from pathlib import Path

from sim.cli.conventions import BadInput

LEAST_DAYS, MOST_DAYS = 1e-5, 370.0  # a second, nearly: much less is no span at all once times are rounded


def date(text: str | None, option: str = "--from"):
    """An epoch of a day or a time of it, UTC."""
    from sim.core.epoch import Epoch

    if text is None:
        return None
    try:
        return Epoch.from_utc(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise BadInput(f"{option}: found '{text}'; write a day like 2026-10-01, or 2026-10-01T12:00:00Z") from None


def days(count: float | None) -> float | None:
    if count is not None and not LEAST_DAYS <= count <= MOST_DAYS:
        raise BadInput(
            f"--days: found {count:g}; write a number of days from {LEAST_DAYS:g} (a second) to {MOST_DAYS:g}"
        )
    return count


def elements(path: Path | None, first):
    """The set of the file that is nearest to the first day, or the last; one object in a file."""
    from sim.interchange.files import read_mean_elements

    if path is None:
        return None
    found = read_mean_elements(path)
    objects = sorted({(e.number, e.name) for e in found})
    if len({number for number, _ in objects}) > 1:
        reporting_errors = ", ".join(f"{number} {name}".strip() for number, name in objects[:5])
        raise BadInput(
            f"{path} holds {len(objects)} objects ({reporting_errors}); write a file with the one that is the target"
        )
    return min(found, key=lambda e: abs(e.epoch.since(first))) if first else max(found, key=lambda e: e.epoch)
