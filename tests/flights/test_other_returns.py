"""Returns of other craft to other sites, by files alone: a Soyuz from the ISS, whose planned timeline is published, and
a Shenzhou to the landing site of before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flown import Flown, fly_whole

from sim.core.return_record import DescentRecord, EntryRecord
from tests.kernels.reference import load as numbers
from tests.made_entry import LOAD
from tests.made_entry import flown as entered
from tests.tolerance import SOYUZ_TIMELINE_S

MS11 = numbers("reentry.json")["soyuz"]
PLACES = {"soyuz-return": (47.3, 69.6), "siziwang-return": (42.3, 111.4)}  # deg


@pytest.fixture(scope="module")
def soyuz() -> Flown:
    return fly_whole("soyuz-return")


@pytest.fixture(scope="module")
def siziwang() -> Flown:
    return fly_whole("siziwang-return")


@pytest.fixture(params=list(PLACES))
def home(request) -> Flown:
    return request.getfixturevalue(request.param.partition("-")[0])


def test_every_rule_holds_and_the_capsule_is_on_its_site(home):
    assert home.flight.failed is None, home.flight.failed
    assert [f"{v.rule}: {v.value} {v.sense} {v.limit}" for v in home.flight.verdicts if not v.passed] == []
    down = home.event("touchdown").values
    latitude, longitude = PLACES["soyuz-return" if "soyuz-ms" in home.mission.scene.ships else "siziwang-return"]
    north = 111.2 * (down["latitude_deg"] - latitude)
    east = 111.2 * math.cos(math.radians(latitude)) * (down["longitude_deg"] - longitude)
    assert math.hypot(north, east) < 5.0  # km


def passing(soyuz: Flown, altitude_km: float) -> float:
    """When the capsule comes down through an altitude, s."""
    for leg in (soyuz.leg("entry"), soyuz.leg("descent")):
        assert isinstance(leg.record, EntryRecord | DescentRecord)
        history = leg.record.entry
        if history.altitude_km[0] >= altitude_km >= history.altitude_km[-1]:
            return float(np.interp(-altitude_km, -history.altitude_km, history.t_s))
    raise AssertionError(f"no altitude of {altitude_km} km")


def test_a_soyuz_keeps_to_the_timeline_of_soyuz_ms_11(soyuz):
    """Seconds from the ignition, each event of the plan at its altitude: ours goes by the altitudes of the plan."""
    begin = soyuz.event("deorbit_burn_start").t
    made = {
        "deorbit burn start": begin,
        "module separation": soyuz.event("service_module_separation").t,
        "entry interface": soyuz.event("entry_interface").t,
        "parachute command": soyuz.leg("descent").start,
        "landing": soyuz.event("touchdown").t,
    }
    for name, seconds, altitude_km in MS11["events"]:
        at = made[name] if name in made else passing(soyuz, altitude_km)
        assert at - begin == pytest.approx(seconds, abs=SOYUZ_TIMELINE_S), name


def test_the_burn_of_a_soyuz_and_its_parachutes_are_the_published_ones(soyuz):
    burn, plan = soyuz.event("deorbit_burn_end").values, MS11["burn"]
    assert burn["delta_v_m_s"] == pytest.approx(plan["dv_mps"], rel=0.02)
    assert burn["duration_s"] == pytest.approx(plan["duration_s"], rel=0.05)
    assert not [e for e in soyuz.flight.events if e.name == "orbital_module_separation"]  # the three part at once
    assert soyuz.event("retro_fire").values["speed_m_s"] == pytest.approx(MS11["chutes"]["main_speed_mps"], abs=0.3)
    assert soyuz.event("touchdown").values["speed_m_s"] == pytest.approx(
        MS11["chutes"]["soft_landing_speed_mps"], abs=1.0
    )


def test_a_guided_soyuz_meets_the_published_load(soyuz):
    assert 3.5 <= soyuz.event("peak_load").values["load_g"] <= 5.0


def test_a_ballistic_capsule_meets_8_to_9_g(home):
    """From the same interface, without lift."""
    scene, phase = home.before("entry"), home.phase("entry")
    state, capsule = scene.flying[phase.ship_name], phase.ship.lander
    bare = capsule._replace(cda=capsule.cda / state.mass, cla=0.0)
    forces, y = home.mission.world.forces._replace(drag=0), np.concatenate([state.r, state.v])
    span = scene.t, scene.t + 2000.0
    path = entered(forces, y, lambda t, y: (bare, 0.0), 15e3, span=span, rtol=1e-7, atol=1e-2)
    low, high = MS11["ballistic"]["load_g"]
    assert low <= path.peak(LOAD)[1] <= high
