"""Files inside the page: styles and scripts as text, pictures of pixels as data URIs."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

_PAGE = Path(__file__).with_name("page")
_PNG = b"\x89PNG\r\n\x1a\n"


def png(picture: bytes) -> tuple[str, str]:
    """A PNG as a data URI, and the attributes of its size in pixels, so that the page does not move as it comes."""
    width, height = struct.unpack(">II", picture[16:24]) if picture[:8] == _PNG else (0, 0)
    size = f' width="{width}" height="{height}"' if width else ""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii"), size


def style() -> str:
    """The style sheets of the page, one after the other; that for paper last, since it takes back what others say."""
    sheets = sorted(_PAGE.glob("*.css"), key=lambda path: (path.stem == "print", path.name))
    return "".join(path.read_text("utf-8") for path in sheets)


def scripts() -> str:
    """Each script of the page as a module of its own, so that no name of one meets another's."""
    texts = [path.read_text("utf-8") for path in sorted(_PAGE.glob("*.js"))]
    return "".join(f'<script type="module">\n{text}</script>\n' for text in texts)
