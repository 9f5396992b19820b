"""Dynamics of a lifting capsule, three degrees of freedom: the right-hand side and one step of an entry."""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import G0
from kernels.orbit.forces import Scratch, acceleration, air_at
from kernels.records import Capsule

SUTTON_GRAVES = 1.7415e-4  # kg^0.5/m, Earth: Sutton & Graves, NASA TR R-376 (1971)


class EntryVehicle(NamedTuple):
    """The vehicle of an entry: mass kg, its nominal capsule, and the factors by which its real lift and drag differ
    from that."""

    mass: float
    capsule: Capsule
    lift_factor: float
    drag_factor: float


class EntryWorkspace(NamedTuple):
    """Workspace of an entry: that of the forces, Runge-Kutta stages k (4, 6), a state z (6,), the six extras
    of `entry_derivative`, and a miss (2,)."""

    scratch: Scratch
    k: np.ndarray
    z: np.ndarray
    extra: np.ndarray
    miss: np.ndarray


def entry_vehicle(mass, capsule, lift_factor=1.0, drag_factor=1.0) -> EntryVehicle:
    """A capsule of `mass` kg; with the nominal factors of 1."""
    return EntryVehicle(
        mass=float(mass), capsule=capsule, lift_factor=float(lift_factor), drag_factor=float(drag_factor)
    )


@njit(cache=True)
def entry_workspace(scratch):
    """An `EntryWorkspace` about the workspace of the forces."""
    return EntryWorkspace(scratch=scratch, k=np.empty((4, 6)), z=np.empty(6), extra=np.empty(6), miss=np.empty(2))


@njit(cache=True)
def entry_derivative(t, y, bank, vehicle, forces, work, dy, extra):
    """Right-hand side for y = (r, v) (6,). `bank` rad, positive to the right of the flight path; `work` a Scratch.

    extra (6,): height m, air speed m/s, dynamic pressure Pa, load g, heat flux W/m2, specific energy J/kg.
    """
    entry_air(t, y, vehicle, forces, work, extra)
    banked_derivative(y, bank, vehicle, work, dy, extra)


@njit(cache=True)
def entry_air(t, y, vehicle, forces, work, extra):
    """All of `entry_derivative` that no bank changes: `extra`, and in `work` what `banked_derivative` reads."""
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    flow = work.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    q = 0.5 * rho * speed * speed
    capsule, mass = vehicle.capsule, vehicle.mass
    drag = q * capsule.cda * vehicle.drag_factor / mass
    lift = q * capsule.cla * vehicle.lift_factor / mass
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    extra[0] = height
    extra[1] = speed
    extra[2] = q
    extra[3] = math.sqrt(drag * drag + lift * lift) / G0
    extra[4] = SUTTON_GRAVES * math.sqrt(rho / capsule.nose) * speed**3
    extra[5] = forces.gravity.mu / r - 0.5 * (y[3] ** 2 + y[4] ** 2 + y[5] ** 2)


@njit(cache=True)
def banked_derivative(y, bank, vehicle, work, dy, extra):
    """The rest of `entry_derivative`, right after `entry_air` of the same y.

    Lift l0 = unit(r - (r.v)v) lifted up, turned about the air velocity by the bank: a symmetric capsule,
    docs/physics.md 10.3.
    """
    a = work.vectors[4]
    flow = work.vectors[3]
    speed, q = extra[1], extra[2]
    capsule, mass = vehicle.capsule, vehicle.mass
    drag = q * capsule.cda * vehicle.drag_factor / mass
    lift = q * capsule.cla * vehicle.lift_factor / mass
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    e0, e1, e2 = flow[0] / speed, flow[1] / speed, flow[2] / speed
    u0, u1, u2 = y[0] / r, y[1] / r, y[2] / r
    s = u0 * e0 + u1 * e1 + u2 * e2
    l0, l1, l2 = u0 - s * e0, u1 - s * e1, u2 - s * e2
    n = math.sqrt(l0 * l0 + l1 * l1 + l2 * l2)
    l0, l1, l2 = l0 / n, l1 / n, l2 / n
    # To the right of the path: v x l0.
    p0, p1, p2 = e1 * l2 - e2 * l1, e2 * l0 - e0 * l2, e0 * l1 - e1 * l0
    cb = lift * math.cos(bank)
    sb = lift * math.sin(bank)
    dy[0], dy[1], dy[2] = y[3], y[4], y[5]
    dy[3] = a[0] - drag * e0 + cb * l0 + sb * p0
    dy[4] = a[1] - drag * e1 + cb * l1 + sb * p1
    dy[5] = a[2] - drag * e2 + cb * l2 + sb * p2


@njit(cache=True)
def entry_step(t, h, y, bank, vehicle, forces, work):
    """One classical Runge-Kutta step of y (6,) in place; work.k[0] must hold the derivative at t."""
    k, z, scratch, extra = work.k, work.z, work.scratch, work.extra
    for j in range(6):
        z[j] = y[j] + 0.5 * h * k[0, j]
    entry_derivative(t + 0.5 * h, z, bank, vehicle, forces, scratch, k[1], extra)
    for j in range(6):
        z[j] = y[j] + 0.5 * h * k[1, j]
    entry_derivative(t + 0.5 * h, z, bank, vehicle, forces, scratch, k[2], extra)
    for j in range(6):
        z[j] = y[j] + h * k[2, j]
    entry_derivative(t + h, z, bank, vehicle, forces, scratch, k[3], extra)
    for j in range(6):
        y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])
