"""What the pictures of a return share: the histories in the air, the blackout, limits of rules, places of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.core.ground_site import GroundSite
from sim.core.histories import joined
from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData
from sim.plots.style import FAINT, INK, ORANGE, SOFT, event_name

HALO = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}
KM_A_DEGREE = 111.195  # of a great circle of the mean Earth, radius 6371 km
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Place:
    """Where and when an event of the return happened: mission seconds, degrees, km."""

    name: str
    t: float
    longitude_deg: float
    latitude_deg: float
    altitude_km: float


def through_the_air(data: PlotData) -> EntryHistory | None:
    """Entry and descent as one history; None where neither was flown."""
    flown = [record.entry for record in (data.entry, data.descent) if record is not None]
    return joined(flown) if flown else None


def blackout(data: PlotData) -> tuple[float, float] | None:
    """Begin and end of the blackout, mission seconds; None where the flight has none."""
    start, end = data.when("blackout_start"), data.when("blackout_end")
    return None if start is None or end is None else (start, end)


def shade_blackout(axes: Axes, data: PlotData, zero: float, words: bool = True) -> None:
    """The blackout as a grey band on an axis of time, counted from `zero`."""
    span = blackout(data)
    if span is None:
        return
    start, end = span[0] - zero, span[1] - zero
    axes.axvspan(start, end, color=FAINT, alpha=0.55, lw=0, zorder=0.2)
    if words:
        axes.annotate(
            "blackout",
            (0.5 * (start + end), 1.0),
            (0, -3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8.5,
            color=SOFT,
        )


def limit_of(data: PlotData, phase: str, unit: str) -> float | None:
    """The limit of the phase's rule on a quantity of this unit; None where there is no such rule."""
    found = (v["limit"] for v in data.record["verdicts"] if v["phase"] == phase and v["unit"] == unit)
    return next(found, None)


def draw_limit(axes: Axes, limit: float | None, words: str, until: float | None = None) -> None:
    """A limit as a line across the panel, or `until` where it holds, with its value at the left, inside the axis."""
    if limit is None:
        return
    if until is None:
        axes.axhline(limit, color=ORANGE, lw=1.4, ls="-.", zorder=2)
    else:
        axes.hlines(limit, axes.get_xlim()[0], until, color=ORANGE, lw=1.4, ls="-.", zorder=2)
    axes.set_ylim(axes.get_ylim()[0], max(axes.get_ylim()[1], 1.18 * limit))
    axes.annotate(
        words,
        (0.0, limit),
        (4, 2),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=8.5,
        color=INK,
    )


def places(data: PlotData, names: Iterable[str]) -> list[Place]:
    """The first event of each of these names, where the ship that lands was then."""
    ship = data.ship("entry_interface") or data.ship("deorbit_burn_start")
    tracks = [t for phase in ("departure", "deorbit", "entry", "descent") if (t := data.track(ship, phase))]
    found = []
    for name in names:
        when = data.when(name)
        track = next(
            (t for t in reversed(tracks) if when is not None and t["t_s"][0] - 1 <= when <= t["t_s"][-1] + 1), None
        )
        if when is None or track is None:
            continue
        t = track["t_s"]
        longitude = np.interp(when, t, np.unwrap(track["longitude_deg"], period=360.0))
        where = (np.interp(when, t, track[key]) for key in ("latitude_deg", "altitude_km"))
        found.append(Place(name, when, (float(longitude) + 180.0) % 360.0 - 180.0, *(float(x) for x in where)))
    return found


def place_text(data: PlotData, place: Place) -> str:
    return f"{event_name(place.name)}\n{data.clock(place.t)}"


def distance_km(
    latitude_deg: np.ndarray | float, longitude_deg: np.ndarray | float, latitude: float, longitude: float
) -> np.ndarray:
    """Great-circle distances from places to one place, km, on the mean sphere."""
    a, b = np.radians(latitude_deg), np.radians(latitude)
    dl = np.radians(np.asarray(longitude_deg) - longitude)
    h = np.sin(0.5 * (b - a)) ** 2 + np.cos(a) * np.cos(b) * np.sin(0.5 * dl) ** 2
    return 2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(h))


def local_km(
    latitude_deg: np.ndarray | float, longitude_deg: np.ndarray | float, site: GroundSite
) -> tuple[np.ndarray, np.ndarray]:
    """East and north of the site, km, flat about it: 0.1 % at 50 km."""
    east = (np.asarray(longitude_deg) - site.longitude_deg + 180.0) % 360.0 - 180.0
    north = np.asarray(latitude_deg) - site.latitude_deg
    return KM_A_DEGREE * np.cos(np.radians(site.latitude_deg)) * east, KM_A_DEGREE * north
