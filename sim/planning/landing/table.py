"""A landing plan in rows for other programs, and in lines for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.core.epoch import BEIJING
from sim.planning.landing.season import LandingSeason, SeasonOpportunity
from sim.reentry.landing_opportunities import UNITS, Ruling

PLACES = {"h": 3, "km": 2, "-": 4, "deg": 2}
NAMES = tuple(name for name in UNITS if name != "ready")


def summary(found: LandingSeason) -> dict:
    """`sites`, `returns`, `rules` with how often each refuses, and `opportunities` in order of touchdown."""
    rows = [_row(found, x) for x in found.opportunities]
    return {
        "from_utc": _utc(found, found.start),
        "to_utc": _utc(found, found.end),
        "sites": [
            {
                "name": place.key,
                "title": place.site.name,
                "latitude_deg": round(math.degrees(place.site.latitude), 6),
                "longitude_deg": round(math.degrees(place.site.longitude), 6),
                "mission": place.own,
            }
            for place in found.places
        ],
        "returns": [
            {"name": kind.name, "undock_to_landing_h": round(kind.coast / 3600.0, 4), "mission": kind.own}
            for kind in found.kinds
        ],
        "rules": [_rule(found, name) for name in NAMES],
        "open": sum(row["open"] for row in rows),
        "opportunities": rows,
    }


def _utc(found: LandingSeason, t: float) -> str:
    return found.zero.plus(t).utc(0)


def _rule(found: LandingSeason, name: str) -> dict:
    these = [x.of.ruling(name) for x in found.opportunities]
    return {
        "name": name,
        "hard": bool(these) and these[0].hard,
        "unit": UNITS[name],
        "limit": _rounded(these[0].limit, UNITS[name]) if these else None,
        "broken": sum(not x.holds for x in these),
        "of": len(these),
    }


def _rounded(value: float | None, unit: str) -> float | None:
    return None if value is None else round(value, PLACES[unit]) + 0.0


def _ruling(x: Ruling) -> dict:
    unit = UNITS[x.rule]
    return {
        "value": _rounded(x.value, unit),
        "limit": _rounded(x.limit, unit),
        "margin": _rounded(x.margin, unit),
        "unit": unit,
        "hard": x.hard,
        "holds": x.holds,
    }


def _row(found: LandingSeason, x: SeasonOpportunity) -> dict:
    of = x.of
    return {
        "site": x.place.key,
        "return": x.kind.name,
        "undocking_utc": _utc(found, of.undocking),
        "burn_utc": _utc(found, of.burn),
        "overflight_utc": _utc(found, of.landing.overflight),
        "touchdown_utc": _utc(found, of.touchdown),
        "site_right_of_track_km": round(of.landing.cross_track / 1e3, 2) + 0.0,
        "open": of.open,
        "refused_by": list(of.refused_by),
        "soft_broken": list(of.soft_broken),
        "chosen": x.best,
        "rules": {r.rule: _ruling(r) for r in of.rulings},
    }


def csv_rows(content: dict) -> list[dict]:
    """One row an opportunity with the value and the margin of every rule: for a spreadsheet."""
    rows = []
    for row in content["opportunities"]:
        flat = {key: value for key, value in row.items() if key != "rules"}
        flat["refused_by"], flat["soft_broken"] = " ".join(row["refused_by"]), " ".join(row["soft_broken"])
        for name, ruling in row["rules"].items():
            word = "" if ruling["unit"] == "-" else f"_{ruling['unit']}"
            flat[f"{name}{word}"], flat[f"{name}_margin{word}"] = ruling["value"], ruling["margin"]
        rows.append(flat)
    return rows


# ---- for people

SHORT = {"cross_range": "cross-range", "burn_links": "links of the burn", "landing_links": "links of the landing"}


def lines(found: LandingSeason) -> list[str]:
    """The rules, then a line for every pass beside a site: how each kind of return stands there."""
    text = [_rule_line(found, name) for name in NAMES]
    kinds = "  ".join(f"{kind.name + '*' * kind.own:<24}" for kind in found.kinds)
    text += ["", f"  touchdown (UTC)   Beijing  site        beside km  Sun deg  wind %  {kinds}".rstrip()]
    passes = groupby(
        sorted(found.opportunities, key=lambda x: (x.of.landing.overflight, x.place.key)),
        key=lambda x: (x.of.landing.overflight, x.place.key),
    )
    text += [_pass_line(found, list(these)) for _, these in passes]
    count = sum(x.of.open for x in found.opportunities)
    text += ["", f"{count} of {len(found.opportunities)} opportunities open; *: the mission's return, chosen: ->"]
    return text


def _rule_line(found: LandingSeason, name: str) -> str:
    row = _rule(found, name)
    unit = "" if row["unit"] == "-" else f" {row['unit']}"
    limit = "" if row["limit"] is None else f", limit {row['limit']:g}{unit}"
    return f"{'hard' if row['hard'] else 'soft'}  {name:<18} broken by {row['broken']} of {row['of']}{limit}"


def _pass_line(found: LandingSeason, these: Sequence[SeasonOpportunity]) -> str:
    first = these[0]
    of = first.of
    at = found.zero.plus(of.touchdown)
    light, wind = of.ruling("light").value or 0.0, 100.0 * (of.ruling("wind").value or 0.0)
    return (
        f"  {at.text('%Y-%m-%d %H:%M')}  {at.text('%H:%M', BEIJING):>7}  {first.place.key:<10}  "
        f"{of.landing.cross_track / 1e3:+9.1f}  {light:+7.1f}  {wind:6.2f}  {'  '.join(_words(these))}".rstrip()
    )


def _words(these: Sequence[SeasonOpportunity]) -> Iterator[str]:
    for x in these:
        word = f"open, undock {_hours(x)} before" if x.of.open else "no: " + ", ".join(map(_short, x.of.refused_by))
        yield f"{('-> ' if x.best else '') + word:<24}"


def _hours(x: SeasonOpportunity) -> str:
    return f"{x.kind.coast / 3600.0:.2f} h"


def _short(name: str) -> str:
    return SHORT.get(name, name.replace("_", " "))
