"""Inputs of the close-range docking loop: the path to the port, the onboard rules, faults; its modes and statuses.

LVLH of the station: x forward, y against the orbit normal, z to the nadir. SI, rad.
"""

from typing import NamedTuple

import numpy as np

from kernels.compiling import record

# Statuses of the loop.
UNDECIDED = -1
TOUCHED, ARRIVED, TIMED_OUT, OUT_OF_PROPELLANT, RETREATED, NO_FIX, COLLIDED = 0, 1, 2, 3, 4, 5, 6

# Modes.
FLY_AROUND, INBOUND, BACK_OFF, LEAVE = 0, 1, 2, 3

# Marks: (code, t, value), the events.
ARRIVAL, DEPARTURE, FAULT, ISOLATED, BACKED_OFF, LEFT, TOUCH, BOUNCED = 0, 1, 2, 3, 4, 5, 6, 7
BLINDED = 8  # its value: why the camera does not see, as kernels/sensors/sensors.py has it; 0: it does again

# Causes of a back-off or a retreat: the value of its mark.
NO_CAUSE, CORRIDOR, SPEED, NAVIGATION, STATION_TURNS, MISSED, OFF_ARC, TRIES = 0, 1, 2, 3, 4, 5, 6, 7
SUN_IN_CAMERA, PORT_IN_DARK = 8, 9  # NAVIGATION, where this is why the camera does not see

# Faults: rows (kind, range m at which it begins, negative outbound, which one, value, duration s).
STUCK_OFF, STUCK_ON, SENSOR_LOST, STATION_SPIN, NO_THRUST = 1, 2, 3, 4, 5  # 0: none


@record
class DockingPath(NamedTuple):
    """A fly-around by arcs, then an inbound approach along the port's axis.

    points (k + 1, 3) m, where the arcs begin and end, for the ship's centre of mass; centre (3,) m, about which they
    turn, and to which the ship points; times, waits (k,) s, of each arc and after it
    stops, holds (s,)  m along the axis from port to ring, the first where it starts, and s at each; none without an
    inbound approach
    port (3,) m, axis (3,) unit and outward: the port on a station that stands in LVLH; frame (3, 3) its docking frame
    as rows, which the ship's body axes meet; ring m ahead of the ship's centre of mass along body x
    held rad about body x from a pose with y along LVLH y, held on all arcs; roll rad more, flown on the last one
    v_max m/s, slope 1/s, v_contact m/s: the closing speed
    """

    points: np.ndarray
    centre: np.ndarray
    times: np.ndarray
    waits: np.ndarray
    stops: np.ndarray
    holds: np.ndarray
    port: np.ndarray
    axis: np.ndarray
    frame: np.ndarray
    ring: float
    held: float
    roll: float
    v_max: float
    slope: float
    v_contact: float


@record
class Watch(NamedTuple):
    """The rules that the ship monitors onboard, on its navigated state, and the limits of its response.

    corridor rad off the port's axis, apex at the port; speed_range s: speed up to range over it + speed_min m/s,
    or up to v_max m/s; off_arc m, position error on an arc
    station_angle rad, station_rate rad/s: of the station's attitude, above which docking is not allowed
    seen_within m: nearer than this the camera must see the port; patience s: the longest wait for that at a stop
    plume m: nearer than this no thruster may fire at the port; keep_out m, radius of the sphere; body m, that of
    the ports
    tries: the allowed number of approaches; back_off m/s outward; detect s until a thruster that disagrees with its
    command is isolated; limit s, duration in all
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
