"""How the ship is turned against the port, and what stands beside it in time: as the pictures of its attitude need it."""

from __future__ import annotations

import numpy as np

from sim.export.stored import PlotData
from sim.mating import docking_frame
from sim.plots.zones import LVLH, PLACE, port_in_space
from sim.vehicle import Port

TURNS = ("roll_deg", "pitch_deg", "yaw_deg")


def frame_of_port(data: PlotData) -> np.ndarray:
    """Rows x, y, z of the docking frame of the port in the station's axes."""
    return docking_frame(Port(*port_in_space(data)))


def against_port(data: PlotData, phase: str) -> dict[str, np.ndarray]:
    """`t_s`, and roll, pitch, yaw (deg) of the ship's docking frame against the port's, which swings with the station.

    Pitch and yaw from where ring and centre of mass truly are, right for every angle; roll as told, which is of what
    was navigated and right for small angles.
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
