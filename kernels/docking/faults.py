"""Faults of a docking: when they begin, their effect on the hardware, and the isolation of a failed thruster."""

from typing import NamedTuple

import numpy as np

from kernels.compiling import njit, record
from kernels.docking.mode_logic import mark
from kernels.docking.plan import FAULT, ISOLATED, NO_THRUST, SENSOR_LOST, STATION_SPIN, STUCK_OFF, STUCK_ON
from kernels.sensors.sensors import SENSORS


@record
class Hardware(NamedTuple):
    """Health of the hardware. usable (m,) uint8 of thrusters, 0 once isolated; stuck (m,) int64, 0 or a fault's kind;
    disagreement (m,) s for which each disagreed with its command; health (SENSORS,) uint8; since (f,) s when a fault
    began, infinite before; mute (1,) s until when no command reaches a thruster."""

    usable: np.ndarray
    stuck: np.ndarray
    disagreement: np.ndarray
    health: np.ndarray
    since: np.ndarray
    mute: np.ndarray


def hardware(m: int, faults: int) -> Hardware:
    """Healthy hardware: m thrusters, and the number of faults to come."""
    return Hardware(
        usable=np.ones(m, np.uint8),
        stuck=np.zeros(m, np.int64),
        disagreement=np.zeros(m),
        health=np.ones(SENSORS, np.uint8),
        since=np.full(faults, np.inf),
        mute=np.full(1, -np.inf),
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def apply_faults(t, distance, faults, hw, motion, marks, count):
    """Begin the faults whose range is reached, `distance` m of ring from port, and end those that are over; one with
    a negative range begins outbound, once the ring is that far.

    Returns when the station began to spin, s.
    """
    spin_from = motion.spin_from
    for k in range(faults.shape[0]):
        kind, within, which, value, duration = faults[k]
        begins = hw.since[k] == np.inf and (distance <= within or distance >= -within > 0.0)
        if begins:
            hw.since[k] = t
            mark(FAULT, t, np.float64(k), marks, count)
        ends = t >= hw.since[k] + duration
        j = int(which)
        if kind == SENSOR_LOST:
            hw.health[j] = 1 if ends or hw.since[k] == np.inf else 0
        elif kind == NO_THRUST:
            if begins:
                hw.mute[0] = t + duration
        elif kind == STATION_SPIN:
            if begins:
                spin_from = t
                motion.spin[1] = value
        elif begins:
            hw.stuck[j] = STUCK_OFF if kind == STUCK_OFF else STUCK_ON
    return spin_from


@njit(cache=True, error_model="numpy", _nrt=False)
def actuate(t, dt, on, hw, detect, marks, count):
    """Replace commanded on-times, on (m,) s in place, by actual ones; isolate a thruster that disagrees too long.

    Chamber pressure shows whether a thruster fires: it is compared with the command.
    """
    for j in range(on.shape[0]):
        if hw.usable[j] == 0:
            on[j] = 0.0
        elif hw.stuck[j] != 0:
            commanded = on[j] > 0.0
            on[j] = 0.0 if hw.stuck[j] == STUCK_OFF else dt
            if commanded != (on[j] > 0.0):
                hw.disagreement[j] += dt
            if hw.disagreement[j] >= detect:
                hw.usable[j] = 0
                mark(ISOLATED, t, np.float64(j), marks, count)
