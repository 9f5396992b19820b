"""Off the port and back along its axis to a hold: the pushers, a drift, and then in closed loop, all six degrees free.

While it is near, the thrusters that blow at the port are shut, outbound as inbound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from kernels.craft.attitude import from_matrix
from kernels.craft.thrusters import clear_of
from kernels.docking.plan import ARRIVED
from kernels.relative.hill import lvlh_axes
from sim.core.docking_record import ClosedLoopRecord, FlyAroundArcs
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.random_streams import RandomDraws
from sim.core.scene import DRAG_AREA, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import known_stack, released, true_stack
from sim.core.trajectory import joined
from sim.core.undocking_record import UndockingFigures, UndockingRecord
from sim.core.vehicle import Port, Ship, Station
from sim.docking.approach import CloseRange, ControlSettings, without
from sim.docking.contact import PUSH, PushOff, docking_frame, undock
from sim.docking.history import events, failure_reason, history
from sim.docking.run import end_of, fly_path, path_back
from sim.environment.world import CALM, World
from sim.orbit.propagate import end_state, fly, semi_major_axis
from sim.proximity_safety.judge import corridor, speed_limit
from sim.proximity_safety.plume import judge_plume, plume_at_port
from sim.proximity_safety.zones import ASSUMED, Zones
from sim.rendezvous.relative import docked_position, relative_state, split


@dataclass(frozen=True)
class Undocking:
    """`drift` s on the speed that the pushers give; then in `duration` s to a hold `hold_range` m from port to ring,
    and `hold` s there. `crew_boards`: those who are to go down in the ship are in it. The ship leaves at the start of
    the leg, the pushers spent."""

    station: Station
    ship_name: str
    ship: Ship
    control: ControlSettings
    zones: Zones
    draws: RandomDraws
    drift: float
    hold_range: float
    duration: float
    hold: float
    crew_boards: bool
    name: str = "undocking"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        approach = self._meeting(scene.docked[self.ship_name]) if self.ship_name in scene.docked else None
        near = approach.simplified(scene) if approach else ()
        return (DRAG_AREA, CALM, PUSH, *near, ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, craft, name = scene.t, self.ship_name, self.station.name
        if craft not in scene.docked:
            raise Failure(f"{craft} is not docked: aboard the station are {', '.join(scene.docked) or 'no ships'}")
        port_name, mass, stack = scene.docked[craft], scene.ships[craft], scene.flying[name]
        approach = self._meeting(port_name)
        freed = released(scene, name, craft)
        alone, known = true_stack(self.station, freed), known_stack(self.station, freed).ports[port_name]
        port = alone.ports[port_name]
        n = math.sqrt(MU_EARTH / float(semi_major_axis(stack.r, stack.v)[0]) ** 3)
        push = undock(self.ship, mass, alone, port_name, n, t0)
        cda = self.ship.cda * scene.model_error(self.ship_name).cda
        rest, ship = split(stack, mass, cda, push.position, push.velocity)
        t1 = t0 + self.drift
        drifts = fly(ship, t0, t1, world), fly(rest, t0, t1, world)
        begun = self._begun(freed, stack, push, n, port).moved(
            t1, {craft: end_state(ship, drifts[0]), name: end_state(rest, drifts[1])}
        )
        start = push.position + (known.position - port.position)  # from the port, by where that is known to be
        end = docked_position(known, self.ship) + self.hold_range * known.axis
        path = path_back(approach, known, (start, end), (self.duration,), (self.hold,))
        flown = fly_path(approach, path, begun, world, self.name)
        loaded = scene.propellant[craft]
        loop, happened = history(flown, approach, loaded), events(flown, approach)
        arcs = FlyAroundArcs(path.points, path.times, path.waits)
        left = Event(
            "undocking",
            t0,
            craft,
            {
                "port": port_name,
                "mass_kg": mass,
                "push_off_m_s": float(push.velocity @ port.axis),
                "people_aboard": sum(seat.aboard == craft for seat in begun.crew),
            },
        )
        if flown.status != ARRIVED:
            so_far = UndockingRecord(**vars(loop), figures=None, arcs=arcs, push_off=push.history)
            raise Failure(failure_reason(flown, approach), (left, *happened), record=so_far)
        station, ship = end_of(flown, begun.flying[name], begun.flying[craft])
        after = begun.with_(
            propellant={**scene.propellant, craft: loaded - flown.used},
            attitudes={**scene.attitudes, craft: flown.state[6:13].copy()},
        ).moved(flown.t, {name: station, craft: ship})
        place, _ = relative_state(station, ship)
        figures = UndockingFigures(
            propellant_kg=flown.used,
            duration_s=flown.t - t0,
            push_off_s=push.duration,
            push_off_n=push.force,
            tip_off_deg_s=float(np.degrees(np.linalg.norm(push.rate))),
            off_at_end_m=float(np.linalg.norm(place - end)),
            stack_mass_before_kg=stack.mass,
            masses_after_kg=rest.mass + mass,
        )
        verdicts = self._verdicts(loop, push, approach, t0)
        paths = {craft: joined([drifts[0], flown.ship]), name: joined([drifts[1], flown.station])}
        record = UndockingRecord(**vars(loop), figures=figures, arcs=arcs, push_off=push.history)
        return Leg(self.name, t0, after, paths, (left, *happened), verdicts, record=record)

    def _meeting(self, port_name: str) -> CloseRange:
        """The ship at its port, without the thrusters that blow there."""
        thrusters = without(
            self.ship.thrusters, clear_of(self.ship.thrusters.record, (1.0, 0.0, 0.0), self.zones.plume_angle)
        )
        ship = replace(self.ship, thrusters=thrusters)
        return CloseRange(
            station=self.station,
            ship_name=self.ship_name,
            ship=ship,
            port_name=port_name,
            control=self.control,
            zones=self.zones,
            draws=self.draws,
        )

    def _begun(self, freed: Scene, stack: State, push: PushOff, n: float, port: Port) -> Scene:
        """The scene once the ship is free: who is aboard, and how it points after the drift, turning as the pushers
        left it; `stack`: both before."""
        craft = self.ship_name
        axes, q = np.empty((3, 3)), np.empty(4)
        lvlh_axes(stack.r, stack.v, axes)
        x, y, z = self.drift * push.rate
        turned = np.eye(3) - np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
        c, s = math.cos(n * self.drift), math.sin(n * self.drift)
        orbit = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])  # LVLH of the start to that of the end
        pose = turned @ docking_frame(port) @ orbit @ axes
        from_matrix(np.ascontiguousarray(pose), q)
        rate = docking_frame(port) @ np.array([0.0, -n, 0.0]) + push.rate
        crew = tuple(
            replace(seat, aboard=craft)
            if self.crew_boards and seat.ship_down == craft and seat.aboard == self.station.name
            else seat
            for seat in freed.crew
        )
        attitude = np.concatenate([q / np.linalg.norm(q), rate])
        return freed.with_(crew=crew, attitudes={**freed.attitudes, craft: attitude})

    def _verdicts(
        self, loop: ClosedLoopRecord, push: PushOff, approach: CloseRange, t0: float
    ) -> tuple[RuleCheck, ...]:
        mechanism, name, port, near = self.ship.docking, self.name, approach.port, loop.relative
        reach = mechanism.reach
        turned = float(np.degrees(np.linalg.norm(push.rate)))
        record = approach.ship.thrusters
        plume = plume_at_port(
            loop.thrusters,
            near,
            record.names,
            record.record.position,
            record.record.force,
            reach,
            port,
            self.zones,
        )
        return (
            RuleCheck("rate after the push-off", name, turned, "<=", math.degrees(mechanism.rate), "deg/s", t0),
            corridor("inside the corridor while backing off", name, near, port.axis, self.zones),
            speed_limit(
                "speed limit against range while backing off", name, near, port.axis, mechanism.push_off_max, self.zones
            ),
            *judge_plume(plume, self.zones, name),
        )
