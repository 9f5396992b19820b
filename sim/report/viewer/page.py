"""Assembles `view.html`: style, scripts and numbers in one file; nothing of it is loaded from elsewhere.

The scripts are ES modules. Each stands in an import map as a `data:` URL under its own name, which works from a file
in every browser of today.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from sim.export.stored import PlotData
from sim.export.trajectories import Trajectories
from sim.files.errors import DataError
from sim.files.names import readable
from sim.report.viewer.pack import pack

HERE = Path(__file__).parent
VENDOR = HERE.parent / "vendor"
_ESCAPED = {ord("%"): "%25", ord("#"): "%23", ord("\n"): "%0A", ord("\r"): "", ord("\t"): "%09"}


def view(data: PlotData, flown: Trajectories) -> str:
    """The text of `view.html`, from the stored form of a flight."""
    text, numbers = pack(data, flown)
    return Template(_text(HERE / "page.html")).substitute(
        title=escape(readable(data.record["name"])),
        style=_text(HERE / "page.css"),
        modules=_modules(),
        flight=_in_script(readable(json.dumps(text, separators=(",", ":"), ensure_ascii=False))),
        numbers=base64.b64encode(numbers).decode("ascii"),
    )


def _text(path: Path) -> str:
    """A file of this package."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); install tiangong-sim again") from None


@cache
def _modules() -> str:
    """The import map: three.js and every script of this folder, by name."""
    scripts = {"three": VENDOR / "three.min.js"}
    scripts |= {f"viewer/{path.name}": path for path in sorted((HERE / "js").glob("*.js"))}
    urls = {name: _data_url(_text(path)) for name, path in scripts.items()}
    return _in_script(json.dumps({"imports": urls}, ensure_ascii=False))


def _data_url(script: str) -> str:
    """Shorter than base64, and it can be read."""
    return "data:text/javascript;charset=utf-8," + script.strip().translate(_ESCAPED)


def _in_script(text: str) -> str:
    """JSON that may stand in a script element: no tag begins in it."""
    return text.replace("<", "\\u003c")
