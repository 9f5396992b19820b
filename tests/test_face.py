"""The face for Python: names that come when they are asked for, views of a flight, pictures in the user's axes."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from made_flight import made_flight
from matplotlib.figure import Figure
from test_architecture import ROOT

import sim
from sim.api import tables
from sim.api.flight_result import FlightResult
from sim.api.trajectory_view import view
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
    assert set(sim.__all__) <= set(dir(sim))
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
    with pytest.raises(KeyError, match="no phase 'dock'; it has await_launch, ascent, .*docking"):
        flight["dock"]
    with pytest.raises(IndexError, match="12 legs, 0 to 11; found 12"):
        flight[12]


def test_a_vehicle_that_does_not_fly_is_named(flight):
    with pytest.raises(KeyError, match="'shenzhou-9' does not fly freely in docking; what does: tiangong, shenzhou-24"):
        flight["docking"].trajectory("shenzhou-9")
    with pytest.raises(KeyError, match="in this flight; what does: tiangong"):
        flight.trajectory("shenzhou-9")


def test_a_trajectory_answers_by_epoch_and_by_seconds(flight):
    path = flight["docking"].trajectory("shenzhou-24")
    plain = flight["docking"].leg.trajectories["shenzhou-24"]
    middle = 0.5 * (path.start + path.end)
    for times in (middle, [middle], np.array([middle]), flight.epoch(middle), [flight.epoch(middle)]):
        for got, known in zip(path.at(times), plain.at(middle), strict=True):
            np.testing.assert_allclose(got, known, rtol=1e-12)
    with pytest.raises(ValueError, match="this trajectory covers"):
        path.at(path.end + 10.0)
    whole = flight.trajectory("shenzhou-24")
    assert whole.start == flight["ascent"].leg.start and whole.end == flight["docking"].leg.end
    assert repr(path).startswith("<TrajectoryView of shenzhou-24: 2026-10-24T18:12:05Z to ") and len(repr(path)) < 120


def test_tables_hold_what_the_trajectory_holds(flight):
    needed("pandas", "xarray")
    path = flight["docking"].trajectory("shenzhou-24")
    table, data = path.to_dataframe(), path.to_xarray()
    np.testing.assert_array_equal(table[["x_m", "y_m", "z_m"]].to_numpy(), path.r)
    np.testing.assert_array_equal(table["mass_kg"], path.mass)
    np.testing.assert_array_equal(data.velocity.values, path.v)
    assert data.velocity.attrs == {"units": "m/s", "frame": "GCRS"} and data.position.dims == ("utc", "axis")
    assert str(table.index[0]) == str(flight.epoch(path.start).utc(0)).replace("T", " ").rstrip("Z")
    two = path.to_dataframe([path.start, path.end])
    np.testing.assert_array_equal(two["t_s"], [path.start, path.end])
    places = path.geodetic().to_dataframe()
    assert list(places) == ["t_s", "latitude_deg", "longitude_deg", "altitude_m"] and len(places) == len(path.t)


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
    from dataclasses import replace

    many = FlightResult(replace(flight.flight, name="<b>" * 90, legs=flight.flight.legs * 9), flight.world)
    text = repr(many).splitlines()
    assert len(text) <= 24 and max(map(len, text)) <= 100 and any("more legs" in line for line in text)
    assert "<b><b>" not in many._repr_html_() and many._repr_html_().count("<tr>") == 1 + len(many)
    assert max(len(repr(leg)) for leg in flight) <= 100


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
    turned = np.radians(elements.argument_of_perigee_deg + elements.true_anomaly_deg)
    np.testing.assert_allclose(np.cos(turned), np.cos(np.radians(elements.argument_of_latitude_deg)), atol=1e-12)


def test_an_orbit_made_in_python_has_no_file_to_write(orbit, tmp_path):
    with pytest.raises(sim.TiangongError, match="for an orbit from a file"):
        sim.propagate(orbit, out=tmp_path / "out")
    assert [event.name for event in sim.propagate(orbit).events][0] == "start"


# ---- pictures


def test_every_picture_is_a_method(flight):
    from sim.plots import PICTURES

    names = [name.replace("-", "_") for name in PICTURES]
    assert flight.plot() == names
    assert all(getattr(flight.plot, name).__doc__ for name in names)


@pytest.mark.parametrize("name", ["rendezvous", "ground_track", "timeline", "entry"])
def test_a_picture_lies_inside_the_axes(flight, name):
    """Every panel within the rectangle of the given axes, which are off; neighbours and settings are untouched."""
    before = {key: repr(value) for key, value in dict.items(mpl.rcParams)}
    figure = Figure(figsize=(24.0, 11.0))  # a plain canvas, which cannot measure texts
    left, right = figure.subplots(1, 2)
    right.plot([0.0, 1.0])
    assert getattr(flight.plot, name)(ax=left) is left and not left.axison and right.axison
    around = left.get_window_extent()
    panels = [axes for axes in figure.axes if axes not in (left, right)]
    assert len(panels) >= 1 and len(right.lines) == 1
    for axes in panels:
        box = axes.get_window_extent()
        assert around.x0 <= box.x0 < box.x1 <= around.x1 and around.y0 <= box.y0 < box.y1 <= around.y1
    assert {key: repr(value) for key, value in dict.items(mpl.rcParams)} == before


def test_a_picture_follows_its_axes(flight, tmp_path):
    figure = Figure(figsize=(24.0, 11.0))
    axes = figure.subplots()
    flight.plot.entry(ax=axes)
    axes.set_position((0.5, 0.5, 0.5, 0.5))
    figure.savefig(tmp_path / "moved.png", dpi=20)
    boxes = [panel.get_window_extent() for panel in figure.axes if panel is not axes]
    half = 0.5 * figure.bbox.width, 0.5 * figure.bbox.height
    assert boxes and all(box.x0 >= half[0] and box.y0 >= half[1] for box in boxes)


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
        (lambda: sim.schema("moon"), "there are mission, .*orbit, campaign"),
        (lambda: sim.verify("moon"), "there are lift-offs, dockings, failures"),
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
