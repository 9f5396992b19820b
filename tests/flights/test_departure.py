"""Undocking and departure: the rules hold, the nose turns, faults end in an outcome, and a ship whose burns fail drifts
as Hill's equations say."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from kernels.constants import MU_EARTH
from kernels.docking import plan
from kernels.relative.hill import from_lvlh, hcw_stm
from sim.build.docking import faults
from sim.build.mission import build
from sim.core.histories import rows
from sim.core.scene import KnownState, State
from sim.docking.approach import Fault
from sim.orbit.propagate import semi_major_axis
from sim.rendezvous.relative import relative_state
from sim.rendezvous.separation import leaving_burn, lowering_burn, mean_motion
from sim.scenario import load
from sim.scenario.rotation import FaultBlock
from tests.tolerance import DEPARTURE_DRIFT_REL

HOUR = 3600.0


def test_every_rule_of_the_departure_holds(flown):
    verdicts = [v for phase in ("undocking", "departure") for v in flown.leg(phase).verdicts]
    assert [v.rule for v in verdicts if not v.passed] == []
    assert sum("missed" in v.rule for v in verdicts) == 2 and len(verdicts) == 7


def test_the_landing_is_as_long_after_the_undocking_as_the_mission_says(flown):
    undocking, departure = flown.leg("undocking"), flown.leg("departure")
    assert departure.end - undocking.start == pytest.approx(3.0 * HOUR, abs=1e-6)
    hours = (flown.event("touchdown").t - undocking.start) / HOUR
    assert hours == pytest.approx(flown.scenario.return_.undock_to_landing_h, abs=0.1)


def test_the_ship_holds_twice_with_its_attitude_and_turns_round(flown):
    """19 and 200 m as published; its nose is on the port until it turns, and away from it at the end."""
    leg = flown.leg("undocking")
    held = [e.values["range_m"] for e in leg.events if e.name == "hold_arrival"]
    assert held == pytest.approx([19.0, 200.0], abs=1.0)
    (turn,) = [e.t for e in leg.events if e.name == "turn_away"]
    attitude = leg.record.attitude
    off = np.linalg.norm(attitude.turn_deg, axis=1)
    assert off[(attitude.t_s > leg.start + 120.0) & (attitude.t_s < turn)].max() < 2.0
    # The rotation vector of half a turn has one sign or the other.
    assert off[-1] == pytest.approx(180.0, abs=2.0)


def test_thrusters_that_blow_at_the_port_do_not_fire(flown):
    leg, phase = flown.leg("undocking"), flown.phase("undocking")
    opened = set(phase.meeting(flown.before("undocking").docked[flown.down]).ship.thrusters.names)
    assert set(leg.record.thrusters.on_s) == opened < set(phase.ship.thrusters.names)


def test_burns_are_planned_from_fixes_and_made_with_errors(flown):
    """The burn leaves the ship at 0.5 m/s downward whatever speed it had; what is flown is not what is commanded."""
    leg, phase = flown.leg("departure"), flown.phase("departure")
    first, second = (e for e in leg.events if e.name == "separation_burn")
    assert (first.values["toward"], second.values["toward"]) == ("nadir", "backward")
    for burn in (first, second):
        error = burn.values["delta_v_m_s"] / burn.values["commanded_m_s"] - 1.0
        assert 0.0 < abs(error) < 5.0 * phase.execution.size
    after = first.t + 10.0
    station, ship = (leg.trajectories[craft] for craft in (flown.station, flown.down))
    _, rate = relative_state(*(State(*(x[0] for x in p.at(after)), 0.0) for p in (station, ship)))
    assert np.linalg.norm(rate - [0.0, 0.0, phase.down]) < 0.06


def test_a_ship_whose_first_burn_is_missed_drifts_as_hill_says(flown):
    """Half a revolution from where it was at rest, through the full model and by the state transition."""
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


def broken(kind: int, out: float, which: int = 0, value: float = 0.0, duration: float = math.inf) -> Fault:
    """A fault that begins `out` m from the port, on the way out."""
    return Fault("it", kind, -out, which, value, duration)


def test_a_fault_of_the_departure_begins_on_the_way_out(april_2025):
    """A thruster that stays on is isolated, and the ship keeps its path."""
    which = april_2025.phase("undocking").ship.thrusters.names.index("push1")
    leg = april_2025.again("undocking", faults=(broken(plan.STUCK_ON, 50.0, which),)).legs[0]
    fault, isolated = (next(e for e in leg.events if e.name == name) for name in ("fault", "thruster_isolated"))
    assert fault.values["range_m"] == pytest.approx(50.0, abs=0.2) and isolated.values["thruster"] == "push1"
    assert sum(e.name == "thruster_isolated" for e in leg.events) == 1  # though the turn is another loop
    assert leg.record.figures.outcome == "as planned" and leg.record.figures.failed == "it"
    assert [v.rule for v in leg.verdicts if not v.passed] == []


def test_a_ship_that_leaves_its_path_retreats_and_goes_home_from_there(april_2025):
    """The kernel of the docking decides; the leg says why and how far, and the departure goes on with one burn."""
    loss = broken(plan.NO_THRUST, 150.0, duration=300.0)
    leg = april_2025.again("undocking", faults=(loss,)).legs[0]
    said = leg.record.figures.outcome
    assert (
        leg.status == "flown" and said.startswith("the ship retreated because it left its path: ") and "kg used" in said
    )
    assert leg.record.figures.range_at_end_m > 1.25 * 200.0
    gone = april_2025.again("departure", leg.scene).legs[0]
    assert gone.status == "flown" and [v.rule for v in gone.verdicts if not v.passed] == []
    (burn,) = [e for e in gone.events if e.name == "separation_burn"]
    assert burn.values["toward"] == "backward"
    assert gone.end - leg.start == pytest.approx(3.0 * HOUR, abs=1e-6)


def test_a_ship_that_cannot_find_its_attitude_does_not_turn(april_2025):
    leg = april_2025.again("undocking", faults=(broken(plan.SENSOR_LOST, 100.0, 4),)).legs[0]
    assert "unturned: the ship has no navigation solution" in leg.record.figures.outcome
    assert leg.record.figures.range_at_end_m < 220.0 and not [e for e in leg.events if e.name == "turn_away"]


def test_a_fast_departure_goes_by_the_last_hold_without_waits_or_turn(april_2025):
    mission = build(load("shenzhou-20", ["return.departure=fast"]))
    fast, slow = next(p for p in mission.phases if p.name == "undocking"), april_2025.phase("undocking")
    assert (fast.hold_ranges, fast.holds, fast.turn) == ((200.0,), (0.0,), False)
    changed = {k: getattr(fast, k) for k in ("hold_ranges", "durations", "holds", "leave", "turn")}
    leg = april_2025.again("undocking", **changed).legs[0]
    assert [v.rule for v in leg.verdicts if not v.passed] == []
    assert leg.end - leg.start < sum((slow.drift, *slow.durations, *slow.holds, slow.leave)) - 400.0
    gone = april_2025.again("departure", leg.scene).legs[0]
    assert gone.status == "flown" and [v.rule for v in gone.verdicts if not v.passed] == []


def test_a_fault_of_a_file_breaks_in_the_leg_that_it_names(april_2025):
    ship = april_2025.phase("undocking").ship
    table = FaultBlock(kind="thruster-stuck-on", range_m=50.0, thruster="push2", leg="departure")
    (found,) = faults((table,), ship, "departure")
    assert found.within == -50.0 and ship.thrusters.names[found.which] == "push2" and faults((table,), ship) == ()
    shut = FaultBlock(kind="thruster-stuck-on", range_m=50.0, thruster="brake1", leg="departure")
    phase = replace(april_2025.phase("undocking"), faults=(found, *faults((shut,), ship, "departure")))
    (kept,) = phase.meeting("forward").faults  # a thruster that is shut cannot break
    assert phase.meeting("forward").ship.thrusters.names[kept.which] == "push2"


def pair(place: tuple[float, float, float], speed: tuple[float, float, float] = (0.0, 0.0, 0.0)):
    """A station on a circle of 6770 km and a ship beside it, LVLH m and m/s, as known."""
    speed_of_orbit = math.sqrt(MU_EARTH / 6.77e6)
    station = KnownState(np.array([6.77e6, 0.0, 0.0]), np.array([0.0, speed_of_orbit, 0.0]), 9e4, 300.0)
    r, v = np.empty(3), np.empty(3)
    from_lvlh(station.r, station.v, np.array(place), np.array(speed), r, v)
    return station, KnownState(r, v, 7800.0, 20.0)


def test_the_first_burn_leads_down_and_from_behind_the_station_up():
    for place, down in (((300.0, 0.0, 100.0), 1.0), ((0.0, 0.0, 300.0), 1.0), ((-300.0, 0.0, -100.0), -1.0)):
        station, ship = pair(place, (0.1, 0.02, -0.05))
        dv = leaving_burn(station, ship, 0.0, 0.5, 8000.0, 200.0)
        np.testing.assert_allclose(dv, [-0.1, -0.02, 0.5 * down + 0.05], atol=1e-9)


def test_a_burn_backward_that_would_lead_back_is_not_planned():
    """From 300 m straight ahead a burn of 2 m/s backward leads by the station at some 60 m; 4 km ahead it does not."""
    assert lowering_burn(*pair((300.0, 0.0, 0.0)), 0.0, 2.0, 5000.0, 200.0) is None
    far = lowering_burn(*pair((4000.0, 0.0, 50.0), (0.3, 0.0, 0.0)), 0.0, 2.0, 5000.0, 200.0)
    n = mean_motion(pair((0.0, 0.0, 1.0))[0])
    np.testing.assert_allclose(far, [2.0 * n * 50.0 - 2.0 - 0.3, 0.0, 0.0], atol=1e-9)
