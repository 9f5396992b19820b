"""The plain words in the report: a switch of the view, and one article for each language.

The articles stand in the page as they are; `sim/report/page/plain_words.js` shows one of them or the full report.
"""

from __future__ import annotations

from html import escape

from sim.export.stored import PlotData
from sim.report.plain_words.narrative import Paragraph, PlainWords, Table, plain_words
from sim.report.plain_words.words import LANGUAGES, N_, Words, words

FULL, PLAIN, LABEL, CONTENTS, ABOUT = (
    N_("Full report"),
    N_("In plain words:"),
    N_("View and language"),
    N_("Contents"),
    N_("A simulated flight in plain words"),
)


def articles(data: PlotData) -> str:
    """One article for each language, hidden until it is asked for."""
    return "".join(_article(data, words(code)) for code in LANGUAGES)


def switch() -> str:
    """Buttons for the full report and for each language; each language is named in itself."""
    spoken = {code: words(code) for code in LANGUAGES}
    labels = "".join(
        f' data-full-{code}="{escape(w.gettext(FULL))}" data-plain-{code}="{escape(w.gettext(PLAIN))}"'
        f' data-label-{code}="{escape(w.gettext(LABEL))}"'
        for code, w in spoken.items()
    )
    buttons = "".join(
        f'<button type="button" data-view="{code}" lang="{w.language.tag}" dir="{w.language.direction}" '
        f'aria-pressed="false">{escape(w.language.name)}</button>'
        for code, w in spoken.items()
    )
    return (
        f'<nav class="plain-switch" aria-label="{escape(LABEL)}"{labels} hidden>'
        f'<button type="button" data-view="full" aria-pressed="true">{escape(FULL)}</button>'
        f"<span>{escape(PLAIN)}</span>{buttons}</nav>\n"
    )


def _article(data: PlotData, w: Words) -> str:
    made, language = plain_words(data, w), w.language
    body = "".join(_paragraph(language.code, paragraph, w) for paragraph in made.paragraphs)
    body += "".join(_table(language.code, table) for table in made.tables)
    return (
        f'<article class="plain-words" lang="{language.tag}" dir="{language.direction}" '
        f'data-language="{language.code}" hidden>\n'
        f'<h1>{escape(made.headline)}</h1>\n<p class="soft">{escape(w.gettext(ABOUT))}</p>\n'
        f"{_contents(language.code, made, w)}{body}</article>\n"
    )


def _contents(code: str, made: PlainWords, w: Words) -> str:
    heads = [*((p.key, p.head) for p in made.paragraphs if p.head), *((t.key, t.head) for t in made.tables)]
    items = "".join(f'<li><a href="#plain-{code}-{key}">{escape(head)}</a></li>' for key, head in heads)
    return f'<nav class="plain-contents" aria-label="{escape(w.gettext(CONTENTS))}"><ul>{items}</ul></nav>\n'


def _paragraph(code: str, paragraph: Paragraph, w: Words) -> str:
    text = f"<p>{escape(w.joined(paragraph.sentences))}</p>\n"
    if not paragraph.head:
        return text
    return f'<section>\n<h2 id="plain-{code}-{paragraph.key}">{escape(paragraph.head)}</h2>\n{text}</section>\n'


def _table(code: str, table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in table.rows)
    return (
        f'<section>\n<h2 id="plain-{code}-{table.key}">{escape(table.head)}</h2>\n<div class="wide" tabindex="0" '
        f'role="region" aria-labelledby="plain-{code}-{table.key}"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n</section>\n"
    )
