"""What matplotlib is here, and where it keeps its list of fonts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import matplotlib


@dataclass(frozen=True)
class Setup:
    """`version` of matplotlib; `cache`: its folder; `fonts_listed`: whether its list of fonts lies there, which takes
    seconds to make."""

    version: str
    cache: Path
    fonts_listed: bool


def look() -> Setup:
    """Draws nothing. OSError where no folder can be written, not even a temporary one."""
    cache = Path(matplotlib.get_cachedir())
    return Setup(matplotlib.__version__, cache, any(cache.glob("fontlist*.json")))
