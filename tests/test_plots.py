"""The pictures: all there, the same at a redraw, no text over text, and right where they compute something."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from made_flight import CONTACT, DOWN, LIFTOFF, UNDOCKING, UP, made_flight, made_retreat
from PIL import Image

from sim.core.epoch import Epoch
from sim.export import collected, stored
from sim.export.record import as_record
from sim.files.errors import BadInput
from sim.plots import PICTURES, draw
from sim.plots import figure as figure_of
from sim.plots.closing import closing_speed
from sim.plots.ground_track import split
from sim.plots.marks import event_marks
from sim.plots.style import Labels, panel, sheet, with_year
from sim.plots.sun import elevation_deg, subsolar_point
from sim.plots.timeline import port_stays
from sim.plots.zones import approach, holds, in_plane, target_port
from tests.texts import texts_apart


def data_of(until: str) -> stored.PlotData:
    flight, scenario, world = made_retreat() if until == "retreat" else made_flight(until)
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    return data_of("descent")


def test_every_picture_is_drawn_and_redrawn_alike(data, tmp_path):
    first = draw(data, tmp_path / "a")
    assert [path.stem for path in first] == [name.replace("-", "_") for name in OF_A_CREW]
    (tmp_path / "flight.json").write_text(json.dumps(data.record))
    stored.save(tmp_path / "series.npz", data)
    again = draw(stored.load(tmp_path), tmp_path / "b")
    for one, other in zip(first, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.stem
        with Image.open(one) as picture:
            assert picture.width == 1600
            # A blank sheet is all one colour; a picture has ink on more than one pixel in a hundred.
            assert (np.asarray(picture.convert("L")) < 200).mean() > 0.01


@pytest.fixture(scope="module")
def retreat() -> stored.PlotData:
    return data_of("retreat")


OF_A_CREW = tuple(name for name in PICTURES if name != "arm")  # the arm's: tests/flights/test_arm_flights.py
OF_A_RETREAT = ("rendezvous", "closing", "attitude", "thrusters", "camera", "timeline")
BOTH = [*(("data", name) for name in OF_A_CREW), *(("retreat", name) for name in OF_A_RETREAT)]


@pytest.mark.parametrize(("flown", "name"), BOTH)
def test_no_text_runs_into_another_or_off_the_sheet(flown, name, monkeypatch, request):
    data = request.getfixturevalue(flown)
    texts_apart(lambda: figure_of(name, data), monkeypatch)


def away(point, box) -> float:
    """From a point to a box (x0, y0, x1, y1)."""
    x, y = np.clip(point[0], box[0], box[2]), np.clip(point[1], box[1], box[3])
    return float(np.hypot(point[0] - x, point[1] - y))


def test_a_label_stands_nearer_to_its_own_mark_than_to_any_other(monkeypatch, data):
    """On every panel of the rendezvous; where marks crowd within 40 pixels, a line joins the label to its own."""
    panels = []
    original = Labels.__init__

    def note(self, axes, keep_free=()):
        original(self, axes, keep_free)
        panels.append(self)

    monkeypatch.setattr(Labels, "__init__", note)
    figure = figure_of("rendezvous", data)
    figure.canvas.draw()
    checked = 0
    for labels in panels:
        own = {text.get_text(): labels.axes.transData.transform(text.xy) for text in labels.axes.texts}
        for text, box in labels.placed.items():
            if not any(word in text for word in ("burn", "hold", "homing start")):
                continue
            apart = {m: np.hypot(*(np.array(m) - own[text])) for m in labels.marks}
            assert all(away(own[text], box) < away(m, box) for m, d in apart.items() if d > 40.0), text
            if any(12.0 < d <= 40.0 for d in apart.values()):  # nearer than 12 they are one place, with one label
                starts = [
                    labels.axes.transData.transform(line.get_xydata()[0])
                    for line in labels.axes.lines[-40:]
                    if len(line.get_xydata()) == 2
                ]
                assert any(np.allclose(start, own[text], atol=0.01) for start in starts), text
            checked += 1
    assert checked >= 6


def test_labels_of_two_near_marks_are_not_swapped():
    """Two marks 45 pixels apart, as a burn and the homing start behind it once stood: each label at its own."""
    axes = panel(sheet(5.0, "t", "s"), 1.0, 1.0, 8.0, 3.0)
    axes.set(xlim=(0.0, 1200.0), ylim=(0.0, 450.0))  # a unit is a pixel
    points = {"phasing burn\n12:16:45": (500.0, 200.0), "homing start\n12:21:45": (545.0, 200.0)}
    labels = Labels(axes, points.values())
    for text, point in points.items():
        assert labels.add(*point, text)
    for text, point in points.items():
        here = axes.transData.transform(point)
        there = axes.transData.transform(next(p for name, p in points.items() if name != text))
        assert away(here, labels.placed[text]) < away(there, labels.placed[text])


def test_marks_stand_where_the_ship_was(data):
    """Homing starts 30 km behind and 10 km below in the made flight, and is no burn; its burns are."""
    history = approach(data)
    start, *_ = event_marks(data, ("homing_start",), history, 1e3)
    assert (start.x, start.z) == pytest.approx((-30.0, 10.0), abs=0.02)  # events are written to the millisecond
    burns = event_marks(data, ("phasing_burn",), history, 1e3)
    assert len(burns) == 4 and {mark.look["marker"] for mark in burns} != {start.look["marker"]}


def test_closing_speed_ends_at_the_speed_of_contact(data):
    """The made ship goes 30 m in 440 s along the port's axis, 4.5 cm beside it: the range's rate ends at nought."""
    speed = closing_speed(data.docking)
    assert speed[-1] == pytest.approx(30.0 / 440.0, rel=1e-6)  # a straight line: its differences are exact
    assert abs(data.docking.relative.range_rate_m_s[-1]) < 0.6 * speed[-1]


def test_dates_show_their_year_once_and_where_it_changes():
    dates = ["30 Dec 2026", "31 Dec 2026", "01 Jan 2027", "02 Jan 2027"]
    assert with_year(dates) == ["30 Dec\n2026", "31 Dec", "01 Jan\n2027", "02 Jan"]


def test_letters_of_a_long_timeline_do_not_touch(data):
    """A handover of 60 days: lift-off, docking and hatch within a quarter of a day of a long axis."""
    late = 60 * 86400.0

    def later(utc):
        epoch = Epoch.from_utc(utc)
        return epoch.plus(late).utc() if epoch.since(data.zero) > CONTACT + 6 * 86400.0 else utc

    events = [event | {"utc": later(event["utc"])} for event in data.record["events"]]
    legs = [leg | {key: later(leg[key]) for key in ("start_utc", "end_utc")} for leg in data.record["legs"]]
    record = {**data.record, "events": events, "legs": legs}
    figure = figure_of("timeline", replace(data, record=record))
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text() in tuple("abcdefg")]
    assert len(boxes) == 7
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])


@pytest.mark.parametrize("until", ["await_launch", "ascent", "homing", "fly_around", "docked", "entry"])
def test_a_flight_that_ended_early_is_drawn_as_far_as_it_went(until, tmp_path):
    made = {path.stem for path in draw(data_of(until), tmp_path)}
    assert "docking_windows" in made and ("ascent" in made) == (until != "await_launch")
    assert ("rendezvous" in made) == (until not in ("await_launch", "ascent"))
    assert ("thrusters" in made) == (until in ("fly_around", "docked", "entry"))
    assert ("entry" in made) == (until == "entry")


def test_an_unknown_picture_is_refused_with_the_known_ones(data, tmp_path):
    with pytest.raises(
        BadInput, match=r"no picture is called ground-trak; there are .*; did you mean 'ground-track'\?"
    ):
        draw(data, tmp_path, ["ground-trak"])


@pytest.mark.parametrize(
    "utc", ["2025-04-24T09:17:31Z", "2026-10-24T15:06:00Z", "2026-01-03T00:00:00Z", "2026-06-21T12:00:00Z"]
)
@pytest.mark.filterwarnings("ignore:The file finals2000A")  # only its de421.bsp is read
def test_sun_stands_where_the_ephemeris_puts_it(utc, request):
    """DE421 by skyfield, apparent, in the true equator of date. 0.02 deg: the series is good to 0.01, UT1 to 0.004."""
    from skyfield.api import Loader, load, wgs84
    from skyfield_data import get_skyfield_data_path

    ephemeris = Loader(get_skyfield_data_path(), verbose=False)("de421.bsp")
    epoch = Epoch.from_utc(utc)
    time = load.timescale(builtin=True).from_datetime(epoch.datetime())
    request.addfinalizer(ephemeris.close)
    earth, sun = ephemeris["earth"], ephemeris["sun"]
    right_ascension, declination, _ = earth.at(time).observe(sun).apparent().radec(epoch="date")
    east = (right_ascension.hours - time.gast) * 15.0
    latitude, longitude = subsolar_point(epoch)
    assert latitude == pytest.approx(declination.degrees, abs=0.02)
    assert (longitude - east + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=0.02)
    jiuquan = earth + wgs84.latlon(40.96, 100.29)
    altitude = jiuquan.at(time).observe(sun).apparent().altaz()[0].degrees
    assert elevation_deg(epoch, 40.96, 100.29) == pytest.approx(altitude, abs=0.02 + 0.003)  # and solar parallax


def test_track_is_cut_at_the_date_line():
    longitude = np.array([160.0, 170.0, 179.0, -171.0, -160.0, 170.0])
    latitude = np.array([0.0, 10.0, 19.0, 29.0, 40.0, 50.0])
    pieces = split(longitude, latitude)
    assert len(pieces) == 3
    assert all(np.abs(np.diff(piece[:, 0])).max() < 180.0 for piece in pieces)
    # From 179 to 189 the edge at 180 lies a tenth of the way: latitude 19 + 0.1 * 10.
    assert pieces[0][-1] == pytest.approx([180.0, 20.0]) and pieces[1][0] == pytest.approx([-180.0, 20.0])
    # Back westwards from -160 to -190 the edge at -180 lies two thirds of the way: latitude 40 + 10 * 2/3.
    assert pieces[1][-1] == pytest.approx([-180.0, 46.6667], abs=1e-4)


def test_ports_are_held_from_docking_to_undocking(data):
    stays = {stay["ship"]: stay for stay in port_stays(data, 0.0, 1e9)}
    assert (stays[UP]["port"], stays[UP]["to"]) == ("forward", 1e9)
    assert stays[UP]["from"] == pytest.approx(CONTACT, abs=1e-3)  # events are written to the millisecond
    assert (stays[DOWN]["from"], stays[DOWN]["port"]) == (0.0, "nadir")
    assert stays[DOWN]["to"] == pytest.approx(UNDOCKING, abs=1e-3)
    assert stays["tianzhou-10"]["to"] == 1e9


def test_port_and_holds_are_found(data):
    port = target_port(data)
    assert (in_plane(port.position_m).tolist(), in_plane(port.axis).tolist()) == ([5.0, 0.0], [1.0, 0.0])
    found = holds(data)
    assert [hold.phase for hold in found] == ["homing", "fly_around", "docking"]
    assert found[2].range_m == pytest.approx(30.0, abs=0.1)  # the made curve stands at 30 m, 5 cm off the axis
    assert found[0].end - found[0].start == pytest.approx(60.0, abs=2e-3)


def test_station_track_passes_the_pad_at_liftoff(data):
    track = data.track(UP, "ascent")
    assert track["t_s"][0] == pytest.approx(LIFTOFF)
    # The made pad lies at 40.77 N geocentric, 100.29 E on the made round Earth.
    assert (track["latitude_deg"][0], track["longitude_deg"][0]) == pytest.approx((40.77, 100.29), abs=1e-6)
