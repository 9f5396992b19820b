"""Events of orbits drawn at random, through `propagate`: each found once, against Kepler and against fine grids."""

import math

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.shadow import SPHERE
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.events import approaches, apsides, eclipses, look, nodes, passes, thresholds
from sim.propagation.force_model import GravityChoice, Orbit, OrientationChoice
from sim.propagation.propagate import propagate
from tests.test_events import UNDER_STILL_SUN, circle_at, passages, shadow_angle, times
from tests.tolerance import EVENT_S, ROUND_APSIS_S
from tests.worlds import DAY

EPOCH = Epoch.from_utc("2024-03-20T00:00:00Z")
UNIFORM = OrientationChoice("uniform")
KARACHI = Site("Karachi", 0.434, 1.17, 10.0)


def flown(a, e, angles, span, gravity):
    """angles: inclination, node, argument of perigee, true anomaly at the epoch."""
    state = np.asarray(elements_to_state(a, e, *angles, MU_EARTH))
    return propagate(
        Orbit(
            name="random",
            epoch=EPOCH,
            r=state[:3],
            v=state[3:],
            duration=span,
            step=60.0,
            gravity=gravity,
            orientation=UNIFORM,
        )
    )


def drawn(seed, eccentricity):
    """Perigee 200 to 2000 km up, every plane; no plane so flat that its nodes are lost in rounding."""
    rng = np.random.default_rng(seed)
    e = eccentricity(rng)
    inclination = math.acos(rng.uniform(-0.999, 0.999))
    angles = (inclination, *rng.uniform(-math.pi, math.pi, 3))
    return (6378e3 + rng.uniform(200e3, 2000e3)) / (1.0 - e), e, angles


DRAWS = [(lambda rng: rng.uniform(0.0, 0.75)), (lambda rng: 10.0 ** rng.uniform(-4.0, -1.0))]


@pytest.mark.parametrize("eccentricity", DRAWS, ids=["any", "nearly round"])
@pytest.mark.parametrize("seed", range(8))
def test_every_node_and_apsis_of_kepler_is_found_once(seed, eccentricity):
    a, e, (i, node, argp, nu) = drawn(seed, eccentricity)
    path = flown(a, e, (i, node, argp, nu), DAY, GravityChoice("point", mu=MU_EARTH)).trajectory
    found, turned = nodes(path), apsides(path)
    slack = EVENT_S + ROUND_APSIS_S / e
    for kind, at, events, bound in (
        ("ascending_node", -argp, found, EVENT_S),
        ("descending_node", math.pi - argp, found, EVENT_S),
        ("periapsis", 0.0, turned, slack),
        ("apoapsis", math.pi, turned, slack),
    ):
        expected = passages(a, e, nu, math.remainder(at, 2.0 * math.pi), path.end)
        assert times(events, kind) == pytest.approx(expected, abs=bound)


@pytest.mark.parametrize("seed", range(5))
def test_events_on_both_ends_count(seed):
    """One revolution from a node to the node, from perigee to perigee, from apogee to apogee."""
    a, e, (i, node, argp, _) = drawn(100 + seed, lambda rng: rng.uniform(0.01, 0.6))
    period = 2.0 * math.pi * math.sqrt(a**3 / MU_EARTH)
    point = GravityChoice("point", mu=MU_EARTH)
    for nu, finder in ((-argp, nodes), (0.0, apsides), (math.pi, apsides)):
        found = finder(flown(a, e, (i, node, argp, nu), period, point).trajectory)
        assert len(found) == 3 and found[0].kind == found[2].kind != found[1].kind
        assert found[0].t == 0.0 and found[2].t == pytest.approx(period, abs=EVENT_S)


def changes(g):
    """Where a sampled function has changed sign: indices before."""
    return np.flatnonzero(np.sign(g[1:]) != np.sign(g[:-1]))


@pytest.mark.parametrize("seed", range(4))
def test_apsides_under_j2_are_those_of_a_fine_grid(seed):
    """Nearly round: J2 turns r.v more often than the ellipse does, in pairs that come and go."""
    path = flown(*drawn(200 + seed, lambda rng: 10.0 ** rng.uniform(-5.0, -3.0)), DAY, GravityChoice("j2")).trajectory
    grid = np.arange(0.0, DAY, 0.5)
    r, v, _ = path.at(grid)
    change = changes(np.einsum("ij,ij->i", r, v))
    found = np.array([x.t for x in apsides(path)])
    assert found.size == change.size
    assert np.all((grid[change] <= found) & (found <= grid[change] + 0.5))


@pytest.fixture(scope="module")
def month():
    return flown(6.778e6, 0.001, (0.9, 1.0, 2.0, 3.0), 30 * DAY, GravityChoice("egm2008", 8, 8))


def test_a_month_of_nodes_and_passes_against_a_grid(month):
    path, grid = month.trajectory, np.arange(0.0, 30 * DAY, 10.0)
    found, change = np.array([x.t for x in nodes(path)]), changes(path.at(grid)[0][:, 2])
    assert found.size == change.size and np.all((grid[change] <= found) & (found <= grid[change] + 10.0))
    above = look(path, month.world, KARACHI, grid)[0] - math.radians(5.0)
    expected = changes(above)
    seen = passes(path, month.world, KARACHI, 5.0)
    edge = np.array([x.t for x in seen if x.kind != "culmination"])
    assert edge.size == expected.size and np.all((grid[expected] <= edge) & (edge <= grid[expected] + 10.0))


def test_a_mask_a_thousandth_of_a_degree_off_the_highest_point(month):
    """Below it a pass of its own, above it nothing."""
    path = month.trajectory.until(2 * DAY)
    tops = [x for x in passes(path, month.world, KARACHI, 0.0) if x.kind == "culmination"]
    assert len(tops) >= 8
    for top in tops:
        for off, kinds in ((1e-3, []), (-1e-3, ["aos", "culmination", "los"])):
            found = passes(path, month.world, KARACHI, top.values["elevation_deg"] + off)
            assert [x.kind for x in found if abs(x.t - top.t) < 120.0] == kinds


def test_a_shadow_that_is_grazed_for_two_seconds():
    """The beta at which the umbra is crossed in exactly 2 s, around a ball."""
    radius = 6.77e6
    n = math.sqrt(MU_EARTH / radius**3)
    beta = math.acos(math.cos(shadow_angle(radius, -1)) / math.cos(n * 1.0))
    found = eclipses(circle_at(radius, beta), UNDER_STILL_SUN, SPHERE)
    assert [x.kind for x in found] == ["penumbra_entry", "umbra_entry", "umbra_exit", "penumbra_exit"]
    # d(arc)/d(angle) is the tangent of the shadow's half angle over n: nanometres of the quintic count 900 times.
    assert found[2].t - found[1].t == pytest.approx(2.0, abs=1e3 * EVENT_S)


def test_a_threshold_touched_and_crossed_twice_within_a_step(month):
    """The height of the node's own extremum: a centimetre inside there are two, a centimetre outside none."""
    path = month.trajectory.until(6000.0)
    crossings = thresholds(path, lambda t, r, v: v[:, 2], "turns")
    assert len(crossings) >= 2
    for x in crossings:
        highest = float(path.at(x.t)[0][0, 2])
        sign = math.copysign(1.0, highest)
        for off, count in ((-0.01, 2), (0.01, 0)):
            found = thresholds(path, lambda t, r, v, z=highest + sign * off: r[:, 2] - z, "height")
            near = [y for y in found if abs(y.t - x.t) < 60.0]
            assert len(near) == count
        touched = thresholds(path, lambda t, r, v, z=highest: r[:, 2] - z, "height", tolerance=1e-5)
        assert [y.direction for y in touched if abs(y.t - x.t) < 60.0] == [0]


OTHERS = {
    "stationary": (42.164e6, 1e-4, (0.01, 2.0, 1.0, 0.5)),
    "Molniya": (26.5e6, 0.74, (1.1, 2.0, 1.0, 0.5)),
    "against the traffic": (6.97e6, 0.01, (2.2, 2.0, 1.0, 0.5)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_closest_approaches_are_the_minima_of_a_grid(name):
    j2 = GravityChoice("j2")
    a = flown(6.947e6, 0.01, (0.9, 1.0, 2.0, 3.0), DAY, j2).trajectory
    b = flown(*OTHERS[name], DAY, j2).trajectory
    grid = np.arange(0.0, DAY + 0.5, 1.0)
    d = np.linalg.norm(a.at(grid)[0] - b.at(grid)[0], axis=1)
    least = grid[np.flatnonzero((d[1:-1] < d[:-2]) & (d[1:-1] <= d[2:])) + 1]
    assert [x.t for x in approaches(a, b)] == pytest.approx(least, abs=1.0)
