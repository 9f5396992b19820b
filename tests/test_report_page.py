"""The report as a page that one reads, in a browser: contents, clocks, tables, narrow and dark, paper, axe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from browser import browser, opened, serious
from made_flight import LIFTOFF, ZERO, made_flight

from sim.core.epoch import BEIJING, Epoch, elapsed
from sim.core.flight import RuleCheck
from sim.export import collected
from sim.export.landing import landing
from sim.export.plain import plain
from sim.export.record import as_record
from sim.export.stored import PlotData
from sim.plots import draw
from sim.report import write_report
from sim.report.contents import anchored
from sim.report.intervals import OF_EVENTS
from sim.report.markup import Html, joined, moment, section, shown, table
from sim.report.rules import tightest_first
from sim.report.timeline import timeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULES = (
    RuleCheck("wide", "entry", 1.0, "<=", 10.0, "g", LIFTOFF),
    RuleCheck("of zero", "entry", 0.0, "<=", 0.0, "broken", LIFTOFF),
    RuleCheck("by five", "entry", 4.75, "<=", 5.0, "g", LIFTOFF),
    RuleCheck("missed", "entry", 6.0, "<=", 5.0, "g", LIFTOFF),
    RuleCheck("by two", "entry", -98.0, ">=", -100.0, "m", LIFTOFF),
)


@pytest.fixture(scope="module")
def data() -> PlotData:
    flight, scenario, world = made_flight()
    legs = list(flight.legs)
    legs[-2] = replace(legs[-2], verdicts=RULES)
    flight = replace(flight, legs=tuple(legs))
    record = as_record(flight, scenario.raw)
    record["landing"] = plain(landing(flight, world), "landing")
    return collected.collect(flight, scenario.raw, world, record)


@pytest.fixture(scope="module")
def written(data: PlotData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("run")
    for name in ("flight.json", "ephemeris_tiangong.oem"):
        (directory / name).write_text("{}")
    write_report(directory / "report.html", data, [("missions/x.toml", "trim.days", "assumed: five")], [])
    return directory / "report.html"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def page(chrome: Browser, written: Path) -> Iterator[Page]:
    with opened(chrome, written, viewport={"width": 1280, "height": 800}) as found:
        yield found


def findings(page: Page) -> list[str]:
    """Of axe, with three rows left of each table: hundreds of equal ones take it seconds and show no more."""
    page.wait_for_timeout(400)  # until tables out of sight have been looked at
    page.evaluate(
        "document.querySelectorAll('tbody tr:nth-child(n+4), main li:nth-child(n+4)').forEach(r => r.remove())"
    )
    return serious(page)


def column(page: Page, rows: str, at: int) -> list[str]:
    return [text.strip() for text in page.locator(f"{rows} > td:nth-child({at})").all_inner_texts()]


def chosen(page: Page, clock: str) -> None:
    page.locator(".clock label", has_text=clock).click()


# ---- in the browser


def test_contents_lead_to_every_section(page):
    """The head of each section comes into the window, and the contents mark it; heads go down by one at a time."""
    links = page.locator("#contents a")
    anchors = [link.get_attribute("href") for link in links.all()]
    assert len(anchors) == len(set(anchors)) == page.locator("main section[id]").count() > 25
    for anchor in ("#timeline", "#programs-and-data", "#entry", "#flight-rules"):
        page.locator(f"#contents a[href='{anchor}']").click()
        page.wait_for_function(
            "a => { const top = document.querySelector(a + '-h').getBoundingClientRect().top;"
            " return top >= 0 && top < innerHeight; }",
            arg=anchor,
        )
    page.wait_for_function("document.querySelector('#contents [aria-current]')?.hash === '#flight-rules'")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert page.locator("main").count() == page.locator("header").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.skip').getAttribute('href')") == "#content"


def test_nothing_grows_once_the_contents_have_led_somewhere(page):
    """Sections out of sight have a guessed height, 60 rem. Here each is ten times as tall: after a jump none of the
    sections above its end may still be guessed, else the head moves away as they are drawn; to a pixel of rounding."""
    page.evaluate(
        "document.querySelectorAll('main section').forEach(s => { const tall = document.createElement('div');"
        " tall.style.height = '600rem'; s.append(tall); })"
    )
    page.locator("#contents a[href='#programs-and-data']").click()
    place = "document.querySelector('#programs-and-data').getBoundingClientRect().top + scrollY"
    page.wait_for_timeout(200)
    at = page.evaluate(place)
    for part in range(20):
        page.evaluate("part => scrollTo(0, part / 20 * document.documentElement.scrollHeight)", part)
        page.wait_for_timeout(20)
    assert abs(page.evaluate(place) - at) < 1


def test_the_clock_switch_writes_every_time_anew(page, data):
    event = next(e for e in data.record["events"] if e["name"] == "touchdown")
    epoch = Epoch.from_utc(event["utc"])
    cell = page.locator("table.timeline > tbody > tr", has_text="touchdown").locator("time").first
    assert cell.inner_text() == epoch.text("%d %b %H:%M:%S")
    page.evaluate("document.addEventListener('clock', (event) => (window.heard = event.detail))")
    chosen(page, "Beijing")
    assert cell.inner_text() == epoch.text("%d %b %H:%M:%S", BEIJING)
    zero = ZERO.plus(LIFTOFF).datetime().timestamp() * 1000
    assert page.evaluate("window.heard") == {"name": "beijing", "offset_s": 28800, "zero": zero}
    assert page.locator("table.timeline th .zone").inner_text() == "Beijing"
    extreme = page.locator("#plot-ascent details table")  # folded: its texts are there, but not seen
    assert "at (Beijing)" in extreme.locator("thead").text_content()
    lowest = extreme.locator("tbody time").first
    assert lowest.text_content() == Epoch.from_utc(lowest.get_attribute("datetime")).text("%d %b %H:%M:%S", BEIJING)
    assert "Beijing time" in page.locator("#summary").inner_text()
    assert not page.locator("#summary .beijing").is_visible()
    chosen(page, "MET")
    days = elapsed(event["met_s"])
    assert cell.inner_text().startswith(days[: days.index(" d ")]) and cell.inner_text().endswith(
        f":{round(event['met_s']) % 60:02d}"
    )
    assert page.evaluate("window.heard.name") == "met"
    other = page.locator("#lift-offs-of-the-record time").first
    assert not other.text_content().startswith("T")  # of another flight: it stays UTC
    page.reload()
    page.wait_for_function("document.documentElement.dataset.clock === 'met'")  # the choice is kept
    assert page.locator("[name=clock]:checked").get_attribute("value") == "met"


def test_a_leap_second_counts_in_mission_time_and_reads_60(chrome, data, tmp_path):
    """A flight over the end of 2016: from 23:59:50 to 00:00:10 are 21 seconds."""
    marks = {"2016-12-31T23:59:50Z": "T+00:00", "2016-12-31T23:59:60Z": "T+00:10", "2017-01-01T00:00:10Z": "T+00:21"}
    events = [{"name": f"e{i}", "utc": utc, "met_s": 0.0, "vehicle": "x", "values": {}} for i, utc in enumerate(marks)]
    events[0]["name"] = "liftoff"
    leg = {"phase": "ascent", "status": "flown", "start_met_s": 0.0, "end_met_s": 30.0, "notes": {}}
    leg |= {"start_utc": "2016-12-31T23:59:50Z", "end_utc": "2017-01-01T00:00:19Z"}
    record = {**data.record, "events": events, "legs": [leg], "week": None, "landing": None, "record": {}}
    record |= {"verdicts": [], "published_return": [], "simplifications": []}
    write_report(tmp_path / "report.html", replace(data, record=record, arrays={}), [], [])
    with opened(chrome, tmp_path / "report.html") as found:
        times = found.locator("table.timeline time")
        chosen(found, "Islamabad")
        assert times.all_inner_texts()[1] == "01 Jan 04:59:60"
        chosen(found, "MET")
        assert times.all_inner_texts() == list(marks.values())


def test_tables_sort_numbers_as_numbers_and_times_as_times(page):
    rows = "table.timeline > tbody > tr"
    head = page.locator("table.timeline th", has_text="altitude")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    found = [float(text) for text in column(page, rows, 5) if text]
    assert found == sorted(found) and found[0] < 10.0 < found[-1]
    head.locator("button").click()
    found = [float(text) for text in column(page, rows, 5) if text]
    assert head.get_attribute("aria-sort") == "descending" and found == sorted(found, reverse=True)
    assert column(page, rows, 5)[-1] == ""  # what has none stands last in either order
    page.locator("table.timeline th button").first.click()
    times = page.locator(f"{rows} > td:first-child time").evaluate_all("all => all.map(t => t.dateTime)")
    assert times == sorted(times) and head.get_attribute("aria-sort") is None


def test_the_filter_leaves_the_events_that_it_finds(page, data):
    box = page.locator("#timeline-filter")
    box.fill("shenzhou-23 burn")
    seen = page.locator("table.timeline > tbody > tr:visible > td:nth-child(3)").all_inner_texts()
    assert seen and all("burn" in name for name in seen)
    assert page.locator("#timeline-count").inner_text() == f"{len(seen)} of {len(data.record['events'])} events"
    box.fill("nothing like it")
    assert page.locator("table.timeline > tbody > tr:visible").count() == 0
    box.fill("")
    assert page.locator("table.timeline > tbody > tr:visible").count() == len(data.record["events"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_and_dark_pages_have_no_serious_finding(chrome, written, scheme):
    with opened(chrome, written, viewport={"width": 390, "height": 844}, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not page.locator("#contents li").first.is_visible()
        page.locator("#contents summary").click()
        page.locator("#contents a[href='#timeline']").click()
        assert not page.locator("#contents li").first.is_visible()  # it folds away again
        light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert light == (scheme == "light")
        assert findings(page) == []


def test_a_wide_page_has_no_serious_finding_and_prints_unfolded(page):
    assert page.locator("#contents li").first.is_visible() and page.locator("main details[open]").count() == 0
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details").count() == page.locator("main details[open]").count() > 0
    assert page.locator("th button").count() == 0 and not page.locator(".bar").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0 and page.locator("th button").count() > 20
    assert findings(page) == []


def test_the_first_paint_comes_within_a_second(chrome, written):
    """Of the page without its pictures; the least of three, since other processes run beside."""
    paints = []
    for _ in range(3):
        with opened(chrome, written) as page:
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    assert min(paints) < 1000.0, paints


@pytest.mark.parametrize("scripts", [True, False])
def test_a_picture_comes_after_the_first_paint_and_without_scripts_too(chrome, data, tmp_path, scripts):
    """Its place has its shape before, so that nothing moves: the words below it stand where they will."""
    drawn = draw(data, tmp_path / "plots", ["departure"], "svg")
    write_report(tmp_path / "report.html", data, [], drawn)
    with opened(chrome, tmp_path / "report.html", java_script_enabled=scripts) as page:
        picture = page.locator("figure.picture svg[role=img]")
        picture.wait_for(state="attached")
        picture.scroll_into_view_if_needed()
        box, place = picture.bounding_box(), page.locator("figure.picture .sheet").bounding_box()
        assert box["height"] == pytest.approx(place["height"], abs=1.0) and box["height"] > 300.0
        assert "keep-out sphere" in picture.text_content()


# ---- the markup


def test_rules_stand_with_the_tightest_first(data):
    named = [rule["rule"] for rule in tightest_first(data.record["verdicts"]) if rule["phase"] == "entry"]
    assert named == ["missed", "by two", "by five", "wide", "of zero"]


def test_links_lead_to_what_lies_beside(written):
    page = written.read_text("utf-8")
    for name in ("view.html", "flight.json", "ephemeris_tiangong.oem", "manifest.json"):
        assert f'href="{name}"' in page
    assert 'href="series.npz"' not in page  # is not there


def test_anchors_are_of_words_and_never_twice():
    content, contents = anchored(section("A & b", "x") + section("Phases", section("Entry", "y", level=3) * 2))
    assert all(f'<section id="{word}"' in content for word in ("a-b", "phases", "entry", "entry-2"))
    assert (
        '<li><a href="#a-b">A &amp; b</a></li>' in contents and contents.count("<ol>") == contents.count("</ol>") == 2
    )
    assert anchored("<p>nothing</p>") == ("<p>nothing</p>", "")


def test_markup_alone_is_not_escaped():
    assert shown("<b>") == "&lt;b&gt;" and shown(Html("<b>")) == "<b>"
    assert joined("1 < ", Html("<i>2</i>")) == "1 &lt; <i>2</i>"
    assert "<td>&lt;b&gt;</td>" in table(("<head>",), [("<b>",)]) and "&lt;head&gt;" in table(("<head>",), [])


def test_a_time_is_rounded_as_the_milliseconds_that_it_holds():
    text = moment(Epoch.from_utc("2026-10-24T15:06:18.4996Z"), "%H:%M:%S", zone=True)
    assert text == '<time datetime="2026-10-24T15:06:18.500Z" data-form="%H:%M:%S" data-zone>15:06:19 UTC</time>'


def test_the_timeline_has_the_intervals_of_the_forecast(data):
    quantities = {name: {"median": 4.0, "low": 3.5, "high": 4.25, "this_flight": 4.0} for name in OF_EVENTS.values()}
    record = {**data.record, "forecast": {"share": 0.95, "quantities": quantities}}
    shown_ = timeline(SimpleNamespace(record=record, when=data.when))  # type: ignore[arg-type]  # all that it reads
    assert shown_.count("3.50 to 4.25</span>") + shown_.count("3.500 to 4.250</span>") == 6  # all but the phase
    assert shown_.count("-0 to +0 s</span>") == 5 and "95 % of such flights" in shown_
