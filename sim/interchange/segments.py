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
# A state of XML, with the metadata of its segment, as the row that it is in KVN; None with its faults.
RowOf = Callable[[Record, Record, int, Faults], Row | None]


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
            read.parts[-1].add(row_of(values, read.parts[-1].meta, line, faults), line)
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


def check_times(
    meta: Record, span: tuple[Epoch | None, Epoch | None], useable: tuple[Epoch | None, Epoch | None], faults: Faults
) -> None:
    """Whether START_TIME comes before STOP_TIME, and what may be used lies between them; None: not there, or bad."""
    start, stop = span
    if start is not None and stop is not None and stop < start:
        found = f"{meta['STOP_TIME'].text}, before START_TIME {meta['START_TIME'].text}"
        faults.add("STOP_TIME", found, "START_TIME or later", meta["STOP_TIME"].line)
        return
    for key, at in zip(("USEABLE_START_TIME", "USEABLE_STOP_TIME"), useable, strict=True):
        if at is not None and start is not None and at < start:
            found = f"{meta[key].text}, before START_TIME {meta['START_TIME'].text}"
        elif at is not None and stop is not None and at > stop:
            found = f"{meta[key].text}, after STOP_TIME {meta['STOP_TIME'].text}"
        else:
            continue
        faults.add(key, found, "a time from START_TIME to STOP_TIME", meta[key].line)
    first, last = useable
    if first is not None and last is not None and last < first:
        found = f"{meta['USEABLE_STOP_TIME'].text}, before USEABLE_START_TIME {meta['USEABLE_START_TIME'].text}"
        faults.add("USEABLE_STOP_TIME", found, "USEABLE_START_TIME or later", meta["USEABLE_STOP_TIME"].line)


def check_degree(meta: Record, method: str, degree: float | None, count: int, faults: Faults) -> None:
    """Whether a segment has as many rows as a polynomial of its degree needs: Hermite's, which takes the derivative of
    each row too, half as many as Lagrange's; linear interpolation takes two whatever its degree says."""
    if degree is None or method not in ("HERMITE", "LAGRANGE", "LINEAR"):
        return
    needed = {"HERMITE": int(degree) // 2 + 1, "LAGRANGE": int(degree) + 1, "LINEAR": 2}[method]
    if count < needed:
        highest = {"HERMITE": 2 * count - 1, "LAGRANGE": count - 1, "LINEAR": 0}[method]
        found = f"{int(degree)}, for which {method} takes {needed} rows; the segment has {count}"
        enough = "a degree that the rows are enough for"
        allowed = f"{enough}: at most {highest}" if highest else f"{needed} rows or more"
        faults.add("INTERPOLATION_DEGREE", found, allowed, meta["INTERPOLATION_DEGREE"].line)
