"""What the leg off a port records: how the pushers acted, and how the ship backed off to its hold."""

from __future__ import annotations

from dataclasses import dataclass

from sim.core.docking_record import ClosedLoopRecord, FlyAroundArcs
from sim.core.histories import ContactHistory


@dataclass(frozen=True)
class UndockingFigures:
    """`push_off_s` and `push_off_n`: how long the pushers acted, and their greatest force; `tip_off_deg_s`: what they
    turn the ship by. `off_at_end_m`: from where it was to be; `outcome`: as planned, or why it retreated and what came
    of it; `failed`: what broke meanwhile."""

    outcome: str
    failed: str
    propellant_kg: float
    duration_s: float
    push_off_s: float
    push_off_n: float
    tip_off_deg_s: float
    tip_off_of_station_deg_s: float
    range_at_end_m: float
    off_at_end_m: float
    stack_mass_before_kg: float
    masses_after_kg: float


@dataclass(frozen=True)
class UndockingRecord(ClosedLoopRecord):
    """`arcs`: the commanded path away from the port; `push_off` of the rings while the pushers act, before the leg
    begins."""

    figures: UndockingFigures | None
    arcs: FlyAroundArcs
    push_off: ContactHistory | None = None
