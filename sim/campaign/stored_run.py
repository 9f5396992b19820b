"""A run of a campaign as its directory holds it: read by words alone, before anything is compiled or flown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.campaign import directory as place
from sim.campaign import table
from sim.campaign.load import Campaign, stored_campaign
from sim.files.output_directory import OutdirError


@dataclass(frozen=True)
class StoredRun:
    """The plan and campaign that a run is of, the key of its checksum, and its row; None before there is a table."""

    plan: dict
    campaign: Campaign
    key: bytes
    row: str | None


def stored_run(out: Path, number: int) -> StoredRun:
    """OutdirError where the directory holds no such run, or a table in which it is damaged."""
    plan = place.stored(out)
    campaign = stored_campaign(plan["campaign"], plan["campaign_file"])
    columns = table.header(campaign.dispersions, campaign.phase)
    key = place.key_of(plan, columns)
    known, warnings = place.known(out, columns, key)
    if (known or warnings) and number not in known:
        runs = f"{len(known)} runs, {min(known)} to {max(known)}" if known else "no whole row"
        damage = "".join(f"; {warning} by `tiangong montecarlo`" for warning in warnings)
        raise OutdirError(f"run {number} is not in {out}, which holds {runs}{damage}")
    return StoredRun(plan, campaign, key, known.get(number))
