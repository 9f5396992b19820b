"""Contact of two docking rings: the state at contact, the capture box, and the forces of the mechanism.

Two free rigid bodies in an inertial frame whose origin moves uniformly, joined by springs and dampers: gravity is left
out. Over the half minute of capture the tide between the two centres of mass, 3 n^2 times 17 m, is 7e-5 m/s2, a
two-thousandth of the spring forces; tests/kernels/test_contact.py measures its effect on loads and rest.

The pair's state y (28,): of the ship r (3), v (3) m and m/s inertial, q (4) as in kernels/craft/attitude.py, w (3)
rad/s in body axes; of the station the same; then the heat of the dampers and the work of the motor, J. The docking
frames have their x along the inbound approach, so that they agree when mated: x out of the ship's ring, and into the
station. The relative state at contact, in the port's frame, is `rel` (12,): offset of the ring's centre (3) m, positive
x pressed in; its velocity (3) m/s as the port sees it; turn (3) rad as a rotation vector: roll, pitch, yaw; its rate
(3) rad/s.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import from_matrix, to_body

PAIR = 28
CLOSING_MIN, CLOSING_MAX, LATERAL, LATERAL_SPEED, TILT, ROLL, RATE = range(7)  # of the margins of the capture box


@record
class Side(NamedTuple):
    """A rigid body with a docking ring: kg, kg m2; ring (3,) m from its centre of mass; axes (3, 3) of the docking
    frame as rows; all in body axes."""

    mass: float
    inertia: np.ndarray
    inverse: np.ndarray
    ring: np.ndarray
    axes: np.ndarray


@record
class Box(NamedTuple):
    """The capture box, limits at contact: closing m/s; lateral m, m/s; pitch and yaw each, and roll, rad; rad/s."""

    closing_min: float
    closing_max: float
    lateral: float
    lateral_speed: float
    tilt: float
    roll: float
    rate: float


@record
class Springs(NamedTuple):
    """The mechanism between the rings: stiffness and damping (6,) along x, y, z (N/m, N s/m) and about them.

    `settled` (4,): speed m/s, place m, rate rad/s and angle rad below which the motion counts as damped.
    """

    stiffness: np.ndarray
    damping: np.ndarray
    settled: np.ndarray


class Work(NamedTuple):
    """Workspace of the right-hand side: matrices of ship, station, their docking frames, and between them."""

    ship: np.ndarray
    station: np.ndarray
    ring: np.ndarray
    port: np.ndarray
    between: np.ndarray
    quaternion: np.ndarray
    arm: np.ndarray
    lever: np.ndarray
    push: np.ndarray
    turn: np.ndarray
    rel: np.ndarray
    load: np.ndarray


def side(mass, inertia, ring, axes) -> Side:
    """One of the two bodies; inertia (3, 3) or three moments, kg m2; axes: rows x, y, z of the docking frame."""
    inertia = np.array(inertia, dtype=np.float64)
    inertia = np.diag(inertia) if inertia.shape == (3,) else np.ascontiguousarray(inertia)
    ring, axes = np.array(ring, dtype=np.float64), np.ascontiguousarray(axes, dtype=np.float64)
    if np.abs(axes @ axes.T - np.eye(3)).max() > 1e-9 or np.linalg.det(axes) < 0.0:
        raise ValueError(f"axes {axes.tolist()}: expected three perpendicular unit vectors, right-handed, as rows")
    return Side(mass=float(mass), inertia=inertia, inverse=np.linalg.inv(inertia), ring=ring, axes=axes)


def springs(axial, lateral, tilt, roll, settled) -> Springs:
    """From pairs (stiffness, damping) along the axis, across it, in pitch and yaw, and in roll; SI."""
    pairs = np.array([axial, lateral, lateral, roll, tilt, tilt], dtype=np.float64)
    return Springs(
        stiffness=pairs[:, 0].copy(), damping=pairs[:, 1].copy(), settled=np.array(settled, dtype=np.float64)
    )


@njit(cache=True)
def scratch():
    """A new Work; it is for one pair at a time."""
    return Work(
        ship=np.zeros((3, 3)),
        station=np.zeros((3, 3)),
        ring=np.zeros((3, 3)),
        port=np.zeros((3, 3)),
        between=np.zeros((3, 3)),
        quaternion=np.zeros(4),
        arm=np.zeros(3),
        lever=np.zeros(3),
        push=np.zeros(3),
        turn=np.zeros(3),
        rel=np.zeros(12),
        load=np.zeros(6),
    )


@njit(cache=True)
def _out(c, a, i):
    """Component i of c transposed times a: from the axes that are the rows of c outward."""
    return c[0, i] * a[0] + c[1, i] * a[1] + c[2, i] * a[2]


@njit(cache=True)
def _product(a, b, out):
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@njit(cache=True, error_model="numpy")
def relation(y, ship, station, work, rel):
    """Fill rel (12,) (see the module) from the pair's state; leaves matrices and levers in `work`.

    The velocity is that of the ship's ring against the point of the station where it is now, so that force times it is
    the power that goes between the two.
    """
    to_body(y[6:10], work.ship)
    to_body(y[19:23], work.station)
    _product(ship.axes, work.ship, work.ring)
    _product(station.axes, work.station, work.port)
    arm, lever, push, turn = work.arm, work.lever, work.push, work.turn
    for i in range(3):
        arm[i] = _out(work.ship, ship.ring, i)
        lever[i] = y[i] + arm[i] - y[13 + i]
        push[i] = _out(work.ship, y[10:13], i)  # the two bodies' rates, inertial
        turn[i] = _out(work.station, y[23:26], i)
    for i in range(3):
        rel[i] = rel[3 + i] = rel[9 + i] = 0.0
    for j in range(3):
        k, m = (j + 1) % 3, (j + 2) % 3
        apart = lever[j] - _out(work.station, station.ring, j)
        speed = y[3 + j] - y[16 + j] + push[k] * arm[m] - push[m] * arm[k] - turn[k] * lever[m] + turn[m] * lever[k]
        for i in range(3):
            rel[i] += work.port[i, j] * apart
            rel[3 + i] += work.port[i, j] * speed
            rel[9 + i] += work.port[i, j] * (push[j] - turn[j])
    for i in range(3):
        for j in range(3):
            ring, port = work.ring[i], work.port[j]
            work.between[i, j] = ring[0] * port[0] + ring[1] * port[1] + ring[2] * port[2]
    e = work.quaternion
    from_matrix(work.between, e)
    half = math.sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2])
    scale = 2.0 * math.atan2(half, e[3]) / half if half > 1.0e-12 else 2.0
    for i in range(3):
        rel[6 + i] = scale * e[i]


@njit(cache=True)
def capture_box(rel, box, margins_out):
    """Whether a contact is inside the box: 1 or 0; margins_out (7,) margin to each limit, negative outside, SI.

    In the order CLOSING_MIN .. RATE. Pitch and yaw are judged each, rates about every axis; the maker's sheet of the
    Shenzhou mechanism (SAST) has the limits.
    """
    margins_out[CLOSING_MIN] = rel[3] - box.closing_min
    margins_out[CLOSING_MAX] = box.closing_max - rel[3]
    margins_out[LATERAL] = box.lateral - math.hypot(rel[1], rel[2])
    margins_out[LATERAL_SPEED] = box.lateral_speed - math.hypot(rel[4], rel[5])
    margins_out[TILT] = box.tilt - max(abs(rel[7]), abs(rel[8]))
    margins_out[ROLL] = box.roll - abs(rel[6])
    margins_out[RATE] = box.rate - max(abs(rel[9]), abs(rel[10]), abs(rel[11]))
    within = 1
    for margin in margins_out:
        if not margin >= 0.0:
            within = 0
    return within


@njit(cache=True, error_model="numpy")
def spring_load(work, mechanism, rest, rest_rate):
    """Fill work.load (6,), force and torque on the ship in the port's frame; return (power turned to heat, spring J).

    The turn has the energy 2 sum k e^2 with e the vector part of the quaternion (2 e is the angle, when small), whose
    torque is -2 (w K e + e x K e): force and torque come from one energy, whatever the angle.
    """
    rel, load, e, k, c = work.rel, work.load, work.quaternion, mechanism.stiffness, mechanism.damping
    heat, stored = 0.0, 0.0
    for i in range(3):
        place, speed = rel[i], rel[3 + i]
        if i == 0:
            place, speed = place - rest, speed - rest_rate
        load[i] = -k[i] * place - c[i] * speed
        heat += c[i] * speed * speed + c[3 + i] * rel[9 + i] * rel[9 + i]
        stored += 0.5 * k[i] * place * place + 2.0 * k[3 + i] * e[i] * e[i]
    for i in range(3):
        j, m = (i + 1) % 3, (i + 2) % 3
        load[3 + i] = -2.0 * (e[3] * k[3 + i] * e[i] + (k[3 + m] - k[3 + j]) * e[j] * e[m]) - c[3 + i] * rel[9 + i]
    return heat, stored


@njit(cache=True, error_model="numpy")
def _spin(q, w, torque, body, dq, dw):
    """Rates of a body's quaternion and of its rate w under a torque, both in body axes."""
    dq[0] = 0.5 * (q[3] * w[0] + q[1] * w[2] - q[2] * w[1])
    dq[1] = 0.5 * (q[3] * w[1] + q[2] * w[0] - q[0] * w[2])
    dq[2] = 0.5 * (q[3] * w[2] + q[0] * w[1] - q[1] * w[0])
    dq[3] = -0.5 * (q[0] * w[0] + q[1] * w[1] + q[2] * w[2])
    m, n = body.inertia, body.inverse
    hx = m[0, 0] * w[0] + m[0, 1] * w[1] + m[0, 2] * w[2]
    hy = m[1, 0] * w[0] + m[1, 1] * w[1] + m[1, 2] * w[2]
    hz = m[2, 0] * w[0] + m[2, 1] * w[1] + m[2, 2] * w[2]
    tx, ty, tz = torque[0] + hy * w[2] - hz * w[1], torque[1] + hz * w[0] - hx * w[2], torque[2] + hx * w[1] - hy * w[0]
    for i in range(3):
        dw[i] = n[i, 0] * tx + n[i, 1] * ty + n[i, 2] * tz


@njit(cache=True, error_model="numpy")
def apply(y, ship, station, work, dy):
    """Fill dy (26,) from work.load: force and torque on the ship at its ring, and their opposite on the station there.

    One line of action for both, so momentum and angular momentum are kept however far the rings lie apart.
    """
    load, arm, lever, force, turn = work.load, work.arm, work.lever, work.push, work.turn
    for i in range(3):
        force[i] = _out(work.port, load[:3], i)
        turn[i] = _out(work.port, load[3:], i)
        dy[i], dy[13 + i] = y[3 + i], y[16 + i]
        dy[3 + i], dy[16 + i] = force[i] / ship.mass, -force[i] / station.mass
    about_ship, about_station = work.between[0], work.between[1]
    on_ship, on_station = work.ring[0], work.ring[1]
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        about_ship[i] = arm[j] * force[k] - arm[k] * force[j] + turn[i]
        about_station[i] = -(lever[j] * force[k] - lever[k] * force[j]) - turn[i]
    for i in range(3):
        c, d = work.ship[i], work.station[i]
        on_ship[i] = c[0] * about_ship[0] + c[1] * about_ship[1] + c[2] * about_ship[2]
        on_station[i] = d[0] * about_station[0] + d[1] * about_station[1] + d[2] * about_station[2]
    _spin(y[6:10], y[10:13], on_ship, ship, dy[6:10], dy[10:13])
    _spin(y[19:23], y[23:26], on_station, station, dy[19:23], dy[23:26])
