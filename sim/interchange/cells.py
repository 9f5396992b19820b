"""One message as cells of text, and how a cell becomes a number, a time or a word: with its unit, range and line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sim.core.epoch import Epoch
from sim.files.problems import nearest
from sim.interchange.problems import Faults
from sim.interchange.tables import missing
from sim.interchange.times import ALLOWED, read_epoch

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
LONGEST_NAME = 200  # characters: a line of a message has 254 at most, with the key before the name (CCSDS 502.0)
NAMES = f"a name of {LONGEST_NAME} characters at most"


class Cell(NamedTuple):
    """One value as text, the line it stands in, and its unit where the file gives one."""

    text: str
    line: int
    unit: str | None = None


Record = dict[str, Cell]  # key -> value of one message


@dataclass(frozen=True)
class NumberField:
    """A numeric field: the attribute it becomes, its unit and range, and what stands in where it is missing."""

    attribute: str
    unit: str
    low: float
    high: float
    default: float | None = None
    whole: bool = False

    @property
    def allowed(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        unit = f" {self.unit}" if self.unit else ""
        return f"{kind} from {self.low:.9g} to {self.high:.9g}{unit}"


def read_number(record: Record, key: str, kind: NumberField, line: int, faults: Faults) -> float | int | None:
    """A number in its range and unit; None where that fails, with the reason in `faults`."""
    cell = record.get(key)
    if cell is None or not cell.text:
        if kind.default is None:
            faults.add(key, missing(key, record), kind.allowed, cell.line if cell else line)
        return kind.default
    if cell.unit is not None and cell.unit.lower() != kind.unit.lower():
        faults.add(key, f"the unit [{cell.unit}]", f"[{kind.unit}]" if kind.unit else "no unit", cell.line)
        return None
    if not (_WHOLE if kind.whole else _DECIMAL).fullmatch(cell.text):
        faults.add(key, f"'{cell.text[:40]}'", kind.allowed, cell.line)
        return None
    value = int(cell.text) if kind.whole else float(cell.text)
    if not kind.low <= value <= kind.high:
        faults.add(key, cell.text[:40], kind.allowed, cell.line)
        return None
    return value


def read_time(record: Record, key: str, line: int, system: str, faults: Faults) -> Epoch | None:
    """A time on the clock of that name."""
    cell = record.get(key)
    if cell is None or not cell.text:
        faults.add(key, missing(key, record), ALLOWED, cell.line if cell else line)
        return None
    try:
        return read_epoch(cell.text, system)
    except ValueError as error:
        faults.add(key, str(error), ALLOWED, cell.line)
        return None


def read_word(
    record: Record, key: str, meaning: Callable[[str], str | None], allowed: str, line: int, faults: Faults
) -> str | None:
    """What a word stands for by `meaning`; None where it stands for nothing, with the reason in `faults`."""
    cell = record.get(key)
    if cell is None or not cell.text:
        faults.add(key, missing(key, record), allowed, cell.line if cell else line)
        return None
    value = meaning(cell.text.upper())
    if value is None:
        faults.add(key, f"'{cell.text[:40]}'", allowed, cell.line, nearest(cell.text, allowed.split(", ")))
    return value


def read_name(record: Record, key: str, line: int, faults: Faults) -> None:
    """A name that fits into a line of whatever is written of it; what is wrong with it goes into `faults`."""
    read_word(record, key, lambda word: word if len(word) <= LONGEST_NAME else None, NAMES, line, faults)


def is_decimal(text: str) -> bool:
    """A finite decimal number: no words such as nan, which float() would take."""
    return bool(_DECIMAL.fullmatch(text)) and math.isfinite(float(text))
