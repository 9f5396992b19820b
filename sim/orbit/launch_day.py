"""The days on which a launch may be: their table, and what is simple in the choice of the second."""

from __future__ import annotations

import math

import numpy as np

from sim.core.ascent_record import LaunchOpportunities
from sim.core.simplification import Simplification
from sim.orbit.plane_crossing import Window

GIVEN = Simplification(
    "launch.given", "The second of the lift-off is the mission file's: no tracking moves it.", "launch"
)
OPTIMUM = Simplification(
    "launch.optimum",
    "The lift-off is planned for the second at which the nominal ascent leaves most propellant.",
    "launch",
)


def after_plane(bias: float) -> Simplification:
    passes, side = "the pad passes through the station's mean plane", "after" if bias > 0.0 else "before"
    text = f"The lift-off is planned {abs(bias):g} s {side} {passes}: empirical, no explanation of it is published."
    if bias == 0.0:
        text = f"The lift-off is planned for when {passes}, not for the least propellant."
    return Simplification("launch.bias", text, "launch")


def opportunities(
    windows: list[Window], costs: list[float], chosen: int, phase: float, trim_limit: float, docking_after: float
) -> LaunchOpportunities:
    """The days of a span as a table: `costs` m/s of their trims, `phase` rad that the profile requires."""
    n = len(windows)
    return LaunchOpportunities(
        t_liftoff_s=np.array([w.liftoff for w in windows]),
        phase_deg=np.degrees([w.phase for w in windows]),
        phase_wanted_deg=np.full(n, math.degrees(phase)),
        trim_m_s=np.array(costs),
        trim_limit_m_s=np.full(n, trim_limit),
        beta_deg=np.degrees([w.beta for w in windows]),
        sun_elevation_pad_deg=np.degrees([w.sun_elevation for w in windows]),
        docking_t_s=np.array([w.liftoff + docking_after for w in windows]),
        sunlit_at_docking=np.array([float(w.lit_at_docking) for w in windows]),
        accepted=np.array([float(abs(c) <= trim_limit) for c in costs]),
        chosen=np.array([float(i == chosen) for i in range(n)]),
    )
