"""Inverse kinematics of the arm: in closed form for a chosen shoulder roll, polished, and checked forward.

Seven joints for six conditions leave one free. It is the first joint here, which turns the plane of both booms about
the base (the elbow goes with it). With that angle chosen, joints 3 to 5 have parallel axes, and the other six follow
in closed form, in up to eight ways: two for the shoulder's yaw, two for the wrist's, two for the elbow. Arrangement:
axes z, x, z, z, z, x, z, either sense, and joint 7 crosses the axis of joint 6 (`check_arrangement`).
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from sim.docking.arm.kinematics import Arm, ArmError, Pose, dexterity, error, forward, jacobian, turn

ARRANGEMENT = "zxzzzxz"
SWEEP = 72  # shoulder rolls that are tried, all round
POLISHED = 1.0e-12  # m and rad
SINGULAR = 0.01  # smallest over greatest singular value, under which joints turn a hundred times as fast as usual
PARALLEL = 1.0e-9  # sine of the wrist's yaw under which joints 5 and 7 turn about one axis
X, Z = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])


def check_arrangement(origins: np.ndarray, axes: np.ndarray) -> str:
    """What is not as the closed form needs it, in words; empty where all is."""
    for i, (axis, letter) in enumerate(zip(axes, ARRANGEMENT, strict=True)):
        if abs(abs(float(axis @ (X if letter == "x" else Z))) - 1.0) > 1.0e-12:
            return f"joint {i + 1} turns about {axis.tolist()}, and has to turn about {letter}"
    if abs(origins[6, 1]) > 0.0:
        return f"joint 7 lies {origins[6, 1]:g} m beside the axis of joint 6 (y of its origin), and has to cross it"
    return ""


def with_shoulder_roll(arm: Arm, target: Pose, roll: float) -> list[np.ndarray]:
    """Every set of angles (7,) rad, without regard of limits, whose first is `roll` and that reaches `target`, a pose
    of the end effector in the frame of the base; none where there is none."""
    o, sense = arm.origins, arm.axes.sum(axis=1)
    first = turn(Z, -sense[0] * roll)
    rotation = first @ target.rotation
    last = first @ (target.position - target.rotation @ arm.tip - o[0]) - o[1]
    # A point on the axis of joint 6 that its turn leaves: it lies at `wrist` in the frame of joint 5.
    point = last - o[6, 2] * rotation[:, 2]
    wrist = o[5] + np.array([o[6, 0], 0.0, 0.0])
    height, across = o[2, 2] + o[3, 2] + o[4, 2] + wrist[2], math.hypot(point[1], point[2])
    if abs(height) > across:
        return []
    found = []
    lean, open_ = math.atan2(point[1], point[2]), math.acos(height / across)
    for side, bend, fold in product((1.0, -1.0), repeat=3):
        yaw = side * open_ - lean
        back = turn(X, -yaw)
        m, u = back @ rotation, back @ point
        sine = bend * math.hypot(m[0, 2], m[1, 2])
        if abs(sine) < PARALLEL:
            continue
        swivel, plane = math.atan2(sine, m[2, 2]), math.atan2(m[0, 2] / sine, -m[1, 2] / sine)
        rest = turn(X, -swivel) @ turn(Z, -plane) @ m
        v = (u - o[2] - turn(Z, plane) @ wrist)[:2]
        a, b = math.hypot(*o[3, :2]), math.hypot(*o[4, :2])
        cosine = (float(v @ v) - a * a - b * b) / (2.0 * a * b)
        if abs(cosine) > 1.0:
            continue
        elbow = fold * math.acos(cosine) - math.atan2(o[4, 1], o[4, 0]) + math.atan2(o[3, 1], o[3, 0])
        boom = (o[3] + turn(Z, elbow) @ o[4])[:2]
        pitch = math.atan2(v[1], v[0]) - math.atan2(boom[1], boom[0])
        last_roll = math.atan2(rest[1, 0], rest[0, 0])
        angles = np.array([sense[0] * roll, yaw, pitch, elbow, plane - pitch - elbow, swivel, last_roll])
        found.append(sense * angles)
    return found


def polish(arm: Arm, target: Pose, q: np.ndarray, steps: int = 20) -> np.ndarray | None:
    """`q` (7,) moved by least change (damped least squares) until it reaches `target` within POLISHED, or None."""
    for _ in range(steps):
        missing = error(target, forward(arm, q))
        if float(np.abs(missing).max()) < POLISHED:
            return q
        j = jacobian(arm, q)
        damping = min(1.0e-3, float(missing @ missing))  # fades, so that the last steps are Newton's
        q = q + j.T @ np.linalg.solve(j @ j.T + damping * np.eye(6), missing)
    return q if float(np.abs(error(target, forward(arm, q))).max()) < POLISHED else None


def near(arm: Arm, q: np.ndarray, reference: np.ndarray) -> np.ndarray | None:
    """The angles by whole turns nearest to `reference` (7,) that keep the limits of the joints; None without any."""
    whole = 2.0 * math.pi
    moved = q + whole * np.round((reference - q) / whole)
    moved = np.where(moved > arm.upper, moved - whole, np.where(moved < arm.lower, moved + whole, moved))
    return moved if bool(((moved >= arm.lower) & (moved <= arm.upper)).all()) else None


def solutions(arm: Arm, target: Pose, reference: np.ndarray | None = None) -> list[np.ndarray]:
    """Angles (7,) rad within the limits that reach `target`, over SWEEP shoulder rolls, by their greatest travel in
    time from `reference` (its stowed angles without one); each was checked by forward kinematics to 1e-9 m and rad."""
    reference = arm.stowed if reference is None else reference
    found = []
    for roll in np.linspace(-math.pi, math.pi, SWEEP, endpoint=False):
        for q in with_shoulder_roll(arm, target, float(roll)):
            moved = near(arm, q, reference)
            if moved is not None and float(np.abs(error(target, forward(arm, moved))).max()) < 1.0e-9:
                found.append(moved)
    return sorted(found, key=lambda q: float((np.abs(q - reference) / arm.rates).max()))


def reach(arm: Arm, target: Pose, what: str, reference: np.ndarray | None = None) -> list[np.ndarray]:
    """Solutions that are not singular, the one soonest reached from `reference` first. `what`: the target's name in
    words. ArmError where `target` is out of reach, needs angles beyond the limits, or can be reached singular only."""
    separation = float(np.linalg.norm(target.position))
    if separation > arm.longest:
        raise ArmError(
            f"{what} is out of reach of {arm.name}: {separation:.2f} m from its base, and its links are "
            f"{arm.longest:.2f} m long together; take a base or a target at least {separation - arm.longest:.2f} m "
            "nearer"
        )
    found = solutions(arm, target, reference)
    if not found:
        rolls = np.linspace(-math.pi, math.pi, SWEEP, endpoint=False)
        any_ = any(with_shoulder_roll(arm, target, float(roll)) for roll in rolls)
        why = "only with joints beyond their limits" if any_ else "with no angles of its joints"
        raise ArmError(
            f"{what} is not reached by {arm.name}: {separation:.2f} m from its base, in this direction and attitude "
            f"{why}; take another base, or a target that is turned otherwise or nearer"
        )
    good = [q for q in found if dexterity(arm, q) >= SINGULAR]
    if not good:
        best = max(dexterity(arm, q) for q in found)
        raise ArmError(
            f"{what} is singular for {arm.name}: in all {len(found)} postures that reach it some motion of the end "
            f"effector is impossible (singular values {best:.1e} apart, at least {SINGULAR:g} required), as where it "
            "is stretched out; take a target nearer to the base"
        )
    return good
