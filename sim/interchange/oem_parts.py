"""An OEM as header and segments, from either notation: rows of text that `oem` reads and checks."""

from __future__ import annotations

from collections.abc import Iterable

from sim.interchange.cells import Cell, Record
from sim.interchange.kvn import Row
from sim.interchange.problems import Faults
from sim.interchange.segments import Segments, unfinished
from sim.interchange.segments import from_xml as segments_of_xml
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


def from_kvn(rows: Iterable[Row], faults: Faults) -> Segments:
    """Header and segments; a covariance block is passed over."""
    read = Segments()
    place = "header"  # header, meta, data or covariance
    line = 1
    for row in rows:
        if faults.enough:
            break
        word, line = row.cell.text if not row.key else "", row.cell.line
        if word == "META_START":
            read.begin_metadata(line, place == "meta", faults)
            place = "meta"
        elif word == "META_STOP" and place == "meta":
            place = "data"
        elif word in _SKIPPED and read.parts:
            place = "covariance" if word == _SKIPPED[0] else "data"
        elif place == "covariance":
            continue
        elif place == "data" and not row.key:
            read.parts[-1].add(row, line)
        elif row.key and place != "data":
            read.put(row, place == "meta", faults)
        else:
            found = f"'{(row.key or word)[:40]}'"
            key = "META_STOP" if place == "meta" else ""
            faults.add(key, found, "rows of data after META_STOP, KEY = value before", line)
    if place in ("meta", "covariance"):
        unfinished("META_STOP" if place == "meta" else _SKIPPED[1], line, faults)
    return read


def from_xml(text: str, faults: Faults) -> Segments:
    """The same of `<oem>`, alone or several of one object in an `<ndm>`; a covariance is passed over."""
    return segments_of_xml(text, "oem", VERSION, ("stateVector", _row), faults)


def _row(state: Record, _meta: Record, line: int, faults: Faults) -> Row | None:
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
