"""What the pictures are drawn from: `flight.json` and `series.npz`, at run time and at a later redraw alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from kernels.constants import R_EQUATOR
from sim.core.ascent_record import AscentRecord, AwaitLaunchRecord
from sim.core.docking_record import DepartureRecord, DockedRecord, DockingRecord, FlyAroundRecord
from sim.core.epoch import Epoch
from sim.core.figures import from_table
from sim.core.flight import Flight
from sim.core.phasing_record import PhasingRecord, TransferRecord
from sim.core.records import KINDS, PhaseRecord
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
from sim.core.undocking_record import UndockingRecord
from sim.environment.world import World
from sim.export import finished
from sim.export.arrays import MissingArray, figures_kind, read_record, record_arrays
from sim.export.record import SCHEMA
from sim.files.errors import DataError
from sim.orbit.mean_altitude import revolution
from sim.orbit.propagate import semi_major_axis

EARTH_RADIUS_KM = R_EQUATOR / 1e3
TRACK_STEP_S, FAST_TRACK_STEP_S = 30.0, 5.0
FAST_PHASES = ("ascent", "entry", "descent")
ALTITUDE_STEP_S = 60.0
MEAN_STEP_S = 1800.0
R = TypeVar("R")


@dataclass(frozen=True)
class StoredLeg:
    """A leg as it is read back: its phase, how it ended, and what it recorded; None where it left no record."""

    phase: str
    status: str
    record: PhaseRecord | None


@dataclass(frozen=True)
class PlotData:
    """`record` as in flight.json, `scenario` as resolved, `arrays` by name: `series/phase/history/column` and the like.

    What a phase recorded is read by attribute, as `data.docking.relative.range_m`; a phase that was not flown is None.
    Of a phase that was flown several times that is the first one; `legs` has them all, in order.
    """

    record: Mapping
    scenario: Mapping
    arrays: Mapping[str, np.ndarray]

    def table(self, prefix: str) -> dict[str, np.ndarray]:
        """The columns stored under `prefix`, by their last name; empty where the flight has none."""
        start = prefix + "/"
        return {key[len(start) :]: value for key, value in self.arrays.items() if key.startswith(start)}

    @cached_property
    def legs(self) -> tuple[StoredLeg, ...]:
        """Every leg with its record, in the order in which they were flown."""
        legs = self.record["legs"]
        names = leg_names(leg["phase"] for leg in legs)
        return tuple(
            StoredLeg(leg["phase"], leg["status"], self._record(name, leg["notes"]))
            for name, leg in zip(names, legs, strict=True)
        )

    def _record(self, name: str, notes: Mapping) -> PhaseRecord | None:
        """What the leg of that name recorded, from the arrays and the notes of flight.json."""
        kind = self.arrays.get(f"record/{name}")
        if kind is None:
            return None
        made = KINDS.get(str(kind))
        try:
            if made is None:
                raise MissingArray(f"'{kind}' is no kind of record")
            figures = from_table(figures_kind(made), notes) if notes else None
            return read_record(made, figures, self.table(f"series/{name}"))
        except (MissingArray, KeyError, TypeError, ValueError) as other:  # of the tables and arrays as they are read
            raise DataError(
                f"what is stored of '{name}' was written by another version, or changed since: {other}; fly the "
                "mission again"
            ) from None

    def of(self, kind: type[R], phase: str) -> R | None:
        """The record of the first leg of this phase, if it is of that kind."""
        found = (leg.record for leg in self.legs if leg.phase == phase)
        return next((record for record in found if isinstance(record, kind)), None)

    @property
    def await_launch(self) -> AwaitLaunchRecord | None:
        return self.of(AwaitLaunchRecord, "await_launch")

    @property
    def ascent(self) -> AscentRecord | None:
        return self.of(AscentRecord, "ascent")

    @property
    def phasing(self) -> PhasingRecord | None:
        return self.of(PhasingRecord, "phasing")

    @property
    def homing(self) -> TransferRecord | None:
        return self.of(TransferRecord, "homing")

    @property
    def transfer(self) -> TransferRecord | None:
        return self.of(TransferRecord, "transfer")

    @property
    def fly_around(self) -> FlyAroundRecord | None:
        return self.of(FlyAroundRecord, "fly_around")

    @property
    def docking(self) -> DockingRecord | None:
        return self.of(DockingRecord, "docking")

    @property
    def docked(self) -> DockedRecord | None:
        return self.of(DockedRecord, "docked")

    @property
    def undocking(self) -> UndockingRecord | None:
        return self.of(UndockingRecord, "undocking")

    @property
    def departure(self) -> DepartureRecord | None:
        return self.of(DepartureRecord, "departure")

    @property
    def deorbit(self) -> DeorbitRecord | None:
        return self.of(DeorbitRecord, "deorbit")

    @property
    def entry(self) -> EntryRecord | None:
        return self.of(EntryRecord, "entry")

    @property
    def descent(self) -> DescentRecord | None:
        return self.of(DescentRecord, "descent")

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

    def ship(self, name: str) -> str:
        """The vehicle of the first event of this name; empty where there is none."""
        found = self.events(name)
        return found[0]["vehicle"] if found else ""

    def when(self, name: str) -> float | None:
        """Mission seconds of the first event of this name, or None."""
        found = self.events(name)
        return self.seconds(found[0]["utc"]) if found else None


def collect(flight: Flight, raw: dict, world: World, record: dict) -> PlotData:
    """Everything that the pictures need, out of the flight; `raw` is the resolved scenario."""
    arrays = {}
    for name, leg in zip(leg_names(leg.phase for leg in flight.legs), flight.legs, strict=True):
        if leg.record is not None:
            arrays[f"record/{name}"] = np.array(type(leg.record).__name__)
            arrays |= {f"series/{name}/{key}": value for key, value in record_arrays(leg.record).items()}
    station = raw["station"]["name"]
    for vehicle in flight.vehicles:
        if vehicle != station:
            for phase, track in ground_track(flight, vehicle, world).items():
                arrays |= {f"track/{vehicle}/{phase}/{key}": value for key, value in track.items()}
    arrays |= {f"station/{key}": value for key, value in mean_altitude(flight, station).items()}
    return PlotData(record, raw, arrays)


def leg_names(phases: Iterable[str]) -> list[str]:
    """A name for each leg: its phase, with the number behind it from the second leg of that phase on."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for phase in phases:
        seen[phase] += 1
        names.append(phase if seen[phase] == 1 else f"{phase}-{seen[phase]}")
    return names


def ground_track(flight: Flight, vehicle: str, world: World) -> dict[str, dict[str, np.ndarray]]:
    """Latitude, longitude (deg) and height over the ellipsoid (km) of a vehicle, by `leg_names` of its legs."""
    tracks = {}
    for name, leg in zip(leg_names(leg.phase for leg in flight.legs), flight.legs, strict=True):
        trajectory = leg.trajectories.get(vehicle)
        if trajectory is None:
            continue
        step = FAST_TRACK_STEP_S if leg.phase in FAST_PHASES else TRACK_STEP_S
        t = np.append(np.arange(trajectory.start, trajectory.end, step), trajectory.end)
        latitude, longitude, height = world.geodetic(t, trajectory.at(t)[0])
        tracks[name] = dict(t_s=t, latitude_deg=latitude, longitude_deg=longitude, altitude_km=height / 1e3)
    return tracks


def mean_altitude(flight: Flight, station: str) -> dict[str, np.ndarray]:
    """The station's altitude over the equatorial radius, km: mean over one revolution, and its lowest and highest.

    A mean over one revolution is free of the eccentricity and of the short-period terms of the oblateness, which
    both move the altitude by several kilometres and hide the decay.
    """
    parts = [trajectory for _, trajectory in flight.parts(station)]
    if not parts or parts[-1].end - parts[0].start < 2 * 5600.0:
        return {}
    times = [np.arange(part.start, part.end - 1.0, ALTITUDE_STEP_S) for part in parts]
    r, v = (np.concatenate(x) for x in zip(*(p.at(t)[:2] for p, t in zip(parts, times, strict=True)), strict=True))
    t = np.concatenate(times)
    radius = np.linalg.norm(r, axis=1)
    half = 0.5 * revolution(float(np.mean(semi_major_axis(r, v))))
    area = np.concatenate([[0.0], np.cumsum(0.5 * (radius[1:] + radius[:-1]) * np.diff(t))])
    centres = np.arange(t[0] + half, t[-1] - half, MEAN_STEP_S)
    mean = (np.interp(centres + half, t, area) - np.interp(centres - half, t, area)) / (2 * half)
    ends = np.searchsorted(t, np.stack([centres - half, centres + half]))
    low, high = np.array([(radius[a:b].min(), radius[a:b].max()) for a, b in ends.T]).T
    return dict(
        t_s=centres,
        mean_km=mean / 1e3 - EARTH_RADIUS_KM,
        low_km=low / 1e3 - EARTH_RADIUS_KM,
        high_km=high / 1e3 - EARTH_RADIUS_KM,
    )


def save(path: Path, data: PlotData) -> None:
    """`series.npz`: the arrays, and the scenario as JSON text."""
    arrays: dict[str, Any] = {"scenario": np.array(json.dumps(data.scenario)), **data.arrays}
    np.savez_compressed(path, **arrays)


def load(directory: Path, hashes: Mapping[str, str] | None = None) -> PlotData:
    """The stored form, back from a run's directory; DataError where it is not as it was written.

    `hashes`: the SHA-256 of the files, by name, where a manifest holds them.
    """
    known = hashes or {}
    record, series = directory / finished.FLIGHT, directory / finished.SERIES
    made = finished.flight_record(record, finished.contents(record, known.get(record.name)), SCHEMA)
    arrays = finished.arrays(series, finished.contents(series, known.get(series.name)))
    scenario = finished.scenario(series, arrays)
    finished.refuse_uneven(series, arrays)
    data = PlotData(made, scenario, {name: array for name, array in arrays.items() if name != "scenario"})
    _ = data.legs  # each is read here, so that what is wrong is found before anything is drawn
    return data
