"""The route of a fly-around: its times are a plan's, its points follow what is docked."""

from __future__ import annotations

import numpy as np
import pytest

from sim.build.docking import between, duration, from_behind
from sim.build.vehicles import ship_of, station_of
from sim.core.station_stack import stack
from sim.docking.route import Route, on_axis
from sim.scenario.load import load_named

SHIP = ship_of(load_named("shenzhou", "ship"))
STATION = station_of("tiangong", load_named("tiangong", "station"), {"shenzhou-1": SHIP, "shenzhou-2": SHIP})
PROFILE = load_named("6.5h", "profile")
HOLD = PROFILE.final.far_hold_range_m
DOCKED = [{}, {"shenzhou-1": "nadir"}, {"shenzhou-1": "aft", "shenzhou-2": "forward"}]


def ports(docked: dict[str, str]):
    masses = dict.fromkeys(docked, 7.9e3)
    return stack(STATION, STATION.modules + sum(masses.values()), docked, masses).ports


def route(port: str) -> Route:
    return from_behind(PROFILE, STATION.ports[port], SHIP)


@pytest.mark.parametrize("docked", DOCKED, ids=len)
@pytest.mark.parametrize(("port", "arcs"), [("aft", 1), ("nadir", 2), ("forward", 3)])
def test_it_leads_from_behind_to_the_hold_on_the_axis_as_it_lies_now(port, arcs, docked):
    there, plan = ports(docked), route(port)
    points = plan.points(there, port, SHIP)
    assert len(plan.times) == len(plan.waits) == arcs == len(points) - 1
    assert points[0].tolist() == [-PROFILE.transfer.arrival_range_m, 0.0, 0.0]
    assert points[-1] == pytest.approx(there[port].position + (SHIP.docking.ring + HOLD) * there[port].axis)
    # Around the centre of mass at the distance of the hold, and so outside the keep-out sphere.
    around = np.linalg.norm(points[1:], axis=1)
    assert around == pytest.approx(np.full(arcs, around[-1])) and around[0] > PROFILE.safety.keep_out_radius_m
    assert (port == "forward") == plan.below and (not plan.below or points[2][2] > 200.0)


def test_its_times_do_not_ask_what_is_docked():
    plan, profile = route("forward"), PROFILE.fly_around
    assert plan.times == pytest.approx((profile.approach_s, profile.quarter_s, profile.quarter_s), rel=1e-9)
    assert duration(PROFILE, STATION.ports["forward"], SHIP) == sum(plan.times) + sum(plan.waits)


def test_from_port_to_port_it_begins_on_the_axis_of_the_first():
    there = ports(DOCKED[1])
    plan = between(PROFILE, "forward", STATION.ports, STATION.ports["nadir"], SHIP)
    points = plan.points(there, "nadir", SHIP)
    assert points == pytest.approx(np.array([on_axis(there[name], SHIP, HOLD) for name in ("forward", "nadir")]))
    opposite = between(PROFILE, "aft", STATION.ports, STATION.ports["forward"], SHIP)
    assert opposite.below and len(opposite.points(there, "forward", SHIP)) == 3
