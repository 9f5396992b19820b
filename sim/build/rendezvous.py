"""From orbit to the port, and from one port to another: the phases of a rendezvous, from their tables."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.build.docking import (
    axial_approach_s,
    between,
    by_leg,
    control_settings,
    duration,
    far_hold,
    faults,
    from_behind,
)
from sim.build.parts import Parts
from sim.core.vehicle import Port, Ship
from sim.docking.approach import CloseRange
from sim.orbit.tracking import links
from sim.phases.docking import Docking
from sim.phases.fly_around import FlyAround
from sim.phases.phasing import Phasing
from sim.phases.transfer import Transfer
from sim.phases.undocking import Undocking
from sim.proximity_safety.conditions.judge import DockingConditions
from sim.proximity_safety.zones import zones
from sim.rendezvous.phasing_plan import Schedule
from sim.scenario.catalogue import Guidance
from sim.scenario.craft_files import looks_down
from sim.scenario.profile_file import ProfileFile
from sim.scenario.sequence_file import (
    DockingEntry,
    FlyAroundEntry,
    HomingEntry,
    PhasingEntry,
    TransferEntry,
    UndockingEntry,
)


def docking_after(guidance: Guidance, profile: ProfileFile, ship: Ship, port: Port) -> float:
    """Seconds from lift-off to the end of docking, as a planner expects them of a profile."""
    return (
        guidance.plan_insertion_s
        + 60.0 * profile.phasing.homing_point_min
        + profile.homing.duration_s
        + profile.homing.hold_s
        + profile.transfer.toward(looks_down(port.axis.tolist())).duration_s
        + duration(profile, port, ship)
        + axial_approach_s(profile, port, ship)
        + ship.docking.hard_mate
    )


def phasing(entry: PhasingEntry, parts: Parts) -> Phasing:
    profile, ship = parts.profile(entry.profile), parts.ships[entry.ship]
    fallback, decide = profile.phasing.fallback, profile.phasing.fallback_decision_min
    return Phasing(
        station=parts.station.name,
        ship=entry.ship,
        engine=ship.main,
        schedule=_schedule(profile),
        tracking=links(),
        draws=parts.draws,
        ground=parts.ground,
        navigation=ship.navigation,
        execution=ship.execution,
        fallback=_schedule(parts.profile(fallback)) if fallback else None,
        decide=math.inf if decide is None else 60.0 * decide,
    )


def _schedule(profile: ProfileFile) -> Schedule:
    far = profile.phasing
    return Schedule(
        name=profile.name,
        burns=tuple(60.0 * m for m in far.burns_min),
        homing_after=60.0 * far.homing_point_min,
        homing_point=1e3 * np.array(far.homing_point_km),
        slack=60.0 * far.slack_min,
        coast=60.0 * far.coast_min,
        budget=far.budget_m_s,
        arrival_tolerance=1e3 * far.homing_point_off_km,
    )


def homing(entry: HomingEntry, parts: Parts) -> Transfer:
    profile, ship = parts.profile(entry.profile), parts.ships[entry.ship]
    leg = profile.homing
    return Transfer(
        station=parts.station,
        ship=entry.ship,
        engine=ship.main,
        duration=leg.duration_s,
        aim=np.array(leg.hold_m),
        hold=leg.hold_s,
        zones=zones(profile.safety),
        outside=True,
        corrections=leg.corrections,
        arrival_tolerance=leg.hold_off_m,
        draws=parts.draws,
        ground=parts.ground,
        navigation=ship.navigation,
        execution=ship.execution,
        name="homing",
        lead=leg.lead_s,
        slack=leg.slack_s,
    )


def transfer(entry: TransferEntry, parts: Parts) -> Transfer:
    profile, ship, port = parts.profile(entry.profile), parts.ships[entry.ship], parts.port(entry.port)
    leg = profile.transfer.toward(looks_down(port.axis.tolist()))
    behind = leg.arrival == "behind"
    before_port = (ship.docking.ring + leg.arrival_range_m) * port.axis
    return Transfer(
        station=parts.station,
        ship=entry.ship,
        engine=ship.main,
        duration=leg.duration_s,
        aim=np.array([-leg.arrival_range_m, 0.0, 0.0]) if behind else before_port,
        port=None if behind else entry.port,
        hold=0.0,
        zones=zones(profile.safety),
        outside=False,
        corrections=leg.corrections,
        arrival_tolerance=leg.arrival_off_m,
        draws=parts.draws,
        ground=parts.ground,
        navigation=ship.navigation,
        execution=ship.execution,
        name="transfer",
        lead=leg.lead_s,
    )


def fly_around(entry: FlyAroundEntry, parts: Parts) -> FlyAround:
    profile, ship, port = parts.profile(entry.profile), parts.ships[entry.ship], parts.port(entry.port)
    approach = _meeting(entry, parts)
    early, _ = by_leg(approach.faults, profile.final.far_hold_range_m)
    if entry.start == "behind":
        route = from_behind(profile, port, ship)
    else:
        route = between(profile, entry.start, parts.station.ports, port, ship)
    return FlyAround(approach=replace(approach, faults=early), route=route)


def docking(entry: DockingEntry, parts: Parts) -> Docking:
    """From where the transfer ends on the port's axis, else from the far hold, to which the ship has come round."""
    profile, ship, port = parts.profile(entry.profile), parts.ships[entry.ship], parts.port(entry.port)
    approach, final = _meeting(entry, parts), profile.final
    stops = final.far_hold_range_m, final.near_hold_range_m
    holds = far_hold(profile, port, ship), final.near_hold_s
    rules = parts.scenario.named.docking_rules[entry.docking_rules]
    seen_by = links(1e3 * rules.links.relay_mask_km, rules.links.elevation_least_deg)
    conditions = DockingConditions(rules, seen_by, profile.beta_limit_deg)
    if entry.begin_m is not None:
        far = (entry.begin_m, *stops)
        return Docking(approach=approach, stops=far, holds=(0.0, *holds), conditions=conditions)
    _, late = by_leg(approach.faults, final.far_hold_range_m)
    return Docking(approach=replace(approach, faults=late), stops=stops, holds=holds, conditions=conditions)


def undocking(entry: UndockingEntry, parts: Parts) -> Undocking:
    profile, ship = parts.profile(entry.profile), parts.ships[entry.ship]
    return Undocking(
        station=parts.station,
        ship_name=entry.ship,
        ship=ship,
        control=control_settings(profile.final),
        zones=zones(profile.safety),
        draws=parts.draws,
        drift=entry.drift_s,
        hold_ranges=entry.holds_m,
        durations=entry.durations_s,
        holds=entry.holds_s,
        crew_boards=entry.crew_boards,
        leave=entry.leave_s,
        turn=entry.turn,
        faults=faults(parts.scenario.faults, ship, "departure"),
    )


def _meeting(entry: FlyAroundEntry | DockingEntry, parts: Parts) -> CloseRange:
    profile, ship = parts.profile(entry.profile), parts.ships[entry.ship]
    return CloseRange(
        station=parts.station,
        ship_name=entry.ship,
        ship=ship,
        port_name=entry.port,
        control=control_settings(profile.final),
        zones=zones(profile.safety),
        draws=parts.draws,
        faults=faults(parts.scenario.faults, ship),
    )
