"""From the hold on the port's axis to contact and hard mate, in closed loop and six degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.docking import log
from kernels.docking.plan import TOUCHED
from sim.core.docking_record import DockingFigures, DockingRecord, HoldPoints
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import RelativeHistory
from sim.core.scene import DRAG_AREA, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import true_stack
from sim.core.trajectory import joined as in_sequence
from sim.docking.approach import CloseRange
from sim.docking.contact import CAPTURE, capture, of_all_touches, ship_side, station_side, touch_verdicts
from sim.docking.history import events, failure_reason, history
from sim.docking.run import DockingRun, end_of, fly_path, inbound_path
from sim.environment.world import CALM, World
from sim.orbit.propagate import fly, led_to
from sim.orbit.tracking import SIMPLE_LINKS
from sim.proximity_safety.closing import drift_without_thrust
from sim.proximity_safety.conditions.judge import DockingConditions, judge_contact
from sim.proximity_safety.judge import judge_closing
from sim.proximity_safety.plume import PlumeHistory, judge_plume, plume_at_port
from sim.proximity_safety.zones import ASSUMED, off_axis
from sim.rendezvous.relative import joined

ARRIVED_WITHIN = 1.0  # m of the far hold, from where the docking camera looks at the port
DRIFTS = (200.0, 100.0, 50.0, 20.0, 10.0)  # m from the port: where recorded drifts without thrust begin


@dataclass(frozen=True)
class Docking:
    """`stops` m along the port's axis from port to ring, the first where it starts, and `holds` s at each.

    `conditions`: hard rules for the light, the links and the time of the contact, judged where they are given.
    `brief`: without what is only recorded, the retraction after capture and the drift arcs.
    """

    approach: CloseRange
    stops: tuple[float, ...]
    holds: tuple[float, ...]
    conditions: DockingConditions | None = None
    name: str = "docking"
    share: float = 0.1
    brief: bool = False

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        seen = (SIMPLE_LINKS,) if self.conditions else ()
        return (DRAG_AREA, CALM, *self.approach.simplified(scene), CAPTURE, *seen, ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        approach = self.approach
        name, craft, box = approach.station.name, approach.ship_name, approach.ship.docking
        loaded = scene.propellant[craft]
        flown = fly_path(approach, inbound_path(approach, self.stops, self.holds), scene, world, self.name)
        loop, happened = history(flown, approach, loaded), events(flown, approach)
        holds = HoldPoints(np.array(self.stops), np.array(self.holds))
        if flown.status != TOUCHED:
            partial = DockingRecord(**vars(loop), figures=None, holds=holds)
            raise Failure(failure_reason(flown, approach), happened, record=partial)
        station, ship = end_of(flown, scene.flying[name], scene.flying[craft])
        result = capture(
            flown.pair,
            flown.t,
            ship_side(approach.ship, ship.mass, box.reach),
            station_side(flown.port, true_stack(approach.station, scene)),
            box,
            self.name,
            self.brief,
        )
        stack = joined(station, ship)
        docked_t = flown.t + box.hard_mate
        path = fly(stack, flown.t, docked_t, world)
        r, v, mass = path.last()
        after = scene.with_(
            t=docked_t,
            flying={k: s for k, s in scene.flying.items() if k != craft} | {name: State(r, v, mass, stack.cda)},
            docked={**scene.docked, craft: approach.port_name},
            ships={**scene.ships, craft: ship.mass},
            propellant={**scene.propellant, craft: loaded - flown.used},
            attitudes={k: q for k, q in scene.attitudes.items() if k != craft},
        )
        last = flown.log[-1]
        rate = last[log.RING_RATE : log.RING_RATE + 3]
        at_contact = {v.rule: v.value for v in result.verdicts}
        contact: dict[str, float | str] = {
            "closing_speed_m_s": at_contact["closing speed at contact, most"],
            "lateral_offset_m": at_contact["lateral offset at contact"],
            "lateral_speed_m_s": at_contact["lateral speed at contact"],
            "pitch_yaw_deg": at_contact["pitch and yaw at contact"],
            "roll_deg": at_contact["roll at contact"],
            "turning_rate_deg_s": at_contact["turning rate at contact"],
            "port": approach.port_name,
            "tries": flown.contacts,
        }
        port: dict[str, float | str] = {"port": approach.port_name, "stack_mass_kg": stack.mass}
        happened = (*happened, Event("contact", flown.t, craft, contact), Event("docked", docked_t, craft, port))
        thrusters, near = approach.ship.thrusters, loop.relative
        plume = plume_at_port(
            loop.thrusters,
            near,
            thrusters.names,
            thrusters.record.position,
            thrusters.record.force,
            box.reach,
            flown.port,
            approach.zones,
        )
        drift = None if self.brief else drift_without_thrust(near, flown.port, box.reach, flown.n, DRIFTS)
        assert result.capture is not None  # the loop ends in a contact inside the box
        figures = DockingFigures(
            propellant_kg=flown.used,
            approach_s=flown.t - scene.t,
            stack_mass_kg=stack.mass,
            step_of_station_at_contact_m=float(np.linalg.norm(stack.r - flown.station.r[-1])),
            relative_kinetic_energy_j=0.5 * station.mass * ship.mass / stack.mass * float(rate @ rate),
            most_plume_pressure_pa=float(plume.pressure_pa.max()),
            capture=result.capture,
            hard_mate=result.hard_mate,
        )
        record = DockingRecord(**vars(loop), figures=figures, holds=holds, contact=result.history, drift=drift)
        paths = {craft: flown.ship, name: in_sequence([flown.station, path])}
        bounces = [touch_verdicts(met, box, self.name, t) for t, met in flown.bounces()]
        verdicts = (
            *of_all_touches(result.verdicts, bounces),
            *self._verdicts(flown, near, plume),
            *self._contact(flown, near, scene, stack, world),
        )
        return Leg(self.name, scene.t, after, paths, happened, verdicts, record=record)

    def _contact(
        self, flown: DockingRun, near: RelativeHistory, scene: Scene, stack: State, world: World
    ) -> tuple[RuleCheck, ...]:
        """The hard docking rules, on the station's path as it was flown, and before and after by its own coast."""
        rules, axis = self.conditions, self.approach.port.axis
        if rules is None:
            return ()
        looks = float(near.t_s[np.argmax(off_axis(near.position_m, axis)[0] <= self.stops[-2] + ARRIVED_WITHIN)])
        last, station = flown.t - looks, scene.flying[self.approach.station.name]
        parts = [flown.station, fly(stack, flown.t, flown.t + rules.after, world)]
        early = scene.t - (flown.t - rules.before(last))
        if early > 0.0:
            parts.insert(0, led_to(station, scene.t, early, world))
        return judge_contact(rules, in_sequence(parts), axis, flown.t, last, world, self.name)

    def _verdicts(self, flown: DockingRun, near: RelativeHistory, plume: PlumeHistory) -> tuple[RuleCheck, ...]:
        approach, box = self.approach, self.approach.ship.docking
        return (
            *judge_closing(near, flown.port, box.reach, box, approach.zones, self.name),
            *judge_plume(plume, approach.zones, self.name),
        )
