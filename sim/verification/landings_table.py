"""The landings of `sim.verification.landings` in rows for other programs, and in lines for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.catalogue.facts import fact
from sim.verification import landings, notice
from sim.verification.landings import LandingForecast
from sim.verification.notice import NoticeCheck

LIMIT_S, LIMIT_LENGTH_MIN, LIMIT_OFFSET_DEG = 180.0, 10.0, 0.02
ALONE_H = 12.0  # h from undocking to landing, up to which a ship stays near the orbit of the station, whose set is held


def rows() -> list[dict]:
    """The table for other programs: a row a landing, and one for the notice of 2011."""
    return [*map(row, landings.landings()), notice_row(notice.check())]


def row(x: LandingForecast) -> dict:
    """One landing: inputs, forecast, record; `held` where the opportunity is open and its limits hold."""
    published = fact("landing.plane_offset").table.get(x.flight)
    offset = math.degrees(x.offset)
    listed = {
        "in_the_plan": x.one is not None,
        "open": x.one is not None and x.one.open,
        "refused_by": list(x.one.refused_by) if x.one else [],
        "chosen_by_the_rules": x.by_the_rules,
        "site_right_of_track_km": round(x.one.landing.cross_track / 1e3, 2) if x.one else None,
        "of_the_plan": len(x.opportunities),
    }
    kind = "forecast, whole return flown" if x.flown else "forecast, pass and a fixed time to the ground"
    made = {
        "landing": x.flight.replace("sz_", "shenzhou-"),
        "inputs": {
            "day": x.landed.utc(0)[:10],
            "kind_of_return": x.kind,
            "undock_to_landing_h": landings.kind_of(x.undock_to_landing_h)[0],
            "ship": "as published up to November 2025",
            "element_set": x.known.last.name,
            "element_set_age_days": round(x.age / 86400.0, 2),
            "space_weather": None,
        },
        "calibrated": {"touchdown_after_pass_s": None if x.flown else landings.after_pass()},
        "basis": kind,
        "rests_on": x.rests_on,
        "forecast_utc": x.touchdown.utc(0),
        "recorded_utc": x.landed.utc(0),
        "miss_s": round(x.miss, 1),
        "half_width_95_s": round(x.half_width, 1),
        "covered": abs(x.miss) <= max(x.half_width, 60.0),
        "limit_s": LIMIT_S if x.flown else None,
        "opportunity": listed,
        "undock_to_landing_h": round(x.undock_to_landing_h, 3),
        "undock_to_landing_flown_h": round(x.flown.undock_to_landing_h, 3) if x.flown else None,
        "plane": {
            "element_set": x.nearest.name,
            "age_days": round(x.landed.since(x.nearest.epoch) / 86400.0, 2),
            "offset_deg": round(offset, 4),
            "expected_deg": published,
        },
        "hindcast": None
        if x.hindcast is None
        else {
            "element_set": x.nearest.name,
            "touchdown_utc": x.hindcast.touchdown.utc(0),
            "miss_s": round(x.hindcast_miss or 0.0, 1),
            "undock_to_landing_flown_h": round(x.hindcast.undock_to_landing_h, 3),
        },
    }
    return made | {"held": not broken(made)}


def broken(made: dict) -> list[str]:
    """The limits that a row misses, in words. A forecast from an old set has none in time: its interval says why."""
    found = []
    if not made["opportunity"]["open"]:
        found.append("the opportunity flown is not in the plan and open")
    if made["limit_s"] is not None and abs(made["miss_s"]) > made["limit_s"]:
        found.append(f"touchdown more than {made['limit_s']:g} s off")
    length = made["undock_to_landing_flown_h"]
    if length is not None and 60.0 * abs(length - made["undock_to_landing_h"]) > LIMIT_LENGTH_MIN:
        found.append(f"undocking to landing more than {LIMIT_LENGTH_MIN:g} min off")
    plane = made["plane"]
    if plane["expected_deg"] is not None and abs(plane["offset_deg"] - plane["expected_deg"]) > LIMIT_OFFSET_DEG:
        found.append(f"plane more than {LIMIT_OFFSET_DEG:g} deg off")
    followed = made["undock_to_landing_h"] < ALONE_H
    if made["hindcast"] is not None and followed and abs(made["hindcast"]["miss_s"]) > LIMIT_S:
        found.append(f"hindcast more than {LIMIT_S:g} s off")
    return found


def notice_row(x: NoticeCheck) -> dict:
    return {
        "landing": "shenzhou-8",
        "inputs": {
            "plane": "lift-off of the ship, inclination and height of Tiangong-1",
            "place_on_the_orbit": "the middle of the notice's time",
            "element_set": None,
        },
        "basis": "touchdown against the airspace notice of 17 November 2011; no element set of those weeks is held",
        "touchdown_utc": x.touchdown.utc(0),
        "touchdown_deg": [round(v, 3) for v in x.place],
        "recorded_utc": x.recorded.utc(0),
        "recorded_deg": list(x.recorded_place),
        "notice_deg": x.corners.tolist(),
        "notice_utc": [t.utc(0) for t in x.span],
        "recorded_place_off_the_plane_deg": round(math.degrees(x.offset), 4),
        "in_the_area": x.inside,
        "in_time": x.in_time,
        "held": x.held,
    }


# ---- for people

HEAD = "landing      element set        age d   forecast (UTC)       +- min  record (UTC)         miss min  opportunity"


def lines(table: Sequence[dict]) -> list[str]:
    """The table for people."""
    flights = [made for made in table if made["landing"] != "shenzhou-8"]
    text = [
        "Each landing at Dongfeng as a forecast from element sets older than a day before it; no weather goes in.",
        "inputs: the day and the kind of return, with its hours from undocking to landing; the ship and its sequence,",
        "as published up to November 2025. calibrated: from an old set, the time from pass to touchdown.",
        "",
        HEAD,
        *map(_line, flights),
        "",
        "undocking to landing, h: flown from a fresh set, and recorded",
        *(
            f"  {made['landing']:<12} {made['undock_to_landing_flown_h']:.2f}  {made['undock_to_landing_h']:.2f}  "
            f"({made['inputs']['kind_of_return']}; planned for {made['inputs']['undock_to_landing_h']:.2f}, an input)"
            for made in flights
            if made["undock_to_landing_flown_h"] is not None
        ),
        "hindcasts, from sets younger than a day, which are no forecasts:",
        *(
            f"  {made['landing']:<12} {made['hindcast']['element_set']}  {made['hindcast']['touchdown_utc']}  "
            f"miss {made['hindcast']['miss_s'] / 60.0:+.1f} min"
            f"{'' if made['undock_to_landing_h'] < ALONE_H else '; no limit: a day alone, on an orbit of its own'}"
            for made in flights
            if made["hindcast"]
        ),
        "site off the osculating plane at touchdown, deg, by the set nearest in time:",
        *map(_plane_line, flights),
        "",
    ]
    for made in table:
        if made["landing"] == "shenzhou-8":
            text += _notice_lines(made)
    return [*text, *_notes(flights)]


def _line(made: dict) -> str:
    opportunity, given = made["opportunity"], made["inputs"]
    how = "open" if opportunity["open"] else "NOT OPEN"
    chosen = ", chosen" if opportunity["chosen_by_the_rules"] else ""
    missed = "" if made["held"] else f"  MISSED: {'; '.join(broken(made))}"
    outside = "" if made["covered"] else " OUTSIDE"
    by = f"; {made['rests_on']}" if "lift-off" in made["rests_on"] else ""
    return (
        f"{made['landing']:<12} {given['element_set']:<17} {given['element_set_age_days']:6.1f}   "
        f"{made['forecast_utc']}  {made['half_width_95_s'] / 60.0:5.1f}  {made['recorded_utc']}  "
        f"{made['miss_s'] / 60.0:+8.1f}{outside}  {how}{chosen}, "
        f"{opportunity['site_right_of_track_km']:+.0f} km{by}{missed}"
    )


def _plane_line(made: dict) -> str:
    plane = made["plane"]
    expected = "" if plane["expected_deg"] is None else f", expected {plane['expected_deg']:+.3f}"
    return (
        f"  {made['landing']:<12} {plane['offset_deg']:+.3f}  ({plane['element_set']}, {plane['age_days']:+.1f} d"
        f"{expected})"
    )


def _notice_lines(made: dict) -> Iterator[str]:
    (first, last), place = made["notice_utc"], made["touchdown_deg"]
    yield (
        f"shenzhou-8, Siziwang: touchdown {made['touchdown_utc']} at {place[0]:.2f} N {place[1]:.2f} E, "
        f"{'inside' if made['in_the_area'] else 'OUTSIDE'} the notice's area and "
        f"{'within' if made['in_time'] else 'OUTSIDE'} its time, {first} to {last}"
    )
    yield (
        f"  recorded {made['recorded_utc']} near {made['recorded_deg'][0]} N {made['recorded_deg'][1]} E, "
        f"{made['recorded_place_off_the_plane_deg']:+.3f} deg off the plane that its lift-off gives; the place on the "
        "orbit is an input, for no element set of November 2011 is held"
    )


def _notes(flights: Sequence[dict]) -> Iterator[str]:
    fresh = [made for made in flights if made["limit_s"] is not None]
    within = sum(abs(made["miss_s"]) <= made["limit_s"] for made in fresh)
    covered = sum(made["covered"] for made in flights)
    yield f"from a fresh set {within} of {len(fresh)} touchdowns within {LIMIT_S / 60.0:g} min"
    yield (
        f"{covered} of {len(flights)} in their 95 % intervals; an old set loses the place on the orbit: a kilometre of "
        "altitude that is not known is 20 s a day"
    )
