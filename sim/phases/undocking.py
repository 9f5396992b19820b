"""Off the port and back along its axis to its holds: the pushers, a drift, and then in closed loop, all six degrees
free; and where the ship leaves for good, aside from the axis to where its free drift leads away.

While it is near, the thrusters that blow at the port are shut, outbound as inbound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from kernels.craft.attitude import from_matrix
from kernels.craft.thrusters import clear_of
from kernels.docking import log, plan
from kernels.docking.plan import ARRIVED, RETREATED, DockingPath
from kernels.relative.hill import lvlh_axes
from sim.core.docking_record import ClosedLoopRecord, FlyAroundArcs
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import RelativeHistory, rows
from sim.core.histories import joined as history_joined
from sim.core.random_streams import RandomDraws
from sim.core.scene import DRAG_AREA, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import known_stack, released, true_stack
from sim.core.trajectory import joined
from sim.core.undocking_record import UndockingFigures, UndockingRecord
from sim.core.vehicle import Port, Ship, Station
from sim.docking.approach import CloseRange, ControlSettings, Fault, without
from sim.docking.contact import PUSH, PushOff, docking_frame, push_verdict, undock
from sim.docking.history import events, failure_reason, history
from sim.docking.run import DockingRun, end_of, fly_path, one_after_other, path_back
from sim.environment.world import CALM, World
from sim.orbit.propagate import end_state, fly, semi_major_axis
from sim.proximity_safety.judge import corridor, speed_limit
from sim.proximity_safety.plume import judge_plume, plume_at_port
from sim.proximity_safety.zones import ASSUMED, Zones
from sim.rendezvous.relative import docked_position, relative_columns, relative_history, relative_state, split

LEAVES = 100.0  # m farther out, and as much aside of the axis, where a ship that leaves for good is at rest at last
NOSE = 200.0  # m ahead of there: the point to which its nose then points
AS_PLANNED = "as planned"
HOLDS = {"hold_arrival", "hold_departure"}
OF_THRUSTERS = (plan.STUCK_OFF, plan.STUCK_ON)


@dataclass(frozen=True)
class Undocking:
    """`drift` s on the speed that the pushers give; then to holds, `hold_ranges` m from port to ring, each in its share
    of `durations` s, and with its share of `holds` s there. `crew_boards`: those who are to go down in the ship are in
    it. The ship leaves at the start of the leg, the pushers spent.

    `leave` s: it goes home, and from the last hold in that time to a place beside the axis, below a port that looks
    ahead, above one that looks back, ahead of one that looks down: from there it drifts away. With `turn` it turns its
    nose away from the station on the way. One that has to retreat goes home from where that leads it; without `leave`
    the leg has then failed.
    """

    station: Station
    ship_name: str
    ship: Ship
    control: ControlSettings
    zones: Zones
    draws: RandomDraws
    drift: float
    hold_ranges: tuple[float, ...]
    durations: tuple[float, ...]
    holds: tuple[float, ...]
    crew_boards: bool
    leave: float | None = None
    turn: bool = False
    faults: tuple[Fault, ...] = ()
    name: str = "undocking"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        approach = self.meeting(scene.docked[self.ship_name]) if self.ship_name in scene.docked else None
        near = approach.simplified(scene) if approach else ()
        return (DRAG_AREA, CALM, PUSH, *near, ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, craft, name = scene.t, self.ship_name, self.station.name
        if craft not in scene.docked:
            raise Failure(f"{craft} is not docked: aboard the station are {', '.join(scene.docked) or 'no ships'}")
        port_name, mass, stack = scene.docked[craft], scene.ships[craft], scene.flying[name]
        approach = self.meeting(port_name)
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
        loaded = scene.propellant[craft]
        start = push.position + (known.position - port.position)  # from the port, by where that is known to be
        path, aside = self._paths(approach, known, start)
        back = fly_path(approach, path, begun, world, self.name)
        flown, happened, turned, no_turn = back, events(back, approach), False, ""
        if back.status == ARRIVED and aside is not None:
            broken, at_hold = replace(approach, faults=_still(approach.faults, back)), self._after(back, begun, loaded)
            try:
                then = fly_path(broken, aside, at_hold, world, f"{self.name}.turn")
            except Failure as failure:
                no_turn = (
                    f"it leaves from its last hold, {_range(back):.0f} m from the port, and unturned: {failure.reason}"
                )
            else:
                flown, turned = one_after_other(back, then), True
                after_it = (e for e in events(then, broken) if e.name not in HOLDS and not _again(e, happened))
                happened = (*happened, Event("turn_away", back.t, craft, {"range_m": _range(back)}), *after_it)
        loop = history(flown, approach, loaded)
        arcs = FlyAroundArcs(*(_both(path, aside if turned else None)))
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
        retreated = flown.status == RETREATED and self.leave is not None
        reason = "" if flown.status == ARRIVED else failure_reason(flown, approach)
        if reason and not retreated:
            so_far = UndockingRecord(**vars(loop), figures=None, arcs=arcs, push_off=push.history)
            raise Failure(reason, (left, *happened), record=so_far)
        after = self._after(flown, begun, loaded)
        after = after.with_(undocked={**scene.undocked, craft: t0})
        place, _ = relative_state(after.flying[name], after.flying[craft])
        figures = UndockingFigures(
            outcome=reason or no_turn or AS_PLANNED,
            failed=", ".join(str(e.values["fault"]) for e in happened if e.name == "fault") or "nothing",
            propellant_kg=flown.used,
            duration_s=flown.t - t0,
            push_off_s=push.duration,
            push_off_n=push.force,
            tip_off_deg_s=float(np.degrees(np.linalg.norm(push.rate))),
            tip_off_of_station_deg_s=float(np.degrees(np.linalg.norm(push.station_rate))),
            range_at_end_m=float(np.linalg.norm(place)),
            off_at_end_m=float(np.linalg.norm(place - arcs.points_m[-1])),
            stack_mass_before_kg=stack.mass,
            masses_after_kg=rest.mass + mass,
        )
        drifted = relative_history(drifts[1], drifts[0], np.linspace(t0, t1, int(self.drift) + 2)[:-1], curved=False)
        ring = port.position + self.ship.docking.ring * port.axis
        early = relative_columns(drifted.t_s, drifted.position_m - ring, drifted.velocity_m_s)
        verdicts = self._verdicts(early, loop, back.t, push, approach, flown.port)
        paths = {craft: joined([drifts[0], flown.ship]), name: joined([drifts[1], flown.station])}
        record = UndockingRecord(**vars(loop), figures=figures, arcs=arcs, push_off=push.history)
        return Leg(self.name, t0, after, paths, (left, *happened), verdicts, record=record)

    def _paths(self, approach: CloseRange, port: Port, start: np.ndarray) -> tuple[DockingPath, DockingPath | None]:
        """Back to the holds, nose to the port; and where the ship turns, from the last one away, nose to where it goes
        to. One that leaves without a turn does so on the first."""
        end = docked_position(port, self.ship)
        points = [start, *(end + distance * port.axis for distance in self.hold_ranges)]
        times, waits = list(self.durations), list(self.holds)
        if self.leave is None:
            return path_back(approach, port, points, times, waits, stays=False), None
        last = points[-1] + LEAVES * (port.axis + aside_of(port.axis))
        if not self.turn:
            return path_back(approach, port, [*points, last], [*times, self.leave], [*waits, 0.0]), None
        ahead = Port(last + NOSE * port.axis, port.axis)
        turning = path_back(approach, ahead, (points[-1], last), (self.leave,), (0.0,))
        return path_back(approach, port, points, times, waits), turning

    def _after(self, flown: DockingRun, begun: Scene, loaded: float) -> Scene:
        """The scene at the end of a leg in closed loop that had `loaded` kg of propellant."""
        craft, name = self.ship_name, self.station.name
        station, ship = end_of(flown, begun.flying[name], begun.flying[craft])
        return begun.with_(
            propellant={**begun.propellant, craft: loaded - flown.used},
            attitudes={**begun.attitudes, craft: flown.state[6:13].copy()},
        ).moved(flown.t, {name: station, craft: ship})

    def meeting(self, port_name: str) -> CloseRange:
        """The ship at its port, without the thrusters that blow there: they are shut, and so cannot break."""
        thrusters = without(
            self.ship.thrusters, clear_of(self.ship.thrusters.record, (1.0, 0.0, 0.0), self.zones.plume_angle)
        )
        ship, names = replace(self.ship, thrusters=thrusters), self.ship.thrusters.names
        faults = tuple(
            replace(fault, which=thrusters.names.index(names[fault.which])) if fault.kind in OF_THRUSTERS else fault
            for fault in self.faults
            if fault.kind not in OF_THRUSTERS or names[fault.which] in thrusters.names
        )
        return CloseRange(
            station=self.station,
            ship_name=self.ship_name,
            ship=ship,
            port_name=port_name,
            control=self.control,
            zones=self.zones,
            draws=self.draws,
            faults=faults,
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
        self,
        early: RelativeHistory,
        loop: ClosedLoopRecord,
        until: float,
        push: PushOff,
        approach: CloseRange,
        port: Port,
    ) -> tuple[RuleCheck, ...]:
        """The corridor until the ship is out of the keep-out sphere, the speed, and what its thrusters blow at until it
        turns, at `until` s. `early`: of the ring from the port, while the ship drifts off the pushers."""
        mechanism, name, near = self.ship.docking, self.name, history_joined([early, loop.relative])
        inside = np.linalg.norm(loop.guidance.place_m, axis=1) < self.zones.keep_out
        inside = np.append(np.ones(len(early.t_s), dtype=bool), inside)
        record, before = approach.ship.thrusters, loop.relative.t_s <= until
        plume = plume_at_port(
            rows(loop.thrusters, before),
            rows(loop.relative, before),
            record.names,
            record.record.position,
            record.record.force,
            mechanism.reach,
            port,
            self.zones,
        )
        return (
            push_verdict(push, mechanism, name, float(early.t_s[0])),
            corridor("inside the corridor while backing off", name, near, port.axis, self.zones, inside),
            speed_limit(
                "speed limit against range while backing off", name, near, port.axis, mechanism.push_off_max, self.zones
            ),
            *judge_plume(plume, self.zones, name),
        )


def aside_of(axis: np.ndarray) -> np.ndarray:
    """To which side (3,) of a port's axis a ship leaves: there its free drift leads away from the station. Lower than
    the station it drifts ahead, higher it falls behind."""
    if axis[0] > 0.5:
        return np.array([0.0, 0.0, 1.0])
    return np.array([0.0, 0.0, -1.0]) if axis[0] < -0.5 else np.array([1.0, 0.0, 0.0])


def _range(flown: DockingRun) -> float:
    """Ring from port at the end, m."""
    return float(np.linalg.norm(flown.log[-1, log.RING : log.RING + 3]))


def _still(faults: tuple[Fault, ...], flown: DockingRun) -> tuple[Fault, ...]:
    """What is broken after a leg that had these faults, or breaks yet."""
    began = {int(k): t for code, t, k in flown.marks.tolist() if code == plan.FAULT}
    found = []
    for k, fault in enumerate(faults):
        if k not in began:
            found.append(fault)
        elif (left := fault.duration - (flown.t - began[k])) > 0.0:
            found.append(replace(fault, within=math.inf, duration=left, from_earlier_leg=True))
    return tuple(found)


def _again(event: Event, happened: tuple[Event, ...]) -> bool:
    """Whether a thruster was isolated already, as it is anew in every leg."""
    isolated = [e.values["thruster"] for e in happened if e.name == "thruster_isolated"]
    return event.name == "thruster_isolated" and event.values["thruster"] in isolated


def _both(first: DockingPath, then: DockingPath | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends, times and waits of the arcs of one or two paths."""
    if then is None:
        return first.points, first.times, first.waits
    return (
        np.vstack([first.points, then.points[1:]]),
        np.append(first.times, then.times),
        np.append(first.waits, then.waits),
    )
