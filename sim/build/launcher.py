"""A launcher's file turned into the record that the ascent flies: tanks, phases, and what falls off when; SI."""

from __future__ import annotations

import numpy as np

from kernels.ascent.launcher import AREA, BY_GUIDANCE, BY_TANK, BY_TIME, DROP, ENDS, EXIT, FLOW, NUMBER, THRUST
from kernels.ascent.steering import GRAVITY_TURN
from kernels.constants import G0
from kernels.records import Launcher, make
from sim.core.vehicle import LaunchVehicle, Stages
from sim.scenario import catalogue

SEA_LEVEL_PRESSURE = 101325.0  # Pa
ONE_ENGINE_FINAL_S = 5.0  # s; a single guided phase is guided as two of the same engine; shorter than UPFG's terminal


def launch_vehicle(model: catalogue.LauncherFile) -> LaunchVehicle:
    """The launcher ready to fly, without payload, wind or a programme."""
    stages = {stage.name: i for i, stage in enumerate(model.stages)}
    phases = np.zeros((len(model.phases), 7))
    draws, thrusts, exits, drops = np.zeros((4, len(model.phases), len(stages)))
    for i, (row, draw, phase) in enumerate(zip(phases, draws, model.phases, strict=True)):
        for name in phase.burning:
            stage, _, engine = name.partition(".")
            before = row.copy()
            _burn(row, draw, stages[stage], model.stages[stages[stage]], engine)
            thrusts[i, stages[stage]] += row[THRUST] - before[THRUST]
            exits[i, stages[stage]] += row[EXIT] - before[EXIT]
        drops[i, [stages[name] for name in phase.drops]] = 1.0
        row[AREA] = phase.drag_area_m2
        row[DROP] = sum(_empty(model.stages[stages[name]]) for name in phase.drops)
        row[ENDS], row[NUMBER] = _end(phase, stages)
    guided = next((i for i, phase in enumerate(model.phases) if phase.ends == "guidance"), len(model.phases))
    record = make(
        Launcher,
        phases=phases,
        draws=draws,
        tanks=[s.count * (s.propellant_kg - s.residual_kg) for s in model.stages],
        jettisons=np.array([[j.at_s, j.mass_kg] for j in model.jettisons]).reshape(-1, 2),
        guided=guided,
        final_s=model.phases[-1].duration_s or ONE_ENGINE_FINAL_S,
        loaded=sum(s.count * (s.propellant_kg + s.dry_mass_kg) for s in model.stages)
        + sum(j.mass_kg for j in model.jettisons),
        vertical=model.guidance.vertical_s,
        kick_end=model.guidance.kick_end_s,
        cycle=model.guidance.cycle_s,
        release=model.guidance.release_s,
        payload=0.0,
        law=GRAVITY_TURN,
        programme=np.zeros((0, 2)),
        wind=np.zeros((0, 3)),
        mach=model.aerodynamics.mach,
        cd=model.aerodynamics.drag_coefficient,
    )
    events = (*(phase.event for phase in model.phases), *(jettison.event for jettison in model.jettisons))
    shares = Stages(
        names=tuple(stages),
        thrusts=thrusts,
        exits=exits,
        drops=drops,
        dry=np.array([s.count * s.dry_mass_kg for s in model.stages]),
        residuals=np.array([s.count * s.residual_kg for s in model.stages]),
    )
    return LaunchVehicle(model.name, record, events, model.phases[-1].burning[0].partition(".")[0], shares)


def _burn(row: np.ndarray, draw: np.ndarray, tank: int, stage: catalogue.LauncherStage, only: str) -> None:
    """Add a stage's engines, or the one that is named, to a phase: row (7,), draw (tanks,) in place."""
    for engine in stage.engines:
        if only and engine.name != only:
            continue
        number = stage.count * engine.count
        vacuum = 1e3 * engine.thrust_vacuum_kn
        sea_level = vacuum if engine.thrust_sea_level_kn is None else 1e3 * engine.thrust_sea_level_kn
        flow = number * vacuum / (engine.isp_vacuum_s * G0)
        row[THRUST] += number * vacuum
        row[EXIT] += number * (vacuum - sea_level) / SEA_LEVEL_PRESSURE
        row[FLOW] += flow
        draw[tank] += flow


def _empty(stage: catalogue.LauncherStage) -> float:
    """What falls off with a spent stage, kg."""
    return stage.count * (stage.dry_mass_kg + stage.residual_kg)


def _end(phase: catalogue.LauncherPhase, stages: dict[str, int]) -> tuple[int, float]:
    if phase.ends == "guidance":
        return BY_GUIDANCE, 0.0
    if phase.ends is not None:
        return BY_TANK, stages[phase.ends]
    assert phase.duration_s is not None  # the rules ask for one of the two
    return BY_TIME, phase.duration_s
