"""The entry as a phase: what its ship's file says, what is drawn, and the events of its path."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from kernels.constants import G0
from kernels.entry.entry import COMMAND, EXTRAS
from sim.build.from_scenario import build_mission
from sim.core.inertial_errors import InertialErrors
from sim.core.random_streams import RandomDraws
from sim.core.trajectory import Trajectory
from sim.phases.entry import BALLISTIC, LAWS, PREDICTOR, REFERENCE, Entry, entry_events
from sim.scenario import load

ERRORS = InertialErrors(bias=1e-3, scale=1e-4, noise=1e-4, drift=1e-6, tilt=1e-3, fix=(15.0, 0.2), gain=0.2)


def test_a_ship_enters_as_its_file_says():
    """Trim as shares of the hypersonic coefficients, errors and limits in SI; the law of the mission's table."""
    mission = build_mission(load("return-only", ['sequence.4.guidance="reference"']))
    phase = next(x for x in mission.phases if isinstance(x, Entry))
    assert phase.guidance == "reference"
    assert LAWS == {"predictor": PREDICTOR, "reference": REFERENCE, "ballistic": BALLISTIC}
    ship = phase.ship
    trim = ship.lander.trim
    assert trim[0] == pytest.approx([0.6, 0.95 / 1.28, 0.95 * 0.22 / (1.28 * 0.30)])
    assert trim[-1] == pytest.approx([6.0, 1.0, 1.0])
    assert np.array_equal(ship.hypersonic_lander.trim, [[1.0, 1.0, 1.0]])
    system = ship.entry
    assert (system.spin, system.blackout) == (math.radians(13.0), (80e3, 40e3))
    assert (system.heat_flux, system.heat_load, system.dynamic_pressure) == (900e3, 200e6, 50e3)
    assert system.inertial.bias == pytest.approx(100e-6 * G0)
    assert system.inertial.drift == pytest.approx(math.radians(0.1) / 3600.0)
    assert system.inertial.tilt == pytest.approx(math.radians(1.0 / 60.0))


def test_errors_of_the_inertial_unit_are_drawn_by_their_sizes():
    """Of 400 entries: standard deviations within 15 %, each kind by itself, the same of the same run."""
    units = [ERRORS.unit(RandomDraws(1, run), "entry", (80e3, 40e3)) for run in range(400)]
    for name, sigma in (("bias", 1e-3), ("scale", 1e-4), ("tilt", 1e-3), ("drift", 1e-6)):
        values = np.array([getattr(unit, name) for unit in units])
        assert values.std(axis=0) == pytest.approx([sigma] * 3, rel=0.15), name
        assert abs(values.mean()) < 0.15 * sigma
    start = np.array([unit.start for unit in units])
    assert start.std(axis=0) == pytest.approx([15.0] * 3 + [0.2] * 3, rel=0.15)
    again = ERRORS.unit(RandomDraws(1, 7), "entry", (80e3, 40e3))
    assert np.array_equal(again.bias, units[7].bias) and again.stream == units[7].stream
    assert units[0].stream != units[1].stream


def test_events_of_an_entry_are_where_the_heights_and_the_bank_say():
    t = np.arange(0.0, 101.0)
    extras = np.zeros((101, EXTRAS))
    extras[:, 0] = 100e3 - 900.0 * t
    extras[:, 3] = np.exp(-(((t - 50.0) / 10.0) ** 2))
    extras[:, COMMAND] = np.where(t < 30.0, 0.7, -0.8)
    path: Trajectory = SimpleNamespace(t=t, start=0.0)  # type: ignore[assignment]  # all that is asked of it
    found = {e.name: e for e in entry_events("capsule", path, extras, (80e3, 40e3), 60.5)}
    assert list(found) == ["blackout_start", "bank_reversal", "peak_load", "guidance_lost", "blackout_end"]
    assert found["blackout_start"].t == pytest.approx(20e3 / 900.0)
    assert found["blackout_end"].t == pytest.approx(60e3 / 900.0)
    assert (found["bank_reversal"].t, found["peak_load"].t, found["guidance_lost"].t) == (30.0, 50.0, 60.5)
    assert found["bank_reversal"].values["to_deg"] == pytest.approx(math.degrees(-0.8))
    assert [e.name for e in entry_events("capsule", path, extras, None, None)] == ["bank_reversal", "peak_load"]
