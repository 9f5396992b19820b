"""Which integrator, which order, which step? Position error after the arc beside the time it takes, one table a case.

All fly the same compiled equations from the same state; the truth is heyoka's 80-bit orbit where there is one, else
DOP853 at a step a quarter or less of the finest shown. Rivals: DOP853 at fixed steps and with its own error estimate,
and Runge-Kutta-Nystroem 12(10) likewise (not in air, where speed matters).

Eccentric orbits: error control by DOP853 is slower than the fixed multistep step up to e = 0.5 and as fast at 0.74, at
1e-3 and 1e-4 m. RKN 12(10) is 1.4 to 2.7 times as fast from e = 0.7 on (0.5 ms for two days of a transfer orbit, 20x20,
instead of 0.7 to 1.25), but only without air, and its steps are three times what the dense output can carry. So all
arcs keep one method, and the tolerance goes on choosing its step.
"""

import json
import math
import time

import numpy as np
from machine import ROOT, machine
from numba import njit
from rkn1210 import rkn_adaptive, rkn_fixed
from scipy.integrate._ivp import dop853_coefficients as pair

from kernels.constants import J2, MU_EARTH, OMEGA_EARTH, R_GRAVITY
from kernels.maths.dop853 import STAGES
from kernels.orbit.harmonics import make_field
from kernels.orbit.kepler import elements_to_state
from kernels.orbit.motion import evaluate, make_full, make_turning, make_zonal
from kernels.orbit.multistep import coast, make_multistep, runge_kutta_step
from kernels.orbit.multistep_many import coast_many
from kernels.orbit.sunlight import dark
from sim.core.epoch import Epoch
from sim.environment.gravity import egm2008
from sim.environment.world import Weather, build_world
from sim.files.paths import ASSETS

DAY = 86400.0
NO_NODES = np.empty((0, 11))
E3, E5 = np.ascontiguousarray(pair.E3[:STAGES]), np.ascontiguousarray(pair.E5[:STAGES])
THRESHOLDS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)


@njit
def first_stage(t, y, dynamics, dy):
    dy[3], dy[4], dy[5] = evaluate(t, y[0], y[1], y[2], y[3], y[4], y[5], dynamics)
    dy[:3] = y[3:6]


@njit
def dop853_fixed(t, t_end, y, step, dynamics):
    n = max(1, math.ceil((t_end - t) / step - 1e-9))
    h = (t_end - t) / n
    k = np.empty((STAGES, 6))
    light = dark()
    for i in range(n):
        first_stage(t + i * h, y, dynamics, k[0])
        runge_kutta_step(t + i * h, h, y, dynamics, k, light)


@njit
def dop853_adaptive(t, t_end, y, tolerance, dynamics):
    """Estimated error of a step below tolerance, m, and as much in speed times a thousand seconds."""
    h = 60.0
    k = np.empty((STAGES, 6))
    light = dark()
    new = y.copy()
    while t < t_end:
        h = min(h, t_end - t)
        new[:] = y
        first_stage(t, y, dynamics, k[0])
        runge_kutta_step(t, h, new, dynamics, k, light)
        fifth = 0.0
        third = 0.0
        for j in range(6):
            weight = 1.0 if j < 3 else 1000.0
            e5 = 0.0
            e3 = 0.0
            for i in range(STAGES):
                e5 += E5[i] * k[i, j]
                e3 += E3[i] * k[i, j]
            fifth += (weight * h * e5) ** 2
            third += (weight * h * e3) ** 2
        wrong = fifth / math.sqrt(fifth + 0.01 * third) / tolerance if fifth > 0.0 else 0.0
        if wrong <= 1.0:
            t = t_end if h == t_end - t else t + h
            y[:] = new
        h *= min(5.0, max(0.2, 0.9 * max(wrong, 1e-12) ** (-1.0 / 8.0)))


def cpu_ms(function, times=9):
    """Least processor time of several calls; of fewer, where one takes long."""
    found = []
    while len(found) < times and sum(found) < 300.0:
        start = time.process_time()
        function()
        found.append(1e3 * (time.process_time() - start))
    return min(found)


def multistep(order):
    method = make_multistep(order)
    return lambda span, y, step, dynamics: coast(0.0, span, y, step, method, dynamics, NO_NODES)


def simple(function):
    return lambda span, y, step, dynamics: function(0.0, span, y, step, dynamics)


def case(title, dynamics, start, span, truth, steps, coarse, in_air=False):
    """One table; `steps` s of the multistep methods, `coarse` s of Runge-Kutta; truth (3,) m, or None."""
    if truth is None:
        y = start.copy()
        dop853_fixed(0.0, span, y, min(min(steps) / 2.0, min(coarse) / 4.0, 10.0), dynamics)
        truth = y[:3].copy()
    rivals = [(f"multistep {order}", multistep(order), steps, "s") for order in (9, 10, 11, 12, 13)]
    rivals.append(("DOP853 fixed", simple(dop853_fixed), coarse, "s"))
    rivals.append(("DOP853 adaptive", simple(dop853_adaptive), (1e-3, 1e-5, 1e-7, 1e-8), "m"))
    if not in_air:
        rivals.append(("RKN12(10) fixed", simple(rkn_fixed), [3.0 * x for x in coarse], "s"))
        rivals.append(("RKN12(10) adaptive", simple(rkn_adaptive), (1e-2, 1e-4, 1e-6, 1e-8), "m"))
    print(f"\n{title}\n{'method':20}{'step / tolerance':>18}{'error m':>11}{'ms':>10}")
    found = []
    for name, fly, settings, unit in rivals:
        for setting in settings:

            def run(fly=fly, setting=setting):
                y = start.copy()
                fly(span, y, setting, dynamics)
                return y

            error = float(np.linalg.norm(run()[:3] - truth))
            took = cpu_ms(run)
            found.append((name, error, took))
            shown = f"{error:.1e}" if error < 1e6 else "unstable"
            print(f"{name:20}{setting:>16g} {unit}{shown:>11}{took:10.3f}")
    print(f"{'fastest, ms, with an error below':34}" + "".join(f"{x:>10.0e}" for x in THRESHOLDS))
    for kind in ("multistep", "DOP853 fixed", "DOP853 adaptive", "RKN12(10) fixed", "RKN12(10) adaptive"):
        cells = [[t for n, e, t in found if n.startswith(kind) and e <= limit] for limit in THRESHOLDS]
        print(f"{kind:34}" + "".join(f"{min(cell):10.3f}" if cell else f"{'-':>10}" for cell in cells))


def together(title, dynamics, start, span, truth, settings, count=64):
    """Cost of each of `count` trajectories flown side by side."""
    print(f"\n{title}, {count} trajectories side by side\n{'method':20}{'step':>10}{'error m':>11}{'us each':>10}")
    for order, step in settings:

        def run(order=order, step=step):
            y = np.ascontiguousarray(np.repeat(start[:6, None], count, axis=1))
            coast_many(0.0, span, y, step, make_multistep(order), dynamics)
            return y

        error = np.linalg.norm(run()[:3, count // 2] - truth)
        print(f"{f'multistep {order}':20}{step:8g} s{error:11.1e}{1e3 * cpu_ms(run) / count:10.2f}")


def eccentric():
    """Two days at e of 0.1 to 0.74; the multistep method at the share of 30 s that the perigee's rate asks for."""
    for e, perigee in ((0.1, 6.9e6), (0.3, 6.9e6), (0.5, 6.9e6), (0.73, 6.578e6), (0.74, 6.9e6)):
        start = np.array([*elements_to_state(perigee / (1.0 - e), e, 0.5, 0.0, 0.0, 0.0, MU_EARTH), 1.0e3])
        step = 30.0 * min(1.0, 1.15e-3 / math.sqrt(MU_EARTH * (1.0 + e) / perigee**3))
        for name, dynamics in (
            ("J2", make_zonal(MU_EARTH, R_GRAVITY, J2)),
            ("20x20 turning steadily", make_turning(egm2008(20), 1.0, OMEGA_EARTH)),
        ):
            title = f"{name}, e = {e}, two days, truth by DOP853"
            case(title, dynamics, start, 2.0 * DAY, None, [x * step for x in (0.75, 1.0, 1.33)], (20.0, 30.0))


def main():
    print(machine())
    orbits = json.loads((ROOT / "tests" / "data" / "orbits.json").read_text())
    flat, turn = orbits["j2"], orbits["egm2008_8x8_uniform"]
    start = np.array([*flat["rows"][0][1:7], 1.0e5])
    zonal = make_zonal(flat["mu_m3_s2"], flat["radius_m"], flat["j2"])
    ends = {row[0]: np.array(row[1:4]) for row in flat["rows"]}
    coarse = (20.0, 30.0, 45.0, 60.0, 90.0, 120.0)
    case("J2, 1 day, truth by heyoka", zonal, start, DAY, ends[DAY], (30.0, 45.0, 60.0), coarse)
    case("J2, 15 days, truth by heyoka", zonal, start, 15 * DAY, ends[15 * DAY], (30.0, 45.0, 60.0), (30.0, 45.0, 60.0))
    settings = ((10, 45.0), (11, 45.0), (12, 45.0), (11, 60.0))
    together("J2, 1 day", zonal, start, DAY, ends[DAY], settings)
    together("J2, 15 days", zonal, start, 15 * DAY, ends[15 * DAY], settings)
    with np.load(ASSETS / "egm70.npz") as file:
        c, s = file["C"], file["S"]
    for degree, steps in ((8, (30.0, 45.0, 60.0)), (20, (20.0, 24.0, 30.0, 40.0)), (70, (7.5, 10.0, 12.0, 15.0))):
        field = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
        dynamics = make_turning(field, turn["theta0_rad"], turn["omega_rad_s"])
        start = np.array([*turn["rows"][0][1:7], 1.0e5])
        truth = np.array(turn["rows"][-1][1:4]) if degree == 8 else None
        name = "heyoka" if degree == 8 else "DOP853"
        if degree == 8:
            together("8x8 turning steadily, 1 day", dynamics, start, DAY, truth, settings)
        rough = coarse if degree < 70 else (20.0, 30.0, 40.0)
        case(f"{degree}x{degree} turning steadily, 1 day, truth by {name}", dynamics, start, DAY, truth, steps, rough)
    eccentric()
    world = build_world(
        Epoch.from_utc(orbits["epoch_utc"]),
        0.0,
        DAY,
        degree=8,
        sun=True,
        moon=True,
        weather=Weather(f107=150.0, f107a=150.0, ap=4.0),
        step=60.0,
    )
    for degree, steps in ((8, (20.0, 30.0, 45.0, 60.0)), (20, (20.0, 30.0, 40.0))):
        full = make_full(world.forces._replace(gravity=egm2008(degree)), 0.0088)
        title = f"{degree}x{degree}, real Earth, Sun, Moon, NRLMSISE-00 through its table, 1 day, truth by DOP853"
        case(title, full, start, DAY, None, steps, (20.0, 30.0, 60.0), in_air=True)


if __name__ == "__main__":
    main()
