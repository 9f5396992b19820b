"""What `tiangong propagate` prints of an orbit that it has written: as JSON, or as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.output.orbit_accounts import account_lines
from sim.output.orbit_summary import (
    DISPOSAL,
    body_lines,
    element_lines,
    element_set,
    files,
    frame_words,
    row_times,
)
from sim.propagation.ages import space_weather

if TYPE_CHECKING:
    from sim.output.orbit import OrbitResult
    from sim.propagation.propagate import FlownOrbit


def end_state(flown: FlownOrbit) -> dict:
    """The state at the end of the span, after an impulse at its very end, as in the files."""
    r, v, mass = flown.trajectory.at(flown.orbit.duration)
    return {
        "t_s": flown.orbit.duration,
        "position_m": r[0].tolist(),
        "velocity_m_s": v[0].tolist(),
        "mass_kg": float(mass[0]),
    }


def outcome(result: OrbitResult, directory: Path) -> dict:
    """What `--json` prints."""
    orbit, ended = result.flown.orbit, result.flown.ended
    return {
        **({"status": "failed", "phase": "propagation", "reason": ended} if ended else {"status": "done"}),
        **element_set(result.scenario),
        "name": orbit.name,
        "epoch_utc": orbit.epoch.utc(9),
        "end": end_state(result.flown),
        "rows": len(row_times(orbit.duration, orbit.step)),
        "events": len(result.events),
        **result.accounts,
        "warnings": list(result.scenario.warnings),
        **_disposal(result),
        "files": {name: str(directory / name) for name in (*files(orbit), *(DISPOSAL if result.disposal else ()))},
        "wall_s": round(result.seconds, 3),
    }


def outcome_lines(result: OrbitResult) -> list[str]:
    """The same as text."""
    orbit = result.flown.orbit
    r, v, mass = (x[0] for x in result.flown.trajectory.at(orbit.duration))
    return [
        orbit.name,
        f"start     {orbit.epoch.utc()}",
        *(f"{word:<9} {text}" for word, text in element_lines(result.scenario)),
        f"end       {orbit.epoch.plus(orbit.duration).utc()}, after {orbit.duration:g} s, {mass:.3f} kg",
        f"position  {'  '.join(f'{x:.3f}' for x in r)} m ({frame_words(orbit)})",
        f"velocity  {'  '.join(f'{x:.6f}' for x in v)} m/s",
        f"events    {len(result.events)}",
        *account_lines(result.accounts),
        *(f"{word:<9} {text}" for word, text in body_lines(orbit)),
        *(f"centre    {name} from {orbit.epoch.plus(t)}" for t, name in result.flown.centres),
        *_air_line(orbit),
        *_disposal_lines(result),
        f"propagated and written in {result.seconds:.1f} s",
    ]


def _disposal(result: OrbitResult) -> dict:
    from sim.output.disposal import content

    return {"disposal": content(result.disposal, result.flown)} if result.disposal else {}


def _disposal_lines(result: OrbitResult) -> list[str]:
    from sim.output.disposal import lines

    return lines(result.disposal, result.flown) if result.disposal else []


def _air_line(orbit) -> list[str]:
    weather = space_weather(orbit)
    if weather is None:
        return []
    if "days" not in weather:
        return [f"air       nrlmsise00; F10.7 {orbit.atmosphere.f107:g}, Ap {orbit.atmosphere.ap:g}, as given"]
    reach = f"observed to {weather['observed_to']}, predicted to {weather['predicted_monthly_to']}"
    return [f"air       nrlmsise00; space weather of {weather['source']}, {reach}"]
