"""The Sun: in the camera's eye, on the port's face, behind the Earth, and over the orbit plane (power)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.docking_windows.constraint import Constraint, Give, Least, Margin
from sim.docking_windows.intervals import Intervals, either, named, throughout, within
from sim.docking_windows.sight import BETA, PENUMBRA, SEPARATION, TO_SUN, UMBRA, Sight, where
from sim.scenario.docking_rules import DockingRules

EVERY = 15.0  # s between samples of an approach: the Sun moves 1 deg against the station, its least by 0.005 deg


def angle(sight: Sight) -> Margin:
    """From the port's axis to the Sun, deg."""
    return lambda t: np.degrees(np.arccos(np.clip(sight.rows(t)[:, TO_SUN], -1.0, 1.0)))


def limb(sight: Sight, column: int) -> Margin:
    """How far the Sun is out of the penumbra or the umbra, deg: the separation of the centres less that at the edge."""

    def out(t: np.ndarray) -> np.ndarray:
        rows = sight.rows(t)
        separation = np.arccos(np.clip(rows[:, SEPARATION], -1.0, 1.0))
        return np.degrees(separation - np.arccos(np.clip(rows[:, SEPARATION] + rows[:, column], -1.0, 1.0)))

    return out


def suns(sight: Sight, rules: DockingRules, beta_limit: float, last: float, start: float, end: float):
    """The four constraints of the Sun for contact between `start` and `end` s.

    beta_limit  deg
    last        s before contact from which the camera looks: 200 m
    """
    about = rules.sunlight.about_s
    pieces = sight.pieces(start - last - about, end + about)
    night = where("night", lambda t: -sight.rows(t)[:, UMBRA], pieces, sight.step)
    in_camera, dark = angle(sight), limb(sight, UMBRA)
    least, face = rules.camera_sun.angle_least_deg, rules.port_light.elevation_least_deg

    def kept(name: str, day: Intervals) -> Intervals:
        return within(named(throughout(either(day, night), last, 0.0), name), start, end)

    # The camera looks against the port's axis: the Sun is 180 deg less its angle to the axis from where it looks.
    away = where("away", lambda t: math.cos(math.radians(least)) + sight.rows(t)[:, TO_SUN], pieces, sight.step)
    yield Constraint(
        "camera_sun", rules.camera_sun.hard, "deg",
        f"Sun at least {least:g} deg off the docking camera's axis, or set, from 200 m to contact",
        kept("camera_sun", away),
        Least(lambda t: np.maximum(180.0 - in_camera(t) - least, -dark(t)), last, 0.0, EVERY),
        _lower("camera_sun.angle_least_deg", least, lambda t: 180.0 - in_camera(t), dark, last),
    )  # fmt: skip
    shone = where("shone", lambda t: sight.rows(t)[:, TO_SUN] - math.sin(math.radians(face)), pieces, sight.step)
    yield Constraint(
        "port_light", rules.port_light.hard, "deg",
        f"Sun at least {face:g} deg over the port's face, or night and beacons, from 200 m to contact",
        kept("port_light", shone),
        Least(lambda t: np.maximum(90.0 - in_camera(t) - face, -dark(t)), last, 0.0, EVERY),
        _lower("port_light.elevation_least_deg", face, lambda t: 90.0 - in_camera(t), dark, last),
    )  # fmt: skip
    lit = where("sunlight", lambda t: sight.rows(t)[:, PENUMBRA], pieces, sight.step)
    yield Constraint(
        "sunlight", rules.sunlight.hard, "deg",
        f"no shadow from {about / 60.0:g} min before 200 m to {about / 60.0:g} min after contact",
        within(throughout(lit, last + about, about), start, end),
        Least(limb(sight, PENUMBRA), last + about, about, EVERY), lambda t: (),
    )  # fmt: skip
    low = math.sin(math.radians(beta_limit))
    calm = where("beta", lambda t: low - np.abs(sight.rows(t)[:, BETA]), pieces, sight.step)

    def spare(t: np.ndarray) -> np.ndarray:
        return beta_limit - np.degrees(np.arcsin(np.abs(sight.rows(t)[:, BETA])))

    def given(t: float) -> Sequence[Give]:
        return [Give("beta_limit_deg", "profile", beta_limit, beta_limit - _at(spare, t), "deg")]

    yield Constraint(
        "beta", rules.beta.hard, "deg", f"Sun within {beta_limit:g} deg of the orbit plane, for power",
        within(calm, start, end), spare, given,
    )  # fmt: skip


def _lower(key: str, limit: float, value: Margin, dark: Margin, last: float):
    """The least of `value` over the approach, where the Sun is up, is what the limit would have to be."""

    def given(t: float) -> Sequence[Give]:
        times = t - np.linspace(0.0, last, int(last / EVERY) + 2)
        up = dark(times) > 0.0
        return [Give(key, "rules", limit, float(value(times[up]).min()), "deg")] if up.any() else []

    return given


def _at(f: Margin, t: float) -> float:
    return float(f(np.array([t]))[0])
