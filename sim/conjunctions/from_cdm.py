"""A Conjunction Data Message as an encounter, and an encounter as a message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.conjunctions.encounter import NO_COVARIANCE_M2, Encounter, inertial_covariance
from sim.conjunctions.errors import EncounterError
from sim.interchange.cdm import Cdm, CdmObject
from sim.interchange.state import to_gcrf
from sim.interchange.tables import INERTIAL


@dataclass(frozen=True, eq=False)
class FromMessage:
    """The encounter of a message, in inertial axes `frame`; `notes`: what the reader should know of its covariances."""

    encounter: Encounter
    frame: str
    notes: tuple[str, ...] = ()


def encounter_of(cdm: Cdm, radius_m: float | None = None) -> FromMessage:
    """States and covariances at the message's closest approach; `radius_m`: the sum of both radii, in place of what the
    message has.

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
    covariances = []
    for one, state in zip((cdm.first, cdm.second), states, strict=True):
        position, reason = _known(one)
        if reason:
            notes.append(f"{one.name}: {reason}")
        covariances.append(None if position is None else inertial_covariance(position, state.r, state.v))
    (a, b), (c1, c2) = states, covariances
    return FromMessage(Encounter(a.r, a.v, c1, b.r, b.v, c2, radius), a.frame, tuple(notes))


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
