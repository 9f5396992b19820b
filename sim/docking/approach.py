"""A ship's close-range approach: ships, rules, control settings, random draws; and the kernels' records of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.craft.six_dof import StationMotion, rigid_body, station_motion
from kernels.craft.steering import ControlLaw
from kernels.craft.thrusters import Thrusters, as_built, clear_of, copied, thrusters
from kernels.docking.docking import Setup
from kernels.docking.plan import DockingPath, Watch
from kernels.docking.port_geometry import port_geometry
from kernels.maths.random import normals, uniforms
from kernels.records import make
from sim.core.random_streams import RandomDraws
from sim.core.scene import Scene
from sim.core.simplification import Simplification
from sim.core.station_stack import simplified, true_stack
from sim.core.vehicle import Port, Ship, Station, ThrusterSet
from sim.docking.contact import ship_side, station_side
from sim.docking.simplified import HEALTHY, MASS_KNOWN, SIMPLIFIED
from sim.proximity_safety.zones import Zones

SAME_MASS = 1.0e-6  # of the mass: what sums of masses are rounded by

CLIP = 4.0  # sigmas at which the scatter of thrusters is clipped
PLUME_MARGIN = 0.5  # m that the ship adds to the plume range, for its navigation error
TWO_PI = 2.0 * math.pi


@dataclass(frozen=True)
class ControlSettings:
    """Control settings of a ship near a station: SI, rad.

    period s of control; deadband m/s, which widens with the distance, 1/s; gain 1/s across the path; angle rad
    dead-band, angle_gain 1/s, rate_max rad/s
    speed_far m/s, slope 1/s, closing_speed m/s: of the inbound approach; attempts, patience s, back_off m/s: of retries
    arc_error m, station_angle rad, station_rate rad/s, camera_range m: limits of a retreat; detect s until a thruster
    that does not follow its command is isolated; limit s in all
    """

    period: float
    deadband: float
    widens: float
    gain: float
    angle: float
    angle_gain: float
    rate_max: float
    speed_far: float
    slope: float
    closing_speed: float
    attempts: int
    patience: float
    back_off: float
    arc_error: float
    station_angle: float
    station_rate: float
    camera_range: float
    detect: float
    limit: float


@dataclass(frozen=True)
class Fault:
    """Something that breaks once the ring is within `within` m of the port, or where that is negative, once it has
    come so far from it outbound; kinds as in kernels/docking/plan.py.

    `which`: of the thrusters or sensors; `value` rad/s of a station that turns; `duration` s.
    `from_earlier_leg`: it broke on an earlier leg already, and is recorded there.
    """

    name: str
    kind: int
    within: float
    which: int = 0
    value: float = 0.0
    duration: float = math.inf
    from_earlier_leg: bool = False


@dataclass(frozen=True)
class CloseRange:
    """A ship on its final approach to a port of the station: both craft, settings, zones, random draws and faults."""

    station: Station
    ship_name: str
    ship: Ship
    port_name: str
    control: ControlSettings
    zones: Zones
    draws: RandomDraws
    faults: tuple[Fault, ...] = ()

    @property
    def port(self) -> Port:
        """In the station's own frame: from its present centre of mass it lies elsewhere (sim/core/station_stack.py)."""
        return self.station.ports[self.port_name]

    def simplified(self, scene: Scene) -> tuple[Simplification, ...]:
        """What is simple in a closed loop that begins with a scene."""
        healthy = () if self.faults else (HEALTHY,)
        known = (MASS_KNOWN,) if self._mass_is_known(scene) else ()
        return (*SIMPLIFIED, *known, *healthy, *simplified(self.station, scene))

    def _mass_is_known(self, scene: Scene) -> bool:
        """Whether the ship has the mass that it steers by; where it is not there yet, whether its model has it."""
        name = self.ship_name
        loaded = scene.propellant.get(name, self.ship.propellant)
        mass = scene.flying[name].mass if name in scene.flying else scene.ships.get(name)
        if mass is None:
            mass = self.ship.mass * scene.model_error(name).mass
        return abs(nominal_mass(self.ship, loaded) / mass - 1.0) < SAME_MASS


def setup(approach: CloseRange, path: DockingPath, scene: Scene) -> Setup:
    """The kernel's record of the closed loop that begins with a scene; the port lies where what is docked has it."""
    ship, control, zones = approach.ship, approach.control, approach.zones
    stack, station = true_stack(approach.station, scene), scene.flying[approach.station.name]
    port, propellant = stack.ports[approach.port_name], scene.propellant[approach.ship_name]
    box, thrusters = ship.docking.box, ship.thrusters.record
    watch = make(
        Watch,
        corridor=zones.corridor,
        speed_range=zones.speed_range,
        speed_min=zones.speed_min,
        v_max=box.closing_max,
        off_arc=control.arc_error,
        station_angle=control.station_angle,
        station_rate=control.station_rate,
        seen_within=control.camera_range,
        patience=control.patience,
        plume=zones.plume_range + PLUME_MARGIN,
        keep_out=zones.keep_out,
        body=float(np.linalg.norm(port.position)),
        tries=control.attempts,
        back_off=control.back_off,
        detect=control.detect,
        limit=control.limit,
    )
    steering = make(
        ControlLaw,
        period=control.period,
        deadband=control.deadband,
        widens=control.widens,
        gain=control.gain,
        angle=control.angle,
        angle_gain=control.angle_gain,
        rate_max=control.rate_max,
    )
    reach = ship.docking.reach
    return Setup(
        route=path._replace(port=port.position),
        watch=watch,
        steering=steering,
        thrusters=thrusters,
        actual=built(approach),
        clear=clear_of(thrusters, (1.0, 0.0, 0.0), zones.plume_angle),
        sensors=ship.sensors,
        filter_model=ship.filter_model,
        geometry=port_geometry(port.position, port.axis, (reach, 0.0, 0.0)),
        craft=rigid_body(ship.inertia, ship.cda),
        station_cda=float(station.cda),
        box=box,
        ship=ship_side(ship, scene.flying[approach.ship_name].mass, reach),
        body=station_side(port, stack),
        restitution=float(ship.docking.restitution),
        mass=float(nominal_mass(ship, propellant)),
        propellant=float(propellant),
        faults=np.array([(f.kind, f.within, f.which, f.value, f.duration) for f in approach.faults]).reshape(-1, 5),
    )


def nominal_mass(ship: Ship, propellant: float) -> float:
    """The mass that the ship steers by, kg: its true mass is not known on board."""
    return ship.dry + propellant


def built(approach: CloseRange) -> Thrusters:
    """The ship's thrusters as drawn: each with its own thrust and direction, the same for the whole approach."""
    group = approach.ship.thrusters
    m, z = len(group.names), np.empty(4 * len(group.names))
    normals(approach.draws.stream("docking.thrusters"), 0, z)
    z = np.clip(z, -CLIP, CLIP)
    actual = copied(group.record)
    tilt = np.ascontiguousarray(group.direction_spread * z[m:].reshape(m, 3))
    as_built(group.record, group.feed * (1.0 + group.thrust_spread * z[:m]), tilt, actual)
    return actual


def without(group: ThrusterSet, kept: np.ndarray) -> ThrusterSet:
    """The thrusters of a set that stay open: `kept` (m,), 0 for those that are shut. They must make every wrench."""
    some, record = np.flatnonzero(kept), group.record
    names = tuple(group.names[j] for j in some)
    open_ = thrusters(
        record.position[some], record.force[some], record.flow[some], record.min_on, record.lag, record.longer
    )
    return replace(group, names=names, record=open_)


def oscillation(approach: CloseRange) -> StationMotion:
    """The station's attitude oscillation about LVLH, from a drawn phase."""
    start = np.empty(3)
    uniforms(approach.draws.stream("docking.station"), 0, start)
    own = approach.station.oscillation
    return station_motion(own.amplitude, own.period, TWO_PI * start)
