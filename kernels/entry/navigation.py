"""Navigation in the entry: an inertial unit that errs, and satellite navigation that is silent in the blackout."""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.maths.random import Stream, normals

NO_STREAM = Stream(low=np.uint64(0), high=np.uint64(0), run=np.uint64(0), name=np.uint64(0))
FIX_EVERY = 1.0  # s
NOISE_FROM = 1 << 20  # number of the first draw of the noise; those of the fixes come before


@record
class InertialUnit(NamedTuple):
    """A platform that is held in space, as it errs in this flight; axes are those of space.

    on           0: place and velocity are known exactly
    bias, scale  (3,) of the accelerometers, m/s2 and a share
    tilt, drift  (3,) misalignment at the entry interface, rad, and its rate, rad/s
    noise        velocity random walk, m/s per square root of a second
    start        (6,) error of the state at the entry interface, m and m/s
    fix          (2,) one sigma of satellite navigation, every axis, m and m/s; `gain` of a fix, one a second
    blackout     (2,) heights m between which there is none
    stream       of the noise and of the fixes
    """

    on: int = 0
    bias: np.ndarray = np.zeros(3)
    scale: np.ndarray = np.zeros(3)
    tilt: np.ndarray = np.zeros(3)
    drift: np.ndarray = np.zeros(3)
    noise: float = 0.0
    start: np.ndarray = np.zeros(6)
    fix: np.ndarray = np.zeros(2)
    gain: float = 0.0
    blackout: np.ndarray = np.array([80.0e3, 40.0e3])
    stream: Stream = NO_STREAM


EXACT_UNIT = InertialUnit()


@njit(cache=True, _nrt=False)
def sense(force, elapsed, unit, out):
    """What the accelerometers say of a specific force (3,), m/s2, `elapsed` s after the entry interface; out (3,)."""
    a0, a1, a2 = (
        unit.tilt[0] + elapsed * unit.drift[0],
        unit.tilt[1] + elapsed * unit.drift[1],
        unit.tilt[2] + elapsed * unit.drift[2],
    )
    f0, f1, f2 = force[0], force[1], force[2]
    out[0] = f0 * (1.0 + unit.scale[0]) + a1 * f2 - a2 * f1 + unit.bias[0]
    out[1] = f1 * (1.0 + unit.scale[1]) + a2 * f0 - a0 * f2 + unit.bias[1]
    out[2] = f2 * (1.0 + unit.scale[2]) + a0 * f1 - a1 * f0 + unit.bias[2]


@njit(cache=True, _nrt=False)
def own_gravity(r, pole, gravity, out):
    """Gravity of point mass and J2 at r (3,) m about the pole (3,), as the unit computes it: gravity (2,) as in
    `EntryModel`; out (3,) m/s2. A height that is known wrong by d pulls wrong by 2 g d / r: the vertical channel
    diverges e-fold in 570 s."""
    r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
    z = r[0] * pole[0] + r[1] * pole[1] + r[2] * pole[2]
    pull, oblate = gravity[0] / (r2 * math.sqrt(r2)), gravity[1] / r2
    along = pull * (1.0 + oblate * (1.0 - 5.0 * z * z / r2))
    for j in range(3):
        out[j] = -along * r[j] - 2.0 * pull * oblate * z * pole[j]


@njit(cache=True)
def carry(nav, h, elapsed, stages, gravity, pole, unit, field, number):
    """Carry the navigated state nav (6,) on by a step of `h` s of the flight.

    stages (4, 6) and gravity (4, 3): derivatives of the flight and its gravity at the stages of its step, of which the
    difference is the specific force; pole (3,); field (2,) of `own_gravity`; number of the step, for its noise.
    """
    change, shift = np.empty(3), np.empty(3)
    pull, later, noise = np.empty(3), np.empty(3), np.zeros(3)
    for j in range(3):
        f0 = stages[0, 3 + j] - gravity[0, j]
        f1 = stages[1, 3 + j] - gravity[1, j]
        f2 = stages[2, 3 + j] - gravity[2, j]
        f3 = stages[3, 3 + j] - gravity[3, j]
        change[j] = (f0 + 2.0 * f1 + 2.0 * f2 + f3) / 6.0
        shift[j] = (f0 + f1 + f2) / 3.0
    middle = elapsed + 0.5 * h
    sense(change, middle, unit, change)
    sense(shift, middle, unit, shift)
    if unit.noise > 0.0:
        normals(unit.stream, NOISE_FROM + 3 * number, noise)
    walk = unit.noise * math.sqrt(h)
    own_gravity(nav[:3], pole, field, pull)
    for j in range(3):
        nav[j] += h * nav[3 + j] + 0.5 * h * h * (shift[j] + pull[j]) + 0.5 * h * walk * noise[j]
    own_gravity(nav[:3], pole, field, later)
    for j in range(3):
        nav[3 + j] += h * (change[j] + 0.5 * (pull[j] + later[j])) + walk * noise[j]


@njit(cache=True)
def take_fix(nav, y, unit, number):
    """Draw the navigated state nav (6,) toward the true y (6,) as satellite navigation measures it, by its gain."""
    draw = np.empty(6)
    normals(unit.stream, 6 * number, draw)
    for j in range(6):
        nav[j] += unit.gain * (y[j] + unit.fix[j // 3] * draw[j] - nav[j])
