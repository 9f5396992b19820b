"""Probability of collision where an encounter is not short, or its error ellipsoids bend along the orbit.

`expected_collisions` integrates the rate at which the secondary enters the hard-body sphere over time and over the
sphere (Coppola, AAS 12-248, eq. 23-26; Hall, J. Spacecraft Rockets 58 (2021) 1), each error a Gaussian in equinoctial
elements, which is made linear where both error clouds overlap most. It is the number of collisions that is expected:
a bound from above of the probability, and equal to it where the sphere is entered at most once. `monte_carlo` draws
both objects and counts, the referee. Motion is two-body over the span: leave it at some hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr
from scipy.stats import beta

from sim.conjunctions.encounter import Encounter
from sim.conjunctions.equinoctial import Cloud, cloud, derivatives, period_s, states
from sim.conjunctions.errors import EncounterError

OVERLAP_STEPS = 30  # of the search for where the clouds overlap most
SETTLED = 1.0e-9  # in the elements: a centimetre
GIVEN_UP = 1.0e6  # square of sigmas apart
# Points on the sphere: Gauss-Legendre in the height of each half, twice as many around; more where the radius is many
# sigmas: a Gaussian that is seen every third of its sigma is integrated to 1e-7.
FEWEST_POLES, POLES_A_SIGMA, MOST_POLES = 24, 9.0, 180
POINTS_AT_ONCE = 300_000  # of sphere and time
LEFT_OUT_LOG = 28.0  # points whose density is exp(-28) of the largest are left out
NEGLIGIBLE = 32.0  # exp(-32) = 1e-14 of the largest rate
STANDS_REL = 1.0e-4  # the integral and that of half the step agree to this
HALVINGS = 12
PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))  # of coordinates, in the products of `Sphere`


def usual_span(encounter: Encounter) -> float:
    """Half of the shorter period of both, s, on either side of the closest approach. EncounterError where an object is
    in no closed orbit.

    Two orbits that cross twice meet again half a period later: the passages there count too (Alfano's cases 6 and 11:
    twice as many collisions as in a quarter of a period). A quarter would cut slow encounters (his case 10: 23 % less).
    """
    return 0.5 * min(period_s(encounter.r1, encounter.v1), period_s(encounter.r2, encounter.v2))


def expected_collisions(encounter: Encounter, before_s: float | None = None, after_s: float | None = None) -> float:
    """Collisions expected from `before_s` seconds before the states' instant to `after_s` after it; `usual_span` where
    they are not given.

    Good to 1e-3 relative where both clouds are well inside one revolution; `monte_carlo` is slower and makes no such
    assumption. A radius of zero makes 0, an infinite one 1. EncounterError where a covariance has no velocities or is
    none, an object is in no closed orbit, or the span is below zero.
    """
    clouds = cloud(encounter.r1, encounter.v1, encounter.c1), cloud(encounter.r2, encounter.v2, encounter.c2)
    if encounter.radius_m == 0.0 or math.isinf(encounter.radius_m):
        return 0.0 if encounter.radius_m == 0.0 else 1.0
    before_s, after_s = (usual_span(encounter) if s is None else s for s in (before_s, after_s))
    if not (math.isfinite(before_s + after_s) and before_s + after_s > 0.0):
        raise EncounterError(f"the span is {before_s!r} s before to {after_s!r} s after; it must be above zero")
    sigma = math.sqrt(max(float(np.linalg.eigvalsh(encounter.position_covariance)[0]), 1.0e-12))
    poles = int(min(max(FEWEST_POLES, POLES_A_SIGMA * encounter.radius_m / sigma), MOST_POLES))
    sphere = _sphere(poles, tuple(encounter.relative_velocity))

    def rates(t):
        parts = np.array_split(t, max(1, len(t) * len(sphere.weights) // POINTS_AT_ONCE))
        return np.concatenate([_rate(*clouds, encounter.radius_m, sphere, part) for part in parts])

    try:
        found = _integral(rates, _where_it_happens(clouds, encounter, before_s, after_s))
    except np.linalg.LinAlgError:
        found = math.nan
    if not math.isfinite(found):
        raise EncounterError(
            "the covariance of the miss cannot be inverted at every time of the span; both objects need one that is "
            "positive definite, velocities included"
        )
    return found


def _where_it_happens(clouds: tuple[Cloud, Cloud], encounter: Encounter, before_s: float, after_s: float) -> np.ndarray:
    """Times between which the rate is smooth: closer together around each time at which the clouds overlap most.

    The square of the miss in sigmas is sampled, then zoomed into around each of its minima until neighbours differ by
    less than one; a rate falls to 1e-14 within eight widths of such a minimum.
    """
    times = np.unique(
        np.concatenate([np.linspace(-before_s, after_s, 257), _linear_span(encounter, before_s, after_s)])
    )
    squares = _squares(*clouds, times)
    inner = np.flatnonzero((squares[1:-1] <= squares[:-2]) & (squares[1:-1] <= squares[2:])) + 1
    smallest = squares.min()
    found = [np.array([-before_s, after_s])]
    for i in inner[squares[inner] < smallest + 4.0 * NEGLIGIBLE + 0.5 * np.abs(squares[inner + 1] - squares[inner])]:
        low, high = times[i - 1], times[i + 1]
        for _ in range(40):
            fine = np.linspace(low, high, 33)
            square = _squares(*clouds, fine)
            best = int(np.clip(np.argmin(square), 1, 31))
            bend = square[best - 1] - 2.0 * square[best] + square[best + 1]
            if bend < 1.0 or high - low < 1.0e-9:
                break
            low, high = fine[best - 1], fine[best + 1]
        width = (fine[1] - fine[0]) / math.sqrt(max(0.5 * bend, 1.0e-4))
        mean, _ = _relative(*clouds, fine[best : best + 1])
        inside = (
            2.0 * encounter.radius_m / max(float(np.linalg.norm(mean[0, 3:])), 1.0e-6)
        )  # how long it takes to cross
        found.append(np.clip(fine[best] + width * np.linspace(-9.0, 9.0, 37), -before_s, after_s))
        found.append(np.clip(fine[best] + (9.0 * width + inside) * np.linspace(-1.0, 1.0, 65), -before_s, after_s))
    return np.unique(np.concatenate(found))


def _squares(first: Cloud, second: Cloud, t) -> np.ndarray:
    """(n,) squares of the miss in sigmas at times t."""
    mean, covariance = _relative(first, second, t)
    return np.einsum("ni,ni->n", mean[:, :3], np.linalg.solve(covariance[:, :3, :3], mean[:, :3, None])[:, :, 0])


def _linear_span(encounter: Encounter, before_s: float, after_s: float) -> np.ndarray:
    """Times at which a straight encounter happens, by its covariance along the relative velocity."""
    w = encounter.relative_velocity
    speed = float(np.linalg.norm(w))
    if speed == 0.0:
        return np.zeros(1)
    along = w / speed
    sigma = math.sqrt(max(float(along @ encounter.position_covariance @ along), 0.0)) + encounter.radius_m
    middle = -float(encounter.miss @ along) / speed
    return np.clip(middle + np.linspace(-8.0, 8.0, 129) * sigma / speed, -before_s, after_s)


def _integral(rates, times) -> float:
    """By Simpson's rule on intervals that are halved where their rule has not settled."""
    start, end = times[:-1], times[1:]
    at_ends = rates(times)
    low, high, middle = at_ends[:-1], at_ends[1:], rates(0.5 * (start + end))
    total = 0.0
    for level in range(HALVINGS):
        centre = 0.5 * (start + end)
        left, right = rates(0.5 * (start + centre)), rates(0.5 * (centre + end))
        coarse = (end - start) / 6.0 * (low + 4.0 * middle + high)
        fine = (end - start) / 12.0 * (low + 4.0 * left + 2.0 * middle + 4.0 * right + high)
        allowed = STANDS_REL * (total + float(fine.sum())) / 64.0
        open_ = (np.abs(fine - coarse) > allowed) & (level < HALVINGS - 1)
        total += float(fine[~open_].sum())
        if not open_.any():
            break
        start, end = np.r_[start[open_], centre[open_]], np.r_[centre[open_], end[open_]]
        low, high = np.r_[low[open_], middle[open_]], np.r_[middle[open_], high[open_]]
        middle = np.r_[left[open_], right[open_]]
    return total


class Sphere(NamedTuple):
    """Points s (3, k) of the unit sphere, their weights (k,), and the products (10, k) of which a polynomial of second
    degree in s is the sum: six of two coordinates, three of one, and 1."""

    points: np.ndarray
    weights: np.ndarray
    products: np.ndarray


@lru_cache(maxsize=4)
def _sphere(poles: int, pole: tuple[float, float, float]) -> Sphere:
    """Around the axis `pole`. The rate of entry bends where the surface runs along the relative velocity: with the pole
    along it that is the equator, and a rule for each half meets no bend."""
    nodes, weights = np.polynomial.legendre.leggauss((poles + 1) // 2)
    heights = np.concatenate((0.5 * (nodes - 1.0), 0.5 * (nodes + 1.0)))
    n = len(heights)
    turn = math.pi * (np.arange(2 * n) + 0.5) / n
    flat = np.sqrt(1.0 - heights**2)
    points = np.stack([np.outer(flat, np.cos(turn)), np.outer(flat, np.sin(turn)), np.outer(heights, np.ones(2 * n))])
    length = math.hypot(*pole)
    axis = np.array(pole) / length if length > 0.0 else np.array([0.0, 0.0, 1.0])
    first = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    first /= np.linalg.norm(first)
    x = np.stack([first, np.cross(axis, first), axis], 1) @ points.reshape(3, -1)
    products = np.stack([*(x[i] * x[j] for i, j in PAIRS), *x, np.ones(x.shape[1])])
    return Sphere(x, np.repeat(np.tile(weights, 2), 2 * n) * math.pi / (2.0 * n), products)


def _polynomial(square, line=None, constant=None) -> np.ndarray:
    """(n, 10) coefficients of s' M s + b s + c by the products of `Sphere`, of M (n, 3, 3), b (n, 3), c (n,)."""
    out = np.zeros((len(square), 10))
    for k, (i, j) in enumerate(PAIRS):
        out[:, k] = square[:, i, j] if i == j else square[:, i, j] + square[:, j, i]
    if line is not None:
        out[:, 6:9] = line
    if constant is not None:
        out[:, 9] = constant
    return out


def _rate(first: Cloud, second: Cloud, radius: float, sphere: Sphere, t) -> np.ndarray:
    """(n,) collisions a second at times t (n,).

    At a point R s of the sphere the density is a Gaussian of position, and the velocity, given the position, one more:
    exponent, mean and variance of its radial part are polynomials of second degree in s.
    """
    mean, covariance = _relative(first, second, t)
    r, v = mean[:, :3], mean[:, 3:]
    a, b = covariance[:, :3, :3], covariance[:, :3, 3:]
    if not (np.linalg.eigvalsh(a)[:, 0] > 0.0).all():
        raise np.linalg.LinAlgError("a covariance that is not positive definite")
    inverse = np.linalg.inv(a)
    gain = np.swapaxes(inverse @ b, 1, 2)  # of the mean velocity by the position
    pull = (inverse @ r[:, :, None])[:, :, 0]
    square = np.einsum("ni,ni->n", r, pull)
    exponent = _polynomial(-0.5 * radius**2 * inverse, radius * pull, -0.5 * square) @ sphere.products
    seen = exponent > exponent.max() - LEFT_OUT_LOG
    at, k = np.nonzero(seen)
    radial = (_polynomial(radius * gain, v - (gain @ r[:, :, None])[:, :, 0]) @ sphere.products)[seen]
    variance = (_polynomial(covariance[:, 3:, 3:] - gain @ b) @ sphere.products)[seen]
    sigma = np.sqrt(np.maximum(variance, 1.0e-24))
    z = radial / sigma
    inward = sigma * (np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) - z * ndtr(-z))
    dense = np.exp(exponent[seen]) * inward * sphere.weights[k]
    scale = (2.0 * math.pi) ** 1.5 * np.sqrt(np.linalg.det(a))
    return radius**2 * np.bincount(at, dense, len(t)) / scale


def _relative(first: Cloud, second: Cloud, t) -> tuple[np.ndarray, np.ndarray]:
    """Mean (n, 6) and covariance (n, 6, 6) of the relative state, linear about where both clouds overlap most.

    Gauss-Newton: both clouds are made linear at the last guess, and the place of the largest product of their densities
    is the next one. Where the clouds are many sigmas apart it need not settle; the rate is nothing there.
    """
    clouds = (first, second)
    at = [np.broadcast_to(c.mean, (len(t), 6)).copy() for c in clouds]
    mean, covariance = np.empty((len(t), 6)), np.empty((len(t), 6, 6))
    left = np.arange(len(t))
    for _ in range(OVERLAP_STEPS):
        means, covariances, gains = [], [], []
        for one, e in zip(clouds, at, strict=True):
            x, j = derivatives(e[left], one.fr, t[left])
            spread = one.covariance @ np.swapaxes(j, 1, 2)
            means.append(x + (j @ (one.mean - e[left])[:, :, None])[:, :, 0])
            covariances.append(j @ spread)
            gains.append(spread[:, :, :3])
        mean[left], covariance[left] = means[1] - means[0], covariances[0] + covariances[1]
        apart = mean[left, :3, None]
        pull = np.linalg.solve(covariance[left, :3, :3], apart)
        square = (apart * pull).sum(axis=(1, 2))
        moved = np.zeros(left.size)
        for one, gain, e, sign in zip(clouds, gains, at, (1.0, -1.0), strict=True):
            new = one.mean + sign * (gain @ pull)[:, :, 0]
            new[:, 0] = np.clip(new[:, 0], 0.5 * one.mean[0], 2.0 * one.mean[0])
            moved = np.maximum(moved, np.abs(new - e[left])[:, 1:].max(axis=1))
            e[left] = new
        # A step that moves the guess by less than a millionth of the way changes nothing; far clouds are given up.
        left = left[(moved > SETTLED) & (square < GIVEN_UP)]
        if not left.size:
            break
    return mean, covariance


@dataclass(frozen=True)
class Counted:
    """Of a Monte Carlo: trials, collisions, the share, and its 95 % interval (Clopper and Pearson)."""

    trials: int
    hits: int

    @property
    def probability(self) -> float:
        return self.hits / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        low = float(beta.ppf(0.025, self.hits, self.trials - self.hits + 1)) if self.hits else 0.0
        high = float(beta.ppf(0.975, self.hits + 1, self.trials - self.hits)) if self.hits < self.trials else 1.0
        return low, high


def monte_carlo(
    encounter: Encounter, before_s: float, after_s: float, trials: int, seed: int, steps: int = 65
) -> Counted:
    """Both clouds drawn in their elements and flown; a trial hits where the straight line between two of `steps` times
    passes nearer than the radius.

    Straight lines err by a quarter of (relative acceleration) x (step)^2 / 2: take steps so that this is small against
    the radius.
    """
    generator = np.random.Generator(np.random.Philox(key=seed))
    clouds = cloud(encounter.r1, encounter.v1, encounter.c1), cloud(encounter.r2, encounter.v2, encounter.c2)
    times = np.linspace(-before_s, after_s, steps)
    hits = 0
    for first in range(0, trials, 20_000):
        n = min(20_000, trials - first)
        drawn = [generator.multivariate_normal(c.mean, c.covariance, n, method="eigh") for c in clouds]
        nearest = np.full(n, np.inf)
        before = None
        for t in times:
            apart = np.subtract(
                *(states(e, c.fr, np.full(n, t)) for e, c in zip(drawn[::-1], clouds[::-1], strict=True))
            )
            if before is not None:
                step = apart[:, :3] - before
                share = np.clip(-np.einsum("ij,ij->i", before, step) / np.einsum("ij,ij->i", step, step), 0.0, 1.0)
                nearest = np.minimum(nearest, np.linalg.norm(before + share[:, None] * step, axis=1))
            before = apart[:, :3]
        hits += int((nearest < encounter.radius_m).sum())
    return Counted(trials, hits)
