"""An entry too shallow to stay in the air: the flight ends with how deep it went, and what becomes of the capsule."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import kepler_propagate
from kernels.records import Capsule, make
from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.landing import NO_LANDING
from sim.core.scene import Scene, State
from sim.core.vehicle import EntrySystem
from sim.phases import entry as entries
from sim.phases.entry import Entry, minutes_until_back

SHIP = SimpleNamespace(
    capsule=make(Capsule, cda=6.0, cla=1.5, nose=2.4, bank_rate=0.3),
    opening_altitude=10e3,
    return_module=3000.0,
    chutes=None,
    landing=NO_LANDING,
    entry=EntrySystem(),
)
SITE = Site("east of it", math.radians(1.0), math.radians(60.0), 0.0)
PHASE = Entry("capsule", SHIP, SITE, 0.0, 0.0, 1e6, 5.0)


def entered(world, speed: float, angle_deg: float) -> str:
    """Why an entry at 100 km with this speed (m/s) and angle, unbanked, did not come down."""
    angle = math.radians(angle_deg)
    r = np.array([R_EQUATOR + 100e3, 0.0, 0.0])
    v = speed * np.array([math.sin(angle), math.cos(angle), 0.0])
    craft = {"capsule": State(r, v, 3000.0, 0.0)}
    scene = Scene(t=3600.0, flying=craft, docked={}, ships={}, propellant={}, crew=())
    with pytest.raises(Failure) as caught:
        PHASE.fly(scene, replace(world, coarse=world.forces))
    return str(caught.value)


def test_a_capsule_that_skips_out_ends_in_an_outcome_with_its_numbers(world):
    said = entered(world, 8500.0, -1.0)
    found = re.fullmatch(
        r"the capsule skipped out of the air: at its lowest, (\d+) s after the entry interface, it is at ([\d.]+) km "
        r"with at most ([\d.]+) g, and after (\d+) s at ([\d.]+) km again, climbing at (\d+) m/s; "
        r"without the air it is back at that height after (\d+) min, far from the site",
        said,
    )
    assert found, said
    lowest_s, lowest, load, out_s, out, speed, minutes = (float(x) for x in found.groups())
    assert 0.0 < lowest_s < out_s < 1800.0 and 60.0 < lowest < 100.0 and 0.0 < load < 3.0
    assert 130.0 <= out < 131.0 and 7800.0 < speed < 8500.0 and 60.0 < minutes < 600.0


def test_one_faster_than_escape_does_not_come_back(world):
    assert entered(world, 11500.0, -1.0).endswith("m/s; it is faster than escape and does not come back")


def test_one_that_stays_up_too_long_says_the_limit_and_its_lowest(world, monkeypatch):
    monkeypatch.setattr(entries, "LIMIT", 60.0)
    said = entered(world, 7900.0, -1.0)
    assert re.fullmatch(
        r"the capsule did not come down to 10 km within 60 s: after 60 s it is at [\d.]+ km, \d+ m/s; "
        r"at its lowest it was at [\d.]+ km",
        said,
    )


@pytest.mark.parametrize("speed", [7000.0, 7850.0, 9000.0])
def test_the_time_until_it_is_back_is_that_of_kepler(speed):
    r0, v0 = np.array([6.508e6, 0.0, 0.0]), speed * np.array([math.sin(0.02), math.cos(0.02), 0.0])
    r, v = np.empty(3), np.empty(3)
    kepler_propagate(r0, v0, 60.0 * minutes_until_back(r0, v0, MU_EARTH), MU_EARTH, r, v)
    assert np.linalg.norm(r) == pytest.approx(6.508e6, abs=1e-3)
    assert r @ v == pytest.approx(-(r0 @ v0), rel=1e-9)
