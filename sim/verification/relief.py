"""When a station passes beside a site, from the lift-off of a ship to it some days before.

An old element set has lost the place of a station on its orbit, though not its plane. A lift-off shows the place again:
at insertion the station is ahead of the ship by what the rendezvous profile asks for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH, R_EQUATOR
from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.planning.kept_station import Known, axis_of
from sim.scenario.load import load_named
from sim.verification.flights import PROFILES
from sim.verification.forecasts import jiuquan, kept_plane, launched
from sim.verification.launches import mean_plane_axes, turned_site

J2 = 1.08263e-3
PHASE_SIGMA = math.radians(3.0)  # of the station ahead at insertion, a quarter of the 6.5 h profile's window


@dataclass(frozen=True)
class Pass:
    """When the station passes abeam of the site by a forecast, its one sigma s, and on what it rests."""

    at: Epoch
    sigma: float
    rests_on: str


def pass_after(relief: str, known: Known, near: Epoch, site: Site) -> Pass:
    """The pass beside the site nearest to an instant, from the lift-off of the relief.

    The plane is that of the last set, kept. At insertion the station is ahead of the ship by what the profile asks for;
    from there it runs on at the altitude that is expected of it.
    """
    lift_off, elements = launched(relief), known.last
    plane, guidance = kept_plane(elements, known.kept), load_named("cz2f-g", "launcher").guidance
    along, _ = mean_plane_axes(lift_off, plane, jiuquan())
    ahead = math.radians(guidance.plan_downrange_deg + load_named(PROFILES[relief], "profile").phase_deg)
    node, across = node_axes(*plane(lift_off))
    start = math.atan2(float(along @ across), float(along @ node)) + ahead
    first, last = lift_off.since(elements.epoch), near.since(elements.epoch)
    axis = _mean_axis(known, elements, first, last)
    inclination = plane(lift_off)[0]

    def angle(t: float) -> float:
        """How far the station is from abeam of the site, rad, at `t` s after insertion."""
        at = lift_off.plus(guidance.plan_insertion_s + t)
        node, across = node_axes(*plane(at))
        place = turned_site(site, at)
        abeam = math.atan2(float(place @ across), float(place @ node))
        return math.remainder(start + argument_rate(axis, inclination) * t - abeam, 2.0 * math.pi)

    t = near.since(lift_off) - guidance.plan_insertion_s
    for _ in range(4):
        t -= angle(t) / (argument_rate(axis, inclination) - OMEGA_EARTH)
    phase = PHASE_SIGMA / (argument_rate(axis, inclination) - OMEGA_EARTH)
    sigma = math.hypot(_from_lift_off_sigma(known, first, last), phase)
    at = lift_off.plus(guidance.plan_insertion_s + t)
    return Pass(at, sigma, f"lift-off of {relief.replace('sz_', 'shenzhou-')}")


def _mean_axis(known: Known, elements: ElementSet, first: float, last: float) -> float:
    """Average semi-major axis from `first` to `last` s after a set, as the kept station is expected to have it, m."""
    axis, kept = axis_of(elements), known.kept
    return (kept.expected(axis, last) * last - kept.expected(axis, first) * first) / (last - first)


def from_set_sigma(known: Known, age: float) -> float:
    """One sigma, s, of when a station comes by `age` s after the last set, at an altitude that is not known since."""
    return 1.5 * known.kept.sigma(age) / axis_of(known.last) * age


def _from_lift_off_sigma(known: Known, first: float, last: float) -> float:
    """The same where its place is known at `first` s after the set: the altitude then is as uncertain as `last` s after
    the set, and stays as it is."""
    sigma = known.kept.spread * math.sqrt(-math.expm1(-2.0 * last / known.kept.time))
    return 1.5 * sigma / axis_of(known.last) * (last - first)


def argument_rate(axis: float, inclination: float) -> float:
    """Of the argument of latitude, rad/s, as two-line elements count mean motion: with the turn of the perigee."""
    motion = math.sqrt(MU_EARTH / axis**3)
    return motion + 1.5 * J2 * (R_EQUATOR / axis) ** 2 * motion * (2.0 - 2.5 * math.sin(inclination) ** 2)


def revolution(elements: ElementSet) -> float:
    return 2.0 * math.pi / (elements.satrec().no_kozai / 60.0)


def node_axes(inclination: float, node: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (3,), TEME, in the plane: to the ascending node, and 90 deg on."""
    c, s = math.cos(node), math.sin(node)
    across = np.array([-s * math.cos(inclination), c * math.cos(inclination), math.sin(inclination)])
    return np.array([c, s, 0.0]), across
