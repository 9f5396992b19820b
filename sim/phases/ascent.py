"""From the pad to orbit: kick and azimuth are solved for maximum propellant left, the rest is closed-loop."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace

import numpy as np

from kernels.ascent.ascent import (
    GUIDANCE_LOST,
    HEIGHT,
    HIT_GROUND,
    IN_ORBIT,
    OUT_OF_PROPELLANT,
)
from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.kepler import state_to_elements
from sim.ascent.history import ascent_history, where
from sim.ascent.range_safety.parts import Study
from sim.ascent.range_safety.study import plane_error, studied
from sim.ascent.simplified import (
    NAVIGATION_EXACT,
    NAVIGATION_OFFSET,
    ROCKET_KNOWN,
    SIMPLIFIED,
    WIND,
)
from sim.ascent.steering import EARTH_TURN_DEG, AscentSteering, AscentTarget, FlownAscent, solve, steered, target
from sim.core.ascent_record import AscentFigures, AscentHistory, AscentRecord, InsertionOrbit
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.scene import Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import LaunchVehicle, Ship
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import (
    end_state,
    fly,
    mean_plane,
    node_rate,
    osculating_plane,
    phase_ahead,
    plane_normal,
    short_period,
    trajectory,
)

AHEAD = 7200.0  # s that the station is flown ahead, for its plane at insertion
REASONS = {
    HIT_GROUND: "the launcher came back to the ground",
    OUT_OF_PROPELLANT: "the second stage ran dry before orbit",
    GUIDANCE_LOST: "the second stage's guidance did not converge",
}


@dataclass(frozen=True)
class Ascent:
    """Perigee and apogee in m over the equator, with their tolerances; `load_limit` g; `reserve` kg, to be left.
    `phases` rad, of the station ahead at insertion: between which the rendezvous can be flown.

    `after` s and `downrange` rad are the nominal duration and arc of the ascent; `phasing_time` s is how long the nodes
    of ship and station will drift apart, which the target plane leads. `aim` and `steering`, where they are given, are
    flown as they are; else they are made for the rocket of the `model` (None: this one) and for the station as the
    `ground` tracks it. `study`: of range safety, which changes nothing.
    """

    station: str
    ship_name: str
    ship: Ship
    launcher: LaunchVehicle
    site: Site
    perigee: float
    apogee: float
    after: float
    downrange: float
    phasing_time: float
    load_limit: float
    perigee_tolerance: float
    apogee_tolerance: float
    plane_tolerance: float
    reserve: float
    phases: tuple[float, float] | None = None
    aim: AscentTarget | None = None
    steering: AscentSteering | None = None
    model: LaunchVehicle | None = None
    ground: GroundTracking = NOTHING_TO_FIND
    study: Study | None = None
    name: str = "ascent"
    share: float = 1.2

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        rocket = self.launcher.record
        wind = (WIND,) if len(rocket.wind) else (CALM,)
        navigation = NAVIGATION_OFFSET if np.any(rocket.navigation) else NAVIGATION_EXACT
        known = (ROCKET_KNOWN,) if self.model is None and self.aim is None else ()
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        return (*SIMPLIFIED, *wind, navigation, *known, *found, *scene.known_models(self.station, self.ship_name))

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        station = fly(scene.flying[self.station], t0, t0 + AHEAD, world)
        known, error = self.ground.forecast(world, t0, self.name, 0), scene.model_error(self.ship_name)
        aim = self.aim or self.aim_at(t0, self._tracked(scene, t0, known), known)
        record = self.launcher.record._replace(payload=float(self.ship.mass * error.mass))
        steering = self.steering or self._plan(aim, known)
        flight = steered(record, aim, steering, world.forces._replace(drag=0))
        path = trajectory(flight.nodes)
        history, pad = ascent_history(path, flight.extras, self.site, world), self.site.on_ground
        if flight.status != IN_ORBIT:
            before = tuple(self._first_events(t0, path, history, steering.azimuth))
            raise Failure(self._reason(flight, steering), before, record=AscentRecord(None, history, pad))
        end, station_path = path.end, station.until(path.end)
        mass, cda = self.ship.mass * error.mass, self.ship.cda * error.cda
        ship = State(path.r[-1].copy(), path.v[-1].copy(), mass, cda)
        orbit = self._orbit(end, ship, station_path, world)
        out_of_plane = plane_error(aim.normal, ship.r, ship.v)
        true_normal = aim.normal if self.aim else self.aim_at(t0, station, world).normal
        off_plane = plane_error(true_normal, ship.r, ship.v)
        crew = tuple(
            replace(seat, up_t=t0, aboard=self.ship_name) if seat.ship_up == self.ship_name else seat
            for seat in scene.crew
        )
        after = scene.with_(
            t=end,
            flying={
                **scene.flying,
                self.ship_name: ship,
                self.station: end_state(scene.flying[self.station], station_path),
            },
            propellant={**scene.propellant, self.ship_name: self.ship.propellant},
            crew=crew,
        )
        first = self._first_events(t0, path, history, steering.azimuth)
        events = (*first, *self._events(t0, path, flight.marks, history, orbit))
        verdicts, result = self._verdicts(end, orbit, off_plane, flight.propellant_left, history), None
        if self.study is not None:
            edges = {event.name: event.t for event in events}
            result = studied(self.study, self.name, path, edges, aim.normal, self.site, self.ship, world)
            verdicts = (*verdicts, *result.verdicts)
        figures = AscentFigures(
            azimuth_deg=math.degrees(steering.azimuth),
            kick_deg=math.degrees(steering.kick),
            flights_to_solve=steering.flights,
            propellant_left_kg=flight.propellant_left,
            guidance_residual_m_s=flight.delta_v_to_go,
            duration_s=end - t0,
            liftoff_mass_kg=float(path.mass[0]),
            burnt_and_dropped_kg=float(path.mass[0]) - mass,
            ship_mass_kg=mass,
            downrange_inertial_deg=math.degrees(phase_ahead(ship.r, aim.r0, aim.normal)),
            launch_pad=self.site.name,
            launcher=self.launcher.name,
            plane_from_target_deg=out_of_plane,
            most_q_alpha_kpa_deg=float(history.q_alpha_kpa_deg.max()),
            orbit=orbit,
            study=result.figures if result else None,
        )
        histories = (result.impact, result.aborts, result.views) if result else ()
        return Leg(
            self.name,
            t0,
            after,
            {self.ship_name: path, self.station: station_path},
            events,
            verdicts,
            record=AscentRecord(figures, history, pad, *histories),
        )

    def _tracked(self, scene: Scene, t0: float, world: KnownWorld) -> Trajectory:
        """The station's path after the lift-off, as tracking knows it."""
        found = self.ground.fix(scene.flying[self.station], scene.model_error(self.station), self.name, 0)
        return fly(found, t0, t0 + AHEAD, world)

    def aim_at(self, t0: float, station: Trajectory, world: World) -> AscentTarget:
        """The plane and cut-off that a lift-off at `t0` flies to; `station` flies on from there. Of the known station
        it is what is flown to, of the true one what that is judged by."""
        t_plan = t0 + self.after
        inclination, node = mean_plane(station, t_plan, world)
        node += self._node_lead(inclination, station)
        normal = self._target_normal(t0, t_plan, inclination, node, world)
        return target(t0, self.site, normal, self.perigee, self.apogee, world)

    def planned(self, scene: Scene, world: World) -> Ascent:
        """The same with target and steering solved and this rocket as the nominal one of its guidance: dispersed
        rockets then fly that plan."""
        known = self.ground.forecast(world, scene.t, self.name, 0)
        aim, record = self.aim_at(scene.t, self._tracked(scene, scene.t, known), known), self.modelled.record
        nominal = replace(self.modelled, record=record._replace(nominal=record.phases))
        return replace(self, aim=aim, steering=self._plan(aim, known), launcher=nominal)

    @property
    def modelled(self) -> LaunchVehicle:
        """The launcher that the steering is made for."""
        return self.model or self.launcher

    def _plan(self, aim: AscentTarget, world: KnownWorld) -> AscentSteering:
        """The steering for the rocket of the model and a plane."""
        record = self.modelled.record._replace(payload=float(self.ship.mass))
        h = world.true_of_date(aim.t0) @ aim.normal
        return solve(record, aim, self._initial_azimuth(aim, math.acos(h[2]), world), world)

    def _reason(self, flight: FlownAscent, steering: AscentSteering) -> str:
        end, height = flight.nodes[-1], flight.extras[-1, HEIGHT]
        reason = REASONS[flight.status]
        if flight.status == OUT_OF_PROPELLANT and not flight.marks[self.launcher.record.guided - 1, 0] > 0.0:
            reason = "a lower stage ran dry before the one beside it, which was to end their common burn"
        return (
            f"{reason}: {end[0] - flight.nodes[0, 0]:.0f} s after lift-off at {height / 1e3:.1f} km, "
            f"{np.linalg.norm(end[4:7]):.0f} m/s, {max(flight.propellant_left, 0.0):.0f} kg of propellant left in "
            f"the second stage, {flight.delta_v_to_go:.0f} m/s to go; the best of {steering.flights} flights, "
            f"kick {math.degrees(steering.kick):.3f} deg, azimuth {math.degrees(steering.azimuth):.2f} deg"
        )

    def _node_lead(self, inclination: float, station: Trajectory) -> float:
        """How far east to put the node, since the lower ship's drifts west faster until it arrives.

        The phasing orbit starts at the insertion's mean height and ends at the station's: on average half-way between.
        """
        r = float(np.linalg.norm(station.r[0]))
        low = R_EQUATOR + 0.5 * (self.perigee + self.apogee)
        mean = 0.5 * (low + r)
        return (node_rate(r, inclination) - node_rate(mean, inclination)) * self.phasing_time

    def _target_normal(self, t0: float, t: float, inclination: float, node: float, world: World) -> np.ndarray:
        """Normal of the osculating plane at cut-off: the mean one and J2's short-period terms."""
        mean = plane_normal(t, inclination, node, world)
        pad_r, _ = world.site_eci(self.site, t0)
        flat = pad_r - (pad_r @ mean) * mean
        cutoff = math.cos(self.downrange) * flat + math.sin(self.downrange) * np.cross(mean, flat)
        u = float(osculating_plane(t, cutoff, np.cross(mean, cutoff), world)[2][0])
        di, dnode = short_period(inclination, u, R_EQUATOR + 0.5 * (self.perigee + self.apogee))
        return plane_normal(t, inclination + float(di), node + float(dnode), world)

    def _initial_azimuth(self, aim: AscentTarget, inclination: float, world: World) -> float:
        """Inertial azimuth where the search begins; it adds there what the Earth's turn adds on the way south, and what
        on the way north it takes away."""
        r = self.site.ecef()
        latitude = math.asin(r[2] / float(np.linalg.norm(r)))
        eastward = math.asin(min(1.0, math.cos(inclination) / math.cos(latitude)))
        north = float(np.cross(aim.normal, aim.r0) @ world.true_of_date(aim.t0)[2]) > 0.0
        return eastward - 2.0 * math.radians(EARTH_TURN_DEG) if north else math.pi - eastward

    def _orbit(self, t: float, ship: State, station: Trajectory, world: World) -> InsertionOrbit:
        a, e = state_to_elements(ship.r, ship.v, MU_EARTH)[:2]
        inclination, node, _ = osculating_plane(t, ship.r, ship.v, world)
        h = np.cross(ship.r, ship.v)
        target = station.last()
        plane = np.cross(target[0], target[1])
        angle = math.acos(min(1.0, float(h @ plane) / float(np.linalg.norm(h) * np.linalg.norm(plane))))
        return InsertionOrbit(
            perigee_km=(a * (1.0 - e) - R_EQUATOR) / 1000.0,
            apogee_km=(a * (1.0 + e) - R_EQUATOR) / 1000.0,
            inclination_deg=math.degrees(float(inclination[0])),
            raan_deg=math.degrees(float(node[0])) % 360.0,
            plane_offset_deg=math.degrees(angle),
            phase_deg=math.degrees(phase_ahead(target[0], ship.r, plane / np.linalg.norm(plane))),
        )

    def _first_events(self, t0: float, path: Trajectory, history: AscentHistory, azimuth: float) -> list[Event]:
        ship, worst = self.ship_name, int(np.argmax(history.dynamic_pressure_pa))
        t = float(path.t[worst])
        return [
            Event("liftoff", t0, ship, {"mass_kg": float(path.mass[0]), "azimuth_deg": math.degrees(azimuth)}),
            Event(
                "max_dynamic_pressure",
                t,
                ship,
                {
                    "dynamic_pressure_kpa": float(history.dynamic_pressure_pa[worst]) / 1000.0,
                    "mach": float(history.mach[worst]),
                    **where(t, path, history),
                },
            ),
        ]

    def _events(
        self, t0: float, path: Trajectory, marks: np.ndarray, history: AscentHistory, orbit: InsertionOrbit
    ) -> list[Event]:
        ship, events = self.ship_name, []
        edges = sorted(zip(marks[:, 0], self.launcher.events, marks[:, 1], strict=True))
        for after, name, mass in edges[:-1]:
            t = t0 + float(after)
            events.append(Event(name, t, ship, {"mass_kg": float(mass), **where(t, path, history)}))
        return [*events, Event("orbit_insertion", t0 + float(edges[-1][0]), ship, asdict(orbit))]

    def _phase(self, t: float, orbit: InsertionOrbit) -> RuleCheck:
        """How far the true phase at insertion is from the middle of the profile's window."""
        assert self.phases is not None
        low, high = (math.degrees(x) for x in self.phases)
        offset = abs(math.remainder(orbit.phase_deg - 0.5 * (low + high), 360.0))
        rule = "phase at insertion within the profile's window"
        return RuleCheck(rule, self.name, offset, "<=", 0.5 * (high - low), "deg off its middle", t)

    def _verdicts(
        self, t: float, orbit: InsertionOrbit, plane: float, propellant_left: float, history: AscentHistory
    ) -> tuple[RuleCheck, ...]:
        load = int(np.argmax(history.axial_load_g))
        low = abs(orbit.perigee_km - self.perigee / 1e3)
        high = abs(orbit.apogee_km - self.apogee / 1e3)
        checks = (self._phase(t, orbit),) if self.phases else ()
        return (
            *checks,
            RuleCheck("second stage keeps its reserve", self.name, propellant_left, ">=", self.reserve, "kg", t),
            RuleCheck("perigee at insertion", self.name, low, "<=", self.perigee_tolerance / 1e3, "km off", t),
            RuleCheck("apogee at insertion", self.name, high, "<=", self.apogee_tolerance / 1e3, "km off", t),
            RuleCheck("plane at insertion", self.name, plane, "<=", math.degrees(self.plane_tolerance), "deg", t),
            RuleCheck(
                "axial load on the crew",
                self.name,
                float(history.axial_load_g[load]),
                "<=",
                self.load_limit,
                "g",
                float(history.t_s[load]),
            ),
        )
