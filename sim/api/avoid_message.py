"""The plan of a CDM: its first object past the second, and past what a catalogue holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sim.api.avoid_craft import body_of_number
from sim.api.avoid_plans import around_of, planned_craft
from sim.api.avoid_terms import Terms
from sim.api.output import Progress
from sim.api.screen import RADIUS_ALLOWED
from sim.api.time_span import DAY
from sim.conjunctions.avoidance import Conjunction
from sim.conjunctions.avoidance_craft import led_to_state
from sim.conjunctions.avoidance_report import AvoidedAll
from sim.conjunctions.avoidance_screening import SAME_S, named, same_object
from sim.conjunctions.encounter import Encounter, rtn_axes
from sim.conjunctions.from_cdm import differences, encounter_of
from sim.conjunctions.judgement import one_covariance_maximum
from sim.conjunctions.screened_craft import PathCraft
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import age_model
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError
from sim.interchange.cdm import Cdm, CdmObject
from sim.interchange.state import OrbitState, to_gcrf
from sim.propagation.propagate import propagate

BEFORE_DAYS, AFTER_DAYS = 7.0, 1.0  # of a message's closest approach


@dataclass(frozen=True)
class Message:
    """A CDM as read; `files`, `raw`: for the manifest."""

    path: Path
    cdm: Cdm
    raw: Mapping = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.path,)


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
    made = encounter_of(cdm, terms.given.radius_m, read.path.name)
    if made.encounter.radius_m <= 0.0:
        file, key = (read.path.name, "HBR") if terms.given.radius_m is None else ("terms", "radius_m")
        raise ScenarioError([Problem(file, key, f"{made.encounter.radius_m:g}", RADIUS_ALLOWED)])
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
    notes = [*cdm.notes, *made.notes, *differences(cdm, made.encounter)]
    if (own is None) != (other is None):
        encounter = one_covariance_maximum(encounter)
        notes.append(
            "one object has no covariance: the one that makes the probability of the given miss largest was taken, and "
            "is kept for every burn; ask for a miss too (--miss)"
        )
    conjunctions = [Conjunction(name, before, encounter)]
    remarks = [remark] if remark else []
    around = None
    craft = PathCraft(cdm.first.name, propagate(orbit).trajectory, orbit.epoch, _number(cdm.first.designator))
    if catalogue is not None:
        around, more, remarks_ = around_of(craft, catalogue, orbit, terms, _rtn_of(own, first))
        remarks += remarks_
        conjunctions += [c for c in more if not (same_object(c.name, name) and abs(c.time_s - before) < SAME_S)]
    planned = planned_craft(craft, orbit, conjunctions, around, terms, body.engine, tuple(remarks), tick)
    title = f"{cdm.first.name} and {cdm.second.name}"
    source = f"message {cdm.fields['MESSAGE_ID']} of {cdm.fields['ORIGINATOR']}, closest approach {cdm.tca.utc(3)}"
    known = "covariances of the message"
    if catalogue is not None:
        known += f"; of the catalogue: {age_model(begin).words()}"
    return AvoidedAll(title, source, planned.plan.request, (planned,), known, tuple(notes))


def _turned(covariance: np.ndarray | None, one: CdmObject, state: OrbitState, same: bool) -> np.ndarray | None:
    """Inertial covariance of a message in the axes of GCRF: by the object's own R, T, N in both frames."""
    if covariance is None or same:
        return covariance
    turn = rtn_axes(state.r, state.v).T @ rtn_axes(one.state.r, one.state.v)
    big = _blocks(turn, len(covariance))
    return big @ covariance @ big.T


def _rtn_of(covariance: np.ndarray | None, state: OrbitState) -> np.ndarray | None:
    """The same in R, T, N."""
    if covariance is None:
        return None
    big = _blocks(rtn_axes(state.r, state.v), len(covariance))
    return big @ covariance @ big.T


def _blocks(turn: np.ndarray, size: int) -> np.ndarray:
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
