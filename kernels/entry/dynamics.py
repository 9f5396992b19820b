"""Dynamics of a lifting capsule, three degrees of freedom: the right-hand side and one step of an entry."""

import math
from typing import NamedTuple

import numpy as np

from kernels.atmosphere.us76 import us76
from kernels.atmosphere.winds import add_wind
from kernels.compiling import njit
from kernels.constants import G0
from kernels.maths.interpolation import interpolate
from kernels.orbit.forces import Scratch, acceleration, air_at
from kernels.records import Capsule

SUTTON_GRAVES = 1.7415e-4  # kg^0.5/m, Earth: Sutton & Graves, NASA TR R-376 (1971)
FASTEST_SOUND = 360.0  # m/s, in the standard air below 86 km: no capsule there has a Mach number under speed / this
ON_ALTITUDE = 0.01  # m, within which the opening altitude counts as reached
SKIP_ALTITUDE = 130000.0  # m; a capsule that climbs above it does not come back on this pass
# What `entry_derivative` finds: height m, air speed m/s, dynamic pressure Pa, load g, heat flux W/m2, energy J/kg
HEIGHT, SPEED, PRESSURE, LOAD, FLUX, ENERGY = range(6)
CALM_AIR = np.zeros((0, 3))


class EntryVehicle(NamedTuple):
    """The vehicle of an entry: mass kg, its nominal capsule, and the factors by which its real lift and drag differ
    from that."""

    mass: float
    capsule: Capsule
    lift_factor: float
    drag_factor: float


class EntryWorkspace(NamedTuple):
    """Workspace of an entry: that of the forces, Runge-Kutta stages k (4, 6), a state z (6,), the six extras of
    `entry_derivative`, a miss (2,), and the gravity (4, 3) of the stages."""

    scratch: Scratch
    k: np.ndarray
    z: np.ndarray
    extra: np.ndarray
    miss: np.ndarray
    gravity: np.ndarray


def entry_vehicle(mass, capsule, lift_factor=1.0, drag_factor=1.0) -> EntryVehicle:
    """A capsule of `mass` kg; with the nominal factors of 1."""
    return EntryVehicle(
        mass=float(mass), capsule=capsule, lift_factor=float(lift_factor), drag_factor=float(drag_factor)
    )


@njit(cache=True)
def entry_workspace(scratch):
    """An `EntryWorkspace` about the workspace of the forces."""
    return EntryWorkspace(
        scratch=scratch,
        k=np.empty((4, 6)),
        z=np.empty(6),
        extra=np.empty(6),
        miss=np.empty(2),
        gravity=np.empty((4, 3)),
    )


@njit(cache=True, _nrt=False)
def mach_number(height, speed):
    """Speed over that of sound in the standard air at a height, m."""
    return speed / us76(height)[3]


@njit(cache=True, _nrt=False)
def trim_shares(height, speed, trim):
    """Drag and lift area over those of the hypersonic trim: linear in the Mach number between the rows of `trim`
    (n, 3), held beyond its ends. One row is a constant, and costs nothing."""
    last = trim.shape[0] - 1
    if last == 0 or speed > FASTEST_SOUND * trim[last, 0]:
        return trim[last, 1], trim[last, 2]
    mach = mach_number(height, speed)
    return interpolate(mach, trim[:, 0], trim[:, 1]), interpolate(mach, trim[:, 0], trim[:, 2])


@njit(cache=True)
def entry_derivative(t, y, bank, vehicle, forces, work, dy, extra):
    """Right-hand side for y = (r, v) (6,), in air that turns with the Earth; `work` a Scratch.

    bank rad, positive to the right of the flight path
    extra (6,): height m, air speed m/s, dynamic pressure Pa, load g, heat flux W/m2, specific energy J/kg.
    """
    entry_air(t, y, vehicle, forces, np.empty((0, 3)), work, extra)
    banked_derivative(y, math.cos(bank), math.sin(bank), vehicle, work, dy, extra)


@njit(cache=True)
def entry_air(t, y, vehicle, forces, wind, work, extra):
    """All of `entry_derivative` that no bank changes: `extra`, and in `work` what `banked_derivative` reads.

    wind (n, 3): height m, wind to the east and to the north m/s; above its last row, and where it is empty, none blows.
    """
    acceleration(t, y[:3], y[3:6], forces, 0.0, work, work.vectors[4])
    flow = work.vectors[3]
    rho, height = air_at(t, y[:3], y[3:6], forces, work.c, work.row, work.vectors[0], flow)
    rows = wind.shape[0]
    if rows > 0 and height < wind[rows - 1, 0]:
        add_wind(height, y[:3], work.row[6:9], wind, flow)
    speed = math.sqrt(flow[0] ** 2 + flow[1] ** 2 + flow[2] ** 2)
    q = 0.5 * rho * speed * speed
    capsule, mass = vehicle.capsule, vehicle.mass
    drag_share, lift_share = trim_shares(height, speed, capsule.trim)
    # The trimmed areas over the mass, with the flow, are what `banked_derivative` needs of the capsule here.
    drag = q * (capsule.cda * drag_share) * vehicle.drag_factor / mass
    lift = q * (capsule.cla * lift_share) * vehicle.lift_factor / mass
    work.vectors[1][0] = drag
    work.vectors[1][1] = lift
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    extra[0] = height
    extra[1] = speed
    extra[2] = q
    extra[3] = math.sqrt(drag * drag + lift * lift) / G0
    extra[4] = SUTTON_GRAVES * math.sqrt(rho / capsule.nose) * speed**3
    extra[5] = forces.gravity.mu / r - 0.5 * (y[3] ** 2 + y[4] ** 2 + y[5] ** 2)


@njit(cache=True)
def banked_derivative(y, upward, aside, vehicle, work, dy, extra):
    """The rest of `entry_derivative`, right after `entry_air` of the same y.

    Lift l0 = unit(r - (r.v)v) lifted up, turned about the air velocity by the bank: a symmetric capsule,
    docs/physics.md 10.3. `upward`, `aside`: the shares of the lift along l0 and to the right of the path, cosine and
    sine of a bank that is held.
    """
    a = work.vectors[4]
    flow = work.vectors[3]
    speed = extra[1]
    drag, lift = work.vectors[1][0], work.vectors[1][1]
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    e0, e1, e2 = flow[0] / speed, flow[1] / speed, flow[2] / speed
    u0, u1, u2 = y[0] / r, y[1] / r, y[2] / r
    s = u0 * e0 + u1 * e1 + u2 * e2
    l0, l1, l2 = u0 - s * e0, u1 - s * e1, u2 - s * e2
    n = math.sqrt(l0 * l0 + l1 * l1 + l2 * l2)
    l0, l1, l2 = l0 / n, l1 / n, l2 / n
    # To the right of the path: v x l0.
    p0, p1, p2 = e1 * l2 - e2 * l1, e2 * l0 - e0 * l2, e0 * l1 - e1 * l0
    cb = lift * upward
    sb = lift * aside
    dy[0], dy[1], dy[2] = y[3], y[4], y[5]
    dy[3] = a[0] - drag * e0 + cb * l0 + sb * p0
    dy[4] = a[1] - drag * e1 + cb * l1 + sb * p1
    dy[5] = a[2] - drag * e2 + cb * l2 + sb * p2


@njit(cache=True)
def entry_step(t, h, y, upward, aside, vehicle, forces, wind, work):
    """One classical Runge-Kutta step of y (6,) in place; work.k[0] must hold the derivative at t. `upward`, `aside`:
    shares of the lift, means over the step.

    Of work, k and gravity hold the four stages then: their difference is what an accelerometer senses.
    """
    k, z, scratch, extra, gravity = work.k, work.z, work.scratch, work.extra, work.gravity
    for stage in range(1, 4):
        pull = scratch.vectors[4]
        for j in range(3):
            gravity[stage - 1, j] = pull[j]
        length = h if stage == 3 else 0.5 * h
        for j in range(6):
            z[j] = y[j] + length * k[stage - 1, j]
        entry_air(t + length, z, vehicle, forces, wind, scratch, extra)
        banked_derivative(z, upward, aside, vehicle, scratch, k[stage], extra)
    for j in range(3):
        gravity[3, j] = scratch.vectors[4, j]
    for j in range(6):
        y[j] += h / 6.0 * (k[0, j] + 2.0 * k[1, j] + 2.0 * k[2, j] + k[3, j])


@njit(cache=True)
def fall_banked(t, y, vehicle, forces, bank, down_to, step, limit, work, largest):
    """Fly y (6,) in place on one bank angle, rad, in still air, down to the height `down_to` m, as an abort ends.

    step s; limit s; work a Scratch; largest (1,) out: the largest load, g. Returns the time there, s, or NaN where
    the craft is not down within the limit, or climbs out of the air.
    """
    own = entry_workspace(work)
    k, extra = own.k, own.extra
    calm = np.empty((0, 3))
    upward, aside = math.cos(bank), math.sin(bank)
    begin = t
    largest[0] = 0.0
    while t - begin < limit:
        entry_air(t, y, vehicle, forces, calm, work, extra)
        largest[0] = max(largest[0], extra[3])
        if extra[0] <= down_to + ON_ALTITUDE:
            return t
        climb = (y[0] * y[3] + y[1] * y[4] + y[2] * y[5]) / math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
        if extra[0] > SKIP_ALTITUDE and climb > 0.0:
            return math.nan
        banked_derivative(y, upward, aside, vehicle, work, k[0], extra)
        h = step_to(down_to, extra[0], -climb, step)
        entry_step(t, h, y, upward, aside, vehicle, forces, calm, own)
        t += h
    return math.nan


@njit(cache=True, _nrt=False)
def step_to(down_to, height, sink, step):
    """The next step, s: `step`, or shorter where the capsule, sinking at `sink` m/s, is down to the height before."""
    if sink > 0.0:
        return min(step, max((height - down_to) / sink, 1.0e-4))
    return step
