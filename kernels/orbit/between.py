"""States between the nodes of an arc, as good as the nodes: one Runge-Kutta step from the node before."""

import numpy as np

from kernels.compiling import njit
from kernels.maths.dop853 import STAGES
from kernels.maths.vectors import copy
from kernels.orbit.motion import shine, sunlit
from kernels.orbit.multistep import derivative, runge_kutta_step
from kernels.orbit.sunlight import NOW, dark


@njit(cache=True, error_model="numpy")
def at_times(nodes, count, times, dynamics, out):
    """States at any times (n,) between the first and the last of `count` nodes: out (n, 11) as the nodes are.

    One DOP853 step from the node before, so they are as good as the nodes; at a node's own time the result is the node.
    """
    k = np.empty((STAGES, 6))
    light = dark()
    bright = sunlit(dynamics)
    sign = 1.0 if nodes[count - 1, 0] >= nodes[0, 0] else -1.0
    for i in range(times.shape[0]):
        low = 0
        high = count - 1
        while high - low > 1:
            half = (low + high) // 2
            if sign * nodes[half, 0] <= sign * times[i]:
                low = half
            else:
                high = half
        if times[i] == nodes[high, 0]:
            low = high
        y = nodes[low, 1:11].copy()
        h = times[i] - nodes[low, 0]
        if h != 0.0:
            derivative(nodes[low, 0], y, dynamics, k[0])
            if bright:
                shine(nodes[low, 0], h, y[:3], y[3:6], k[0, 3:], dynamics, light)
            runge_kutta_step(nodes[low, 0], h, y, dynamics, k, light)
            derivative(times[i], y, dynamics, k[0])
            if bright:
                shine(times[i], h, y[:3], y[3:6], k[0, 3:], dynamics, light)
            copy(k[0, 3:] + light[NOW], y[6:9])
        out[i, 0] = times[i]
        copy(y, out[i, 1:])
