"""The approach in the station's LVLH frame: zones, holds and burns, as two pictures share them."""

from __future__ import annotations

import numpy as np

from sim.export.stored import PlotData

APPROACH = ("phasing", "homing", "transfer", "docking")


def approach(data: PlotData, *phases: str) -> dict[str, np.ndarray]:
    """The relative history of the phases, one after the other; empty where none was flown."""
    parts = [part for phase in phases or APPROACH if (part := data.series(phase, "relative"))]
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]} if parts else {}


def port(data: PlotData) -> tuple[np.ndarray, np.ndarray]:
    """Where the port is from the station's centre of mass, m, and which way it faces; both as (forward, nadir)."""
    told = data.setting(f"named.station_vehicle.ports.{data.setting('rendezvous.port')}")
    return tuple(np.array([told[key][0], told[key][2]]) for key in ("position_m", "axis"))


def holds(data: PlotData) -> list[dict]:
    """Every hold: where (x, z in m), from when and until when (mission seconds), and in which phase."""
    arrivals = [data.seconds(e["utc"]) for e in data.events("hold_arrival")]
    departures = [data.seconds(e["utc"]) for e in data.events("hold_departure")]
    found = []
    for start in arrivals:
        end = next((d for d in departures if d >= start), None)
        for phase in reversed(APPROACH[1:]):
            history = data.series(phase, "relative")
            if history and history["t_s"][0] - 1 <= start <= history["t_s"][-1] + 1:
                x, z, away = (float(np.interp(start, history["t_s"], history[k])) for k in ("x_m", "z_m", "range_m"))
                found.append({"x_m": x, "z_m": z, "range_m": away, "start": start, "end": end, "phase": phase})
                break
    return found


def distance(metres: float) -> str:
    """A distance in words: `30 m`, `200 m`, `5.0 km`."""
    return f"{metres:.0f} m" if metres < 1000.0 else f"{metres / 1e3:.1f} km"
