"""The files that a mission names: launchers, sites and worlds here; ships, stations and profiles beside."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Craft, File, Reference, Table, Words, length, within
from sim.scenario.safety import AscentEvent, Debris, RecoveryAreaBlock, Sequence, Several, Viewer

# ---- launcher


class LauncherEngine(Table):
    """Of one engine; thrust in between is thrust in vacuum less air pressure times exit area."""

    name: Craft = "main"
    count: Several = 1
    thrust_vacuum_kn: Annotated[float, within(0.1, 2e4)]
    thrust_sea_level_kn: Annotated[float, within(0, 2e4)] | None = None
    isp_vacuum_s: Annotated[float, within(150, 500)]


class LauncherStage(Table):
    """One tank with its engines, or several alike (`count`); masses are of one."""

    name: Craft
    count: Several = 1
    propellant_kg: Annotated[float, within(1, 2e6)]
    residual_kg: Annotated[float, within(0, 5e4)] = 0.0
    dry_mass_kg: Annotated[float, within(0, 2e5)]
    engines: Annotated[tuple[LauncherEngine, ...], length(1, 5)]


class LauncherPhase(Table):
    """A stretch of the ascent: what burns ("stage" or "stage.engine"), what ends it, what falls off then.

    `ends`: the stage that runs dry, or "guidance"; without it the phase lasts `duration_s`. A last phase of guidance
    has the length that is planned for it in `duration_s`.
    """

    burning: Annotated[tuple[Words, ...], length(0, 10)] = ()
    ends: Craft | None = None
    duration_s: Annotated[float, within(0.1, 5e3)] | None = None
    drops: Annotated[tuple[Craft, ...], length(0, 10)] = ()
    drag_area_m2: Annotated[float, within(0.01, 500)]
    event: AscentEvent


class Jettison(Table):
    event: AscentEvent
    mass_kg: Annotated[float, within(0, 2e4)]
    at_s: Annotated[float, within(1, 1500)]


class Aerodynamics(Table):
    mach: Annotated[tuple[Annotated[float, within(0, 50)], ...], length(2, 100)]
    drag_coefficient: Annotated[tuple[Annotated[float, within(0.01, 5)], ...], length(2, 100)]


class Guidance(Table):
    """`reserve_kg`: of the last stage, that a lift-off window must leave. `scatter_kg`: one sigma of what that stage
    has left in dispersed ascents; a flight must leave three of it, or the reserve where it is not known."""

    vertical_s: Annotated[float, within(1, 60)]
    kick_end_s: Annotated[float, within(2, 120)]
    cycle_s: Annotated[float, within(0.05, 10)]
    release_s: Annotated[float, within(1, 60)]
    reserve_kg: Annotated[float, within(0, 5e4)] = 0.0
    scatter_kg: Annotated[float, within(0, 5e4)] | None = None
    plan_insertion_s: Annotated[float, within(100, 1500)]
    plan_downrange_deg: Annotated[float, within(1, 120)]


class LauncherFile(File):
    kind: Literal["launcher"]
    note: Words = ""
    stages: Annotated[tuple[LauncherStage, ...], length(1, 8)]
    phases: Annotated[tuple[LauncherPhase, ...], length(1, 12)]
    jettisons: Annotated[tuple[Jettison, ...], length(0, 8)] = ()
    debris: Annotated[tuple[Debris, ...], length(0, 20)] = ()
    sequences: Annotated[tuple[Sequence, ...], length(0, 6)] = ()
    aerodynamics: Aerodynamics
    guidance: Guidance


# ---- site and world


class SiteFile(File):
    """A pad or a landing site. `wind`: the climate of the wind over a landing site; without it all is calm.
    `slope_deg`: how steep the ground may be where a capsule comes down."""

    kind: Literal["site"]
    note: Words = ""
    latitude_deg: Annotated[float, within(-90, 90)]
    longitude_deg: Annotated[float, within(-180, 180)]
    height_m: Annotated[float, within(-430, 6000)]
    wind: Reference | None = None
    slope_deg: Annotated[float, within(0, 30)] = 0.0
    viewers: Annotated[tuple[Viewer, ...], length(0, 20)] = ()
    recovery_areas: Annotated[tuple[RecoveryAreaBlock, ...], length(0, 20)] = ()


class Gravity(Table):
    degree: Annotated[int, within(2, 36)]
    sun: bool
    moon: bool


class Atmosphere(Table):
    f107: Annotated[float, within(60, 400)]
    f107a: Annotated[float, within(60, 300)]
    ap: Annotated[float, within(0, 400)]


class Integration(Table):
    orbit_step_s: Annotated[float, within(1, 120)]


class WorldFile(File):
    kind: Literal["world"]
    note: Words = ""
    gravity: Gravity
    atmosphere: Atmosphere
    integration: Integration
