"""What is true, drawn by the uncertainty of a mission; what is known stays what its files say.

One record, one seed: run 0 is the flight that `tiangong run` flies, the others are those of a campaign.
"""

from __future__ import annotations

from dataclasses import fields, replace

from sim.core.random_streams import RandomDraws, stream
from sim.docking.approach import CloseRange
from sim.environment.density_error import Wandering, with_error
from sim.mission import Mission, Phase
from sim.orbit.ground_tracking import GroundTracking
from sim.scenario import Scenario
from sim.scenario.dispersible import Dispersion
from sim.scenario.dispersions import dispersion, wind_profile
from sim.scenario.uncertainty_file import UncertaintyFile
from sim.uncertainty import targets
from sim.uncertainty.disperse import disperse
from sim.uncertainty.draw import draw
from sim.uncertainty.kinds import LaunchPhase
from sim.uncertainty.whole_flight import mapped

DAY = 86400.0
WITHOUT_A_LAUNCH = ("launcher.", "wind.", "navigation.", "mass.launched", "drag_area.launched")


def true_mission(mission: Mission, scenario: Scenario, run: int = 0, seed: int | None = None) -> Mission:
    """The mission as it is in one run, with what is known of it beside; the same where it has no uncertainty.

    `seed`: the root of the random numbers; None: the mission's.
    """
    file = scenario.uncertainty
    draws = RandomDraws(scenario.seed if seed is None else seed, run)
    mission = mapped(mission, lambda phase: _with_draws(phase, draws))
    if file is None:
        return mission
    laws = dispersions(mission, file)
    drawn = draw(laws, {d.path: targets.parts(d.path) for d in laws}, draws.seed, run)
    world = mission.world
    mission = replace(mapped(mission, _modelled), world=replace(world, forecast=world.known()))
    true = disperse(mission, laws, drawn)
    wandering = _wandering(file).drawn(world.start, world.end, stream(draws.seed, run, "air.thermosphere"))
    return replace(true, world=with_error(true.world, 1.0, wandering), drawn=drawn)


def dispersions(mission: Mission, file: UncertaintyFile) -> tuple[Dispersion, ...]:
    """What is drawn of a mission: all that the file names and the mission has."""
    wind = wind_profile(file.wind)
    launches = any(isinstance(phase, LaunchPhase) for phase in mission.phases)
    return tuple(
        dispersion(table, wind) for table in file.dispersions if launches or not table.path.startswith(WITHOUT_A_LAUNCH)
    )


def _wandering(file: UncertaintyFile) -> Wandering:
    return Wandering(0.01 * file.thermosphere.sigma_percent, DAY * file.thermosphere.correlation_days)


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
    return replace(phase, **changed) if changed else phase  # type: ignore[type-var]
