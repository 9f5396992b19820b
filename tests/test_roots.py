"""Searches for a root: one helper, whose failure is a sentence with what was looked for, and where."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core import brent
from sim.core.flight import Failure
from sim.core.root import root, roots, secant

TREE = Path(sim.__file__).resolve().parent
ROOT_FINDERS = {"root", "root_scalar", "brentq", "brenth", "bisect", "ridder", "newton", "toms748", "fsolve"}
MINIMISERS = {  # those have an answer always; what each does with one that is none
    "rendezvous/targeting.py",  # a plan of infinite cost
    "conjunctions/short_encounter.py",  # the best of the grid that it refines
    "orbit/ephemeris_burns.py",  # the least distance of two arcs within their span
    "planning/station/bound.py",  # MissionFailed
    "planning/station/optimum.py",  # no plan, which its caller says
}


def test_a_root_is_found_to_its_tolerance():
    assert root(math.cos, 0.0, 3.0, 1e-12, "quarter of a turn") == pytest.approx(0.5 * math.pi, abs=1e-11)
    assert root(lambda x: x, 0.0, 3.0, 1e-12, "zero") == 0.0  # at a bound


@pytest.mark.parametrize(
    "f", [lambda x: x * x + 1.0, lambda x: -1.0, lambda x: math.nan, lambda x: x if x else math.nan]
)
def test_no_root_is_a_failure_that_names_what_and_where(f):
    with pytest.raises(
        Failure, match=r"^no speed between 0 m/s and 3 m/s: off by .* deg at the one, .* deg at the other$"
    ):
        root(f, 0.0, 3.0, 1e-3, "speed", "{:.0f} m/s".format, "deg")


FUNCTIONS = (
    lambda x, k: math.sin(k * x) - 0.3,
    lambda x, k: x**3 - k,
    lambda x, k: math.exp(-k * x) - 0.5,
    lambda x, k: math.tanh(20.0 * (x - 0.1 * k)),
    lambda x, k: 1.0 if x > 0.1 * k else -1.0,
    lambda x, k: x - 0.1 * k,
)


@pytest.mark.parametrize("within", [1e-3, 1e-12])
def test_brackets_end_where_those_of_scipy_do_alone_and_side_by_side(within):
    from scipy.optimize import brentq

    draw = np.random.default_rng(5)
    asked = [(FUNCTIONS[i % 6], *draw.uniform((0.5, -3.0, 0.5), (6.0, 0.0, 3.0)).tolist()) for i in range(120)]
    asked = [(f, k, a, b) for f, k, a, b in asked if f(a, k) * f(b, k) < 0.0]
    theirs = [brentq(f, a, b, args=(k,), xtol=within) for f, k, a, b in asked]
    assert len(theirs) > 60
    assert [root(lambda x, f=f, k=k: f(x, k), a, b, within, "zero") for f, k, a, b in asked] == theirs
    low, high = (np.array([row[j] for row in asked]) for j in (2, 3))

    def each(which, x):
        return np.array([asked[i][0](t, asked[i][1]) for i, t in zip(which, x.tolist(), strict=True)])

    assert roots(each, low, high, within, "zero", str).tolist() == theirs


def test_a_zero_at_a_bound_is_that_bound():
    for f, expected in ((lambda x: x, 0.0), (lambda x: x - 3.0, 3.0)):
        assert brent.zero(f, 0.0, 3.0, f(0.0), f(3.0), 1e-9) == expected
        found = roots(lambda _, x, f=f: f(x), np.array([0.0]), np.array([3.0]), 1e-9, "zero", str)
        assert found.tolist() == [expected]


def test_of_many_brackets_the_one_without_a_root_is_named():
    with pytest.raises(Failure, match="^no pass between 5 s and 6 s: off by"):
        roots(lambda _, x: x - 1.0, np.array([0.0, 5.0]), np.array([2.0, 6.0]), 1e-3, "pass", "{:.0f} s".format)


def test_a_secant_without_a_slope_is_a_failure():
    assert secant(0.0, 1.0, -1.0, 1.0, "x") == -0.5
    for f0, f1 in ((2.0, 2.0), (math.nan, 1.0), (math.inf, 1.0)):
        with pytest.raises(Failure, match="no trim found"):
            secant(0.0, 1.0, f0, f1, "trim")


def _of_scipy(tree: ast.Module) -> set[str]:
    """Names that a module takes from scipy.optimize; "*" where it takes the module itself."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scipy"):
            optimize = node.module == "scipy.optimize"
            found |= {alias.name for alias in node.names} if optimize else set()
            found |= {"*" for alias in node.names if alias.name == "optimize"}
        elif isinstance(node, ast.Import):
            found |= {"*" for alias in node.names if alias.name.startswith("scipy.optimize")}
    return found


def test_no_root_search_goes_round_the_helper():
    texts = {path.relative_to(TREE).as_posix(): path.read_text("utf-8") for path in TREE.rglob("*.py")}
    taken = {name: _of_scipy(ast.parse(text)) for name, text in texts.items() if "optimize" in text}
    taken = {name: names for name, names in taken.items() if names}
    assert not {name for name, names in taken.items() if names & (ROOT_FINDERS | {"*"})}  # `sim.core.brent` has ours
    assert {name for name, names in taken.items() if names - ROOT_FINDERS} == MINIMISERS


# ---- of the phases


@pytest.fixture(scope="module")
def homecoming():
    """The mission that only returns, and its scene at the deorbit: the station's day before it is not flown."""
    from sim.build.from_scenario import build_mission
    from sim.scenario import load

    mission = build_mission(load("return-only"))
    wait, undocking, departure, deorbit = mission.phases[:4]
    scene = undocking.fly(wait.fly(mission.scene, mission.world).scene, mission.world).scene
    return mission.world, scene, departure, deorbit, departure.fly(scene, mission.world).scene


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"entry_angle": math.radians(-4.5)}, "no deorbit burn for an entry at -4.5 deg between .* m/s and .* m/s"),
        ({"entry_angle": math.radians(-4.0)}, "which begins 1.. s before it"),
        ({"entry_angle": math.radians(-0.5)}, "does not fall to 100 km within an hour"),
        ({"module_lead": 30.0}, "separates 30 s before the middle of the deorbit burn of 1..\\.. m/s"),
        ({"module_lead": 7200.0}, "the orbital module would separate at 2025-11-14T.*, 7200 s before a burn"),
    ],
)
def test_a_deorbit_that_cannot_be_says_why(homecoming, changed, says):
    world, _, _, deorbit, scene = homecoming
    with pytest.raises(Failure, match=says):
        replace(deorbit, planner=replace(deorbit.planner, **changed)).fly(scene, world)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"down": 20.0}, "lasts 2.. s, and its middle is only 120 s after the departure begins"),
        ({"back": 20.0, "coast": 4800.0}, "would end .* s after the undocking, and the phase ends after 4800 s"),
        ({"down": 20.0, "first_burn": 400.0, "back": 450.0}, "more than the .* s between their middles"),
    ],
)
def test_a_departure_whose_burns_do_not_fit_says_why(homecoming, changed, says):
    world, scene, departure, _, _ = homecoming
    with pytest.raises(Failure, match=says):
        replace(departure, **changed).fly(scene, world)


def test_an_orbit_that_decays_ends_the_phase(homecoming):
    """The station without a reboost: from some 390 km it is down within two years."""
    from sim.orbit.propagate import fly

    world, scene, departure, _, _ = homecoming
    low = replace(scene.flying[departure.station.name], cda=2.0e5)
    with pytest.raises(Failure, match="its orbit has decayed to the ground by 2025-11-"):
        fly(low, scene.t, scene.t + 5 * 86400.0, world)


def test_a_burn_without_time_before_what_follows_is_a_failure(homecoming):
    """As with `homing.lead_s = 300` in the profile 3h."""
    from types import SimpleNamespace

    from sim.rendezvous.executor import ExecutionState, ManeuverExecutor

    world, scene, departure, _, _ = homecoming
    state = ExecutionState(100.0, scene.flying[departure.station.name])
    with pytest.raises(Failure, match=r"a burn of 5\.00 m/s at .* has no time"):
        ManeuverExecutor.burn(SimpleNamespace(world=world), state, np.array([400.0, 5.0, 0.0, 0.0]), 90.0)
