"""The approach in the station's LVLH frame: where the ship was, zones, holds and drifts, as the pictures share them."""

from __future__ import annotations

import numpy as np

from sim.export.stored import PlotData

APPROACH = ("phasing", "homing", "transfer", "fly_around", "docking")
IN_SIX = ("fly_around", "docking")  # flown in six degrees of freedom: their `relative` is of the ring from the port
PLACE = ("place_x_m", "place_y_m", "place_z_m")
SAME_PLACE = 0.1  # of the range: a ship that holds does not move as far
LVLH = ("x_m", "y_m", "z_m")


def approach(data: PlotData, *phases: str) -> dict[str, np.ndarray]:
    """The relative history of the phases, one after the other; empty where none was flown."""
    parts = [part for phase in phases or APPROACH if (part := data.series(phase, "relative"))]
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]} if parts else {}


def centres(data: PlotData, *phases: str) -> dict[str, np.ndarray]:
    """`t_s`, `x_m`, `y_m`, `z_m` of the ship's centre of mass from the station's, of the phases one after the other."""
    parts = []
    for phase in phases or APPROACH:
        place = data.series(phase, "guidance") if phase in IN_SIX else {}
        history = data.series(phase, "relative")
        if place:
            parts.append(np.column_stack([place[key] for key in ("t_s", *PLACE)]))
        elif history:
            parts.append(np.column_stack([history[key] for key in ("t_s", *LVLH)]))
    return dict(zip(("t_s", *LVLH), np.concatenate(parts).T, strict=True)) if parts else {}


def docked_position(data: PlotData) -> np.ndarray:
    """Centre of mass of a ship whose ring meets the port that it comes to, from the station's, LVLH (3,) m.

    From the first leg in six degrees of freedom that ends near the port; the port alone where there is none.
    """
    where, axis = port_in_space(data)
    history, place = data.series("docking", "relative"), data.series("docking", "guidance")
    if not history or not place:
        return where
    apart = np.column_stack([place[key] for key in PLACE]) - np.column_stack([history[key] for key in LVLH]) - where
    return where + float(np.median(apart @ axis)) * axis


def port_in_space(data: PlotData) -> tuple[np.ndarray, np.ndarray]:
    """Where the port is from the station's centre of mass, m, and which way it faces: station's axes (3,)."""
    told = data.setting(f"named.station_vehicle.ports.{data.setting('rendezvous.port')}")
    return tuple(np.array(told[key], dtype=float) for key in ("position_m", "axis"))


def port(data: PlotData) -> tuple[np.ndarray, np.ndarray]:
    """The same in the plane of the pictures, as (forward, nadir)."""
    return tuple(vector[[0, 2]] for vector in port_in_space(data))


def holds(data: PlotData) -> list[dict]:
    """Every hold: where (x, z in m), from when and until when (mission seconds), and in which phase.

    `range_m` as the phase tells it: of the ring from the port in the last legs. A hold ends with the last departure
    from its place before the next arrival: one leg may end and the next begin within it.
    """
    arrivals, departures = (
        sorted((data.seconds(e["utc"]), e["values"]["range_m"]) for e in data.events(name))
        for name in ("hold_arrival", "hold_departure")
    )
    found = []
    for (start, place), following in zip(arrivals, [*(t for t, _ in arrivals[1:]), np.inf], strict=True):
        here = [t for t, away in departures if abs(away - place) < SAME_PLACE * place]
        end = max((t for t in here if start <= t < following - 0.5), default=None)
        for phase in reversed(APPROACH[1:]):
            history = data.series(phase, "relative")
            if history and history["t_s"][0] - 1 <= start <= history["t_s"][-1] + 1:
                x, z, away = (float(np.interp(start, history["t_s"], history[k])) for k in ("x_m", "z_m", "range_m"))
                found.append({"x_m": x, "z_m": z, "range_m": away, "start": start, "end": end, "phase": phase})
                break
    return found


def drifts(data: PlotData, phase: str) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """The drift arcs that a phase left: x, z m of the centre of mass, and which part of the burn was flown."""
    told = data.series(phase, "drift")
    if not told:
        return []
    arcs = [told["arc"] == number for number in np.unique(told["arc"])]
    return [(told["x_m"][arc], told["z_m"][arc], float(told["missed"][arc][0])) for arc in arcs]


def distance(metres: float) -> str:
    """A distance in words: `30 m`, `200 m`, `5.0 km`."""
    return f"{metres:.0f} m" if metres < 1000.0 else f"{metres / 1e3:.1f} km"
