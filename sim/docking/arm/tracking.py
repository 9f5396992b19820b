"""The last metre of a capture: the end effector goes after the fixture of a craft that drifts, and its snares close.

The rates of the joints follow the fixture (resolved rates, damped least squares: Whitney 1969; Nakamura and Hanafusa
1986) as fast as the joints' rates and accelerations allow. The fixture's pose is known exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kernels.docking.route import rest_to_rest
from sim.docking.arm.kinematics import Arm, ArmError, Pose, error, forward, jacobian, rotation_vector

GAIN = 0.15  # 1/s, by which what is missing runs out
DAMPING = 0.02  # of the least squares, where arms are near singular; the Jacobian's lengths are metres
FINAL_SPEED = 0.02  # m/s, mean speed of the end effector toward the fixture


@dataclass(frozen=True, eq=False)
class Tracking:
    """Rows each step: `t` s, `angles` and `rates` (k, 7), `offset` m and `tilt` rad between end effector and fixture,
    `speed` m/s and `turning` rad/s of the fixture against it; when the snares began to close and when they held, s."""

    t: np.ndarray
    angles: np.ndarray
    rates: np.ndarray
    offset: np.ndarray
    tilt: np.ndarray
    speed: np.ndarray
    turning: np.ndarray
    closing: float
    grappled: float


def backed_off(arm: Arm, pose: Pose, distance: float) -> Pose:
    """A pose of the end effector `distance` m before another, along what it grips along."""
    return Pose(pose.position - distance * (pose.rotation @ arm.approach), pose.rotation)


def follow(
    arm: Arm,
    first: np.ndarray,
    fixture: Callable[[float], Pose],
    start: float,
    limit: float,
    standoff: float,
    step: float,
) -> Tracking:
    """From the angles `first` (7,) at rest, `standoff` m before the fixture, to the moment at which the snares hold it.

    `fixture`: at a time s, the pose at which the end effector grips it, in the frame of the base. ArmError where it
    does not within `limit` s from `start`.
    """
    q, qd = np.array(first, dtype=float), np.zeros(7)
    pace_s = standoff / FINAL_SPEED
    rows: list[tuple] = []
    closing, grasp = np.nan, arm.grasp
    for k in range(int(limit / step) + 1):
        t = start + k * step
        now, soon = fixture(t), fixture(t + step)
        tip, j = forward(arm, q), jacobian(arm, q)
        moving = error(soon, now) / step  # twist of the fixture at its own place
        relative = moving - j @ qd
        offset = float(np.linalg.norm(now.position - tip.position))
        tilt = float(np.linalg.norm(rotation_vector(now.rotation @ tip.rotation.T)))
        speed, turning = float(np.linalg.norm(relative[:3])), float(np.linalg.norm(relative[3:]))
        rows.append((t, q.copy(), qd.copy(), offset, tilt, speed, turning))
        taken = offset <= grasp.offset and tilt <= grasp.angle and speed <= grasp.speed and turning <= grasp.rate
        centred = offset <= 0.3 * grasp.offset
        if np.isnan(closing) and taken and centred:
            closing = t
        elif not taken:
            closing = np.nan  # the fixture has left the snares before they held
        elif t - closing >= grasp.close_s:
            break
        share, pace, _ = rest_to_rest((t - start) / pace_s)
        aim = backed_off(arm, now, standoff * (1.0 - share))
        demand = moving + GAIN * error(aim, tip)
        demand[:3] += standoff * pace / pace_s * (now.rotation @ arm.approach)
        command = j.T @ np.linalg.solve(j @ j.T + DAMPING**2 * np.eye(6), demand)
        command /= max(1.0, float((np.abs(command) / arm.rates).max()))
        qd = qd + np.clip(command - qd, -arm.accelerations * step, arm.accelerations * step)
        moved = q + step * qd
        qd = np.where((moved > arm.upper) | (moved < arm.lower), 0.0, qd)
        q = q + step * qd
    times, angles, rates, offsets, tilts, speeds, turnings = (np.array(each) for each in zip(*rows, strict=True))
    if np.isnan(closing) or times[-1] - closing < grasp.close_s:
        raise ArmError(
            f"{arm.name} did not grapple within {limit:g} s: nearest {offsets.min():.2f} m from the fixture, then "
            f"{np.degrees(tilts[offsets.argmin()]):.1f} deg off, {speeds[offsets.argmin()]:.3f} m/s and "
            f"{np.degrees(turnings[offsets.argmin()]):.2f} deg/s; its snares take {grasp.offset:g} m, "
            f"{np.degrees(grasp.angle):.0f} deg, {grasp.speed:g} m/s and {np.degrees(grasp.rate):.2f} deg/s "
            f"for {grasp.close_s:g} s"
        )
    return Tracking(times, angles, rates, offsets, tilts, speeds, turnings, float(closing), float(times[-1]))
