"""The plans of a CDM's first object, and of every craft that a catalogue is screened against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.api import screened, time_span
from sim.api.asked import found as as_found
from sim.api.asked import number, wrong
from sim.api.avoid_craft import Coming, OwnBody, body_of, body_of_number, radians
from sim.api.output import Progress
from sim.api.screen import Near, near_m
from sim.api.time_span import DAY
from sim.conjunctions.avoidance import AvoidanceRule, Conjunction, Limits
from sim.conjunctions.avoidance_craft import in_orbit, led_to_state, orbit_of, planned_times
from sim.conjunctions.avoidance_plan import Engine, Request, plan_avoidance
from sim.conjunctions.avoidance_report import AvoidedAll, PlannedCraft
from sim.conjunctions.avoidance_screening import (
    ScreenedPlan,
    Surroundings,
    met_by,
    named,
    plan_screened,
    same_object,
    station_rows,
)
from sim.conjunctions.avoidance_wait import TrackingUpdate, waiting
from sim.conjunctions.encounter import Encounter, rtn_axes
from sim.conjunctions.from_cdm import differences, encounter_of
from sim.conjunctions.screened_craft import PathCraft, ScreenedCraft
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import age_model
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.interchange.cdm import Cdm
from sim.interchange.state import to_gcrf
from sim.propagation.force_model import Orbit
from sim.propagation.propagate import propagate

BEFORE_DAYS, AFTER_DAYS = 7.0, 1.0  # of a message's closest approach


@dataclass(frozen=True)
class AvoidanceTerms:
    """What a burn may be, and what it is judged by.

    `probability`, `miss_m`: the rule. `dv_m_s`: the largest burn. `not_before`: its first time. `arrival`, `phase_deg`:
    when a ship comes and by how many degrees the craft's argument of latitude may differ then; without them those of
    the file's next lift-off within ten days, and else no limit. `planned_times`: only when the craft's own path has
    burns. `radius_m`: the sum of both radii of a CDM, in place of the message's. `updates`: times at which better
    orbits will be known, each with the share of today's sigmas that it leaves. `mass_kg`, `thrust_n`, `isp_s`: of the
    craft, in place of what its file or its kind says; a thrust of 0 is an impulse.
    """

    probability: float = 1.0e-4
    miss_m: float = 0.0
    dv_m_s: float = 5.0
    not_before: time_span.Date | None = None
    arrival: time_span.Date | None = None
    phase_deg: float | None = None
    planned_times: bool = False
    radius_m: float | None = None
    updates: Sequence[tuple[time_span.Date, float]] = ()
    mass_kg: float | None = None
    thrust_n: float | None = None
    isp_s: float | None = None


@dataclass(frozen=True)
class Terms:
    """`AvoidanceTerms`, checked: epochs, and how near is near, m. `coming`: the file's next ship."""

    given: AvoidanceTerms
    near: Near
    within_m: float
    not_before: Epoch | None
    arrival: Epoch | None
    updates: tuple[tuple[Epoch, float], ...]
    own: OwnBody
    coming: Coming | None = None

    @property
    def rule(self) -> AvoidanceRule:
        return AvoidanceRule(self.given.probability, self.given.miss_m)


@dataclass(frozen=True)
class Message:
    """A CDM as read; `files`, `raw`: for the manifest."""

    path: Path
    cdm: Cdm
    raw: Mapping = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)


def checked_terms(given: Any, near: Any) -> Terms:
    """BadInput for what is no number, no date, or out of its bounds."""
    if not isinstance(given, AvoidanceTerms):
        raise wrong("terms", given, "a sim.AvoidanceTerms, such as sim.AvoidanceTerms(miss_m=1000.0)")
    within = near_m(near)
    probability = number(given.probability, "probability")
    if not 0.0 < probability < 1.0:
        raise BadInput(f"probability: found {probability!r}; write one between 0 and 1, such as 1e-4")
    _bounded("miss_m", given.miss_m, 0.0, 2e5)
    _bounded("dv_m_s", given.dv_m_s, 1e-4, 100.0)
    for name, low, high in (
        ("radius_m", 0.0, 1e6),
        ("phase_deg", 1e-6, 180.0),
        ("mass_kg", 0.1, 1e7),
        ("thrust_n", 0.0, 1e7),
        ("isp_s", 1.0, 1e4),
    ):
        if getattr(given, name) is not None:
            _bounded(name, getattr(given, name), low, high)
    updates = []
    for at, share in given.updates:
        if not 0.0 < number(share, "updates") < 1.0:
            raise BadInput(
                f"updates: found {as_found(share)}; write what an update leaves of the sigmas, between 0 and 1"
            )
        updates.append((time_span.moment(at, "updates"), float(share)))
    return Terms(
        given,
        near,
        within,
        time_span.date(given.not_before, "not_before"),
        time_span.date(given.arrival, "arrival"),
        tuple(updates),
        OwnBody(given.mass_kg, given.thrust_n, given.isp_s),
    )


def _bounded(name: str, value: Any, low: float, high: float) -> None:
    if not low <= number(value, name) <= high:
        raise BadInput(f"{name}: found {as_found(value)}; write a number from {low:g} to {high:g}")


def of_message(
    read: Message, catalogue: Catalogue | None, span: tuple[Epoch | None, float | None], terms: Terms, tick: Progress
) -> AvoidedAll:
    """The first object of a message past the second, and past what the catalogue holds."""
    cdm = read.cdm
    if cdm.first.fields.get("MANEUVERABLE", "").upper() in ("NO", "NONE"):
        raise BadInput(
            f"{read.path.name}: found MANEUVERABLE = NO of {cdm.first.name}, the first object, which is the one that "
            "burns; write the message with the craft that can burn first"
        )
    made = encounter_of(cdm, terms.given.radius_m)
    first, second = to_gcrf(cdm.first.state), to_gcrf(cdm.second.state)
    same = made.frame == "gcrf"
    own = _turned(made.encounter.c1, cdm.first, first, same)
    other = _turned(made.encounter.c2, cdm.second, second, same)
    encounter = Encounter(first.r, first.v, own, second.r, second.v, other, made.encounter.radius_m)
    begin = _known_since(cdm) if span[0] is None else span[0]
    before = cdm.tca.since(begin)
    if not 0.0 < before <= 30.0 * DAY:
        raise BadInput(f"start: found {begin}; write a time in the 30 days before the closest approach, {cdm.tca}")
    seconds = max(before + AFTER_DAYS * DAY, DAY * (span[1] or 0.0))
    mass = cdm.first.fields.get("MASS")
    body, remark = body_of_number(cdm.first.designator, float(mass) if mass else None, terms.own)
    tick("flying back", 0.1)
    orbit = replace(led_to_state(cdm.first.name, cdm.tca, (first.r, first.v), before, body), duration=seconds)
    name = named(cdm.second.designator, cdm.second.name)
    conjunctions = [Conjunction(name, before, encounter)]
    notes = [*cdm.notes, *made.notes, *differences(cdm, made.encounter)]
    if (own is None) != (other is None):
        notes.append("one object has no covariance: the probability is that of the other's alone; ask for a miss too")
    remarks = [remark] if remark else []
    around = None
    craft = PathCraft(cdm.first.name, propagate(orbit).trajectory, orbit.epoch, _number(cdm.first.designator))
    if catalogue is not None:
        around, more, remarks_ = _around(craft, catalogue, orbit, terms, rtn_of(own, first))
        remarks += remarks_
        conjunctions += [c for c in more if not (same_object(c.name, name) and abs(c.time_s - before) < 60.0)]
    planned = _planned(craft, orbit, conjunctions, around, terms, body.engine, tuple(remarks), tick)
    title = f"{cdm.first.name} and {cdm.second.name}"
    source = f"message {cdm.fields['MESSAGE_ID']} of {cdm.fields['ORIGINATOR']}, closest approach {cdm.tca.utc(3)}"
    known = "covariances of the message"
    if catalogue is not None:
        known += f"; of the catalogue: {age_model(begin).words()}"
    return AvoidedAll(title, source, planned.plan.request, (planned,), known, tuple(notes))


def _turned(covariance: Any, one: Any, state: Any, same: bool) -> Any:
    """Inertial covariance of a message in the axes of GCRF: by the object's own R, T, N in both frames."""
    if covariance is None or same:
        return covariance
    turn = rtn_axes(state.r, state.v).T @ rtn_axes(one.state.r, one.state.v)
    big = _blocks(turn, len(covariance))
    return big @ covariance @ big.T


def rtn_of(covariance: Any, state: Any) -> Any:
    """The same in R, T, N."""
    if covariance is None:
        return None
    big = _blocks(rtn_axes(state.r, state.v), len(covariance))
    return big @ covariance @ big.T


def _blocks(turn: Any, size: int) -> Any:
    import numpy as np

    return np.kron(np.eye(size // 3), turn)


def _known_since(cdm: Cdm) -> Epoch:
    """When the message was made, seven days before its closest approach at most; a day before it where not earlier."""
    created = cdm.fields.get("CREATION_DATE", "")
    try:
        made = Epoch.from_utc(created if created.endswith("Z") else f"{created}Z")
    except ValueError:
        return cdm.tca.plus(-DAY)
    ahead = cdm.tca.since(made)
    return cdm.tca.plus(-min(ahead, BEFORE_DAYS * DAY)) if ahead > 3600.0 else cdm.tca.plus(-DAY)


def _number(designator: str) -> int | None:
    return int(designator) if designator.strip().isdigit() else None


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
        body, remark = body_of(craft, terms.own)
        orbit = orbit_of(craft, start, length, body)
        around, found, remarks = _around(craft, catalogue, orbit, terms, None)
        all_remarks = (*([remark] if remark else ()), *remarks)
        planned.append(_planned(craft, orbit, found, around, terms, body.engine, all_remarks, tick))
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


def _around(
    craft: ScreenedCraft, catalogue: Catalogue, orbit: Orbit, terms: Terms, own_rtn: Any
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


def _planned(
    craft: ScreenedCraft,
    orbit: Orbit,
    conjunctions: Sequence[Conjunction],
    around: Surroundings | None,
    terms: Terms,
    engine: Engine,
    remarks: tuple[str, ...],
    tick: Progress,
) -> PlannedCraft:
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
    return Request(terms.rule, limits, engine, first, times), arrival


def _goes_itself(craft: ScreenedCraft) -> bool:
    """A ship: the phase of the station is kept for it, not its own."""
    return craft.name.lower().startswith(("shenzhou", "tianzhou"))
