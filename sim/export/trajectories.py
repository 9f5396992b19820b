"""`trajectories.npz`: every node of a flight's trajectories, the Earth's orientation and the direction of the Sun.

Whatever is made from the directory of a finished flight (the viewer, files for other programs, a comparison) starts
here, so that nothing of it needs the simulator to fly again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.core.flight import Flight
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.export import finished
from sim.export.stored import leg_names
from sim.files.errors import DataError

EARTH_STEP_S, SUN_STEP_S = 600.0, 3600.0
NODES = tuple(field.name for field in fields(Trajectory))


@dataclass(frozen=True)
class FlownPath:
    """What one vehicle flew in one leg; `leg`: the name of the leg as `leg_names` has it."""

    leg: str
    phase: str
    trajectory: Trajectory


@dataclass(frozen=True)
class EarthOrientation:
    """From GCRS to ITRS: unit quaternions `q` (n, 4), x y z w, at `t` (n,) s, without a change of sign.

    Between two of them the Earth turns evenly about one axis, so that a spherical interpolation gives the orientation
    to a few centimetres at the surface (tests/test_stored_trajectories.py).
    """

    t: np.ndarray
    q: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """The quaternion (k, 4) at `times` (k,)."""
        i = np.clip(np.searchsorted(self.t, times, side="right") - 1, 0, len(self.t) - 2)
        share = ((times - self.t[i]) / (self.t[i + 1] - self.t[i]))[:, None]
        one, other = self.q[i], self.q[i + 1]
        half = np.arccos(np.clip(np.sum(one * other, axis=1, keepdims=True), -1.0, 1.0))
        return (np.sin((1.0 - share) * half) * one + np.sin(share * half) * other) / np.sin(half)

    def itrs(self, times: np.ndarray, r: np.ndarray) -> np.ndarray:
        """Points (k, 3) of GCRS in ITRS."""
        q = self.at(times)
        u, w = q[:, :3], q[:, 3:]
        return r + 2.0 * np.cross(u, np.cross(u, r) + w * r)


@dataclass(frozen=True)
class Trajectories:
    """By vehicle its legs in the order of time; a docked ship has none, it flies with the station. `sun` (m, 3): unit
    vectors to the Sun in GCRS at `sun_t` (m,) s."""

    zero: Epoch
    vehicles: Mapping[str, tuple[FlownPath, ...]]
    earth: EarthOrientation
    sun_t: np.ndarray
    sun: np.ndarray


def of_flight(flight: Flight, world: World) -> Trajectories:
    """The trajectories of a flight, and the world about them from its first second to its last."""
    names = leg_names(leg.phase for leg in flight.legs)
    vehicles: dict[str, list[FlownPath]] = {name: [] for name in flight.vehicles}
    for name, leg in zip(names, flight.legs, strict=True):
        for vehicle, path in leg.trajectories.items():
            vehicles[vehicle].append(FlownPath(name, leg.phase, path))
    start, end = flight.legs[0].start, flight.legs[-1].end
    t, sun_t = _times(start, end, EARTH_STEP_S), _times(start, end, SUN_STEP_S)
    sun = np.array([world.sun(float(x)) for x in sun_t])
    sun /= np.linalg.norm(sun, axis=1, keepdims=True)
    earth = EarthOrientation(t, _quaternions(world.ecef_each(t)))
    return Trajectories(flight.zero, {name: tuple(legs) for name, legs in vehicles.items()}, earth, sun_t, sun)


def _times(start: float, end: float, step: float) -> np.ndarray:
    return np.append(np.arange(start, end, step), max(end, start + step))


def _quaternions(c: np.ndarray) -> np.ndarray:
    """Unit quaternions (n, 4), x y z w, that turn vectors as the matrices (n, 3, 3) do, without a change of sign."""
    from scipy.spatial.transform import Rotation

    q = Rotation.from_matrix(c).as_quat()
    flips = np.cumprod(np.where(np.sum(q[1:] * q[:-1], axis=1) < 0.0, -1.0, 1.0))
    q[1:] *= flips[:, None]
    return q


def save(path: Path, flown: Trajectories) -> None:
    """Nodes hardly shrink when they are compressed, so they are not."""
    arrays: dict[str, np.ndarray] = {"zero_utc": np.array(flown.zero.utc(9))}
    arrays |= {"earth/t": flown.earth.t, "earth/q": flown.earth.q, "sun/t": flown.sun_t, "sun/direction": flown.sun}
    for vehicle, legs in flown.vehicles.items():
        for leg in legs:
            arrays |= {f"path/{vehicle}/{leg.leg}/{leg.phase}/{n}": getattr(leg.trajectory, n) for n in NODES}
    np.savez(path, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own option


def load(directory: Path) -> Trajectories:
    """What a run wrote; DataError where it is missing or not as it was written."""
    path = directory / finished.TRAJECTORIES
    arrays = finished.arrays(path, finished.contents(path, finished.hash_of(directory, finished.TRAJECTORIES)))
    try:
        vehicles: dict[str, list[FlownPath]] = {}
        for key in arrays:
            if key.startswith("path/") and key.endswith("/t"):
                _, vehicle, leg, phase, _ = key.split("/")
                nodes = {name: arrays[f"{key[:-2]}/{name}"] for name in NODES}
                vehicles.setdefault(vehicle, []).append(FlownPath(leg, phase, Trajectory(**nodes)))
        earth = EarthOrientation(arrays["earth/t"], arrays["earth/q"])
        zero = Epoch.from_utc(str(arrays["zero_utc"]))
        in_order = {name: tuple(sorted(v, key=lambda p: p.trajectory.start)) for name, v in vehicles.items()}
        return Trajectories(zero, in_order, earth, arrays["sun/t"], arrays["sun/direction"])
    except (KeyError, ValueError) as error:
        raise DataError(f"{path} was written by another version ({error}); fly the mission again") from None
