"""Screening against lists of others, against brute force, and of itself: nothing lost, nothing extra."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng

from kernels.orbit.near_pairs import OTHER, may_hold_minimum
from sim.conjunctions.screened_craft import ElementCraft, PathCraft, dates_of
from sim.conjunctions.screening import Screened, screen
from sim.conjunctions.screening_all import screen_all
from sim.conjunctions.screening_catalogue import Catalogue, parse_catalogue
from sim.conjunctions.screening_paths import of_ephemeris
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory, joined
from sim.interchange.mean import MeanElements
from sim.interchange.oem import Ephemeris, Segment
from sim.orbit.sgp4_batch import satellites

DATA = Path(__file__).resolve().parent / "data" / "conjunctions"
CATALOGUE_2026 = "TIANGONG_CATALOGUE_2026"  # a three-line catalogue that may not be copied
LIST_2026 = "TIANGONG_SCREENING_2026"  # and the list of minima that was made of it
DAY = 86400.0
ENVISAT = 27386
# From the test of a screener under MIT licence, Salad109/satellite-conjunction-detector@525c3a0; US element sets.
IRIDIUM = (
    "1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994",
    "2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336",
)
COSMOS = (
    "1 22675U 93036A   09040.49834364 -.00000001  00000-0  95251-5 0  9996",
    "2 22675 074.0355 019.4646 0016027 098.7014 261.5952 14.31135643817415",
)


@pytest.fixture(scope="module")
def of_2013() -> Catalogue:
    text = gzip.decompress((DATA / "catalog_2013-10-23.tle.gz").read_bytes()).decode()
    return parse_catalogue(text, "catalog_2013-10-23.tle")


def compared(events: list, found: Screened, catalogue: Catalogue, start: Epoch, range_column: int) -> None:
    """Every event of a list of others is found, none is extra; times to 1 ms, ranges to 2 mm, as the lists are held to
    be good: one is rounded to a millisecond, the other cut, and both have ranges to a millimetre."""
    ours: dict[int, list] = {}
    for one in found.approaches:
        ours.setdefault(catalogue.objects[one.row].number, []).append(one)
    assert len(found.approaches) == len(events)
    for event in events:
        t = Epoch.from_utc(event[0]).since(start)
        near = min(ours[event[1]], key=lambda one: abs(one.t - t))
        assert abs(near.t - t) <= 1.0e-3
        assert near.range_m == pytest.approx(1e3 * event[range_column], abs=2.0e-3)
        ours[event[1]].remove(near)


def test_envisat_has_the_345_minima_that_stk_found_in_six_days_of_2013(of_2013):
    """STK Advanced CAT, under 20 km, 14,917 objects with debris."""
    listed = json.loads((DATA / "screening_envisat_2013.json").read_text())
    start, end = (Epoch.from_utc(t) for t in listed["window"])
    itself = of_2013.same_as(ENVISAT, "")
    craft = ElementCraft(of_2013.objects[itself[0]])
    found = screen(craft, of_2013.group, start, end.since(start), 20e3, skip=itself)
    assert len(listed["events"]) == 345
    compared(listed["events"], found, of_2013, start, 2)
    assert found.looked_at < 0.5 * len(of_2013.objects)  # the sieve of heights leaves out more than half


@pytest.mark.skipif(
    not (os.environ.get(CATALOGUE_2026) and os.environ.get(LIST_2026)),
    reason=f"{CATALOGUE_2026} and {LIST_2026} name no files: the catalogue of July 2026 may not be copied",
)
def test_the_station_has_the_239_minima_of_a_brute_force_run_of_2026():
    catalogue = parse_catalogue(Path(os.environ[CATALOGUE_2026]).read_text(), "2026")
    listed = json.loads(Path(os.environ[LIST_2026]).read_text())
    start, end = (Epoch.from_utc(t) for t in listed["window"])
    craft = ElementCraft(parse_catalogue("\n".join(listed["primary"]), "primary").objects[0])
    found = screen(craft, catalogue.group, start, end.since(start), 50e3, skip=catalogue.same_as(48274, ""))
    compared(listed["events"], found, catalogue, start, 3)
    for event, one in zip(listed["events"], found.approaches, strict=True):
        # Its times were bisected to 2 us, in which the object moves along its relative velocity.
        assert 1e-3 * one.miss_rtn == pytest.approx(event[5:8], abs=2e-6 * (1.0 + event[4]))
        assert 1e-3 * one.speed_m_s == pytest.approx(event[4], abs=2e-6)
    near = {catalogue.objects[one.row].number for one in found.neighbours}
    assert near == {53239, 54216, 69049, 69180}  # modules and docked ships


def test_iridium_33_and_cosmos_2251():
    """16:55:59.795 and 698.01 m by SGP4 of these sets; they collided at 16:55:59.806."""
    pair = parse_catalogue("\n".join((*IRIDIUM, *COSMOS)), "pair")
    start = Epoch.from_utc("2009-02-10T12:00:00Z")
    found = screen(ElementCraft(pair.objects[0]), pair.group, start, 0.5 * DAY, 1e3, skip=[0])
    (one,) = found.approaches
    assert start.plus(one.t).since(Epoch.from_utc("2009-02-10T16:55:59.795Z")) == pytest.approx(0.0, abs=0.020)
    assert one.range_m == pytest.approx(698.01, abs=1.0)
    assert one.speed_m_s == pytest.approx(11647.244, abs=0.01)


def station(**changes: float) -> MeanElements:
    made = parse_catalogue("\n".join(IRIDIUM), "one").objects[0]
    return replace(made, number=1, **changes)


def minima(craft: MeanElements, other: MeanElements, start: Epoch, seconds: float, within: float) -> np.ndarray:
    """Seconds (n,) after which d.v rises through zero, by states of the package at every second."""
    t = np.arange(0.0, seconds + 1.0)
    (_, r1, v1), (_, r2, v2) = (one.satrec().sgp4_array(*dates_of(start, t)) for one in (craft, other))
    turn = np.sum((r2 - r1) * (v2 - v1), axis=1)
    near = 1e3 * np.linalg.norm(r2 - r1, axis=1) < within
    return t[:-1][(turn[:-1] < 0.0) & (turn[1:] >= 0.0) & near[:-1]]


@pytest.mark.parametrize(
    ("changes", "stays"),
    [
        ({"mean_anomaly_deg": 275.0012}, True),  # 2.5 km behind, and docked craft
        ({"mean_anomaly_deg": 275.2, "eccentricity": 0.0009, "argp_deg": 85.0}, True),  # around it, 30 km away
        ({"mean_anomaly_deg": 275.2, "inclination_deg": 86.6, "mean_motion_rev_day": 14.3430}, True),
        ({"raan_deg": 122.6, "argp_deg": 85.10}, False),  # crosses twice in each revolution
    ],
)
def test_slow_neighbours_have_every_minimum_of_their_revolutions(changes, stays):
    """Against states of every second: minima in the same seconds, and as many."""
    craft, other = station(), replace(station(**changes), number=2)
    start = Epoch.from_utc("2009-02-10T12:00:00Z")
    found = screen(ElementCraft(craft), [craft.satrec(), other.satrec()], start, 0.5 * DAY, 60e3, skip=[0])
    assert bool(found.neighbours) == stays
    ours = found.neighbours[0].minima if stays else found.approaches
    expected = minima(craft, other, start, 0.5 * DAY, 60e3)
    assert len(expected) >= 5
    assert [one.t for one in ours] == pytest.approx(expected + 0.5, abs=0.5)  # the middle of its second


def flown(r: np.ndarray, v: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two-body motion of (n, 3) m, m/s over t (n, 1) s of at most 20, by 40 steps of leapfrog: to 0.1 mm."""
    mu, h = 3.986004418e14, t / 40.0
    for _ in range(40):
        v = v - 0.5 * h * mu * r / np.linalg.norm(r, axis=1)[:, None] ** 3
        r = r + h * v
        v = v - 0.5 * h * mu * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    return r, v


def test_the_bound_of_a_cell_loses_no_minimum():
    """Random pairs in two-body motion, from 0.1 m/s to 15 km/s, with a minimum below the threshold in their cell by 51
    samples of it: the bound must keep each; and none that is out of reach."""
    turn, half, n = default_rng(17), 10.0, 4000

    def vectors(size: np.ndarray) -> np.ndarray:
        v = turn.normal(size=(n, 3))
        return v * (size / np.linalg.norm(v, axis=1))[:, None]

    r1 = vectors(np.full(n, 6.7e6))
    v1 = np.cross(r1, turn.normal(size=(n, 3)))
    v1 *= (7713.0 / np.linalg.norm(v1, axis=1))[:, None]
    gap, speed = vectors(10.0 ** turn.uniform(1.0, 4.3, n)), vectors(10.0 ** turn.uniform(-1.0, 4.17, n))
    back = -turn.uniform(-half, half, (n, 1))
    one, other = flown(r1, v1, back), flown(r1 + gap, v1 + speed, back)
    far = np.array(
        [
            np.linalg.norm(flown(*other, np.full((n, 1), t))[0] - flown(*one, np.full((n, 1), t))[0], axis=1)
            for t in np.linspace(-half, half, 51)
        ]
    )
    lowest = far.argmin(axis=0)
    holds = (lowest > 0) & (lowest < 50) & (far.min(axis=0) < 10e3)
    d, w = other[0] - one[0], other[1] - one[1]
    kept = np.array([may_hold_minimum(*x, *y, half, 10e3, OTHER) for x, y in zip(d.tolist(), w.tolist(), strict=True)])
    assert holds.sum() > 500
    assert kept[holds].all()
    # From 200 km none comes below 10 km in half a cell at up to 15 km/s, and so none may be kept.
    far_off = [may_hold_minimum(*x, *y, half, 10e3, OTHER) for x, y in zip(vectors(np.full(n, 200e3)), w, strict=True)]
    assert not any(far_off)


def test_all_against_all_finds_what_each_against_all_finds(of_2013):
    """20 of 3,000 objects, deep-space ones among them, over two hours; both lists to a microsecond and a millimetre."""
    rows = default_rng(17).choice(len(of_2013.objects), 3_000, replace=False)
    objects = [of_2013.objects[row] for row in sorted(rows.tolist())]
    group = satellites([one.satrec() for one in objects])
    start = Epoch.from_utc("2013-10-23T12:00:00Z")
    every = screen_all(group, start, 7200.0, 20e3, threads=2)
    assert len(every) > 100
    often = np.bincount(every.rows.ravel(), minlength=len(objects))
    deep = set(range(len(objects))) - set(group.near.tolist())
    chosen = [*np.argsort(-often)[:14].tolist(), *sorted(deep, key=lambda row: -often[row])[:6]]
    assert often[chosen[-6]] > 0
    for row in chosen:
        found = screen(ElementCraft(objects[row]), group, start, 7200.0, 20e3, skip=[row])
        alone = sorted((a.row, a.t, a.range_m) for a in found.approaches)
        alone += [(n.row, a.t, a.range_m) for n in found.neighbours for a in n.minima]
        mine = np.flatnonzero((every.rows == row).any(axis=1))
        both = sorted((int(every.rows[k].sum()) - row, float(every.t[k]), float(every.range_m[k])) for k in mine)
        assert [one[0] for one in both] == [one[0] for one in sorted(alone)]
        for (_, t1, x1), (_, t2, x2) in zip(both, sorted(alone), strict=True):
            assert t1 == pytest.approx(t2, abs=1e-6) and x1 == pytest.approx(x2, abs=1e-3)


def path_of(elements: MeanElements, start: Epoch, seconds: float, step: float) -> Ephemeris:
    """An ephemeris in TEME of an element set."""
    t = np.arange(0.0, seconds + 0.5 * step, step)
    _, r, v = elements.satrec().sgp4_array(*dates_of(start, t))
    stamps = np.array([start.plus(s).tai_ns for s in t.tolist()])
    return Ephemeris(elements.name, "", (Segment("teme", stamps, 1e3 * r, 1e3 * v, "HERMITE", 7),))


def test_a_path_is_screened_as_the_set_that_it_was_made_of(of_2013):
    """As an ephemeris with a row a minute, through GCRS and back: all events, times to 1 ms, ranges to 1 m. (SGP4's
    velocity is no exact derivative of its position, which Hermite's polynomial takes it for.)"""
    itself = of_2013.same_as(ENVISAT, "")
    elements, start = of_2013.objects[itself[0]], Epoch.from_utc("2013-10-23T12:00:00Z")
    zero, (run,) = of_ephemeris(path_of(elements, start, 0.25 * DAY, 60.0))
    some = [row for row in range(0, len(of_2013.objects), 3) if row not in itself]
    group = satellites([of_2013.group.records[row] for row in some])
    by_set = screen(ElementCraft(elements), group, start, 0.25 * DAY, 50e3)
    by_path = screen(PathCraft("path", run, zero), group, start, 0.25 * DAY, 50e3)
    assert len(by_set.approaches) > 10
    assert [one.row for one in by_path.approaches] == [one.row for one in by_set.approaches]
    for one, other in zip(by_path.approaches, by_set.approaches, strict=True):
        assert one.t == pytest.approx(other.t, abs=1e-3) and one.range_m == pytest.approx(other.range_m, abs=1.0)


def test_a_burn_that_turns_an_approach_is_a_minimum_there():
    """An impulse that ends the approach: the range has its minimum at the impulse, where d.v jumps."""
    start = Epoch.from_utc("2009-02-10T12:00:00Z")
    craft, other = station(), replace(station(mean_anomaly_deg=275.3), number=2)
    zero, (run,) = of_ephemeris(path_of(craft, start, 3600.0, 30.0))
    axis = run.v[60] / np.linalg.norm(run.v[60])
    at = float(run.t[60])
    before = run.until(at)
    after = Trajectory(*(getattr(run, name)[60:].copy() for name in ("t", "r", "v", "a", "mass")))
    # Towards the other at 25 m/s from the start, away from it after the impulse, in straight lines.
    before.r[:] += np.outer(before.t - at, 25.0 * axis)
    before.v[:] += 25.0 * axis
    after.r[:] -= np.outer(after.t - at, 25.0 * axis)
    after.v[:] -= 25.0 * axis
    bent = joined([before, after])
    found = screen(PathCraft("bent", bent, zero), [other.satrec()], start, 3600.0, 60e3)
    assert [one.t for one in found.neighbours[0].minima] == pytest.approx([at], abs=1e-6)
