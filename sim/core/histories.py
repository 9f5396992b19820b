"""Histories: columns of equal length, each with its unit in the name, and the ones that several phases record.

`t_s` counts seconds from the mission's zero. LVLH of the station: x forward, y against the orbit normal, z down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np


@dataclass(frozen=True, eq=False)
class History:
    """Columns (n,) of equal length; a field that is a mapping holds columns by name."""


H = TypeVar("H", bound=History)


@dataclass(frozen=True, eq=False)
class RelativeHistory(History):
    """A ship beside the station, LVLH: position m, velocity m/s, range m and its rate m/s.

    Of the ship's centre of mass from the station's; in the legs in closed loop, of its docking ring from the port.
    """

    t_s: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    z_m: np.ndarray
    vx_m_s: np.ndarray
    vy_m_s: np.ndarray
    vz_m_s: np.ndarray
    range_m: np.ndarray
    range_rate_m_s: np.ndarray

    @property
    def position_m(self) -> np.ndarray:
        """Positions (n, 3), m."""
        return np.column_stack([self.x_m, self.y_m, self.z_m])

    @property
    def velocity_m_s(self) -> np.ndarray:
        """Velocities (n, 3), m/s."""
        return np.column_stack([self.vx_m_s, self.vy_m_s, self.vz_m_s])


@dataclass(frozen=True, eq=False)
class PropellantHistory(History):
    """Propellant remaining, kg."""

    t_s: np.ndarray
    propellant_kg: np.ndarray


@dataclass(frozen=True, eq=False)
class DriftHistory(History):
    """Arcs without thrust, one after the other: where a ship goes when a burn fails, LVLH m, centre of mass.

    `arc` counts them; `missed`: which part of the failed burn was flown (0 missed, 0.5 half, 1 stuck).
    """

    t_s: np.ndarray
    arc: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    z_m: np.ndarray
    missed: np.ndarray


@dataclass(frozen=True, eq=False)
class DepartureDriftHistory(DriftHistory):
    """The same after an undocking: which `burn` failed (1 or 2), and the distance from the station, m."""

    burn: np.ndarray
    range_m: np.ndarray


@dataclass(frozen=True, eq=False)
class ContactHistory(History):
    """Ring against ring: force along the axis (pressing positive) and across it, stroke of the ring, its
    offset from the axis, and the relative speed, angle and rate of the two."""

    t_s: np.ndarray
    force_n: np.ndarray
    stroke_m: np.ndarray
    offset_m: np.ndarray
    relative_speed_m_s: np.ndarray
    angle_deg: np.ndarray
    rate_deg_s: np.ndarray
    side_force_n: np.ndarray
    torque_n_m: np.ndarray


def columns(history: History) -> dict[str, np.ndarray | Mapping[str, np.ndarray]]:
    """The columns of a history by the names of its fields."""
    return {field.name: getattr(history, field.name) for field in fields(history)}


def rows(history: H, chosen: np.ndarray | slice) -> H:
    """The chosen rows (a mask, indices or a slice) as a history of the same kind."""
    parts = {
        name: {key: part[chosen] for key, part in column.items()} if isinstance(column, Mapping) else column[chosen]
        for name, column in columns(history).items()
    }
    return replace(history, **parts)


def joined(parts: Sequence[H]) -> H:
    """Histories of one kind, one after the other, as one. At least one is needed."""
    whole: dict[str, np.ndarray | dict[str, np.ndarray]] = {}
    for name, column in columns(parts[0]).items():
        same = [getattr(part, name) for part in parts]
        if isinstance(column, Mapping):
            whole[name] = {key: np.concatenate([part[key] for part in same]) for key in column}
        else:
            whole[name] = np.concatenate(same)
    return replace(parts[0], **whole)
