"""Into the Earth's shadow and out of it."""

from __future__ import annotations

import numpy as np

from kernels.orbit.shadow import ELLIPSOID, Occulter, edges
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.crossing import Crossing, first_step, listed, seams
from sim.events.search import zeros
from sim.events.sky import of_date, sun

TOLERANCE = 1.0e-12  # the functions are differences of cosines; an orbit crosses this in a nanosecond


def eclipses(path: Trajectory, world: World, occulter: Occulter = ELLIPSOID, apparent: bool = True) -> list[Crossing]:
    """`penumbra_entry`, `umbra_entry`, `umbra_exit`, `penumbra_exit`; grazing: `penumbra`, `umbra`.

    `apparent` False takes the Sun's geometric place, 0.1 s of flight ahead, as some programs do. No refraction.
    Values: `separation_deg` of the centres of Sun and Earth, as seen from the craft.
    """
    found = []
    for which, name in enumerate(("penumbra", "umbra")):

        def edge(t, which=which):
            return edges(path.at(t)[0], sun(world, t, apparent), of_date(world, t)[:, 2], occulter)[which]

        zero = zeros(edge, seams(path), first_step(path), TOLERANCE)
        values = {"separation_deg": _separation(path, world, zero.t, apparent)}
        found += listed(zero, f"{name}_exit", f"{name}_entry", values, touching=name)
    return sorted(found, key=lambda crossing: crossing.t)


def eclipses_behind(
    path: Trajectory, world: World, body: str, radius_m: float, apparent: bool = True
) -> list[Crossing]:
    """The same behind the other body beside the Sun, a sphere of `radius_m`: as the Earth for a craft about the Moon.

    Kinds begin with the name of the `body`: `earth_umbra_entry`. Values: `separation_deg` of the Sun and that body.
    """
    occulter = Occulter(radius=radius_m, flattening=0.0)

    def places(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        other = np.array([world.other(x) for x in t]).reshape(-1, 3)
        return path.at(t)[0] - other, sun(world, t, apparent) - other

    found = []
    for which, name in enumerate(("penumbra", "umbra")):

        def edge(t, which=which):
            r, star = places(t)
            return edges(r, star, np.broadcast_to([0.0, 0.0, 1.0], r.shape), occulter)[which]

        zero = zeros(edge, seams(path), first_step(path), TOLERANCE)
        apart = np.empty(0)
        if zero.t.size:
            r, star = places(zero.t)
            d = star - r
            cosine = -np.einsum("ij,ij->i", r, d) / (np.linalg.norm(r, axis=1) * np.linalg.norm(d, axis=1))
            apart = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
        kinds = (f"{body}_{name}_exit", f"{body}_{name}_entry")
        found += listed(zero, *kinds, {"separation_deg": apart}, touching=f"{body}_{name}")
    return sorted(found, key=lambda crossing: crossing.t)


def _separation(path: Trajectory, world: World, times: np.ndarray, apparent: bool) -> np.ndarray:
    if times.size == 0:
        return times
    r = path.at(times)[0]
    d = sun(world, times, apparent) - r
    cosine = -np.einsum("ij,ij->i", r, d) / (np.linalg.norm(r, axis=1) * np.linalg.norm(d, axis=1))
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
