"""The vehicles as they will be flown: frozen, SI. Made by sim/build.py from the configuration; nothing else makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kernels.records import Capsule, Chutes, Launcher


@dataclass(frozen=True)
class Engine:
    """Thrust in N and specific impulse in s."""

    thrust: float
    isp: float


@dataclass(frozen=True)
class Ship:
    """A Shenzhou: masses in kg, `cda` m2, the ring's distance from its centre of mass in m, push-off in m/s."""

    seats: int
    orbital_module: float
    return_module: float
    service_module_dry: float
    propellant: float
    main: Engine
    translation: Engine
    cda: float
    ring: float
    push_off: float
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
class LaunchVehicle:
    """The launcher's record for the kernels (its payload field is filled at launch)."""

    name: str
    record: Launcher
