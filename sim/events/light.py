"""Into the shadow of a body and out of it, and out of sight behind one."""

from __future__ import annotations

import numpy as np

from kernels.orbit.shadow import ELLIPSOID, Occulter, edges
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events.crossing import Crossing, first_step, listed, seams
from sim.events.search import zeros
from sim.events.sky import LIGHT_M_S, of_date, sun

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

    `apparent`: both from where the light comes that arrives; the light that grazes the Earth has 1.3 s to the Moon.
    Kinds begin with the name of the `body`: `earth_umbra_entry`. Values: `separation_deg` of the Sun and that body.
    """
    occulter = Occulter(radius=radius_m, flattening=0.0)

    def places(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        other = _other(world, t, apparent)
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


def rises_behind(path: Trajectory, world: World, body: str) -> list[Crossing]:
    """`earth_rise`, `earth_set`, of the `body` called so: its centre comes out from behind the sphere that the craft
    flies about, or goes behind it.

    As its light arrives, 1.3 s after it left the Earth. Values: `range_m` to where it came from.
    """
    assert world.body is not None  # about the Earth there is no other body of a size to hide
    radius = world.body.radius

    def hidden(t: np.ndarray) -> np.ndarray:
        r = path.at(t)[0]
        d = _other(world, t, True) - r
        far = np.linalg.norm(r, axis=1)
        below = np.einsum("ij,ij->i", r, d) / (far * np.linalg.norm(d, axis=1))
        return np.sqrt(1.0 - np.minimum(1.0, radius / far) ** 2) + below

    zero = zeros(hidden, seams(path), first_step(path), TOLERANCE)
    distance = np.linalg.norm(_other(world, zero.t, True) - path.at(zero.t)[0], axis=1) if zero.t.size else np.empty(0)
    return listed(zero, f"{body}_rise", f"{body}_set", {"range_m": distance}, touching=f"{body}_limb")


def _other(world: World, times: np.ndarray, apparent: bool) -> np.ndarray:
    """The other body beside the Sun (n,3), m; `apparent` as of `sun`."""
    here = np.array([world.other(t) for t in times]).reshape(-1, 3)
    if not apparent:
        return here
    then = times - np.linalg.norm(here, axis=1) / LIGHT_M_S
    return np.array([world.other(t) for t in then]).reshape(-1, 3)


def _separation(path: Trajectory, world: World, times: np.ndarray, apparent: bool) -> np.ndarray:
    if times.size == 0:
        return times
    r = path.at(times)[0]
    d = sun(world, times, apparent) - r
    cosine = -np.einsum("ij,ij->i", r, d) / (np.linalg.norm(r, axis=1) * np.linalg.norm(d, axis=1))
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
