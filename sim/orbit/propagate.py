"""Orbits for planners and phases: coasts and burns through the full model, mean plane, phase, beta.

All states are GCRS, SI; all angles rad.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import J2, MU_EARTH, R_EQUATOR
from kernels.orbit.propagate import SurfaceAreas, arc, propagate
from kernels.orbit.thrust import INERTIAL
from kernels.records import Forces, Thrust, make
from sim.core.flight import Failure
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.world import World

NO_BURNS = np.empty((0, 4))
UNDERGROUND = 6.0e6  # m: far under the ground, where the search for a fall to an altitude never looks
OUT_OF_REACH = 1.0e9  # m, beyond the Moon
_NO_NODES = np.empty((0, 11))
_ANY_ENGINE = Engine(1.0, 300.0)
STILL = make(
    Thrust, force=0.0, flow=0.0, frame=INERTIAL, direction=np.zeros(3), t0=0.0, axes=np.zeros((3, 3)), spin=np.zeros(3)
)


def trajectory(nodes: np.ndarray) -> Trajectory:
    """From the node rows that kernels write: t, r, v, a, mass."""
    return Trajectory(
        nodes[:, 0].copy(), nodes[:, 1:4].copy(), nodes[:, 4:7].copy(), nodes[:, 7:10].copy(), nodes[:, 10].copy()
    )


def fly(state: State, t0: float, t1: float, world: World, burns=NO_BURNS, engine: Engine = _ANY_ENGINE) -> Trajectory:
    """Through the full model with burns: rows of (middle of the burn s, velocity change in LVLH m/s).

    Failure where the orbit has decayed to the ground before `t1`.
    """
    burns = np.ascontiguousarray(burns, dtype=float).reshape(-1, 4)
    capacity = int((t1 - t0) / world.step) + 4 * len(burns) + 8
    capacity += sum(int(_longest(state, b, engine) / world.step) + 1 for b in burns)
    nodes = np.empty((capacity, 11))
    y = _vector(state)
    count = propagate(
        float(t0), float(t1), y, world.step, world.forces, state.cda, burns, engine.thrust, engine.isp, nodes
    )
    path = trajectory(nodes[:count])
    distance = np.linalg.norm(path.r, axis=1)
    # A long step may go through the dense air from above to below it, which throws the craft out of the Earth's reach.
    if not (distance.min() > UNDERGROUND and distance.max() < OUT_OF_REACH):  # so written, a NaN is refused too
        at = world.zero.plus(float(path.t[np.argmin((distance > R_EQUATOR) & (distance < OUT_OF_REACH))]))
        raise Failure(f"the air takes the craft down: its orbit has decayed to the ground by {at}")
    return path


def led_to(state: State, t: float, before: float, world: World) -> Trajectory:
    """The coast of `before` s that ends in a state at `t` s: the full model, backward, in the order of time."""
    nodes = np.empty((int(before / world.step) + 8, 11))
    surface = make(SurfaceAreas, drag=state.cda, radiation=0.0)
    count = arc(float(t), float(t - before), _vector(state), -world.step, world.forces, surface, STILL, nodes)
    return trajectory(nodes[:count][::-1])


def arrive(state: State, t0, t1, world: World, burns=NO_BURNS, engine: Engine = _ANY_ENGINE, forces=None, step=None):
    """Only the end of `fly`: r (3,), v (3,), mass. A coarser model or step may be given to search quickly."""
    y = _vector(state)
    model: Forces = forces or world.forces
    propagate(
        float(t0),
        float(t1),
        y,
        step or world.step,
        model,
        state.cda,
        np.ascontiguousarray(burns, dtype=float),
        engine.thrust,
        engine.isp,
        _NO_NODES,
    )
    return y[:3], y[3:6], float(y[6])


def _vector(state: State) -> np.ndarray:
    return np.concatenate([state.r, state.v, [state.mass]])


def _longest(state: State, burn: np.ndarray, engine: Engine) -> float:
    return float(np.linalg.norm(burn[1:])) * state.mass / engine.thrust


def end_state(state: State, path: Trajectory) -> State:
    """`state` moved to the end of `path`."""
    r, v, mass = path.last()
    return State(r, v, mass, state.cda)


def osculating_plane(t: float, r: np.ndarray, v: np.ndarray, world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inclination, node and argument of latitude on the true equator of date, of states r, v (n,3) near `t`."""
    turn = world.true_of_date(t)
    r, v = np.atleast_2d(r) @ turn.T, np.atleast_2d(v) @ turn.T
    h = crossed(r, v)
    h /= np.sqrt((h * h).sum(axis=1))[:, None]
    inclination = np.arccos(h[:, 2])
    node = np.arctan2(h[:, 0], -h[:, 1])
    ascending = np.stack([np.cos(node), np.sin(node), np.zeros_like(node)], axis=1)
    ahead = crossed(h, ascending)
    u = np.arctan2(np.einsum("ij,ij->i", r, ahead), np.einsum("ij,ij->i", r, ascending))
    return inclination, node, u


def crossed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Vector products of rows (n,3): what `np.cross` gives, in a third of its time where rows are few."""
    out = np.empty(a.shape)
    for j, k, m in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        out[:, j] = a[:, k] * b[:, m] - a[:, m] * b[:, k]
    return out


def short_period(inclination, u, semi_major_axis):
    """What J2 adds to the mean inclination and node at argument of latitude `u`, rad, for a near-circular orbit.

    First order: di = 3/4 J2 (R/p)^2 sin i cos i cos 2u; dnode = 3/4 J2 (R/p)^2 cos i sin 2u. Kozai, AJ 64 (1959).
    """
    k = 0.75 * J2 * (R_EQUATOR / semi_major_axis) ** 2
    return k * np.sin(inclination) * np.cos(inclination) * np.cos(2 * u), k * np.cos(inclination) * np.sin(2 * u)


def semi_major_axis(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Osculating semi-major axis of states (n,3), m."""
    r, v = np.atleast_2d(r), np.atleast_2d(v)
    return 1.0 / (2.0 / np.linalg.norm(r, axis=1) - np.einsum("ij,ij->i", v, v) / MU_EARTH)


def mean_plane(path: Trajectory, t: float, world: World) -> tuple[float, float]:
    """Mean inclination and node (rad, true of date) of an orbit at `t`.

    The osculating plane less its first-order J2 wave, averaged over the revolution around `t` so that what the first
    order leaves averages out too. The osculating plane itself would move a launch time by up to 40 s.
    """
    period = 2.0 * math.pi * math.sqrt(float(semi_major_axis(*path.at(t)[:2])[0]) ** 3 / MU_EARTH)
    half = 0.5 * period
    middle = min(max(t, path.start + half), path.end - half) if path.end - path.start > period else t
    times = middle + (np.arange(64) + 0.5) / 64.0 * period - half
    times = np.clip(times, path.start, path.end)
    r, v, _ = path.at(times)
    inclination, node, u = osculating_plane(t, r, v, world)
    di, dnode = short_period(inclination, u, float(np.mean(semi_major_axis(r, v))))
    node = np.unwrap(node) - dnode
    drift = node_rate(float(np.mean(semi_major_axis(r, v))), float(np.mean(inclination)))
    return float(np.mean(inclination - di)), float(np.mean(node)) + drift * (t - middle)


def node_rate(a: float, inclination: float) -> float:
    """Secular drift of the node by J2, rad/s, of a near-circular orbit: -3/2 J2 n (R/a)^2 cos i."""
    return -1.5 * J2 * math.sqrt(MU_EARTH / a**3) * (R_EQUATOR / a) ** 2 * math.cos(inclination)


def plane_normal(t: float, inclination: float, node: float, world: World) -> np.ndarray:
    """Unit normal (3,), GCRS, of a plane given on the true equator of date."""
    h = np.array(
        [math.sin(inclination) * math.sin(node), -math.sin(inclination) * math.cos(node), math.cos(inclination)]
    )
    return world.true_of_date(t).T @ h


def phase_ahead(target_r: np.ndarray, r: np.ndarray, normal: np.ndarray) -> float:
    """Angle in the plane of `normal` from r forward to target_r, rad in (-pi, pi]."""
    a = r - (r @ normal) * normal
    b = target_r - (target_r @ normal) * normal
    return math.atan2(float(np.cross(a, b) @ normal), float(a @ b))


def beta_angle(t: float, normal: np.ndarray, world: World) -> float:
    """Angle of the Sun above the orbit plane, rad, positive on the side of the orbit normal."""
    sun = world.sun(t)
    return math.asin(float(normal @ sun) / float(np.linalg.norm(sun)))


def sunlit(t: float, r: np.ndarray, world: World) -> bool:
    """False in the shadow of a spherical Earth (cylinder); good to a few seconds at orbit height."""
    s = world.sun(t)
    s = s / np.linalg.norm(s)
    along = float(r @ s)
    return along > 0.0 or float(np.linalg.norm(r - along * s)) > R_EQUATOR
