"""The burns within four published ephemerides of the ISS: sign, size and time (tests/data, NASA, public)."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.core.scene import State
from sim.environment.world import build_world
from sim.orbit.ephemeris_burns import ephemeris_burns
from sim.orbit.propagate import fly

DATA = Path(__file__).parent / "data"
CASES = json.loads((DATA / "iss_burns.json").read_text(encoding="utf-8"))["cases"]
QUIET = json.loads((DATA / "iss_predictions.json").read_text(encoding="utf-8"))["cases"]


def found(rows, announced="", apart=0.0):
    """Burns among states that lie `apart` s from each other, and the announced time, s of their world."""
    zero = Epoch.from_utc(rows[0][0])
    times = np.array([Epoch.from_utc(row[0]).since(zero) for row in rows])
    # EME2000 stands for GCRS: they differ by 1e-7 rad, which turns the Earth's field by as little.
    states = np.array([row[1:] for row in rows]).reshape(-1, 2, 3) * 1000.0
    kept = [0]
    for k in range(1, len(times)):
        if times[k] - times[kept[-1]] > apart - 1.0:
            kept.append(k)
    world = build_world(zero, 0.0, times[-1] + 600.0, 40, True, True, None, 60.0)
    burns = ephemeris_burns(times[kept], states[kept, 0], states[kept, 1], world)
    return burns, Epoch.from_utc(announced).since(zero) if announced else 0.0


@pytest.mark.parametrize("apart", [0.0, 240.0])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["event"])
def test_the_announced_burn_is_found_and_no_other(case, apart):
    """Announced to 0.1 m/s and to the minute; 240 s apart, the states are no closer together in the burn than outside.

    0.1 s of processor time each. The ephemeris has 0.53, 0.65, -0.65 and 1.69 m/s for 0.5, 0.7, -0.7 and 1.7."""
    (burn,), start = found(case["states"], case["tig"], apart)
    announced = -case["dv_m_s"] if "Deboost" in case["event"] else case["dv_m_s"]
    assert burn.dv == pytest.approx(announced, abs=0.1)
    assert burn.start == pytest.approx(start, abs=300.0)
    if apart == 0.0:
        assert burn.start == pytest.approx(start, abs=3.0)  # nodes lie 2 s apart


def test_a_burn_between_states_of_twenty_minutes_is_found_and_none_in_quiet_days():
    """0.3 m/s announced for 07:56 on 8 February 2022; a day without burns in each of the other two."""
    (burn,), start = found(QUIET[2]["fit_arc"], "2022-02-08T07:56:00Z")
    assert burn.dv == pytest.approx(0.3, abs=0.1) and burn.start == pytest.approx(start, abs=300.0)
    assert burn.length is None
    assert found(QUIET[0]["fit_arc"])[0] == found(QUIET[1]["fit_arc"])[0] == []


def test_a_push_too_small_for_the_threshold_is_not_called_a_burn():
    """0.02 m/s added to the states after the middle of a quiet day, below the least size of 0.03; 0.05 is found."""
    rows = QUIET[0]["fit_arc"]
    zero = Epoch.from_utc(rows[0][0])
    times = np.array([Epoch.from_utc(row[0]).since(zero) for row in rows[:12]])
    states = np.array([row[1:] for row in rows[:12]]).reshape(-1, 2, 3) * 1000.0
    world = build_world(zero, 0.0, times[-1] + 600.0, 40, True, True, None, 60.0)
    for size, count in ((0.02, 0), (0.05, 1)):
        r, v = states[5]
        pushed = State(r, v * (1.0 + size / np.linalg.norm(v)), 1.0, 0.0)
        later = fly(pushed, times[5], times[-1] + 60.0, world).at(times[6:])
        r, v = (np.vstack([states[:6, k], later[k]]) for k in (0, 1))
        assert len(ephemeris_burns(times, r, v, world)) == count
