"""When the conditions of an activity hold on the forecast orbit, on the grid of the plan, with margins.

A condition is sampled every SAMPLE seconds. One that must hold throughout is asked over the whole activity, and the
time that its rack runs on; a pass or a crossing of the anomaly must lie within it. The margin grows with the days since
the lift-off, as the error of the forecast does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kernels.constants import FLATTENING, R_EQUATOR
from sim.core.ground_site import Site
from sim.core.week import DAY, Conditions, Over, Physics, WeekRules
from sim.orbit.tracking import earth_fixed, links
from sim.planning.crew.stay import Stay

SAMPLE = 20.0  # s: the ends of a condition are known to that, the minimum margin that makes sense


@dataclass(frozen=True)
class Sky:
    """Samples of the forecast: times `t` (n,) s, `place` (n,3) Earth-fixed m, `sun` (n,) elevation below, deg."""

    t: np.ndarray
    place: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    sun: np.ndarray
    physics: Physics
    lift_off: float
    events: tuple[float, ...]

    def margin(self, t: np.ndarray) -> np.ndarray:
        """By how much sooner and later than planned a condition must hold, s."""
        return self.physics.margin + self.physics.margin_day * np.maximum(t - self.lift_off, 0.0) / DAY

    @cached_property
    def relayed(self) -> np.ndarray:
        """Whether the line to some relay satellite passes over the Earth and the mask."""
        found = np.zeros(len(self.t), dtype=bool)
        for relay in links(mask=self.physics.relay_mask).relays:
            d = relay - self.place
            along = np.clip(-np.einsum("ij,ij->i", self.place, d) / np.einsum("ij,ij->i", d, d), 0.0, 1.0)
            nearest = np.linalg.norm(self.place + along[:, None] * d, axis=1)
            found |= nearest > R_EQUATOR + self.physics.relay_mask
        return found


def sky(stay: Stay, physics: Physics) -> Sky:
    """The forecast from the docking to the end of its path."""
    t = np.arange(stay.path.start, stay.path.end, SAMPLE)
    r = stay.path.at(t)[0]
    place = np.concatenate([earth_fixed(r[k : k + 2000], t[k : k + 2000], stay.world) for k in range(0, len(t), 2000)])
    up = r / np.linalg.norm(r, axis=1)[:, None]
    knots = np.linspace(t[0], t[-1], 12)  # the Sun's direction is straight within 1e-4 rad in between
    suns = np.array([stay.world.sun(float(k)) for k in knots])
    suns /= np.linalg.norm(suns, axis=1)[:, None]
    toward = np.stack([np.interp(t, knots, suns[:, j]) for j in range(3)], axis=1)
    geocentric = np.arcsin(place[:, 2] / np.linalg.norm(place, axis=1))
    return Sky(
        t=t,
        place=place,
        latitude=np.degrees(np.arctan(np.tan(geocentric) / (1.0 - FLATTENING) ** 2)),
        longitude=np.degrees(np.arctan2(place[:, 1], place[:, 0])),
        sun=np.degrees(np.arcsin(np.clip(np.einsum("ij,ij->i", up, toward), -1.0, 1.0))),
        physics=physics,
        lift_off=stay.lift_off,
        events=(stay.docked, stay.undocking),
    )


def allowed(of: Conditions, starts: np.ndarray, length: float, runs: float, seen: Sky) -> np.ndarray:
    """Whether an activity that begins at each of `starts` (k,) s may: it takes `length` s, its rack `runs` s more."""
    good = np.ones(starts.shape, dtype=bool)
    margin = seen.margin(starts)
    if of.quiet:
        for event in seen.events:
            apart = seen.physics.quiet + margin
            good &= (starts - apart >= event) | (starts + length + runs + apart <= event)
    whole = length + runs
    for holds in _throughout(of, seen):
        good &= _all(holds, starts - margin, starts + whole + margin, seen)
    for holds, minimum in _within(of, seen):
        good &= _some_run(holds, minimum, starts + margin, starts + length - margin, seen)
    return good


def _throughout(of: Conditions, seen: Sky) -> Iterable[np.ndarray]:
    p = seen.physics
    if of.light:
        yield seen.sun >= p.day_sun if of.light == "day" else seen.sun <= p.night_sun
    if of.anomaly == "avoid":
        yield ~_anomaly(seen)
    if of.relay:
        yield seen.relayed


def _within(of: Conditions, seen: Sky) -> Iterable[tuple[np.ndarray, float]]:
    if of.anomaly == "cross":
        yield _anomaly(seen), 0.0
    if of.over:
        yield _above(of.over, seen), of.over.duration


def _anomaly(seen: Sky) -> np.ndarray:
    (latitude, longitude), (tall, wide) = seen.physics.anomaly_centre, seen.physics.anomaly_half_widths
    east = (seen.longitude - longitude + 180.0) % 360.0 - 180.0
    return ((seen.latitude - latitude) / tall) ** 2 + (east / wide) ** 2 <= 1.0


def _above(over: Over, seen: Sky) -> np.ndarray:
    latitude, longitude = math.radians(over.latitude), math.radians(over.longitude)
    site = Site(over.place, latitude, longitude, over.height)
    up = np.array(
        [math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)]
    )
    d = seen.place - site.ecef()
    return d @ up >= math.sin(math.radians(over.elevation)) * np.linalg.norm(d, axis=1)


def _all(holds: np.ndarray, start: np.ndarray, end: np.ndarray, seen: Sky) -> np.ndarray:
    """Whether every sample holds from `start` to `end`, both within the forecast."""
    first = np.floor((start - seen.t[0]) / SAMPLE).astype(int)
    last = np.ceil((end - seen.t[0]) / SAMPLE).astype(int)
    inside = (first >= 0) & (last < len(holds))
    failing = np.concatenate([[0], np.cumsum(~holds)])
    first, last = np.clip(first, 0, len(holds) - 1), np.clip(last, 0, len(holds) - 1)
    return inside & (failing[last + 1] - failing[first] == 0)


def _some_run(holds: np.ndarray, minimum: float, start: np.ndarray, end: np.ndarray, seen: Sky) -> np.ndarray:
    """Whether a whole run of samples that hold, `minimum` s long, lies between `start` and `end`."""
    # A run is known to a sample at each end: it is taken as that much longer where it has to fit, shorter where it must
    # be long enough.
    runs = [(seen.t[a] - SAMPLE, seen.t[b - 1] + SAMPLE) for a, b in _runs(holds) if (b - 1 - a) * SAMPLE >= minimum]
    good = np.zeros(start.shape, dtype=bool)
    for a, b in runs:
        good |= (start <= a) & (b <= end)
    return good


def strips(rules: WeekRules, seen: Sky, until: float) -> tuple[tuple[str, tuple[tuple[float, float], ...]], ...]:
    """When what the plan asks for is there, by its name, to a sample: for the chart of the week."""
    overs = {a.conditions.over.place: a.conditions.over for a in rules.activities if a.conditions.over}
    found = [("night below", seen.sun <= seen.physics.night_sun), ("anomaly", _anomaly(seen))]
    found += [(f"pass over {over.title}", _above(over, seen)) for over in overs.values()]
    found.append(("no relay", ~seen.relayed))
    within = seen.t <= until
    return tuple(
        (name, tuple((float(seen.t[a]), float(seen.t[b - 1])) for a, b in _runs(on & within))) for name, on in found
    )


def _runs(on: np.ndarray) -> np.ndarray:
    """First sample of each run of those that hold, and the one after its last: (k, 2)."""
    return np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8))).reshape(-1, 2)
