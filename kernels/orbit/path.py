"""A craft's path as the propagators write it, rows t, r, v, a, mass, interpolated between its rows; SI, inertial."""

from kernels.compiling import njit


@njit(cache=True, _nrt=False)
def interval(t, times, i):
    """Index of the interval of `times` that holds t, from a guess i that is near it; the outer ones reach outward."""
    while i + 2 < times.shape[0] and t >= times[i + 1]:
        i += 1
    while i > 0 and t < times[i]:
        i -= 1
    return i


@njit(cache=True, error_model="numpy", _nrt=False)
def place(t, path, i):
    """Position m at t from the rows i, i + 1 of a path: the quintic with their r, v, a; h^6/46080 of the sixth rate."""
    h = path[i + 1, 0] - path[i, 0]
    s = (t - path[i, 0]) / h
    u = 1.0 - s
    # The quintic as a line, and twice a correction that vanishes with it at the ends.
    p0, p1 = u * u * u * (1.0 + s * (3.0 + 6.0 * s)), s * s * s * (1.0 + u * (3.0 + 6.0 * u))
    v0, v1 = h * s * u * u * u * (1.0 + 3.0 * s), -h * u * s * s * s * (1.0 + 3.0 * u)
    a0, a1 = 0.5 * h * h * s * s * u * u * u, 0.5 * h * h * u * u * s * s * s
    a, b = path[i], path[i + 1]
    return (
        p0 * a[1] + p1 * b[1] + v0 * a[4] + v1 * b[4] + a0 * a[7] + a1 * b[7],
        p0 * a[2] + p1 * b[2] + v0 * a[5] + v1 * b[5] + a0 * a[8] + a1 * b[8],
        p0 * a[3] + p1 * b[3] + v0 * a[6] + v1 * b[6] + a0 * a[9] + a1 * b[9],
    )


@njit(cache=True, error_model="numpy", _nrt=False)
def pace(t, path, i):
    """Velocity m/s at t: the derivative of the quintic of `place`."""
    h = path[i + 1, 0] - path[i, 0]
    s = (t - path[i, 0]) / h
    u = 1.0 - s
    p = 30.0 * s * s * u * u / h
    v0, v1 = u * u * (1.0 - 3.0 * s) * (1.0 + 5.0 * s), s * s * (1.0 - 3.0 * u) * (1.0 + 5.0 * u)
    a0, a1 = 0.5 * h * s * u * u * (2.0 - 5.0 * s), -0.5 * h * u * s * s * (2.0 - 5.0 * u)
    a, b = path[i], path[i + 1]
    return (
        p * (b[1] - a[1]) + v0 * a[4] + v1 * b[4] + a0 * a[7] + a1 * b[7],
        p * (b[2] - a[2]) + v0 * a[5] + v1 * b[5] + a0 * a[8] + a1 * b[8],
        p * (b[3] - a[3]) + v0 * a[6] + v1 * b[6] + a0 * a[9] + a1 * b[9],
    )
