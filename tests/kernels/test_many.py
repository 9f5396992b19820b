"""Many trajectories at once against each of them alone: the same bits, whoever flies beside it, on whatever thread."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.propagation.batch import GROUP, propagate_many
from sim.propagation.force_model import (
    AtmosphereChoice,
    BurnChoice,
    GravityChoice,
    Orbit,
    OrientationChoice,
    RadiationChoice,
    ThirdBodyChoice,
)
from sim.propagation.propagate import propagate

R, V = np.array([-4453783.586, -5038203.756, -426384.456]), np.array([3831.888, -2887.221, -6018.232])
PLAIN = Orbit(
    name="plain", epoch=Epoch.from_utc("2026-05-24T00:00:00Z"), r=R, v=V, duration=9000.0, step=60.0, mass=8000.0
)
AIR = AtmosphereChoice("exponential", reference_density=3.725e-12, reference_altitude=400e3, scale_height=58515.0)
BURNS = (  # a body that turns, whose axes each craft takes from its own start; and one that the end of the span cuts
    BurnChoice(
        start=1000.0,
        duration=93.0,
        thrust=2.0e4,
        direction=np.array([0.0, -0.6, 0.8]),
        frame="body",
        mass_flow=7.0,
        body_axes="lvlh",
        body_rate=(0.0, -1.1e-3, 0.0),
    ),
    BurnChoice(
        start=8800.0, duration=200.0, thrust=500.0, direction=np.array([1.0, 0.0, 0.0]), frame="lvlh", mass_flow=0.2
    ),
)
FULL = replace(
    PLAIN,
    drag_area=20.0,
    gravity=GravityChoice("egm2008", 12, 12),
    atmosphere=AIR,
    burns=BURNS,
    orientation=OrientationChoice("iau1976", ut1_utc=0.0),
    third_body=ThirdBodyChoice(sun=True, moon=True, ephemeris="analytic"),
)
ORBITS = {
    "J2": replace(PLAIN, gravity=GravityChoice("j2", 2, 0), orientation=OrientationChoice("uniform")),
    "field, Sun, Moon, air and burns": FULL,
    "sunlight": replace(FULL, srp_area=20.0, radiation=RadiationChoice("conical"), burns=(), duration=3000.0),
}
N = 2 * GROUP + 5  # whole groups, and one that is not full


def cloud():
    """Starts so far apart that the craft do not even have the same step: the third is on its way to 20,000 km."""
    rng = np.random.default_rng(2026)
    states = np.r_[R, V] + rng.normal(size=(N, 6)) * ([1e4] * 3 + [10.0] * 3)
    states[2, 3:] *= 1.25
    return states, rng.uniform(7000.0, 9000.0, N)


@cache
def flown(name, threads=1):
    orbit = ORBITS[name]
    return propagate_many(orbit, *cloud(), times=np.linspace(0.0, orbit.duration, 23), threads=threads)


def bits(many):
    return many.end.tobytes(), many.states.tobytes()


@pytest.mark.parametrize("name", ORBITS)
def test_each_is_what_it_is_alone(name):
    many = flown(name)
    states, masses = cloud()
    assert np.isfinite(many.end).all() and len(np.unique(many.end[:, 0])) == N
    for i in (0, 2, GROUP, N - 1):
        path = propagate(replace(ORBITS[name], r=states[i, :3], v=states[i, 3:], mass=masses[i])).trajectory
        r, v, mass = path.at(many.times)
        assert np.column_stack([r, v, mass]).tobytes() == many.states[i].tobytes()
        r, v, mass = path.last()
        assert np.array([*r, *v, mass]).tobytes() == many.end[i].tobytes()


@pytest.mark.parametrize("name", ORBITS)
def test_threads_change_no_bit(name):
    assert bits(flown(name)) == bits(flown(name, 2)) == bits(flown(name, 3))


def test_neither_order_nor_company_changes_a_bit():
    name = "field, Sun, Moon, air and burns"
    states, masses = cloud()
    order = np.random.default_rng(1).permutation(N)[: N - 3]
    mixed = propagate_many(ORBITS[name], states[order], masses[order], flown(name).times, threads=2)
    assert bits(mixed) == (flown(name).end[order].tobytes(), flown(name).states[order].tobytes())


def test_ends_alone_are_the_same_ends():
    """Without times the kernels write no nodes and skip what only nodes need."""
    for name, orbit in ORBITS.items():
        ends = propagate_many(orbit, *cloud())
        assert ends.end.tobytes() == flown(name).end.tobytes() and ends.states.shape == (N, 0, 7)


def test_the_mass_of_the_orbit_holds_unless_masses_are_given():
    """And the burns take from it what they take from all: 7 kg/s for 93 s, 0.2 kg/s for 200 s."""
    ends = propagate_many(FULL, cloud()[0][:1])
    assert ends.end[0, 6] == pytest.approx(8000.0 - 7.0 * 93.0 - 0.2 * 200.0, abs=1e-9)  # some thousand roundings


def test_nobody_flies_nowhere():
    assert propagate_many(PLAIN, np.empty((0, 6))).end.shape == (0, 7)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"states": np.zeros(6)}, r"shape \(6,\): expected \(n, 6\)"),
        ({"states": [[np.nan] * 6]}, "row 0: "),
        ({"states": [[*R, *V], [0.0, 0.0, 0.0, *V]]}, "row 1: "),
        ({"masses": [0.0]}, "row 0: "),
        ({"times": [9001.0]}, r"expected within 0\.\.9000 s"),
        ({"times": [np.nan]}, "expected within"),
        ({"threads": 0}, "threads = 0; it must be 1 or more"),
    ],
)
def test_what_cannot_be_flown_is_refused(changed, says):
    with pytest.raises(ValueError, match=says):
        propagate_many(PLAIN, **{"states": [[*R, *V]], **changed})
