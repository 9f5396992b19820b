"""From the hold on the port's axis to contact and hard mate, under closed-loop control."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.proximity import CONTACT, OUT_OF_PROPELLANT, approach
from sim.flight import Event, Failure, Leg
from sim.orbits import fly, semi_major_axis, trajectory
from sim.proximity_safety.closing import judge_retreats, unpushed
from sim.proximity_safety.judge import judge_closing, judge_contact
from sim.proximity_safety.zones import Zones
from sim.relative import joined, relative_series
from sim.scene import Scene, State
from sim.trajectory import joined as in_sequence
from sim.vehicle import Port, Ship
from sim.world import World

STEP = 0.5  # s, the control period
LIMIT = 3.0 * 3600.0  # s, by then it counts as lost


@dataclass(frozen=True)
class FinalApproach:
    """`stops` m along the port's axis, the first where it starts, and `holds` s at each; speeds m/s."""

    station: str
    ship_name: str
    ship: Ship
    port_name: str
    port: Port
    stops: tuple[float, ...]
    holds: tuple[float, ...]
    speed_far: float
    slope: float
    closing_speed: float
    deadband: float
    lateral_gain: float
    zones: Zones
    name: str = "final_approach"
    share: float = 0.1

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        before = scene.flying
        station, ship = before[self.station], before[self.ship_name]
        y_station = np.concatenate([station.r, station.v, [station.mass]])
        y_ship = np.concatenate([ship.r, ship.v, [ship.mass]])
        room = int(LIMIT / STEP) + 10
        station_nodes, ship_nodes = np.empty((room, 11)), np.empty((room, 11))
        rows, marks = np.empty((room, 7)), np.empty((len(self.stops), 2))
        engine = self.ship.translation
        status, count, t_contact, used = approach(
            t0, y_station, y_ship, station.cda, ship.cda, self.port.position, self.port.axis, self.ship.docking.ring,
            np.array(self.stops), np.array(self.holds), self.speed_far, self.slope, self.closing_speed,
            engine.thrust, engine.isp, scene.propellant[self.ship_name], self.deadband, self.lateral_gain,
            STEP, LIMIT, world.forces, station_nodes, ship_nodes, rows, marks,
        )  # fmt: skip
        times, d, rate = ship_nodes[:count, 0].copy(), rows[:count, :3].copy(), rows[:count, 3:6].copy()
        gap, closing = d[-1] @ self.port.axis, -float(rate[-1] @ self.port.axis)
        if status != CONTACT:
            why = (
                "ran out of propellant" if status == OUT_OF_PROPELLANT else f"did not arrive in {LIMIT / 3600.0:.0f} h"
            )
            raise Failure(f"the approach {why}: {gap:.1f} m from the port at {closing:.3f} m/s, {used:.1f} kg used")
        lateral = float(np.linalg.norm(d[-1] - gap * self.port.axis))
        lateral_rate = float(np.linalg.norm(rate[-1] + closing * self.port.axis))
        contact = {
            "closing_speed_m_s": closing, "lateral_offset_m": lateral, "lateral_speed_m_s": lateral_rate,
            "port": self.port_name,
        }  # fmt: skip
        ship_path, station_path = trajectory(ship_nodes[:count]), trajectory(station_nodes[:count])
        mated = joined(State(*station_path.last()[:2], station.mass, station.cda), State(*ship_path.last(), ship.cda))
        docked_t = t_contact + self.ship.docking.hard_mate
        stack_path = fly(mated, t_contact, docked_t, world)
        r, v, mass = stack_path.last()
        after = scene.with_(
            t=docked_t,
            flying={k: s for k, s in before.items() if k != self.ship_name}
            | {self.station: State(r, v, mass, mated.cda)},
            docked={**scene.docked, self.ship_name: self.port_name},
            ships={**scene.ships, self.ship_name: ship.mass - used},
            propellant={**scene.propellant, self.ship_name: scene.propellant[self.ship_name] - used},
        )
        series = relative_series(times, d, rate)
        fuel = {"t_s": times, "propellant_kg": scene.propellant[self.ship_name] - rows[:count, 6]}
        events = self._events(marks, t_contact, docked_t, contact, mated.mass)
        paths = {self.ship_name: ship_path, self.station: in_sequence([station_path, stack_path])}
        reduced_mass = station.mass * (ship.mass - used) / mated.mass
        notes = {
            "propellant_kg": used, "approach_s": t_contact - t0, "stack_mass_kg": mated.mass,
            "step_of_station_at_contact_m": float(np.linalg.norm(mated.r - station_path.r[-1])),
            "relative_kinetic_energy_j": 0.5 * reduced_mass * float(rate[-1] @ rate[-1]),
        }  # fmt: skip
        box = self.ship.docking
        n = math.sqrt(MU_EARTH / float(semi_major_axis(station.r, station.v)[0]) ** 3)
        verdicts = (
            *judge_contact(contact, box, self.name, t_contact),
            *judge_closing(series, self.port, box.ring, box, self.zones, self.name),
            *judge_retreats(series, self.port, box.ring, n, self.zones, self.name),
        )
        drift = unpushed(series, self.port, box.ring, n, self.stops)
        return Leg(
            self.name, t0, after, paths, events, verdicts,
            {"relative": series, "propellant": fuel, "drift": drift}, notes,
        )  # fmt: skip

    def _events(self, marks, t_contact, docked_t, contact, mass) -> tuple[Event, ...]:
        ship = self.ship_name
        holds = [
            Event(what, float(t), ship, {"range_m": stop})
            for stop, hold, row in zip(self.stops, self.holds, marks, strict=True) if hold > 0.0
            for what, t in (("hold_arrival", row[0]), ("hold_departure", row[1]))
        ]  # fmt: skip
        return (
            *holds,
            Event("contact", t_contact, ship, contact),
            Event("docked", docked_t, ship, {"port": self.port_name, "stack_mass_kg": mass}),
        )
