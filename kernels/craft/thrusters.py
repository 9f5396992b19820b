"""A craft's set of small thrusters: positions and forces, nominal and as built, and their pulses.

Which of them fire is chosen in kernels/craft/thruster_selection.py. Body axes, from the centre of mass, which is taken
to stay where it is while the tanks empty. SI.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record

DIRECTIONS = 6
ROUNDING = 1.0e-9  # of the largest wrench: a part below this outside the others' span is rounding
TIE = 1.0e-11  # of a cost: alike thrusters are set apart by so much, else the selection could cycle


@record
class Thrusters(NamedTuple):
    """A set of m thrusters: positions, forces, and the constants of their selection.

    position (m, 3) m; force (m, 3) N on the craft when on; flow (m,) kg/s; min_on s; lag s from the command to the
    middle of the rise of thrust, and longer s, by which a pulse is longer than commanded, both of all of them; wrench
    (6, m): force N, then position x force N m. cost (m,): the flow, ties broken; basis (6,) and inverse (6, 6): where
    the method begins.
    """

    position: np.ndarray
    force: np.ndarray
    flow: np.ndarray
    min_on: float
    lag: float
    longer: float
    wrench: np.ndarray
    cost: np.ndarray
    basis: np.ndarray
    inverse: np.ndarray


def thrusters(position, force, flow, min_on=0.0, lag=0.0, longer=0.0) -> Thrusters:
    """A set of thrusters, with fields as in `Thrusters`; their wrenches must span all six directions."""
    position, force, flow = (np.array(x, dtype=np.float64) for x in (position, force, flow))
    m = len(flow)
    if position.shape != (m, 3) or force.shape != (m, 3) or flow.shape != (m,):
        shapes = f"position {position.shape}, force {force.shape}, flow {flow.shape}"
        raise ValueError(f"{shapes}: expected (m, 3), (m, 3), (m,)")
    if not (flow > 0.0).all():
        raise ValueError("flow: expected a positive number, kg/s, for every thruster")
    wrench = np.ascontiguousarray(np.vstack([force.T, np.cross(position, force).T]))
    basis = _independent(wrench)
    cost = flow * (1.0 + TIE * np.modf(np.arange(1, m + 1) * 0.6180339887498949)[0])
    return Thrusters(
        position=position,
        force=force,
        flow=flow,
        min_on=float(min_on),
        lag=float(lag),
        longer=float(longer),
        wrench=wrench,
        cost=cost,
        basis=basis,
        inverse=np.linalg.inv(wrench[:, basis]),
    )


def _independent(wrench) -> np.ndarray:
    """Six thrusters whose wrenches are independent: one by one the one that is farthest from those before it."""
    left, chosen = wrench.copy(), []
    for _ in range(DIRECTIONS):
        lengths = np.linalg.norm(left, axis=0)
        best = int(np.argmax(lengths))
        if lengths[best] < ROUNDING * np.abs(wrench).max():
            raise ValueError(f"the wrenches of the {wrench.shape[1]} thrusters span {len(chosen)} directions: 6 needed")
        chosen.append(best)
        along = left[:, best] / lengths[best]
        left -= np.outer(along, along @ left)
    return np.array(sorted(chosen), dtype=np.int64)


def clear_of(thrusters: Thrusters, axis, angle: float) -> np.ndarray:
    """The mask of the thrusters whose exhaust keeps `angle` rad or more from the direction `axis` (3,): (m,) uint8."""
    axis = np.asarray(axis, dtype=np.float64) / np.linalg.norm(axis)
    along = -thrusters.force @ axis / np.linalg.norm(thrusters.force, axis=1)
    return (along <= math.cos(angle) + ROUNDING).astype(np.uint8)


def copied(thrusters: Thrusters) -> Thrusters:
    """The same with arrays of its own, for `as_built` to fill."""
    arrays = {name: part.copy() for name, part in thrusters._asdict().items() if isinstance(part, np.ndarray)}
    return thrusters._replace(**arrays)


@njit(cache=True, _nrt=False)
def as_built(thrusters, factor, tilt, out):
    """Fill force, wrench and flow of out, a copy: each thruster's thrust times factor (m,), turned by tilt (m, 3) rad.

    The tilt is a small turn about body axes, good to its square; what lies along the thrust does nothing. Specific
    impulse stays. Selection uses the nominal set: `out` is for the plant.
    """
    for j in range(factor.shape[0]):
        f, p, a = thrusters.force[j], thrusters.position[j], tilt[j]
        x = f[0] + a[1] * f[2] - a[2] * f[1]
        y = f[1] + a[2] * f[0] - a[0] * f[2]
        z = f[2] + a[0] * f[1] - a[1] * f[0]
        scale = factor[j] * math.sqrt((f[0] ** 2 + f[1] ** 2 + f[2] ** 2) / (x * x + y * y + z * z))
        x, y, z = scale * x, scale * y, scale * z
        out.force[j, 0], out.force[j, 1], out.force[j, 2] = x, y, z
        w = out.wrench
        w[0, j], w[1, j], w[2, j] = x, y, z
        w[3, j], w[4, j], w[5, j] = p[1] * z - p[2] * y, p[2] * x - p[0] * z, p[0] * y - p[1] * x
        out.flow[j] = factor[j] * thrusters.flow[j]


@njit(cache=True, error_model="numpy", _nrt=False)
def pulses(on, carry, min_on, period):
    """Turn on-times on (m,) s in place into feasible ones: none, or at least min_on, at most the period.

    The rounding error stays in carry (m,) s for the next call, never more than min_on / 2 in size: over many periods
    the sum is the demand.
    """
    for j in range(on.shape[0]):
        total = on[j] + carry[j]
        fired = 0.0
        if total >= 0.5 * min_on:
            fired = min(max(total, min_on), period)
        carry[j] = total - fired
        on[j] = fired
