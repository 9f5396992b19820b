"""Tools for budgets of a flight: smooth pieces of a trajectory, quadrature through its nodes, free fall."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import make_interp_spline

from kernels.constants import G0
from kernels.orbit.forces import acceleration, scratch
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.world import World

ASCENT_EDGES = (
    "tower_jettison",
    "booster_separation",
    "stage_1_separation",
    "fairing_separation",
    "main_engine_cutoff",
)


def pieces(path: Trajectory) -> list[Trajectory]:
    """The trajectory cut where acceleration or mass jump: pairs of nodes with one time, at burns and separations.

    Pairs that differ in nothing, where one arc ended and the next went on alike, are made one.
    """
    jumps = np.any(np.diff(path.a, axis=0) != 0.0, axis=1) | (np.diff(path.mass) != 0.0)
    pairs = np.diff(path.t) == 0.0
    same, cuts = np.flatnonzero(pairs & ~jumps) + 1, np.flatnonzero(pairs & jumps) + 1
    rows = [np.setdiff1d(rows, same) for rows in np.split(np.arange(len(path.t)), cuts)]
    rows = [rows for rows in rows if len(rows) > 1]
    return [Trajectory(path.t[i], path.r[i], path.v[i], path.a[i], path.mass[i]) for i in rows]


def burns(path: Trajectory) -> list[Trajectory]:
    """The pieces that lose mass."""
    return [piece for piece in pieces(path) if piece.mass[-1] < piece.mass[0]]


def burnt(path: Trajectory, engine: Engine) -> float:
    """Propellant, kg, that an engine at full thrust takes for as long as the trajectory's burns last."""
    return sum(piece.end - piece.start for piece in burns(path)) * engine.thrust / (engine.isp * G0)


def power(path: Trajectory) -> np.ndarray:
    """Specific power a.v at the nodes, W/kg."""
    return np.einsum("ij,ij->i", path.a, path.v)


def kinetic(v: np.ndarray) -> np.ndarray:
    """Specific kinetic energy v^2/2 of velocities (n,3), J/kg."""
    return 0.5 * np.einsum("ij,ij->i", v, v)


def running_integral(t: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Integral of y from t[0] to every t, through a spline of degree 5, or the highest odd one that n nodes carry."""
    most = len(t) - 1
    return make_interp_spline(t, y, k=min(5, most if most % 2 else most - 1)).antiderivative()(t)


def free_fall(path: Trajectory, cda: float, world: World, drag: bool = True) -> np.ndarray:
    """Acceleration (n,3) m/s2 at the nodes by gravity, Sun, Moon and, with `drag`, air on `cda` m2."""
    forces = world.forces._replace(drag=1 if drag else 0)
    work, a = scratch(), np.empty_like(path.r)
    for i in range(len(path.t)):
        acceleration(path.t[i], path.r[i], path.v[i], forces, cda / path.mass[i], work, a[i])
    return a
