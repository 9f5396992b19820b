"""The return in the report: what the recovery teams need, and every figure beside the published one."""

from __future__ import annotations

from collections.abc import Iterator

from sim.catalogue.facts import sources
from sim.core.epoch import Epoch
from sim.export.stored import PlotData
from sim.report.markup import ZONE, Html, bullets, joined, moment, paragraph, section, table, twice

POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
DARK_DEG = -6.0  # of the Sun, below which a glowing capsule stands out


def compass(azimuth_deg: float) -> str:
    return POINTS[round(azimuth_deg / 22.5) % 16]


# ---- for the recovery teams


def recovery(data: PlotData) -> str:
    """Place, time, light, drift and wind of the landing; nothing for a flight without one."""
    found = data.record.get("landing")
    if found is None:
        return ""
    content: list[str] = [table(("for the recovery teams", "value"), list(_recovery_rows(data, found)), sort=False)]
    if seen := found["seen_from"]:
        content += [paragraph(_seen_text(seen)), _seen_table(seen)]
    return section("Landing and recovery", *content)


def _place(at: dict) -> str:
    north, east = ("S", "N")[at["latitude_deg"] >= 0.0], ("W", "E")[at["longitude_deg"] >= 0.0]
    return f"{abs(at['latitude_deg']):.4f}° {north}, {abs(at['longitude_deg']):.4f}° {east}"


def _from_site(at: dict, site: str) -> str:
    return f"{at['from_site_km']:.1f} km {compass(at['bearing_from_site_deg'])} of {site}"


def _when(utc: str) -> Html:
    return twice(Epoch.from_utc(utc), "%d %b %Y %H:%M:%S")


def _recovery_rows(data: PlotData, found: dict) -> Iterator[tuple[str, str]]:
    opened, drift, light, wind = (found[key] for key in ("parachutes_open", "drift", "light", "wind"))
    yield "touchdown", _when(found["utc"])
    yield "place of the touchdown", f"{_place(found)}; {_from_site(found, found['site'])}"
    if spread := _spread(data):
        yield "where it is expected, 95 %", spread
    yield "light", _light(light)
    yield "parachutes open", joined(_when(opened["utc"]), f", at {opened['altitude_km']:.1f} km")
    yield "place under the opening", f"{_place(opened)}; {_from_site(opened, found['site'])}"
    yield "seen over flat ground", f"from the opening on within {opened['horizon_km']:.0f} km"
    minutes, toward = drift["descent_s"] / 60.0, compass(drift["toward_deg"])
    yield "drift under the parachutes", f"{drift['drift_km']:.1f} km toward {toward} in {minutes:.1f} min"
    yield "wind", "none in this mission: the air turns with the Earth" if wind is None else _wind(wind)


def _light(light: dict) -> str:
    text = f"{light['light']}, Sun {light['sun_elevation_deg']:+.1f}°"
    for key, word in (("sunset_min", "sunset"), ("sunrise_min", "sunrise")):
        if (minutes := light.get(key)) is not None:
            hours, rest = divmod(round(minutes), 60)
            text += f"; {word} {hours} h {rest:02d} min after the touchdown"
    return text


def _wind(wind: dict) -> str:
    return (
        f"{wind['surface_m_s']:.1f} m/s from {compass(wind['from_deg'])} at the ground, up to "
        f"{wind['greatest_below_opening_m_s']:.0f} m/s below the opening"
    )


def _spread(data: PlotData) -> str:
    """The interval of the touchdown, where a campaign was flown for it; else empty."""
    quantities = data.record.get("forecast", {}).get("quantities", {})
    names = ("touchdown_latitude_deg", "touchdown_longitude_deg", "touchdown_s")
    if any(quantities.get(name, {}).get("low") is None for name in names):
        return ""
    latitude, longitude, when = (quantities[name] for name in names)
    first, last = (data.zero.plus(when[key]) for key in ("low", "high"))
    return joined(
        f"{latitude['low']:.3f} to {latitude['high']:.3f}° north, {longitude['low']:.3f} to {longitude['high']:.3f}° ",
        "east, ",
        moment(first, "%d %b %H:%M:%S"),
        " to ",
        moment(last, "%d %b %H:%M:%S", zone=True),
    )


def _seen_text(seen: list[dict]) -> str:
    dark = [row["place"] for row in seen if row["sun_elevation_deg"] < DARK_DEG]
    text = (
        "Places of the list over whose horizon the capsule rises by 5 deg or more from the entry interface on, and "
        "where it is highest there. "
    )
    if dark:
        return text + f"The sky is dark in {', '.join(dark)}."
    return text + "The Sun is up, or has only just set, in all of them."


def _seen_table(seen: list[dict]) -> str:
    rows = [
        (
            row["place"],
            moment(Epoch.from_utc(row["utc"]), "%H:%M:%S"),
            f"{row['elevation_deg']:.0f}",
            compass(row["azimuth_deg"]),
            f"{row['distance_km']:.0f}",
            f"{row['altitude_km']:.0f}",
            f"{row['sun_elevation_deg']:+.0f}",
        )
        for row in seen
    ]
    heads = ("place", ZONE, "elevation, deg", "toward", "distance, km", "altitude, km", "Sun, deg")
    return table(heads, rows, numeric=(2, 4, 5, 6), unbroken=(1,))


# ---- beside the published return


def published(data: PlotData) -> str:
    """Every figure beside the published one; nothing for a flight without a return."""
    rows = data.record.get("published_return", [])
    if not rows:
        return ""
    flown = [row for row in rows if row["flown"] is not None]
    inside = sum(row["inside"] for row in flown)
    evidence = sum(row["inside"] and not (row["set_by"] or row["calibrated_by"]) for row in flown)
    text = (
        f"{inside} of {len(flown)} figures of this return lie inside the published bands, {evidence} of them neither "
        "input nor calibrated. Input: a file of the mission, or the program, sets it, so that it agrees by itself. "
        "Calibrated: the value of that key was chosen so that the figure agrees. A published figure without an "
        "uncertainty has half a unit of its last digit; the difference is to the middle of the band."
    )
    cells = [
        (
            _verdict(row),
            row["what"],
            f"{row['low']:.4g} to {row['high']:.4g} {row['unit']}",
            "–" if row["flown"] is None else f"{row['flown']:.4g} {row['unit']}",
            _difference(row),
            _basis(row),
            _source(row),
        )
        for row in rows
    ]
    heads = ("verdict", "figure", "published", "flown", "difference", "basis", "source")
    reasons = [f"{row['what']}, {row['flown']:.4g} {row['unit']}: {row['why']}." for row in flown if row["why"]]
    why = paragraph("Why those outside are there:") + bullets(reasons) if reasons else ""
    content = paragraph(text), table(heads, cells, numeric=(2, 3, 4), unbroken=(0,)), why
    return section("The return beside the published one", *content)


def _verdict(row: dict) -> str:
    if row["flown"] is None:
        return "not flown"
    return "inside" if row["inside"] else Html('<strong class="broken">OUTSIDE</strong>')


def _difference(row: dict) -> str:
    """To the middle of the band, in two figures; what is within a thousandth of the band is none."""
    if row["difference"] is None:
        return "–"
    return f"{row['difference']:+.2g}" if abs(row["difference"]) > 1e-3 * (row["high"] - row["low"]) else "0"


def _basis(row: dict) -> str:
    """What makes the figure agree by itself; empty where nothing does."""
    if row["set_by"]:
        return f"input: {row['set_by']}"
    return f"calibrated: {row['calibrated_by']}" if row["calibrated_by"] else ""


def _source(row: dict) -> str:
    known = sources()
    return "; ".join(known[key].title for key in row["sources"] if key in known)
