"""Arrival at a body as a hyperbola: its impact vector, the required one, and the time of its periapsis."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from sim.core.flight import Failure

Node = Literal["ascending", "descending"]


class Hyperbola(NamedTuple):
    """`incoming` (3,): unit vector of the velocity far away; `speed` there, m/s; `impact` (3,) m from the centre to the
    asymptote, normal to it; `periapsis` m; `to_periapsis` s from the state, negative after it."""

    incoming: np.ndarray
    speed: float
    impact: np.ndarray
    periapsis: float
    to_periapsis: float


def hyperbola(r: np.ndarray, v: np.ndarray, mu: float) -> Hyperbola:
    """Of a state (3,) m, (3,) m/s about a body of `mu` m3/s2. Failure where it is bound."""
    distance = float(np.linalg.norm(r))
    energy = 0.5 * float(v @ v) - mu / distance
    if energy <= 0.0:
        raise Failure(f"the arrival is no hyperbola: {energy:.0f} m2/s2 at {distance / 1e3:.0f} km from the centre")
    h = np.cross(r, v)
    towards = np.cross(v, h) / mu - r / distance  # the eccentricity vector
    e, a, size = float(np.linalg.norm(towards)), mu / (2.0 * energy), float(np.linalg.norm(h))
    p, q = towards / e, np.cross(h / size, towards / e)
    incoming = (p + math.sqrt(e * e - 1.0) * q) / e
    speed = math.sqrt(2.0 * energy)
    sinh = float(r @ v) / (e * math.sqrt(mu * a))
    anomaly = math.asinh(sinh)
    since = (e * sinh - anomaly) * math.sqrt(a**3 / mu)
    return Hyperbola(incoming, speed, np.cross(incoming, h) / speed, a * (e - 1.0), -since)


def impact_vector(
    of: Hyperbola, mu: float, periapsis: float, pole: np.ndarray, inclination: float, node: Node
) -> np.ndarray:
    """The impact vector (3,) m with which the same asymptote and speed lead to a periapsis (m from the centre) in an
    orbit of this `inclination`, rad, to the plane normal to `pole` (3,).

    Two orbits have it; `node` is the one that lies ahead, within 90 deg of the incoming velocity.
    Failure where the asymptote stands higher over the plane than the inclination allows.
    """
    across = np.cross(of.incoming, pole)
    flat = float(np.linalg.norm(across))  # the cosine of the asymptote's height over the plane
    if abs(math.cos(inclination)) > flat:
        low, tilt = math.degrees(math.acos(min(flat, 1.0))), math.degrees(inclination)
        raise Failure(f"an arrival {low:.1f} deg over the equator makes no orbit of {tilt:.1f} deg inclination")
    across /= flat  # T of the usual B plane; R completes it
    down = np.cross(of.incoming, across)
    along_down = math.cos(inclination) / float(down @ pole)
    side = 1.0 if node == "ascending" else -1.0
    normal = along_down * down + side * math.sqrt(1.0 - along_down**2) * across
    size = periapsis * math.sqrt(1.0 + 2.0 * mu / (periapsis * of.speed**2))
    return size * np.cross(of.incoming, normal)
