"""Spacewalks in rows for other programs, and in lines for people: the record judged, the windows, the plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.core.epoch import BEIJING, Epoch
from sim.planning.rotation.timeline import DAY
from sim.planning.spacewalks.judging import HOUR, WORDS, Standing
from sim.planning.spacewalks.on_the_day import CarriedOut
from sim.planning.spacewalks.plan import SpacewalkPlan
from sim.planning.spacewalks.recheck import Broken
from sim.planning.spacewalks.record import Judged
from sim.planning.spacewalks.windows import Season


@dataclass(frozen=True)
class Flight:
    """The plan as carried out on one trajectory, and what the re-check found broken there."""

    done: CarriedOut
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class Found:
    """All that was asked for. `record`: the spacewalks of the span; `season`: the windows of a crew, or None and `why`
    not; `plan` and its `flights`, where a plan was asked for. `raises`: the file of the raises; empty where a forecast
    makes its own."""

    title: str
    rules: str
    record: tuple[Judged, ...]
    season: Season | None
    why: str
    plan: SpacewalkPlan | None
    flights: tuple[Flight, ...]
    raises: str = ""


def content(found: Found) -> dict:
    """The content of spacewalks.json."""
    return {
        "programme": found.title,
        "rules": found.rules,
        "record": [_judged_row(j) for j in found.record],
        "windows": _windows(found.season, found.raises) if found.season else None,
        "windows_left_out": found.why,
        "plan": _plan(found.season, found.plan, found.flights) if found.season and found.plan else None,
    }


def _judged_row(j: Judged) -> dict:
    first = j.measured[0]
    return {
        "number": j.number,
        "ship": j.ship,
        "start_utc": j.walk.start.utc(0),
        "end_utc": j.walk.end.utc(0) if j.length_known else None,
        "hours_released": j.length_known,
        "crew": list(j.walk.crew),
        "hatch": j.hatch,
        "work": j.work,
        "verdict": verdict(j),
        "broken": [s.rule for s in j.broken],
        "depends": [s.rule for s in j.depends],
        "beta_deg": j.beta,
        "beta_sigma_deg": j.beta_sigma,
        "elements": j.elements,
        "elements_days": j.gap / DAY,
        "place_on_orbit_known": j.phase_known,
        "sunlit_share": first.sunlit if j.phase_known and j.length_known else None,
        "rules": [_standing(s) for s in j.standings],
        "possible_starts": [{"from_utc": a.utc(0), "until_utc": b.utc(0)} for a, b in j.starts],
    }


def _standing(s: Standing) -> dict:
    return {"rule": s.rule, "hard": s.hard, "kept": s.kept, "share": s.share, "found": s.found}


def verdict(j: Judged) -> str:
    """`possible`, `depends on the place on the orbit`, `broke a rule`; where the hours were not released `possible that
    day` or `no start that day`."""
    if j.broken:
        return "broke a rule"
    if not j.length_known:
        return "possible that day" if j.starts else "no start that day"
    return "depends on the place on the orbit" if j.depends else "possible"


def _windows(found: Season, raises: str) -> dict:
    length = found.rules.spacewalk.length_h
    return {
        "ship": found.crew.ship,
        "elements": found.orbit.elements.name,
        "from_utc": found.zero.plus(float(found.starts[0])).utc(0),
        "until_utc": found.zero.plus(float(found.starts[-1])).utc(0),
        "length_h": length,
        "retime_min": found.rules.planning.retime_min,
        "raises_from": raises or "a forecast that keeps the altitude",
        "raises_utc": [found.zero.plus(b).utc(0) for b in found.orbit.burns],
        "allowed_share": {name: float(good.mean()) for name, good in found.allowed.items()},
        "open_share": float(found.open.mean()),
        "starts": [
            {"from_utc": found.zero.plus(a).utc(0), "until_utc": found.zero.plus(b).utc(0)} for a, b in found.spans()
        ],
    }


def _plan(found: Season, plan: SpacewalkPlan, flights: Sequence[Flight]) -> dict:
    return {
        "asked": plan.asked,
        "planned": len(plan.walks),
        "solver": plan.solver,
        "value": plan.value,
        "gap": plan.gap,
        "spacewalks": [
            {
                "number": w.number,
                "start_utc": found.zero.plus(w.start).utc(0),
                "end_utc": found.zero.plus(w.end).utc(0),
                "outside": list(w.people),
                "claims": sorted(w.claims),
                "sunlit_share": w.sunlit,
                "beta_deg": w.beta,
                "work": w.work,
                "work_assumed": _assumed(plan),
            }
            for w in plan.walks
        ],
        "flights": [
            {
                "density": f.done.density,
                "apart_deg": math.degrees(f.done.apart),
                "starts_utc": [found.zero.plus(s).utc(0) for s in f.done.starts],
                "moved_min": [(s - w.start) / 60.0 for s, w in zip(f.done.starts, plan.walks, strict=True)],
                "violations": [
                    {"number": b.number, "rule": b.rule, "found": b.found, "limit": b.limit, "unit": b.unit}
                    for b in f.broken
                ],
            }
            for f in flights
        ],
    }


def _assumed(plan: SpacewalkPlan) -> str:
    """What the work of planned spacewalks is taken from."""
    if not plan.work_of:
        return ""
    return (
        f"assumed: as at the last {plan.work_of} of the record" if plan.work_of > 1 else "assumed: as at the last one"
    )


def lines(found: Found) -> list[str]:
    """The same in words."""
    made = [f"{found.title}: {found.rules}"]
    if found.record:
        made += ["", *_record_lines(found.record)]
    if found.season is not None:
        made += ["", *_season_lines(found.season, found.raises)]
    elif found.why:
        made += ["", found.why]
    if found.season is not None and found.plan is not None:
        made += ["", *_plan_lines(found.season, found.plan, found.flights)]
    return made


def _record_lines(record: Sequence[Judged]) -> list[str]:
    made = [f"{'no':>2}  {'start, UTC':<16} {'h':>4} {'ship':<12} {'beta':>6} {'set, d':>7}  verdict"]
    for j in record:
        hours = f"{j.walk.end.since(j.walk.start) / HOUR:4.1f}" if j.length_known else "   ?"
        start = j.walk.start.text("%Y-%m-%d %H:%M" if j.length_known else "%Y-%m-%d")
        words = verdict(j)
        if named := j.broken or j.depends:
            words += ": " + ", ".join(f"{WORDS[s.rule]} ({s.found})" for s in named)
        if j.starts:
            words += ": start " + ", ".join(_span(a, b) for a, b in j.starts)
        made.append(f"{j.number:>2}  {start:<16} {hours} {j.ship:<12} {j.beta:6.1f} {j.gap / DAY:+7.1f}  {words}")
    return made


def _span(first: Epoch, last: Epoch) -> str:
    return f"{first.text('%H:%M', BEIJING)}-{last.text('%H:%M', BEIJING)} Beijing"


def _season_lines(found: Season, raises: str) -> list[str]:
    days: dict[str, list[str]] = {}
    for a, b in found.spans():
        first, last = found.zero.plus(a), found.zero.plus(b)
        days.setdefault(first.text("%Y-%m-%d", BEIJING), []).append(
            f"{first.text('%H:%M', BEIJING)}-{last.text('%H:%M', BEIJING)}"
        )
    shares = ", ".join(f"{WORDS[name]} {100.0 * good.mean():.0f} %" for name, good in found.allowed.items())
    made = [
        f"{found.crew.ship}: windows of {found.rules.spacewalk.length_h:g} h on {len(days)} days, "
        f"forecast from {found.orbit.elements.name}, " + (f"raises of {raises}" if raises else "raises of its own"),
        f"starts that each rule allows: {shares}",
    ]
    return made + [f"  {day}  start {', '.join(spans)} Beijing" for day, spans in days.items()]


def _plan_lines(found: Season, plan: SpacewalkPlan, flights: Sequence[Flight]) -> list[str]:
    best = "no plan is worth more" if plan.gap == 0.0 else f"the best is worth at most {100.0 * plan.gap:.1f} % more"
    made = [f"{len(plan.walks)} of {plan.asked} spacewalks planned; {best} ({plan.solver})"]
    for w in plan.walks:
        at = found.zero.plus(w.start)
        made.append(
            f"  {w.number}  {at.text('%Y-%m-%d %H:%M')} UTC, {at.text('%H:%M', BEIJING)} Beijing, "
            f"beta {w.beta:.0f} deg, {100.0 * w.sunlit:.0f} % sunlit: {', '.join(w.people)}"
        )
    if plan.walks and plan.work_of:
        made.append(f"  work: {plan.walks[0].work} ({_assumed(plan)})")
    for f in flights:
        moved = ", ".join(f"{(s - w.start) / 60.0:+.0f}" for s, w in zip(f.done.starts, plan.walks, strict=True))
        words = (
            "no violation"
            if not f.broken
            else f"{len(f.broken)} violations: "
            + ", ".join(f"{b.number}: {WORDS[b.rule]} ({b.found:.3g} against {b.limit:.3g} {b.unit})" for b in f.broken)
        )
        made.append(
            f"  flown in {f.done.density:g} of the forecast's air, {math.degrees(f.done.apart):.0f} deg from the "
            f"forecast at the last; starts moved by {moved} min: {words}"
        )
    return made
