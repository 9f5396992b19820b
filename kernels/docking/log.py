"""The log of a docking, a row each control period: truth, navigation errors, commands. Columns by name."""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.craft.steering import off_pointing

# First column of each group, and how many: all of LVLH or body axes, SI, rad.
TIME = 0
RING = 1  # (3,) m, ring from port
RING_RATE = 4  # (3,) m/s
ANGLES = 7  # (3,) rad, the ship's docking frame against the port's: roll, pitch, yaw
BODY_RATES = 10  # (3,) rad/s of the ship against LVLH
STATION = 13  # (3,) rad, the station's attitude against LVLH
PLACE_ERROR = 16  # (3,) m navigated less true, centre of mass
PLACE_SIGMA = 19
SPEED_ERROR = 22  # (3,) m/s
SPEED_SIGMA = 25
TURN_ERROR = 28  # (3,) rad, body axes
TURN_SIGMA = 31  # with the star tracker's misalignment, which the filter cannot see
USED = 34  # kg
MODE = 35  # mode
DEMAND = 36  # (3,) m, the commanded place on an arc; m/s, the commanded velocity of the inbound approach
GAP = 39  # m along the port's axis, true
PLACE = 40  # (3,) m, centre of mass from the station's
COLUMNS = 43


@record
class DockingLog(NamedTuple):
    """The log of a docking, a row each period: rows (capacity, COLUMNS) as named above; nodes (capacity, 8) t s,
    inertial position and velocity of the ship m, m/s, its mass kg; on (capacity, m) s, how long each thruster was on.
    Besides: marks (k, 3), events (kernels/docking/plan.py); pair (28,), both bodies at the last contact; margins
    (7,), margins to the capture box at that contact."""

    rows: np.ndarray
    nodes: np.ndarray
    on: np.ndarray
    marks: np.ndarray
    pair: np.ndarray
    margins: np.ndarray


def docking_log(capacity: int, thrusters: int, marks: int) -> DockingLog:
    """An empty `DockingLog` of so many periods and marks."""
    return DockingLog(
        rows=np.empty((capacity, COLUMNS)),
        nodes=np.empty((capacity, 8)),
        on=np.empty((capacity, thrusters)),
        marks=np.empty((marks, 3)),
        pair=np.zeros(28),
        margins=np.zeros(7),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def _whole(c, command, angle):
    """Stretch angle (3,) from `off_pointing`, as long as the sine of its angle, to the angle itself."""
    trace, sine = 0.0, math.sqrt(angle[0] * angle[0] + angle[1] * angle[1] + angle[2] * angle[2])
    for i in range(3):
        for j in range(3):
            trace += c[i, j] * command[i, j]
    if sine > 1.0e-9:
        scale = math.atan2(sine, 0.5 * (trace - 1.0)) / sine
        for i in range(3):
            angle[i] *= scale


@njit(cache=True, error_model="numpy", _nrt=False)
def write_row(t, y, now, setup, nav, used, mode, demand, row):
    """Fill row (COLUMNS,): now the `Truth`, setup: of the docking, nav: the navigation."""
    row[TIME] = t
    mate, turned, frame, mount = now.work, now.turned, setup.route.frame, setup.sensors.tracker_mount
    for i in range(3):
        for j in range(3):
            mate[i, j] = frame[i, 0] * turned[j, 0] + frame[i, 1] * turned[j, 1] + frame[i, 2] * turned[j, 2]
    off_pointing(now.body, mate, row[ANGLES : ANGLES + 3])
    _whole(now.body, mate, row[ANGLES : ANGLES + 3])
    off_pointing(nav.lb[0], now.body, row[TURN_ERROR : TURN_ERROR + 3])
    x, cov = nav.relative.x, nav.relative.cov
    for i in range(3):
        row[RING + i] = now.ring[i]
        row[RING_RATE + i] = now.ring_rate[i]
        row[BODY_RATES + i] = y[10 + i] + now.n[0] * now.body[i, 1]
        row[STATION + i] = now.station[i]
        row[PLACE_ERROR + i] = x[i] - now.relative[i]
        row[PLACE_SIGMA + i] = math.sqrt(cov[i, i])
        row[SPEED_ERROR + i] = x[3 + i] - now.relative[3 + i]
        row[SPEED_SIGMA + i] = math.sqrt(cov[3 + i, 3 + i])
        row[TURN_SIGMA + i] = math.sqrt(nav.attitude.cov[i, i] + mount * mount)
        row[DEMAND + i] = demand[i]
        row[PLACE + i] = now.relative[i]
    row[USED], row[MODE], row[GAP] = used, mode, now.gap[0]
