"""From insertion to the homing point, by burns that are searched for and then solved in the full force model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.flight import Event, Failure, Leg, Verdict
from sim.orbits import end_state, fly, semi_major_axis
from sim.relative import relative_history, sample_times
from sim.scene import Scene
from sim.targeting import Aim, correct, search
from sim.vehicle import Engine
from sim.world import World

GOOD = 1.05  # a plan within 5 % of what the height difference alone costs is not searched further


@dataclass(frozen=True)
class Phasing:
    """`burns` (s after the start) is where the search begins; `homing_after` s; `homing_point` curved LVLH, m."""

    station: str
    ship: str
    engine: Engine
    burns: tuple[float, ...]
    homing_after: float
    homing_point: np.ndarray
    slack: float = 900.0
    apart: float = 720.0
    name: str = "phasing"
    share: float = 1.5

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        t1 = t0 + self.homing_after
        station_path = fly(scene.flying[self.station], t0, t1, world)
        ship = scene.flying[self.ship]
        n = math.sqrt(MU_EARTH / float(semi_major_axis(station_path.r[-1], station_path.v[-1])[0]) ** 3)
        aim = Aim(t1, self.homing_point, np.array([1.5 * n * self.homing_point[2], 0.0, 0.0]))
        floor = self._floor(ship, station_path, t0, world)
        plan, tried = search(
            ship, scene.flying[self.station], t0, self._starts(t0), self.slack, self.apart, aim, GOOD * floor, world,
            self.engine,
        )  # fmt: skip
        if not np.isfinite(min(tried)):
            raise Failure(
                f"no plan of {len(self.burns)} burns reaches the homing point {self.homing_after / 60.0:.0f} min after "
                f"insertion: {len(tried)} starts were tried"
            )
        burns = correct(ship, station_path.last(), t0, plan, aim, world, self.engine)
        path = fly(ship, t0, t1, world, burns, self.engine)
        end = end_state(ship, path)
        spent = ship.mass - end.mass
        total = float(np.linalg.norm(burns[:, 1:], axis=1).sum())
        left = scene.propellant[self.ship] - spent
        if left < 0.0:
            raise Failure(
                f"not enough propellant: the burns take {spent:.0f} kg ({total:.1f} m/s), "
                f"the ship carries {scene.propellant[self.ship]:.0f} kg"
            )
        after = scene.with_(propellant={**scene.propellant, self.ship: left}).moved(
            t1, {self.ship: end, self.station: end_state(scene.flying[self.station], station_path)}
        )
        times = sample_times(t0, t1, 30.0)
        series = {
            "relative": relative_history(station_path, path, times),
            "propellant": {"t_s": times, "propellant_kg": scene.propellant[self.ship] - ship.mass + path.at(times)[2]},
        }
        events = [
            Event(
                "phasing_burn", float(b[0]), self.ship,
                {"delta_v_m_s": float(np.linalg.norm(b[1:])), "forward_m_s": float(b[1]),
                 "out_of_plane_m_s": float(b[2]), "down_m_s": float(b[3])},
            )
            for b in burns if np.linalg.norm(b[1:]) > 0.01
        ]  # fmt: skip
        notes = {
            "delta_v_m_s": total, "floor_m_s": floor, "delta_v_over_floor": total / floor, "propellant_kg": spent,
            "starts_m_s": [round(x, 2) if np.isfinite(x) else "no plan" for x in tried], "burns": len(events),
        }  # fmt: skip
        verdicts = (Verdict("ship keeps propellant after phasing", self.name, left, ">=", 0.0, "kg", t1),)
        return Leg(
            self.name, t0, after, {self.ship: path, self.station: station_path}, tuple(events), verdicts, series, notes
        )

    def _starts(self, t0: float) -> list[np.ndarray]:
        """Burn tables to start from: a raise shared out evenly, then mostly late, then with the times spread."""
        n = len(self.burns)
        middle = t0 + np.array(self.burns)
        tables = []
        for weights, shift in (
            (np.ones(n), np.zeros(n)),
            (np.linspace(0.3, 1.7, n), np.linspace(-240.0, 240.0, n)),
            (np.where(np.arange(n) % 2 == 0, 0.4, 1.6), np.linspace(300.0, -300.0, n)),
        ):
            table = np.zeros((n, 4))
            table[:, 0] = middle + shift
            table[:, 1] = 61.0 * weights / weights.sum()
            tables.append(table)
        return tables

    def _floor(self, ship, station_path, t0: float, world: World) -> float:
        """What the height difference alone costs, m/s: (n/2) da from the insertion orbit to the homing height.

        Both axes are averaged over a revolution: the osculating ones swing by 10 km under J2.
        """
        period = 5500.0
        low = _mean_axis(fly(ship, t0, t0 + period, world))
        high = _mean_axis(station_path.until(t0 + period)) - self.homing_point[2]
        return 0.5 * math.sqrt(MU_EARTH / high**3) * abs(high - low)


def _mean_axis(path) -> float:
    r, v, _ = path.at(np.linspace(path.start, path.end, 100))
    return float(np.mean(semi_major_axis(r, v)))
