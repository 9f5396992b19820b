"""What may be dispersed, by a path in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from kernels.records import Launcher
from sim.core.vehicle import LaunchVehicle
from sim.mission import Mission
from sim.scenario.dispersible import PATHS, stage_named, unstaged
from sim.uncertainty import close_range, rocket, whole_flight
from sim.uncertainty.draw import Dispersion
from sim.uncertainty.kinds import LaunchPhase
from sim.uncertainty.target import DispersionTarget, Values

ReadStage = Callable[[LaunchVehicle, int], float]
WriteStage = Callable[[LaunchVehicle, int, float], LaunchVehicle]  # by its factor
ReadRecord = Callable[[Launcher, Dispersion], Iterable[float]]
WriteRecord = Callable[[Launcher, Dispersion, Values], Launcher]


def _launcher(mission: Mission) -> LaunchVehicle:
    """Of the phase that is the ascent."""
    return next(phase.launcher for phase in mission.phases if isinstance(phase, LaunchPhase))


def _with_launcher(mission: Mission, launcher: LaunchVehicle) -> Mission:
    phases = (replace(p, launcher=launcher) if isinstance(p, LaunchPhase) else p for p in mission.phases)
    return replace(mission, phases=tuple(phases))


def _of_stage(read: ReadStage, write: WriteStage) -> DispersionTarget:
    """A share of one stage, or of all where the path names none."""

    def read_all(mission: Mission, stage: int, _: Dispersion) -> Values:
        launcher = _launcher(mission)
        return tuple(read(launcher, i) for i in _stages(launcher, stage))

    def write_all(mission: Mission, stage: int, _: Dispersion, values: Values) -> Mission:
        launcher = _launcher(mission)
        for i in _stages(launcher, stage):
            launcher = write(launcher, i, 1.0 + 0.01 * values[0])
        return _with_launcher(mission, launcher)

    return DispersionTarget(read_all, write_all)


def _stages(launcher: LaunchVehicle, stage: int) -> range:
    return range(len(launcher.stages.names)) if stage < 0 else range(stage, stage + 1)


def _record(read: ReadRecord, write: WriteRecord) -> DispersionTarget:
    """Something of the launcher's record by itself."""

    def read_it(mission: Mission, _: int, dispersion: Dispersion) -> Values:
        return tuple(float(x) for x in read(_launcher(mission).record, dispersion))

    def write_it(mission: Mission, _: int, dispersion: Dispersion, values: Values) -> Mission:
        launcher = _launcher(mission)
        return _with_launcher(mission, replace(launcher, record=write(launcher.record, dispersion, values)))

    return DispersionTarget(read_it, write_it)


def _wind(column: int) -> DispersionTarget:
    return _record(
        lambda record, d: (rocket.wind_of(record, column, d.profile),),
        lambda record, d, values: rocket.with_wind(record, column, values[0], d.profile),
    )


def _navigation(rows: slice) -> DispersionTarget:
    def write(record: Launcher, _: Dispersion, values: Values) -> Launcher:
        errors = record.navigation.copy()
        errors[rows] += values
        return record._replace(navigation=errors)

    return _record(lambda record, _: record.navigation[rows], write)


def _write_density(mission: Mission, _: int, __: Dispersion, values: Values) -> Mission:
    world = mission.world
    air = world.forces.air._replace(factor=world.forces.air.factor * (1.0 + 0.01 * values[0]))
    return replace(mission, world=replace(world, forces=world.forces._replace(air=air)))


TARGETS = {
    "launcher.thrust": _of_stage(rocket.thrust_of, rocket.with_thrust),
    "launcher.isp": _of_stage(rocket.impulse_of, rocket.with_impulse),
    "launcher.dry_mass": _of_stage(rocket.dry_mass_of, rocket.with_dry_mass),
    "launcher.propellant": _of_stage(lambda r, i: float(r.record.tanks[i]), rocket.with_propellant),
    "launcher.drag": _record(
        lambda record, _: record.cd,
        lambda record, _, values: record._replace(cd=record.cd * (1.0 + 0.01 * values[0])),
    ),
    "air.density": DispersionTarget(lambda mission, *_: (mission.world.forces.air.factor,), _write_density),
    "wind.east": _wind(rocket.EAST),
    "wind.north": _wind(rocket.NORTH),
    "navigation.position": _navigation(slice(0, 3)),
    "navigation.velocity": _navigation(slice(3, 6)),
    **whole_flight.TARGETS,
    **close_range.TARGETS,
}


def found(path: str) -> DispersionTarget:
    """The target of a path that is known to be one."""
    return TARGETS[unstaged(path)]  # a campaign file is checked before


def place(path: str, mission: Mission) -> int:
    """Which stage of the mission's launcher a path names; -1 where it names none."""
    name = stage_named(path)
    return -1 if name is None else _launcher(mission).stages.names.index(name)


def stages(mission: Mission) -> tuple[str, ...]:
    return _launcher(mission).stages.names


def parts(path: str) -> int:
    return max(1, len(PATHS[unstaged(path)].parts))


def reached(unit: str, before: Values, after: Values) -> np.ndarray:
    """What of a draw is in a mission, from the values read without and with it, in the dispersion's `unit`."""
    old, new = np.array(before), np.array(after)
    return 100.0 * (new / old - 1.0) if unit == "percent" else new - old
