"""A leg near the station flown in closed loop, and the path that it is commanded to follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.craft.attitude import from_matrix
from kernels.docking import log
from kernels.docking.docking import dock, docking_workspace
from kernels.docking.plan import BOUNCED, LEFT, NO_FIX, TOUCH, DockingPath
from kernels.docking.route import pointing
from kernels.maths.random import normals
from kernels.records import make
from kernels.relative.hill import lvlh_axes
from kernels.sensors.navigation import reset
from sim.core.flight import Failure
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Port
from sim.docking.approach import CloseRange, oscillation, setup
from sim.docking.contact import docking_frame
from sim.environment.world import World
from sim.orbit.propagate import fly, trajectory

MARKS = 400  # events of a leg that are recorded at most
STATION_STEP = 60.0  # s: its path is asked for between the steps, to micrometres
RETREAT = 6000.0  # s, a retreat's revolution


@dataclass(frozen=True)
class DockingRun:
    """Result of a leg in closed loop: `status` of kernels/docking/plan.py, the end t s, rows of kernels/docking/log.py,
    what every thruster was on (n, m) s, marks (k, 3), both bodies at the last contact, and the paths.

    `state` (14,): the ship at the end against the station, as kernels/craft/six_dof.py has it; `n` rad/s of the orbit;
    `port`: the one that it flew at, from the station's centre of mass.
    """

    status: int
    t: float
    log: np.ndarray
    on: np.ndarray
    marks: np.ndarray
    pair: np.ndarray
    state: np.ndarray
    ship: Trajectory
    station: Trajectory
    n: float
    port: Port

    @property
    def used(self) -> float:
        """Propellant, kg."""
        return float(self.log[-1, log.USED])

    @property
    def contacts(self) -> int:
        """Number of contacts of the rings."""
        return int((self.marks[:, 0] == TOUCH).sum())

    def bounces(self) -> list[tuple[float, np.ndarray]]:
        """Time, s, of each touch outside the capture box, and how the rings met (12,), as `touch_verdicts` takes it:
        of the last period before it, against a station that stands in LVLH."""
        frame, met = docking_frame(self.port), []
        for t in self.marks[self.marks[:, 0] == BOUNCED][:, 1]:
            row = self.log[max(0, int(np.searchsorted(self.log[:, log.TIME], t)) - 1)]
            ring, rate = (frame @ row[i : i + 3] for i in (log.RING, log.RING_RATE))
            turned, turning = (row[i : i + 3] for i in (log.ANGLES, log.BODY_RATES))
            met.append((float(t), np.concatenate([ring, rate, turned, turning])))
        return met

    def cause(self) -> int:
        """Cause of the retreat, as kernels/docking/plan.py counts causes; 0 without one."""
        left = self.marks[self.marks[:, 0] == LEFT]
        return int(left[-1, 2]) if len(left) else 0


def inbound_path(approach: CloseRange, stops: Sequence[float], holds: Sequence[float]) -> DockingPath:
    """Inbound along the port's axis through stops (m from port to ring; s at each) to contact."""
    return _docking_path(approach, stops=np.array(stops), holds=np.array(holds))


def fly_around_path(
    approach: CloseRange, points: np.ndarray, times: Sequence[float], waits: Sequence[float]
) -> DockingPath:
    """Fly-around of the station by arcs between points (k + 1, 3) m, for the ship's centre of mass."""
    # The arcs keep y along LVLH's; what remains to the docking frame is a roll about x, the same for both.
    roll = _roll_to_frame(approach, -np.array(points[-1], dtype=float))
    return _docking_path(approach, points=np.array(points), times=np.array(times), waits=np.array(waits), roll=roll)


def path_back(
    approach: CloseRange,
    port: Port,
    points: Sequence[np.ndarray],
    times: Sequence[float],
    waits: Sequence[float],
    stays: bool = True,
) -> DockingPath:
    """Away from the port by arcs between points, as `fly_around_path`, but about the port itself, to which the ship
    points. The centre of mass may be so far aside that a ship near by that pointed there would lose the port from its
    camera's view. It keeps the roll that it was docked with; unless it `stays` so, it turns on the last arc to where y
    is along LVLH's, as a fly-around begins."""
    docked = _roll_to_frame(approach, -approach.port.axis)
    return _docking_path(
        approach,
        points=np.array(points),
        centre=port.position,
        times=np.array(times),
        waits=np.array(waits),
        held=docked,
        roll=0.0 if stays else -docked,
    )


def _roll_to_frame(approach: CloseRange, ahead: np.ndarray) -> float:
    """The roll, rad, from the pose along `ahead` (3,) with y along LVLH's to the docking frame of the port."""
    pose, frame = np.empty((3, 3)), docking_frame(approach.port)
    pointing(ahead, pose)
    return math.atan2(float(pose[2] @ frame[1]), float(pose[1] @ frame[1]))


def _docking_path(approach: CloseRange, **given: np.ndarray | float) -> DockingPath:
    no_arcs = {
        "points": np.zeros((0, 3)),
        "centre": np.zeros(3),
        "times": np.zeros(0),
        "waits": np.zeros(0),
        "held": 0.0,
        "roll": 0.0,
    }
    no_stops = {"stops": np.zeros(0), "holds": np.zeros(0)}
    port, control = approach.port, approach.control
    return make(
        DockingPath,
        port=np.full(3, np.nan),  # known when it is flown, by what is docked then: `setup` fills it in
        axis=port.axis,
        frame=docking_frame(port),
        ring=approach.ship.docking.reach,
        v_max=control.speed_far,
        slope=control.slope,
        v_contact=control.closing_speed,
        **{**no_arcs, **no_stops, **given},
    )


def fly_path(approach: CloseRange, path: DockingPath, scene: Scene, world: World, name: str) -> DockingRun:
    """Fly from where the scene is; `name` of the leg also names its random streams. Failure without a first fix."""
    t0, control = scene.t, approach.control
    station, ship = scene.flying[approach.station.name], scene.flying[approach.ship_name]
    fine = replace(world, step=min(world.step, STATION_STEP))
    station_path = fly(station, t0, t0 + control.limit + RETREAT + 60.0, fine)
    nodes = np.column_stack([station_path.t, station_path.r, station_path.v, station_path.a, station_path.mass])
    rows = int((control.limit + RETREAT) / control.period) + 10
    thrusters = len(approach.ship.thrusters.names)
    out = log.docking_log(rows, thrusters, MARKS)
    y = np.concatenate([ship.r - station.r, ship.v - station.v, pose_of(approach, path, scene, name), [ship.mass]])
    record = setup(approach, path, scene)
    stream, work = approach.draws.stream(f"{name}.sensors"), docking_workspace(thrusters, len(approach.faults))
    reset(record.sensors, record.filter_model, stream, work.nav)
    status, count, t, marked = dock(t0, y, nodes, oscillation(approach), world.forces, record, stream, work, out)
    if status == NO_FIX:
        raise Failure("the ship has no navigation solution of its position and attitude: no sensor gives a first fix")
    axes = np.empty((3, 3))
    n = lvlh_axes(station.r, station.v, axes)
    return DockingRun(
        status=status,
        t=float(t),
        log=out.rows[:count].copy(),
        on=out.on[:count].copy(),
        marks=out.marks[:marked].copy(),
        pair=out.pair,
        state=y,
        ship=_path(out.nodes[:count]),
        station=station_path.until(float(t)),
        n=n,
        port=Port(record.route.port, approach.port.axis),
    )


def one_after_other(first: DockingRun, then: DockingRun) -> DockingRun:
    """Two legs in closed loop, the second from where the first has ended, as one; it ends as the second does."""
    later = then.log.copy()
    later[:, log.USED] += first.used
    return replace(
        then,
        log=np.vstack([first.log[:-1], later]),  # the last row of the one is the first of the other
        on=np.vstack([first.on[:-1], then.on]),
        marks=np.vstack([first.marks, then.marks]),
        ship=joined([first.ship, then.ship]),
        station=joined([first.station, then.station]),
    )


def pose_of(approach: CloseRange, path: DockingPath, scene: Scene, name: str) -> np.ndarray:
    """Attitude and rate (7,) as the scene has them; else the pose at the start of the path, with a drawn error."""
    attitude = scene.attitudes.get(approach.ship_name)
    if attitude is not None:
        return attitude
    station = scene.flying[approach.station.name]
    axes, pose = np.empty((3, 3)), path.frame.copy()
    n = lvlh_axes(station.r, station.v, axes)
    if len(path.points):
        pointing(path.centre - path.points[0], pose)
    z = np.empty(6)
    normals(approach.draws.stream(f"{name}.pose"), 0, z)
    error = 0.5 * approach.control.angle * np.clip(z[:3], -2.0, 2.0)
    x, y, w = error
    pose = (np.eye(3) - np.array([[0.0, -w, y], [w, 0.0, -x], [-y, x, 0.0]])) @ pose
    q = np.empty(4)
    from_matrix(np.ascontiguousarray(pose @ axes), q)
    return np.concatenate([q / np.linalg.norm(q), pose @ np.array([0.0, -n, 0.0])])


def _path(nodes: np.ndarray) -> Trajectory:
    """The ship's nodes with the mean acceleration of each period, which the path between them takes."""
    nodes = nodes[np.append(np.diff(nodes[:, 0]) > 0.0, True)]  # a contact at the end of a period stands there twice
    t, v = nodes[:, 0], nodes[:, 4:7]
    a = np.gradient(v, t, axis=0) if len(t) > 1 else np.zeros_like(v)
    return trajectory(np.column_stack([nodes[:, :7], a, nodes[:, 7]]))


def end_of(flown: DockingRun, station: State, ship: State) -> tuple[State, State]:
    """Station and ship at the end: the last nodes of their paths, to the last bit."""
    return State(*flown.station.last(), station.cda), State(*flown.ship.last(), ship.cda)
