"""A dispersed approach: the ship's place, speed, attitude and mass; thrust; the station's attitude oscillation.

What can be written is read from the scene and the records that the phase is flown with, not from what was intended. A
draw of zero changes no bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from kernels.craft.attitude import from_matrix, to_body
from kernels.relative.hill import from_lvlh, lvlh_axes
from sim.core.scene import State
from sim.core.vehicle import Station
from sim.docking.approach import CloseRange, built, oscillation
from sim.docking.contact import docking_frame
from sim.mission import Mission, Phase
from sim.rendezvous.relative import relative_state
from sim.uncertainty.draw import Dispersion
from sim.uncertainty.kinds import CloseRangePhase, LeavingPhase
from sim.uncertainty.target import TOLERANCE, DispersionTarget, Values

Read = Callable[[Mission], Iterable[float]]
PLACE_READ = 1.0e-7  # m: an inertial place has 1e-9 m, each way


def approach_of(mission: Mission) -> CloseRange:
    """Of the phase that is flown in closed loop near the station."""
    return next(phase.approach for phase in mission.phases if isinstance(phase, CloseRangePhase))


def with_approach(mission: Mission, approach: CloseRange) -> Mission:
    phases = (replace(p, approach=approach) if isinstance(p, CloseRangePhase) else p for p in mission.phases)
    return replace(mission, phases=tuple(phases))


def _craft(mission: Mission) -> tuple[State, State]:
    """Station and ship."""
    approach = approach_of(mission)
    return mission.scene.flying[approach.station.name], mission.scene.flying[approach.ship_name]


def _with_ship(mission: Mission, ship: State) -> Mission:
    flying = {**mission.scene.flying, approach_of(mission).ship_name: ship}
    return replace(mission, scene=mission.scene.with_(flying=flying))


def _with_attitude(mission: Mission, attitude: np.ndarray) -> Mission:
    attitudes = {**mission.scene.attitudes, approach_of(mission).ship_name: attitude}
    return replace(mission, scene=mission.scene.with_(attitudes=attitudes))


def _attitude(mission: Mission) -> np.ndarray:
    """Quaternion and rate (7,)."""
    return mission.scene.attitudes[approach_of(mission).ship_name]


def _added(
    read: Read,
    write: Callable[[Mission, np.ndarray], Mission],
    tolerance: float = TOLERANCE,
) -> DispersionTarget:
    """Something of three parts to which the draw is added; `read` and `write` take it in the dispersion's unit."""

    def write_sum(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        return write(mission, np.array(read(mission)) + values) if any(values) else mission

    return DispersionTarget(lambda mission, *_: tuple(float(x) for x in read(mission)), write_sum, tolerance)


def _share(read: Read, write: Callable[[Mission, float], Mission]) -> DispersionTarget:
    """Something of which the draw is a percentage; `write` takes the factor."""

    def write_share(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        return write(mission, 1.0 + 0.01 * values[0]) if any(values) else mission

    return DispersionTarget(lambda mission, *_: tuple(float(x) for x in read(mission)), write_share)


def _with_relative(mission: Mission, place: np.ndarray, speed: np.ndarray) -> Mission:
    station, ship = _craft(mission)
    r, v = np.empty(3), np.empty(3)
    from_lvlh(station.r, station.v, place, speed, r, v)
    return _with_ship(mission, replace(ship, r=r, v=v))


def _with_place(mission: Mission, place: np.ndarray) -> Mission:
    return _with_relative(mission, place, relative_state(*_craft(mission))[1])


def _with_speed(mission: Mission, speed: np.ndarray) -> Mission:
    return _with_relative(mission, relative_state(*_craft(mission))[0], speed)


def _mated(mission: Mission) -> np.ndarray:
    """Inertial axes to the body's of a ship that is mated with the port of a station at rest in LVLH, (3, 3)."""
    station, axes = _craft(mission)[0], np.empty((3, 3))
    lvlh_axes(station.r, station.v, axes)
    return docking_frame(approach_of(mission).port) @ axes


def _turns(mission: Mission) -> np.ndarray:
    """Roll, pitch, yaw, deg, of the ship against that pose: from it by yaw about z, pitch about y, roll about x."""
    body = np.empty((3, 3))
    to_body(_attitude(mission)[:4], body)
    c = body @ _mated(mission).T
    return np.degrees([math.atan2(c[1, 2], c[2, 2]), -math.asin(c[0, 2]), math.atan2(c[0, 1], c[0, 0])])


def _with_turns(mission: Mission, turns: np.ndarray) -> Mission:
    (a, b, c), (p, q, r) = np.cos(np.radians(turns)), np.sin(np.radians(turns))
    roll = np.array([[1.0, 0.0, 0.0], [0.0, a, p], [0.0, -p, a]])
    pitch = np.array([[b, 0.0, -q], [0.0, 1.0, 0.0], [q, 0.0, b]])
    yaw = np.array([[c, r, 0.0], [-r, c, 0.0], [0.0, 0.0, 1.0]])
    quaternion = np.empty(4)
    from_matrix(roll @ pitch @ yaw @ _mated(mission), quaternion)
    turned = np.concatenate([quaternion / np.linalg.norm(quaternion), _attitude(mission)[4:]])
    return _with_attitude(mission, turned)


def _with_rate(mission: Mission, rate: np.ndarray) -> Mission:
    return _with_attitude(mission, np.concatenate([_attitude(mission)[:4], np.radians(rate)]))


def _with_mass(mission: Mission, factor: float) -> Mission:
    ship = _craft(mission)[1]
    return _with_ship(mission, replace(ship, mass=ship.mass * factor))


def _with_thrust(mission: Mission, factor: float) -> Mission:
    approach = approach_of(mission)
    group = replace(approach.ship.thrusters, feed=approach.ship.thrusters.feed * factor)
    return with_approach(mission, replace(approach, ship=replace(approach.ship, thrusters=group)))


def _with_oscillation(mission: Mission, factor: float) -> Mission:
    """Of the one station, for the ship that comes and for one that leaves it."""
    approach = approach_of(mission)

    def oscillating(station: Station) -> Station:
        own = station.oscillation
        return replace(station, oscillation=replace(own, amplitude=own.amplitude * factor))

    def changed(phase: Phase) -> Phase:
        return replace(phase, station=oscillating(phase.station)) if isinstance(phase, LeavingPhase) else phase

    mission = with_approach(mission, replace(approach, station=oscillating(approach.station)))
    return replace(mission, phases=tuple(map(changed, mission.phases)))


def _of_control(name: str, factor: float) -> DispersionTarget:
    """One number of how the ship is flown: `factor` from its unit to SI."""

    def write(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
        approach = approach_of(mission)
        control = replace(approach.control, **{name: getattr(approach.control, name) + factor * values[0]})
        return with_approach(mission, replace(approach, control=control))

    return DispersionTarget(lambda mission, *_: (getattr(approach_of(mission).control, name) / factor,), write)


TARGETS = {
    "ship.place": _added(lambda m: relative_state(*_craft(m))[0], _with_place, PLACE_READ),
    "ship.speed": _added(lambda m: relative_state(*_craft(m))[1], _with_speed),
    "ship.attitude": _added(_turns, _with_turns),
    "ship.rate": _added(lambda m: np.degrees(_attitude(m)[4:]), _with_rate),
    "ship.mass": _share(lambda m: (_craft(m)[1].mass,), _with_mass),
    "thrusters.thrust": _share(lambda m: np.linalg.norm(built(approach_of(m)).force, axis=1), _with_thrust),
    "station.swing": _share(lambda m: oscillation(approach_of(m)).amplitude, _with_oscillation),
    "pilot.attitude_deadband": _of_control("angle", math.radians(1.0)),
    "pilot.velocity_deadband": _of_control("deadband", 1.0),
    "pilot.closing_speed": _of_control("closing_speed", 1.0),
}
