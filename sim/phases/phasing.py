"""From insertion to the homing point: burns that are planned, flown as they come out, and replanned from what is known.

Nothing here steers by the truth: every plan is made for the states that navigation gives. After each burn the rest is
planned anew, times and all; shortly before a burn its components are settled once more. A fast schedule has a time of
decision: where the plan from there would cost more than its budget, the ship goes over to a slower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.orbit.thrust import burn_duration
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import PropellantHistory
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors
from sim.core.phasing_record import PhasingFigures, PhasingRecord
from sim.core.random_streams import RandomDraws
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.world import World
from sim.orbit.propagate import end_state, fly
from sim.orbit.tracking import Links
from sim.rendezvous.executor import Burn, ExecutionState, ManeuverExecutor
from sim.rendezvous.phasing_plan import PhasingPlan, Schedule, floor, planned, replanned, settled
from sim.rendezvous.relative import relative_history, relative_state, sample_times

NEAR = 1.05  # a plan may cost 5 % more than the height difference alone
RESERVE = 5.0  # m/s of the budget that a plan has to leave before its first burn, where there is a fallback
FIX_BEFORE, FIX_AFTER = 240.0, 180.0  # s from a fix to the middle of the next burn, and from a burn to the next fix


@dataclass(frozen=True)
class Phasing:
    """`seen_by`: who tracks the ship. `fallback`: the schedule to go over to, `decide` s after insertion, where the
    budget would not do."""

    station: str
    ship: str
    engine: Engine
    schedule: Schedule
    seen_by: Links
    draws: RandomDraws
    navigation: NavigationErrors = PERFECT
    execution: ExecutionErrors = EXACT
    fallback: Schedule | None = None
    decide: float = math.inf
    name: str = "phasing"
    share: float = 1.5

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, station = scene.t, scene.flying[self.station]
        longest = max(s.homing_after for s in (self.schedule, self.fallback) if s)
        pilot = ManeuverExecutor(
            target=station,
            path=fly(station, t0, t0 + longest, world),
            engine=self.engine,
            navigation=self.navigation,
            execution=self.execution,
            draws=self.draws,
            use=self.name,
            world=world,
        )
        way = ExecutionState(t0, scene.flying[self.ship])
        way, known = pilot.fix(way)
        at_first = known
        plan = first = planned(self.schedule, t0, t0, *known, self.engine, self.seen_by, world)
        change, before = None, 0.0
        if self.fallback:
            # A plan that hardly keeps the budget waits for the decision with its burns unflown.
            wait = plan.cost > self.schedule.budget - RESERVE
            if not wait:
                way, plan = self._followed(pilot, way, plan, t0, t0 + self.decide)
            way, known = pilot.fix(pilot.coast(way, t0 + self.decide))
            again = planned(self.schedule, t0, way.t, *known, self.engine, self.seen_by, world) if wait else None
            plan = again or replanned(plan, t0, way.t, *known, self.engine, world)
            first, before = again or first, 0.0
            if way.spent + plan.cost > self.schedule.budget:
                change, before = self._change(way.t, way.spent + plan.cost, known), way.spent
                plan = first = planned(self.fallback, t0, way.t, *known, self.engine, self.seen_by, world)
        if not math.isfinite(plan.cost):
            raise self._no_plan(plan)
        least = floor(at_first[1], at_first[0], t0, first.schedule.homing_point[2], world)
        way, plan = self._followed(pilot, way, plan, t0, math.inf)
        way = pilot.coast(way, t0 + plan.schedule.homing_after)
        return self._told(scene, way, first, before + first.cost, least, change, world)

    def _followed(
        self, pilot: ManeuverExecutor, way: ExecutionState, plan: PhasingPlan, t0: float, until: float
    ) -> tuple[ExecutionState, PhasingPlan]:
        """The burns whose last fix comes before `until`, each with its fixes; and the plan that is left."""
        while len(plan.burns) and plan.burns[0, 0] - FIX_BEFORE <= until:
            way, known = pilot.fix(pilot.coast(way, plan.burns[0, 0] - FIX_BEFORE))
            plan = settled(plan, t0, way.t, *known, self.engine, pilot.world)
            way = pilot.burn(way, plan.burns[0], plan.burns[0, 0] + FIX_AFTER)
            plan = plan.after_burn()
            if len(plan.burns):
                way, known = pilot.fix(way)
                plan = replanned(plan, t0, way.t, *known, self.engine, pilot.world)
        return way, plan

    def _change(self, t: float, total: float, known: tuple[State, State]) -> Event:
        assert self.fallback is not None  # what there is to change to
        place, _ = relative_state(*known, curved=True)
        height = float(np.linalg.norm(known[0].r))
        assert self.fallback is not None  # a profile without one has nothing to go over to
        needed = {"needed_m_s": total} if math.isfinite(total) else {}
        reason = (
            f"the plan would take {total:.1f} m/s, the budget is {self.schedule.budget:.1f} m/s"
            if needed
            else "no plan reaches the homing point in time"
        )
        return Event(
            "profile_change",
            t,
            self.ship,
            {
                "from": self.schedule.name,
                "to": self.fallback.name,
                "reason": reason,
                **needed,
                "phase_deg": math.degrees(-place[0] / height),
            },
        )

    def _no_plan(self, plan: PhasingPlan) -> Failure:
        return Failure(
            f"no plan of {len(plan.room.first)} burns reaches the homing point {plan.schedule.homing_after / 60.0:.0f} "
            f"min after insertion: {len(plan.tried)} starts were tried"
        )

    def _told(
        self,
        scene: Scene,
        way: ExecutionState,
        first: PhasingPlan,
        promised: float,
        least: float,
        change: Event | None,
        world: World,
    ) -> Leg:
        t0, t1, path = scene.t, way.t, way.path
        ship, station_path = scene.flying[self.ship], fly(scene.flying[self.station], t0, t1, world)
        spent = ship.mass - way.ship.mass
        left = scene.propellant[self.ship] - spent
        if left < 0.0:
            raise Failure(
                f"not enough propellant: the burns take {spent:.0f} kg ({way.spent:.1f} m/s), "
                f"the ship carries {scene.propellant[self.ship]:.0f} kg"
            )
        station = end_state(scene.flying[self.station], station_path)
        after = scene.with_(propellant={**scene.propellant, self.ship: left}).moved(
            t1, {self.ship: way.ship, self.station: station}
        )
        times = sample_times(t0, t1, 30.0)
        relative = relative_history(station_path, path, times)
        propellant = PropellantHistory(times, scene.propellant[self.ship] - ship.mass + path.at(times)[2])
        links = [self._link(burn, path, world) for burn in way.burns]
        events = [_told_burn(burn, link, self.ship) for burn, link in zip(way.burns, links, strict=True)]
        schedule = first.schedule
        off = float(np.linalg.norm(relative_state(station, way.ship, curved=True)[0] - schedule.homing_point))
        coasts = np.diff([burn.flown[0] for burn in way.burns])
        closest = int(np.argmin(coasts)) if len(coasts) else 0
        starts = tuple(round(x, 2) if np.isfinite(x) else "no plan" for x in first.tried)
        arrived = [x for x in first.tried if np.isfinite(x)]
        figures = PhasingFigures(
            profile=schedule.name,
            delta_v_m_s=way.spent,
            planned_m_s=promised,
            floor_m_s=least,
            delta_v_over_floor=way.spent / least,
            propellant_kg=spent,
            starts_m_s=starts,
            best_start_m_s=min(arrived),
            worst_start_m_s=max(arrived),
            starts_without_plan=starts.count("no plan"),
            burns=len(events),
            fixes=way.fixes,
            homing_point_off_m=off,
        )
        shortest = float(coasts.min()) if len(coasts) else t1 - t0
        unseen = [burn.flown[0] for burn, link in zip(way.burns, links, strict=True) if link is None]
        verdicts = (
            RuleCheck("ship keeps propellant after phasing", self.name, left, ">=", 0.0, "kg", t1),
            RuleCheck("plan of phasing near its floor", self.name, promised / least, "<=", NEAR, "", t0),
            RuleCheck("burns of phasing within the budget", self.name, way.spent, "<=", schedule.budget, "m/s", t1),
            RuleCheck(
                "every burn of phasing is seen", self.name, len(unseen), "<=", 0, "", unseen[0] if unseen else t1
            ),
            RuleCheck(
                "coasts between burns",
                self.name,
                shortest,
                ">=",
                schedule.coast,
                "s",
                float(way.burns[closest].flown[0]) if way.burns else t1,
            ),
            RuleCheck("homing point is reached", self.name, off, "<=", schedule.off, "m", t1),
        )
        events = sorted(events + ([change] if change else []), key=lambda event: event.t)
        return Leg(
            self.name,
            t0,
            after,
            {self.ship: path, self.station: station_path},
            tuple(events),
            verdicts,
            branch=schedule.name if change else "",
            record=PhasingRecord(figures, relative, propellant),
        )

    def _link(self, burn: Burn, path: Trajectory, world: World) -> str | None:
        """Who sees the ship all through a burn."""
        mass = float(path.at(burn.flown[0])[2][0])
        half = 0.5 * burn_duration(burn.size, mass, self.engine.thrust, self.engine.isp)
        times = burn.flown[0] + np.linspace(-half, half, 5)
        return self.seen_by.through(path.at(times)[0], times, world)


def _told_burn(burn: Burn, link: str | None, ship: str) -> Event:
    t, forward, out, down = (float(x) for x in burn.flown)
    return Event(
        "phasing_burn",
        t,
        ship,
        {
            "delta_v_m_s": burn.size,
            "forward_m_s": forward,
            "out_of_plane_m_s": out,
            "down_m_s": down,
            "commanded_m_s": float(np.linalg.norm(burn.commanded[1:])),
            "link": link or "none",
        },
    )
