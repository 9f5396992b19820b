"""Dispersed returns, from the deorbit to the touchdown: which quantities describe each, and where they come down."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.campaign import words
from sim.campaign.dispersed import Dispersed, Quantities, Rows
from sim.campaign.summary import column, probability
from sim.core.flight import Failure, Flight, recorded
from sim.core.ground_site import Site
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
from sim.core.scene import as_planned
from sim.environment.density_error import observed
from sim.environment.world import World
from sim.mission import Mission, Phase
from sim.reentry.series import from_site, track_to
from sim.scenario import Scenario
from sim.uncertainty.kinds import BriefPhase, DeorbitPhase

SHARES = (0.95, 0.997)  # of a normal law in two dimensions, within an ellipse
DRIFTING = 10e3  # m: below, a capsule hangs under its parachutes
STEP = 240.0  # s, of an orbit's arc: the touchdown moves by metres against 60 s
ACCURACY_KM = 10.0  # "of the order of 10 km" is the published accuracy of a guided return


def planned(mission: Mission) -> Mission:
    """With the plan of the nominal, all of which is known, as the guess with which each run's own plan begins."""
    first, *others = mission.phases
    assert isinstance(first, DeorbitPhase)  # so a return begins
    ship, scene = first.ship_name, mission.scene
    try:
        plan = first.planner.plan(as_planned(scene.flying[ship]), scene.t, mission.world.known())
    except Failure:  # the nominal says why
        return mission
    return replace(mission, phases=(replace(first, guess=plan), *others))


def brief(mission: Mission) -> Mission:
    """Without the ends of the modules, and in longer steps."""
    world = mission.world
    forecast = replace(world.forecast, step=STEP) if world.forecast else None
    world = replace(world, step=STEP, forecast=forecast)
    return replace(mission, phases=tuple(map(_brief, mission.phases)), world=world)


def _brief(phase: Phase) -> Phase:
    return replace(phase, brief=True) if isinstance(phase, BriefPhase) else phase


def measure(flight: Flight, mission: Mission) -> Quantities:
    legs = {leg.phase: leg for leg in flight.legs}
    events = {event.name: event for event in flight.events}
    deorbit, entry, descent = (legs[name] for name in words.WAY_HOME)
    burn, fall = recorded(deorbit, DeorbitRecord).figures, recorded(entry, EntryRecord)
    flown, under = fall.figures, recorded(descent, DescentRecord).figures
    assert burn and flown and under  # the legs were flown to their ends
    interface, peak, touchdown = (events[name].values for name in ("entry_interface", "peak_load", "touchdown"))
    latitude, longitude = float(touchdown["latitude_deg"]), float(touchdown["longitude_deg"])
    site = Site("", math.radians(fall.site.latitude_deg), math.radians(fall.site.longitude_deg), 0.0)
    # All runs have the same track, which that of a capsule under way is not: it turns to the end.
    track = track_to(float(fall.entry.latitude_deg[0]), float(fall.entry.longitude_deg[0]), site)
    along, across = from_site(latitude, longitude, track, site)
    wind_along, wind_across = wind_error(mission.world, track)
    return {
        "deorbit_m_s": burn.delta_v_m_s,
        "burn_s": burn.burn_s,
        "deorbit_propellant_kg": burn.propellant_kg,
        "propellant_left_kg": deorbit.scene.propellant[events["touchdown"].vehicle],
        "entry_angle_deg": burn.entry_angle_deg,
        "entry_speed_m_s": float(interface["speed_inertial_m_s"]),
        "entry_s": flown.duration_s,
        "peak_load_g": float(peak["load_g"]),
        "peak_dynamic_pressure_kpa": flown.peak_dynamic_pressure_kpa,
        "peak_heat_flux_kw_m2": flown.peak_heat_flux_kw_m2,
        "heat_load_mj_m2": flown.heat_load_mj_m2,
        "opening_along_km": flown.ahead_of_site_at_opening_km,
        "opening_across_km": -flown.left_of_site_at_opening_km,
        "opening_miss_km": flown.miss_at_opening_km,
        "opening_load_g": under.opening_load_g,
        "under_main_m_s": under.speed_under_main_m_s,
        "touchdown_m_s": float(touchdown["vertical_m_s"]),
        "over_ground_m_s": float(touchdown["horizontal_m_s"]),
        "surface_wind_m_s": float(touchdown["surface_wind_m_s"]),
        "touchdown_latitude_deg": latitude,
        "touchdown_longitude_deg": longitude,
        "along_km": along / 1e3,
        "across_km": across / 1e3,
        "miss_km": float(touchdown["miss_km"]),
        "descent_s": under.descent_s,
        "drift_km": under.drift_km,
        "drogue_force_kn": under.drogue_force_kn,
        "main_force_kn": under.main_force_kn,
        "deorbit_to_landing_min": (events["touchdown"].t - events["deorbit_burn_start"].t) / 60.0,
        "burn_error_m_s": burn.delta_v_m_s - burn.commanded_m_s,
        "angle_error_deg": burn.entry_angle_deg - burn.planned_angle_deg,
        "thin_air_percent": 100.0 * math.expm1(observed(mission.world, deorbit.end)),
        "wind_error_along_m_s": wind_along,
        "wind_error_across_m_s": wind_across,
        "navigation_error_m": flown.navigation_error_m,
    }


def wind_error(world: World, track: float) -> tuple[float, float]:
    """The true wind less its forecast, m/s along a track (rad) and to the right of it: the mean up to DRIFTING."""
    forecast = world.known().wind
    if not len(world.wind) or not len(forecast):
        return 0.0, 0.0
    heights = np.linspace(world.wind[0, 0], DRIFTING, 50)
    east, north = (
        float(np.mean(np.interp(heights, world.wind[:, 0], world.wind[:, k])))
        - float(np.mean(np.interp(heights, forecast[:, 0], forecast[:, k])))
        for k in (1, 2)
    )
    return (
        north * math.cos(track) + east * math.sin(track),
        east * math.cos(track) - north * math.sin(track),
    )


def additional(rows: Rows, scenario: Scenario) -> dict:
    """Where the returns come down: the ellipse of their scatter, and how many keep to the published accuracy."""
    landed = [row for row in rows if row["status"] == "flown"]
    if len(landed) < 3:
        return {}
    along, across = column(landed, "along_km"), column(landed, "across_km")
    full = next(entry.landing_ellipse_km for entry in scenario.sequence if entry.phase == "descent")
    limits = 0.5 * full[0], 0.5 * full[1]
    inside = int(np.sum(np.hypot(along / limits[0], across / limits[1]) <= 1.0))
    near = int(np.sum(column(landed, "miss_km") <= ACCURACY_KM))
    return {
        "ellipse": scatter_ellipse(along, across),
        "published": {
            "ellipse_semi_axes_km": list(limits),
            "inside_ellipse": {"runs": inside, **probability(inside, len(rows))},
            "accuracy_km": ACCURACY_KM,
            "within_accuracy": {"runs": near, **probability(near, len(rows))},
        },
    }


def scatter_ellipse(along: np.ndarray, across: np.ndarray) -> dict:
    """The ellipse of places (n,), km beyond the site and to the right of it: centre, standard deviations along its
    axes, and the semi-axes within which `SHARES` of a normal law with them lie; `inside`: how many of these places do.

    `direction_deg`: of the major axis, from the track to the right, in (-90, 90].
    """
    places = np.stack([along, across])
    centre = places.mean(axis=1)
    variances, axes = np.linalg.eigh(np.cov(places))
    (minor, major), (x, y) = np.sqrt(np.maximum(variances, 0.0)), axes[:, 1]
    turn = math.degrees(math.atan2(y, x))
    turn = turn - 180.0 if turn > 90.0 else turn + 180.0 if turn <= -90.0 else turn
    offsets = axes.T @ (places - centre[:, None])
    sigmas = np.hypot(offsets[1] / major, offsets[0] / minor) if minor > 0.0 else np.zeros(len(along))
    return {
        "centre_along_km": float(centre[0]),
        "centre_across_km": float(centre[1]),
        "sigma_major_km": float(major),
        "sigma_minor_km": float(minor),
        "direction_deg": turn,
        "shares": {
            f"{100.0 * share:g}": {
                "semi_major_km": float(major * reach(share)),
                "semi_minor_km": float(minor * reach(share)),
                "inside": int(np.sum(sigmas <= reach(share))),
            }
            for share in SHARES
        },
    }


def reach(share: float) -> float:
    """Standard deviations from the centre within which a share of a normal law in two dimensions lies: Rayleigh's."""
    return math.sqrt(-2.0 * math.log1p(-share))


RETURN = Dispersed(
    words=words.RETURN,
    run_s=0.09,
    measure=measure,
    planned=planned,
    brief=brief,
    additional=additional,
    may_fail=True,
)
