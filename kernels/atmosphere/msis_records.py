"""Inputs of NRLMSISE-00 (kernels/atmosphere/nrlmsise00.py): its own numbers, the weather, and the grid of places and
moments."""

from typing import NamedTuple

import numpy as np

from kernels.compiling import record


@record
class Msis(NamedTuple):
    """The model's numbers, made of NRL's tables by sim/environment/nrlmsise00.py; gases in the order N2, O2, O, He, Ar,
    H, N.

    upper (11, 151), lower (5, 101): parameters of the quantities that vary, numbered from 1; `base` the row of the
    temperature at 120 km. temperature (3,): limit K, gradient K/km at 120 km, and there K. nodes (5,) km of the spline,
    the temperatures (4,) K at all but the first, and the `slope` of 1/T at the last, 1/(K km). mass (7,) u, diffusion
    (7,), density (8,) 1/cm3 at 120 km (the last: anomalous oxygen). turbopause (7,) km, with `amplitude` and `phase`
    (day) of N2's in the year; top (7,) km of mixing; `mixed` u, of mixed air; `blend` u. ratio (7,): to N2 at the
    ground, 0 where there is none; `oxygen`: what O has instead. ground, chemistry (7, 3): middle and two lengths,
    km, of the two corrections; rate (7,) of the second; `flux` how those of O and O2 grow with mean F10.7. hot (4,):
    anomalous oxygen's temperature K, height and length km, mass u.
    """

    upper: np.ndarray
    lower: np.ndarray
    base: int
    temperature: np.ndarray
    nodes: np.ndarray
    node_temperature: np.ndarray
    slope: float
    mass: np.ndarray
    diffusion: np.ndarray
    density: np.ndarray
    turbopause: np.ndarray
    amplitude: float
    phase: float
    top: np.ndarray
    mixed: float
    blend: float
    ratio: np.ndarray
    oxygen: float
    ground: np.ndarray
    chemistry: np.ndarray
    rate: np.ndarray
    flux: float
    hot: np.ndarray


@record
class MsisWeather(NamedTuple):
    """Days and weather of the moments of a grid: conditions (k, 4), each with the strength (k, latitudes, 16, 13) of
    its waves, as in `msis_globe.strengths`; which of them a moment has, `of` (moments,) int64."""

    conditions: np.ndarray
    strength: np.ndarray
    of: np.ndarray


@record
class MsisGrid(NamedTuple):
    """The grid of times and places: seconds (moments,) of the UTC day; heights (k,) km, 72.5 or more; latitudes (l,)
    deg, geodetic; local_times (n,) h and longitudes (moments, n) deg, which the model takes for independent."""

    seconds: np.ndarray
    heights: np.ndarray
    latitudes: np.ndarray
    local_times: np.ndarray
    longitudes: np.ndarray
