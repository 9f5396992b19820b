"""The flown events beside the times that were published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """Times of events as somebody published them, s after lift-off."""

    name: str
    chosen: bool
    times: Mapping[str, float]


def against_published(sequences: tuple[Published, ...], flown: Mapping[str, float]) -> list[dict]:
    """For each sequence its events with published and flown seconds after lift-off, and how far off in per cent."""
    found = []
    for sequence in sequences:
        rows = [
            {
                "event": event,
                "published_s": told,
                "flown_s": flown[event],
                "off_percent": 100.0 * (flown[event] - told) / told,
            }
            for event, told in sorted(sequence.times.items(), key=lambda item: item[1])
            if event in flown
        ]
        found.append({"name": sequence.name, "chosen": sequence.chosen, "events": rows})
    return found


def worst(found: list[dict]) -> dict | None:
    """The event of the chosen sequence that is furthest off."""
    rows = [row for sequence in found if sequence["chosen"] for row in sequence["events"]]
    return max(rows, key=lambda row: abs(row["off_percent"]), default=None)
