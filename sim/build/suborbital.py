"""From the file of a suborbital flight to the flight, in SI units."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from sim.ascent.suborbital.craft import RocketPlane
from sim.ascent.suborbital.figures import beside_record, figures
from sim.ascent.suborbital.flight import Release, SuborbitalFlight
from sim.ascent.suborbital.flight import fly as integrate
from sim.scenario.suborbital_craft import RocketPlaneFile
from sim.scenario.suborbital_file import SuborbitalFile, SuborbitalScenario


def rocket_plane(file: RocketPlaneFile) -> RocketPlane:
    """The rocket plane of its file."""
    return RocketPlane(
        name=file.name,
        dry_mass=file.mass.dry_kg,
        person_mass=file.mass.person_kg,
        propellant=file.mass.propellant_kg,
        thrust=file.motor.thrust_n,
        isp=file.motor.isp_s,
        ignition_delay=file.motor.ignition_s,
        pull_up=file.steering.pull_up_g,
        climb_angle=math.radians(file.steering.climb_deg),
        mach=file.tail_down.mach,
        drag_area=file.tail_down.drag_area_m2,
        feathered_area=file.tail_up.drag_area_m2,
        unfeather_altitude=1000.0 * file.tail_up.until_km,
        glide_speed=file.glide.speed_m_s,
        lift_to_drag=file.glide.lift_to_drag,
    )


def release(file: SuborbitalFile) -> Release:
    """Where and how fast the carrier lets go."""
    given = file.release
    return Release(1000.0 * given.altitude_km, given.speed_m_s, math.radians(given.path_angle_deg), file.runway_m)


@dataclass(frozen=True)
class SuborbitalResult:
    """What was flown and what it comes to: `found` by quantity, `rows` beside the record."""

    scenario: SuborbitalScenario
    flight: SuborbitalFlight
    found: dict[str, float]
    rows: list[dict]
    seconds: float


def flown(scenario: SuborbitalScenario) -> SuborbitalResult:
    """Fly a file; Failure where the craft cannot fly as it says."""
    began = time.perf_counter()
    flight = integrate(rocket_plane(scenario.craft), release(scenario.file), scenario.file.people_aboard)
    found = figures(flight)
    record = {k: v for k, v in scenario.file.record.model_dump().items() if v is not None}
    rows = beside_record(found, record, scenario.file.calibrated)
    return SuborbitalResult(scenario, flight, found, rows, time.perf_counter() - began)
