"""A suborbital flight flown and written: `suborbital.json`, its rows, events, a picture, and `manifest.json`."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.ascent.suborbital.figures import Height, circular_speed, height
from sim.ascent.suborbital.flight import ANGLE, HEIGHT, MASS, RANGE, SPEED
from sim.build.suborbital import SuborbitalResult
from sim.catalogue.facts import value
from sim.core.epoch import Epoch
from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.export.table import write_table

FILES = ("suborbital.json", "flight.csv", "events.csv", "heights.png", "manifest.json")
FIFTY_MILES_KM = 50 * 1.609344  # what the United States call space; the mile of 1959
MODEL = (
    "a point mass in one vertical plane over a round Earth that does not turn, US Standard Atmosphere 1976, no wind; "
    "one thrust; the glide is a steady one without turns, so that its time is an approximation"
)


def heights(result: SuborbitalResult) -> list[Height]:
    """What the words say: the flight, fifty miles, a hundred kilometres, and the station's orbit."""
    own = height(f"apogee of {result.scenario.file.name.partition(',')[0]}", result.found["apogee_km"])
    miles = height("50 miles, space for the USA", FIFTY_MILES_KM)
    hundred = height("Karman line, space for the FAI", float(str(value("other.karman_line"))))
    station = height("Tiangong", float(str(value("css.mean_altitude_2026_10_06"))), orbit=True)
    return sorted((own, miles, hundred, station), key=lambda h: h.km)


def content(result: SuborbitalResult) -> dict:
    """The flight as `suborbital.json` and `--json` have it."""
    file, start = result.scenario.file, result.scenario.file.release
    energies = [
        {
            "name": h.name,
            "height_km": h.km,
            "potential_mj_kg": h.potential,
            "orbital_speed_m_s": circular_speed(h.km) if h.kinetic is not None else None,
            "kinetic_mj_kg": h.kinetic,
            "reached": result.found["apogee_km"] >= h.km,
        }
        for h in heights(result)
    ]
    return {
        "name": file.name,
        "vehicle": result.scenario.craft.name,
        "people_aboard": file.people_aboard,
        "crew": list(file.crew),
        "release_utc": start.utc,
        "model": MODEL,
        "figures": result.found,
        "beside_record": result.rows,
        "events": [{"event": e.name, "t_s": e.t, "utc": _utc(result, e.t)} for e in result.flight.events],
        "heights": energies,
    }


def _utc(result: SuborbitalResult, t: float) -> str | None:
    start = result.scenario.file.release.utc
    return Epoch.from_utc(start).plus(t).utc(1) if start else None


def write(result: SuborbitalResult, directory: Path) -> None:
    """Write everything into `directory`, which exists."""
    from sim.plots.heights import draw
    from sim.plots.style import save

    flight = result.flight
    write_json(directory / "suborbital.json", plain(content(result), "suborbital"))
    s = flight.state
    columns = {
        "t_s": flight.t,
        "height_m": s[:, HEIGHT],
        "range_m": s[:, RANGE],
        "speed_m_s": s[:, SPEED],
        "path_angle_deg": np.degrees(s[:, ANGLE]),
        "mach": flight.mach,
        "load_g": flight.load,
        "mass_kg": s[:, MASS],
    }
    rows = np.column_stack(list(columns.values())).round(6).tolist()
    write_table(directory / "flight.csv", list(columns), rows)
    events = [[e.name, e.t, _utc(result, e.t) or ""] for e in flight.events]
    write_table(directory / "events.csv", ["event", "t_s", "utc"], events)
    save(draw(chart(result)), directory / "heights.png")
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = as_manifest(result.scenario, {"fly": result.seconds}, directory, created)
    write_json(directory / "manifest.json", manifest)


def chart(result: SuborbitalResult) -> dict:
    """What `sim.plots.heights` draws."""
    flight = result.flight
    return {
        "name": result.scenario.file.name,
        "vehicle": result.scenario.craft.name,
        "t_s": flight.t.tolist(),
        "height_km": (flight.state[:, HEIGHT] / 1000.0).tolist(),
        "events": [{"name": e.name, "t_s": e.t} for e in flight.events],
        "heights": [asdict(h) for h in heights(result)],
    }


def lines(result: SuborbitalResult) -> list[str]:
    """The flight as text."""
    found, file = result.found, result.scenario.file
    text = [
        file.name,
        f"craft     {result.scenario.craft.name}, {file.people_aboard} aboard",
        f"apogee    {found['apogee_km']:.2f} km, {found['apogee_s']:.0f} s after the release",
        f"fastest   {found['speed_m_s']:.0f} m/s, Mach {found['mach']:.2f}",
        f"load      {found['load_up_g']:.1f} g up, {found['load_down_g']:.1f} g down; "
        f"{found['weightless_s']:.0f} s without weight",
        f"down      {found['touchdown_s']:.0f} s after the release; the glide is an approximation",
    ]
    for row in result.rows:
        text.append(
            f"  {row['quantity']:<12} {row['flown']:8.2f}  record {row['record']:8.2f}  {row['difference']:+7.2f}  "
            f"{row['kind']}"
        )
    for h in heights(result):
        kinetic = f", and {h.kinetic:.1f} MJ/kg to stay there" if h.kinetic is not None else ""
        text.append(f"  {h.km:6.1f} km  {h.potential:5.2f} MJ/kg{kinetic}: {h.name}")
    share = _share(result)
    return [*text, f"  the flight's energy at its apogee is {share:.1%} of that of the station's orbit"]


def _share(result: SuborbitalResult) -> float:
    """Specific energy at the apogee, of that in orbit."""
    known = heights(result)
    station = next(h for h in known if h.kinetic is not None)
    top = next(h for h in known if math.isclose(h.km, result.found["apogee_km"]))
    assert station.kinetic is not None
    across = float(result.flight.state[np.argmax(result.flight.state[:, HEIGHT]), SPEED])
    return (top.potential + across**2 / 2e6) / (station.potential + station.kinetic)
