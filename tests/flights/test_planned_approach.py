"""What the planners take for the duration of the final approach is what is flown: every shipped profile to every port.

Light, the camera's Sun and the launch day are judged over this stretch, so one function gives it to all who ask.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made_docking import around, waiting

import sim
from kernels.docking.plan import ARRIVAL, TOUCHED
from sim.build import docking as plan
from sim.build.mission import build
from sim.docking.run import fly_path, inbound_path
from sim.planning.station_outlook import Asked, _profiles
from sim.scenario import load

PROFILES = ("3.5h", "6.5h", "2d")
PORTS = {  # the port, and where the ships that are docked stand then
    "forward": ("nadir", "aft"),
    "nadir": ("forward", "aft"),
    "aft": ("nadir", "forward"),
}
# The plan is of commanded speeds. A ship counts as at a stop from 0.3 m before it, which at the commanded speed takes
# 10 s; and it runs at the fast edge of its dead-band, 0.003 m/s and 1e-4 1/s of the range: 3 to 4 % over the 540 s of
# the slope, 20 s. So it is there up to 30 s sooner than planned, in 890 to 1315 s; 10 to 24 s are flown.
NEAR = 30.0  # s
# Where the approach begins 540 m out, as much again: the dead-band is wider there, 6 %.
FARTHER = 60.0  # s


def _docking(mission):
    return next(p for p in mission.phases if p.name == "docking")


@cache
def _flown(profile: str, port: str):
    """The scenario, the mission's docking phase, and the inbound approach flown from rest on the axis without
    faults."""
    others = [f"docked.{i}.port={other}" for i, other in enumerate(PORTS[port])]
    scenario = load("shenzhou-20", [f"rendezvous.profile={profile}", f"rendezvous.port={port}", *others])
    mission = build(scenario)
    phase = _docking(mission)
    scene = waiting(phase, phase.stops[0])
    flown = fly_path(
        phase.approach, inbound_path(phase.approach, phase.stops, phase.holds), scene, mission.world, phase.name
    )
    assert flown.status == TOUCHED and flown.contacts == 1
    return scenario, mission, scene, flown


def _from_far_hold(scenario, scene, flown) -> float:
    """Seconds from where the ship reaches the far hold to contact; a way that begins there has no arrival at it."""
    far = scenario.profile.final.far_hold_range_m
    arrivals = [t for code, t, at in flown.marks if code == ARRIVAL and at == far]
    return flown.t - (arrivals[0] if arrivals else scene.t)


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_planners_judge_light_over_the_approach_that_is_flown(profile, port):
    scenario, mission, scene, flown = _flown(profile, port)
    own = _profiles(scenario, mission.phases[1], Asked())[0]
    assert own.key == profile
    assert own.last == pytest.approx(_from_far_hold(scenario, scene, flown), abs=NEAR)


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_planned_contact_takes_fly_around_and_approach_as_flown(profile, port):
    scenario, mission, scene, flown = _flown(profile, port)
    approach, model = _docking(mission).approach, scenario.profile
    assert plan.axial_approach_s(model, approach.port, approach.ship) == pytest.approx(flown.t - scene.t, abs=FARTHER)
    round_ = [p for p in mission.phases if p.name == "fly_around"]
    took = 0.0
    if round_:
        scene = around(round_[0], np.array([-round_[0].route.behind, 0.0, 0.0]))
        took = round_[0].fly(scene, mission.world).scene.t - scene.t
    assert plan.duration(model, approach.port, approach.ship) == pytest.approx(took, abs=model.final.control_period_s)


def test_no_other_module_computes_the_duration_of_the_approach():
    """Whoever adds it up must read the duration of the far hold; the file's schema declares the key."""
    readers = set()
    for path in Path(sim.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        reads = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if "far_hold_s" in reads or {"slope_per_s", "far_hold_range_m"} <= reads:
            readers.add(path)
    assert readers == {Path(inspect.getsourcefile(plan.axial_approach_s))}
