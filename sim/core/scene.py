"""The scene: everything that one phase hands to the next, and the only thing.

States and masses of the craft, docked ships and their ports, crew. Frozen: a phase returns a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np


@dataclass(frozen=True)
class State:
    """A point mass in GCRS: `r` (3,) m, `v` (3,) m/s, `mass` kg, `cda` drag coefficient times area, m2."""

    r: np.ndarray
    v: np.ndarray
    mass: float
    cda: float


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
    (kernels/craft/attitude.py)."""

    t: float
    flying: Mapping[str, State]
    docked: Mapping[str, str]
    ships: Mapping[str, float]
    propellant: Mapping[str, float]
    crew: tuple[Seat, ...]
    attitudes: Mapping[str, np.ndarray] = field(default_factory=dict)

    def with_(self, **changes) -> Scene:
        return replace(self, **changes)

    def moved(self, t: float, states: Mapping[str, State]) -> Scene:
        return replace(self, t=t, flying={**self.flying, **states})
