"""CCSDS Attitude Ephemeris Messages (504.0-B; KVN, and XML by 505.0-B) of quaternions: read whole, checked row by row.

Versions 1.0 and 2.0. `sim/interchange/aem_writing.py` writes them, as version 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange import kvn, ndm
from sim.interchange.cells import Cell, NumberField, Record, is_decimal, read_name, read_number, read_time, read_word
from sim.interchange.kvn import Row
from sim.interchange.problems import Faults
from sim.interchange.segments import (
    Part,
    Segments,
    check_degree,
    check_span,
    check_times,
    from_xml,
    none_found,
    one_object,
    unfinished,
)
from sim.interchange.tables import missing
from sim.interchange.text import label, read_text
from sim.interchange.times import ALLOWED, TO_TAI_NS, read_epoch

VERSION = "CCSDS_AEM_VERS"
LENGTH_OFF = 1e-3  # of a quaternion: rows of four digits are good to half of that
METHODS = ("LINEAR", "SLERP", "HERMITE", "LAGRANGE")
_PARTS = ("Q1", "Q2", "Q3", "QC")
_DEGREE = NumberField("degree", "", 1, 31, whole=True)


@dataclass(frozen=True, eq=False)
class AttitudeRows:
    """A segment: `q` (n, 4), unit quaternions x y z w at `tai_ns` (n,) of `Epoch`: the turn that takes the axes of
    `frame_a` to those of `frame_b`, so that q v q* takes components in b to those in a. `interpolation` and `degree`
    as the file names them, None where it does not."""

    frame_a: str
    frame_b: str
    tai_ns: np.ndarray
    q: np.ndarray
    interpolation: str | None = None
    degree: int | None = None

    @property
    def start(self) -> Epoch:
        return Epoch(int(self.tai_ns[0]))

    @property
    def end(self) -> Epoch:
        return Epoch(int(self.tai_ns[-1]))


@dataclass(frozen=True, eq=False)
class AttitudeEphemeris:
    """One object's segments in the order of the file; between two of them a reader must not interpolate."""

    name: str
    object_id: str
    segments: tuple[AttitudeRows, ...]


def is_aem(text: str) -> bool:
    return text.lstrip().startswith(VERSION) or ndm.message_of(text) == "aem"


def read_aem(path: Path) -> AttitudeEphemeris:
    """The attitudes in a file; InterchangeError with everything that is wrong."""
    return parse_aem(read_text(Path(path), "an AEM (KVN or XML)"), label(Path(path)))


def parse_aem(text: str, file: str) -> AttitudeEphemeris:
    """The same from text; `file` names it in problems."""
    faults = Faults(file)
    as_xml = text.lstrip().startswith("<")
    state = ("attitudeState", _row)
    read = from_xml(text, "aem", VERSION, state, faults) if as_xml else _from_kvn(kvn.rows(text), faults)
    versions = "1.0, 2.0"
    version = read_word(read.header, VERSION, lambda v: v if v in versions.split(", ") else None, versions, 1, faults)
    if not read.parts:
        kvn_layout = "META_START, metadata, META_STOP, DATA_START, rows"
        none_found("<segment> with <metadata> and <data>" if as_xml else kvn_layout, faults)
    segments = [_segment(part, version == "1.0", faults) for part in read.parts if not faults.enough]
    name, object_id = one_object(read.parts, faults)
    return AttitudeEphemeris(name, object_id, tuple(s for s in segments if s is not None))


def _from_kvn(rows: Iterable[Row], faults: Faults) -> Segments:
    read = Segments()
    place, line = "header", 1  # header, meta, between, data
    for row in rows:
        if faults.enough:
            break
        word, line = row.cell.text if not row.key else "", row.cell.line
        if word == "META_START" and place != "data":
            read.begin_metadata(line, place == "meta", faults)
            place = "meta"
        elif word == "META_STOP" and place == "meta":
            place = "between"
        elif word == "DATA_START" and place == "between":
            place = "data"
        elif word == "DATA_STOP" and place == "data":
            place = "between"
        elif place == "data" and not row.key:
            read.parts[-1].add(row, line)
        elif row.key and place in ("header", "meta"):
            read.put(row, place == "meta", faults)
        else:
            allowed = "KEY = value up to META_STOP, rows of data from DATA_START to DATA_STOP"
            faults.add("", f"'{(row.key or word)[:40]}'", allowed, line)
    if place in ("meta", "data"):
        unfinished("META_STOP" if place == "meta" else "DATA_STOP", line, faults)
    return read


def _row(state: Record, meta: Record, line: int, faults: Faults) -> Row | None:
    """An attitude state of XML as the row of numbers that it is in KVN; None with the reasons in `faults`."""
    gone = [key for key in ("EPOCH", *_PARTS) if key not in state or len(state[key].text.split()) != 1]
    for key in gone:
        found = f"'{state[key].text[:40]}'" if key in state else missing(key, state)
        faults.add(key, found, "a time" if key == "EPOCH" else "a number", line)
    keys = ("EPOCH", *_in_order(meta))
    return None if gone else Row("", Cell(" ".join(state[key].text for key in keys), line))


def _in_order(meta: Record) -> tuple[str, ...]:
    """The parts of a quaternion in the order of a row by QUATERNION_TYPE; in XML their names say which is which."""
    first = "QUATERNION_TYPE" in meta and meta["QUATERNION_TYPE"].text.upper() == "FIRST"
    return (_PARTS[3], *_PARTS[:3]) if first else _PARTS


def _segment(part: Part, first_version: bool, faults: Faults) -> AttitudeRows | None:
    before, meta = faults.count, part.meta
    for key in ("OBJECT_NAME", "REF_FRAME_A", "REF_FRAME_B"):
        read_name(meta, key, part.line, faults)
    frames = [meta[key].text.upper() if key in meta else "" for key in ("REF_FRAME_A", "REF_FRAME_B")]
    if frames[0] and frames[0] == frames[1]:
        faults.add("REF_FRAME_B", f"'{frames[1][:40]}', as REF_FRAME_A is", "another frame", meta["REF_FRAME_B"].line)
    direction, last = "A2B", True
    if first_version:
        direction = read_word(meta, "ATTITUDE_DIR", _one_of("A2B", "B2A"), "A2B, B2A", part.line, faults) or "A2B"
        order = read_word(meta, "QUATERNION_TYPE", _one_of("FIRST", "LAST"), "FIRST, LAST", part.line, faults)
        last = order != "FIRST"
    read_word(meta, "ATTITUDE_TYPE", _one_of("QUATERNION"), "QUATERNION", part.line, faults)
    clocks = ", ".join(TO_TAI_NS)
    system = read_word(meta, "TIME_SYSTEM", _one_of(*TO_TAI_NS), clocks, part.line, faults) or "UTC"
    start, stop = (read_time(meta, key, part.line, system, faults) for key in ("START_TIME", "STOP_TIME"))
    first, last_one = (
        read_time(meta, key, part.line, system, faults) if key in meta else None
        for key in ("USEABLE_START_TIME", "USEABLE_STOP_TIME")
    )
    check_times(meta, (start, stop), (first, last_one), faults)
    method, degree = None, None
    if "INTERPOLATION_METHOD" in meta:
        allowed = ", ".join(METHODS)
        method = read_word(meta, "INTERPOLATION_METHOD", _one_of(*METHODS), allowed, part.line, faults)
        degree = read_number(meta, "INTERPOLATION_DEGREE", _DEGREE, part.line, faults)
    stamps, turns = _rows(part, system, last, faults)
    if faults.count > before or not part.whole:
        return None
    assert start is not None and stop is not None  # without them there is a fault
    check_span(part, (start, stop), stamps, faults)
    check_degree(meta, method or "", degree, len(stamps), faults)
    q = np.array(turns)
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    if direction == "B2A":
        q[:, :3] *= -1.0
    return AttitudeRows(
        frame_a=frames[0],
        frame_b=frames[1],
        tai_ns=np.array(stamps, dtype=np.int64),
        q=q,
        interpolation=method,
        degree=None if degree is None else int(degree),
    )


def _one_of(*words: str):
    return lambda word: word if word in words else None


def _rows(part: Part, system: str, last: bool, faults: Faults) -> tuple[list[int], list[list[float]]]:
    """Times in ns of `Epoch`, and quaternions with the scalar part last."""
    stamps: list[int] = []
    turns: list[list[float]] = []
    for row in part.rows:
        if faults.enough:
            break
        cells, line = row.cell.text.split(), row.cell.line
        if len(cells) != 5:
            faults.add("row", f"{len(cells)} values", "5 (time and the four parts of a quaternion)", line)
            continue
        try:
            at = read_epoch(cells[0], system).tai_ns
        except ValueError as error:
            faults.add("time", str(error), ALLOWED, line)
            continue
        columns = _PARTS if last else (_PARTS[3], *_PARTS[:3])
        if bad := [(key, text) for key, text in zip(columns, cells[1:], strict=True) if not is_decimal(text)]:
            faults.add(bad[0][0], f"'{bad[0][1][:40]}'", "a finite number", line)
            continue
        turn = [float(text) for text in (cells[1:] if last else [*cells[2:], cells[1]])]
        length = sum(x * x for x in turn) ** 0.5
        if abs(length - 1.0) > LENGTH_OFF:
            faults.add(", ".join(columns), f"a quaternion of length {length:.6g}", f"length 1, to {LENGTH_OFF:g}", line)
        elif stamps and at <= stamps[-1]:
            faults.add("time", f"{cells[0]}, not after the row before", "times that grow from row to row", line)
        else:
            stamps.append(at)
            turns.append(turn)
    if not part.rows:
        faults.add("rows", "none", "rows of time and quaternion between DATA_START and DATA_STOP", part.line)
    return stamps, turns


def attitude_at(ephemeris: AttitudeEphemeris, at: Epoch) -> np.ndarray | None:
    """The unit quaternion (4,) at a time, linear between two rows and brought to length one; None outside of all
    segments; of two that touch the later counts."""
    for rows in reversed(ephemeris.segments):
        if rows.start <= at <= rows.end:
            i = min(max(int(np.searchsorted(rows.tai_ns, at.tai_ns)) - 1, 0), max(len(rows.tai_ns) - 2, 0))
            j = min(i + 1, len(rows.tai_ns) - 1)
            span = int(rows.tai_ns[j] - rows.tai_ns[i])
            share = (at.tai_ns - int(rows.tai_ns[i])) / span if span else 0.0
            q = (1.0 - share) * rows.q[i] + share * rows.q[j]
            return q / np.linalg.norm(q)
    return None
