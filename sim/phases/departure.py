"""From where a ship has backed off to, away from the station for good: two separation burns, and the coast after them.

Each burn is planned from a fix of its own, and made with the errors of a burn; what is judged is what happened.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kernels.orbit.thrust import burn_duration
from sim.core.docking_record import DepartureFigures, DepartureRecord
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import DepartureDriftHistory, PropellantHistory, RelativeHistory, joined
from sim.core.navigation_errors import EXACT, PERFECT, ExecutionErrors, NavigationErrors
from sim.core.random_streams import RandomDraws
from sim.core.scene import DRAG_AREA, POINT, KnownState, Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Ship, Station
from sim.environment.world import CALM, World
from sim.orbit.propagate import end_state, fly
from sim.proximity_safety.judge import no_return
from sim.proximity_safety.zones import ASSUMED, Zones, outside_ellipsoid
from sim.rendezvous.executor import ExecutionState, ManeuverExecutor
from sim.rendezvous.relative import relative_history, relative_state, sample_times
from sim.rendezvous.separation import HILL, leaving_burn, lowering_burn, mean_motion

FIX_BEFORE = 60.0  # s from a fix to the start of the burn that is planned by it
WAIT = 60.0  # s between the fixes while the second burn would lead back to the station
BURNS = "first", "second"


@dataclass(frozen=True)
class Departure:
    """`first_burn` s after the start of the leg `down` m/s toward the nadir, or toward the zenith from behind the
    station; half a revolution later `back` m/s backward. To the end of the leg `coast` s after the undocking.

    The first burn carries the ship away on a loop that comes back only after a revolution; it is left out where the
    ship is out of the approach ellipsoid already, as after a retreat. The burn back lowers it, so that it departs ahead
    for good; it is put off while the drift after it would come back. Whatever is missed, or ends half-way, the ship may
    not come back into the keep-out sphere.
    """

    station: Station
    ship_name: str
    ship: Ship
    zones: Zones
    first_burn: float
    down: float
    back: float
    coast: float = 3.0 * 3600.0
    navigation: NavigationErrors = PERFECT
    execution: ExecutionErrors = EXACT
    draws: RandomDraws = field(default_factory=lambda: RandomDraws(0))
    name: str = "departure"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        errs = (*self.navigation.simplified(), *self.execution.simplified())
        return (POINT, DRAG_AREA, CALM, HILL, *errs, ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, name, craft = scene.t, self.station.name, self.ship_name
        if craft not in scene.flying:
            raise Failure(f"{craft} has not undocked: in free flight are {', '.join(scene.flying)}")
        rest, ship, undocked = scene.flying[name], scene.flying[craft], scene.undocked.get(craft, t0)
        t1 = undocked + self.coast
        station_path = fly(rest, t0, max(t1, t0 + 1.0), world)
        executor = ManeuverExecutor(
            target=rest,
            path=station_path,
            engine=self.ship.translation,
            navigation=self.navigation,
            execution=self.execution,
            draws=self.draws,
            use=self.name,
            world=world,
            errors=(scene.model_error(name), scene.model_error(craft)),
        )
        state, first = self._first(executor, ExecutionState(t0, ship), t1)
        state = self._second(executor, state, undocked, first, t1)
        used = ship.mass - state.ship.mass
        remaining = scene.propellant[craft] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant for the departure: {used:.0f} kg needed, {scene.propellant[craft]:.0f} kg left"
            )
        path, times = state.path, sample_times(t0, t1, 10.0)
        relative = relative_history(station_path, path, times)
        burns = np.array([burn.flown for burn in state.burns])
        drifts = self._drifts(ship, station_path, burns, t1, world)
        verdicts = self._verdicts(relative, drifts, len(burns))
        people = [s.name for s in scene.crew if s.aboard == craft]
        figures = DepartureFigures(
            aboard=", ".join(people),
            propellant_kg=used,
            leaving_burn_m_s=state.burns[0].size if len(burns) > 1 else 0.0,
            lowering_burn_m_s=state.burns[-1].size,
            range_at_start_m=float(relative.range_m[0]),
            nearest_after_a_failed_burn_m=min(verdict.value for verdict in verdicts[1:]),
            range_at_end_km=float(relative.range_m[-1]) / 1000.0,
            fixes=state.fixes,
        )
        record = DepartureRecord(
            figures=figures,
            relative=relative,
            propellant=PropellantHistory(times, scene.propellant[craft] - ship.mass + path.at(times)[2]),
            drift=drifts,
            zones=self.zones.limits,
        )
        after = scene.with_(
            propellant={**scene.propellant, craft: remaining},
            attitudes={k: q for k, q in scene.attitudes.items() if k != craft},
        ).moved(t1, {name: end_state(rest, station_path), craft: state.ship})
        return Leg(
            self.name, t0, after, {craft: path, name: station_path}, self._events(state), verdicts, record=record
        )

    def _half(self, size: float, mass: float) -> float:
        """Half the duration of a burn, s."""
        engine = self.ship.translation
        return 0.5 * float(burn_duration(size, mass, engine.thrust, engine.isp))

    def _first(
        self, executor: ManeuverExecutor, state: ExecutionState, t1: float
    ) -> tuple[ExecutionState, tuple[KnownState, KnownState]]:
        """Through the first burn, where the ship is near enough to need one; and the fix that it is planned by."""
        t0, middle = state.t, state.t + self.first_burn
        state, navigated = executor.fix(
            executor.coast(state, middle - self._half(self.down, known_mass(executor, state)) - FIX_BEFORE)
        )
        if float(outside_ellipsoid(relative_state(*navigated)[0][None, :], self.zones)[0]) > 0.0:
            return state, navigated
        dv = leaving_burn(*navigated, middle - state.t, self.down, t1 - middle, self.zones.keep_out)
        size = float(np.linalg.norm(dv))
        half = self._half(size, navigated[1].mass)
        if middle - half < state.t:
            raise Failure(
                f"the first burn, of {size:.2f} m/s, lasts {2.0 * half:.0f} s, and its middle is only "
                f"{middle - t0:g} s after the departure begins"
            )
        return executor.burn(state, np.array([middle, *dv]), middle + half + 1.0), navigated

    def _second(
        self,
        executor: ManeuverExecutor,
        state: ExecutionState,
        undocked: float,
        first: tuple[KnownState, KnownState],
        t1: float,
    ) -> ExecutionState:
        """Through the second burn: half a revolution after the first, or where there was none, as soon as may be."""
        half = self._half(self.back, known_mass(executor, state))
        middle = state.t + FIX_BEFORE + half
        if state.burns:
            made = state.burns[0].commanded
            middle = float(made[0]) + math.pi / mean_motion(first[0])
            if middle - half - FIX_BEFORE < state.t:
                raise Failure(
                    f"the burns of {np.linalg.norm(made[1:]):.2f} and {self.back:g} m/s last "
                    f"{2.0 * self._half(float(np.linalg.norm(made[1:])), state.ship.mass):.0f} and {2.0 * half:.0f} s: "
                    f"with the fix between them more than the {middle - made[0]:.0f} s between their middles, half a "
                    "revolution"
                )
        while True:
            if middle + half > t1:
                raise Failure(
                    f"the burn backward would end {middle + half - undocked:.0f} s after the undocking, and the phase "
                    f"ends after {self.coast:.0f} s"
                )
            state, navigated = executor.fix(executor.coast(state, middle - half - FIX_BEFORE))
            dv = lowering_burn(*navigated, middle - state.t, self.back, t1 - middle, self.zones.keep_out)
            if dv is not None:
                return executor.burn(state, np.array([middle, *dv]), t1)
            middle += WAIT

    def _events(self, state: ExecutionState) -> tuple[Event, ...]:
        found = []
        for burn in state.burns:
            x, _, z = burn.commanded[1:]
            toward = ("backward" if x < 0.0 else "forward") if abs(x) > abs(z) else ("nadir" if z > 0.0 else "zenith")
            values: dict[str, float | str] = {
                "delta_v_m_s": burn.size,
                "commanded_m_s": float(np.linalg.norm(burn.commanded[1:])),
                "toward": toward,
            }
            found.append(Event("separation_burn", float(burn.flown[0]), self.ship_name, values))
        return tuple(found)

    def _drifts(
        self, ship: State, station: Trajectory, burns: np.ndarray, t1: float, world: World
    ) -> DepartureDriftHistory:
        """Drift of the ship when a burn, and all after it, is missed or ends half-way: arc by arc."""
        arcs: list[DepartureDriftHistory] = []
        for i in range(len(burns)):
            for made in (0.0, 0.5):
                flown = burns[: i + 1].copy()
                flown[i, 1:] *= made
                path = fly(ship, station.start, t1, world, flown if made else flown[:i], self.ship.translation)
                arc = relative_history(station, path, sample_times(station.start, t1, 10.0))
                ones = np.ones(len(arc.t_s))
                arcs.append(
                    DepartureDriftHistory(
                        t_s=arc.t_s,
                        arc=len(arcs) * ones,
                        x_m=arc.x_m,
                        y_m=arc.y_m,
                        z_m=arc.z_m,
                        missed=made * ones,
                        burn=(i + 1 + len(BURNS) - len(burns)) * ones,
                        range_m=arc.range_m,
                    )
                )
        return joined(arcs)

    def _verdicts(self, relative: RelativeHistory, drifts: DepartureDriftHistory, burns: int) -> tuple[RuleCheck, ...]:
        """How near the ship comes back, as flown, and with each burn missed or half."""
        name, keep_out = self.name, self.zones.keep_out
        back = "no return into the keep-out sphere"
        missed = [
            min(
                (
                    no_return(f"{back}, {which} burn missed or half", name, drifts.t_s[a], drifts.range_m[a], keep_out)
                    for a in (drifts.arc == 2 * i, drifts.arc == 2 * i + 1)
                ),
                key=lambda verdict: verdict.margin,
            )
            for i, which in enumerate(BURNS[-burns:])
        ]
        return (no_return(back, name, relative.t_s, relative.range_m, keep_out), *missed)


def known_mass(executor: ManeuverExecutor, state: ExecutionState) -> float:
    """What the plan takes the ship to weigh, kg: what it truly weighs, without the error of its model."""
    return state.ship.mass / executor.errors[1].mass
