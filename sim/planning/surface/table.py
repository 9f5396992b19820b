"""Light, links and rover days of a site on another body, for other programs and for people."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.planning.passes.sites import site_of
from sim.planning.surface.find import FoundSite, Link, hours_of_days, longest, runs, without
from sim.planning.surface.sky import DAY
from sim.proximity_safety.conditions.intervals import Intervals, both, some

HOUR = 3600.0
MIN_HOURS = 1.0  # of light with a link, for a day to count as a rover day
MOST_LINES = 80  # of windows that are printed; JSON and CSV have all of them
CONVENTIONS = (
    "axes of the body's maps, a sphere, no terrain but the mean horizon; ITRF of IERS, horizon of WGS-84; the middle "
    "of Sun and Earth; geometric: no refraction, no light time; UT1 of coming years is a forecast, good to a second"
)


def content(found: FoundSite) -> dict:
    """Everything, for JSON: times UTC, angles in deg, hours."""
    site, zero = found.site, found.zero
    return {
        "name": site.name,
        "body": site.body.name,
        "latitude_deg": site.latitude_deg,
        "longitude_deg": site.longitude_deg,
        "height_m": site.height,
        "horizon_deg": site.horizon_deg,
        "from_utc": zero.utc(0),
        "to_utc": zero.plus(found.end).utc(0),
        "min_elevation_deg": found.mask_deg,
        "conventions": CONVENTIONS,
        "relay": None if found.relay is None else _relay(found),
        "sun": {**_extremes(found, "sun"), **_stays(found, found.light), "longest_night": _span(found, found.night)},
        "earth": {**_extremes(found, "earth"), **_stays(found, found.earth)},
        "links": [_link(found, link) for link in found.links],
        "countries": [_country(found, country) for country in found.countries()],
        "rover": rover(found),
        "days": days(found),
    }


def days(found: FoundSite) -> list[dict]:
    """One row a day: elevations at its begin, hours of light and of links in it; deg and h."""
    t = found.days
    sky, hours = found.sky, {"light_h": found.light, "link_h": found.linked, "rover_h": found.rover}
    columns: dict[str, np.ndarray] = {"sun_deg": _deg(sky.of_sun(t)), "earth_deg": _deg(sky.of_earth(t))}
    columns |= {name: hours_of_days(found, those) for name, those in hours.items()}
    for link in found.links:
        place, key = site_of(link.place), link.place.key
        columns[f"{key}.at_site_deg"] = _deg(sky.of_station(t, place))
        columns[f"{key}.at_station_deg"] = _deg(sky.at_station(t, place))
        columns[f"{key}.direct_h"] = hours_of_days(found, link.direct)
        columns[f"{key}.relayed_h"] = hours_of_days(found, link.relayed)
    rows = zip(*(np.round(c, 4).tolist() for c in columns.values()), strict=True)
    return [
        {"utc": found.zero.plus(at).utc(0), **dict(zip(columns, row, strict=True))}
        for at, row in zip(t.tolist(), rows, strict=True)
    ]


def rover(found: FoundSite) -> dict:
    """Days with light and a link together for MIN_HOURS hours or more, and their runs."""
    hours = hours_of_days(found, found.rover)
    each = runs(hours >= MIN_HOURS)
    of_countries = {c: _rover_days(found, some(x.either for x in found.of(c))) for c in found.countries()}
    directly = {c: _rover_days(found, some(x.direct for x in found.of(c))) for c in found.countries()}
    return {
        "min_hours": MIN_HOURS,
        "days": int((hours >= MIN_HOURS).sum()),
        "hours": float(hours.sum()),
        "longest_run_days": max((count for _, count in each), default=0),
        "runs": [
            {
                "from_utc": found.zero.plus(found.days[a]).utc(0),
                "days": count,
                "hours": float(hours[a : a + count].sum()),
            }
            for a, count in each
        ],
        "days_by_country": of_countries,
        "days_by_country_directly": directly,
    }


def lines(found: FoundSite) -> list[str]:
    """The same in words, as the command prints it."""
    return [*_head(found), *_links(found), *_rover_lines(found), *_windows(found), *_notes(found)]


def _head(found: FoundSite) -> Iterator[str]:
    site, data = found.site, content_of_light(found)
    north, east = ("S", "N")[site.latitude_deg >= 0.0], ("W", "E")[site.longitude_deg >= 0.0]
    place = f"{abs(site.latitude_deg):.2f} {north}, {abs(site.longitude_deg):.2f} {east}"
    yield f"{site.name}: {place} on the {site.body.name}, mean horizon {site.horizon_deg:g} deg"
    yield f"{found.zero.text('%Y-%m-%d %H:%M')} to {found.zero.plus(found.end).text('%Y-%m-%d %H:%M')} UTC"
    yield f"  Sun    {_range(data['sun'])}, above the horizon {_share(found, found.light)}"
    yield f"         longest night {_words(found, longest(found.night))}"
    yield f"  Earth  {_range(data['earth'])}, above the horizon {_share(found, found.earth)}"


def _links(found: FoundSite) -> Iterator[str]:
    relayed = found.relay is not None
    yield f"links with places where the site, or the relay, stands higher than {found.mask_deg:g} deg"
    rows: list[tuple[str, ...]] = [("", "direct", "windows", "by relay", "either", "longest time without")]
    for link in found.links:
        gap = without(found, link.either)
        rows.append(
            (
                link.place.name,
                f"{length(link.direct) / HOUR:.0f} h",
                f"{len(link.direct)}",
                f"{length(link.relayed) / HOUR:.0f} h" if relayed else "none",
                f"{length(link.either) / HOUR:.0f} h",
                _hours(gap),
            )
        )
    for country in found.countries():
        total = _country(found, country)
        cells = (f"all of {country or 'no country'}", f"{total['direct_h']:.0f} h", "", f"{total['relayed_h']:.0f} h")
        rows.append((*cells, f"{total['either_h']:.0f} h", _hours(without(found, _either(found, country)))))
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(
            c.ljust(w) if k == 0 else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))
        )


def _rover_lines(found: FoundSite) -> Iterator[str]:
    data = rover(found)
    yield (
        f"rover days, with {MIN_HOURS:g} h or more of light and a link: {data['days']} of {len(found.days)}, "
        f"{data['hours']:.0f} h; longest run {data['longest_run_days']} days"
    )
    for country, count in data["days_by_country"].items():
        alone = data["days_by_country_directly"][country]
        yield f"  by {country or 'the given places'} alone {count} days, directly {alone}"
    for run in data["runs"]:
        yield f"  from {run['from_utc'][:10]}  {run['days']:3d} days  {run['hours']:6.1f} h"


def _windows(found: FoundSite) -> Iterator[str]:
    count = sum(len(link.direct) for link in found.links)
    if count > MOST_LINES:
        yield f"{count} direct windows: --json and --out list them"
        return
    for link in found.links:
        yield f"direct windows of {link.place.name}"
        for x in link.direct:
            start, end = found.zero.plus(x.start), found.zero.plus(x.end)
            yield f"  {start.text('%d %b %H:%M:%S')} to {end.text('%d %b %H:%M:%S')}  {x.length / HOUR:5.2f} h"


def _notes(found: FoundSite) -> Iterator[str]:
    if found.relay is not None:
        yield f"relay: {found.relay.name}, as its orbit file assumes it; nothing keeps it there"
    yield CONVENTIONS


def content_of_light(found: FoundSite) -> dict:
    """Minimum and maximum elevation of the Sun and the Earth, deg."""
    return {name: _extremes(found, name) for name in ("sun", "earth")}


def length(those: Intervals) -> float:
    return sum(x.length for x in those)


def _extremes(found: FoundSite, name: str) -> dict:
    """Of samples an hour apart: both move by less than 1e-4 deg about their turning points in half an hour."""
    t = np.linspace(0.0, found.end, max(2, math.ceil(found.end / HOUR) + 1))
    each = _deg(found.sky.of_sun(t) if name == "sun" else found.sky.of_earth(t))
    return {"min_deg": round(float(each.min()), 3), "max_deg": round(float(each.max()), 3)}


def _relay(found: FoundSite) -> dict:
    assert found.relay is not None  # the caller asked
    path, radius = found.relay.path, found.site.body.radius
    inside = (path.t >= 0.0) & (path.t <= found.end)
    heights = np.linalg.norm(path.r[inside], axis=1) - radius if inside.any() else np.zeros(1)
    return {
        "name": found.relay.name,
        "assumed": "its orbit file says which elements are published and which are not",
        "lowest_km": round(float(heights.min()) / 1e3, 3),
        "highest_km": round(float(heights.max()) / 1e3, 3),
        **_stays(found, found.relay_up),
    }


def _link(found: FoundSite, link: Link) -> dict:
    place, gap = link.place, without(found, link.either)
    keys = ("key", "name", "country", "latitude_deg", "longitude_deg", "height_m")
    return {key: getattr(place, key) for key in keys} | {
        "direct": _stays(found, link.direct),
        "relayed": _stays(found, link.relayed),
        "either_h": length(link.either) / HOUR,
        "longest_without_h": 0.0 if gap is None else (gap[1] - gap[0]) / HOUR,
    }


def _country(found: FoundSite, country: str) -> dict:
    links, either = found.of(country), _either(found, country)
    gap = without(found, either)
    return {
        "country": country,
        "direct_h": length(some(x.direct for x in links)) / HOUR,
        "relayed_h": length(some(x.relayed for x in links)) / HOUR,
        "either_h": length(either) / HOUR,
        "longest_without_h": 0.0 if gap is None else (gap[1] - gap[0]) / HOUR,
    }


def _either(found: FoundSite, country: str) -> Intervals:
    return some(link.either for link in found.of(country))


def _rover_days(found: FoundSite, linked: Intervals) -> int:
    return int((hours_of_days(found, both(found.light, linked)) >= MIN_HOURS).sum())


def _stays(found: FoundSite, those: Intervals) -> dict:
    zero = found.zero
    spans = [{"from_utc": zero.plus(x.start).utc(0), "to_utc": zero.plus(x.end).utc(0)} for x in those]
    return {"hours": length(those) / HOUR, "intervals": spans}


def _span(found: FoundSite, those: Intervals) -> dict | None:
    one = longest(those)
    if one is None:
        return None
    utc = [found.zero.plus(t).utc(0) for t in one]
    return {"from_utc": utc[0], "to_utc": utc[1], "days": (one[1] - one[0]) / DAY}


def _range(row: dict) -> str:
    return f"{row['min_deg']:+.2f} to {row['max_deg']:+.2f} deg"


def _share(found: FoundSite, those: Intervals) -> str:
    return f"{length(those) / HOUR:.0f} h, {100.0 * length(those) / found.end:.0f} % of the time"


def _words(found: FoundSite, span: tuple[float, float] | None) -> str:
    if span is None:
        return "none"
    a, b = (found.zero.plus(t).text("%Y-%m-%d %H:%M") for t in span)
    return f"{(span[1] - span[0]) / DAY:.1f} days, {a} to {b}"


def _hours(span: tuple[float, float] | None) -> str:
    return "0 h" if span is None else f"{(span[1] - span[0]) / HOUR:.1f} h"


def _deg(sine: np.ndarray) -> np.ndarray:
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
