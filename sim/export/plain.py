"""Values as JSON can hold them: plain, rounded alike everywhere, and never NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.files.names import as_json

DIGITS = 12  # significant; enough for a millisecond in thirty years, few enough to hide the last bits


def plain(value: object, where: str) -> Any:
    """`value` with numpy types undone and floats rounded to `DIGITS`; `where` names it in the error."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            raise ValueError(f"{where} is {value}; a result must be a finite number, or be left out")
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(key): plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    raise TypeError(f"{where} is a {type(value).__name__}; JSON holds numbers, words, lists and tables")


def write_json(path: Path, value: object, exact: bool = False) -> None:
    """`value` as indented UTF-8 JSON with a newline at the end; the same value has the same bytes.

    Names that are no valid text are made readable, or kept as they are where `exact` (see `sim.files.names`).
    """
    path.write_text(as_json(value, exact=exact) + "\n", encoding="utf-8", newline="\n")
