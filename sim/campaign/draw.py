"""Random draws: which laws they follow, and the numbers of one run, from streams that no two draws share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.maths.random import normals, uniforms
from sim.core.random_streams import stream

LAWS = ("normal", "lognormal", "uniform")
Draw = dict[str, tuple[float, ...]]  # by path: what is added, in the dispersion's unit


@dataclass(frozen=True)
class Dispersion:
    """`path` of what is dispersed, in `unit` ("percent" of the nominal, or that of an absolute one).

    `spread`: sigma of a normal law, 100 ln of a lognormal one, half the width of a uniform one. `limit` sigmas: what
    lies beyond is drawn again. `profile` (n, 2): height m and share of the draw there, for a wind.
    """

    path: str
    law: str
    spread: float
    unit: str
    limit: float = math.inf
    profile: tuple[tuple[float, float], ...] = ()
    source: str = ""


def draw(dispersions: tuple[Dispersion, ...], parts: dict[str, int], seed: int, run: int) -> Draw:
    """What run `run` of the root `seed` draws; `parts`: how many numbers each path takes.

    A stream belongs to (seed, run, path): no other dispersion, run or worker moves it.
    """
    return {d.path: tuple(_one(d, seed, run, i, parts[d.path]) for i in range(parts[d.path])) for d in dispersions}


def _one(d: Dispersion, seed: int, run: int, part: int, parts: int) -> float:
    """Part `part` of `parts`; each of them has every `parts`-th number of the stream, so that a number beyond the limit
    is followed by the next of its own."""
    source, number, place = stream(seed, run, d.path), np.empty(1), part
    if d.law == "uniform":
        uniforms(source, place, number)
        return d.spread * (2.0 * float(number[0]) - 1.0)
    while True:
        normals(source, place, number)
        z = float(number[0])
        if abs(z) <= d.limit:
            return 100.0 * math.expm1(0.01 * d.spread * z) if d.law == "lognormal" else d.spread * z
        place += parts
