"""CCSDS Orbit Ephemeris Messages (502.0-B, section 5; KVN, and XML by 505.0-B): states in rows, read whole and checked
row by row.

`sim/interchange/oem_writing.py` writes them (KVN).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange import kvn, ndm
from sim.interchange.cells import NumberField, is_decimal, read_name, read_number, read_time, read_word
from sim.interchange.oem_parts import COLUMNS, VERSION, from_kvn, from_xml
from sim.interchange.opm import metres, origin
from sim.interchange.problems import Faults
from sim.interchange.segments import Part, check_degree, check_span, check_times, none_found, one_object
from sim.interchange.state import FASTEST_M_S, HIGHEST_M
from sim.interchange.text import label, read_text
from sim.interchange.times import ALLOWED, read_epoch

LOWEST_M = 6.3e6  # an ascent or a landing may be in it, so positions on the ground are allowed
_COLUMNS = (7, 10)  # time, position, velocity; acceleration too, which is not read
_USEABLE = ("USEABLE_START_TIME", "USEABLE_STOP_TIME")
_DEGREE = NumberField("degree", "", 1, 31, whole=True)


@dataclass(frozen=True, eq=False)
class Segment:
    """Rows in one frame: `tai_ns` (n,) of `Epoch`, `r` (n,3) m, `v` (n,3) m/s.

    `interpolation` and `degree` as the file names them, None where it does not; `useable`: first and last time at
    which it may be used, where it says so.
    """

    frame: str
    tai_ns: np.ndarray
    r: np.ndarray
    v: np.ndarray
    interpolation: str | None = None
    degree: int | None = None
    useable: tuple[Epoch | None, Epoch | None] = (None, None)

    @property
    def start(self) -> Epoch:
        return Epoch(int(self.tai_ns[0]))

    @property
    def end(self) -> Epoch:
        return Epoch(int(self.tai_ns[-1]))

    @property
    def first(self) -> Epoch:
        """From when on it may be used."""
        return max(self.start, self.useable[0] or self.start)

    @property
    def last(self) -> Epoch:
        """Until when it may be used."""
        return min(self.end, self.useable[1] or self.end)


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """One object's segments in the order of the file; between two of them a reader must not interpolate."""

    name: str
    object_id: str
    segments: tuple[Segment, ...]


def read_oem(path: Path) -> Ephemeris:
    """The ephemeris in a file; InterchangeError with everything that is wrong."""
    return parse_oem(read_text(Path(path), "an OEM (KVN or XML)"), label(Path(path)))


def is_oem(text: str) -> bool:
    return text.lstrip().startswith(VERSION) or ndm.message_of(text) == "oem"


def parse_oem(text: str, file: str) -> Ephemeris:
    """The same from text; `file` names it in problems."""
    faults = Faults(file)
    as_xml = text.lstrip().startswith("<")
    read = from_xml(text, faults) if as_xml else from_kvn(kvn.rows(text), faults)
    read_word(read.header, VERSION, lambda v: v if v in ("1.0", "2.0", "3.0") else None, "1.0, 2.0, 3.0", 1, faults)
    if not read.parts:
        kvn_layout = "META_START, metadata, META_STOP, rows"
        none_found("<segment> with <metadata> and <data>" if as_xml else kvn_layout, faults)
    segments = [_segment(part, faults) for part in read.parts if not faults.enough]
    name, object_id = one_object(read.parts, faults)
    return Ephemeris(name, object_id, tuple(s for s in segments if s is not None))


def _object_id(part: Part, faults: Faults) -> None:
    """502.0-B makes it mandatory: who flies here has to be named, if only as unknown."""
    cell = part.meta.get("OBJECT_ID")
    if cell is None or not cell.text:
        allowed = "an international designator, such as 2021-035A, or UNKNOWN (mandatory in CCSDS 502.0-B)"
        faults.add("OBJECT_ID", "nothing", allowed, cell.line if cell else part.line)
    else:
        read_name(part.meta, "OBJECT_ID", part.line, faults)


def _segment(part: Part, faults: Faults) -> Segment | None:
    before = faults.count
    read_name(part.meta, "OBJECT_NAME", part.line, faults)
    _object_id(part, faults)
    frame, system = origin(part.meta, part.line, faults)
    system = system or "UTC"
    start, stop = (read_time(part.meta, key, part.line, system, faults) for key in ("START_TIME", "STOP_TIME"))
    first, last = (
        read_time(part.meta, key, part.line, system, faults) if key in part.meta else None for key in _USEABLE
    )
    check_times(part.meta, (start, stop), (first, last), faults)
    method, degree = part.meta.get("INTERPOLATION"), None
    if method is not None:
        degree = read_number(part.meta, "INTERPOLATION_DEGREE", _DEGREE, part.line, faults)
    stamps: list[int] = []
    states: list[list[float]] = []
    for row in part.rows:
        if faults.enough:
            break
        cells = row.cell.text.split()
        epoch = _row_epoch(cells, system, row.cell.line, faults)
        state = _row_state(cells, row.cell.line, faults)
        if epoch and stamps and epoch.tai_ns <= stamps[-1]:
            found = f"{cells[0]}, not after the row before"
            faults.add("time", found, "times that grow from row to row", row.cell.line)
        elif epoch and state:
            stamps.append(epoch.tai_ns)
            states.append(state)
    if not part.rows:
        faults.add("rows", "none", "rows of time, position (km) and velocity (km/s) after META_STOP", part.line)
    if faults.count > before or not part.whole:
        return None
    assert frame is not None and start is not None and stop is not None  # without them there is a fault
    check_span(part, (start, stop), stamps, faults)
    if method is not None:
        check_degree(part.meta, method.text.upper(), degree, len(stamps), faults)
    table = np.array(states)
    return Segment(
        frame=frame,
        tai_ns=np.array(stamps, dtype=np.int64),
        r=table[:, :3],
        v=table[:, 3:],
        interpolation=method.text.upper() if method else None,
        degree=None if degree is None else int(degree),
        useable=(first, last),
    )


def _row_epoch(cells: list[str], system: str, line: int, faults: Faults) -> Epoch | None:
    try:
        return read_epoch(cells[0], system)
    except ValueError as error:
        faults.add("time", str(error), ALLOWED, line)
        return None


def _row_state(cells: list[str], line: int, faults: Faults) -> list[float] | None:
    """Position m and velocity m/s of one row."""
    if len(cells) not in _COLUMNS:
        faults.add("row", f"{len(cells)} values", "7 (time, position, velocity), or 10 with acceleration", line)
        return None
    bad = [(key, text) for key, text in zip(COLUMNS, cells[1:], strict=False) if not is_decimal(text)]
    if bad:
        faults.add(bad[0][0], f"'{bad[0][1][:40]}'", "a finite number", line)
        return None
    state = [metres(text) for text in cells[1:7]]
    radius, speed = (sum(x * x for x in part) ** 0.5 for part in (state[:3], state[3:]))
    if not (LOWEST_M <= radius <= HIGHEST_M and speed <= FASTEST_M_S):
        found = f"a point {radius / 1e3:.6g} km from the Earth's centre at {speed / 1e3:.6g} km/s"
        reach = f"{LOWEST_M / 1e3:.0f} to {HIGHEST_M / 1e3:.0f} km and at most {FASTEST_M_S / 1e3:.0f} km/s"
        faults.add("X, Y, Z, X_DOT, Y_DOT, Z_DOT", found, f"{reach}; are the units km and km/s?", line)
        return None
    return state
