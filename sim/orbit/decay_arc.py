"""What a decay estimate takes of element sets: mean axis, mean longitude in the plane, and how both go on with SGP4.

`longitude` is M + argument of perigee + node cos(i), the angle along the track that a change of the mean motion moves;
its error times the axis is an along-track error. SGP4's own secular terms give it at the set's epoch and in the days
before it, in which the set was fitted to observations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.orbit.decay_density import MeanPlane

DAY = 86400.0
WGS72_MU, WGS72_RADIUS = 398600.8e9, 6378135.0  # m3/s2, m: of the sets


@dataclass(frozen=True)
class MeanSet:
    """Mean elements (TEME, WGS-72) of a set for the decay: `axis` m (Brouwer), `longitude` rad at the epoch and its
    rate rad/s, `oblate`: that rate over the mean motion, less one."""

    epoch: Epoch
    axis: float
    longitude: float
    oblate: float
    plane: MeanPlane
    elements: ElementSet

    def rate(self, axis: np.ndarray | float) -> np.ndarray | float:
        """Rate of the longitude, rad/s, at an axis (m): n (1 + oblate (axis/axis)^2); oblateness goes with a^-2."""
        return np.sqrt(WGS72_MU / np.asarray(axis) ** 3) * (1.0 + self.oblate * (self.axis / np.asarray(axis)) ** 2)

    def sgp4_longitude(self, after: float, near: MeanPlane | None = None) -> float:
        """The longitude `after` s, by SGP4's secular terms with the drag of the set, rad (not wrapped).

        The node is that turn of it which lies nearest to the one of `near` (its own plane where none is given), whose
        inclination is used: otherwise a whole turn of the node would move the longitude by 2 pi cos(i).
        """
        near = near or self.plane
        record = self.elements.satrec()
        record.sgp4_tsince(after / 60.0)
        expected = near.node + near.node_rate * self.epoch.plus(after).since(near.epoch)
        node = expected + wrapped(record.Om - expected)
        return record.mm + record.om + node * math.cos(near.inclination)


def mean_set(elements: ElementSet) -> MeanSet:
    """The mean elements of one set."""
    r = elements.satrec()
    axis = r.a * WGS72_RADIUS
    n, cosine = math.sqrt(WGS72_MU / axis**3), math.cos(r.inclo)
    rate = (r.mdot + r.argpdot + r.nodedot * cosine) / 60.0
    plane = MeanPlane(elements.epoch, r.inclo, r.nodeo, r.nodedot / 60.0, r.argpo, r.argpdot / 60.0, r.ecco)
    return MeanSet(elements.epoch, axis, r.mo + r.argpo + r.nodeo * cosine, rate / n - 1.0, plane, elements)


def mean_sets(sets: Sequence[ElementSet]) -> list[MeanSet]:
    """Those of many, in the order of their epochs."""
    return [mean_set(e) for e in sorted(sets, key=lambda e: e.epoch)]


def wrapped(angle: float) -> float:
    """Between -pi and pi, rad."""
    return angle - 2.0 * math.pi * round(angle / (2.0 * math.pi))
