"""The vehicles as they will be flown: frozen, SI, made by sim/build/vehicles.py alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kernels.craft.thrusters import Thrusters
from kernels.docking.contact import Box, Springs
from kernels.records import Capsule, Chutes, Launcher
from kernels.sensors.relative_filter import FilterModel
from kernels.sensors.sensors import SensorSuite
from sim.core.inertial_errors import InertialErrors
from sim.core.landing import NO_LANDING, Landing
from sim.core.navigation_errors import ExecutionErrors, NavigationErrors


@dataclass(frozen=True)
class Engine:
    """Thrust in N and specific impulse in s."""

    thrust: float
    isp: float


@dataclass(frozen=True)
class Mechanism:
    """A docking mechanism; SI.

    `ring` m: from the centre of mass to where the two are docked; at contact the ring stands out by `retraction` more,
    and is retracted during the last `retracting` s before the hard mate, `hard_mate` s after contact. `closing_min` to
    `rate`: the capture box. `push_off` m/s by pushers of `push_stroke` m whose line passes the centre of mass `aside`
    (2,) m, at most `push_off_max`.
    """

    ring: float
    push_off: float
    hard_mate: float
    closing_min: float
    closing_max: float
    lateral_offset: float
    lateral_speed: float
    tilt: float
    roll: float
    rate: float
    force_max: float
    restitution: float
    stroke: float
    retraction: float
    retracting: float
    springs: Springs
    push_off_max: float
    push_stroke: float
    aside: np.ndarray

    @property
    def reach(self) -> float:
        """From the centre of mass to the ring that stands out for contact, m."""
        return self.ring + self.retraction

    @property
    def box(self) -> Box:
        return Box(
            closing_min=self.closing_min,
            closing_max=self.closing_max,
            lateral=self.lateral_offset,
            lateral_speed=self.lateral_speed,
            tilt=self.tilt,
            roll=self.roll,
            rate=self.rate,
        )


@dataclass(frozen=True)
class ThrusterSet:
    """The small thrusters as planned, their names, and their scatter: one sigma, of the thrust and rad.

    `feed`: thrust of all of them over the nominal one, which selection does not know."""

    names: tuple[str, ...]
    record: Thrusters
    thrust_spread: float
    direction_spread: float
    feed: float = 1.0


@dataclass(frozen=True)
class Fragments:
    """`count` alike of what a broken-up module leaves: `mass` kg and `cda` m2 of one; `spread` of mass over cda (one
    sigma, a share), and `kick` m/s (one sigma) in each direction."""

    name: str
    count: int
    mass: float
    cda: float
    spread: float
    kick: float


@dataclass(frozen=True)
class Discarded:
    """A part dropped under the parachutes, at an `event` or as they open: `mass` kg, `cda` m2, `spread` of mass over
    cda, one sigma."""

    name: str
    event: str
    mass: float
    cda: float
    spread: float


@dataclass(frozen=True)
class DeorbitSystem:
    """How a ship turns, burns and comes apart on its way home; SI, rad. The defaults: without errors and pushes.

    `turn_rate`, and `settling` s after each turn of 90 deg. `thrust_spread`: of each engine, one sigma. The burn ends
    where the accelerometer has counted its size, in pulses of `resolution` m/s; `scale`: of the unit, one sigma.
    `attitude_limit`: further off, no ignition. A stopped engine shows after `sensing` s; `backup` N: the thrust of the
    engines that then take over, 0 without. `corridor`: steepest and shallowest angle at the entry interface of a burn
    sized aboard. `pushes` m/s at which the orbital and the service module leave, and `module_cda` m2 of both; they
    stay `clearance` m away. A service module that stays on breaks away at `breakaway` m; any breaks up at `breakup` m
    into `fragments`. `discarded`: what is dropped under the parachutes.
    """

    turn_rate: float = math.inf
    settling: float = 0.0
    thrust_spread: float = 0.0
    resolution: float = 0.0
    scale: float = 0.0
    attitude_limit: float = math.radians(3.0)
    sensing: float = 2.0
    backup: float = 0.0
    corridor: tuple[float, float] = (math.radians(-2.4), math.radians(-1.4))
    pushes: tuple[float, float] = (0.0, 0.0)
    module_cda: tuple[float, float] = (0.0, 0.0)
    clearance: float = 0.0
    breakaway: float = 80e3
    breakup: float = 78e3
    fragments: tuple[Fragments, ...] = ()
    discarded: tuple[Discarded, ...] = ()

    @property
    def turn(self) -> float:
        """How long a turn of 90 deg lasts, s."""
        return 0.5 * math.pi / self.turn_rate + self.settling


@dataclass(frozen=True)
class EntrySystem:
    """What a capsule has for its entry besides its shape.

    `spin` rad/s, of the steady roll where guidance is lost; `blackout`: m, from the upper height to the lower; limits
    of the heat flux W/m2, of the heat load J/m2 and of the dynamic pressure Pa, None for none; `inertial`: the errors
    of its navigation, None where that is exact.
    """

    spin: float = math.radians(13.0)
    blackout: tuple[float, float] | None = None
    heat_flux: float | None = None
    heat_load: float | None = None
    dynamic_pressure: float | None = None
    inertial: InertialErrors | None = None


@dataclass(frozen=True)
class Ship:
    """A ship for a crew or for freight: masses in kg, `cda` m2, altitude at which the parachutes open in m, `inertia`
    (3, 3) kg m2; `sensors` of the close range and the `filter_model` of its navigation.

    `cargo`: the module that carries freight, with it. A ship that does not land has neither return module nor orbital
    module (0 kg), no capsule and no chutes; one that lands may have no orbital module that leaves by itself (0 kg).
    """

    seats: int
    orbital_module: float
    return_module: float
    service_module_dry: float
    propellant: float
    main: Engine
    translation: Engine
    inertia: np.ndarray
    thrusters: ThrusterSet
    cda: float
    navigation: NavigationErrors
    execution: ExecutionErrors
    docking: Mechanism
    capsule: Capsule | None
    chutes: Chutes | None
    opening_altitude: float
    sensors: SensorSuite
    filter_model: FilterModel
    cargo: float = 0.0
    landing: Landing = NO_LANDING
    deorbit: DeorbitSystem = field(default_factory=DeorbitSystem)
    entry: EntrySystem = EntrySystem()

    def turn_propellant(self, turns: int) -> float:
        """For turns about the axis of most inertia, kg: pairs of thrusters at the ends start each and stop it."""
        rate = self.deorbit.turn_rate
        if math.isinf(rate):
            return 0.0
        arm = float(np.abs(self.thrusters.record.position).max())
        isp = float(np.linalg.norm(self.thrusters.record.force, axis=1).sum() / self.thrusters.record.flow.sum())
        return turns * 2.0 * rate * float(self.inertia.diagonal().max()) / (arm * isp)

    @property
    def lander(self) -> Capsule:
        """The capsule of a ship that lands; ValueError for another."""
        if self.capsule is None:
            raise ValueError("a ship without a capsule does not land")
        return self.capsule

    @property
    def hypersonic_lander(self) -> Capsule:
        """The same with its hypersonic coefficients at all speeds."""
        return self.lander._replace(trim=np.ones((1, 3)))

    @property
    def dry(self) -> float:
        """Without propellant, kg."""
        return self.orbital_module + self.return_module + self.service_module_dry + self.cargo

    @property
    def mass(self) -> float:
        """At lift-off, kg."""
        return self.dry + self.propellant


@dataclass(frozen=True)
class Port:
    """A docking port of the station in LVLH axes: ring position (3,) m, outward axis (3,).

    Of a `Station` the position is from the origin of its own frame, of a `Stack` from its present centre of mass.
    """

    position: np.ndarray
    axis: np.ndarray


@dataclass(frozen=True)
class AttitudeOscillation:
    """Attitude oscillation of a station about LVLH, about x, y and z separately: amplitude (3,) rad, period (3,) s."""

    amplitude: np.ndarray
    period: np.ndarray


@dataclass(frozen=True)
class Visitor:
    """A ship as a part of the station while it is docked: `ring` m from its centre of mass to where the two are docked,
    `inertia` (3, 3) kg m2 about its centre of mass, body axes."""

    ring: float
    inertia: np.ndarray


AT_THE_PORT = Visitor(0.0, np.zeros((3, 3)))  # a ship of which nothing but its mass is known


def cylinder(mass: float, length: float, diameter: float) -> Visitor:
    """A uniform cylinder along x that is docked with one end: `mass` kg, `length` and `diameter` m."""
    across = mass * (diameter**2 / 16.0 + length**2 / 12.0)
    return Visitor(0.5 * length, np.diag([mass * diameter**2 / 8.0, across, across]))


@dataclass(frozen=True)
class Station:
    """`modules` kg and their `inertia` (3, 3) kg m2 about their centre of mass, which is the origin of the ports;
    `cda` m2; `visitors`: by name, the ships that may be docked and have a file."""

    name: str
    modules: float
    cda: float
    engine: Engine
    inertia: np.ndarray
    oscillation: AttitudeOscillation
    ports: Mapping[str, Port]
    visitors: Mapping[str, Visitor] = field(default_factory=dict)


@dataclass(frozen=True)
class Stages:
    """Shares of the stages in a launcher's record, by tank; SI. For dispersions by stage; the flight does not use it.

    `thrusts` N and `exits` m2 (phases, tanks): contribution of each stage's engines in a phase; `drops` (phases,
    tanks): 1 where a stage falls off at the end of a phase; `dry`, `residuals` (tanks,) kg, of all boosters together.
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
