"""Interactive plots of the report: what a reader reads off them is what was flown, on the clock that was chosen."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from browser import browser, opened, serious
from made_flight import DOWN, LIFTOFF, UP, made_flight

import sim.report
from sim.export import collected, stored
from sim.export.record import as_record
from sim.report.curves import plots
from sim.report.decimation import MOST_POINTS, kept_rows
from sim.report.plots import interactive

PAGE = Path(sim.report.__file__).with_name("page")
PLOT_SCRIPTS = ("plot_library.js", "plot_times.js", "plot_values.js", "plots.js")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CLOCK = "document.dispatchEvent(new CustomEvent('clock', {detail: DETAIL}))"


def data_of(until: str) -> stored.PlotData:
    flight, scenario, world = made_flight(until)
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    return data_of("descent")


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def page_file(data, tmp_path_factory) -> Path:
    """The plots alone on a page, with their own style and script."""
    style = PAGE.joinpath("plots.css").read_text("utf-8")
    scripts = (PAGE.joinpath(name).read_text("utf-8") for name in PLOT_SCRIPTS)
    script = "".join(f"<script type=module>{text}</script>" for text in scripts)
    head = f'<meta charset="utf-8"><title>Plots</title><style>:root {{ color-scheme: light dark; }} {style}</style>'
    body = f"<main><h1>Plots</h1>{interactive(data)}</main>{script}"
    path = tmp_path_factory.mktemp("plots") / "plots.html"
    path.write_text(f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>', encoding="utf-8")
    return path


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


# ---- what is packed


def test_no_peak_is_lost_with_the_points_that_are_left_out():
    """A spike of one row in every thousandth of the time stays, up or down, whichever curve has it."""
    t = np.linspace(0.0, 5000.0, 50_001)
    one, other = np.sin(t / 50.0), np.cos(t / 700.0)
    spikes = np.random.default_rng(1).choice(len(t), 150, replace=False)
    one[spikes[:75]] += 5.0
    other[spikes[75:]] -= 5.0
    other[1000:1300] = np.nan
    kept = kept_rows(t, (one, other))
    assert len(kept) <= MOST_POINTS and kept[0] == 0 and kept[-1] == len(t) - 1 and (np.diff(kept) > 0).all()
    for curve in (one, other):
        assert np.nanmax(curve) == np.nanmax(curve[kept]) and np.nanmin(curve) == np.nanmin(curve[kept])
    for part in np.array_split(np.arange(len(t)), 100):  # wider than a part: in each the extremes are what they were
        here = np.intersect1d(part, kept)
        # a part of 1/299 of the time, 17 s, in which one changes by a third, may be cut by the edge of these
        assert one[here].max() == pytest.approx(one[part].max(), abs=0.34)
    assert kept_rows(t[:10], (one[:10],)).tolist() == list(range(10))


def test_every_history_of_the_flight_has_its_plot(data):
    keys = [plot.key for plot in plots(data)]
    assert [key for key in keys if key.startswith("propellant_")] == [f"propellant_{ship}" for ship in (UP, DOWN)]
    assert {"ascent", "rendezvous", "final_approach", "station", "departure", "entry", "descent"} <= set(keys)
    assert [plot.key for plot in plots(data_of("ascent"))] == ["ascent", "station"]
    assert interactive(data_of("await_launch")).count("<figure") <= 1


def test_what_is_packed_is_what_was_flown(data):
    found = dict(
        re.findall(
            r'<figure class="plot" id="plot-(\w+)".*?<script type="application/json">(.*?)</script>',
            interactive(data),
            re.DOTALL,
        )
    )
    ascent = json.loads(found["ascent"])
    history = data.ascent.ascent
    altitude = next(panel for panel in ascent["panels"] if panel["title"] == "Altitude")
    t, y = unpacked(altitude["t"]), unpacked(altitude["y"][0])
    assert len(t) == len(y) and t[0] == 0.0
    assert y == pytest.approx(np.interp(t + history.t_s[0], history.t_s, history.altitude_km), rel=1e-6, abs=1e-6)
    assert ascent["start"] == pytest.approx(data.zero.plus(LIFTOFF).datetime().timestamp(), abs=1e-3)
    assert [0.0, "liftoff"] in [[round(t, 1), name] for t, name in ascent["marks"]]
    load = next(panel for panel in ascent["panels"] if panel["title"] == "Axial load")
    assert load["limit"] == next(v["limit"] for v in data.record["verdicts"] if v["unit"] == "g")


# ---- what a reader sees


def over(page, key: str, panel: int = 0):
    """The drawn area of one panel, once it is made."""
    page.locator(f"#plot-{key}").scroll_into_view_if_needed()
    area = page.locator(f"#plot-{key} .u-over").nth(panel)
    area.wait_for()
    area.scroll_into_view_if_needed()
    return area


def seconds(text: str, data: stored.PlotData) -> float:
    """Mission seconds of `24 Oct 15:06:40.0 UTC`, in the year of the flight."""
    day, month, clock, zone = text.split()
    assert zone == "UTC"
    return data.seconds(f"{data.zero.utc()[:4]}-{MONTHS.index(month) + 1:02d}-{day}T{clock}Z")


def legend(page, key: str, panel: int = 0) -> list[str]:
    return page.locator(f"#plot-{key} .uplot").nth(panel).locator(".u-value").all_inner_texts()


def test_the_cursor_reads_the_flown_value_at_its_time(chromium, page_file, data):
    with opened(chromium, page_file, viewport={"width": 1100, "height": 800}) as page:
        area = over(page, "ascent")
        for share in (0.25, 0.6):
            wide = area.bounding_box()["width"]
            area.hover(position={"x": share * wide, "y": 30})
            when, value = legend(page, "ascent")
            t = seconds(when, data)  # to a tenth of a second
            history = data.ascent.ascent
            near = np.interp([t - 0.06, t + 0.06], history.t_s, history.altitude_km)
            assert when.endswith(" UTC") and value.endswith(" km")
            assert near[0] - 0.005 <= float(value.split()[0]) <= near[1] + 0.005
        # The other panels read the same time.
        assert (
            abs(float(legend(page, "ascent", 3)[0].split(":")[-1].split()[0]) - float(when.split(":")[-1].split()[0]))
            < 2
        )


def test_dragging_zooms_all_panels_and_a_double_click_shows_all(chromium, page_file):
    spans = "[...document.querySelectorAll('#plot-ascent .u-over')].map(o => o.clientWidth)"
    with opened(chromium, page_file, viewport={"width": 1100, "height": 800}) as page:
        area = over(page, "ascent")
        box = area.bounding_box()
        assert page.evaluate(spans)

        def times() -> list[float]:
            """Seconds of the day at both ends of the last panel, which is not the one that is dragged in."""
            found = []
            for share in (0.002, 0.998):
                over(page, "ascent", 3).hover(position={"x": share * box["width"], "y": 40})
                hours, minutes, seconds = legend(page, "ascent", 3)[0].split()[2].split(":")
                found.append(3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds))
            return found

        whole = times()
        area = over(page, "ascent")
        box = area.bounding_box()
        page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 40, steps=4)
        page.mouse.up()
        zoomed = times()
        length = whole[1] - whole[0]
        assert zoomed[1] - zoomed[0] == pytest.approx(length / 4, rel=0.1)
        assert zoomed[0] - whole[0] == pytest.approx(length / 4, rel=0.1)
        over(page, "ascent").dblclick()
        assert times() == pytest.approx(whole, abs=1.0)
        page.locator("#plot-ascent .panels").focus()
        page.keyboard.press("+")
        assert times()[1] - times()[0] < 0.7 * length
        page.keyboard.press("Escape")
        assert times() == pytest.approx(whole, abs=1.0)


def test_the_axis_follows_the_clock_of_the_page(chromium, page_file, data):
    with opened(chromium, page_file, viewport={"width": 1100, "height": 800}) as page:
        over(page, "ascent").hover(position={"x": 300, "y": 30})
        utc = legend(page, "ascent")[0]
        page.evaluate(CLOCK.replace("DETAIL", "{name: 'beijing', offset_s: 28800, zero: null}"))
        beijing = legend(page, "ascent")[0]
        hours = [int(text.split()[2].split(":")[0]) for text in (utc, beijing)]
        assert utc.endswith("UTC") and beijing.endswith("Beijing") and (hours[1] - hours[0]) % 24 == 8
        zero = data.zero.plus(LIFTOFF).utc()
        page.evaluate(CLOCK.replace("DETAIL", f"{{name: 'met', offset_s: 0, zero: '{zero}'}}"))
        elapsed = legend(page, "ascent")[0]
        minutes, rest = elapsed.split()[0].split(":")[1:]
        t = seconds(utc, data) - LIFTOFF
        assert elapsed.endswith("MET") and 60 * int(minutes) + float(rest) == pytest.approx(t, abs=0.11)


def test_plots_are_made_when_they_come_into_view_and_all_of_them_for_paper(chromium, page_file):
    with opened(chromium, page_file, viewport={"width": 1100, "height": 500}) as page:
        page.locator("#plot-ascent .u-over").first.wait_for()
        count = "document.querySelectorAll('.plot .panels').length"
        figures = page.locator("figure.plot").count()
        assert 1 <= page.evaluate(count) < figures
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(count) == figures
        widths = "[...new Set([...document.querySelectorAll('.plot .uplot canvas')].map(c => c.width))]"
        assert page.evaluate(widths) == [3 * 690]  # A4 less margins, 186 mm or 703 pixels, less the padding
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(widths) != [3 * 690]


@pytest.mark.parametrize(("scheme", "wide"), [("light", 1100), ("dark", 400)])
def test_everyone_can_use_them(chromium, page_file, scheme, wide):
    with opened(chromium, page_file, viewport={"width": wide, "height": 900}, color_scheme=scheme) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))")
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        shown = page.locator("#plot-ascent canvas").first
        assert len(shown.screenshot()) > 2000  # something is drawn in it
