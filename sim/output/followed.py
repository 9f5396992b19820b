"""A flight as far as it is computed, for those who watch: phases, clock, craft, range, events. Plain values only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sim.core.epoch import elapsed
from sim.core.flight import Event, Flight, Leg, phase_name
from sim.environment.world import World

LAST_EVENTS = 8
FLOWN, RUNNING, AHEAD, FAILED = "flown", "running", "ahead", "failed"


@dataclass(frozen=True)
class PhaseRow:
    """A phase of the flight; `end_utc` and `met` once it is flown, else empty. `wall_s`: how long that was computed."""

    name: str
    status: str
    end_utc: str = ""
    met: str = ""
    wall_s: float | None = None


@dataclass(frozen=True)
class CraftRow:
    """A craft at the end of the last leg: `altitude_km` over WGS-84, `speed_m_s` inertial, what its tanks hold."""

    name: str
    altitude_km: float
    speed_m_s: float
    mass_kg: float
    propellant_kg: float | None


@dataclass(frozen=True)
class EventRow:
    """Something that happened, with its values in words."""

    utc: str
    met: str
    name: str
    vehicle: str
    values: str


@dataclass(frozen=True)
class Followed:
    """The state to show. `range_m`, `range_rate_m_s`: of the ship that flies freely, to the station, if one does."""

    mission: str
    fraction: float
    doing: str
    phases: tuple[PhaseRow, ...]
    utc: str = ""
    met: str = ""
    craft: tuple[CraftRow, ...] = ()
    docked: tuple[str, ...] = ()
    ship: str = ""
    range_m: float | None = None
    range_rate_m_s: float | None = None
    events: tuple[EventRow, ...] = ()
    rules_held: int = 0
    rules_broken: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """As plain data, for a page."""
        return asdict(self)


def beginning(mission: str, phases: list[str]) -> Followed:
    """Before anything is flown."""
    return Followed(mission, 0.0, "reading", tuple(PhaseRow(phase_name(name), AHEAD) for name in phases))


def running(before: Followed, phase: str, fraction: float) -> Followed:
    """The same, with what is computed now, which may be a phase or what comes after the flight."""
    flown = [row for row in before.phases if row.status == FLOWN]
    rest = [row for row in before.phases if row.status != FLOWN]
    rows = [PhaseRow(row.name, AHEAD) for row in rest]
    if rows and rows[0].name == phase_name(phase):
        rows[0] = PhaseRow(rows[0].name, RUNNING)
    return replace(before, phases=(*flown, *rows), doing=phase_name(phase), fraction=fraction)


def after_leg(
    before: Followed, flight: Flight, world: World, station: str, ahead: tuple[str, ...], wall_s: float
) -> Followed:
    """The state at the end of the last leg of a flight so far; `wall_s`: how long that leg was computed."""
    leg = flight.legs[-1]
    times = [row.wall_s for row in before.phases if row.status == FLOWN] + [wall_s]
    flown = (_flown(flight, one, wall) for one, wall in zip(flight.legs, times, strict=True))
    ship, apart, rate = _apart(leg, station)
    scene = leg.scene
    return Followed(
        mission=before.mission,
        fraction=before.fraction,
        doing=before.doing,
        phases=(*flown, *(PhaseRow(phase_name(name), AHEAD) for name in ahead)),
        utc=flight.epoch(leg.end).utc(0),
        met=_met(flight, leg.end),
        craft=tuple(_craft(name, leg, world) for name in leg.trajectories if name not in scene.docked),
        docked=tuple(f"{name} ({port})" for name, port in scene.docked.items()),
        ship=ship,
        range_m=apart,
        range_rate_m_s=rate,
        events=tuple(_event(flight, event) for event in flight.events[-LAST_EVENTS:]),
        rules_held=sum(verdict.passed for verdict in flight.verdicts),
        rules_broken=tuple(f"{v.phase}: {v.rule}" for v in flight.verdicts if not v.passed),
    )


def _met(flight: Flight, t: float) -> str:
    """Mission elapsed time; before a lift-off there is none to count from."""
    return elapsed(flight.met(t)) if flight.first("liftoff") else ""


def _flown(flight: Flight, leg: Leg, wall_s: float | None) -> PhaseRow:
    status = FAILED if leg.status == "failed" else FLOWN
    return PhaseRow(phase_name(leg.phase), status, flight.epoch(leg.end).utc(0), _met(flight, leg.end), wall_s)


def _craft(name: str, leg: Leg, world: World) -> CraftRow:
    r, v, mass = leg.trajectories[name].last()
    _, _, altitude = world.geodetic(np.array([leg.end]), r[None, :])
    left = leg.scene.propellant.get(name)
    return CraftRow(
        name, float(altitude[0]) / 1e3, float(np.linalg.norm(v)), mass, None if left is None else float(left)
    )


def _apart(leg: Leg, station: str) -> tuple[str, float | None, float | None]:
    """The ship of the leg, its range to the station m and how fast that grows m/s; nothing where none flies freely."""
    ship = next((name for name in leg.trajectories if name != station and name not in leg.scene.docked), "")
    if not ship or station not in leg.trajectories:
        return ship, None, None
    (r, v, _), (s, w, _) = leg.trajectories[ship].last(), leg.trajectories[station].last()
    apart = float(np.linalg.norm(r - s))
    return ship, apart, float((r - s) @ (v - w)) / apart if apart > 0.0 else 0.0


def _event(flight: Flight, event: Event) -> EventRow:
    values = [
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in event.values.items()
    ]
    return EventRow(
        flight.epoch(event.t).utc(0), _met(flight, event.t), event.name, event.vehicle, ", ".join(values[:3])
    )
