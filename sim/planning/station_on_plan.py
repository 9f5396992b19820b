"""The station as a plan of raises has it: from the last element set that is known, with finite burns, as one path."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.planning.kept_station import known_before
from sim.planning.raise_plan import RaisePlan
from sim.planning.rotation.timeline import Timeline, Vessel
from sim.planning.station.flight import Raise, flown
from sim.planning.station.setting import Setting, setting
from sim.scenario.programme import Programme

STEP = 60.0  # s between nodes: a quintic between two is within a millimetre
AFTER_SET = 1.0  # s after the epoch of a set from which it is known
SAME = 60.0  # s within which two lift-offs are the same one, rounded


@dataclass(frozen=True)
class StationOnPlan:
    """`path` in GCRS, s from `zero`; `elements`: the set that it starts from; `warnings` about it."""

    elements: ElementSet
    zero: Epoch
    path: Trajectory
    warnings: tuple[str, ...]


def station_on_plan(programme: Programme, plan: RaisePlan, start: Epoch, end: Epoch) -> StationOnPlan:
    """The station of a programme from `start` to `end` by what is known at `start` and the plan's raises after it.

    ScenarioError where a raise is made by a craft that is not docked then, BadInput where the programme does not say
    how its station is kept, Failure where the station decays to the ground.
    """
    known = known_before(start).last
    zero = max(known.epoch.plus(AFTER_SET), min(plan.start, start))
    found = setting(programme, zero, end)
    world = replace(found.world, step=STEP)
    # A set that is younger than the plan has its earlier raises in it.
    raises = _raises(found, plan, known.epoch, end)
    path = flown(found, found.state, (0.0, found.end), raises, world).path
    return StationOnPlan(known, zero, path, found.warnings)


def _raises(found: Setting, plan: RaisePlan, since: Epoch, until: Epoch) -> list[Raise]:
    made, problems = [], []
    for k, one in enumerate(plan.raises):
        if not since < one.at < until:
            continue
        t = one.at.since(found.zero)
        burner = next((b for b in found.burners if b.name == one.craft and b.since <= t <= b.until), None)
        if burner is None:
            can = sorted({b.name for b in found.burners if b.since <= t <= b.until})
            allowed = f"a craft that can raise the station at {one.at}: {listed(can)}"
            problems.append(Problem(plan.file, f"planned.raises.{k}.craft", f"'{one.craft}'", allowed))
            continue
        made.append(Raise(t, one.dv, burner, one.burns, "raise"))
    if problems:
        raise ScenarioError(problems)
    return made


def launched_on(found: Timeline, plan: RaisePlan) -> Timeline:
    """The timeline with each ship of the plan launched, and so docked, when the station passes the site on that plan.

    Its people are left at the programme's times, seconds away.
    """
    later = {one.ship: one.at.since(one.programme) for one in plan.launches}

    def moved(vessel: Vessel) -> Vessel:
        seconds = later.get(vessel.name, 0.0)
        if not vessel.stays or not seconds:
            return vessel
        first = replace(vessel.stays[0], start=vessel.stays[0].start.plus(seconds))
        return replace(vessel, launch=vessel.launch.plus(seconds), stays=(first, *vessel.stays[1:]))

    return replace(found, vessels=tuple(moved(v) for v in found.vessels))


def refuse_other_programme(found: Timeline, plan: RaisePlan) -> None:
    """ScenarioError where the plan has a launch that the programme has at another time, or not at all."""
    launched = {v.name: v.launch for v in found.vessels}
    problems = []
    for k, one in enumerate(plan.launches):
        key = f"planned.launches.{k}"
        if one.ship not in launched:
            allowed = f"a ship of {found.programme.label}: {listed(launched)}"
            problems.append(Problem(plan.file, f"{key}.ship", f"'{one.ship}'", allowed, nearest(one.ship, launched)))
        elif abs(one.programme.since(launched[one.ship])) > SAME:
            allowed = f"{launched[one.ship]}, as {found.programme.label} has it: plan the raises for this programme"
            problems.append(Problem(plan.file, f"{key}.programme_utc", str(one.programme), allowed))
    if problems:
        raise ScenarioError(problems)
