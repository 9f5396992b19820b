"""CCSDS Orbit Ephemeris Messages (502.0-B, section 5; KVN, version 2.0) written straight from trajectories."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.core.epoch import NS, Epoch
from sim.core.trajectory import Trajectory
from sim.interchange.ndm_writing import message, value

EARTH = "EARTH"  # CENTER_NAME
DEGREE = 7  # of what is written; Hermite on four points: 4 mm at 240 s spacing at 390 km, at worst at the ends
ROWS = DEGREE + 1  # in a segment at least: Hermite needs half as many, but readers differ, and some ask for so many
SHORT_S = 10.0
STAMP_NS = 1000  # epochs are written to the microsecond
_DESIGNATOR = re.compile(r"\d{4}-\d{3}[A-Z]{1,3}", re.ASCII)
INSTANT_S, BESIDE_S = 1e-5, 1e-3  # an arc shorter than this is an instant; rows beside an instant, so far apart


@dataclass(frozen=True)
class Arc:
    """A part of a trajectory without a jump in acceleration: `start` to `end` s, a row each `step` s.

    `phase`: what a comment says of it. Where `start` is `end` it is one state, that of the first node. `times` (n,) s:
    of rows that are not so even, for Hermite of that `degree`.
    """

    phase: str
    trajectory: Trajectory
    start: float
    end: float
    step: float
    times: np.ndarray | None = None
    degree: int = DEGREE


@dataclass(frozen=True, eq=False)
class WrittenSegment:
    """A segment as it is to be written: `stamps` UTC texts of the rows (n,), `r` (n, 3) m, `v` (n, 3) m/s; `useable`:
    the only time at which it may be used, where it is a single state."""

    phase: str
    stamps: list[str]
    r: np.ndarray
    v: np.ndarray
    degree: int = DEGREE
    useable: str | None = None
    seconds: float = math.inf  # from the first row to the last

    @property
    def digits(self) -> int:
        """Of a kilometre: micrometres, which are what a float keeps of 7000 km but for a few bits; in a segment so
        short that readers would take their rounding for a velocity, those bits too."""
        return 12 if self.seconds < SHORT_S else 9


def write_oem(
    path: Path,
    name: str,
    zero: Epoch,
    arcs: Iterable[Arc],
    created: str,
    object_id: str | None = None,
    centre: str = EARTH,
) -> None:
    """The ephemeris of one object, a segment an arc, so that a reader may interpolate inside each.

    Every segment has at least a row more than its degree, so that it holds enough however a reader counts. Frame:
    trajectories are in GCRS axes, which the standard calls GCRF. `zero`: the epoch that their seconds count from;
    `created`: the writing time, ISO 8601 UTC without a zone letter; `object_id`: SIM- and the name where it is None.
    `centre`: CENTER_NAME; about another than the Earth the same axes are called ICRF.
    """
    path.write_text(oem_text(name, segments(zero, arcs), created, object_id, centre), encoding="ascii", newline="\n")


def simulated_id(name: str) -> str:
    """OBJECT_ID of an object that the UN index does not list: CCSDS 502.0-B sets no rule for its form but that both
    sides know it (docs/decisions/files-for-other-programs.md)."""
    return f"SIM-{name.upper()}"


def object_id_of(designator: str, name: str) -> str:
    """OBJECT_ID: the international designator where it is one (YYYY-NNNP{PP}), else the identifier of a simulation."""
    return designator if _DESIGNATOR.fullmatch(designator) else simulated_id(name)


def segments(zero: Epoch, arcs: Iterable[Arc]) -> Iterator[WrittenSegment]:
    """The arcs as they are written, in any notation."""
    for arc in arcs:
        yield _instant(zero, arc) if arc.end - arc.start < INSTANT_S else _segment_of(zero, arc)


def oem_text(
    name: str, segments: Iterable[WrittenSegment], created: str, object_id: str | None = None, centre: str = EARTH
) -> str:
    """The whole message in KVN."""
    lines = ["CCSDS_OEM_VERS = 2.0", f"CREATION_DATE = {created}", "ORIGINATOR = TIANGONG-SIM"]
    for segment in segments:
        lines += _written(name, object_id or simulated_id(name), segment, centre)
    return "\n".join(lines) + "\n"


def row_times(start: float, end: float, step: float) -> np.ndarray:
    """Times (n,) s of the rows of one arc, n >= ROWS: each `step` s from `start`, or closer in a short arc.

    The last two steps share what is left: beside a much shorter step Hermite's formula amplifies the rounding of rows.
    """
    count = max(1, math.ceil((end - start) / step - 1e-6))
    if count < ROWS:
        return np.linspace(start, end, ROWS)
    t = start + step * np.arange(count - 1)
    return np.append(t, [0.5 * (t[-1] + end), end])


def _segment_of(zero: Epoch, arc: Arc) -> WrittenSegment:
    """One arc; the state is asked for at the very microsecond that is written."""
    stamp_ns = stamps_of(zero, row_times(arc.start, arc.end, arc.step) if arc.times is None else arc.times)
    r, v, _ = arc.trajectory.at((stamp_ns - zero.tai_ns) / NS)
    return WrittenSegment(arc.phase, stamp_texts(stamp_ns), r, v, arc.degree, seconds=arc.end - arc.start)


def _instant(zero: Epoch, arc: Arc) -> WrittenSegment:
    """A single state: it is useable at its own time only.

    A segment of one row is refused by readers that prepare to interpolate. So rows follow it, on the parabola of its
    acceleration (7 ms: within a micrometre), and are marked by USEABLE_STOP_TIME as what the standard provides for:
    rows that only serve interpolation.
    """
    path = arc.trajectory
    stamp_ns = stamps_of(zero, arc.start + BESIDE_S * np.arange(ROWS))
    t = ((stamp_ns - stamp_ns[0]) / NS)[:, None]
    r0, v0, a0 = path.r[0], path.v[0], path.a[0]
    stamps = stamp_texts(stamp_ns)
    return WrittenSegment(arc.phase, stamps, r0 + t * (v0 + 0.5 * t * a0), v0 + t * a0, useable=stamps[0], seconds=0.0)


def stamps_of(zero: Epoch, t: np.ndarray) -> np.ndarray:
    """Times in s as nanoseconds of `Epoch`, on whole microseconds."""
    stamp_ns = zero.tai_ns + np.rint(t * NS).astype(np.int64)
    return (stamp_ns + STAMP_NS // 2) // STAMP_NS * STAMP_NS


def stamp_texts(stamp_ns: np.ndarray) -> list[str]:
    """Times in nanoseconds of `Epoch`, on whole microseconds, as UTC without the zone letter.

    Between two moments without a leap second UTC runs as the calendar of numpy does; a hundred times as fast as one
    time after the other.
    """
    first, last = (Epoch(int(ns)).utc(6).rstrip("Z") for ns in stamp_ns[[0, -1]])
    running = (
        np.datetime64(first, "us") + (stamp_ns - stamp_ns[0]) // 1000 if ":60." not in first else np.empty(0, "M8")
    )
    if not running.size or str(running[-1]) != last:  # a leap second lies between
        return [Epoch(int(ns)).utc(6).rstrip("Z") for ns in stamp_ns]
    return np.datetime_as_string(running, unit="us").tolist()


def metadata(name: str, object_id: str, segment: WrittenSegment, centre: str = EARTH) -> list[tuple[str, str]]:
    """The keys of a segment with their values, in the order of the standard."""
    stamps, useable = segment.stamps, segment.useable
    return [
        ("OBJECT_NAME", name.upper()),
        ("OBJECT_ID", object_id),
        ("CENTER_NAME", centre),
        ("REF_FRAME", "GCRF" if centre == EARTH else "ICRF"),
        ("TIME_SYSTEM", "UTC"),
        ("START_TIME", stamps[0]),
        *([("USEABLE_START_TIME", useable), ("USEABLE_STOP_TIME", useable)] if useable else []),
        ("STOP_TIME", stamps[-1]),
        ("INTERPOLATION", "HERMITE"),
        ("INTERPOLATION_DEGREE", str(segment.degree)),
    ]


def comments(segment: WrittenSegment) -> list[str]:
    beside = ["the state at USEABLE_START_TIME; the rows after it only serve interpolation"] if segment.useable else []
    return [f"phase {segment.phase}; simulated; km and km/s", *beside]


def kilometres(segment: WrittenSegment) -> list[list[float]]:
    """Position km and velocity km/s, row by row."""
    return (np.hstack([segment.r, segment.v]) / 1e3).tolist()


def _written(name: str, object_id: str, segment: WrittenSegment, centre: str) -> list[str]:
    """The lines of one segment: metadata and rows."""
    form = "%s" + f" %.{segment.digits}f" * 3 + " %.12f" * 3
    return [
        "",
        "META_START",
        *(f"{key} = {value}" for key, value in metadata(name, object_id, segment, centre)),
        "META_STOP",
        *(f"COMMENT {text}" for text in comments(segment)),
        *(form % (stamp, *row) for stamp, row in zip(segment.stamps, kilometres(segment), strict=True)),
    ]


def oem_xml(name: str, segments: Iterable[WrittenSegment], created: str, object_id: str | None = None) -> str:
    """The whole message in XML (505.0-B)."""
    lines = []
    for segment in segments:
        keys = metadata(name, object_id or simulated_id(name), segment)
        lines += ["<segment><metadata>", *(value(key, text) for key, text in keys), "</metadata><data>"]
        lines += [value("COMMENT", text) for text in comments(segment)]
        cells = [f"<{key}>%.{segment.digits}f</{key}>" for key in ("X", "Y", "Z")]
        cells += [f"<{key}>%.12f</{key}>" for key in ("X_DOT", "Y_DOT", "Z_DOT")]
        form = f"<stateVector><EPOCH>%s</EPOCH>{''.join(cells)}</stateVector>"
        lines += [form % (stamp, *row) for stamp, row in zip(segment.stamps, kilometres(segment), strict=True)]
        lines.append("</data></segment>")
    return message("oem", "2.0", created, lines)
