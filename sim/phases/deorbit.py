"""Return to the entry interface: orbital module, deorbit burn, service module; and what is done where one fails."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.orbit.thrust import burn_duration
from sim.core.flight import Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.module_ends import FallenParts
from sim.core.navigation_errors import ENGINES_EXACT, EXACT, ExecutionErrors
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import DeorbitFigures, DeorbitRecord
from sim.core.scene import DRAG_AREA, Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine, Ship
from sim.environment.world import CALM, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import fly
from sim.reentry.another_pass import another_pass
from sim.reentry.braking import AS_PLANNED, AT_HAND, Braked, Braking, corrected
from sim.reentry.deorbit_burn import accelerometer, engine_factors
from sim.reentry.deorbit_targeting import DeorbitPlan, DeorbitPlanner, entry_angle
from sim.reentry.fall import fall
from sim.reentry.flown_deorbit import FlownDeorbit
from sim.reentry.module_ends import fallen, life_days, nearest, pushed_apart, track

MODULES = Simplification(
    "deorbit.modules",
    "Modules are points that leave across the track at exactly the speed of their pushers, the service module at "
    "exactly its height. Its pieces begin at one height and fall without lift and wind.",
    "separations",
)
ATTITUDE = Simplification(
    "deorbit.attitude",
    "The turns before the deorbit burn are not flown: each takes its time and its propellant. In the burn the thrust "
    "is off by one angle, which stays.",
    "deorbit burn",
)
ENGINES_APART = Simplification(
    "deorbit.engines",
    "The thrust of each engine differs from its file's by one factor; the specific impulse does not.",
    "deorbit burn",
)
BESIDE = 600.0  # s from the ignition on, for which the distance of the orbital module is judged
CLEAR = 30.0  # s after which the service module is to be away


@dataclass(frozen=True)
class Deorbit:
    """Planned by `planner` from fixes, for the ship of the model in the world as it is known, and flown by the ship as
    it is: with engines and an accelerometer that err, until that has counted the size of the burn.

    `separation_altitude` m, of the service module; `angle_tolerance` rad. `backup`: the site for a landing where the
    planned one is closed; without, that one is tried again `backup_after` s later. `guess`: the plan of a return like
    this one. `brief`: without the ends of the modules.
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
    backup: Site | None = None
    backup_after: float = 12.0 * 3600.0
    guess: DeorbitPlan | None = None
    brief: bool = False
    name: str = "deorbit"
    share: float = 0.1

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        known = scene.known_models(self.ship_name)
        engines = ENGINES_APART if self.ship.deorbit.thrust_spread else ENGINES_EXACT
        return (ATTITUDE, MODULES, DRAG_AREA, CALM, *found, *known, self.execution.simplified()[0], engines)

    def fly(self, scene: Scene, world: World) -> Leg:
        ship, name, error = self.ship, self.ship_name, scene.model_error(self.ship_name)
        flown = FlownDeorbit(name, scene.flying[name], scene.t, world, self.ground, error, self.name)
        start_mass = flown.state.mass - ship.orbital_module * error.mass
        flown, planner, first, correction = self._planned(flown)
        flown, orbital, ignition = self._without_orbital_module(flown, first)
        orbital_t = flown.t
        braked = self._braking().fly(flown, planner, first)
        flown, plan, burnt = braked.flown.turned(ship.turn_propellant(1)), braked.plan, braked.burnt
        used = start_mass - flown.state.mass
        remaining = scene.propellant[name] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant for the deorbit burn: {braked.commanded:.1f} m/s need {used:.0f} kg, "
                f"{scene.propellant[name]:.0f} kg left"
            )
        flown = flown.down_to(self.separation_altitude)
        split_mass, capsule = flown.state.mass, ship.return_module * error.mass
        if split_mass - capsule < ship.service_module_dry * error.mass - 1.0:
            raise Failure(
                f"{name} weighs {split_mass:.0f} kg before service module separation: less than the return module "
                f"of {ship.return_module:.0f} kg and a dry service module of {ship.service_module_dry:.0f} kg"
            )
        flown, interface, service, service_t = self._to_interface(flown, capsule)
        after = scene.with_(
            flying={**scene.flying, name: flown.state},
            propellant={**scene.propellant, name: remaining},
            t=flown.t,
            landing=scene.landing if braked.planner.site == self.planner.site else braked.planner.site,
        )
        path, angle = flown.path, entry_angle(interface.state.r, interface.state.v)
        until, near = ignition + BESIDE, None
        if orbital is not None:
            near = track(fly(orbital, orbital_t, until, world), path.until(until), world)
        broken_up, parts = self._end_of(service, service_t, world)
        beside = track(broken_up, path, world)
        closest = {} if near is None else {"orbital": nearest(near, ignition)}
        if not self.faults.modules_stay:  # torn off, it is followed no further than this leg goes
            closest["service"] = nearest(beside, service_t + CLEAR)
        angle_error = abs(math.degrees(angle - plan.angle))
        tolerance, clearance = math.degrees(self.angle_tolerance), ship.deorbit.clearance
        verdicts = [RuleCheck("entry angle as planned", self.name, angle_error, "<=", tolerance, "deg", interface.t)]
        if clearance > 0.0:
            for which, (distance, t) in closest.items():
                rule = f"clear of the {which} module"
                verdicts.append(RuleCheck(rule, self.name, distance, ">=", clearance, "m", t))
        figures = DeorbitFigures(
            overflight_utc=world.zero.plus(plan.landing.overflight).utc(0),
            cross_track_km=plan.landing.cross_track / 1000.0,
            delta_v_m_s=burnt.delta_v,
            burn_s=burnt.stop - burnt.start,
            propellant_kg=used,
            service_module_dropped_kg=split_mass - capsule,
            return_module_kg=capsule,
            commanded_m_s=braked.commanded,
            turns_kg=flown.turns,
            planned_angle_deg=math.degrees(plan.angle),
            entry_angle_deg=math.degrees(angle),
            correction_s=correction,
            landing_site=braked.planner.site.name,
            outcome=self._outcome(braked, scene.t),
            nearest_orbital_module_m=closest["orbital"][0] if "orbital" in closest else None,
            nearest_service_module_m=closest["service"][0] if "service" in closest else None,
            orbital_module_life_days=None if self.brief or orbital is None else life_days(orbital, orbital_t, world),
        )
        record = DeorbitRecord(figures) if self.brief else DeorbitRecord(figures, near, beside, parts)
        events = tuple(sorted(flown.events, key=lambda event: event.t))
        return Leg(self.name, scene.t, after, {name: path}, events, tuple(verdicts), record=record)

    def _planned(self, flown: FlownDeorbit) -> tuple[FlownDeorbit, DeorbitPlanner, DeorbitPlan, float]:
        """The plan, its planner, and by how many s a later fix has moved it."""
        flown, known, world = flown.found()
        planner, guess = self.planner, self.guess
        if self.faults.site_closed:
            sites = (planner.site,) if self.backup is None else (self.backup,)
            after = flown.t + (planner.landing_in + self.backup_after if self.backup is None else 0.0)
            other = another_pass(planner, known, flown.t, world, sites, after, after + AT_HAND)
            planner, guess = other.planner, None
            flown = flown.with_event(
                "landing_site_closed",
                site=self.planner.site.name,
                instead=other.site.name,
                overflight_utc=world.zero.plus(other.landing.overflight).utc(0),
                cross_track_km=other.landing.cross_track / 1e3,
                later_h=(other.landing.overflight - flown.t - self.planner.landing_in) / 3600.0,
                **other.words(),
            )
        plan = planner.plan(known, flown.t, world, guess)
        flown, better = corrected(flown, planner, plan)
        return flown, planner, better, better.burn_t - plan.burn_t

    def _without_orbital_module(
        self, flown: FlownDeorbit, plan: DeorbitPlan
    ) -> tuple[FlownDeorbit, State | None, float]:
        """Both turns and the separation between them; the module, and when the burn is to begin. A ship without a
        module that leaves before the burn makes one turn of 180 deg."""
        ship, error, lead = self.ship, flown.error, self.planner.module_lead
        turns, turn = ship.turn_propellant(2), ship.deorbit.turn
        light = (flown.state.mass / error.mass) - ship.orbital_module - turns
        half = 0.5 * burn_duration(plan.dv, light, ship.main.thrust, ship.main.isp)
        first = "orbital module separates" if ship.orbital_module else "ship turns"
        turning_s = turn if ship.orbital_module else 2.0 * turn
        if half + turning_s > lead:
            turning = f", and the turn takes {turning_s:.0f} s" if turn else ""
            raise Failure(
                f"the {first} {lead:g} s before the middle of the deorbit burn of "
                f"{plan.dv:.1f} m/s, which begins {half:.0f} s before it{turning}"
            )
        flown = flown.until(plan.burn_t - lead)
        gone = ship.orbital_module * error.mass
        if not ship.orbital_module:
            flown = flown.turned(turns)
            if turn:
                flown = flown.with_event("retro_turn", turn_deg=180.0, duration_s=2.0 * turn)
            return flown, None, plan.burn_t - half
        if turn:
            flown = flown.with_event("yaw_turn", flown.t - turn, turn_deg=90.0, duration_s=turn)
        stays, module = pushed_apart(flown.state, gone, ship.deorbit.module_cda[0], ship.deorbit.pushes[0])
        flown = replace(flown, state=stays).turned(turns)
        flown = flown.with_event("orbital_module_separation", module_kg=gone, mass_kg=flown.state.mass)
        if turn:
            flown = flown.with_event("retro_turn", turn_deg=90.0, duration_s=turn)
        return flown, module, plan.burn_t - half

    def _braking(self) -> Braking:
        """The burn with its errors as drawn."""
        ship = self.ship
        f = engine_factors(ship, self.draws.stream(f"{self.name}.thrust"))
        isp, each = ship.main.isp, 0.5 * ship.main.thrust
        only_aside = replace(self.execution, size=0.0)
        row = only_aside.flown(np.array([0.0, -1.0, 0.0, 0.0]), self.draws.stream(f"{self.name}.burns"), 0)
        spare = 0.5 * ship.deorbit.backup * float(f[2] + f[3])
        return Braking(
            ship=ship,
            faults=self.faults,
            main=Engine(each * float(f[0] + f[1]), isp),
            one=Engine(each * float(f[1]), isp),
            backup=Engine(spare, isp) if spare > 0.0 else None,
            unit=accelerometer(ship, self.draws.stream(f"{self.name}.accelerometer")),
            direction=row[1:],
            sites=(self.planner.site,) if self.backup is None else (self.planner.site, self.backup),
        )

    def _to_interface(self, flown: FlownDeorbit, capsule: float) -> tuple[FlownDeorbit, FlownDeorbit, State, float]:
        """To the entry interface, or to where a service module that stays breaks away; the same at the interface; and
        the service module when it leaves."""
        ship, system, entry_altitude = self.ship, self.ship.deorbit, self.planner.entry_altitude
        dropped, stays = flown.state.mass - capsule, self.faults.modules_stay

        def apart(flown: FlownDeorbit, event: str, push: float) -> tuple[FlownDeorbit, State]:
            alone, module = pushed_apart(flown.state, dropped, system.module_cda[1] or flown.state.cda, push)
            height = float(flown.world.geodetic(flown.t, flown.state.r)[2][0])
            flown = replace(flown, state=replace(alone, cda=ship.lander.cda))
            return flown.with_event(event, module_kg=dropped, altitude_km=height / 1e3), module

        if stays:
            flown = flown.with_event("modules_stay", mass_kg=flown.state.mass)
        else:
            flown, module = apart(flown, "service_module_separation", system.pushes[1])
            left = flown.t
        flown = flown.down_to(entry_altitude)
        r, v = flown.state.r, flown.state.v
        wind = np.cross(OMEGA_EARTH * flown.world.true_of_date(flown.t)[2], r)
        flown = flown.with_event(
            "entry_interface",
            altitude_km=entry_altitude / 1e3,
            speed_inertial_m_s=float(np.linalg.norm(v)),
            speed_air_m_s=float(np.linalg.norm(v - wind)),
            flight_path_deg=math.degrees(entry_angle(r, v)),
        )
        interface = flown
        if stays:
            flown, module = apart(flown.down_to(system.breakaway), "service_module_breakaway", 0.0)
            left = flown.t
        return flown, interface, module, left

    def _end_of(self, module: State, t: float, world: World) -> tuple[Trajectory, FallenParts | None]:
        """The service module down to where it breaks up, and where the pieces fall; in brief to the interface only."""
        above = float(world.geodetic(t, module.r)[2][0])
        if self.brief:
            return fall(module, t, min(self.planner.entry_altitude, above - 1.0), world), None
        system = self.ship.deorbit
        return fallen(module, t, min(system.breakup, above - 1.0), system.fragments, self.planner.site, world)

    def _outcome(self, braked: Braked, t0: float) -> str:
        """What came of the phase, in words."""
        words = [] if braked.outcome == AS_PLANNED else [braked.outcome]
        if self.faults.site_closed:
            later = (braked.plan.landing.overflight - t0 - self.planner.landing_in) / 3600.0
            where = f"to {braked.planner.site.name} {later:.0f} h after the planned landing"
            words.append(f"{self.planner.site.name} closed, {where}")
        if self.faults.modules_stay:
            kilometres = self.ship.deorbit.breakaway / 1e3
            words.append(f"the service module stayed on and broke away at {kilometres:.0f} km")
        return "; ".join(words) or AS_PLANNED
