"""Control law: velocity and attitude errors against the command, each with a dead-band.

Attitude: a strip in the phase plane. Inside |rate + gain angle| <= gain dead-band nothing is done and the craft drifts;
beyond, one pulse takes the rate to -gain angle, so that the angle runs out exponentially. Wie, Space Vehicle Dynamics
and Control (2008), section 7.3, has the strip with its limit cycle.
"""

from typing import NamedTuple

from kernels.compiling import njit, record


@record
class ControlLaw(NamedTuple):
    """The control law: `period` s; `deadband` m/s of each velocity axis, and by how much it `widens` with the distance,
    1/s; `gain` 1/s of position, across the path; `angle` rad dead-band of attitude, `angle_gain` 1/s, `rate_max` rad/s.
    """

    period: float
    deadband: float
    widens: float
    gain: float
    angle: float
    angle_gain: float
    rate_max: float


@njit(cache=True, error_model="numpy", _nrt=False)
def velocity_demand(v_command, a_command, v, a_free, distance, steering, dv):
    """Fill dv (3,) m/s, the velocity change demanded: the error at the end of the period, if outside the dead-band.

    v_command, v (3,) m/s commanded and navigated; a_command the change of the command, a_free the acceleration of
    orbital motion, m/s2; any axes, all the same; distance m to the target: the dead-band widens with it, as the
    navigation errors do.
    """
    deadband = steering.deadband + steering.widens * distance
    for j in range(3):
        error = v_command[j] - v[j] + (a_command[j] - a_free[j]) * steering.period
        dv[j] = error if abs(error) > deadband else 0.0


@njit(cache=True, error_model="numpy", _nrt=False)
def off_pointing(c, c_command, angle):
    """Fill angle (3,) rad, attitude error of the body axes of c against those of c_command, in body axes.

    Both (3, 3) take the same axes to body ones; exact for small angles, of the right side for all below a half turn.
    """
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        turned = 0.0
        for m in range(3):
            turned += c[j, m] * c_command[k, m] - c[k, m] * c_command[j, m]
        angle[i] = 0.5 * turned


@njit(cache=True, error_model="numpy", _nrt=False)
def rate_demand(angle, rate, steering, dw):
    """Fill dw (3,) rad/s, the rate change demanded: angle (3,) rad and rate (3,) rad/s are errors against the
    command."""
    for j in range(3):
        target_rate = min(max(-steering.angle_gain * angle[j], -steering.rate_max), steering.rate_max)
        rate_error = rate[j] - target_rate
        dw[j] = -rate_error if abs(rate_error) > steering.angle_gain * steering.angle else 0.0
