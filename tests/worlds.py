"""Worlds for tests: the parts of a force model made by hand, small enough to know everything about them."""

import numpy as np

from kernels.constants import MU_EARTH, MU_MOON, MU_SUN, R_GRAVITY
from kernels.records import Air, Body, Forces, Orientation, make
from sim.environment.gravity import egm2008, j2_only, point
from sim.environment.orientation import iau2006
from sim.environment.world import World, body_table

DAY = 86400.0
NO_BURNS = np.empty((0, 4))
NO_NODES = np.empty((0, 11))

# A Sun that pulls on nothing and stands still; only local solar time looks at it.
FAR_SUN = make(Body, t0=-1.0e9, span=2.0e9, mu=0.0, coeffs=np.array([[[1.5e11], [0.0], [0.0]]]))
NO_AIR = make(Air, scale=0.0, ut0=0.0, x0=4.0, dx=1.0, table=np.zeros((1, 2, 2, 1)))


def turning(rate, start_angle=0.0, axis_length=1.0):
    """An Earth that turns steadily about the inertial z axis; rad/s and rad.

    With `axis_length` 0 the pole that drags the air along vanishes (only for motion in the equator's plane).
    """
    rows = np.zeros((8, 12))
    rows[:, [0, 4]] = 1.0
    rows[:, 8] = axis_length
    rows[:, 9] = start_angle
    return make(Orientation, t0=-DAY, dt=10.0 * DAY, rate=rate, rows=rows)


def zonal(mu=MU_EARTH, radius=R_GRAVITY, j2=0.0):
    """Point mass, or point mass and J2."""
    return j2_only(mu, radius, j2) if j2 else point(mu, radius)


def field(gravity, orientation=None, sun=FAR_SUN, moon=FAR_SUN, air=NO_AIR, third_body=0, drag=0):
    """A force model of which everything but the gravity may be left out."""
    orientation = turning(0.0) if orientation is None else orientation
    return make(
        Forces, gravity=gravity, orientation=orientation, sun=sun, moon=moon, air=air, third_body=third_body, drag=drag
    )


def real_sun_and_moon(zero, start, end):
    """The tables that `build_world` makes, without its margin of two days."""
    sun = body_table("sun", zero, start, end, span=8 * DAY, terms=9, mu=MU_SUN)
    return sun, body_table("moon", zero, start, end, span=2 * DAY, terms=10, mu=MU_MOON)


def real_orientation(zero, start, end):
    return iau2006(zero, start, end)


def airless(zero, start, end, gravity=None):
    """A world with the real turning Earth and a field (EGM2008 8x8 unless given), nothing else: quick to make."""
    forces = field(egm2008(8) if gravity is None else gravity, real_orientation(zero, start, end))
    return World(zero, start, end, forces, 60.0)
