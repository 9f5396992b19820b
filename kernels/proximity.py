"""The last kilometre: two craft in the full force model, one of them under closed-loop control to contact.

The control law works on the position of the docking ring relative to the port in the station's LVLH axes: a commanded
closing speed against distance, a commanded lateral speed against offset, and thrust pulses when the velocity error
leaves its dead-band. It is told the true relative state: navigation errors and attitude are not modelled here.
"""

import numpy as np
from numba import njit

from kernels.constants import G0
from kernels.forces import acceleration, scratch
from kernels.relative import lvlh_axes, to_lvlh

CONTACT = 0
TIMED_OUT = 1
OUT_OF_PROPELLANT = 2

STOP_SLOPE = 0.01  # 1/s, glideslope to a stop
HOLD_GAIN = 0.05  # 1/s, back to the stop while holding
STOP_SPEED = 0.03  # m/s, at which a stop is reached before the hold takes over


@njit(cache=True)
def rate(t, y, push, forces, cda, work, dy):
    """Right-hand side for y = (r, v, mass) with an extra inertial acceleration `push` (3,), m/s2."""
    acceleration(t, y[:3], y[3:6], forces, cda / y[6], work, work.vectors[4])
    for j in range(3):
        dy[j] = y[3 + j]
        dy[3 + j] = work.vectors[4][j] + push[j]
    dy[6] = 0.0


@njit(cache=True)
def rk4(t, h, y, push, forces, cda, work, k, z):
    """One classical Runge-Kutta step of y (7,) in place; `k` (4, 7) is left with the first stage in k[0]."""
    rate(t, y, push, forces, cda, work, k[0])
    for j in range(7):
        z[j] = y[j] + 0.5 * h * k[0, j]
    rate(t + 0.5 * h, z, push, forces, cda, work, k[1])
    for j in range(7):
        z[j] = y[j] + 0.5 * h * k[1, j]
    rate(t + 0.5 * h, z, push, forces, cda, work, k[2])
    for j in range(7):
        z[j] = y[j] + h * k[2, j]
    rate(t + h, z, push, forces, cda, work, k[3])
    for j in range(7):
        y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])


@njit(cache=True)
def closing_command(distance, gap, v_max, slope, v_end):
    """Commanded closing speed, m/s: the least of v_max, a glideslope to the next stop, and one to the port.

    Glideslope: the speed falls linearly with the distance to go, to v_end there. Hablani, Tapper, Dana-Bashian, J.
    Guid. Control Dyn. 25 (2002) 553-562. The way to a stop may be steeper than the way to the port.
    """
    return min(v_max, v_end + STOP_SLOPE * max(distance, 0.0), 0.05 + slope * gap)


@njit(cache=True)
def approach(
    t, station, ship, station_cda, ship_cda, port, axis, ring, stops, holds, v_max, slope, v_contact, thrust, isp,
    propellant, deadband, lateral_gain, dt, limit, forces, station_nodes, ship_nodes, relative, marks,
):  # fmt: skip
    """Fly from a hold on the port's axis through the stops to contact.

    station, ship  (7,) states in place; port, axis (3,) LVLH m and unit outward; ring m, centre of mass to ring
    stops, holds   distances from the port along the axis (m) and how long to stay there (s); it starts at the first
    v_max          speed limit of the approach, m/s; slope 1/s of its glideslope; v_contact at the port, m/s
    thrust, isp    N per axis, s; deadband m/s; lateral_gain 1/s; dt control period s; limit s
    *_nodes        (capacity, 11) out; relative (capacity, 7) out: ring from port x, y, z, their rates, propellant used
    marks (n, 2)   out: arrival and departure times at the stops
    Returns (status, nodes written, time, propellant used). Thrusters act on three axes at once, each at most `thrust`,
    and their mean force over a period is what the craft feels: pulses are not resolved.
    """
    work = scratch()
    k = np.empty((4, 7))
    z = np.empty(7)
    c = np.empty((3, 3))
    d = np.empty(3)
    rate_d = np.empty(3)
    still = np.zeros(3)
    push = np.zeros(3)
    wish = np.empty(3)
    start = t
    used = 0.0
    count = 0
    stop = 0
    arrived = True
    marks[:] = 0.0
    marks[0, 0] = t
    lever = ring * axis  # from the ring outward to the centre of mass, along the port's axis
    status = TIMED_OUT
    while t - start < limit:
        lvlh_axes(station[:3], station[3:6], c)
        to_lvlh(station[:3], station[3:6], ship[:3], ship[3:6], d, rate_d)
        d -= port + lever
        gap = d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2]
        closing = -(rate_d[0] * axis[0] + rate_d[1] * axis[1] + rate_d[2] * axis[2])

        # Holds and departures.
        if stop < stops.shape[0]:
            if not arrived and gap - stops[stop] < 0.3:
                arrived = True
                marks[stop, 0] = t
            if arrived and t - marks[stop, 0] >= holds[stop] - 1.0e-9:
                marks[stop, 1] = t
                stop += 1
                arrived = False

        # Commanded velocity of the ring.
        if stop < stops.shape[0]:
            ahead = gap - stops[stop]
            along = -HOLD_GAIN * ahead if arrived else -closing_command(ahead, gap, v_max, slope, STOP_SPEED)
        else:
            along = -max(v_contact, closing_command(gap, gap, v_max, slope, v_contact))
        for j in range(3):
            offset = d[j] - gap * axis[j]
            wish[j] = along * axis[j] - lateral_gain * offset

        # Thrust: pulses toward the commanded velocity, when it has left the dead-band.
        for j in range(3):
            push[j] = 0.0
        flow = 0.0
        for j in range(3):
            error = wish[j] - rate_d[j]
            if abs(error) > deadband:
                a = min(max(error / dt, -thrust / ship[6]), thrust / ship[6])
                flow += abs(a) * ship[6] / (isp * G0)
                for i in range(3):
                    push[i] += a * c[j, i]

        h = dt
        last = False
        if stop == stops.shape[0] and closing > 0.0 and gap < closing * dt:
            h = max(gap / closing, 0.0)
            last = True
            push[:] = 0.0
            flow = 0.0
        if count < ship_nodes.shape[0]:
            _node(t, station, still, forces, station_cda, work, k, station_nodes[count])
            _node(t, ship, push, forces, ship_cda, work, k, ship_nodes[count])
            for j in range(3):
                relative[count, j] = d[j]
                relative[count, 3 + j] = rate_d[j]
            relative[count, 6] = used
            count += 1
        rk4(t, h, station, still, forces, station_cda, work, k, z)
        rk4(t, h, ship, push, forces, ship_cda, work, k, z)
        ship[6] -= flow * h
        used += flow * h
        t += h
        if used > propellant:
            status = OUT_OF_PROPELLANT
            break
        if last:
            status = CONTACT
            break
    if count < ship_nodes.shape[0]:
        to_lvlh(station[:3], station[3:6], ship[:3], ship[3:6], d, rate_d)
        d -= port + lever
        _node(t, station, still, forces, station_cda, work, k, station_nodes[count])
        _node(t, ship, still, forces, ship_cda, work, k, ship_nodes[count])
        for j in range(3):
            relative[count, j] = d[j]
            relative[count, 3 + j] = rate_d[j]
        relative[count, 6] = used
        count += 1
    return status, count, t, used


@njit(cache=True)
def _node(t, y, push, forces, cda, work, k, node):
    rate(t, y, push, forces, cda, work, k[0])
    node[0] = t
    node[1:7] = y[:6]
    node[7:10] = k[0, 3:6]
    node[10] = y[6]
