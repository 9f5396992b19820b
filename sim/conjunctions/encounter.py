"""Two objects near their closest approach: states, covariances, and the plane in which a short encounter is judged.

Conventions (CCSDS 508.0-B-1): R = r/|r|, N = r x v/|r x v|, T = N x R, made of the inertial velocity; the miss is
secondary less primary; the hard body is a sphere whose radius is the sum of both radii, as a disc in the plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.conjunctions.errors import EncounterError

# An eigenvalue below zero by less than this of the largest one is what rounding to eight digits leaves: it is clipped.
# One further below was no covariance before it was written.
ROUNDED_REL = 1.0e-8
# Variances as large as ten radii of the Earth mark, in messages, that there is no covariance (CARA's convention).
NO_COVARIANCE_M2 = (10.0 * 6378135.0) ** 2
CLIPPED_REL = 1.0e-4  # of the radius: the sigma to which a clipped eigenvalue is raised (AAS 17-567)


def rtn_axes(r, v) -> np.ndarray:
    """(3, 3): rows R, T, N of an object at inertial r (3,) with inertial velocity v (3,)."""
    normal = np.cross(r, v)
    radial, normal = r / np.linalg.norm(r), normal / np.linalg.norm(normal)
    return np.array([radial, np.cross(normal, radial), normal])


def full(lower) -> np.ndarray:
    """The symmetric matrix of a lower triangle, given as rows of growing length."""
    n = len(lower)
    out = np.zeros((n, n))
    for i, row in enumerate(lower):
        out[i, : i + 1] = row
        out[: i + 1, i] = row
    return out


def inertial_covariance(covariance_rtn, r, v) -> np.ndarray:
    """A covariance (3, 3) or (6, 6) in an object's RTN axes, in inertial axes: the axes are taken as not turning."""
    covariance = np.asarray(covariance_rtn, dtype=float)
    axes = rtn_axes(np.asarray(r, dtype=float), np.asarray(v, dtype=float)).T
    turn = np.kron(np.eye(len(covariance) // 3), axes)
    out = turn @ covariance @ turn.T
    return 0.5 * (out + out.T)  # where it is nearly zero, rounding leaves the two halves different


@dataclass(frozen=True, eq=False)
class Encounter:
    """Inertial states r (3,) m, v (3,) m/s of primary (1) and secondary (2) at one instant near closest approach,
    inertial covariances (3, 3) or (6, 6) in m and s, and the sum of the radii of both, m.

    A covariance may be None: then nothing is known of that object's error. EncounterError where an input is not finite
    or of another shape, or where the radius is below zero.
    """

    r1: np.ndarray
    v1: np.ndarray
    c1: np.ndarray | None
    r2: np.ndarray
    v2: np.ndarray
    c2: np.ndarray | None
    radius_m: float

    def __post_init__(self):
        problems = []
        for name in ("r1", "v1", "r2", "v2"):
            value = np.asarray(getattr(self, name), dtype=float)
            object.__setattr__(self, name, value)
            if value.shape != (3,) or not np.isfinite(value).all():
                problems.append(f"{name} is {value.tolist()}; it must be three finite numbers")
        for name in ("c1", "c2"):
            if getattr(self, name) is None:
                continue
            value = np.asarray(getattr(self, name), dtype=float)
            object.__setattr__(self, name, value)
            if value.shape not in ((3, 3), (6, 6)) or not np.isfinite(value).all():
                problems.append(f"{name} must be a 3x3 or 6x6 matrix of finite numbers, or None where it is not known")
            elif reason := covariance_fault(value[:3, :3]):
                problems.append(f"{name} {reason}")
        if not self.radius_m >= 0.0:
            problems.append(
                f"the radius is {self.radius_m!r} m; it must not be below zero: the sum of both objects' radii"
            )
        if problems:
            raise EncounterError("; ".join(problems))

    @property
    def miss(self) -> np.ndarray:
        """(3,) m: secondary less primary."""
        return self.r2 - self.r1

    @property
    def relative_velocity(self) -> np.ndarray:
        """(3,) m/s: secondary less primary."""
        return self.v2 - self.v1

    @property
    def miss_rtn(self) -> np.ndarray:
        """(3,) m, in the axes of the primary."""
        return rtn_axes(self.r1, self.v1) @ self.miss

    @property
    def position_covariance(self) -> np.ndarray:
        """(3, 3) m2: of the miss; the errors of both objects are taken as independent."""
        known = [c[:3, :3] for c in (self.c1, self.c2) if c is not None]
        if not known:
            raise EncounterError("neither object has a covariance; give one, or a model of it by age and orbit")
        return np.sum(known, axis=0)

    def at_closest_approach(self) -> tuple[Encounter, float]:
        """Both objects moved in straight lines to where they are nearest, and by how many seconds; the covariances stay
        as they are. With no relative velocity nothing moves."""
        w = self.relative_velocity
        square = float(w @ w)
        dt = -float(self.miss @ w) / square if square > 0.0 else 0.0
        moved = Encounter(
            self.r1 + self.v1 * dt, self.v1, self.c1, self.r2 + self.v2 * dt, self.v2, self.c2, self.radius_m
        )
        return moved, dt

    def plane(self) -> EncounterPlane:
        """What a short encounter depends on, in the plane across the relative velocity."""
        w = self.relative_velocity
        speed = float(np.linalg.norm(w))
        if speed == 0.0:
            raise EncounterError(
                "the objects do not move against each other: there is no encounter plane; integrate over time instead"
            )
        across = w / speed
        in_plane = self.miss - across * float(self.miss @ across)
        length = float(np.linalg.norm(in_plane))
        if length > 0.0:
            first = in_plane / length
        else:  # a direct hit: any direction across will do
            first = np.cross(across, np.eye(3)[int(np.argmin(np.abs(across)))])
            first /= np.linalg.norm(first)
        axes = np.array([first, np.cross(across, first)])
        return plane_of(np.array([length, 0.0]), axes @ self.position_covariance @ axes.T, self.radius_m)


@dataclass(frozen=True)
class EncounterPlane:
    """A short encounter in the principal axes of its covariance.

    x_m, y_m: the miss along the narrow and the wide axis; sigma_x_m <= sigma_y_m; radius_m: of the disc. clipped:
    rounding had left an eigenvalue at or below zero, and it was raised.
    """

    x_m: float
    y_m: float
    sigma_x_m: float
    sigma_y_m: float
    radius_m: float
    clipped: bool = False

    @property
    def mahalanobis2(self) -> float:
        """Square of the miss in sigmas."""
        return (self.x_m / self.sigma_x_m) ** 2 + (self.y_m / self.sigma_y_m) ** 2

    @property
    def miss_m(self) -> float:
        return float(np.hypot(self.x_m, self.y_m))

    def scaled(self, factor: float) -> EncounterPlane:
        """With both sigmas times a factor."""
        return EncounterPlane(
            self.x_m, self.y_m, self.sigma_x_m * factor, self.sigma_y_m * factor, self.radius_m, self.clipped
        )


def covariance_fault(position: np.ndarray) -> str:
    """Why a matrix (3, 3) m2 is no covariance of a position; empty where it is one, to eight digits."""
    if not np.allclose(position, position.T, rtol=1.0e-8, atol=0.0):
        return "is not symmetric; give the lower triangle, and `full` makes the matrix"
    variances = np.diag(position)
    if (variances < 0.0).any():
        return f"has the variances {variances.tolist()} m2; none may be below zero"
    if not variances.any():
        return "is zero: an error that is nothing is not a known error; give None where it is not known"
    if (variances >= NO_COVARIANCE_M2).any():
        return f"has variances of {variances.max():.3g} m2, the mark of a message that has no covariance; give None"
    values = np.linalg.eigvalsh(position)
    if values[0] < -ROUNDED_REL * values[2]:
        return f"has the eigenvalues {values.tolist()} m2; a covariance has none below zero, but for rounding"
    return ""


def plane_of(miss, covariance, radius_m: float) -> EncounterPlane:
    """Of a miss (2,) m and a covariance (2, 2) m2 in any axes of the plane.

    An eigenvalue at or below zero is raised to (1e-4 radius)^2 where rounding explains it (Hall, Hejduk, Johnson, AAS
    17-567); EncounterError where it does not, or where the larger one is not above zero either.
    """
    values, axes = np.linalg.eigh(covariance)
    if not values[1] > 0.0 or values[0] < -ROUNDED_REL * values[1]:
        raise EncounterError(
            f"the covariance in the encounter plane has the eigenvalues {values[0]:.4g} and {values[1]:.4g} m2; "
            "it must be positive definite"
        )
    floor = min((CLIPPED_REL * min(radius_m, 1.0e6)) ** 2, values[1])
    clipped = bool(values[0] <= 0.0)
    if clipped:
        values = np.array([floor or 1.0e-16 * values[1], values[1]])
    x, y = axes.T @ np.asarray(miss, dtype=float)
    return EncounterPlane(float(x), float(y), float(np.sqrt(values[0])), float(np.sqrt(values[1])), radius_m, clipped)
