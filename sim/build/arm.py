"""From the file of an arm to the arm, in SI; where it stands on a station; and the phases in which it works."""

from __future__ import annotations

import numpy as np

from sim.build.docking import by_leg, control_settings, faults
from sim.build.parts import Parts
from sim.docking.approach import CloseRange
from sim.docking.arm.kinematics import Arm, GraspLimits, Pose
from sim.docking.arm.plan import grip_pose
from sim.docking.arm.recording import MountedArm
from sim.phases.capture import Capture, HoverLimits
from sim.phases.transposition import Transposition
from sim.proximity_safety.zones import zones
from sim.scenario.arm_file import ArmFile
from sim.scenario.sequence_file import CaptureEntry, TranspositionEntry


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


def mounted(model: ArmFile, base: str, fixture: tuple[float, ...], outward: tuple[float, ...]) -> MountedArm:
    """The arm on one of its bases, and how it grips a craft by a fixture there."""
    arm, where, out = arm_of(model), np.array(fixture, dtype=float), np.array(outward, dtype=float)
    return MountedArm(arm, base_of(model, base), base, where, out, grip_pose(arm, where, out))


def capture(entry: CaptureEntry, parts: Parts) -> Capture:
    profile, ship = parts.profile(entry.profile), parts.ships[entry.ship]
    _, late = by_leg(faults(parts.scenario.faults, ship), profile.final.far_hold_range_m)
    approach = CloseRange(
        station=parts.station,
        ship_name=entry.ship,
        ship=ship,
        port_name=entry.port,
        control=control_settings(profile.final),
        zones=zones(profile.safety),
        draws=parts.draws,
        faults=late,
    )
    return Capture(
        approach=approach,
        mounted=mounted(parts.scenario.named.arms[entry.arm], entry.base, entry.fixture_m, entry.outward),
        ranges=entry.holds_m,
        durations=entry.durations_s,
        holds=entry.holds_s,
        hover=HoverLimits(
            entry.box_m, entry.speed_limit_m_s, float(np.radians(entry.rate_limit_deg_s)), entry.drift_limit_s
        ),
        standoff=entry.standoff_m,
    )


def transposition(entry: TranspositionEntry, parts: Parts) -> Transposition:
    arm = None
    if entry.arm and entry.base and entry.fixture_m and entry.outward:
        arm = mounted(parts.scenario.named.arms[entry.arm], entry.base, entry.fixture_m, entry.outward)
    return Transposition(
        station=parts.station,
        ship=entry.ship,
        node=np.array(entry.node_m, dtype=float),
        turn=float(np.radians(entry.turn_deg)),
        to=entry.to,
        arm=arm,
        clear=entry.clear_m,
        rate=float(np.radians(entry.turn_rate_deg_s)),
        latch=entry.latch_s,
    )
