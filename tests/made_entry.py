"""Entries for tests, thin above the kernel's right-hand side: a still round planet with exponential air, and one flight
by SciPy, whose dense output is asked for peaks and crossings."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, minimize_scalar

from kernels.atmosphere.air import EXPONENTIAL
from kernels.entry.dynamics import entry_derivative, entry_vehicle
from kernels.orbit.forces import scratch
from kernels.records import Air, make
from sim.environment.world import Forces
from tests.worlds import NO_AIR, field, turning, zonal

HEIGHT, SPEED, PRESSURE, LOAD, FLUX = range(5)  # columns of what `entry_derivative` says


def planet(ball: float, density: float, scale_height: float, mu: float) -> Forces:
    """Point mass `mu` m3/s2; air of `density` kg/m3 on a ball of radius `ball` m, thinner by e each `scale_height`."""
    air = NO_AIR._replace(model=EXPONENTIAL, density=density, altitude=0.0, height=scale_height, ball=ball, wind=0.0)
    return field(zonal(mu, ball), turning(0.0), air=make(Air, **air._asdict()))


def start(ball: float, height: float, speed: float, angle: float) -> np.ndarray:
    """State (6,) over the equator, flying east; m, m/s, `angle` rad, negative downward."""
    along, up = speed * math.cos(angle), speed * math.sin(angle)
    return np.array([ball + height, 0.0, 0.0, up, along, 0.0])


@dataclass(frozen=True)
class Entry:
    """A flown entry: `state(t)` (6,), `seen(t)` what the right-hand side says of it (six columns), until `end` s."""

    end: float
    state: Callable[[float], np.ndarray]
    seen: Callable[[float], np.ndarray]
    nodes: np.ndarray  # times of the integrator's steps, s

    def peak(self, column: int) -> tuple[float, float]:
        """Time and value of the largest, found between the nodes."""
        times = self._samples()
        i = int(np.argmax([self.seen(t)[column] for t in times]))
        span = times[max(i - 1, 0)], times[min(i + 1, len(times) - 1)]
        found = minimize_scalar(lambda t: -self.seen(t)[column], bounds=span, method="bounded", options={"xatol": 1e-7})
        return float(found.x), -float(found.fun)

    def integral(self, column: int) -> float:
        """Over time, by Gauss and Legendre's five points in every step of the integrator."""
        points, weights = np.polynomial.legendre.leggauss(5)
        half, middle = 0.5 * np.diff(self.nodes), 0.5 * (self.nodes[1:] + self.nodes[:-1])
        return sum(
            h * sum(w * self.seen(m + h * x)[column] for x, w in zip(points, weights, strict=True))
            for h, m in zip(half, middle, strict=True)
        )

    def crossing(self, column: int, value: float) -> float:
        """When a column falls through a value for the last time, s."""
        times = self._samples()
        above = np.flatnonzero(np.array([self.seen(t)[column] for t in times]) > value)
        i = int(above[-1])
        return float(brentq(lambda t: self.seen(t)[column] - value, times[i], times[i + 1], xtol=1e-7))

    def _samples(self) -> np.ndarray:
        """The nodes, and a time between any two of them, s."""
        return np.sort(np.append(self.nodes, 0.5 * (self.nodes[1:] + self.nodes[:-1])))

    def angle(self, t: float) -> float:
        """Inertial flight-path angle, rad."""
        y = self.state(t)
        return math.asin(float(y[:3] @ y[3:]) / float(np.linalg.norm(y[:3]) * np.linalg.norm(y[3:])))


def flown(forces, y, vehicle, end_height: float, until: float = math.inf, span=(0.0, 4000.0), **how) -> Entry:
    """From y (6,) at the start of `span`, s, down to `end_height` m, by DOP853.

    `vehicle(t, y)` -> (capsule of 1 kg, bank rad); `until`: a height above which it ends as well, climbing; `how`:
    options of `solve_ivp`.
    """
    work, dy, extra = scratch(), np.empty(6), np.empty(6)

    def rate(t, y):
        capsule, bank = vehicle(t, y)
        entry_derivative(t, y, bank, entry_vehicle(1.0, capsule), forces, work, dy, extra)
        return dy.copy()

    def seen(t, y):
        rate(t, np.ascontiguousarray(y))
        return extra.copy()

    def low(t, y):
        return seen(t, y)[HEIGHT] - end_height

    def high(t, y):
        return seen(t, y)[HEIGHT] - min(until, 1e9)

    low.terminal, low.direction, high.terminal, high.direction = True, -1.0, True, 1.0
    options = {"rtol": 1e-11, "atol": 1e-6, **how}
    run = solve_ivp(rate, span, y, "DOP853", events=(low, high), dense_output=True, **options)
    assert run.status == 1, run.message
    return Entry(float(run.t[-1]), run.sol, lambda t: seen(t, run.sol(t)), run.t)
