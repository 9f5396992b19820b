"""The uncertainty file: how well a mission's world and craft are known before it flies, and how well it is tracked.

Planners, guidance and navigation take what the mission's files say; what is true is drawn by these laws.
"""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.campaign_file import DispersionTable, WindTable
from sim.scenario.kinds import File, Table, Words, length, within


class TrackingTable(Table):
    """One sigma of a fix of an orbit from the ground, each axis; of ln(density) as a day's decay shows it."""

    position_m: Annotated[float, within(0, 1e5)]
    velocity_m_s: Annotated[float, within(0, 100)]
    density_percent: Annotated[float, within(0, 100)]


class ThermosphereTable(Table):
    """The air above 86 km against its forecast: one sigma of ln(density), and how long its error lasts, to 1/e."""

    sigma_percent: Annotated[float, within(0, 100)]
    correlation_days: Annotated[float, within(0.1, 100)]


class TrimTable(Table):
    """One sigma of the station's burns: of their size, and of their direction about two axes."""

    size_percent: Annotated[float, within(0, 50)]
    direction_deg: Annotated[float, within(0, 30)]


class LandingWindTable(Table):
    """The wind over the landing site against its forecast: one sigma, each axis, over the height, and the height in
    which its error loses its likeness, to 1/e. With `weather` the forecast itself is that of some day: the climate of
    the site's wind file and a departure from it as large as that says; without it, it is the climate."""

    height_km: Annotated[tuple[Annotated[float, within(-1, 120)], ...], length(2, 50)]
    sigma_m_s: Annotated[tuple[Annotated[float, within(0, 100)], ...], length(2, 50)]
    correlation_height_km: Annotated[float, within(0.1, 100)]
    weather: bool = True


class UncertaintyFile(File):
    """`dispersions`: what is drawn once for a flight, as in a campaign file."""

    kind: Literal["uncertainty"]
    note: Words = ""
    tracking: TrackingTable
    thermosphere: ThermosphereTable
    trim: TrimTable
    dispersions: Annotated[tuple[DispersionTable, ...], length(0, 50)] = ()
    wind: WindTable | None = None
    landing_wind: LandingWindTable | None = None
