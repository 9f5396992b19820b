"""A craft that hovers within reach of the robotic arm is captured by it and carried to a port: berthing.

From the far hold on the port's axis by arcs to the hover point, in closed loop and six degrees of freedom, its
thrusters that blow at the port shut, as in an undocking; there a hold within a box. Then all its thrusters are off, the
arm goes after the fixture, its snares close, and it carries the craft to the port.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kernels.craft.thrusters import clear_of
from kernels.docking import log
from kernels.docking.plan import ARRIVED, DockingPath
from sim.core.arm_record import ArmCaptureFigures, ArmCaptureRecord
from sim.core.docking_record import ClosedLoopRecord
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import joined as in_time
from sim.core.scene import DRAG_AREA, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import Stack, known_stack, true_stack
from sim.core.trajectory import joined as in_sequence
from sim.core.vehicle import Visitor
from sim.docking.approach import CloseRange, without
from sim.docking.arm import recording
from sim.docking.arm.grapple import STEP, FreeDrift, free_drift
from sim.docking.arm.kinematics import ArmError, Pose, forward
from sim.docking.arm.motion import Move, straight_to
from sim.docking.arm.plan import Carry, carried, ready_for, to_ready
from sim.docking.arm.reaction import Pair
from sim.docking.arm.recording import MountedArm
from sim.docking.arm.simplified import CONTROL_OFF, DRIFT, FIXTURE_KNOWN, NO_COLLISIONS, RIGID_ARM
from sim.docking.arm.tracking import Tracking, follow
from sim.docking.contact import docking_frame
from sim.docking.history import events, failure_reason, history
from sim.docking.run import DockingRun, end_of, fly_path, path_back
from sim.environment.world import CALM, World
from sim.orbit.propagate import end_state, fly
from sim.proximity_safety.judge import judge_closing
from sim.proximity_safety.plume import PlumeHistory, judge_plume, plume_at_port
from sim.proximity_safety.zones import ASSUMED
from sim.rendezvous.relative import docked_position, joined

BEFORE_PORT = 0.3  # m from docked, where the craft stands before it is put in
PAUSE = 30.0  # s there, and after the snares have closed
WATCHED = 60.0  # s at the end of the hover, over which it is judged


@dataclass(frozen=True)
class HoverLimits:
    """Half the `box` m about the hover point; `speed` m/s and `rate` rad/s of the craft there; `drift` s from thrusters
    off to the snares closed, at most."""

    box: float
    speed: float
    rate: float
    drift: float


@dataclass(frozen=True)
class Capture:
    """`ranges` m from port to ring, the last the hover point, each reached in its share of `durations` s and held for
    its share of `holds` s. The arm waits `standoff` m before the fixture."""

    approach: CloseRange
    mounted: MountedArm
    ranges: tuple[float, ...]
    durations: tuple[float, ...]
    holds: tuple[float, ...]
    hover: HoverLimits
    standoff: float
    name: str = "capture"
    share: float = 0.1

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        arm = (RIGID_ARM, NO_COLLISIONS, FIXTURE_KNOWN, DRIFT, CONTROL_OFF)
        return (DRAG_AREA, CALM, *self._shut.simplified(scene), ASSUMED, *arm)

    @property
    def _shut(self) -> CloseRange:
        """The approach without the thrusters that blow at the port."""
        ship, zones = self.approach.ship, self.approach.zones
        kept = clear_of(ship.thrusters.record, (1.0, 0.0, 0.0), zones.plume_angle)
        return replace(self.approach, ship=replace(ship, thrusters=without(ship.thrusters, kept)))

    def fly(self, scene: Scene, world: World) -> Leg:
        approach, mounted, craft = self._shut, self.mounted, self.approach.ship_name
        name, loaded = approach.station.name, scene.propellant[craft]
        mass = scene.flying[craft].mass
        if mass > mounted.arm.payload:
            raise Failure(
                f"{craft} has {mass:.0f} kg, and {mounted.arm.name} moves {mounted.arm.payload:.0f} kg at most"
            )
        hover, carry = self._hover(), self._carry()
        try:
            fixture = mounted.inverse.then(hover).then(mounted.grip)
            ready = ready_for(
                mounted.arm, fixture, self.standoff, mounted.grip, carry, f"the fixture of {craft} at its hover point"
            )
        except ArmError as error:
            raise Failure(str(error)) from None
        flown = fly_path(approach, self._path(approach, scene), scene, world, self.name)
        loop, happened = history(flown, approach, loaded), events(flown, approach)
        if flown.status != ARRIVED:
            raise Failure(
                failure_reason(flown, approach), happened, record=ArmCaptureRecord(**vars(loop), figures=None)
            )
        out = to_ready(mounted.arm, ready, 0.0)
        out = replace(out, start=flown.t - out.duration - PAUSE)
        held = self._held(flown)
        before = recording.before_capture(mounted, out, flown.t, hover)

        def stopped(reason: str) -> Failure:
            record = ArmCaptureRecord(**vars(loop), figures=None, arm=before)
            return Failure(reason, happened, record=record)

        if out.start < scene.t:
            raise stopped(f"{craft} was not taken: the arm needs {out.duration:.0f} s to be ready, longer than it had")
        station, ship = end_of(flown, scene.flying[name], scene.flying[craft])
        stack = true_stack(approach.station, scene)
        drift = free_drift(flown, station, ship, self.hover.drift, world)

        def target(t: float) -> Pose:
            return mounted.inverse.then(drift.pose(t, stack.centre)).then(mounted.grip)

        try:
            tracked = follow(mounted.arm, out.nodes[-1], target, flown.t, self.hover.drift, self.standoff, STEP)
            taken = drift.pose(tracked.grappled, stack.centre)
            grip = taken.inverse().then(mounted.base.then(forward(mounted.arm, tracked.angles[-1])))
            moves = carried(mounted.arm, grip, carry, tracked.angles[-1], tracked.grappled + PAUSE)
        except ArmError as error:
            raise stopped(str(error)) from None
        return self._berthing(
            scene, world, _Taken(flown, loop, happened, held, drift, stack, out, tracked, grip, tuple(moves), before)
        )

    def _hover(self) -> Pose:
        """The craft at its hover point, in the frame of the station's file."""
        port, ship = self.approach.port, self.approach.ship
        return Pose(docked_position(port, ship) + self.ranges[-1] * port.axis, docking_frame(port).T)

    def _carry(self) -> Carry:
        port, ship, back = self.approach.port, self.approach.ship, self.mounted.inverse
        docked = Pose(docked_position(port, ship), docking_frame(port).T)
        before = Pose(docked.position + BEFORE_PORT * port.axis, docked.rotation)
        name = self.approach.port_name
        legs = f"carrying it before the {name} port", f"putting it into the {name} port"
        return Carry((straight_to(back.then(before)), straight_to(back.then(docked))), legs, (PAUSE, 0.0))

    def _path(self, approach: CloseRange, scene: Scene) -> DockingPath:
        """Arcs from where the craft is by the ranges to the hover point, by what is known to be docked."""
        port = known_stack(approach.station, scene).ports[approach.port_name]
        end = docked_position(port, approach.ship)
        begins = end + approach.zones.keep_out * port.axis  # the loop begins where the craft is, which is near by
        points = [begins, *(end + distance * port.axis for distance in self.ranges)]
        return path_back(approach, port, points, self.durations, self.holds)

    def _held(self, flown: DockingRun) -> tuple[RuleCheck, ...]:
        """The end of the hover, on the truth: the ring against its place before the port."""
        rows = flown.log[flown.log[:, log.TIME] >= flown.t - min(WATCHED, self.holds[-1])]
        extended = self.approach.ship.docking.retraction  # the ring stands out by so much from where it is docked
        point = (self.ranges[-1] - extended) * self.approach.port.axis
        offset = np.abs(rows[:, log.RING : log.RING + 3] - point).max(axis=1)
        speed = np.linalg.norm(rows[:, log.RING_RATE : log.RING_RATE + 3], axis=1)
        rate = np.degrees(np.linalg.norm(rows[:, log.BODY_RATES : log.BODY_RATES + 3], axis=1))
        at = [int(values.argmax()) for values in (offset, speed, rate)]
        t = [float(rows[k, log.TIME]) for k in at]
        limits, name = self.hover, self.name
        maxima = float(offset[at[0]]), float(speed[at[1]]), float(rate[at[2]])
        return (
            RuleCheck("hover: offset from its point", name, maxima[0], "<=", limits.box, "m", t[0]),
            RuleCheck("hover: relative speed", name, maxima[1], "<=", limits.speed, "m/s", t[1]),
            RuleCheck("hover: turning rate", name, maxima[2], "<=", float(np.degrees(limits.rate)), "deg/s", t[2]),
        )

    def _berthing(self, scene: Scene, world: World, taken: _Taken) -> Leg:
        approach, mounted, craft = self.approach, self.mounted, self.approach.ship_name
        name, box, flown, tracked, drift = (
            approach.station.name,
            approach.ship.docking,
            taken.flown,
            taken.tracked,
            taken.drift,
        )
        start, docked_t = tracked.grappled, taken.moves[-1].end + box.hard_mate
        station = end_state(scene.flying[name], drift.station.until(start))
        ship = end_state(scene.flying[craft], drift.ship.until(start))
        visitor: Visitor = approach.station.visitors[craft]
        pair = Pair(station.mass, ship.mass, taken.stack.inertia, visitor.inertia)
        motion = recording.carried_motion(mounted, taken.moves, taken.grip, taken.stack.centre)
        attitude = drift.station_attitude[drift.row(start)]
        turned, reaction, residual = recording.reaction(
            pair, motion, start, docked_t, drift.n, attitude, drift.momentum(pair, start)
        )
        stack = joined(station, ship)
        path = fly(stack, start, docked_t, world)
        r, v, mass = path.last()
        after = scene.with_(
            t=docked_t,
            flying={k: s for k, s in scene.flying.items() if k != craft} | {name: State(r, v, mass, stack.cda)},
            docked={**scene.docked, craft: approach.port_name},
            ships={**scene.ships, craft: ship.mass},
            propellant={**scene.propellant, craft: scene.propellant[craft] - flown.used},
            attitudes={k: q for k, q in scene.attitudes.items() if k != craft},
        )
        closing = recording.closing_in(
            mounted, tracked, [drift.pose(t, taken.stack.centre) for t in tracked.t.tolist()]
        )
        arm = in_time([taken.before, closing, recording.while_carrying(mounted, taken.moves, taken.grip)])
        plume = self._plume(taken)
        figures = ArmCaptureFigures(
            propellant_kg=flown.used,
            approach_s=flown.t - scene.t,
            hover_off_m=taken.held[0].value,
            hover_speed_m_s=taken.held[1].value,
            hover_rate_deg_s=taken.held[2].value,
            arm_ready_s=taken.out.duration,
            grapple_s=start - flown.t,
            grasp_offset_m=float(tracked.offset[-1]),
            grasp_angle_deg=float(np.degrees(tracked.tilt[-1])),
            grasp_speed_m_s=float(tracked.speed[-1]),
            grasp_rate_deg_s=float(np.degrees(tracked.turning[-1])),
            berthing_s=docked_t - start,
            most_joint_rate_share=recording.joint_share(mounted.arm, arm),
            least_dexterity=recording.least_dexterity(mounted.arm, arm),
            station_turn_deg=float(np.degrees(reaction.excursion)),
            station_rate_deg_s=float(np.degrees(np.linalg.norm(reaction.rate, axis=1).max())),
            exchanged_n_m_s=float(np.linalg.norm(reaction.held, axis=1).max()),
            momentum_residual_n_m_s=residual,
            speed_step_of_station_m_s=float(np.linalg.norm(stack.v - station.v)),
            most_plume_pressure_pa=float(plume.pressure_pa.max()),
            stack_mass_kg=stack.mass,
        )
        port: dict[str, float | str] = {"port": approach.port_name, "stack_mass_kg": stack.mass}
        grasp: dict[str, float | str] = {
            "after_s": start - flown.t,
            "offset_m": figures.grasp_offset_m,
            "relative_speed_m_s": figures.grasp_speed_m_s,
        }
        happened = (
            *taken.happened,
            Event("thrusters_off", flown.t, craft, {"range_m": self.ranges[-1]}),
            Event("grapple", start, craft, grasp),
            Event("berthing_end", taken.moves[-1].end, craft, {"port": approach.port_name}),
            Event("docked", docked_t, craft, port),
        )
        paths = {
            craft: in_sequence([flown.ship, drift.ship.until(start)]),
            name: in_sequence([flown.station, drift.station.until(start), path]),
        }
        record = ArmCaptureRecord(
            **vars(taken.loop),
            figures=figures,
            arm=arm,
            reaction=turned,
            geometry=mounted.geometry(box.ring, approach.station.ports),
        )
        near, zones = taken.loop.relative, approach.zones
        verdicts = (
            *judge_closing(near, flown.port, box.reach, box, zones, self.name),
            *judge_plume(plume, zones, self.name),
            *taken.held,
        )
        return Leg(self.name, scene.t, after, paths, happened, verdicts, record=record)

    def _plume(self, taken: _Taken) -> PlumeHistory:
        """By all thrusters that may fire: those shut have no column, and blow nowhere."""
        approach, thrusters = self._shut, self._shut.ship.thrusters
        record = thrusters.record
        return plume_at_port(
            taken.loop.thrusters,
            taken.loop.relative,
            thrusters.names,
            record.position,
            record.force,
            approach.ship.docking.reach,
            taken.flown.port,
            approach.zones,
        )


@dataclass(frozen=True, eq=False)
class _Taken:
    """What happened until the snares held, and what the arm will do."""

    flown: DockingRun
    loop: ClosedLoopRecord
    happened: tuple[Event, ...]
    held: tuple[RuleCheck, ...]
    drift: FreeDrift
    stack: Stack
    out: Move
    tracked: Tracking
    grip: Pose
    moves: tuple[Move, ...]
    before: recording.ArmHistory
