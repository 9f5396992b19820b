"""Shadow and Earth-rise of ICUBE-Q's orbit against Skyfield: its own places of Sun, Earth and Moon, plain spheres, and
a search by bisection of what a grid of 20 s shows. Of the program only the craft's trajectory is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels.orbit.shadow import Occulter
from sim.build.orbit import load_orbit
from sim.environment.orientation import skyfield_times
from sim.environment.world import _ephemeris
from sim.events.light import eclipses, eclipses_behind, rises_behind
from sim.propagation.propagate import propagate

DAY, SUN_M, EARTH_M, MOON_M = 86400.0, 6.957e8, 6378137.0, 1737400.0
GRID_S = 20.0
NEAR_S, FAR_S = 0.01, 0.1  # of events at the Moon, and of those that the Earth's own place decides


def flown(days: float, utc: str | None = None):
    """The shipped orbit, or the same elements at another time."""
    orbit = load_orbit("icube-q", [f"epoch.utc={utc}"] if utc else []).orbit
    return propagate(replace(orbit, duration=days * DAY))


@pytest.fixture(scope="module")
def icube_q():
    """Until the Sun has been behind the Moon in a dozen revolutions, seven weeks after the release."""
    return flown(54.0)


def seen(whole, times, what: str):
    """(n,3) m from the craft to the Moon, the Earth or the Sun, as their light arrives, by Skyfield."""
    kernel, t = _ephemeris(), skyfield_times(whole.orbit.epoch, times)
    r = whole.trajectory.at(times)[0]
    if what == "moon":
        return -r
    return kernel["moon"].at(t).observe(kernel[what]).apparent().position.m.T - r


def apart(a, b):
    return np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), np.einsum("ij,ij->i", a, b))


def wide(a, radius: float):
    return np.arcsin(radius / np.linalg.norm(a, axis=1))


def changes(f, first: float, last: float) -> dict[int, list[float]]:
    """Times, s, at which f rises (1) and falls (-1) through zero."""
    grid = np.arange(first, last, GRID_S)
    above = f(grid) > 0.0
    found: dict[int, list[float]] = {1: [], -1: []}
    for i in np.flatnonzero(np.diff(above.astype(int))):
        t = brentq(lambda x: float(f(np.array([x]))[0]), grid[i], grid[i + 1], xtol=1e-4)
        found[1 if above[i + 1] else -1].append(t)
    return found


def compare(found, kinds: tuple[str, str], by_skyfield: dict[int, list[float]], least: int) -> float:
    """The largest difference, s; as many events as Skyfield has, and at least so many."""
    apart_s = 0.0
    for kind, direction in zip(kinds, (1, -1), strict=True):
        own, other = [e.t for e in found if e.kind == kind], by_skyfield[direction]
        assert len(own) == len(other) >= least
        apart_s = max(apart_s, float(np.abs(np.array(own) - other).max()))
    return apart_s


def shadow(whole, body: str, radius: float, sign: float):
    """A function of time that is negative in the umbra (sign -1) or the penumbra (1) of the Moon or the Earth."""

    def outside(t):
        ball, sun = seen(whole, t, body), seen(whole, t, "sun")
        return apart(ball, sun) - (wide(ball, radius) + sign * wide(sun, SUN_M))

    return outside


@pytest.mark.parametrize(("kind", "sign", "least"), [("umbra", -1.0, 5), ("penumbra", 1.0, 8)])
def test_shadow_of_the_moon(icube_q, kind, sign, least):
    """1 s is asked for; measured 0.3 and 0.4 ms, which a grazing one, half a minute long, makes of metres."""
    found = eclipses(icube_q.trajectory, icube_q.world, Occulter(MOON_M, 0.0))
    by_skyfield = changes(shadow(icube_q, "moon", MOON_M, sign), 49.0 * DAY, 54.0 * DAY)
    assert compare(found, (f"{kind}_exit", f"{kind}_entry"), by_skyfield, least) < NEAR_S


@pytest.mark.parametrize(("kind", "sign"), [("earth_umbra", -1.0), ("earth_penumbra", 1.0)])
def test_shadow_of_the_earth(kind, sign):
    """In the total eclipse of the Moon of 2025-03-14. Measured 16 ms: the craft's distance from the Moon, which the
    light time to the Moon leaves out. With the Earth's place of the instant it would be 1.6 s."""
    whole = flown(0.6, "2025-03-14T00:00:00")
    found = eclipses_behind(whole.trajectory, whole.world, "earth", EARTH_M)
    by_skyfield = changes(shadow(whole, "earth", EARTH_M, sign), 0.0, 0.6 * DAY)
    assert compare(found, (f"{kind}_exit", f"{kind}_entry"), by_skyfield, 1) < FAR_S


def test_earth_rise_and_set(icube_q):
    """Measured 14 ms in 54 days."""
    path = icube_q.trajectory.until(20.0 * DAY)

    def clear(t):
        return apart(seen(icube_q, t, "moon"), seen(icube_q, t, "earth")) - wide(seen(icube_q, t, "moon"), MOON_M)

    found = rises_behind(path, icube_q.world, "earth")
    assert compare(found, ("earth_rise", "earth_set"), changes(clear, 0.0, 20.0 * DAY), 10) < FAR_S
