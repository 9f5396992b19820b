"""A transfer to a hold point near the station: homing from far range, or the transfer to where the approach begins.

Two burns that Lambert's problem seeds and the full model corrects, and mid-course corrections. As in phasing, nothing
steers by the true state: before every burn there is a new fix, and the rest of the plan is corrected for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from kernels.relative.hill import from_curvilinear, lvlh_axes
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import PropellantHistory
from sim.core.navigation_errors import ExecutionErrors, NavigationErrors
from sim.core.phasing_record import TransferFigures, TransferRecord
from sim.core.random_streams import RandomDraws
from sim.core.scene import DRAG_AREA, POINT, KnownState, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import KnownStack, Stack, known_stack, simplified, true_stack
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine, Station
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.lambert import lambert
from sim.orbit.propagate import arrive, end_state, fly
from sim.proximity_safety.drift import CommandedBurn, DriftRules, drift_arcs, drift_history, judge_drifts
from sim.proximity_safety.judge import kept_out, not_entered
from sim.proximity_safety.zones import ASSUMED, Zones
from sim.rendezvous.executor import MIN_BURN, ExecutionState, ManeuverExecutor
from sim.rendezvous.relative import relative_history, relative_state, sample_times
from sim.rendezvous.targeting import Aim, TargetingProblem, correct, steer, targeting_problem

LEAD = 30.0  # s between the start of the phase and the middle of its first burn, and likewise at its end
FIX_BEFORE = 2.0  # leads from a fix to the middle of a burn
BETWEEN = 0.1  # how far the burns between the first and the last may change, compared with those
FREE = 1.0e3  # m/s: the last burn may change freely
IN_PLANE = np.array([1.0, 0.0, 1.0])  # near half a revolution Lambert's parts across the plane are arbitrary
MAX_IMPULSE = 60.0  # m/s: a larger impulse of Lambert's problem is no transfer
TIME_STEP = 25.0  # s between the times that are tried where drifts need another one
MARGIN = 300.0  # m by which a drift as planned is to keep its rule, for what it will differ by from the one judged


@dataclass(frozen=True)
class Transfer:
    """`aim` curved LVLH of the ship's centre of mass, m, where it comes to rest: from the station's, or from `port`
    where one is given. Durations in s.

    `outside`: it has to stay outside the approach ellipsoid, and so has its drift after any burn that fails; else it
    begins at the hold after which the ellipsoid may be entered, and only the keep-out sphere is barred.
    `corrections`: times of the mid-course burns, as shares of it; `arrival_tolerance` m: largest distance from the aim.
    `lead` s: from the start to the middle of the first burn, and from the last one to the end; half a burn is no
    longer. `slack` s: so much sooner or later it may arrive, and the hold makes up for it, where by what is known the
    drift after one of its burns would not stay out.
    """

    station: Station
    ship: str
    engine: Engine
    duration: float
    aim: np.ndarray
    hold: float
    zones: Zones
    outside: bool
    corrections: tuple[float, ...]
    arrival_tolerance: float
    draws: RandomDraws
    navigation: NavigationErrors
    execution: ExecutionErrors
    name: str
    port: str | None = None
    ground: GroundTracking = NOTHING_TO_FIND
    lead: float = LEAD
    slack: float = 0.0
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        known = *self.ground.simplified_forecast(world), *scene.known_models(self.station.name, self.ship)
        stack = simplified(self.station, scene) if self.port else ()
        return (
            POINT,
            DRAG_AREA,
            CALM,
            *known,
            *self.navigation.simplified(),
            *self.execution.simplified(),
            *stack,
            ASSUMED,
        )

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, before, name = scene.t, scene.flying, self.station.name
        t2 = t0 + self.duration + self.hold
        known = self.ground.forecast(world, t0, self.name, 0)
        station_path = fly(before[name], t0, t2, world)
        executor = ManeuverExecutor(
            target=before[name],
            path=station_path,
            engine=self.engine,
            navigation=self.navigation,
            execution=self.execution,
            draws=self.draws,
            use=self.name,
            world=world,
            errors=(scene.model_error(name), scene.model_error(self.ship)),
        )
        state = ExecutionState(t0, before[self.ship])
        state, navigated = executor.fix(state)
        place = self._aimed_at(known_stack(self.station, scene))
        timed, burns, change = self._timed(navigated, place, t0, known)
        aim = timed._aim(t0, place)
        planned, commanded = float(np.linalg.norm(burns[:, 1:], axis=1).sum()), []
        for i in range(len(burns)):
            if i > 0:
                state, navigated = executor.fix(executor.coast(state, burns[i, 0] - FIX_BEFORE * self.lead))
                problem = self._problem(navigated, state.t, aim, known)
                rest = burns[i:]
                corrected = correct(problem, rest, known, _weights(rest)) if len(rest) > 1 else None
                burns[i:] = steer(problem, rest, known, worth=FREE) if corrected is None else corrected
            until = burns[i + 1, 0] - FIX_BEFORE * self.lead if i + 1 < len(burns) else t2
            if np.linalg.norm(burns[i, 1:]) >= MIN_BURN:
                commanded.append(CommandedBurn(state.t, state.ship, burns[i].copy()))
            state = executor.burn(state, burns[i], until)
        return timed._leg(scene, station_path, state, planned, commanded, change, world)

    def _aim(self, t0: float, place: np.ndarray) -> Aim:
        return Aim(t0 + self.duration, place, np.zeros(3))

    def _planned(
        self, navigated: tuple[KnownState, KnownState], place: np.ndarray, t0: float, world: KnownWorld
    ) -> np.ndarray:
        """The burns (n, 4) from the navigated states at the start to `place`."""
        aim = self._aim(t0, place)
        burns = self._seed(*navigated, aim, t0, world)
        return correct(self._problem(navigated, t0, aim, world), burns, world, _weights(burns))

    def _timed(
        self, navigated: tuple[KnownState, KnownState], place: np.ndarray, t0: float, world: KnownWorld
    ) -> tuple[Transfer, np.ndarray, list[Event]]:
        """The transfer in the time, of those allowed, that is nearest to the planned one and whose drifts stay out by
        MARGIN as far as is known; else in the one whose drifts stay out farthest. Its burns, and the event that says
        so where the time is another one."""
        planned = self._planned(navigated, place, t0, world)
        if self.slack <= 0.0 or (clear := self._clear(planned, navigated, t0, world)) >= MARGIN:
            return self, planned, []
        best, found = self, (clear, planned)
        steps = TIME_STEP * np.arange(1, int(self.slack / TIME_STEP) + 1)
        for change in np.column_stack([-steps, steps]).ravel().tolist():
            if change > self.hold:
                continue
            tried = replace(self, duration=self.duration + change, hold=self.hold - change)
            try:
                burns = tried._planned(navigated, place, t0, world)
            except Failure:
                continue
            now = tried._clear(burns, navigated, t0, world)
            if now > found[0]:
                best, found = tried, (now, burns)
            if now >= MARGIN:
                break
        if best is self:
            return self, planned, []
        reason = f"after a burn that fails the drift would keep its rule by {clear:.0f} m, now by {found[0]:.0f} m"
        if not math.isfinite(clear):
            reason = f"a burn would be too long; after one that fails the drift keeps its rule by {found[0]:.0f} m"
        values: dict[str, float | str] = {"planned_s": self.duration, "duration_s": best.duration, "reason": reason}
        return best, found[1], [Event("transfer_time_change", t0, self.ship, values)]

    def _clear(
        self, burns: np.ndarray, navigated: tuple[KnownState, KnownState], t0: float, world: KnownWorld
    ) -> float:
        """By how much the drifts after all the burns would keep their rules, m, as planned at the start: every burn
        with a fix of its own, at the place where those before it lead."""
        station, ship = navigated
        commanded = [CommandedBurn(t0, ship, burns[0])]
        for i in range(1, len(burns)):
            if np.linalg.norm(burns[i, 1:]) >= MIN_BURN:
                t = float(burns[i, 0]) - FIX_BEFORE * self.lead
                r, v, mass = arrive(ship, t0, t, world, burns[:i], self.engine)
                commanded.append(CommandedBurn(t, State(r, v, mass, ship.cda), burns[i]))
        try:
            arcs = drift_arcs(commanded, station, t0, self._rules(self.navigation), world)
        except Failure:
            return -math.inf
        checks = judge_drifts(arcs, self.outside, self.zones, self.name)
        return min((check.margin for check in checks), default=math.inf)

    def _rules(self, navigation: NavigationErrors | None) -> DriftRules:
        return DriftRules(self.engine, navigation, self.execution, self.zones, self.outside)

    def _aimed_at(self, stack: KnownStack) -> np.ndarray:
        """Where the ship's centre of mass is to come to rest, m from the station's, by what is known of it."""
        return self._place(stack)

    def _place(self, stack: Stack) -> np.ndarray:
        """The same by what is true, for what judges."""
        return self.aim if self.port is None else stack.ports[self.port].position + self.aim

    def _problem(
        self, navigated: tuple[KnownState, KnownState], t: float, aim: Aim, world: KnownWorld
    ) -> TargetingProblem:
        return targeting_problem(navigated[1], navigated[0], t, aim, world, self.engine)

    def _seed(self, station: KnownState, ship: KnownState, aim: Aim, t0: float, world: KnownWorld) -> np.ndarray:
        """Lambert's two impulses in the two-body problem, as burns in the ship's LVLH, and nothing in between; zeros
        where it has no answer."""
        shares = np.array([0.0, *self.corrections, 1.0])
        burns = np.zeros((len(shares), 4))
        burns[:, 0] = t0 + self.lead + shares * (aim.t - t0 - 2.0 * self.lead)
        r1, v1, _ = arrive(ship, t0, burns[0, 0], world)
        rt, vt, _ = arrive(station, t0, burns[-1, 0], world)
        r2, v2 = np.empty(3), np.empty(3)
        from_curvilinear(rt, vt, aim.position, np.zeros(3), r2, v2)
        # Where ship and aim stand opposite, the transfer is in the ship's own plane.
        found = lambert(r1, r2, burns[-1, 0] - burns[0, 0], MU_EARTH, normal=np.cross(r1, v1))
        if found is None:
            return burns
        v_departure, v_arrival = found
        axes = np.empty((3, 3))
        impulses = []
        for r, v, dv in ((r1, v1, v_departure - v1), (r2, v_arrival, v2 - v_arrival)):
            lvlh_axes(r, v, axes)
            impulses.append(axes @ dv * IN_PLANE)
        if np.linalg.norm(impulses, axis=1).max() < MAX_IMPULSE:
            burns[0, 1:], burns[-1, 1:] = impulses
        return burns

    def _leg(
        self,
        scene: Scene,
        station_path: Trajectory,
        state: ExecutionState,
        planned: float,
        commanded: list[CommandedBurn],
        change: list[Event],
        world: World,
    ) -> Leg:
        t0, t1, t2, before, name = scene.t, scene.t + self.duration, state.t, scene.flying, self.station.name
        ship, path = before[self.ship], state.path
        used = ship.mass - state.ship.mass
        remaining = scene.propellant[self.ship] - used
        if remaining < 0.0:
            raise Failure(f"not enough propellant: {used:.0f} kg needed, {scene.propellant[self.ship]:.0f} kg left")
        times = sample_times(t0, t2, 5.0)
        relative = relative_history(station_path, path, times)
        after = scene.with_(propellant={**scene.propellant, self.ship: remaining}).moved(
            t2, {self.ship: state.ship, name: end_state(before[name], station_path)}
        )
        burn_name = "homing_burn" if self.name == "homing" else "transfer_burn"
        events = [
            Event(
                burn_name,
                float(b.flown[0]),
                self.ship,
                {"delta_v_m_s": b.size, "commanded_m_s": float(np.linalg.norm(b.commanded[1:]))},
            )
            for b in state.burns
        ]
        if self.name == "homing":
            events.insert(0, Event("homing_start", t0, self.ship, {"range_km": float(relative.range_m[0]) / 1000.0}))
        station, craft = (State(r[0], v[0], mass[0], 0.0) for r, v, mass in (p.at(t1) for p in (station_path, path)))
        position, rate = relative_state(station, craft, curved=True)
        place = self._place(true_stack(self.station, scene))
        error, drift = float(np.linalg.norm(position - place)), float(np.linalg.norm(rate))
        events += change
        if self.hold > 0.0:
            at_hold = {"range_m": float(np.linalg.norm(position))}
            events += [Event("hold_arrival", t1, self.ship, at_hold), Event("hold_departure", t2, self.ship, at_hold)]
        arcs = drift_arcs(commanded, before[name], t0, self._rules(None), world)
        if self.outside:
            barred = not_entered(relative, self.zones, self.name)
        else:
            barred = kept_out(relative, self.zones, self.name)
        verdicts = (
            *barred,
            *judge_drifts(arcs, self.outside, self.zones, self.name),
            RuleCheck(f"aim of {self.name} is reached", self.name, error, "<=", self.arrival_tolerance, "m", t1),
        )
        figures = TransferFigures(
            delta_v_m_s=state.delta_v,
            planned_m_s=planned,
            propellant_kg=used,
            nearest_m=float(relative.range_m.min()),
            aim_off_m=error,
            aim_drift_m_s=drift,
            fixes=state.fixes,
        )
        propellant = PropellantHistory(times, scene.propellant[self.ship] - ship.mass + path.at(times)[2])
        record = TransferRecord(figures, relative, propellant, drift_history(arcs), self.zones.limits)
        return Leg(
            self.name,
            t0,
            after,
            {self.ship: path, name: station_path},
            tuple(events),
            verdicts,
            record=record,
        )


def _weights(burns: np.ndarray) -> np.ndarray:
    """How far each burn may change: those between the ends little, for what the ends cannot do, such as half a
    revolution apart across the plane."""
    weights = np.full(len(burns), BETWEEN)
    weights[0] = weights[-1] = 1.0
    return weights
