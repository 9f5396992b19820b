"""The campaign file: what is dispersed in one phase of a mission, by which law, and on whose authority."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.core.counts import MOST_RUNS
from sim.scenario.kinds import File, Reference, Source, Table, Words, length, within

Path = Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,100}$", description="a path such as launcher.thrust")]


class DispersionTable(Table):
    """One spread: sigma of a normal or lognormal law, half the width of a uniform one; percent are of the nominal.

    With a spread of 0 the nominal value is flown. `limit_sigmas`: what lies beyond is drawn again.
    """

    path: Path
    law: Literal["normal", "lognormal", "uniform"]
    sigma_percent: Annotated[float, within(0, 100)] | None = None
    sigma_m: Annotated[float, within(0, 1e6)] | None = None
    sigma_m_s: Annotated[float, within(0, 1e4)] | None = None
    sigma_deg: Annotated[float, within(0, 90)] | None = None
    sigma_deg_s: Annotated[float, within(0, 10)] | None = None
    half_width_percent: Annotated[float, within(0, 100)] | None = None
    half_width_m: Annotated[float, within(0, 1e6)] | None = None
    half_width_m_s: Annotated[float, within(0, 1e4)] | None = None
    half_width_deg: Annotated[float, within(0, 90)] | None = None
    half_width_deg_s: Annotated[float, within(0, 10)] | None = None
    limit_sigmas: Annotated[float, within(1, 6)] | None = None
    source: Source


class SettingTable(Table):
    """What is otherwise than in the mission, the same in every run: the value itself, or the percentage that it is
    off where the path's unit is that."""

    path: Path
    value: Annotated[float, within(-1e6, 1e6)]
    source: Source


class WindTable(Table):
    """The share of a drawn wind that blows at each height; linear between, held beyond the ends."""

    height_km: Annotated[tuple[Annotated[float, within(0, 200)], ...], length(2, 50)]
    share: Annotated[tuple[Annotated[float, within(-10, 10)], ...], length(2, 50)]


class RequirementTable(Table):
    """The scatter, one sigma, that a quantity of the table may have, in that quantity's unit."""

    quantity: Path
    sigma: Annotated[float, within(1e-12, 1e9)]
    source: Source


class CampaignFile(File):
    """`mission`: what is flown where the command line names no other."""

    kind: Literal["campaign"]
    note: Words = ""
    phase: Path
    mission: Reference | None = None
    runs: Annotated[int, within(1, MOST_RUNS)] = 500
    seed: Annotated[int, within(0, 2**63 - 1)] = 0
    dispersions: Annotated[tuple[DispersionTable, ...], length(1, 50)]
    settings: Annotated[tuple[SettingTable, ...], length(0, 20)] = ()
    wind: WindTable | None = None
    requirements: Annotated[tuple[RequirementTable, ...], length(0, 50)] = ()
