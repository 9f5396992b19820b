"""Streams: the authors' own answers, and normals that are normal, out to five sigma and in every direction.

The statistical tests have fixed streams, so that they always have one answer; a true generator fails one of them with
the probability `SIGNIFICANCE` of tests/tolerance.py, and then only until its stream is chosen.
"""

import math

import numpy as np
import pytest
from scipy import stats

from kernels.maths.random import LANES, SIX, lane_normals, lane_words, normals, philox, stream, uniforms
from tests import tolerance as tol

MANY = 1_200_000
ONES = 0xFFFFFFFF
# Salmon et al., SC'11, kat_vectors of Random123: counter, key, answer.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def words(*six):
    return tuple(int(w) for w in philox(*(np.uint64(w) for w in six)))


def drawn(fill, of, n=MANY, first=0):
    out = np.empty(n)
    fill(of, first, out)
    return out


def lanes(seed, runs, name, block):
    """Normals (LANES, 4, 6) of blocks block.. of `runs`, as the kernels of many trajectories draw them."""
    whose = stream(seed, 0, name)
    w, z = np.empty(16 * LANES, np.uint32), np.empty(SIX * LANES, np.float32)
    found = np.empty((LANES, 4, SIX))
    lane_words(np.uint64(block), whose.low, whose.high, runs.astype(np.uint64), whose.name, w)
    for b in range(4):
        lane_normals(w[4 * LANES * b : 4 * LANES * (b + 1)], z)
        found[:, b] = z.reshape(SIX, LANES).T
    return found


@pytest.mark.small
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    assert words(*counter, *key) == answer


@pytest.mark.small
def test_lanes_draw_the_same_bits():
    runs = np.arange(LANES)[::-1] * 7919
    found = lanes(2**40 + 3, runs, 17, 1000)
    for i in (0, 1, LANES - 1):
        one = drawn(normals, stream(2**40 + 3, int(runs[i]), 17), 24, 6000)
        assert (one == found[i].ravel()).all()


@pytest.mark.small
def test_a_draw_has_no_past():
    whose = stream(1, 2, 3)
    for fill in (normals, uniforms):
        assert (drawn(fill, whose, 20, 7) == drawn(fill, whose, 27)[7:]).all()


@pytest.mark.small
def test_normals_are_what_box_and_muller_make_of_the_words():
    """In double precision with libm, from the counter (block, 1, run, name); the radius from 24 bits of its word."""
    whose = stream(5 + (9 << 32), 11, 13)
    found = drawn(normals, whose, 600)
    expected, radii = [], []
    for block in range(100):
        w = words(block, 1, 11, 13, 5, 9)
        for j in range(3):
            radius = math.sqrt(-2.0 * math.log(float(np.float32(w[j]) + np.float32(0.5)) / 2**32))
            turn = ((w[3] >> 10 * j & 1023) + (w[j] & 8191) / 8192) / 1024 - 0.5
            expected += [radius * math.sin(math.tau * turn), radius * math.cos(math.tau * turn)]
            radii += [radius, radius]
    assert (np.abs(found - expected) / radii).max() < tol.NORMAL_REL


@pytest.mark.small
def test_uniforms_are_52_bits_of_two_words():
    w = words(4, 0, 11, 13, 5, 9)
    found = drawn(uniforms, stream(5 + (9 << 32), 11, 13), 2, 8)
    assert [u * 2**52 for u in found] == [(w[0] >> 6 << 26 | w[1] >> 6) + 0.5, (w[2] >> 6 << 26 | w[3] >> 6) + 0.5]


def test_uniforms_are_uniform():
    u = drawn(uniforms, stream(2026, 1, 1))
    assert u.min() > 0.0 and u.max() < 1.0
    assert stats.kstest(u, "uniform").pvalue > tol.SIGNIFICANCE
    cells = np.histogram2d(u[::2], u[1::2], bins=64, range=[(0, 1), (0, 1)])[0].ravel()
    assert stats.chisquare(cells).pvalue > tol.SIGNIFICANCE


@pytest.mark.parametrize("run", range(4))
def test_normals_are_normal(run):
    z = drawn(normals, stream(2026, run, 1))
    assert stats.kstest(z, "norm").pvalue > tol.SIGNIFICANCE
    n = z.size
    # Means of z .. z^4, each a sum of independent numbers: variances 1, 2, 15, 96.
    for power, mean, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((z**power).mean() - mean) < tol.SIGMAS * math.sqrt(variance / n)
    assert np.abs(np.corrcoef(z.reshape(-1, SIX).T) - np.eye(SIX)).max() < tol.SIGMAS * math.sqrt(SIX / n)


def test_tails_to_five_sigma():
    """Counts beyond 1 .. 5 sigma on each side among 37 million, each against the binomial law."""
    runs, rounds, edges = np.arange(LANES), 12000, np.arange(1.0, 6.0)
    beyond = np.zeros((2, edges.size))
    n = 0
    for r in range(rounds):
        z = lanes(31, runs + LANES * (r // 100), 2, 4 * (r % 100)).ravel()
        for side, sign in enumerate((1.0, -1.0)):
            beyond[side] += [(sign * z > edge).sum() for edge in edges]
        n += 24 * LANES
    for count in beyond:
        for k, edge in zip(count, edges, strict=True):
            assert stats.binomtest(int(k), n, stats.norm.sf(edge)).pvalue > tol.SIGNIFICANCE
    assert beyond[:, -1].min() > 0


@pytest.mark.parametrize("offset", [1 / 8192, 0.123, 0.5])
def test_1024_directions_are_enough_in_the_tail(offset):
    """Where the fine part of an angle is no longer free, whatever it is: P(r cos > z) over the coarse directions."""
    cosines = np.cos((np.arange(1024) + offset) * (2 * np.pi / 1024))
    for z in (1.0, 3.0, 5.1, 6.5):
        share = np.exp(-0.5 * (z / cosines) ** 2).mean() / 2.0
        assert abs(share / stats.norm.sf(z) - 1.0) < tol.DIRECTIONS_REL


@pytest.mark.parametrize("pair", [0, 2, 4])
def test_a_pair_is_round(pair):
    """A pair shares bits: its radius and direction, and its shadow in any direction, must not know of it."""
    z = drawn(normals, stream(2026, 9, 4)).reshape(-1, SIX)
    x, y = z[:, pair], z[:, pair + 1]
    for angle in np.radians([15.0, 45.0, 60.0, 133.0]):
        assert stats.kstest(x * math.cos(angle) + y * math.sin(angle), "norm").pvalue > tol.SIGNIFICANCE
    share, turn = np.exp(-0.5 * (x * x + y * y)), np.arctan2(y, x) / (2 * math.pi) + 0.5
    assert stats.kstest(share, "uniform").pvalue > tol.SIGNIFICANCE
    assert stats.kstest(turn, "uniform").pvalue > tol.SIGNIFICANCE
    cells = np.histogram2d(share, turn, bins=64, range=[(0, 1), (0, 1)])[0]
    assert stats.chi2_contingency(cells).pvalue > tol.SIGNIFICANCE


@pytest.mark.parametrize("other", [(2026, 6, 3), (2026, 5, 4), (2027, 5, 3), (2026 + (1 << 32), 5, 3)])
def test_neighbouring_streams_know_nothing_of_each_other(other):
    a, b = drawn(normals, stream(2026, 5, 3)), drawn(normals, stream(*other))
    for shift in (0, 1, SIX):
        x, y = a[: a.size - shift], b[shift:]
        limit = tol.SIGMAS / math.sqrt(x.size)
        assert abs(np.mean(x * y)) < limit
        assert abs(np.mean((x * x - 1.0) * (y * y - 1.0))) < 2.0 * limit
    cells = np.histogram2d(stats.norm.cdf(a), stats.norm.cdf(b), bins=32, range=[(0, 1), (0, 1)])[0]
    assert stats.chi2_contingency(cells).pvalue > tol.SIGNIFICANCE


def test_one_bit_of_the_counter_or_key_turns_half_of_the_answer():
    changed = []
    for trial in range(200):
        base = [trial, 0, 3 * trial, 5, 7, 11]
        whole = words(*base)
        for place in range(6):
            base[place] ^= 1 << (trial % 32)
            changed.append(sum((p ^ q).bit_count() for p, q in zip(whole, words(*base), strict=True)))
            base[place] ^= 1 << (trial % 32)
    # Of 128 bits 64 with a spread of sqrt(32) each.
    assert abs(np.mean(changed) - 64.0) < tol.SIGMAS * math.sqrt(32.0 / len(changed))


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (1 << 64, 0, 0), (0, 1 << 32, 0), (0, 0, -5)])
def test_a_stream_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="expected a whole number from 0 to 2"):
        stream(*wrong)
