"""Lambert for a planner: half a turn in a plane that is given, None where there is no answer, and callers that look."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from kernels.orbit.kepler import elements_to_state, kepler_propagate
from sim.orbit.lambert import lambert
from tests.tolerance import LAMBERT_CLOSURE_M, LAMBERT_M_S

ROOT = Path(__file__).resolve().parent.parent
R1, R2 = 6.778e6, 7.378e6
HALF = math.pi * math.sqrt((R1 + R2) ** 3 / (8.0 * MU_EARTH))
POLE = np.array([0.0, -math.sin(0.7), math.cos(0.7)])
HERE, THERE = np.array([R1, 0.0, 0.0]), np.array([-R2, 0.0, 0.0])


def arrives(r1, r2, tof, v1, v2) -> None:
    """Kepler's orbit from the start is at the end, with the velocity that was found there."""
    r, v = np.empty(3), np.empty(3)
    assert kepler_propagate(r1, v1, tof, MU_EARTH, r, v) == 0
    assert np.linalg.norm(r - r2) < LAMBERT_CLOSURE_M and np.linalg.norm(v - v2) < 1e-3 * LAMBERT_CLOSURE_M


def test_half_a_turn_is_hohmanns_ellipse():
    v1, v2 = lambert(HERE, THERE, HALF, MU_EARTH, normal=POLE)
    along = np.cross(POLE, [1.0, 0.0, 0.0])
    assert v1 == pytest.approx(math.sqrt(2.0 * MU_EARTH * R2 / (R1 * (R1 + R2))) * along, abs=LAMBERT_M_S)
    assert v2 == pytest.approx(-math.sqrt(2.0 * MU_EARTH * R1 / (R2 * (R1 + R2))) * along, abs=LAMBERT_M_S)


@pytest.mark.parametrize("share", [0.4, 0.7, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("size", [1e-12, 1.0, 7e10])
def test_half_a_turn_in_any_time_arrives_in_the_plane_that_was_given(share, size):
    v1, v2 = lambert(HERE, THERE, share * HALF, MU_EARTH, normal=size * (POLE + np.array([0.3, 0.0, 0.0])))
    arrives(HERE, THERE, share * HALF, v1, v2)
    h = np.cross(HERE, v1)
    assert h / np.linalg.norm(h) == pytest.approx(POLE, abs=1e-12)


@pytest.mark.parametrize("low_path", [True, False])
def test_half_a_turn_and_a_whole_one(low_path):
    tof = 3.4 * HALF
    v1, v2 = lambert(HERE, THERE, tof, MU_EARTH, revs=1, low_path=low_path, normal=POLE)
    arrives(HERE, THERE, tof, v1, v2)
    assert lambert(HERE, THERE, 2.0 * HALF, MU_EARTH, revs=1, normal=POLE) is None  # too short for so many


def test_a_little_less_and_a_little_more_than_half_a_turn_agree_with_it():
    """The kernel's own answers beside 180 degrees, in the same plane, tend to the one at 180."""
    v1, v2 = lambert(HERE, THERE, HALF, MU_EARTH, normal=POLE)
    for turn in (-1e-7, 1e-7):
        beside = -R2 * (math.cos(turn) * np.array([1.0, 0.0, 0.0]) + math.sin(turn) * np.cross(POLE, [1.0, 0.0, 0.0]))
        w1, w2 = lambert(HERE, beside, HALF, MU_EARTH, normal=-POLE)
        assert np.linalg.norm(w1 - v1) < 5e-3 and np.linalg.norm(w2 - v2) < 5e-3  # 7 km/s in 1e-7 rad, a few times


@pytest.mark.parametrize(
    ("r1", "r2", "tof", "normal"),
    [
        (HERE, THERE, HALF, None),  # no plane
        (HERE, THERE, HALF, HERE),  # none either: along the line
        (HERE, THERE, HALF, np.zeros(3)),
        (HERE, THERE, 0.0, POLE),
        (HERE, THERE, -5.0, POLE),
        (HERE, THERE, math.nan, POLE),
        (HERE, HERE, HALF, POLE),  # back to the same point
        (HERE, 1.2 * HERE, HALF, POLE),  # and along one ray
        (HERE, np.zeros(3), HALF, POLE),
    ],
)
def test_where_there_is_no_answer_it_is_none(r1, r2, tof, normal):
    assert lambert(r1, r2, tof, MU_EARTH, normal=normal) is None


def test_an_orbit_that_is_known_comes_back_with_the_plane_left_alone():
    state = elements_to_state(7e6, 0.1, 0.9, 0.3, 0.5, 0.2, MU_EARTH)
    r1, v1 = np.array(state[:3]), np.array(state[3:])
    r2, v2 = np.empty(3), np.empty(3)
    kepler_propagate(r1, v1, 1500.0, MU_EARTH, r2, v2)
    w1, w2 = lambert(r1, r2, 1500.0, MU_EARTH, normal=np.array([1.0, 2.0, 3.0]))
    assert np.linalg.norm(w1 - v1) < 1e-6 and np.linalg.norm(w2 - v2) < 1e-6


# ---- callers


def defined_with_a_status() -> set[str]:
    """Kernels whose docstring says that they return a status, or something and a status."""
    found = set()
    for path in (ROOT / "kernels").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                text = " ".join((ast.get_docstring(node) or "").split())
                if re.search(r"[Rr]eturns \(?(a )?status|and a status", text):
                    found.add(node.name)
    return found


def unread(tree: ast.AST, names: set[str]) -> list[str]:
    """Calls of `names` whose result is dropped, or of which the function never reads the status (or, where no name says
    which that is, any part)."""
    found = []
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.FunctionDef):
            continue
        own = list(ast.walk(scope))
        read = {n.id for n in own if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        for node in own:
            call = getattr(node, "value", None)
            if not (isinstance(node, ast.Expr | ast.Assign) and isinstance(call, ast.Call)):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            targets = node.targets if isinstance(node, ast.Assign) else []
            kept = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            kept = [word for word in kept if "status" in word] or kept
            if name in names and not set(kept) & read:
                found.append(f"line {node.lineno}: {name}")
    return found


def test_every_caller_looks_at_the_status():
    names = defined_with_a_status()
    called = re.compile(rf"\b({'|'.join(names)})\(")
    assert {"lambert", "kepler_propagate", "fly_entry", "solve_x"} <= names
    faults = []
    for folder in ("sim", "kernels", "benches"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if called.search(text):
                faults += [f"{path.relative_to(ROOT)}, {fault}" for fault in unread(ast.parse(text), names)]
    assert faults == []


def test_a_caller_that_drops_the_status_is_seen():
    dropped = "def f():\n    lambert(1)\n    return 2\n"
    ignored = "def f():\n    status = lambert(1)\n    return 2\n"
    looked = "def f():\n    status, x = solve(1)\n    return status\n"
    assert unread(ast.parse(dropped), {"lambert"}) and unread(ast.parse(ignored), {"lambert"})
    assert not unread(ast.parse(looked), {"solve"})


def test_the_planner_takes_lambert_with_a_plane_and_nobody_goes_past_it():
    """In `sim` the kernel is called in one place, which makes None of its NaN."""
    users = {
        str(path.relative_to(ROOT / "sim"))
        for path in (ROOT / "sim").rglob("*.py")
        if "kernels.orbit.lambert" in path.read_text(encoding="utf-8")
    }
    assert users == {"orbit/lambert.py"}
