"""Events of one orbit: nodes, apsides, heights, and thresholds of the user's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.core.trajectory import Trajectory, joined
from sim.environment.world import World
from sim.events.crossing import TOUCH_M, Crossing, first_step, listed, on_path, seams
from sim.events.search import TOLERANCE_REL, zeros
from sim.events.sky import of_date

# Eccentricity below which the ripple of the dense output, 2e-6 m/s at nodes 60 s apart, could make apsides of its own.
CIRCULAR = 1.0e-7


def nodes(path: Trajectory, world: World | None = None) -> list[Crossing]:
    """`ascending_node`, `descending_node`: passages through the equator.

    With a world the true equator of date, without one the GCRF's xy plane. Values: `right_ascension_deg` in that frame.
    """

    def turned(t, r):
        return r if world is None else np.einsum("nij,nj->ni", of_date(world, t), r)

    found = zeros(on_path(path, lambda t, r, v: turned(t, r)[:, 2]), seams(path), first_step(path), TOUCH_M)
    x, y, _ = turned(found.t, _position(path, found.t)).T
    return listed(
        found, "ascending_node", "descending_node", {"right_ascension_deg": np.degrees(np.arctan2(y, x)) % 360.0}
    )


def apsides(path: Trajectory) -> list[Crossing]:
    """`periapsis`, `apoapsis`: where the distance from the Earth's centre turns (r.v rises or falls through zero).

    Values: `radius_m`. An orbit less eccentric than `CIRCULAR` has none, also where an impulse has made or will unmake
    it; where an impulse itself turns the distance, that is an apsis at its instant. A nearly circular orbit has its
    apsides only to 3e-9 s / e, which is the quintic's 3e-8 m/s between nodes 30 s apart over the slope of r.v.
    """
    found = [crossing for part in _eccentric(path) for crossing in _apsides(part)]
    return sorted(found, key=lambda crossing: crossing.t)


def _apsides(path: Trajectory) -> list[Crossing]:
    found = zeros(
        on_path(path, lambda t, r, v: np.einsum("ij,ij->i", r, v)),
        seams(path),
        first_step(path),
        TOLERANCE_REL * _size(path),
    )
    radius = np.linalg.norm(_position(path, found.t), axis=1)
    return listed(found, "periapsis", "apoapsis", {"radius_m": radius}, touching="apsis")


def _eccentric(path: Trajectory) -> list[Trajectory]:
    """The path without its circular pieces; pieces that follow each other stay together."""
    parts: list[list[Trajectory]] = [[]]
    for piece in path.pieces():
        if np.abs(np.einsum("ij,ij->i", piece.r, piece.v)).max() < CIRCULAR * _size(piece):
            parts.append([])
        else:
            parts[-1].append(piece)
    return [joined(part) for part in parts if part]


def _size(path: Trajectory) -> float:
    return float((np.linalg.norm(path.r, axis=1) * np.linalg.norm(path.v, axis=1)).max())


def altitudes(path: Trajectory, world: World, height_m: float) -> list[Crossing]:
    """`altitude_up`, `altitude_down`: a height over the WGS-84 ellipsoid is passed; grazing: `altitude`.

    Values: `altitude_m`, `latitude_deg`, `longitude_deg`.
    """

    def above(t, r, v):
        return world.geodetic(t, r)[2] - height_m

    found = zeros(on_path(path, above), seams(path), first_step(path), TOUCH_M)
    latitude, longitude, height = world.geodetic(found.t, _position(path, found.t))
    values = {"altitude_m": height, "latitude_deg": latitude, "longitude_deg": longitude}
    return listed(found, "altitude_up", "altitude_down", values, touching="altitude")


def thresholds(
    path: Trajectory,
    g: Callable,
    kind: str,
    direction: int = 0,
    tolerance: float | None = None,
    step_s: float | None = None,
) -> list[Crossing]:
    """Zeros of any g(t, r, v): times (n,) s, GCRF positions and velocities (n,3) m, m/s to values (n,).

    direction  1 rising only, -1 falling only, 0 both and grazing
    touch      in the units of g, what counts as zero; default 1e-12 of its largest value on a coarse grid
    step_s     first cut of the search, for a g that moves much faster than the orbit; it is refined by itself where
               g is seen to move
    """
    f = on_path(path, g)
    found = zeros(f, seams(path), step_s or first_step(path), tolerance).only(direction)
    return listed(found, kind, kind, {"value": f(found.t) if found.t.size else found.t})


def _position(path: Trajectory, times: np.ndarray) -> np.ndarray:
    return path.at(times)[0] if times.size else np.empty((0, 3))
