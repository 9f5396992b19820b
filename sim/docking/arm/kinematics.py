"""Forward kinematics and Jacobian of a seven-joint arm with rigid links.

Each joint stands at `origins[i]` in the frame of the link before it, with axes along that frame's while its angle is
zero, and turns about its own axis: the convention of a URDF file with rotation zero. Joints turn about x (1, 0, 0) or
z (0, 0, 1), either sense. SI, rad.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.files.errors import TiangongError


class ArmError(TiangongError):
    """What an arm cannot do: a sentence with the numbers in it."""


@dataclass(frozen=True)
class GraspLimits:
    """What the end effector takes as its snares close. `offset` m and `angle` rad between it and the fixture; `speed`
    m/s and `rate` rad/s of the fixture against it; `close_s` s until the snares hold."""

    offset: float
    angle: float
    speed: float
    rate: float
    close_s: float


@dataclass(frozen=True, eq=False)
class Arm:
    """A seven-joint arm. `origins` (7, 3) m and `axes` (7, 3) unit, as above; `tip` (3,) m from the last joint to the
    end effector, which grips along `approach` (3,) unit, both in the last frame; `lower`, `upper` (7,) rad; `rates`
    (7,) rad/s and `accelerations` (7,) rad/s2 of the joints; `mass` kg; `payload` kg that it may move; `tip_speed` m/s
    and `tip_rate` rad/s with a payload; `grasp`; `stowed` (7,) rad."""

    name: str
    origins: np.ndarray
    axes: np.ndarray
    tip: np.ndarray
    approach: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    rates: np.ndarray
    accelerations: np.ndarray
    mass: float
    payload: float
    tip_speed: float
    tip_rate: float
    grasp: GraspLimits
    stowed: np.ndarray

    @property
    def longest(self) -> float:
        """m, the sum of the links: no point farther from the base is ever reached."""
        return float(np.linalg.norm(self.origins[1:], axis=1).sum() + np.linalg.norm(self.tip))


@dataclass(frozen=True, eq=False)
class Pose:
    """`position` (3,) m and `rotation` (3, 3), whose columns are the axes of the frame, both in the frame around it."""

    position: np.ndarray
    rotation: np.ndarray

    def then(self, inner: Pose) -> Pose:
        """The pose `inner`, which is given in this frame, in the frame around this one."""
        return Pose(self.position + self.rotation @ inner.position, self.rotation @ inner.rotation)

    def inverse(self) -> Pose:
        return Pose(-self.rotation.T @ self.position, self.rotation.T)


def turn(axis: np.ndarray, angle: float) -> np.ndarray:
    """The rotation (3, 3) by `angle` rad about the unit vector `axis` (3,): Rodrigues' formula."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)


def rotation_vector(rotation: np.ndarray) -> np.ndarray:
    """The axis times the angle (3,) rad of a rotation (3, 3), 0 to pi."""
    skew = 0.5 * np.array(
        [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    )
    sine, cosine = float(np.linalg.norm(skew)), 0.5 * (float(np.trace(rotation)) - 1.0)
    if sine > 1.0e-6:
        return skew * (np.arctan2(sine, cosine) / sine)
    if cosine > 0.0:
        return skew
    column = int(np.argmax(np.diag(rotation)))  # half a turn: the axis is a column of R + 1
    axis = rotation[:, column] + np.eye(3)[column]
    return np.pi * axis / np.linalg.norm(axis)


def rotation_of(vector: np.ndarray) -> np.ndarray:
    """The rotation (3, 3) by a rotation vector (3,) rad."""
    angle = float(np.linalg.norm(vector))
    return turn(vector / angle, angle) if angle > 0.0 else np.eye(3)


def frames(arm: Arm, q: np.ndarray) -> list[Pose]:
    """The frame of each joint after its turn, then that of the end effector, in the frame of the base; `q` (7,) rad."""
    return chain(arm.origins, arm.axes, arm.tip, q)


def chain(origins: np.ndarray, axes: np.ndarray, tip: np.ndarray, q: np.ndarray) -> list[Pose]:
    """The same of an arm of which no more is known than these."""
    pose, found = Pose(np.zeros(3), np.eye(3)), []
    for origin, axis, angle in zip(origins, axes, q, strict=True):
        pose = pose.then(Pose(origin, turn(axis, float(angle))))
        found.append(pose)
    return [*found, pose.then(Pose(tip, np.eye(3)))]


def forward(arm: Arm, q: np.ndarray) -> Pose:
    """Where the end effector is in the frame of the base, with its joints at `q` (7,) rad."""
    return frames(arm, q)[-1]


def jacobian(arm: Arm, q: np.ndarray) -> np.ndarray:
    """(6, 7): velocity m/s of the end effector, then its angular velocity rad/s, base frame, by the rates of joints."""
    *joints, tip = frames(arm, q)
    turning = np.array([joint.rotation @ axis for joint, axis in zip(joints, arm.axes, strict=True)])
    levers = tip.position - np.array([joint.position for joint in joints])
    return np.vstack([np.cross(turning, levers).T, turning.T])


def dexterity(arm: Arm, q: np.ndarray) -> float:
    """The smallest singular value of the Jacobian over its greatest, with lengths in halves of the arm: 0 where some
    motion of the end effector is impossible (Klein and Blaho, Int. J. Robotics Research 6 (1987) 72-83)."""
    scaled = jacobian(arm, q)
    scaled[:3] /= 0.5 * arm.longest
    values = np.linalg.svd(scaled, compute_uv=False)
    return float(values[-1] / values[0])


def error(target: Pose, found: Pose) -> np.ndarray:
    """(6,): what is missing to `target`, m, then as a rotation vector, rad, in the frame of both."""
    return np.concatenate([target.position - found.position, rotation_vector(target.rotation @ found.rotation.T)])
