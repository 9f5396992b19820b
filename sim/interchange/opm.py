"""CCSDS Orbit Parameter Messages (502.0-B, section 3; KVN): one osculating state with what is known of the craft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from sim.interchange import kvn
from sim.interchange.cells import Cell, NumberField, Record, read_name, read_number, read_time, read_word
from sim.interchange.frames import FRAME_NAMES, frame_of, frame_written
from sim.interchange.notations import ORIGINATOR
from sim.interchange.problems import Faults
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
# Parts of a message that are not read; the caller gets the list of those present.
_LEFT_OUT = {
    "manoeuvres": re.compile(r"MAN_\w+"),
    "covariance": re.compile(r"C[XYZ]_.*|COV_\w+"),
    "Keplerian elements": re.compile(
        r"SEMI_MAJOR_AXIS|ECCENTRICITY|INCLINATION|RA_OF_ASC_NODE|ARG_OF_PERICENTER|"
        r"TRUE_ANOMALY|MEAN_ANOMALY|GM"
    ),
    "fields of its maker's own": re.compile(r"USER_DEFINED.*"),
}


@dataclass(frozen=True, eq=False)
class Opm:
    """A state; data of the craft, by the names of an orbit file's [spacecraft]; what was there and not read."""

    state: OrbitState
    object_id: str = "UNKNOWN"
    spacecraft: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def is_opm(text: str) -> bool:
    return text.lstrip().startswith(VERSION)


def read_opm(path: Path) -> Opm:
    """The message in a file; InterchangeError with everything that is wrong."""
    return parse_opm(read_text(Path(path), "an OPM (KVN)"), label(Path(path)))


def parse_opm(text: str, file: str) -> Opm:
    """The same from text; `file` names it in problems."""
    faults = Faults(file)
    record: Record = {}
    left_out: list[str] = []
    for row in kvn.rows(text):
        part = next((name for name, keys in _LEFT_OUT.items() if keys.fullmatch(row.key)), None)
        if part:
            left_out += [part] * (part not in left_out)
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


def _state(record: Record, mass: float | None, faults: Faults) -> OrbitState | None:
    before = len(faults.problems)
    read_word(record, VERSION, lambda v: v if v in ("1.0", "2.0", "3.0") else None, "1.0, 2.0, 3.0", 1, faults)
    read_name(record, "OBJECT_NAME", 1, faults)
    if "OBJECT_ID" in record and record["OBJECT_ID"].text:
        read_name(record, "OBJECT_ID", 1, faults)
    frame, system = origin(record, 1, faults)
    epoch = read_time(record, "EPOCH", 1, system or "UTC", faults)
    for key, kind in _STATE.items():
        read_number(record, key, kind, 1, faults)
    if len(faults.problems) > before:
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
    state = opm.state
    craft = {"mass_kg": state.mass} if state.mass is not None else {}
    craft |= opm.spacecraft
    lines = [
        f"{VERSION} = 2.0",
        f"CREATION_DATE = {created}",
        f"ORIGINATOR = {ORIGINATOR}",
        f"OBJECT_NAME = {state.name or 'UNKNOWN'}",
        f"OBJECT_ID = {opm.object_id}",
        "CENTER_NAME = EARTH",
        f"REF_FRAME = {frame_written(state.frame)}",
        "TIME_SYSTEM = UTC",
        f"EPOCH = {written(state.epoch)}",
        *(f"{key} = {kilometres(x)} [km]" for key, x in zip(_POSITION, state.r, strict=True)),
        *(f"{key} = {kilometres(x)} [km/s]" for key, x in zip(_VELOCITY, state.v, strict=True)),
    ]
    for key, kind in CRAFT.items():
        if kind.attribute in craft:
            lines.append(f"{key} = {craft[kind.attribute]!r}" + (f" [{kind.unit}]" if kind.unit else ""))
    return "\n".join(lines) + "\n"


def write_opm(path: Path, opm: Opm, created: str) -> None:
    Path(path).write_text(opm_text(opm, created), encoding="utf-8", newline="\n")
