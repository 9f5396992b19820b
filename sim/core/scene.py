"""The scene: everything that one phase hands to the next, and the only thing.

States and masses of the craft, docked ships and their ports, crew. Frozen: a phase returns a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sim.core.ground_site import Site
from sim.core.simplification import Simplification

POINT = Simplification(
    "craft.point",
    "Each craft is a point: its attitude is as commanded and is not flown; to turn uses no propellant.",
    "craft",
)
DRAG_AREA = Simplification(
    "craft.drag_area", "The drag of a craft is one area, whatever its attitude; there is no lift in orbit.", "craft"
)
MODEL_KNOWN = Simplification(
    "craft.model_known", "Planners know the mass and the drag area of every craft exactly.", "craft"
)
BURNT_KNOWN = Simplification("craft.burnt_known", "What share of its mass a craft has burnt is known exactly.", "craft")


@dataclass(frozen=True)
class State:
    """A point mass in GCRS: `r` (3,) m, `v` (3,) m/s, `mass` kg, `cda` drag coefficient times area, m2."""

    r: np.ndarray
    v: np.ndarray
    mass: float
    cda: float


@dataclass(frozen=True)
class KnownState(State):
    """A state as navigation or tracking gives it: with their errors, and with the mass and the drag area of the model.
    What plans and steers takes this type, and no other."""


def as_planned(state: State) -> KnownState:
    """A state of a plan, such as an element set's, which is all that is known before a flight."""
    return KnownState(state.r, state.v, state.mass, state.cda)


@dataclass(frozen=True)
class ModelError:
    """By what factors the true mass and drag area of a craft differ from those of its model."""

    mass: float = 1.0
    cda: float = 1.0


AS_MODELLED = ModelError()


@dataclass(frozen=True)
class Seat:
    """One of the crew: who, in which role, launched by which ship, due to land in which, and aboard what now."""

    name: str
    role: str
    nation: str
    ship_up: str
    ship_down: str
    aboard: str
    up_t: float | None = None  # seconds since the mission's zero; None where the lift-off lies before it
    down_t: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Scene:
    """`flying`: the free bodies, by name; a station with ships docked is one body under the station's name.
    `docked`: ship -> port. `ships`: mass of every docked ship, kg. `propellant`: remaining in each craft, kg.
    `attitudes`: quaternion and rate (7,) of a craft that is flown in six degrees of freedom
    (kernels/craft/attitude.py). `model_errors`: of the craft that differ from their models; only what senses or judges
    reads them. `landing`: the site that the deorbit chose, where that is another than the mission's. `track`: in which
    direction the ground track of an entry comes to its site, rad clockwise from north; None before an entry.
    `undocked`: when a ship left its port, s; of one that has docked again, when it did so last."""

    t: float
    flying: Mapping[str, State]
    docked: Mapping[str, str]
    ships: Mapping[str, float]
    propellant: Mapping[str, float]
    crew: tuple[Seat, ...]
    attitudes: Mapping[str, np.ndarray] = field(default_factory=dict)
    model_errors: Mapping[str, ModelError] = field(default_factory=dict)
    landing: Site | None = None
    track: float | None = None
    undocked: Mapping[str, float] = field(default_factory=dict)

    def model_error(self, craft: str) -> ModelError:
        return self.model_errors.get(craft, AS_MODELLED)

    def known_models(self, *craft: str) -> tuple[Simplification, ...]:
        """What planners know exactly of these craft."""
        as_modelled = all(self.model_error(name) == AS_MODELLED for name in craft)
        return (MODEL_KNOWN, BURNT_KNOWN) if as_modelled else (BURNT_KNOWN,)

    def with_(self, **changes) -> Scene:
        return replace(self, **changes)

    def moved(self, t: float, states: Mapping[str, State]) -> Scene:
        return replace(self, t=t, flying={**self.flying, **states})
