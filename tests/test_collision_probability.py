"""Probability of collision against published conjunctions: tests/data/conjunctions, each file with its source.

The files' own exact two-dimensional values come from an integration in 25 digits, given in 12 to 13; what NASA, ESA
and Orekit published beside them is held to the digits that it has.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.conjunctions import short_encounter as short
from sim.conjunctions.assessment import assess
from sim.conjunctions.encounter import Encounter, EncounterPlane, full, inertial_covariance, plane_of, rtn_axes
from sim.conjunctions.equinoctial import elements, states
from sim.conjunctions.errors import EncounterError
from sim.conjunctions.judgement import duration, fits, one_covariance_maximum
from sim.conjunctions.long_encounter import Counted, expected_collisions, monte_carlo, usual_span

DATA = Path(__file__).parent / "data" / "conjunctions"


def cases(name: str) -> dict[str, dict]:
    return {c["id"]: c for c in json.loads((DATA / f"pc_{name}.json").read_text("utf-8"))["cases"]}


def encounter(c: dict) -> Encounter:
    """The two objects of a case; covariances stand in inertial or in each object's own axes."""
    r1, v1, r2, v2 = (np.array(c[key]) for key in ("r1_m", "v1_m_s", "r2_m", "v2_m_s"))
    c1, c2 = (
        full(c[f"C{i}_eci_lower"]) if f"C{i}_eci_lower" in c else inertial_covariance(full(c[f"C{i}_rtn_lower"]), r, v)
        for i, r, v in ((1, r1, v1), (2, r2, v2))
    )
    return Encounter(r1, v1, c1, r2, v2, c2, c["hbr_m"])


BPLANE, UNIT, ESA = cases("bplane"), cases("unit_states"), cases("esa_events")
ALFANO, CARA, EDGE = cases("alfano2009"), cases("cara_operational"), cases("edge_cases")


# ---- two dimensions: the plane


@pytest.mark.parametrize("name", BPLANE)
def test_published_encounter_planes(name):
    """Exact to 1e-9; the published ones have four to five digits, and their origin allows 5e-4."""
    c = BPLANE[name]
    plane = plane_of((c["xm_m"], c["ym_m"]), np.diag([c["sigma_x_m"] ** 2, c["sigma_y_m"] ** 2]), c["hbr_m"])
    for method in (short.alfano, short.foster, short.patera):
        assert method(plane) == pytest.approx(c["pc2d_exact"], rel=1e-9, abs=0.0), method.__name__
    assert short.alfano(plane) == pytest.approx(c["pc2d_published"], rel=5e-4, abs=0.0)
    assert short.chan(plane) == pytest.approx(c["chan1997_published"], rel=5e-4, abs=0.0)
    assert short.chan(plane) == pytest.approx(c["chan_series_ours"], rel=1e-7, abs=0.0)  # eight digits are given
    assert short.alfriend(plane) == pytest.approx(c["alfriend1999_ours"], rel=1e-9, abs=0.0)


def test_chan_is_where_its_docstring_puts_it():
    """Within 1 % of the exact one while the radius is below a third of the narrow sigma; three times too small for
    Alfano's third case, where it is ten sigmas."""
    some, few = [], []
    for c in BPLANE.values():
        small = c["hbr_m"] < min(c["sigma_x_m"], c["sigma_y_m"]) / 3.0
        (some if small else few).append(c["chan_series_ours"] / c["pc2d_exact"])
    assert len(some) == 10 and max(abs(x - 1.0) for x in some) < 0.01
    assert few == [pytest.approx(0.311, abs=1e-3)]


@pytest.mark.parametrize("name", [n for n, c in UNIT.items() if "pc2d_exact" in c])
def test_published_states(name):
    """Circle and square from states. The published circles are a rule of 64 points, good to 5e-4 where the radius is
    larger than a sigma."""
    c = UNIT[name]
    plane = encounter(c).plane()
    for method in (short.alfano, short.foster, short.patera):
        assert method(plane) == pytest.approx(c["pc2d_exact"], rel=1e-9, abs=0.0)
    if "pc2d_published" in c:
        assert short.alfano(plane) == pytest.approx(c["pc2d_published"], rel=5e-4, abs=0.0)
    if "pc_square_side_2hbr_published" in c:
        side = math.sqrt(math.pi) * c["hbr_m"]
        assert short.square(plane) == pytest.approx(c["pc_square_side_2hbr_published"], rel=1e-7, abs=0.0)
        assert short.square(plane, side) == pytest.approx(c["pc_square_equal_area_published"], rel=1e-7, abs=0.0)


def test_a_square_of_the_same_area_is_no_circle_and_holds_the_inner_one():
    plane = EncounterPlane(30.0, 40.0, 12.0, 33.0, 10.0)
    assert short.alfano(plane) < short.square(plane) < short.alfano(replace(plane, radius_m=10.0 * math.sqrt(2.0)))
    round_ = EncounterPlane(0.0, 0.0, 7.0, 7.0, 5.0)  # of a round error: the product of two error functions
    assert short.square(round_) == pytest.approx(math.erf(5.0 / 7.0 / math.sqrt(2.0)) ** 2, rel=1e-12, abs=0.0)


def test_a_centred_round_error_has_a_closed_form():
    """1 - exp(-R^2 / 2 s^2), from a radius of a thousandth of a sigma to thirty of them."""
    for radius in np.geomspace(1e-3, 30.0, 19):
        plane = EncounterPlane(0.0, 0.0, 2.0, 2.0, 2.0 * radius)
        for method in (short.alfano, short.foster, short.patera, short.chan):
            assert method(plane) == pytest.approx(-math.expm1(-0.5 * radius**2), rel=1e-9, abs=0.0), (
                method.__name__,
                radius,
            )


def test_four_methods_agree_over_shapes_and_radii():
    """Alfano, Foster and Patera to 1e-9 on 120 drawn planes within 5 sigmas; radius from a hundredth of the narrow
    sigma to ten of the wide one."""
    generator = np.random.default_rng(17)
    for _ in range(120):
        narrow, wide = np.sort(10.0 ** generator.uniform(0.0, 2.5, 2))
        miss = generator.standard_normal(2) * (narrow, wide)
        plane = EncounterPlane(*miss, narrow, wide, narrow * 10.0 ** generator.uniform(-2.0, 1.0))
        if plane.mahalanobis2 > 25.0:
            continue
        exact = short.alfano(plane)
        assert short.foster(plane) == pytest.approx(exact, rel=1e-9, abs=0.0), plane
        assert short.patera(plane) == pytest.approx(exact, rel=1e-9, abs=0.0), plane
        if plane.radius_m < narrow / 3.0:
            assert short.chan(plane) == pytest.approx(exact, rel=1e-2, abs=0.0), plane


@pytest.mark.parametrize("name", ESA)
def test_events_of_the_challenge(name):
    c = ESA[name]
    plane = encounter(c).plane()
    assert short.alfano(plane) == pytest.approx(c["pc2d_exact"], rel=1e-9, abs=0.0)
    assert short.foster(plane) == pytest.approx(c["pc2d_exact"], rel=1e-9, abs=0.0)
    assert short.alfano(plane) == pytest.approx(
        c["pc_alfano_published"], rel=4e-3, abs=0.0
    )  # a coarse rule, as its file says
    assert short.alfriend(plane) == pytest.approx(c["pc_alfriend1999_published"], rel=1e-7, abs=0.0)
    assert short.alfriend_maximum(plane) == pytest.approx(c["pc_alfriend1999_max_published"], rel=1e-7, abs=0.0)
    assert plane.mahalanobis2 == pytest.approx(c["mahalanobis2"], rel=1e-7, abs=0.0)


def test_the_largest_probability_over_the_scale_of_the_errors():
    """Nothing beside it is larger, the one at hand is not, and far from the disc it is Alfriend's closed form. A
    published one has three digits."""
    for c in ESA.values():
        plane = encounter(c).plane()
        value, scale = short.maximum(plane)
        assert value >= short.alfano(plane) * (1.0 - 1e-9)
        assert value == pytest.approx(short.alfano(plane.scaled(scale)), rel=1e-9, abs=0.0)
        assert value > max(short.alfano(plane.scaled(scale * f)) for f in (0.98, 1.02))
        if plane.radius_m < 0.01 * plane.miss_m and plane.radius_m < 0.1 * plane.sigma_x_m * scale:
            assert value == pytest.approx(short.alfriend_maximum(plane), rel=2e-2, abs=0.0)
    c = UNIT["cara_unit_omitron_cdm04"]
    published = c["max_pc_over_covariance_scale_published"]
    assert short.maximum(encounter(c).plane())[0] == pytest.approx(published, rel=1e-3, abs=0.0)


# ---- states


def test_duration_of_a_straight_encounter():
    """The published ones are relative to the closest approach, after both objects were moved there; 1e-16 left out."""
    c = UNIT["linear_duration_hall_fig1"]
    moved, _ = encounter(c).at_closest_approach()
    first, last = duration(moved)
    assert first == pytest.approx(c["linear_conjunction_tau0_s"], rel=1e-6, abs=0.0)
    assert last == pytest.approx(c["linear_conjunction_tau1_s"], rel=1e-6, abs=0.0)


def test_axes_and_miss():
    """R outwards, N along r x v, T = N x R; the miss is the secondary less the primary."""
    r, v = np.array([7e6, 0.0, 0.0]), np.array([100.0, 7500.0, 0.0])
    assert np.allclose(rtn_axes(r, v), np.eye(3), atol=1e-15)
    e = Encounter(r, v, np.eye(3), r + (10.0, 20.0, 30.0), v, None, 1.0)
    assert np.allclose(e.miss_rtn, (10.0, 20.0, 30.0))


def test_elements_lead_back_to_the_state():
    """0.1 mm, for orbits of every inclination, both ways round; the nearly equatorial ones have poles of their own."""
    generator = np.random.default_rng(5)
    for tilt in (0.0, 1e-3, 0.3, 1.5, 2.2, 3.0, math.pi - 2e-3, math.pi):
        for _ in range(4):
            node, u, e = generator.uniform(0.0, 6.28, 3) * (1.0, 1.0, 0.1)
            axes = np.array([[math.cos(node), math.sin(node), 0.0], [-math.sin(node), math.cos(node), 0.0]])
            across = math.cos(tilt) * axes[1] + (0.0, 0.0, math.sin(tilt))
            r = 7.2e6 * (math.cos(u) * axes[0] + math.sin(u) * across)
            v = 7400.0 * (1.0 + 0.2 * e) * (math.cos(u) * across - math.sin(u) * axes[0]) + 30.0 * e * r / 7.2e6
            back = states(*(x[None] if isinstance(x, np.ndarray) else x for x in elements(r, v)), np.zeros(1))[0]
            assert np.abs(back[:3] - r).max() < 1e-4 and np.abs(back[3:] - v).max() < 1e-7


# ---- three dimensions and the verdict


@pytest.mark.parametrize("name", ALFANO)
def test_alfano_2009(name):
    """Two-dimensional to 1e-7; over time inside NASA's 95 % interval of 1e8 trials, which is 0.04 % to 0.4 % wide, and
    so inside the 1 % that the file asks for. 4 s in all, half of it for the tenth case."""
    c = ALFANO[name]
    e = encounter(c)
    plane = e.plane()
    assert short.alfano(plane) == pytest.approx(c["pc2d_exact"], rel=1e-9, abs=0.0)
    assert short.alfano(plane) == pytest.approx(c["pc2d_cara"], rel=1e-7, abs=0.0)
    found = expected_collisions(e, c["half_span_s"], c["half_span_s"])
    assert found == pytest.approx(c["nc3d_cara"], rel=1e-2, abs=0.0)
    low, high = c["pc_mc_cara_95"]
    assert low <= found <= high


@pytest.mark.parametrize("name", CARA)
def test_conjunctions_of_nasa(name):
    """Two-dimensional to 1e-7 as given, where the whole miss is laid into the plane, and at the closest approach. Below
    1e-80 that holds against NASA's own, and the file's exact ones, which differ from these by 1.5e-5, are held to 2e-5.
    Over time to 1e-2 (measured: 1e-3), 0.1 s each."""
    c = CARA[name]
    e = encounter(c)
    moved, dt = e.at_closest_approach()
    assert dt == pytest.approx(c["dt_to_tca_s"], abs=1e-8)
    plane = moved.plane()
    exact = 1e-7 if c["pc2d_at_tca"] > 1e-80 else 2e-5
    assert short.alfano(plane) == pytest.approx(c["pc2d_exact_at_tca"], rel=exact, abs=0.0)
    assert short.alfano(plane) == pytest.approx(c["pc2d_at_tca"], rel=1e-7, abs=0.0)
    given = e.plane()
    stretch = float(np.linalg.norm(e.miss)) / given.miss_m
    whole = replace(given, x_m=given.x_m * stretch, y_m=given.y_m * stretch)
    assert short.alfano(whole) == pytest.approx(c["pc2d_exact_as_given"], rel=exact, abs=0.0)
    assert short.alfano(whole) == pytest.approx(c["pc2d_as_given"], rel=1e-7, abs=0.0)
    assert expected_collisions(e, 3000.0, 3000.0) == pytest.approx(c["nc3d"], rel=1e-2, abs=0.0)


def test_where_two_dimensions_do_not_serve():
    """All 18 that NASA found unfit are caught, with 3 false alarms among the 14 others. The two limits were fitted on
    these and 21 more of the same list: a rule that was tuned here, not evidence for others."""
    judged = {name: fits(encounter(c)) for name, c in CARA.items()}
    unfit = [n for n, c in CARA.items() if c["use_2d_is_flagged_unfit"]]
    assert len(unfit) == 18 and not [n for n in unfit if judged[n].fits]
    assert sum(not judged[n].fits for n in set(CARA) - set(unfit)) <= 3
    assert all(judged[n].reason for n in unfit)


def test_where_two_dimensions_serve_both_numbers_are_one():
    """Above 1 km/s to 3e-4, seven cases to 2e-5 (measured), so the integration over time is far better than the 1e-3 by
    which it lies below NASA's, always to the same side. At 463 m/s it is 1.9 % although NASA too calls that one fit."""
    seen = []
    for c in CARA.values():
        e = encounter(c)
        if fits(e).fits:
            ratio = expected_collisions(e) / short.alfano(e.at_closest_approach()[0].plane())
            assert ratio == pytest.approx(1.0, abs=4e-4 if c["vrel_m_s"] > 1000.0 else 2.5e-2)
            seen.append(abs(ratio - 1.0))
    assert len(seen) == 11 and sum(x < 2e-5 for x in seen) >= 6


def test_the_usual_span_is_half_of_the_shorter_period():
    e = encounter(CARA["cara_48901_48903_20211220_012535"])
    span = usual_span(e)
    a = [1.0 / (2.0 / np.linalg.norm(r) - v @ v / 3.986004418e14) for r, v in ((e.r1, e.v1), (e.r2, e.v2))]
    assert span == pytest.approx(math.pi * math.sqrt(min(a) ** 3 / 3.986004418e14), rel=1e-9, abs=0.0)
    assert expected_collisions(e) == pytest.approx(expected_collisions(e, 3000.0, 3000.0), rel=1e-3, abs=0.0)


@pytest.mark.parametrize(
    ("name", "radius", "half_span", "steps"),
    [("cara_25994_37558_20210324_151047", 60.0, 2.0, 5), ("cara_35946_30648_20221210_140311", 300.0, 600.0, 61)],
)
def test_monte_carlo_as_the_referee(name, radius, half_span, steps):
    """One that two dimensions serve and one at 54 m/s whose two-dimensional probability is 1e-20 too small, with larger
    bodies, so that 30,000 trials have hits enough. 99.99 % of the trials' own scatter, 3 s."""
    e = replace(encounter(CARA[name]), radius_m=radius)
    counted = monte_carlo(e, half_span, half_span, 30_000, seed=9, steps=steps)
    expected = expected_collisions(e)
    assert counted.hits > 300
    assert abs(counted.hits - 30_000 * expected) < 3.9 * math.sqrt(30_000 * expected)
    low, high = counted.interval
    assert low < counted.probability < high
    assert fits(e).fits == (name == "cara_25994_37558_20210324_151047")


def test_the_interval_of_a_count():
    """Clopper and Pearson: none of n has the upper bound 1 - 0.025^(1/n)."""
    assert Counted(1000, 0).interval == (0.0, pytest.approx(1.0 - 0.025 ** (1 / 1000), rel=1e-9, abs=0.0))
    assert Counted(10, 10).interval == (pytest.approx(0.025 ** (1 / 10), rel=1e-9, abs=0.0), 1.0)


# ---- inputs to survive


def changed(**changes) -> Encounter:
    """A sound published encounter, at 10 km/s and 1 % probable, with one thing changed."""
    return replace(encounter(UNIT["cara_unit_hall_2d3d"]), **changes)


def test_a_negative_eigenvalue_of_rounding_is_clipped():
    e = encounter(EDGE["npd_combined"])
    plane = e.plane()
    assert plane.clipped and short.alfano(plane) == 0.0 and math.isfinite(short.maximum(plane)[0])


def test_one_that_is_no_rounding_is_refused():
    c = dict(EDGE["npd_combined"], hbr_m=0.05284)
    c["C1_eci_lower"] = [[1.065106865424844e-3], *c["C1_eci_lower"][1:]]
    with pytest.raises(EncounterError, match="eigenvalues.*none below zero"):
        encounter(c)


def test_no_relative_velocity():
    """Over time there is an answer all the same, since the errors move: 20,000 trials count it, 2 s."""
    e = changed(radius_m=100.0)
    e = replace(e, v2=e.v1)
    with pytest.raises(EncounterError, match="do not move against each other.*integrate over time"):
        e.plane()
    assert "do not move" in fits(e).reason and e.at_closest_approach()[1] == 0.0
    expected = expected_collisions(e)
    counted = monte_carlo(e, usual_span(e), usual_span(e), 20_000, seed=3, steps=61)
    assert abs(counted.hits - 20_000 * expected) < 3.9 * math.sqrt(20_000 * expected)
    with pytest.raises(EncounterError, match="straight encounter has no end"):
        duration(e)


def test_no_miss():
    e = changed()
    plane = replace(e, r2=e.r1).plane()
    assert plane.miss_m == 0.0 and 0.0 < short.alfano(plane) < 1.0
    assert short.foster(plane) == pytest.approx(short.alfano(plane), rel=1e-9, abs=0.0)
    assert short.patera(plane) == pytest.approx(short.alfano(plane), rel=1e-9, abs=0.0)
    assert short.maximum(plane) == (1.0, 0.0) and short.alfriend_maximum(plane) == math.inf


@pytest.mark.parametrize(("radius", "probability"), [(0.0, 0.0), (math.inf, 1.0)])
def test_limits_of_the_radius(radius, probability):
    e = changed(radius_m=radius)
    for method in (short.alfano, short.foster, short.patera, short.chan, short.square):
        assert method(e.plane()) == probability
    assert expected_collisions(e) == probability
    assert short.maximum(e.plane())[0] == probability


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"radius_m": -1.0}, "radius is -1.0 m; it must not be below zero"),
        ({"radius_m": math.nan}, "radius is nan"),
        ({"c1": np.eye(3) * (6378135.0 * 10.0) ** 2}, "mark of a message that has no covariance"),
        ({"c1": np.zeros((3, 3))}, "is zero.*give None"),
        ({"c2": np.diag([1.0, -2.0, 3.0])}, "none may be below zero"),
        ({"c2": np.diag([1.0, math.nan, 3.0])}, "finite"),
        ({"c2": np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])}, "not symmetric"),
        ({"c2": np.eye(4)}, "3x3 or 6x6"),
        ({"r1": np.array([math.nan, 0.0, 0.0])}, "three finite numbers"),
        ({"v2": np.zeros(2)}, "three finite numbers"),
    ],
)
def test_refused_with_the_reason(changes, reason):
    with pytest.raises(EncounterError, match=reason):
        changed(**changes)


def test_no_covariance_at_all_and_one_alone():
    """Of one alone the worst other is taken: never below what the known one alone makes (Frisbee 2015)."""
    e = changed()
    with pytest.raises(EncounterError, match="neither object has a covariance"):
        replace(e, c1=None, c2=None).plane()
    with pytest.raises(EncounterError, match="neither object has a covariance"):
        assess(replace(e, c1=None, c2=None))
    with pytest.raises(EncounterError, match="covariances .6, 6. of both"):
        expected_collisions(replace(e, c2=None))
    one = replace(e, c2=None)
    worst = one_covariance_maximum(one)
    assert short.alfano(worst.plane()) >= short.alfano(one.plane())


def test_what_cannot_be_integrated_over_time():
    e = changed()
    with pytest.raises(EncounterError, match="no ellipse"):
        expected_collisions(replace(e, v2=2.0 * e.v2))
    wrong = e.c1.copy()
    wrong[3, 3] = wrong[3, 3] * 1e-6
    with pytest.raises(EncounterError, match="correlations of a covariance have the eigenvalue"):
        expected_collisions(replace(e, c1=wrong))
    with pytest.raises(EncounterError, match="all must be above zero"):
        expected_collisions(replace(e, c1=e.c1 * np.diag([1.0, 1, 1, 1, 1, 0])))
    with pytest.raises(EncounterError, match="span is"):
        expected_collisions(e, -10.0, 5.0)


def test_small_probabilities_keep_their_digits():
    """Down to 1e-300 against the leading term of the tail: nine digits where naive differences have none. Beyond, 0."""
    for sigmas in (10.0, 19.0, 27.8, 36.0):
        plane = EncounterPlane(sigmas, 0.0, 1.0, 1.0, 1e-3)
        exponent = -0.5 * sigmas**2 + math.log(0.5e-6) + math.log1p(1e-6 * sigmas**2 / 8.0)  # I1 of a small argument
        assert math.log(short.alfano(plane)) == pytest.approx(exponent, abs=1e-6)
    assert short.alfano(EncounterPlane(60.0, 0.0, 1.0, 1.0, 1.0)) == 0.0
    tiny = [c for c in CARA.values() if c["pc2d_at_tca"] < 1e-80]
    assert len(tiny) == 2
    for c in tiny:
        plane = encounter(c).at_closest_approach()[0].plane()
        for method in (short.alfano, short.foster, short.patera):
            assert method(plane) == pytest.approx(c["pc2d_at_tca"], rel=1e-8, abs=0.0)
