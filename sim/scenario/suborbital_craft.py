"""The file of a rocket plane that a carrier aircraft lets go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from sim.scenario.kinds import File, Table, Words, length, within
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing

Areas = Annotated[float, within(0.001, 1000)]


class PlaneMass(Table):
    dry_kg: Annotated[float, within(100, 1e5)]
    person_kg: Annotated[float, within(0, 300)]
    propellant_kg: Annotated[float, within(1, 1e5)]


class Motor(Table):
    thrust_n: Annotated[float, within(100, 1e7)]
    isp_s: Annotated[float, within(50, 500)]
    ignition_s: Annotated[float, within(0, 60)]


class Steering(Table):
    pull_up_g: Annotated[float, within(1, 9)]
    climb_deg: Annotated[float, within(5, 90)]


class TailDown(Table):
    mach: Annotated[tuple[Annotated[float, within(0, 50)], ...], length(1, 50)]
    drag_area_m2: Annotated[tuple[Areas, ...], length(1, 50)]


class TailUp(Table):
    drag_area_m2: Areas
    until_km: Annotated[float, within(1, 60)]


class Glide(Table):
    speed_m_s: Annotated[float, within(10, 300)]
    lift_to_drag: Annotated[float, within(0.5, 60)]


class RocketPlaneFile(File):
    kind: Literal["rocket_plane"]
    note: Words = ""
    mass: PlaneMass
    motor: Motor
    steering: Steering
    tail_down: TailDown
    tail_up: TailUp
    glide: Glide


def _table(view: View) -> Iterator[Finding]:
    mach, areas = view("tail_down", "mach"), view("tail_down", "drag_area_m2")
    yield from increasing(view, ("tail_down", "mach"))
    if mach and areas and len(mach) != len(areas):
        yield Finding(("tail_down", "drag_area_m2"), f"{len(areas)} values", f"{len(mach)}, one for each mach")


RULES = (*SOURCES, _table)
