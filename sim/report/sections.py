"""The parts of the report that hold for the whole flight: summary, crew, record, mass."""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.arm_record import TranspositionRecord
from sim.core.epoch import Epoch
from sim.core.flight import phase_name
from sim.export.stored import PlotData
from sim.rendezvous.budget import one_line as rendezvous_line
from sim.rendezvous.budget import propellant_budget
from sim.report.markup import ZONE, Html, joined, moment, number, paragraph, section, shown, table, twice
from sim.report.names import quantity


def ship_name(name: str | None) -> str:
    return (name or "the ship").capitalize()


def summary(data: PlotData) -> Html:
    """The flight in one paragraph, with the figures that matter most."""
    sentences = [_launch(data), *_comings_and_goings(data), _transposition(data), _visitor(data), _rules(data)]
    failed = next((leg for leg in data.record["legs"] if leg["status"] == "failed"), None)
    if failed:
        reason = failed.get("reason", "no reason given")
        sentences.append(f"The flight ended in the phase {phase_name(failed['phase'])}: {reason}.")
    return paragraph(Html(" ".join(shown(part) for part in sentences if part)))


def _comings_and_goings(data: PlotData) -> tuple[str, ...]:
    """Docking and undocking, in the order in which they were flown."""
    docking, leaving = (_docking(data), _rendezvous(data)), _return(data)
    docked, left = data.when("docked"), data.when("undocking")
    return (leaving, *docking) if docked is not None and left is not None and left < docked else (*docking, leaving)


def _values(data: PlotData, name: str) -> dict:
    found = data.events(name)
    return found[0]["values"] if found else {}


def _launch(data: PlotData) -> str:
    when = data.when("liftoff")
    if when is None:
        return ""
    text = ""
    orbit, insertion = _values(data, "orbit_insertion"), data.when("orbit_insertion")
    if insertion is not None:
        seconds = insertion - when
        text += f" and is in orbit {seconds / 60.0:.1f} min later"
        text += f", at {orbit['perigee_km']:.1f} × {orbit['apogee_km']:.1f} km"
    lifts_off = twice(data.zero.plus(when))
    return joined(f"{ship_name(data.ship('liftoff'))} lifts off at ", lifts_off, text, ".")


def _docking(data: PlotData) -> str:
    when = data.when("docked")
    if when is None:
        return ""
    contact = _values(data, "contact")
    who = "It" if data.when("liftoff") is not None else ship_name(data.ship("docked"))
    text = f"{who} docks at the {_values(data, 'docked')['port']} port"
    for event, words in (("liftoff", "lift-off"), ("undocking", "undocking")):
        start = data.when(event)
        if start is not None and start < when:
            hours, minutes = divmod(round((when - start) / 60.0), 60)
            text += f" {hours} h {minutes:02d} min after {words}"
            break
    if contact:
        text += f", closing at {contact['closing_speed_m_s']:.3f} m/s"
        text += f" and {100 * contact['lateral_offset_m']:.1f} cm from the axis"
    return text + "."


def _transposition(data: PlotData) -> str:
    """A docked craft that was moved to another place."""
    record = data.of(TranspositionRecord, "transposition")
    if record is None or record.figures is None:
        return ""
    found = record.figures
    who = ship_name(data.ship("transposition_start"))
    return (
        f"{who} is turned by {found.turned_deg:.0f} deg by the {found.by}: {found.duration_s / 60.0:.1f} min in all, "
        f"{found.moving_s / 60.0:.1f} of them in motion; a station without control turns by "
        f"{found.station_turn_deg:.1f} deg meanwhile."
    )


def _rendezvous(data: PlotData) -> str:
    costs = propellant_budget((leg.phase, leg.record) for leg in data.legs)
    return f"The rendezvous takes {rendezvous_line(costs)}." if costs else ""


def _return(data: PlotData) -> str:
    undocking, landing, docked = data.when("undocking"), data.when("touchdown"), data.when("docked")
    if undocking is None:
        return ""
    who = f"{ship_name(data.ship('undocking'))} leaves"
    if docked is not None and docked < undocking:
        leaves = joined(who, f" {(undocking - docked) / 86400.0:.1f} days after that docking")
    else:
        leaves = joined(who, " at ", moment(data.zero.plus(undocking), zone=True))
    text = ""
    if landing is not None:
        down, peak = _values(data, "touchdown"), _values(data, "peak_load")
        text += f" and lands {down['miss_km']:.1f} km from the site, at {down['speed_m_s']:.1f} m/s"
        text += f", having met {peak['load_g']:.1f} g in entry" if peak else ""
        chutes = data.descent.figures if data.descent else None
        text += f", {chutes.opening_load_g:.1f} g as the parachutes opened" if peak and chutes else ""
    return joined(leaves, text, ".")


def _visitor(data: PlotData) -> str:
    """Those who go down in another ship than they came up in: the visitors of a rotation."""
    changed = [s for s in data.record["crew"] if s["status"] == "landed" and s["ship_up"] != s["ship_down"]]
    return " ".join(
        f"The {s['role']} from {s['nation']} goes up in {ship_name(s['ship_up'])}, "
        f"comes down in {ship_name(s['ship_down'])}, and is {s['days']:.1f} days in space."
        for s in changed
    )


def _rules(data: PlotData) -> str:
    verdicts = data.record["verdicts"]
    broken = [v["rule"] for v in verdicts if not v["passed"]]
    if not verdicts:
        return ""
    if broken:
        return f"Of {len(verdicts)} flight rules {len(broken)} are broken: {', '.join(broken)}."
    return f"All {len(verdicts)} flight rules hold."


def pictures_left_out(names: Sequence[str]) -> str:
    """Which pictures were not asked for, and how to see them; nothing where all were."""
    if not names:
        return ""
    text = (
        f"Not drawn, since the run was not asked for them: {', '.join(names)}. To draw them from what is stored, into "
        "the folder plots beside this file: tiangong plot DIR, with the directory of this file for DIR."
    )
    return section("Pictures left out", paragraph(text))


def crew(data: PlotData) -> str:
    rows = [
        (
            s["name"],
            s["role"],
            s["nation"],
            ship_name(s["ship_up"]),
            ship_name(s["ship_down"]),
            "–" if s["days"] is None else f"{s['days']:.2f}",
            s["status"],
            s["note"],
        )
        for s in data.record["crew"]
    ]
    heads = ("name", "role", "nation", "up in", "down in", "days", "at the end", "note")
    return section("Crew", table(heads, rows, numeric=(5,), unbroken=(3, 4, 6)) if rows else "")


def against_record(data: PlotData) -> str:
    rows = [
        (
            name.replace("_", " "),
            moment(Epoch.from_utc(r["recorded_utc"])),
            moment(Epoch.from_utc(r["simulated_utc"])) if r["simulated_utc"] else "not flown",
            "–" if r["difference_s"] is None else f"{r['difference_s']:+.0f} s ({r['difference_s'] / 60.0:+.1f} min)",
            _basis(r),
            "; ".join(r.get("rests_on", ())),
        )
        for name, r in data.record["record"].items()
    ]
    content = []
    if rows:
        steered = (
            "Input: the mission file takes the time, or the one that it is counted from, from the record. Calibrated: "
            "it rests on the flight compared with among others, or on what is younger. Only a forecast is evidence, "
            f"and of these {len(rows)} times {sum(row[4].startswith('forecast') for row in rows)} are. Docked is hard "
            "mate, also in the record."
        )
        clock = (joined(word, " (", ZONE, ")") for word in ("recorded", "simulated"))
        heads = ("event", *clock, "simulated less recorded", "basis", "rests on")
        content += [paragraph(steered), table(heads, rows, numeric=(3,), unbroken=(1, 2))]
    return section("Against the record", *content)


def _basis(row: dict) -> str:
    """In words; one that is counted from another event, which is no forecast, is judged from that on."""
    kind = row.get("basis", "not known")
    return f"{kind}, from {row['given'].replace('_', ' ')} on" if row.get("given") else kind


def bookkeeping(data: PlotData) -> str:
    """Every mass that a phase noted."""
    rows = [
        (phase_name(leg["phase"]), quantity(key)[0], number(value))
        for leg in data.record["legs"]
        for key, value in leg["notes"].items()
        if key.endswith("_kg")
    ]
    return section("Mass and propellant", table(("phase", "quantity", "kg"), rows, numeric=(2,)) if rows else "")
