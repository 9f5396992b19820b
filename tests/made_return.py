"""What a made flight records of its return beside the histories: round figures about the site of `made_flight`."""

from __future__ import annotations

import numpy as np

from sim.core.landing_area import Footprint, LandingEllipse, WindProfile
from sim.core.module_ends import FallenParts
from sim.core.return_record import EntryCapsule, EntryGuidanceHistory, EntryHistory

CAPSULE = EntryCapsule(mass_kg=3240.0, lift_to_drag=0.3)
ELLIPSE = LandingEllipse(along_km=15.0, across_km=7.5, heading_deg=92.0)
WIND = WindProfile(
    height_m=np.array([1000.0, 3000.0, 10000.0]),
    east_m_s=np.array([1.0, 6.0, 28.0]),
    north_m_s=np.array([-0.5, -2.0, -5.0]),
)


def footprint() -> Footprint:
    """A lens of 14 degrees of longitude about the site; banks of 90 deg and more are over the limit."""
    bank = np.array([-110.0, -90.0, -75.0, -45.0, -15.0, 0.0, 15.0, 45.0, 75.0, 90.0, 110.0, 180.0])
    longitude = 93.0 + 14.0 * np.cos(np.radians(np.minimum(np.abs(bank), 90.0)))
    latitude = 41.3 - 1.3 * np.sin(np.radians(bank))
    within = np.abs(bank) <= 75.0
    edge = np.append(np.flatnonzero(within), np.flatnonzero(within)[0])
    return Footprint(
        bank_deg=bank,
        latitude_deg=latitude,
        longitude_deg=longitude,
        peak_load_g=2.6 + 3e-4 * bank**2,
        edge_latitude_deg=latitude[edge],
        edge_longitude_deg=longitude[edge],
        load_limit_g=5.0,
        ballistic_latitude_deg=41.2,
        ballistic_longitude_deg=91.0,
        ballistic_load_g=8.4,
    )


def guidance(entry: EntryHistory) -> EntryGuidanceHistory:
    """Commands five seconds ahead of the bank; none after the first lost minute."""
    t = entry.t_s - entry.t_s[0]
    return EntryGuidanceHistory(
        t_s=entry.t_s,
        mach=entry.speed_air_m_s / 300.0,
        bank_command_deg=np.where(t < 60.0, np.nan, np.interp(t + 5.0, t, entry.bank_deg)),
        navigation_error_m=10.0 + 0.5 * t,
        drag_m_s2=9.5 * entry.load_g,
        range_to_go_km=2400.0 * (1.0 - t / t[-1]),
    )


def fragments(start: float) -> FallenParts:
    """Pieces of the service module, short of the footprint."""
    return FallenParts(
        name=np.array(["solar arrays and skin", "engines"]),
        count=np.array([60, 4]),
        impact_s=np.array([start + 2000.0, start + 1400.0]),
        latitude_deg=np.array([40.5, 41.0]),
        longitude_deg=np.array([84.0, 89.0]),
        half_length_km=np.array([160.0, 130.0]),
        half_width_km=np.array([2.0, 4.0]),
        heading_deg=np.array([79.0, 83.0]),
        speed_m_s=np.array([18.0, 70.0]),
        mass_per_drag_area_kg_m2=np.array([20.0, 300.0]),
    )
