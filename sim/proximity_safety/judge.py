"""Relative histories judged by the zones: every function returns verdicts with the worst value met and when.

Two kinds of history: `far`, of the ship's centre of mass from the station's, and `near`, of the ship's ring from the
port. Both are the series "relative" of a leg, in LVLH of the station.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.flight import Verdict
from sim.proximity_safety.zones import Zones, columns, off_axis, outside_ellipsoid
from sim.vehicle import Mechanism, Port

NEAR = 2.0  # m from the port, inside which the capture box rules, not the cone
CLEARED = 2.0  # times the keep-out sphere: left when it was that far out


def not_entered(far: Mapping, zones: Zones, phase: str) -> tuple[Verdict, ...]:
    """Of a leg that has to stay outside the approach ellipsoid."""
    clear = outside_ellipsoid(columns(far)[0], zones)
    return (_least("approach ellipsoid not entered", phase, far, clear, 0.0, "m clear"),)


def entered_after(far: Mapping, allowed: float, zones: Zones, phase: str) -> tuple[Verdict, ...]:
    """Of a leg that goes in: only once `allowed` s, the end of the hold, has come; and not into the keep-out sphere."""
    inside = np.flatnonzero(outside_ellipsoid(columns(far)[0], zones) < 0.0)
    entry = float(far["t_s"][inside[0]]) if len(inside) else float(far["t_s"][-1])
    rule = "approach ellipsoid entered after its hold"
    return (Verdict(rule, phase, entry - allowed, ">=", 0.0, "s later", entry), *kept_out(far, zones, phase))


def kept_out(far: Mapping, zones: Zones, phase: str) -> tuple[Verdict, ...]:
    rule = f"keep-out sphere respected in {phase.replace('_', ' ')}"
    return (_least(rule, phase, far, far["range_m"], zones.keep_out, "m"),)


def judge_closing(
    near: Mapping, port: Port, ring: float, box: Mechanism, zones: Zones, phase: str
) -> tuple[Verdict, ...]:
    """Of a leg from outside the keep-out sphere to contact, or of one that leaves: corridor and speed.

    `ring` m from the ship's centre of mass; the limit of speed does not go below what the mechanism `box` takes.
    """
    place, velocity = columns(near)
    out, angle = off_axis(place, port.axis)
    centre = place + port.position + ring * port.axis
    inside = np.linalg.norm(centre, axis=1) < zones.keep_out
    limit = math.degrees(zones.corridor)
    rows = []
    if inside.any():
        # Entered or left: where the history crosses the sphere. One that begins inside and ends there does neither.
        edge = np.flatnonzero(np.diff(inside.astype(int)) != 0) + 1
        crossing = np.zeros(len(inside), dtype=bool)
        crossing[edge] = True
        if len(edge):
            rule = "keep-out sphere crossed inside the corridor"
            rows.append(_most(rule, phase, near, np.degrees(angle), limit, "deg", crossing))
        cone = inside & (out > NEAR)
        if cone.any():
            rows.append(_most("inside the approach corridor", phase, near, np.degrees(angle), limit, "deg", cone))
    speed = np.linalg.norm(velocity, axis=1)
    over = speed - np.maximum(box.closing_max, near["range_m"] / zones.speed_range + zones.speed_least)
    if (counts := out > NEAR).any():
        rows.append(_most("speed limit against range", phase, near, over, 0.0, "m/s over", counts))
    return tuple(rows)


def judge_contact(contact: Mapping, box: Mechanism, phase: str, t: float) -> tuple[Verdict, ...]:
    """Of the moment of contact: closing and lateral speed and the offset, against the capture box."""
    closing = contact["closing_speed_m_s"]
    return (
        Verdict("closing speed at contact, most", phase, closing, "<=", box.closing_max, "m/s", t),
        Verdict("closing speed at contact, least", phase, closing, ">=", box.closing_min, "m/s", t),
        Verdict("lateral offset at contact", phase, contact["lateral_offset_m"], "<=", box.lateral_offset, "m", t),
        Verdict("lateral speed at contact", phase, contact["lateral_speed_m_s"], "<=", box.lateral_speed, "m/s", t),
    )


def judge_leaving(far: Mapping, zones: Zones, phase: str) -> tuple[Verdict, ...]:
    """Of a departure or a retreat: once well out of the keep-out sphere it does not come back into it.

    One that never gets that far is judged by where it ends.
    """
    outside = np.flatnonzero(far["range_m"] > CLEARED * zones.keep_out)
    since = np.arange(len(far["t_s"])) >= (outside[0] if len(outside) else len(far["t_s"]) - 1)
    return (_least("no return into the keep-out sphere", phase, far, far["range_m"], zones.keep_out, "m", since),)


def _least(rule, phase, series, values, limit, unit, where=None) -> Verdict:
    i = int(np.argmin(values if where is None else np.where(where, values, np.inf)))
    return Verdict(rule, phase, float(values[i]), ">=", limit, unit, float(series["t_s"][i]))


def _most(rule, phase, series, values, limit, unit, where) -> Verdict:
    i = int(np.argmax(np.where(where, values, -np.inf)))
    return Verdict(rule, phase, float(values[i]), "<=", limit, unit, float(series["t_s"][i]))
