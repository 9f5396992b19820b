"""Dispersed ascents: what may be dispersed, and which quantities describe the orbit that the ship was left in."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.constants import R_EQUATOR
from sim.campaign import words
from sim.campaign.dispersed import Dispersed, Quantities
from sim.core.ascent_record import AscentRecord
from sim.core.flight import Flight, recorded
from sim.mission import Mission
from sim.orbit.propagate import osculating_plane
from sim.uncertainty.kinds import LaunchPhase


def measure(flight: Flight, mission: Mission) -> Quantities:
    (phase,), (leg,) = mission.phases, flight.legs
    assert isinstance(phase, LaunchPhase) and phase.aim is not None  # `planned` made it ready
    record = recorded(leg, AscentRecord)
    history, figures = record.ascent, record.figures
    assert figures is not None  # the leg was flown to its end
    ship = leg.scene.flying[phase.ship_name]
    inclination, node, u = (
        math.degrees(float(x[0])) % 360.0 for x in osculating_plane(leg.end, ship.r, ship.v, mission.world)
    )
    h = np.cross(ship.r, ship.v)
    tilt = np.cross(h / np.linalg.norm(h), phase.aim.normal)  # by its sine: the angle is small
    return {
        "perigee_km": figures.orbit.perigee_km,
        "apogee_km": figures.orbit.apogee_km,
        "semi_major_axis_km": 1e-3 * R_EQUATOR + 0.5 * (figures.orbit.perigee_km + figures.orbit.apogee_km),
        "inclination_deg": inclination,
        "raan_deg": node,
        "argument_of_latitude_deg": u,
        "plane_error_deg": math.degrees(math.asin(min(1.0, float(np.linalg.norm(tilt))))),
        "phase_deg": figures.orbit.phase_deg,
        "propellant_left_kg": figures.propellant_left_kg,
        "insertion_s": figures.duration_s,
        "max_dynamic_pressure_kpa": 1e-3 * float(history.dynamic_pressure_pa.max()),
        "max_axial_load_g": float(history.axial_load_g.max()),
    }


def planned(mission: Mission) -> Mission:
    (phase,) = mission.phases
    assert isinstance(phase, LaunchPhase)  # it is called "ascent"
    return replace(mission, phases=(replace(phase.planned(mission.scene, mission.world), study=None),))


ASCENT = Dispersed(
    words=words.ASCENT,
    run_s=0.033,
    measure=measure,
    planned=planned,
)
