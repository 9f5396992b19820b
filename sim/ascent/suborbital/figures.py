"""What a suborbital flight comes to: its figures beside the record, and the energies of what is called space."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.ascent.suborbital.flight import EARTH_RADIUS, HEIGHT, SPEED, SuborbitalFlight

WEIGHTLESS_G = 0.01  # below it the people float


@dataclass(frozen=True)
class Height:
    """A height km that a definition or a flight names, and the specific energies MJ/kg over the ground: `potential` to
    be there, `kinetic` to stay there on a circular orbit (None: it falls back)."""

    name: str
    km: float
    potential: float
    kinetic: float | None


def figures(flight: SuborbitalFlight) -> dict[str, float]:
    """The quantities of the record, and speed m/s, load g and the time without weight, of a flight."""
    floating = np.flatnonzero(flight.load < WEIGHTLESS_G)
    lit, out = flight.when("ignition"), flight.when("burn-out")
    after = floating[flight.t[floating] >= out]
    return {
        "apogee_km": float(flight.state[:, HEIGHT].max()) / 1000.0,
        "mach": float(flight.mach[flight.t <= out].max()),
        "burn_s": out - lit,
        "apogee_s": flight.when("apogee"),
        "glide_s": flight.when("glide"),
        "touchdown_s": flight.when("touchdown"),
        "speed_m_s": float(flight.state[:, SPEED].max()),
        "load_up_g": float(flight.load[flight.t <= out].max()),
        "load_down_g": float(flight.load[(flight.t > out) & (flight.t <= flight.when("glide"))].max()),
        "weightless_s": float(flight.t[after[-1]] - flight.t[after[0]]) if after.size else 0.0,
    }


def beside_record(found: Mapping[str, float], record: Mapping[str, float], calibrated: Sequence[str]) -> list[dict]:
    """A row for each published quantity: flown, record, difference, and whether that is a calibration or a forecast."""
    return [
        {
            "quantity": key,
            "flown": found[key],
            "record": published,
            "difference": found[key] - published,
            "kind": "calibrated" if key in calibrated else "forecast",
        }
        for key, published in record.items()
    ]


def height(name: str, km: float, orbit: bool = False) -> Height:
    """The energies of one height, over a round Earth that does not turn."""
    radius = EARTH_RADIUS + 1000.0 * km
    potential = MU_EARTH * (1.0 / EARTH_RADIUS - 1.0 / radius) / 1e6
    return Height(name, km, potential, 0.5 * MU_EARTH / radius / 1e6 if orbit else None)


def circular_speed(km: float) -> float:
    """m/s on a circular orbit."""
    return math.sqrt(MU_EARTH / (EARTH_RADIUS + 1000.0 * km))
