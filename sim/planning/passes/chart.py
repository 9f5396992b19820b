"""What the sky chart of a place shows, as plain data: the passes that an eye sees, the brightest of them."""

from __future__ import annotations

import math

import numpy as np

from sim.catalogue.places import Place
from sim.core.epoch import Epoch
from sim.planning.passes.find import FoundPass, FoundPasses
from sim.planning.passes.search import SitePass
from sim.planning.passes.sites import compass, degrees

LARGEST_COUNT = 6  # passes of one chart


def sky_chart(found: FoundPasses, place: Place) -> dict | None:
    """For `sim.plots.sky_chart`; None where nothing passes."""
    here = found.of(place)
    seen = [p for p in here if p.seen.seen]
    if seen:
        chosen = sorted(seen, key=_faintness)[:LARGEST_COUNT]
    else:
        chosen = sorted(here, key=lambda p: -float(p.seen.ends.elevation[1]))[:LARGEST_COUNT]
    if not chosen:
        return None
    zero, zone = found.watched.zero, place.clock.zone
    span = f"{zero.plus(found.start).text('%d %b', zone)} to {zero.plus(found.end).text('%d %b %Y', zone)}"
    by_eye = f"{len(seen)} passes by eye" if len(seen) != 1 else "1 pass by eye"
    kind, passes = ("brightest", seen) if seen else ("highest", here)
    shown = f", the {len(chosen)} {kind} of {len(passes)}" if len(passes) > len(chosen) else ""
    return {
        "title": f"In the sky of {place.name}",
        "subtitle": f"{found.watched.title} · {span} · {by_eye if seen else 'none seen by eye'}{shown}",
        "foot": f"{degrees(place)} · times {place.clock} · geometric, refraction left out",
        "min_elevation_deg": found.mask_deg,
        "tracks": [_track(p, zero) for p in sorted(chosen, key=lambda p: p.seen.start)],
    }


def _faintness(p: FoundPass) -> tuple[float, float]:
    best = p.seen.brightest
    value = math.inf if best is None else float(p.seen.track.in_air[best])
    return value, -float(p.seen.ends.elevation[1])


def _track(p: FoundPass, zero: Epoch) -> dict:
    seen, zone = p.seen, p.place.clock.zone
    track = seen.track

    def clock(t: float) -> str:
        return zero.plus(float(t)).text("%H:%M:%S", zone)

    minutes = np.arange(math.ceil(seen.start / 60.0), math.floor(seen.end / 60.0) + 1) * 60.0
    return {
        "craft": seen.craft.name,
        "heading": f"{zero.plus(seen.start).text('%a %d %b', zone)}, {seen.craft.name}",
        "lines": _lines(seen, clock),
        "t_s": track.t,
        "azimuth_rad": np.unwrap(track.azimuth),
        "elevation_deg": np.degrees(track.elevation),
        "seen_s": [list(span) for span in seen.seen],
        "dots_s": minutes,
        "top_s": seen.top,
    }


def _lines(seen: SitePass, clock) -> list[str]:
    ends = seen.ends
    path = " → ".join(compass(a) for a in ends.azimuth)
    found = [f"{clock(ends.t[0])} to {clock(ends.t[2])}, {path}"]
    found.append(
        f"highest {math.degrees(ends.elevation[1]):.0f}° at {clock(ends.t[1])}, {ends.distance[1] / 1e3:.0f} km"
    )
    for a, b in seen.seen:
        whole = a == seen.start and b == seen.end
        found.append("seen all the way" if whole else f"seen {clock(a)} to {clock(b)}")
    best = seen.brightest if seen.seen else None
    if best is not None:
        found[-1] += f", magnitude {seen.track.in_air[best]:+.1f}"
    return found
