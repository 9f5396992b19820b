"""The station's V-bar/R-bar plane as the pictures share it: frames, the station's zones, the corridor of a port."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, Polygon

from sim.core.docking_record import ClosedLoopRecord
from sim.core.phasing_record import SafetyZones
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, Look
from sim.plots.zones import in_plane

WIDE, TALL = 4.4, 4.1  # of the square zooms, inches
DRIFT: Look = {"ls": (0, (1, 1.6)), "lw": 1.1, "zorder": 2.2, "solid_capstyle": "butt"}
DRIFT_COLOUR = {0.0: INK, 0.5: BLUE, 1.0: VERMILLION}


def frame(axes: Axes, title: str, unit: str, x: tuple[float, float], z: tuple[float, float]) -> None:
    axes.set_title(title)
    axes.set(xlim=x, ylim=(z[1], z[0]), xlabel=f"V-bar, {unit}  (ahead →)", ylabel=f"R-bar, {unit}  (↓ to Earth)")
    axes.axhline(0.0, color=SOFT, lw=0.8, zorder=1.2)
    axes.axvline(0.0, color=SOFT, lw=0.8, zorder=1.2)


def square(axes: Axes, title: str, unit: str, middle: tuple[float, float] | np.ndarray, half: float) -> None:
    """A frame about `middle` with a metre as long on both axes."""
    tall = half * TALL / WIDE
    x, z = middle
    frame(axes, title, unit, (x - half, x + half), (z - tall, z + tall))


def draw_zones(axes: Axes, zones: SafetyZones, unit_m: float) -> tuple[np.ndarray, float]:
    """Approach ellipsoid and keep-out sphere; the semi-axes and the radius in the panel's unit."""
    ellipsoid, radius = zones.ellipsoid_m / unit_m, zones.keep_out_m / unit_m
    axes.add_patch(
        Ellipse((0, 0), 2 * ellipsoid[0], 2 * ellipsoid[2], fill=False, ec=ORANGE, lw=1.6, ls="--", zorder=2)
    )
    axes.add_patch(Circle((0, 0), radius, fc=VERMILLION, alpha=0.12, lw=0, zorder=1))
    axes.add_patch(Circle((0, 0), radius, fill=False, ec=VERMILLION, lw=1.2, alpha=0.6, zorder=2))
    return ellipsoid, radius


def cone(axes: Axes, leg: ClosedLoopRecord, apex: np.ndarray, radius: float) -> np.ndarray:
    """The corridor of the port that is used, from its apex on; returns the place for its label."""
    axis, angle = in_plane(leg.port.axis), np.radians(leg.zones.corridor_half_angle_deg)
    side = np.array([-axis[1], axis[0]]) * np.tan(angle)
    edges = np.array([[0.0, 0.0], axis + side, axis - side]) * radius + apex
    axes.add_patch(Polygon(edges, closed=True, fc=GREEN, alpha=0.16, lw=0, zorder=1.5))
    axes.add_patch(Polygon(edges, closed=True, fill=False, ec=GREEN, lw=1.0, zorder=1.6))
    return apex + (axis + side) * radius * 0.75


def corridor_label(zones: SafetyZones) -> str:
    return f"corridor ±{zones.corridor_half_angle_deg:.0f}°"
