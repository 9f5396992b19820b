"""The vehicles as they will be flown: frozen, SI, made by sim/build.py alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kernels.records import Capsule, Chutes, Launcher
from sim.navigation import Execution, Navigation


@dataclass(frozen=True)
class Engine:
    """Thrust in N and specific impulse in s."""

    thrust: float
    isp: float


@dataclass(frozen=True)
class Mechanism:
    """A docking mechanism: ring to centre of mass m, push-off m/s, hard mate s after contact, and its capture box."""

    ring: float
    push_off: float
    hard_mate: float
    closing_min: float
    closing_max: float
    lateral_offset: float
    lateral_speed: float


@dataclass(frozen=True)
class Ship:
    """A Shenzhou: masses in kg, `cda` m2, altitude at which the parachutes open in m."""

    seats: int
    orbital_module: float
    return_module: float
    service_module_dry: float
    propellant: float
    main: Engine
    translation: Engine
    cda: float
    navigation: Navigation
    execution: Execution
    docking: Mechanism
    capsule: Capsule
    chutes: Chutes
    opening_altitude: float

    @property
    def mass(self) -> float:
        """At lift-off, kg."""
        return self.orbital_module + self.return_module + self.service_module_dry + self.propellant


@dataclass(frozen=True)
class Port:
    """A docking port of the station in LVLH axes: ring position from the centre of mass (3,) m, outward axis (3,)."""

    position: np.ndarray
    axis: np.ndarray


@dataclass(frozen=True)
class Station:
    name: str
    modules: float
    cda: float
    engine: Engine
    ports: Mapping[str, Port]


@dataclass(frozen=True)
class Stages:
    """Whose part of a launcher's record is whose, by tank; SI. What is dispersed by stage needs it; nobody flies it.

    `thrusts` N and `exits` m2 (phases, tanks): what each stage's engines give in a phase; `drops` (phases, tanks): 1
    where a stage falls off at the end of a phase; `dry`, `residuals` (tanks,) kg, of all boosters together.
    """

    names: tuple[str, ...]
    thrusts: np.ndarray
    exits: np.ndarray
    drops: np.ndarray
    dry: np.ndarray
    residuals: np.ndarray


@dataclass(frozen=True)
class LaunchVehicle:
    """The launcher's record for the kernels (its payload is filled at launch), and what its edges are called.

    `events`: of the end of each phase, then of each jettison, as the kernel marks them. `upper`: the stage that
    reaches orbit.
    """

    name: str
    record: Launcher
    events: tuple[str, ...]
    upper: str
    stages: Stages
