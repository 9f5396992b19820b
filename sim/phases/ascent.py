"""From the pad to orbit: kick and azimuth are solved for the most propellant left, the rest is closed-loop."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.ascent import (
    BOOSTERS,
    FAIRING,
    HIT_GROUND,
    IN_ORBIT,
    INSERTION,
    MAIN_CUTOFF,
    OUT_OF_PROPELLANT,
    STAGE_1,
    TOWER,
    fly_ascent,
)  # fmt: skip
from kernels.constants import MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.kepler import state_to_elements
from sim.flight import Event, Failure, Leg, Verdict
from sim.orbits import (
    end_state,
    fly,
    mean_plane,
    node_rate,
    osculating_plane,
    phase_ahead,
    plane_normal,
    short_period,
    trajectory,
)  # fmt: skip
from sim.scene import Scene, State
from sim.trajectory import Trajectory
from sim.vehicle import LaunchVehicle, Ship
from sim.world import Site, World

STEP = 0.25  # s
REASONS = {
    HIT_GROUND: "the launcher came back to the ground",
    OUT_OF_PROPELLANT: "the second stage ran dry before orbit",
    3: "the second stage's guidance did not converge",
}


@dataclass(frozen=True)
class Ascent:
    """Perigee and apogee in m over the equator, and how far off they may be; `load_limit` g.

    `after` s and `downrange` rad are what a planner expects of the ascent; `phasing_time` s is how long the nodes of
    ship and station will drift apart, which the target plane leads.
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
    perigee_off: float
    apogee_off: float
    plane_off: float
    name: str = "ascent"
    share: float = 1.2

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        station = fly(scene.flying[self.station], t0, t0 + 7200.0, world)
        pad_r, pad_v = world.site_eci(self.site, t0)
        t_plan = t0 + self.after
        inclination, node = mean_plane(station, t_plan, world)
        node += self._node_lead(inclination, station)
        normal = self._target_normal(t_plan, inclination, node, pad_r, world)
        radius, speed = self._cutoff()
        record = self.launcher.record._replace(payload=float(self.ship.mass))
        forces = world.forces._replace(drag=0)
        nodes, extras, marks = np.empty((4000, 11)), np.empty((4000, 4)), np.empty((6, 2))

        def run(kick: float, azimuth: float):
            return fly_ascent(
                t0, pad_r, pad_v, kick, azimuth, normal, radius, speed, record, forces, STEP, nodes, extras, marks
            )

        kick, azimuth, flights = solve_steering(run, self._azimuth_guess(inclination))
        status, count, left, residual = run(kick, azimuth)
        if status != IN_ORBIT:
            raise Failure(
                f"{REASONS[status]}: {marks[:, 0].max():.0f} s after lift-off at "
                f"{extras[count - 1, 3] / 1000.0:.1f} km, {np.linalg.norm(nodes[count - 1, 4:7]):.0f} m/s, "
                f"{max(left, 0.0):.0f} kg of second-stage propellant left, "
                f"{residual:.0f} m/s still to gain; the best of {flights} flights, kick {math.degrees(kick):.3f} deg, "
                f"azimuth {math.degrees(azimuth):.2f} deg"
            )
        path = trajectory(nodes[:count])
        end = path.end
        station_path = station.until(end)
        ship = State(path.r[-1].copy(), path.v[-1].copy(), self.ship.mass, self.ship.cda)
        series = self._series(path, extras[:count], pad_r, world)
        orbit = self._orbit(end, ship, station_path, world)
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
        return Leg(
            self.name, t0, after, {self.ship_name: path, self.station: station_path},
            self._events(t0, path, marks, series, azimuth, orbit),
            self._verdicts(end, orbit, left, series), {"ascent": series},
            {
                "azimuth_deg": math.degrees(azimuth), "kick_deg": math.degrees(kick), "flights_to_solve": flights,
                "propellant_left_kg": left, "guidance_residual_m_s": residual,
                "duration_s": end - t0, "liftoff_mass_kg": float(path.mass[0]),
                "burnt_and_dropped_kg": float(path.mass[0]) - self.ship.mass, "ship_mass_kg": self.ship.mass,
                "downrange_inertial_deg": math.degrees(phase_ahead(ship.r, pad_r, normal)),
                "launch_pad": self.site.name, "launcher": self.launcher.name,
                **{k: v for k, v in orbit.items()},
            },
        )  # fmt: skip

    def _cutoff(self) -> tuple[float, float]:
        """Radius and speed at perigee, where the upper stage stops."""
        low, high = R_EQUATOR + self.perigee, R_EQUATOR + self.apogee
        return low, math.sqrt(2.0 * MU_EARTH * (1.0 / low - 1.0 / (low + high)))

    def _node_lead(self, inclination: float, station: Trajectory) -> float:
        """How far east to put the node, since the lower ship's drifts west faster until it arrives.

        The phasing orbit starts at the insertion's mean height and ends at the station's: on average half the way.
        """
        r = float(np.linalg.norm(station.r[0]))
        low = R_EQUATOR + 0.5 * (self.perigee + self.apogee)
        mean = 0.5 * (low + r)
        return (node_rate(r, inclination) - node_rate(mean, inclination)) * self.phasing_time

    def _target_normal(self, t: float, inclination: float, node: float, pad_r: np.ndarray, world: World) -> np.ndarray:
        """Normal of the osculating plane at cut-off, given the mean one: J2's wave at the place of cut-off is added."""
        mean = plane_normal(t, inclination, node, world)
        flat = pad_r - (pad_r @ mean) * mean
        there = math.cos(self.downrange) * flat + math.sin(self.downrange) * np.cross(mean, flat)
        u = float(osculating_plane(t, there, np.cross(mean, there), world)[2][0])
        di, dnode = short_period(inclination, u, R_EQUATOR + 0.5 * (self.perigee + self.apogee))
        return plane_normal(t, inclination + float(di), node + float(dnode), world)

    def _azimuth_guess(self, inclination: float) -> float:
        r = self.site.ecef()
        latitude = math.asin(r[2] / float(np.linalg.norm(r)))
        return math.pi - math.asin(min(1.0, math.cos(inclination) / math.cos(latitude)))

    def _series(self, path: Trajectory, extras: np.ndarray, pad_r: np.ndarray, world: World) -> dict:
        latitude, longitude, height = world.geodetic(path.t, path.r)
        up = path.r / np.linalg.norm(path.r, axis=1)[:, None]
        wind = np.cross(OMEGA_EARTH * world.true_of_date(path.start)[2], path.r)
        air = np.linalg.norm(path.v - wind, axis=1)
        speed = np.linalg.norm(path.v, axis=1)
        downrange = np.array([_arc_km(world, t, r, self.site) for t, r in zip(path.t, path.r, strict=True)])
        return {
            "t_s": path.t,
            "altitude_km": height / 1000.0,
            "downrange_km": downrange,
            "speed_inertial_m_s": speed,
            "speed_air_m_s": air,
            "flight_path_deg": np.degrees(np.arcsin(np.clip(np.einsum("ij,ij->i", path.v, up) / speed, -1.0, 1.0))),
            "dynamic_pressure_pa": extras[:, 0],
            "mach": extras[:, 1],
            "axial_load_g": extras[:, 2],
            "mass_kg": path.mass,
            "latitude_deg": latitude,
            "longitude_deg": longitude,
        }

    def _orbit(self, t: float, ship: State, station: Trajectory, world: World) -> dict[str, float]:
        a, e = state_to_elements(ship.r, ship.v, MU_EARTH)[:2]
        inclination, node, _ = osculating_plane(t, ship.r, ship.v, world)
        h = np.cross(ship.r, ship.v)
        target = station.last()
        plane = np.cross(target[0], target[1])
        off = math.acos(min(1.0, float(h @ plane) / float(np.linalg.norm(h) * np.linalg.norm(plane))))
        return {
            "perigee_km": (a * (1.0 - e) - R_EQUATOR) / 1000.0,
            "apogee_km": (a * (1.0 + e) - R_EQUATOR) / 1000.0,
            "inclination_deg": math.degrees(float(inclination[0])),
            "raan_deg": math.degrees(float(node[0])) % 360.0,
            "plane_offset_deg": math.degrees(off),
            "phase_deg": math.degrees(phase_ahead(target[0], ship.r, plane / np.linalg.norm(plane))),
        }

    def _events(self, t0, path, marks, series, azimuth, orbit) -> tuple[Event, ...]:
        ship = self.ship_name

        def at(t: float) -> dict[str, float]:
            i = min(int(np.searchsorted(path.t, t, side="left")), len(path.t) - 1)
            return {
                "altitude_km": float(series["altitude_km"][i]),
                "speed_inertial_m_s": float(series["speed_inertial_m_s"][i]),
                "downrange_km": float(series["downrange_km"][i]),
            }

        worst = int(np.argmax(series["dynamic_pressure_pa"]))
        events = [
            Event("liftoff", t0, ship, {"mass_kg": float(path.mass[0]), "azimuth_deg": math.degrees(azimuth)}),
            Event(
                "max_dynamic_pressure", float(path.t[worst]), ship,
                {"dynamic_pressure_kpa": float(series["dynamic_pressure_pa"][worst]) / 1000.0,
                 "mach": float(series["mach"][worst]), **at(float(path.t[worst]))},
            ),
        ]  # fmt: skip
        for name, row in (
            ("tower_jettison", TOWER), ("booster_separation", BOOSTERS), ("stage_1_separation", STAGE_1),
            ("fairing_separation", FAIRING), ("main_engine_cutoff", MAIN_CUTOFF),
        ):  # fmt: skip
            t = t0 + float(marks[row, 0])
            events.append(Event(name, t, ship, {"mass_kg": float(marks[row, 1]), **at(t)}))
        t = t0 + float(marks[INSERTION, 0])
        return (*events, Event("orbit_insertion", t, ship, orbit))

    def _verdicts(self, t: float, orbit: dict, left: float, series: dict) -> tuple[Verdict, ...]:
        load = int(np.argmax(series["axial_load_g"]))
        plane = orbit["plane_offset_deg"]
        low = abs(orbit["perigee_km"] - self.perigee / 1e3)
        high = abs(orbit["apogee_km"] - self.apogee / 1e3)
        return (
            Verdict("second stage keeps propellant", self.name, left, ">=", 0.0, "kg", t),
            Verdict("perigee at insertion", self.name, low, "<=", self.perigee_off / 1e3, "km off", t),
            Verdict("apogee at insertion", self.name, high, "<=", self.apogee_off / 1e3, "km off", t),
            Verdict("plane at insertion", self.name, plane, "<=", math.degrees(self.plane_off), "deg", t),
            Verdict(
                "axial load on the crew", self.name, float(series["axial_load_g"][load]), "<=", self.load_limit, "g",
                float(series["t_s"][load]),
            ),
        )  # fmt: skip


def solve_steering(run, azimuth: float) -> tuple[float, float, int]:
    """Kick and azimuth (rad) that leave the most upper-stage propellant, and how many flights that took.

    The propellant left is smooth but narrow in the kick, so the kick is scanned first and both are then refined.
    """
    from scipy.optimize import minimize

    flights = 0

    def cost(x: np.ndarray) -> float:
        nonlocal flights
        flights += 1
        status, _, left, residual = run(math.radians(x[0]), math.radians(x[1]))
        # Where orbit is not reached the speed still missing leads the search back.
        return -left if status == IN_ORBIT else 1.0e4 + 10.0 * residual if status == OUT_OF_PROPELLANT else 1.0e6

    first = math.degrees(azimuth) + 3.5  # Earth's turn adds some degrees to the inertial azimuth
    scan = [(cost(np.array([k, first])), k) for k in np.arange(0.3, 1.21, 0.1)]
    start = min(scan)[1]
    simplex = np.array([[start, first], [start + 0.05, first], [start, first + 1.5]])
    answer = minimize(
        cost, simplex[0], method="Nelder-Mead",
        options={"initial_simplex": simplex, "xatol": 2e-3, "fatol": 0.5, "maxfev": 60},
    )  # fmt: skip
    return math.radians(answer.x[0]), math.radians(answer.x[1]), flights


def _arc_km(world: World, t: float, r: np.ndarray, site: Site) -> float:
    """Distance along the ground from the pad, km, on a sphere of the equator's radius."""
    p, s = world.ecef(t) @ r, site.ecef()
    return 1e-3 * R_EQUATOR * math.atan2(float(np.linalg.norm(np.cross(p, s))), float(p @ s))
