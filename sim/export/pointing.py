"""The rules by which craft point, as unit quaternions (n, 4), x y z w, that turn vectors of body axes into GCRS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kernels.constants import J2, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from sim.core.trajectory import Trajectory

BRIEF_S = 5.0
BURNS = 0.2  # m/s2: main engines give 0.3 and more; translation thrusters, for which a ship does not turn, under 0.1
SETTLES_S = 5.0  # within which a capsule hangs under its canopy
SENSED = 0.5  # m/s2, from which the direction of a force is known better than by the rule that stands in for it


class Hold(NamedTuple):
    """The craft points as `q` (k, 4) at `t` (k,) s; before the first and after the last it eases from and to others."""

    t: np.ndarray
    q: np.ndarray


def unit(v: np.ndarray) -> np.ndarray:
    """Rows (n, 3) of length one."""
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def quaternions(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of bodies whose x axes (n, 3) are given, and their y axes as far as they are across."""
    from scipy.spatial.transform import Rotation

    x = unit(x)
    y = unit(y - np.sum(x * y, axis=1, keepdims=True) * x)
    return Rotation.from_matrix(np.stack([x, y, np.cross(x, y)], axis=2)).as_quat()


def lvlh_axes(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """LVLH axes x, y, z of each orbit as rows (n, 3, 3), in GCRS."""
    z, y = -unit(r), -unit(np.cross(r, v))
    return np.stack([np.cross(y, z), y, z], axis=1)


def lvlh(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """x forward, z to the Earth."""
    axes = lvlh_axes(r, v)
    return quaternions(axes[:, 0], axes[:, 1])


def nose_to(ahead: np.ndarray, r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """x along `ahead` (n, 3), y as near to LVLH's as can be; where nothing is ahead, forward."""
    axes = lvlh_axes(r, v)
    ahead = np.where(np.any(ahead != 0.0, axis=1, keepdims=True), ahead, axes[:, 0])
    return quaternions(ahead, axes[:, 1])


def yawed(r: np.ndarray, v: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """LVLH turned by `angle` (n,) rad about the line to the Earth."""
    axes, c, s = lvlh_axes(r, v), np.cos(angle)[:, None], np.sin(angle)[:, None]
    return quaternions(c * axes[:, 0] + s * axes[:, 1], c * axes[:, 1] - s * axes[:, 0])


def air_velocity(r: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Velocity (n, 3) against air that turns with the Earth, without wind; the pole as GCRS z, to 0.2 deg."""
    return v - np.cross([0.0, 0.0, OMEGA_EARTH], r)


def specific_force(path: Trajectory) -> np.ndarray:
    """The specific force at the nodes (n, 3) m/s2: the acceleration less gravity, J2 included, to some 1e-4 m/s2."""
    a, r = path.a, path.r
    d = np.linalg.norm(r, axis=1, keepdims=True)
    z2 = 5.0 * (r[:, 2:] / d) ** 2
    flat = 1.5 * J2 * (R_EQUATOR / d) ** 2 * np.hstack([z2 - 1.0, z2 - 1.0, z2 - 3.0])
    return a - MU_EARTH / d**3 * r * (flat - 1.0)


def burns(path: Trajectory) -> Iterator[Hold]:
    """The burns of main engines that last BRIEF_S or more: the nose along the thrust, at their nodes."""
    force = specific_force(path)
    on = np.linalg.norm(force, axis=1) > BURNS
    edges = np.flatnonzero(np.diff(on.astype(int))) + 1
    for part in np.split(np.arange(len(on)), edges):
        if on[part[0]] and path.t[part[-1]] - path.t[part[0]] >= BRIEF_S:
            keep = part[np.append(np.diff(path.t[part]) > 0.0, True)]
            yield Hold(path.t[keep], nose_to(force[keep], path.r[keep], path.v[keep]))


def is_sensed(path: Trajectory) -> bool:
    """Whether a force acts somewhere whose direction is known."""
    return bool((np.linalg.norm(specific_force(path), axis=1) > SENSED).any())


def single(path: Trajectory) -> np.ndarray:
    """Indices of the nodes, of doubled ones the second."""
    return np.flatnonzero(np.append(np.diff(path.t) > 0.0, True))


def ascending(path: Trajectory) -> Hold:
    """The nose along the specific force, y opposite to the normal of the last orbit."""
    i = single(path)
    force, normal = held(specific_force(path)[i]), np.cross(path.r[-1], path.v[-1])
    return Hold(path.t[i], quaternions(force, np.tile(-normal, (len(i), 1))))


def held(force: np.ndarray) -> np.ndarray:
    """The forces (n, 3); where there is next to none, the one before, and at the start the first that is."""
    known = np.linalg.norm(force, axis=1) > SENSED
    last = np.maximum.accumulate(np.where(known, np.arange(len(force)), 0))
    last[: np.argmax(known)] = np.argmax(known)
    return force[last]


def entering(path: Trajectory, bank_deg: np.ndarray, lift_to_drag: float) -> Hold:
    """x along the aerodynamic force, z opposite to the lift; `bank_deg` (n,) at the nodes."""
    i = single(path)
    r, v, force = path.r[i], path.v[i], specific_force(path)[i]
    bank, e = np.radians(bank_deg[i])[:, None], unit(air_velocity(r, v))
    up = unit(r - np.sum(r * e, axis=1, keepdims=True) * e)
    lift = np.cos(bank) * up + np.sin(bank) * np.cross(e, up)
    x = np.where(np.linalg.norm(force, axis=1, keepdims=True) > SENSED, unit(force), unit(lift_to_drag * lift - e))
    return Hold(path.t[i], quaternions(x, np.cross(-lift, x)))


def hanging(path: Trajectory, before: np.ndarray) -> Hold:
    """x along the force, without a turn about x; `before` (4,): how the capsule pointed, from which it settles."""
    from scipy.spatial.transform import Rotation

    i = single(path)
    force = specific_force(path)[i]
    known = np.linalg.norm(force, axis=1) > SENSED
    now, rows = tuple(before.tolist()), []
    for direction, is_known in zip(unit(np.where(known[:, None], force, 1.0)).tolist(), known.tolist(), strict=True):
        if is_known:
            now = _least_turn(now, direction)
        rows.append(now)
    first, then = Rotation.from_quat(before), Rotation.from_quat(np.array(rows))
    to_go = (then.inv() * first).as_rotvec() * (1.0 - ease(path.t[i] - path.start, SETTLES_S))[:, None]
    return Hold(path.t[i], (then * Rotation.from_rotvec(to_go)).as_quat())


def _least_turn(q: tuple[float, ...], to: Sequence[float]) -> tuple[float, ...]:
    """The attitude `q`, x y z w, turned the least so that its x axis is along `to`. Plain numbers: the loop has
    thousands of steps, each from the one before."""
    a, b, c, d = q
    x, y, z = 1.0 - 2.0 * (b * b + c * c), 2.0 * (a * b + c * d), 2.0 * (a * c - b * d)
    w = 1.0 + x * to[0] + y * to[1] + z * to[2]
    if w < 1e-12:  # straight back: any axis across does, and the body's y is one
        return _unit(_product((2.0 * (a * b - c * d), 1.0 - 2.0 * (a * a + c * c), 2.0 * (b * c + a * d), 0.0), q))
    return _unit(_product((y * to[2] - z * to[1], z * to[0] - x * to[2], x * to[1] - y * to[0], w), q))


def _product(p: Sequence[float], q: Sequence[float]) -> tuple[float, ...]:
    """Of quaternions x y z w: turned by q first, then by p."""
    (a, b, c, d), (e, f, g, h) = p, q
    return (
        d * e + a * h + b * g - c * f,
        d * f - a * g + b * h + c * e,
        d * g + a * f - b * e + c * h,
        d * h - a * e - b * f - c * g,
    )


def _unit(q: tuple[float, ...]) -> tuple[float, ...]:
    size = math.sqrt(sum(part * part for part in q))
    return tuple(part / size for part in q)


def ease(since: np.ndarray, duration: float) -> np.ndarray:
    """From 0 to 1 within the duration s, at rest at both ends."""
    s = np.clip(since / max(duration, 1e-3), 0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)
