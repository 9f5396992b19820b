"""A docked ship or module is turned about the node: by the robotic arm and back, or by the indexing arm of its docking
mechanism into another port; and how the station reacts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.docking.route import rest_to_rest
from sim.core.arm_record import ArmHistory, TranspositionFigures, TranspositionRecord
from sim.core.flight import Event, Failure, Leg
from sim.core.scene import DRAG_AREA, Scene
from sim.core.simplification import Simplification
from sim.core.station_stack import POINT_AT_THE_PORT, released, true_stack
from sim.core.vehicle import AT_THE_PORT, Port, Station
from sim.docking.arm import recording
from sim.docking.arm.kinematics import ArmError, Pose, turn
from sim.docking.arm.motion import about, straight_to
from sim.docking.arm.plan import Carry, carried, posture_for
from sim.docking.arm.reaction import Motion, Pair, Relative
from sim.docking.arm.recording import MountedArm
from sim.docking.arm.simplified import CONTROL_OFF, NO_COLLISIONS, RIGID_ARM
from sim.docking.contact import docking_frame
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly, semi_major_axis

UP = np.array([0.0, 0.0, 1.0])  # the axis of the turn, z of the station
AT_A_PORT = math.radians(1.0)  # how far from another port's axis the turn may end


@dataclass(frozen=True)
class Transposition:
    """`turn` rad about z at `node` (3,) m, in the frame of the station's file. With an `arm`: `clear` m out along the
    port's axis, about the node, and the same way back. Without: by the indexing arm, at `rate` rad/s at most, into the
    port `to`. `latch` s to open the latches before, and to close them after."""

    station: Station
    ship: str
    node: np.ndarray
    turn: float
    to: str | None
    arm: MountedArm | None
    clear: float
    rate: float
    latch: float
    name: str = "transposition"
    share: float = 0.02

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        arm = (RIGID_ARM,) if self.arm else ()
        unknown = () if self.ship in self.station.visitors else (POINT_AT_THE_PORT,)
        return (DRAG_AREA, *arm, NO_COLLISIONS, CONTROL_OFF, *unknown)

    def fly(self, scene: Scene, world: World) -> Leg:
        ship, name = self.ship, self.station.name
        if ship not in scene.docked:
            raise Failure(f"{ship} is not docked: aboard the station are {', '.join(scene.docked) or 'no ships'}")
        start, mass = scene.t + self.latch, scene.ships[ship]
        port_name = scene.docked[ship]
        port = self.station.ports[port_name]
        visitor = self.station.visitors.get(ship, AT_THE_PORT)
        docked = Pose(port.position + visitor.ring * port.axis, docking_frame(port).T)
        to = self._target(scene, port_name, port)
        rest = true_stack(self.station, released(scene, name, ship))
        history: ArmHistory | None = None
        if self.arm is not None:
            if mass > self.arm.arm.payload:
                raise Failure(f"{ship} has {mass:.0f} kg, and {self.arm.arm.name} moves {self.arm.arm.payload:.0f} kg")
            motion, end, history = self._by_arm(self.arm, docked, port, start, rest.centre)
        else:
            end = start + 1.875 * abs(self.turn) / self.rate  # the quintic's greatest rate is 15/8 of the mean
            motion = self._by_mechanism(docked, start, end, rest.centre)
        orbit = scene.flying[name]
        n = math.sqrt(MU_EARTH / float(semi_major_axis(orbit.r, orbit.v)[0]) ** 3)
        pair = Pair(rest.mass, mass, rest.inertia, visitor.inertia)
        record, reaction, residual = recording.reaction(pair, motion, start, end, n, np.eye(3), None)
        done = end + self.latch
        path = fly(orbit, scene.t, done, world)
        after = scene.with_(docked={**scene.docked, ship: to}).moved(done, {name: end_state(orbit, path)})
        figures = TranspositionFigures(
            by="arm" if self.arm else "indexing arm",
            duration_s=done - scene.t,
            moving_s=end - start,
            turned_deg=math.degrees(abs(self.turn)),
            moved_kg=mass,
            most_joint_rate_share=recording.joint_share(self.arm.arm, history) if self.arm and history else 0.0,
            least_dexterity=recording.least_dexterity(self.arm.arm, history) if self.arm and history else 0.0,
            station_turn_deg=float(np.degrees(reaction.excursion)),
            station_rate_deg_s=float(np.degrees(np.linalg.norm(reaction.rate, axis=1).max())),
            exchanged_n_m_s=float(np.linalg.norm(reaction.held, axis=1).max()),
            momentum_residual_n_m_s=residual,
            stack_mass_kg=orbit.mass,
        )
        happened = (
            Event("transposition_start", start, ship, {"port": port_name}),
            Event("transposition_end", end, ship, {"port": to}),
        )
        geometry = self.arm.geometry(visitor.ring, self.station.ports) if self.arm else None
        made = TranspositionRecord(figures=figures, reaction=record, arm=history, geometry=geometry)
        return Leg(self.name, scene.t, after, {name: path}, happened, record=made)

    def _target(self, scene: Scene, port_name: str, port: Port) -> str:
        """The port at which it ends; Failure where the turn does not lead there, or another ship is there."""
        if self.to is None:
            return port_name
        to = self.station.ports[self.to]
        others = [other for other, place in scene.docked.items() if place == self.to]
        if others:
            raise Failure(f"{self.ship} cannot be turned to the {self.to} port, where {others[0]} is docked")
        led = turn(UP, self.turn)
        angle = math.acos(max(-1.0, min(1.0, float(led @ port.axis @ to.axis))))
        place = self.node + led @ (port.position - self.node)
        if angle > AT_A_PORT or float(np.linalg.norm(place - to.position)) > 0.5:
            raise Failure(
                f"turned by {math.degrees(self.turn):g} deg about the node {self.node.tolist()} the {port_name} port "
                f"comes to {place.round(2).tolist()}, {math.degrees(angle):.1f} deg from the axis of the {self.to} "
                f"port at {to.position.round(2).tolist()}"
            )
        return self.to

    def _by_arm(
        self, mounted: MountedArm, docked: Pose, port: Port, start: float, centre: np.ndarray
    ) -> tuple[Motion, float, ArmHistory]:
        """Out, about the node, and back."""
        inverse = mounted.inverse
        out = inverse.then(Pose(docked.position + self.clear * port.axis, docked.rotation))
        node, up = inverse.then(Pose(self.node, np.eye(3))).position, inverse.rotation @ UP
        outbound, inbound = about(node, up, self.turn), about(node, up, -self.turn)
        paths = straight_to(out), outbound, inbound, straight_to(inverse.then(docked))
        what = "off its port", "about the node", "back about the node", "into its port"
        carry = Carry(paths, tuple(f"moving {self.ship} {words}" for words in what), (0.0,) * len(paths))
        first = inverse.then(docked)
        try:
            q = posture_for(mounted.arm, mounted.grip, first, carry, f"the fixture of {self.ship} at its port")
            moves = carried(mounted.arm, mounted.grip, carry, q, start)
        except ArmError as error:
            raise Failure(str(error)) from None
        motion = recording.carried_motion(mounted, moves, mounted.grip, centre)
        return motion, moves[-1].end, recording.while_carrying(mounted, moves, mounted.grip)

    def _turned(self, pose: Pose, share: float) -> Pose:
        led = turn(UP, share * self.turn)
        return Pose(self.node + led @ (pose.position - self.node), led @ pose.rotation)

    def _by_mechanism(self, docked: Pose, start: float, end: float, centre: np.ndarray) -> Motion:
        """Rest to rest about the node, at the same distance from it."""

        def at(t: float) -> Relative:
            share, pace, _ = rest_to_rest((t - start) / (end - start))
            pose, rate = self._turned(docked, share), UP * (self.turn * pace / (end - start))
            speed = np.cross(rate, pose.position - self.node)
            return Pose(pose.position - centre, pose.rotation), speed, rate

        return at
