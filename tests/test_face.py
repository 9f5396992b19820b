"""The face for Python: names that come when they are asked for, views of a flight, pictures in the user's axes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import matplotlib as mpl
import numpy as np
import pytest
from made_flight import made_flight
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from test_architecture import ROOT

import sim
from sim.api import tables
from sim.api.flight_result import FlightResult, LegResult
from sim.api.trajectory_view import view
from sim.core.flight import phase_name
from sim.core.trajectory import Trajectory
from sim.propagation.force_model import GravityChoice, Orbit
from sim.scenario import ScenarioError
from tests.optional import needed

HEAVY = ("numpy", "numba", "scipy", "matplotlib", "pydantic", "pandas", "xarray", "kernels", "typer")


@pytest.fixture(scope="module")
def flight() -> FlightResult:
    made, scenario, world = made_flight("descent")
    return FlightResult(made, world, scenario)


@pytest.fixture(scope="module")
def orbit() -> Orbit:
    """Round a point mass."""
    r, v, gravity = np.array([7.0e6, 0.0, 0.0]), np.array([0.0, 6.0e3, 5.0e3]), GravityChoice("point")
    return Orbit("round", sim.Epoch.from_utc("2026-10-24T00:00:00Z"), r, v, 6000.0, 60.0, gravity=gravity)


# ---- import sim


def test_import_sim_loads_nothing_heavy():
    code = f"import sys, sim; dir(sim); print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_every_name_of_the_face_is_there():
    assert {name for name in sim.__all__ if getattr(sim, name, None) is None} == set()
    assert dir(sim) == sorted([*sim.__all__, "__version__"])
    assert all(callable(getattr(sim, name)) for name in sim.__all__)
    assert all(getattr(sim, name).__doc__ for name in sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'flie'; it offers load, build, fly"):
        sim.flie  # noqa: B018


def test_build_is_a_package_and_a_verb():
    import sim.build.mission

    mission = sim.build(sim.load("shenzhou-20"))
    plain = sim.build.mission.build(mission.scenario)
    assert mission.scenario.name == mission.name == plain.name and mission.zero == plain.zero
    assert [phase.name for phase in mission.phases] == [phase.name for phase in plain.phases]


# ---- a flight


def test_a_leg_by_phase_and_by_place(flight):
    assert flight["docking"].leg is flight.flight.legs[6] and flight[6].phase == flight[-6].phase == "docking"
    assert [leg.phase for leg in flight] == [leg.phase for leg in flight.flight.legs] and len(flight) == 12
    assert flight["fly-around"].phase == "fly_around"
    docking = flight["docking"]
    assert docking.record is docking.leg.record and docking.checks == docking.leg.verdicts
    assert [event.name for event in docking.events][-1] == "docked"
    assert flight["final approach and docking"].phase == "docking" and flight["await launch"].phase == "await_launch"
    assert flight["Fly-Around"].phase == "fly_around"
    with pytest.raises(KeyError, match=r"'dockin' \(did you mean 'docking'\?\); it has await_launch, .*docking"):
        flight["dockin"]
    with pytest.raises(KeyError, match=r"did you mean 'final approach and docking'\?"):
        flight["final aproach and docking"]
    with pytest.raises(KeyError, match="no phase 'xyz'; it has await_launch"):
        flight["xyz"]
    with pytest.raises(IndexError, match="12 legs, 0 to 11; found 12"):
        flight[12]


def test_a_vehicle_that_does_not_fly_is_named(flight):
    with pytest.raises(KeyError, match="'shenzhou-9' does not fly freely in docking; what does: tiangong, shenzhou-24"):
        flight["docking"].trajectory("shenzhou-9")
    with pytest.raises(KeyError, match=r"docked to the station \(forward port\) in .*: trajectory\('tiangong'\)"):
        flight["docked"].trajectory("shenzhou-24")
    with pytest.raises(KeyError, match="in this flight; what does: tiangong"):
        flight.trajectory("shenzhou-9")


def test_a_trajectory_answers_by_epoch_and_by_seconds(flight):
    path = flight["docking"].trajectory("shenzhou-24")
    plain = flight["docking"].leg.trajectories["shenzhou-24"]
    middle = 0.5 * (path.start + path.end)
    for times in (middle, [middle], np.array([middle]), flight.epoch(middle), [flight.epoch(middle)], path.utc(middle)):
        for got, known in zip(path.at(times), plain.at(middle), strict=True):
            np.testing.assert_allclose(got, known, rtol=1e-12)
    second = flight.epoch(round(middle))
    known = path.at(second)[0]
    clock = second.datetime()
    beijing = clock.astimezone(timezone(timedelta(hours=8)))
    for times in (str(second), [str(second)], clock, clock.replace(tzinfo=None), beijing, [beijing]):
        np.testing.assert_allclose(path.at(times)[0], known, atol=1e-3)
    whole = flight.trajectory("shenzhou-24")
    assert whole.start == flight["ascent"].leg.start and whole.end == flight["docking"].leg.end
    assert repr(path).startswith("<TrajectoryView of shenzhou-24: 2026-10-24T18:12:05Z to ") and len(repr(path)) < 120


@pytest.mark.parametrize("ask", ["at", "before", "elements", "geodetic", "to_dataframe", "to_xarray"])
def test_a_time_outside_is_answered_with_the_span(flight, ask):
    path = flight["docking"].trajectory("shenzhou-24")
    for times in (0.0, [path.start, 0.0], flight.zero, "2030-01-01", float("nan"), float("inf")):
        with pytest.raises(ValueError, match="lies outside this trajectory of shenzhou-24") as found:
            getattr(path, ask)(times)
        assert isinstance(found.value, sim.TiangongError)
        for part in (f"path.start = {path.start:.3f}", str(path.zero), str(path.zero.plus(path.end)), "path.end"):
            assert part in str(found.value)
    with pytest.raises(sim.TiangongError, match="times: found 'noon'; write a day like"):
        path.at("noon")


def test_tables_hold_what_the_trajectory_holds(flight):
    needed("pandas", "xarray")
    path = flight["docking"].trajectory("shenzhou-24")
    table, data = path.to_dataframe(), path.to_xarray()
    np.testing.assert_array_equal(table[["x_m", "y_m", "z_m"]].to_numpy(), path.r)
    np.testing.assert_array_equal(table["mass_kg"], path.mass)
    np.testing.assert_array_equal(data.velocity.values, path.v)
    assert data.velocity.attrs == {"units": "m/s", "frame": "GCRS"} and data.position.dims == ("utc", "axis")
    assert table.index[0].isoformat() == flight.epoch(path.start).utc(0).replace("Z", "+00:00")
    two = path.to_dataframe([path.start, path.end])
    np.testing.assert_array_equal(two["t_s"], [path.start, path.end])
    places = path.geodetic().to_dataframe()
    assert list(places) == ["t_s", "latitude_deg", "longitude_deg", "altitude_m"] and len(places) == len(path.t)
    assert places.index.equals(table.index) and str(places.index.tz) == "UTC" and places.index.name == "utc"
    np.testing.assert_array_equal(path.at(table.index[:3])[0], path.r[:3])
    span = f"{flight.epoch(path.start)} to {flight.epoch(path.end)}"
    assert repr(path.geodetic()) == f"<GeodeticTrack: {len(path.t)} times, {span}>"


def test_both_sides_of_an_impulse_are_rows():
    """At the nodes themselves; a question by time gives the state after it."""
    t, r = np.array([0.0, 10.0, 10.0, 20.0]), np.outer([1.0, 2.0, 2.0, 3.0], [7e6, 0.0, 0.0])
    v = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 2.0, 0.0]])
    path = view(Trajectory(t, r, v, 0.0 * v, np.ones(4)), "a", sim.Epoch(0), None)  # type: ignore[arg-type]  # no world
    needed("pandas")
    assert list(path.to_dataframe()["vy_m_s"]) == [1.0, 1.0, 2.0, 2.0]
    assert path.at(10.0)[1][0, 1] == 2.0 and path.before(10.0)[1][0, 1] == 1.0


@pytest.mark.parametrize(("call", "package"), [("to_dataframe", "pandas"), ("to_xarray", "xarray")])
def test_without_the_package_a_sentence_says_what_to_install(flight, monkeypatch, call, package):
    monkeypatch.setitem(sys.modules, package, None)
    extra = {"pandas": "dataframe", "xarray": "xarray"}[package]
    with pytest.raises(ImportError, match=rf"pip install 'tiangong-sim\[{extra}\]'"):
        getattr(flight["docking"].trajectory("shenzhou-24"), call)()


def test_utc_inside_a_leap_second_is_a_time_of_numpy():
    zero = sim.Epoch.from_utc("2016-12-31T23:59:60.500Z")
    assert str(tables.utc_times(zero, np.array([0.0, 0.5]))[1]) == "2017-01-01T00:00:00.000000000"


def test_a_flight_fits_a_screen(flight):
    text = repr(flight).splitlines()
    assert len(text) <= 24 and max(map(len, text)) <= 100
    assert text[0] == "Made by hand" and "final approach and docking" in repr(flight)
    many = FlightResult(replace(flight.flight, name="<b>" * 90, legs=flight.flight.legs * 9), flight.world)
    text = repr(many).splitlines()
    assert len(text) <= 24 and max(map(len, text)) <= 100 and any("more legs" in line for line in text)
    assert "<b><b>" not in many._repr_html_() and many._repr_html_().count("<tr>") == 1 + len(many)
    legs = [repr(leg) for leg in flight]
    assert max(map(len, legs)) <= 100 and not any("..." in leg for leg in legs)
    assert all("flown>" in leg and leg.startswith(f"<{phase_name(flight[i].phase)}, ") for i, leg in enumerate(legs))
    docking = replace(flight["docking"].leg, verdicts=flight["docking"].checks[:1] * 15)
    assert ": tiangong, shenzhou-24, 15/15 rules, flown>" in repr(LegResult(docking, flight.zero, flight.world))
    assert "to 2026-10-31 " in legs[[leg.phase for leg in flight].index("docked")]
    full = replace(flight["docking"].leg, trajectories=dict.fromkeys(["shenzhou-24", "tiangong", "tianzhou-10-x"]))
    text = repr(LegResult(full, flight.zero, flight.world))
    assert len(text) <= 100 and "..." not in text and text.endswith("flown>")


def test_elements_are_those_of_the_two_body_problem(orbit):
    """Against the textbook's formulas, on the true equator of date: precession turns x by some minutes of arc."""
    path = sim.propagate(orbit)
    times = np.linspace(path.start, path.end, 7)
    elements, mu = path.elements(times), 3.986004415e14  # of EGM2008
    r, v = orbit.r, orbit.v
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / mu)
    e = np.linalg.norm(np.cross(v, np.cross(r, v)) / mu - r / np.linalg.norm(r))
    np.testing.assert_allclose(elements.semi_major_axis_m, a, rtol=1e-9)
    np.testing.assert_allclose(elements.eccentricity, e, rtol=1e-7)
    h = path.world.true_of_date(0.0) @ np.cross(r, v)
    np.testing.assert_allclose(elements.inclination_deg, np.degrees(np.arccos(h[2] / np.linalg.norm(h))), atol=1e-5)
    np.testing.assert_allclose(elements.raan_deg, np.degrees(np.arctan2(h[0], -h[1])) % 360.0, atol=1e-5)
    assert repr(elements) == "<KeplerianElements: 7 times, 2026-10-24T00:00:00Z to 2026-10-24T01:40:00Z>"
    assert repr(path.elements(0.0)) == "<KeplerianElements: 1 time, 2026-10-24T00:00:00Z>"
    turned = np.radians(elements.argument_of_perigee_deg + elements.true_anomaly_deg)
    np.testing.assert_allclose(np.cos(turned), np.cos(np.radians(elements.argument_of_latitude_deg)), atol=1e-12)


def test_an_orbit_made_in_python_has_no_file_to_write(orbit, tmp_path):
    with pytest.raises(sim.TiangongError, match="for an orbit from a file"):
        sim.propagate(orbit, out=tmp_path / "out")
    assert [event.name for event in sim.propagate(orbit).events][0] == "start"


# ---- windows


def test_windows_are_a_table_of_timestamps():
    needed("pandas")
    import pandas

    first = datetime(2026, 10, 23, 8, tzinfo=timezone(timedelta(hours=8)))
    windows = sim.launch_windows("shenzhou-24-pakistan", first, days=2, trim=False)
    assert str(windows.epoch(windows.plan.setting.start)) == "2026-10-23T00:00:00Z"
    assert len(repr(windows)) <= 100 and " launch opportunities, " in repr(windows)
    assert "2026-10-23 to 2026-10-25" in repr(windows)
    table = windows.to_dataframe()
    times = [name for name in table if name.endswith("_utc")]
    assert len(times) >= 5 and all(str(table[name].dtype.tz) == "UTC" for name in times)
    known = pandas.Timestamp(windows.epoch(windows[0].crossing.t).datetime()).round("s")
    assert table["plane_crossing_utc"][0] == known
    assert table["docking_trimmed_utc"].isna().sum() >= len(windows) - 1


# ---- pictures


def test_every_picture_is_a_method(flight):
    from sim.plots import PICTURES

    names = [name.replace("-", "_") for name in PICTURES]
    assert flight.plot() == names
    assert all(getattr(flight.plot, name).__doc__ for name in names)


def inked(figure: Figure, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the figure is not white: rows (k,) from the bottom and columns (k,), as fractions of it."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3]
    rows, columns = np.nonzero((pixels < 250).any(axis=2))
    return rows / pixels.shape[0], columns / pixels.shape[1]


@pytest.mark.parametrize("name", ["rendezvous", "ground_track", "timeline", "entry"])
def test_a_picture_lies_inside_the_axes(flight, name):
    """All ink within the rectangle of the given axes, which are off; neighbours and settings are untouched."""
    before = {key: repr(value) for key, value in dict.items(mpl.rcParams)}
    figure = Figure(figsize=(12.0, 5.0))  # a plain canvas, which cannot measure texts
    left, right = figure.subplots(1, 2)
    right.set_axis_off()
    assert getattr(flight.plot, name)(ax=left) is left and not left.axison
    assert figure.axes == [left, right] and not right.lines
    around = left.get_position()
    rows, columns = inked(figure, 60.0)
    assert len(rows) > 1000
    assert around.x0 - 0.01 <= columns.min() and columns.max() <= around.x1 + 0.01
    assert around.y0 - 0.01 <= rows.min() and rows.max() <= around.y1 + 0.01
    assert {key: repr(value) for key, value in dict.items(mpl.rcParams)} == before


@pytest.mark.parametrize("size", [(6.4, 4.8), (12.0, 5.0), (3.0, 9.0)])
def test_a_picture_in_axes_is_the_picture_by_itself_made_smaller(flight, size):
    """Texts and distances keep their proportions: the same image, but for its number of pixels."""
    alone = flight.plot.ground_track()
    alone.canvas.draw()
    whole = Image.fromarray(np.asarray(alone.canvas.buffer_rgba())).convert("L")
    figure = Figure(figsize=size, dpi=100)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    flight.plot.ground_track(ax=axes)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    shown = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("L")
    scale = min(shown.width / whole.width, shown.height / whole.height)
    wide, tall = round(scale * whole.width), round(scale * whole.height)
    left, top = round(0.5 * (shown.width - wide)), round(0.5 * (shown.height - tall))
    part = np.asarray(shown.crop((left, top, left + wide, top + tall)), dtype=float)
    expected = np.asarray(whole.resize((wide, tall), Image.Resampling.LANCZOS), dtype=float)
    close = min(np.abs(np.roll(part, (i, j), (0, 1)) - expected).mean() for i in (-1, 0, 1) for j in (-1, 0, 1))
    assert close < 2.0 < np.abs(expected - 255.0).mean()  # shades of grey, of 255


def test_a_picture_follows_its_axes(flight):
    figure = Figure(figsize=(24.0, 11.0))
    axes = figure.subplots()
    flight.plot.entry(ax=axes)
    axes.set_position((0.5, 0.5, 0.5, 0.5))
    rows, columns = inked(figure, 20.0)
    assert len(rows) > 500 and rows.min() >= 0.49 and columns.min() >= 0.49


@pytest.mark.parametrize(("kind", "sign"), [("pdf", b"/Subtype /Image"), ("svg", b"<image")])
def test_a_picture_in_axes_can_be_saved_without_pixels(flight, tmp_path, kind, sign):
    figure = Figure(figsize=(6.4, 4.8))
    flight.plot.entry(ax=figure.subplots())
    figure.savefig(tmp_path / f"entry.{kind}")
    assert sign in (tmp_path / f"entry.{kind}").read_bytes()


def test_a_picture_by_itself_shows_in_a_notebook(flight):
    drawn = flight.plot.entry()
    assert isinstance(drawn, Figure) and drawn._repr_png_().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_said(flight):
    made, scenario, world = made_flight("ascent")
    with pytest.raises(sim.TiangongError, match="no phase that it shows"):
        FlightResult(made, world, scenario).plot.entry()
    with pytest.raises(sim.TiangongError, match="pictures need the scenario"):
        FlightResult(made, world).plot  # noqa: B018


# ---- the verbs that fly nothing


def test_what_the_command_prints_is_there_as_data():
    assert [fact.name for fact in sim.facts("cz2f.liftoff_mass")] == ["cz2f.liftoff_mass"]
    assert {entry["name"] for entry in sim.listing()["missions"]} >= {"shenzhou-20"}
    assert sim.schema("orbit")["title"] == "tiangong orbit file"
    assert sim.check("iss-20x20").content and sim.check("docking").content["phase"] == "docking"
    assert sim.check("shenzhou-20").lines[0].split()[0] == "mission"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sim.facts("no such thing at all"), "no fact holds these words"),
        (lambda: sim.schema("moon"), "there are mission, .*orbit, suborbital, campaign"),
        (
            lambda: sim.verify("mars"),
            "there are lift-offs, flights, .*decay, suborbital, moon",
        ),
        (lambda: sim.launch_windows("shenzhou-20", "tomorrow"), "start: found 'tomorrow'; write a day like"),
        (lambda: sim.launch_windows("shenzhou-20", "2026-10-01", days=0), "days: found 0"),
        (lambda: sim.launch_windows("shenzhou-20", site="1,2"), "site: found '1,2'"),
        (lambda: sim.docking_windows("shenzhou-20", "2026-10-01", 1, at="2027-10-01"), "at: .* lies outside the span"),
        (lambda: sim.montecarlo("shenzhou-20", phase="landing"), "phase landing: what can be flown dispersed is"),
        (lambda: sim.sweep("shenzhou-20", {}), "one thing is swept at a time"),
        (lambda: sim.run(sim.load("shenzhou-20"), "out", overrides=["a=1"]), "give them to sim.load"),
        (lambda: sim.plot("."), "holds no results of a run"),
    ],
)
def test_a_wrong_question_is_answered_in_words(call, words):
    with pytest.raises(sim.TiangongError, match=words):
        call()


def test_a_file_with_problems_tells_them_all():
    with pytest.raises(ScenarioError) as found:
        sim.load("shenzhou-20", ["launch.perigee_km=20", "launch.branch=up"])
    assert len(found.value.problems) == 2
