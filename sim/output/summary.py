"""Scenarios and flights in a few lines for a terminal, and the same as a dict for --json."""

from __future__ import annotations

from pathlib import Path

from sim.ascent.range_safety.published import worst
from sim.core.ascent_record import AscentRecord
from sim.core.epoch import Epoch, elapsed
from sim.files.problems import listed
from sim.reentry.published_sequence import compared
from sim.rendezvous.budget import one_line, propellant_budget

# The lines at the end of a run: the event, its word, and (key, format) of the values shown.
_SUMMARISED = (
    ("liftoff", "lift-off", ()),
    ("contact", "contact", (("closing_speed_m_s", "closing at {:.3f} m/s"), ("lateral_offset_m", "{:.3f} m off axis"))),
    ("docked", "docked", ()),
    ("touchdown", "touchdown", (("miss_km", "{:.1f} km from the site"), ("speed_m_s", "{:.1f} m/s"))),
)


def broken_rules(flight) -> list[str]:
    """The verdicts of a flight that do not hold, one sentence each."""
    return [
        f"{v.phase}: rule '{v.rule}' broken: {v.value:.6g} {v.unit}, must be {v.sense} {v.limit:g} {v.unit}"
        for v in flight.verdicts
        if not v.passed
    ]


def flight_lines(flight) -> list[str]:
    """Name, lift-off, contact, docking, its propellant and touchdown of a flight; what it did not have is left out."""
    lines = [flight.name]
    for name, word, values in _SUMMARISED:
        if event := flight.first(name):
            # By way of the milliseconds that flight.json holds, so that report and terminal round the same number.
            utc = Epoch.from_utc(flight.epoch(event.t).utc()).utc(0)
            parts = [utc, "" if name == "liftoff" else elapsed(flight.met(event.t))]
            parts += [form.format(event.values[key]) for key, form in values if key in event.values]
            lines.append(f"{word:<10} {', '.join(p for p in parts if p)}")
        if name == "liftoff":
            lines += ascent_lines(flight)
        if name == "docked" and (costs := propellant_budget((leg.phase, leg.record) for leg in flight.legs)):
            lines.append(f"{'rendezvous':<10} {one_line(costs)}")
        if name == "touchdown" and (line := return_line(flight)):
            lines.append(f"{'return':<10} {line}")
    if flight.week:
        plan, broken = flight.week.plan, len(flight.week.broken)
        held = f"{len(plan.entries)} times of activities, {broken or 'nothing'} broken in this flight"
        lines.append(f"{'week':<10} {held}")
    return lines


def return_line(flight) -> str:
    """How much of the published return the flown one agrees with, and what does not; empty where none was flown."""
    rows = [row for row in compared(flight) if row.flown is not None]
    outside = [f"{row.what} {row.flown:.4g} {row.unit}" for row in rows if not row.inside]
    if not rows:
        return ""
    chosen = sum(row.inside and bool(row.set_by or row.calibrated_by) for row in rows)
    text = f"{len(rows) - len(outside)} of {len(rows)} published figures inside their bands, {chosen} set or calibrated"
    return f"{text}; outside: {', '.join(outside)}" if outside else text


def ascent_lines(flight) -> list[str]:
    """The ascent's key figures and what they rest on; nothing where it was not flown."""
    record = next((leg.record for leg in flight.legs if isinstance(leg.record, AscentRecord)), None)
    push = flight.first("max_dynamic_pressure")
    if record is None or record.figures is None or push is None or "dynamic_pressure_kpa" not in push.values:
        return []
    flown = record.figures
    load = float(record.ascent.axial_load_g.max())
    plane = f"plane error {flown.plane_from_target_deg:.4f} deg"
    orbit = f"{flown.orbit.perigee_km:.1f} x {flown.orbit.apogee_km:.1f} km, {plane}"
    figures = f"max q {push.values['dynamic_pressure_kpa']:.1f} kPa, {load:.2f} g"
    figures += f", {flown.propellant_left_kg:.0f} kg left"
    lines = [f"{'ascent':<10} {orbit}", f"{'':<10} {figures} (drag, dry masses and residuals are assumed)"]
    if late := worst(flown.study.published if flown.study else ()):
        timed = f"{late.event.replace('_', ' ')} {late.off_percent:+.1f} % from its published time, others nearer"
        lines.append(f"{'':<10} {timed}")
    return lines


def flight_dict(flight, directory: Path, wall_s: float) -> dict:
    """What `run --json` prints for a flight that was flown to its end."""
    broken = [v for v in flight.verdicts if not v.passed]
    events = {}
    for name, _, _ in _SUMMARISED:
        if event := flight.first(name):
            at = {"utc": flight.epoch(event.t).utc(), "met_s": round(flight.met(event.t), 3), "vehicle": event.vehicle}
            values = {k: v if isinstance(v, str | int) else float(v) for k, v in event.values.items()}
            events[name] = {**at, "values": values}
    return {
        "status": "rule broken" if broken else "done",
        "mission": flight.name,
        "events": events,
        "rendezvous": propellant_budget((leg.phase, leg.record) for leg in flight.legs),
        "published_return": {row.name: bool(row.inside) for row in compared(flight) if row.flown is not None},
        "rules_held": len(flight.verdicts) - len(broken),
        "rules_broken": broken_rules(flight),
        "wall_s": round(wall_s, 3),
        "directory": str(directory),
        "report": str(directory / "report.html"),
    }


def scenario_lines(scenario) -> list[str]:
    """A checked mission as a short table."""
    s = scenario
    docked = ", ".join(f"{d.ship} {d.port}" for d in s.docked) or "nobody"
    rows = [("mission", s.name), *_launch_rows(s)]
    where = f"{s.station.name}: {s.station_vehicle.name}, elements {s.station.elements}"
    rows.append(("station", f"{where}; docked: {docked}"))
    if s.blocks.rendezvous is not None:
        rows.append(("port", f"{s.rendezvous.port}; {s.profile.name}"))
        rows.append(("return", f"{s.return_.ship} to {s.landing_site.name}"))
    rows += [("crew", f"{c.name}; {c.role}, {c.nation}; up {c.ship_up}, down {c.ship_down}") for c in s.crew]
    width = len(str(len(s.sequence) - 1))
    rows += [("sequence", f"{i:<{width}} {line}") for i, line in enumerate(map(phase_line, s.sequence))]
    for name, phases in s.branches.items():
        rows.append(("or else", f"after phasing, by the {name} profile: {', '.join(e.phase for e in phases)}"))
    lines, previous = [], ""
    for word, text in rows:
        lines.append(f"  {'' if word == previous else word:<9} {text}")
        previous = word
    lines.append(f"  {len(s.sources)} values with a source, {len(s.assumed)} of them assumed")
    if s.unsourced:
        lines.append(f"  {len(s.unsourced)} values without a source: {listed(s.unsourced)}")
    return lines


def _launch_rows(scenario) -> list[tuple[str, str]]:
    """Ship, launcher, site and lift-off of every launch of the mission."""
    rows = []
    for entry in scenario.sequence:
        if entry.phase == "await-launch":
            ship, named = scenario.ship_vehicle(entry.ship), scenario.named
            window = entry.liftoff_utc or " to ".join(entry.window_utc)
            seats = f"{ship.crew_seats} seats" if ship.crew_seats else "no seats"
            rows += [
                ("ship", f"{entry.ship}: {ship.name}, {seats}"),
                ("launcher", named.launchers[entry.launcher].name),
                ("site", f"{named.sites[entry.site].name}; lift-off {window}"),
            ]
    return rows


def phase_line(entry) -> str:
    """A phase of the sequence with what distinguishes it: the ship, and what it names; figures are in --json."""
    named = (("profile", ""), ("start", "from "), ("port", "to "), ("launcher", ""), ("site", ""))
    words = [f"{form}{getattr(entry, key)}" for key, form in named if getattr(entry, key, None)]
    return ", ".join([f"{entry.phase:<12} {entry.ship}", *words])


def phases_dict(scenario) -> dict:
    """The phases of a mission, and of each branch, as its file could state them."""

    def tables(sequence) -> list[dict]:
        return [entry.model_dump(mode="json", exclude_none=True) for entry in sequence]

    return {
        "sequence": tables(scenario.sequence),
        "branches": {name: tables(phases) for name, phases in scenario.branches.items()},
    }


def scenario_dict(scenario) -> dict:
    """What `check --json` prints for a mission without problems."""
    return {
        "status": "all right",
        "mission": scenario.name,
        "scenario": scenario.raw,
        **phases_dict(scenario),
        "sources": len(scenario.sources),
        "assumed": [source._asdict() for source in scenario.assumed],
        "unsourced": list(scenario.unsourced),
        "warnings": list(scenario.warnings),
    }
