"""What may be dispersed, by a path in words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from sim.campaign import meeting, rocket
from sim.campaign.draw import Dispersion
from sim.campaign.target import DispersionTarget, Values
from sim.mission import Mission


def _launch(mission: Mission):
    """The phase that is the ascent. Found by its attribute: no phase is imported here."""
    return next(phase for phase in mission.phases if hasattr(phase, "launcher"))


def _with_launcher(mission: Mission, launcher) -> Mission:
    phases = (replace(p, launcher=launcher) if hasattr(p, "launcher") else p for p in mission.phases)
    return replace(mission, phases=tuple(phases))


def _of_stage(read, write) -> DispersionTarget:
    """A share of one stage, or of all where the path names none."""

    def read_all(mission: Mission, stage: int, _) -> Values:
        launcher = _launch(mission).launcher
        return tuple(read(launcher, i) for i in _stages(launcher, stage))

    def write_all(mission: Mission, stage: int, _, values: Values) -> Mission:
        launcher = _launch(mission).launcher
        for i in _stages(launcher, stage):
            launcher = write(launcher, i, 1.0 + 0.01 * values[0])
        return _with_launcher(mission, launcher)

    return DispersionTarget("percent", read_all, write_all)


def _stages(launcher, stage: int) -> range:
    return range(len(launcher.stages.names)) if stage < 0 else range(stage, stage + 1)


def _record(unit: str, read, write, parts: tuple[str, ...] = (), profiled: bool = False) -> DispersionTarget:
    """Something of the launcher's record by itself."""

    def read_it(mission: Mission, _, dispersion: Dispersion) -> Values:
        return tuple(float(x) for x in read(_launch(mission).launcher.record, dispersion))

    def write_it(mission: Mission, _, dispersion: Dispersion, values: Values) -> Mission:
        launcher = _launch(mission).launcher
        return _with_launcher(mission, replace(launcher, record=write(launcher.record, dispersion, values)))

    return DispersionTarget(unit, read_it, write_it, parts, profiled)


def _wind(column: int) -> DispersionTarget:
    return _record(
        "m/s",
        lambda record, d: (rocket.wind_of(record, column, d.profile),),
        lambda record, d, values: rocket.with_wind(record, column, values[0], d.profile),
        profiled=True,
    )


def _navigation(unit: str, rows: slice) -> DispersionTarget:
    def write(record, _, values: Values):
        errors = record.navigation.copy()
        errors[rows] += values
        return record._replace(navigation=errors)

    return _record(unit, lambda record, _: record.navigation[rows], write, ("radial", "along", "cross"))


def _write_density(mission: Mission, _, __, values: Values) -> Mission:
    world = mission.world
    air = world.forces.air._replace(factor=world.forces.air.factor * (1.0 + 0.01 * values[0]))
    return replace(mission, world=replace(world, forces=world.forces._replace(air=air)))


TARGETS = {
    "launcher.thrust": _of_stage(rocket.thrust_of, rocket.with_thrust),
    "launcher.isp": _of_stage(rocket.impulse_of, rocket.with_impulse),
    "launcher.dry_mass": _of_stage(rocket.dry_mass_of, rocket.with_dry_mass),
    "launcher.propellant": _of_stage(lambda r, i: float(r.record.tanks[i]), rocket.with_propellant),
    "launcher.drag": _record(
        "percent",
        lambda record, _: record.cd,
        lambda record, _, values: record._replace(cd=record.cd * (1.0 + 0.01 * values[0])),
    ),
    "air.density": DispersionTarget("percent", lambda mission, *_: (mission.world.forces.air.factor,), _write_density),
    "wind.east": _wind(rocket.EAST),
    "wind.north": _wind(rocket.NORTH),
    "navigation.position": _navigation("m", slice(0, 3)),
    "navigation.velocity": _navigation("m/s", slice(3, 6)),
    **meeting.TARGETS,
}
STAGED = ("thrust", "isp", "dry_mass", "propellant")
_STAGE = re.compile(rf"launcher\.([a-z0-9][a-z0-9-]*)\.({'|'.join(STAGED)})")


def known(path: str) -> DispersionTarget | None:
    """The target of a path, `launcher.STAGE.thrust` standing for `launcher.thrust` of that stage; None of no path."""
    match = _STAGE.fullmatch(path)
    return TARGETS.get(f"launcher.{match[2]}" if match else path)


def stage_named(path: str) -> str | None:
    match = _STAGE.fullmatch(path)
    return match[1] if match else None


def place(path: str, mission: Mission) -> int:
    """Which stage of the mission's launcher a path names; -1 where it names none."""
    name = stage_named(path)
    return -1 if name is None else _launch(mission).launcher.stages.names.index(name)


def stages(mission: Mission) -> tuple[str, ...]:
    return _launch(mission).launcher.stages.names


def paths() -> list[str]:
    """Every path, as written for a user."""
    staged = [f"launcher.STAGE.{what}" for what in STAGED]
    return [*TARGETS, *staged]


def settable(path: str) -> bool:
    """Whether a path is one number, by itself."""
    target = known(path)
    return bool(target) and not target.parts and not target.profiled and stage_named(path) is None


def parts(path: str) -> int:
    return max(1, len(known(path).parts))


def columns(dispersion: Dispersion) -> list[str]:
    """The names of a dispersion's columns in the table, with their unit."""
    target = known(dispersion.path)
    unit = target.unit.replace("/", "_")
    return [f"{dispersion.path}.{part}_{unit}" for part in target.parts] or [f"{dispersion.path}_{unit}"]


def reached(target: DispersionTarget, before: Values, after: Values) -> np.ndarray:
    """What of a draw is in a mission, from the values read without and with it, in the dispersion's unit."""
    old, new = np.array(before), np.array(after)
    return 100.0 * (new / old - 1.0) if target.unit == "percent" else new - old
