"""CCSDS Conjunction Data Messages (508.0-B-1): two objects at their closest approach, read from KVN and XML.

What users write beside the standard is read too: units left out, NaN or nothing for what is not known, days of the
year, keys of their own (`USER_DEFINED...`, and any other in drafts of version 2.0), the radius of the hard body in a
comment, ITRF and TEME states. What is wrong is reported all at once, each with its line and key.
`sim/interchange/cdm_writing.py` writes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange import ndm
from sim.interchange.cdm_blocks import Block, blocks
from sim.interchange.cdm_keys import (
    ADDITIONAL,
    AXES,
    COVARIANCE,
    HEADER,
    MANDATORY,
    MANDATORY_OF_OBJECT,
    METADATA,
    OD_PARAMETERS,
    POSITION,
    RELATIVE,
    RELATIVE_STATE,
    STATE,
    VELOCITY,
    VERSION,
    VERSIONS,
)
from sim.interchange.cells import LONGEST_NAME, is_decimal, read_name, read_time, read_word
from sim.interchange.frames import FRAME_NAMES, frame_of
from sim.interchange.opm import metres
from sim.interchange.problems import Faults, refusal
from sim.interchange.state import OrbitState, check_reach
from sim.interchange.tables import missing
from sim.interchange.text import label, read_text

_BEGINNING = 4000  # characters in which the version must stand: comments may come before it
LARGEST = 1.0e30  # of any number: squares of more than that overflow, and no unit makes it one
NOT_KNOWN = {"", "NAN", "N/A"}  # of a number
_TIMES = {"CREATION_DATE", "START_SCREEN_PERIOD", "STOP_SCREEN_PERIOD", "SCREEN_ENTRY_TIME", "SCREEN_EXIT_TIME"}
_TIMES |= {"TIME_LASTOB_START", "TIME_LASTOB_END"}
_RADIUS = re.compile(
    r"\b(?P<of>HBR|HARD[ _-]?BODY[ _-]?RADIUS|EXCLUSION[ _-]VOLUME[ _-]RADIUS)\b\s*[=:]?\s*"
    r"(?P<value>[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?)\s*(?:\[?(?P<unit>KM|M)\]?)?(?=$|[\s,;)])",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, eq=False)
class CdmObject:
    """One of both objects. `state`: at the closest approach, m and m/s; `covariance` (n, n), n from 6 to 9, in its own
    R, T, N (then drag m2/kg, radiation pressure m2/kg, thrust m/s2), None where the message marks it as not known;
    `fields`: its metadata, orbit determination and additional parameters as text; `radius_m` of a comment; `user`:
    keys of the writer's own."""

    state: OrbitState
    covariance: np.ndarray | None
    fields: dict[str, str] = field(default_factory=dict)
    radius_m: float | None = None
    user: dict[str, str] = field(default_factory=dict)
    comments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.state.name

    @property
    def designator(self) -> str:
        return self.fields["OBJECT_DESIGNATOR"]


@dataclass(frozen=True, eq=False)
class Cdm:
    """A message: closest approach, both objects, the other `fields` of header and relative metadata as text.

    `radius_m`: the sum of both radii, where a key or a comment has it; `notes`: what was read although unusual."""

    tca: Epoch
    first: CdmObject
    second: CdmObject
    fields: dict[str, str] = field(default_factory=dict)
    radius_m: float | None = None
    user: dict[str, str] = field(default_factory=dict)
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def number(self, key: str) -> float | None:
        """A number of the relative metadata, such as MISS_DISTANCE in m; None where it is not there."""
        return float(self.fields[key]) if key in self.fields else None

    @property
    def relative_state(self) -> np.ndarray | None:
        """(6,) m and m/s in the axes R, T, N of the first object; None where it is not whole."""
        if any(key not in self.fields for key in RELATIVE_STATE):
            return None
        return np.array([float(self.fields[key]) for key in RELATIVE_STATE])


def is_cdm(text: str) -> bool:
    return text.lstrip().startswith(VERSION) or ndm.message_of(text) == "cdm"


def read_cdm(path: Path) -> Cdm:
    """The message in a file; InterchangeError with everything that is wrong."""
    return parse_cdm(read_text(Path(path), "a CDM (KVN or XML)"), label(Path(path)))


def parse_cdm(text: str, file: str) -> Cdm:
    """The same from text; `file` names it in problems."""
    faults = Faults(file)
    if not text.lstrip().startswith("<") and VERSION not in text[:_BEGINNING].upper():
        raise refusal(file, "", f"a file that does not begin with {VERSION}", "a CDM, KVN or XML", 1)
    message, objects = blocks(text, faults)
    record = message.record
    read_word(record, VERSION, lambda v: v if v in VERSIONS else None, ", ".join(VERSIONS), 1, faults)
    for key in MANDATORY:
        read_name(record, key, 1, faults)
    tca = read_time(record, "TCA", 1, "UTC", faults)
    fields = _texts(message, {**dict.fromkeys(HEADER), **RELATIVE}, faults)
    fields.pop("TCA", None)
    key_radius = _number(message, "HBR", "m", faults)
    read = {name: _object(block, tca, faults) for name, block in objects.items()}
    for name in ("OBJECT1", "OBJECT2"):
        if name not in read:
            faults.add("OBJECT", f"no {name}", "OBJECT1 and OBJECT2, each with metadata, state and covariance")
    radius, probability = _radius(message, objects, key_radius, faults), fields.get("COLLISION_PROBABILITY")
    if probability is not None and not 0.0 <= float(probability) <= 1.0:
        line = record["COLLISION_PROBABILITY"].line
        faults.add("COLLISION_PROBABILITY", probability[:40], "a number from 0 to 1", line)
    faults.raise_if_any()
    first, second = read["OBJECT1"], read["OBJECT2"]
    assert tca is not None and first is not None and second is not None  # without them there is a fault
    comments = tuple(message.comments)
    return Cdm(tca, first, second, fields, radius, message.user, comments, tuple(faults.notes))


def _object(block: Block, tca: Epoch | None, faults: Faults) -> CdmObject | None:
    before, record, line = faults.count, block.record, block.line
    for key in MANDATORY_OF_OBJECT:
        read_name(record, key, line, faults)
    if "ORBIT_CENTER" in record and record["ORBIT_CENTER"].text:
        read_word(record, "ORBIT_CENTER", lambda word: word if word == "EARTH" else None, "EARTH", line, faults)
    frame = read_word(record, "REF_FRAME", frame_of, FRAME_NAMES, line, faults)
    fields = _texts(block, {**dict.fromkeys(METADATA[1:]), **OD_PARAMETERS, **ADDITIONAL}, faults)
    fields.pop("REF_FRAME", None)
    if not any(key in record for key in STATE):
        faults.add("X, Y, Z, X_DOT, Y_DOT, Z_DOT", "no state", "six numbers, km and km/s", line)
    for key, unit in STATE.items() if any(key in record for key in STATE) else ():
        known = _number(block, key, unit, faults)
        if known is None and (key not in record or record[key].text.upper() in NOT_KNOWN):
            found = record[key].text if key in record and record[key].text else missing(key, record)
            faults.add(key, found, f"a number in {unit}", record[key].line if key in record else line)
    covariance = _covariance(block, faults)
    if faults.count > before or tca is None or frame is None:
        return None
    r, v = (np.array([metres(record[key].text) for key in keys]) for keys in (POSITION, VELOCITY))
    state = OrbitState(record["OBJECT_NAME"].text, tca, frame, r, v)
    check_reach(state, faults, "X, Y, Z", "X_DOT, Y_DOT, Z_DOT", record["X"].line)
    own = [_in_metres(match) for text in block.comments if (match := _RADIUS.search(text)) and _of_one(match)]
    return CdmObject(state, covariance, fields, own[0] if own else None, block.user, tuple(block.comments))


def _texts(block: Block, kinds: dict[str, str | None], faults: Faults) -> dict[str, str]:
    """What is there of some keys, as text, each number and time checked; what is empty or NaN is left out."""
    found = {}
    for key, unit in kinds.items():
        cell = block.record.get(key)
        if cell is None or cell.text.upper() in (NOT_KNOWN if unit is not None else {""}):
            continue
        if unit is not None and _number(block, key, unit, faults) is None:
            continue
        if key in _TIMES:
            read_time(block.record, key, cell.line, "UTC", faults)
        if len(cell.text) > LONGEST_NAME:
            faults.add(key, f"{len(cell.text)} characters", f"at most {LONGEST_NAME}", cell.line)
        found[key] = cell.text
    return found


def _number(block: Block, key: str, unit: str | None, faults: Faults) -> float | None:
    """A number, None where it is not there or not known; a fault where it is none, or has another unit."""
    cell = block.record.get(key)
    if cell is None or cell.text.upper() in NOT_KNOWN:
        return None
    given = (cell.unit or "").replace("^", "**").replace(" ", "")
    if given and given.lower() not in ((unit or "").lower(), "n/a"):
        faults.add(key, f"the unit [{cell.unit}]", f"[{unit}]" if unit else "no unit", cell.line)
    elif not is_decimal(cell.text) or abs(float(cell.text)) > LARGEST:
        kind = f"a number of at most {LARGEST:g}"
        faults.add(key, f"'{cell.text[:40]}'", f"{kind} in {unit}" if unit else kind, cell.line)
    else:
        return float(cell.text)
    return None


def _covariance(block: Block, faults: Faults) -> np.ndarray | None:
    """(n, n) with as many of drag, radiation pressure and thrust as are whole; None where a term of the first six is
    marked as not known."""
    record, line = block.record, block.line
    given = [key for key in COVARIANCE if key in record]
    if not given:
        faults.add("CR_R", "no covariance", "a covariance matrix, 21 numbers from CR_R to CNDOT_NDOT", line)
        return None
    values = {key: _number(block, key, unit, faults) for key, unit in COVARIANCE.items()}
    size = 6
    lost = [key for key in _rows(6) if key not in record]
    for key in lost:
        faults.add(key, missing(key, record), f"a number in {COVARIANCE[key]}, or NaN where it is not known", line)
    while size < len(AXES) and all(values[f"C{AXES[size]}_{column}"] is not None for column in AXES[: size + 1]):
        size += 1
    beyond = [key for key in given if key not in _rows(size) and values[key] is not None]
    if beyond:
        faults.note(f"line {record[beyond[0]].line}: the row of {beyond[0]} is not whole and is left out")
    unknown = [key for key in _rows(6) if values[key] is None]
    if unknown:
        if not lost:
            faults.note(f"line {record[unknown[0]].line}: {unknown[0]} is not known, so the object has no covariance")
        return None
    out = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            out[i, j] = out[j, i] = values[f"C{AXES[i]}_{AXES[j]}"]
    return out


def _rows(size: int) -> list[str]:
    return [f"C{AXES[i]}_{AXES[j]}" for i in range(size) for j in range(i + 1)]


def _of_one(match: re.Match) -> bool:
    """Whether a radius in a comment is that of one object: HBR is of both together."""
    return match["of"].upper().startswith("EXCLUSION")


def _in_metres(match: re.Match) -> float:
    return float(match["value"]) * (1000.0 if (match["unit"] or "").upper() == "KM" else 1.0)


def radius_of_comments(message: list[str], *objects: list[str]) -> float | None:
    """The sum of both radii, m: of a comment about both, else of two about one object each, else None."""
    matches = [[m for text in comments if (m := _RADIUS.search(text))] for comments in (message, *objects)]
    for m in (m for found in matches for m in found if not _of_one(m)):
        return _in_metres(m)
    ones = [[_in_metres(m) for m in found if _of_one(m)] for found in matches]
    if len(ones[0]) == 2:  # before both objects: of the first and of the second
        return sum(ones[0])
    return sum(found[0] for found in ones[1:]) if len(ones) == 3 and all(ones[1:]) else None


def _radius(message: Block, objects: dict[str, Block], key: float | None, faults: Faults) -> float | None:
    """Of the key HBR, else of comments."""
    radius = key if key is not None else radius_of_comments(message.comments, *(o.comments for o in objects.values()))
    if radius is not None and not 0.0 <= radius < 1.0e6:
        line = message.record["HBR"].line if key is not None else None
        faults.add("HBR", f"{radius:g} m", "a radius from 0 to 1000 km", line)
    return radius
