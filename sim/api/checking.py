"""Whatever a user can write, read and checked without flying it: a mission, an orbit, a campaign, a programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import path, texts
from sim.api.suborbital import is_suborbital
from sim.core.epoch import Epoch
from sim.files import packaged, paths, text
from sim.files.problems import nearest
from sim.scenario import ScenarioError, load
from sim.scenario.load import shipped
from sim.scenario.what_it_is import refuse_other_names

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Checked:
    """A good file: its `warnings`, `lines` that describe it, and the same as `content`."""

    warnings: tuple[str, ...]
    lines: list[str]
    content: dict


def check(file: str | Path, overrides: Sequence[str] = ()) -> Checked:
    """Read a mission, an orbit, a campaign or a programme file and all that it names, or a shipped one by name.

    `overrides`: texts `KEY=VALUE`. ScenarioError lists every problem at once; BadInput a gravity file that is broken;
    DataError names each packaged file that is missing or damaged.
    """
    compared = packaged.compare_all()
    read = _read(str(path(file, "file")), texts(overrides))
    line = f"  {'data':<9} {compared} packaged files are those that were shipped"
    return replace(read, lines=[*read.lines, line], content={**read.content, "packaged_files": compared})


def _read(file: str, overrides: Sequence[str]) -> Checked:
    folders = (paths.MISSIONS, paths.ORBITS, paths.CAMPAIGNS, paths.ROTATIONS, paths.WEEKS, paths.SUBORBITAL)
    words = "a mission, an orbit, a suborbital flight, a campaign, a programme or a week"
    refuse_other_names(file, folders, words)
    if _is_week(file):
        return _week(file, overrides)
    if is_suborbital(file):
        return _suborbital(file, overrides)
    if is_campaign(file):
        return _campaign(file, overrides)
    if text.heading(shipped(shipped(Path(file), paths.MISSIONS), paths.ROTATIONS))[0] == "programme":
        return _programme(file, overrides)
    if not is_orbit(Path(file)):
        from sim.output.summary import scenario_dict, scenario_lines

        scenario = load(file, overrides)
        ready, late = _specialist(scenario)
        lines = [*scenario_lines(scenario), *ready]
        readiness = [line.strip() for line in (*ready, *late)]
        return Checked((*scenario.warnings, *late), lines, {**scenario_dict(scenario), "readiness": readiness})
    from sim.build.orbit import load_orbit
    from sim.output.orbit_summary import outline, outline_lines

    orbit = load_orbit(file, overrides)
    return Checked(orbit.warnings, outline_lines(orbit), outline(orbit))


def _specialist(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Of a mission that flies a programme's payload specialist: whether they are ready for its first lift-off, in a
    line, or in a warning where that is before."""
    programme = next((p for p in scenario.files if text.heading(p)[0] == "programme"), None)
    launch = scenario.blocks.launch
    if programme is None or launch is None:
        return [], []
    from sim.scenario.programme_scene import programme_of

    read = programme_of(programme)
    first = launch.liftoff_utc or (launch.window_utc[0] if launch.window_utc else None)
    if read.file.specialist is None or read.file.specialist.ship != launch.ship or first is None:
        return [], []
    from sim.planning.rotation.specialist import for_launch, path
    from sim.planning.rotation.timeline import timeline

    training = path(timeline(read))
    assert training is not None  # since the file has one
    words = for_launch(training, Epoch.from_utc(first))
    return [f"  {'ready':<9} {w}" for w, late in words if not late], [w for w, late in words if late]


def _suborbital(file: str, overrides: Sequence[str]) -> Checked:
    from sim.scenario.suborbital_file import load_suborbital

    read = load_suborbital(file, overrides)
    start, people = read.file.release, read.file.people_aboard
    line = f"  {'release':<9} {start.altitude_km:g} km, {start.speed_m_s:g} m/s; {read.craft.name}, {people} aboard"
    content = {"status": "all right", "name": read.file.name, "vehicle": read.craft.name, "people": people}
    return Checked((), [line], content)


def is_campaign(file: str | Path) -> bool:
    """Whether a file, or what a name stands for, says that it is a campaign."""
    path = shipped(shipped(Path(file), paths.MISSIONS), paths.CAMPAIGNS)
    return text.heading(path)[0] == "campaign"


def _is_week(file: str | Path) -> bool:
    path = shipped(Path(file), paths.WEEKS)
    return text.heading(path)[0] == "week"


def _week(file: str, overrides: Sequence[str]) -> Checked:
    from sim.scenario.week_checks import load_week

    week = load_week(file, overrides)
    optional = sum(a.times for a in week.activities if a.optional)
    lines = [f"  {'week':<9} {week.name}"]
    lines += [f"  {'racks':<9} {', '.join(rack.name for rack in week.racks)}"]
    for a in week.activities:
        lines.append(f"  {a.name:<20} {a.times} x {a.duration_min} min, {a.discipline}{', optional' * a.optional}")
    described = {"week": week.name, "activities": [a.name for a in week.activities], "times_optional": optional}
    return Checked((), lines, {"status": "all right", **described})


def _campaign(file: str, overrides: Sequence[str]) -> Checked:
    from sim.campaign.load import load_campaign

    campaign = load_campaign(file, overrides)
    rows = [
        {"path": d.path, "law": d.law, "spread": d.spread, "unit": d.unit, "source": d.source}
        for d in campaign.dispersions
    ]
    lines = [f"  {'campaign':<9} {campaign.name}", f"  {'phase':<9} {campaign.phase}"]
    lines += [f"  {row['path']:<28} {row['law']} {row['spread']:g} {row['unit']}; {row['source']}" for row in rows]
    described = {"campaign": campaign.name, "phase": campaign.phase, "dispersions": rows}
    return Checked((), lines, {"status": "all right", **described, "requirements": campaign.required})


def _programme(file: str, overrides: Sequence[str]) -> Checked:
    """A broken rule is a warning here; `tiangong rotation` ends with 3."""
    from sim.planning.rotation import table
    from sim.planning.rotation.timeline import timeline
    from sim.scenario.programme import load_programme

    read = load_programme(file, overrides)
    shown = table.view(timeline(read))
    body = table.content(shown)
    warnings = tuple(f"{v.rule}: {b.found}; mended by: {b.mend}" for v, b in shown.broken)
    described = {key: body[key] for key in ("programme", "from_utc", "until_utc", "specialist", "verdicts")}
    lines = table.check_lines(shown, read.unsourced)
    return Checked(warnings, lines, {"status": "all right", "unsourced": list(read.unsourced), **described})


def is_orbit(path: Path) -> bool:
    """By its kind; by what it most looks like where the kind is misspelt or missing."""
    mission, orbit = shipped(path, paths.MISSIONS), shipped(path, paths.ORBITS)
    if not exists(mission):
        if exists(orbit):
            return True
        return bool(nearest(path.name, text.catalogue(paths.ORBITS))) and not nearest(
            path.name, text.catalogue(paths.MISSIONS)
        )
    try:
        raw = text.read(mission, paths.ORBITS).raw
    except ScenarioError:  # broken TOML, or a mission that extends another by name: the mission's reader tells
        return text.heading(mission)[0] == "orbit"
    kind = raw.get("kind")
    return nearest(kind, ("rotation", "orbit")) == "orbit" if isinstance(kind, str) else "span" in raw
