"""A dispersed launcher: thrust, impulse, masses, drag and wind of its record changed, by stage.

Every change is a difference to what was there, so that one of nothing leaves every bit. What can be written can be
read from the record that is flown, not from what was meant.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kernels.ascent.launcher import DROP, EXIT, FLOW, THRUST
from kernels.records import Launcher
from sim.core.vehicle import LaunchVehicle

EAST, NORTH = 1, 2  # columns of the wind


def with_thrust(rocket: LaunchVehicle, tank: int, factor: float) -> LaunchVehicle:
    """More thrust by more flow: the specific impulse stays."""
    record, stages, more = rocket.record, rocket.stages, factor - 1.0
    phases, draws = record.phases.copy(), record.draws.copy()
    thrusts, exits = stages.thrusts.copy(), stages.exits.copy()
    for column, share in ((THRUST, thrusts), (EXIT, exits), (FLOW, draws)):
        phases[:, column] += more * share[:, tank]
        share[:, tank] *= factor
    return replace(
        rocket,
        record=record._replace(phases=phases, draws=draws),
        stages=replace(stages, thrusts=thrusts, exits=exits),
    )


def with_impulse(rocket: LaunchVehicle, tank: int, factor: float) -> LaunchVehicle:
    """The same thrust from another flow."""
    phases, draws = rocket.record.phases.copy(), rocket.record.draws.copy()
    phases[:, FLOW] += (1.0 / factor - 1.0) * draws[:, tank]
    draws[:, tank] /= factor
    return replace(rocket, record=rocket.record._replace(phases=phases, draws=draws))


def with_dry_mass(rocket: LaunchVehicle, tank: int, factor: float) -> LaunchVehicle:
    record, stages = rocket.record, rocket.stages
    more, dry, phases = stages.dry[tank] * (factor - 1.0), stages.dry.copy(), record.phases.copy()
    dry[tank] += more
    phases[:, DROP] += more * stages.drops[:, tank]
    record = record._replace(phases=phases, loaded=record.loaded + more)
    return replace(rocket, record=record, stages=replace(stages, dry=dry))


def with_propellant(rocket: LaunchVehicle, tank: int, factor: float) -> LaunchVehicle:
    record, tanks = rocket.record, rocket.record.tanks.copy()
    more = tanks[tank] * (factor - 1.0)
    tanks[tank] += more
    return replace(rocket, record=record._replace(tanks=tanks, loaded=record.loaded + more))


def with_wind(record: Launcher, column: int, speed: float, profile: tuple[tuple[float, float], ...]) -> Launcher:
    """`speed` m/s of wind toward EAST or NORTH times the share of the profile (height m, share), over what blows."""
    height, share = np.array(profile).T
    before = record.wind
    heights = np.union1d(before[:, 0], height)
    wind = np.zeros((len(heights), 3))
    wind[:, 0] = heights
    for toward in (EAST, NORTH):
        wind[:, toward] = np.interp(heights, before[:, 0], before[:, toward]) if len(before) else 0.0
    wind[:, column] += speed * np.interp(heights, height, share)
    return record._replace(wind=wind)


def thrust_of(rocket: LaunchVehicle, tank: int) -> float:
    """N, in the first phase in which the stage burns: what the phase has, less the others' shares."""
    i, others = _burns(rocket, tank)
    return float(rocket.record.phases[i, THRUST] - rocket.stages.thrusts[i, others].sum())


def impulse_of(rocket: LaunchVehicle, tank: int) -> float:
    """Exhaust velocity, m/s."""
    i, others = _burns(rocket, tank)
    flow = float(rocket.record.phases[i, FLOW] - rocket.record.draws[i, others].sum())
    return thrust_of(rocket, tank) / flow


def dry_mass_of(rocket: LaunchVehicle, tank: int) -> float:
    """kg: of all that stands on the pad what is not accounted for otherwise."""
    record, stages = rocket.record, rocket.stages
    others = np.arange(len(stages.names)) != tank
    rest = record.tanks.sum() + stages.residuals.sum() + record.jettisons[:, 1].sum() + stages.dry[others].sum()
    return float(record.loaded - rest)


def wind_of(record: Launcher, column: int, profile: tuple[tuple[float, float], ...]) -> float:
    """Wind toward EAST or NORTH over the share of a profile, m/s, at the height of its greatest share."""
    height, share = max(profile, key=lambda row: abs(row[1]))
    wind = record.wind
    return float(np.interp(height, wind[:, 0], wind[:, column])) / share if len(wind) else 0.0


def _burns(rocket: LaunchVehicle, tank: int) -> tuple[int, np.ndarray]:
    i = int(np.argmax(rocket.stages.thrusts[:, tank] > 0.0))
    return i, np.arange(len(rocket.stages.names)) != tank
