"""From the files of launcher, ship and launch site to a `Study` in SI."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import G0
from sim.ascent.range_safety.parts import Area, Escape, Motors, Piece, Study
from sim.ascent.range_safety.published import Published
from sim.core.ground_site import Site
from sim.scenario import catalogue, craft_files, safety


def study(launcher: catalogue.LauncherFile, ship: craft_files.ShipFile, pad: catalogue.SiteFile, viewers) -> Study:
    """`viewers`: the mission's own, beside those of the site's file."""
    return Study(
        pieces=tuple(_piece(d) for d in launcher.debris),
        published=tuple(
            Published(s.name, s.chosen, s.events_s.model_dump(exclude_none=True)) for s in launcher.sequences
        ),
        viewers=tuple(_viewer(v) for v in (*pad.viewers, *viewers)),
        areas=tuple(_area(a) for a in pad.recovery_areas),
        escape=_escape(ship, ship.escape) if ship.escape else None,
    )


def _piece(d: safety.Debris) -> Piece:
    return Piece(
        name=d.name,
        event=d.event,
        count=d.count,
        mass=d.mass_kg,
        cda=d.drag_area_m2 * d.drag_coefficient,
        spread=d.spread,
        kick=d.kick_m_s,
    )


def _viewer(v: safety.Viewer) -> Site:
    return Site(v.name, math.radians(v.latitude_deg), math.radians(v.longitude_deg), v.height_m)


def _area(a: safety.RecoveryAreaBlock) -> Area:
    return Area(a.name, a.on, np.radians(a.corners_deg), a.once_around)


def _escape(ship: craft_files.ShipFile, e: safety.EscapeBlock) -> Escape:
    motors = tuple(Motors(m.name, m.until, m.acceleration_g * G0, m.burn_s, math.radians(m.tilt_deg)) for m in e.motors)
    return Escape(
        motors=motors,
        mass=e.mass_kg,
        cda=e.drag_area_m2 * e.drag_coefficient,
        release=1e3 * e.release_altitude_km,
        bank=math.radians(e.entry_bank_deg),
        thrust=e.main_thrust_n,
        isp=ship.engines.main_isp_s,
        usable=max(ship.mass.propellant_kg - e.propellant_kept_kg, 0.0),
        orbit_perigee=1e3 * e.orbit_perigee_km,
        once_perigee=1e3 * e.once_around_perigee_km,
        deorbit=e.deorbit_m_s,
    )
