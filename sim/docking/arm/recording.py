"""Histories and figures of the arm's moves, and how the station reacts to what it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.arm_record import CARRYING, CLOSING_IN, TO_READY, WAITING, ArmGeometry, ArmHistory, StationReaction
from sim.core.histories import joined
from sim.core.vehicle import Port
from sim.docking.arm.kinematics import Arm, Pose, dexterity, forward
from sim.docking.arm.motion import Move, held_by
from sim.docking.arm.reaction import Motion, Pair, Reaction, Relative, react, rebuilt_momentum
from sim.docking.arm.tracking import Tracking

NAMES = tuple(f"joint {i + 1}" for i in range(7))
EVERY = 2.0  # s, rows of a move
REACTION_STEP = 2.0  # s, of the station's turn


@dataclass(frozen=True, eq=False)
class MountedArm:
    """An arm on its base, both in the frame of the station's file; `fixture` (3,) m and `outward` (3,), where and to
    which side the craft's fixture looks, in its own frame; `grip`: the end effector there."""

    arm: Arm
    base: Pose
    base_name: str
    fixture: np.ndarray
    outward: np.ndarray
    grip: Pose

    @property
    def inverse(self) -> Pose:
        return self.base.inverse()

    def geometry(self, ring: float, ports: Mapping[str, Port]) -> ArmGeometry:
        arm = self.arm
        return ArmGeometry(
            origins_m=arm.origins,
            axes=arm.axes,
            tip_m=arm.tip,
            base_m=self.base.position,
            base_axes=self.base.rotation,
            ring_m=ring,
            fixture_m=self.fixture,
            grip_axes=self.grip.rotation,
            ports_m=np.array([np.concatenate([p.position, p.axis]) for p in ports.values()]),
            rate_limit_deg_s=np.degrees(arm.rates),
        )


def arm_rows(
    mounted: MountedArm, t: np.ndarray, q: np.ndarray, rates: np.ndarray, craft: Sequence[Pose], stage: int
) -> ArmHistory:
    """Rows at times `t` (k,) s of angles and rates (k, 7), and of where the craft is, in the station's frame."""
    tips = [mounted.base.then(forward(mounted.arm, angles)) for angles in q]
    grips = [pose.then(mounted.grip) for pose in craft]
    tip, place = np.array([p.position for p in tips]), np.array([p.position for p in craft])
    gap = np.linalg.norm(tip - np.array([g.position for g in grips]), axis=1)
    return ArmHistory(
        t_s=np.asarray(t, dtype=float),
        angle_deg={name: np.degrees(q[:, j]) for j, name in enumerate(NAMES)},
        rate_deg_s={name: np.degrees(rates[:, j]) for j, name in enumerate(NAMES)},
        tip_x_m=tip[:, 0],
        tip_y_m=tip[:, 1],
        tip_z_m=tip[:, 2],
        craft_x_m=place[:, 0],
        craft_y_m=place[:, 1],
        craft_z_m=place[:, 2],
        gap_m=gap,
        stage=np.full(len(t), float(stage)),
    )


def _sampled(move: Move, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pairs = [move.at(float(x)) for x in t]
    return np.array([q for q, _ in pairs]), np.array([rate for _, rate in pairs])


def _times(start: float, end: float) -> np.ndarray:
    return np.linspace(start, end, max(2, int(np.ceil((end - start) / EVERY)) + 1))


def before_capture(mounted: MountedArm, move: Move, until: float, hover: Pose) -> ArmHistory:
    """From its stowed angles to its place before the fixture, and there until the craft's thrusters are off; the craft
    as if it stood in its hover point."""
    t = _times(move.start, move.end)
    rows = [arm_rows(mounted, t, *_sampled(move, t), [hover] * len(t), TO_READY)]
    if until > move.end:
        t = _times(move.end, until)
        rows.append(arm_rows(mounted, t, *_sampled(move, t), [hover] * len(t), WAITING))
    return joined(rows)


def closing_in(mounted: MountedArm, tracked: Tracking, craft: Sequence[Pose]) -> ArmHistory:
    return arm_rows(mounted, tracked.t, tracked.angles, tracked.rates, craft, CLOSING_IN)


def while_carrying(mounted: MountedArm, moves: Sequence[Move], grip: Pose) -> ArmHistory:
    """The moves one after the other; `grip`: the end effector in the frame of the craft, as it took hold."""
    rows = []
    for move in moves:
        t = _times(move.start, move.end)
        q, rates = _sampled(move, t)
        craft = [mounted.base.then(forward(mounted.arm, angles)).then(grip.inverse()) for angles in q]
        rows.append(arm_rows(mounted, t, q, rates, craft, CARRYING))
    return joined(rows)


def carried_motion(mounted: MountedArm, moves: Sequence[Move], grip: Pose, centre: np.ndarray) -> Motion:
    """The payload's motion as `react` takes it; `centre` (3,) m, the station's centre of mass without it."""
    held, base = grip.inverse(), Pose(mounted.base.position - centre, mounted.base.rotation)

    def at(t: float) -> Relative:
        move = next((m for m in moves if t <= m.end), moves[-1])
        return held_by(mounted.arm, base, held, *move.at(t))

    return at


def reaction(
    pair: Pair, motion: Motion, start: float, end: float, n: float, attitude: np.ndarray, momentum: np.ndarray | None
) -> tuple[StationReaction, Reaction, float]:
    """The station's history from `start` to `end` s, the same as arrays, and by how much (N m s) the momentum that is
    rebuilt from where both bodies are differs at most."""
    times = np.linspace(start, end, int(np.ceil((end - start) / REACTION_STEP)) + 1)
    found = react(pair, motion, times, n, attitude, momentum)
    again = rebuilt_momentum(pair, motion, found, n)
    residual = float(np.abs(again - found.momentum[2:-2]).max())
    angle, rate = np.degrees(found.angles).T, np.degrees(found.rate).T
    history = StationReaction(times, *angle, *rate, *found.held.T)
    return history, found, residual


def joint_share(arm: Arm, history: ArmHistory) -> float:
    """The greatest rate of a joint over its limit."""
    rates = np.array([np.abs(history.rate_deg_s[name]).max() for name in NAMES])
    return float((rates / np.degrees(arm.rates)).max())


def least_dexterity(arm: Arm, history: ArmHistory) -> float:
    """The least dexterity (sim/docking/arm/kinematics.py) of a history."""
    angles = np.radians(np.column_stack([history.angle_deg[name] for name in NAMES]))
    return min(dexterity(arm, q) for q in angles)
