"""The few pieces of HTML that the report is made of, and numbers in words. Everything that comes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sim.report.names import quantity


def number(value: object) -> str:
    """A value for a reader: five significant digits, more for a large one, no exponent for everyday sizes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != 0.0 and not 1e-4 <= abs(value) < 1e7:
            return f"{value:.4g}"
        return f"{value:.0f}" if abs(value) >= 99999.5 else f"{value:.5g}"
    if isinstance(value, list):
        return ", ".join(number(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(labelled(key, item) for key, item in value.items())
    return "–" if value is None else str(value)


def labelled(key: str, value: object) -> str:
    """`range_m`, 30.0 -> `range 30 m`."""
    words, unit = quantity(key)
    return f"{words} {number(value)}" + (f" {unit}" if unit else "")


def table(
    heads: Iterable[str], rows: Iterable[Iterable], numeric: Iterable[int] = (), unbroken: Iterable[int] = ()
) -> str:
    """A table that scrolls sideways on a narrow screen; columns in `numeric` are set to the right, and neither they nor
    those in `unbroken` are broken into lines."""
    look = {i: ' class="k"' for i in unbroken} | {i: ' class="n"' for i in numeric}

    def cell(tag: str, i: int, value: object) -> str:
        return f"<{tag}{look.get(i, '')}>{escape(str(value))}</{tag}>"

    head = "".join(cell("th", i, h) for i, h in enumerate(heads))
    body = "".join("<tr>" + "".join(cell("td", i, v) for i, v in enumerate(row)) + "</tr>\n" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n'


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>\n"


def section(title: str, *content: str) -> str:
    """A section, or nothing where it would be empty."""
    inside = "".join(content)
    return f"<section>\n<h2>{escape(title)}</h2>\n{inside}</section>\n" if inside else ""


def bullets(items: Iterable[str]) -> str:
    inside = "".join(f"<li>{escape(item)}</li>\n" for item in items)
    return f"<ul>\n{inside}</ul>\n" if inside else ""
