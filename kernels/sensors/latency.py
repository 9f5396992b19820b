"""States of a little earlier: what a sensor saw that reports late, from the states at both ends of a control period.

Positions follow the cubic that meets position and velocity at both ends (Hermite). Thrust comes in pulses, so that
the true path is not that cubic: for a pulse of dv m/s they differ by 0.15 dv h at most, 0.6 mm for 8 mm/s in 0.5 s, and
their velocities by dv / 3. Turns go at the mean rate of the period. Truth and filter take both alike.
"""

from kernels.compiling import njit
from kernels.docking.port_geometry import turn_matrix


@njit(cache=True, error_model="numpy", _nrt=False)
def latency_in(period, dt, latency):
    """The latency s in this period of dt s: not over its beginning, and none in period 0, before which nothing is."""
    return min(latency, dt) if period > 0 else 0.0


@njit(cache=True, error_model="numpy", _nrt=False)
def bend(before, now, dt, out):
    """Fill out (2, 3) m/s2, m/s3: s before `now` (6,) m, m/s the place was r - v s + out[0] s^2 + out[1] s^3.

    before (6,): the state dt s ago
    """
    k = 1.0 / (dt * dt)
    for i in range(3):
        back = before[i] - now[i]
        out[0, i] = k * (3.0 * back + dt * (2.0 * now[3 + i] + before[3 + i]))
        out[1, i] = -k / dt * (2.0 * back + dt * (now[3 + i] + before[3 + i]))


@njit(cache=True, error_model="numpy", _nrt=False)
def earlier(tau, now, bend, out):
    """Fill out (6,) m, m/s, the state tau s before now (6,)."""
    for i in range(3):
        out[i] = now[i] + tau * (-now[3 + i] + tau * (bend[0, i] + tau * bend[1, i]))
        out[3 + i] = now[3 + i] - tau * (2.0 * bend[0, i] + 3.0 * tau * bend[1, i])


@njit(cache=True, error_model="numpy", _nrt=False)
def earlier_pose(tau, spin, lb, work, out):
    """Fill out (3, 3), LVLH to body tau s before lb (3, 3); spin (3,) rad/s against LVLH, body axes; work (3, 3)."""
    turn = out[0]
    for i in range(3):
        turn[i] = tau * spin[i]
    turn_matrix(turn, work)
    for j in range(3):
        for i in range(3):
            out[i, j] = work[i, 0] * lb[0, j] + work[i, 1] * lb[1, j] + work[i, 2] * lb[2, j]
