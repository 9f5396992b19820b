"""The plan of a capture and of a transposition: which posture the arm takes, so that it can go all the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.docking.arm.inverse import reach
from sim.docking.arm.kinematics import Arm, ArmError, Pose, dexterity, forward
from sim.docking.arm.motion import Move, Path, PathFrom, along, between, through_joints
from sim.docking.arm.tracking import backed_off

POSTURES = 24  # postures, the soonest reached first
WELL_CLEAR = 0.05  # singular values apart, of the postures that are tried first


def grip_pose(arm: Arm, fixture: np.ndarray, outward: np.ndarray) -> Pose:
    """Where the end effector is as it grips a fixture at `fixture` (3,) m that looks `outward` (3,), in the frame of
    the craft: it comes against that. About its own axis any turn would do; it is the one with x nearest to the
    craft's x axis."""
    z = -np.sign(float(arm.approach[2])) * outward / np.linalg.norm(outward)
    reference = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = reference - (reference @ z) * z
    x /= np.linalg.norm(x)
    return Pose(np.array(fixture, dtype=float), np.column_stack([x, np.cross(z, x), z]))


@dataclass(frozen=True, eq=False)
class Carry:
    """A payload on `paths`, around the base, one after the other and each from rest to rest; what each does in words;
    `waits` s after each."""

    paths: tuple[PathFrom, ...]
    names: tuple[str, ...]
    waits: tuple[float, ...]


def _gripped(path: Path, grip: Pose) -> Path:
    """The path of the end effector that leads a payload along `path`."""
    return lambda s: path(s).then(grip)


def carried(arm: Arm, grip: Pose, carry: Carry, first: np.ndarray, start: float) -> list[Move]:
    """The moves that carry a payload, gripped at `grip` (the end effector in its frame), from the angles `first`.
    ArmError where the arm cannot follow."""
    moves, t, q = [], start, first
    here = forward(arm, first).then(grip.inverse())
    for path_from, name, wait in zip(carry.paths, carry.names, carry.waits, strict=True):
        path = path_from(here)
        move = along(arm, _gripped(path, grip), q, t, name)
        moves.append(move)
        t, q, here = move.end + wait, move.nodes[-1], path(1.0)
    return moves


def ready_for(arm: Arm, fixture: Pose, standoff: float, grip: Pose, carry: Carry, what: str) -> np.ndarray:
    """The angles (7,) `standoff` m before `fixture` (the end effector there, in the frame of the base), of the posture
    that is soonest reached and from which the payload can be carried to the end. ArmError where there is none."""
    why = ""
    reach(arm, fixture, what)  # whether it can be gripped at all, in words of its own
    begun = reach(arm, backed_off(arm, fixture, standoff), f"the place {standoff:g} m before {what}")
    ranked = [q for q in begun if dexterity(arm, q) >= WELL_CLEAR] or begun
    for q in _spread(ranked):
        try:
            gripped = along(arm, between(forward(arm, q), fixture), q, 0.0, "the way to the fixture").nodes[-1]
            carried(arm, grip, carry, gripped, 0.0)
        except ArmError as error:
            why = why or str(error)
        else:
            return q
    raise ArmError(f"{what} can be gripped, but from none of {min(POSTURES, len(ranked))} postures carried on: {why}")


def posture_for(arm: Arm, grip: Pose, first: Pose, carry: Carry, what: str) -> np.ndarray:
    """The angles (7,) of an arm that holds a payload already, at `first` around the base, and can carry it on."""
    why = ""
    found = reach(arm, first.then(grip), what)
    ranked = [q for q in found if dexterity(arm, q) >= WELL_CLEAR] or found
    for q in _spread(ranked):
        try:
            carried(arm, grip, carry, q, 0.0)
        except ArmError as error:
            why = why or str(error)
        else:
            return q
    raise ArmError(f"{what} can be gripped, but from none of {min(POSTURES, len(ranked))} postures carried on: {why}")


def _spread(ranked: Sequence[np.ndarray]) -> list[np.ndarray]:
    """POSTURES of the postures: the soonest reached half of them, the others evenly from the rest."""
    half = POSTURES // 2
    rest = ranked[half:]
    return [*ranked[:half], *(rest[i] for i in np.linspace(0, len(rest) - 1, half).astype(int) if len(rest))][:POSTURES]


def to_ready(arm: Arm, ready: np.ndarray, start: float) -> Move:
    """From its stowed angles to those before the fixture."""
    return through_joints(arm, arm.stowed, ready, start)


def ports_in_reach(arm: Arm, base: Pose, grip_at_port: dict[str, Pose]) -> dict[str, str]:
    """For each port, by name, "in reach", or why a ship docked there cannot be gripped; `grip_at_port`: the end
    effector as it grips it, in the frame of the station's file."""
    found = {}
    for name, pose in grip_at_port.items():
        try:
            reach(arm, base.inverse().then(pose), f"the fixture of a ship at the {name} port")
        except ArmError as error:
            found[name] = str(error)
        else:
            found[name] = "in reach"
    return found
