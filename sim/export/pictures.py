"""The pictures of a flight by name, without what draws them: which are drawn, and what each of them shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.files.errors import BadInput

_ASCENT = frozenset({"await_launch", "ascent"})
_APPROACH = _ASCENT | {"phasing", "homing", "transfer", "fly_around", "docking", "capture"}

# Name on the command line, in the order of the report -> the phases that the picture shows; None: the whole flight.
SHOWS: dict[str, frozenset[str] | None] = {
    "ground-track": None,
    "docking-windows": _APPROACH,
    "ascent": _ASCENT,
    "ascent-range": _ASCENT,
    "ascent-view": _ASCENT,
    "aborts": _ASCENT,
    "rendezvous": _APPROACH,
    "closing": _APPROACH,
    "attitude": _APPROACH,
    "navigation": _APPROACH,
    "thrusters": _APPROACH,
    "camera": _APPROACH,
    "contact": _APPROACH,
    "arm": None,
    "departure": None,
    "week": None,
    "station-altitude": None,
    "return-sequence": None,
    "footprint": None,
    "entry-corridor": None,
    "entry": None,
    "descent": None,
    "timeline": None,
}
NAMES = tuple(SHOWS)
FORMS = ("png", "svg")  # pixels for slides; lines and texts, as in the report
KEY = ("ground-track", "ascent", "rendezvous", "closing", "footprint", "entry", "timeline")
CHOICES: dict[str, tuple[str, ...]] = {"none": (), "key": KEY, "all": NAMES}


def chosen(choice: str, where: str = "pictures") -> tuple[str, ...]:
    """The names of the pictures for one of the words none, key and all; BadInput for any other word."""
    if choice not in CHOICES:
        raise BadInput(f"{where}: found '{choice}'; write {', '.join(CHOICES)}: key are {', '.join(KEY)}")
    return CHOICES[choice]


def finished(names: Iterable[str], ahead: Iterable[str]) -> list[str]:
    """Those of the pictures to which none of the phases that lie ahead would add anything."""
    left = set(ahead)
    return [name for name in names if not (left if (shown := SHOWS[name]) is None else shown & left)]


def missing(names: Iterable[str]) -> Sequence[str]:
    """The pictures that are not among `names`, in the order of the report."""
    drawn = set(names)
    return [name for name in NAMES if name not in drawn]
