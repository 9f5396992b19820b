"""The page that holds the report together; readable on a phone, on paper, by day and by night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from sim.export.stored import PlotData
from sim.files.names import readable
from sim.report import basis, sections
from sim.report.aboard import environment
from sim.report.embedded import scripts, style
from sim.report.forecasts import forecasts
from sim.report.markup import section
from sim.report.phases import front_pictures, phases
from sim.report.plain_words.page import plain_words_section
from sim.report.return_ import published, recovery
from sim.report.week import week

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<header><h1>$title</h1><p class="soft">Simulated flight · tiangong-sim</p></header>
<main>
$content</main>
$scripts</body>
</html>
""")

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #5c6670; --line: #d5dade; --paper: #fff; --band: #f3f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #9aa5b1; --line: #3a424a; --paper: #14181c; --band: #1d2329; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2rem; }
.soft { color: var(--soft); margin: 0.2rem 0 1rem; }
.wide { overflow-x: auto; margin: 0.6rem 0; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; min-width: 50%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--line); }
th { background: var(--band); white-space: nowrap; }
td.n, th.n { text-align: right; }
td.n, td.k { white-space: nowrap; }
td:last-child { min-width: 7rem; }
figure { margin: 0.8rem 0; background: #fff; border: 1px solid var(--line); border-radius: 4px; padding: 4px; }
figcaption { color: #5c6670; font-size: 0.85rem; padding: 0.3rem 0.5rem; }
img { display: block; width: 100%; height: auto; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  .wide { overflow: visible; } table { font-size: 7.5pt; } th, td { padding: 0.1rem 0.3rem; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def write_report(
    path: Path,
    data: PlotData,
    assumed: Iterable[tuple[str, str, str]],
    pictures: Iterable[Path],
    left_out: Sequence[str] = (),
) -> None:
    """`report.html` from the stored form of a flight, the scenario's assumed values, and the pictures drawn.

    `left_out`: names of pictures that were not asked for.
    """
    pictures = list(pictures)
    content = "".join(
        (
            plain_words_section(data),
            section("Summary", sections.summary(data)),
            front_pictures(pictures),
            sections.pictures_left_out(left_out),
            sections.verdicts(data),
            forecasts(data),
            recovery(data),
            sections.crew(data),
            week(data),
            sections.against_record(data),
            published(data),
            sections.timeline(data),
            phases(data, pictures),
            environment(data),
            sections.bookkeeping(data),
            basis.lift_offs(),
            basis.simple(data),
            basis.assumed(assumed),
            basis.conventions(data),
            basis.data_versions(data),
        )
    )
    page = _PAGE.substitute(
        title=escape(data.record["name"]), style=_STYLE + style(), content=content, scripts=scripts()
    )
    path.write_text(readable(page), encoding="utf-8", newline="\n")
