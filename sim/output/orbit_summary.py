"""The content of an orbit file in a few lines and as a dict: for `check`, before anything is flown."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import R_EQUATOR
from sim.propagation.ages import iers_reach
from sim.propagation.force_model import Orbit

if TYPE_CHECKING:
    from sim.build.orbit import OrbitScenario
    from sim.orbit.slot_changes import Standing

FILES = ("ephemeris.csv", "ephemeris.oem", "events.csv", "ground_track.png", "manifest.json")
BURNS_FILE = "station_keeping.csv"  # of a slot that is kept
COVERAGE = "coverage.png"  # of the same
DISPOSAL = ("disposal.json", "fallen.csv", "fall_area.png")  # beside them, of an orbit that ends as its file says
PATH_PICTURE = "path.png"
CSV_BYTES_A_ROW = 150


def files(orbit: Orbit) -> tuple[str, ...]:
    """What is written of an orbit: `FILES`, its path where the Earth is not its only centre, the burns of a slot."""
    path = orbit.body is not None or orbit.other_centre is not None
    return (*FILES, *((PATH_PICTURE,) if path else ()), *((BURNS_FILE, COVERAGE) if orbit.keeping is not None else ()))


def forces(orbit: Orbit) -> list[str]:
    """What pulls on it, one word or two for each force."""
    field = orbit.gravity.field if isinstance(orbit.gravity.field, str) else orbit.gravity.field.stem
    found = [f"{field} {orbit.gravity.degree}x{orbit.gravity.order}" if orbit.gravity.order else field]
    if orbit.body is not None:
        found += [third.name.capitalize() for third in orbit.body.third_bodies]
    found += [word for word, on in (("Sun", orbit.third_body.sun), ("Moon", orbit.third_body.moon)) if on]
    found += [f"air {orbit.atmosphere.model}"] if orbit.atmosphere.model != "none" else []
    return found + (["sunlight"] if orbit.radiation.model != "none" else [])


def frame_words(orbit: Orbit) -> str:
    """Centre and axes of the states."""
    return "GCRF" if orbit.body is None else f"ICRF axes from the centre of the {orbit.body.name}"


def body_lines(orbit: Orbit) -> list[tuple[str, str]]:
    """How what it flies about is turned, for people."""
    if orbit.body is None:
        reach = iers_reach()
        table = f"IERS table measured to {reach.measured}, predicted to {reach.predicted}"
        return [("Earth", f"{orbit.orientation.model}; {table}")]
    field = orbit.body.chosen(str(orbit.gravity.field))
    axes = f"field in {field.axes}, " if field else ""
    return [("body", f"{orbit.body.name}: {axes}maps in {orbit.body.map_axes}")]


def body_table(orbit: Orbit) -> dict:
    """What it flies about, for the manifest; of a body other than the Earth."""
    assert orbit.body is not None
    field = orbit.body.chosen(str(orbit.gravity.field))
    return {
        "name": orbit.body.name,
        "mu_m3_s2": orbit.mu,
        "mean_radius_m": orbit.body.radius,
        "field_axes": field.axes if field else None,
        "map_axes": orbit.body.map_axes,
        "third_bodies": {third.name: third.mu for third in orbit.body.third_bodies},
    }


def row_times(duration: float, step: float) -> np.ndarray:
    """0, step, 2 step, ... and exactly `duration`; a last step shorter than a nanosecond is none."""
    count = max(1, int(np.ceil((duration - 1e-9) / step)))
    return np.append(step * np.arange(count), duration)


def element_set(scenario: OrbitScenario) -> dict:
    """The element set that the orbit starts from, for JSON and manifest; nothing where it starts from none.

    `slot`: of a geostationary craft, what its sets until the end of the span say of its place; `sun_synchronous`: local
    time of the node.
    """
    if scenario.chosen is None:
        return {}
    from sim.output.imaging import node_content

    found, node = _standing(scenario), node_content(scenario.chosen.elements)
    return {
        "element_set": scenario.chosen.as_dict(),
        **({"slot": standing_content(found)} if found else {}),
        **({"sun_synchronous": node} if node else {}),
    }


def element_lines(scenario: OrbitScenario) -> list[tuple[str, str]]:
    """The same for people."""
    if scenario.chosen is None:
        return []
    from sim.output.imaging import node_content, node_line

    found, node = _standing(scenario), node_content(scenario.chosen.elements)
    report = [("elements", scenario.chosen.line())]
    report += [("sets", standing_line(found))] if found else []
    return report + ([("node", node_line(node))] if node else [])


def _standing(scenario: OrbitScenario) -> Standing | None:
    """Of a geostationary craft, by all shipped sets of it, or by the one that was chosen."""
    from sim.catalogue.element_sets import of_craft
    from sim.orbit.slot_changes import is_geostationary, standing

    if scenario.chosen is None or not is_geostationary(scenario.chosen.elements):
        return None
    orbit, one = scenario.orbit, scenario.chosen.elements
    known = [e for e in of_craft(one.name) if e.epoch <= orbit.epoch.plus(orbit.duration)]
    end = max(orbit.epoch.plus(orbit.duration), one.epoch)
    return standing(known, end) if known else standing([one], end)


def standing_content(found: Standing) -> dict:
    """For JSON: age of the newest set, its drift, when it leaves the slot unless it burns, and the burns found."""
    return {
        "at_utc": found.at.utc(0),
        "known": found.known,
        "age_days": found.age,
        "slot_deg": math.degrees(found.slot),
        "half_width_deg": math.degrees(found.half_width),
        "longitude_deg": math.degrees(found.newest.longitude),
        "drift_deg_a_day": math.degrees(found.newest.rate) * 86400.0,
        "inclination_deg": math.degrees(math.asin(float(np.linalg.norm(found.newest.normal)))),
        "leaves_utc": found.leaves.utc(0) if found.leaves else None,
        "left_between": list(found.left) if found.left else None,
        "plane_free_since_utc": found.plane_free.utc(0) if found.plane_free else None,
        "burns": [
            {
                "after_utc": b.after.utc(0),
                "before_utc": b.before.utc(0),
                "kind": b.kind,
                "delta_v_m_s": b.dv,
                "sigmas": b.sigmas,
            }
            for b in found.burns
        ],
    }


def standing_line(found: Standing) -> str:
    """The same for people."""
    east, drift = math.degrees(found.newest.longitude), math.degrees(found.newest.rate) * 86400.0
    report = (
        f"newest {found.newest.epoch.utc(0)[:10]}, {found.age:.0f} days old at the end: {east:.3f} E, {drift:+.4f} "
        f"deg a day, slot {math.degrees(found.slot):.1f} E"
    )
    if found.left:
        report += f"; HAS LEFT it between {found.left[0]} and {found.left[1]}"
    elif found.leaves:
        report += f"; leaves +-{math.degrees(found.half_width):.1f} deg on {found.leaves.utc(0)[:10]} unless it burns"
    if found.plane_free:
        report += f"; north-south keeping stopped about {found.plane_free.utc(0)[:7]}"
    return report + f"; {len(found.burns)} burns found in the sets"


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
        "writes": list(files(orbit)),
        "scenario": scenario.raw,
        "assumed": [source._asdict() for source in scenario.sources if source.assumed],
        "warnings": list(scenario.warnings),
        **({"earth_orientation": asdict(iers_reach())} if orbit.body is None else {"body": body_table(orbit)}),
    }


def outline_lines(scenario: OrbitScenario) -> list[str]:
    """The same as a short table."""
    orbit = scenario.orbit
    radius, speed = float(np.linalg.norm(orbit.r)), float(np.linalg.norm(orbit.v))
    rows = len(row_times(orbit.duration, orbit.step))
    engines = [_counted(n, word) for n, word in ((len(orbit.burns), "burn"), (len(orbit.impulses), "impulse")) if n]
    ground = R_EQUATOR if orbit.body is None else orbit.body.radius
    table_rows = [
        ("orbit", orbit.name),
        ("start", f"{orbit.epoch.utc()}, {(radius - ground) / 1e3:.1f} km up at {speed:.1f} m/s, {orbit.mass:g} kg"),
        *element_lines(scenario),
        ("end", f"{orbit.epoch.plus(orbit.duration).utc()}, after {orbit.duration:g} s"),
        ("forces", ", ".join([*forces(orbit), *engines])),
        *body_lines(orbit),
        ("writes", f"{', '.join(files(orbit))}; {rows} rows, {rows * CSV_BYTES_A_ROW / 1e6:.2g} MB"),
    ]
    lines = [f"  {word:<9} {text}" for word, text in table_rows]
    assumed = sum(source.assumed for source in scenario.sources)
    return [*lines, f"  {len(scenario.sources)} values with a source, {assumed} of them assumed"]


def _counted(n: int, word: str) -> str:
    return f"{n} {word}" + "s" * (n > 1)
