"""What the pictures of spacewalks show, as plain arrays: days of a crew against the rules, and the record judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.core.epoch import BEIJING
from sim.planning.rotation.timeline import DAY
from sim.planning.spacewalks.judging import HOUR, beta_limit, work_of
from sim.planning.spacewalks.record import Judged
from sim.planning.spacewalks.table import Found, verdict
from sim.planning.spacewalks.windows import Season

CLOCK = 300.0  # s of a cell of the day
SHORT = {  # the rules as rows of a picture
    "start": "hour of the start",
    "crew_day": "day of the crew",
    "anomaly": "anomaly (SAA)",
    "relay": "relay contact",
    "light": "light at the hatch",
    "storm": "geomagnetic storm",
    "beta": "Sun angle (arrays, arm)",
    "work": "launch, docking (arm)",
    "burns": "raises",
    "first": "crew used to it",
    "last": "crew packs",
    "between": "rest between two",
    "between_usual": "usual rest",
    "inside": "people inside",
}


def season_chart(found: Found) -> dict:
    """The days of the windows. Times in s from `zero`; grids (days, cells of the clock) of light, anomaly and relay,
    NaN where nothing was looked at; shares of the starts of each day that a rule allows, by rule."""
    seen = found.season
    assert seen is not None  # asked for where there are windows
    midnights = _midnights(seen)
    grid = midnights[:-1, None] + CLOCK * (np.arange(round(DAY / CLOCK)) + 0.5)
    sky, rules = seen.sky, seen.rules
    inside = (grid >= sky.t[0]) & (grid <= sky.t[-1])
    at = sky.index(grid)
    day = np.floor((seen.starts - midnights[0]) / DAY).astype(int)
    count = np.bincount(day, minlength=len(midnights) - 1)
    limit = beta_limit(seen.zero.plus(float(seen.starts[0])), rules)
    length = rules.spacewalk.length_h * HOUR
    walks = found.plan.walks if found.plan else ()
    first, last = seen.zero.plus(float(midnights[0])), seen.zero.plus(float(midnights[-1]))
    return {
        "name": found.title,
        "ship": seen.crew.ship,
        "elements": seen.orbit.elements.name,
        "raises_from": Path(found.raises).name if found.raises else "",
        "zero": seen.zero,
        "midnights": midnights,
        "lit": np.where(inside, sky.lit[at], np.nan),
        "anomaly": inside & (sky.protons[at] > rules.anomaly.protons_most),
        "relayed": ~inside | sky.relayed[at],
        "length_h": rules.spacewalk.length_h,
        "retime_min": rules.planning.retime_min,
        "start_h": (rules.start.from_h, rules.start.until_h),
        "crew_h": (rules.crew_day.from_h, rules.crew_day.until_h),
        "spans": seen.spans(),
        "step": 60.0 * rules.planning.step_min,
        "walks": [(w.number, w.start, w.start + length, w.people) for w in walks],
        "allowed": {
            SHORT[name]: np.bincount(day, good, len(midnights) - 1) / np.maximum(count, 1)
            for name, good in {**seen.allowed, "open": seen.open}.items()
            if name in SHORT
        }
        | {"all of them": np.bincount(day, seen.open, len(midnights) - 1) / np.maximum(count, 1)},
        "looked_at": count > 0,
        "beta_t": midnights[:-1] + 0.5 * DAY,
        "beta": sky.beta[sky.index(midnights[:-1] + 0.5 * DAY)],
        "beta_limit": limit[:2] if limit is not None else None,
        "raises": list(seen.orbit.burns),
        "work": [(w.at.since(seen.zero), w.words) for w in work_of(seen.found) if first <= w.at < last],
    }


def _midnights(seen: Season) -> np.ndarray:
    """Every midnight in Beijing about the starts, s from zero: one before the first, one after the last."""
    local = seen.zero.plus(float(seen.starts[0])).local(BEIJING)
    first = float(seen.starts[0]) - (local.hour * 3600.0 + local.minute * 60.0 + local.second)
    count = int(np.floor((float(seen.starts[-1]) - first) / DAY)) + 1
    return first + DAY * np.arange(count + 1)


def record_chart(found: Found) -> dict:
    """The spacewalks of the record, one row each: hours in Beijing, verdict, and how it stands with each rule."""
    used = [name for name in SHORT if any(s.rule == name for j in found.record for s in j.standings)]
    return {
        "name": found.title,
        "rules": [SHORT[name] for name in used],
        "walks": [_row(j, used) for j in found.record],
    }


def _row(j: Judged, used: list[str]) -> dict:
    start = j.walk.start.local(BEIJING)
    opened = start.hour + start.minute / 60.0 + start.second / 3600.0
    standing = {s.rule: s for s in j.standings}
    return {
        "number": j.number,
        "day": j.walk.start.text("%d %b %Y", BEIJING),
        "ship": j.ship,
        "bar": (opened, opened + j.walk.end.since(j.walk.start) / HOUR) if j.length_known else None,
        "possible": [(_hour(a), _hour(b)) for a, b in j.starts],
        "verdict": verdict(j),
        "beta": j.beta,
        "marks": [_mark(standing[name]) if name in standing else "" for name in used],
    }


def _hour(at) -> float:
    local = at.local(BEIJING)
    return local.hour + local.minute / 60.0


def _mark(s) -> str:
    """`kept`, `depends` (on the place on the orbit), `unknown`, `broken`, or `against` a rule that is none to keep."""
    if s.share is None:
        return "unknown"
    if 0.0 < s.share < 1.0:
        return "depends"
    return "kept" if s.share == 1.0 else "broken" if s.hard else "against"
