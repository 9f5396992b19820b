"""Passes for other programs and for people: one row a pass, times of UTC and of the place's own clock."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.catalogue.facts import fact
from sim.catalogue.places import Place
from sim.core.epoch import Epoch
from sim.planning.passes import brightness
from sim.planning.passes.contact import Contact, total
from sim.planning.passes.find import Beside, FoundPass, FoundPasses, same_nights
from sim.planning.passes.search import SitePass, Spans
from sim.planning.passes.sites import compass, degrees

CONVENTIONS = "ITRF of IERS, horizon of WGS-84; geometric: no refraction, no light time"
MODEL = "a sphere that scatters light evenly, of a standard magnitude at 1000 km and a phase angle of 90 deg"


def content(found: FoundPasses) -> dict:
    """Everything, for JSON: times UTC and local, angles in deg, ranges in km."""
    zero = found.watched.zero
    return {
        "name": found.watched.title,
        "flown": list(found.watched.about),
        "from_utc": zero.plus(found.start).utc(0),
        "to_utc": zero.plus(found.end).utc(0),
        "min_elevation_deg": found.mask_deg,
        "conventions": CONVENTIONS,
        "brightness": _brightness(found),
        "sites": [_site(place) for place in found.places],
        "passes": [_pass(p, zero) for p in found.passes],
        "contact": [_contact(c, zero) for c in found.contacts],
        **(
            {"same_night": [{"site": place.key, "evening": night} for place, night in same_nights(found)]}
            if found.watched.beside
            else {}
        ),
    }


def _brightness(found: FoundPasses) -> dict:
    known = {c.name: c for c in found.watched.craft}
    return {
        "model": MODEL,
        "model_sigma_mag": fact("brightness.model_scatter").number,
        "extinction_mag_per_air_mass": fact("brightness.extinction").number,
        "faintest_by_eye_mag": fact("brightness.faintest_by_eye").number,
        "craft": [
            {
                "name": c.name,
                "standard_magnitude": c.magnitude,
                "sigma_mag": None if c.magnitude is None else round(brightness.error_of(c.magnitude_error), 2),
            }
            for c in known.values()
        ],
    }


def _site(place: Place) -> dict:
    clock = place.clock
    keys = ("key", "name", "country", "kind", "latitude_deg", "longitude_deg", "height_m")
    return {key: getattr(place, key) for key in keys} | {
        "clock": clock.name,
        "utc_offset_h": clock.hours,
        "clock_is_known": clock.known,
    }


def _pass(p: FoundPass, zero: Epoch) -> dict:
    seen, zone = p.seen, p.place.clock.zone

    def at(k: int, sights) -> dict:
        sight = sights.at(k)
        epoch = zero.plus(sight.pop("t_s"))
        return {"utc": epoch.utc(3), "local": epoch.text("%Y-%m-%d %H:%M:%S", zone)} | {
            key: value if value is None else round(value, 4) for key, value in sight.items()
        }

    def spans(those: Spans) -> list[list[str]]:
        return [[zero.plus(a).utc(3), zero.plus(b).utc(3)] for a, b in those]

    best = seen.brightest if seen.seen else None
    return {
        "site": p.place.key,
        "craft": seen.craft.name,
        "whole": seen.whole,
        "duration_s": round(seen.end - seen.start, 3),
        "rise": at(0, seen.ends),
        "highest": at(1, seen.ends),
        "set": at(2, seen.ends),
        "twilight": seen.twilight,
        "sunlit": spans(seen.lit),
        "seen_by_eye": spans(seen.seen),
        "brightest": None if best is None else at(best, seen.track),
        **_of_station(p.beside),
    }


def _of_station(beside: Beside | None) -> dict:
    if beside is None:
        return {"from_station_deg": None, "behind_station_s": None}
    return {"from_station_deg": round(math.degrees(beside.apart), 3), "behind_station_s": round(beside.behind, 2)}


def _contact(c: Contact, zero: Epoch) -> dict:
    days = (c.end - c.start) / 86400.0
    return {
        "over": c.over,
        "from_utc": zero.plus(c.start).utc(0),
        "to_utc": zero.plus(c.end).utc(0),
        "minutes": round(c.seconds / 60.0, 4),
        "minutes_a_day": round(c.seconds / 60.0 / days, 3),
        "longest_gap_h": round(c.longest_gap / 3600.0, 3),
        "intervals_utc": [[zero.plus(x.start).utc(3), zero.plus(x.end).utc(3)] for x in c.united],
        "stations": [
            {"site": place.key, "name": place.name, "passes": len(those), "minutes": round(total(those) / 60.0, 4)}
            for place, those in zip(c.places, c.by_station, strict=True)
        ],
    }


# ---- for people


def lines(found: FoundPasses) -> list[str]:
    """A table a place, and the contact."""
    zero = found.watched.zero
    span = f"{zero.plus(found.start).text('%Y-%m-%d %H:%M')} to {zero.plus(found.end).text('%Y-%m-%d %H:%M')} UTC"
    head = [found.watched.title, *found.watched.about, f"passes from {span}, {found.mask_deg:g} deg and higher"]
    first = found.watched.craft[0].name if found.watched.beside else "the station"
    for place in found.places:
        head += ["", f"{place.name} ({degrees(place)}), clock {place.clock}", *_table(found.of(place), zero, first)]
    if found.watched.beside:
        nights: dict[str, list[str]] = {}
        for place, night in same_nights(found):
            nights.setdefault(place.name, []).append(night)
        both = "; ".join(f"{name}: {', '.join(dates)}" for name, dates in nights.items())
        head += ["", f"both seen by eye in one night (date of its evening): {both or 'never'}"]
    for one in found.contacts:
        head += ["", *_contact_lines(one, stay=found.watched.stay is not None)]
    return [*head, "", *_notes(found)]


HEADS = ("craft", "rise, UTC", "rise", "highest", "set", "from", "top", "to", "nearest", "sky", "by eye", "mag")


def _table(passes: list[FoundPass], zero: Epoch, first: str) -> list[str]:
    if not passes:
        return ["  no pass in this time"]
    rows = [HEADS, *(_row(p, zero, first) for p in passes)]
    if len({p.seen.craft.name for p in passes}) == 1:
        rows = [row[1:] for row in rows]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(p: FoundPass, zero: Epoch, first: str) -> tuple[str, ...]:
    seen, zone = p.seen, p.place.clock.zone
    ends = seen.ends

    def local(t: float) -> str:
        return zero.plus(float(t)).text("%H:%M:%S", zone)

    best = seen.brightest if seen.seen else None
    return (
        seen.craft.name,
        zero.plus(seen.start).text("%d %b %H:%M:%S"),
        local(ends.t[0]),
        local(ends.t[1]),
        local(ends.t[2]) + ("" if seen.whole else " *"),
        compass(ends.azimuth[0]),
        f"{math.degrees(ends.elevation[1]):2.0f}° {compass(ends.azimuth[1])}",
        compass(ends.azimuth[2]),
        f"{ends.distance[1] / 1e3:.0f} km",
        seen.twilight.removesuffix(" twilight"),
        _by_eye(seen, local) + _with_station(p.beside, first),
        "" if best is None else f"{seen.track.in_air[best]:+.1f}",
    )


def _by_eye(seen: SitePass, local) -> str:
    if seen.seen:
        return ", ".join(f"{local(a)}-{local(b)}{_why(seen, a, b)}" for a, b in seen.seen)
    if not seen.lit:
        return "in shadow"
    if not seen.dark:
        return "sky too bright"
    return "too faint" if any(a < d and c < b for a, b in seen.lit for c, d in seen.dark) else "in shadow when dark"


def _why(seen: SitePass, a: float, b: float) -> str:
    """What begins or ends the sight of it, where that is not rise or set."""
    into = [b == end for _, end in seen.lit if end < seen.end]
    out = [a == start for start, _ in seen.lit if start > seen.start]
    return (" out of shadow" if any(out) else "") + (" into shadow" if any(into) else "")


def _with_station(beside: Beside | None, first: str) -> str:
    if beside is None:
        return ""
    apart = math.degrees(beside.apart)
    if apart < 0.1:
        return f"; beside {first}"
    word = "behind" if beside.behind > 0.0 else "ahead of"
    return f"; {abs(beside.behind):.0f} s {word} {first}, {apart:.0f}° from it"


def _contact_lines(c: Contact, stay: bool) -> Iterator[str]:
    days = (c.end - c.start) / 86400.0
    during = f"{days:.2f} days from docking to undocking" if stay else f"{days:.2f} days"
    yield (
        f"contact with {c.over}'s ground stations in {during}: {c.seconds / 60.0:.1f} min, "
        f"{c.seconds / 60.0 / days:.1f} a day; longest time without {c.longest_gap / 3600.0:.1f} h"
    )
    for place, those in zip(c.places, c.by_station, strict=True):
        yield f"  {place.name:<36} {total(those) / 60.0:6.1f} min in {len(those)} pass{'es' * (len(those) != 1)}"


def _notes(found: FoundPasses) -> Iterator[str]:
    names = dict.fromkeys(c.name for c in found.watched.craft)
    known = {c.name: c for c in found.watched.craft if c.magnitude is not None}
    if known:
        errors = ", ".join(f"{name} ±{brightness.error_of(known[name].magnitude_error):.1f}" for name in known)
        yield f"mag: at its brightest, through clear air; model of an evenly scattering sphere, one sigma {errors}"
    if len(known) < len(names):
        yield "no magnitude: nobody has measured this craft; --magnitude sets one (at 1000 km, phase 90 deg)"
    if any(not p.seen.whole for p in found.passes):
        yield "*: the pass goes on beyond what was flown"
    yield f"{CONVENTIONS}; azimuths are those of the compass"
