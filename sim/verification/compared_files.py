"""A finished flight as a comparison reads it: plain tables and arrays, so that another version's are read as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.core.epoch import Epoch
from sim.export import finished
from sim.export.record import SCHEMA
from sim.export.stored import leg_names
from sim.export.trajectories import FlownPath, Trajectories
from sim.export.trajectories import load as kept_trajectories
from sim.files.errors import BadInput

OF_A_RUN = (finished.FLIGHT, finished.SERIES)  # what no other command writes


@dataclass(frozen=True)
class FinishedFlight:
    """`record` as in flight.json, `scenario` as resolved, `arrays` as in series.npz, all by name.

    `flown`: every node of the trajectories; None where the directory was written by a version that kept none.
    """

    directory: Path
    record: Mapping
    scenario: Mapping
    arrays: Mapping[str, np.ndarray]
    manifest: Mapping
    flown: Trajectories | None

    @property
    def zero(self) -> Epoch:
        return Epoch.from_utc(self.record["zero_utc"])

    @property
    def leg_names(self) -> list[str]:
        return leg_names(leg["phase"] for leg in self.record["legs"])

    @property
    def vehicles(self) -> Mapping[str, tuple[FlownPath, ...]]:
        """The legs of each craft's trajectory, in the order of time; empty where none were kept."""
        return self.flown.vehicles if self.flown else {}

    def seconds(self, utc: str) -> float:
        """Seconds since this flight's zero of a UTC time."""
        return Epoch.from_utc(utc).since(self.zero)


def read(directory: Path) -> FinishedFlight:
    """A directory that `tiangong run` wrote; BadInput where it is none, DataError where a file is not as written."""
    if not any((directory / name).is_file() for name in OF_A_RUN):
        raise BadInput(f"{directory} holds no results of a run; name the --out directory of `tiangong run`")
    hashes = finished.written(directory)
    record, series = (directory / name for name in OF_A_RUN)
    made = finished.flight_record(record, finished.contents(record, hashes[record.name]), SCHEMA)
    arrays = finished.arrays(series, finished.contents(series, hashes[series.name]))
    scenario = finished.scenario(series, arrays)
    finished.refuse_uneven(series, arrays)
    manifest = finished.manifest(directory)
    kept = finished.TRAJECTORIES in manifest["files_sha256"]
    rest = {name: array for name, array in arrays.items() if name != "scenario"}
    return FinishedFlight(directory, made, scenario, rest, manifest, kept_trajectories(directory) if kept else None)
