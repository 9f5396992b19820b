"""Orbits that were flown without a word where they were wrong: each of these had been, until somebody looked."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
import sim.propagation.maneuvers as pushes
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.environment.density_table import msis_table, weather_table
from sim.environment.gravity import GravityFileError, read_gfc
from sim.environment.nrlmsise00 import log_densities
from sim.environment.orientation import iau1976, iau2006
from sim.environment.space_weather import Weather
from sim.interchange.files import starting_state
from sim.propagation.batch import propagate_many
from sim.propagation.force_model import AtmosphereChoice, BurnChoice, GravityChoice, Orbit
from sim.propagation.propagate import propagate
from tests.tolerance import BURN_STEP_M, HIGH_AIR_FACTOR, SEASON_REL, UT1_RAD

EPOCH = Epoch.from_utc("2025-10-24T00:00:00Z")
AIR = AtmosphereChoice("nrlmsise00", f107=150.0, f107a=150.0, ap=4.0)
QUIET = Weather(150.0, 150.0, 4.0)


def orbit(height_km=350.0, duration=7200.0, **kept):
    r, tilt = np.array([6378e3 + 1e3 * height_km, 0.0, 0.0]), math.radians(41.5)
    speed = math.sqrt(3.986004415e14 / r[0])
    v = speed * np.array([0.0, math.cos(tilt), math.sin(tilt)])
    return Orbit(
        name="test",
        epoch=EPOCH,
        r=r,
        v=v,
        duration=duration,
        step=60.0,
        drag_area=20.0,
        gravity=GravityChoice("egm2008", 8, 8),
        **kept,
    )


# ---- many at once


def test_many_fall_where_a_single_one_does_and_the_others_keep_their_bits():
    """Starts in four shells of air, one that falls from 170 km and one that is stopped: as each alone."""
    base = orbit(atmosphere=AIR)
    starts = np.tile(np.r_[base.r, base.v], (7, 1))
    starts[:5, 0] += [0.0, 1e4, 3e4, -2e4, 3e5]
    starts[5, 0] -= 2.6e5
    starts[6, 3:] *= 0.9
    many = propagate_many(base, starts, times=[0.0, 300.0, 7200.0], threads=2)
    for i, row in enumerate(starts):
        alone = replace(base, r=row[:3], v=row[3:])
        try:
            path = sim.propagate(alone)
        except Failure:
            assert many.until[i] < base.duration and np.isnan(many.end[i]).all()
            flew = many.times <= many.until[i]
            assert np.isfinite(many.states[i, flew]).all() and np.isnan(many.states[i, ~flew]).all()
        else:
            assert many.until[i] == base.duration
            assert np.array_equal(many.end[i, :6], np.r_[path.r[-1], path.v[-1]])
    assert (many.until < base.duration).sum() == 2


def test_many_after_a_burn_are_in_the_air_of_their_new_heights():
    burn = BurnChoice(100.0, 60.0, 2500.0, np.array([1.0, 0.0, 0.0]), "velocity", mass_flow=0.1)
    base = orbit(atmosphere=AIR, burns=(burn,))
    flown, still = propagate(base), propagate(orbit(atmosphere=AIR))
    end = propagate_many(base, [np.r_[base.r, base.v]]).end[0]
    assert np.array_equal(end[:6], np.r_[flown.trajectory.r[-1], flown.trajectory.v[-1]])
    assert flown.world.forces.air.table.shape[1] > still.world.forces.air.table.shape[1]


# ---- burns that turn or empty the craft within a step


@pytest.mark.parametrize(
    "burn",
    [
        BurnChoice(
            start=100.0,
            duration=300.0,
            thrust=5000.0,
            direction=np.array([1.0, 0.0, 0.0]),
            frame="body",
            mass_flow=1.0,
            body_rate=(0.0, 0.5, 0.3),
        ),
        BurnChoice(
            start=100.0,
            duration=300.0,
            thrust=5000.0,
            direction=np.array([1.0, 0.0, 0.0]),
            frame="lvlh",
            mass_flow=990.0 / 300.0,
        ),
    ],
    ids=["turning", "emptied"],
)
def test_a_burn_has_the_step_that_it_needs(burn, monkeypatch):
    """Against a tenth of that step; with the orbit's own step of 30 s they were 21 and 23 km off."""
    fine = []
    for part in (1.0, 0.1):
        monkeypatch.setattr(pushes, "TURN_A_STEP", part * 0.25)
        monkeypatch.setattr(pushes, "MASS_A_STEP", part * 0.05)
        fine.append(sim.propagate(orbit(400.0, 1000.0, burns=(burn,))).r[-1])
    assert np.linalg.norm(fine[0] - fine[1]) < BURN_STEP_M


# ---- air


def test_air_above_its_table_falls_on():
    """An orbit of 1600 km had crashed, one of 4000 km had flown in the air of 1200 km: 85 times too dense."""
    from kernels.atmosphere.air import table_density

    air = msis_table(EPOCH, 43200.0, QUIET, (400.0, 2000.0))
    top, beyond = (table_density(0.0, h, 0.3, 1.0, air) for h in (2.0e6, 4.0e6))
    assert 0.0 < beyond < 0.1 * top
    place = [4000.0], [math.degrees(0.3)], [12.0 / math.pi]
    there = math.exp(log_densities([297], [0.0], (150.0, 150.0, 4.0), *place).item())
    assert 1.0 / HIGH_AIR_FACTOR < beyond / there < HIGH_AIR_FACTOR
    for height in (1600.0, 35786.0):
        assert np.isfinite(sim.propagate(orbit(height, atmosphere=AIR)).r).all()


def test_given_weather_follows_the_season_of_a_long_span():
    """Half a year of one weather: each day by its own place in the year, where the middle's day was up to 65 % off."""
    from kernels.atmosphere.air import table_density

    span = 180.0 * 86400.0
    air = weather_table(EPOCH, 0.0, span, (300.0, 500.0), QUIET)
    for days in (0.3, 60.6, 150.1):
        moment = EPOCH.plus(86400.0 * days).datetime()
        seconds = moment.hour * 3600.0 + moment.minute * 60.0 + moment.second
        there = log_densities([moment.timetuple().tm_yday], [seconds], (150.0, 150.0, 4.0), [400.0], [20.0], [10.0])
        ours = table_density(86400.0 * days, 4.0e5, math.radians(20.0), math.radians(150.0), air)
        assert ours == pytest.approx(math.exp(there.item()), rel=SEASON_REL)


# ---- Earth orientation


def angle(table, t):
    i = int(round((t - table.t0) / table.dt))
    return table.rows[i, 9] + table.rate * (table.t0 + i * table.dt)


def test_a_given_ut1_runs_through_a_leap_second():
    """From half a day before to half a day after the one of 2016: the turn between, beside that of 1976's model."""
    zero = Epoch.from_utc("2016-12-31T12:00:00Z")
    tables = [make(zero, 0.0, 86400.0, -0.408) for make in (iau2006, iau1976)]
    turned = [angle(table, 86400.0) - angle(table, 0.0) for table in tables]
    assert turned[0] == pytest.approx(turned[1], abs=UT1_RAD)


def test_a_clock_of_its_own_leap_seconds_turns_the_earth_likewise_in_both_models():
    """UT1 = UTC as the file states it + ut1_utc: a second of TAI-UTC less is a second of UT1 more at the same TAI."""
    for make in (iau2006, iau1976):
        by_table, own = (make(EPOCH, 0.0, 3600.0, -0.01, tai_utc=offset) for offset in (None, 36.0))
        assert angle(own, 0.0) - angle(by_table, 0.0) == pytest.approx(by_table.rate, abs=UT1_RAD)


# ---- files


GFC = """product_type gravity_field
modelname test
earth_gravity_constant 3.986004415e14
radius 6378136.3
max_degree 2
norm fully_normalized
end_of_head
gfc 0 0 1.0 0.0
gfc 2 0 -4.8416945732e-4 0.0
gfc 2 1 0.0 0.0
gfc 2 2 2.43938e-6 -1.40027e-6
"""


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("-4.8416945732e-4", "-48416945732", "2 0"),
        ("0 0 1.0", "0 0 0.5", "0 0"),
        ("gfc 2 0", "gfc 1 0 1e-3 0.0\ngfc 2 0", "1 0"),
        ("-4.8416945732e-4", "-0.000_48416945732", "2 0"),
        ("product_type gravity_field", "product_type geoid_undulation", "product_type"),
        ("gfc 2 1 0.0 0.0", "gfct 2 1 0.0 0.0 20000101\ngfct 2 1 0.0 0.0 20100101", "intervals"),
    ],
)
def test_a_gravity_file_that_is_no_earth_is_refused(old, new, reported, tmp_path):
    path = tmp_path / "field.gfc"
    path.write_text(GFC.replace(old, new, 1), "utf-8")
    with pytest.raises(GravityFileError, match=reported):
        read_gfc(path, 2)


def test_the_gravity_file_without_that_is_read(tmp_path):
    path = tmp_path / "field.gfc"
    path.write_text(GFC, "utf-8")
    assert read_gfc(path, 2)[1][2, 0] == -4.8416945732e-4


def test_what_an_opm_holds_beside_its_state_is_reported(tmp_path):
    path = tmp_path / "start.opm"
    path.write_text(
        "CCSDS_OPM_VERS = 2.0\nCREATION_DATE = 2025-01-01T00:00:00\nORIGINATOR = TEST\nOBJECT_NAME = X\n"
        "OBJECT_ID = 2021-035A\nCENTER_NAME = EARTH\nREF_FRAME = GCRF\nTIME_SYSTEM = UTC\n"
        "EPOCH = 2025-10-24T00:00:00\nX = 6778.0\nY = 0.0\nZ = 0.0\nX_DOT = 0.0\nY_DOT = 5.75\nZ_DOT = 5.08\n"
        "MASS = 500.0\nDRAG_AREA = 4.0\nDRAG_COEFF = 2.2\n"
        "MAN_EPOCH_IGNITION = 2025-10-24T01:00:00\nMAN_DURATION = 10.0\nMAN_DELTA_MASS = -1.0\n"
        "MAN_REF_FRAME = RTN\nMAN_DV_1 = 0.0\nMAN_DV_2 = 0.1\nMAN_DV_3 = 0.0\n",
        "utf-8",
    )
    (warning,) = starting_state(path).warnings
    assert "only the state is taken" in warning and "mass_kg" in warning and "manoeuvre" in warning
