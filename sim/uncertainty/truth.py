"""What is true, drawn by the uncertainty of a mission; what is known stays what its files say.

One record, one seed: run 0 is the flight that `tiangong run` flies, the others are those of a campaign.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from sim.core.random_streams import RandomDraws, stream
from sim.docking.approach import CloseRange
from sim.environment.density_error import Wandering, with_error
from sim.environment.winds import LandingWind
from sim.mission import Mission, Phase
from sim.orbit.ground_tracking import GroundTracking
from sim.scenario import Scenario
from sim.scenario.dispersible import Dispersion
from sim.scenario.dispersions import dispersion, wind_profile
from sim.uncertainty import targets
from sim.uncertainty.disperse import disperse
from sim.uncertainty.draw import draw
from sim.uncertainty.kinds import LaunchPhase
from sim.uncertainty.whole_flight import mapped

DAY = 86400.0
OF_A_LAUNCH: tuple[str, ...] = ("launcher.", "wind.", "navigation.", "mass.launched", "drag_area.launched")
OF_THE_CLOSE_RANGE: tuple[str, ...] = ("thrusters.", "station.")
NEAR = {"undocking", "fly-around", "docking"}  # phases that are flown in closed loop


@dataclass(frozen=True)
class Uncertainty:
    """How well a mission is known: what is drawn once for a flight, and how the thin air wanders from its forecast."""

    laws: tuple[Dispersion, ...]
    wandering: Wandering
    wind: LandingWind | None = None

    def true(self, mission: Mission, draws: RandomDraws) -> Mission:
        """The mission as it is in one run, and beside it what is known of it."""
        laws, world = self.laws, mission.world
        if self.wind is not None:
            world = self.wind.drawn(world, draws)
        drawn = draw(laws, {d.path: targets.parts(d.path) for d in laws}, draws.seed, draws.run)
        known = replace(mapped(mission, _modelled), world=replace(world, forecast=world.known()))
        true = disperse(with_draws(known, draws), laws, drawn)
        wandering = self.wandering.drawn(world.start, world.end, stream(draws.seed, draws.run, "air.thermosphere"))
        return replace(true, world=with_error(true.world, 1.0, wandering), drawn=drawn)


def true_mission(mission: Mission, scenario: Scenario) -> Mission:
    """The mission as `tiangong run` flies it: run 0 of its seed; the same where the scenario has no uncertainty."""
    uncertainty = uncertainty_of(scenario)
    return uncertainty.true(mission, RandomDraws(scenario.seed)) if uncertainty else mission


def uncertainty_of(scenario: Scenario) -> Uncertainty | None:
    """All that the scenario's file names and the mission has; None where it names no file."""
    file = scenario.uncertainty
    if file is None:
        return None
    wind, phases = wind_profile(file.wind), set(scenario.phases)
    absent = () if "ascent" in phases else OF_A_LAUNCH
    absent += () if phases & NEAR else OF_THE_CLOSE_RANGE
    laws = (dispersion(table, wind) for table in file.dispersions)
    return Uncertainty(
        tuple(d for d in laws if not d.path.startswith(absent)),
        Wandering(0.01 * file.thermosphere.sigma_percent, DAY * file.thermosphere.correlation_days),
        _landing_wind(scenario),
    )


def _landing_wind(scenario: Scenario) -> LandingWind | None:
    """How well the wind over the landing site is known; None where the file does not say."""
    table = scenario.uncertainty.landing_wind if scenario.uncertainty else None
    if table is None:
        return None
    climates = scenario.named.winds.values()
    likeness = max((1e3 * file.correlation_height_km for file in climates), default=0.0)
    return LandingWind(
        heights=1e3 * np.array(table.height_km),
        sigma=np.array(table.sigma_m_s, dtype=float),
        correlation=1e3 * table.correlation_height_km,
        weather=likeness if table.weather and likeness else None,
    )


def with_draws(mission: Mission, draws: RandomDraws) -> Mission:
    """The mission with the random numbers of a run, for its sensors, its burns and its tracking."""
    return mapped(mission, lambda phase: _with_draws(phase, draws))


def _modelled(phase: Phase) -> Phase:
    """The phase with the launcher of the files as the one that its steering is made for and its guidance knows."""
    if not isinstance(phase, LaunchPhase) or phase.model is not None:
        return phase
    record = phase.launcher.record
    if not len(record.nominal):
        record = record._replace(nominal=record.phases)
    return replace(phase, model=phase.launcher, launcher=replace(phase.launcher, record=record))


def _with_draws(phase: Phase, draws: RandomDraws) -> Phase:
    """The phase with the random numbers of a run, wherever it holds some."""
    changed: dict[str, object] = {}
    for field in fields(phase):  # type: ignore[arg-type]  # every phase is a dataclass
        held = getattr(phase, field.name)
        if isinstance(held, RandomDraws):
            changed[field.name] = replace(draws, flight=held.flight)
        elif isinstance(held, GroundTracking | CloseRange):
            changed[field.name] = replace(held, draws=replace(draws, flight=held.draws.flight))
    return replace(phase, **changed) if changed else phase  # type: ignore[type-var]  # every phase is a dataclass
