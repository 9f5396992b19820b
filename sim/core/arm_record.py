"""What the phases of the robotic arm record: a capture, and a transposition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.docking_record import ClosedLoopRecord
from sim.core.histories import History

# Stages of the arm, as its history counts them.
TO_READY, WAITING, CLOSING_IN, CARRYING = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class ArmHistory(History):
    """Joints by name, degrees and degrees in a second; the end effector and the craft that is captured or carried, in
    the frame of the station's file, m; distance from the end effector to the fixture, m, and the stage above."""

    t_s: np.ndarray
    angle_deg: Mapping[str, np.ndarray]
    rate_deg_s: Mapping[str, np.ndarray]
    tip_x_m: np.ndarray
    tip_y_m: np.ndarray
    tip_z_m: np.ndarray
    craft_x_m: np.ndarray
    craft_y_m: np.ndarray
    craft_z_m: np.ndarray
    gap_m: np.ndarray
    stage: np.ndarray


@dataclass(frozen=True, eq=False)
class StationReaction(History):
    """The station's turn against LVLH (a rotation vector) and its rate, its own axes, with its control off; and what
    gyroscopes of a station that does not turn have taken up, LVLH."""

    t_s: np.ndarray
    roll_deg: np.ndarray
    pitch_deg: np.ndarray
    yaw_deg: np.ndarray
    rate_x_deg_s: np.ndarray
    rate_y_deg_s: np.ndarray
    rate_z_deg_s: np.ndarray
    held_x_n_m_s: np.ndarray
    held_y_n_m_s: np.ndarray
    held_z_n_m_s: np.ndarray


@dataclass(frozen=True, eq=False)
class ArmGeometry:
    """The arm and its base, for a picture: `origins_m` and `axes` (7, 3), `tip_m` (3,), and the base in the frame of
    the station's file, `base_m` (3,) and `base_axes` (3, 3), columns. The craft: its ring from its centre, m, and the
    fixture (3,) m in its own frame, with the axes of the end effector there, (3, 3), columns; `ports_m` (k, 6), the
    place and the outward axis of each port, in the frame of the station's file."""

    origins_m: np.ndarray
    axes: np.ndarray
    tip_m: np.ndarray
    base_m: np.ndarray
    base_axes: np.ndarray
    ring_m: float
    fixture_m: np.ndarray
    grip_axes: np.ndarray
    rate_limit_deg_s: np.ndarray
    ports_m: np.ndarray


@dataclass(frozen=True)
class ArmCaptureFigures:
    """`grapple_s`: from the thrusters off to the snares closed; the greatest values of the hover, and those as the
    snares held; `station_turn_deg`, `exchanged_n_m_s`: with control off, and held; `momentum_residual_n_m_s`: what a
    sum over both bodies finds otherwise."""

    propellant_kg: float
    approach_s: float
    hover_off_m: float
    hover_speed_m_s: float
    hover_rate_deg_s: float
    arm_ready_s: float
    grapple_s: float
    grasp_offset_m: float
    grasp_angle_deg: float
    grasp_speed_m_s: float
    grasp_rate_deg_s: float
    berthing_s: float
    most_joint_rate_share: float
    least_dexterity: float
    station_turn_deg: float
    station_rate_deg_s: float
    exchanged_n_m_s: float
    momentum_residual_n_m_s: float
    speed_step_of_station_m_s: float
    most_plume_pressure_pa: float
    stack_mass_kg: float


@dataclass(frozen=True)
class ArmCaptureRecord(ClosedLoopRecord):
    """`arm` and `reaction` where the capture came so far."""

    figures: ArmCaptureFigures | None
    arm: ArmHistory | None = None
    reaction: StationReaction | None = None
    geometry: ArmGeometry | None = None


@dataclass(frozen=True)
class TranspositionFigures:
    """`by`: "arm" or "indexing arm"; `turned_deg` about the node; the rest as for a capture, without an arm 0."""

    by: str
    duration_s: float
    moving_s: float
    turned_deg: float
    moved_kg: float
    most_joint_rate_share: float
    least_dexterity: float
    station_turn_deg: float
    station_rate_deg_s: float
    exchanged_n_m_s: float
    momentum_residual_n_m_s: float
    stack_mass_kg: float


@dataclass(frozen=True)
class TranspositionRecord:
    """`arm` and `geometry` where it is the arm that moves it."""

    figures: TranspositionFigures | None
    reaction: StationReaction
    arm: ArmHistory | None = None
    geometry: ArmGeometry | None = None
