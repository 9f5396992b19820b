"""The plans of every craft that a catalogue is screened against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.api import screened
from sim.api.avoid_craft import body_of, radians
from sim.api.avoid_terms import Terms
from sim.api.output import Progress
from sim.api.time_span import DAY
from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, Limits
from sim.conjunctions.avoidance_craft import in_orbit, orbit_of, planned_times
from sim.conjunctions.avoidance_plan import Engine, Request, plan_avoidance
from sim.conjunctions.avoidance_report import AvoidedAll, PlannedCraft
from sim.conjunctions.avoidance_screening import (
    ScreenedPlan,
    Surroundings,
    met_by,
    named,
    plan_screened,
    station_rows,
)
from sim.conjunctions.avoidance_wait import TrackingUpdate, waiting
from sim.conjunctions.screened_craft import PathCraft, ScreenedCraft
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import age_model
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.propagation.force_model import Orbit


def of_craft(
    read: screened.Given, catalogue: Catalogue, span: tuple[Epoch, float], terms: Terms, tick: Progress
) -> AvoidedAll:
    """Every craft of a file, while it is in orbit within the span."""
    begin, seconds = span
    planned = []
    for craft in read.fly(begin, seconds / DAY, tick):
        stretch = _stretch(craft, begin, seconds)
        if stretch is None:
            continue
        start, length = stretch
        body, remark = body_of(craft, start, terms.own)
        orbit = orbit_of(craft, start, length, body)
        around, found, remarks = around_of(craft, catalogue, orbit, terms, None)
        all_remarks = (*([remark] if remark else ()), *remarks)
        planned.append(planned_craft(craft, orbit, found, around, terms, body.engine, all_remarks, tick))
    if not planned:
        raise BadInput(f"start: found {begin} to {begin.plus(seconds)}, in which nothing of '{read.title}' is in orbit")
    source = f"{catalogue.file}, {len(catalogue.objects)} objects, within {terms.within_m / 1e3:g} km"
    known = f"Pc of both radii {terms.near.radius:g} m; {age_model(begin).words()}"
    return AvoidedAll(
        read.title, source, planned[0].plan.request, tuple(planned), known, (*read.warnings, *catalogue.notes)
    )


def _stretch(craft: ScreenedCraft, begin: Epoch, seconds: float) -> tuple[Epoch, float] | None:
    if not isinstance(craft, PathCraft):
        return begin, seconds
    flown = in_orbit(craft.path)
    if flown is None:
        return None
    start, end = max(begin, craft.zero.plus(flown[0])), min(begin.plus(seconds), craft.zero.plus(flown[1]))
    return (start, end.since(start)) if end.since(start) > 60.0 else None


def around_of(
    craft: ScreenedCraft, catalogue: Catalogue, orbit: Orbit, terms: Terms, own_rtn: np.ndarray | None
) -> tuple[Surroundings, tuple[Conjunction, ...], list[str]]:
    """What the craft is screened against, what it meets, and remarks."""
    zero = orbit.epoch
    skip = {row for row, one in enumerate(catalogue.objects) if one.number in terms.near.skip}
    skip |= set(catalogue.same_as(craft.number, craft.name))
    beside = set(station_rows(catalogue, screened.STATION_NUMBER, zero)) if _goes_there(craft) else set()
    around = Surroundings(
        catalogue, terms.within_m, float(terms.near.radius), age_model(zero), tuple(skip | beside), own_rtn
    )
    found = met_by(craft, around, zero, (0.0, orbit.duration), craft.epoch)
    beside |= set(found.beside)
    remarks = []
    if beside:
        names = ", ".join(named(catalogue.objects[row].number, catalogue.objects[row].name) for row in sorted(beside))
        remarks.append(f"left out, as it stays near or is where the craft goes: {names}")
    if found.old:
        remarks.append(f"{found.old} approaches are not judged: the object's set is more than two weeks old then")
    return replace(around, skip=tuple(skip | beside)), found.conjunctions, remarks


def _goes_there(craft: ScreenedCraft) -> bool:
    """A ship of a mission, or the station itself."""
    name = craft.name.lower()
    return craft.number == screened.STATION_NUMBER or name.startswith(("shenzhou", "tianzhou"))


def planned_craft(
    craft: ScreenedCraft,
    orbit: Orbit,
    conjunctions: Sequence[Conjunction],
    around: Surroundings | None,
    terms: Terms,
    engine: Engine,
    remarks: tuple[str, ...],
    tick: Progress,
) -> PlannedCraft:
    """The plan of one craft; without surroundings only what is given is known."""
    zero, end = orbit.epoch, orbit.duration
    request, arrival = _request(craft, orbit, terms, engine)
    tick(f"planning {craft.name}", 0.8)
    if around is None:
        plan = plan_avoidance(orbit, conjunctions, request)
        made = ScreenedPlan(plan, tuple(conjunctions), None, 1)
    else:
        made = plan_screened(orbit, craft, conjunctions, around, request)
    updates = [TrackingUpdate(at.since(zero), share) for at, share in terms.updates]
    waits = tuple(waiting(made.plan, made.known, updates)) if made.plan.burn is not None else ()
    return PlannedCraft(craft.name, orbit, made, (0.0, end), arrival, waits, around is not None, remarks)


def _request(craft: ScreenedCraft, orbit: Orbit, terms: Terms, engine: Engine) -> tuple[Request, str]:
    """What is asked of a plan, and of what the phase is kept for."""
    zero, given = orbit.epoch, terms.given
    rule = AvoidanceRule(given.probability, given.miss_m)
    limits, arrival = Limits(given.dv_m_s), ""
    coming = terms.coming if terms.arrival is None and not _goes_itself(craft) else None
    if terms.arrival is not None:
        arrival, at, phase = "the arrival", terms.arrival.since(zero), radians(given.phase_deg)
        if not 0.0 < at <= 60.0 * DAY:
            raise BadInput(f"arrival: found {terms.arrival}; write a time in the 60 days after {zero}")
        limits = Limits(given.dv_m_s, phase, at)
    elif coming is not None and coming.liftoff.since(zero) > 0.0:
        arrival = f"the lift-off of {coming.name}"
        limits = Limits(given.dv_m_s, radians(given.phase_deg or coming.phase_deg), coming.liftoff.since(zero))
    elif given.phase_deg is not None:
        limits = Limits(given.dv_m_s, math.radians(given.phase_deg), orbit.duration)
    first = 0.0 if terms.not_before is None else max(terms.not_before.since(zero), 0.0)
    times = tuple(planned_times(orbit)) if given.planned_times else None
    if times is not None and not times:
        raise BadInput(f"planned_times: found no burn in the path of {craft.name}; leave it out for any time")
    return Request(rule, limits, engine, first, times), arrival


def _goes_itself(craft: ScreenedCraft) -> bool:
    """A ship: the phase of the station is kept for it, not its own."""
    return craft.name.lower().startswith(("shenzhou", "tianzhou"))
