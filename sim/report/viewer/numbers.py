"""The arrays of the page, one after the other in one block of bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

KINDS = {"float64": "f64", "float32": "f32", "int16": "i16", "uint8": "u8"}  # js/data.js has the same letters


@dataclass
class Numbers:
    """Arrays as they are appended, and where each lies: `refer` gives what the page's text says of it."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def refer(self, array: np.ndarray) -> dict[str, Any]:
        """Appends an array; its type, place in bytes and shape."""
        found = {"type": KINDS[array.dtype.name], "at": self.size, "shape": list(array.shape)}
        data = np.ascontiguousarray(array).tobytes()
        data += bytes(-len(data) % 8)
        self.parts.append(data)
        self.size += len(data)
        return found
