"""Dynamics of the multistep integrator, each a record; `evaluate` picks the equations by the record's type.

A type is known when numba compiles, so the choice costs nothing at run time, every kind is compiled for itself, and the
disk cache finds it again, which it never does for a function passed as an argument.

`_nrt=False` on functions that make no arrays: else numba counts the references to every array inside a record whenever
the record is taken apart or passed on, which was half of the time of a 20x20 step with all forces.
"""

import math
from typing import NamedTuple

import numpy as np
from numba.core import types
from numba.extending import overload

from kernels.compiling import njit
from kernels.maths.lanes import add, div, fma, mul, root, splat8, sub
from kernels.orbit.forces import Scratch, acceleration, scratch
from kernels.orbit.harmonics import Field, eight_points, harmonic_acceleration
from kernels.orbit.sunlight import light_over
from kernels.records import Forces


class Zonal(NamedTuple):
    """A point mass `mu` m3/s2 with J2 about the inertial z axis: `k` = 3/2 J2 R^2, m2; 0 for none."""

    mu: float
    k: float


class Turning(NamedTuple):
    """A harmonic field that turns steadily about the inertial z axis: rad at t = 0, rad/s; `out` (3,) workspace."""

    field: Field
    angle: float
    rate: float
    out: np.ndarray


class Full(NamedTuple):
    """All of `kernels.orbit.forces`: `cda_m`, `cra_m` m2/kg drag and reflectivity coefficient times area over mass.

    The arrays and `work` are workspace, so that one record serves one thread.
    """

    forces: Forces
    cda_m: float
    cra_m: float
    r: np.ndarray
    v: np.ndarray
    a: np.ndarray
    work: Scratch


def make_zonal(mu, radius=0.0, j2=0.0) -> Zonal:
    return Zonal(mu=float(mu), k=1.5 * float(j2) * float(radius) ** 2)


def make_turning(field, angle, rate) -> Turning:
    return Turning(field=field, angle=float(angle), rate=float(rate), out=np.empty(3))


def make_full(forces, cda_m=0.0, cra_m=0.0) -> Full:
    return Full(
        forces=forces,
        cda_m=float(cda_m),
        cra_m=float(cra_m),
        r=np.empty(3),
        v=np.empty(3),
        a=np.empty(3),
        work=scratch(),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def zonal_acceleration(t, x, y, z, vx, vy, vz, dynamics):
    """Point mass and J2: Vallado, Fundamentals (2013), eq 8-30."""
    r2 = x * x + y * y + z * z
    q = 1.0 / r2
    pull = -dynamics.mu * q * q * math.sqrt(r2)  # root and quotient at the same time
    bulge = dynamics.k * q
    p = 5.0 * z * z * q
    equator = pull * (1.0 + bulge * (1.0 - p))
    return equator * x, equator * y, pull * (1.0 + bulge * (3.0 - p)) * z


@njit(cache=True, error_model="numpy", _nrt=False)
def turning_acceleration(t, x, y, z, vx, vy, vz, dynamics):
    angle = dynamics.angle + dynamics.rate * t
    c = math.cos(angle)
    s = math.sin(angle)
    out = dynamics.out
    harmonic_acceleration(c * x + s * y, c * y - s * x, z, dynamics.field, out)
    return c * out[0] - s * out[1], s * out[0] + c * out[1], out[2]


@njit(cache=True, error_model="numpy", forceinline=True, _nrt=False)
def full_acceleration(t, x, y, z, vx, vy, vz, dynamics):
    r = dynamics.r
    v = dynamics.v
    a = dynamics.a
    forces = dynamics.forces
    work = dynamics.work
    r[0], r[1], r[2] = x, y, z
    v[0], v[1], v[2] = vx, vy, vz
    acceleration(t, r, v, forces, dynamics.cda_m, work, a)
    return a[0], a[1], a[2]


@njit(cache=True, error_model="numpy", _nrt=False)
def zonal_eight(t, x, y, z, dynamics):
    """`zonal_acceleration` of eight craft in lanes."""
    one = splat8(1.0)
    r2 = fma(x, x, fma(y, y, mul(z, z)))
    q = div(one, r2)
    pull = mul(mul(splat8(-dynamics.mu), mul(q, q)), root(r2))
    bulge = mul(splat8(dynamics.k), q)
    p = mul(mul(splat8(5.0), mul(z, z)), q)
    equator = mul(pull, fma(bulge, sub(one, p), one))
    return mul(equator, x), mul(equator, y), mul(mul(pull, fma(bulge, sub(splat8(3.0), p), one)), z)


@njit(cache=True, error_model="numpy", _nrt=False)
def turning_eight(t, x, y, z, dynamics):
    """`turning_acceleration` of eight craft in lanes."""
    angle = dynamics.angle + dynamics.rate * t
    c = splat8(math.cos(angle))
    s = splat8(math.sin(angle))
    ax, ay, az = eight_points(add(mul(c, x), mul(s, y)), sub(mul(c, y), mul(s, x)), z, dynamics.field)
    return sub(mul(c, ax), mul(s, ay)), add(mul(s, ax), mul(c, ay)), az


def _has_drag(dynamics):
    return dynamics.forces.drag != 0


def _never(dynamics):
    return False


def _has_sunlight(dynamics):
    return dynamics.forces.radiation.on != 0


@njit(cache=True, error_model="numpy", _nrt=False)
def _no_light(t, h, r, v, a, dynamics, light):
    pass


@njit(cache=True, error_model="numpy", _nrt=False)
def _full_light(t, h, r, v, a, dynamics, light):
    light_over(t, h, r, v, a, dynamics.forces, dynamics.cra_m, dynamics.work, light)


_EQUATIONS = {Zonal: zonal_acceleration, Turning: turning_acceleration, Full: full_acceleration}
_EIGHT = {Zonal: zonal_eight, Turning: turning_eight}
_VELOCITY = {Zonal: _never, Turning: _never, Full: _has_drag}
_SUNLIT = {Zonal: _never, Turning: _never, Full: _has_sunlight}
_LIGHT = {Zonal: _no_light, Turning: _no_light, Full: _full_light}


def evaluate(t, x, y, z, vx, vy, vz, dynamics):
    """Acceleration (three numbers, m/s2, inertial) at t s, position m, velocity m/s; of all forces but sunlight."""
    return _EQUATIONS[type(dynamics)](t, x, y, z, vx, vy, vz, dynamics)


def evaluate_eight(t, x, y, z, dynamics):
    """Accelerations of eight craft at one instant, in lanes; of forces without velocity terms."""
    return _EIGHT[type(dynamics)](t, x, y, z, dynamics)


def uses_velocity(dynamics):
    """Whether the acceleration depends on the velocity."""
    return _VELOCITY[type(dynamics)](dynamics)


def sunlit(dynamics):
    """Whether sunlight has to be added, by `shine`."""
    return _SUNLIT[type(dynamics)](dynamics)


def shine(t, h, r, v, a, dynamics, light):
    """The effect of sunlight from t to t + h: `kernels.orbit.sunlight.light_over`."""
    _LIGHT[type(dynamics)](t, h, r, v, a, dynamics, light)


@overload(evaluate, inline="always")
def _evaluate(t, x, y, z, vx, vy, vz, dynamics):
    equations = _EQUATIONS[dynamics.instance_class]
    return lambda t, x, y, z, vx, vy, vz, dynamics: equations(t, x, y, z, vx, vy, vz, dynamics)


@overload(evaluate_eight, inline="always")
def _evaluate_eight(t, x, y, z, dynamics):
    equations = _EIGHT[dynamics.instance_class]
    return lambda t, x, y, z, dynamics: equations(t, x, y, z, dynamics)


@overload(uses_velocity, inline="always")
def _uses_velocity(dynamics):
    assert isinstance(dynamics, types.BaseNamedTuple)
    return _VELOCITY[dynamics.instance_class]


@overload(sunlit, inline="always")
def _sunlit(dynamics):
    return _SUNLIT[dynamics.instance_class]


@overload(shine, inline="always")
def _shine(t, h, r, v, a, dynamics, light):
    fill = _LIGHT[dynamics.instance_class]
    return lambda t, h, r, v, a, dynamics, light: fill(t, h, r, v, a, dynamics, light)
