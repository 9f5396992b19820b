"""The contents of the report: an anchor for every section, and the list that leads to them."""

from __future__ import annotations

import re
from html import unescape

from sim.report.markup import Html

# A section as `markup.section` writes it. What a user wrote is escaped, so nothing else in the page reads like this.
_HEAD = re.compile(r"<section>\n<h([23])>(.*?)</h\1>")


def anchored(content: str) -> tuple[Html, Html]:
    """The page's content with an anchor at each section, and the list of links to them; none is used twice."""
    found: list[tuple[int, str, str]] = []
    used: set[str] = set()

    def named(head: re.Match[str]) -> str:
        level, title = int(head[1]), head[2]
        anchor = _free(_slug(unescape(title)), used)
        found.append((level, anchor, title))
        return f'<section id="{anchor}" aria-labelledby="{anchor}-h">\n<h{level} id="{anchor}-h">{title}</h{level}>'

    return Html(_HEAD.sub(named, content)), _listed(found)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"


def _free(name: str, used: set[str]) -> str:
    """The name, with a number behind it where it is taken: a phase may be flown twice."""
    free, number = name, 2
    while free in used:
        free, number = f"{name}-{number}", number + 1
    used.add(free)
    return free


def _listed(found: list[tuple[int, str, str]]) -> Html:
    """Sections within a section make a list of their own below its line."""
    if not found:
        return Html()
    lines, depth = ["<ol>"], 2
    for level, anchor, title in found:
        if level > depth:
            lines[-1] = lines[-1].removesuffix("</li>") + "<ol>"
        elif level < depth:
            lines.append("</ol></li>")
        depth = level
        lines.append(f'<li><a href="#{anchor}">{title}</a></li>')
    if depth > 2:
        lines.append("</ol></li>")
    return Html("\n".join([*lines, "</ol>"]))
