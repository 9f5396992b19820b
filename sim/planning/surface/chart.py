"""What the picture of a site's year shows, as plain data."""

from __future__ import annotations

import math

import numpy as np

from sim.planning.surface.find import FoundSite, hours_of_days
from sim.planning.surface.sky import DAY
from sim.planning.surface.table import MIN_HOURS, length, rover
from sim.proximity_safety.conditions.intervals import Intervals, some

SAMPLES_S = 7200.0
HOUR = 3600.0


def year_chart(found: FoundSite) -> dict:
    """For `sim.plots.surface_year`: angles in deg over days since `first`, spans in days, hours a day."""
    t = np.linspace(0.0, found.end, math.ceil(found.end / SAMPLES_S) + 1)
    site, data = found.site, rover(found)
    strips = []
    for country in found.countries():
        links = found.of(country)
        called = country or "the places"
        strips.append({"name": f"{called}, direct", "spans": _days(some(x.direct for x in links)), "relay": False})
        if found.relay is not None:
            strips.append({"name": f"{called}, relay", "spans": _days(some(x.relayed for x in links)), "relay": True})
    words = f"{data['days']} rover days of {len(found.days)}, longest run {data['longest_run_days']}"
    south = "S" if site.latitude_deg < 0.0 else "N"
    return {
        "title": f"Light and links: {site.name}",
        "subtitle": f"{abs(site.latitude_deg):.2f}° {south}, {site.longitude_deg:.2f}° E on the {site.body.name} · "
        f"{found.zero.text('%d %b %Y')} to {found.zero.plus(found.end).text('%d %b %Y')} UTC · {words}",
        "foot": _foot(found),
        "zero": found.zero,
        "end": found.end / DAY,
        "horizon_deg": site.horizon_deg,
        "t": t / DAY,
        "sun_deg": np.degrees(np.arcsin(found.sky.of_sun(t))),
        "earth_deg": np.degrees(np.arcsin(found.sky.of_earth(t))),
        "light": _days(found.light),
        "strips": strips,
        "hours": hours_of_days(found, found.rover),
        "min_hours": MIN_HOURS,
        "light_h": length(found.light) / HOUR,
    }


def _days(those: Intervals) -> list[tuple[float, float]]:
    return [(x.start / DAY, x.end / DAY) for x in those]


def _foot(found: FoundSite) -> str:
    relay = "" if found.relay is None else f" · {found.relay.name}: plane and phase assumed"
    return (
        f"mean horizon {found.site.horizon_deg:g}°, no map of the terrain · stations above {found.mask_deg:g}°{relay}"
    )
