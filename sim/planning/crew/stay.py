"""The stay as it is forecast before the flight: when the ship docks and the other leaves, and where the station is.

The lift-off and the trims are planned as the flight plans them, from the same elements; the rendezvous takes its
planned time; the undocking is chosen as the flight chooses it. Nothing here is dispersed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.build.mission import build
from sim.core.flight import Failure
from sim.core.navigation_errors import EXACT
from sim.core.scene import State, as_planned
from sim.core.trajectory import Trajectory
from sim.environment.world import KnownWorld
from sim.orbit.ground_tracking import NOTHING_TO_FIND
from sim.orbit.propagate import end_state, fly
from sim.phases.await_launch import AwaitLaunch
from sim.phases.docked import Docked
from sim.scenario import Scenario


@dataclass(frozen=True)
class Stay:
    """Seconds from zero. `path`: of the station, from the docking to some hours after the undocking."""

    world: KnownWorld
    path: Trajectory
    lift_off: float
    docked: float
    hatch: float
    undocking: float


AFTER = 6.0 * 3600.0  # s of the path beyond the undocking: the real one may be later
PLANNING_STEP = 300.0  # s: ends 5 cm from where 60 s do
PROPELLANT_KEPT = 0.7  # of the ship's, after a rendezvous, about; 100 kg are a thousandth of the stack


def forecast_stay(scenario: Scenario) -> Stay:
    """Of a rotation as it is known before it flies; Failure where it cannot be flown as written."""
    mission = build(scenario)
    known = replace(mission.world.known(), step=PLANNING_STEP)
    wait = next(phase for phase in mission.phases if isinstance(phase, AwaitLaunch))
    stay = next(phase for phase in mission.phases if isinstance(phase, Docked))
    if stay.hatch is None:
        raise Failure("no week can be planned: no hatch opens in this mission")
    wait = replace(wait, ground=NOTHING_TO_FIND, execution=EXACT)
    leg = wait.fly(mission.scene, known)
    lift_off, station = leg.end, leg.scene.flying[wait.station]
    docked = lift_off + wait.docking_after
    arrived = end_state(station, fly(station, lift_off, docked, known))
    mass, cda = _of_ship(scenario)
    stack = as_planned(State(arrived.r, arrived.v, arrived.mass + mass, arrived.cda + cda))
    arrival = leg.scene.moved(docked, {wait.station: stack})
    left = replace(stay, ground=NOTHING_TO_FIND).fly(arrival, known)
    path = fly(stack, docked, left.end + AFTER, known)
    return Stay(known, path, lift_off, docked, docked + stay.hatch, left.end)


def _of_ship(scenario: Scenario) -> tuple[float, float]:
    """Mass kg of the arriving ship, with the propellant that a rendezvous leaves, and its drag area, m2."""
    ship = scenario.ship_vehicle(scenario.launch.ship)
    return ship.mass.dry_kg + PROPELLANT_KEPT * ship.mass.propellant_kg, ship.drag.area_m2 * ship.drag.coefficient
