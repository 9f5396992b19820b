"""The station with what is docked to it as one body: mass, centre of mass, inertia, and its ports from there.

The station's own frame is that of its file: origin in the centre of mass of its modules without visitors, axes of LVLH
as it flies (x forward, y against the orbit normal, z to the nadir). A docked ship stands with its body axes along the
docking frame of its port. SI.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.core.scene import Scene
from sim.core.simplification import Simplification
from sim.core.vehicle import AT_THE_PORT, Port, Station

ONE_BODY = Simplification(
    "station.one_body",
    "The modules of the station are one rigid body: its centre of mass stays where its file has it, whatever was burnt "
    "or loaded, and its inertia grows with its mass. A docked ship has its true mass, and the centre of mass and "
    "inertia of its file.",
    "station",
)
POINT_AT_THE_PORT = Simplification(
    "station.point_at_the_port",
    "A ship that is docked without a vehicle is a point at its port, without drag.",
    "station",
)


@dataclass(frozen=True)
class Stack:
    """`mass` kg; `centre` (3,) m, the centre of mass from the origin of the station's own frame; `inertia` (3, 3) kg m2
    about it; `ports`, with their positions from it."""

    mass: float
    centre: np.ndarray
    inertia: np.ndarray
    ports: Mapping[str, Port]


@dataclass(frozen=True)
class KnownStack(Stack):
    """A stack of the masses that are known: those of the models, less what was burnt. What plans and steers takes this
    type, and no other."""


def stack(station: Station, total: float, docked: Mapping[str, str], ships: Mapping[str, float]) -> Stack:
    """The stack of `total` kg with ships docked: `docked` ship -> port, `ships` mass of each, kg.

    Modules weigh what the ships leave of the total; their inertia is the file's in proportion to that. The
    parallel-axis theorem: inertia about the common centre = sum of each one's own, and of mass (d.d 1 - d d') for its
    distance d (3,) from there.
    """
    modules = total - sum(ships[ship] for ship in docked)
    bodies = [(modules, np.zeros(3), station.inertia * (modules / station.modules))]
    for ship, name in docked.items():
        port, visitor = station.ports[name], station.visitors.get(ship, AT_THE_PORT)
        frame = axes_of_port(port.axis)
        bodies.append((ships[ship], port.position + visitor.ring * port.axis, frame.T @ visitor.inertia @ frame))
    centre = sum((mass * place for mass, place, _ in bodies), np.zeros(3)) / total
    inertia = np.zeros((3, 3))
    for mass, place, own in bodies:
        d = place - centre
        inertia += own + mass * (d @ d * np.eye(3) - np.outer(d, d))
    ports = {name: Port(port.position - centre, port.axis) for name, port in station.ports.items()}
    return Stack(total, centre, inertia, ports)


def released(scene: Scene, station: str, craft: str) -> Scene:
    """The scene without a ship that was docked; of the station the mass alone is changed."""
    state = scene.flying[station]
    left = replace(state, mass=state.mass - scene.ships[craft])
    return scene.with_(
        flying={**scene.flying, station: left},
        docked={k: v for k, v in scene.docked.items() if k != craft},
        ships={k: v for k, v in scene.ships.items() if k != craft},
    )


def simplified(station: Station, scene: Scene) -> tuple[Simplification, ...]:
    """What is simple in a stack with the ships of a scene."""
    unknown = set(scene.docked) - set(station.visitors)
    return (ONE_BODY, POINT_AT_THE_PORT) if unknown else (ONE_BODY,)


def true_stack(station: Station, scene: Scene) -> Stack:
    """The station as it is with the ships of a scene."""
    return stack(station, scene.flying[station.name].mass, scene.docked, scene.ships)


def known_stack(station: Station, scene: Scene) -> KnownStack:
    """The station as it is known: every mass by its model, less what was burnt."""
    total = scene.flying[station.name].mass / scene.model_error(station.name).mass
    ships = {ship: scene.ships[ship] / scene.model_error(ship).mass for ship in scene.docked}
    return KnownStack(**vars(stack(station, total, scene.docked, ships)))
