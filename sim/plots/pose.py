"""True attitude of the ship against the port, and against what is commanded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.core.docking_record import AttitudeHistory, ClosedLoopRecord, FlyAroundRecord, TargetPort
from sim.core.histories import History


@dataclass(frozen=True, eq=False)
class PointingError(History):
    """The angle from the ship's nose to its commanded direction, in the orbit plane and across it."""

    t_s: np.ndarray
    in_plane_deg: np.ndarray
    across_deg: np.ndarray


def frame_of_port(port: TargetPort) -> np.ndarray:
    """Rows x, y, z of the docking frame of the port in the station's axes."""
    return axes_of_port(port.axis)


def against_port(leg: ClosedLoopRecord) -> AttitudeHistory:
    """The attitude history with roll, pitch, yaw of the ship's docking frame against the port's, which oscillates with
    the station.

    Pitch and yaw from where ring and centre of mass are; roll as recorded, a part of a rotation vector.
    """
    tilt = np.radians(leg.attitude.station_deg)
    ahead = _ahead(leg, tilt)
    ahead -= np.cross(tilt, ahead)  # back to the station's axes
    x, y, z = (ahead / np.linalg.norm(ahead, axis=1)[:, None] @ frame_of_port(leg.port).T).T
    pitch = np.degrees(np.unwrap(np.arctan2(-z, x)))
    return replace(leg.attitude, pitch_deg=pitch, yaw_deg=np.degrees(np.arcsin(np.clip(y, -1.0, 1.0))))


def pointing_error(leg: FlyAroundRecord) -> PointingError:
    """The angle between the ship's nose and the direction that the fly-around commands.

    Commanded: from the commanded place to the station's centre of mass.
    """
    ahead = _ahead(leg, np.radians(leg.attitude.station_deg))
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    commanded = -leg.guidance.command
    commanded /= np.linalg.norm(commanded, axis=1)[:, None]
    angle = np.arctan2(ahead[:, 2], ahead[:, 0]) - np.arctan2(commanded[:, 2], commanded[:, 0])
    across = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0)) - np.arcsin(np.clip(commanded[:, 1], -1.0, 1.0))
    angle = np.remainder(angle + np.pi, 2.0 * np.pi) - np.pi
    return PointingError(leg.attitude.t_s, -np.degrees(angle), np.degrees(across))


def _ahead(leg: ClosedLoopRecord, tilt: np.ndarray) -> np.ndarray:
    """From the ship's centre of mass to its ring (n, 3), LVLH m; `tilt` (n, 3) rad: attitude of the station."""
    where = leg.port.position_m
    return leg.relative.position_m - leg.guidance.place_m + (where + np.cross(tilt, where))
