"""The state that an orbit starts from, r (3,) m and v (3,) m/s in GCRF, from any other form in the file."""

from __future__ import annotations

import math

import numpy as np

from sim.core.epoch import Epoch
from sim.propagation.force_model import OrientationChoice


def from_keplerian(mu: float, a: float, e: float, angles_deg: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Of osculating elements: `a` m; inclination, node, argument of perigee, true anomaly in deg on the GCRF axes."""
    from kernels.orbit.kepler import elements_to_state

    state = elements_to_state(float(a), float(e), *(math.radians(angle) for angle in angles_deg), float(mu))
    return state[:3].copy(), state[3:].copy()


def from_frame(
    frame: str, r: np.ndarray, v: np.ndarray, epoch: Epoch, orientation: OrientationChoice, tai_utc: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Of a state in "gcrf" ("icrf": the same axes), "eme2000", "teme", or "itrf", which turns with the very Earth that
    the file chooses."""
    if frame in ("eme2000", "teme"):
        from sim.interchange.state import OrbitState, to_gcrf

        state = to_gcrf(OrbitState("start", epoch, frame, r, v))
        return state.r, state.v
    if frame == "itrf":
        turn, spin = _earth(epoch, orientation, tai_utc)
        inertial = turn.T @ r
        return inertial, turn.T @ v + np.cross(spin, inertial)
    return r, v


def _earth(epoch: Epoch, choice: OrientationChoice, tai_utc: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (3,3) from GCRF to ITRF, and the Earth's spin (3,) rad/s in GCRF, at `epoch`."""
    from kernels.orbit.orientation import eci_to_ecef
    from sim.environment import orientation

    if choice.model == "uniform":
        table = orientation.uniform(0.0, 0.0, choice.theta0, choice.rate)
    elif choice.model == "iau1976":
        table = orientation.iau1976(epoch, 0.0, 0.0, choice.ut1_utc, choice.pole, tai_utc)
    else:
        table = orientation.iau2006(epoch, 0.0, 0.0, choice.ut1_utc, choice.pole, tai_utc)
    row, turn = np.empty(12), np.empty((3, 3))
    eci_to_ecef(0.0, table, row, turn)
    return turn, table.rate * row[6:9]
