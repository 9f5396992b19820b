"""A limit is typed once: what a configuration file holds stands in no kernel and in no picture as a number.

Each limit is changed by itself, and whatever shows it or obeys it must follow.
"""

from __future__ import annotations

import ast
import copy
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_flight import made_flight

import sim
from kernels.docking.mode_logic import JUDGED, ApproachEstimate, approach_rules
from kernels.docking.plan import NO_CAUSE, SPEED, DockingPath, Watch
from sim.export import stored
from sim.export.record import as_record
from sim.plots import closing
from sim.plots import figure as figure_of
from sim.proximity_safety import judge

ROOT = Path(sim.__file__).resolve().parent.parent
UNITS = (
    "m_s",
    "deg_s",
    "deg",
    "g",
)  # of limits, as keys and constants end with them; lengths are often a picture's own


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    flight, scenario, world = made_flight("docking")
    return stored.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


def changed(data: stored.PlotData, path: str, factor: float) -> stored.PlotData:
    scenario = copy.deepcopy(data.scenario)
    *steps, last = path.split(".")
    here = scenario
    for step in steps:
        here = here[step]
    here[last] = (factor * np.array(here[last])).tolist()
    return replace(data, scenario=scenario)


def pixels(name: str, data: stored.PlotData) -> bytes:
    figure = figure_of(name, data)
    figure.canvas.draw()
    return bytes(figure.canvas.buffer_rgba())


SHOWN = {
    "closing": (
        *("profile.safety.speed_limit_per_range_s", "profile.safety.speed_limit_least_m_s"),
        "profile.safety.corridor_half_angle_deg",
        *(f"ship_vehicles.shenzhou.docking.{key}" for key in ("closing_min_m_s", "closing_max_m_s")),
        "ship_vehicles.shenzhou.docking.lateral_offset_max_m",
    ),
    "rendezvous": (
        *("profile.safety.keep_out_radius_m", "profile.safety.ellipsoid_km"),
        "profile.safety.corridor_half_angle_deg",
    ),
    "camera": ("ship_vehicles.shenzhou.sensors.camera.half_cone_deg",),
    "attitude": ("profile.final.attitude_deadband_deg",),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_follows_every_limit_that_it_shows(name, data):
    before = pixels(name, data)
    for path in SHOWN[name]:
        assert pixels(name, changed(data, f"named.{path}", 1.3)) != before, path


def test_the_line_of_the_speed_limit_is_where_the_files_say(data):
    gap = np.array([0.0, 100.0])
    assert closing.speed_gate(data, gap) == pytest.approx([0.18, 0.55])
    higher = changed(data, "named.ship_vehicles.shenzhou.docking.closing_max_m_s", 2.0)
    assert closing.speed_gate(higher, gap) == pytest.approx([0.36, 0.55])
    assert closing.speed_gate(changed(data, "named.profile.safety.speed_limit_least_m_s", 8.0), gap) == pytest.approx(
        [0.4, 0.9]
    )


# ---- whatever the limit: read in the source


def limits() -> dict[str, set[float]]:
    """Every number of the shipped files by the unit that its key ends with."""
    found: dict[str, set[float]] = {unit: set() for unit in UNITS}

    def walk(value, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, key)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            for unit in [u for u in UNITS if key.endswith(f"_{u}")][:1]:
                found[unit].add(float(value))

    for path in (ROOT / "configs").rglob("*.toml"):
        walk(tomllib.loads(path.read_text("utf-8")), "")
    return found


LIMITS = limits()
TELLING = [path for folder in ("plots", "report") for path in sorted((ROOT / "sim" / folder).glob("*.py"))]


def numbers(tree: ast.AST) -> set[float]:
    found = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {float(value) for value in found if isinstance(value, int | float) and not isinstance(value, bool)}


@pytest.mark.parametrize("path", TELLING, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_constant_of_a_picture_repeats_a_limit_of_a_file(path):
    """By its unit, as in `CAPTURE_M_S = (0.08, 0.18)`; and no reading of a key has a number to fall back on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            unit = next((u for u in UNITS if re.search(rf"_{u.upper()}$", name)), None)
            assert unit is None or not numbers(node.value) & LIMITS[unit], f"{name} repeats a limit of a file"
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setting":
            assert not (set().union(*map(numbers, node.args[1:]), set()) - {0.0}), ast.unparse(node)


def test_there_are_limits_and_pictures_to_read():
    assert {0.08, 0.18, 0.05} <= LIMITS["m_s"] and len(TELLING) > 30
    assert numbers(ast.parse("CAPTURE_M_S = (0.08, -0.18)")) == {0.08, 0.18}


# ---- the mode logic


def test_the_ship_watches_the_speed_limit_of_the_profile():
    """At 20 m and 0.25 m/s: above range / 200 s + 0.05 m/s and the mechanism's 0.18 m/s, below one of + 0.2 m/s."""
    lenient = Watch(*np.full(len(Watch._fields), 1e3))._replace(speed_range=200.0, v_max=0.18, seen_within=0.0)
    route = DockingPath(*[np.zeros(0)] * len(DockingPath._fields))
    estimate = ApproachEstimate(
        gap=20.0,
        offset=0.0,
        speed=0.25,
        distance=20.0,
        camera_age=0.0,
        fix_age=0.0,
        station_angle=0.0,
        station_rate=0.0,
    )
    causes = []
    for speed_min in (0.05, 0.2):
        watch = lenient._replace(speed_min=speed_min)
        causes.append(approach_rules.py_func(estimate, route, watch, np.zeros(5, np.int64)))
    assert causes == [SPEED, NO_CAUSE]


def test_no_constant_of_the_mode_logic_repeats_a_speed_limit():
    profiles, ships = (
        [tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "configs" / folder).glob("*.toml")]
        for folder in ("profiles", "vehicles")
    )
    limits = {profile["safety"]["speed_limit_least_m_s"] for profile in profiles}
    limits |= {x for ship in ships for key, x in ship.get("docking", {}).items() if key.endswith("_m_s")}
    assert {0.05, 0.18} <= limits
    for name in (
        "docking/mode_logic",
        "docking/plan",
        "docking/command",
        "docking/docking",
        "docking/route",
        "relative/retreat",
    ):
        text = (ROOT / "kernels" / f"{name}.py").read_text("utf-8")
        found = {k: float(v) for k, v in re.findall(r"^([A-Z_]+) = ([0-9.e-]+) +# m/s\b(?!2)", text, re.M)}
        assert not [k for k, v in found.items() if v in limits], name


def test_where_the_capture_box_takes_over_is_one_number():
    """In the mode logic, in the rules, and in the picture of both."""
    assert JUDGED == judge.NEAR == closing.CONE_ENDS_M
