"""Who meets whom, by which rules and with whose luck: facts, and the kernels' records made of them."""

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
from sim.core.vehicle import Port, Ship, Station, ThrusterSet
from sim.docking.contact import ship_side, station_side
from sim.proximity_safety.zones import Zones

FARTHEST = 4.0  # sigmas: no thruster is built worse
SPARE = 0.5  # m that the ship adds to the plume range, for what it does not know of its place
TWO_PI = 2.0 * math.pi


@dataclass(frozen=True)
class ControlSettings:
    """How a ship is flown near a station: SI, rad.

    period s of control; deadband m/s, which widens with the distance, 1/s; gain 1/s across the way; angle rad
    dead-band, angle_gain 1/s, rate_max rad/s
    speed_far m/s, slope 1/s, closing_speed m/s: of the way in; tries, patience s, back_off m/s: when it does not work
    off_arc m, station_angle rad, station_rate rad/s, seen_within m: when it turns back; detect s until a thruster that
    disagrees is shut; limit s in all
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
    tries: int
    patience: float
    back_off: float
    off_arc: float
    station_angle: float
    station_rate: float
    seen_within: float
    detect: float
    limit: float


@dataclass(frozen=True)
class Fault:
    """Something that breaks once the ring is within `within` m of the port; kinds as in kernels/docking/plan.py.

    `which`: of the thrusters or sensors; `value` rad/s of a station that turns; `duration` s. `old`: broken on an
    earlier leg already, and told there.
    """

    name: str
    kind: int
    within: float
    which: int = 0
    value: float = 0.0
    duration: float = math.inf
    old: bool = False


@dataclass(frozen=True)
class CloseRange:
    """A ship on its way to a port of the station."""

    station: Station
    ship_name: str
    ship: Ship
    port_name: str
    pilot: ControlSettings
    zones: Zones
    draws: RandomDraws
    faults: tuple[Fault, ...] = ()

    @property
    def port(self) -> Port:
        return self.station.ports[self.port_name]


def setup(meeting: CloseRange, way: DockingPath, ship_mass: float, station_mass: float, propellant: float) -> Setup:
    """The record that the loop is flown with; masses and propellant kg."""
    ship, station, pilot, zones, port = meeting.ship, meeting.station, meeting.pilot, meeting.zones, meeting.port
    box, thrusters = ship.docking.box, ship.thrusters.record
    watch = make(
        Watch,
        corridor=zones.corridor,
        speed_range=zones.speed_range,
        speed_min=zones.speed_min,
        v_max=box.closing_max,
        off_arc=pilot.off_arc,
        station_angle=pilot.station_angle,
        station_rate=pilot.station_rate,
        seen_within=pilot.seen_within,
        patience=pilot.patience,
        plume=zones.plume_range + SPARE,
        keep_out=zones.keep_out,
        body=float(np.linalg.norm(port.position)),
        tries=pilot.tries,
        back_off=pilot.back_off,
        detect=pilot.detect,
        limit=pilot.limit,
    )
    steering = make(
        ControlLaw,
        period=pilot.period,
        deadband=pilot.deadband,
        widens=pilot.widens,
        gain=pilot.gain,
        angle=pilot.angle,
        angle_gain=pilot.angle_gain,
        rate_max=pilot.rate_max,
    )
    reach = ship.docking.reach
    # The ship takes its nominal mass; its true one it does not know.
    nominal_mass = ship.dry + propellant
    return Setup(
        route=way,
        watch=watch,
        steering=steering,
        thrusters=thrusters,
        actual=built(meeting),
        clear=clear_of(thrusters, (1.0, 0.0, 0.0), zones.plume_angle),
        sensors=ship.sensors,
        filter_model=ship.filter_model,
        geometry=port_geometry(port.position, port.axis, (reach, 0.0, 0.0)),
        craft=rigid_body(ship.inertia, ship.cda),
        station_cda=float(station.cda),
        box=box,
        ship=ship_side(ship, ship_mass, reach),
        body=station_side(port, station_mass, station.inertia),
        restitution=float(ship.docking.restitution),
        mass=float(nominal_mass),
        propellant=float(propellant),
        faults=np.array([(f.kind, f.within, f.which, f.value, f.duration) for f in meeting.faults]).reshape(-1, 5),
    )


def built(meeting: CloseRange) -> Thrusters:
    """The ship's thrusters as luck made them: each with its own thrust and direction, for the whole meeting."""
    group = meeting.ship.thrusters
    m, z = len(group.names), np.empty(4 * len(group.names))
    normals(meeting.draws.stream("docking.thrusters"), 0, z)
    z = np.clip(z, -FARTHEST, FARTHEST)
    actual = copied(group.record)
    tilt = np.ascontiguousarray(group.direction_spread * z[m:].reshape(m, 3))
    as_built(group.record, group.feed * (1.0 + group.thrust_spread * z[:m]), tilt, actual)
    return actual


def without(group: ThrusterSet, kept: np.ndarray) -> ThrusterSet:
    """The thrusters of a set that stay open: `kept` (m,), 0 for those that are shut. They must make every wrench."""
    some, record = np.flatnonzero(kept), group.record
    names = tuple(group.names[j] for j in some)
    open_ = thrusters(record.position[some], record.force[some], record.flow[some], record.min_on)
    return replace(group, names=names, record=open_)


def oscillation(meeting: CloseRange) -> StationMotion:
    """The station's own swing about LVLH, from a place that luck chose."""
    start = np.empty(3)
    uniforms(meeting.draws.stream("docking.station"), 0, start)
    own = meeting.station.oscillation
    return station_motion(own.amplitude, own.period, TWO_PI * start)
