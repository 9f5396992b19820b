"""Lambert's problem for a planner: with the plane given where the two points leave it open, and no answer as None."""

from __future__ import annotations

import math

import numpy as np

from kernels.orbit.lambert import OK, PLANE_UNDEFINED, solve_x, terminal_speeds
from kernels.orbit.lambert import lambert as solve


def lambert(
    r1: np.ndarray,
    r2: np.ndarray,
    tof: float,
    mu: float,
    *,
    prograde: bool = True,
    revs: int = 0,
    low_path: bool = True,
    normal: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Velocities (3,) m/s at both ends of the conic from `r1` to `r2` (3,) m in `tof` s; None where there is none.

    All in one inertial frame; mu m3/s2; `prograde`, `revs` and `low_path` as in `kernels.orbit.lambert.lambert`.
    `normal` (3,), of any length: the direction of the angular momentum, for points on opposite sides of the centre,
    which lie in every plane through both. It is then turned to be normal to `r1`, and `prograde` does not count; for
    all other points it is not looked at. Points on one side in one line have no answer that is an orbit: between two
    radii it is a fall through the centre, and back to the same point any orbit of the right period.
    """
    v1, v2 = np.empty(3), np.empty(3)
    status = solve(r1, r2, tof, mu, prograde, revs, low_path, v1, v2)
    if status == PLANE_UNDEFINED and normal is not None and float(r1 @ r2) < 0.0:
        return _opposite(r1, r2, tof, mu, revs, low_path, normal)
    return (v1, v2) if status == OK else None


def _opposite(
    r1: np.ndarray, r2: np.ndarray, tof: float, mu: float, revs: int, low_path: bool, normal: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Half a turn, in the plane normal to `normal`: Izzo's lambda is nought, and sigma 2 sqrt(r1 r2) / c."""
    radius1, radius2 = float(np.linalg.norm(r1)), float(np.linalg.norm(r2))
    up1, up2 = r1 / radius1, r2 / radius2
    pole = normal - (normal @ up1) * up1
    size = float(np.linalg.norm(pole))
    if not size > 1e-6 * float(np.linalg.norm(normal)):  # along the line of the points: no plane either
        return None
    pole = pole / size
    chord = radius1 + radius2
    x, status = solve_x(math.sqrt(2.0 * mu / chord) / chord * tof, 0.0, 1.0, revs, low_path)
    if status != OK:
        return None
    rho, sigma = (radius1 - radius2) / chord, 2.0 * math.sqrt(radius1 * radius2) / chord
    out1, out2, along1, along2 = terminal_speeds(x, 0.0, 1.0, radius1, radius2, rho, sigma, chord, mu)
    return out1 * up1 + along1 * np.cross(pole, up1), out2 * up2 + along2 * np.cross(pole, up2)
