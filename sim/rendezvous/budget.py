"""What a rendezvous took, leg by leg, against the least that the difference of height costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PHASES = ("phasing", "homing", "transfer", "fly_around", "docking")


def bill(legs: Iterable[tuple[str, Mapping]]) -> dict | None:
    """Propellant kg by leg and in all, the floor and how the starts came out; None where no phasing is told.

    `legs`: name of the phase and its notes. The floor in kg is phasing's own propellant in the share of the floor in
    its speed change: against the rocket equation it errs by half of (speed change - floor) / exhaust speed, 0.02 %.
    """
    notes = dict(legs)
    phasing = notes.get("phasing", {})
    if "floor_m_s" not in phasing:
        return None
    taken = {name: float(notes[name]["propellant_kg"]) for name in PHASES if "propellant_kg" in notes.get(name, {})}
    floor = taken["phasing"] * phasing["floor_m_s"] / phasing["delta_v_m_s"]
    return {
        "propellant_kg": taken,
        "total_kg": sum(taken.values()),
        "floor_kg": floor,
        "total_over_floor": sum(taken.values()) / floor,
        "phasing_over_floor": float(phasing["delta_v_over_floor"]),
        "starts_m_s": list(phasing["starts_m_s"]),
        "worst_start_over_best_m_s": float(phasing["worst_start_m_s"] - phasing["best_start_m_s"]),
    }


def told(costs: Mapping) -> str:
    """The bill in one line, without its first word."""
    return (
        f"{costs['total_kg']:.0f} kg, {costs['total_over_floor']:.2f} of the {costs['floor_kg']:.0f} kg that the "
        f"height difference costs; phasing {costs['phasing_over_floor']:.3f} of its floor, worst start "
        f"+{costs['worst_start_over_best_m_s']:.1f} m/s"
    )
