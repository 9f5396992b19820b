"""From checked models to a `Scenario`: what missions in blocks and missions with a sequence have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.files.problems import Path as KeyPath
from sim.files.text import Document
from sim.scenario import craft_files
from sim.scenario.catalogue import WorldFile
from sim.scenario.expansion import branch
from sim.scenario.kinds import File
from sim.scenario.named_files import NamedFiles, of
from sim.scenario.profile_file import ProfileFile
from sim.scenario.rotation import Rotation
from sim.scenario.scenario import Blocks, Named, Scenario, ValueSource
from sim.scenario.sequence_file import PhaseEntry, SequenceHead
from sim.scenario.sources import without_source
from sim.scenario.uncertainty_file import UncertaintyFile
from sim.scenario.week_file import WeekFile


class Fallback(NamedTuple):
    """The profile that the phasing at this place of a sequence may go over to, and what it is called."""

    at: int
    name: str
    profile: ProfileFile


@dataclass(frozen=True)
class ScenarioParts:
    """What a scenario is made of, beside the file's own keys."""

    sequence: tuple[PhaseEntry, ...]
    vehicles: dict[str, str]
    ships: dict[str, craft_files.ShipFile]
    files: Named
    blocks: Blocks
    models: dict[KeyPath, File | None]
    tables: dict
    branches: dict[str, tuple[PhaseEntry, ...]]


def assembled(
    document: Document, mission: Rotation | SequenceHead, named: NamedFiles, parts: ScenarioParts
) -> Scenario:
    """The scenario of a mission whose every part is sound."""
    raw, own = document.raw, mission.atmosphere
    sources = [ValueSource(document.label, key, text) for key, text in mission.sources.items()]
    read = [document]
    for known in named.files.values():
        assert known.model is not None and known.document is not None  # a mission with a bad file was refused
        read.append(known.document)
        for key, text in known.model.sources.items():
            unused = own and isinstance(known.model, WorldFile) and key.startswith("atmosphere.")
            if not unused:
                sources.append(ValueSource(known.document.label, key, text))
        if isinstance(known.model, UncertaintyFile):  # a dispersion has its source in its own table
            sources += [
                ValueSource(known.document.label, f"dispersions.{i}: {table.path}", table.source)
                for i, table in enumerate(known.model.dispersions)
            ]
    world = of(WorldFile, parts.models["world",])
    return Scenario(
        path=document.path,
        raw={**raw, "named": parts.tables},
        name=mission.name,
        seed=mission.seed,
        station=mission.station,
        docked=mission.docked,
        sequence=parts.sequence,
        branches=parts.branches,
        vehicles=parts.vehicles,
        named=parts.files,
        blocks=parts.blocks,
        faults=mission.faults,
        atmosphere=own or world.atmosphere,
        crew=mission.crew,
        viewers=mission.viewers,
        record=mission.record,
        station_vehicle=of(craft_files.StationFile, parts.models["station", "vehicle"]),
        ship_vehicles=parts.ships,
        world=world,
        uncertainty=of(UncertaintyFile, certain) if (certain := parts.models["uncertainty",]) else None,
        week=of(WeekFile, planned) if (planned := parts.models.get(("week",))) else None,
        sources=tuple(sources),
        files=tuple(dict.fromkeys(path for d in read for path, _ in d.texts)),
        unsourced=(*without_source(raw), *(f"{d.label}: {key}" for d in read[1:] for key in without_source(d.raw))),
        warnings=(),
    )


def with_fallbacks(
    sequence: tuple[PhaseEntry, ...], files: Named, fallbacks: Iterable[Fallback], station: craft_files.StationFile
) -> tuple[Named, dict[str, tuple[PhaseEntry, ...]]]:
    """The named files with the profiles that may be gone over to, and what is flown then, by their names."""
    fallbacks = list(fallbacks)
    profiles = {**files.profiles, **{name: profile for _, name, profile in fallbacks}}
    branches = {name: branch(sequence, at, name, profile, station) for at, name, profile in fallbacks}
    return replace(files, profiles=profiles), branches


def as_tables(models: Mapping[str, File]) -> dict[str, dict]:
    return {
        name: model.model_dump(mode="json", by_alias=True, exclude={"sources"}, exclude_none=True)
        for name, model in models.items()
    }
