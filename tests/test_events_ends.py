"""Events some nanoseconds outside of a span: they belong to it, and count once in spans that follow each other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory, joined
from sim.events import altitudes, approaches, apsides, eclipses, nodes, passes, ranges, thresholds, united
from sim.events.search import END_S, zeros
from tests.test_events import kepler
from tests.tolerance import EVENT_S

SPAN = np.arange(0.0, 4 * 3600.0 + 1.0, 30.0)
PATH = kepler(7.4e6, 0.06, math.radians(50.0), 0.7, -2.0, SPAN)
OTHER = kepler(7.3e6, 0.05, math.radians(50.0), 0.7, -2.0, SPAN)
SITE = Site("under it", math.radians(20.0), math.radians(10.0), 0.0)
FINDERS = {
    "nodes": lambda p, w: nodes(p, w),
    "apsides": lambda p, w: apsides(p),
    "eclipses": lambda p, w: eclipses(p, w),
    "altitudes": lambda p, w: altitudes(p, w, 1.1e6),
    "passes": lambda p, w: passes(p, w, SITE, 2.0),
    "ranges": lambda p, w: ranges(p, OTHER, 5e5),
    "approaches": lambda p, w: approaches(p, OTHER),
    "thresholds": lambda p, w: thresholds(p, lambda t, r, v: r[:, 0] / 7e6 - 0.3, "x"),
}


def since(path: Trajectory, start: float) -> Trajectory:
    """The part from `start` on, with a node there; the acceleration by differences, good to 1e-6 m/s2."""
    keep = int(np.searchsorted(path.t, start, side="right"))
    r, v, mass = path.at(start)
    a = np.diff(path.at([start - 0.5, start + 0.5])[1], axis=0)
    parts = [(start, path.t), (r, path.r), (v, path.v), (a, path.a), (mass, path.mass)]
    return Trajectory(*(np.concatenate([np.reshape(x, (1, *y.shape[1:])), y[keep:]]) for x, y in parts))


@pytest.mark.parametrize("name", FINDERS)
@pytest.mark.parametrize("off", [36e-9, -36e-9, 0.9e-6, 0.0])
def test_an_event_beside_an_end_belongs_to_the_span_and_to_two_spans_once(name, off, world):
    def find(path):
        return FINDERS[name](path, world)

    whole = find(PATH)
    inside = [c for c in whole if 60.0 < c.t < SPAN[-1] - 60.0]
    assert inside, "the case shows nothing"
    for event in inside[:4]:
        cut = event.t - off
        left, right = PATH.until(cut), since(PATH, cut)
        before, after = find(left), find(right)
        assert (before[-1].kind, after[0].kind) == (event.kind, event.kind)
        assert before[-1].direction == after[0].direction == event.direction
        assert left.start <= before[0].t and before[-1].t <= left.end and after[0].t >= right.start
        assert max(abs(before[-1].t - event.t), abs(after[0].t - event.t)) < END_S + EVENT_S
        for found in (united(before, after), find(joined([left, right]))):
            assert [c.kind for c in found] == [c.kind for c in whole]
            assert [c.t for c in found] == pytest.approx([c.t for c in whole], abs=END_S + EVENT_S)


@pytest.mark.parametrize(("off", "count"), [(0.5e-6, 1), (2e-6, 0), (1.0, 0)])
def test_what_lies_further_outside_does_not(off, count):
    for f in (lambda t: np.sin(t - 10.0 - off), lambda t: np.sin(t + off)):
        found = zeros(f, [(0.0, 10.0)], 5.0)
        ends = found.t[(found.t < 1e-3) | (found.t > 10.0 - 1e-3)]
        assert ends.size == count and set(ends.tolist()) <= {0.0, 10.0}


def test_a_function_that_turns_just_short_of_zero_outside_an_end_has_no_event():
    for height in (1e-3, 1.0):
        assert zeros(lambda t, h=height: (t - 10.0 - 1e-6) ** 2 + h, [(0.0, 10.0)], 5.0, 1e-12).t.size == 0
