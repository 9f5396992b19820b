"""Range-safety study of one flown ascent: histories, figures and rule checks, to go with the leg."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.ascent.range_safety.aborts import AbortSetup, abort_study
from sim.ascent.range_safety.impact import footprint, impact_history
from sim.ascent.range_safety.parts import Area, Study
from sim.ascent.range_safety.published import against_published, worst
from sim.ascent.range_safety.views import view
from sim.core.ascent_record import AbortHistory, AbortMode, AscentStudy, ImpactHistory, RecoveryArea, ViewHistory
from sim.core.flight import RuleCheck
from sim.core.ground_site import Site
from sim.core.histories import rows
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Ship
from sim.environment.world import World

PUBLISHED_TOLERANCE = 2.5  # per cent, largest difference of an event from the chosen list


@dataclass(frozen=True)
class Studied:
    """The histories and figures that go into the ascent's record, and the rule checks of the study."""

    impact: ImpactHistory
    aborts: AbortHistory | None
    views: tuple[ViewHistory, ...]
    figures: AscentStudy
    verdicts: tuple[RuleCheck, ...]


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
    debris = []
    for piece in study.pieces:
        if (t := edges.get(piece.event)) is not None:
            r, v, _ = path.at(t)
            debris.append(footprint(piece, t, r[0], v[0], site, world))
    seen = [view(viewer, path, world) for viewer in study.viewers]
    published = against_published(study.published, {event: t - t0 for event, t in edges.items()})
    aborts, modes, areas = None, None, None
    if study.escape is not None:
        aborts, names = abort_study(
            AbortSetup(study=study, ship=ship, path=path, normal=normal, edges=dict(edges), world=world), site
        )
        modes = tuple(_mode(aborts, i, name, t0) for i, name in enumerate(names))
        areas = tuple(RecoveryArea(a.name, a.on, _corners(a)) for a in study.areas)
    furthest = worst(published)
    verdicts: tuple[RuleCheck, ...] = ()
    if furthest:
        difference = abs(furthest.off_percent)
        when = edges[furthest.event]
        verdicts = (
            RuleCheck("events at their published times", phase, difference, "<=", PUBLISHED_TOLERANCE, "% off", when),
        )
    figures = AscentStudy(published, tuple(debris), tuple(figures for _, figures in seen), modes, areas)
    return Studied(impact_history(path, site, world), aborts, tuple(history for history, _ in seen), figures, verdicts)


def _corners(area: Area) -> tuple[tuple[float, float], ...]:
    """Latitude and longitude of an area's corners, deg."""
    return tuple((latitude, longitude) for latitude, longitude in np.degrees(area.corners).tolist())


def _mode(history: AbortHistory, number: int, name: str, t0: float) -> AbortMode:
    """Extremes of one abort mode, over all the times at which it applies."""
    these = rows(history, history.mode == number)
    t, load, ballistic = these.t_s - t0, these.load_g, these.ballistic_load_g
    landed = np.isfinite(these.latitude_deg)
    return AbortMode(
        mode=name,
        from_s=float(t[0]),
        to_s=float(t[-1]),
        load_least_g=float(load.min()),
        load_most_g=float(load.max()),
        ballistic_most_g=float(np.nanmax(ballistic)) if np.isfinite(ballistic).any() else None,
        downrange_most_km=float(np.nanmax(these.downrange_km)) if landed.any() else None,
        delta_v_most_m_s=float(np.abs(these.delta_v_m_s).max()),
        times=len(t),
        outside_all_areas=int((landed & (these.area < 0)).sum()),
    )


def plane_error(normal: np.ndarray, r: np.ndarray, v: np.ndarray) -> float:
    """Angle between the orbit's plane and the one of `normal` (3,), deg."""
    h = np.cross(r, v)
    return math.degrees(math.atan2(float(np.linalg.norm(np.cross(normal, h))), float(normal @ h)))
