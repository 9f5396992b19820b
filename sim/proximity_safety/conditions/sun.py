"""The Sun: in the camera's view, on the port's face, behind the Earth, and over the orbit plane (power)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.proximity_safety.conditions.constraint import Constraint, Least, Relaxation
from sim.proximity_safety.conditions.intervals import Intervals, either, within
from sim.proximity_safety.conditions.timeline import (
    BETA,
    PENUMBRA,
    SEPARATION,
    TO_SUN,
    UMBRA,
    Of,
    Sight,
    unrolled,
    where,
)
from sim.scenario.docking_rules import DockingRules

EVERY = 15.0  # s between samples of an approach: the Sun moves 1 deg against the station, the minimum by 0.005 deg


def angle(rows: np.ndarray) -> np.ndarray:
    """From the port's axis to the Sun, deg."""
    return np.degrees(np.arccos(np.clip(rows[:, TO_SUN], -1.0, 1.0)))


def over_limb(rows: np.ndarray, column: int) -> np.ndarray:
    """How far the Sun is out of the penumbra or the umbra, deg: the separation of the centres less that at the edge."""
    separation = np.arccos(np.clip(rows[:, SEPARATION], -1.0, 1.0))
    return np.degrees(separation - np.arccos(np.clip(rows[:, SEPARATION] + rows[:, column], -1.0, 1.0)))


def sun_constraints(
    sight: Sight, rules: DockingRules, beta_limit: float, last: float, start: float, end: float
) -> Iterator[Constraint]:
    """The four constraints of the Sun for contact between `start` and `end` s.

    beta_limit  deg
    last        s before contact from which the camera looks: 200 m
    """
    about = rules.sunlight.about_s
    from_axis, face = rules.camera_sun.angle_least_deg, rules.port_light.elevation_least_deg
    days = unrolled(sight, start, end, last + about, about)
    night = days.where("night", lambda rows: -rows[:, UMBRA])

    def or_night(name: str, by_day: Intervals) -> Intervals:
        return within(days.contacts(either(by_day, night), name, last), start, end)

    def margin(spare: Of) -> Least:
        return Least(sight, lambda rows: np.maximum(spare(rows), -over_limb(rows, UMBRA)), last, 0.0, EVERY)

    # The camera looks against the port's axis: the Sun is 180 deg less its angle to the axis from where it looks.
    clear = days.where("clear", lambda rows: math.cos(math.radians(from_axis)) + rows[:, TO_SUN])
    yield Constraint(
        "camera_sun",
        rules.camera_sun.hard,
        "deg",
        f"Sun at least {from_axis:g} deg from the docking camera's axis, or set, from 200 m to contact",
        or_night("camera_sun", clear),
        margin(lambda rows: 180.0 - angle(rows) - from_axis),
        _lower("camera_sun.angle_least_deg", from_axis, lambda rows: 180.0 - angle(rows), sight, last),
    )
    shone = days.where("shone", lambda rows: rows[:, TO_SUN] - math.sin(math.radians(face)))
    yield Constraint(
        "port_light",
        rules.port_light.hard,
        "deg",
        f"Sun at least {face:g} deg over the port's face, or night and beacons, from 200 m to contact",
        or_night("port_light", shone),
        margin(lambda rows: 90.0 - angle(rows) - face),
        _lower("port_light.elevation_least_deg", face, lambda rows: 90.0 - angle(rows), sight, last),
    )
    lit = days.contacts(days.where("sunlight", lambda rows: rows[:, PENUMBRA]), "sunlight", last + about, about)
    yield Constraint(
        "sunlight",
        rules.sunlight.hard,
        "deg",
        f"no shadow from {about / 60.0:g} min before 200 m to {about / 60.0:g} min after contact",
        within(lit, start, end),
        Least(sight, lambda rows: over_limb(rows, PENUMBRA), last + about, about, EVERY),
        lambda t: (),
    )
    yield _beta(sight, rules, beta_limit, start, end)


def _beta(sight: Sight, rules: DockingRules, limit: float, start: float, end: float) -> Constraint:
    sine = math.sin(math.radians(limit))
    # The square is smooth where the Sun passes through the plane.
    calm = where("beta", lambda t: sine**2 - sight.rows(t)[:, BETA] ** 2, sight.pieces(start, end), sight.step)

    def spare(times: np.ndarray) -> np.ndarray:
        return limit - np.degrees(np.arcsin(np.abs(sight.rows(times)[:, BETA])))

    return Constraint(
        "beta",
        rules.beta.hard,
        "deg",
        f"Sun within {limit:g} deg of the orbit plane, for power",
        within(calm, start, end),
        spare,
        lambda t: [Relaxation("beta_limit_deg", "profile", limit, limit - float(spare(np.array([t]))[0]), "deg")],
    )


def _lower(key: str, limit: float, value: Of, sight: Sight, last: float) -> Callable[[float], Sequence[Relaxation]]:
    """The minimum of `value` over the approach, where the Sun is up, is what the limit would have to be."""

    def needed_at(t: float) -> Sequence[Relaxation]:
        times = t - np.linspace(0.0, last, int(last / EVERY) + 2)
        rows = sight.shifted(times, np.full(times.size, sight.shifts[sight.day(np.array([t]))[0]]))
        up = over_limb(rows, UMBRA) > 0.0
        return [Relaxation(key, "rules", limit, float(value(rows[up]).min()), "deg")] if up.any() else []

    return needed_at
