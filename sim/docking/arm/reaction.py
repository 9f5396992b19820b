"""How a station turns while something heavy is moved on it: momentum is exchanged between two rigid bodies.

The station without the payload, and the payload, whose pose against the station is commanded. Of both together the
angular momentum about their common centre of mass changes by the gravity gradient alone (or not at all, without one):

    H = I1 w + R I2 R' (w + u) + m rho x (rho' + w x rho),   m = m1 m2 / (m1 + m2)

with w of the station, u and rho' of the payload against it, all along the station's axes; Hughes, Spacecraft Attitude
Dynamics (1986), ch. 3. The arm itself has no mass here. Free: the station's control is off and it turns. Held: it
stays in LVLH, and gyroscopes take up what is exchanged. LVLH: x forward, y against the orbit normal, z to the nadir.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.docking.arm.kinematics import Pose, rotation_vector, turn

DOWN = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class Pair:
    """`station` and `payload` kg; their inertia (3, 3) kg m2 about their own centres, each along its own axes."""

    station: float
    payload: float
    station_inertia: np.ndarray
    payload_inertia: np.ndarray

    @property
    def reduced(self) -> float:
        return self.station * self.payload / (self.station + self.payload)


# The payload's pose (from the station's own centre of mass, along its axes), velocity and angular velocity there.
Relative = tuple[Pose, np.ndarray, np.ndarray]
Motion = Callable[[float], Relative]


@dataclass(frozen=True, eq=False)
class Reaction:
    """Rows at times `t` (k,) s: `attitude` (k, 3, 3), station to LVLH; `rate` (k, 3) rad/s of the station against LVLH,
    its axes; `momentum` (k, 3) N m s of both bodies, along LVLH at the start; `impulse` (k, 3) N m s, what the gravity
    gradient has given until then, the same axes; `held` (k, 3) N m s, LVLH: what gyroscopes of a station that does not
    turn have taken up."""

    t: np.ndarray
    attitude: np.ndarray
    rate: np.ndarray
    momentum: np.ndarray
    impulse: np.ndarray
    held: np.ndarray

    @property
    def angles(self) -> np.ndarray:
        """The station against LVLH as rotation vectors (k, 3) rad."""
        return np.array([rotation_vector(a) for a in self.attitude])

    @property
    def excursion(self) -> float:
        """The greatest angle from the attitude at the start, rad."""
        first = self.attitude[0]
        return max(float(np.linalg.norm(rotation_vector(a @ first.T))) for a in self.attitude)


def composite(pair: Pair, relative: Relative) -> tuple[np.ndarray, np.ndarray]:
    """Inertia (3, 3) kg m2 of both about their common centre, and momentum (3,) N m s of the payload's motion against a
    station that stands; the station's axes."""
    pose, speed, turning = relative
    own = pose.rotation @ pair.payload_inertia @ pose.rotation.T
    d = pose.position
    inertia = pair.station_inertia + own + pair.reduced * (d @ d * np.eye(3) - np.outer(d, d))
    return inertia, own @ turning + pair.reduced * np.cross(d, speed)


def momentum_at(
    pair: Pair, relative: Relative, attitude: np.ndarray, rate: np.ndarray, rate_payload: np.ndarray, speed: np.ndarray
) -> np.ndarray:
    """Momentum (3,) N m s of two free bodies about their common centre, LVLH axes: `attitude` (3, 3) station to LVLH,
    `rate` and `rate_payload` (3,) rad/s inertial, `speed` (3,) m/s inertial of the payload against the station's centre
    of mass, all along LVLH axes."""
    pose = relative[0]
    own = attitude @ pose.rotation
    spin = attitude @ pair.station_inertia @ attitude.T @ rate + own @ pair.payload_inertia @ own.T @ rate_payload
    return spin + pair.reduced * np.cross(attitude @ pose.position, speed)


def react(
    pair: Pair,
    motion: Motion,
    times: np.ndarray,
    n: float,
    attitude: np.ndarray,
    momentum: np.ndarray | None = None,
    gradient: bool = True,
) -> Reaction:
    """The station's attitude at evenly spaced `times` (k,) s by Runge-Kutta of fourth order over each step.

    n rad/s of a circular orbit; `attitude` (3, 3), station to LVLH at the start; `momentum` (3,) N m s of both there,
    LVLH axes, or None for a station that turns with LVLH while the payload stands. `gradient`: with the torque of the
    gravity gradient.
    """
    step = float(times[1] - times[0])
    up = np.array([0.0, -n, 0.0])
    inertia, moving = composite(pair, motion(float(times[0])))
    start = attitude @ inertia @ attitude.T @ up + attitude @ moving if momentum is None else momentum
    upright, h = attitude.copy(), start.copy()
    attitudes, rates, momenta, held = [], [], [], []
    absorbed = np.zeros(3)  # of a held station: impulse of the gradient until now, axes of the start

    def lvlh(t: float) -> np.ndarray:
        return turn(np.array([0.0, -1.0, 0.0]), n * (t - float(times[0])))

    def slope(t: float, b: np.ndarray, h: np.ndarray, relative: Relative) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        inertia, moving = composite(pair, relative)
        w = np.linalg.solve(inertia, b.T @ h - moving)
        x, y, z = w
        down = b.T @ (lvlh(t) @ DOWN)
        torque = 3.0 * n * n * np.cross(down, inertia @ down) if gradient else np.zeros(3)
        return b @ np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]]), b @ torque, w

    def stays(t: float, relative: Relative) -> tuple[np.ndarray, np.ndarray]:
        """Of a station that does not turn in LVLH: its momentum with the payload, and the gradient's torque."""
        inertia, moving = composite(pair, relative)
        down = attitude.T @ DOWN
        torque = 3.0 * n * n * np.cross(down, inertia @ down) if gradient else np.zeros(3)
        frame = lvlh(t) @ attitude
        return frame @ (inertia @ (attitude.T @ up) + moving), frame @ torque

    relative = motion(float(times[0]))
    calm, _ = stays(float(times[0]), relative)
    begins = start if momentum is not None else calm
    for k, t in enumerate(times.tolist()):
        frame = lvlh(t)
        first = slope(t, upright, h, relative)
        needed, torque = stays(t, relative)
        attitudes.append(frame.T @ upright)
        rates.append(first[2] - upright.T @ frame @ up)
        momenta.append(h.copy())
        held.append(frame.T @ (begins + absorbed - needed))
        if k == len(times) - 1:
            break
        middle, end = motion(t + 0.5 * step), motion(t + step)
        second = slope(t + 0.5 * step, upright + 0.5 * step * first[0], h + 0.5 * step * first[1], middle)
        third = slope(t + 0.5 * step, upright + 0.5 * step * second[0], h + 0.5 * step * second[1], middle)
        fourth = slope(t + step, upright + step * third[0], h + step * third[1], end)
        upright, h = (
            x + step / 6.0 * (first[i] + 2.0 * second[i] + 2.0 * third[i] + fourth[i])
            for i, x in enumerate((upright, h))
        )
        upright = upright @ (1.5 * np.eye(3) - 0.5 * upright.T @ upright)  # stays a rotation
        absorbed = absorbed + step / 6.0 * (torque + 4.0 * stays(t + 0.5 * step, middle)[1] + stays(t + step, end)[1])
        relative = end
    found = np.array(momenta)
    return Reaction(times, np.array(attitudes), np.array(rates), found, found - found[0], np.array(held))


def rebuilt_momentum(pair: Pair, motion: Motion, reaction: Reaction, n: float) -> np.ndarray:
    """Momentum (k - 4, 3) N m s of both bodies from where they are alone: positions and attitudes of the inner rows by
    central differences of fourth order, without the rates that the integration used. Axes of LVLH at the start."""
    t, step = reaction.t, float(reaction.t[1] - reaction.t[0])
    frames = [turn(np.array([0.0, -1.0, 0.0]), n * (x - float(t[0]))) for x in t.tolist()]
    poses = [motion(x)[0] for x in t.tolist()]
    station = np.array([f @ a for f, a in zip(frames, reaction.attitude, strict=True)])
    payload = np.array([s @ p.rotation for s, p in zip(station, poses, strict=True)])
    apart = np.array([s @ p.position for s, p in zip(station, poses, strict=True)])

    def rate(values: np.ndarray) -> np.ndarray:
        return (values[:-4] - 8.0 * values[1:-3] + 8.0 * values[3:-1] - values[4:]) / (12.0 * step)

    inner, found = slice(2, -2), []
    for s, p, d, ds, dp, v in zip(
        station[inner], payload[inner], apart[inner], rate(station), rate(payload), rate(apart), strict=True
    ):
        spins = [c @ _of_skew(dc @ c.T, c) for c, dc in ((s, ds), (p, dp))]
        found.append(
            s @ pair.station_inertia @ s.T @ spins[0]
            + p @ pair.payload_inertia @ p.T @ spins[1]
            + pair.reduced * np.cross(d, v)
        )
    return np.array(found)


def _of_skew(skew: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """The rate (3,) of dC C' along the axes of `frame` (3, 3)."""
    half = 0.5 * (skew - skew.T)
    return frame.T @ np.array([half[2, 1], half[0, 2], half[1, 0]])
