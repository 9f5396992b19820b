"""Launch windows: the plane over the pad, the phase, the trim, what the rocket has left, light, links and the plan."""

from sim.windows.plane import (
    BRANCHES,
    Crossing,
    Window,
    branch_at,
    crossings,
    insertion_phase,
    nearest_crossing,
    out_of_plane,
    planes_over,
    reach,
    sun_elevation,
    window_at,
    wrapped,
)

__all__ = [
    "BRANCHES",
    "Crossing",
    "Window",
    "branch_at",
    "crossings",
    "insertion_phase",
    "nearest_crossing",
    "out_of_plane",
    "planes_over",
    "reach",
    "sun_elevation",
    "window_at",
    "wrapped",
]
