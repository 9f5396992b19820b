"""What the wait for the launch and the ascent record: launch opportunities, the climb, and its study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core.figures import Inline
from sim.core.ground_site import GroundSite
from sim.core.histories import History

# ---- the wait for the launch


@dataclass(frozen=True)
class AwaitLaunchFigures:
    plane_crossing_utc: str
    plane_bias_s: float
    liftoff_after_crossing_s: float
    liftoff_from_plane_condition_utc: str
    out_of_plane_at_liftoff_deg: float
    phase_before_trim_deg: float
    phase_deg: float
    phase_wanted_deg: float
    trim_m_s: float
    trim_propellant_kg: float
    trims: int
    beta_deg: float
    sun_elevation_at_pad_deg: float
    days_considered: int
    mean_altitude_start_km: float
    mean_altitude_end_km: float


@dataclass(frozen=True, eq=False)
class LaunchOpportunities(History):
    """One row for each day: lift-off and docking s; station ahead of the ship at insertion, as found and as the profile
    requires; estimated trim and its limit; Sun over the orbit plane and at the pad. 1 for yes, 0 for no."""

    t_liftoff_s: np.ndarray
    phase_deg: np.ndarray
    phase_wanted_deg: np.ndarray
    trim_m_s: np.ndarray
    trim_limit_m_s: np.ndarray
    beta_deg: np.ndarray
    sun_elevation_pad_deg: np.ndarray
    docking_t_s: np.ndarray
    sunlit_at_docking: np.ndarray
    accepted: np.ndarray
    chosen: np.ndarray


@dataclass(frozen=True)
class LaunchSearch:
    """How the day was searched: `liftoff_given` where the second itself was, else `branch` of the pad's pass."""

    liftoff_given: bool
    branch: str


@dataclass(frozen=True)
class AwaitLaunchRecord:
    figures: AwaitLaunchFigures | None
    windows: LaunchOpportunities
    pad: GroundSite
    search: LaunchSearch


# ---- the ascent


@dataclass(frozen=True)
class InsertionOrbit(Inline):
    """Osculating, true equator of date; perigee and apogee over 6378.137 km. `plane_offset_deg`: between the planes of
    ship and station; `phase_deg`: station ahead of ship."""

    perigee_km: float
    apogee_km: float
    inclination_deg: float
    raan_deg: float
    plane_offset_deg: float
    phase_deg: float


@dataclass(frozen=True)
class PublishedEvent:
    """An event beside its published time, both s after lift-off."""

    event: str
    published_s: float
    flown_s: float
    off_percent: float


@dataclass(frozen=True)
class PublishedSequence:
    """Times of events as somebody published them; `chosen`: the list that the flight is judged by."""

    name: str
    chosen: bool
    events: tuple[PublishedEvent, ...]


@dataclass(frozen=True)
class DebrisFootprint:
    """Where `count` like pieces come down, and the 99 % ellipse about it; `heading_deg`: its long axis, from north."""

    name: str
    count: int
    event: str
    latitude_deg: float
    longitude_deg: float
    downrange_km: float
    half_length_km: float
    half_width_km: float
    heading_deg: float
    falls_for_s: float
    speed_m_s: float
    mass_per_drag_area_kg_m2: float


@dataclass(frozen=True)
class SightedView:
    """A site from which the ascent is visible: times in s after lift-off; `None`: up from the start, or still up at
    cut-off."""

    site: str
    visible: bool
    rises_s: float | None
    sets_s: float | None
    highest_deg: float
    highest_at_s: float
    highest_azimuth_deg: float
    nearest_km: float


@dataclass(frozen=True)
class HiddenView:
    """A site from which it is never visible: the smallest depression below the horizon."""

    site: str
    visible: bool
    below_horizon_deg: float


@dataclass(frozen=True)
class AbortMode:
    """Extremes of one abort mode, over all the times at which it applies; s after lift-off. `None`: nothing of
    the kind, as no entry without lift from orbit."""

    mode: str
    from_s: float
    to_s: float
    load_least_g: float
    load_most_g: float
    ballistic_most_g: float | None
    downrange_most_km: float | None
    delta_v_most_m_s: float
    times: int
    outside_all_areas: int


@dataclass(frozen=True)
class RecoveryArea:
    """`on` land or sea; corners as pairs of latitude and longitude, deg."""

    name: str
    on: str
    corners_deg: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AscentStudy:
    """Figures of the range-safety study of an ascent; no aborts and areas where no escape was asked for."""

    published: tuple[PublishedSequence, ...]
    debris: tuple[DebrisFootprint, ...]
    views: tuple[SightedView | HiddenView, ...]
    aborts: tuple[AbortMode, ...] | None = None
    areas: tuple[RecoveryArea, ...] | None = None


@dataclass(frozen=True)
class AscentFigures:
    azimuth_deg: float
    kick_deg: float
    flights_to_solve: int
    propellant_left_kg: float
    guidance_residual_m_s: float
    duration_s: float
    liftoff_mass_kg: float
    burnt_and_dropped_kg: float
    ship_mass_kg: float
    downrange_inertial_deg: float
    launch_pad: str
    launcher: str
    plane_from_target_deg: float
    most_q_alpha_kpa_deg: float
    orbit: InsertionOrbit
    study: AscentStudy | None = None


@dataclass(frozen=True, eq=False)
class AscentHistory(History):
    """The climb: geodetic position, inertial speed and speed relative to the air, loads and mass."""

    t_s: np.ndarray
    altitude_km: np.ndarray
    downrange_km: np.ndarray
    speed_inertial_m_s: np.ndarray
    speed_air_m_s: np.ndarray
    flight_path_deg: np.ndarray
    dynamic_pressure_pa: np.ndarray
    mach: np.ndarray
    axial_load_g: np.ndarray
    angle_of_attack_deg: np.ndarray
    q_alpha_kpa_deg: np.ndarray
    mass_kg: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray


@dataclass(frozen=True, eq=False)
class ImpactHistory(History):
    """The instantaneous impact point, and the time of fall to it."""

    t_s: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    time_to_go_s: np.ndarray
    downrange_km: np.ndarray


@dataclass(frozen=True, eq=False)
class AbortHistory(History):
    """One row for each time of an abort: `mode` and `area` count the study's lists (area -1: outside all); the largest
    load, its part from engines, and the same entry without lift; landing positions, NaN where there is none."""

    t_s: np.ndarray
    mode: np.ndarray
    load_g: np.ndarray
    escape_load_g: np.ndarray
    ballistic_load_g: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    ballistic_latitude_deg: np.ndarray
    ballistic_longitude_deg: np.ndarray
    downrange_km: np.ndarray
    delta_v_m_s: np.ndarray
    area: np.ndarray


@dataclass(frozen=True, eq=False)
class ViewHistory(History):
    """Azimuth, elevation and range from a site, while above the horizon; no rows where it never is."""

    t_s: np.ndarray
    azimuth_deg: np.ndarray
    elevation_deg: np.ndarray
    range_km: np.ndarray


@dataclass(frozen=True)
class AscentRecord:
    """`views`: one for each site of the study's list. A launcher that did not reach orbit has a history and a pad."""

    figures: AscentFigures | None
    ascent: AscentHistory
    pad: GroundSite
    impact: ImpactHistory | None = None
    aborts: AbortHistory | None = None
    views: tuple[ViewHistory, ...] = ()

    @property
    def study(self) -> AscentStudy | None:
        return self.figures.study if self.figures else None
