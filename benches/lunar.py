"""Orbits about the Moon and between Earth and Moon: time beside error, against other programs' results and a peer.

    python -m benches lunar [--rounds N]

Truths are those of tests/data/lunar.json (STK, GMAT, an independent program). The peers: scipy's DOP853 with the same
kernels for the forces, called from Python at its own steps, which is what a general integrator needs for the same
error; and nyx-space where it is installed (pip install nyx-space), which flies the point mass with the ephemeris that
lies here. For a field it asks for tables of constants from its own site. brahe 1.8 was tried too: it downloads an
orientation kernel of DE440 before it flies about the Moon at all. Processor time of the second and later calls; tables
are made anew in each call of ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from kernels.orbit.forces import acceleration, scratch
from sim.build.body import central_body
from sim.environment.central_body import ThirdBody
from sim.files import packaged
from sim.propagation.force_model import GravityChoice, Orbit
from sim.propagation.propagate import build, propagate
from tests.made_moon import start

TOLERANCES = (1e-10, 1e-12, 1e-14)
POINTS = ThirdBody("earth", 3.986004418e14), ThirdBody("sun", 1.32712440041e20)
CASES = {  # name -> field, third bodies
    "stk_moon_luna_0_0_0": (GravityChoice("point"), ()),
    "stk_moon_luna_lp165p_0_0": (GravityChoice("lp165p", 20, 20), ()),
    "icube_q_7d": (GravityChoice("grgm660prim", 20, 20), POINTS),
    "low_polar_50x50_3d": (GravityChoice("grgm660prim", 50, 50), POINTS),
}


def timed(run: Callable[[], np.ndarray], rounds: int) -> tuple[float, np.ndarray]:
    """Median processor time, s, of `rounds` calls after a first one, and the last result."""
    run()
    times = []
    for _ in range(rounds):
        began = time.process_time()
        end = run()
        times.append(time.process_time() - began)
    return float(np.median(times)), end


def peer(orbit: Orbit, rtol: float) -> np.ndarray:
    """The end of an orbit by scipy's DOP853."""
    from scipy.integrate import solve_ivp

    forces, work, out = build(orbit).forces, scratch(), np.empty(3)

    def motion(t: float, y: np.ndarray) -> np.ndarray:
        acceleration(t, y[:3], y[3:], forces, 0.0, work, out)
        return np.concatenate([y[3:], out])

    first = np.concatenate([orbit.r, orbit.v])
    return solve_ivp(motion, (0.0, orbit.duration), first, method="DOP853", rtol=rtol, atol=1e-9).y[:3, -1]


def nyx(orbit: Orbit) -> Callable[[], np.ndarray] | None:
    """The end of an orbit about a point mass by nyx-space, with its own steps; None where it is not installed."""
    if importlib.util.find_spec("nyx_space") is None:
        return None
    from nyx_space import Orbit as NyxOrbit
    from nyx_space import Spacecraft, anise
    from nyx_space import mission_design as design
    from nyx_space.anise.constants import Frames
    from nyx_space.time import Epoch, Unit

    frame = Frames.MOON_J2000.with_mu_km3_s2(orbit.mu / 1e9)
    state = (np.concatenate([orbit.r, orbit.v]) / 1e3).tolist()
    craft = Spacecraft(NyxOrbit(*state, Epoch(f"{orbit.epoch.utc(3)[:-1]} UTC"), frame))
    almanac = anise.Almanac(str(packaged.ephemeris()))
    flown = design.Propagator(design.Dynamics(design.AccelModels(None, None, None)), almanac)

    def run() -> np.ndarray:
        end = flown.for_duration(craft, Unit.Second * orbit.duration).state.orbit
        return 1e3 * np.array([end.x_km, end.y_km, end.z_km])

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=whole(1, 100), default=5)
    rounds = parser.parse_args().rounds
    moon = central_body("moon")
    for name, (gravity, third) in CASES.items():
        case = start(name)
        body = replace(moon, third_bodies=third)
        orbit = Orbit(name, case.epoch, case.r, case.v, case.rows[-1, 0], 600.0, gravity=gravity, body=body)
        print(f"\n{name}: {orbit.duration / 86400.0:g} days\n{'':26}{'s':>10}{'m':>12}")
        for tolerance in TOLERANCES:
            ours = replace(orbit, tolerance=tolerance)
            seconds, end = timed(lambda ours=ours: propagate(ours).trajectory.r[-1], rounds)
            print(f"{f'tiangong tol {tolerance:g}':26}{seconds:10.4f}{np.linalg.norm(end - case.rows[-1, 1:4]):12.5f}")
        run = nyx(orbit) if orbit.gravity.field == "point" else None
        if run is not None:
            seconds, end = timed(run, rounds)
            print(f"{'nyx-space':26}{seconds:10.4f}{np.linalg.norm(end - case.rows[-1, 1:4]):12.5f}")
        for rtol in (1e-10, 1e-12):
            seconds, end = timed(lambda orbit=orbit, rtol=rtol: peer(orbit, rtol), 1)
            print(f"{f'scipy DOP853 rtol {rtol:g}':26}{seconds:10.4f}{np.linalg.norm(end - case.rows[-1, 1:4]):12.5f}")


if __name__ == "__main__":
    main()
