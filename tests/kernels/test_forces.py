"""Each force of the right-hand side by itself, and drag as a whole against another program's orbit."""

import math

import numpy as np
import pytest

from kernels.constants import G0, OMEGA_EARTH, R_EQUATOR
from kernels.orbit.forces import acceleration, air_at, scratch, third_body
from kernels.orbit.orientation import body_position, eci_to_ecef
from kernels.orbit.propagate import propagate
from kernels.orbit.thrust import BODY, INERTIAL, LVLH, RTN, VELOCITY, burn_duration, thrust_direction
from kernels.records import Air, Thrust, make
from tests.kernels.reference import load
from tests.tolerance import (
    DECAY_REL,
    DRAG_OREKIT_REL,
    EPS,
    TIDE_REL,
)
from tests.worlds import FAR_SUN, NO_BURNS, NO_NODES, field, turning, zonal

ORBITS = load("orbits.json")


def constant_air(density):
    """The same density everywhere above 100 km."""
    return make(Air, scale=1.0, ut0=0.0, x0=4.0, dx=5.0, table=np.full((1, 2, 2, 1), math.log(density)))


def increments(t, r, v, forces, cda_m=0.0):
    a = np.empty(3)
    acceleration(t, np.asarray(r, float), np.asarray(v, float), forces, cda_m, scratch(), a)
    return a


@pytest.mark.small
def test_third_body_is_the_difference_of_two_attractions():
    """Summed in 80 bits where the machine has them; in double the Sun's two pulls cancel to 1 part in 20 000."""
    rng = np.random.default_rng(3)
    for mu, distance in ((1.32712440018e20, 1.49e11), (4.9028e12, 3.8e8)):
        for _ in range(5):
            r = rng.normal(size=3)
            r *= 6.77e6 / np.linalg.norm(r)
            s = rng.normal(size=3)
            s *= distance / np.linalg.norm(s)
            a = np.zeros(3)
            third_body(r, s, mu, a)
            d, long = np.longdouble(s) - np.longdouble(r), np.longdouble(s)
            expected = mu * (d / np.sqrt(d @ d) ** 3 - long / np.sqrt(long @ long) ** 3)
            tide = mu * 6.77e6 / distance**3
            assert np.linalg.norm(np.float64(expected) - a) < 10.0 * EPS * mu / distance**2
            # And it is a tide: 3 (r.e) e - r to first order, the rest is of order r/s.
            e = s / distance
            first = mu / distance**3 * (3.0 * (r @ e) * e - r)
            assert np.linalg.norm(a - first) < TIDE_REL * tide * 6.77e6 / distance + 10.0 * EPS * mu / distance**2


AXES = np.eye(3)


def pushed(frame, direction, r, v, t=0.0, axes=AXES, spin=(0.0, 0.0, 0.0)):
    u = np.empty(3)
    push = make(Thrust, force=1.0, flow=0.0, frame=frame, direction=direction, t0=0.0, axes=axes, spin=spin)
    thrust_direction(t, np.asarray(r, float), np.asarray(v, float), push, u)
    return u


@pytest.mark.small
def test_thrust_points_where_its_frame_says():
    """Over the equator, flying east: LVLH is east, south (against the normal), down; RTN is up, east, north."""
    r, v = [6.8e6, 0.0, 0.0], [0.0, 7.6e3, 0.0]
    cases = {
        LVLH: ((0, 1, 0), (0, 0, -1), (-1, 0, 0)),
        RTN: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        VELOCITY: ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
        INERTIAL: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    }
    for frame, axes in cases.items():
        for direction, expected in zip(np.eye(3), axes, strict=True):
            assert pushed(frame, direction, r, v) == pytest.approx(expected, abs=1e-15)
    # On an elliptic orbit LVLH's x is the horizontal, and the velocity frame's is the velocity.
    climbing = [900.0, 7.6e3, 0.0]
    assert pushed(LVLH, [1, 0, 0], r, climbing) == pytest.approx([0.0, 1.0, 0.0], abs=1e-15)
    speed = math.hypot(900.0, 7.6e3)
    assert pushed(VELOCITY, [1, 0, 0], r, climbing) == pytest.approx([900.0 / speed, 7.6e3 / speed, 0.0], abs=1e-15)


@pytest.mark.small
def test_a_body_that_turns_at_the_orbits_rate_keeps_facing_the_earth():
    """On a circle, axes that start along LVLH and turn at (0, -n, 0) are LVLH ever after."""
    n, radius = 1.1e-3, 6.8e6
    start = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])  # LVLH at t = 0, rows
    for t in (0.0, 700.0, 4321.0):
        c, s = math.cos(n * t), math.sin(n * t)
        r, v = [radius * c, radius * s, 0.0], [-radius * n * s, radius * n * c, 0.0]
        for direction in np.eye(3):
            turned = pushed(BODY, direction, r, v, t, start, (0.0, -n, 0.0))
            assert turned == pytest.approx(pushed(LVLH, direction, r, v), abs=1e-14)


@pytest.mark.small
def test_burn_duration_is_tsiolkovskys():
    """5 kN at 290 s take 120 m/s from 6 t in 141.0 s: mass to lose 6000 (1 - exp(-120/2843.93)) = 247.7 kg."""
    t = burn_duration(120.0, 6000.0, 5000.0, 290.0)
    burnt = 5000.0 * t / (290.0 * G0)
    assert burnt == pytest.approx(6000.0 * (1.0 - math.exp(-120.0 / (290.0 * G0))), rel=1e-14)
    assert t == pytest.approx(141.0, abs=0.2)


def test_air_turns_with_the_earth(world):
    """A craft at rest over the ground has no wind; one at rest in space over the equator has 491 m/s."""
    forces = world.forces
    row, c, sun, flow = np.empty(12), np.empty((3, 3)), np.empty(3), np.empty(3)
    eci_to_ecef(1000.0, forces.orientation, row, c)
    body_position(1000.0, forces.sun, sun)
    r = c.T @ np.array([R_EQUATOR + 360e3, 0.0, 0.0])
    pole = row[6:9]
    air_at(1000.0, r, OMEGA_EARTH * np.cross(pole, r), forces, c, row, sun, flow)
    assert np.linalg.norm(flow) < 1e-10
    _, height = air_at(1000.0, r, np.zeros(3), forces, c, row, sun, flow)
    assert np.linalg.norm(flow) == pytest.approx(491.3, abs=0.1)
    assert flow @ np.cross(pole, r) < 0.0
    assert height == pytest.approx(360e3, abs=1e-3)
    # The same distance from the centre over the pole is 21385 m higher above the ellipsoid.
    over_pole = air_at(
        1000.0, (R_EQUATOR + 360e3) * c.T @ np.array([0.0, 0.0, 1.0]), np.zeros(3), forces, c, row, sun, flow
    )
    assert over_pole[1] == pytest.approx(360e3 + 21384.7, abs=0.1)


def test_ground_velocity_is_the_derivative_of_the_rotation(world):
    """omega x r with the pole of date against the turning matrix itself: precession may add 1e-5 m/s, not more."""
    p = np.array([4.8e6, 1.0e6, 4.1e6])
    before, after = (world.ecef(5000.0 + s).T @ p for s in (-10.0, 10.0))
    v = OMEGA_EARTH * np.cross(world.true_of_date(5000.0)[2], world.ecef(5000.0).T @ p)
    # Central difference over 20 s: (omega dt)^2 / 6 of 350 m/s is 3e-5 m/s; the constant omega is good to 1e-8 of it.
    assert np.linalg.norm((after - before) / 20.0 - v) < 6e-5


@pytest.mark.small
def test_drag_is_against_the_wind_and_grows_with_its_square():
    air = constant_air(4.0e-12)
    forces = field(zonal(), turning(0.0, axis_length=0.0), air=air, drag=1)  # no axis, no wind
    r = [6.778e6, 0.0, 0.0]
    for v in ([0.0, 7600.0, 0.0], [100.0, 3800.0, 50.0]):
        drag = increments(0.0, r, v, forces, 0.01) - increments(0.0, r, v, forces._replace(drag=0), 0.01)
        speed = float(np.linalg.norm(v))
        assert drag == pytest.approx(-0.5 * 4.0e-12 * 0.01 * speed * np.array(v), rel=1e-6, abs=1e-15)


@pytest.mark.small
def test_every_switch_switches():
    moon = FAR_SUN._replace(mu=4.9e12, coeffs=np.array([[[0.0], [3.8e8], [0.0]]]))
    r, v = [6.778e6, 0.0, 0.0], [0.0, 7600.0, 0.0]
    base = increments(0.0, r, v, field(zonal()))
    assert base == pytest.approx([-3.986004415e14 / 6.778e6**2, 0.0, 0.0], rel=1e-14)
    pulled = increments(0.0, r, v, field(zonal(), moon=moon, third_body=1)) - base
    # A body at right angles to r squeezes: -mu r / s^3 along r.
    assert pulled[0] == pytest.approx(-4.9e12 * 6.778e6 / 3.8e8**3, rel=1e-3)


def test_decay_of_a_circular_orbit():
    """da/dt = -(cd A/m) rho sqrt(mu a) in still air of one density, from the energy lost over three revolutions."""
    mu, a, rho, cda_m = 3.986004415e14, 6.765e6, 5.0e-12, 0.01
    forces = field(zonal(mu), turning(0.0, axis_length=0.0), air=constant_air(rho), drag=1)
    v = math.sqrt(mu / a)
    y = np.array([a, 0.0, 0.0, 0.0, v, 0.0, 1.0])
    span = 3.0 * 2.0 * math.pi * a / v
    propagate(0.0, span, y, 60.0, forces, cda_m, NO_BURNS, 1.0, 300.0, NO_NODES)
    energy = 0.5 * y[3:6] @ y[3:6] - mu / math.sqrt(y[:3] @ y[:3])
    lost = -0.5 * mu / energy - a
    assert lost == pytest.approx(-cda_m * rho * math.sqrt(mu * a) * span, rel=DECAY_REL)


def test_drag_against_orekit(world):
    """NRLMSISE-00, apparent solar time, turning air, geodetic height: 12.6 km in a day, met within 3 m.

    Orekit's orbit has radiation pressure in it, which is taken out with the help of its own orbit without drag. Ours is
    the difference of two flights in the 8x8 field, with drag and without.
    """
    case = ORBITS["with_radiation_pressure_and_nrlmsise00"]
    rows, without = np.array(case["rows"]), np.array(ORBITS["with_radiation_pressure"]["rows"])
    flights = []
    for forces in (world.forces, world.forces._replace(drag=0)):
        y, t = np.append(rows[0, 1:7], case["mass_kg"]), 0.0
        path = []
        for row in rows[1:]:
            propagate(t, row[0], y, 60.0, forces, case["cda_m2"], NO_BURNS, 1.0, 300.0, NO_NODES)
            t = row[0]
            path.append(y[:3].copy())
        flights.append(np.array(path))
    ours = flights[0] - flights[1]
    theirs = rows[1:, 1:4] - without[1:, 1:4]
    wrong = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
    assert wrong.max() < DRAG_OREKIT_REL
    assert np.linalg.norm(theirs[-1]) > 12.0e3
