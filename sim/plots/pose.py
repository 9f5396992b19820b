"""How the ship is turned against the port, and against what is commanded, from where it truly was."""

from __future__ import annotations

import numpy as np

from sim.core.vehicle import Port
from sim.docking.contact import docking_frame
from sim.export.stored import PlotData
from sim.plots.zones import LVLH, PLACE, port_in_space

TURNS = ("roll_deg", "pitch_deg", "yaw_deg")


def frame_of_port(data: PlotData) -> np.ndarray:
    """Rows x, y, z of the docking frame of the port in the station's axes."""
    return docking_frame(Port(*port_in_space(data)))


def against_port(data: PlotData, phase: str) -> dict[str, np.ndarray]:
    """`t_s`, and roll, pitch, yaw (deg) of the ship's docking frame against the port's, which swings with the station.

    Pitch and yaw from where ring and centre of mass are; roll as told, a part of a rotation vector.
    """
    told, ring = data.series(phase, "attitude"), data.series(phase, "relative")
    place = data.series(phase, "guidance")
    if not told or not place:
        return told
    swing = np.radians(np.column_stack([told[f"station_{turn}"] for turn in TURNS]))
    where, _ = port_in_space(data)
    ahead = np.column_stack([ring[key] for key in LVLH]) - np.column_stack([place[key] for key in PLACE])
    ahead += where + np.cross(swing, where)
    ahead -= np.cross(swing, ahead)  # back to the station's axes
    x, y, z = (ahead / np.linalg.norm(ahead, axis=1)[:, None] @ frame_of_port(data).T).T
    pitch = np.degrees(np.unwrap(np.arctan2(-z, x)))
    return {**told, "pitch_deg": pitch, "yaw_deg": np.degrees(np.arcsin(np.clip(y, -1.0, 1.0)))}


def off_pointing(data: PlotData) -> dict[str, np.ndarray]:
    """How far the ship's nose is off the direction that the fly-around commands, deg: `in_plane_deg`, `across_deg`.

    Commanded: from the commanded place to the station's centre of mass. Empty where the places were not told.
    """
    told, ring, guidance = (data.series("fly_around", name) for name in ("attitude", "relative", "guidance"))
    if not told or not guidance:
        return {}
    swing = np.radians(np.column_stack([told[f"station_{turn}"] for turn in TURNS]))
    where, _ = port_in_space(data)
    ahead = np.column_stack([ring[key] for key in LVLH]) - np.column_stack([guidance[key] for key in PLACE])
    ahead += where + np.cross(swing, where)
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    demanded = -np.column_stack([guidance[f"wish_{axis}"] for axis in "xyz"])
    demanded /= np.linalg.norm(demanded, axis=1)[:, None]
    angle = np.arctan2(ahead[:, 2], ahead[:, 0]) - np.arctan2(demanded[:, 2], demanded[:, 0])
    across = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0)) - np.arcsin(np.clip(demanded[:, 1], -1.0, 1.0))
    angle = np.remainder(angle + np.pi, 2.0 * np.pi) - np.pi
    return {"in_plane_deg": -np.degrees(angle), "across_deg": np.degrees(across)}
