"""Dockings with sensors that err for a run and a camera that the Sun blinds, flown in closed loop from 200 m."""

import math
from dataclasses import replace

import numpy as np
import pytest

from kernels.docking import log, plan
from sim.docking.history import events, failure_reason
from sim.docking.run import fly_path, inbound_path
from tests.flights.made_docking import docking, mission, waiting

NEVER = {"sun_cosine": -1.0, "dark_reach": 0.0}  # neither by day nor by night
SHY = {"sun_cosine": math.cos(math.radians(80.0))}  # a camera that bears no Sun before it


def flown(run=0, **camera):
    """From the hold at 200 m, by a ship whose camera is changed so; the flight and its approach."""
    phase = docking()
    approach = phase.approach
    ship = replace(approach.ship, sensors=approach.ship.sensors._replace(**camera))
    approach = replace(approach, ship=ship, draws=replace(approach.draws, seed=31, run=run))
    path = inbound_path(approach, phase.stops[-2:], phase.holds[-2:])
    return fly_path(approach, path, waiting(phase, phase.stops[-2]), mission().world, phase.name), approach


def test_dockings_with_sensors_that_err_cost_no_more_and_know_their_errors():
    """benches/sensed_docking.py flies a thousand, and some without states for these errors."""
    runs = [flown(run)[0] for run in range(8)]
    assert {one.status for one in runs} == {plan.TOUCHED} and {one.contacts for one in runs} == {1}
    assert max(one.used for one in runs) < 22.0
    for one in runs:
        error, sigma = one.log[:, log.PLACE_ERROR :][:, :3], one.log[:, log.PLACE_SIGMA :][:, :3]
        assert (np.abs(error) / sigma).max() < 6.0


def test_a_camera_that_the_sun_blinds_is_waited_for():
    """The Sun stands within 80 deg of the axis as the ship comes; it backs off, comes again, and docks."""
    one, approach = flown(**SHY)
    assert one.status == plan.TOUCHED
    happened = events(one, approach)
    first = happened[0]
    assert first.name == "camera_blinded" and first.values["why"] == "the Sun"
    back, again = (next(e for e in happened if e.name == name) for name in ("back_off", "camera_sees_again"))
    assert back.values["why"] == "the Sun stood in its camera's view"
    assert first.t < back.t < again.t < one.t


def test_a_camera_that_sees_nothing_ends_in_a_retreat_that_says_why():
    one, approach = flown(**NEVER)
    assert one.status == plan.RETREATED
    reason = failure_reason(one, approach)
    assert "retreated because the Sun stood in its camera's view" in reason or "in the Earth's shadow" in reason
    assert not any(e.name == "camera_sees_again" for e in events(one, approach))


@pytest.mark.parametrize("fall", [0.0, 0.02])
def test_a_longer_fall_of_thrust_pushes_more_than_commanded(fall):
    """The ship reckons with pulses as commanded; it docks all the same."""
    phase = docking()
    approach = phase.approach
    group = approach.ship.thrusters
    longer = replace(group, record=group.record._replace(longer=0.5 * (fall - 0.01)))
    approach = replace(approach, ship=replace(approach.ship, thrusters=longer))
    path = inbound_path(approach, phase.stops[-2:], phase.holds[-2:])
    one = fly_path(approach, path, waiting(phase, phase.stops[-2]), mission().world, phase.name)
    assert one.status == plan.TOUCHED
    asked = float((one.on * group.record.flow).sum())
    assert (one.used > asked) == (fall > 0.01)
