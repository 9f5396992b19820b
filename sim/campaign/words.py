"""The phases that a campaign file may name, with their quantities.

How a phase is measured stands in `sim.campaign.phases`, which brings the kernels: they take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.files.errors import BadInput
from sim.scenario import Scenario


@dataclass(frozen=True)
class DispersedPhase:
    """`targets`: how the paths begin that may be dispersed; `settings`: how those begin that may only be set, the same
    for all runs. `quantities`: names with their unit, in the table's order; `pictured`: those whose causes are worth a
    picture. `causes`: those that are causes themselves, such as an error that a run's own random numbers make."""

    targets: tuple[str, ...]
    quantities: tuple[str, ...]
    pictured: tuple[str, ...]
    settings: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()


ASCENT = DispersedPhase(
    targets=("launcher.", "air.", "wind.", "navigation."),
    quantities=(
        "perigee_km",
        "apogee_km",
        "semi_major_axis_km",
        "inclination_deg",
        "raan_deg",
        "argument_of_latitude_deg",
        "plane_error_deg",
        "phase_deg",
        "propellant_left_kg",
        "insertion_s",
        "max_dynamic_pressure_kpa",
        "max_axial_load_g",
    ),
    pictured=("semi_major_axis_km", "inclination_deg", "propellant_left_kg"),
)
DOCKING = DispersedPhase(
    targets=("ship.", "thrusters.", "station.", "air."),
    settings=("pilot.",),
    quantities=(
        "contact_y_m",
        "contact_z_m",
        "lateral_offset_m",
        "lateral_speed_m_s",
        "closing_speed_m_s",
        "pitch_yaw_deg",
        "roll_deg",
        "turning_rate_deg_s",
        "tries",
        "first_touch_y_m",
        "first_touch_z_m",
        "approach_s",
        "propellant_kg",
        "corridor_angle_deg",
        "navigation_error_sigmas",
        "most_force_n",
        "most_stroke_m",
    ),
    pictured=("lateral_offset_m", "propellant_kg", "approach_s"),
)
WHOLE = DispersedPhase(
    targets=(),
    quantities=(
        "trim_m_s",
        "liftoff_s",
        "phase_deg",
        "second_stage_propellant_kg",
        "apogee_km",
        "phasing_m_s",
        "contact_met_s",
        "docked_met_s",
        "lateral_offset_m",
        "propellant_docked_kg",
        "undocking_s",
        "deorbit_m_s",
        "entry_angle_deg",
        "propellant_landing_kg",
        "entry_load_g",
        "touchdown_s",
        "touchdown_latitude_deg",
        "touchdown_longitude_deg",
        "miss_km",
        "touchdown_m_s",
        "week_broken",
    ),
    pictured=("contact_met_s", "propellant_docked_kg", "miss_km"),
)
RETURN_CAUSES = (
    "burn_error_m_s",
    "angle_error_deg",
    "thin_air_percent",
    "wind_error_along_m_s",
    "wind_error_across_m_s",
    "navigation_error_m",
)
RETURN = DispersedPhase(
    targets=("mass.returning", "drag_area.returning", "air.", "capsule.", "parachutes.", "retro_rockets."),
    quantities=(
        "deorbit_m_s",
        "burn_s",
        "deorbit_propellant_kg",
        "propellant_left_kg",
        "entry_angle_deg",
        "entry_speed_m_s",
        "entry_s",
        "peak_load_g",
        "peak_dynamic_pressure_kpa",
        "peak_heat_flux_kw_m2",
        "heat_load_mj_m2",
        "opening_along_km",
        "opening_across_km",
        "opening_miss_km",
        "opening_load_g",
        "under_main_m_s",
        "touchdown_m_s",
        "over_ground_m_s",
        "surface_wind_m_s",
        "touchdown_latitude_deg",
        "touchdown_longitude_deg",
        "along_km",
        "across_km",
        "miss_km",
        "descent_s",
        "drift_km",
        "drogue_force_kn",
        "main_force_kn",
        "deorbit_to_landing_min",
        *RETURN_CAUSES,
    ),
    causes=RETURN_CAUSES,
    pictured=("along_km", "across_km", "peak_load_g"),
)
WHOLE_FLIGHT = ("await-launch", "ascent", "phasing", "docking", "docked", "deorbit", "entry", "descent")
ALL = "all"  # the whole flight, in the place of a phase
HOME = "return"  # from the deorbit to the touchdown: several phases, in the place of one
WAY_HOME = ("deorbit", "entry", "descent")
DISPERSED = {"ascent": ASCENT, "docking": DOCKING, HOME: RETURN, ALL: WHOLE}


def first_phase(phase: str) -> str:
    """The phase of a mission with which a dispersed phase begins."""
    return WAY_HOME[0] if phase == HOME else phase


def refuse_without_phase(phase: str, scenario: Scenario, name: str) -> None:
    """BadInput where the mission called `name` has nothing of what would be flown dispersed."""
    needed = WAY_HOME if phase == HOME else (phase,)
    if missing := [each for each in needed if each not in scenario.phases]:
        flown = ", ".join(scenario.phases)
        raise BadInput(f"{name}: the mission has no phase '{missing[0]}' to disperse; it has {flown}")


def refuse_without_uncertainty(scenario: Scenario) -> None:
    """BadInput where a mission cannot be flown whole with another truth each time."""
    if scenario.uncertainty is None:
        needed = "an uncertainty; write uncertainty = 'crewed' into it, or the name of your own file"
        raise BadInput(f"{scenario.path.name}: whole flights that are dispersed need {needed}")
    if missing := [phase for phase in WHOLE_FLIGHT if phase not in scenario.phases]:
        needed = f"a flight from lift-off to landing; it has no {', '.join(missing)}"
        raise BadInput(f"{scenario.path.name}: whole flights that are dispersed need {needed}")
