"""The path of an orbit about each of its centres, in the plane of its motion: what its picture is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import R_EQUATOR
from sim.core.path_view import PathView
from sim.events.orbit import apsides

if TYPE_CHECKING:
    from sim.propagation.propagate import FlownOrbit

POINTS = 4000


def views(flown: FlownOrbit) -> list[PathView]:
    """One view for each stay at a centre, in the order of time."""
    return [_view(part, flown) for part in flown.parts or (flown,)]


def _view(part: FlownOrbit, whole: FlownOrbit) -> PathView:
    """Projected on the plane of the first state's motion; to the right: towards the other body half-way through."""
    orbit, path, world = part.orbit, part.trajectory, part.world
    edges = [e for b in orbit.burns for e in (b.start, min(b.start + b.duration, path.end))]
    t = np.unique(
        np.concatenate([np.linspace(path.start, path.end, POINTS), path.t[:: max(1, len(path.t) // POINTS)], edges])
    )
    r, v = path.at(t)[:2]
    normal = np.cross(r, v).sum(axis=0)
    normal /= np.linalg.norm(normal)
    middle = 0.5 * (path.start + path.end)
    moves = _other_name(part) != ""
    other = np.array([world.other(x) for x in t]) if moves else np.empty((0, 3))
    towards = world.other(middle) if moves else world.sun(middle)
    x = towards - (towards @ normal) * normal
    x /= np.linalg.norm(x)
    axes = np.array([x, np.cross(normal, x)])
    begins = orbit.epoch.since(whole.orbit.epoch)
    low = [c for c in apsides(path) if c.kind == "periapsis" and c.t > 0.0]
    return PathView(
        centre="Earth" if orbit.body is None else orbit.body.name,
        radius_km=(R_EQUATOR if orbit.body is None else orbit.body.radius) / 1e3,
        epoch=whole.orbit.epoch,
        t_s=t + begins,
        path_km=r @ axes.T / 1e3,
        burns_s=tuple((b.start + begins, b.start + b.duration + begins) for b in orbit.burns),
        other=_other_name(part),
        other_km=other @ axes.T / 1e3,
        sun=axes @ (world.sun(middle) / np.linalg.norm(world.sun(middle))),
        lowest=tuple((c.t + begins, (axes @ path.at(c.t)[0][0]) / 1e3, c.values["radius_m"] / 1e3) for c in low[:1]),
    )


def _other_name(part: FlownOrbit) -> str:
    """The body beside the Sun that pulls; empty where none does."""
    if part.orbit.body is None:
        return "Moon" if part.orbit.third_body.moon else ""
    return next((each.name.capitalize() for each in part.orbit.body.third_bodies if each.name != "sun"), "")
