"""The search for zeros against functions whose zeros are known: close pairs, ends, grazing, kinks, jumps."""

import math

import numpy as np
import pytest

from sim.events.roots import bracketed
from sim.events.search import zeros
from tests.tolerance import EVENT_S

RANDOM = np.random.default_rng(20250424)


def product(roots):
    return lambda t: np.prod([t - x for x in roots], axis=0)


def test_five_roots_at_random_places_are_five_events():
    """Some pairs as close as 0.1 ms of a span of 10 s, some on the very ends; one interval to begin with."""
    for case in range(300):
        roots = np.sort(RANDOM.uniform(0.5, 9.5, 5))
        if case % 3 == 0:
            roots[2] = roots[1] + 10.0 ** RANDOM.uniform(-2.0, -0.5)
            roots.sort()
        roots[0] = 0.0 if case % 3 == 1 else roots[0]
        roots[-1] = 10.0 if case % 3 == 2 else roots[-1]
        found = zeros(product(roots), [(0.0, 10.0)], step=10.0)
        assert found.t.size == 5, roots
        assert np.abs(found.t - roots).max() < EVENT_S
        assert found.direction.tolist() == [1, -1, 1, -1, 1]


@pytest.mark.parametrize("apart", [1.0, 1e-2, 1e-4, 3e-6])
def test_two_in_a_step(apart):
    """Down to what `tolerance` says is one: an excursion of (apart/2)^2."""
    found = zeros(lambda t: (t - 37.0) ** 2 - 0.25 * apart**2, [(0.0, 100.0)], 100.0, tolerance=1e-12)
    assert found.direction.tolist() == [-1, 1]
    assert found.t == pytest.approx([37.0 - apart / 2, 37.0 + apart / 2], abs=EVENT_S)


@pytest.mark.parametrize("height", [0.0, 9e-7, -9e-7])
def test_grazing_is_once_and_only_where_both_ways_are_asked(height):
    """Within `tolerance` of zero, above or below: one event without direction, at the extremum."""
    found = zeros(lambda t: (t - 37.0) ** 2 + height, [(0.0, 100.0)], 7.0, tolerance=1e-6)
    assert found.direction.tolist() == [0]
    assert found.t[0] == pytest.approx(37.0, abs=1e-5)  # an extremum is flat: known to the root of the rounding
    assert found.only(1).t.size == found.only(-1).t.size == 0


@pytest.mark.parametrize("height", [1.1e-6, 1.0])
def test_a_miss_is_no_event(height):
    assert zeros(lambda t: (t - 37.0) ** 2 + height, [(0.0, 100.0)], 7.0, tolerance=1e-6).t.size == 0


def test_grazing_on_the_grid_is_once():
    """The extremum on the seam of two intervals, and of two pieces."""
    for pieces in ([(0.0, 100.0)], [(0.0, 50.0), (50.0, 100.0)]):
        assert zeros(lambda t: (t - 50.0) ** 2, pieces, 25.0).direction.tolist() == [0]


def test_a_triple_root_is_one_crossing():
    found = zeros(lambda t: (t - 50.0) ** 3, [(0.0, 100.0)], 25.0)
    assert found.direction.tolist() == [1] and found.t[0] == pytest.approx(50.0, abs=1e-3)


@pytest.mark.parametrize(("shift", "ways"), [(0.0, [1, -1, 1]), (1e-13, [1, -1, 1]), (-1e-13, [1, -1, 1])])
def test_roots_on_both_ends_count_whatever_their_rounding(shift, ways):
    found = zeros(lambda t: np.sin(t) + shift, [(0.0, 2.0 * math.pi)], 10.0)
    assert found.direction.tolist() == ways
    assert found.t == pytest.approx([0.0, math.pi, 2.0 * math.pi], abs=EVENT_S)
    assert found.t.min() >= 0.0 and found.t.max() <= 2.0 * math.pi


def test_within_touch_of_an_end_the_zero_itself_is_taken_if_it_lies_inside():
    """With a coarse tolerance: a zero half of it inside is found there, one half of it outside is put on the end."""
    for at, expected in ((5e-4, 5e-4), (-5e-4, 0.0), (10.0 - 5e-4, 10.0 - 5e-4), (10.0 + 5e-4, 10.0)):
        found = zeros(lambda t, at=at: t - at, [(0.0, 10.0)], 10.0, tolerance=1e-3)
        assert found.direction.tolist() == [1] and found.t[0] == pytest.approx(expected, abs=EVENT_S)


def test_a_sweep_is_followed_to_its_quick_end():
    """573 zeros of sin(t^2/50) from one cut of 100 s, the last ones 0.26 s apart."""
    found = zeros(lambda t: np.sin(t**2 / 50.0), [(0.0, 300.0)], 100.0)
    expected = np.sqrt(50.0 * math.pi * np.arange(int(300.0**2 / 50.0 / math.pi) + 1))
    assert found.t.size == expected.size
    assert np.abs(found.t - expected).max() < EVENT_S


def test_kinks_and_jumps():
    def kink(t):
        return np.abs(t - 100.0 / 3.0) - 1e-4

    assert zeros(kink, [(0.0, 100.0)], 100.0).t == pytest.approx([100 / 3 - 1e-4, 100 / 3 + 1e-4], abs=EVENT_S)
    hidden = zeros(lambda t: np.where(t < 100.0 / 3.0, -1.0, 2.0), [(0.0, 100.0)], 100.0)
    assert hidden.t == pytest.approx([100.0 / 3.0], abs=EVENT_S) and hidden.direction.tolist() == [1]
    asked = []

    def jump(t):
        asked.append(t.size)
        return np.where(t < 50.0, 1.0, -2.0)

    on_seam = zeros(jump, [(0.0, 50.0), (50.0, 100.0)], 100.0)
    assert on_seam.t == pytest.approx([50.0], abs=EVENT_S) and on_seam.direction.tolist() == [-1]
    assert sum(asked) < 300  # a coarse look and two intervals: what lies on a seam need not be searched for


BENT = [lambda x: (x - 1.0) ** 9, lambda x: np.expm1(40.0 * (x - 1.0)), lambda x: np.cbrt(x - 1.0)]


@pytest.mark.parametrize("f", BENT, ids=["flat", "steep", "vertical"])
def test_a_bracket_closes_also_where_interpolation_misleads(f):
    """At most twice as slow as halving, which takes 33 calls for 1e-9 of 8."""
    calls = []

    def counted(x):
        calls.append(x)
        return f(x)

    a, b = np.array([-4.0, 0.9]), np.array([4.0, 1.3])
    x = bracketed(counted, a, b, f(a), f(b))
    assert x == pytest.approx([1.0, 1.0], abs=1e-8)
    assert len(calls) <= 66


def test_nothing_is_no_event():
    assert zeros(lambda t: 0.0 * t, [(0.0, 100.0)], 10.0).t.size == 0
    assert zeros(lambda t: 1.0 + 0.0 * t, [(0.0, 100.0)], 10.0).t.size == 0


def test_what_cannot_be_searched_says_why():
    with pytest.raises(ValueError, match=r"does not settle: .* near t = .*tolerance"):
        zeros(lambda t: np.random.default_rng(1).normal(size=t.size), [(0.0, 1e5)], 10.0)
    with pytest.raises(ValueError, match=r"one value a time: .* shape \(1,\)"):
        zeros(lambda t: np.zeros(1), [(0.0, 100.0)], 10.0, tolerance=1e-9)
    with pytest.raises(ValueError, match=r"returned nan at t = "):
        zeros(lambda t: np.where(t < 50.0, 1.0, np.nan), [(0.0, 100.0)], 10.0, tolerance=1e-9)
    with pytest.raises(ValueError, match=r"direction is 2; allowed"):
        zeros(np.sin, [(0.0, 100.0)], 10.0).only(2)


def test_no_zero_of_a_sum_of_waves_is_lost():
    """Six waves of 5 to 300 s from a first cut of 300 s, against sign changes on a grid of 5 ms."""
    grid = np.linspace(0.0, 1000.0, 200001)
    for _ in range(40):
        rate = 2.0 * math.pi / 10.0 ** RANDOM.uniform(math.log10(5.0), math.log10(300.0), 6)
        height, phase, shift = RANDOM.normal(size=6), RANDOM.uniform(0.0, 7.0, 6), RANDOM.normal()

        def waves(t, rate=rate, height=height, phase=phase, shift=shift):
            return np.sin(np.multiply.outer(t, rate) + phase) @ height + shift

        g = waves(grid)
        change = np.flatnonzero(np.sign(g[1:]) != np.sign(g[:-1]))
        found = zeros(waves, [(0.0, 1000.0)], 300.0)
        assert found.t.size == change.size
        assert np.all((grid[change] <= found.t) & (found.t <= grid[change + 1]))
        assert np.array_equal(found.direction, np.sign(g[change + 1]).astype(int))
