"""Homing takes another time where by what is known the drift after a burn that fails would not stay out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from test_dispersed import end_of

from kernels.relative.hill import from_curvilinear
from sim.core.navigation_errors import EXACT, PERFECT
from sim.core.scene import ModelError, State
from sim.core.station_stack import known_stack, true_stack
from sim.phases import transfer
from sim.phases.transfer import Transfer
from sim.proximity_safety.drift import drift_arcs
from sim.rendezvous.relative import relative_state

PLANNED = 875.0  # s


def far_ahead(flown, further=0.0):
    """The scene at the start of homing with the ship 1.3 km off the homing point, ahead and low: half of the first
    burn in 875 s leaves an orbit that may come back into the ellipsoid, and does from 50 m `further`."""
    scene = flown.before("homing")
    station, ship = scene.flying[flown.station], scene.flying[flown.up]
    r, v = np.empty(3), np.empty(3)
    place, rate = np.array([-18770.7 + further, -34.6, 7330.0]), np.array([11.242, -0.135, -0.084])
    from_curvilinear(station.r, station.v, place, rate, r, v)
    return scene.with_(flying={**scene.flying, flown.up: replace(ship, r=r, v=v)})


def drifts(leg):
    return {v.rule.split()[3]: v.value for v in leg.verdicts if v.rule.startswith("drift after")}


def test_a_drift_that_would_come_back_is_known_before_the_burn(may_2026):
    scene = far_ahead(may_2026, 50.0)
    kept, leg = end_of(may_2026.again("homing", scene, slack=0.0)), end_of(may_2026.again("homing", scene))
    (change,) = [e for e in leg.events if e.name == "transfer_time_change"]
    assert not [e for e in kept.events if e.name == "transfer_time_change"]
    assert drifts(kept)["half"] < 0.0
    assert min(drifts(leg).values()) > 1000.0 and all(v.passed for v in leg.verdicts)
    taken = change.values["duration_s"]
    assert change.values["planned_s"] == PLANNED and taken != PLANNED and change.t == scene.t
    assert "the drift would keep its rule by" in change.values["reason"]
    # The hold makes up for it: it arrives sooner or later, and departs when it would have.
    arrived, left = (next(e.t for e in leg.events if e.name == name) for name in ("hold_arrival", "hold_departure"))
    assert arrived - scene.t == pytest.approx(taken)
    assert left == leg.end == kept.end


def test_no_other_time_without_need(may_2026):
    """At the homing point itself the time is the planned one, to the last bit the flight without any freedom."""
    free, bound = end_of(may_2026.again("homing")), end_of(may_2026.again("homing", slack=0.0))
    sure = end_of(may_2026.again("homing", far_ahead(may_2026), navigation=PERFECT, execution=EXACT))
    assert drifts(sure)["half"] > 0.0 and not [e for e in sure.events if e.name == "transfer_time_change"]
    assert free.events == bound.events
    assert np.array_equal(free.scene.flying[may_2026.up].r, bound.scene.flying[may_2026.up].r)


def test_no_hold_no_later_arrival(may_2026):
    """What is later takes its time from the hold; where nothing is left of it, only sooner is."""
    leg = end_of(may_2026.again("homing", far_ahead(may_2026), hold=0.0))
    (change,) = [e for e in leg.events if e.name == "transfer_time_change"]
    assert change.values["duration_s"] < PLANNED


def test_where_no_time_is_safe_the_rule_says_so(may_2026):
    """Zones as large as the way to them: no time keeps the drifts out, and the leg is judged as it is."""
    homing = may_2026.phase("homing")
    zones = replace(homing.zones, ellipsoid=np.array([30e3, 9e3, 9e3]))
    leg = end_of(may_2026.again("homing", zones=zones))
    assert not all(v.passed for v in leg.verdicts if v.rule.startswith("drift after"))
    for event in leg.events:
        if event.name == "transfer_time_change":
            assert math.isfinite(event.values["duration_s"])


def test_a_drift_that_cannot_be_flown_has_no_number(may_2026, monkeypatch):
    """A burn too long to be one near the station: what its drift would do is not known, and no number stands for it."""
    monkeypatch.setattr(Transfer, "_clear", lambda self, *_: -math.inf if self.duration == PLANNED else 500.0)
    leg = end_of(may_2026.again("homing"))
    (change,) = [e for e in leg.events if e.name == "transfer_time_change"]
    assert change.values["reason"].startswith("a burn would be too long") and "inf" not in change.values["reason"]
    assert change.values["reason"].endswith("keeps its rule by 500 m")


def test_a_transfer_goes_where_the_port_is_known_to_be_and_is_judged_by_where_it_is(may_2026):
    """A station half as heavy again as is known, and nothing else that errs."""
    scene, phase = may_2026.before("transfer"), may_2026.phase("transfer")
    station = scene.flying[may_2026.station]
    heavy = scene.with_(
        flying={**scene.flying, may_2026.station: replace(station, mass=1.5 * station.mass)},
        model_errors={may_2026.station: ModelError(1.5)},
    )
    leg = end_of(may_2026.again("transfer", heavy, navigation=PERFECT, execution=EXACT))
    known, true = (look(phase.station, heavy).ports[phase.port].position for look in (known_stack, true_stack))
    apart = np.linalg.norm(true - known)
    t = leg.start + phase.duration
    paths = (leg.trajectories[name] for name in (may_2026.station, may_2026.up))
    there = (State(r[0], v[0], float(mass[0]), 0.0) for r, v, mass in (path.at(t) for path in paths))
    off = relative_state(*there, curved=True)[0] - phase.aim
    assert apart > 0.3 and np.linalg.norm(off - known) < 0.1 * apart
    judged = next(v for v in leg.verdicts if v.rule == "aim of transfer is reached")
    assert judged.value == pytest.approx(np.linalg.norm(off - true), abs=1e-6)


def test_drifts_are_judged_from_where_the_ship_is(may_2026, monkeypatch):
    """By fixes that are 100 m off along the orbit, in truth nothing that the ship would feel before its burns: what the
    judge is given is the true state, and no navigation error is subtracted from it."""
    given = []

    def asked(burns, station, t0, rules, world):
        given.append((burns, rules.navigation))
        return drift_arcs(burns, station, t0, rules, world)

    monkeypatch.setattr(transfer, "drift_arcs", asked)
    scene = may_2026.before("homing")
    end_of(may_2026.again("homing", navigation=replace(may_2026.phase("homing").navigation, relative=100.0)))
    (planned, sigma), (judged, none) = given[0], given[-1]
    ship = scene.flying[may_2026.up]
    assert sigma is not None and np.linalg.norm(planned[0].ship.r - ship.r) > 10.0
    assert none is None and np.array_equal(judged[0].ship.r, ship.r) and judged[0].ship.mass == ship.mass
