"""What does a field cost? Nanoseconds of one evaluation, each waiting for the one before, by degree.

The fast field (eight orders side by side) against Cunningham's recursion as the vectoriser leaves it, with the distance
between the two, and over 128 points at once; at last what registers the compiler chose.
"""

import time

import numpy as np
from machine import machine
from numba import njit

from kernels.constants import MU_EARTH, R_GRAVITY
from kernels.orbit.harmonics import harmonic_acceleration, harmonic_many, make_field
from sim.files.paths import ASSETS
from tests.kernels.cunningham import gravity_body, make_gravity

DEGREES = (2, 4, 8, 12, 20, 36, 50, 70)
PLACE = (6.1e6, 2.0e6, 2.2e6)
POINTS = 128


def cpu(function, times=9):
    """Least processor time of several calls, s; the first, which may compile, is not counted."""
    function()
    found = []
    for _ in range(times):
        start = time.process_time()
        function()
        found.append(time.process_time() - start)
    return min(found)


@njit
def chain(n, x, y, z, field, out):
    """Evaluate n times, each a few metres from where the last one pulls."""
    for _ in range(n):
        harmonic_acceleration(x, y, z, field, out)
        x += out[0]
        y += out[1]
        z += out[2]


@njit
def slow_chain(n, x, y, z, gravity, v, w, out):
    for _ in range(n):
        gravity_body(x, y, z, gravity, v, w, out)
        x += out[0]
        y += out[1]
        z += out[2]


@njit
def batches(n, r, field, out):
    for _ in range(n):
        harmonic_many(r, field, out)


def main():
    print(machine())
    with np.load(ASSETS / "egm70.npz") as file:
        c, s = file["C"], file["S"]
    rng = np.random.default_rng(1)
    r = rng.normal(size=(3, POINTS))
    r *= 6.77e6 / np.linalg.norm(r, axis=0)
    many = np.empty_like(r)
    out, other = np.empty(3), np.empty(3)
    head = f"{'degree':>7}{'fast ns':>9}{'many ns':>9}{'Cunningham ns':>15}{'ratio':>7}{'apart, relative':>17}"
    print(f"\n{head}{'table kB':>10}")
    for degree in DEGREES:
        field = make_field(MU_EARTH, R_GRAVITY, c, s, degree)
        n = 200_000 // (degree + 10)
        fast = cpu(lambda n=n, field=field: chain(n, *PLACE, field, out)) / n
        batch = cpu(lambda field=field: batches(100, r, field, many)) / POINTS / 100
        line = f"{degree:7d}{1e9 * fast:9.1f}{1e9 * batch:9.1f}"
        if degree <= 36:  # unnormalised coefficients hold no further
            gravity, size = make_gravity(MU_EARTH, R_GRAVITY, degree, c, s), degree + 3
            v, w = np.zeros((size, size)), np.zeros((size, size))
            slow = cpu(lambda n=n, g=gravity, v=v, w=w: slow_chain(n // 4, *PLACE, g, v, w, other)) / (n // 4)
            harmonic_acceleration(*PLACE, field, out)
            gravity_body(*PLACE, gravity, v, w, other)
            apart = np.linalg.norm(out - other) / np.linalg.norm(other)
            line += f"{1e9 * slow:15.1f}{slow / fast:7.1f}{apart:17.1e}"
        else:
            line += f"{'-':>15}{'-':>7}{'-':>17}"
        print(line + f"{field.table.nbytes / 1024:10.1f}")
    fresh = njit(error_model="numpy")(harmonic_acceleration.py_func)  # numba shows no code that came from its cache
    fresh(*PLACE, field, out)
    code = "".join(fresh.inspect_asm().values())
    counts = ", ".join(f"{name} {code.count('%' + name)}" for name in ("zmm", "ymm", "xmm"))
    print(f"\nregisters named in the machine code of harmonic_acceleration: {counts}")


if __name__ == "__main__":
    main()
