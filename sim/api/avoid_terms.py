"""What an avoidance burn may be and what it is judged by: as given, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.api import time_span
from sim.api.asked import found as as_found
from sim.api.asked import number, wrong
from sim.api.avoid_craft import Coming, OwnBody
from sim.api.screen import Near, near_m
from sim.core.epoch import Epoch
from sim.files.errors import BadInput


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
