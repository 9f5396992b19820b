"""Gravity fields as records for the kernels: point mass, J2, the packaged EGM2008, or any ICGEM `.gfc` file."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import J2, MU_EARTH, R_GRAVITY
from sim.environment.gfc import GravityFileError, read_gfc, read_gfc_header
from sim.files import packaged

if TYPE_CHECKING:
    from kernels.orbit.harmonics import Field

__all__ = ["GravityFileError", "egm2008", "egm2008_degree", "icgem", "j2_only", "point", "read_gfc", "read_gfc_header"]

LARGEST = 120  # degree, to which the tests of the kernel go


def point(mu: float = MU_EARTH, radius: float = R_GRAVITY) -> Field:
    """A point mass, m3/s2."""
    return _made(mu, radius, np.ones((1, 1)), np.zeros((1, 1)), 0)


def j2_only(mu: float = MU_EARTH, radius: float = R_GRAVITY, j2: float = J2) -> Field:
    """A point mass and the oblateness term."""
    c, s = np.zeros((3, 3)), np.zeros((3, 3))
    c[0, 0], c[2, 0] = 1.0, -j2 / math.sqrt(5.0)
    return _made(mu, radius, c, s, 2, 0)


@lru_cache(maxsize=8)
def egm2008(degree: int, order: int | None = None, mu: float | None = None, radius: float | None = None) -> Field:
    """The packaged EGM2008 (tide-free), up to degree and order 70; made once, since nothing writes to a field."""
    c, s = _egm70()
    return _field(c, s, degree, order, mu or MU_EARTH, radius or R_GRAVITY)


def egm2008_degree() -> int:
    """The highest degree of the packaged field."""
    return len(_egm70()[0]) - 1


@lru_cache(maxsize=1)
def _egm70() -> tuple[np.ndarray, np.ndarray]:
    file = packaged.arrays("seeds/assets/egm70.npz")
    return file["C"], file["S"]


def icgem(path: Path, degree: int, order: int | None = None, mu: float | None = None, radius: float | None = None):
    """A field from an ICGEM file, https://icgem.gfz-potsdam.de/ICGEM-Format-2023.pdf: static, fully normalised."""
    header, c, s = read_gfc(path, degree, order)
    return _field(c, s, degree, order, mu or header["earth_gravity_constant"], radius or header["radius"])


def _made(mu: float, radius: float, c: np.ndarray, s: np.ndarray, degree: int, order: int | None = None) -> Field:
    from kernels.orbit.harmonics import make_field  # brings numba: a file is read and refused without

    return make_field(mu, radius, c, s, degree, order)


def from_coefficients(c, s, degree: int, order: int, mu: float, radius: float) -> Field:
    """A field of any body from fully normalised coefficients (>= degree+1, >= degree+1), `mu` m3/s2, `radius` m."""
    return _field(c, s, degree, order, mu, radius)


def _field(c, s, degree: int, order: int | None, mu: float, radius: float) -> Field:
    if degree > LARGEST:
        raise GravityFileError(f"degree {degree} asked for; this program flies fields to degree {LARGEST}")
    if degree >= len(c):
        raise GravityFileError(f"degree {degree} asked for; the field goes to {len(c) - 1}")
    return _made(mu, radius, c, s, degree, degree if order is None else min(order, degree))
