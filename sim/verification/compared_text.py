"""A comparison as lines for people and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from sim.verification.compared_cause import BurnPair, burn_words
from sim.verification.compared_files import FinishedFlight
from sim.verification.compared_flights import ComparedFlights
from sim.verification.compared_paths import PathDifference
from sim.verification.compared_tables import Changed, EventPair, RulePair, count

SCHEMA = 1  # of compare.json
MOST_LINES = 12  # of one table on the terminal; --json and --out have all


def lines(found: ComparedFlights) -> list[str]:
    """The verdict and its cause first, then table by table what differs."""
    text = [f"{word}  {_named(flight)}" for word, flight in (("first ", found.first), ("second", found.second))]
    return [*text, *_verdict(found), *_settings(found), *_tables(found)]


def _named(flight: FinishedFlight) -> str:
    made = flight.manifest
    return (
        f"{flight.directory}: {flight.record['name']} (tiangong {made.get('tiangong_sim')}, {made.get('created_utc')})"
    )


def _verdict(found: ComparedFlights) -> Iterator[str]:
    for name in found.unread:
        yield f"{name} holds no trajectories.npz: paths and burns are not compared; fly that mission again for them"
    if found.equal:
        yield "equal: every event, rule, stored array and node of every trajectory, to the last bit"
    elif found.cause is None:
        yield "nothing that is compared differs"
    else:
        yield "; ".join(part for part in (f"first difference: {found.cause.text}", found.cause.before) if part)
        notable = found.notable_burn
        if found.cause.kind not in ("start", "burn") and notable is not None:
            yield f"first burn that differs by more than 1 mm/s: {burn_words(found.first, notable)}"


def _settings(found: ComparedFlights) -> Iterator[str]:
    of = count(found.first.scenario)
    if found.scenario:
        yield f"scenario: {len(found.scenario)} of {of} keys differ"
        yield from _short(map(_changed, found.scenario))
    else:
        yield f"scenario: all {of} keys are the same"
    if found.setting:
        yield f"versions and data: {len(found.setting)} differ"
        yield from _short(map(_changed, found.setting))
    else:
        yield "versions and data: the same"


def _changed(one: Changed) -> str:
    first, second = (value[:12] if one.key.startswith("data_sha256") else value for value in (one.first, one.second))
    return f"  {one.key}: {_value(first)} | {_value(second)}"


def _value(value: object) -> str:
    text = f"{value:.9g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 70 else f"{text[:67]}..."


def _tables(found: ComparedFlights) -> Iterator[str]:
    if found.equal:
        return
    yield from _burn_lines(found)
    yield from _event_lines(found)
    yield from _rule_lines(found)
    yield from _landing_lines(found)
    for path in found.paths:
        yield from _path_lines(found, path)
    if found.alone:
        yield f"craft of one flight only: {', '.join(found.alone)}"
    if found.first.vehicles and found.second.vehicles and not found.paths:
        yield "trajectories: no craft flies at the same time in both flights"
    if found.rest:
        yield f"rest of flight.json: {len(found.rest)} values differ"
        yield from _short(map(_changed, found.rest))


def _short(rows: Iterable[str]) -> Iterator[str]:
    all_rows = list(rows)
    yield from all_rows[:MOST_LINES]
    if len(all_rows) > MOST_LINES:
        yield f"  and {len(all_rows) - MOST_LINES} more (--json has all)"


def _burn_lines(found: ComparedFlights) -> Iterator[str]:
    other = [pair for pair in found.burns if not pair.equal]
    yield f"burns: {len(other)} of {len(found.burns)} differ" + (
        "" if not other else "; m/s, second less first: radial, along track, cross track, and their size"
    )
    yield from map(_burn, other)


def _burn(pair: BurnPair) -> str:
    burn = pair.known
    r, t, n = pair.rtn
    alone = "" if pair.first and pair.second else f"  ({'first' if pair.first else 'second'} flight alone)"
    size = float(np.linalg.norm(pair.rtn))
    named = f"{burn.number} {burn.name}, {burn.leg}, {burn.vehicle}"
    return f"  {named:<46} {r:+10.4f} {t:+10.4f} {n:+10.4f} {size:10.4f}   {pair.later_s:+9.3f} s{alone}"


def _event_lines(found: ComparedFlights) -> Iterator[str]:
    other = [pair for pair in found.events if not pair.equal]
    head = f"events: {len(other)} of {len(found.events)} differ"
    yield head + ("; s later in UTC, and from lift-off" if other else "")
    yield from _short(map(_event, other))


def _event(pair: EventPair) -> str:
    named = f"{pair.name} {pair.number}, {pair.vehicle}"
    if pair.first is None or pair.second is None:
        return f"  {named:<46} in the {'second' if pair.first is None else 'first'} flight alone"
    values = "; ".join(f"{one.key} {_value(one.first)} | {_value(one.second)}" for one in pair.values[:2])
    return f"  {named:<46} {pair.zero_s:+11.3f} {pair.liftoff_s:+11.3f}  {values}".rstrip()


def _rule_lines(found: ComparedFlights) -> Iterator[str]:
    other = [pair for pair in found.rules if not pair.equal]
    turned = [pair for pair in other if pair.turned]
    head = f"rules: {len(other)} of {len(found.rules)} differ, {len(turned)} with another verdict"
    yield head + ("; value and margin" if other else "")
    wide = max((len(_rule_name(pair)) for pair in other), default=0)
    yield from _short(_rule(pair, wide) for pair in sorted(other, key=lambda pair: not pair.turned))


def _rule_name(pair: RulePair) -> str:
    return f"{pair.phase}: {pair.rule}"


def _rule(pair: RulePair, wide: int) -> str:
    named = _rule_name(pair).ljust(wide)
    if pair.first is None or pair.second is None:
        return f"  {named} in the {'second' if pair.first is None else 'first'} flight alone"
    sides = " | ".join(f"{row['value']:.6g} ({row['margin']:+.4g})" for row in (pair.first, pair.second))
    unit, word = pair.first["unit"], {True: "holds", False: "broken"}
    turned = f"  {word[pair.first['passed']]} -> {word[pair.second['passed']]}" if pair.turned else ""
    return f"  {named} {sides} {unit}{turned}".rstrip()


def _landing_lines(found: ComparedFlights) -> Iterator[str]:
    if not found.landing:
        return
    sides = " | ".join(
        f"{row['latitude_deg']:.4f} {row['longitude_deg']:.4f}, {row['from_site_km']:.2f} km from the site"
        for row in (found.landing["first"], found.landing["second"])
    )
    yield f"landing: {_metres(1e3 * found.landing['apart_km'])} apart: {sides}"
    for key in ("along_km", "across_km", "heading_deg"):
        one, other = (found.landing.get(name, {}).get(key) for name in ("ellipse_first", "ellipse_second"))
        if one is not None and other is not None and one != other:
            yield f"  ellipse {key}: {one:.4f} | {other:.4f}"


def _path_lines(found: ComparedFlights, path: PathDifference) -> Iterator[str]:
    if not path.rtn.any():
        yield f"trajectory of {path.vehicle}: the same at every node"
        return
    since = "; ".join(f"over {_metres(limit)} since {found.first.zero.plus(t).utc(0)}" for limit, t in path.over)
    yield f"trajectory of {path.vehicle}: {since or 'never 1 mm apart'}"
    for leg in path.legs:
        if leg.largest > 0.0:
            r, t, n = map(_signed, leg.end)
            apart = f"most {_metres(leg.largest):>9} at {found.first.zero.plus(leg.t_largest).utc(0)}"
            yield f"  {leg.leg:<14} {apart}; at its end radial {r}, along track {t}, cross track {n}"


def _metres(size: float) -> str:
    """A length in a unit that suits it."""
    if size >= 1e3:
        return f"{size / 1e3:.4g} km"
    if size >= 1.0 or size == 0.0:
        return f"{size:.4g} m"
    return f"{size * 1e3:.3g} mm"


def _signed(value: float) -> str:
    return f"{'-' if value < 0.0 else '+'}{_metres(abs(value))}"


# ---- plain data


def content(found: ComparedFlights) -> dict[str, Any]:
    """All of it as plain data: what `--json` prints and `compare.json` holds."""
    zero = found.first.zero
    cause = found.cause
    return {
        "schema": SCHEMA,
        "status": "equal" if found.equal else "different",
        "first": _side(found.first),
        "second": _side(found.second),
        "without_trajectories": list(found.unread),
        "first_difference": cause
        and {
            "kind": cause.kind,
            "utc": zero.plus(cause.t).utc(3),
            "text": cause.text,
            "before": cause.before,
            "burn": cause.burn and _pair(cause.burn, zero),
        },
        "scenario": [vars(one) for one in found.scenario],
        "setting": [vars(one) for one in found.setting],
        "burns": [_pair(pair, zero) for pair in found.burns],
        "events": [_event_data(pair) for pair in found.events if not pair.equal],
        "rules": [
            {**{k: getattr(p, k) for k in ("rule", "phase", "number", "first", "second")}, "turned": p.turned}
            for p in found.rules
            if not p.equal
        ],
        "landing": found.landing,
        "trajectories": [_path(path, zero) for path in found.paths],
        "craft_of_one_flight_only": list(found.alone),
        "rest": [vars(one) for one in found.rest],
        "arrays": list(found.arrays),
    }


def _side(flight: FinishedFlight) -> dict[str, Any]:
    made = {key: flight.manifest.get(key) for key in ("tiangong_sim", "created_utc")}
    return {"directory": str(flight.directory), "name": flight.record["name"], **made}


def _pair(pair: BurnPair, zero) -> dict[str, Any]:
    burn = pair.known

    def vector(rtn: Sequence[float] | np.ndarray) -> dict[str, float]:
        return {f"{axis}_m_s": float(x) for axis, x in zip(("radial", "along_track", "cross_track"), rtn, strict=True)}

    return {
        "name": burn.name,
        "vehicle": burn.vehicle,
        "leg": burn.leg,
        "number": burn.number,
        "middle_utc": zero.plus(burn.middle).utc(3),
        "first": vector(pair.first.rtn) if pair.first else None,
        "second": vector(pair.second.rtn) if pair.second else None,
        "difference": vector(pair.rtn),
        "size_m_s": float(np.linalg.norm(pair.rtn)),
        "later_s": pair.later_s,
    }


def _event_data(pair: EventPair) -> dict[str, Any]:
    same = {key: getattr(pair, key) for key in ("name", "vehicle", "number", "first", "second")}
    return same | {"later_s": pair.zero_s, "later_from_liftoff_s": pair.liftoff_s}


def _path(path: PathDifference, zero) -> dict[str, Any]:
    legs = [
        {
            "leg": leg.leg,
            "largest_m": leg.largest,
            "largest_utc": zero.plus(leg.t_largest).utc(3),
            "end_utc": zero.plus(leg.t_end).utc(3),
            "end_radial_m": float(leg.end[0]),
            "end_along_track_m": float(leg.end[1]),
            "end_cross_track_m": float(leg.end[2]),
        }
        for leg in path.legs
    ]
    over = [{"metres": limit, "utc": zero.plus(t).utc(3)} for limit, t in path.over]
    return {"vehicle": path.vehicle, "legs": legs, "over": over}
