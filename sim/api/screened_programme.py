"""A programme as it is screened: its station, with the raises of a plan where there is one, and each ship that flies by
itself in the span, from its mission; a docked ship is the station's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.output import Progress
from sim.api.screened import STATION_NUMBER, Given, fly_mission
from sim.api.time_span import DAY
from sim.api.watching import STATION
from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files.errors import MissionFailed
from sim.files.problems import ScenarioError
from sim.planning.rotation.timeline import Timeline, timeline
from sim.scenario.programme import Programme, load_programme

if TYPE_CHECKING:
    from sim.catalogue.element_sets import ElementSet
    from sim.conjunctions.screened_craft import PathCraft, ScreenedCraft
    from sim.planning.raise_plan import RaisePlan

LEFT = 600.0  # s of a flight at either end that no mission need have: a lift-off and a separation are known to minutes


@dataclass(frozen=True)
class Alone:
    """A ship that flies by itself from `start` to `end`. `by`: the ships whose missions may fly it, the likeliest
    first; `known`: False where an end is known by its day only."""

    ship: str
    words: str
    start: Epoch
    end: Epoch
    by: tuple[str, ...]
    known: bool


def of_programme(given: str, overrides: Sequence[str], first: Epoch | None, raises: RaisePlan | None) -> Given:
    """The programme read and checked; ScenarioError and BadInput for what is wrong with it or with the raises."""
    from sim.planning.station_on_plan import refuse_other_programme

    programme = load_programme(given, overrides, alternatives=False)
    found = timeline(programme)
    if raises is not None:
        refuse_other_programme(found, raises)
    known = sorted((element_sets.element_set(name) for name in element_sets.names()), key=lambda one: one.epoch)
    before = [one for one in known if first is None or one.epoch <= first] or known[:1]
    last, left_out = before[-1], list[str]()

    def flown(start: Epoch, days: float, tick: Progress) -> list[ScreenedCraft]:
        end = start.plus(days * DAY)
        ships = _ships(programme, found, (start, end), tick, left_out)
        if raises is None:
            return [_by_set(last), *ships]
        tick("the station on its plan", 0.8)
        return [_on_plan(programme, raises, (start, end), left_out), *ships]

    if raises is None:
        note = f"{programme.label}: the station is screened by {last.name}, without raises; --raises FILE has those"
    else:
        note = f"{programme.label}: the station is screened on the raises of {raises.file}"
    raw = {"elements": last.name} | ({"raises": raises.file} if raises else {})
    files = (*programme.files, *((Path(raises.file),) if raises else ()))
    return Given(programme.label, flown, (last.epoch, None), files, {**programme.raw, **raw}, (note,), left_out)


def _by_set(one: ElementSet) -> ScreenedCraft:
    from sim.conjunctions.screened_craft import ElementCraft
    from sim.interchange.files import parse_sets

    return ElementCraft(parse_sets(f"{STATION}\n{one.line1}\n{one.line2}\n", one.name).sets[0])


def _on_plan(programme: Programme, raises: RaisePlan, span: tuple[Epoch, Epoch], left_out: list[str]) -> ScreenedCraft:
    from sim.conjunctions.screened_craft import PathCraft
    from sim.core.flight import Failure
    from sim.planning.station_on_plan import station_on_plan

    try:
        made = station_on_plan(programme, raises, *span)
    except Failure as failure:
        raise MissionFailed("station", str(failure)) from None
    uncovered = raises.uncovered(max(span[0], made.elements.epoch), span[1])
    left_out += [*made.warnings, *([uncovered] if uncovered else [])]
    return PathCraft(STATION, made.path, made.zero, STATION_NUMBER, made.elements.epoch)


# ---- the ships


def _ships(
    programme: Programme, found: Timeline, span: tuple[Epoch, Epoch], tick: Progress, left_out: list[str]
) -> list[PathCraft]:
    """Each ship that flies by itself in the span, as its mission flies it. The station of a mission is left out: it has
    the trims of that mission alone."""
    from sim.planning.rotation.missions import flight

    flown: dict[str, list[PathCraft] | str] = {}
    made: list[PathCraft] = []
    for alone in alone_in(found, *span):
        why = "an end of it is known by its day only" if not alone.known else ""
        for ship in alone.by if alone.known else ():
            if ship not in flown:
                try:
                    scenario = flight(programme, ship)
                    tick(f"flight of {ship}", 0.1)
                    station = scenario.station.name
                    flown[ship] = [one for one in fly_mission(scenario, tick) if one.name != station]
                except (ScenarioError, MissionFailed) as error:
                    flown[ship] = f"no mission of {ship}: {str(error).splitlines()[0]}"
            paths = flown[ship]
            if isinstance(paths, str):
                why = why or paths
                continue
            own = [one for one in paths if one.name == alone.ship and _covers(one, alone)]
            made += own
            if own:
                break
            why = why or f"the mission of {ship} does not fly it"
        else:
            left_out.append(
                f"{alone.ship} is not screened on its {alone.words}, {alone.start} to {alone.end}: "
                f"{why or 'no mission has it'}"
            )
    return made


def _covers(one: PathCraft, alone: Alone) -> bool:
    """Whether a path is of that time alone: by more than half, as the hour of a mission may differ."""
    start, end = one.zero.plus(one.path.start), one.zero.plus(one.path.end)
    both = min(end, alone.end.plus(LEFT)).since(max(start, alone.start.plus(-LEFT)))
    return both > 0.5 * alone.end.since(alone.start)


def alone_in(found: Timeline, start: Epoch, end: Epoch) -> tuple[Alone, ...]:
    """Every flight of a ship by itself that meets a span, in order of time."""
    return tuple(sorted((a for a in _alone(found) if a.start < end and start < a.end), key=lambda a: a.start))


def _alone(found: Timeline) -> Iterator[Alone]:
    arriving = {h.departing: h.arriving for h in found.handovers()}
    for v in found.vessels:
        if not v.stays:
            continue
        yield Alone(v.name, "way up", v.launch, v.stays[0].start, (v.name,), not {"launch", "docked"} & set(v.by_day))
        for one, other in zip(v.stays, v.stays[1:], strict=False):
            if one.end is not None:
                yield Alone(v.name, "way to another port", one.end, other.start, (v.name,), True)
        if v.undocked is not None and v.landed is not None:
            by = tuple(dict.fromkeys(s for s in (arriving.get(v.name), v.name) if s))
            yield Alone(v.name, "way home", v.undocked, v.landed, by, not {"undocked", "landed"} & set(v.by_day))
