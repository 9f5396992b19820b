"""Files inside the page: styles and scripts as text."""

from __future__ import annotations

from pathlib import Path

_PAGE = Path(__file__).with_name("page")


def style() -> str:
    """The style sheets of the page, one after the other."""
    return "".join(path.read_text("utf-8") for path in sorted(_PAGE.glob("*.css")))


def scripts() -> str:
    """Each script of the page as a module of its own, so that no name of one meets another's."""
    texts = [path.read_text("utf-8") for path in sorted(_PAGE.glob("*.js"))]
    return "".join(f'<script type="module">\n{text}</script>\n' for text in texts)
