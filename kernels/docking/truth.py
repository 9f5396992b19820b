"""The true state at a moment of a docking: both craft in LVLH, ring against port, and the pair at contact."""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.attitude import from_matrix, to_body
from kernels.craft.six_dof import station_attitude
from kernels.docking.contact import relation
from kernels.docking.port_geometry import turn_matrix
from kernels.maths.vectors import copy, norm
from kernels.orbit.orientation import body_position
from kernels.orbit.path import interval, pace, place
from kernels.orbit.shadow import ELLIPSOID, illumination
from kernels.relative.hill import lvlh_axes

Q, W, MASS = 6, 10, 13  # offsets in the plant's state


@record
class Truth(NamedTuple):
    """c (3, 3) LVLH axes as rows, n (1,) rad/s their rate; r, v (3,) of the station, inertial; relative (6,) the ship's
    centre of mass from the station's, LVLH; station (6,) its rotation vector against LVLH and rate; body (3, 3) LVLH to
    ship; turned (3, 3) station to LVLH; port (3,) m and axis (3,), ring (3,) m from port and its rate (3,), LVLH;
    gap m along the axis and closing m/s are gap (2,); sun (3,) unit vector to the Sun, inertial, and light (1,), the
    fraction of its disc that the station sees. `work` (3, 3): workspace."""

    c: np.ndarray
    n: np.ndarray
    r: np.ndarray
    v: np.ndarray
    relative: np.ndarray
    station: np.ndarray
    body: np.ndarray
    turned: np.ndarray
    port: np.ndarray
    axis: np.ndarray
    ring: np.ndarray
    ring_rate: np.ndarray
    gap: np.ndarray
    sun: np.ndarray
    light: np.ndarray
    work: np.ndarray


def truth() -> Truth:
    """A `Truth` that `update_truth` fills."""
    return Truth(
        c=np.zeros((3, 3)),
        n=np.zeros(1),
        r=np.zeros(3),
        v=np.zeros(3),
        relative=np.zeros(6),
        station=np.zeros(6),
        body=np.zeros((3, 3)),
        turned=np.zeros((3, 3)),
        port=np.zeros(3),
        axis=np.zeros(3),
        ring=np.zeros(3),
        ring_rate=np.zeros(3),
        gap=np.zeros(2),
        sun=np.zeros(3),
        light=np.zeros(1),
        work=np.zeros((3, 3)),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def update_truth(t, y, path, at, motion, route, now):
    """Fill now from the plant's state y (14,) at t s; at (1,) int64: index of the last interval of the path."""
    at[0] = interval(t, path[:, 0], at[0])
    now.r[0], now.r[1], now.r[2] = place(t, path, at[0])
    now.v[0], now.v[1], now.v[2] = pace(t, path, at[0])
    c = now.c
    n = lvlh_axes(now.r, now.v, c)
    now.n[0] = n
    for i in range(3):
        now.relative[i] = c[i, 0] * y[0] + c[i, 1] * y[1] + c[i, 2] * y[2]
        now.relative[3 + i] = c[i, 0] * y[3] + c[i, 1] * y[4] + c[i, 2] * y[5]
    now.relative[3] += n * now.relative[2]
    now.relative[5] -= n * now.relative[0]
    to_body(y[Q:W], now.turned)
    for i in range(3):
        for j in range(3):
            now.body[i, j] = now.turned[i, 0] * c[j, 0] + now.turned[i, 1] * c[j, 1] + now.turned[i, 2] * c[j, 2]
    station_attitude(t, motion, now.station)
    turn_matrix(now.station[:3], now.turned)
    for i in range(3):
        now.port[i] = (
            now.turned[i, 0] * route.port[0] + now.turned[i, 1] * route.port[1] + now.turned[i, 2] * route.port[2]
        )
        now.axis[i] = (
            now.turned[i, 0] * route.axis[0] + now.turned[i, 1] * route.axis[1] + now.turned[i, 2] * route.axis[2]
        )
    # The ring turns with the ship's rate against LVLH, the port with the station's.
    b, s = now.body, now.station
    w1, w2 = y[W + 1] + n * b[1, 1], y[W + 2] + n * b[2, 1]
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        ring_speed = route.ring * (b[1, i] * w2 - b[2, i] * w1)
        carried = s[3 + j] * now.port[k] - s[3 + k] * now.port[j]
        now.ring[i] = now.relative[i] + route.ring * b[0, i] - now.port[i]
        now.ring_rate[i] = now.relative[3 + i] + ring_speed - carried
    now.gap[0] = now.ring[0] * now.axis[0] + now.ring[1] * now.axis[1] + now.ring[2] * now.axis[2]
    now.gap[1] = -(now.ring_rate[0] * now.axis[0] + now.ring_rate[1] * now.axis[1] + now.ring_rate[2] * now.axis[2])


@njit(cache=True, error_model="numpy", _nrt=False)
def update_light(t, forces, now):
    """Fill now.sun and now.light at t s, for the station at now.r.

    The Earth's pole is the inertial z axis, from which it has moved 0.1 deg: 40 m of the shadow's edge at most.
    """
    sun, pole = now.sun, now.work[0]
    body_position(t, forces.sun, sun)
    pole[0], pole[1], pole[2] = 0.0, 0.0, 1.0
    now.light[0] = illumination(now.r, sun, pole, ELLIPSOID)
    for i in range(3):
        sun[i] -= now.r[i]
    far = norm(sun)
    for i in range(3):
        sun[i] /= far


@njit(cache=True, error_model="numpy")
def state_at_contact(y, now, ship, station, work, pair):
    """Fill pair (PAIR,) with both bodies at contact, in inertial axes from the station's centre, and work.rel."""
    pair[:] = 0.0
    copy(y[0:6], pair[0:6])
    copy(y[Q:MASS], pair[6:13])
    m = now.work
    for i in range(3):
        for j in range(3):
            m[i, j] = now.turned[0, i] * now.c[0, j] + now.turned[1, i] * now.c[1, j] + now.turned[2, i] * now.c[2, j]
    from_matrix(m, pair[19:23])
    for i in range(3):
        for j in range(3):
            pair[23 + i] += now.turned[j, i] * (now.station[3 + j] - (now.n[0] if j == 1 else 0.0))
    relation(pair, ship, station, work, work.rel)
