"""The rules of station keeping, judged on a flown trajectory: by what it shows itself, not by what the plan says of it.

Burns are read from the mass along the path, altitudes and phases from its states.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.core.flight import RuleCheck
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.mean_altitude import revolution
from sim.planning.station.calendar import asleep
from sim.planning.station.flight import axes, met
from sim.planning.station.setting import DAY, Setting

PHASE = "station"
EVERY = 0.25 * DAY
APART = 600.0  # s between burns that are two
EARLY = 120.0  # s: an engine that is a little stronger or weaker than planned ends its burn so much sooner or later


def burning(path: Trajectory) -> list[tuple[float, float, float]]:
    """First and last second and propellant, kg, of each time in which the mass falls along a path.

    A craft that docks or undocks changes the mass at one instant, which is no burn.
    """
    dt, dm = np.diff(path.t), -np.diff(path.mass)
    found: list[tuple[float, float, float]] = []
    for k in np.flatnonzero((dm > 1e-9) & (dt > 1e-6)):
        start, end, kg = float(path.t[k]), float(path.t[k + 1]), float(dm[k])
        if found and start - found[-1][1] < 1.0:
            found[-1] = (found[-1][0], end, found[-1][2] + kg)
        else:
            found.append((start, end, kg))
    return found


def judge(found: Setting, path: Trajectory, world: World, budget: dict[str, float]) -> list[RuleCheck]:
    """Band, phases, closed times, sleep, distance of raises, propellant; `budget`: what is left of each craft, kg."""
    return [
        *_band(found, path),
        *_phases(found, path, world),
        *_times(found, path),
        *(_check(f"propellant left, {name}", kg, ">=", 0.0, "kg", path.end) for name, kg in sorted(budget.items())),
    ]


def _check(rule: str, value: float, sense: str, limit: float, unit: str, t: float) -> RuleCheck:
    return RuleCheck(f"station keeping: {rule}", PHASE, float(value), sense, float(limit), unit, float(t))


def _band(found: Setting, path: Trajectory) -> list[RuleCheck]:
    times = np.arange(path.start, path.end, EVERY)
    altitude = np.asarray(found.altitude(axes(path, times)))
    low, high = found.rules.band_km
    k, j = int(altitude.argmin()), int(altitude.argmax())
    return [
        _check("lowest mean altitude", altitude[k], ">=", low, "km", times[k]),
        _check("highest mean altitude", altitude[j], "<=", high, "km", times[j]),
    ]


def _phases(found: Setting, path: Trajectory, world: World) -> list[RuleCheck]:
    made = []
    for launch in found.launches:
        if launch.t + DAY < path.end:
            m = met(launch, path, world)
            value, limit = abs(math.degrees(m.miss)), found.rules.phase_off_deg
            made.append(_check(f"phase for {launch.ship}", value, "<=", limit, "deg", m.liftoff))
    return made


def _times(found: Setting, path: Trajectory) -> list[RuleCheck]:
    burns = burning(path)
    closed = [b for b in burns if any(b[0] < c.end and b[1] > c.start for c in found.closed)]
    night = [b for b in burns if asleep(b[0], b[1], found.rules, found.zero)]
    made = [
        _check("burns in closed times", len(closed), "<=", 0.0, "burns", closed[0][0] if closed else path.start),
        _check("burns in crew sleep", len(night), "<=", 0.0, "burns", night[0][0] if night else path.start),
    ]
    raises = _grouped(burns, 0.7 * revolution(float(axes(path, np.array([path.start]))[0])))
    kg = sum(b[2] for b in burns)
    made.append(_check("propellant burnt", kg, "<=", sum(b.kg for b in found.burners), "kg", path.end))
    if len(raises) > 1:
        gaps = np.diff(raises)
        k = int(gaps.argmin())
        made.append(_check("time between two raises or trims", gaps[k] / DAY, ">=", 0.5, "days", raises[k]))
    return made


def _grouped(burns: Sequence[tuple[float, float, float]], near: float) -> list[float]:
    """Starts of the raises: burns half a revolution apart are one."""
    starts: list[float] = []
    last = -math.inf
    for start, end, _ in burns:
        if start - last > near:
            starts.append(start)
        last = end
    return starts
