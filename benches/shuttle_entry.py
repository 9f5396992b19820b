"""Does an optimal entry of the Space Shuttle come out as published, with our own optimiser and in our own equations?

    python -m benches shuttle_entry [--nodes N] [--out FILE]

Betts, Practical Methods for Optimal Control: angle of attack and bank from 260 000 ft to 80 000 ft that lead furthest
north, without a limit on the heating, and with at most 70 BTU/ft2/s. The controls are cubic splines through N nodes in
time; SciPy's SLSQP moves the nodes and the time of flight, single shooting by RK4 in the published equations, all
perturbed flights side by side. What it finds is then flown by the kernel's right-hand side in three dimensions.
`--out` writes the controls, as tests/data/shuttle_entry.json holds them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize

from benches.arguments import whole
from benches.machine import ROOT, machine

PUBLISHED = json.loads((ROOT / "tests" / "data" / "reentry.json").read_text())["betts"]
MU, RADIUS, AREA = (PUBLISHED["constants"][k] for k in ("mu_ft3s2", "Re_ft", "S_ft2"))
DENSITY, SCALE_HEIGHT = (PUBLISHED["constants"][k] for k in ("rho0", "hr_ft"))
MASS = PUBLISHED["constants"]["w_lb"] / PUBLISHED["constants"]["g0"]  # slug
HEATING = 70.0  # BTU/ft2/s
STEPS = 400
SIZES = np.array([10.0, 50.0, 1000.0])  # of alpha deg, bank deg and time s: what the optimiser sees is of order 1
UNITS = np.array([1e5, 1e3, 0.1])  # of height ft, speed ft/s and angle rad at the end
SMALL = 1e-6  # of the finite differences


def coefficients(alpha):
    """Lift, drag and the heating's factor at an angle of attack, deg."""
    lift = -0.20704 + 0.029244 * alpha
    drag = 0.07854 + alpha * (-0.61592e-2 + 0.621408e-3 * alpha)
    return lift, drag, 1.0672181 + alpha * (-0.19213774e-1 + alpha * (0.21286289e-3 - alpha * 0.10117249e-5))


def rate(y, alpha, bank):
    """Betts' equations for y (6, n): height ft, longitude, latitude, speed ft/s, flight-path angle and heading, rad."""
    height, _, latitude, v, g, heading = y
    r = RADIUS + height
    lift, drag, _ = coefficients(alpha)
    force = 0.5 * DENSITY * np.exp(-height / SCALE_HEIGHT) * v * v * AREA / MASS
    pull, cosine = MU / r**2, np.cos(g)
    return np.array(
        [
            v * np.sin(g),
            v / r * cosine * np.sin(heading) / np.cos(latitude),
            v / r * cosine * np.cos(heading),
            -force * drag - pull * np.sin(g),
            force * lift * np.cos(bank) / v + cosine * (v / r - pull / v),
            force * lift * np.sin(bank) / (v * cosine) + v / r * cosine * np.sin(heading) * np.tan(latitude),
        ]
    )


def heating(y, alpha):
    """BTU/ft2/s of states (6, n)."""
    air = DENSITY * np.exp(-y[0] / SCALE_HEIGHT)
    return coefficients(alpha)[2] * 17700.0 * np.sqrt(air) * (1e-4 * y[3]) ** 3.07


@dataclass(frozen=True)
class Problem:
    """Controls by `nodes` each; `limit` of the heating, BTU/ft2/s, inf for none."""

    nodes: int
    limit: float

    def spline(self) -> np.ndarray:
        """(2 STEPS + 1, nodes): what each node's control adds at the beginnings and middles of the steps."""
        return CubicSpline(np.linspace(0.0, 1.0, self.nodes), np.eye(self.nodes))(np.linspace(0.0, 1.0, 2 * STEPS + 1))

    def flown(self, x: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """States (6, n) at the end and heating (STEPS, n) along the way, of n sets of parameters x (n, 2 nodes + 1)."""
        alpha = SIZES[0] * x[:, : self.nodes] @ weights.T
        bank = np.radians(SIZES[1] * x[:, self.nodes : -1] @ weights.T)
        h = SIZES[2] * x[:, -1] / STEPS
        first = PUBLISHED["initial"]
        angles = (math.radians(first["gamma_deg"]), math.radians(first["psi_deg"]))
        y = np.repeat(np.array([[first["h_ft"], 0.0, 0.0, first["v_ftps"], *angles]]).T, len(x), axis=1)
        hot = np.empty((STEPS, len(x)))
        for k in range(STEPS):
            (a, b, c), (p, q, s) = (z[:, 2 * k : 2 * k + 3].T for z in (alpha, bank))
            hot[k] = heating(y, a)
            k1 = rate(y, a, p)
            k2 = rate(y + 0.5 * h * k1, b, q)
            k3 = rate(y + 0.5 * h * k2, b, q)
            y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + rate(y + h * k3, c, s))
        return y, hot

    def solved(self, x: np.ndarray) -> np.ndarray:
        """The parameters (2 nodes + 1,) that lead furthest north, from a guess."""
        weights = self.spline()
        seen: dict[bytes, tuple] = {}
        goal = PUBLISHED["final"]
        end = np.array([goal["h_ft"], goal["v_ftps"], math.radians(goal["gamma_deg"])])

        def both(x):
            """Latitude, what is missed at the end and the heating left, each with its derivatives."""
            if x.tobytes() not in seen:
                shifted = np.vstack([x, x + SMALL * np.eye(len(x))])
                with np.errstate(all="ignore"):  # a trial may leave the air for good: its line search goes back
                    y, hot = self.flown(shifted, weights)
                    missed = (y[[0, 3, 4]] - end[:, None]) / UNITS[:, None]
                    left = 1.0 - hot[::4] / min(self.limit, 1e9)
                    parts = [(z[..., 0], (z[..., 1:] - z[..., :1]) / SMALL) for z in (y[2], missed, left)]
                seen.clear()
                seen[x.tobytes()] = tuple(parts)
            return seen[x.tobytes()]

        limits = [{"type": "eq", "fun": lambda x: both(x)[1][0], "jac": lambda x: both(x)[1][1]}]
        if math.isfinite(self.limit):
            limits.append({"type": "ineq", "fun": lambda x: both(x)[2][0], "jac": lambda x: both(x)[2][1]})
        bounds = [(0.0, 4.0)] * self.nodes + [(-89.0 / SIZES[1], 1.0 / SIZES[1])] * self.nodes + [(1.0, 4.0)]
        run = minimize(
            lambda x: -both(x)[0][0],
            x,
            jac=lambda x: -both(x)[0][1],
            method="SLSQP",
            bounds=bounds,
            constraints=limits,
            options={"maxiter": 400, "ftol": 1e-10},
        )
        print(f"  {run.message}, {run.nit} iterations, misses {np.abs(both(run.x)[1][0]).max():.1e}")
        return run.x


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench shuttle_entry", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nodes", type=whole(6, 60), default=44, help="of each control (44)")
    parser.add_argument("--out", metavar="FILE", help="where the controls are written")
    asked = parser.parse_args(arguments)
    print(machine())
    n, found = asked.nodes, {}
    guess = np.concatenate([np.full(n, 1.74), np.linspace(-75.0, 0.0, n) / SIZES[1], [2.0]])
    optimum = PUBLISHED["optimum"]
    for name, limit, known in (("free", math.inf, optimum), ("heating", HEATING, optimum["with_q_le_70"])):
        clock = time.process_time()
        print(f"\n{name}")
        problem = Problem(n, limit)
        guess = problem.solved(guess)
        y, hot = problem.flown(guess[None], problem.spline())
        latitude, seconds = math.degrees(y[2, 0]), SIZES[2] * guess[-1]
        for what, value, of in (("latitude, deg", latitude, known["theta_deg"]), ("time, s", seconds, known["t_f_s"])):
            print(f"  {what}: {value:.4f}, published {of}: {value / of - 1.0:+.1e}")
        print(f"  hottest {hot.max():.2f} BTU/ft2/s; {time.process_time() - clock:.1f} s")
        found[name] = {
            "t_f_s": seconds,
            "alpha_deg": (SIZES[0] * guess[:n]).tolist(),
            "bank_deg": (SIZES[1] * guess[n:-1]).tolist(),
        }
    if asked.out:
        source = "found by `python -m benches shuttle_entry`; cubic splines (not-a-knot) through nodes even in time"
        Path(asked.out).write_text(json.dumps({"source": source, **found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
