"""A plan on disk: `windows.json`, `windows.csv`, the chart, and `manifest.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.export.manifest import as_manifest
from sim.export.plain import plain, write_json
from sim.output.beside import Beside
from sim.planning import visibility
from sim.planning.launch.cola import Cola
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan
from sim.planning.launch.table import write_csv

LAST_MINUTES = np.arange(-75.0, 16.0, 1.0)  # of the chart's light before and after contact


def draw(plan: LaunchPlan, directory: Path, beside: Beside, cola: Cola | None = None) -> None:
    """Have the chart drawn into `directory`, which exists."""
    beside.draw("launch_windows", chart(plan, cola), directory / "windows.png")


def write(plan: LaunchPlan, content: dict, directory: Path, seconds: float) -> None:
    """Write everything else there."""
    write_json(directory / "windows.json", plain(content, "windows"))
    write_csv(directory / "windows.csv", content["windows"])
    scenario = plan.setting.scenario
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = as_manifest(scenario, {"plan": seconds}, directory, created)
    write_json(directory / "manifest.json", manifest | plan.setting.asked.element_set())


def chart(plan: LaunchPlan, cola: Cola | None = None) -> dict:
    """What the picture shows, as plain arrays by crossing of the mission's branch, by profile, and by the other branch.

    Times s from `zero`; angles deg. `light` (crossings, minutes): of the first profile's last 75 minutes. `blackouts`:
    by crossing, lift-offs (first, last) that are closed by an object of a catalogue.
    """
    found = plan.setting
    own = [c for c in plan.opportunities if c.crossing.branch == found.scenario.launch.branch]
    first = [c for c in own if c.profile is found.profiles[0]]
    others = [c for c in plan.opportunities if c.crossing.branch != found.scenario.launch.branch]
    return {
        "name": found.scenario.name,
        "site": found.site.name,
        "zero": found.zero,
        "elements": found.elements,
        "branch": found.scenario.launch.branch,
        "place_deg": (float(np.degrees(found.site.latitude)), float(np.degrees(found.site.longitude))),
        "liftoff": _values(first, lambda c: c.liftoff),
        "open": _values(first, lambda c: c.open),
        "close": _values(first, lambda c: c.close),
        "beta": np.degrees(_values(first, lambda c: c.day.beta)),
        "phase": np.degrees(_values(first, lambda c: c.day.phase)),
        "sigma": np.degrees(_values(first, lambda c: c.phase_sigma[0])),
        "usable": np.array([(c.verdict.accepted and c.usable) or (np.nan, np.nan) for c in first]),
        "blackouts": _blackouts(plan, first, cola),
        "minutes": LAST_MINUTES,
        "light": np.array([_light(plan, c) for c in first]),
        "other": np.unique(_values(others, lambda c: c.liftoff)),
        "best": None if plan.best is None else plan.opportunities[plan.best].liftoff,
        "profiles": [
            {
                "key": profile.key,
                "window": tuple(np.degrees(profile.limits.window)),
                "beta": float(np.degrees(profile.limits.beta)),
                "score": np.array(
                    [np.nan if c.verdict.score is None else c.verdict.score for c in own if c.profile is profile]
                ),
                "liftoff": _values([c for c in own if c.profile is profile], lambda c: c.liftoff),
            }
            for profile in found.profiles
        ],
    }


def _blackouts(plan: LaunchPlan, first: list[LaunchOpportunity], cola: Cola | None) -> list[list[tuple]]:
    """Of all profiles of a crossing together, by the opportunities of the first one."""
    if cola is None:
        return []
    closed: dict[float, list[tuple]] = {c.crossing.t: [] for c in first}
    for k, c in enumerate(plan.opportunities):
        if c.crossing.t in closed:
            closed[c.crossing.t] += [(b.start_s, b.end_s) for b in cola.all_closed(k)]
    return [sorted(set(closed[c.crossing.t])) for c in first]


def _values(opportunities: list[LaunchOpportunity], of) -> np.ndarray:
    return np.array([of(c) for c in opportunities], dtype=float)


def _light(plan: LaunchPlan, c: LaunchOpportunity) -> np.ndarray:
    """Share of the Sun that the station sees about contact, as it flies after its trim."""
    shift = c.profile.limits.centre - c.day.phase if c.day.trim is None or c.day.trim else 0.0
    times = c.liftoff + c.profile.contact + 60.0 * LAST_MINUTES
    return visibility.light(visibility.Shifted(plan.setting.path, shift), times, plan.setting.world)
