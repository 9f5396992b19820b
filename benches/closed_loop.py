"""How many closed-loop rendezvous fly in a second, and where do they end? The same law in numpy beside ours, A B A B.

    python benches/closed_loop.py [TRAJECTORIES]

Three hours at 1 s steps: from 5 km behind, along a glideslope to a hold at 200 m, then held for an hour and a half; six
normals of navigation noise a step, gains from the discrete Riccati equation, thrust cut at 0.02 m/s2 an axis. numpy
flies the same law with its own normals, 10,000 trajectories side by side, in place. Both ends are set beside what the
discrete Lyapunov equation says of the hold, so that a law that does not converge is seen, and the laws agree.
"""

import argparse
import time

import numpy as np
from arguments import whole
from machine import machine
from scipy.linalg import solve_discrete_are, solve_discrete_lyapunov

N, DT, PERIODS, LIMIT = 0.0011335, 1.0, 10_800, 0.02
NOISE = np.array([1.0, 1.0, 1.0, 0.02, 0.02, 0.02])  # m and m/s, one sigma, each second
WEIGHT = 1.0e9  # of (m/s2)^2 beside m^2
FAR, NEAR, GLIDE = 5000.0, 200.0, 5400  # m behind the target; s
SPREAD = np.array([100.0, 30.0, 100.0, 0.1, 0.03, 0.1])
WIDE, ROUNDS, GOAL = 10_000, 4, 60.0


def the_law():
    """The loop, its plan and thrust, and the covariance that it settles to."""
    from kernels.relative.closed_loop import loop
    from kernels.relative.hill import glideslope_distance

    free = loop(N, DT, np.zeros((3, 6)), NOISE, LIMIT)
    costs = np.diag([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]), WEIGHT * np.eye(3)
    p = solve_discrete_are(free.phi, free.push, *costs)
    gain = np.linalg.solve(costs[1] + free.push.T @ p @ free.push, free.push.T @ p @ free.phi)
    gain[[0, 0, 2, 2], [1, 4, 1, 4]] = 0.0  # zero but for rounding
    gain[1, [0, 2, 3, 5]] = 0.0
    law = loop(N, DT, gain, NOISE, LIMIT)
    # Distance to go rho' = a rho - v_end, so that rho is 0 after GLIDE s and the last speed 0.05 m/s.
    length, last = FAR - NEAR, -0.05
    first = -_first_speed(length, -last)
    t = np.arange(PERIODS) * DT
    rho = np.array([glideslope_distance(s, length, first, last) if s < GLIDE else 0.0 for s in t])
    slope = (first - last) / length
    moving = t < GLIDE
    speed = np.where(moving, -(slope * rho + last), 0.0)
    plan, thrust = np.zeros((PERIODS, 6)), np.zeros((PERIODS, 3))
    plan[:, 0], plan[:, 3] = -NEAR - rho, speed
    thrust[:, 0] = np.where(moving, slope * speed, 0.0)
    thrust[:, 2] = 2.0 * N * speed  # Coriolis: a straight line along V-bar needs thrust to the nadir
    closed, drive = law.phi - law.push @ gain, law.push @ gain * NOISE
    assert np.abs(np.linalg.eigvals(closed)).max() < 1.0
    return law, plan, thrust, solve_discrete_lyapunov(closed, drive @ drive.T)


def _first_speed(length, last):
    """Speed at the start of a glideslope that takes GLIDE s over `way` m and ends at `last` m/s."""
    from scipy.optimize import brentq

    return brentq(lambda v: length * np.log(v / last) / (v - last) - GLIDE, 1.01 * last, 1000.0 * last)


def starts(n):
    return np.random.default_rng(1).standard_normal((n, 6)) * SPREAD + [-FAR, 0, 0, 0, 0, 0]


def in_numpy(law, plan, thrust, n, normals):
    """The same law, every array allocated once; states (n, 6), thrust summed (n,)."""
    x = np.ascontiguousarray(starts(n).T)
    seen, moved, pushed = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    a, used = np.empty((3, n)), np.zeros(n)
    demand = thrust + plan @ law.gain.T
    noise, limit = NOISE[:, None], LIMIT
    for k in range(PERIODS):
        normals.standard_normal(out=seen)
        np.multiply(seen, noise, out=seen)
        np.add(seen, x, out=seen)
        np.matmul(law.gain, seen, out=a)
        np.subtract(demand[k][:, None], a, out=a)
        np.clip(a, -limit, limit, out=a)
        np.matmul(law.phi, x, out=moved)
        np.matmul(law.push, a, out=pushed)
        np.add(moved, pushed, out=x)
        np.abs(a, out=a)
        for row in a:
            np.add(used, row, out=used)
    return x.T, used * DT


def figures(states, delta_v):
    error = np.linalg.norm(states[:, :3] + [NEAR, 0.0, 0.0], axis=1)
    return f"{np.median(error):12.3f}{np.quantile(error, 0.95):12.3f}{np.median(delta_v):12.2f}"


def main():
    from sim.rendezvous.closed_loop import fly_closed_loop

    parser = argparse.ArgumentParser(prog="bench closed_loop", description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=whole(1, 1_000_000), default=40_000, help="trajectories (40,000)")
    n = parser.parse_args().count
    law, plan, thrust, settled = the_law()
    runs = {
        "tiangong, 1 thread": (lambda: fly_closed_loop(law, starts(n), plan, thrust, seed=7), n),
        "tiangong, 2 threads": (lambda: fly_closed_loop(law, starts(n), plan, thrust, seed=7, threads=2), n),
        "numpy, default_rng": (lambda: in_numpy(law, plan, thrust, WIDE, np.random.default_rng(7)), WIDE),
        "numpy, SFC64": (lambda: in_numpy(law, plan, thrust, WIDE, np.random.Generator(np.random.SFC64(7))), WIDE),
    }
    print(
        f"{machine()} where not noted otherwise\n{PERIODS} steps of {DT:g} s, the shortest of {ROUNDS} rounds in turn"
    )
    fly_closed_loop(law, starts(1), plan[:8], thrust[:8], seed=7)  # compiles
    taken, busy, ends = {name: [] for name in runs}, {name: [] for name in runs}, {}
    for _ in range(ROUNDS):
        for name, (run, count) in runs.items():
            clock, cpu = time.perf_counter(), time.process_time()
            found = run()
            taken[name].append((time.perf_counter() - clock) / count)
            busy[name].append((time.process_time() - cpu) / count)
            ends[name] = found if isinstance(found, tuple) else (found.states, found.delta_v)
    print(f"{'':22}{'runs/s':>10}{'ns a step':>11}{'CPU ns':>9}{'median m':>12}{'95 % m':>12}{'dv m/s':>12}")
    for name, times in taken.items():
        each = min(times)
        cost = f"{1e9 * each / PERIODS:11.2f}{1e9 * min(busy[name]) / PERIODS:9.2f}"
        print(f"{name:22}{1.0 / each:10.0f}{cost}{figures(*ends[name])}")
    draw = np.random.default_rng(3).multivariate_normal(np.zeros(6), settled, 200_000)[:, :3]
    error = np.linalg.norm(draw, axis=1)
    print(f"{'Lyapunov':22}{'':30}{np.median(error):12.3f}{np.quantile(error, 0.95):12.3f}")
    same = (ends["tiangong, 1 thread"][0] == ends["tiangong, 2 threads"][0]).all()
    print(f"one and two threads: {'the same bits' if same else 'DIFFERENT'}")
    ratio = min(taken["numpy, default_rng"]) / min(taken["tiangong, 2 threads"])
    word = "reached" if ratio >= GOAL else "MISSED"
    print(f"goal: >= {GOAL:g}x numpy on two cores; {ratio:.1f}x by wall time, {word}")
    ratio = min(busy["numpy, default_rng"]) / min(busy["tiangong, 1 thread"])
    print(f"one core against one by CPU time, which other work on the machine disturbs less: {ratio:.1f}x")


if __name__ == "__main__":
    main()
