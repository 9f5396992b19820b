"""A suborbital flight: by name, or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import path, texts
from sim.api.output import Where, directory
from sim.core.flight import Failure
from sim.files import paths, text
from sim.files.errors import MissionFailed
from sim.scenario.what_it_is import shipped

if TYPE_CHECKING:
    import numpy as np

    from sim.core.flight import Event


@dataclass(frozen=True, eq=False)
class SuborbitalFlown:
    """`t` s after the release; `state` (n, 5): height m, air speed m/s, flight-path angle rad, range m, mass kg; the
    same in figures beside the record as `content`, as `suborbital.json` has it, and as `lines` of text."""

    t: np.ndarray
    state: np.ndarray
    events: tuple[Event, ...]
    content: dict
    lines: list[str]


def suborbital(file: str | Path, out: Where | None = None, *, overrides: Sequence[str] = ()) -> SuborbitalFlown:
    """Fly a suborbital flight from a carrier aircraft, by its name ("galactic-04") or from a file.

    `out`: a directory for rows, events, figures and a picture; `overrides`: texts `KEY=VALUE` for the file.
    ScenarioError where the file has problems, MissionFailed where the craft cannot fly as it says.
    """
    from sim.build.suborbital import flown
    from sim.export.plain import plain
    from sim.output.suborbital import content, lines, write
    from sim.scenario.suborbital_file import load_suborbital

    given = path(file, "file", "the name or the path of the file of a suborbital flight")
    scenario = load_suborbital(given, texts(overrides, like="people_aboard=3"))
    with directory(out) as place:
        try:
            result = flown(scenario)
        except Failure as failure:
            raise MissionFailed("suborbital", str(failure)) from None
        if place is not None:
            write(result, place)
    flight = result.flight
    return SuborbitalFlown(flight.t, flight.state, flight.events, plain(content(result), "suborbital"), lines(result))


def is_suborbital(file: str | Path) -> bool:
    """Whether a name or a file is that of a suborbital flight."""
    return text.heading(shipped(Path(file), paths.SUBORBITAL))[0] == "suborbital"
