"""Records of the return: deorbit, entry and the descent under parachutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.ground_site import GroundSite
from sim.core.histories import History
from sim.core.landing_area import Footprint, LandingEllipse, WindProfile
from sim.core.module_ends import FallenParts, ModuleTrack


@dataclass(frozen=True)
class DeorbitFigures:
    """`commanded_m_s`: what the accelerometer was to count; `planned_angle_deg`, as of the plan in force at the
    cut-off; `correction_s`: by how much the fix of the last revolution moved the burn. `outcome`: what came of it, in
    words. `turns_kg` is within `propellant_kg`."""

    overflight_utc: str
    cross_track_km: float
    delta_v_m_s: float
    burn_s: float
    propellant_kg: float
    service_module_dropped_kg: float
    return_module_kg: float
    commanded_m_s: float
    turns_kg: float
    planned_angle_deg: float
    entry_angle_deg: float
    correction_s: float
    landing_site: str
    outcome: str
    nearest_orbital_module_m: float | None = None
    nearest_service_module_m: float | None = None
    orbital_module_life_days: float | None = None


@dataclass(frozen=True)
class DeorbitRecord:
    """`orbital_module`, `service_module`: their tracks after they have left; `fragments`: where the pieces of the
    service module come down. None where a campaign leaves them out."""

    figures: DeorbitFigures | None
    orbital_module: ModuleTrack | None = None
    service_module: ModuleTrack | None = None
    fragments: FallenParts | None = None


@dataclass(frozen=True, eq=False)
class EntryHistory(History):
    """The capsule in the air: geodetic position, speed relative to the air, loads, heating at the nose, bank angle."""

    t_s: np.ndarray
    altitude_km: np.ndarray
    speed_air_m_s: np.ndarray
    load_g: np.ndarray
    dynamic_pressure_pa: np.ndarray
    heat_flux_kw_m2: np.ndarray
    bank_deg: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray


@dataclass(frozen=True, eq=False)
class EntryGuidanceHistory(History):
    """What steers an entry and by what: Mach number, the commanded bank (NaN where none is), how far the known place
    is from the true one, the drag as it is sensed, and the range to the place where the parachutes have to open."""

    t_s: np.ndarray
    mach: np.ndarray
    bank_command_deg: np.ndarray
    navigation_error_m: np.ndarray
    drag_m_s2: np.ndarray
    range_to_go_km: np.ndarray


@dataclass(frozen=True)
class EntryFigures:
    """`miss_at_opening_km`: from the place where the parachutes have to open for the site, by the wind as forecast, and
    `ahead_of_`, `left_of_site_at_opening_km` its parts. `drag_ratio`, `lift_ratio`: of what was sensed over the model,
    as filtered by the guidance. `guidance`: the law that steered; `guidance_lost_s` after the entry interface, None for
    never. Navigation errors are those of place and velocity at the opening."""

    duration_s: float
    peak_heat_flux_kw_m2: float
    heat_load_mj_m2: float
    bank_reversals: int
    ahead_of_site_at_opening_km: float
    left_of_site_at_opening_km: float
    peak_dynamic_pressure_kpa: float
    miss_at_opening_km: float
    guidance: str
    drag_ratio: float
    lift_ratio: float
    navigation_error_m: float
    navigation_error_m_s: float
    guidance_lost_s: float | None = None


@dataclass(frozen=True)
class EntryCapsule:
    """What the guidance takes for the capsule as it enters the air."""

    mass_kg: float
    lift_to_drag: float


@dataclass(frozen=True)
class EntryRecord:
    """`capsule`: as the guidance takes it. `footprint`: what is reached from the true state at the entry interface, in
    the world as it is known. None in campaigns, which do not record them."""

    figures: EntryFigures | None
    entry: EntryHistory
    site: GroundSite
    guidance: EntryGuidanceHistory
    capsule: EntryCapsule | None = None
    footprint: Footprint | None = None


@dataclass(frozen=True)
class DescentFigures:
    descent_s: float
    opening_load_g: float
    mass_at_touchdown_kg: float
    landed: str
    speed_at_opening_m_s: float
    speed_under_drogue_m_s: float
    speed_reefed_m_s: float
    speed_under_main_m_s: float
    drogue_force_kn: float
    main_force_kn: float
    drift_km: float


@dataclass(frozen=True)
class DescentRecord:
    """`discarded`: where what was dropped under the parachutes comes down."""

    figures: DescentFigures | None
    entry: EntryHistory
    site: GroundSite
    ellipse: LandingEllipse | None = None
    wind: WindProfile | None = None
    discarded: FallenParts | None = None
