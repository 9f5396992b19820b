"""What the figures of a flight are called for people: one table of names, and the units that keys end in."""

from __future__ import annotations

# Unit endings of key names, longest first, and how a reader sees them.
UNITS = {
    "_kpa_deg": "kPa deg", "_kg_m2": "kg/m²",
    "_kw_m2": "kW/m²", "_mj_m2": "MJ/m²", "_m_s2": "m/s²", "_km_s": "km/s", "_deg_s": "deg/s", "_m_s": "m/s",
    "_degc": "°C", "_deg": "deg", "_kpa": "kPa", "_pa": "Pa", "_kn": "kN", "_n": "N", "_kg": "kg", "_km": "km",
    "_m2": "m²", "_min": "min", "_percent": "%", "_mm": "mm", "_cm": "cm", "_days": "days", "_utc": "UTC", "_d": "d",
    "_h": "h", "_g": "g", "_j": "J", "_m": "m", "_s": "s",
}  # fmt: skip

# Keys that say too little to a reader who has not seen the code -> what stands in the report instead.
NAMES = {
    "approach_s": "time from first push to contact",
    "aboard": "aboard the ship that leaves",
    "ahead_of_site_at_opening_km": "ahead of the site as the parachutes open",
    "apogee_km": "apogee (over 6378.137 km)",
    "azimuth_deg": "launch azimuth",
    "beta_deg": "Sun over the orbit plane (beta)",
    "branch": "direction of the pass over the pad",
    "burn_s": "length of the deorbit burn",
    "burns": "number of burns",
    "burnt_and_dropped_kg": "burnt and dropped on the way up",
    "cross_track_km": "site beside the ground track",
    "days_before_liftoff": "days before lift-off",
    "days_considered": "days examined for a lift-off",
    "delta_v_m_s": "speed change",
    "delta_v_over_floor": "speed change over the least possible",
    "descent_s": "time under parachutes",
    "docked_days": "time docked",
    "down_m_s": "of it to the Earth",
    "duration_s": "duration",
    "flight_path_deg": "path over the horizon",
    "flights_to_solve": "trial flights to find the steering",
    "floor_m_s": "least speed change for the height difference",
    "forward_m_s": "of it forward",
    "guidance_residual_m_s": "speed missing at cut-off",
    "handover_days": "length of the handover",
    "heat_load_mj_m2": "heat taken up at the nose",
    "inclination_deg": "inclination (osculating, true equator of date)",
    "kick_deg": "pitch-over after lift-off",
    "landed": "landed",
    "landing_cross_track_km": "site beside the track at the landing opportunity",
    "landing_opportunity_utc": "landing opportunity",
    "lateral_offset_m": "off the port's axis",
    "lateral_speed_m_s": "speed across the port's axis",
    "launcher": "launcher",
    "left_of_site_at_opening_km": "left of the site as the parachutes open",
    "liftoff_after_crossing_s": "lift-off after the pass through the plane",
    "liftoff_from_plane_condition_utc": "lift-off as the plane asks for",
    "mach": "Mach number",
    "masses_after_kg": "station and ship together after undocking",
    "mean_altitude_end_km": "mean altitude of the station at lift-off",
    "mean_altitude_start_km": "mean altitude of the station at the start",
    "miss_km": "distance from the site",
    "module_kg": "mass let go",
    "nearest_m": "nearest to the station",
    "opening_load_g": "greatest load as the parachutes opened",
    "out_of_plane_at_liftoff_deg": "pad beside the orbit plane at lift-off",
    "out_of_plane_m_s": "of it across the plane",
    "most_q_alpha_kpa_deg": "greatest dynamic pressure times angle of attack",
    "overflight_utc": "pass over the site",
    "peak_heat_flux_kw_m2": "greatest heat flux at the nose",
    "people_aboard": "people aboard",
    "perigee_km": "perigee (over 6378.137 km)",
    "phase_before_trim_deg": "station ahead at insertion, without a trim",
    "phase_deg": "station ahead at insertion",
    "phase_wanted_deg": "station ahead at insertion, wanted",
    "plane_bias_s": "lift-off after the pass, as configured",
    "plane_crossing_utc": "pad passes through the orbit plane",
    "plane_from_target_deg": "between the planes of the ship and of its target",
    "plane_offset_deg": "between the planes of ship and station",
    "push_off_m_s": "speed of the push-off",
    "raan_deg": "ascending node (osculating, true equator of date)",
    "range_at_end_km": "distance from the station at the end",
    "relative_kinetic_energy_j": "energy of the relative motion at contact",
    "speed_air_m_s": "speed relative to the air",
    "speed_inertial_m_s": "inertial speed",
    "stack_mass_before_kg": "station with ship before undocking",
    "stack_mass_kg": "station with all its ships",
    "starts_m_s": "speed change found from each first guess",
    "step_of_station_at_contact_m": "shift of the station's centre of mass as the ship joins it",
    "sun_elevation_at_pad_deg": "Sun over the horizon at the pad",
    "thrust_n": "thrust",
    "toward": "toward",
    "trim_m_s": "speed change of the station's trim",
    "trim_propellant_kg": "propellant of the trim",
}  # fmt: skip


def quantity(key: str) -> tuple[str, str]:
    """A key with its unit as (words, unit): `range_at_end_m` -> (`range at end`, `m`); the unit may be empty."""
    for ending, unit in UNITS.items():
        if key.endswith(ending) and len(key) > len(ending):
            return NAMES.get(key, key[: -len(ending)].replace("_", " ")), unit
    return NAMES.get(key, key.replace("_", " ")), ""
