"""What a script may hand to the face by mistake: each is answered by an error of the library, in a sentence."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from made_flight import made_flight
from matplotlib.figure import Figure
from typer.testing import CliRunner

import sim
from sim.api.flight_result import FlightResult
from sim.cli.main import app
from sim.files.errors import BadInput
from sim.propagation.force_model import BurnChoice, GravityChoice, Orbit

MISSION = "shenzhou-20"
NAN = float("nan")


@pytest.fixture(scope="module")
def flight() -> FlightResult:
    made, scenario, world = made_flight("descent")
    return FlightResult(made, world, scenario)


CALLS = {
    "mission: found None": [
        sim.fly,
        sim.load,
        sim.launch_windows,
        sim.docking_windows,
        sim.landing_windows,
        sim.montecarlo,
    ],
    "mission: found ''": [sim.fly, sim.load, sim.montecarlo],
    "orbit: found None": [sim.propagate],
    "orbit: found ''": [sim.propagate],
    "file: found ''": [sim.check],
    "directory: found None": [sim.plot],
    "directory: found ''": [sim.plot],
    "words: found None": [sim.facts],
    "kind: found None": [sim.schema],
    "table: found None": [sim.verify],
}


@pytest.mark.parametrize(
    ("words", "call"),
    [(words, call) for words, calls in CALLS.items() for call in calls],
    ids=lambda x: getattr(x, "__name__", str(x)),
)
def test_nothing_is_not_taken_for_something(words, call):
    with pytest.raises(BadInput, match=words):
        call(None if words.endswith("None") else "")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sim.fly(3), r"mission: found 3 \(int\); write the name or the path"),
        (lambda: sim.load(b"shenzhou-20"), r"found b'shenzhou-20' \(bytes\)"),
        (lambda: sim.load("a\0b"), "mission: found"),
        (lambda: sim.build(MISSION), "a mission is built of what sim.load gives; found a str"),
        (lambda: sim.run(MISSION, ""), "out: found ''; write a directory that does not exist yet"),
        (lambda: sim.run(MISSION, None), "out: found None"),
        (lambda: sim.run(MISSION, sim.Output("")), "out: found ''"),
        (lambda: sim.propagate("station-j2", out=""), "out: found ''"),
        (lambda: sim.fly(MISSION, progress=3), "progress: found 3"),
        (
            lambda: sim.load(MISSION, "launch.perigee_km=205"),
            r"overrides: found 'launch.*write a list of texts, like \[",
        ),
        (lambda: sim.load(MISSION, [3]), "overrides: found 3"),
        (lambda: sim.load(MISSION, None), "overrides: found None"),
        (lambda: sim.run(MISSION, "out", overrides="a=1"), "overrides: found 'a=1'"),
        (lambda: sim.check(MISSION, "a=1"), "overrides: found 'a=1'"),
        (lambda: sim.propagate("station-j2", overrides="a=1"), "overrides: found 'a=1'"),
        (lambda: sim.launch_windows(MISSION, overrides="a=1"), "overrides: found 'a=1'"),
        (lambda: sim.docking_windows(MISSION, overrides="a=1"), "overrides: found 'a=1'"),
        (lambda: sim.montecarlo(MISSION, overrides="a=1"), "overrides: found 'a=1'"),
        (lambda: sim.launch_windows(MISSION, 5), "start: found 5"),
        (lambda: sim.launch_windows(MISSION, "2026-10-01", "x"), "days: found 'x'"),
        (lambda: sim.launch_windows(MISSION, "2026-10-01", NAN), "days: found nan"),
        (lambda: sim.launch_windows(MISSION, site=5), "site: found 5"),
        (lambda: sim.launch_windows(MISSION, elements=5), "elements: found 5"),
        (lambda: sim.launch_windows(MISSION, bias=5), "bias: found 5"),
        (lambda: sim.docking_windows(MISSION, at=5), "at: found 5"),
        (lambda: sim.landing_windows(MISSION, sites="siziwang"), "sites: found 'siziwang'"),
        (lambda: sim.landing_windows(MISSION, days="x"), "days: found 'x'"),
        (lambda: sim.landing_windows(MISSION, rules=5), "rules: found 5"),
        (lambda: sim.docking_windows(MISSION, rules=None), "rules: found None"),
        (lambda: sim.montecarlo(MISSION, 5), "phase: found 5"),
        (lambda: sim.montecarlo(MISSION, campaign=5), "campaign: found 5"),
        (lambda: sim.montecarlo(MISSION, progress=5), "progress: found 5"),
        (lambda: sim.sweep(MISSION, None), "values: found None; write a path with its numbers"),
        (lambda: sim.sweep(MISSION, {"launcher.thrust": 5}), "launcher.thrust: found 5"),
        (lambda: sim.sweep(MISSION, {"launcher.thrust": []}), "launcher.thrust: found no number"),
        (lambda: sim.sweep(MISSION, {"launcher.thrust": [NAN]}), "launcher.thrust: found nan"),
        (lambda: sim.rerun(None, 1), "directory: found None"),
        (lambda: sim.rerun("nowhere", 1.5), "run: found 1.5"),
        (lambda: sim.plot("nowhere", "contact"), "names: found 'contact'; write a list of texts"),
        (lambda: sim.schema([]), "kind: found "),
    ],
)
def test_a_wrong_kind_of_value_is_answered_in_words(call, words):
    with pytest.raises(BadInput, match=words):
        call()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda f: f[1.5], r"phase: found 1.5 \(float\); write the name of a phase, like 'docking', or the number"),
        (lambda f: f[None], "phase: found None"),
        (lambda f: f[1:2], "phase: found slice"),
        (lambda f: f.trajectory([]), "vehicle: found"),
        (lambda f: f["docking"].trajectory(None), "vehicle: found None"),
        (lambda f: f.epoch(NAN), "t: found nan"),
        (lambda f: f.epoch(1e300), r"t: found 1e\+300"),
        (lambda f: f.epoch("x"), "t: found 'x'"),
        (lambda f: f.write("nowhere"), "directory: found 'nowhere'; write a directory that exists"),
        (lambda f: f.plot(3), "directory: found 3"),
        (lambda f: f.trajectory("tiangong").at(None), "times: found None"),
        (lambda f: f.trajectory("tiangong").at(1j), "times: found 1j"),
        (lambda f: f.trajectory("tiangong").at([[1.0, 2.0]]), "times: found"),
        (lambda f: f.trajectory("tiangong").utc(NAN), "times: found nan"),
        (lambda f: f.plot.contact(ax=3), "ax: found something of the kind int"),
        (lambda f: f.plot.contact(ax=Figure().subplots(1, 2)), "ax: found something of the kind ndarray"),
        (lambda f: f.plot.contact(ax=Figure()), "ax: found something of the kind Figure"),
    ],
)
def test_a_flight_that_is_asked_oddly_says_so(flight, ask, words):
    with pytest.raises(BadInput, match=words):
        ask(flight)


def test_whole_numbers_of_numpy_are_whole_numbers(flight):
    assert flight[np.int64(6)].phase == flight[6].phase


def test_no_time_is_answered_by_no_state_and_nan_by_an_error(flight):
    path = flight["docking"].trajectory("shenzhou-24")
    assert [part.shape for part in path.at([])] == [(0, 3), (0, 3), (0,)]
    with pytest.raises(sim.TiangongError, match="found the time nan s"):
        path.at(NAN)
    with pytest.raises(ValueError, match="asked for nan"):  # the plain trajectory, whose errors are Python's
        flight["docking"].leg.trajectories["shenzhou-24"].at([NAN])


ORBIT = Orbit(
    "mine",
    sim.Epoch.from_utc("2026-10-24T00:00:00Z"),
    np.array([7.0e6, 0.0, 0.0]),
    np.array([0.0, 6.0e3, 5.0e3]),
    6000.0,
    60.0,
    gravity=GravityChoice("point"),
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"r": None}, "orbit.r: found None; write three finite numbers"),
        ({"r": [1.0, 2.0]}, "orbit.r: "),
        ({"v": [7e6, 0.0, NAN]}, "orbit.v: "),
        ({"duration": NAN}, "orbit.duration: found nan"),
        ({"duration": -1.0}, "orbit.duration: found -1.0"),
        ({"duration": 1e12}, "orbit.duration: .*ten years"),
        ({"duration": "x"}, "orbit.duration: found 'x'"),
        ({"step": 0.0}, "orbit.step: found 0.0"),
        ({"mass": 0}, "orbit.mass: found 0"),
        ({"drag_area": -1.0}, "orbit.drag_area: found -1.0"),
        ({"epoch": "2026-10-24"}, "orbit.epoch: found '2026-10-24'; write a value of the kind Epoch"),
        ({"gravity": None}, "orbit.gravity: found None"),
        (
            {"gravity": GravityChoice("nowhere")},
            "orbit.gravity.field: found 'nowhere'; write one of egm2008, j2, point",
        ),
        ({"burns": [1]}, "orbit.burns: "),
        ({"burns": (BurnChoice(NAN, 1.0, 1.0, [1.0, 0.0, 0.0]),)}, r"orbit.burns\[0\].start: found nan"),
        ({"r": None, "step": None}, "orbit.r: .*; orbit.step: "),
    ],
)
def test_an_orbit_that_cannot_be_flown_names_its_fields(changes, words):
    with pytest.raises(BadInput, match=words):
        sim.propagate(replace(ORBIT, **changes))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["passes", "css-2026-10-06", "--days", "two"], "'--days': found 'two'; write a number, such as 7 or 0.5"),
        (["passes", "css-2026-10-06", "--days=1,5"], "found '1,5'; write a number"),
        (["eva", "programme", "--plan", "two"], "'--plan': found 'two'; write a whole number, such as 7"),
        (["montecarlo", "docking", "--runs", "many"], "found 'many'; write a whole number, such as 7"),
    ],
)
def test_an_option_that_is_no_number_says_what_to_write(words, said):
    """In words of this program, whatever reads the value; the other words of the reader stay as they are."""
    done = CliRunner().invoke(app, words)
    shown = " ".join(re.sub(r"[│\n]", " ", done.stderr).split())
    assert done.exit_code == 2 and done.stdout == "" and said in shown and "parse" not in shown
    missing = CliRunner().invoke(app, [*words[:1], "--none"])
    assert "No such option" in missing.stderr
