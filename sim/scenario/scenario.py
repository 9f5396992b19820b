"""`Scenario`: what the user wrote, checked and frozen, with the files it names as models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.scenario import catalogue, craft_files, profile_file
from sim.scenario.rotation import (
    CrewMember,
    DockedBlock,
    FaultBlock,
    Launch,
    Rendezvous,
    Return,
    Rules,
    StationStart,
    Stay,
    Trim,
)
from sim.scenario.safety import Viewer


class ValueSource(NamedTuple):
    """Where one value comes from, as its file tells it."""

    file: str
    key: str
    text: str

    @property
    def assumed(self) -> bool:
        return self.text.startswith("assumed")


@dataclass(frozen=True)
class Scenario:
    """What the user wrote, checked: the mission's own keys under their TOML names, and the files it names as models.

    `return_` is the table `return`. `ship_vehicles`: by the name that the mission gives them. `atmosphere`: the
    mission's, or else the world's. `raw`: the mission file as resolved, and under `named` the files that it names, as
    plain tables for the manifest. `files`: all that was read. `unsourced`: the numbers that no source covers, by key.
    `warnings`: what is allowed and yet worth a word. `fallback`: the profile that `profile` may go over to in flight.
    """

    path: Path
    raw: dict
    name: str
    seed: int
    station: StationStart
    docked: tuple[DockedBlock, ...]
    launch: Launch
    trim: Trim
    rendezvous: Rendezvous
    faults: tuple[FaultBlock, ...]
    stay: Stay
    return_: Return
    rules: Rules
    atmosphere: catalogue.Atmosphere
    crew: tuple[CrewMember, ...]
    viewers: tuple[Viewer, ...]
    record: dict[str, str]
    station_vehicle: craft_files.StationFile
    ship_vehicles: dict[str, craft_files.ShipFile]
    launcher: catalogue.LauncherFile
    launch_site: catalogue.SiteFile
    landing_site: catalogue.SiteFile
    world: catalogue.WorldFile
    profile: profile_file.ProfileFile
    sources: tuple[ValueSource, ...]
    files: tuple[Path, ...]
    unsourced: tuple[str, ...]
    warnings: tuple[str, ...]
    fallback: profile_file.ProfileFile | None = None

    @property
    def assumed(self) -> tuple[ValueSource, ...]:
        return tuple(s for s in self.sources if s.assumed)
