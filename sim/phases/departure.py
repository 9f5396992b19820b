"""Undocking, push-off, two small burns away from the station, and the coast to the deorbit point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.flight import Event, Failure, Leg
from sim.orbits import end_state, fly, semi_major_axis
from sim.proximity_safety.judge import judge_leaving
from sim.proximity_safety.zones import Zones
from sim.relative import berth, relative_history, sample_times, split
from sim.scene import Scene
from sim.vehicle import Port, Ship
from sim.world import World


@dataclass(frozen=True)
class Departure:
    """`first_burn` s after undocking, `down` m/s toward the nadir; half a revolution later `back` m/s backward.

    The burn down carries the ship ahead of the station on a loop that comes back only after a revolution; the burn back
    then lowers it, so that it draws away ahead for good.
    """

    station: str
    ship_name: str
    ship: Ship
    ports: dict[str, Port]
    zones: Zones
    first_burn: float
    down: float
    back: float
    coast: float = 3.0 * 3600.0
    name: str = "departure"
    share: float = 0.05

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        if self.ship_name not in scene.docked:
            raise Failure(
                f"{self.ship_name} is not docked: aboard the station are {', '.join(scene.docked) or 'no ships'}"
            )
        port = self.ports[scene.docked[self.ship_name]]
        mass = scene.ships[self.ship_name]
        stack = scene.flying[self.station]
        rest, ship = split(stack, mass, self.ship.cda, berth(port, self.ship), self.ship.docking.push_off * port.axis)
        n = math.sqrt(MU_EARTH / float(semi_major_axis(rest.r, rest.v)[0]) ** 3)
        t1 = t0 + self.coast
        second = t0 + self.first_burn + math.pi / n
        burns = np.array([[t0 + self.first_burn, 0.0, 0.0, self.down], [second, -self.back, 0.0, 0.0]])
        ship_path = fly(ship, t0, t1, world, burns, self.ship.translation)
        station_path = fly(rest, t0, t1, world)
        end = end_state(ship, ship_path)
        spent = mass - end.mass
        left = scene.propellant[self.ship_name] - spent
        if left < 0.0:
            raise Failure(
                f"not enough propellant to leave: {spent:.0f} kg, {scene.propellant[self.ship_name]:.0f} kg left"
            )
        times = sample_times(t0, t1, 10.0)
        series = relative_history(station_path, ship_path, times)
        people = [s.name for s in scene.crew if s.aboard == self.ship_name]
        drop = (self.ship_name,)
        after = scene.with_(
            t=t1,
            flying={**scene.flying, self.station: end_state(rest, station_path), self.ship_name: end},
            docked={k: v for k, v in scene.docked.items() if k not in drop},
            ships={k: v for k, v in scene.ships.items() if k not in drop},
            propellant={**scene.propellant, self.ship_name: left},
        )
        events = (
            Event(
                "undocking", t0, self.ship_name,
                {"port": scene.docked[self.ship_name], "mass_kg": mass, "push_off_m_s": self.ship.docking.push_off,
                 "people_aboard": len(people)},
            ),
            Event("separation_burn", float(burns[0, 0]), self.ship_name, {"delta_v_m_s": self.down, "toward": "nadir"}),
            Event("separation_burn", second, self.ship_name, {"delta_v_m_s": self.back, "toward": "backward"}),
        )  # fmt: skip
        notes = {
            "aboard": ", ".join(people), "propellant_kg": spent,
            "range_at_end_km": float(series["range_m"][-1]) / 1000.0,
            "stack_mass_before_kg": stack.mass, "masses_after_kg": rest.mass + ship.mass,
        }  # fmt: skip
        fuel = {"t_s": times, "propellant_kg": scene.propellant[self.ship_name] - mass + ship_path.at(times)[2]}
        return Leg(
            self.name, t0, after, {self.ship_name: ship_path, self.station: station_path}, events,
            judge_leaving(series, self.zones, self.name), {"relative": series, "propellant": fuel}, notes,
        )  # fmt: skip
