"""Plume impingement: no thruster that points at the station may fire close by; and the pressure at the port.

A free jet by the cosine law of Simons (AIAA J. 10 (1972) 1534): pressure falls with the square of the distance and as
a power of the cosine of the angle off the nozzle's axis. The ship is assumed on the port's axis and pointed along
it, which the corridor and the attitude's dead-band make true to a few degrees within the plume range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.docking_record import ThrusterHistory
from sim.core.flight import RuleCheck
from sim.core.histories import History, RelativeHistory
from sim.core.vehicle import Port
from sim.proximity_safety.zones import Zones, off_axis

REFERENCE = 10.0  # m, where the pressure on the axis is given


@dataclass(frozen=True, eq=False)
class PlumeHistory(History):
    """Ring from port along the axis, longest firing toward the station, dynamic pressure of all jets at the port."""

    t_s: np.ndarray
    gap_m: np.ndarray
    toward_s: np.ndarray
    pressure_pa: np.ndarray


def pressure(
    distance: np.ndarray | float, cosine: np.ndarray | float, thrust: np.ndarray | float, zones: Zones
) -> np.ndarray:
    """Dynamic pressure, Pa, at `distance` m and an angle of that cosine off the axis of a nozzle of `thrust` N."""
    ahead = np.maximum(cosine, 0.0)
    return zones.plume_pressure * thrust / zones.plume_thrust * (REFERENCE / distance) ** 2 * ahead**zones.plume_power


def plume_at_port(
    fired: ThrusterHistory,
    near: RelativeHistory,
    names: Sequence[str],
    position: np.ndarray,
    force: np.ndarray,
    ring: float,
    port: Port,
    zones: Zones,
) -> PlumeHistory:
    """For every control period: `gap_m`, `toward_s` longest firing toward the station, `pressure_pa` at the port.

    fired, near  on-times of the thrusters, and ring from port
    position, force (m, 3)  of the thrusters in body axes, x out of the ring: m from the centre of mass, N on the craft
    ring m, of the docking ring on x. Pressures of thrusters that fire in one period are added, as if all at once.
    """
    t = fired.t_s
    place = np.column_stack([np.interp(t, near.t_s, column) for column in near.position_m.T])
    gap = np.maximum(off_axis(place, port.axis)[0], 0.0)
    on = np.column_stack([fired.on_s[name] for name in names])
    size = np.linalg.norm(force, axis=1)
    exhaust = -force / size[:, None]
    toward = exhaust[:, 0] > np.cos(zones.plume_angle)
    from_nozzle = np.stack(
        [ring + gap[:, None] - position[:, 0], *(np.broadcast_to(-position[:, i], on.shape) for i in (1, 2))]
    )
    distance = np.linalg.norm(from_nozzle, axis=0)
    cosine = np.einsum("kij,jk->ij", from_nozzle, exhaust) / distance
    at_port = np.where(on > 0.0, pressure(distance, cosine, size, zones), 0.0)
    longest = on[:, toward].max(axis=1) if toward.any() else np.zeros(len(t))
    return PlumeHistory(t_s=t, gap_m=gap, toward_s=longest, pressure_pa=at_port.sum(axis=1))


def judge_plume(plume: PlumeHistory, zones: Zones, phase: str) -> tuple[RuleCheck, ...]:
    """Minimum distance of a firing toward the station, against the plume range; the range itself where none was."""
    fires = plume.toward_s > 0.0
    i = int(np.argmin(np.where(fires, plume.gap_m, np.inf))) if fires.any() else len(fires) - 1
    value = float(plume.gap_m[i]) if fires.any() else zones.plume_range
    rule = "no thruster blows at the station near by"
    return (RuleCheck(rule, phase, value, ">=", zones.plume_range, "m", float(plume.t_s[i])),)
