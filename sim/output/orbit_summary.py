"""The content of an orbit file in a few lines and as a dict: for `check`, before anything is flown."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import R_EQUATOR
from sim.propagation.ages import iers_reach
from sim.propagation.force_model import Orbit

if TYPE_CHECKING:
    from sim.build.orbit import OrbitScenario

FILES = ("ephemeris.csv", "ephemeris.oem", "events.csv", "ground_track.png", "manifest.json")
DISPOSAL = ("disposal.json", "fallen.csv", "fall_area.png")  # beside them, of an orbit that ends as its file says
CSV_BYTES_A_ROW = 150


def forces(orbit: Orbit) -> list[str]:
    """What pulls on it, one word or two for each force."""
    field = orbit.gravity.field if isinstance(orbit.gravity.field, str) else orbit.gravity.field.stem
    found = [f"{field} {orbit.gravity.degree}x{orbit.gravity.order}" if orbit.gravity.order else field]
    found += [word for word, on in (("Sun", orbit.third_body.sun), ("Moon", orbit.third_body.moon)) if on]
    found += [f"air {orbit.atmosphere.model}"] if orbit.atmosphere.model != "none" else []
    return found + (["sunlight"] if orbit.radiation.model != "none" else [])


def row_times(duration: float, step: float) -> np.ndarray:
    """0, step, 2 step, ... and exactly `duration`; a last step shorter than a nanosecond is none."""
    count = max(1, int(np.ceil((duration - 1e-9) / step)))
    return np.append(step * np.arange(count), duration)


def element_set(scenario: OrbitScenario) -> dict:
    """The element set that the orbit starts from, for JSON and manifest; nothing where it starts from none."""
    return {"element_set": scenario.chosen.as_dict()} if scenario.chosen else {}


def element_lines(scenario: OrbitScenario) -> list[tuple[str, str]]:
    """The same for people."""
    return [("elements", scenario.chosen.line())] if scenario.chosen else []


def outline(scenario: OrbitScenario) -> dict:
    """What `check --json` prints for an orbit file without problems."""
    orbit = scenario.orbit
    return {
        "status": "all right",
        "orbit": orbit.name,
        "epoch_utc": orbit.epoch.utc(9),
        **element_set(scenario),
        "end_utc": orbit.epoch.plus(orbit.duration).utc(9),
        "start": {"position_m": orbit.r.tolist(), "velocity_m_s": orbit.v.tolist(), "mass_kg": orbit.mass},
        "forces": forces(orbit),
        "burns": len(orbit.burns),
        "impulses": len(orbit.impulses),
        "rows": len(row_times(orbit.duration, orbit.step)),
        "writes": list(FILES),
        "scenario": scenario.raw,
        "assumed": [source._asdict() for source in scenario.sources if source.assumed],
        "warnings": list(scenario.warnings),
        "earth_orientation": asdict(iers_reach()),
    }


def outline_lines(scenario: OrbitScenario) -> list[str]:
    """The same as a short table."""
    orbit, reach = scenario.orbit, iers_reach()
    radius, speed = float(np.linalg.norm(orbit.r)), float(np.linalg.norm(orbit.v))
    rows = len(row_times(orbit.duration, orbit.step))
    engines = [_counted(n, word) for n, word in ((len(orbit.burns), "burn"), (len(orbit.impulses), "impulse")) if n]
    table = f"IERS table measured to {reach.measured}, predicted to {reach.predicted}"
    table_rows = [
        ("orbit", orbit.name),
        ("start", f"{orbit.epoch.utc()}, {(radius - R_EQUATOR) / 1e3:.1f} km up at {speed:.1f} m/s, {orbit.mass:g} kg"),
        *element_lines(scenario),
        ("end", f"{orbit.epoch.plus(orbit.duration).utc()}, after {orbit.duration:g} s"),
        ("forces", ", ".join([*forces(orbit), *engines])),
        ("Earth", f"{orbit.orientation.model}; {table}"),
        ("writes", f"{', '.join(FILES)}; {rows} rows, {rows * CSV_BYTES_A_ROW / 1e6:.2g} MB"),
    ]
    lines = [f"  {word:<9} {text}" for word, text in table_rows]
    assumed = sum(source.assumed for source in scenario.sources)
    return [*lines, f"  {len(scenario.sources)} values with a source, {assumed} of them assumed"]


def _counted(n: int, word: str) -> str:
    return f"{n} {word}" + "s" * (n > 1)
