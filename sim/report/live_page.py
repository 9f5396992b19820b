"""The page that shows a flight as it is computed: `live.html`, and `live.js` beside it, which it loads every second."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE, STATE = "live.html", "live.js"
_PARTS = Path(__file__).with_name("live")


def write_page(directory: Path) -> Path:
    """Write the page itself into a directory that exists; returns its file."""
    text = (_PARTS / "live.html").read_text("utf-8")
    for name, file in (("css", "live.css"), ("js", "live_view.js")):
        text = text.replace(f"{{{name}}}", (_PARTS / file).read_text("utf-8"))
    page = directory / PAGE
    page.write_text(text, "utf-8")
    return page


def write_state(directory: Path, state: Mapping[str, Any], links: Mapping[str, str], over: bool) -> None:
    """What the page shows from now on; the file appears whole, so that it never loads half of one."""
    content = json.dumps({**state, "links": dict(links), "over": over}, ensure_ascii=True).replace("</", "<\\/")
    part = directory / f".{STATE}"
    part.write_text(f"show({content});\n", "utf-8")
    os.replace(part, directory / STATE)
