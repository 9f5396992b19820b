"""And, or, not of intervals against a brute-force grid, with the reason at every end."""

import numpy as np
import pytest

from sim.proximity_safety.conditions.intervals import (
    SPAN,
    Interval,
    both,
    either,
    every,
    holding,
    negated,
    some,
    whole,
    within,
)

START, END = 0, 60
MIDDLES = np.arange(START, END) + 0.5  # ends are whole numbers: between them nothing changes


def drawn(rng, name):
    """A random list with whole ends, so that ends of different lists often coincide."""
    ends = np.sort(rng.choice(np.arange(START, END + 1), size=2 * rng.integers(0, 9), replace=False)).tolist()
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return tuple(Interval(float(a), float(b), (name,), (name,)) for a, b in pairs)


def mask(intervals, times=MIDDLES):
    return np.array([any(x.start < t < x.end for x in intervals) for t in times])


def well_formed(intervals):
    assert all(x.start < x.end for x in intervals)
    assert all(a.end < b.start for a, b in zip(intervals, intervals[1:], strict=False))


def changes(lists, t):
    """The names of the lists that change at `t`."""
    return {n for n, x in lists.items() if mask(x, [t - 0.5])[0] != mask(x, [t + 0.5])[0]}


@pytest.mark.parametrize("seed", range(200))
def test_random_lists_against_a_grid(seed):
    rng = np.random.default_rng(seed)
    lists = {name: drawn(rng, name) for name in "abc"}
    a, b, c = lists.values()
    inside = {name: mask(x) for name, x in lists.items()}
    found = {
        "and": (both(a, b), inside["a"] & inside["b"]),
        "or": (either(a, b), inside["a"] | inside["b"]),
        "every": (every((a, b, c), START, END), inside["a"] & inside["b"] & inside["c"]),
        "some": (some((a, b, c)), inside["a"] | inside["b"] | inside["c"]),
        "not": (negated(a, START, END), ~inside["a"]),
        "mixed": (both(either(a, b), negated(c, START, END)), (inside["a"] | inside["b"]) & ~inside["c"]),
        "middle": (within(a, 17.0, 41.0), inside["a"] & (MIDDLES > 17.0) & (MIDDLES < 41.0)),
    }
    for name, (intervals, expected) in found.items():
        well_formed(intervals)
        assert (mask(intervals) == expected).all(), name
        for x in intervals:
            for t, reasons in ((x.start, x.opened), (x.end, x.closed)):
                assert set(reasons) - {SPAN} <= changes(lists, t), name
                assert reasons and (SPAN not in reasons or t in (START, END, 17.0, 41.0)), name
                assert name != "middle" or (SPAN in reasons) == (t in (17.0, 41.0))
    for x in found["every"][0]:  # all that end there are named, none of the others
        for t, reasons in ((x.start, x.opened), (x.end, x.closed)):
            out = -0.5 if t == x.start else 0.5
            assert set(reasons) - {SPAN} == {n for n, y in lists.items() if not mask(y, [t + out])[0]}


@pytest.mark.parametrize("seed", range(60))
def test_laws_of_the_algebra(seed):
    rng = np.random.default_rng(1000 + seed)
    a, b = drawn(rng, "a"), drawn(rng, "b")
    assert both(a, b) == both(b, a) and either(a, b) == either(b, a)
    assert negated(negated(a, START, END), START, END) == tuple(
        Interval(x.start, x.end, (SPAN,) if x.start == START else x.opened, (SPAN,) if x.end == END else x.closed)
        for x in a
    )
    neither = negated(either(a, b), START, END)
    de_morgan = both(negated(a, START, END), negated(b, START, END))
    assert [(x.start, x.end) for x in neither] == [(x.start, x.end) for x in de_morgan]
    assert either(a, ()) == a and both(a, ()) == () and within(a, START + 0.0, START + 0.0) == ()


def test_an_instant_is_found_in_its_interval():
    a = (Interval(1.0, 2.0, ("a",), ("b",)), Interval(4.0, 5.0, ("a",), ("a",)))
    assert holding(a, 1.5) is a[0] and holding(a, 5.0) is a[1] and holding(a, 3.0) is None
    assert whole(3.0, 3.0) == ()
