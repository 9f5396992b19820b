"""What is known of how a craft looks beyond its vehicle file: `seeds/facts/shapes.toml`, by the name of that file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sim.catalogue.facts import facts


def shape_of(vehicle: str) -> Mapping[str, Any]:
    """The shape of the vehicle that a mission calls so, by name or by path; empty where nothing is known of it."""
    found = facts().get(f"shapes.{PurePath(vehicle).stem}")
    return found.table if found is not None else {}
