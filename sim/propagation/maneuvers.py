"""What the engines of an orbit do: the edges in time that they make, the thrust between two of them, and the kicks."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import G0
from kernels.orbit.thrust import BODY, INERTIAL, LVLH, RTN, VELOCITY, thrust_direction
from kernels.records import Thrust, make
from kernels.relative.hill import lvlh_axes
from sim.propagation.force_model import BurnChoice, ImpulseChoice, Orbit

FRAMES = {"inertial": INERTIAL, "lvlh": LVLH, "rtn": RTN, "velocity": VELOCITY, "body": BODY}
TURN_A_STEP, MASS_A_STEP = 0.25, 0.05  # rad, and the part of the last mass
STILL = make(
    Thrust, force=0.0, flow=0.0, frame=INERTIAL, direction=np.zeros(3), t0=0.0, axes=np.zeros((3, 3)), spin=np.zeros(3)
)


def edges(orbit: Orbit) -> list[float]:
    """The times, s, at which an arc must end: the span's ends, where a burn begins or stops, and the impulses."""
    found = {0.0, orbit.duration}
    for burn in orbit.burns:
        found |= {min(max(e, 0.0), orbit.duration) for e in (burn.start, burn.start + burn.duration)}
    return sorted(found | {i.at for i in orbit.impulses if 0.0 <= i.at <= orbit.duration})


def thrust_at(orbit: Orbit, t: float) -> Thrust:
    """The thrust of the burn that is on at `t`, or none. Burns do not overlap: the reader sees to that."""
    for burn in orbit.burns:
        if burn.start <= t < burn.start + burn.duration:
            return _thrust(orbit, burn, burn.direction, burn.thrust, burn.mass_flow)
    return STILL


def burn_step(step: float, thrust: Thrust, mass: float, duration: float) -> float:
    """The step, s, within a burn of `duration` s that begins with `mass` kg: shorter where it turns or empties the
    craft.

    A step may turn the body by 0.25 rad and take a twentieth of the mass at the end. Eighth order leaves
    1e-10 of the burn then (tests/test_propagate_cli.py); the step of the orbit alone would not see a body turn.
    """
    turns = float(np.linalg.norm(thrust.spin)) if thrust.frame == BODY else 0.0
    if turns > 0.0:
        step = min(step, TURN_A_STEP / turns)
    if thrust.flow > 0.0:
        step = min(step, MASS_A_STEP * (mass - thrust.flow * duration) / thrust.flow)
    return step


def kicked(orbit: Orbit, t: float, y: np.ndarray) -> bool:
    """Whether there are impulses at `t`; they change y (7,) = r, v (m, m/s, GCRF), mass (kg) in place.

    Those of one instant follow each other in their order, each in the axes after the one before. With an `isp`
    the mass falls by the rocket equation.
    """
    due = [impulse for impulse in orbit.impulses if impulse.at == t]
    for impulse in due:
        y[3:6] += _inertial(orbit, impulse, y)
        y[6] *= mass_left(impulse)
    return bool(due)


def mass_left(impulse: ImpulseChoice) -> float:
    """The part of the mass that an impulse leaves: exp(-dv / (g0 isp)); without `isp` all of it."""
    return 1.0 if impulse.isp is None else math.exp(-np.linalg.norm(impulse.delta_v) / (G0 * impulse.isp))


def _inertial(orbit: Orbit, impulse: ImpulseChoice, y: np.ndarray) -> np.ndarray:
    """The velocity change (3,) m/s, in GCRF, of an impulse that meets the state y (7,)."""
    size = float(np.linalg.norm(impulse.delta_v))
    if size == 0.0:
        return np.zeros(3)
    along = np.empty(3)
    thrust = _thrust(orbit, impulse, np.asarray(impulse.delta_v, float) / size, size, 0.0)
    thrust_direction(float(impulse.at), y[:3].copy(), y[3:6].copy(), thrust, along)
    return size * along


def _thrust(orbit: Orbit, push: BurnChoice | ImpulseChoice, direction: np.ndarray, force: float, flow: float) -> Thrust:
    axes = np.eye(3)
    if push.frame == "body" and push.body_axes == "lvlh":
        lvlh_axes(np.asarray(orbit.r, float), np.asarray(orbit.v, float), axes)
    return make(
        Thrust,
        force=force,
        flow=flow,
        frame=FRAMES[push.frame],
        direction=direction,
        t0=0.0,
        axes=axes,
        spin=push.body_rate,
    )
