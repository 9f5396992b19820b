"""One flown ascent looked at from all sides: histories, figures and a verdict, to go with the leg."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.flight import Verdict
from sim.range_safety.aborts import Leaving, abort_study
from sim.range_safety.impact import footprint, impact_series
from sim.range_safety.parts import Study
from sim.range_safety.published import against_published, worst
from sim.range_safety.views import view
from sim.trajectory import Trajectory
from sim.vehicle import Ship
from sim.world import Site, World

PUBLISHED_OFF = 2.5  # per cent, how far from the chosen list an event may come


@dataclass(frozen=True)
class Studied:
    """`series` by name, as a leg holds them; `told`: plain figures, for the leg's notes; `verdicts` of the study."""

    series: Mapping[str, Mapping[str, np.ndarray]]
    told: Mapping[str, object]
    verdicts: tuple[Verdict, ...]


def studied(
    study: Study,
    phase: str,
    path: Trajectory,
    edges: Mapping[str, float],
    normal: np.ndarray,
    site: Site,
    ship: Ship,
    world: World,
) -> Studied:
    """`edges`: when each event of the flight was, s; `normal` (3,) of the plane that it flew in."""
    t0 = path.start
    series = {"impact": impact_series(path, site, world)}
    debris = []
    for piece in study.pieces:
        if (t := edges.get(piece.event)) is not None:
            r, v, _ = path.at(t)
            debris.append(footprint(piece, t, r[0], v[0], site, world))
    views = []
    for i, viewer in enumerate(study.viewers):
        history, told = view(viewer, path, world)
        views.append(told)
        if told["visible"]:
            series[f"view_{i}"] = history
    published = against_published(study.published, {event: t - t0 for event, t in edges.items()})
    told = {"published": published, "debris": debris, "views": views}
    if study.escape is not None:
        history, names = abort_study(Leaving(study, ship, path, normal, dict(edges), world), site)
        series["aborts"] = history
        told["aborts"] = [_mode(history, i, name, t0) for i, name in enumerate(names)]
        told["areas"] = [
            {"name": a.name, "on": a.on, "corners_deg": np.degrees(a.corners).tolist()} for a in study.areas
        ]
    furthest = worst(published)
    verdicts: tuple[Verdict, ...] = ()
    if furthest:
        off = abs(furthest["off_percent"])
        when = edges[furthest["event"]]
        verdicts = (Verdict("events at their published times", phase, off, "<=", PUBLISHED_OFF, "% off", when),)
    return Studied(series, told, verdicts)


def _mode(history: Mapping[str, np.ndarray], number: int, name: str, t0: float) -> dict:
    """What one way of escaping comes to, over all the times at which it applies."""
    these = history["mode"] == number
    t, load = history["t_s"][these] - t0, history["load_g"][these]
    lands = np.isfinite(history["latitude_deg"][these])
    straight = history["ballistic_load_g"][these]
    return {
        "mode": name,
        "from_s": float(t[0]),
        "to_s": float(t[-1]),
        "load_least_g": float(load.min()),
        "load_most_g": float(load.max()),
        "ballistic_most_g": float(np.nanmax(straight)) if np.isfinite(straight).any() else None,
        "downrange_most_km": float(np.nanmax(history["downrange_km"][these])) if lands.any() else None,
        "delta_v_most_m_s": float(np.abs(history["delta_v_m_s"][these]).max()),
        "times": len(t),
        "outside_all_areas": int((lands & (history["area"][these] < 0)).sum()),
    }


def plane_error(normal: np.ndarray, r: np.ndarray, v: np.ndarray) -> float:
    """Angle between the orbit's plane and the one of `normal` (3,), deg."""
    h = np.cross(r, v)
    return math.degrees(math.atan2(float(np.linalg.norm(np.cross(normal, h))), float(normal @ h)))
