"""From the file of an arm to the arm, in SI; and where it stands on a station."""

from __future__ import annotations

import numpy as np

from sim.docking.arm.kinematics import Arm, GraspLimits, Pose
from sim.scenario.arm_file import ArmFile


def arm_of(model: ArmFile) -> Arm:
    """The arm of a file, whose arrangement was checked when it was read."""
    joints, end, load = model.joints, model.end_effector, model.payload
    limits = np.radians([j.limit_deg for j in joints])
    return Arm(
        name=model.name,
        origins=np.array([j.origin_m for j in joints], dtype=float),
        axes=np.array([j.axis for j in joints], dtype=float),
        tip=np.array(end.tip_m, dtype=float),
        approach=np.array(end.approach, dtype=float),
        lower=limits[:, 0],
        upper=limits[:, 1],
        rates=np.radians([j.rate_deg_s for j in joints]),
        accelerations=np.radians([j.acceleration_deg_s2 for j in joints]),
        mass=model.mass_kg,
        payload=load.mass_kg,
        tip_speed=load.tip_speed_m_s,
        tip_rate=float(np.radians(load.tip_rate_deg_s)),
        grasp=GraspLimits(
            offset=end.offset_m,
            angle=float(np.radians(end.angle_deg)),
            speed=end.speed_m_s,
            rate=float(np.radians(end.rate_deg_s)),
            close_s=end.close_s,
        ),
        stowed=np.radians([j.stowed_deg for j in joints]),
    )


def base_of(model: ArmFile, name: str) -> Pose:
    """The pose of a base in the frame of the station's file."""
    base = model.bases[name]
    z, x = (np.array(axis, dtype=float) / np.linalg.norm(axis) for axis in (base.z, base.x))
    return Pose(np.array(base.position_m, dtype=float), np.column_stack([x, np.cross(z, x), z]))
