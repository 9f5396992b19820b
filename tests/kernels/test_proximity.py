"""The approach: free drift against Hill's equations, momentum, propellant, contact, holds, and what cannot be flown."""

import math

import numpy as np
import pytest

from kernels.constants import G0, MU_EARTH
from kernels.proximity import (
    CONTACT,
    OUT_OF_PROPELLANT,
    STOP_SLOPE,
    STOP_SPEED,
    TIMED_OUT,
    approach,
    closing_command,
)
from kernels.relative import from_lvlh, hcw_stm, lvlh_axes
from sim.orbits import fly
from sim.scene import State
from tests.tolerance import BOOKKEEPING_KG, DRIFT_ORDER_2, HOLD_M, STATION_M
from tests.worlds import field, zonal

A = 6.765e6
N = math.sqrt(MU_EARTH / A**3)
STATION_MASS, SHIP_MASS = 1.05e5, 7900.0
THRUST, ISP, RING = 600.0, 275.0, 4.9


def station_state(inclination=0.724):
    v = math.sqrt(MU_EARTH / A) * np.array([0.0, math.cos(inclination), math.sin(inclination)])
    return np.array([A, 0.0, 0.0, *v, STATION_MASS])


def beside(station, d, rate):
    """State of a ship at LVLH `d` m with relative velocity `rate` m/s."""
    r, v = np.empty(3), np.empty(3)
    from_lvlh(station[:3], station[3:6], np.array(d, float), np.array(rate, float), r, v)
    return np.array([*r, *v, SHIP_MASS])


class Approach:
    """One call of the kernel with its histories: only a bag for the tests."""

    def __init__(
        self, forces, d, rate=(0.0, 0.0, 0.0), port=(9.0, 0.0, 0.0), axis=(1.0, 0.0, 0.0), stops=(400.0, 200.0, 30.0),
        holds=(0.0, 120.0, 60.0), deadband=3e-3, propellant=300.0, limit=4000.0, dt=1.0, ring=RING, cda=(0.0, 0.0),
        station=None,
    ):  # fmt: skip
        self.axis = np.array(axis)
        self.station = station_state() if station is None else station
        self.ship = beside(self.station, d, rate)
        room = int(limit / dt) + 3
        self.station_nodes, self.nodes = np.empty((room, 11)), np.empty((room, 11))
        self.relative, self.marks = np.empty((room, 7)), np.empty((len(stops), 2))
        self.status, n, self.t, self.used = approach(
            0.0, self.station, self.ship, *cda, np.array(port), self.axis, ring, np.array(stops), np.array(holds), 0.8,
            0.004, 0.15, THRUST, ISP, propellant, deadband, 0.06, dt, limit, forces, self.station_nodes, self.nodes,
            self.relative, self.marks,
        )  # fmt: skip
        self.station_nodes, self.nodes, self.relative = self.station_nodes[:n], self.nodes[:n], self.relative[:n]

    @property
    def gap(self):
        return self.relative[:, :3] @ self.axis

    @property
    def offset(self):
        return np.linalg.norm(self.relative[:, :3] - self.gap[:, None] * self.axis, axis=1)


def start(axis, distance=400.0, port=9.0):
    return np.array(axis) * (port + RING + distance)


@pytest.mark.small
@pytest.mark.parametrize("d", [(-100.0, 20.0, 30.0), (0.0, -50.0, 80.0)], ids=["behind", "below"])
def test_free_drift_is_hills(d):
    """Thrusters kept shut by a dead-band: two craft around a point mass, against HCW, for a tenth of a revolution.

    What HCW leaves out is of second order: small against d^2/a, and a quarter at half the distance.
    """
    missed = []
    for scale in (1.0, 0.5):
        r0, v0 = scale * np.array(d), scale * np.array([0.02, -0.01, 0.03])
        run = Approach(
            field(zonal()), r0, v0, port=(0.0, 0.0, 0.0), ring=0.0, stops=(100.0,), holds=(1e9,), deadband=1e9,
            limit=540.0, dt=6.0,
        )  # fmt: skip
        assert run.status == TIMED_OUT and run.used == 0.0
        rr, rv, vr, vv = hcw_blocks(run.nodes[-1, 0])
        size = np.linalg.norm(r0) + np.linalg.norm(v0) / N
        missed.append(run.relative[-1, :3] - rr @ r0 - rv @ v0)
        assert np.linalg.norm(missed[-1]) < DRIFT_ORDER_2 * size**2 / A
        speed_missed = run.relative[-1, 3:6] - vr @ r0 - vv @ v0
        assert np.linalg.norm(speed_missed) < 2.0 * N * DRIFT_ORDER_2 * size**2 / A
    assert missed[0] / 4.0 == pytest.approx(missed[1], abs=0.05 * np.linalg.norm(missed[1]))


def hcw_blocks(t):
    phi = np.empty((6, 6))
    hcw_stm(N, t, phi)
    return phi[:3, :3], phi[:3, 3:], phi[3:, :3], phi[3:, 3:]


AXES = {"forward": (1.0, 0.0, 0.0), "aft": (-1.0, 0.0, 0.0), "nadir": (0.0, 0.0, 1.0)}


@pytest.mark.parametrize("axis", AXES.values(), ids=AXES)
def test_contact_is_inside_the_capture_box(world, axis):
    """The SAST sheet: 0.08 to 0.18 m/s, 0.16 m and 0.10 m/s across, from 400 m on each port in the full model."""
    run = Approach(world.forces, start(axis), port=9.0 * np.array(axis), axis=axis, cda=(880.0, 44.0))
    assert run.status == CONTACT
    closing = -run.relative[-1, 3:6] @ run.axis
    across = np.linalg.norm(run.relative[-1, 3:6] + closing * run.axis)
    assert abs(run.gap[-1]) < 1e-3  # the last step ends on the contact
    assert 0.08 <= closing <= 0.18
    assert run.offset[-1] <= 0.16 and across <= 0.10
    assert run.used < 300.0


def test_holds_are_kept_for_their_time(world):
    run = Approach(world.forces, start((1.0, 0.0, 0.0)))
    t = run.nodes[:, 0]
    for stop, hold, (arrival, departure) in zip((200.0, 30.0), (120.0, 60.0), run.marks[1:], strict=True):
        assert departure - arrival == pytest.approx(hold, abs=1.0 + 1e-9)  # the control period
        held = (t >= arrival + 20.0) & (t <= departure)
        assert np.abs(run.gap[held] - stop).max() < HOLD_M
        assert run.offset[held].max() < HOLD_M


def test_speed_follows_the_command(world):
    """Away from stops the closing speed is the commanded one to the dead-band and one period's acceleration."""
    run = Approach(world.forces, start((1.0, 0.0, 0.0)), holds=(0.0, 0.0, 0.0))
    closing = -run.relative[:, 3:6] @ run.axis
    flying = (run.gap > 60.0) & (run.gap < 150.0)
    wish = np.array([closing_command(g - 30.0, g, 0.8, 0.004, STOP_SPEED) for g in run.gap[flying]])
    assert np.abs(closing[flying] - wish).max() < 0.02
    assert closing.max() < 0.8 + 0.01
    assert np.all(run.offset < 2.0)


def test_momentum_and_propellant():
    """Empty space: speed changes by the sum of the thrust felt, and the tanks by the sum of it on three axes."""
    forces = field(zonal(1.0e-6))
    run = Approach(forces, start((0.0, 0.0, 1.0)), (0.1, -0.05, 0.0), axis=(0.0, 0.0, 1.0), port=(0.0, 0.0, 9.0))
    assert run.status == CONTACT
    h = np.diff(run.nodes[:, 0])[:, None]
    push = run.nodes[:-1, 7:10]
    assert run.ship[3:6] - run.nodes[0, 4:7] == pytest.approx((push * h).sum(axis=0), abs=1e-10)
    c, used = np.empty((3, 3)), 0.0
    for state, a, mass, step in zip(run.station_nodes, push, run.nodes[:-1, 10], h[:, 0], strict=False):
        lvlh_axes(state[1:4].copy(), state[4:7].copy(), c)
        used += np.abs(c @ a).sum() * mass * step / (ISP * G0)
        assert np.abs(c @ a).max() <= THRUST / mass * (1 + 1e-9)
    assert run.used == pytest.approx(used, abs=BOOKKEEPING_KG)
    assert SHIP_MASS - run.ship[6] == pytest.approx(run.used, abs=BOOKKEEPING_KG)
    assert run.relative[-1, 6] == run.used
    # No thruster fires at the station.
    assert run.station[3:6] == pytest.approx(run.station_nodes[0, 4:7], abs=1e-12)


def test_the_station_flies_its_own_orbit(world):
    """The same as the orbit propagator flies it, with an eighth-order step of 60 s."""
    before = station_state()
    run = Approach(world.forces, start((1.0, 0.0, 0.0)), cda=(880.0, 44.0))
    end = fly(State(before[:3], before[3:6], STATION_MASS, 880.0), 0.0, run.t, world)
    assert np.linalg.norm(run.station[:3] - end.r[-1]) < STATION_M
    assert np.linalg.norm(run.station[3:6] - end.v[-1]) < STATION_M * 1.2e-3


def test_what_cannot_be_is_told(world):
    assert Approach(world.forces, start((1.0, 0.0, 0.0)), propellant=0.5).status == OUT_OF_PROPELLANT
    late = Approach(world.forces, start((1.0, 0.0, 0.0)), limit=300.0)
    assert late.status == TIMED_OUT and late.t == pytest.approx(300.0, abs=1.0)


def test_the_same_twice(world):
    one, two = (Approach(world.forces, start((1.0, 0.0, 0.0))) for _ in range(2))
    assert one.relative.tobytes() == two.relative.tobytes()


@pytest.mark.small
def test_closing_command_is_the_least_of_three():
    assert closing_command(1e4, 1e4, 0.8, 0.004, 0.15) == 0.8
    assert closing_command(20.0, 1e4, 0.8, 0.004, 0.03) == pytest.approx(0.03 + STOP_SLOPE * 20.0)
    assert closing_command(100.0, 50.0, 0.8, 0.004, 0.15) == pytest.approx(0.05 + 0.004 * 50.0)
    assert closing_command(-5.0, 1e4, 0.8, 0.004, 0.03) == 0.03
