"""`Scenario`: what the user wrote, checked and frozen, with the files it names as models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from sim.files.problems import Problem, ScenarioError
from sim.files.text import label
from sim.scenario import catalogue, craft_files, profile_file, uncertainty_file, week_file, wind_file
from sim.scenario.arm_file import ArmFile
from sim.scenario.docking_rules import DockingRules
from sim.scenario.landing_rules import LandingRules
from sim.scenario.rotation import (
    AnyFault,
    CrewMember,
    DockedBlock,
    Launch,
    Rendezvous,
    Return,
    Rules,
    StationStart,
    Stay,
    Trim,
)
from sim.scenario.safety import Viewer
from sim.scenario.sequence_file import PhaseEntry


class ValueSource(NamedTuple):
    """Where one value comes from, as its file has it."""

    file: str
    key: str
    text: str

    @property
    def assumed(self) -> bool:
        return self.text.startswith("assumed")


@dataclass(frozen=True)
class Blocks:
    """The blocks of the usual rotation, and the files that they name; None for what the mission has not.

    `fallback`: the profile that `profile` may go over to in flight.
    """

    launch: Launch | None = None
    trim: Trim | None = None
    rendezvous: Rendezvous | None = None
    stay: Stay | None = None
    return_: Return | None = None
    rules: Rules | None = None
    launcher: catalogue.LauncherFile | None = None
    launch_site: catalogue.SiteFile | None = None
    landing_site: catalogue.SiteFile | None = None
    profile: profile_file.ProfileFile | None = None
    fallback: profile_file.ProfileFile | None = None


@dataclass(frozen=True)
class Named:
    """The files that the phases name, as models, by the name that the mission gives them; winds by what sites do."""

    launchers: Mapping[str, catalogue.LauncherFile] = field(default_factory=dict)
    sites: Mapping[str, catalogue.SiteFile] = field(default_factory=dict)
    profiles: Mapping[str, profile_file.ProfileFile] = field(default_factory=dict)
    docking_rules: Mapping[str, DockingRules] = field(default_factory=dict)
    winds: Mapping[str, wind_file.WindFile] = field(default_factory=dict)
    landing_rules: Mapping[str, LandingRules] = field(default_factory=dict)
    arms: Mapping[str, ArmFile] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """What the user wrote, checked: the mission's own keys under their TOML names, and the files it names as models.

    `sequence`: the phases in order, written in the file or expanded from the blocks of a rotation; `branches`: what is
    flown after phasing instead, by the name of the profile that it goes over to. `vehicles`: which file of
    `ship_vehicles` each ship is built by. `blocks`: the short form of a rotation, as far as the mission has it; each
    of its parts can be asked of the scenario itself, and ScenarioError says where there is none.
    `atmosphere`: the mission's, or else the world's. `uncertainty`: how well all of it is known; None: exactly.
    `week`: what is done aboard, None where the mission does not say. `raw`: the mission file as resolved, and under
    `named` the files that it names, as plain tables for the manifest. `files`: all that
    was read. `unsourced`: the numbers that no source covers, by key. `warnings`: what is allowed and yet worth a word.
    """

    path: Path
    raw: dict
    name: str
    seed: int
    station: StationStart
    docked: tuple[DockedBlock, ...]
    sequence: tuple[PhaseEntry, ...]
    branches: Mapping[str, tuple[PhaseEntry, ...]]
    vehicles: Mapping[str, str]
    named: Named
    blocks: Blocks
    faults: tuple[AnyFault, ...]
    atmosphere: catalogue.Atmosphere
    crew: tuple[CrewMember, ...]
    viewers: tuple[Viewer, ...]
    record: dict[str, str]
    station_vehicle: craft_files.StationFile
    ship_vehicles: dict[str, craft_files.ShipFile]
    world: catalogue.WorldFile
    uncertainty: uncertainty_file.UncertaintyFile | None
    week: week_file.WeekFile | None
    sources: tuple[ValueSource, ...]
    files: tuple[Path, ...]
    unsourced: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def assumed(self) -> tuple[ValueSource, ...]:
        return tuple(s for s in self.sources if s.assumed)

    @property
    def phases(self) -> tuple[str, ...]:
        """How the phases of the sequence are called, in order."""
        return tuple(entry.phase for entry in self.sequence)

    def ship_vehicle(self, ship: str) -> craft_files.ShipFile:
        """The file that a ship is built by."""
        return self.ship_vehicles[self.vehicles[ship]]

    def launched_from(self, site: catalogue.SiteFile) -> Scenario:
        """The same from another launch site."""
        sites = {**self.named.sites, self.launch.site: site}
        return replace(self, named=replace(self.named, sites=sites), blocks=replace(self.blocks, launch_site=site))

    def needs(self, *blocks: str, purpose: str) -> None:
        """ScenarioError where one of these blocks, by their names in a file, is not there; `purpose` needs them."""
        if lacking := [name for name in blocks if getattr(self.blocks, _attribute(name)) is None]:
            raise self._lacks(lacking, purpose)

    def _lacks(self, blocks: list[str], purpose: str) -> ScenarioError:
        found = f"a sequence without [{'], ['.join(blocks)}]: {', '.join(self.phases)}"
        allowed = f"for {purpose} a mission of the usual rotation, written in its blocks, such as shenzhou-20"
        return ScenarioError([Problem(label(self.path), "sequence", found, allowed)])

    def _block(self, name: str):
        block = getattr(self.blocks, name)
        if block is None:
            raise self._lacks([name.rstrip("_")], "this command")
        return block

    @property
    def launch(self) -> Launch:
        return self._block("launch")

    @property
    def trim(self) -> Trim:
        return self._block("trim")

    @property
    def rendezvous(self) -> Rendezvous:
        return self._block("rendezvous")

    @property
    def stay(self) -> Stay:
        return self._block("stay")

    @property
    def return_(self) -> Return:
        return self._block("return_")

    @property
    def rules(self) -> Rules:
        return self._block("rules")

    @property
    def launcher(self) -> catalogue.LauncherFile:
        return self._block("launcher")

    @property
    def launch_site(self) -> catalogue.SiteFile:
        return self._block("launch_site")

    @property
    def landing_site(self) -> catalogue.SiteFile:
        return self._block("landing_site")

    @property
    def profile(self) -> profile_file.ProfileFile:
        return self._block("profile")

    @property
    def fallback(self) -> profile_file.ProfileFile | None:
        return self.blocks.fallback


def _attribute(name: str) -> str:
    return "return_" if name == "return" else name
