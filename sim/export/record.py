"""`flight.json`: what happened, in the form that other programs read. It holds no wall times."""

from __future__ import annotations

from collections.abc import Iterator

from sim.core.epoch import Epoch
from sim.core.figures import as_table
from sim.core.flight import Event, Flight, Leg, RuleCheck
from sim.core.scene import Seat
from sim.export.plain import plain
from sim.export.record_basis import basis_of
from sim.export.week import week_record_dict
from sim.reentry.published_sequence import Compared, compared
from sim.scenario.dispersible import columns

SCHEMA = 1
CONVENTIONS = {
    "frame": "GCRF in the ephemerides; the approach in the station's LVLH: x forward, y against the orbit normal, "
    "z to the Earth",
    "orbit_elements": "osculating, on the true equator and equinox of date",
    "perigee_apogee": "over 6378.137 km, the equatorial radius",
    "altitude": "geodetic, over the WGS-84 ellipsoid",
    "time": "UTC; met_s counts SI seconds from lift-off, or from the start of a flight without one",
    "burn_events": "at mid-burn, except deorbit_burn_start and deorbit_burn_end",
    "speed": "speed_inertial_m_s is inertial, any other speed in entry and descent is relative to the air; "
    "closing and lateral speeds are relative to the port",
}


def as_record(flight: Flight, raw: dict) -> dict:
    """The whole content of `flight.json`; `raw` is the resolved scenario, as plain tables."""
    content = {
        "schema": SCHEMA,
        "name": flight.name,
        "zero_utc": flight.zero.utc(9),
        "conventions": CONVENTIONS,
        "legs": [_leg(flight, leg) for leg in flight.legs],
        "events": [_event(flight, event) for event in flight.events],
        "crew": [_seat(flight, seat, raw) for seat in _crew(flight)],
        "verdicts": [_verdict(flight, verdict) for verdict in flight.verdicts],
        "drawn": {column: value for path, values in flight.drawn.items() for column, value in _columns(path, values)},
        "record": against_record(flight, raw),
        "simplifications": [
            {"key": one.key, "model": one.model, "text": one.text, "phases": phases}
            for one, phases in flight.simplifications.items()
        ],
    }
    if rows := compared(flight):
        content["published_return"] = [published_row(row) for row in rows]
    if flight.week is not None:
        content["week"] = week_record_dict(flight.week, flight.zero)
    return plain(content, "flight")


def published_row(row: Compared) -> dict:
    """A figure of the return beside the published one."""
    return {
        "name": row.name,
        "what": row.what,
        "unit": row.unit,
        "published": row.published,
        "low": row.low,
        "high": row.high,
        "flown": row.flown,
        "difference": row.difference,
        "inside": bool(row.inside),
        "fact": row.fact,
        "sources": list(row.sources),
        "set_by": row.set_by or None,
        "calibrated_by": row.calibrated_by or None,
        "why": row.why,
    }


def _columns(path: str, values: tuple[float, ...]) -> Iterator[tuple[str, float]]:
    """What was drawn of one thing, each part with its unit, as in the table of a campaign."""
    yield from zip(columns(path), values, strict=True)


def _moment(flight: Flight, t: float, prefix: str = "") -> dict:
    return {f"{prefix}utc": flight.epoch(t).utc(), f"{prefix}met_s": round(flight.met(t), 6)}


def _leg(flight: Flight, leg: Leg) -> dict:
    described = {"phase": leg.phase, "status": leg.status}
    notes = as_table(leg.record.figures) if leg.record else {}
    if leg.reason:
        described["reason"] = leg.reason
    return described | _moment(flight, leg.start, "start_") | _moment(flight, leg.end, "end_") | {"notes": notes}


def _event(flight: Flight, event: Event) -> dict:
    return {"name": event.name} | _moment(flight, event.t) | {"vehicle": event.vehicle, "values": event.values}


def _verdict(flight: Flight, verdict: RuleCheck) -> dict:
    return {
        "rule": verdict.rule,
        "phase": verdict.phase,
        "value": verdict.value,
        "sense": verdict.sense,
        "limit": verdict.limit,
        "unit": verdict.unit,
        "margin": verdict.margin,
        "passed": bool(verdict.passed),
        "utc": flight.epoch(verdict.t).utc(),
    }


def _crew(flight: Flight) -> tuple[Seat, ...]:
    return flight.legs[-1].scene.crew if flight.legs else ()


def _seat(flight: Flight, seat: Seat, raw: dict) -> dict:
    """One of the crew; `days` run from lift-off to landing, or to the end of the flight for those still aboard."""
    up = _up_seconds(flight, seat, raw)
    landed = seat.down_t is not None
    end = flight.legs[-1].end if seat.down_t is None else seat.down_t
    begun = up if up is not None and up <= end else None
    return {
        "name": seat.name,
        "role": seat.role,
        "nation": seat.nation,
        "ship_up": seat.ship_up,
        "ship_down": seat.ship_down,
        "up_utc": flight.epoch(begun).utc() if begun is not None else None,
        "down_utc": flight.epoch(end).utc() if landed else None,
        "days": (end - begun) / 86400.0 if begun is not None else None,
        "status": "landed" if landed else "still aboard" if begun is not None else "not launched",
        "note": seat.note,
    }


def _up_seconds(flight: Flight, seat: Seat, raw: dict) -> float | None:
    """Lift-off of a seat's ship, in seconds since zero; those who came up earlier have it in the scenario."""
    if seat.up_t is not None:
        return seat.up_t
    utc = next((c.get("ship_up_utc") for c in raw.get("crew", ()) if c["name"] == seat.name), None)
    return Epoch.from_utc(utc).since(flight.zero) if utc else None


def against_record(flight: Flight, raw: dict) -> dict:
    """Each recorded event time beside the simulated one (`None` where the flight has no such event), and whether that
    is an input, calibrated, or a forecast."""
    rows = {}
    for name, utc in raw.get("record", {}).items():
        event = flight.first(name)
        when = flight.epoch(event.t) if event else None
        basis = basis_of(name, raw)
        rows[name] = {
            "recorded_utc": utc,
            "simulated_utc": when.utc() if when else None,
            "difference_s": round(when.since(Epoch.from_utc(utc)), 3) if when else None,
            "basis": basis.kind,
            "rests_on": list(basis.rests_on),
            "given": basis.given or None,
        }
    return rows
