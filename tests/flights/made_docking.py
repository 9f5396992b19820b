"""A ship at rest on the axis of a port of Tiangong, ready to be flown in: what the tests of docking begin with."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from kernels.relative.hill import from_lvlh
from sim.build.mission import build
from sim.core.scene import Scene, State
from sim.core.station_stack import true_stack
from sim.core.vehicle import Port
from sim.mission import Mission
from sim.rendezvous.relative import docked_position
from sim.scenario import load


@lru_cache(maxsize=2)
def mission(name: str = "shenzhou-20") -> Mission:
    return build(load(name))


def docking(name: str = "shenzhou-20", **changes):
    """The docking phase of a mission, with changes to its approach."""
    phase = next(p for p in mission(name).phases if p.name == "docking")
    return replace(phase, approach=replace(phase.approach, **changes))


def port_of(phase, scene: Scene | None = None) -> Port:
    """The port of the phase from the station's centre of mass, with what is docked in the scene; in the mission's."""
    approach = phase.approach
    return true_stack(approach.station, scene or mission().scene).ports[approach.port_name]


def waiting(phase, gap: float, aside: float = 0.0) -> Scene:
    """The scene with the ship at rest `gap` m out on the axis of the phase's port, and `aside` m off it."""
    port, ship = port_of(phase), phase.approach.ship
    place = docked_position(port, ship) + gap * port.axis + np.array([0.0, aside, 0.0])
    return around(phase, place)


def around(phase, place: np.ndarray) -> Scene:
    """The scene with the ship's centre of mass at rest at `place` (3,) m, LVLH."""
    before = mission().scene
    station = before.flying[phase.approach.station.name]
    r, v = np.empty(3), np.empty(3)
    from_lvlh(station.r, station.v, np.asarray(place, dtype=float), np.zeros(3), r, v)
    craft = phase.approach.ship_name
    ship = State(r, v, 7900.0, phase.approach.ship.cda)
    return replace(before, flying={**before.flying, craft: ship}, propellant={**before.propellant, craft: 700.0})
