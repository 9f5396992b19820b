"""The flown events beside the times that were published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.core.ascent_record import PublishedEvent, PublishedSequence


@dataclass(frozen=True)
class Published:
    """Times of events as somebody published them, s after lift-off."""

    name: str
    chosen: bool
    times: Mapping[str, float]


def against_published(sequences: tuple[Published, ...], flown: Mapping[str, float]) -> tuple[PublishedSequence, ...]:
    """For each sequence its events with published and flown seconds after lift-off, and the difference in per cent."""
    found = []
    for sequence in sequences:
        rows = [
            PublishedEvent(event, published, flown[event], 100.0 * (flown[event] - published) / published)
            for event, published in sorted(sequence.times.items(), key=lambda item: item[1])
            if event in flown
        ]
        found.append(PublishedSequence(sequence.name, sequence.chosen, tuple(rows)))
    return tuple(found)


def worst(found: Iterable[PublishedSequence]) -> PublishedEvent | None:
    """The event of the chosen sequence with the largest difference."""
    rows = [row for sequence in found if sequence.chosen for row in sequence.events]
    return max(rows, key=lambda row: abs(row.off_percent), default=None)
