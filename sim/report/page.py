"""The page that holds the report together; readable on a phone, on paper, by day and by night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from sim.core.epoch import LEAP_SECONDS, Epoch
from sim.export.stored import PlotData
from sim.files.names import readable
from sim.report import basis, embedded, sections
from sim.report.aboard import environment
from sim.report.beside import links
from sim.report.contents import anchored
from sim.report.forecasts import forecasts
from sim.report.key_figures import key_figures
from sim.report.markup import section
from sim.report.phases import front_pictures, phases
from sim.report.plain_words import page as plain_words
from sim.report.plots import interactive
from sim.report.return_ import published, recovery
from sim.report.rules import flight_rules
from sim.report.timeline import timeline
from sim.report.week import week

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$style</style>
</head>
<body data-zero="$zero" data-zero-name="$zero_name" data-leaps="$leaps">
<a class="skip" href="#content">Skip to the content</a>
<header><h1>$title</h1><p class="soft">Simulated flight · tiangong-sim</p>
$links</header>
<div class="bar">
<fieldset class="clock" hidden><legend>Clock</legend>$clocks</fieldset>
<nav id="contents" aria-label="Contents"><details open><summary>Contents</summary>
$contents
</details></nav>
<script>document.querySelector("#contents details").open = matchMedia("(min-width: 64rem)").matches;</script>
</div>
<main id="content" tabindex="-1">
$content</main>
$scripts</body>
</html>
""")

CLOCKS = {"utc": "UTC", "beijing": "Beijing", "islamabad": "Islamabad", "met": "MET"}


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
    content, contents = anchored(
        "".join(
            (
                plain_words.switch(),
                section("Summary", sections.summary(data), key_figures(data)),
                front_pictures(pictures),
                flight_rules(data),
                forecasts(data),
                timeline(data),
                section("Plots", interactive(data)),
                recovery(data),
                sections.crew(data),
                week(data),
                sections.against_record(data),
                published(data),
                phases(data, pictures),
                sections.pictures_left_out(left_out),
                environment(data),
                sections.bookkeeping(data),
                basis.lift_offs(),
                basis.simple(data),
                basis.assumed(assumed),
                basis.conventions(data),
                basis.data_versions(data),
                plain_words.articles(data),  # hidden until one is asked for, so that they need not come first
            )
        )
    )
    page = _PAGE.substitute(
        title=escape(data.record["name"]),
        style=embedded.style(),
        links=links(path.parent),
        clocks=_clocks(),
        contents=contents,
        content=content,
        scripts=embedded.scripts(),
        **_mission_time(data),
    )
    path.write_text(readable(page), encoding="utf-8", newline="\n")


def _clocks() -> str:
    """The choice of a clock, which shows itself where scripts run."""
    return "".join(
        f'<label title="{_CLOCK_IS[name]}"><input type="radio" name="clock" value="{name}"'
        f"{' checked' if name == 'utc' else ''}><span>{words}</span></label>"
        for name, words in CLOCKS.items()
    )


_CLOCK_IS = {
    "utc": "Coordinated Universal Time",
    "beijing": "UTC + 8 h",
    "islamabad": "UTC + 5 h",
    "met": "mission elapsed time",
}


def _mission_time(data: PlotData) -> dict[str, str]:
    """From when mission time counts, and the leap seconds of the flight, by which UTC and it go apart."""
    legs, liftoff = data.record["legs"], data.events("liftoff")
    start, end = (Epoch.from_utc(leg[key]) for leg, key in ((legs[0], "start_utc"), (legs[-1], "end_utc")))
    zero = Epoch.from_utc(liftoff[0]["utc"]) if liftoff else start.plus(-legs[0]["start_met_s"])
    leaps = [day for day, _ in LEAP_SECONDS[1:] if start <= Epoch.from_utc(day) <= end]
    name = "lift-off" if liftoff else "the start"
    return {"zero": zero.utc(), "zero_name": name, "leaps": " ".join(leaps)}
