"""Debris risk: fluxes against published tables, walls against the printed equations' own limits, sums made otherwise.

`tests/data` holds nothing of it: the few numbers stand here, with the table that they are of.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.catalogue.facts import fact
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.planning.debris import damage, flux
from sim.planning.debris.risk import CIRCULAR_KM_S, Environment, content, environment, events, tumbling
from tests.result_schemas import problems

SPAN = "2025-04-24", "2025-11-04"  # Shenzhou-20 at the station, until its window was found cracked
# ECSS-E-ST-10-04C Rev.1 (2020), table J-5: mass g, impacts for each m2 and year, far from the Earth.
METEOROIDS = ((1e-12, 1.09e3), (1e-9, 95.1), (1e-6, 1.49), (1e-3, 5.97e-4), (1.0, 7.02e-8), (100.0, 1.50e-10))


@pytest.mark.parametrize(("mass", "published"), METEOROIDS)
def test_meteoroids_are_as_the_standard_prints_them(mass, published):
    """To the three digits that it prints."""
    assert float(flux.meteoroid_flux(mass)) == pytest.approx(published, rel=5e-3)


def test_the_earth_draws_meteoroids_together_and_hides_some():
    """Table J-2 of the standard at 400 km, 51.6 deg, which counts by another shape of both factors: 0.1 and 1 mm within
    5 %; table J-1: the face to space meets 12 times what the face to the Earth meets."""
    share = flux.focusing(400.0) * 0.5 * (flux.sky_share(0.0, 400.0) + flux.sky_share(180.0, 400.0))
    for d_cm, published in ((0.01, 1.28), (0.1, 4.54e-4)):
        found = float(flux.meteoroid_flux(flux.meteoroid_mass(d_cm))) * share
        assert found == pytest.approx(published, rel=0.05)
    assert flux.sky_share(0.0, 400.0) / flux.sky_share(180.0, 400.0) == pytest.approx(12.0, rel=0.05)
    edge = math.asin((flux.EARTH_KM + flux.ATMOSPHERE_KM) / (flux.EARTH_KM + 400.0))
    assert flux.sky_share(180.0, 400.0) == pytest.approx(math.cos(edge) ** 2, rel=1e-3)  # what is left of a hemisphere
    assert flux.sky_share(0.0, 400.0) == pytest.approx(1.0, rel=1e-4)


def test_debris_of_a_centimetre_and_its_speed():
    """TM-100471: some 1e-6 to 1e-5 for each m2 and year at 400 km, a mean speed of 10 km/s at 28.5 deg."""
    found = float(flux.debris_flux(1.0, 400.0, 28.5, 1988.0, 140.0))
    assert 1e-6 < found < 1e-5
    speeds, shares = flux.debris_speeds(28.5)
    assert float((speeds * shares).sum()) == pytest.approx(10.0, abs=0.5) and shares.sum() == pytest.approx(1.0)


def test_inclinations_between_those_of_our_table_are_as_others_have_them():
    """Two published programs of the same model take 0.990 at 45 deg and 1.030 at 52 deg from the whole table."""
    base = float(flux.debris_flux(1.0, 400.0, 40.0, 1988.0, 140.0)) / 0.96
    for inclination, factor in ((45.0, 0.990), (52.0, 1.030)):
        found = float(flux.debris_flux(1.0, 400.0, inclination, 1988.0, 140.0)) / base
        assert found == pytest.approx(factor, rel=5e-3)


def test_debris_is_rarer_low_and_in_an_active_sun_and_grows_with_the_years():
    sizes = np.geomspace(1e-3, 100.0, 40)
    base = flux.debris_flux(sizes, 400.0, 41.5, 2026.0, 140.0)
    assert np.all(np.diff(base) < 0.0)
    assert np.all(flux.debris_flux(sizes, 500.0, 41.5, 2026.0, 140.0) > base)
    assert np.all(flux.debris_flux(sizes, 400.0, 41.5, 2026.0, 200.0) < base)
    assert np.all(flux.debris_flux(sizes, 400.0, 41.5, 2027.0, 140.0) > base)


def test_a_shield_is_weakest_where_its_regimes_meet():
    """NASA/TP-2003-210788: whole below 3 km/s, molten above 7, a straight line between; no step at either."""
    wall = fact("debris.module_wall").table
    d = [damage.whipple_diameter(v, 0.0, 2.8, wall) for v in (2.999, 3.001, 6.999, 7.001, 12.0)]
    assert d[0] == pytest.approx(d[1], rel=2e-3) and d[2] == pytest.approx(d[3], rel=2e-3)
    assert d[3] > d[1] and d[3] > d[4]  # the cloud is finest at 7
    # Printed form above 7 km/s, in one line: 3.918 t^(2/3) rho_p^(-1/3) rho_b^(-1/9) v^(-2/3) S^(1/3) (sigma/70)^(1/3).
    t, s, sigma = wall["wall_cm"], wall["spacing_cm"], wall["yield_ksi"]
    whole = 3.918 * (t * t * s * sigma / 70.0 / 2.8) ** (1 / 3) * 2.8 ** (-1 / 9) * 12.0 ** (-2 / 3)
    assert d[4] == pytest.approx(whole, rel=1e-12)
    assert damage.whipple_diameter(12.0, 1.0, 2.8, wall) > d[4]  # aslant less gets through
    held = [damage.whipple_diameter(12.0, math.radians(a), 2.8, wall) for a in (65.0, 80.0)]
    assert held[0] == held[1]  # beyond 65 deg the equation is held, as in Christiansen (1993)


def test_a_single_wall_is_holed_by_what_makes_a_crater_of_its_five_ninths():
    """Cour-Palais: P = 5.24 d^(19/18) BH^(-1/4) (rho/rho_t)^(1/2) (v/C)^(2/3), holed where t <= 1.8 P."""
    d = damage.single_diameter(10.0, 0.0, 2.8, 0.15)
    depth = 5.24 * d ** (19.0 / 18.0) * damage.HARDNESS**-0.25 * (10.0 / damage.SOUND) ** (2.0 / 3.0)
    assert 1.8 * depth == pytest.approx(0.15, rel=1e-12)


@pytest.fixture(scope="module")
def around() -> Environment:
    return environment(Epoch.from_utc(f"{SPAN[0]}T00:00:00Z"), Epoch.from_utc(f"{SPAN[1]}T00:00:00Z"), 390.0)


def test_faces_meet_debris_by_where_they_look(around):
    """A constant size: the front meets 4 times the mean cosine of a tumbling plate, as v = 2 V cos(angle) gives it."""

    def size(v: float, angle: float, density: float) -> float:
        return 0.1

    front, back, left, right, up = (events(around, f, 1.0, size) for f in ("front", "back", "left", "right", "up"))
    tumbled = tumbling(around, 1.0, size)
    speeds, shares = flux.debris_speeds(41.47)
    mean = float((np.minimum(1.0, speeds / (2.0 * CIRCULAR_KM_S)) * shares).sum())
    assert front.debris / tumbled.debris == pytest.approx(4.0 * mean, rel=1e-6)
    assert back.debris == 0.0 == up.debris and left.debris == pytest.approx(right.debris, rel=1e-9)
    assert up.meteoroids > front.meteoroids > events(around, "down", 1.0, size).meteoroids
    assert front.meteoroids == pytest.approx(left.meteoroids, rel=1e-9)


def test_numbers_become_probabilities(around):
    rows = content(around)
    for row in rows["faces"]:
        through = row["through_wall"]
        assert through["probability"] == pytest.approx(1.0 - math.exp(-through["number"]), rel=1e-9)
        hits = [h["number"] for h in row["hits_by_mm"].values()]
        assert hits == sorted(hits, reverse=True) and through["number"] < hits[3]
    assert rows["pipes"]["shielded"]["number"] < 0.02 * rows["pipes"]["bare"]["number"]
    assert around.solar == pytest.approx(190.0, abs=15.0)  # 2024 was the maximum


def test_twice_the_time_is_twice_the_number():
    year = [
        environment(Epoch.from_utc("2022-01-01T00:00:00Z"), Epoch.from_utc(f"{y}-01-01T00:00:00Z"), 390.0)
        for y in (2023, 2024)
    ]
    one, two = (tumbling(e, 1.0, lambda v, a, rho: 0.1).meteoroids for e in year)
    assert two / one == pytest.approx(2.0, rel=1e-3)


def test_the_command_prints_the_same():
    done = CliRunner().invoke(app, ["debris", "--from", SPAN[0], "--until", SPAN[1], "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["verb"] == "debris" and len(found["faces"]) == 6
    lines = sim.debris_risk(*SPAN).lines()
    assert problems("debris", sim.debris_risk(*SPAN).content(), whole=True) == []
    assert any(line.startswith("window of a capsule") for line in lines)
    assert f"{found['window']['hits_by_mm']['1']['probability']:.2e}" in "\n".join(lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "2025-11-04", "--until", "2025-04-24"), "after the start"),
        (("--from", "x", "--until", "2025-04-24"), "'x'"),
        (("--from", "1950-01-01", "--until", "1951-01-01"), "1950"),
        (("--from", SPAN[0], "--until", SPAN[1], "--height", "50"), "from 200 to 2000"),
    ],
)
def test_what_is_asked_wrongly_is_said(arguments, says):
    done = CliRunner().invoke(app, ["debris", *arguments])
    assert done.exit_code == 2 and done.stdout == "" and says in done.stderr, done.output


def test_the_face_says_what_it_takes():
    with pytest.raises(BadInput, match="height_km"):
        sim.debris_risk(*SPAN, height_km="x")
