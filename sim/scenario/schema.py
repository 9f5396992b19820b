"""The JSON schemas of the files that a user writes: missions, orbits, campaigns, programmes, rules, weeks."""

from __future__ import annotations

from pydantic import BaseModel

from sim.scenario.campaign_file import CampaignFile
from sim.scenario.docking_rules import DockingRules
from sim.scenario.landing_rules import LandingRules
from sim.scenario.orbit_file import OrbitFile
from sim.scenario.programme_file import ProgrammeFile
from sim.scenario.rotation import Rotation
from sim.scenario.sequence_file import SequenceMission
from sim.scenario.week_file import WeekFile


def mission_schema() -> dict:
    """Draft 2020-12. What keys must agree with each other cannot be written in a schema; `tiangong check` checks it."""
    return _schema(Rotation, "mission")


def sequence_schema() -> dict:
    """The same for missions that state their phases themselves."""
    return _schema(SequenceMission, "mission with a sequence")


def orbit_schema() -> dict:
    """The same for orbit files; `tiangong propagate` says the rest."""
    return _schema(OrbitFile, "orbit")


def campaign_schema() -> dict:
    """The same for campaign files; `tiangong check` says the rest."""
    return _schema(CampaignFile, "campaign")


def programme_schema() -> dict:
    """The same for programme files, with their records filled in; `tiangong rotation` says the rest."""
    return _schema(ProgrammeFile, "programme")


def docking_rules_schema() -> dict:
    """The same for files of docking rules; `tiangong docking-windows` says the rest."""
    return _schema(DockingRules, "docking_rules")


def landing_rules_schema() -> dict:
    """The same for files of landing rules; `tiangong landing-windows` says the rest."""
    return _schema(LandingRules, "landing_rules")


def week_schema() -> dict:
    """The same for files of a week aboard; `tiangong check` says the rest."""
    return _schema(WeekFile, "week")


def _schema(model: type[BaseModel], word: str) -> dict:
    schema = model.model_json_schema()
    extends = {"type": "string", "description": f"name or path of a {word} file whose keys hold where this has none"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"tiangong {word} file",
        "properties": {"extends": extends, **schema["properties"]},
    }


SCHEMAS = {
    "mission": mission_schema,
    "sequence": sequence_schema,
    "orbit": orbit_schema,
    "campaign": campaign_schema,
    "programme": programme_schema,
    "docking_rules": docking_rules_schema,
    "landing_rules": landing_rules_schema,
    "week": week_schema,
}
