"""Moves of the arm from rest to rest: through its joints, or along a path of its end effector; none faster than its
joints, its end effector and their accelerations allow.

The fraction of a move that is done is the quintic of kernels/docking/route.py, without speed and acceleration at both
ends. Nothing but the arm's own limits bounds a path: whether links or a payload would touch the station is not looked
at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from kernels.docking.route import rest_to_rest
from sim.docking.arm.inverse import SINGULAR, polish
from sim.docking.arm.kinematics import (
    Arm,
    ArmError,
    Pose,
    dexterity,
    forward,
    jacobian,
    rotation_of,
    rotation_vector,
    turn,
)

Path = Callable[[float], Pose]  # the pose at a fraction of the way, 0 to 1
PathFrom = Callable[[Pose], Path]  # the path that leads on from a pose

NODES = 81  # of a path, between which the angles are a cubic spline: 1e-8 m off the path, as tests hold
LONGEST_STEP = 0.2  # rad from node to node, above which the arm would change its posture
SHARES = np.linspace(0.0, 1.0, 401)
PROGRESS = np.array([rest_to_rest(x) for x in SHARES.tolist()])  # fraction, first and second derivative


@dataclass(frozen=True, eq=False)
class Move:
    """From rest to rest in `duration` s from `start` s: the angles (7,) at NODES even fractions of the path."""

    start: float
    duration: float
    nodes: np.ndarray
    fractions: np.ndarray = field(default_factory=lambda: np.linspace(0.0, 1.0, NODES))

    @property
    def end(self) -> float:
        return self.start + self.duration

    @cached_property
    def _spline(self) -> Any:
        return _spline(self.fractions, self.nodes)

    def at(self, t: float) -> tuple[np.ndarray, np.ndarray]:
        """Angles (7,) rad and rates (7,) rad/s; at rest before and after."""
        x = (t - self.start) / self.duration if self.duration > 0.0 else 1.0
        fraction, pace, _ = rest_to_rest(x)
        return self._spline(fraction), self._spline(fraction, 1) * (pace / max(self.duration, 1.0e-9))


def _spline(fractions: np.ndarray, nodes: np.ndarray) -> Any:
    from scipy.interpolate import CubicSpline

    return CubicSpline(fractions, nodes)


def least_duration(arm: Arm, nodes: np.ndarray, loaded: bool) -> float:
    """The shortest time s of a move through angles (k, 7) rad at even fractions that keeps the limits of the joints;
    with a payload (`loaded`) those of the end effector too."""
    spline = _spline(np.linspace(0.0, 1.0, len(nodes)), nodes)
    fraction, pace, change = PROGRESS.T
    first, second = spline(fraction, 1), spline(fraction, 2)
    rates = first * pace[:, None]
    accelerations = second * pace[:, None] ** 2 + first * change[:, None]
    longest = [
        float((np.abs(rates) / arm.rates).max()),
        float(np.sqrt((np.abs(accelerations) / arm.accelerations).max())),
    ]
    if loaded:
        for q, rate in zip(spline(fraction[::10]), rates[::10], strict=True):
            twist = jacobian(arm, q) @ rate
            longest += [
                float(np.linalg.norm(twist[:3])) / arm.tip_speed,
                float(np.linalg.norm(twist[3:])) / arm.tip_rate,
            ]
    return max(longest)


def through_joints(arm: Arm, first: np.ndarray, last: np.ndarray, start: float) -> Move:
    """Every joint straight from its first angle (7,) rad to its last, all in the same time: the way of an arm without a
    payload."""
    nodes = first + np.linspace(0.0, 1.0, NODES)[:, None] * (last - first)
    return Move(start, least_duration(arm, nodes, loaded=False), nodes)


def between(first: Pose, last: Pose) -> Path:
    """The pose at a fraction of the way: straight, and turning about one axis."""
    turned = rotation_vector(last.rotation @ first.rotation.T)

    def pose(s: float) -> Pose:
        return Pose(first.position + s * (last.position - first.position), rotation_of(s * turned) @ first.rotation)

    return pose


def straight_to(last: Pose) -> PathFrom:
    """To a pose, straight and turning about one axis."""
    return lambda first: between(first, last)


def about(place: np.ndarray, axis: np.ndarray, angle: float) -> PathFrom:
    """By `angle` rad about an axis (3,), unit, through `place` (3,) m."""

    def path_from(first: Pose) -> Path:
        def pose(s: float) -> Pose:
            led = turn(axis, s * angle)
            return Pose(place + led @ (first.position - place), led @ first.rotation)

        return pose

    return path_from


def along(arm: Arm, path: Path, first: np.ndarray, start: float, what: str) -> Move:
    """The end effector along `path` (its pose in the frame of the base at fractions 0 to 1) with a payload, from the
    angles `first` (7,), each node reached from the one before by least change of the joints.

    ArmError, naming `what` is done, where a joint comes to its limit or the arm becomes singular on the way.
    """
    nodes = [np.array(first, dtype=float)]
    for s in np.linspace(0.0, 1.0, NODES)[1:]:
        q = polish(arm, path(float(s)), nodes[-1])
        if q is None or float(np.abs(q - nodes[-1]).max()) > LONGEST_STEP:
            raise ArmError(f"{what}: {arm.name} cannot follow the path beyond {100 * s:.0f} % of it without a jump")
        if ((q < arm.lower) | (q > arm.upper)).any():
            j = int(np.argmax(np.maximum(arm.lower - q, q - arm.upper)))
            raise ArmError(f"{what}: joint {j + 1} of {arm.name} is at its limit after {100 * s:.0f} % of the path")
        if dexterity(arm, q) < SINGULAR:
            raise ArmError(f"{what}: {arm.name} is singular after {100 * s:.0f} % of the path")
        nodes.append(q)
    found = np.array(nodes)
    return Move(start, least_duration(arm, found, loaded=True), found)


def held_by(arm: Arm, base: Pose, grip: Pose, q: np.ndarray, rates: np.ndarray) -> tuple[Pose, np.ndarray, np.ndarray]:
    """A payload's pose around the `base`, its velocity (3,) m/s and angular velocity (3,) rad/s there; `grip`: the
    payload's pose in the frame of the end effector."""
    tip = forward(arm, q)
    payload = tip.then(grip)
    twist = jacobian(arm, q) @ rates
    speed = twist[:3] + np.cross(twist[3:], payload.position - tip.position)
    return base.then(payload), base.rotation @ speed, base.rotation @ twist[3:]
