"""Pictures as SVG: what the PNG shows, in a tenth of its size, for a page that holds them all."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from browser import browser, opened
from made_flight import made_flight
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from PIL import Image, ImageFilter

from sim.export import collected, stored
from sim.export.record import as_record
from sim.files.errors import BadInput
from sim.plots import PICTURES, draw
from sim.plots import figure as figure_of
from sim.plots.lettering import SheetRenderer
from sim.plots.style import panel, save, sheet
from sim.plots.vector_paths import seen, steps

LARGEST = 250_000  # bytes of one picture
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    flight, scenario, world = made_flight("descent")
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


def test_every_picture_is_one_small_element_and_the_same_twice(data, tmp_path):
    written = draw(data, tmp_path / "a", form="svg")
    assert [path.name for path in written] == [f"{name.replace('-', '_')}.svg" for name in PICTURES if name != "arm"]
    ids: list[str] = []
    for path, again in zip(written, draw(data, tmp_path / "b", form="svg"), strict=True):
        text = path.read_text(encoding="utf-8")
        assert text == again.read_text(encoding="utf-8") and len(text) < LARGEST, path.name
        root = ElementTree.fromstring(text)
        here = [element.get("id") for element in root.iter() if element.get("id")]
        ids += [known for known in here if known]
        used = re.findall(r'(?:url\(|href=")#([^)"]+)', text)
        assert set(used) == set(here), path.name  # nothing is named that is not there, and nothing is there in vain
    assert len(set(ids)) == len(ids)  # all of them may stand on one page


def test_every_text_of_a_picture_is_a_text_of_its_width(data, tmp_path, monkeypatch):
    """Each with the width that it had where the PNG was laid out, so that none runs into another in any font."""
    shown: list[str] = []
    original = SheetRenderer.draw_text

    def note(self, gc, x, y, s, *more, **options):
        shown.append(s)
        return original(self, gc, x, y, s, *more, **options)

    monkeypatch.setattr(SheetRenderer, "draw_text", note)
    figure = figure_of("timeline", data)
    save(figure, tmp_path / "timeline.png")
    save(figure, tmp_path / "timeline.svg")
    texts = list(ElementTree.parse(tmp_path / "timeline.svg").iter(f"{SVG}text"))
    assert [str(e.text).replace("\u00a0", " ") for e in texts] == [s for s in shown if s.strip()]
    assert all(float(e.get("textLength", 0)) > 50.0 for e in texts if len(e.text or "") > 2)


def test_an_unknown_form_is_refused_with_the_known_ones(data, tmp_path):
    with pytest.raises(BadInput, match="no picture is drawn as 'gif'; write png or svg"):
        draw(data, tmp_path, ["ascent"], "gif")


def test_what_lies_beyond_its_panel_is_left_out_and_what_is_seen_stays():
    panel_box = Bbox.from_extents(0.0, 0.0, 100.0, 100.0)
    assert seen(Path([(200.0, 0.0), (300.0, 50.0)]), panel_box, 1.0, False) == (None, False)
    x = np.linspace(-1000.0, 1000.0, 20001)
    made, cut = seen(Path(np.column_stack([x, 50.0 + 40.0 * np.sin(x / 9.0)])), panel_box, 2.0, False)
    assert made is not None and cut and len(made.vertices) < 400
    inner = made.vertices[(made.vertices[:, 0] >= 0.0) & (made.vertices[:, 0] <= 100.0)]
    # Nothing that is left out lies further from what is drawn than the tenth of a pixel in which it is written.
    drawn = np.interp(x, made.vertices[:, 0], made.vertices[:, 1])
    within = (x >= 0.0) & (x <= 100.0)
    assert np.abs(drawn - (50.0 + 40.0 * np.sin(x / 9.0)))[within].max() < 0.5 and len(inner) > 20
    whole, cut = seen(Path([(10.0, 10.0), (90.0, 10.0)]), panel_box, 2.0, False)
    assert whole is not None and not cut and steps(whole) == "M10 10l80 0"


def test_a_large_area_is_cut_at_its_panel_and_keeps_its_size():
    turn = np.linspace(0.0, 2.0 * np.pi, 5001)
    ring = np.column_stack([50.0 + 500.0 * np.cos(turn), 50.0 + 500.0 * np.sin(turn)])
    made, cut = seen(Path(ring, closed=True), Bbox.from_extents(50.0, 50.0, 60.0, 600.0), 0.0, True)
    assert made is not None and cut
    x, y = made.vertices[:-1].T
    area = 0.5 * abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))))
    # From 44 to 66 across and 44 up to the circle at about 550: the margin is six pixels all round.
    assert area == pytest.approx(22.0 * (500.0 + 6.0), rel=1e-3)


def test_spaces_dashes_and_marks_are_written_as_they_look(tmp_path):
    figure = sheet(3.0, "A & B < C", "a     b")
    axes = panel(figure, 1.0, 0.5, 8.0, 1.5)
    axes.plot([0, 1, 2, 3, 4], [0, 1, 0, 1, 0], "o--", color="#0072B2", alpha=0.5)
    axes.fill_between([0, 4], 0, 1, fc="none", ec="#E69F00", hatch="////", lw=0)
    save(figure, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "A &amp; B &lt; C" in text and "a" + 5 * "\u00a0" + "b" in text
    assert "stroke-dasharray" in text and text.count("<use ") > 5 and "<clipPath" in text
    assert 'opacity="0.5"' in text
    assert "<pattern" not in text  # each area with one becomes pixels on paper


def test_a_browser_shows_what_the_png_shows(data, tmp_path):
    """Blurred, since fonts and edges are smoothed in other ways: nowhere is anything missing or in another place."""
    names = ["ground-track", "navigation", "thrusters"]
    draw(data, tmp_path, names)
    with browser() as chromium:
        for path in draw(data, tmp_path, names, "svg"):
            with opened(chromium, path, viewport={"width": 1600, "height": 900}) as page:
                page.locator("svg").first.screenshot(path=tmp_path / "shot.png")
            grey = []
            for file in (tmp_path / "shot.png", path.with_suffix(".png")):
                with Image.open(file) as image:
                    grey.append(np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(4)), dtype=float))
            apart = np.abs(grey[0] - grey[1])
            assert apart.mean() < 2.0 and (apart > 60.0).mean() < 1e-3, path.stem
