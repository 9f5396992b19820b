"""The departure: its rules hold, and a ship whose burns fail drifts as Hill's equations say."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from kernels.relative.hill import hcw_stm
from sim.core.histories import rows
from sim.core.scene import State
from sim.orbit.propagate import semi_major_axis
from sim.rendezvous.relative import relative_state
from tests.tolerance import DEPARTURE_DRIFT_REL


def test_every_rule_of_the_departure_holds(flown):
    verdicts = flown.leg("departure").verdicts
    assert [v.rule for v in verdicts if not v.passed] == []
    assert sum("missed" in v.rule for v in verdicts) == 2 and len(verdicts) == 6


def test_a_ship_whose_first_burn_is_missed_drifts_as_hill_says(flown):
    """Half a revolution from where the pushers left it, through the full model and by the state transition."""
    leg = flown.leg("departure")
    station, ship = leg.trajectories[flown.station], leg.trajectories[flown.down]
    d, rate = relative_state(*(State(p.r[0], p.v[0], 1.0, 0.0) for p in (station, ship)))
    n = np.sqrt(MU_EARTH / semi_major_axis(station.r[0], station.v[0])[0] ** 3)
    drift = rows(leg.record.drift, leg.record.drift.arc == 0)
    assert drift.missed.max() == 0.0 and drift.burn.max() == 1.0
    t = drift.t_s - leg.start
    for i in np.flatnonzero(t < np.pi / n)[::40]:
        phi = np.empty((6, 6))
        hcw_stm(n, t[i], phi)
        hill = phi[:3] @ np.concatenate([d, rate])
        here = np.array([drift.x_m[i], drift.y_m[i], drift.z_m[i]])
        assert np.linalg.norm(here - hill) < DEPARTURE_DRIFT_REL * max(np.linalg.norm(hill), 10.0)


def test_a_late_burn_breaks_the_corridor(pakistan):
    """After 300 s the ship is atan(n t), 19 deg, off the axis of its port."""
    leg = pakistan.again("departure", first_burn=300.0).legs[-1]
    (broken,) = [v for v in leg.verdicts if not v.passed]
    assert broken.rule.startswith("inside the corridor") and broken.value == pytest.approx(19.0, abs=1.0)
