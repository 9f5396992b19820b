"""From one centre to another: no jump, the same way back, and what is conserved where it must be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast
from kernels.records import Body, make
from sim.build.body import central_body
from sim.core.epoch import Epoch
from sim.environment.central_body import ThirdBody
from sim.propagation.about_body import about_body
from sim.propagation.batch import propagate_many
from sim.propagation.centres import flown_across, moved, shift
from sim.propagation.force_model import GravityChoice, Orbit, ThirdBodyChoice
from sim.propagation.propagate import METHOD, propagate

EPOCH = Epoch.from_utc("2024-05-03T10:10:00Z")
MOON = central_body("moon")
POINT_MOON = replace(MOON, field="point")
DAY = 86400.0
NO_NODES = np.empty((0, 11))


def translunar(gravity: GravityChoice) -> Orbit:
    """Aimed at the Moon's place 4.6 days later, by hand: 0.29 rad ahead of it, 0.03 rad out of its plane."""
    seen = shift("earth", "moon", EPOCH, 0.0, 6.0 * DAY)
    place, speed, _ = (x[0] for x in seen.at(4.6 * DAY))
    u, n = place / np.linalg.norm(place), np.cross(place, speed)
    n /= np.linalg.norm(n)
    rp, mu = 6.578e6, 3.986004415e14
    d = -(np.cos(-0.29) * u + np.sin(-0.29) * np.cross(n, u))
    v = np.sqrt(mu * (2.0 / rp - 2.0 / (rp + 4.1e8))) * (np.cos(0.03) * np.cross(n, d) + np.sin(0.03) * n)
    third = ThirdBodyChoice(True, True, 1.32712440041e20, MOON.mu)
    return Orbit("translunar", EPOCH, rp * d, v, 6.0 * DAY, 600.0, gravity=gravity, third_body=third)


def test_a_state_is_the_same_there_and_back():
    """To rounding of 4e8 m: 6e-8 m, and of 1e3 m/s."""
    r, v = np.array([1.2e6, -3.4e6, 5.6e5]), np.array([100.0, 1500.0, -300.0])
    back = moved(*moved(r, v, EPOCH, "moon", "earth"), EPOCH, "earth", "moon")
    assert np.abs(back[0] - r).max() < 1.2e-7 and np.abs(back[1] - v).max() < 1e-12


def test_the_moon_moves_as_skyfield_has_it():
    """Position to 1 mm and velocity to 1 um/s against the ephemeris itself, at instants of a fortnight; measured 0.04
    mm and 0.2 um/s, which is the rounding of the file's own time."""
    from sim.environment.orientation import skyfield_times
    from sim.environment.world import _ephemeris

    times = np.linspace(0.0, 14.0 * DAY, 29)
    place, speed, _ = shift("earth", "moon", EPOCH, 0.0, 14.0 * DAY).at(times)
    exact = (_ephemeris()["moon"] - _ephemeris()["earth"]).at(skyfield_times(EPOCH, times))
    assert np.abs(place - exact.position.m.T).max() < 1e-3
    assert np.abs(speed - 1e3 * exact.velocity.km_per_s.T).max() < 1e-6


@pytest.fixture(scope="module")
def flyby():
    return flown_across(translunar(GravityChoice("j2", 2, 0)), POINT_MOON)


def test_the_centre_changes_twice_without_a_jump(flyby):
    """Position, velocity and mass on both sides of a change are the same to rounding; the acceleration of the two
    models to 1e-8 m/s2, which is the Earth's oblateness in the Moon's motion."""
    whole, parts = flyby
    assert [name for _, name in whole.centres] == ["Moon", "Earth"] and len(parts) == 3
    path = whole.trajectory
    seams = np.flatnonzero(np.diff(path.t) == 0.0)
    assert path.t[seams].tolist() == [t for t, _ in whole.centres]
    assert np.abs(path.r[seams + 1] - path.r[seams]).max() < 1.2e-7
    assert np.abs(path.v[seams + 1] - path.v[seams]).max() < 1e-12
    assert np.abs(path.a[seams + 1] - path.a[seams]).max() < 1e-8
    seen = shift("earth", "moon", EPOCH, 0.0, 6.0 * DAY).at(path.t[seams])[0]
    assert np.linalg.norm(path.r[seams] - seen, axis=1) == pytest.approx(MOON.sphere_of_influence, abs=0.01)


def test_there_and_back_through_both_changes_to_a_millimetre(flyby):
    """From the end of the flyby backwards through both changes to the departure, 200 km above the Earth at 11 km/s.

    Measured 0.01 mm.
    """
    whole, parts = flyby
    y = np.append(parts[-1].trajectory.r[-1], [*parts[-1].trajectory.v[-1], 1000.0])
    for part, before in zip(parts[::-1], [*parts[-2::-1], None], strict=True):
        coast(part.trajectory.end, 0.0, y, part.world.step, METHOD, make_full(part.world.forces), NO_NODES)
        if before is not None:
            centre, to = ("moon", "earth") if part.orbit.body is not None else ("earth", "moon")
            y[:3], y[3:6] = moved(y[:3], y[3:6], part.orbit.epoch, centre, to)
    assert np.linalg.norm(y[:3] - whole.orbit.r) < 1e-3


def test_two_centres_and_one_agree_but_for_the_oblateness_of_the_earth(flyby):
    """With the same point mass of the Moon: 2.3 m at the closest point, 2782 km from its centre, a day after.

    About the Moon the Earth pulls as a point; its oblateness, 1.2e-9 m/s2 there, pulls craft and Moon nearly alike.
    """
    whole, _ = flyby
    one = propagate(translunar(GravityChoice("j2", 2, 0)))
    times = np.linspace(0.0, 6.0 * DAY, 1441)
    near = np.linalg.norm(
        whole.trajectory.at(times)[0] - shift("earth", "moon", EPOCH, 0.0, 6 * DAY).at(times)[0], axis=1
    )
    apart = np.linalg.norm(whole.trajectory.at(times)[0] - one.trajectory.at(times)[0], axis=1)
    change = whole.centres[0][0]
    assert apart[times < change].max() < 1e-4
    assert 0.1 < apart[near.argmin()] < 5.0


def test_an_orbit_that_starts_near_the_other_body_is_flown_about_it_at_once():
    orbit = translunar(GravityChoice("point"))
    place, speed, _ = (x[0] for x in shift("earth", "moon", EPOCH, 0.0, DAY).at(0.0))
    r, v = place + [1.0e7, 0.0, 0.0], speed + [0.0, 600.0, 0.0]
    near = replace(orbit, r=r, v=v, duration=DAY, other_centre=MOON)
    flown = propagate(near)
    assert flown.centres[0] == (0.0, "Moon")
    assert np.abs(flown.trajectory.r[0] - r).max() < 1.2e-7
    about = replace(
        near, r=r - place, v=v - speed, other_centre=None, gravity=GravityChoice(MOON.field, 20, 20), body=MOON
    )
    place, speed, _ = (x[0] for x in shift("earth", "moon", EPOCH, 0.0, DAY).at(DAY))
    assert np.linalg.norm(flown.trajectory.r[-1] - place - propagate(about).trajectory.r[-1]) < 1e-3


def test_many_orbits_at_once_keep_one_centre():
    with pytest.raises(ValueError, match="flown alone"):
        propagate_many(replace(translunar(GravityChoice("point")), other_centre=MOON), np.zeros((1, 6)))


# ---- what is conserved


def _circling(mu: float, distance: float, span: float) -> tuple[Body, float]:
    """A body on a circle in the xy plane, as a table, and its rate, rad/s."""
    rate, step, terms = np.sqrt(mu / distance**3), 2.0 * DAY, 12
    x = np.cos(np.pi * (np.arange(terms) + 0.5) / terms)
    centres = -DAY + (np.arange(int(span / step) + 2)[:, None] + 0.5 + 0.5 * x) * step
    places = distance * np.array([np.cos(rate * centres), np.sin(rate * centres), 0.0 * centres])
    basis = np.cos(np.arange(terms)[:, None] * np.arccos(x))
    weight = np.full(terms, 2.0 / terms)
    weight[0] /= 2.0
    return make(Body, t0=-DAY, span=step, mu=0.0, coeffs=np.einsum("jsn,kn->sjk", places, basis) * weight), float(rate)


def test_jacobis_constant_in_the_restricted_problem():
    """To 1e-10 of itself over 30 days about the Moon with the Earth on a circle; measured 7e-16.

    The same kernels, with a table of a circle in place of the ephemeris, on an orbit so wide that the Earth works on
    it: its energy about the Moon alone changes by half.
    """
    earth, distance = 3.986004415e14, 3.844e8
    body = replace(MOON, third_bodies=(ThirdBody("earth", earth), ThirdBody("sun", 0.0)))
    r, v = np.array([2.0e7, 0.0, 3.0e6]), np.array([0.0, 560.0, 120.0])
    orbit = Orbit("restricted", EPOCH, r, v, 30.0 * DAY, 600.0, gravity=GravityChoice("point"), body=body)
    world = about_body(orbit, body, 0.0, 30.0 * DAY, 30.0)
    circle, rate = _circling(earth + body.mu, distance, 30.0 * DAY)
    forces = world.forces._replace(moon=circle._replace(mu=earth), sun=circle._replace(mu=0.0))
    y, nodes = np.array([*r, *v, 1.0]), np.empty((90000, 11))
    count = coast(0.0, 30.0 * DAY, y, 30.0, METHOD, make_full(forces), nodes)
    t, r, v = nodes[:count, 0], nodes[:count, 1:4], nodes[:count, 4:7]
    other = distance * np.column_stack([np.cos(rate * t), np.sin(rate * t), 0.0 * t])
    spin = np.array([0.0, 0.0, rate])
    centre = earth / (earth + body.mu) * other  # of mass, from the Moon
    rho, slow = r - centre, v - np.cross(spin, centre)
    potential = body.mu / np.linalg.norm(r, axis=1) + earth / np.linalg.norm(r - other, axis=1)
    jacobi = 2.0 * (rho[:, 0] * slow[:, 1] - rho[:, 1] * slow[:, 0]) * rate - (slow**2).sum(axis=1) + 2.0 * potential
    energy = 0.5 * (v**2).sum(axis=1) - body.mu / np.linalg.norm(r, axis=1)
    assert np.abs(jacobi / jacobi[0] - 1.0).max() < 1e-10
    assert np.ptp(energy) / abs(energy[0]) > 0.1


def test_energy_about_the_moon_alone():
    """To 1e-10 in 30 days of a 200 x 8600 km orbit about a point mass; measured 1e-13."""
    body = replace(MOON, third_bodies=())
    r, v = np.array([1.9374e6, 0.0, 0.0]), np.array([0.0, 1500.0, 1430.0])
    path = propagate(
        Orbit("kept", EPOCH, r, v, 30.0 * DAY, 600.0, gravity=GravityChoice("point"), body=body)
    ).trajectory
    energy = 0.5 * (path.v**2).sum(axis=1) - body.mu / np.linalg.norm(path.r, axis=1)
    assert np.abs(energy / energy[0] - 1.0).max() < 1e-10
