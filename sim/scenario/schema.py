"""The JSON schemas of the files that a user writes: missions, orbits, campaigns, programmes, and what those name."""

from __future__ import annotations

from pydantic import BaseModel

from sim.scenario.arm_file import ArmFile
from sim.scenario.body_file import BodyFile
from sim.scenario.campaign_file import CampaignFile
from sim.scenario.catalogue import LauncherFile, SiteFile, WorldFile
from sim.scenario.craft_files import ShipFile, StationFile
from sim.scenario.descriptions import described
from sim.scenario.docking_rules import DockingRules
from sim.scenario.landing_rules import LandingRules
from sim.scenario.orbit_file import OrbitFile
from sim.scenario.profile_file import ProfileFile
from sim.scenario.programme_file import ProgrammeFile
from sim.scenario.rotation import Rotation
from sim.scenario.sequence_file import SequenceMission
from sim.scenario.spacewalk_rules import SpacewalkRules
from sim.scenario.suborbital_craft import RocketPlaneFile
from sim.scenario.suborbital_file import SuborbitalFile
from sim.scenario.surface_site import SurfaceSiteFile
from sim.scenario.uncertainty_file import UncertaintyFile
from sim.scenario.week_file import WeekFile
from sim.scenario.wind_file import WindFile

# How a kind of file is called for `tiangong schema` -> its model, and the words of its schema's title. What keys must
# agree with each other cannot be written in a schema; `tiangong check` checks it.
MODELS: dict[str, tuple[type[BaseModel], str]] = {
    "mission": (Rotation, "mission"),
    "sequence": (SequenceMission, "mission with a sequence"),
    "orbit": (OrbitFile, "orbit"),
    "suborbital": (SuborbitalFile, "suborbital flight"),
    "campaign": (CampaignFile, "campaign"),
    "programme": (ProgrammeFile, "programme"),
    "docking_rules": (DockingRules, "docking_rules"),
    "landing_rules": (LandingRules, "landing_rules"),
    "spacewalk_rules": (SpacewalkRules, "spacewalk_rules"),
    "week": (WeekFile, "week"),
    "rocket_plane": (RocketPlaneFile, "rocket plane"),
    "launcher": (LauncherFile, "launcher"),
    "ship": (ShipFile, "ship"),
    "station": (StationFile, "station"),
    "profile": (ProfileFile, "profile"),
    "site": (SiteFile, "site"),
    "wind": (WindFile, "wind"),
    "arm": (ArmFile, "arm"),
    "body": (BodyFile, "body"),
    "surface_site": (SurfaceSiteFile, "surface_site"),
    "world": (WorldFile, "world"),
    "uncertainty": (UncertaintyFile, "uncertainty"),
}


def schema_of(kind: str) -> dict:
    """The JSON schema (draft 2020-12) of one kind of file, a key of MODELS."""
    model, word = MODELS[kind]
    schema = described(model)
    extends = {"type": "string", "description": f"name or path of a {word} file whose keys hold where this has none"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"tiangong {word} file",
        "properties": {"extends": extends, **schema["properties"]},
    }
