"""A CDM as three blocks of cells, from KVN or XML: what is of the message, and what is of each object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.files.problems import nearest
from sim.interchange import kvn, ndm
from sim.interchange.cdm_keys import MESSAGE_KEYS, OBJECT_KEYS, USER, VERSION
from sim.interchange.cells import Cell, Record
from sim.interchange.kvn import Row
from sim.interchange.problems import Faults, refusal
from sim.interchange.segments import put

OBJECTS = ("OBJECT1", "OBJECT2")
_BEGIN = ""  # the key of a row of XML at which the block of an object begins


@dataclass
class Block:
    """Cells by key, the writer's own ones as text, comments, and the line at which it begins."""

    line: int
    record: Record = field(default_factory=dict)
    user: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


def blocks(text: str, faults: Faults) -> tuple[Block, dict[str, Block]]:
    """The block of the message, and those of OBJECT1 and OBJECT2 as far as they are there."""
    as_xml = text.lstrip().startswith("<")
    message = Block(1)
    found: list[Block] = []
    for row in _rows_of_xml(text, faults.file) if as_xml else kvn.rows(text, comments=True):
        if faults.enough:
            break
        if row.key == _BEGIN and as_xml or row.key == "OBJECT" and not as_xml:
            found.append(Block(row.cell.line))
        _put(found[-1] if found else message, row, not found, message, faults)
    named: dict[str, Block] = {}
    for block in found:
        cell = block.record.get("OBJECT", Cell("", block.line))
        name = cell.text.upper()
        if name not in OBJECTS or name in named:
            what = f"a second {name}" if name in named else f"'{cell.text[:40]}'" if name else "nothing"
            faults.add("OBJECT", what, "OBJECT1, then OBJECT2", cell.line)
        else:
            named[name] = block
    return message, named


def _put(block: Block, row: Row, is_message: bool, message: Block, faults: Faults) -> None:
    """A row into its block; what belongs nowhere goes into `faults`."""
    key, cell = row
    known, other = (MESSAGE_KEYS, OBJECT_KEYS) if is_message else (OBJECT_KEYS, MESSAGE_KEYS)
    if key == "COMMENT":
        block.comments += [cell.text] if cell.text else []
    elif key in known:
        put(block.record, key, cell, faults)
    elif not key:
        if cell.text:
            faults.add("", f"'{cell.text[:40]}'", "KEY = value", cell.line)
    elif key == "HBR" and not message.record.get("HBR"):
        put(message.record, key, cell, faults)
    elif key.startswith(USER):
        block.user[key] = cell.text
    elif key in other:
        where = "before OBJECT = OBJECT1" if is_message is False else "after OBJECT = OBJECT1 or OBJECT2"
        faults.add(key, "it in the wrong place", f"the key {where}", cell.line)
    elif message.record.get(VERSION, Cell("", 1)).text.startswith("2"):
        block.user[key] = cell.text
        faults.note(f"line {cell.line}: {key[:60]} is no key of version 1.0 and is kept unread")
    else:
        allowed = f"a key of CCSDS 508.0-B-1, or {USER}_... for one of your own"
        faults.add(key, "an unknown key", allowed, cell.line, nearest(key, known))


def _rows_of_xml(text: str, file: str) -> Iterator[Row]:
    """The values of one `<cdm>`, with its version, and a row without key where a segment begins."""
    begun = False
    for element in ndm.messages(text, "cdm", file):
        line = element.cell.line
        if element.opening and element.tag == "cdm":
            if begun:
                raise refusal(file, "", "a second <cdm>", "one message in a file", line)
            begun = True
            yield Row(VERSION, ndm.version_of(element) or Cell("", line))
        elif element.opening and element.tag == "segment":
            yield Row(_BEGIN, Cell("", line))
        elif element.tag == USER and not element.opening:
            name = element.attributes.get("parameter", USER)
            yield Row(f"{USER}_{name}", element.cell)
        elif element.is_value:
            yield Row(element.tag, element.cell)
