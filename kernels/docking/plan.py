"""What the loop of the last kilometre is given, and what it keeps: the way, the rules it watches, faults, its mind.

LVLH of the station: x forward, y against the orbit normal, z to the nadir. SI, rad.
"""

from typing import NamedTuple

import numpy as np

# Statuses of the loop.
UNDECIDED = -1
TOUCHED, ARRIVED, TIMED_OUT, OUT_OF_PROPELLANT, RETREATED, NO_FIX, COLLIDED = 0, 1, 2, 3, 4, 5, 6

# Modes.
FLY_AROUND, INBOUND, BACK_OFF, LEAVE = 0, 1, 2, 3

# Marks: (code, t, value) of what happened.
ARRIVAL, DEPARTURE, FAULT, ISOLATED, BACKED_OFF, LEFT, TOUCH, BOUNCED = 0, 1, 2, 3, 4, 5, 6, 7

# Causes of a back-off or a retreat, as the value of its mark.
NO_CAUSE, CORRIDOR, SPEED, NAVIGATION, STATION_TURNS, MISSED, OFF_ARC, TRIES = 0, 1, 2, 3, 4, 5, 6, 7

# Faults: rows (kind, range m at which it begins, which one, value, duration s).
STUCK_OFF, STUCK_ON, SENSOR_LOST, STATION_SPIN, NO_THRUST = 1, 2, 3, 4, 5  # 0: none


class DockingPath(NamedTuple):
    """Round the station by arcs, then in along a port's axis.

    points (k + 1, 3) m, where the arcs begin and end, for the ship's centre of mass; times, waits (k,) s, of each arc
    and after it
    stops, holds (s,)  m along the axis from port to ring, the first where it starts, and s at each; none without a way
    in
    port (3,) m, axis (3,) unit and outward: the port on a station that stands in LVLH; frame (3, 3) its docking frame
    as rows, which the ship's body axes meet; ring m ahead of the ship's centre of mass along body x
    roll rad about body x, given on the last arc: from a pose with y along LVLH y to that of the frame
    v_max m/s, slope 1/s, v_contact m/s: the closing speed
    """

    points: np.ndarray
    times: np.ndarray
    waits: np.ndarray
    stops: np.ndarray
    holds: np.ndarray
    port: np.ndarray
    axis: np.ndarray
    frame: np.ndarray
    ring: float
    roll: float
    v_max: float
    slope: float
    v_contact: float


class Watch(NamedTuple):
    """The rules that the ship itself watches, on what it navigates, and what it does about them.

    corridor rad off the port's axis, apex at the port; speed_range s: speed up to range over it + speed_min m/s,
    or up to v_max m/s; off_arc m from the commanded place
    station_angle rad, station_rate rad/s: of the station's attitude, beyond which nobody docks
    seen_within m: nearer than this it wants to see the port; patience s: how long it waits for that at a stop
    plume m: nearer than this no thruster blows at the port; keep_out m radius of the sphere; body m radius of the ports
    tries: how often it may come; back_off m/s outward; detect s until a thruster that disagrees is shut; limit s in all
    """

    corridor: float
    speed_range: float
    speed_min: float
    v_max: float
    off_arc: float
    station_angle: float
    station_rate: float
    seen_within: float
    patience: float
    plume: float
    keep_out: float
    body: float
    tries: int
    back_off: float
    detect: float
    limit: float
