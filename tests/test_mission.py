"""The engine: phases in their order, those who only coast, failure as data, progress. With phases of a few lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from worlds import NO_BURNS, NO_NODES, airless

from kernels.orbit.propagate import propagate
from sim.core.epoch import Epoch
from sim.core.flight import Event, Failure, Leg
from sim.core.scene import Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.mission import Mission, fly

ZERO = Epoch.from_utc("2025-04-24T09:17:00Z")
ROUND = State(np.array([6.77e6, 0.0, 0.0]), np.array([0.0, 5.7e3, 5.1e3]), 1.0e5, 700.0)
OTHER = replace(ROUND, r=np.array([0.0, 6.77e6, 0.0]), v=np.array([-5.7e3, 0.0, 5.1e3]), mass=8.0e3)


@pytest.fixture(scope="module")
def quiet():
    """A turning Earth of degree 8, no air, Sun or Moon."""
    return airless(ZERO, 0.0, 86400.0)


@dataclass(frozen=True)
class Wait:
    """Lets time pass, and notes in `seen` what it was handed; flies nothing itself."""

    name: str
    seconds: float
    seen: list = field(default_factory=list, compare=False)
    share: float = 1.0

    def simplified(self, scene: Scene, world) -> tuple[Simplification, ...]:
        return ()

    def fly(self, scene: Scene, world) -> Leg:
        self.seen.append(scene)
        event = Event("hatch_open", scene.t, "station")
        return Leg(self.name, scene.t, scene.with_(t=scene.t + self.seconds), {}, events=(event,))


@dataclass(frozen=True)
class Does:
    """A phase that is one function."""

    name: str
    what: Callable[[Scene], Leg]
    share: float = 1.0

    def simplified(self, scene: Scene, world) -> tuple[Simplification, ...]:
        return ()

    def fly(self, scene: Scene, world) -> Leg:
        return self.what(scene)


def mission(world, *phases) -> Mission:
    scene = Scene(t=0.0, flying={"station": ROUND, "ship": OTHER}, docked={}, ships={}, propellant={}, crew=())
    return Mission("made for a test", ZERO, world, scene, phases)


def test_each_phase_gets_what_the_one_before_left(quiet):
    first, second = Wait("first", 100.0), Wait("second", 50.0)
    flight = fly(mission(quiet, first, second))
    assert [(leg.phase, leg.start, leg.end, leg.status) for leg in flight.legs] == [
        ("first", 0.0, 100.0, "flown"),
        ("second", 100.0, 150.0, "flown"),
    ]
    assert second.seen == [flight.legs[0].scene]
    assert flight.failed is None and flight.zero is ZERO and flight.name == "made for a test"
    assert [e.t for e in flight.events] == [0.0, 100.0]


def test_who_is_not_flown_coasts_in_the_full_model(quiet):
    """The same as the propagator alone, to the last bit; a phase's own trajectory is left as it is."""

    def move_ship(scene: Scene) -> Leg:
        end = replace(OTHER, r=OTHER.r + 5.0)
        path = Trajectory(
            np.array([0.0, 600.0]),
            np.array([OTHER.r, end.r]),
            np.array([OTHER.v, end.v]),
            np.zeros((2, 3)),
            np.full(2, 8e3),
        )
        return Leg("move", 0.0, scene.moved(600.0, {"ship": end}), {"ship": path})

    (leg,) = fly(mission(quiet, Does("move", move_ship))).legs
    y = np.concatenate([ROUND.r, ROUND.v, [ROUND.mass]])
    propagate(0.0, 600.0, y, quiet.step, quiet.forces, ROUND.cda, NO_BURNS, 1.0, 300.0, NO_NODES)
    station = leg.scene.flying["station"]
    assert np.array_equal(station.r, y[:3]) and np.array_equal(station.v, y[3:6])
    assert (station.mass, station.cda) == (ROUND.mass, ROUND.cda)
    path = leg.trajectories["station"]
    assert (path.start, path.end) == (0.0, 600.0) and np.array_equal(path.r[-1], station.r)
    assert np.array_equal(leg.trajectories["ship"].r[-1], OTHER.r + 5.0)
    assert np.array_equal(leg.scene.flying["ship"].r, OTHER.r + 5.0)


def test_who_is_gone_by_the_end_does_not_coast(quiet):
    """A ship that has docked is no body of its own any more."""

    def dock(scene: Scene) -> Leg:
        after = scene.with_(t=60.0, flying={"station": ROUND}, docked={"ship": "forward"})
        return Leg("dock", 0.0, after, {})

    (leg,) = fly(mission(quiet, Does("dock", dock))).legs
    assert set(leg.trajectories) == {"station"} == set(leg.scene.flying)


def test_no_time_passes_in_a_phase_that_takes_none(quiet):
    flight = fly(mission(quiet, Wait("blink", 0.0), Wait("then", 60.0)))
    assert flight.failed is None
    assert flight.legs[0].trajectories == {}
    assert np.array_equal(flight.legs[0].scene.flying["station"].r, ROUND.r)
    assert set(flight.legs[1].trajectories) == {"station", "ship"}


def test_failure_is_data_and_ends_the_flight(quiet):
    """The leg that failed says why and keeps the last scene; nothing after it is flown."""

    def give_up(scene: Scene) -> Leg:
        raise Failure("3 kg short")

    never = Wait("never", 10.0)
    flight = fly(mission(quiet, Wait("first", 100.0), Does("second", give_up), never))
    assert [leg.status for leg in flight.legs] == ["flown", "failed"]
    failed = flight.failed
    assert (failed.phase, failed.reason, failed.start, failed.end) == ("second", "3 kg short", 100.0, 100.0)
    assert failed.scene is flight.legs[0].scene
    assert never.seen == []


def test_a_fault_of_ours_is_no_failure_of_the_mission(quiet):
    def blunder(scene: Scene) -> Leg:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fly(mission(quiet, Does("blunder", blunder)))


def test_progress_names_each_phase_and_only_grows(quiet):
    reported = []
    phases = (Wait("a", 1.0, share=1.0), Wait("b", 1.0, share=3.0), Wait("c", 1.0, share=4.0))
    fly(mission(quiet, *phases), lambda name, part: reported.append((name, part)))
    assert reported == [("a", 0.0), ("b", 0.125), ("c", 0.5), ("done", 1.0)]


def test_progress_comes_to_its_end_after_a_failure_too(quiet):
    def give_up(scene: Scene) -> Leg:
        raise Failure("no")

    reported = []
    fly(mission(quiet, Wait("a", 1.0), Does("b", give_up), Wait("c", 1.0)), lambda name, part: reported.append(part))
    assert reported == sorted(reported) and reported[-1] == 1.0


def test_what_was_handed_over_is_not_changed(quiet):
    """Flying twice from one mission gives the same; a scene is a fact."""
    plan = mission(quiet, Wait("first", 5400.0))
    kept = plan.scene.flying["station"].r.copy()
    one, two = fly(plan), fly(plan)
    assert np.array_equal(plan.scene.flying["station"].r, kept)
    assert np.array_equal(one.legs[0].scene.flying["station"].r, two.legs[0].scene.flying["station"].r)
