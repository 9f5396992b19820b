"""CCSDS Orbit Parameter Messages (502.0-B, section 3): one osculating state with what is known of the craft.

Read from KVN and from XML (505.0-B), written as KVN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange import kvn, ndm
from sim.interchange.cells import Cell, NumberField, Record, read_name, read_number, read_time, read_word
from sim.interchange.frames import FRAME_NAMES, frame_of, frame_written
from sim.interchange.kvn import Row
from sim.interchange.ndm_writing import message, value
from sim.interchange.notations import ORIGINATOR
from sim.interchange.problems import Faults, refusal
from sim.interchange.state import OrbitState, check_reach
from sim.interchange.text import label, read_text
from sim.interchange.times import TO_TAI_NS, written

VERSION = "CCSDS_OPM_VERS"
_POSITION, _VELOCITY = ("X", "Y", "Z"), ("X_DOT", "Y_DOT", "Z_DOT")
_STATE = {
    **{key: NumberField(key, "km", -1e12, 1e12) for key in _POSITION},
    **{key: NumberField(key, "km/s", -1e9, 1e9) for key in _VELOCITY},
}
CRAFT = {
    "MASS": NumberField("mass_kg", "kg", 1e-6, 1e9),
    "SOLAR_RAD_AREA": NumberField("srp_area_m2", "m**2", 0.0, 1e9),
    "SOLAR_RAD_COEFF": NumberField("reflectivity_coefficient", "", 0.0, 100.0),
    "DRAG_AREA": NumberField("drag_area_m2", "m**2", 0.0, 1e9),
    "DRAG_COEFF": NumberField("drag_coefficient", "", 0.0, 100.0),
}
# Not used, since the state says it all, but checked: a file with an impossible angle is no good file.
_KEPLERIAN = {
    "SEMI_MAJOR_AXIS": NumberField("", "km", -1e9, 1e9),
    "ECCENTRICITY": NumberField("", "", 0.0, 1e6),
    "INCLINATION": NumberField("", "deg", 0.0, 180.0),
    "RA_OF_ASC_NODE": NumberField("", "deg", -360.0, 360.0),
    "ARG_OF_PERICENTER": NumberField("", "deg", -360.0, 360.0),
    "TRUE_ANOMALY": NumberField("", "deg", -360.0, 360.0),
    "MEAN_ANOMALY": NumberField("", "deg", -360.0, 360.0),
    "GM": NumberField("", "km**3/s**2", 0.0, 1e12),
}
# Parts of a message that are not used; the caller gets the list of those present.
_LEFT_OUT = {
    "manoeuvres": re.compile(r"MAN_\w+"),
    "covariance": re.compile(r"C[XYZ]_.*|COV_\w+"),
    "Keplerian elements": re.compile("|".join(_KEPLERIAN)),
    "fields of its maker's own": re.compile(r"USER_DEFINED.*"),
}


@dataclass(frozen=True, eq=False)
class Maneuver:
    """A burn that follows the state: its `start`, `duration` s, the change of mass kg, which is negative, and the
    velocity (3,) m/s that it gives in the axes of GCRF."""

    start: Epoch
    duration: float
    mass_change: float
    delta_v: np.ndarray


@dataclass(frozen=True, eq=False)
class Opm:
    """A state; data of the craft, by the names of an orbit file's [spacecraft]; what was there and not read; and what
    is written of the burns that follow: they are not read."""

    state: OrbitState
    object_id: str = "UNKNOWN"
    spacecraft: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    maneuvers: tuple[Maneuver, ...] = ()


def is_opm(text: str) -> bool:
    return text.lstrip().startswith(VERSION) or ndm.message_of(text) == "opm"


def read_opm(path: Path) -> Opm:
    """The message in a file; InterchangeError with everything that is wrong."""
    return parse_opm(read_text(Path(path), "an OPM (KVN or XML)"), label(Path(path)))


def parse_opm(text: str, file: str) -> Opm:
    """The same from text; `file` names it in problems."""
    faults = Faults(file)
    record: Record = {}
    left_out: list[str] = []
    for row in _rows_of_xml(text, file) if text.lstrip().startswith("<") else kvn.rows(text):
        if faults.enough:
            break
        part = next((name for name, keys in _LEFT_OUT.items() if keys.fullmatch(row.key)), None)
        if part:
            left_out += [part] * (part not in left_out)
            if row.key in _KEPLERIAN:
                read_number({row.key: row.cell}, row.key, _KEPLERIAN[row.key], row.cell.line, faults)
        elif not row.key:
            faults.add("", f"'{row.cell.text[:40]}'", "KEY = value", row.cell.line)
        elif row.key in record:
            faults.add(row.key, "a second value", "each key once", row.cell.line)
        else:
            record[row.key] = row.cell
    read = {kind.attribute: read_number(record, key, kind, 1, faults) for key, kind in CRAFT.items() if key in record}
    craft = {attribute: value for attribute, value in read.items() if value is not None}
    state = _state(record, craft.get("mass_kg"), faults)
    faults.raise_if_any()
    assert state is not None  # without one there is a fault
    return Opm(state, record.get("OBJECT_ID", Cell("UNKNOWN", 1)).text, craft, tuple(left_out))


def _rows_of_xml(text: str, file: str) -> Iterator[Row]:
    """The values of one `<opm>`, with its version, as the rows that they are in KVN."""
    begun = False
    for element in ndm.messages(text, "opm", file):
        if element.opening and element.tag == "opm":
            if begun:
                raise refusal(file, "", "a second <opm>", "one state in a file", element.cell.line)
            begun = True
            yield Row(VERSION, ndm.version_of(element) or Cell("", element.cell.line))
        elif element.is_value and element.tag != "COMMENT":
            yield Row(element.tag, element.cell)


def _state(record: Record, mass: float | None, faults: Faults) -> OrbitState | None:
    before = faults.count
    read_word(record, VERSION, lambda v: v if v in ("1.0", "2.0", "3.0") else None, "1.0, 2.0, 3.0", 1, faults)
    read_name(record, "OBJECT_NAME", 1, faults)
    if "OBJECT_ID" in record and record["OBJECT_ID"].text:
        read_name(record, "OBJECT_ID", 1, faults)
    frame, system = origin(record, 1, faults)
    epoch = read_time(record, "EPOCH", 1, system or "UTC", faults)
    for key, kind in _STATE.items():
        read_number(record, key, kind, 1, faults)
    if faults.count > before:
        return None
    assert epoch is not None and frame is not None  # without them there is a fault
    r, v = (np.array([metres(record[key].text) for key in keys]) for keys in (_POSITION, _VELOCITY))
    state = OrbitState(name=record["OBJECT_NAME"].text, epoch=epoch, frame=frame, r=r, v=v, mass=mass)
    check_reach(state, faults, "X, Y, Z", "X_DOT, Y_DOT, Z_DOT", record["X"].line)
    return state


def origin(record: Record, line: int, faults: Faults) -> tuple[str | None, str | None]:
    """Frame and time system of a message about the Earth; both by the words that the standard has for them."""
    read_word(record, "CENTER_NAME", lambda word: word if word == "EARTH" else None, "EARTH", line, faults)
    frame = read_word(record, "REF_FRAME", frame_of, FRAME_NAMES, line, faults)
    clocks = ", ".join(TO_TAI_NS)
    return frame, read_word(record, "TIME_SYSTEM", lambda w: w if w in TO_TAI_NS else None, clocks, line, faults)


def metres(km: str) -> float:
    """Exact to the last digit: shifted as a decimal number, not multiplied."""
    return float(Decimal(km).scaleb(3))


def kilometres(m: float) -> str:
    """The inverse of `metres`."""
    return f"{Decimal(repr(float(m))).scaleb(-3):f}"


def opm_text(opm: Opm, created: str) -> str:
    """The message; `created` is the writing time, ISO 8601 UTC without a zone letter."""
    blocks = _blocks(opm)
    lines = [f"{VERSION} = 2.0", f"CREATION_DATE = {created}", f"ORIGINATOR = {ORIGINATOR}"]
    for _, values in blocks:
        lines += [f"{key} = {text}" + (f" [{unit}]" if unit else "") for key, text, unit in values]
    return "\n".join(lines) + "\n"


def opm_xml(opm: Opm, created: str) -> str:
    """The same in XML (505.0-B)."""
    lines = ["<segment>"]
    for box, values in _blocks(opm):
        cells = [value(key, text, unit or None) for key, text, unit in values]
        if box == "spacecraftParameters":  # the schema wants all of them; 0 is its word for what is left out of account
            known = {key for key, _, _ in values}
            cells = [c for key, k in CRAFT.items() for c in _cells(key, k, values, known)]
        inside = ["<data>"] if box == "stateVector" else []
        lines += [*inside, f"<{box}>", *cells, f"</{box}>"]
    return message("opm", "2.0", created, [*lines, "</data></segment>"])


def _cells(key: str, kind: NumberField, values: list[tuple[str, str, str]], known: set[str]) -> list[str]:
    text = next((text for name, text, _ in values if name == key), "0.0")
    return [value(key, text, kind.unit or None)] if key in known or key != "MASS" else []


def _blocks(opm: Opm) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The boxes of the message in their order, each with its values: key, text, unit."""
    state = opm.state
    craft = {"mass_kg": state.mass} if state.mass is not None else {}
    craft |= opm.spacecraft
    meta = [
        ("OBJECT_NAME", state.name or "UNKNOWN", ""),
        ("OBJECT_ID", opm.object_id, ""),
        ("CENTER_NAME", "EARTH", ""),
        ("REF_FRAME", frame_written(state.frame), ""),
        ("TIME_SYSTEM", "UTC", ""),
    ]
    vector = [
        ("EPOCH", written(state.epoch), ""),
        *((key, kilometres(x), "km") for key, x in zip(_POSITION, state.r, strict=True)),
        *((key, kilometres(x), "km/s") for key, x in zip(_VELOCITY, state.v, strict=True)),
    ]
    blocks = [("metadata", meta), ("stateVector", vector)]
    has = [(key, repr(craft[k.attribute]), k.unit) for key, k in CRAFT.items() if k.attribute in craft]
    if opm.maneuvers and not any(key == "MASS" for key, _, _ in has):
        raise ValueError("an OPM with manoeuvres needs the mass of the craft")
    if has:
        blocks.append(("spacecraftParameters", has))
    return blocks + [("maneuverParameters", _maneuver(burn)) for burn in opm.maneuvers]


def _maneuver(burn: Maneuver) -> list[tuple[str, str, str]]:
    parts = zip(("MAN_DV_1", "MAN_DV_2", "MAN_DV_3"), burn.delta_v, strict=True)
    return [
        ("MAN_EPOCH_IGNITION", written(burn.start), ""),
        ("MAN_DURATION", f"{burn.duration:.6f}", "s"),
        ("MAN_DELTA_MASS", f"{burn.mass_change:.9f}", "kg"),
        ("MAN_REF_FRAME", "GCRF", ""),
        *((key, kilometres(round(float(x), 9)), "km/s") for key, x in parts),
    ]


def write_opm(path: Path, opm: Opm, created: str) -> None:
    Path(path).write_text(opm_text(opm, created), encoding="utf-8", newline="\n")
