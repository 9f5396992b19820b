"""A craft that drifts free beside the station, and the arm that goes after it: where both are, and what they carry of
momentum as the snares hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.craft.attitude import to_body
from kernels.docking import log
from kernels.relative.hill import lvlh_axes
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.docking.arm.kinematics import Pose, rotation_of
from sim.docking.arm.reaction import Pair, momentum_at
from sim.docking.run import DockingRun
from sim.environment.world import World
from sim.orbit.propagate import fly

STEP = 0.5  # s, of the arm's control


@dataclass(frozen=True, eq=False)
class FreeDrift:
    """Both craft without thrust at even times `t` (k,) s: their paths; `axes` (k, 3, 3) LVLH as rows in GCRS; the
    station to LVLH and the ship to LVLH (k, 3, 3), and the rates of both (3,) rad/s, the station's against LVLH along
    its axes, the ship's inertial along its own; the ship's place (k, 3) m and inertial velocity (k, 3) m/s against the
    station's centre of mass, along LVLH; `n` rad/s."""

    t: np.ndarray
    station: Trajectory
    ship: Trajectory
    station_attitude: np.ndarray
    ship_attitude: np.ndarray
    station_rate: np.ndarray
    ship_rate: np.ndarray
    place: np.ndarray
    speed: np.ndarray
    n: float

    def row(self, t: float) -> int:
        return min(round((t - float(self.t[0])) / STEP), len(self.t) - 1)

    def pose(self, t: float, centre: np.ndarray) -> Pose:
        """The ship in the frame of the station's file, whose origin is `centre` (3,) m from the centre of mass."""
        k = self.row(t)
        back = self.station_attitude[k].T
        return Pose(back @ self.place[k] + centre, back @ self.ship_attitude[k])

    def momentum(self, pair: Pair, t: float) -> np.ndarray:
        """Angular momentum (3,) N m s of both about their common centre, LVLH axes of that time."""
        k = self.row(t)
        attitude, ship = self.station_attitude[k], self.ship_attitude[k]
        relative = Pose(attitude.T @ self.place[k], attitude.T @ ship), np.zeros(3), np.zeros(3)
        rate = self.station_rate + np.array([0.0, -self.n, 0.0])
        return momentum_at(pair, relative, attitude, rate, ship @ self.ship_rate, self.speed[k])


def free_drift(flown: DockingRun, station: State, ship: State, duration: float, world: World) -> FreeDrift:
    """Both craft from the end of a leg in closed loop, without thrust, for `duration` s."""
    t = flown.t + STEP * np.arange(int(duration / STEP) + 2)
    paths = fly(station, flown.t, float(t[-1]), world), fly(ship, flown.t, float(t[-1]), world)
    rs, vs, _ = paths[0].at(t)
    rc, vc, _ = paths[1].at(t)
    body = np.empty((3, 3))
    to_body(flown.state[6:10].copy(), body)
    rate = flown.state[10:13].copy()
    rows = flown.log[-2:]
    dt = float(rows[1, log.TIME] - rows[0, log.TIME])
    leaning = rows[:, log.STATION : log.STATION + 3]
    turning = (leaning[1] - leaning[0]) / dt
    stations, ships, places, speeds = [], [], [], []
    n = flown.n
    for k, moment in enumerate(t.tolist()):
        axes, since = np.empty((3, 3)), moment - flown.t
        n = lvlh_axes(rs[k], vs[k], axes)
        stations.append(rotation_of(turning * since) @ rotation_of(leaning[1]))
        ships.append(axes @ body.T @ rotation_of(rate * since))
        places.append(axes @ (rc[k] - rs[k]))
        speeds.append(axes @ (vc[k] - vs[k]))
    attitudes = np.array(stations), np.array(ships)
    return FreeDrift(t, *paths, *attitudes, turning, rate, np.array(places), np.array(speeds), n)
