"""The four notations of an OMM: KVN, XML, CSV and JSON, each read into records and written from fields."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from sim.interchange import kvn, ndm
from sim.interchange.cells import Cell, Record
from sim.interchange.omm import NUMBERS, ORDER, TLE_PARAMETERS, object_of
from sim.interchange.problems import Faults

Found = Iterator[tuple[int, Record]]  # the line that each message begins at, and its values, as they are read
ORIGINATOR = "TIANGONG-SIM"
VERSION = "CCSDS_OMM_VERS"
VERSIONS = ("1.0", "2.0", "3.0")
_NEXT_ENTRY = re.compile(r"\}\s*,\s*(?=\{)")  # of an array of messages, which hold no objects
_NAMES = re.compile(r'"(OBJECT_NAME|NORAD_CAT_ID)"\s*:\s*"?([^",}\s][^",}\n]{0,39})')
_MAY_REPEAT = ("USER_DEFINED", "COMMENT")


def read_kvn(text: str, faults: Faults) -> Found:
    """Messages one after the other; each begins with its version."""
    line, record = 0, Record()
    for row in kvn.rows(text):
        if row.key == VERSION and line:
            _version(record.get(VERSION), line, faults)
            yield line, record
            line, record = 0, {}
        line = line or row.cell.line
        if not row.key:
            faults.add("", f"'{row.cell.text[:40]}'", "KEY = value", row.cell.line)
        else:
            _put(record, row.key, row.cell, faults)
        if faults.enough:
            return
    if line:
        _version(record.get(VERSION), line, faults)
        yield line, record


def read_xml(text: str, faults: Faults) -> Found:
    """Every `segment` of an `omm`, alone or in an `ndm`."""
    begin, record = 0, Record()
    for element in ndm.messages(text, "omm", faults.file):
        line = element.cell.line
        if element.tag == "omm" and element.opening:
            _version(ndm.version_of(element), line, faults)
        elif element.tag == "segment":
            if element.opening:
                begin, record = line, {}
            else:
                yield begin, record
        elif "segment" in element.path and element.is_value:
            _put(record, element.tag, element.cell, faults)
        if faults.enough:
            return


def read_csv(text: str, faults: Faults) -> Found:
    """A line of keys, then a line a set."""
    lines = csv.reader(io.StringIO(text, newline=""))
    keys: list[str] = []
    try:
        for cells in lines:
            if faults.enough:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if not keys:
                keys = [cell.strip() for cell in cells]
                for key in sorted({k for k, count in Counter(keys).items() if count > 1}):
                    faults.add(key, "a column twice", "each column once", lines.line_num)
            elif len(cells) != len(keys):
                what = f"{len(cells)} values"
                faults.add("", what, f"{len(keys)}, one for each column", lines.line_num)
            else:
                record = {k: Cell(cell.strip(), lines.line_num) for k, cell in zip(keys, cells, strict=True)}
                yield lines.line_num, record
    except csv.Error as error:
        faults.add("", f"broken CSV ({error})", "lines of values with commas between", lines.line_num)


def read_json(text: str, faults: Faults) -> Found:
    """An array of objects, or one object; read one by one, so that each value's line is known."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=list)
    i = _skip(text, 0)
    array = text[i : i + 1] == "["
    i = _skip(text, i + array)
    line, counted, entry = 1, 0, 0
    try:
        while i < len(text) and text[i] != "]" and not faults.enough:
            entry, before = entry + 1, faults.count
            line, counted = line + text.count("\n", counted, i), i
            try:
                pairs, after = decoder.raw_decode(text, i)
            except json.JSONDecodeError as error:
                more = _NEXT_ENTRY.search(text, error.pos) if array else None
                if more is None:
                    raise
                faults.add("", f"broken JSON ({error.msg})", "JSON, whole to its last bracket", error.lineno)
                faults.where(before, f"entry {entry} ({_broken_object(text[i : more.start()])})")
                i = more.end()
                continue
            if not _pairs(pairs):
                what = "something else than an object" + (f" in entry {entry}" if array else "")
                faults.add("", what, '{"OBJECT_NAME": ..., ...}, or an array of these', line)
                return
            record: Record = {}
            for key, value in pairs:
                at = line + text.count("\n", i, max(i, text.find(f'"{key}"', i, after)))
                _put(record, key, Cell(_plain(value), at), faults)
                if faults.enough:
                    return
            yield line, record
            i = _skip(text, after)
            if array and (entry > 1 or text[i : i + 1] == ","):  # of several, which may all stand in one line
                faults.where(before, f"entry {entry} ({object_of(record)})")
            if array and text[i : i + 1] == ",":
                i = _skip(text, i + 1)
            elif text[i : i + 1] != "]":
                break
        if faults.enough:
            return
        if array and text[i : i + 1] != "]":
            raise json.JSONDecodeError("the array does not end", text, min(i, len(text)))
        if rest := text[i + array :].strip():
            faults.add("", f"'{rest[:20]}' after the end", "one array of objects", text.count("\n", 0, i) + 1)
    except json.JSONDecodeError as error:
        what = f"broken JSON ({error.msg})" + (f" in entry {max(entry, 1)}, the last that is read" if array else "")
        faults.add("", what, "JSON, whole to its last bracket", error.lineno)
    except RecursionError:
        faults.add("", "arrays in arrays without end", "an array of objects")


def write_kvn(sets: Iterable[dict[str, str]], created: str) -> str:
    """One message after the other, without units: the keys imply them."""
    lines = []
    for fields in sets:
        lines += [f"{VERSION} = 2.0", f"CREATION_DATE = {created}", f"ORIGINATOR = {ORIGINATOR}"]
        lines += [f"{key} = {value}" for key, value in fields.items()]
        lines.append("")
    return "\n".join(lines)


def write_xml(sets: Iterable[dict[str, str]], created: str) -> str:
    """An `ndm` of one `omm` a set."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<ndm>"]
    for fields in sets:
        parts: dict[str, list[str]] = {"metadata": [], "meanElements": [], "tleParameters": []}
        for key in ORDER:
            part = "tleParameters" if key in TLE_PARAMETERS else "meanElements"
            part = "metadata" if ORDER.index(key) < ORDER.index("EPOCH") else part
            parts[part].append(f"<{key}>{escape(fields[key])}</{key}>")
        metadata, mean, tle = ("".join(cells) for cells in parts.values())
        lines += [
            f'<omm id="{VERSION}" version="2.0">',
            f"<header><CREATION_DATE>{created}</CREATION_DATE><ORIGINATOR>{ORIGINATOR}</ORIGINATOR></header>",
            f"<body><segment><metadata>{metadata}</metadata>",
            f"<data><meanElements>{mean}</meanElements>",
            f"<tleParameters>{tle}</tleParameters></data>",
            "</segment></body></omm>",
        ]
    return "\n".join([*lines, "</ndm>", ""])


def write_csv(sets: Iterable[dict[str, str]], created: str) -> str:
    """A line of keys and a line a set. CSV has no field for the time of writing."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(ORDER)
    for fields in sets:
        rows.writerow(fields[key] for key in ORDER)
    return out.getvalue()


def write_json(sets: Iterable[dict[str, str]], created: str) -> str:
    """An array of objects, numbers as numbers. It has no field for the time of writing."""
    rows = []
    for fields in sets:
        cells = (f'"{key}": {value if key in NUMBERS else json.dumps(value)}' for key, value in fields.items())
        rows.append("{" + ", ".join(cells) + "}")
    return "[\n" + ",\n".join(rows) + "\n]\n"


READ = {"kvn": read_kvn, "xml": read_xml, "csv": read_csv, "json": read_json}
WRITE = {"kvn": write_kvn, "xml": write_xml, "csv": write_csv, "json": write_json}
WHOLE_MESSAGES = ("kvn", "xml")


def _put(record: Record, key: str, cell: Cell, faults: Faults) -> None:
    if key in record and not key.startswith(_MAY_REPEAT):
        faults.add(key, f"a second value, after the one in line {record[key].line}", "each key once", cell.line)
    record.setdefault(key, cell)


def _version(cell: Cell | None, line: int, faults: Faults) -> None:
    if cell is None or cell.text not in VERSIONS:
        found = f"'{cell.text[:20]}'" if cell else "nothing"
        faults.add(VERSION, found, ", ".join(VERSIONS), cell.line if cell else line)


def _broken_object(text: str) -> str:
    """Name and number of an object in a text that is no JSON."""
    return object_of({key: Cell(value, 0) for key, value in _NAMES.findall(text)})


def _skip(text: str, i: int) -> int:
    while i < len(text) and text[i].isspace():
        i += 1
    return i


def _pairs(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(p, tuple) for p in value)


def _plain(value: object) -> str:
    """A JSON value as text; null is nothing."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value)
