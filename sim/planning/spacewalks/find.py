"""Everything that is asked about the spacewalks of a programme, in one go."""

from __future__ import annotations

from collections.abc import Callable

from sim.core import dates
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.problems import listed, nearest
from sim.planning.kept_station import all_sets, known_before
from sim.planning.raise_plan import RaisePlan
from sim.planning.rotation.timeline import Timeline
from sim.planning.spacewalks.on_the_day import carried_out
from sim.planning.spacewalks.plan import SpacewalkPlan, planned
from sim.planning.spacewalks.recheck import Done, rechecked
from sim.planning.spacewalks.record import judged_record
from sim.planning.spacewalks.table import Flight, Found
from sim.planning.spacewalks.windows import Crew, Season, crew_of, season
from sim.planning.station_on_plan import launched_on, refuse_other_programme
from sim.scenario.spacewalk_rules import SpacewalkRules

DENSITIES = 1.0, 0.75, 1.3  # of the air on the trajectories that a plan is judged on: months ahead it is known so well


def find(
    found: Timeline,
    rules: SpacewalkRules,
    span: tuple[Epoch | None, Epoch | None],
    ship: str | None,
    count: int,
    tick: Callable[[str, float], None],
    raises: RaisePlan | None = None,
) -> Found:
    """`span`: the ends as asked for, None where not. `raises`: of a plan, instead of those that a forecast makes.
    BadInput for a span or a ship that brings nothing, and for raises that do not reach over the windows."""
    if raises is not None:
        refuse_other_programme(found, raises)
        found = launched_on(found, raises)
    required = ship is not None or count > 0
    crew = _crew(found, rules, ship, span) if required or all(span) else None
    first, last = span
    if required and crew is not None:
        first, last = first or crew.came, last or crew.left
    start, end = first or found.start, last or found.end.plus(1.0)
    if not start < end:
        raise BadInput(f"end: found {end}; write a time after the start, {start}")
    why = "" if crew is not None else "windows are left out: write --from and --until, or --ship, for those of a crew"
    if crew is not None and (beyond := _beyond(start, end)):
        if required:
            raise BadInput(beyond)
        crew, why = None, f"windows are left out: {beyond}"
    if crew is not None and raises is not None and raises.uncovered(start, end):
        raise BadInput(
            f"raises: found a plan from {raises.start} to {raises.end} for windows from {start} to {end}; write a plan "
            "that reaches over them, or a first and a last day within it"
        )
    tick("record", 0.1)
    record = judged_record(found, rules, start, end, raises)
    seen = plan = None
    flights: tuple[Flight, ...] = ()
    if crew is not None:
        tick("windows", 0.4)
        seen = season(found, rules, crew, start, end, raises)
    if seen is not None and count:
        tick("plan", 0.6)
        plan = planned(seen, count)
        tick("re-check", 0.8)
        flights = tuple(_flight(seen, plan, density) for density in DENSITIES) if plan.walks else ()
    file = found.programme.file
    of = raises.file if raises is not None else ""
    return Found(file.name, rules.name, record, seen, why, plan, flights, of)


def _flight(seen: Season, plan: SpacewalkPlan, density: float) -> Flight:
    done = carried_out(seen, plan, density)
    walks = [
        Done(w.number, start, start + w.end - w.start, w.people, w.claims)
        for w, start in zip(plan.walks, done.starts, strict=True)
    ]
    orbit = done.orbit
    return Flight(done, rechecked(walks, orbit.path, orbit.world, orbit.burns, seen.found, seen.rules))


def _beyond(start: Epoch, end: Epoch) -> str:
    if start <= all_sets()[0].epoch:
        return f"start: found {start}; write a day after {all_sets()[0].epoch}, the oldest element set of the station"
    return dates.beyond_planning(known_before(start).last.epoch, end) or ""


def _crew(found: Timeline, rules: SpacewalkRules, ship: str | None, span: tuple) -> Crew | None:
    """The crew that is asked for, or the one that is aboard the longest of the span; None where nobody is."""
    ships = list(dict.fromkeys(p.ship_up for p in found.people if p.came is not None))
    if ship is not None:
        if ship not in ships:
            near = nearest(ship, ships)
            hint = f"; did you mean '{near}'?" if near else ""
            raise BadInput(f"ship: found '{ship}'; write one that brought a crew: {listed(ships)}{hint}")
        return crew_of(found, rules, ship)
    crews = [crew_of(found, rules, name) for name in ships]
    start, end = span[0] or found.start, span[1] or found.end

    def overlap(crew: Crew) -> float:
        return min(crew.left, end).since(max(crew.came, start))

    best = max(crews, key=overlap, default=None)
    return best if best is not None and overlap(best) > 0.0 else None
