"""Undocking, push-off, two small separation burns, and the coast to the deorbit point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.docking_record import DepartureFigures, DepartureRecord, TargetPort
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.histories import DepartureDriftHistory, PropellantHistory, RelativeHistory, joined, rows
from sim.core.navigation_errors import ENGINES_EXACT
from sim.core.scene import DRAG_AREA, POINT, Scene, State
from sim.core.simplification import Simplification
from sim.core.station_stack import released, simplified, true_stack
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Port, Ship, Station
from sim.docking.contact import PUSH, PushOff, undock
from sim.environment.world import CALM, World
from sim.orbit.propagate import end_state, fly, semi_major_axis
from sim.proximity_safety.judge import corridor, no_return, speed_limit
from sim.proximity_safety.zones import ASSUMED, Zones
from sim.rendezvous.relative import relative_columns, relative_history, sample_times, split

CLOCK = Simplification(
    "departure.clock",
    "The two burns that follow the push-off are made by the clock, without navigation, and come out exactly; half a "
    "revolution of the station's true orbit is between them.",
    "departure",
)


@dataclass(frozen=True)
class Departure:
    """`first_burn` s after undocking, `down` m/s toward the nadir; half a revolution later `back` m/s backward.

    The burn down carries the ship ahead of the station on a loop that comes back only after a revolution; the burn back
    then lowers it, so that it departs ahead for good. Until the first burn the
    rules of the departure are those of the approach (`zones`): the corridor, and the speed against range or the limit
    of the push-off. The attitude is not flown: the tip-off rate is recorded. The ship leaves at the start of the leg,
    at the end of the push.
    """

    station: Station
    ship_name: str
    ship: Ship
    zones: Zones
    first_burn: float
    down: float
    back: float
    coast: float = 3.0 * 3600.0
    name: str = "departure"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        return (POINT, DRAG_AREA, CALM, PUSH, CLOCK, ENGINES_EXACT, *simplified(self.station, scene), ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0, name = scene.t, self.station.name
        if self.ship_name not in scene.docked:
            raise Failure(
                f"{self.ship_name} is not docked: aboard the station are {', '.join(scene.docked) or 'no ships'}"
            )
        port_name, mass, stack = scene.docked[self.ship_name], scene.ships[self.ship_name], scene.flying[name]
        freed = released(scene, name, self.ship_name)
        alone = true_stack(self.station, freed)
        port = alone.ports[port_name]
        n = math.sqrt(MU_EARTH / float(semi_major_axis(stack.r, stack.v)[0]) ** 3)
        push = undock(self.ship, mass, alone, port_name, n, t0)
        cda = self.ship.cda * scene.model_error(self.ship_name).cda
        rest, ship = split(stack, mass, cda, push.position, push.velocity)
        t1 = t0 + self.coast
        second = t0 + self.first_burn + math.pi / n
        self._refuse_burn_times(t0, second, t1, mass)
        burns = np.array([[t0 + self.first_burn, 0.0, 0.0, self.down], [second, -self.back, 0.0, 0.0]])
        ship_path = fly(ship, t0, t1, world, burns, self.ship.translation)
        station_path = fly(rest, t0, t1, world)
        end = end_state(ship, ship_path)
        used = mass - end.mass
        remaining = scene.propellant[self.ship_name] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant for the departure: {used:.0f} kg needed, "
                f"{scene.propellant[self.ship_name]:.0f} kg left"
            )
        times = np.union1d(sample_times(t0, t1, 10.0), sample_times(t0, t0 + self.first_burn, 1.0))
        relative = relative_history(station_path, ship_path, times)
        people = [s.name for s in scene.crew if s.aboard == self.ship_name]
        after = freed.with_(propellant={**scene.propellant, self.ship_name: remaining}).moved(
            t1, {name: end_state(rest, station_path), self.ship_name: end}
        )
        events = (
            Event(
                "undocking",
                t0,
                self.ship_name,
                {
                    "port": port_name,
                    "mass_kg": mass,
                    "push_off_m_s": float(push.velocity @ port.axis),
                    "people_aboard": len(people),
                },
            ),
            Event("separation_burn", float(burns[0, 0]), self.ship_name, {"delta_v_m_s": self.down, "toward": "nadir"}),
            Event("separation_burn", second, self.ship_name, {"delta_v_m_s": self.back, "toward": "backward"}),
        )
        figures = DepartureFigures(
            aboard=", ".join(people),
            propellant_kg=used,
            push_off_s=push.duration,
            push_off_n=push.force,
            tip_off_deg_s=float(np.degrees(np.linalg.norm(push.rate))),
            tip_off_of_station_deg_s=float(np.degrees(np.linalg.norm(push.station_rate))),
            range_at_end_km=float(relative.range_m[-1]) / 1000.0,
            stack_mass_before_kg=stack.mass,
            masses_after_kg=rest.mass + ship.mass,
        )
        drifts = self._drifts(ship, station_path, burns, t1, world)
        verdicts = self._verdicts(relative, push, port, t0, mass, drifts)
        record = DepartureRecord(
            figures=figures,
            relative=relative,
            propellant=PropellantHistory(times, scene.propellant[self.ship_name] - mass + ship_path.at(times)[2]),
            push_off=push.history,
            drift=drifts,
            port=TargetPort(port_name, self.ship_name, port.position, port.axis),
            zones=self.zones.limits,
        )
        return Leg(
            self.name,
            t0,
            after,
            {self.ship_name: ship_path, name: station_path},
            events,
            verdicts,
            record=record,
        )

    def _refuse_burn_times(self, t0: float, second: float, t1: float, mass: float) -> None:
        """Failure where the burns do not lie one after the other between the undocking and the end of the phase."""
        first, thrust = t0 + self.first_burn, self.ship.translation.thrust
        down, back = (0.5 * dv * mass / thrust for dv in (self.down, self.back))  # s, half of each
        if first - down < t0:
            raise Failure(
                f"the burn of {self.down:g} m/s toward the nadir lasts {2.0 * down:.0f} s, and its middle is only "
                f"{self.first_burn:g} s after the undocking"
            )
        if first + down > second - back:
            raise Failure(
                f"the burns of {self.down:g} and {self.back:g} m/s last {2.0 * down:.0f} and {2.0 * back:.0f} s: more "
                f"than the {second - first:.0f} s between their middles, half a revolution"
            )
        if second + back > t1:
            raise Failure(
                f"the burn backward ends {second + back - t0:.0f} s after the undocking, and the phase after "
                f"{self.coast:.0f} s"
            )

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
                        burn=(i + 1) * ones,
                        range_m=arc.range_m,
                    )
                )
        return joined(arcs)

    def _verdicts(
        self,
        relative: RelativeHistory,
        push: PushOff,
        port: Port,
        t0: float,
        mass: float,
        drifts: DepartureDriftHistory,
    ) -> tuple[RuleCheck, ...]:
        """Tip-off rate, corridor and speed until the first burn starts, and the minimum distance after it."""
        mechanism, name = self.ship.docking, self.name
        begins = t0 + self.first_burn - 0.5 * self.down * mass / self.ship.translation.thrust
        early = rows(relative, relative.t_s <= begins)
        ring = port.position + mechanism.ring * port.axis
        near = relative_columns(early.t_s, early.position_m - ring, early.velocity_m_s)
        tip_off = float(np.degrees(np.linalg.norm(push.rate)))
        back = "no return into the keep-out sphere"
        missed = [
            min(
                (
                    no_return(
                        f"{back}, {which} burn missed or half",
                        name,
                        drifts.t_s[a],
                        drifts.range_m[a],
                        self.zones.keep_out,
                    )
                    for a in (drifts.arc == 2 * i, drifts.arc == 2 * i + 1)
                ),
                key=lambda verdict: verdict.margin,
            )
            for i, which in enumerate(("first", "second"))
        ]
        return (
            RuleCheck("rate after the push-off", name, tip_off, "<=", math.degrees(mechanism.rate), "deg/s", t0),
            corridor("inside the corridor until the first burn", name, near, port.axis, self.zones),
            speed_limit(
                "speed limit against range until the first burn",
                name,
                near,
                port.axis,
                mechanism.push_off_max,
                self.zones,
            ),
            no_return(back, name, relative.t_s, relative.range_m, self.zones.keep_out),
            *missed,
        )
