"""Real dockings against the rules: each inside an interval that is called open, or which rule it broke, by how much.

The element set of each flight is that of `sim.verification.launches`, taken by SGP4 to a sidereal day before lift-off
and flown from there. Of Shenzhou-20 the two nearest sets lie weeks away with a raise in between: they give the plane,
and the station is put on it where the profile requires it at insertion. The recorded minute is that of the end of
docking; contact is taken as much earlier as the ship's mechanism needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.planning.docking.plan import DockingPlan
from sim.planning.docking.season import season
from sim.planning.docking.slots import Slot
from sim.planning.docking.table import rounded, utc
from sim.planning.station_outlook import DAY, SIDEREAL_DAY
from sim.proximity_safety.conditions.intervals import holding
from sim.proximity_safety.conditions.timeline import BETA, PENUMBRA, UMBRA
from sim.scenario import load
from sim.scenario.docking_rules import load_rules
from sim.verification.launches import SETS

MISSION = "shenzhou-20"  # a file to fly the station from; what differs between the flights is set
FLIGHTS = {"sz_15": "6.5h", "sz_20": "6.5h", "sz_21": "3.5h", "sz_22": "3.5h", "sz_23": "3.5h"}
PLANE_ONLY = ("sz_20",)  # the sets give the plane, not the station's position in it
ELEMENTS = {"sz_20": "css-2025-05-21"}  # of its two sets the one after it, as the mission file has it
OTHER_PORT = {"forward": "nadir", "nadir": "forward"}


@dataclass(frozen=True)
class RecordedDocking:
    """One flight: its profile and port, the element set, the plan about it, and contact s from the plan's zero."""

    flight: str
    port: str
    elements: str
    plan: DockingPlan
    contact: float
    docked: Epoch

    @property
    def slot(self) -> Slot:
        return min(self.plan.slots, key=lambda s: abs(s.contact - self.contact))


def docking(flight: str) -> RecordedDocking:
    """The windows of the day on which a flight of the record docked."""
    recorded = fact(f"missions.{flight}").table
    launch, docked, port = Epoch.from_utc(recorded["launch"]), Epoch.from_utc(recorded["docked"]), recorded["port"]
    elements = ELEMENTS.get(flight, SETS[flight][0])
    zero = launch.plus(-SIDEREAL_DAY)
    scenario = load(
        MISSION,
        [
            f"station.elements={elements}",
            f"station.start_utc={zero.utc(0)}",
            f"launch.liftoff_utc={launch.utc(0)}",
            f"rendezvous.profile={FLIGHTS[flight]}",
            f"rendezvous.port={port}",
            f"docked.0.port={OTHER_PORT[port]}",
            "trim.days_before=0.5",
            "crew=",
        ],
    )
    placed = flight in PLANE_ONLY
    found = season(scenario, load_rules("tiangong"), docked.plus(-0.5 * DAY), 1.0, None, placed).plan
    if placed:  # the cost of the trim has no meaning where the station's own phase is not known
        found = replace(found, constraints=tuple(c for c in found.constraints if c.name != "trim"))
    mate = scenario.ship_vehicles["shenzhou"].docking.contact_to_hard_mate_s
    return RecordedDocking(
        flight=flight, port=port, elements=elements, plan=found, contact=docked.since(found.zero) - mate, docked=docked
    )


def rows() -> list[dict]:
    """The table for other programs."""
    return [_row(docking(flight)) for flight in FLIGHTS]


def _row(d: RecordedDocking) -> dict:
    plan, at = d.plan, np.array([d.contact])
    recorded = d.docked.since(plan.zero)
    beta = math.asin(plan.sight.rows(at)[0, BETA])
    margins = {c.name: (c, float(c.margin(at)[0])) for c in plan.constraints}
    inside = holding(plan.open, d.contact)
    return {
        "flight": d.flight.replace("sz_", "shenzhou-"),
        "port": d.port,
        "profile": plan.profile.key,
        "element_set": d.elements,
        "station": "where the profile requires it" if d.flight in PLANE_ONLY else "as it flew",
        "docked_utc": d.docked.utc(0),
        "contact_utc": plan.zero.plus(d.contact).utc(0),
        "beta_deg": round(math.degrees(beta), 2),
        "light_at_contact": _light(plan, d.contact),
        "light_at_recorded_minute": _light(plan, recorded),
        "phase_deg": None if d.flight in PLANE_ONLY else round(math.degrees(d.slot.phase), 2) % 360.0,
        "open": inside is not None,
        "open_at_recorded_minute": holding(plan.open, recorded) is not None,
        "open_from_utc": inside and utc(plan, inside.start),
        "open_until_utc": inside and utc(plan, inside.end),
        "broken": {c.name: _broken(c, m) for c, m in margins.values() if m < 0.0},
        "margins": {name: rounded(m, c.unit) for name, (c, m) in margins.items()},
    }


def _light(plan: DockingPlan, t: float) -> str:
    sky = plan.sight.rows(np.array([t]))[0]
    return "sunlight" if sky[PENUMBRA] > 0.0 else "umbra" if sky[UMBRA] < 0.0 else "penumbra"


def _broken(c, margin: float) -> dict:
    return {"hard": c.hard, "margin": rounded(margin, c.unit), "unit": c.unit}


def lines(table: list[dict]) -> list[str]:
    """The table for people."""
    text = [
        "contact = recorded minute less the 8 min from contact to hard mate (assumed); light: at contact, then",
        "flight       port     profile  contact (UTC)         beta   light                phase  open from - until    "
        "hard rules broken; soft ones",
    ]
    for row in table:
        hard, soft = (
            ", ".join(f"{n} {b['margin']:+g} {b['unit']}" for n, b in row["broken"].items() if b["hard"] is kind)
            for kind in (True, False)
        )
        opened = "closed"
        if row["open"]:
            opened = f"{row['open_from_utc'][11:19]} - {row['open_until_utc'][11:19]}"
        phase = "-" if row["phase_deg"] is None else f"{row['phase_deg']:.1f}"
        light = f"{row['light_at_contact']}, {row['light_at_recorded_minute']}"
        text.append(
            f"{row['flight']:<12} {row['port']:<8} {row['profile']:<7}  {row['contact_utc']}  {row['beta_deg']:+5.1f}  "
            f"{light:<19}  {phase:>5}  {opened:<19}  "
            f"{hard or 'none'}; {soft or 'none'}"
        )
    return [
        *text,
        "Shenzhou-20: the sets nearest to it give the plane only; the station stands where the profile requires it",
    ]
