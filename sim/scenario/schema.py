"""The JSON schema of mission files."""

from __future__ import annotations

from sim.scenario.rotation import Rotation


def mission_schema() -> dict:
    """Draft 2020-12. What keys must agree with each other cannot be said in it; `tiangong check` says that."""
    schema = Rotation.model_json_schema()
    extends = {"type": "string", "description": "name or path of a mission file whose keys hold where this has none"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "tiangong mission file",
        "properties": {"extends": extends, **schema["properties"]},
    }
