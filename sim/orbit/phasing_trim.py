"""The station's trim: burns days before lift-off that bring the phase at insertion to that of the profile.

A change of the semi-major axis by da lets the phase drift by -3/2 n da/a (-1.245 deg a day and km at 390 km); a
tangential burn of dv makes da = 2 dv / n. docs/physics.md 4.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.flight import Failure
from sim.core.root import secant
from sim.core.scene import KnownState
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.world import KnownWorld
from sim.orbit.propagate import NO_BURNS, fly, semi_major_axis

DAY = 86400.0
BEFORE_BURN = 3600.0  # s before the middle of the first trim, by when it has certainly not begun
AHEAD = 7200.0  # s after lift-off that the trimmed station is flown on
CLOSE = 1e-5  # rad of phase: 1 s of time along the orbit is 1e-3

PhaseError = Callable[[Trajectory], tuple[float, float]]  # path -> (phase less the required one rad, lift-off s)


def drift_per_speed(a: float) -> float:
    """Phase drift, rad/s, that a forward burn of 1 m/s makes at semi-major axis `a` m: -3 / a."""
    return -3.0 / a


def estimate(shift: float, path: Trajectory, liftoff: float, before: float) -> float:
    """Trim `before` s ahead of lift-off that moves the phase by `shift` rad, m/s forward."""
    r, v, _ = path.at(liftoff - before)
    a = float(semi_major_axis(r, v)[0])
    n = math.sqrt(MU_EARTH / a**3)
    da = -shift / (1.5 * n / a * before)
    return 0.5 * n * da


def state_before(state: KnownState, free: Trajectory, trim_t: float) -> KnownState:
    """The station `BEFORE_BURN` s before a trim; `state` has its drag area."""
    r, v, mass = free.at(trim_t - BEFORE_BURN)
    return KnownState(r[0], v[0], float(mass[0]), state.cda)


def solve(
    state: KnownState,
    free: Trajectory,
    trim_t: float,
    estimate_m_s: float,
    untrimmed: float,
    until: float,
    phase_error: PhaseError,
    world: KnownWorld,
    engine: Engine,
) -> tuple[Trajectory, float, float]:
    """One burn that removes the phase error: the trimmed path from the start of `free` to `until`, lift-off s, dv m/s.

    `untrimmed` rad: the phase error of `free`. The burn is flown through the full model each time, with the engine's
    thrust; a secant on its size, that begins with no burn and the estimate.
    """
    before = state_before(state, free, trim_t)

    def path_after(dv: float) -> Trajectory:
        burns = np.array([[trim_t, dv, 0.0, 0.0]]) if abs(dv) > 1e-6 else NO_BURNS
        return fly(before, trim_t - BEFORE_BURN, until, world, burns, engine)

    x0, f0, x1 = 0.0, untrimmed, estimate_m_s
    path = path_after(x1)
    f1, liftoff = phase_error(path)
    for _ in range(8):
        if abs(f1) < CLOSE:
            break
        x0, x1, f0 = x1, x1 + secant(x0, x1, f0, f1, "trim of the station"), f1
        path = path_after(x1)
        f1, liftoff = phase_error(path)
    else:
        if not abs(f1) < CLOSE:
            raise Failure(f"no trim of the station found: {x1:+.3f} m/s, the eighth, leaves {f1:+.2e} rad of the phase")
    return joined([free.until(trim_t - BEFORE_BURN), path]), liftoff, x1


def solve_two(
    state: KnownState,
    free: Trajectory,
    times: tuple[float, float],
    until: float,
    phase_error: Callable[[Trajectory], tuple[np.ndarray, np.ndarray]],
    world: KnownWorld,
    engine: Engine,
) -> tuple[Trajectory, np.ndarray] | None:
    """Two burns, middles at `times` s, so that the phase is right on two days: the path and dv (2,) m/s.

    phase_error: path -> (phase errors on the two days (2,) rad, their lift-offs (2,) s). The slopes are those of the
    drift; the phase errors are flown. None where eight flights do not converge.
    """
    before = state_before(state, free, times[0])
    r, v, _ = free.at(times[0])
    slope = drift_per_speed(float(semi_major_axis(r, v)[0]))
    dv = np.zeros(2)
    for _ in range(8):
        burns = np.array([[t, d, 0.0, 0.0] for t, d in zip(times, dv, strict=True) if abs(d) > 1e-6])
        if len(burns) or free.end < until:
            path = fly(before, times[0] - BEFORE_BURN, until, world, burns, engine)
        else:  # without a burn it is the path that is known
            path = free.until(until)
        miss, days = phase_error(path)
        if np.abs(miss).max() < 10.0 * CLOSE:
            return joined([free.until(times[0] - BEFORE_BURN), path]) if len(burns) else path, dv
        jacobian = slope * (days[:, None] - np.array(times)[None, :])
        dv = dv - np.linalg.solve(jacobian, miss)
    return None


def propellant(dv: float, mass: float, engine: Engine) -> float:
    """Propellant of a burn, kg, by the rocket equation."""
    return mass * -math.expm1(-abs(dv) / (engine.isp * 9.80665))


def phase_sigma(seconds: float, decay: float, a: float, spread: float) -> float:
    """Standard deviation of the phase after `seconds`, rad, for a decay of `decay` m/s known to the fraction `spread`.

    Half of the drift that the misjudged part of the decay makes: 3/4 n/a |da/dt| T^2 spread. docs/physics.md 4.6.
    """
    n = math.sqrt(MU_EARTH / a**3)
    return 0.75 * n / a * abs(decay) * seconds**2 * spread
