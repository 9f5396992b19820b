"""Orbits about the Moon and between Earth and Moon, against STK, GMAT, SPICE, NASA's orbits of LRO and Orion.

tests/data/lunar.json has the numbers with their sources and tolerances. Fitted on what is compared here: only the turn
from DE421's to DE403's principal axes, by whom the file was made.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.constants import AU
from kernels.orbit.kepler import elements_to_state, kepler_propagate
from kernels.orbit.orientation import body_position
from sim.build.body import central_body
from sim.core.epoch import Epoch
from sim.environment.central_body import LunarAxes, MeanEarthAxes, PrincipalAxes, ThirdBody, map_axes_at
from sim.environment.world import body_table
from sim.propagation.force_model import GravityChoice, Orbit, RadiationChoice, ThirdBodyChoice
from sim.propagation.propagate import OrbitEnded, propagate
from tests.made_moon import CASES, LUNAR, start

MOON = central_body("moon")
FRAMES = LUNAR["frames"]
ARTEMIS = {"artemis1_outbound": GravityChoice("j2", 2, 0), "artemis1_dro": GravityChoice("point")}


def errors(orbit: Orbit, rows: np.ndarray) -> np.ndarray:
    """Distances (n,) m of a flown orbit from rows of a case."""
    return np.linalg.norm(propagate(orbit).trajectory.at(rows[:, 0])[0] - rows[:, 1:4], axis=1)


def about_moon(name: str, gravity: GravityChoice, third: tuple[ThirdBody, ...]) -> tuple[Orbit, np.ndarray]:
    case = start(name)
    body = replace(MOON, third_bodies=third)
    return Orbit(name, case.epoch, case.r, case.v, case.rows[-1, 0], 600.0, gravity=gravity, body=body), case.rows


# ---- axes


@pytest.mark.parametrize("row", FRAMES["me_spice"]["rows"], ids=lambda row: f"{row['et_tdb_s']:.0f}")
def test_mean_earth_axes_are_those_of_spice(row):
    """To 1e-11, as the file asks; measured 5e-13, of which SPICE's own rounding is 4e-13."""
    found = MOON.orientation.matrices(row["et_tdb_s"], "me_de421")[0]
    assert np.abs(found - np.array(row["icrf_to_moon_me"])).max() < FRAMES["me_spice"]["tolerance"]


def test_the_earth_stands_in_both_axes_where_naif_writes_it():
    """To the metre that NAIF prints; 15.8 km, 125 km and 145 km lie between the two, so they cannot be swapped."""
    example = FRAMES["naif_example"]
    own = np.array(example["earth_from_moon_pa_km"])
    axes = MOON.orientation
    assert axes.axes == "pa_de421"
    assert np.linalg.norm(axes.turn_to("me_de421") @ own - example["earth_from_moon_me_km"]) < example["tolerance_km"]


def test_principal_and_mean_earth_axes_are_two_types_with_one_rotation():
    turn = LunarAxes()
    principal = PrincipalAxes(MOON.orientation.matrices(1e8)[0])
    mean = turn.mean(principal)
    assert isinstance(mean, MeanEarthAxes)
    assert np.abs(mean.matrix - MOON.orientation.matrices(1e8, "me_de421")[0]).max() < 1e-15
    assert np.abs(turn.principal(mean).matrix - principal.matrix).max() < 1e-15
    apart = np.degrees(np.arccos((np.trace(turn.to_mean) - 1.0) / 2.0))
    assert np.radians(apart) * MOON.radius == pytest.approx(FRAMES["pa_to_me"]["size_m_on_the_surface"], abs=1.0)


def test_the_table_of_the_kernels_has_the_axes_of_the_series():
    """To 5e-12: Lagrange between nodes an hour apart, at instants between them."""
    case = start("icube_q_7d")
    orbit = Orbit(
        "axes", case.epoch, case.r, case.v, 86400.0, 600.0, gravity=GravityChoice("grgm660prim", 2, 2), body=MOON
    )
    world = propagate(orbit).world
    for t in (0.0, 1234.5, 43210.0, 86400.0):
        exact = map_axes_at(MOON, case.epoch.plus(t))
        assert np.abs(world.mapped_each(np.array([t]))[0] - exact).max() < 5e-12


# ---- orbits of other programs


def test_stk_about_a_point_mass():
    """0.05 m in 3 days, as the file asks; measured 0.4 mm."""
    orbit, rows = about_moon("stk_moon_luna_0_0_0", GravityChoice("point"), ())
    assert errors(orbit, rows).max() < CASES["stk_moon_luna_0_0_0"]["tolerance_m"]
    other = replace(orbit, body=replace(MOON, mu=4902801076000.0, third_bodies=()))
    assert errors(other, rows).max() > 50.0  # another constant in use: 97 m


def test_stk_in_lp165p_20x20():
    """0.1 m in 3 days in DE403's principal axes; measured 2 mm. In the axes of maps it would be some 100 m."""
    name, choice = "stk_moon_luna_lp165p_0_0", GravityChoice("lp165p", 20, 20)
    orbit, rows = about_moon(name, choice, ())
    assert errors(orbit, rows).max() < CASES[name]["tolerance_m"]
    as_maps = tuple(replace(f, axes="me_de421") if f.name == "lp165p" else f for f in MOON.fields)
    wrong = replace(orbit, body=replace(MOON, third_bodies=(), fields=as_maps))
    assert errors(wrong, rows).max() > 10.0


def test_stk_with_earth_and_sun():
    """0.05 m in 3 days; the planets, which STK had and this model has not, are not seen: measured 4 mm."""
    name = "stk_moon_allplanets_0_0_0"
    k = CASES[name]["constants"]
    third = ThirdBody("earth", k["gm_earth"]), ThirdBody("sun", k["gm_sun"])
    assert errors(*about_moon(name, GravityChoice("point"), third)).max() < CASES[name]["tolerance_m"]


@pytest.mark.parametrize(("name", "degree"), [("icube_q_7d", 20), ("low_polar_50x50_3d", 50)])
def test_an_independent_program_in_grgm660prim(name, degree):
    """1 m in a week and 2.1 m in three days, five times what that program differs by from itself; it took TDB for TT.
    Measured 0.8 and 1.5 m."""
    orbit, rows = about_moon(
        name,
        GravityChoice("grgm660prim", degree, degree),
        (ThirdBody("earth", 3.986004418e14), ThirdBody("sun", 1.32712440041e20)),
    )
    assert errors(orbit, rows).max() < CASES[name]["tolerance_m"]


@pytest.mark.parametrize("name", ["nyx_halo_2002", "nyx_llo_2002", "nyx_cislunar_36h"])
def test_gmat_between_earth_and_moon(name):
    """1 cm, as the file asks; measured 0.5, 0.2 and 1.7 mm. The last passes below the ground, so it is flown about an
    Earth of a smaller radius."""
    k, case = CASES[name]["constants"], start(name)
    third = [ThirdBody("moon", k["gm_moon"]), ThirdBody("sun", k["gm_sun"])]
    third = third if "Sun" in CASES[name]["forces"] else third[:1]
    earth = replace(central_body("earth"), mu=k["gm_earth"], radius=1e6, third_bodies=tuple(third))
    orbit = Orbit(name, case.epoch, case.r, case.v, case.rows[-1, 0], 600.0, gravity=GravityChoice("point"), body=earth)
    assert errors(orbit, case.rows).max() < CASES[name]["tolerance_m"]


def test_stk_near_the_second_libration_point():
    """1, 10 and 100 m after 1, 3 and 7 days, as the file asks: errors grow twentyfold in a week; 0.35, 3.0, 38 m."""
    name = "stk_eml2_earthsunluna_0_0_0"
    k, case = CASES[name]["constants"], start(name)
    third = ThirdBodyChoice(True, True, k["gm_sun"], k["gm_moon_point_mass"])
    gravity = GravityChoice("point", mu=k["gm_earth"])
    rows = case.rows[:7]
    orbit = Orbit(name, case.epoch, case.r, case.v, rows[-1, 0], 600.0, gravity=gravity, third_body=third)
    found = errors(orbit, rows)
    for day, limit in CASES[name]["tolerance_m"].items():
        assert found[int(day[3:-1]) - 1] < limit


# ---- records: class checks, a free run cannot follow trims and vents


@pytest.mark.parametrize("name", ARTEMIS)
def test_artemis_1_is_followed_as_far_as_its_trims_allow(name):
    case = start(name)
    third = ThirdBodyChoice(True, True, 1.32712440041e20, MOON.mu)
    orbit = Orbit(name, case.epoch, case.r, case.v, case.rows[-1, 0], 600.0, gravity=ARTEMIS[name], third_body=third)
    assert (errors(orbit, case.rows) < 1e3 * np.array(CASES[name]["tolerance_km"])).all()


def test_lro_is_followed_to_40_m_in_two_hours_with_degree_50():
    """Degree 20 is left 160 m off, as with every program: the field's own limit."""
    case = start("lro_2022_first_2h")
    orbit = Orbit(
        "lro", case.epoch, case.r, case.v, 7200.0, 60.0, gravity=GravityChoice("grgm660prim", 50, 50), body=MOON
    )
    assert errors(orbit, case.rows)[-1] < 40.0
    assert errors(replace(orbit, gravity=GravityChoice("grgm660prim", 20, 20)), case.rows)[-1] > 100.0


# ---- the surface


def test_an_impact_ends_an_orbit_at_the_instant_on_the_sphere():
    """Against the conic through the same start: a fall from rest at apolune, within 1 ms and 1 m."""
    epoch, apo, low = Epoch.from_utc("2024-05-08T08:14:00Z"), 3.0e6, 1.5e6
    a = 0.5 * (apo + low)
    speed = np.sqrt(MOON.mu * (2.0 / apo - 1.0 / a))
    body = replace(MOON, third_bodies=())
    start_r, start_v = np.array([apo, 0.0, 0.0]), np.array([0.0, speed, 0.0])
    orbit = Orbit("fall", epoch, start_r, start_v, 86400.0, 60.0, gravity=GravityChoice("point"), body=body)
    with pytest.raises(OrbitEnded, match="meets the surface of the Moon") as ended:
        propagate(orbit)
    flown, e = ended.value.flown, (apo - low) / (apo + low)
    anomaly = 2.0 * np.pi - np.arccos((1.0 - MOON.radius / a) / e)  # eccentric, on the way down
    half = np.pi * np.sqrt(a**3 / MOON.mu)
    period = 2.0 * half
    expected = (anomaly - e * np.sin(anomaly)) / (2.0 * np.pi) * period - half
    assert flown.trajectory.end == pytest.approx(expected, abs=1e-3)
    assert np.linalg.norm(flown.trajectory.r[-1]) == pytest.approx(MOON.radius, abs=1.0)
    assert flown.impact["speed_m_s"] == pytest.approx(np.sqrt(MOON.mu * (2.0 / MOON.radius - 1.0 / a)), abs=1e-3)
    assert abs(flown.world.geodetic([flown.trajectory.end], flown.trajectory.r[-1:])[2][0]) < 1.0


def test_a_lowest_point_between_two_nodes_counts():
    """A perilune 5 m below the surface, in the middle between two nodes that are 30 s apart and lie 5 m above it."""
    epoch, low, high = Epoch.from_utc("2024-05-08T08:14:00Z"), MOON.radius - 5.0, MOON.radius + 2.0e5
    a, e = 0.5 * (low + high), (high - low) / (high + low)
    quarter = 30.0 * 40 + 15.0  # s before the perilune, so that it lies in the middle of a step
    at_low = elements_to_state(a, e, 0.5, 0.0, 0.0, 0.0, MOON.mu)
    r, v = np.empty(3), np.empty(3)
    kepler_propagate(at_low[:3], at_low[3:], -quarter, MOON.mu, r, v)
    body = replace(MOON, third_bodies=())
    orbit = Orbit("graze", epoch, r, v, 2400.0, 60.0, gravity=GravityChoice("point"), body=body)
    with pytest.raises(OrbitEnded) as ended:
        propagate(orbit)
    assert (np.linalg.norm(ended.value.flown.trajectory.r[:-1], axis=1) > MOON.radius).all()
    assert quarter - 15.0 < ended.value.flown.trajectory.end < quarter


# ---- sunlight


def test_sunlight_stops_behind_the_earth_too():
    """The push of a minute at the Moon, clear of its own shadow: at the greatest eclipse of 2022-05-16 none at all, a
    day before the pressure times area over mass, less what the Sun's distance makes (1e-3: the Moon's own place)."""
    found = {}
    for utc in ("2022-05-15T04:12:00Z", "2022-05-16T04:12:00Z"):
        orbit = Orbit(
            "lit", Epoch.from_utc(utc), np.zeros(3), np.zeros(3), 60.0, 60.0, gravity=GravityChoice("point"), body=MOON
        )
        sun = body_table("sun", orbit.epoch, 0.0, 60.0, 2.0 * 86400.0, 12, 0.0, "moon")
        toward = np.empty(3)
        body_position(0.0, sun, toward)
        distance = np.linalg.norm(toward) / AU
        toward /= np.linalg.norm(toward)
        side = np.cross(toward, [0.0, 0.0, 1.0])
        start = replace(orbit, r=3.0e6 * side / np.linalg.norm(side) + 1e6 * toward, v=300.0 * toward, mass=10.0)
        start = replace(start, srp_area=1.0)
        lit, unlit = (
            propagate(replace(start, radiation=RadiationChoice(model))).trajectory.v[-1]
            for model in ("conical", "none")
        )
        found[utc[8:10]] = (lit - unlit) @ -toward * distance**2
    assert found["16"] == 0.0
    assert found["15"] == pytest.approx(4.56e-6 * 0.1 * 60.0, rel=1e-3)
