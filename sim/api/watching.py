"""What passes are searched of, from a file or a name: a mission, an orbit, or elements; read first, flown later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.asked import found as as_found
from sim.api.asked import path
from sim.api.checking import is_orbit
from sim.api.output import Progress
from sim.api.time_span import DAY, ElementFile
from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput, MissionFailed
from sim.scenario.what_it_is import refuse_other_names

if TYPE_CHECKING:
    from sim.interchange.choice import ChosenSet
    from sim.planning.passes.watched import Watched

A_FILE = "a mission, an orbit, an element set or a file of elements"
STATION = "tiangong"  # whose element sets come with the program
WEEK = 7.0  # days that an element set is flown for, where nobody says
MOST_ELEMENT_DAYS = 60.0
ABOUT_ELEMENTS = ("--elements-index", "--elements-number")


@dataclass(frozen=True)
class Read:
    """A file as read: what flies it, and the time in which that can be."""

    fly: Callable[[Epoch | None, float | None, Progress], Watched]
    start: Epoch
    end: Epoch

    def refuse_outside(self, first: Epoch | None) -> None:
        """BadInput for a first day that is not flown."""
        if first is not None and not self.start <= first < self.end:
            raise BadInput(f"start: found {first}, which is not flown; write a time from {self.start} to {self.end}")


def read(
    file: ElementFile,
    overrides: Sequence[str],
    elements: str | Path | ElementFile | None,
    first: Epoch | None,
    length: float | None,
) -> Read:
    """The file read and checked; of a mission or an orbit no set can be chosen."""
    given = str(file.path)
    if given in element_sets.every_name() or holds_elements(given):
        if elements is not None:
            raise BadInput("elements: found a file beside a file of elements; write one of the two")
        if overrides:
            raise BadInput(f"overrides: found '{overrides[0]}'; write none for elements, which have no keys")
        return _elements(file, first, length)
    if file.index is not None or file.number is not None:
        raise BadInput(f"elements: found a choice of a set, but '{given}' holds none; write a TLE or OMM file")
    refuse_other_names(given, (paths.MISSIONS, paths.ORBITS), A_FILE)
    if is_orbit(Path(given)):
        if elements is not None:
            raise BadInput(f"elements: found a file beside an orbit; write passes {as_found(str(elements))}")
        return _orbit(given, overrides)
    return _mission(given, [*overrides, *_element_keys(elements)])


def holds_elements(given: str) -> bool:
    """Whether a file is none of ours but holds elements, by how its text begins; what cannot be read is refused
    later."""
    from sim.interchange.files import form_of
    from sim.interchange.problems import InterchangeError
    from sim.interchange.text import lines_of, read_text

    if Path(given).suffix == ".toml" or not exists(given):
        return False
    try:
        text = read_text(Path(given), "elements")
    except InterchangeError:
        return False
    if text.lstrip()[:1] == "[" and text.lstrip()[1:].lstrip()[:1] not in ("{", "]"):
        return False  # a table of TOML, not an array of JSON
    return form_of(text) != "tle" or any(line[:2] in ("1 ", "2 ") for _, line in lines_of(text))


def _element_keys(elements: str | Path | ElementFile | None) -> list[str]:
    """The elements as keys of the mission's station."""
    if elements is None:
        return []
    of = elements if isinstance(elements, ElementFile) else ElementFile(elements)
    file = path(of.path, "elements").absolute()
    if not exists(file):
        raise BadInput(f"elements: found no file '{of.path}'; write the path of a TLE or OMM file")
    keys = [f"station.elements={file}"]
    keys += [] if of.index is None else [f"station.elements_index={of.index}"]
    return keys + ([] if of.number is None else [f"station.elements_number={of.number}"])


def _mission(given: str, overrides: Sequence[str]) -> Read:
    from sim.build.mission import latest, start_of
    from sim.scenario import load

    scenario = load(given, overrides)
    zero = start_of(scenario)[0]
    end = latest(scenario, zero)

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.api.compiling import compiled_ahead
        from sim.build.mission import build
        from sim.core.flight import Failure
        from sim.mission import fly
        from sim.planning.passes.watched import of_flight

        try:
            with compiled_ahead(scenario):
                mission = build(scenario)
                flight = fly(mission, lambda phase, share: tick(phase, 0.7 * share))
        except Failure as failure:
            raise MissionFailed("before the flight", str(failure)) from None
        station, warnings = scenario.station.name, list(scenario.warnings)
        if failed := flight.failed:
            if not flight.parts(station):
                raise MissionFailed(failed.phase, failed.reason)
            warnings.append(f"the flight ends in {failed.phase}: {failed.reason}; passes are those before it")
        kept = {"files": tuple(scenario.files), "raw": scenario.raw, "warnings": tuple(warnings)}
        return of_flight(flight, mission.world, station, end, **kept)

    return Read(flown, zero, zero.plus(end))


def _orbit(given: str, overrides: Sequence[str]) -> Read:
    from sim.build.orbit import load_orbit

    scenario = load_orbit(given, overrides)

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.core.flight import Failure
        from sim.planning.passes.watched import of_orbit
        from sim.propagation.propagate import OrbitEnded, propagate

        tick("propagating", 0.1)
        warnings = list(scenario.warnings)
        try:
            found = propagate(scenario.orbit)
        except OrbitEnded as ended:
            found = ended.flown
            warnings.append(str(ended))
        except Failure as failure:
            raise MissionFailed("propagation", str(failure)) from None
        number = scenario.chosen.elements.number if scenario.chosen else None
        kept = {"files": scenario.files, "raw": scenario.raw, "warnings": tuple(warnings)}
        return of_orbit(scenario.orbit.name, scenario.orbit.epoch, found.trajectory, found.world, number, **kept)

    epoch = scenario.orbit.epoch
    return Read(flown, epoch, epoch.plus(scenario.orbit.duration))


def set_of(file: ElementFile, first: Epoch | None) -> ChosenSet:
    """The set of a file of elements that fits a day best, or a shipped one; of the station by its name."""
    from sim.interchange.choice import SetChoice, chosen
    from sim.interchange.files import parse_sets, read_sets

    given = str(file.path)
    shipped = given in element_sets.every_name()
    if not shipped and not holds_elements(given):
        near = "an element set that `tiangong list` shows, or the path of a TLE or OMM file"
        raise BadInput(f"file: found '{given}' beside another; write {near}")
    if shipped:
        one = element_sets.element_set(given)
        sets = parse_sets(f"{one.craft or STATION}\n{one.line1}\n{one.line2}\n", given)
    else:
        sets = read_sets(Path(given))
    return chosen(sets.sets, first, SetChoice(file.index, file.number, ABOUT_ELEMENTS), given, sets.notes)


def _elements(file: ElementFile, first: Epoch | None, length: float | None) -> Read:
    from sim.interchange.mean import MAX_DAYS, age_warning

    if length is not None and length > MOST_ELEMENT_DAYS:
        raise BadInput(f"days: found {length:g}; write at most {MOST_ELEMENT_DAYS:g} for elements, which grow old")
    files = () if str(file.path) in element_sets.every_name() else (Path(file.path),)
    taken = set_of(file, first)
    elements = taken.elements
    epoch, days = elements.epoch, length or WEEK
    start = first or epoch

    def flown(first: Epoch | None, length: float | None, tick: Progress) -> Watched:
        from sim.orbit.slot_changes import slot_warning
        from sim.planning.passes.watched import of_elements

        tick("SGP4", 0.1)
        old = age_warning(epoch, start.plus(days * DAY))
        lost = slot_warning(elements, start.plus(days * DAY))
        warnings = (*taken.warnings, *(one for one in (lost, old) if one))
        return of_elements(elements, start, days, files=files, raw=taken.as_dict(), warnings=warnings)

    reach = (MAX_DAYS - days) * DAY
    return Read(flown, epoch.plus(-reach), epoch.plus(reach))
