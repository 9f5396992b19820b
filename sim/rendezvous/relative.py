"""Two craft side by side: relative histories, the docked position, and two bodies that become one or separate.

LVLH of the station: x forward (V-bar), y against the orbit normal, z to the nadir (R-bar). SI.
"""

from __future__ import annotations

import numpy as np

from kernels.relative.each import curvilinear_each, lvlh_each
from kernels.relative.hill import from_lvlh, to_curvilinear, to_lvlh
from sim.core.histories import RelativeHistory
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Port, Ship


def relative_state(station: State, ship: State, curved: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Position and velocity of the ship in LVLH, straight or curved (arcs along the orbit), m and m/s."""
    d, rate = np.empty(3), np.empty(3)
    (to_curvilinear if curved else to_lvlh)(station.r, station.v, ship.r, ship.v, d, rate)
    return d, rate


def relative_history(station: Trajectory, ship: Trajectory, times: np.ndarray, curved: bool = True) -> RelativeHistory:
    """A ship beside the station: LVLH position and velocity, range and its rate, at `times`."""
    rt, vt, _ = station.at(times)
    rc, vc, _ = ship.at(times)
    d, rate = np.empty((len(times), 3)), np.empty((len(times), 3))
    (curvilinear_each if curved else lvlh_each)(rt, vt, rc, vc, d, rate)
    return relative_columns(times, d, rate)


def relative_columns(times: np.ndarray, d: np.ndarray, rate: np.ndarray) -> RelativeHistory:
    """From LVLH positions m and velocities m/s (n,3)."""
    distance = np.linalg.norm(d, axis=1)
    safe = np.where(distance > 1e-6, distance, 1.0)
    return RelativeHistory(
        t_s=times,
        x_m=d[:, 0],
        y_m=d[:, 1],
        z_m=d[:, 2],
        vx_m_s=rate[:, 0],
        vy_m_s=rate[:, 1],
        vz_m_s=rate[:, 2],
        range_m=distance,
        range_rate_m_s=np.einsum("ij,ij->i", d, rate) / safe,
    )


def sample_times(start: float, end: float, step: float) -> np.ndarray:
    """Evenly spaced times with both ends, at most `step` apart."""
    return np.linspace(start, end, max(2, int(np.ceil((end - start) / step)) + 1))


def docked_position(port: Port, ship: Ship) -> np.ndarray:
    """Where the centre of mass of a ship on `port` lies from the station's own, LVLH (3,), m."""
    return port.position + ship.docking.ring * port.axis


def joined(station: State, ship: State) -> State:
    """Two bodies as one: momentum and centre of mass are kept, drag areas add up."""
    mass = station.mass + ship.mass
    return State(
        (station.mass * station.r + ship.mass * ship.r) / mass,
        (station.mass * station.v + ship.mass * ship.v) / mass,
        mass,
        station.cda + ship.cda,
    )


def split(stack: State, ship_mass: float, ship_cda: float, offset: np.ndarray, push: np.ndarray) -> tuple[State, State]:
    """The reverse of `joined`: (rest, ship), the ship at LVLH `offset` and leaving at `push` m/s, momentum kept."""
    r, v = np.empty(3), np.empty(3)
    from_lvlh(stack.r, stack.v, offset, push, r, v)
    apart_r, apart_v = r - stack.r, v - stack.v
    share = ship_mass / stack.mass
    rest = State(stack.r - share * apart_r, stack.v - share * apart_v, stack.mass - ship_mass, stack.cda - ship_cda)
    ship = State(rest.r + apart_r, rest.v + apart_v, ship_mass, ship_cda)
    return rest, ship
