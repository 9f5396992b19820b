"""Docked flight and the return, from their tables."""

from __future__ import annotations

import math

from kernels.constants import MU_EARTH, R_EQUATOR
from sim.build.landing import landing_limits, landing_links
from sim.build.parts import Parts
from sim.build.return_faults import return_faults
from sim.build.winds import near_the_ground
from sim.core.vehicle import Ship
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.descent import Descent
from sim.phases.docked import Docked
from sim.phases.entry import Entry
from sim.proximity_safety.zones import zones
from sim.reentry.deorbit_targeting import DeorbitPlanner
from sim.scenario.sequence_file import DeorbitEntry, DepartureEntry, DescentEntry, DockedEntry, EntryEntry

HOUR, DAY = 3600.0, 86400.0
AFTER_OVERFLIGHT = 800.0  # s from abeam of the site, on the orbit, to touchdown: the time under the parachutes


def lead(undock_to_landing_h: float) -> float:
    """Seconds from undocking to abeam of the landing site."""
    return HOUR * undock_to_landing_h - AFTER_OVERFLIGHT


def energy_end(ship: Ship) -> float:
    """Specific energy where the parachutes open, J/kg, at which the bank schedule ends."""
    return MU_EARTH / (R_EQUATOR + ship.opening_altitude)


def docked(entry: DockedEntry, parts: Parts) -> Docked:
    named = parts.scenario.named
    rules, wind = named.landing_rules[entry.landing_rules], named.winds.get(named.sites[entry.site].wind or "")
    near = near_the_ground(wind, named.sites[entry.site].height_m) if wind else None
    links, sine = landing_links(rules)
    return Docked(
        station=parts.station.name,
        ship_down=entry.ship,
        hatch=None if entry.hatch_open_h is None else HOUR * entry.hatch_open_h,
        handover=DAY * entry.handover_days,
        lead=lead(entry.undock_to_landing_h),
        site=parts.site(entry.site),
        people_limit=entry.people_limit,
        limits=landing_limits(rules, entry.weather_closed_utc, near),
        links=links,
        relay_sine=sine,
        ground=parts.ground,
    )


def departure(entry: DepartureEntry, parts: Parts) -> Departure:
    ship = parts.ships[entry.ship]
    return Departure(
        station=parts.station,
        ship_name=entry.ship,
        ship=ship,
        zones=zones(parts.profile(entry.profile).safety),
        first_burn=entry.first_burn_s,
        down=entry.down_burn_m_s,
        back=entry.back_burn_m_s,
        coast=HOUR * entry.coast_h,
        navigation=ship.navigation,
        execution=ship.execution,
        draws=parts.draws,
    )


def deorbit(entry: DeorbitEntry, parts: Parts) -> Deorbit:
    ship = parts.ships[entry.ship]
    return Deorbit(
        ship_name=entry.ship,
        ship=ship,
        planner=DeorbitPlanner(
            ship=ship,
            site=parts.site(entry.site),
            landing_in=lead(entry.undock_to_landing_h) - HOUR * entry.undocked_h,
            module_lead=entry.orbital_module_lead_s,
            entry_altitude=1e3 * entry.entry_altitude_km,
            entry_angle=math.radians(entry.entry_angle_deg),
            bank_start=math.radians(entry.bank_start_deg),
            bank_end=math.radians(entry.bank_end_deg),
            energy_end=energy_end(ship),
        ),
        separation_altitude=1e3 * entry.service_module_altitude_km,
        angle_tolerance=math.radians(entry.angle_off_deg),
        draws=parts.draws,
        execution=ship.execution,
        ground=parts.ground,
        faults=return_faults(parts.scenario.faults),
        backup=parts.site(entry.backup_site) if entry.backup_site else None,
        backup_after=HOUR * entry.backup_after_h,
    )


def entry_(entry: EntryEntry, parts: Parts) -> Entry:
    ship = parts.ships[entry.ship]
    return Entry(
        ship_name=entry.ship,
        ship=ship,
        site=parts.site(entry.site),
        bank_start=math.radians(entry.bank_start_deg),
        bank_end=math.radians(entry.bank_end_deg),
        energy_end=energy_end(ship),
        load_limit=entry.load_limit_g,
        guidance=entry.guidance,
        draws=parts.draws,
        faults=return_faults(parts.scenario.faults),
    )


def descent(entry: DescentEntry, parts: Parts) -> Descent:
    return Descent(
        ship_name=entry.ship,
        ship=parts.ships[entry.ship],
        site=parts.site(entry.site),
        descent_limit=entry.descent_speed_m_s,
        landing_limit=entry.landing_speed_m_s,
        ellipse=(500.0 * entry.landing_ellipse_km[0], 500.0 * entry.landing_ellipse_km[1]),
        drift_limit=entry.drift_speed_m_s,
        wind_limit=entry.surface_wind_m_s,
        draws=parts.draws,
        faults=return_faults(parts.scenario.faults),
    )
