"""Return to the entry interface: orbital module, deorbit burn, service module."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.orbit.thrust import burn_duration
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.navigation_errors import EXACT, ExecutionErrors
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import DeorbitFigures, DeorbitRecord
from sim.core.scene import DRAG_AREA, POINT, Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import joined
from sim.core.vehicle import Ship
from sim.environment.world import CALM, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import end_state, fly
from sim.reentry.deorbit_targeting import DeorbitPlanner, entry_angle, fall

SEPARATIONS = Simplification(
    "deorbit.separations",
    "The modules separate without a push, the service module at exactly its height.",
    "separations",
)


@dataclass(frozen=True)
class Deorbit:
    """Planned by `planner` from a fix, for the ship of the model in the world as it is known, and flown by the ship as
    it is, with the errors of a burn.

    `separation_altitude` m, of the service module; `angle_tolerance` rad.
    """

    ship_name: str
    ship: Ship
    planner: DeorbitPlanner
    separation_altitude: float
    angle_tolerance: float
    draws: RandomDraws = field(default_factory=lambda: RandomDraws(0))
    execution: ExecutionErrors = EXACT
    ground: GroundTracking = NOTHING_TO_FIND
    faults: ReturnFaults = NO_FAULTS
    name: str = "deorbit"
    share: float = 0.1

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        known = scene.known_models(self.ship_name)
        return (POINT, DRAG_AREA, CALM, *found, *known, *self.execution.simplified(), SEPARATIONS)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state, error = scene.flying[self.ship_name], scene.model_error(self.ship_name)
        known = self.ground.forecast(world, t0, self.name, 0)
        plan = self.planner.plan(self.ground.fix(state, error, self.name, 0), t0, known)
        landing, dv, burn_t, lead = plan.landing, plan.dv, plan.burn_t, self.planner.module_lead
        module_t = burn_t - lead
        light = replace(state, mass=state.mass - self.ship.orbital_module * error.mass)
        before = fly(state, t0, module_t, world)
        r, v, _ = before.last()
        duration = burn_duration(dv, light.mass, self.ship.main.thrust, self.ship.main.isp)
        if 0.5 * duration > lead:
            raise Failure(
                f"the orbital module separates {lead:g} s before the middle of the deorbit burn of "
                f"{dv:.1f} m/s, which begins {0.5 * duration:.0f} s before it"
            )
        burn = self.execution.flown(np.array([burn_t, -dv, 0.0, 0.0]), self.draws.stream(f"{self.name}.burns"), 0)
        made = float(np.linalg.norm(burn[1:]))
        duration = burn_duration(made, light.mass, self.ship.main.thrust, self.ship.main.isp)
        start, stop = burn_t - 0.5 * duration, burn_t + 0.5 * duration
        braked = fly(State(r, v, light.mass, state.cda), module_t, stop, world, burn[None, :], self.ship.main)
        upper = fall(end_state(light, braked), stop, self.separation_altitude, world)
        r, v, mass = upper.last()
        split_t = upper.end
        return_module = self.ship.return_module * error.mass
        if mass - return_module < self.ship.service_module_dry * error.mass - 1.0:
            raise Failure(
                f"{self.ship_name} weighs {mass:.0f} kg before service module separation: less than the return module "
                f"of {self.ship.return_module:.0f} kg and a dry service module of {self.ship.service_module_dry:.0f} kg"
            )
        capsule = State(r, v, return_module, self.ship.lander.cda)
        lower = fall(capsule, split_t, self.planner.entry_altitude, world)
        entry_t = lower.end
        path = joined([before, braked, upper, lower])
        used = light.mass - mass
        remaining = scene.propellant[self.ship_name] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant for the deorbit burn: {dv:.1f} m/s need {used:.0f} kg, "
                f"{scene.propellant[self.ship_name]:.0f} kg left"
            )
        angle, speed = entry_angle(lower.r[-1], lower.v[-1]), float(np.linalg.norm(lower.v[-1]))
        wind = np.cross(OMEGA_EARTH * world.true_of_date(entry_t)[2], lower.r[-1])
        air = float(np.linalg.norm(lower.v[-1] - wind))
        end = end_state(capsule, lower)
        after = scene.with_(
            flying={**scene.flying, self.ship_name: end},
            propellant={**scene.propellant, self.ship_name: remaining},
            t=entry_t,
        )
        name = self.ship_name
        module = {"module_kg": state.mass - light.mass, "mass_kg": light.mass}
        events = (
            *((Event("orbital_module_separation", module_t, name, module),) if self.ship.orbital_module else ()),
            Event("deorbit_burn_start", start, name, {"mass_kg": light.mass, "thrust_n": self.ship.main.thrust}),
            Event("deorbit_burn_end", stop, name, {"delta_v_m_s": made, "duration_s": duration, "propellant_kg": used}),
            Event(
                "service_module_separation",
                split_t,
                name,
                {"module_kg": mass - capsule.mass, "altitude_km": self.separation_altitude / 1e3},
            ),
            Event(
                "entry_interface",
                entry_t,
                name,
                {
                    "altitude_km": self.planner.entry_altitude / 1e3,
                    "speed_inertial_m_s": speed,
                    "speed_air_m_s": air,
                    "flight_path_deg": math.degrees(angle),
                },
            ),
        )
        figures = DeorbitFigures(
            overflight_utc=world.zero.plus(landing.overflight).utc(0),
            cross_track_km=landing.cross_track / 1000.0,
            delta_v_m_s=made,
            burn_s=duration,
            propellant_kg=used,
            service_module_dropped_kg=mass - capsule.mass,
            return_module_kg=capsule.mass,
        )
        verdicts = (
            RuleCheck(
                "entry angle as planned",
                self.name,
                abs(math.degrees(angle - self.planner.entry_angle)),
                "<=",
                math.degrees(self.angle_tolerance),
                "deg",
                entry_t,
            ),
        )
        return Leg(self.name, t0, after, {name: path}, events, verdicts, record=DeorbitRecord(figures))
