"""`compare` on real flights: a burn of phasing that comes out 1 m/s larger is found, named, and given its size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

import sim
from sim.core.flight import Flight
from sim.core.navigation_errors import ExecutionErrors
from sim.mission import fly
from tests.made_results import write_results

MORE_M_S = 1.0
BURN = 3  # of phasing


@dataclass(frozen=True)
class OneBurnLarger(ExecutionErrors):
    """The same errors, but that one burn comes out 1 m/s larger along the track."""

    def flown(self, burn, stream, index):
        made = super().flown(burn, stream, index)
        return made + [0.0, MORE_M_S, 0.0, 0.0] if index == BURN - 1 else made


@pytest.fixture(scope="module")
def two(pakistan, tmp_path_factory):
    """The first three legs and homing of a rotation, and the same flown on by the mission's own phases where a burn was
    larger; both as directories."""
    mission, legs = pakistan.mission, pakistan.flight.legs[:4]
    as_known = pakistan.phase("phasing")
    errors = OneBurnLarger(as_known.execution.size, as_known.execution.direction)
    phases = replace(as_known, execution=errors), pakistan.phase("homing")
    other = fly(replace(mission, scene=legs[1].scene, phases=phases, branches={}))
    assert other.failed is None
    folder = tmp_path_factory.mktemp("compared")
    whole = Flight(mission.name, mission.zero, legs), Flight(mission.name, mission.zero, (*legs[:2], *other.legs))
    return [
        write_results(flight, pakistan.scenario, mission.world, folder / name)
        for name, flight in zip(("as-flown", "larger"), whole, strict=True)
    ]


@pytest.fixture(scope="module")
def whole(pakistan, tmp_path_factory):
    """A rotation from its first leg to its last."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    return write_results(pakistan.flight, pakistan.scenario, pakistan.mission.world, folder)


def test_one_metre_a_second_in_one_burn_is_found_and_named(two):
    found = sim.compare(*two)
    assert not found.equal
    cause = found.content()["first_difference"]
    assert cause["kind"] == "burn"
    burn = cause["burn"]
    assert (burn["number"], burn["leg"], burn["name"]) == (BURN, "phasing", "phasing_burn")
    assert burn["vehicle"] == "shenzhou-24"
    size = burn["difference"]
    assert size["along_track_m_s"] == pytest.approx(MORE_M_S, abs=2e-5)  # it lasts longer, and the axes turn meanwhile
    assert abs(size["radial_m_s"]) < 2e-5 and abs(size["cross_track_m_s"]) < 2e-5
    assert f"burn {BURN} of phasing (phasing_burn, shenzhou-24, " in cause["text"]
    assert "by +1.000 m/s along track" in cause["text"] and "last bit" in cause["before"]


def test_the_burn_before_it_is_the_same_and_those_after_it_are_not(two):
    burns = {b["number"]: b["size_m_s"] for b in sim.compare(*two).content()["burns"] if b["leg"] == "phasing"}
    assert burns[1] == burns[2] == 0.0 and burns[4] > 0.1


def test_burns_from_nodes_are_those_of_the_events(whole):
    """The phases write a burn's components too, from the command with its errors; homing writes its size."""
    from sim.verification import compared_burns, compared_files

    flight = compared_files.read(whole)
    found = compared_burns.burns(flight)
    events = [e for e in flight.record["events"] if e["name"] in compared_burns.AT_MID_BURN]
    sized = [burn for burn in found if burn.name != "deorbit_burn"]
    assert len(sized) == len(events) > 10
    for burn, event in zip(sized, events, strict=True):
        assert burn.name == event["name"]
        assert burn.size == pytest.approx(abs(event["values"]["delta_v_m_s"]), rel=1e-4, abs=1e-6)
        if "forward_m_s" in event["values"]:
            lvlh = [event["values"][key] for key in ("forward_m_s", "out_of_plane_m_s", "down_m_s")]
            np.testing.assert_allclose(burn.rtn, [-lvlh[2], lvlh[0], -lvlh[1]], atol=1e-6)
    end = next(e for e in flight.record["events"] if e["name"] == "deorbit_burn_end")
    last = next(burn for burn in found if burn.name == "deorbit_burn")
    assert last.size == pytest.approx(end["values"]["delta_v_m_s"], rel=1e-6)


def test_a_whole_flight_is_equal_to_itself(whole):
    found = sim.compare(whole, whole)
    assert found.equal and not found.first_difference
    assert any(line.startswith("equal: ") for line in found.lines())
