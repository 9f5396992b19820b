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

from sim.core.ascent_record import AscentRecord, AwaitLaunchRecord
from sim.core.docking_record import DepartureRecord, DockedRecord, DockingRecord, FlyAroundRecord
from sim.core.epoch import Epoch
from sim.core.figures import from_table
from sim.core.phasing_record import PhasingRecord, TransferRecord
from sim.core.records import KINDS, PhaseRecord
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
from sim.core.undocking_record import UndockingRecord
from sim.export import finished
from sim.export.arrays import MissingArray, figures_kind, read_record
from sim.export.record import SCHEMA
from sim.files.errors import DataError

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


def leg_names(phases: Iterable[str]) -> list[str]:
    """A name for each leg: its phase, with the number behind it from the second leg of that phase on."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for phase in phases:
        seen[phase] += 1
        names.append(phase if seen[phase] == 1 else f"{phase}-{seen[phase]}")
    return names


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
