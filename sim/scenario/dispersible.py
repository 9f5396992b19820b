"""What may be dispersed, by a path in words, with its unit.

Files are read and refused by these words alone. How a draw is written into a mission stands in
`sim.uncertainty.targets`, which brings the kernels: they take seconds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

LVLH, TURNS, BODY, ORBIT = ("x", "y", "z"), ("roll", "pitch", "yaw"), ("x", "y", "z"), ("radial", "along", "cross")
INERTIAL = ("x", "y", "z")


@dataclass(frozen=True)
class Dispersion:
    """`path` of what is dispersed, in `unit` ("percent" of the nominal, or that of an absolute one).

    `spread`: sigma of a normal law, 100 ln of a lognormal one, half the width of a uniform one. `limit` sigmas: what
    lies beyond is drawn again. `profile` (n, 2): height m and share of the draw there, for a wind.
    """

    path: str
    law: str
    spread: float
    unit: str
    limit: float = math.inf
    profile: tuple[tuple[float, float], ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Dispersible:
    """`unit` of a dispersion: "percent" of what is there, or that of what is added to it. `parts`: their names, where a
    draw is a vector. `profiled`: whether it needs a share at each height."""

    unit: str
    parts: tuple[str, ...] = ()
    profiled: bool = False


PATHS = {
    "launcher.thrust": Dispersible("percent"),
    "launcher.isp": Dispersible("percent"),
    "launcher.dry_mass": Dispersible("percent"),
    "launcher.propellant": Dispersible("percent"),
    "launcher.drag": Dispersible("percent"),
    "air.density": Dispersible("percent"),
    "wind.east": Dispersible("m/s", profiled=True),
    "wind.north": Dispersible("m/s", profiled=True),
    "navigation.position": Dispersible("m", ORBIT),
    "navigation.velocity": Dispersible("m/s", ORBIT),
    "ship.place": Dispersible("m", LVLH),
    "ship.speed": Dispersible("m/s", LVLH),
    "ship.attitude": Dispersible("deg", TURNS),
    "ship.rate": Dispersible("deg/s", BODY),
    "ship.mass": Dispersible("percent"),
    "thrusters.thrust": Dispersible("percent"),
    "station.swing": Dispersible("percent"),
    "elements.position": Dispersible("m", INERTIAL),
    "elements.velocity": Dispersible("m/s", INERTIAL),
    "mass.station": Dispersible("percent"),
    "mass.launched": Dispersible("percent"),
    "mass.returning": Dispersible("percent"),
    "drag_area.station": Dispersible("percent"),
    "drag_area.launched": Dispersible("percent"),
    "drag_area.returning": Dispersible("percent"),
    "capsule.lift": Dispersible("percent"),
    "capsule.drag": Dispersible("percent"),
    "parachutes.drag": Dispersible("percent"),
    "retro_rockets.thrust": Dispersible("percent"),
    "pilot.attitude_deadband": Dispersible("deg"),
    "pilot.velocity_deadband": Dispersible("m/s"),
    "pilot.closing_speed": Dispersible("m/s"),
}
STAGED = ("thrust", "isp", "dry_mass", "propellant")
_STAGE = re.compile(rf"launcher\.([a-z0-9][a-z0-9-]*)\.({'|'.join(STAGED)})")


def unstaged(path: str) -> str:
    """`launcher.thrust` for `launcher.STAGE.thrust`; any other path as it is."""
    match = _STAGE.fullmatch(path)
    return f"launcher.{match[2]}" if match else path


def stage_named(path: str) -> str | None:
    match = _STAGE.fullmatch(path)
    return match[1] if match else None


def known(path: str) -> Dispersible | None:
    """What a path stands for, with or without a stage in it; None of no path."""
    return PATHS.get(unstaged(path))


def paths() -> list[str]:
    """Every path, as written for a user."""
    return [*PATHS, *(f"launcher.STAGE.{what}" for what in STAGED)]


def settable(path: str) -> bool:
    """Whether a path is one number, by itself."""
    what = known(path)
    return what is not None and not what.parts and not what.profiled and stage_named(path) is None


def columns(path: str) -> list[str]:
    """The names of a path's columns in a table, with their unit."""
    what = PATHS[unstaged(path)]
    unit = what.unit.replace("/", "_")
    return [f"{path}.{part}_{unit}" for part in what.parts] or [f"{path}_{unit}"]
