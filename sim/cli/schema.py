"""The command `schema`: the JSON schema of a kind of file."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help="mission, sequence, orbit, suborbital, campaign, programme, docking_rules, landing_rules, "
            "spacewalk_rules, week, launcher, ship, rocket_plane, station, profile, site, surface_site, wind, arm, "
            "world, body or uncertainty."
        ),
    ] = "mission",
) -> None:
    """Print the JSON schema of one kind of file, for an editor that completes and checks."""
    from sim.api.catalogue import schema as of_kind

    print(json.dumps(of_kind(kind), indent=1))
