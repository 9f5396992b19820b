"""The files that a mission names, each broken in one place: what is wrong is reported by its own key."""

from __future__ import annotations

import pytest

from sim.build.range_safety import study
from sim.files import paths
from sim.scenario import load
from tests.made_scenario import problems

BAD_FILES = {
    "profile: burns not in order": ("profiles/6.5h", "48.0, 93.0", "93.0, 48.0", "phasing.burns_min.1"),
    "profile: homing before the last burn": ("profiles/6.5h", "= 255.0", "= 220.0", "phasing.homing_point_min"),
    "profile: decision after the homing point": (
        "profiles/3.5h",
        "fallback_decision_min = 70.0",
        "fallback_decision_min = 140.0",
        "phasing.fallback_decision_min",
    ),
    "profile: no time to decide": (
        "profiles/3.5h",
        "fallback_decision_min = 70.0",
        "",
        "phasing.fallback_decision_min",
    ),
    "profile: too fast": ("profiles/6.5h", "closing_speed_m_s = 0.13", "closing_speed_m_s = 0.5", "closing_speed_m_s"),
    "profile: too slow": ("profiles/6.5h", "closing_speed_m_s = 0.13", "closing_speed_m_s = 0.01", "closing_speed_m_s"),
    "profile: hold behind the next": (
        "profiles/6.5h",
        "near_hold_range_m = 19.0",
        "near_hold_range_m = 300.0",
        "final.near",
    ),
    "profile: far hold too near": (
        "profiles/6.5h",
        "[-5500.0, 0.0, 1600.0]",
        "[-50.0, 0.0, 0.0]",
        "transfer.arrival_range_m",
    ),
    "profile: keep-out over ellipsoid": (
        "profiles/6.5h",
        "[2.0, 1.0, 1.0]",
        "[2.0, 0.15, 1.0]",
        "safety.keep_out_radius_m",
    ),
    "launcher: mach not rising": ("vehicles/cz2f-g", "0.95, 1.05", "1.05, 0.95", "aerodynamics.mach.4"),
    "launcher: a drag value short": ("vehicles/cz2f-g", "0.34, 0.32]", "0.34]", "aerodynamics.drag_coefficient"),
    "launcher: more left than loaded": (
        "vehicles/cz2f-g",
        "propellant_kg = 187000.0",
        "propellant_kg = 3100.0",
        "stages.1.residual",
    ),
    "launcher: burns a stage that is not there": (
        "vehicles/cz2f-g",
        'burning = ["stage-1"]',
        'burning = ["stage-3"]',
        "phases.1.burning",
    ),
    "launcher: debris of an event that it has not": (
        "vehicles/cz2f-g",
        'event = "booster_separation"\ncount',
        'event = "second_booster_separation"\ncount',
        "debris.0.event: found 'second_booster_separation'",
    ),
    "launcher: two chosen lists of times": (
        "vehicles/cz2f-g",
        'main cut-off from background knowledge"',
        'main cut-off from background knowledge"\nchosen = true',
        "sequences.1.chosen: found a second chosen sequence",
    ),
    "ship: motors until nothing in particular": (
        "vehicles/shenzhou",
        'until = "tower_jettison"',
        'until = "tower"',
        "escape.motors.0.until",
    ),
    "site: an area of two corners": (
        "sites/jiuquan",
        "[42.067, 100.55], [40.433, 100.1], ",
        "[42.067, 100.55]] # ",
        "recovery_areas.0.corners_deg",
    ),
    "launcher: guidance before the first stage ends": (
        "vehicles/cz2f-g",
        'ends = "boosters"',
        'ends = "guidance"',
        "phases.0.ends",
    ),
    "launcher: jettisons out of order": ("vehicles/cz2f-g", "at_s = 211.0", "at_s = 100.0", "jettisons.1.at_s"),
    "station: axis of no direction": ("vehicles/tiangong", "[0.0, 0.0, 1.0]", "[0.0, 0.0, 0.9]", "ports.nadir.axis"),
    "ship: shield after the parachute": (
        "vehicles/shenzhou",
        "shield_altitude_km = 6.0",
        "shield_altitude_km = 11.0",
        "heat_shield_altitude_km",
    ),
    "ship: Mach numbers out of order": (
        "vehicles/shenzhou",
        "mach = [0.6, 0.9, 1.1, 1.5, 2.4, 4.0]",
        "mach = [0.6, 1.1, 0.9, 1.5, 2.4, 4.0]",
        "capsule.trim.mach.2",
    ),
    "ship: Mach numbers beyond the hypersonic": (
        "vehicles/shenzhou",
        "hypersonic_mach = 6.0",
        "hypersonic_mach = 3.0",
        "capsule.trim.mach: found 4 as its last",
    ),
    "ship: a coefficient short": (
        "vehicles/shenzhou",
        "lift_to_drag = [0.22, 0.23, 0.25, 0.27, 0.28, 0.29]",
        "lift_to_drag = [0.22, 0.23, 0.25, 0.27, 0.28]",
        "capsule.trim.lift_to_drag: found 5 values",
    ),
    "ship: a blackout that goes up": (
        "vehicles/shenzhou",
        "blackout_km = [80.0, 40.0]",
        "blackout_km = [40.0, 80.0]",
        "capsule.blackout_km",
    ),
    "ship: an inertia that no body has": (
        "vehicles/shenzhou",
        "[1.1e4, 5.5e4, 5.8e4]",
        "[1.1e4, 1.5e4, 5.8e4]",
        "inertia.moments_kg_m2: found principal moments 11000, 15000, 58000",
    ),
    "ship: two thrusters of one name": (
        "vehicles/shenzhou",
        'name = "aft2"',
        'name = "aft1"',
        "thrusters.17.name: found 'aft1' a second time",
    ),
    "ship: a thruster that pushes nowhere": (
        "vehicles/shenzhou",
        "direction = [0.0, -1.0, 0.0]",
        "direction = [0.0, 0.0, 0.0]",
        "thrusters.16.direction",
    ),
    "ship: a misspelt key of a thruster": ("vehicles/shenzhou", "isp_s = 260.0", "isp = 260.0", "'isp_s'?"),
    "station: an oscillation of no time": ("vehicles/tiangong", "[620.0,", "[0.0,", "attitude.period_s.0"),
    "ship: a noise short": (
        "vehicles/shenzhou",
        "[0.3, 0.3, 1.0, 2.3125]",
        "[0.3, 1.0]",
        "sensors.camera.attitude_deg",
    ),
    "ship: noises out of order": (
        "vehicles/shenzhou",
        "at_m = [20.0, 20000.0]",
        "at_m = [20000.0, 20.0]",
        "sensors.lidar.at_m.1",
    ),
    "ship: a radar that reaches nowhere": (
        "vehicles/shenzhou",
        "farthest_m = 150000.0",
        "farthest_m = 150.0",
        "sensors.radar.nearest_m",
    ),
    "ship: a sensor that never measures": (
        "vehicles/shenzhou",
        "every_s = 1.0",
        "every_s = 0.0",
        "sensors.gnss.every_s",
    ),
    "site: no such latitude": ("sites/jiuquan", "40.9583", "140.9583", "latitude_deg"),
    "world: one degree too many": ("worlds/earth", "degree = 8", "degree = 71", "gravity.degree"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_that_a_mission_names_is_reported_by_its_own_key(case, tmp_path):
    name, old, new, key = BAD_FILES[case]
    text = (paths.CONFIGS / f"{name}.toml").read_text("utf-8").partition("[sources]")[0]  # they describe the old values
    assert old in text
    copied = tmp_path / "named.toml"
    copied.write_text(text.replace(old, new, 1), "utf-8")
    naming = {
        "profiles/3.5h": "rendezvous.profile",
        "profiles/6.5h": "rendezvous.profile",
        "vehicles/cz2f-g": "launch.launcher",
        "vehicles/tiangong": "station.vehicle",
        "vehicles/shenzhou": "launch.vehicle",
        "sites/jiuquan": "launch.site",
        "worlds/earth": "world",
    }
    lines = problems("shenzhou-20", f"{naming[name]}={copied}")
    assert len(lines) == 1 and key in lines[0] and "named.toml:" in lines[0], lines


def test_a_mission_may_add_viewers_of_its_own(tmp_path):

    child = tmp_path / "child.toml"
    child.write_text(
        'extends = "shenzhou-20"\n[[viewers]]\nname = "Xi\'an"\nlatitude_deg = 34.3\nlongitude_deg = 108.9\n'
        '[sources]\nviewers = "assumed"\n',
        "utf-8",
    )
    scenario = load(child)
    plan = study(scenario.launcher, scenario.ship_vehicles["shenzhou"], scenario.launch_site, scenario.viewers)
    names = [viewer.name for viewer in plan.viewers]
    assert names == [*(v.name for v in scenario.launch_site.viewers), "Xi'an"] and len(names) == 6
    assert plan.viewers[-1].latitude == pytest.approx(34.3 / 180.0 * 3.141592653589793, rel=1e-15)


def test_thrusters_that_leave_a_wrench_out_are_reported_with_it(tmp_path):
    """Every brake turned round; thrusters out of range have that problem alone; a set that lacks nothing is taken."""
    text = (paths.CONFIGS / "vehicles/shenzhou.toml").read_text("utf-8").partition("[sources]")[0]
    copied = tmp_path / "ship.toml"
    copied.write_text(text.replace("direction = [-", "direction = ["), "utf-8")
    (line,) = problems("shenzhou-20", f"launch.vehicle={copied}")
    assert "thrusters: found 24 thrusters that cannot make a push along -x," in line and "a push along +x" not in line
    copied.write_text(text.replace("position_m = [-1.1,", "position_m = [-40.1,"), "utf-8")
    assert not any("cannot make" in line for line in problems("shenzhou-20", f"launch.vehicle={copied}"))
    copied.write_text(text.replace("[0.0, -1.0, 0.0]", "[0.0, -0.5, 0.0]"), "utf-8")  # the length does not matter
    load("shenzhou-20", [f"launch.vehicle={copied}"])
