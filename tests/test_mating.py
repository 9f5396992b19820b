"""How ships meet ports and leave them: frames, verdicts and figures of a touch, and the push-off."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kernels.docking.contact import PAIR
from sim.build.vehicles import ship_of
from sim.core.station_stack import Stack
from sim.core.vehicle import Port
from sim.docking.contact import capture, docking_frame, of_all_touches, ship_side, station_side, undock
from sim.scenario.load import load_named

N = 1.13e-3
INERTIA = np.diag([0.6e7, 1.5e7, 1.8e7])
PORTS = {
    "forward": Port(np.array([5.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])),
    "nadir": Port(np.array([3.0, 0.0, 3.0]), np.array([0.0, 0.0, 1.0])),
    "aft": Port(np.array([-15.0, 0.0, 0.0]), np.array([-1.0, 0.0, 0.0])),
}
SHIP = ship_of(load_named("shenzhou", "ship"))
MASS, STATION_MASS = 7900.0, 9.7e4
STACK = Stack(STATION_MASS, np.zeros(3), INERTIA, PORTS)


@pytest.mark.parametrize("name", PORTS)
def test_a_docking_frame_looks_into_the_station(name):
    axes = docking_frame(PORTS[name])
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-15) and np.linalg.det(axes) == pytest.approx(1.0)
    assert np.array_equal(axes[0], -PORTS[name].axis)
    # Level at the ends of V-bar; on the nadir port nose up, and so z, which was down, forward.
    assert axes[2] @ ([1.0, 0.0, 0.0] if name == "nadir" else [0.0, 0.0, 1.0]) == 1.0


def touching(port: Port, closing: float, lateral: float = 0.0) -> np.ndarray:
    """A ship that is aligned and comes straight in, off the axis by `lateral` m along the port's y; nothing turns."""
    axes, y = docking_frame(port), np.zeros(PAIR)
    y[0:3] = port.position + SHIP.docking.reach * port.axis + lateral * axes[1]
    y[3:6] = closing * axes[0]
    turn = {"forward": (0.0, 0.0, 1.0, 0.0), "nadir": (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))}
    y[6:10] = turn[next(k for k, p in PORTS.items() if p is port)]
    y[22] = 1.0
    return y


def mated(port: str, closing: float, lateral: float = 0.0):
    mechanism = SHIP.docking
    bodies = ship_side(SHIP, MASS, mechanism.reach), station_side(PORTS[port], STACK)
    return capture(touching(PORTS[port], closing, lateral), 100.0, *bodies, mechanism, "docking")


def test_a_bounce_before_the_capture_is_judged_too():
    """Of each rule the worst of all touches: what missed the box at first stays broken, whatever came after it."""
    first, last = mated("forward", 0.25).verdicts, mated("forward", 0.13).verdicts
    worst = {v.rule: v for v in of_all_touches(last, [first])}
    assert worst["closing speed at contact, most"].value == pytest.approx(0.25)
    assert worst["closing speed at contact, least"].value == pytest.approx(0.13)
    assert [v.rule for v in worst.values()] == [v.rule for v in last]


def test_a_touch_inside_the_box_is_captured_drawn_in_and_recorded():
    """Straight ahead: the damped oscillator's force, and the station pushed by the ship's share of the momentum."""
    met = mated("forward", 0.13)
    assert met.captured and all(verdict.passed for verdict in met.verdicts) and len(met.verdicts) == 10
    assert met.hard_mate.station_speed_change_m_s == pytest.approx(0.13 * MASS / (MASS + STATION_MASS), rel=1e-9)
    assert met.hard_mate.stack_rate_change_deg_s < 1e-9
    history = met.history
    assert history.t_s[0] == 100.0 and history.t_s[-1] == 100.0 + SHIP.docking.hard_mate
    assert np.diff(history.t_s).min() > 0.0
    assert history.stroke_m[-1] == pytest.approx(SHIP.docking.retraction, abs=1e-3)
    assert history.force_n[0] == pytest.approx(0.13 * 3000.0)  # the damper alone
    assert met.capture.most_force_n == history.force_n.max() < SHIP.docking.force_max
    energy = 0.5 * MASS * STATION_MASS / (MASS + STATION_MASS) * 0.13**2
    assert met.hard_mate.heat_of_dampers_j == pytest.approx(energy, rel=1e-3)


def test_a_touch_below_the_centre_of_mass_turns_the_station():
    """On the nadir port 3 m ahead: the ship's momentum times its lever about the common centre, over the inertia."""
    met = mated("nadir", 0.13)
    pair_momentum = 0.13 * MASS * STATION_MASS / (MASS + STATION_MASS)
    about = pair_momentum * 3.0  # upward, 3 m ahead: nose up, about +y
    assert met.hard_mate.stack_angular_momentum_change_n_m_s == pytest.approx(about, rel=1e-6)
    reach = 3.0 + SHIP.docking.reach
    stack = 1.5e7 + 5.5e4 + MASS * STATION_MASS / (MASS + STATION_MASS) * (3.0**2 + reach**2)
    assert met.hard_mate.stack_rate_change_deg_s == pytest.approx(math.degrees(about / stack), rel=0.01)


@pytest.mark.parametrize(
    ("closing", "lateral", "rule"),
    [
        (0.19, 0.0, "closing speed at contact, most"),
        (0.05, 0.0, "closing speed at contact, least"),
        (0.13, -0.17, "lateral offset at contact"),
    ],
)
def test_a_touch_outside_the_box_bounces(closing, lateral, rule):
    met = mated("forward", closing, lateral)
    assert not met.captured and [v.rule for v in met.verdicts if not v.passed] == [rule]
    # Off the axis the blow turns the ship too, whose ring then goes back faster than its centre of mass.
    assert met.pair[3] - met.pair[16] == pytest.approx(SHIP.docking.restitution * closing, rel=0.03)
    assert met.bounce.impulse_n_s > 0.0


@pytest.mark.parametrize("name", PORTS)
def test_a_ship_leaves_along_the_axis_of_its_port(name):
    """The pushers end at their stroke; what they turn is the impulse times how far they pass the centre of mass."""
    port, mechanism = PORTS[name], SHIP.docking
    push = undock(SHIP, MASS, STACK, name, N, 50.0)
    assert push.velocity @ port.axis == pytest.approx(mechanism.push_off, rel=0.01)
    away = push.position - port.position - mechanism.ring * port.axis
    assert away @ port.axis == pytest.approx(mechanism.push_stroke, rel=0.01)  # the port turns away
    assert np.linalg.norm(away - (away @ port.axis) * port.axis) < 1e-3
    impulse = 0.2 * MASS * STATION_MASS / (MASS + STATION_MASS)
    demand = impulse * np.array([0.0, mechanism.aside[1], mechanism.aside[0]]) / np.diag(SHIP.inertia)
    assert np.abs(push.rate) == pytest.approx(demand, rel=0.02, abs=1e-6)
    assert push.history.t_s[-1] == pytest.approx(50.0) and push.history.force_n[0] == push.force
    assert push.history.force_n[-1] == pytest.approx(0.0, abs=1e-6 * push.force)
