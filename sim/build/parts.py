"""What the phases of a mission are made of: the scenario, and its craft in SI."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.build.sites import site_of
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.navigation_errors import EXACT, ExecutionErrors
from sim.core.random_streams import RandomDraws
from sim.core.vehicle import Port, Ship, Station
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.scenario import Scenario, craft_files, profile_file


@dataclass(frozen=True)
class Parts:
    """`ships`: by name, of those that fly. `zero`: the epoch that times are counted from. `flight`: how often the phase
    that is made has been flown then, itself included."""

    scenario: Scenario
    station: Station
    ships: Mapping[str, Ship]
    zero: Epoch
    flight: int = 1

    @property
    def ground(self) -> GroundTracking:
        """How well the ground knows where the station is and what the air does."""
        file = self.scenario.uncertainty
        if file is None:
            return NOTHING_TO_FIND
        return GroundTracking(
            position=file.tracking.position_m,
            velocity=file.tracking.velocity_m_s,
            density=0.01 * file.tracking.density_percent,
            correlation=86400.0 * file.thermosphere.correlation_days,
            draws=self.draws,
        )

    @property
    def trim_execution(self) -> ExecutionErrors:
        """Of the burns of the station."""
        file = self.scenario.uncertainty
        if file is None:
            return EXACT
        return ExecutionErrors(0.01 * file.trim.size_percent, math.radians(file.trim.direction_deg))

    @property
    def draws(self) -> RandomDraws:
        return RandomDraws(self.scenario.seed, flight=self.flight)

    def ship_file(self, ship: str) -> craft_files.ShipFile:
        return self.scenario.ship_vehicle(ship)

    def profile(self, name: str) -> profile_file.ProfileFile:
        return self.scenario.named.profiles[name]

    def site(self, name: str) -> Site:
        return site_of(self.scenario.named.sites[name])

    def port(self, name: str) -> Port:
        return self.station.ports[name]

    def seconds(self, utc: str) -> float:
        return Epoch.from_utc(utc).since(self.zero)
