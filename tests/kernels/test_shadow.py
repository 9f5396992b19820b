"""The shadow against rays: every claim is held to straight lines from the craft to points of a round Sun."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.constants import FLATTENING, R_EQUATOR
from kernels.orbit.shadow import ELLIPSOID, SPHERE, SUN_RADIUS, Occulter, edges, illumination, limb_functions
from tests.tolerance import LIT_FRACTION, SHADOW_EDGE_FLAT, SHADOW_EDGE_ROUND

AU = 1.495978707e11
POLE = np.array([0.0, 0.0, 1.0])
TILTED = np.array([0.2, -0.3, math.sqrt(1.0 - 0.13)])
# Directions of the Sun and of the orbit's normal: in the equator, at the solstice, over the pole; low and high orbits.
SUNS = [(1.0, 0.0, 0.0), (0.3, 0.85, 0.4), (-0.6, 0.5, -0.62)]
RADII = [6.6e6, 6.77e6, 2.66e7]


def unit(x):
    return np.asarray(x, dtype=float) / np.linalg.norm(x)


def clearance(r, directions, pole, occulter):
    """By how much rays from r (3,) along directions (n,3) miss the occulter (negative: hit), m of stretched space."""
    k = 1.0 / (1.0 - occulter.flattening) - 1.0
    r2 = r + k * (r @ pole) * pole
    w = directions + k * (directions @ pole)[:, None] * pole
    w /= np.linalg.norm(w, axis=1)[:, None]
    along = w @ r2
    beside = np.linalg.norm(r2 - along[:, None] * w, axis=1)
    return np.where(along < 0.0, beside, np.linalg.norm(r2)) - occulter.radius


def sun_rays(r, sun, share, angle, occulter):
    """Unit vectors to points of the Sun's disc, `share` (n,) of its angular radius from its centre, at `angle` (n,)."""
    d = sun - r
    ahead = unit(d)
    one = unit(np.cross(ahead, [0.12, 0.9, 0.35]))
    two = np.cross(ahead, one)
    a = share * math.asin(occulter.sun_radius / np.linalg.norm(d))
    side = np.cos(angle)[:, None] * one + np.sin(angle)[:, None] * two
    return np.cos(a)[:, None] * ahead + np.sin(a)[:, None] * side


def night_orbit(radius, sun, tilt):
    """A circle about the centre, as a function of the angle from midnight; `tilt` rad out of the Sun's direction."""
    back = -unit(sun)
    side = unit(np.cross(back, [0.3, -0.2, 0.93]))
    normal = np.cross(back, side)
    start = math.cos(tilt) * back + math.sin(tilt) * normal
    return lambda u: radius * (math.cos(u) * start + math.sin(u) * side)


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("sun", SUNS)
@pytest.mark.parametrize("occulter", [SPHERE, ELLIPSOID])
@pytest.mark.parametrize("pole", [POLE, TILTED])
def test_edges_are_where_the_first_and_the_last_ray_graze(radius, sun, occulter, pole):
    """On the penumbra's edge the best blocked ray from the Sun's limb just grazes the body; on the umbra's the last."""
    sun = AU * unit(sun)
    round_ = np.linspace(0.0, 2.0 * math.pi, 20001)
    for tilt in (0.0, 0.1, -0.12):
        orbit = night_orbit(radius, sun, tilt)
        for side in (1.0, -1.0):
            for which, pick in ((0, np.min), (1, np.max)):

                def edge(x, orbit=orbit, side=side, which=which):
                    return limb_functions(orbit(side * x), sun, pole, occulter)[which]

                r = orbit(side * brentq(edge, 0.0, 2.0))
                limb = sun_rays(r, sun, np.ones(round_.size), round_, occulter)
                # The Sun's half-disc, where its rays pass the limb.
                half_disc = occulter.sun_radius / AU * math.sqrt(radius**2 - occulter.radius**2)
                bound = SHADOW_EDGE_FLAT * occulter.flattening**2 + SHADOW_EDGE_ROUND
                assert abs(pick(clearance(r, limb, pole, occulter))) < bound * half_disc


@pytest.mark.parametrize("occulter", [SPHERE, ELLIPSOID])
@pytest.mark.parametrize("sun", SUNS)
def test_fraction_is_the_share_of_free_rays(sun, occulter):
    """A disc of 40000 rays, equal areas, through the penumbra of a station's orbit."""
    sun = AU * unit(sun)
    n = 40000
    share = np.sqrt((np.arange(n) + 0.5) / n)
    angle = np.arange(n) * math.pi * (3.0 - math.sqrt(5.0))  # a sunflower
    orbit = night_orbit(6.77e6, sun, 0.15)
    met = []
    for u in np.linspace(1.19, 1.24, 40):
        r = orbit(u)
        free = float(np.mean(clearance(r, sun_rays(r, sun, share, angle, occulter), TILTED, occulter) > 0.0))
        assert illumination(r, sun, TILTED, occulter) == pytest.approx(free, abs=LIT_FRACTION)
        met.append(free)
    assert sum(0.0 < x < 1.0 for x in met) >= 4  # the penumbra was really crossed


@pytest.mark.small
def test_fraction_and_edges_agree():
    """1 outside, 0 within, between in between, falling all the way in; no other zero on the day side or at midnight."""
    sun = AU * unit((0.3, 0.85, 0.4))
    orbit = night_orbit(6.77e6, sun, 0.1)
    angles = np.concatenate([np.linspace(0.0, math.pi, 60), np.linspace(1.18, 1.25, 80)])
    angles.sort()
    last = 0.0
    seen = set()
    for u in angles:
        penumbra, umbra = limb_functions(orbit(u), sun, TILTED, ELLIPSOID)
        lit = illumination(orbit(u), sun, TILTED, ELLIPSOID)
        assert lit == 1.0 if penumbra > 1e-12 else lit < 1.0
        assert lit == 0.0 if umbra < -1e-12 else lit > 0.0
        assert lit >= last
        last = lit
        seen.add(int(penumbra < 0.0) + int(umbra < 0.0))
    assert seen == {0, 1, 2}


@pytest.mark.small
def test_a_body_smaller_than_the_sun_leaves_a_ring():
    """A ball whose disc has half the Sun's radius in front of its centre: a quarter is covered."""
    sun = AU * unit((1.0, 0.0, 0.0))
    ball = Occulter(radius=1.0e3, flattening=0.0, sun_radius=SUN_RADIUS)
    far = 2.0e3 * AU / SUN_RADIUS
    assert illumination(np.array([-far, 0.0, 0.0]), sun, POLE, ball) == pytest.approx(0.75, abs=1e-5)


@pytest.mark.small
def test_flattening_lowers_the_edge_over_the_poles_only():
    """The Sun in the equator: a craft over the terminator's pole sees it past R (1 - f), over the equator past R."""
    sun = np.array([AU, 0.0, 0.0])
    point = Occulter(R_EQUATOR, FLATTENING, sun_radius=1.0)
    for direction, radius in (((0.0, 0.0, 1.0), R_EQUATOR * (1.0 - FLATTENING)), ((0.0, 1.0, 0.0), R_EQUATOR)):
        # Behind the terminator by 1000 km, where rays from the far Sun graze: parallel but for x / AU of the radius.
        behind = np.array([-1.0e6, 0.0, 0.0])
        for offset, lit in ((100.0, 1.0), (-100.0, 0.0)):
            assert illumination(behind + (radius + offset) * np.array(direction), sun, POLE, point) == lit


def test_many_are_one_by_one():
    sun = AU * np.array([unit(s) for s in SUNS])
    r = np.array([night_orbit(6.77e6, s, 0.1)(1.2) for s in sun])
    poles = np.array([POLE, TILTED, POLE])
    penumbra, umbra = edges(r, sun, poles)
    for i in range(3):
        assert (penumbra[i], umbra[i]) == limb_functions(r[i], sun[i], poles[i], ELLIPSOID)
