"""A two-burn transfer to a hold point near the station: homing from afar, or round to the axis of the port."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from kernels.lambert import lambert
from kernels.relative import from_curvilinear, lvlh_axes
from sim.flight import Event, Failure, Leg
from sim.orbits import end_state, fly
from sim.proximity_safety.drift import drift_arcs, drift_series, judge_drifts
from sim.proximity_safety.judge import entered_after, not_entered
from sim.proximity_safety.zones import Zones
from sim.relative import relative_history, sample_times
from sim.scene import Scene, State
from sim.targeting import Aim, correct
from sim.vehicle import Engine
from sim.world import World

LEAD = 30.0  # s between the start of the phase and the middle of its first burn, and likewise at its end


@dataclass(frozen=True)
class Transfer:
    """`aim` curved LVLH of the ship's centre of mass, m, where it comes to rest; durations in s.

    `outside`: it has to stay outside the approach ellipsoid, and so has its drift after any burn that fails; else it
    begins at the hold after which the ellipsoid may be entered, and only the keep-out sphere is barred.
    """

    station: str
    ship: str
    engine: Engine
    duration: float
    aim: np.ndarray
    hold: float
    zones: Zones
    outside: bool
    name: str
    share: float = 0.05

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        t1 = t0 + self.duration
        t2 = t1 + self.hold
        before = scene.flying
        station_path = fly(before[self.station], t0, t2, world)
        ship = before[self.ship]
        there = tuple(x[0] for x in station_path.at(t1))
        burns = correct(
            ship, there, t0, self._seed(ship, station_path, t0, t1, world),
            Aim(t1, self.aim, np.zeros(3)), world, self.engine,
        )  # fmt: skip
        path = fly(ship, t0, t2, world, burns, self.engine)
        spent = ship.mass - path.last()[2]
        left = scene.propellant[self.ship] - spent
        if left < 0.0:
            raise Failure(f"not enough propellant: {spent:.0f} kg needed, {scene.propellant[self.ship]:.0f} kg left")
        times = sample_times(t0, t2, 5.0)
        series = relative_history(station_path, path, times)
        after = scene.with_(propellant={**scene.propellant, self.ship: left}).moved(
            t2, {self.ship: end_state(ship, path), self.station: end_state(before[self.station], station_path)}
        )
        burn_name = "homing_burn" if self.name == "homing" else "transfer_burn"
        events = [
            Event(burn_name, float(b[0]), self.ship, {"delta_v_m_s": float(np.linalg.norm(b[1:]))}) for b in burns
        ]
        if self.name == "homing":
            events.insert(0, Event("homing_start", t0, self.ship, {"range_km": float(series["range_m"][0]) / 1000.0}))
        if self.hold > 0.0:
            at_hold = {"range_m": float(np.linalg.norm(self.aim))}
            events += [Event("hold_arrival", t1, self.ship, at_hold), Event("hold_departure", t2, self.ship, at_hold)]
        arcs = drift_arcs(ship, before[self.station], t0, burns, self.engine, self.outside, self.zones, world)
        if self.outside:
            barred = not_entered(series, self.zones, self.name)
        else:
            barred = entered_after(series, t0, self.zones, self.name)
        verdicts = (*barred, *judge_drifts(arcs, self.outside, self.zones, self.name))
        notes = {
            "delta_v_m_s": float(np.linalg.norm(burns[:, 1:], axis=1).sum()),
            "propellant_kg": spent,
            "nearest_m": float(series["range_m"].min()),
        }
        fuel = {"t_s": times, "propellant_kg": scene.propellant[self.ship] - ship.mass + path.at(times)[2]}
        return Leg(
            self.name, t0, after, {self.ship: path, self.station: station_path}, tuple(events), verdicts,
            {"relative": series, "propellant": fuel, "drift": drift_series(arcs)}, notes,
        )  # fmt: skip

    def _seed(self, ship: State, station_path, t0: float, t1: float, world: World) -> np.ndarray:
        """Lambert's two impulses in the two-body problem, as burns in the ship's LVLH; zeros where it has no answer."""
        burns = np.zeros((2, 4))
        burns[:, 0] = t0 + LEAD, t1 - LEAD
        coast = fly(ship, t0, burns[0, 0], world)
        r1, v1, _ = coast.last()
        rt, vt, _ = (x[0] for x in station_path.at(burns[1, 0]))
        r2, v2 = np.empty(3), np.empty(3)
        from_curvilinear(rt, vt, self.aim, np.zeros(3), r2, v2)
        leave, reach = np.empty(3), np.empty(3)
        if lambert(r1, r2, burns[1, 0] - burns[0, 0], MU_EARTH, True, 0, True, leave, reach) != 0:
            return burns
        axes = np.empty((3, 3))
        for row, r, v, dv in ((0, r1, v1, leave - v1), (1, r2, reach, v2 - reach)):
            lvlh_axes(r, v, axes)
            burns[row, 1:] = axes @ dv
        return (
            burns
            if np.linalg.norm(burns[:, 1:], axis=1).max() < 60.0
            else np.column_stack([burns[:, 0], np.zeros((2, 3))])
        )
