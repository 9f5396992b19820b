"""What stands at the edges of a world map is seen whole: the Sun and its name at every hour, ends of a track."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.core.epoch import Epoch
from sim.plots.ground_track import _ten_minutes, night, world_map
from sim.plots.sheet import renderer_of
from sim.plots.style import context, panel, sheet
from sim.plots.track import draw

MIDNIGHT = Epoch.from_utc("2026-10-24T00:00:00Z")


@context()
def test_the_name_of_the_sun_is_on_the_map_at_every_hour():
    axes = panel(sheet(6.6, "t", "s"), 0.6, 0.75, 9.82, 4.91)
    world_map(axes, (-180, 180), (-90, 90), coast="coast110.npz", step=30, step_up=30)
    renderer = renderer_of(axes)
    frame, sides = axes.get_window_extent(renderer), set()
    for hour in (0.0, 0.26, 0.3, 0.5, 6.0, 12.0, 18.0, 23.0, 23.7, 23.74, 23.76, 23.99):
        night(axes, MIDNIGHT.plus(hour * 3600.0))
        words, dot = axes.texts[-1], axes.lines[-1]
        box = words.get_window_extent(renderer)
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1, hour
        assert not dot.get_clip_on()
        sides.add(words.get_ha())
    assert sides == {"left", "right"}


@pytest.mark.parametrize("zero", ["2016-10-16T23:26:00Z", "2026-10-24T23:26:00Z"])
def test_dots_of_the_ten_minutes_stand_at_ten_minutes_of_utc(zero):
    """TAI-UTC was 36 s in 2016 and is 37 s now; a track that counts its seconds in degrees shows which were taken."""
    t = np.arange(0.0, 1500.0)
    track = {"t_s": t, "longitude_deg": t, "latitude_deg": np.zeros(1500)}
    axes = Figure().add_subplot()
    _ten_minutes(axes, SimpleNamespace(zero=Epoch.from_utc(zero)), {"up": [track]})
    assert axes.lines[0].get_xdata().tolist() == [240.0, 840.0, 1440.0]


@pytest.mark.parametrize("longitude", [-180.0, 180.0])
def test_a_track_that_ends_at_an_edge_has_its_labels_on_the_map_and_not_on_the_sun(longitude):
    t = np.array([0.0, 10.0])
    track = {"t_s": t, "latitude_deg": np.array([-11.0, -12.0]), "longitude_deg": np.full(2, longitude)}
    axes = draw("edge", MIDNIGHT, track, [], "s").axes[0]
    renderer = renderer_of(axes)
    frame = axes.get_window_extent(renderer)
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert [text.get_text().split("\n")[0] for text in axes.texts] == ["Sun", "start", "end"]
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
