"""Random draws: which laws they follow, and the numbers of one run, from streams that no two draws share."""

from __future__ import annotations

import math

import numpy as np

from kernels.maths.random import normals, uniforms
from sim.core.random_streams import stream
from sim.scenario.dispersible import Dispersion

__all__ = ["Dispersion", "Draw", "draw"]

Draw = dict[str, tuple[float, ...]]  # by path: what is added, in the dispersion's unit


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
