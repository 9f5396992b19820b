"""An OEM as header and segments, from either notation: rows of text that `oem` reads and checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.core.epoch import Epoch
from sim.interchange import ndm
from sim.interchange.cells import Cell, Record
from sim.interchange.kvn import Row
from sim.interchange.problems import Faults
from sim.interchange.tables import missing

VERSION = "CCSDS_OEM_VERS"
_SKIPPED = ("COVARIANCE_START", "COVARIANCE_STOP")
_UNITS = {
    "EPOCH": "",
    **dict.fromkeys(("X", "Y", "Z"), "km"),
    **dict.fromkeys(("X_DOT", "Y_DOT", "Z_DOT"), "km/s"),
    **dict.fromkeys(("X_DDOT", "Y_DDOT", "Z_DDOT"), "km/s**2"),
}
COLUMNS = tuple(_UNITS)[1:]  # of a row, after its time
_STATE = tuple(_UNITS)[:7]  # what every row has: time, position, velocity


@dataclass
class Part:
    """A segment as it stands in the file."""

    line: int
    meta: Record
    rows: list[Row]
    last_line: int
    whole: bool = True  # no row was left out for a fault of its own


def from_kvn(rows: Iterable[Row], faults: Faults) -> tuple[Record, list[Part]]:
    """Header and segments; a covariance block is passed over."""
    header: Record = {}
    parts: list[Part] = []
    place = "header"  # header, meta, data or covariance
    line = 1
    for row in rows:
        if faults.enough:
            break
        word, line = row.cell.text if not row.key else "", row.cell.line
        if word == "META_START":
            if place == "meta":
                faults.add("META_START", "a second one before META_STOP", "META_STOP between", line)
            parts.append(Part(line, {}, [], line))
            place = "meta"
        elif word == "META_STOP" and place == "meta":
            place = "data"
        elif word in _SKIPPED and parts:
            place = "covariance" if word == _SKIPPED[0] else "data"
        elif place == "covariance":
            continue
        elif place == "data" and not row.key:
            parts[-1].rows.append(row)
            parts[-1].last_line = line
        elif row.key and place != "data":
            _put(parts[-1].meta if place == "meta" else header, row.key, row.cell, faults)
        else:
            found = f"'{(row.key or word)[:40]}'"
            key = "META_STOP" if place == "meta" else ""
            faults.add(key, found, "rows of data after META_STOP, KEY = value before", line)
    if place in ("meta", "covariance"):
        nothing = "META_STOP" if place == "meta" else _SKIPPED[1]
        faults.add(nothing, "nothing: the file ends before it", nothing, line)
    return header, parts


def from_xml(text: str, faults: Faults) -> tuple[Record, list[Part]]:
    """The same of `<oem>`, alone or several of one object in an `<ndm>`; a covariance is passed over."""
    header: Record = {}
    parts: list[Part] = []
    state: Record = {}
    for element in ndm.messages(text, "oem", faults.file):
        line = element.cell.line
        if faults.enough:
            break
        if element.opening and element.tag == "oem":
            version = ndm.version_of(element)
            header = {VERSION: version} if version else {}
        elif element.opening and element.tag == "segment":
            parts.append(Part(line, {}, [], line))
        elif element.opening and element.tag == "stateVector":
            state = {}
        elif element.tag == "stateVector" and parts:
            row = _row(state, line, faults)
            parts[-1].rows += [row] if row else []
            parts[-1].whole &= row is not None
            parts[-1].last_line = line
        elif element.is_value and element.tag != "COMMENT" and parts:
            if "metadata" in element.path:
                _put(parts[-1].meta, element.tag, element.cell, faults)
            elif "stateVector" in element.path:
                _put(state, element.tag, element.cell, faults)
    return header, parts


def _row(state: Record, line: int, faults: Faults) -> Row | None:
    """A state vector as the row of numbers that it is in KVN; None with the reasons in `faults`."""
    before = faults.count
    for key in _STATE:
        if key not in state or not state[key].text:
            faults.add(key, missing(key, state), "a time" if key == "EPOCH" else f"a number of {_UNITS[key]}", line)
    for key, cell in state.items():
        unit = _UNITS.get(key)
        if unit is None:
            faults.add(key, "an unknown element", ", ".join(_UNITS), cell.line)
        elif cell.unit is not None and cell.unit.lower() != unit:
            faults.add(key, f"the unit [{cell.unit}]", f"[{unit}]" if unit else "no unit", cell.line)
        elif len(cell.text.split()) > 1:
            faults.add(key, f"'{cell.text[:40]}'", "one value", cell.line)
    if faults.count > before:
        return None
    return Row("", Cell(" ".join(state[key].text for key in _UNITS if key in state), line))


def _put(record: Record, key: str, cell: Cell, faults: Faults) -> None:
    if key in record:
        faults.add(key, "a second value", "each key once", cell.line)
    record.setdefault(key, cell)


def check_span(
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
