"""A stretch of the last kilometre flown in closed loop, and the way it is flown on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.craft.attitude import from_matrix
from kernels.docking import log
from kernels.docking.docking import dock, docking_workspace
from kernels.docking.plan import LEFT, NO_FIX, TOUCH, DockingPath
from kernels.docking.route import pointing
from kernels.maths.random import normals
from kernels.records import make
from kernels.relative.hill import lvlh_axes
from kernels.sensors.navigation import reset
from sim.core.flight import Failure
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory
from sim.docking.approach import CloseRange, oscillation, setup
from sim.docking.contact import docking_frame
from sim.environment.world import World
from sim.orbit.propagate import fly, trajectory

MARKS = 400  # events of a stretch that are told at most
LEAVING = 6000.0  # s, a retreat's revolution


@dataclass(frozen=True)
class DockingRun:
    """What became of it: `status` of kernels/docking/plan.py, the end t s, rows of kernels/docking/log.py, what every
    thruster was on (n, m) s, marks (k, 3), both bodies at the last touch, and the paths.

    `state` (14,): the ship at the end against the station, as kernels/craft/six_dof.py has it; `n` rad/s of the orbit.
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

    @property
    def used(self) -> float:
        """Propellant, kg."""
        return float(self.log[-1, log.USED])

    @property
    def tries(self) -> int:
        """How often ring met ring."""
        return int((self.marks[:, 0] == TOUCH).sum())

    def cause(self) -> int:
        """Why it left, as kernels/docking/plan.py counts causes; 0 where it did not."""
        left = self.marks[self.marks[:, 0] == LEFT]
        return int(left[-1, 2]) if len(left) else 0


def way_in(meeting: CloseRange, stops: Sequence[float], holds: Sequence[float]) -> DockingPath:
    """Along the port's axis through stops (m from port to ring; s at each) to contact."""
    return _way(meeting, stops=np.array(stops), holds=np.array(holds))


def way_round(meeting: CloseRange, points: np.ndarray, times: Sequence[float], waits: Sequence[float]) -> DockingPath:
    """Round the station by arcs between points (k + 1, 3) m, for the ship's centre of mass."""
    end, frame = np.array(points[-1], dtype=float), docking_frame(meeting.port)
    pose = np.empty((3, 3))
    pointing(-end, pose)
    # The arcs keep y along LVLH's; what is left to the docking frame is a roll about x, the same for both.
    roll = math.atan2(float(pose[2] @ frame[1]), float(pose[1] @ frame[1]))
    return _way(meeting, points=np.array(points), times=np.array(times), waits=np.array(waits), roll=roll)


def _way(meeting: CloseRange, **given: np.ndarray | float) -> DockingPath:
    nothing = {"points": np.zeros((0, 3)), "times": np.zeros(0), "waits": np.zeros(0), "roll": 0.0}
    no_way_in = {"stops": np.zeros(0), "holds": np.zeros(0)}
    port, pilot = meeting.port, meeting.pilot
    return make(
        DockingPath,
        port=port.position,
        axis=port.axis,
        frame=docking_frame(port),
        ring=meeting.ship.docking.reach,
        v_most=pilot.speed_far,
        slope=pilot.slope,
        v_contact=pilot.closing_speed,
        **{**nothing, **no_way_in, **given},
    )


def fly_way(meeting: CloseRange, way: DockingPath, scene: Scene, world: World, name: str) -> DockingRun:
    """Fly from where the scene is; `name` of the stretch, after which its chance is called. Failure without a fix."""
    t0, pilot = scene.t, meeting.pilot
    station, ship = scene.flying[meeting.station.name], scene.flying[meeting.ship_name]
    path = fly(station, t0, t0 + pilot.limit + LEAVING + 60.0, world)
    nodes = np.column_stack([path.t, path.r, path.v, path.a, path.mass])
    rows = int((pilot.limit + LEAVING) / pilot.period) + 10
    thrusters = len(meeting.ship.thrusters.names)
    out = log.docking_log(rows, thrusters, MARKS)
    y = np.concatenate([ship.r - station.r, ship.v - station.v, pose_of(meeting, way, scene, name), [ship.mass]])
    record = setup(meeting, way, ship.mass, station.mass, scene.propellant[meeting.ship_name])
    stream, work = meeting.draws.stream(f"{name}.sensors"), docking_workspace(thrusters, len(meeting.faults))
    reset(record.sensors, record.filter_model, stream, work.nav)
    status, count, t, marked = dock(t0, y, nodes, oscillation(meeting), world.forces, record, stream, work, out)
    if status == NO_FIX:
        raise Failure("the ship knows neither where the station is nor how it points: no sensor gives a first fix")
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
        station=path.until(float(t)),
        n=n,
    )


def pose_of(meeting: CloseRange, way: DockingPath, scene: Scene, name: str) -> np.ndarray:
    """Attitude and rate (7,) as the scene has them; else the pose that the way begins with, off by luck."""
    known = scene.attitudes.get(meeting.ship_name)
    if known is not None:
        return known
    station = scene.flying[meeting.station.name]
    axes, pose = np.empty((3, 3)), way.frame.copy()
    n = lvlh_axes(station.r, station.v, axes)
    if len(way.points):
        pointing(-way.points[0], pose)
    z = np.empty(6)
    normals(meeting.draws.stream(f"{name}.pose"), 0, z)
    off = 0.5 * meeting.pilot.angle * np.clip(z[:3], -2.0, 2.0)
    x, y, w = off
    pose = (np.eye(3) - np.array([[0.0, -w, y], [w, 0.0, -x], [-y, x, 0.0]])) @ pose
    q = np.empty(4)
    from_matrix(np.ascontiguousarray(pose @ axes), q)
    return np.concatenate([q / np.linalg.norm(q), pose @ np.array([0.0, -n, 0.0])])


def _path(nodes: np.ndarray) -> Trajectory:
    """The ship's nodes with the mean acceleration of each period, which the path between them takes."""
    nodes = nodes[np.append(np.diff(nodes[:, 0]) > 0.0, True)]  # a touch at the end of a period is told twice
    t, v = nodes[:, 0], nodes[:, 4:7]
    a = np.gradient(v, t, axis=0) if len(t) > 1 else np.zeros_like(v)
    return trajectory(np.column_stack([nodes[:, :7], a, nodes[:, 7]]))


def end_of(flown: DockingRun, station: State, ship: State) -> tuple[State, State]:
    """Station and ship at the end: the last nodes of their paths, to the last bit."""
    return State(*flown.station.last(), station.cda), State(*flown.ship.last(), ship.cda)
