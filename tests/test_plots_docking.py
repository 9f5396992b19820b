"""What the pictures of the close range compute: turns, what a camera sees, the Sun, shares of time, gates, holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_close_range import BEYOND, FRAME, NAMES, PORT, REACH, turns_deg
from made_flight import FINAL, made_flight, made_retreat
from scipy.spatial.transform import Rotation
from tolerance import OSCILLATION_TWICE_DEG

from sim.core.epoch import Epoch
from sim.export import collected, stored
from sim.export.record import as_record
from sim.plots import camera, sun
from sim.plots.closing import axial_and_lateral, speed_gate
from sim.plots.navigation import outside_of
from sim.plots.pose import against_port, frame_of_port, pointing_error
from sim.plots.thrusters import binned
from sim.plots.zones import centres, docked_place, drifts, holds


def data_of(flown) -> stored.PlotData:
    flight, scenario, world = flown
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    return data_of(made_flight("docking"))


@pytest.mark.parametrize(("phase", "pitch"), [("docking", 0.0), ("fly_around", 170.0)])
def test_turn_against_the_port_is_found_from_ring_and_centre_of_mass(data, phase, pitch):
    """The made places come from known turns; the stored ones are taken out, so that they cannot be what is found."""
    leg = getattr(data, phase)
    assert np.array_equal(frame_of_port(leg.port), FRAME)
    t = leg.attitude.t_s
    known, nothing = turns_deg(t, t[0], pitch), np.zeros(len(t))
    found = against_port(replace(leg, attitude=replace(leg.attitude, pitch_deg=nothing, yaw_deg=nothing)))
    assert found.pitch_deg == pytest.approx(known[:, 1], abs=OSCILLATION_TWICE_DEG)
    assert found.yaw_deg == pytest.approx(known[:, 2], abs=OSCILLATION_TWICE_DEG)


def test_pointing_error_is_the_limit_cycle(data):
    """The made command points as the nose does without its cycle; the port's y is against LVLH's, hence the sign."""
    t = data.fly_around.attitude.t_s
    cycle, off = turns_deg(t, t[0], 0.0), pointing_error(data.fly_around)
    assert off.in_plane_deg == pytest.approx(-cycle[:, 1], abs=OSCILLATION_TWICE_DEG)
    assert off.across_deg == pytest.approx(-cycle[:, 2], abs=OSCILLATION_TWICE_DEG)


def test_camera_sees_sizes_parallax_and_turns_as_a_pin_hole_does():
    straight = np.eye(3)
    far = camera.project(camera.circle(0.6, 0.0), np.array([-20.0, 0.0, 0.0]), straight)
    assert np.hypot(*far.T) == pytest.approx(np.full(90, 0.6 / 20.0), rel=1e-12)
    # 10 cm to the right of the axis: all moves to the left, the nearer cross more than the plate behind it.
    ring, points = np.array([-2.0, 0.1, 0.0]), np.array([[0.2, 0.0, 0.0], [0.5, 0.0, 0.0]])
    near, behind = camera.project(points, ring, straight)
    assert (near[0], behind[0]) == pytest.approx((-0.1 / 2.2, -0.1 / 2.5)) and near[1] == behind[1] == 0.0
    # Turned alone, both move together: nose to the right and up, so the target to the left and down.
    turn = camera.to_ship(0.0, 1.0, 2.0)
    near, behind = camera.project(points, np.array([-2.0, 0.0, 0.0]), turn)
    assert near == pytest.approx(behind, abs=1e-12)
    assert near[0] == pytest.approx(-np.tan(np.radians(2.0)), rel=1e-3)
    assert near[1] == pytest.approx(np.tan(np.radians(1.0)), rel=2e-3)  # after a yaw of 2 deg: 1 / cos of it
    known = Rotation.from_euler("YZX", [4.0, -3.0, 7.0], degrees=True).as_matrix()
    assert camera.to_ship(7.0, 4.0, -3.0) == pytest.approx(known.T, abs=1e-14)


def test_camera_views_are_the_last_ways_in(data):
    """The made ring goes from 30 m to the touch at 30/440 m/s: 20, 5 and 1 m are passed on that way."""
    seen = {round(view.gap): view for view in camera.views(data.docking)}
    assert sorted(seen) == [1, 5, 20, 50, 100, 200]
    for gap in (20, 5, 1):
        assert seen[gap].t == pytest.approx(FINAL + 460.0 + (30.0 - gap) * 440.0 / 30.0, abs=1.5)  # rows each second
        assert seen[gap].offset == pytest.approx(
            np.hypot(0.02, 0.04), abs=0.006 * gap + 0.001
        )  # the port oscillates by 0.3 deg
    assert [round(view.gap) for view in camera.views(data_of(made_retreat()).docking)] == [200, 100, 50]


def test_the_sun_stands_ahead_at_dawn_and_overhead_at_noon():
    """Over the equator, going east, at the equinox of 20 March 2026, 14:46 UTC, when the Sun is over it to 0.01 deg."""
    epoch = Epoch.from_utc("2026-03-20T14:46:00Z")
    noon = sun.subsolar_point(epoch)[1]
    radius, seconds, rate = 6767.0, 30.0, 1.13e-3
    for behind, expected in ((0.0, (0.0, 0.0, -1.0)), (90.0, (1.0, 0.0, 0.0)), (180.0, (0.0, 0.0, 1.0))):
        turned = np.degrees((rate - sun.EARTH_RATE) * seconds)  # of the place below, the Earth turning too
        longitude = np.array([noon - behind - turned / 2.0, noon - behind + turned / 2.0])
        moving = sun.moving(np.zeros(2), longitude, radius, seconds)
        # The chord of 2 deg is shorter than its arc by 4e-5.
        assert np.linalg.norm(moving) == pytest.approx(radius * rate, rel=1e-4)
        assert sun.seen_from(epoch, 0.0, noon - behind, moving) == pytest.approx(expected, abs=3e-4)


def test_shares_of_time_keep_what_was_fired(data):
    fired = data.docking.thrusters
    assert list(fired.on_s) == NAMES and len(NAMES) == 24
    edges = np.linspace(fired.t_s[0], fired.t_s[-1] + 1e-6, 100)
    for name in ("push1", "aft8"):
        share = binned(fired.t_s, fired.on_s[name], edges)
        assert share @ np.diff(edges) == pytest.approx(fired.on_s[name].sum(), rel=1e-12)
        assert share.min() >= 0.0 and share.max() <= 1.0


def test_errors_outside_three_sigma_are_counted(data):
    """Nine kinds of error in each leg; the made ones are below one sigma but for the last of x, at four."""
    legs = [data.fly_around.navigation, data.docking.navigation]
    beyond, samples = outside_of(legs)
    assert beyond == 2 * BEYOND
    assert samples == 9 * sum(len(known.t_s) for known in legs)


def test_speed_gate_is_the_rule_of_the_profile(data):
    """200 s for the range and 0.05 m/s more, but what the mechanism takes, 0.18 m/s, is always allowed."""
    gate = speed_gate(data.docking.zones, data.docking.box, np.array([1.0, 26.0, 100.0, 200.0]))
    assert gate == pytest.approx([0.18, 0.18, 0.55, 1.05])


def test_places_are_those_of_one_point_of_the_ship(data):
    """Ring from port where the loop is closed, centre of mass from the station before it: pictures show the latter."""
    place = docked_place(data.docking)
    assert place == pytest.approx(PORT + [REACH, 0.0, 0.0], abs=0.03)  # the port oscillates by 0.3 deg of 5 m
    out, off = axial_and_lateral(data.docking)
    assert out[0] == pytest.approx(200.0) and off[0] == pytest.approx(np.hypot(0.02, 0.04))
    centre, ring = centres(data, "docking"), data.docking.relative
    assert centre.x_m - ring.x_m == pytest.approx(np.full(len(out), PORT[0] + REACH), abs=0.03)
    assert [kind for _, _, kind in drifts(data, "transfer")] == [0.0, 0.5, 1.0]
    assert all(len(x) == len(z) == 60 for x, z, _ in drifts(data, "docking"))


def test_a_hold_that_two_legs_share_ends_with_the_second(data):
    """The fly-around arrives and records a departure as it ends; the next leg waits on and departs later."""
    later, elsewhere = (
        {"name": "hold_departure", "utc": data.zero.plus(FINAL + t).utc(), "values": {"range_m": away}}
        for t, away in ((90.0, 204.0), (95.0, 60.0))
    )
    events = [*data.record["events"], later, elsewhere]
    shared = stored.PlotData({**data.record, "events": events}, data.scenario, data.arrays)
    hold = next(hold for hold in holds(shared) if hold.phase == "fly_around")
    assert hold.end - hold.start == pytest.approx(120.0 + 90.0, abs=2e-3)  # written to the millisecond
