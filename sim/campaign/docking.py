"""Dispersed dockings, from the hold some 200 m out to the capture: what may be dispersed, and which quantities describe
each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kernels.docking.log import USED
from kernels.docking.plan import ARRIVAL
from sim.campaign import words
from sim.campaign.dispersed import Dispersed, Quantities, Rows
from sim.campaign.summary import probability
from sim.core.docking_record import DockingRecord, NavigationHistory
from sim.core.flight import Failure, Flight, Leg, recorded
from sim.core.histories import RelativeHistory
from sim.core.random_streams import RandomDraws
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory
from sim.docking.contact import docking_frame
from sim.docking.history import failure_reason
from sim.docking.run import fly_path, inbound_path, pose_of
from sim.environment.world import World
from sim.mission import Mission, with_coasting
from sim.scenario import Scenario
from sim.uncertainty.close_range import approach_of, with_approach
from sim.uncertainty.kinds import InboundPhase

STOPS = 2  # the last ones of an approach, which are flown dispersed: the far hold on the port's axis and the near one


def planned(mission: Mission) -> Mission:
    """From the far hold on. An approach that begins farther out is flown as the nominal up to there; the attitude is
    then not the one it had, but, like that of any ship which was not flown in six degrees of freedom, within half the
    dead-band."""
    (phase,) = mission.phases
    assert isinstance(phase, InboundPhase)  # it is called "docking"
    scene = mission.scene if len(phase.stops) <= STOPS else _at_hold(phase, mission.scene, mission.world)
    phase = replace(phase, stops=phase.stops[-STOPS:], holds=phase.holds[-STOPS:])
    approach = phase.approach
    pose = pose_of(approach, inbound_path(approach, phase.stops, phase.holds), scene, phase.name)
    scene = scene.with_(attitudes={**scene.attitudes, approach.ship_name: pose})
    return replace(mission, scene=scene, phases=(phase,))


def _at_hold(phase: InboundPhase, scene: Scene, world: World) -> Scene:
    """The state of the nominal when it arrives at the far hold."""
    approach = phase.approach
    craft, name = approach.ship_name, approach.station.name
    flown = fly_path(approach, inbound_path(approach, phase.stops, phase.holds), scene, world, phase.name)
    arrivals = flown.marks[(flown.marks[:, 0] == ARRIVAL) & (flown.marks[:, 2] == phase.stops[-STOPS])]
    if not len(arrivals):
        raise Failure(failure_reason(flown, approach))
    t = float(arrivals[0, 1])
    at = int(np.searchsorted(flown.ship.t, t - 1e-6))
    used = float(flown.log[at, USED])
    propellant = {**scene.propellant, craft: scene.propellant[craft] - used}
    paths = {craft: flown.ship.until(t), name: flown.station.until(t)}
    states = {key: _end(scene.flying[key], path) for key, path in paths.items()}
    leg = Leg(phase.name, scene.t, scene.with_(propellant=propellant).moved(t, states), paths)
    return with_coasting(leg, scene, world).scene


def _end(state: State, path: Trajectory) -> State:
    r, v, mass = path.last()
    return replace(state, r=r, v=v, mass=mass)


def with_draws(mission: Mission, draws: RandomDraws) -> Mission:
    """Errors of sensors and thrusters and the phase of the station's attitude oscillation are the run's own."""
    return with_approach(mission, replace(approach_of(mission), draws=draws))


def brief(mission: Mission) -> Mission:
    (phase,) = mission.phases
    assert isinstance(phase, InboundPhase)  # `planned` made it ready
    return replace(mission, phases=(replace(phase, brief=True),))


def measure(flight: Flight, mission: Mission) -> Quantities:
    (leg,) = flight.legs
    approach, record = approach_of(mission), recorded(leg, DockingRecord)
    figures, near = record.figures, record.relative
    assert figures is not None  # the leg was flown to its end
    contact = next(e for e in leg.events if e.name == "contact")
    missed = [e.t for e in leg.events if e.name == "missed_contact"]
    rules = {v.rule: v.value for v in leg.verdicts}
    first, last = (_across(near, t, docking_frame(approach.port)) for t in ([*missed, contact.t][0], contact.t))
    limited = (
        "lateral_offset_m",
        "lateral_speed_m_s",
        "closing_speed_m_s",
        "pitch_yaw_deg",
        "roll_deg",
        "turning_rate_deg_s",
    )
    return {
        "contact_y_m": last[0],
        "contact_z_m": last[1],
        **{name: float(contact.values[name]) for name in limited},
        "tries": 1 + sum(e.name == "back_off" for e in leg.events),
        "first_touch_y_m": first[0],
        "first_touch_z_m": first[1],
        "approach_s": contact.t - leg.start,
        "propellant_kg": figures.propellant_kg,
        "corridor_angle_deg": rules["inside the approach corridor"],
        "navigation_error_sigmas": _worst_sigmas(record.navigation),
        "most_force_n": figures.capture.most_force_n,
        "most_stroke_m": figures.capture.most_stroke_m,
    }


def _across(near: RelativeHistory, t: float, frame: np.ndarray) -> tuple[float, float]:
    """The ring's offset from the port's axis at t s, m along y and z of the docking frame; between two rows where one
    missed."""
    place = np.array([np.interp(t, near.t_s, column) for column in near.position_m.T])
    return float(frame[1] @ place), float(frame[2] @ place)


def _worst_sigmas(known: NavigationHistory) -> float:
    """The worst error of place or velocity, along an axis, over the filter's own one sigma of it."""
    place = np.abs(known.position_error_m) / known.position_sigma_m
    velocity = np.abs(known.velocity_error_m_s) / known.velocity_sigma_m_s
    return float(max(place.max(), velocity.max()))


def additional(rows: Rows, scenario: Scenario) -> dict:
    """The probability of capture, and the capture box of the mechanism."""
    docked = [row for row in rows if row["status"] == "flown"]
    hits = {"at_first_try": sum(float(row["tries"]) == 1.0 for row in docked), "at_all": len(docked)}
    ship = next(entry.ship for entry in scenario.sequence if entry.phase == "docking")
    box = scenario.ship_vehicle(ship).docking
    limits = {
        "lateral_offset_m": box.lateral_offset_max_m,
        "lateral_speed_m_s": box.lateral_speed_max_m_s,
        "closing_speed_least_m_s": box.closing_min_m_s,
        "closing_speed_m_s": box.closing_max_m_s,
        "pitch_yaw_deg": box.pitch_yaw_max_deg,
        "roll_deg": box.roll_max_deg,
        "turning_rate_deg_s": box.rate_max_deg_s,
    }
    return {
        "capture": {name: {"runs": n, **probability(n, len(rows))} for name, n in hits.items()},
        "capture_box": limits,
    }


DOCKING = Dispersed(
    words=words.DOCKING,
    run_s=0.05,
    measure=measure,
    planned=planned,
    with_draws=with_draws,
    brief=brief,
    additional=additional,
    may_fail=True,
)
