"""The standard atmosphere against its printed tables."""

import math

import numpy as np
import pytest

from kernels.atmosphere.us76 import CEILING, FLOOR, LAYER_BASE, R0, us76
from tests.kernels.reference import load
from tests.tolerance import US76_BETWEEN_REL, US76_GAS_LAW_REL, US76_PRINTED_REL, US76_SEAM_REL

TABLE = load("us76.json")
NODES_KM = {86, 90, 95, 100, 110, 120, 150, 200, 300, 400, 500, 600, 800, 1000}


@pytest.mark.small
@pytest.mark.parametrize("row", TABLE["cases"], ids=[f"{c['h_geometric_m']}m" for c in TABLE["cases"]])
def test_printed_rows(row):
    density, pressure, temperature, _ = us76(float(row["h_geometric_m"]))
    tol = TABLE["tol_rel"] if row["h_geometric_m"] < 100e3 else TABLE["tol_rel_above_100km"]
    assert density == pytest.approx(row["rho_kgm3"], rel=tol["rho"])
    assert pressure == pytest.approx(row["p_Pa"], rel=tol["p"])
    assert temperature == pytest.approx(row["T_K"], rel=tol["T"])


@pytest.mark.small
def test_upper_pressures_follow_from_the_densities():
    # The kernel holds densities and weights; the pressures are of another column of the standard.
    for height_km, expected in TABLE["table_1_pressure"]:
        rel = US76_GAS_LAW_REL if height_km in NODES_KM else US76_BETWEEN_REL
        assert us76(1e3 * height_km)[1] == pytest.approx(expected, rel=rel), height_km


@pytest.mark.small
def test_densities_between_the_nodes():
    for height_km, expected in TABLE["table_1_density_between"]:
        assert us76(1e3 * height_km)[0] == pytest.approx(expected, rel=US76_BETWEEN_REL), height_km


@pytest.mark.small
def test_the_values_asked_for_by_hand():
    # US76 Table I as quoted in the handbooks, four digits; 0.36392 is the foot of the tropopause, 11 km geopotential.
    for height, density in ((0.0, 1.225), (50e3, 1.0269e-3), (86e3, 6.958e-6), (R0 * 11e3 / (R0 - 11e3), 0.36392)):
        assert us76(height)[0] == pytest.approx(density, rel=US76_PRINTED_REL)
    # Speed of sound, Table III: 340.29 m/s at sea level, 295.15 at 11 km, 274.10 at 86 km; printed to 0.01.
    for height, sound in ((0.0, 340.29), (11e3, 295.15), (86e3, 274.10)):
        assert us76(height)[3] == pytest.approx(sound, abs=0.006)


@pytest.mark.small
def test_nothing_jumps_where_formulas_meet():
    seams = [R0 * h / (R0 - h) for h in LAYER_BASE[1:]] + [80e3, 86e3, 91e3, 120e3]
    for seam in seams:
        below, above = us76(seam - 1e-3), us76(seam + 1e-3)
        for a, b in zip(below, above, strict=True):
            # 2 mm of height change density by 4e-7 at most.
            assert b == pytest.approx(a, rel=US76_SEAM_REL)
    # At 110 km the ellipse's printed constants miss 240 K by 0.27 mK: the standard's own step.
    assert us76(110e3 - 1e-3)[2] == pytest.approx(us76(110e3 + 1e-3)[2], abs=3.5e-4)


@pytest.mark.small
def test_pressure_carries_the_air_above_it():
    # Hydrostatics, dp/dz = -rho g, is not what the kernel computes below 86 km from rho: it takes p by formula.
    for z in (5e3, 15e3, 25e3, 40e3, 49e3, 60e3, 75e3):
        slope = (us76(z + 1.0)[1] - us76(z - 1.0)[1]) / 2.0
        gravity = 9.80665 * (R0 / (R0 + z)) ** 2
        # Central difference over 2 m: (1/6)(1 m / 6 km)^2 = 5e-9, and p is rounded to 2e-16 / 1.5e-4.
        assert slope == pytest.approx(-us76(z)[0] * gravity, rel=2e-8)


@pytest.mark.small
def test_beyond_the_table():
    assert us76(FLOOR - 1e4) == us76(FLOOR)
    density, pressure, temperature, sound = us76(CEILING + 1.0)
    assert density == 0.0 and pressure == 0.0
    assert temperature == pytest.approx(1000.0, abs=0.01) and sound > 0.0
    assert all(math.isnan(value) for value in us76(math.nan))


@pytest.mark.small
def test_density_and_pressure_only_fall():
    heights = np.concatenate([np.arange(-5e3, 150e3, 500.0), np.arange(150e3, 1000e3, 5e3)])
    values = np.array([us76(z)[:2] for z in heights])
    assert (np.diff(values, axis=0) < 0.0).all()
