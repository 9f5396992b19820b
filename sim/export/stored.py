"""What the pictures are drawn from: `flight.json` and `series.npz`, at run time and at a later redraw alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timezone
from pathlib import Path

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.core.epoch import Epoch
from sim.core.flight import Flight

EARTH_RADIUS_KM = R_EQUATOR / 1e3
TRACK_STEP_S, FAST_TRACK_STEP_S = 30.0, 5.0
FAST_PHASES = ("ascent", "entry", "descent")
ALTITUDE_STEP_S = 60.0
TOLD_STEP_S = 1800.0


@dataclass(frozen=True)
class PlotData:
    """`record` as in flight.json, `scenario` as resolved, `arrays` by name: `phase/series/column` and the like."""

    record: Mapping
    scenario: Mapping
    arrays: Mapping[str, np.ndarray]

    def table(self, prefix: str) -> dict[str, np.ndarray]:
        """The columns stored under `prefix`, by their last name; empty where the flight has none."""
        start = prefix + "/"
        return {key[len(start) :]: value for key, value in self.arrays.items() if key.startswith(start)}

    def series(self, phase: str, name: str) -> dict[str, np.ndarray]:
        """A history that a phase left, columns with the unit in the name."""
        return self.table(f"series/{phase}/{name}")

    def track(self, vehicle: str, phase: str) -> dict[str, np.ndarray]:
        """Where a vehicle was in a phase: `t_s`, `latitude_deg`, `longitude_deg`, `altitude_km`."""
        return self.table(f"track/{vehicle}/{phase}")

    @property
    def zero(self) -> Epoch:
        return Epoch.from_utc(self.record["zero_utc"])

    def seconds(self, utc: str) -> float:
        """Mission seconds since zero of a UTC time."""
        return Epoch.from_utc(utc).since(self.zero)

    def clock(self, t: float, form: str = "%H:%M:%S", zone: timezone = UTC) -> str:
        """Mission seconds as a clock text, rounded to what `form` shows."""
        return self.zero.plus(float(t)).text(form, zone)

    def events(self, name: str) -> list[dict]:
        return [event for event in self.record["events"] if event["name"] == name]

    def when(self, name: str) -> float | None:
        """Mission seconds of the first event of this name, or None."""
        found = self.events(name)
        return self.seconds(found[0]["utc"]) if found else None

    def note(self, phase: str, key: str, default=None):
        """What a phase noted under `key`; `default` where it did not, or was not flown."""
        legs = (leg for leg in self.record["legs"] if leg["phase"] == phase)
        return next((leg["notes"].get(key, default) for leg in legs), default)

    def setting(self, path: str, default=None):
        """A value of the resolved scenario by its dotted path, as `launch.ship`; `default` where it is not set."""
        here = self.scenario
        for key in path.split("."):
            here = here.get(key) if isinstance(here, Mapping) else None
        return default if here is None else here


def collect(flight: Flight, raw: dict, world, record: dict) -> PlotData:
    """Everything that the pictures need, out of the flight; `raw` is the resolved scenario."""
    arrays = {}
    for leg in flight.legs:
        for name, columns in leg.series.items():
            arrays |= {f"series/{leg.phase}/{name}/{key}": np.asarray(value) for key, value in columns.items()}
    station = raw["station"]["name"]
    for vehicle in flight.vehicles:
        if vehicle != station:
            for phase, track in ground_track(flight, vehicle, world).items():
                arrays |= {f"track/{vehicle}/{phase}/{key}": value for key, value in track.items()}
    arrays |= {f"station/{key}": value for key, value in mean_altitude(flight, station).items()}
    return PlotData(record, raw, arrays)


def ground_track(flight: Flight, vehicle: str, world) -> dict[str, dict[str, np.ndarray]]:
    """Latitude, longitude (deg) and height over the ellipsoid (km) of a vehicle, by phase."""
    tracks = {}
    for phase, trajectory in flight.parts(vehicle):
        step = FAST_TRACK_STEP_S if phase in FAST_PHASES else TRACK_STEP_S
        t = np.append(np.arange(trajectory.start, trajectory.end, step), trajectory.end)
        latitude, longitude, height = world.geodetic(t, trajectory.at(t)[0])
        tracks[phase] = dict(t_s=t, latitude_deg=latitude, longitude_deg=longitude, altitude_km=height / 1e3)
    return tracks


def mean_altitude(flight: Flight, station: str) -> dict[str, np.ndarray]:
    """The station's altitude over the equatorial radius, km: mean over one revolution, and its lowest and highest.

    A mean over one revolution is free of the eccentricity and of the short-period terms of the oblateness, which
    both swing the altitude by several kilometres and hide the decay.
    """
    parts = [trajectory for _, trajectory in flight.parts(station)]
    if not parts or parts[-1].end - parts[0].start < 2 * 5600.0:
        return {}
    times = [np.arange(part.start, part.end - 1.0, ALTITUDE_STEP_S) for part in parts]
    r, v = (np.concatenate(x) for x in zip(*(p.at(t)[:2] for p, t in zip(parts, times, strict=True)), strict=True))
    t = np.concatenate(times)
    radius = np.linalg.norm(r, axis=1)
    axis = 1.0 / (2.0 / radius - np.sum(v * v, axis=1) / MU_EARTH)
    half = np.pi * np.sqrt(np.mean(axis) ** 3 / MU_EARTH)
    area = np.concatenate([[0.0], np.cumsum(0.5 * (radius[1:] + radius[:-1]) * np.diff(t))])
    told = np.arange(t[0] + half, t[-1] - half, TOLD_STEP_S)
    mean = (np.interp(told + half, t, area) - np.interp(told - half, t, area)) / (2 * half)
    ends = np.searchsorted(t, np.stack([told - half, told + half]))
    low, high = np.array([(radius[a:b].min(), radius[a:b].max()) for a, b in ends.T]).T
    return dict(
        t_s=told,
        mean_km=mean / 1e3 - EARTH_RADIUS_KM,
        low_km=low / 1e3 - EARTH_RADIUS_KM,
        high_km=high / 1e3 - EARTH_RADIUS_KM,
    )


def save(path: Path, data: PlotData) -> None:
    """`series.npz`: the arrays, and the scenario as JSON text."""
    np.savez_compressed(path, scenario=np.array(json.dumps(data.scenario)), **data.arrays)


def load(directory: Path) -> PlotData:
    """The stored form, back from a run's directory."""
    for name in ("flight.json", "series.npz"):
        if not (directory / name).is_file():
            raise FileNotFoundError(f"{directory / name} is missing; give a directory that `tiangong run` wrote")
    record = json.loads((directory / "flight.json").read_text(encoding="utf-8"))
    with np.load(directory / "series.npz") as file:
        arrays = {key: file[key] for key in file.files}
    return PlotData(record, json.loads(str(arrays.pop("scenario"))), arrays)
