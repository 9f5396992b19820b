"""The account of a camera in orbit, for people and for JSON; and of the local time of its node."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from kernels.constants import R_EQUATOR
from sim.catalogue.element_sets import ElementSet
from sim.catalogue.places import places
from sim.interchange.mean import MeanElements
from sim.orbit.sun_synchronous import at_set, falling, is_sun_synchronous, predicted
from sim.planning.passes.imaging import covered, revisits
from sim.propagation.force_model import ImagingChoice

if TYPE_CHECKING:
    from sim.propagation.propagate import FlownOrbit

DAY = 86400.0


def content(flown: FlownOrbit, choice: ImagingChoice) -> dict:
    """For JSON and manifest: share of the area, its growth day by day, and the places."""
    path, world = flown.trajectory, flown.world
    known = places()
    r = path.at(np.linspace(path.start, path.end, 500))[0]
    height = float(np.linalg.norm(r, axis=1).mean()) - R_EQUATOR
    first = covered(path, world, choice)
    days = np.arange(1, math.ceil(path.end / DAY) + 1)
    found = revisits(path, world, choice, [known[key] for key in choice.places], height)
    return {
        "swath_m": choice.swath,
        "roll_deg": math.degrees(choice.roll),
        "sun_elevation_deg": math.degrees(choice.sun),
        "covered_percent": 100.0 * float(np.mean(~np.isnan(first))) if first.size else None,
        "covered_by_day_percent": [100.0 * float(np.mean(first <= d * DAY)) for d in days] if first.size else [],
        "places": {
            r.place.key: {
                "looks": len(r.times),
                "mean_days": r.mean / DAY if math.isfinite(r.mean) else None,
                "longest_days": r.longest / DAY,
                "utc": [flown.orbit.epoch.plus(t).utc(0) for t in r.times],
            }
            for r in found
        },
    }


def lines(given: dict) -> list[str]:
    """The same for people."""
    found = []
    if given["covered_percent"] is not None:
        found.append(
            f"camera    {given['swath_m'] / 1e3:g} km straight down: {given['covered_percent']:.0f} % of the area in "
            f"{len(given['covered_by_day_percent'])} days, Sun at least {given['sun_elevation_deg']:g} deg up"
        )
    for key, seen in given["places"].items():
        mean = "-" if seen["mean_days"] is None else f"{seen['mean_days']:.1f}"
        found.append(
            f"looks     {places()[key].name}: {seen['looks']}, every {mean} days with a roll of {given['roll_deg']:g} "
            f"deg, longest time without {seen['longest_days']:.1f} days"
        )
    return found


def node_content(elements: MeanElements) -> dict | None:
    """Local time of the node of a sun-synchronous set, and where it goes in a year; None for another orbit.

    Kept: JSON, manifest and text ask for it, and its forecast takes half a second.
    """
    found = _node(elements)
    return None if found is None else dict(found)


@lru_cache(maxsize=4)
def _node(elements: MeanElements) -> dict | None:
    one = cast(ElementSet, elements)  # of which epoch, record, mean motion and eccentricity are asked: it has them
    if not is_sun_synchronous(one):
        return None
    now, later = at_set(one), one.epoch.plus(365.25 * DAY)
    kept, fallen = (predicted(one, later, axes).local_time.mean for axes in (None, falling(one, 365.25 * DAY)))
    return {
        "ascending_node_mean_h": now.local_time.mean,
        "ascending_node_apparent_h": now.local_time.apparent,
        "inclination_deg": math.degrees(now.inclination),
        "drift_min_a_year": _minutes(kept - now.local_time.mean),
        "drift_without_burns_min_a_year": _minutes(fallen - now.local_time.mean),
    }


def _minutes(hours: float) -> float:
    return 60.0 * ((hours + 12.0) % 24.0 - 12.0)


def node_line(given: dict) -> str:
    """The same for people."""
    up = given["ascending_node_mean_h"]
    return (
        f"ascending {_clock(up)}, descending {_clock((up + 12.0) % 24.0)} local mean time; in a year "
        f"{given['drift_min_a_year']:+.1f} min with its axis kept, {given['drift_without_burns_min_a_year']:+.1f} "
        f"without burns"
    )


def _clock(hours: float) -> str:
    minutes = round(60.0 * hours) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
