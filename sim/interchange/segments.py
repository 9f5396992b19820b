"""Messages of segments (OEM, AEM) as header and segments, from either notation: rows of text that are checked later.

`sim/interchange/oem_parts.py` and `sim/interchange/aem.py` have what is peculiar to each message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.core.epoch import Epoch
from sim.interchange import ndm
from sim.interchange.cells import Cell, Record
from sim.interchange.kvn import Row
from sim.interchange.problems import Faults
from sim.interchange.times import written

SLACK_NS = 1_000_000  # a millisecond: writers round the times of the metadata
RowOf = Callable[[Record, int, Faults], Row | None]  # a state of XML as the row that it is in KVN; None with its faults


@dataclass
class Part:
    """A segment as it stands in the file."""

    line: int
    meta: Record
    rows: list[Row]
    last_line: int
    whole: bool = True  # no row was left out for a fault of its own

    def add(self, row: Row | None, line: int) -> None:
        """The next row; None for one that was left out."""
        if row is not None:
            self.rows.append(row)
        self.whole &= row is not None
        self.last_line = line


@dataclass
class Segments:
    """Header and segments read so far."""

    header: Record = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def begin(self, line: int) -> None:
        self.parts.append(Part(line, {}, [], line))

    def begin_metadata(self, line: int, open_already: bool, faults: Faults) -> None:
        """META_START of KVN; `open_already`: the one before it is not closed."""
        if open_already:
            faults.add("META_START", "a second one before META_STOP", "META_STOP between", line)
        self.begin(line)

    def put(self, row: Row, in_metadata: bool, faults: Faults) -> None:
        """KEY = value of KVN, of the last segment's metadata or of the header."""
        put(self.parts[-1].meta if in_metadata else self.header, row.key, row.cell, faults)


def put(record: Record, key: str, cell: Cell, faults: Faults) -> None:
    """A value under its key; a second one is a fault, and the first stays."""
    if key in record:
        faults.add(key, "a second value", "each key once", cell.line)
    record.setdefault(key, cell)


def unfinished(keyword: str, line: int, faults: Faults) -> None:
    """The fault of a KVN file that ends before `keyword` closes what is open."""
    faults.add(keyword, "nothing: the file ends before it", keyword, line)


def from_xml(text: str, message: str, version: str, state: tuple[str, RowOf], faults: Faults) -> Segments:
    """Header and segments of `<oem>` or `<aem>` (`message`), alone or several of one object in an `<ndm>`.

    `version`: the key of KVN under which the header gets the version. `state`: the tag of one state, and what makes a
    row of it. What stands elsewhere, as a covariance, is passed over.
    """
    tag, row_of = state
    read = Segments()
    values: Record = {}
    for element in ndm.messages(text, message, faults.file):
        line = element.cell.line
        if faults.enough:
            break
        if element.opening and element.tag == message:
            cell = ndm.version_of(element)
            read.header = {version: cell} if cell else {}
        elif element.opening and element.tag == "segment":
            read.begin(line)
        elif element.opening and element.tag == tag:
            values = {}
        elif element.tag == tag and read.parts:
            read.parts[-1].add(row_of(values, line, faults), line)
        elif element.is_value and element.tag != "COMMENT" and read.parts:
            if "metadata" in element.path:
                put(read.parts[-1].meta, element.tag, element.cell, faults)
            elif tag in element.path:
                put(values, element.tag, element.cell, faults)
    return read


def none_found(layout: str, faults: Faults) -> None:
    """The fault of a message without a segment; `layout`: what one consists of."""
    faults.add("", "no segment", f"at least one: {layout}")


def one_object(parts: list[Part], faults: Faults) -> tuple[str, str]:
    """OBJECT_NAME of all segments and OBJECT_ID of the first; raises InterchangeError with every fault up to here."""
    names = {part.meta["OBJECT_NAME"].text for part in parts if "OBJECT_NAME" in part.meta}
    if len(names) > 1:
        faults.add("OBJECT_NAME", ", ".join(sorted(names)), "one object in a file")
    faults.raise_if_any()
    object_id = parts[0].meta.get("OBJECT_ID")
    return names.pop(), object_id.text if object_id else "UNKNOWN"


def check_span(part: Part, span: tuple[Epoch, Epoch], stamps: list[int], faults: Faults) -> None:
    """Faults where the rows at `stamps`, ns of `Epoch`, do not reach from START_TIME to STOP_TIME (`span`)."""
    start, stop = span
    if stamps[0] - start.tai_ns > SLACK_NS:
        found = f"a first row at {written(Epoch(stamps[0]))}, after START_TIME {part.meta['START_TIME'].text}"
        faults.add("START_TIME", found, "rows from START_TIME on", part.rows[0].cell.line)
    if stop.tai_ns - stamps[-1] > SLACK_NS:
        found = f"a last row at {written(Epoch(stamps[-1]))}, before STOP_TIME {part.meta['STOP_TIME'].text}"
        faults.add("STOP_TIME", found, "rows up to STOP_TIME; is the file cut off?", part.last_line)
