"""Relative histories judged by the zones: every function returns rule checks with the worst value and its time.

Two kinds of history: `far`, of the ship's centre of mass from the station's, and `near`, of the ship's ring from the
port. Both are the relative history of a leg, in LVLH of the station.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.docking.mode_logic import JUDGED
from sim.core.flight import RuleCheck
from sim.core.histories import RelativeHistory
from sim.core.vehicle import Mechanism, Port
from sim.proximity_safety.zones import Zones, off_axis, outside_ellipsoid

NEAR = JUDGED  # m from the port, inside which the capture box rules, not the cone


def not_entered(far: RelativeHistory, zones: Zones, phase: str) -> tuple[RuleCheck, ...]:
    """Of a leg that has to stay outside the approach ellipsoid."""
    clear = outside_ellipsoid(far.position_m, zones)
    return (_minimum("approach ellipsoid not entered", phase, far, clear, 0.0, "m clear"),)


def kept_out(far: RelativeHistory, zones: Zones, phase: str) -> tuple[RuleCheck, ...]:
    rule = f"keep-out sphere respected in {phase.replace('_', ' ')}"
    return (_minimum(rule, phase, far, far.range_m, zones.keep_out, "m"),)


def judge_closing(
    near: RelativeHistory, port: Port, ring: float, box: Mechanism, zones: Zones, phase: str
) -> tuple[RuleCheck, ...]:
    """Of a leg from outside the keep-out sphere to contact, or of one that leaves: corridor and speed.

    `ring` m from the ship's centre of mass; the limit of speed does not go below the maximum of the capture `box`.
    """
    position = near.position_m
    out, angle = off_axis(position, port.axis)
    centre = position + port.position + ring * port.axis
    inside = np.linalg.norm(centre, axis=1) < zones.keep_out
    rows = []
    if inside.any():
        # Entry or exit: where the history crosses the sphere. One that begins inside and ends there does neither.
        edge = np.flatnonzero(np.diff(inside.astype(int)) != 0) + 1
        crossing = np.zeros(len(inside), dtype=bool)
        crossing[edge] = True
        if len(edge):
            rule = "keep-out sphere crossed inside the corridor"
            limit = math.degrees(zones.corridor)
            rows.append(_maximum(rule, phase, near, np.degrees(angle), limit, "deg", crossing))
        if (inside & (out > NEAR)).any():
            rows.append(corridor("inside the approach corridor", phase, near, port.axis, zones, inside))
    if (out > NEAR).any():
        rows.append(speed_limit("speed limit against range", phase, near, port.axis, box.closing_max, zones))
    return tuple(rows)


def corridor(
    rule: str, phase: str, near: RelativeHistory, axis: np.ndarray, zones: Zones, where: np.ndarray | bool = True
) -> RuleCheck:
    """The greatest angle off the port's `axis` while the ring is more than NEAR from the port, and `where` (n,)."""
    out, angle = off_axis(near.position_m, axis)
    return _maximum(rule, phase, near, np.degrees(angle), math.degrees(zones.corridor), "deg", where & (out > NEAR))


def speed_limit(
    rule: str, phase: str, near: RelativeHistory, axis: np.ndarray, always: float, zones: Zones
) -> RuleCheck:
    """How much faster than the limit by range, beyond NEAR; `always` m/s is allowed at any range."""
    position, velocity = near.position_m, near.velocity_m_s
    allowed = np.maximum(always, np.linalg.norm(position, axis=1) / zones.speed_range + zones.speed_min)
    over = np.linalg.norm(velocity, axis=1) - allowed
    return _maximum(rule, phase, near, over, 0.0, "m/s over", position @ axis > NEAR)


def no_return(rule: str, phase: str, t: np.ndarray, distance: np.ndarray, keep_out: float) -> RuleCheck:
    """How near a ship comes back: the minimum distance at which it turns, once it has left the keep-out sphere.

    One whose distance only grows is judged where it ends; one that never leaves, where it is nearest. `distance` (n,)
    m.
    """
    left = np.flatnonzero(distance > keep_out)
    if len(left) == 0:
        at = int(np.argmin(distance))
    else:
        inner = distance[1:-1]
        turns = 1 + np.flatnonzero((inner <= distance[:-2]) & (inner < distance[2:]))
        seen = np.append(turns[turns > left[0]], len(distance) - 1)
        at = int(seen[np.argmin(distance[seen])])
    return RuleCheck(rule, phase, float(distance[at]), ">=", keep_out, "m", float(t[at]))


def _minimum(rule: str, phase: str, history: RelativeHistory, values: np.ndarray, limit: float, unit: str) -> RuleCheck:
    i = int(np.argmin(values))
    return RuleCheck(rule, phase, float(values[i]), ">=", limit, unit, float(history.t_s[i]))


def _maximum(
    rule: str,
    phase: str,
    history: RelativeHistory,
    values: np.ndarray,
    limit: float,
    unit: str,
    where: np.ndarray,
) -> RuleCheck:
    i = int(np.argmax(np.where(where, values, -np.inf)))
    return RuleCheck(rule, phase, float(values[i]), "<=", limit, unit, float(history.t_s[i]))
