"""From insertion to the homing point: burns planned, flown with execution errors, and replanned from navigated states.

Nothing here steers by the true state: every plan is made for the states from navigation. After each burn the rest is
planned anew, times too; shortly before a burn its components are targeted once more. A fast schedule has a time of
decision: where the plan from there would exceed its delta-v budget, the ship changes to a slower one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.orbit.thrust import burn_duration
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import PropellantHistory
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors
from sim.core.phasing_record import PhasingFigures, PhasingRecord
from sim.core.random_streams import RandomDraws
from sim.core.scene import DRAG_AREA, POINT, KnownState, Scene, as_planned
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import end_state, fly
from sim.orbit.tracking import SIMPLE_LINKS, Links
from sim.rendezvous.executor import Burn, ExecutionState, ManeuverExecutor
from sim.rendezvous.phasing_plan import PhasingPlan, Schedule, floor, planned, replanned, retargeted
from sim.rendezvous.relative import relative_history, relative_state, sample_times

NEAR = 1.05  # a plan may cost 5 % more than the height difference alone
RESERVE = 5.0  # m/s of the budget that a plan must not use before its first burn, where there is a fallback
FIX_BEFORE, FIX_AFTER = 240.0, 180.0  # s from a fix to the middle of the next burn, and from a burn to the next fix


@dataclass(frozen=True)
class Phasing:
    """`tracking`: relay satellites and stations that track the ship; `ground`: how well the ground knows the air.
    `fallback`: the schedule to change to, `decide` s
    after insertion, where the budget would be exceeded. `guess` (n, 4): burns that the search begins with,
    times s after insertion; None: it begins with several shapes."""

    station: str
    ship: str
    engine: Engine
    schedule: Schedule
    tracking: Links
    draws: RandomDraws
    ground: GroundTracking = NOTHING_TO_FIND
    navigation: NavigationErrors = PERFECT
    execution: ExecutionErrors = EXACT
    fallback: Schedule | None = None
    decide: float = math.inf
    guess: np.ndarray | None = None
    name: str = "phasing"
    share: float = 1.5

    def planned(self, scene: Scene, world: World) -> Phasing:
        """The same with the burns that are planned at the insertion as its guess; without one where none are found."""
        t0, known = scene.t, self.ground.forecast(world, scene.t, self.name, 0)
        station, ship = (as_planned(scene.flying[name]) for name in (self.station, self.ship))
        plan = planned(self.schedule, t0, t0, station, ship, self.engine, self.tracking, known)
        return replace(self, guess=plan.burns - [t0, 0.0, 0.0, 0.0]) if math.isfinite(plan.cost) else self

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        known = *self.ground.simplified_forecast(world), *scene.known_models(self.station, self.ship)
        return (
            POINT,
            DRAG_AREA,
            CALM,
            *known,
            *self.navigation.simplified(),
            *self.execution.simplified(),
            SIMPLE_LINKS,
        )

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, station = scene.t, scene.flying[self.station]
        known = self.ground.forecast(world, t0, self.name, 0)
        longest = max(s.homing_after for s in (self.schedule, self.fallback) if s)
        executor = ManeuverExecutor(
            target=station,
            path=fly(station, t0, t0 + longest, world),
            engine=self.engine,
            navigation=self.navigation,
            execution=self.execution,
            draws=self.draws,
            use=self.name,
            world=world,
            errors=(scene.model_error(self.station), scene.model_error(self.ship)),
        )
        state = ExecutionState(t0, scene.flying[self.ship])
        state, navigated = executor.fix(state)
        navigated_at_start = navigated
        plan = first = planned(self.schedule, t0, t0, *navigated, self.engine, self.tracking, known, self.guess)
        change, before = None, 0.0
        if self.fallback:
            # A plan close to the budget waits for the decision with its burns unflown.
            wait = plan.cost > self.schedule.budget - RESERVE
            if not wait:
                state, plan = self._flown_until(executor, known, state, plan, t0, t0 + self.decide)
            state, navigated = executor.fix(executor.coast(state, t0 + self.decide))
            second = (
                planned(self.schedule, t0, state.t, *navigated, self.engine, self.tracking, known) if wait else None
            )
            plan = second or replanned(plan, t0, state.t, *navigated, self.engine, known)
            first, before = second or first, 0.0
            if state.delta_v + plan.cost > self.schedule.budget:
                change, before = self._change(state.t, state.delta_v + plan.cost, navigated), state.delta_v
                plan = first = planned(self.fallback, t0, state.t, *navigated, self.engine, self.tracking, known)
        if not math.isfinite(plan.cost):
            raise self._no_plan(plan)
        floor_m_s = floor(navigated_at_start[1], navigated_at_start[0], t0, first.schedule.homing_point[2], known)
        state, plan = self._flown_until(executor, known, state, plan, t0, math.inf)
        state = executor.coast(state, t0 + plan.schedule.homing_after)
        return self._leg(scene, state, first, before + first.cost, floor_m_s, change, world)

    def _flown_until(
        self,
        executor: ManeuverExecutor,
        known: KnownWorld,
        state: ExecutionState,
        plan: PhasingPlan,
        t0: float,
        until: float,
    ) -> tuple[ExecutionState, PhasingPlan]:
        """The burns whose last fix comes before `until`, each with its fixes; and the rest of the plan."""
        while len(plan.burns) and plan.burns[0, 0] - FIX_BEFORE <= until:
            state, navigated = executor.fix(executor.coast(state, plan.burns[0, 0] - FIX_BEFORE))
            plan = retargeted(plan, t0, state.t, *navigated, self.engine, known)
            state = executor.burn(state, plan.burns[0], plan.burns[0, 0] + FIX_AFTER)
            plan = plan.after_burn()
            if len(plan.burns):
                state, navigated = executor.fix(state)
                plan = replanned(plan, t0, state.t, *navigated, self.engine, known)
        return state, plan

    def _change(self, t: float, total: float, navigated: tuple[KnownState, KnownState]) -> Event:
        assert self.fallback is not None  # what there is to change to
        position, _ = relative_state(*navigated, curved=True)
        height = float(np.linalg.norm(navigated[0].r))
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
                "phase_deg": math.degrees(-position[0] / height),
            },
        )

    def _no_plan(self, plan: PhasingPlan) -> Failure:
        return Failure(
            f"no plan of {len(plan.time_bounds.first)} burns reaches the homing point "
            f"{plan.schedule.homing_after / 60.0:.0f} min after insertion: {len(plan.tried)} starts were tried"
        )

    def _leg(
        self,
        scene: Scene,
        state: ExecutionState,
        first: PhasingPlan,
        planned_m_s: float,
        floor_m_s: float,
        change: Event | None,
        world: World,
    ) -> Leg:
        t0, t1, path = scene.t, state.t, state.path
        ship, station_path = scene.flying[self.ship], fly(scene.flying[self.station], t0, t1, world)
        used = ship.mass - state.ship.mass
        remaining = scene.propellant[self.ship] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant: the burns need {used:.0f} kg ({state.delta_v:.1f} m/s), "
                f"the ship carries {scene.propellant[self.ship]:.0f} kg"
            )
        station = end_state(scene.flying[self.station], station_path)
        after = scene.with_(propellant={**scene.propellant, self.ship: remaining}).moved(
            t1, {self.ship: state.ship, self.station: station}
        )
        times = sample_times(t0, t1, 30.0)
        relative = relative_history(station_path, path, times)
        propellant = PropellantHistory(times, scene.propellant[self.ship] - ship.mass + path.at(times)[2])
        links = [self._link(burn, path, world) for burn in state.burns]
        events = [_burn_event(burn, link, self.ship) for burn, link in zip(state.burns, links, strict=True)]
        schedule = first.schedule
        error = float(np.linalg.norm(relative_state(station, state.ship, curved=True)[0] - schedule.homing_point))
        coasts = np.diff([burn.flown[0] for burn in state.burns])
        closest = int(np.argmin(coasts)) if len(coasts) else 0
        starts = tuple(round(x, 2) if np.isfinite(x) else "no plan" for x in first.tried)
        arrived = [x for x in first.tried if np.isfinite(x)]
        figures = PhasingFigures(
            profile=schedule.name,
            delta_v_m_s=state.delta_v,
            planned_m_s=planned_m_s,
            floor_m_s=floor_m_s,
            delta_v_over_floor=state.delta_v / floor_m_s,
            propellant_kg=used,
            starts_m_s=starts,
            best_start_m_s=min(arrived),
            worst_start_m_s=max(arrived),
            starts_without_plan=starts.count("no plan"),
            burns=len(events),
            fixes=state.fixes,
            homing_point_off_m=error,
        )
        shortest = float(coasts.min()) if len(coasts) else t1 - t0
        untracked = [burn.flown[0] for burn, link in zip(state.burns, links, strict=True) if link is None]
        verdicts = (
            RuleCheck("plan of phasing near its floor", self.name, planned_m_s / floor_m_s, "<=", NEAR, "", t0),
            RuleCheck("burns of phasing within the budget", self.name, state.delta_v, "<=", schedule.budget, "m/s", t1),
            RuleCheck(
                "every burn of phasing is seen",
                self.name,
                len(untracked),
                "<=",
                0,
                "",
                untracked[0] if untracked else t1,
            ),
            RuleCheck(
                "coasts between burns",
                self.name,
                shortest,
                ">=",
                schedule.coast,
                "s",
                float(state.burns[closest].flown[0]) if state.burns else t1,
            ),
            RuleCheck("homing point is reached", self.name, error, "<=", schedule.arrival_tolerance, "m", t1),
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
        """Who tracks the ship all through a burn."""
        mass = float(path.at(burn.flown[0])[2][0])
        half = 0.5 * burn_duration(burn.size, mass, self.engine.thrust, self.engine.isp)
        times = burn.flown[0] + np.linspace(-half, half, 5)
        return self.tracking.through(path.at(times)[0], times, world)


def _burn_event(burn: Burn, link: str | None, ship: str) -> Event:
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
