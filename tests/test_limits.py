"""A limit is typed once: what a configuration file holds stands in no kernel and in no picture as a number.

Each limit is changed by itself, and whatever shows it or obeys it must follow.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from made_flight import RoundWorld, made_flight

import sim
from kernels.docking.mode_logic import JUDGED, ApproachEstimate, approach_rules
from kernels.docking.plan import CORRIDOR, NAVIGATION, NO_CAUSE, SPEED, STATION_TURNS, DockingPath, Watch
from sim.build.vehicles import ship_of
from sim.core.docking_record import CaptureBox, ControlLimits
from sim.core.flight import Flight
from sim.core.phasing_record import SafetyZones
from sim.docking.history import capture_limits
from sim.export import collected, stored
from sim.export.record import as_record
from sim.plots import closing
from sim.plots import figure as figure_of
from sim.proximity_safety import judge
from sim.proximity_safety.zones import zones
from sim.scenario.load import load_named

ROOT = Path(sim.__file__).resolve().parent.parent
UNITS = (
    "m_s",
    "deg_s",
    "deg",
    "g",
)  # of limits, as keys and constants end with them; lengths are often a picture's own


@pytest.fixture(scope="module")
def data() -> stored.PlotData:
    return drawn_from(*made_flight("docking"))


def drawn_from(flight: Flight, scenario: SimpleNamespace, world: RoundWorld) -> stored.PlotData:
    return collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))


def changed(part: str, limit: str, factor: float) -> stored.PlotData:
    """The made flight with one limit of a part of its records, such as `zones`, times `factor` in every leg."""
    flight, scenario, world = made_flight("docking")
    legs = []
    for leg in flight.legs:
        if hasattr(leg.record, part):
            limits = getattr(leg.record, part)
            limits = replace(limits, **{limit: factor * getattr(limits, limit)})
            leg = replace(leg, record=replace(leg.record, **{part: limits}))
        legs.append(leg)
    return drawn_from(replace(flight, legs=tuple(legs)), scenario, world)


def pixels(name: str, data: stored.PlotData) -> bytes:
    figure = figure_of(name, data)
    figure.canvas.draw()
    return bytes(figure.canvas.buffer_rgba())


# Every limit that a leg near the station records, and the pictures that show it.
SHOWN = {
    ("zones", "ellipsoid_m"): ("rendezvous",),
    ("zones", "keep_out_m"): ("rendezvous",),
    ("zones", "corridor_half_angle_deg"): ("rendezvous", "closing"),
    ("zones", "speed_range_s"): ("closing",),
    ("zones", "speed_least_m_s"): ("closing",),
    ("box", "closing_min_m_s"): ("closing",),
    ("box", "closing_max_m_s"): ("closing",),
    ("box", "lateral_offset_m"): ("closing",),
    ("control", "attitude_deadband_deg"): ("attitude",),
    ("control", "camera_half_cone_deg"): ("camera",),
    # Judged at the touch, and rules in the report; no picture of a flight has a scale for them.
    ("box", "lateral_speed_m_s"): (),
    ("box", "pitch_yaw_deg"): (),
    ("box", "roll_deg"): (),
    ("box", "turning_rate_deg_s"): (),
}
PARTS = {"zones": SafetyZones, "box": CaptureBox, "control": ControlLimits}


def test_every_recorded_limit_is_looked_at():
    assert set(SHOWN) == {(part, field.name) for part, kind in PARTS.items() for field in fields(kind)}


@pytest.fixture(scope="module")
def as_made(data) -> dict[str, bytes]:
    return {name: pixels(name, data) for name in sorted({name for names in SHOWN.values() for name in names})}


def test_a_picture_drawn_again_has_the_same_pixels(data, as_made):
    assert all(pixels(name, data) == before for name, before in as_made.items())


@pytest.mark.parametrize(("part", "limit"), [key for key, names in SHOWN.items() if names])
def test_a_picture_follows_every_limit_that_it_shows(part, limit, as_made):
    data = changed(part, limit, 1.3)
    for name in SHOWN[part, limit]:
        assert pixels(name, data) != as_made[name], name


def test_the_line_of_the_speed_limit_is_where_the_records_say(data):
    gap, zones, box = np.array([0.0, 100.0]), data.docking.zones, data.docking.box
    assert closing.speed_gate(zones, box, gap) == pytest.approx([0.18, 0.55])
    assert closing.speed_gate(zones, replace(box, closing_max_m_s=0.36), gap) == pytest.approx([0.36, 0.55])
    assert closing.speed_gate(replace(zones, speed_least_m_s=0.4), box, gap) == pytest.approx([0.4, 0.9])
    assert closing.speed_gate(zones, None, gap) == pytest.approx([0.05, 0.55])


# What a record holds, under which key its file has it, and the factor between them.
IN_FILES = {
    ("zones", "ellipsoid_m"): ("ellipsoid_km", 1e3),
    ("zones", "keep_out_m"): ("keep_out_radius_m", 1.0),
    ("zones", "corridor_half_angle_deg"): ("corridor_half_angle_deg", 1.0),
    ("zones", "speed_range_s"): ("speed_limit_per_range_s", 1.0),
    ("zones", "speed_least_m_s"): ("speed_limit_least_m_s", 1.0),
    ("box", "closing_min_m_s"): ("closing_min_m_s", 1.0),
    ("box", "closing_max_m_s"): ("closing_max_m_s", 1.0),
    ("box", "lateral_offset_m"): ("lateral_offset_max_m", 1.0),
    ("box", "lateral_speed_m_s"): ("lateral_speed_max_m_s", 1.0),
    ("box", "pitch_yaw_deg"): ("pitch_yaw_max_deg", 1.0),
    ("box", "roll_deg"): ("roll_max_deg", 1.0),
    ("box", "turning_rate_deg_s"): ("rate_max_deg_s", 1.0),
}


@pytest.mark.parametrize(("part", "limit"), IN_FILES)
def test_a_record_holds_what_its_file_says(part, limit):
    """Capture box of the ship's file, zones of the profile's: as it is shipped, and with this one number changed."""
    key, factor = IN_FILES[part, limit]
    ship = load_named("shenzhou", "ship")
    block = ship.docking if part == "box" else load_named("3.5h", "profile").safety
    for times in (1.0, 1.3):
        value = times * np.array(getattr(block, key))
        edited = block.model_copy(update={key: tuple(value) if value.ndim else float(value)})
        if part == "box":
            made = capture_limits(ship_of(ship.model_copy(update={"docking": edited})).docking)
        else:
            made = zones(edited).limits
        assert getattr(made, limit) == pytest.approx(factor * value, rel=1e-12)


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
    causes = [cause_at(WATCH._replace(speed_min=least), speed=0.25) for least in (0.05, 0.2)]
    assert causes == [SPEED, NO_CAUSE]


# On the axis at 20 m and 0.18 m/s, everything seen; by a watch that would let anything pass but for the limits named.
ESTIMATE = ApproachEstimate(
    gap=20.0,
    offset=0.0,
    speed=0.18,
    distance=20.0,
    camera_age=0.0,
    fix_age=0.0,
    station_angle=0.0,
    station_rate=0.0,
)
WATCH = Watch(**dict.fromkeys(Watch._fields, 1e3))._replace(
    speed_range=200.0, speed_min=0.05, v_max=0.18, seen_within=0.0
)


def cause_at(watch: Watch, **estimate: float) -> int:
    """Why the ship would turn back on the last stretch of its way in."""
    way = DockingPath(*[np.zeros(0)] * len(DockingPath._fields))
    return approach_rules.py_func(ESTIMATE._replace(**estimate), way, watch, np.zeros(5, np.int64))


@pytest.mark.parametrize(
    ("limit", "strict", "lenient", "estimate", "cause"),
    [
        ("speed_range", 200.0, 100.0, {"speed": 0.22}, SPEED),
        ("speed_min", 0.05, 0.2, {"speed": 0.22}, SPEED),
        ("v_max", 0.18, 0.25, {"speed": 0.22}, SPEED),
        ("corridor", 0.17, 0.19, {"offset": 20.0 * np.tan(0.18)}, CORRIDOR),
        ("station_angle", 0.01, 0.03, {"station_angle": 0.02}, STATION_TURNS),
        ("station_rate", 0.001, 0.003, {"station_rate": 0.002}, STATION_TURNS),
        ("seen_within", 25.0, 15.0, {"camera_age": 4.0}, NAVIGATION),
    ],
)
def test_the_ship_watches_each_limit_by_itself(limit, strict, lenient, estimate, cause):
    causes = [cause_at(WATCH._replace(**{limit: value}), **estimate) for value in (strict, lenient)]
    assert causes == [cause, NO_CAUSE]


def test_no_constant_of_the_mode_logic_repeats_a_speed_limit():
    profiles, ships = (
        [tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "configs" / folder).glob("*.toml")]
        for folder in ("profiles", "vehicles")
    )
    limits = {profile["safety"]["speed_limit_least_m_s"] for profile in profiles}
    limits |= {x for ship in ships for key, x in ship.get("docking", {}).items() if key.endswith("_m_s")}
    assert {0.05, 0.18} <= limits
    found: dict[str, float] = {}
    for path in sorted((ROOT / "kernels" / "docking").glob("*.py")) + [ROOT / "kernels" / "relative" / "retreat.py"]:
        speeds = re.findall(r"^([A-Z_]+) = ([0-9.e-]+) +# m/s\b(?!2)", path.read_text("utf-8"), re.M)
        found |= {f"{path.stem}.{name}": float(value) for name, value in speeds}
    assert {"route.STOP_SPEED", "retreat.STRONG"} <= set(found)
    assert not [name for name, value in found.items() if value in limits]


def test_where_the_capture_box_takes_over_is_one_number():
    """In the mode logic, in the rules, and in the picture of both."""
    assert JUDGED == judge.NEAR == closing.CONE_ENDS_M
