"""`disperse(mission, draw)`: the one place where dispersions enter a mission; and what is read back from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.files.errors import TiangongError
from sim.mission import Mission
from sim.scenario.dispersible import PATHS, unstaged
from sim.uncertainty import targets
from sim.uncertainty.draw import Dispersion, Draw


class NotReached(TiangongError):
    """A dispersion that was drawn and is not in the mission that would be flown."""


def disperse(mission: Mission, dispersions: tuple[Dispersion, ...], draw: Draw) -> Mission:
    """The mission with what was drawn in it; a draw of zero changes no bit."""
    for d in dispersions:
        mission = targets.found(d.path).write(mission, targets.place(d.path, mission), d, draw[d.path])
    return mission


def with_settings(mission: Mission, settings: Mapping[str, float]) -> Mission:
    """The mission with what is set for all runs: a value, or a change in per cent; NotReached where it is not in it."""
    for path, value in settings.items():
        unit = PATHS[unstaged(path)].unit
        target, one = targets.found(path), Dispersion(path, "uniform", 0.0, unit)
        before = target.read(mission, -1, one)
        change = value if unit == "percent" else value - before[0]
        mission = target.write(mission, -1, one, (change,))
        got = targets.reached(unit, before, target.read(mission, -1, one))
        if not np.all(np.abs(got - change) <= target.tolerance * max(1.0, abs(change))):
            raise NotReached(f"'{path}' was set to {value:.9g} {unit}, which does not reach the mission")
    return mission


def read_back(nominal: Mission, mission: Mission, dispersions: tuple[Dispersion, ...], draw: Draw) -> Draw:
    """What the mission has of each dispersion, found in the mission itself; NotReached where that is not the draw."""
    found: Draw = {}
    for d in dispersions:
        target, place = targets.found(d.path), targets.place(d.path, mission)
        before, after = target.read(nominal, place, d), target.read(mission, place, d)
        if not any(draw[d.path]) and before == after:  # a spread of 0: there need not be anything to change
            found[d.path] = tuple(0.0 for _ in draw[d.path])
            continue
        got = targets.reached(d.unit, before, after)
        drawn = np.array(draw[d.path])
        if not np.all(np.abs(got - drawn) <= target.tolerance * np.maximum(1.0, np.abs(drawn))):
            present = got if len(got) == len(drawn) else np.unique(got)
            raise NotReached(
                f"dispersion '{d.path}' does not reach the mission: {_listed(drawn)} {d.unit} were drawn, "
                f"{_listed(present)} {d.unit} are in what would be flown; another dispersion may write over it"
            )
        found[d.path] = tuple(float(x) for x in got[: len(drawn)])  # of many that are one, such as a table, the first
    return found


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{float(x):.9g}" for x in values)
