"""A Conjunction Data Message as an encounter, and an encounter as a message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.conjunctions.encounter import (
    NO_COVARIANCE_M2,
    Encounter,
    covariance_fault,
    inertial_covariance,
    rtn_axes,
)
from sim.conjunctions.errors import EncounterError
from sim.core.epoch import Epoch
from sim.interchange.cdm import Cdm, CdmObject
from sim.interchange.cdm_keys import RELATIVE_STATE
from sim.interchange.notations import ORIGINATOR
from sim.interchange.state import OrbitState, to_gcrf
from sim.interchange.tables import INERTIAL


@dataclass(frozen=True, eq=False)
class FromMessage:
    """The encounter of a message, in inertial axes `frame`; `notes`: what the reader should know of its covariances."""

    encounter: Encounter
    frame: str
    notes: tuple[str, ...] = ()


def encounter_of(cdm: Cdm, radius_m: float | None = None, file: str = "") -> FromMessage:
    """States and covariances at the message's closest approach; `radius_m`: the sum of both radii, in place of what the
    message has; `file` names it in errors.

    Where both states are in one inertial frame they stay as they are; otherwise both are turned into GCRF, Earth-fixed
    velocities made inertial before the axes R, T, N are built of them. EncounterError where no radius is known, or a
    covariance is none; DataError where the Earth's orientation of that day is not known.
    """
    radius = cdm.radius_m if radius_m is None else radius_m
    if radius is None:
        raise EncounterError(
            "the message has no radius of the hard body, by the key HBR or in a comment; give the sum of both radii "
            "(radius, --radius)"
        )
    states, notes = [cdm.first.state, cdm.second.state], []
    if states[0].frame != states[1].frame or states[0].frame not in INERTIAL:
        states = [to_gcrf(state) for state in states]
    covariances, faults = [], []
    for one, state in zip((cdm.first, cdm.second), states, strict=True):
        position, reason = _known(one)
        if reason:
            notes.append(f"{one.name}: {reason}")
        if position is not None and (fault := covariance_fault(position[:3, :3])):
            faults.append(f"the position covariance of {one.name} in R, T, N {fault}")
        covariances.append(None if position is None else inertial_covariance(position, state.r, state.v))
    if faults:
        raise EncounterError((f"{file}: " if file else "") + "; ".join(faults))
    (a, b), (c1, c2) = states, covariances
    return FromMessage(Encounter(a.r, a.v, c1, b.r, b.v, c2, radius), a.frame, tuple(notes))


def message_of(encounter: Encounter, tca: Epoch, header: dict[str, str], both: tuple[dict, dict]) -> Cdm:
    """The message of an encounter in GCRF whose instant is `tca`; what the standard asks for and is not given is marked
    as not known.

    `header`: MESSAGE_ID, CREATION_DATE, and other keys of header and relative metadata, such as COLLISION_PROBABILITY.
    `both`: of each object its metadata by the keys of the standard, OBJECT_NAME and OBJECT_DESIGNATOR at least.
    """
    axes = rtn_axes(encounter.r1, encounter.v1)
    relative = [*(axes @ encounter.miss), *(axes @ encounter.relative_velocity)]
    fields = {"ORIGINATOR": ORIGINATOR, **header}
    fields["MISS_DISTANCE"] = repr(float(np.linalg.norm(encounter.miss)))
    fields["RELATIVE_SPEED"] = repr(float(np.linalg.norm(encounter.relative_velocity)))
    fields |= {key: repr(float(x)) for key, x in zip(RELATIVE_STATE, relative, strict=True)}
    objects = []
    for own, r, v, c in (
        (both[0], encounter.r1, encounter.v1, encounter.c1),
        (both[1], encounter.r2, encounter.v2, encounter.c2),
    ):
        covariance = None
        if c is not None:  # zero velocity variances mark that these are not known
            covariance, turn = np.zeros((6, 6)), np.kron(np.eye(len(c) // 3), rtn_axes(r, v))
            covariance[: len(c), : len(c)] = turn @ c @ turn.T
        metadata = {**_NOT_GIVEN, "COVARIANCE_METHOD": "DEFAULT" if c is None else "CALCULATED", **own}
        name = metadata.pop("OBJECT_NAME")
        objects.append(CdmObject(OrbitState(name, tca, "gcrf", r, v), covariance, metadata))
    return Cdm(tca, objects[0], objects[1], fields, encounter.radius_m)


_NOT_GIVEN = {
    "CATALOG_NAME": "SATCAT",
    "INTERNATIONAL_DESIGNATOR": "UNKNOWN",
    "EPHEMERIS_NAME": "NONE",
    "MANEUVERABLE": "N/A",
}


def _known(one: CdmObject) -> tuple[np.ndarray | None, str]:
    """(6, 6) or (3, 3) in R, T, N, or None, and what is to be noted."""
    if one.covariance is None:
        return None, "the message has no covariance"
    covariance = one.covariance[:6, :6]
    variances = np.diag(covariance)
    if (variances[:3] >= NO_COVARIANCE_M2).any():
        return None, f"a position variance of {variances[:3].max():.3g} m2 marks that there is no covariance"
    if not variances[:3].any():
        return None, "the position variances are all zero, which marks that there is no covariance"
    if not variances[3:].any():
        return covariance[:3, :3], "the velocity variances are all zero: an integration over time is not possible"
    return covariance, ""


def differences(cdm: Cdm, encounter: Encounter) -> tuple[str, ...]:
    """Where the miss that the message gives is not that of its states: beyond a metre and 1 % of it.

    Messages of operators round to a metre or a tenth; a larger difference is another sign convention, another frame, or
    velocities that turn with the Earth.
    """
    ours = encounter.miss_rtn
    length = float(np.linalg.norm(ours))
    allowed = 1.0 + 0.01 * length
    found = []
    given = cdm.number("MISS_DISTANCE")
    if given is not None and abs(given - length) > allowed:
        found.append(f"MISS_DISTANCE is {given:g} m; the states are {length:.3f} m apart")
    if cdm.relative_state is not None and float(np.linalg.norm(cdm.relative_state[:3] - ours)) > allowed:
        axes = ", ".join(f"{x:.3f}" for x in cdm.relative_state[:3])
        own = ", ".join(f"{x:.3f}" for x in ours)
        found.append(f"RELATIVE_POSITION is {axes} m in R, T, N; the states give {own} m, secondary less primary")
    return tuple(found)
