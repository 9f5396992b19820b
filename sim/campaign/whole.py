"""Whole flights, from the wait for the launch to the landing; what is true is drawn by the mission's uncertainty.

The day of the launch and the steering are planned once, as for the flight that all of them are, and the search for the
burns of phasing begins with the nominal ones; everything else is planned in each flight by what it knows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sim.campaign import words
from sim.campaign.dispersed import Dispersed, Quantities, Rows
from sim.campaign.summary import probability
from sim.core.ascent_record import AscentRecord, AwaitLaunchRecord
from sim.core.flight import Flight, recorded
from sim.core.phasing_record import PhasingRecord
from sim.mission import Mission, Phase, fly
from sim.scenario import Scenario
from sim.uncertainty.kinds import BriefPhase, LaunchPhase, SearchingPhase, WaitingPhase

STEP = 240.0  # s, of an orbit's arc: ends within centimetres of where 60 s do, after a day


def planned(mission: Mission) -> Mission:
    """With the launch day and the steering of the nominal flight."""
    wait, ascent, *rest = mission.phases
    assert isinstance(wait, WaitingPhase) and isinstance(ascent, LaunchPhase)  # so a rotation begins
    wait = wait.planned(mission.scene, mission.world)
    flight = fly(replace(mission, phases=(wait,)))
    if flight.failed:
        return mission  # the nominal says why
    steered = replace(ascent.planned(flight.legs[-1].scene, mission.world), aim=None, launcher=ascent.launcher)
    at, searching = next((i, phase) for i, phase in enumerate(rest) if isinstance(phase, SearchingPhase))
    flight = fly(replace(mission, phases=(wait, steered, *rest[:at])))
    if not flight.failed:
        rest[at] = searching.planned(flight.legs[-1].scene, mission.world)
    return replace(mission, phases=(wait, steered, *rest))


def brief(mission: Mission) -> Mission:
    """Without what is only recorded, and in longer steps."""
    world = mission.world
    forecast = replace(world.forecast, step=STEP) if world.forecast else None
    branches = {name: tuple(map(_brief, phases)) for name, phases in mission.branches.items()}
    return replace(
        mission,
        phases=tuple(map(_brief, mission.phases)),
        branches=branches,
        world=replace(world, step=STEP, forecast=forecast),
    )


def _brief(phase: Phase) -> Phase:
    if isinstance(phase, BriefPhase):
        return replace(phase, brief=True)
    return replace(phase, study=None) if isinstance(phase, LaunchPhase) else phase


def measure(flight: Flight, mission: Mission) -> Quantities:
    legs = {leg.phase: leg for leg in flight.legs}
    events = {event.name: event for event in flight.events}
    wait, climb = (
        recorded(legs["await_launch"], AwaitLaunchRecord).figures,
        recorded(legs["ascent"], AscentRecord).figures,
    )
    phasing = recorded(legs["phasing"], PhasingRecord).figures
    assert wait and climb and phasing  # the legs were flown to their ends
    contact, touchdown = events["contact"], events["touchdown"]
    up, down = contact.vehicle, touchdown.vehicle
    return {
        "trim_m_s": sum(abs(float(e.values["delta_v_m_s"])) for e in flight.events if e.name == "station_trim"),
        "liftoff_s": events["liftoff"].t,
        "phase_deg": wait.phase_deg,
        "second_stage_propellant_kg": climb.propellant_left_kg,
        "apogee_km": climb.orbit.apogee_km,
        "phasing_m_s": phasing.delta_v_m_s,
        "contact_met_s": flight.met(contact.t),
        "docked_met_s": flight.met(events["docked"].t),
        "lateral_offset_m": float(contact.values["lateral_offset_m"]),
        "propellant_docked_kg": legs["docking"].scene.propellant[up],
        "undocking_s": events["undocking"].t,
        "deorbit_m_s": float(events["deorbit_burn_end"].values["delta_v_m_s"]),
        "entry_angle_deg": float(events["entry_interface"].values["flight_path_deg"]),
        "propellant_landing_kg": legs["deorbit"].scene.propellant[down],
        "entry_load_g": float(events["peak_load"].values["load_g"]),
        "touchdown_s": touchdown.t,
        "touchdown_latitude_deg": float(touchdown.values["latitude_deg"]),
        "touchdown_longitude_deg": float(touchdown.values["longitude_deg"]),
        "miss_km": float(touchdown.values["miss_km"]),
        "touchdown_m_s": float(touchdown.values["speed_m_s"]),
        "week_broken": float(len(flight.week.broken)) if flight.week else 0.0,
    }


def additional(rows: Rows, scenario: Scenario) -> dict:
    """How many flights came through each phase, in the order of the mission; and how the week held."""
    ended = Counter(row["reason"].split(": ")[0] for row in rows if row["status"] != "flown")
    left, through = len(rows), {}
    for phase in (name.replace("-", "_") for name in scenario.phases):
        left -= ended[phase]
        through[phase] = left
    return {"through": through} | (week_held(rows) if scenario.week else {})


def week_held(rows: Rows) -> dict:
    """Of the flights that came to their end: in how many all of the week held, and which of its rules broke in how
    many."""
    flown = [row for row in rows if row["status"] == "flown"]
    broken = [[rule for rule in row["rules_broken"].split("; ") if rule.startswith("week: ")] for row in flown]
    held = sum(not rules for rules in broken)
    causes = Counter(rule.removeprefix("week: ") for rules in broken for rule in rules)
    return {"week": {"flown": len(flown), "held": held, "share": probability(held, len(flown)), "broken": dict(causes)}}


WHOLE = Dispersed(
    words=words.WHOLE,
    run_s=1.0,
    measure=measure,
    planned=planned,
    brief=brief,
    additional=additional,
)
