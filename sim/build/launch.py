"""The wait for lift-off and the ascent, from their tables."""

from __future__ import annotations

import math

from sim.build.launcher import launch_vehicle
from sim.build.parts import Parts
from sim.build.range_safety import study
from sim.build.rendezvous import docking_after
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.scenario.catalogue import Guidance
from sim.scenario.sequence_file import AscentEntry, AwaitLaunchEntry

DAY = 86400.0
SIGMAS = 3.0


def await_launch(entry: AwaitLaunchEntry, parts: Parts) -> AwaitLaunch:
    guidance, profile = parts.scenario.named.launchers[entry.launcher].guidance, parts.profile(entry.profile)
    return AwaitLaunch(
        station=parts.station.name,
        engine=parts.station.engine,
        site=parts.site(entry.site),
        window=(parts.seconds(entry.window_utc[0]), parts.seconds(entry.window_utc[1])) if entry.window_utc else None,
        liftoff=parts.seconds(entry.liftoff_utc) if entry.liftoff_utc else None,
        branch=entry.branch,
        bias=entry.plane_bias_s,
        phase=math.radians(profile.phase_deg),
        after=guidance.plan_insertion_s,
        downrange=math.radians(guidance.plan_downrange_deg),
        docking_after=docking_after(guidance, profile, parts.ships[entry.ship], parts.port(entry.port)),
        trim_before=entry.trim_days_before * DAY,
        trim_limit=entry.trim_limit_m_s,
        phase_tolerance=math.radians(entry.phase_off_deg),
        corrections=tuple(days * DAY for days in entry.trim_corrections_days),
        ground=parts.ground,
        execution=parts.trim_execution,
        ascent=_ascent_of(entry.ship, parts) if entry.plane_bias_s is None else None,
    )


def _ascent_of(ship: str, parts: Parts) -> Ascent:
    """What the mission launches that ship with; the rules of a sequence ask for it."""
    return next(ascent(e, parts) for e in parts.scenario.sequence if isinstance(e, AscentEntry) and e.ship == ship)


def reserve(guidance: Guidance) -> float:
    """What must be left at orbit insertion, kg: three sigma of what dispersed ascents leave."""
    return guidance.reserve_kg if guidance.scatter_kg is None else SIGMAS * guidance.scatter_kg


def ascent(entry: AscentEntry, parts: Parts) -> Ascent:
    window = parts.profile(entry.profile).phase_window_deg
    launcher, scenario = parts.scenario.named.launchers[entry.launcher], parts.scenario
    return Ascent(
        station=parts.station.name,
        ship_name=entry.ship,
        ship=parts.ships[entry.ship],
        launcher=launch_vehicle(launcher),
        site=parts.site(entry.site),
        perigee=1e3 * entry.perigee_km,
        apogee=1e3 * entry.apogee_km,
        after=launcher.guidance.plan_insertion_s,
        downrange=math.radians(launcher.guidance.plan_downrange_deg),
        phasing_time=60.0 * parts.profile(entry.profile).phasing.homing_point_min,
        load_limit=entry.load_limit_g,
        perigee_tolerance=1e3 * entry.perigee_off_km,
        apogee_tolerance=1e3 * entry.apogee_off_km,
        plane_tolerance=math.radians(entry.plane_off_deg),
        reserve=reserve(launcher.guidance),
        phases=(math.radians(window[0]), math.radians(window[1])) if window else None,
        ground=parts.ground,
        study=study(launcher, parts.ship_file(entry.ship), scenario.named.sites[entry.site], scenario.viewers),
    )
