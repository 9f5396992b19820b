"""The wind over the landing site of a mission, from the files; SI."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.core.epoch import Epoch
from sim.environment.world import World
from sim.scenario import Scenario
from sim.scenario.sequence_file import DescentEntry
from sim.scenario.wind_file import WindFile


def climate(file: WindFile, month: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean wind of a month (n, 3): height m, east and north m/s; and one sigma (n,) of a day about it."""
    season = file.season(month)
    heights = 1e3 * np.array(season.height_km)
    return np.column_stack([heights, season.east_m_s, season.north_m_s]), np.array(season.sigma_m_s, dtype=float)


def near_the_ground(file: WindFile, height: float) -> tuple[tuple[float, float], ...]:
    """Of each month the speed of the mean wind at the height m of a site, and one sigma of each axis of a day about it,
    m/s."""

    def of(month: int) -> tuple[float, float]:
        wind, sigma = climate(file, month)
        east, north, spread = (float(np.interp(height, wind[:, 0], x)) for x in (wind[:, 1], wind[:, 2], sigma))
        return float(np.hypot(east, north)), spread

    return tuple(map(of, range(1, 13)))


def with_wind(world: World, scenario: Scenario, landing: Epoch) -> World:
    """The world with the wind over the landing site in the month of `landing`; calm where that names none."""
    file = landing_wind_file(scenario)
    if file is None:
        return world
    wind, spread = climate(file, int(landing.utc()[5:7]))
    return replace(world, wind=wind, wind_spread=spread)


def landing_wind_file(scenario: Scenario) -> WindFile | None:
    """The wind that the landing site names; None where nothing lands or nothing is named."""
    sites = [entry.site for entry in scenario.sequence if isinstance(entry, DescentEntry)]
    named = scenario.named.sites[sites[-1]].wind if sites else None
    return scenario.named.winds[named] if named else None
