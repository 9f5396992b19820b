"""Pictures drawn by other processes while the flight goes on: the same bytes, and nothing is lost with a process."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from made_flight import made_flight
from PIL import Image

from sim.export import collected, pictures
from sim.export.record import as_record
from sim.export.stored import PlotData
from sim.files.errors import BadInput, DataError
from sim.output import drawing as beside
from sim.plots import PICTURES, draw
from sim.plots.lettering import GLYPH_BY_GLYPH, SheetCanvas
from sim.plots.sheet import context, sheet
from sim.report.phases import FRONT, STANDS_WITH, standing
from sim.report.sections import pictures_left_out

AFTER_ASCENT = ("phasing", "homing", "transfer", "fly_around", "docking", "docked", "departure", "entry")
AFTER_DOCKING = ("docked", "departure", "entry")
SOME = ("ascent", "aborts", "closing", "contact", "timeline")


def data_of(until: str) -> PlotData:
    flight, scenario, world = made_flight(until)
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


def test_what_shows_which_phases_is_known_of_every_picture():
    assert tuple(PICTURES) == pictures.NAMES and set(pictures.KEY) < set(pictures.NAMES)
    assert pictures.chosen("all") == pictures.NAMES and pictures.chosen("none") == ()
    assert pictures.finished(pictures.NAMES, ("ascent", *AFTER_ASCENT)) == []
    assert pictures.finished(SOME, AFTER_ASCENT) == ["ascent", "aborts"]
    assert pictures.finished(SOME, AFTER_DOCKING) == ["ascent", "aborts", "closing", "contact"]
    assert pictures.finished(SOME, ()) == list(SOME)
    with pytest.raises(BadInput, match="--pictures: found 'some'; write none, key, all"):
        pictures.chosen("some", "--pictures")


def test_every_picture_of_a_flight_stands_in_the_report():
    """None is left in its folder alone; where no docking is flown those of the close range stand with the capture."""
    assert set(FRONT) | set(STANDS_WITH) == {name.replace("-", "_") for name in pictures.NAMES}
    place = standing(["undocking", "fly_around", "capture"])
    assert {name for name, at in place.items() if at == 2} == {"arm", "attitude", "navigation", "thrusters"}
    assert place["departure"] == 0 and "camera" not in place
    place = standing(["docking", "undocking", "departure", "docking", "transposition"])
    assert (place["attitude"], place["departure"], place["arm"]) == (0, 2, 4)


def test_a_picture_drawn_before_the_flight_ends_is_that_of_the_whole_flight(tmp_path):
    data = data_of("descent")
    with beside.drawing(tmp_path, SOME, workers=1) as by:
        by.flown(AFTER_ASCENT, lambda: data_of("ascent"))
        by.flown(AFTER_DOCKING, lambda: data_of("docking"))
        written = by.finish(data)
        process = by.workers[0].process
    assert process.exitcode is not None  # it is gone
    assert [path.name for path in written] == [f"{name}.svg" for name in SOME]
    assert os.listdir(tmp_path) == ["plots"]
    for one, other in zip(written, draw(data, tmp_path / "here", SOME, "svg"), strict=True):
        assert one.read_bytes() == other.read_bytes(), one.stem


def test_what_a_killed_process_had_to_draw_is_drawn_here(tmp_path):
    data = data_of("docked")
    with beside.drawing(tmp_path, ("contact", "entry"), workers=1) as by:
        os.kill(by.workers[0].process.pid, signal.SIGKILL)
        by.flown(AFTER_DOCKING, lambda: data)
        assert [path.name for path in by.finish(data)] == ["contact.svg"]  # no entry was flown


def test_what_goes_wrong_in_a_process_is_raised_here(tmp_path):
    good = data_of("docked")
    changed = PlotData(good.record, good.scenario, {**good.arrays, "record/docking": np.array("NoSuchRecord")})
    with (
        beside.drawing(tmp_path, ("contact",), workers=1) as by,
        pytest.raises(DataError, match="written by another version"),
    ):
        by.finish(changed)


def test_where_no_process_can_be_started_this_one_draws(tmp_path, monkeypatch):
    def refused(*given):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(beside, "started", refused)
    with beside.drawing(tmp_path, ("contact",), workers=2) as by:
        assert by.workers == [] and [path.name for path in by.finish(data_of("docked"))] == ["contact.svg"]


def test_a_report_says_which_pictures_were_left_out():
    assert pictures_left_out(()) == ""
    said = pictures_left_out(pictures.missing(pictures.KEY))
    assert "docking-windows, ascent-range" in said and "tiangong plot DIR" in said and "ground-track" not in said


@pytest.mark.skipif(not GLYPH_BY_GLYPH, reason="this matplotlib draws its texts in one go")
def test_texts_are_those_of_matplotlib_to_the_last_bit(monkeypatch):
    """Twice, since the second time they come out of what is kept; one glyph is none of the font's."""

    def pixels() -> np.ndarray:
        with context():
            made = sheet(2.0, "Größe 12,5 km", "second line")
            for angle, weight in ((0, "normal"), (90, "bold"), (33, "normal")):
                made.text(
                    0.3 + angle / 200, 0.3, "Av 0.128 m/s 神\nlower", rotation=angle, fontweight=weight, alpha=0.7
                )
        canvas = made.canvas
        assert isinstance(canvas, SheetCanvas)
        canvas.draw()
        return np.asarray(Image.fromarray(np.array(canvas.buffer_rgba())))

    with pytest.warns(UserWarning, match="missing from"):
        ours, again = pixels(), pixels()
        monkeypatch.setattr("sim.plots.lettering.GLYPH_BY_GLYPH", False)
        theirs = pixels()
    assert (ours == theirs).all() and (again == theirs).all() and (ours < 128).any()
