"""The few pieces of HTML that the report is made of, and numbers in words. Everything that comes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from sim.core.epoch import BEIJING, Epoch
from sim.report.names import quantity

SECOND = "%Y-%m-%d %H:%M:%S"  # the form of a time where none is named


class Html(str):
    """Text that is markup already; any other text is escaped."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table with the value by which it is sorted, where its text does not begin with that number."""

    text: object
    value: float | str


ZONE = Html('<span class="zone">UTC</span>')  # the name of the clock that the reader has chosen
OTHERS_ZONE = Html('<span class="zone" data-other>UTC</span>')  # the same, of times of other flights
WHEN = Html(f"when ({ZONE})")  # the head of a column of times


def shown(value: object) -> str:
    """As markup: what is markup already stays, everything else is escaped."""
    return str(value) if isinstance(value, Html) else escape(str(value))


def joined(*parts: object) -> Html:
    """Texts and markup one after the other."""
    return Html("".join(map(shown, parts)))


def moment(epoch: Epoch, form: str = SECOND, zone: bool = False, other: bool = False) -> Html:
    """A time that the page's clock switch writes anew: UTC until then, in `form` of strftime.

    `zone`: the clock's name stands behind it. `other`: of another flight, so that no mission time is counted.
    Its text is made from the milliseconds that the element holds, so that both round to the same second.
    """
    utc = epoch.utc()
    attributes = "" if form == SECOND else f' data-form="{escape(form)}"'
    attributes += (" data-zone" if zone else "") + (" data-other" if other else "")
    text = Epoch.from_utc(utc).text(form) + (" UTC" if zone else "")
    return Html(f'<time datetime="{utc}"{attributes}>{escape(text)}</time>')


def twice(epoch: Epoch, form: str = SECOND) -> Html:
    """A time on the reader's clock and, unless that is the one, on Beijing's, by which the crew's days are counted."""
    return joined(
        moment(epoch, form, zone=True),
        Html(f'<span class="beijing"> ({epoch.text("%H:%M:%S", BEIJING)} in Beijing)</span>'),
    )


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
    heads: Iterable[object],
    rows: Iterable[Iterable],
    numeric: Iterable[int] = (),
    unbroken: Iterable[int] = (),
    kind: str = "",
    sort: bool = True,
    words: Iterable[str] = (),
) -> Html:
    """A table that scrolls sideways on a narrow screen; columns in `numeric` are set to the right, and neither they nor
    those in `unbroken` are broken into lines.

    `kind`: a class for the style. `sort`: whether its heads sort the rows; not where a column mixes quantities.
    `words`: of each row, what the page's filter finds it by beside its cells.
    """
    look = {i: ' class="k"' for i in unbroken} | {i: ' class="n"' for i in numeric}
    heads = list(heads)
    names = ["" if isinstance(head, Html) else escape(str(head)) for head in heads]
    found = list(words)

    def cell(i: int, value: object) -> str:
        by = ""
        if isinstance(value, Cell):
            by, value = f' data-v="{escape(str(value.value))}"', value.text
        named = f' data-head="{names[i]}"' if kind and i < len(names) and names[i] else ""
        return f"<td{look.get(i, '')}{named}{by}>{shown(value)}</td>"

    def row(at: int, cells: Iterable) -> str:
        by = f' data-words="{escape(found[at])}"' if at < len(found) else ""
        return f"<tr{by}>" + "".join(cell(i, value) for i, value in enumerate(cells)) + "</tr>\n"

    head = "".join(f'<th scope="col"{look.get(i, "")}>{shown(h)}</th>' for i, h in enumerate(heads))
    body = "".join(row(at, cells) for at, cells in enumerate(rows))
    classes = " ".join(filter(None, (kind, "sorts" if sort else "")))
    named = f' class="{classes}"' if classes else ""
    return Html(
        f'<div class="wide"><table{named}><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n'
    )


def paragraph(text: str) -> Html:
    return Html(f"<p>{shown(text)}</p>\n")


def section(title: str, *content: str, level: int = 2) -> Html:
    """A section, or nothing where it would be empty; `sim.report.contents` gives it its anchor."""
    inside = "".join(content)
    return Html(f"<section>\n<h{level}>{escape(title)}</h{level}>\n{inside}</section>\n" if inside else "")


def bullets(items: Iterable[str]) -> Html:
    inside = "".join(f"<li>{shown(item)}</li>\n" for item in items)
    return Html(f"<ul>\n{inside}</ul>\n" if inside else "")
