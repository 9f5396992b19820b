"""From one centre to another: a state moved between two bodies, and an orbit flown in parts about each of them.

The place of one body from another, with velocity and acceleration, is one Chebyshev series of the ephemeris, the same
that the forces take; so a state moved there and back is the same to rounding. Between the Earth and the Moon the model
about each leaves out what acts on both alike (the Earth's oblateness in the Moon's motion: docs/decisions/
central_body.md has what that makes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial import chebyshev

from kernels.records import Body
from sim.core.epoch import NS, Epoch
from sim.core.root import root
from sim.core.trajectory import Trajectory, joined
from sim.environment.central_body import CentralBody
from sim.environment.world import body_table
from sim.propagation.about_body import SPAN_S, TERMS
from sim.propagation.force_model import GravityChoice, Orbit
from sim.propagation.propagate import MARGIN, FlownOrbit, OrbitEnded, build, propagate

EARTH = "earth"
MOST_CHANGES = 200  # of one orbit
WITHIN_S = 1.0e-6
STAY_S = 1.0  # after a change of centre, before the next is looked for: the craft stands on the sphere


@dataclass(frozen=True, eq=False)
class Shift:
    """One body as seen from another: what is added to a state about `body` to have it about `centre`; both are names of
    the ephemeris. From `zero`, between the times (s) that it was made for."""

    centre: str
    body: str
    table: Body

    def at(self, times) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Position (n,3) m, velocity (n,3) m/s and acceleration (n,3) m/s2, ICRS axes, at `times` (n,) s."""
        times = np.atleast_1d(np.asarray(times, dtype=float))
        u = (times - self.table.t0) / self.table.span
        k = np.clip(np.floor(u).astype(np.int64), 0, len(self.table.coeffs) - 1)
        x, scale = 2.0 * (u - k) - 1.0, 2.0 / self.table.span
        out = np.empty((3, len(times), 3))
        for segment in np.unique(k):
            here = k == segment
            series = self.table.coeffs[segment].T  # (terms, 3)
            for order in range(3):
                out[order, here] = chebyshev.chebval(x[here], series).T * scale**order
                series = chebyshev.chebder(series)
        return out[0], out[1], out[2]


def shift(centre: str, body: str, zero: Epoch, first: float, last: float) -> Shift:
    """Where `body` is as seen from `centre` ("earth", "moon", "mars", "sun"), from `first` to `last` s after `zero`.

    Series begin at whole multiples of their span of TAI and in one direction, so that two calls have the same one: an
    ephemeris file answers with a rounding of 3e-5 m (its time, of 8e8 s), which two fits would make 6e-9 m/s.
    """
    names = sorted((centre, body))
    begin = zero.tai_ns + math.floor(first * NS)
    span = round(SPAN_S * NS)
    grid = range(begin // span * span, zero.tai_ns + math.ceil(last * NS) + 1, span)
    each = [body_table(names[1], Epoch(start), 0.0, SPAN_S, SPAN_S, TERMS, 0.0, names[0]) for start in grid]
    sign = 1.0 if names[0] == centre else -1.0
    coeffs = sign * np.concatenate([table.coeffs for table in each])
    return Shift(centre, body, each[0]._replace(t0=(grid[0] - zero.tai_ns) / NS, coeffs=coeffs))


def moved(r: np.ndarray, v: np.ndarray, epoch: Epoch, centre: str, to: str) -> tuple[np.ndarray, np.ndarray]:
    """A state r m, v m/s (3,) about `centre`, ICRS axes, as one about `to`; both are names of the ephemeris.

    Example: `moved(r, v, Epoch.from_utc("2024-05-08T02:12:00Z"), "earth", "moon")`.
    """
    place, speed, _ = shift(centre, to, epoch, 0.0, 0.0).at(0.0)
    return np.asarray(r, dtype=float) - place[0], np.asarray(v, dtype=float) - speed[0]


def name_of(body: CentralBody | None) -> str:
    """In the ephemeris; None is the Earth."""
    return EARTH if body is None else body.ephemeris


def across(orbit: Orbit, other: CentralBody) -> FlownOrbit:
    """Fly an orbit whose centre changes: about the smaller body within its sphere of influence, else about the other.

    The trajectory is given about the first centre all along, so that nothing jumps; `centres` has the changes. Third
    bodies pull by what they have as a centre. OrbitEnded as of `propagate`.
    """
    return flown_across(orbit, other)[0]


def flown_across(orbit: Orbit, other: CentralBody) -> tuple[FlownOrbit, list[FlownOrbit]]:
    """The same, and its parts as a list."""
    home, about_other = _aligned(replace(orbit, other_centre=None), other)
    seen = shift(name_of(orbit.body), other.ephemeris, orbit.epoch, -MARGIN, orbit.duration + MARGIN)
    small, radius = _small(orbit.body, other)
    near = orbit.r - seen.at(0.0)[0][0] if small is other else orbit.r
    is_other = bool(np.linalg.norm(near) < radius) == (small is other)
    t, parts, paths, centres = 0.0, [], [], []
    r, v, mass = orbit.r, orbit.v, orbit.mass
    if is_other:
        place, speed, _ = seen.at(0.0)
        r, v = r - place[0], v - speed[0]
        centres.append((0.0, other.name))
    while True:
        part = _part(about_other if is_other else home, orbit, t, (r, v, mass))
        flown, ended = _flown(part)
        local = flown.trajectory
        leave = _leaves(local, seen, t, (is_other, small is other, radius))
        if leave is not None:
            # Flown again to that very time: the dense output between two nodes is 1e-8 m/s good, the end of an arc is
            # to rounding, and a flyby makes a hundred times of either.
            flown, ended = propagate(_cut(part, leave)), False
            local = flown.trajectory
        parts.append(flown)
        paths.append(_home(local, seen, t, is_other))
        if leave is None or len(centres) >= MOST_CHANGES:
            break
        r, v, mass = local.last()
        t += leave
        sign = -1.0 if is_other else 1.0
        place, speed, _ = seen.at(t)
        r, v = r - sign * place[0], v - sign * speed[0]
        is_other = not is_other
        centres.append((t, other.name if is_other else _called(orbit.body)))
    path = joined(paths)
    last = parts[-1]
    why = last.ended
    if why and t > 0.0:
        why += f"; counted from {t:.3f} s after the start, where the {centres[-1][1]} became the centre"
    whole = FlownOrbit(_until(orbit, path.end), path, build(home), why, last.impact, tuple(centres), tuple(parts))
    if ended:
        raise OrbitEnded(whole)
    return whole, parts


def _called(body: CentralBody | None) -> str:
    return "Earth" if body is None else body.name


def _aligned(orbit: Orbit, other: CentralBody) -> tuple[Orbit, Orbit]:
    """The orbit about each centre: the other's field is its file's own, and each pulls from afar as it does near by."""
    field = other.chosen(other.field)
    gravity = GravityChoice(other.field, other.degree, other.degree)
    mu = other.mu if field is None else field.mu
    pulls = tuple(
        replace(third, mu=orbit.mu) if third.name == name_of(orbit.body) else third for third in other.third_bodies
    )
    about_other = replace(orbit, body=replace(other, third_bodies=pulls), gravity=gravity)
    if orbit.body is None:
        return orbit, about_other
    pulls = tuple(
        replace(third, mu=mu) if third.name == other.ephemeris else third for third in orbit.body.third_bodies
    )
    return replace(orbit, body=replace(orbit.body, third_bodies=pulls)), about_other


def _small(body: CentralBody | None, other: CentralBody) -> tuple[CentralBody | None, float]:
    """The body with the smaller sphere of influence, and that sphere's radius m."""
    mine = float("inf") if body is None else body.sphere_of_influence
    return (other, other.sphere_of_influence) if other.sphere_of_influence <= mine else (body, mine)


def _part(of: Orbit, whole: Orbit, t: float, state: tuple[np.ndarray, np.ndarray, float]) -> Orbit:
    """The rest of an orbit from `t` s on, as one by itself."""
    r, v, mass = state
    burns = []
    for burn in whole.burns:
        start, end = max(burn.start, t), burn.start + burn.duration
        if end > t:
            burns.append(replace(burn, start=start - t, duration=end - start))
    impulses = tuple(replace(each, at=each.at - t) for each in whole.impulses if each.at >= t)
    epoch = Epoch(whole.epoch.tai_ns + round(t * NS))
    rest = whole.duration - t
    return replace(of, epoch=epoch, r=r, v=v, mass=mass, duration=rest, burns=tuple(burns), impulses=impulses)


def _cut(part: Orbit, end: float) -> Orbit:
    """The same until `end` s; an impulse at that very time belongs to what comes after it."""
    return replace(_until(part, end), impulses=tuple(each for each in part.impulses if each.at < end))


def _flown(part: Orbit) -> tuple[FlownOrbit, bool]:
    """A part, and whether the ground ended it."""
    try:
        return propagate(part), False
    except OrbitEnded as ended:
        return ended.flown, True


def _leaves(path: Trajectory, seen: Shift, t: float, side: tuple[bool, bool, float]) -> float | None:
    """When a part's craft passes the sphere of the smaller body to the other side, s from the part's start; whole
    nanoseconds, since the next part's epoch is that time."""
    is_other, other_is_small, radius = side
    about_small = is_other == other_is_small

    def beyond(times) -> np.ndarray:
        r = path.at(times)[0]
        if not about_small:
            r = r - (1.0 if other_is_small else -1.0) * seen.at(t + np.atleast_1d(times))[0]
        height = np.linalg.norm(r, axis=1) - radius
        return height if about_small else -height

    times = np.unique(path.t[path.t > STAY_S])
    outside = beyond(times) > 0.0 if times.size else np.zeros(0, dtype=bool)
    if not outside.any():
        return None
    i = int(np.argmax(outside))
    if i == 0:
        return round(float(times[0]) * NS) / NS
    found = root(lambda x: float(beyond(x)[0]), times[i - 1], times[i], WITHIN_S, "passage of the sphere of influence")
    return min(round(found * NS) / NS, float(path.end))


def _home(path: Trajectory, seen: Shift, t: float, is_other: bool) -> Trajectory:
    """A part's path in the times of the whole orbit, about the first centre."""
    times = path.t + t
    if not is_other:
        return replace(path, t=times)
    place, speed, push = seen.at(times)
    return Trajectory(times, path.r + place, path.v + speed, path.a + push, path.mass)


def _until(orbit: Orbit, end: float) -> Orbit:
    """The orbit as far as it was flown."""
    if end >= orbit.duration:
        return orbit
    burns = tuple(replace(b, duration=min(b.duration, end - b.start)) for b in orbit.burns if b.start < end)
    impulses = tuple(impulse for impulse in orbit.impulses if impulse.at <= end)
    return replace(orbit, duration=end, burns=burns, impulses=impulses)
