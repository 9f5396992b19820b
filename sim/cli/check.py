"""Whatever a user can write, read and checked without flying it: a mission or an orbit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path

from sim.cli.conventions import BadInput
from sim.files import paths as places
from sim.files import text as reading
from sim.files.problems import nearest
from sim.scenario import ScenarioError, load
from sim.scenario.load import shipped


@dataclass(frozen=True)
class Checked:
    """The report of a good file: `warnings`, `lines` for a terminal, and `content` for --json."""

    warnings: tuple[str, ...]
    lines: list[str]
    content: dict


def checked_file(file: str, overrides: Sequence[str] = ()) -> Checked:
    """Read a file, or what `tiangong list` shows by that name, with overrides; ScenarioError lists all problems."""
    if not _is_orbit(Path(file)):
        from sim.output.summary import scenario_dict, scenario_lines

        scenario = load(file, overrides)
        return Checked(scenario.warnings, scenario_lines(scenario), scenario_dict(scenario))
    from sim.build.orbit import load_orbit
    from sim.output.orbit_summary import outline, outline_lines

    orbit = load_orbit(file, overrides)
    _read_through(orbit.orbit.gravity)
    return Checked(orbit.warnings, outline_lines(orbit), outline(orbit))


def _read_through(gravity) -> None:
    """The coefficients of a gravity file, of which the reader of the orbit file looks at the header only."""
    if isinstance(gravity.field, Path):
        from sim.environment.gravity import GravityFileError, icgem

        try:
            icgem(gravity.field, gravity.degree, gravity.order)
        except GravityFileError as error:
            raise BadInput(str(error)) from None


def _is_orbit(path: Path) -> bool:
    """By its kind; by what it most looks like where the kind is misspelt or missing."""
    mission, orbit = shipped(path, places.MISSIONS), shipped(path, places.ORBITS)
    if not exists(mission):
        if exists(orbit):
            return True
        return bool(nearest(path.name, reading.catalogue(places.ORBITS))) and not nearest(
            path.name, reading.catalogue(places.MISSIONS)
        )
    try:
        raw = reading.read(mission, places.ORBITS).raw
    except ScenarioError:  # broken TOML, or a mission that extends another by name: the mission's reader reports it
        return reading.heading(mission)[0] == "orbit"
    kind = raw.get("kind")
    return nearest(kind, ("rotation", "orbit")) == "orbit" if isinstance(kind, str) else "span" in raw
