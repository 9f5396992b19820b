"""What is screened, from a file or a name: element sets, an ephemeris, a finished flight, a mission, an orbit, a
programme; read and checked first, flown later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import exists, isdir  # unlike those of Path, they answer False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.checking import is_orbit
from sim.api.output import Progress
from sim.api.time_span import DAY, ElementFile
from sim.api.watching import ABOUT_ELEMENTS, STATION, holds_elements
from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput, MissionFailed
from sim.files.problems import ScenarioError
from sim.scenario.what_it_is import refuse_other_names, shipped

if TYPE_CHECKING:
    from sim.conjunctions.screened_craft import PathCraft, ScreenedCraft
    from sim.core.trajectory import Trajectory
    from sim.planning.raise_plan import RaisePlan
    from sim.scenario import Scenario

A_FILE = (
    "a mission, an orbit or a programme, an element set or a file of elements, an OEM, or the directory of a finished "
    "flight"
)
STATION_NUMBER = 48274  # Tianhe, under which the whole station is catalogued


@dataclass(frozen=True)
class Given:
    """A file as read: `fly` brings its craft; `usual`: the first time that can be screened and how many days, where it
    has both; `files`, `raw`: what was read, for the manifest. `left_out`: what `fly` could not bring, once it was
    called, and why."""

    title: str
    fly: Callable[[Epoch, float, Progress], list[ScreenedCraft]]
    usual: tuple[Epoch, float | None]
    files: tuple[Path, ...] = ()
    raw: Mapping = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    left_out: list[str] = field(default_factory=list)


def read(file: ElementFile, overrides: Sequence[str], first: Epoch | None, raises: RaisePlan | None = None) -> Given:
    """The file read and checked; BadInput, ScenarioError or DataError for what is wrong with it. `raises`: of the
    station of a programme."""
    given = str(file.path)
    if raises is not None and not _is_programme(given):
        raise BadInput(f"raises: found {raises.file}, but '{given}' is no programme; write raises beside a programme")
    oem = _is_oem(given)
    if not oem and (given in element_sets.names() or holds_elements(given)):
        if overrides:
            raise BadInput(f"overrides: found '{overrides[0]}'; write none for elements, which have no keys")
        return _elements(file, first)
    if file.index is not None or file.number is not None:
        raise BadInput(f"elements: found a choice of a set, but '{given}' holds none; write a TLE or OMM file")
    if isdir(given):
        if overrides:
            raise BadInput(f"overrides: found '{overrides[0]}'; write none for a flight that was flown")
        return _directory(Path(given))
    if oem:
        if overrides:
            raise BadInput(f"overrides: found '{overrides[0]}'; write none for an OEM, which has no keys of a scenario")
        return _ephemeris(Path(given))
    if _is_programme(given):
        from sim.api.screened_programme import of_programme

        return of_programme(given, overrides, first, raises)
    refuse_other_names(given, (paths.MISSIONS, paths.ORBITS, paths.ROTATIONS), A_FILE)
    return _orbit(given, overrides) if is_orbit(Path(given)) else _mission(given, overrides)


def _is_oem(given: str) -> bool:
    """Whether a file is an ephemeris; what cannot be read is refused later."""
    from sim.interchange.oem import is_oem
    from sim.interchange.problems import InterchangeError
    from sim.interchange.text import read_text

    if Path(given).suffix == ".toml" or not exists(given) or isdir(given):
        return False
    try:
        return is_oem(read_text(Path(given), "an OEM"))
    except InterchangeError:
        return False


def _is_programme(given: str) -> bool:
    """Whether a file, or what it extends, is a programme; what cannot be read is refused later."""
    from sim.files import text

    path = shipped(Path(given), paths.ROTATIONS)
    if path.suffix != ".toml" or not exists(path):
        return False
    try:
        return text.read(path, paths.ROTATIONS).raw.get("kind") == "programme"
    except ScenarioError:
        return False


def _elements(file: ElementFile, first: Epoch | None) -> Given:
    from sim.conjunctions.screened_craft import ElementCraft
    from sim.interchange.choice import SetChoice, chosen
    from sim.interchange.files import parse_sets, read_sets

    given, files = str(file.path), tuple[Path, ...]()
    if given in element_sets.names():
        one = element_sets.element_set(given)
        sets = parse_sets(f"{STATION}\n{one.line1}\n{one.line2}\n", given)
    else:
        sets, files = read_sets(Path(given)), (Path(given),)
    taken = chosen(sets.sets, first, SetChoice(file.index, file.number, ABOUT_ELEMENTS), given, sets.notes)
    craft = ElementCraft(taken.elements)
    return Given(craft.name, lambda *_: [craft], (taken.elements.epoch, None), files, taken.as_dict(), taken.warnings)


def _ephemeris(path: Path) -> Given:
    from sim.conjunctions.screened_craft import PathCraft
    from sim.conjunctions.screening_paths import of_ephemeris
    from sim.interchange.oem import parse_oem
    from sim.interchange.text import label, read_outside

    text, notes = read_outside(path, "an OEM")
    ephemeris = parse_oem(text, label(path))
    zero, runs = of_ephemeris(ephemeris)
    craft = [PathCraft(ephemeris.name, run, zero) for run in runs]
    return Given(ephemeris.name, lambda *_: list(craft), _span(zero, runs), (path,), {}, notes)


def _directory(path: Path) -> Given:
    from sim.api.catalogue import require_run
    from sim.conjunctions.screening_paths import of_vehicles
    from sim.export import trajectories

    require_run(path)
    flown = trajectories.load(path)
    craft = of_vehicles(flown.zero, flown.vehicles, STATION, STATION_NUMBER)
    usual = _span(flown.zero, [one.path for one in craft])
    return Given(path.name, lambda *_: list(craft), usual, (path / "trajectories.npz",))


def _orbit(given: str, overrides: Sequence[str]) -> Given:
    from sim.api.watching import read as read_orbit
    from sim.conjunctions.screened_craft import PathCraft

    found = read_orbit(ElementFile(given), overrides, None, None, None)

    def flown(start: Epoch, days: float, tick: Progress) -> list[ScreenedCraft]:
        watched = found.fly(None, None, tick)
        return [PathCraft(craft.name, craft.path, watched.zero) for craft in watched.craft]

    return Given(Path(given).stem, flown, (found.start, found.end.since(found.start) / DAY))


def _mission(given: str, overrides: Sequence[str]) -> Given:
    """Every craft from the launch phase to landing, as the mission is flown without errors of its draw."""
    from sim.build.mission import latest, start_of
    from sim.scenario import load

    scenario = load(given, overrides)
    zero = start_of(scenario)[0]

    def flown(start: Epoch, days: float, tick: Progress) -> list[ScreenedCraft]:
        return list(fly_mission(scenario, tick))

    return Given(
        Path(given).stem,
        flown,
        (zero, latest(scenario, zero) / DAY),
        tuple(scenario.files),
        scenario.raw,
        tuple(scenario.warnings),
    )


def fly_mission(scenario: Scenario, tick: Progress) -> list[PathCraft]:
    """The craft of a mission that is flown without errors of its draw; MissionFailed where nothing can be flown."""
    from sim.api.compiling import compiled_ahead
    from sim.build.mission import build
    from sim.conjunctions.screening_paths import of_vehicles
    from sim.core.flight import Failure
    from sim.export.trajectories import of_flight
    from sim.mission import fly

    try:
        with compiled_ahead(scenario):
            mission = build(scenario)
            flight = fly(mission, lambda phase, share: tick(phase, 0.7 * share))
    except Failure as failure:
        raise MissionFailed("before the flight", str(failure)) from None
    if not flight.legs:
        raise MissionFailed("before the flight", "nothing was flown")
    made = of_flight(flight, mission.world)
    return of_vehicles(flight.zero, made.vehicles, scenario.station.name, STATION_NUMBER)


def _span(zero: Epoch, runs: Sequence[Trajectory]) -> tuple[Epoch, float]:
    begin, end = min(run.start for run in runs), max(run.end for run in runs)
    return zero.plus(begin), (end - begin) / DAY
