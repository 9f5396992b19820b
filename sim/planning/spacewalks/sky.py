"""What a crew outside has about it along an orbit, sampled: protons, relay satellites, sunlight, the Sun's angle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kernels.constants import FLATTENING, R_EQUATOR
from kernels.orbit.shadow import ELLIPSOID, illumination_table
from sim.environment.world import World
from sim.orbit.radiation import Anomaly
from sim.orbit.tracking import Links, earth_fixed, links
from sim.scenario.spacewalk_rules import SpacewalkRules

RING = 72  # places on an orbit, 5 deg apart: the anomaly is some 20 deg wide
CHUNK_S = 10800.0  # the Sun moves by 0.06 deg from its middle to its end: an edge of the shadow by a second
DAY_S = 86400.0  # the pole of the Earth is taken as still in it


@dataclass(frozen=True)
class Measured:
    """What one spacewalk meets: the most `protons` of those in the middle of the anomaly, seconds `in_anomaly`, share
    of the time with a relay satellite, `sun_left` s of sunlight when the hatch opens, `sunlit` share, `beta` deg."""

    protons: float
    in_anomaly: float
    coverage: float
    sun_left: float
    sunlit: float
    beta: float


@dataclass(frozen=True)
class Sky:
    """Samples at `t` (n,) s, `step` s apart: protons (n,) as a share of the anomaly's middle, `relayed` and `lit` (n,)
    bool, `beta` (n,) deg, the angle of the Sun above the plane of the orbit."""

    t: np.ndarray
    step: float
    protons: np.ndarray
    relayed: np.ndarray
    lit: np.ndarray
    beta: np.ndarray

    def index(self, t: np.ndarray | float) -> np.ndarray:
        """The last sample at or before each of `t` s, within the samples."""
        return np.clip(np.floor((np.asarray(t) - self.t[0]) / self.step + 1e-9).astype(int), 0, len(self.t) - 1)

    @cached_property
    def sun_left(self) -> np.ndarray:
        """From each sample to the last lit one without a break, s; 0 in the shadow."""
        number = np.arange(len(self.t))
        dark = np.where(self.lit, len(self.t), number)
        following = np.minimum.accumulate(dark[::-1])[::-1]
        return self.step * (following - number)

    def measured(self, start: float, end: float, protons_most: float) -> Measured:
        """Of a spacewalk from `start` to `end` s."""
        part = slice(int(self.index(start)), int(self.index(end)) + 1)
        return Measured(
            protons=float(self.protons[part].max()),
            in_anomaly=self.step * int(np.count_nonzero(self.protons[part] > protons_most)),
            coverage=float(self.relayed[part].mean()),
            sun_left=float(self.sun_left[part.start]),
            sunlit=float(self.lit[part].mean()),
            beta=float(self.beta[part.start]),
        )


def sampled(t: np.ndarray, r: np.ndarray, v: np.ndarray, world: World, zone: Anomaly, rules: SpacewalkRules) -> Sky:
    """The samples of states r, v (n,3) GCRS, m and m/s, at evenly spaced `t` (n,) s."""
    step = float(t[1] - t[0])
    each = max(2, round(CHUNK_S / step))
    seen = links(mask=1e3 * rules.relay.mask_km)
    rows = [slice(k, k + each) for k in range(0, len(t), each)]
    parts = [_part(t[k], r[k], v[k], world, zone, seen) for k in rows]
    protons, relayed, lit, beta = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Sky(t, step, protons, relayed, lit, beta)


def _part(t: np.ndarray, r: np.ndarray, v: np.ndarray, world: World, zone: Anomaly, seen: Links):
    middle = float(t[len(t) // 2])
    sun, pole = world.sun(middle), world.true_of_date(middle)[2]
    lit = np.empty(len(t))
    illumination_table(np.ascontiguousarray(r), sun, pole, ELLIPSOID, lit)
    normal = np.cross(r, v)
    sine = normal @ sun / (np.linalg.norm(normal, axis=1) * math.sqrt(float(sun @ sun)))
    relays = seen.seen(earth_fixed(r, t, world))[:, len(seen.stations) :]
    protons = zone.protons(*world.geodetic(t, r))
    return protons, relays.any(axis=1), lit > 0.5, np.degrees(np.arcsin(sine))


def protons_anywhere(t: np.ndarray, r: np.ndarray, v: np.ndarray, world: World, zone: Anomaly) -> np.ndarray:
    """The most protons (n,) anywhere on the orbit of each state, (n,3) GCRS, taken as a circle: where nobody knows how
    far along it the station is, it may be there."""
    normal = np.cross(r, v)
    ahead = np.cross(normal, r) / np.linalg.norm(normal, axis=1)[:, None]
    each = round(DAY_S / float(t[1] - t[0]))
    highest = np.zeros(len(t))
    for k in range(0, len(t), each):
        part = slice(k, k + each)
        one, other = (earth_fixed(x[part], t[part], world) for x in (r, ahead))
        for angle in (2.0 * math.pi * np.arange(RING) / RING).tolist():
            x, y, z = (math.cos(angle) * one + math.sin(angle) * other).T
            flat = np.hypot(x, y)
            latitude = np.arctan2(z, flat * (1.0 - FLATTENING) ** 2)
            ground = R_EQUATOR * (1.0 - FLATTENING * np.sin(latitude) ** 2)
            height = np.hypot(flat, z) - ground
            found = zone.protons(np.degrees(latitude), np.degrees(np.arctan2(y, x)), height)
            highest[part] = np.maximum(highest[part], found)
    return highest
