"""Propellant of a rendezvous, leg by leg, against the minimum that the difference of height costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.core.docking_record import DockingRecord, FlyAroundRecord
from sim.core.phasing_record import PhasingFigures, PhasingRecord, TransferRecord
from sim.core.records import PhaseRecord

PHASES = ("phasing", "homing", "transfer", "fly_around", "docking")


def propellant_budget(legs: Iterable[tuple[str, PhaseRecord | None]]) -> dict | None:
    """Propellant kg by leg and in all, the floor and the cost of each start; None where no phasing is recorded.

    `legs`: name of the phase and its record; of a phase that is flown again the first counts. The floor in kg is
    phasing's own propellant in the share of the floor in its speed change: against the rocket equation it errs by half
    of (speed change - floor) / exhaust speed, 0.02 %.
    """
    used_by: dict[str, float] = {}
    phasing: PhasingFigures | None = None
    for name, record in legs:
        if name in PHASES and (used := _propellant(record)) is not None:
            used_by.setdefault(name, used)
        if phasing is None and isinstance(record, PhasingRecord):
            phasing = record.figures
    if phasing is None:
        return None
    by_leg = {name: used_by[name] for name in PHASES if name in used_by}
    floor = phasing.propellant_kg * phasing.floor_m_s / phasing.delta_v_m_s
    return {
        "propellant_kg": by_leg,
        "total_kg": sum(by_leg.values()),
        "floor_kg": floor,
        "total_over_floor": sum(by_leg.values()) / floor,
        "phasing_over_floor": float(phasing.delta_v_over_floor),
        "starts_m_s": list(phasing.starts_m_s),
        "worst_start_over_best_m_s": float(phasing.worst_start_m_s - phasing.best_start_m_s),
    }


def _propellant(record: PhaseRecord | None) -> float | None:
    """Propellant used in a leg of the rendezvous, kg; None for other legs, and for one that was not flown to its
    end."""
    if isinstance(record, PhasingRecord | TransferRecord | FlyAroundRecord | DockingRecord) and record.figures:
        return float(record.figures.propellant_kg)
    return None


def one_line(costs: Mapping) -> str:
    """The propellant budget in one line, without its first word."""
    return (
        f"{costs['total_kg']:.0f} kg of propellant, {costs['total_over_floor']:.2f} times the "
        f"{costs['floor_kg']:.0f} kg that the height difference costs at least; phasing "
        f"{costs['phasing_over_floor']:.3f} times its minimum; the worst first guess of its search ends "
        f"{costs['worst_start_over_best_m_s']:.1f} m/s above the best"
    )
