"""The horizontal part of NRLMSISE-00: what latitude, season and space weather make of each wave around the globe.

Every quantity of the model (a temperature, a gradient, the density of a gas) varies as 1 + G or exp(G), and G is a sum
of thirteen waves of local time, longitude and universal time. How strong each is at one latitude on one day is
reckoned once; then a place costs thirteen products. Formulas: Hedin 1987 (JGR 92, 4649), Appendix, as extended by
Picone et al. 2002 (JGR 107, A12, 1468); `p[k]` is the parameter that they and NRL's tables number k, from 1.
Longitudes in deg, times of day in s (universal) and h (local), days of the year from 1.
"""

import math

import numpy as np
from numba import njit

# The model's own constants, as rounded there.
DEGREE, DAY_OF_YEAR, HOUR, SECOND = 1.74533e-2, 1.72142e-2, 0.2618, 7.2722e-5
# Where the waves stand: each pair is a cosine and its sine.
MEAN, DIURNAL, SEMIDIURNAL, TERDIURNAL, LONGITUDE, UNIVERSAL, MIXED = 0, 1, 3, 5, 7, 9, 11
WAVES = 13


@njit(cache=True, error_model="numpy", nogil=True)
def legendre(latitude, out):
    """Associated Legendre functions out[m, n] (4, 8) of sin(latitude deg), m <= 3; not normalised, all signs positive."""
    x, s = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    out[:] = 0.0
    top = 1.0
    for m in range(4):
        out[m, m] = top
        out[m, m + 1] = (2 * m + 1) * x * top
        for n in range(m + 2, 8):
            out[m, n] = ((2 * n - 1) * x * out[m, n - 1] - (n + m - 1) * out[m, n - 2]) / (n - m)
        top *= (2 * m + 1) * s


@njit(cache=True, error_model="numpy", nogil=True)
def waves(local_time, longitude, seconds, out):
    """The thirteen waves (13,) at a local time (h), a longitude (deg) and a universal time (s)."""
    sun, east, clock = HOUR * local_time, DEGREE * longitude, SECOND * seconds
    out[MEAN] = 1.0
    for k in range(3):
        out[DIURNAL + 2 * k] = math.cos((k + 1) * sun)
        out[DIURNAL + 2 * k + 1] = math.sin((k + 1) * sun)
    out[LONGITUDE], out[LONGITUDE + 1] = math.cos(east), math.sin(east)
    out[UNIVERSAL], out[UNIVERSAL + 1] = math.cos(clock), math.sin(clock)
    out[MIXED], out[MIXED + 1] = math.cos(clock + 2.0 * east), math.sin(clock + 2.0 * east)


@njit(cache=True, error_model="numpy", nogil=True)
def storm(p, ap):
    """How a quantity feels the daily Ap: linear about 4, and less than linear above (Hedin 1987, A24d)."""
    bend = 1.0e-5 if p[44] < 0.0 else p[44]
    x = ap - 4.0
    return x + (p[45] - 1.0) * (x + (math.exp(-bend * x) - 1.0) / bend)


@njit(cache=True, error_model="numpy", nogil=True)
def _add(out, wave, strength, phase):
    """Add strength * cos(wave's argument - phase) to a pair."""
    out[wave] += strength * math.cos(phase)
    out[wave + 1] += strength * math.sin(phase)


@njit(cache=True, error_model="numpy", nogil=True)
def _season(day, times, phase):
    return math.cos(times * DAY_OF_YEAR * (day - phase))


@njit(cache=True, error_model="numpy", nogil=True)
def upper_strengths(p, q, day, f107, f107a, ap, out):
    """Strengths of the waves (13,) of G for a quantity of the thermosphere, from its 150 parameters.

    q: `legendre` of the latitude; day of the year, F10.7 of the day before and its 81-day mean, daily Ap.
    """
    out[:] = 0.0
    mean_flux, flux = f107a - 150.0, f107 - f107a
    annual, semiannual = _season(day, 1.0, p[14]), _season(day, 2.0, p[18])
    daily = p[20] * flux + p[21] * flux * flux
    of_season = 1.0 + p[48] * mean_flux + daily
    of_day = 1.0 + p[50] * mean_flux + daily
    active = storm(p, ap)

    # Mean, with the Sun's activity, the two halves of the year and both hemispheres
    out[MEAN] = (
        p[31] + daily + p[20] * p[60] * flux * mean_flux + p[22] * mean_flux + p[30] * mean_flux * mean_flux
        + (p[2] + p[15] * mean_flux) * q[0, 2] + p[3] * q[0, 4] + p[23] * q[0, 6] + p[27] * q[0, 1]
        + p[19] * _season(day, 1.0, p[32])
        + (p[16] + p[17] * q[0, 2]) * semiannual
        + of_season * (p[10] * q[0, 1] + p[11] * q[0, 3]) * annual
        + p[38] * q[0, 1] * _season(day, 2.0, p[39])
    )  # fmt: skip
    # Tides
    out[DIURNAL] = of_day * (p[4] * q[1, 1] + p[5] * q[1, 3] + p[28] * q[1, 5] + p[12] * q[1, 2] * annual)
    out[DIURNAL + 1] = of_day * (p[7] * q[1, 1] + p[8] * q[1, 3] + p[29] * q[1, 5] + p[13] * q[1, 2] * annual)
    out[SEMIDIURNAL] = of_day * (
        p[6] * q[2, 2] + p[42] * q[2, 4] + (p[24] * q[2, 3] + p[36] * q[2, 5]) * annual
    )  # fmt: skip
    out[SEMIDIURNAL + 1] = of_day * (
        p[9] * q[2, 2] + p[43] * q[2, 4] + (p[34] * q[2, 3] + p[37] * q[2, 5]) * annual
    )  # fmt: skip
    out[TERDIURNAL] = of_day * (p[41] * q[3, 3] + (p[95] * q[3, 4] + p[49] * q[3, 6]) * annual)
    out[TERDIURNAL + 1] = of_day * (p[40] * q[3, 3] + (p[94] * q[3, 4] + p[47] * q[3, 6]) * annual)
    # Magnetic storms: everywhere, and stronger at some local time
    out[MEAN] += active * (
        p[33] + p[46] * q[0, 2] + p[35] * q[0, 4]
        + (p[101] * q[0, 1] + p[102] * q[0, 3] + p[103] * q[0, 5]) * annual
    )  # fmt: skip
    _add(out, DIURNAL, active * (p[122] * q[1, 1] + p[123] * q[1, 3] + p[124] * q[1, 5]), HOUR * p[125])
    # Longitude
    of_place = 1.0 + p[81] * mean_flux
    out[LONGITUDE] = of_place * (
        p[65] * q[1, 2] + p[66] * q[1, 4] + p[67] * q[1, 6] + p[104] * q[1, 1] + p[105] * q[1, 3] + p[106] * q[1, 5]
        + (p[110] * q[1, 1] + p[111] * q[1, 3] + p[112] * q[1, 5]) * annual
    )  # fmt: skip
    out[LONGITUDE + 1] = of_place * (
        p[91] * q[1, 2] + p[92] * q[1, 4] + p[93] * q[1, 6] + p[107] * q[1, 1] + p[108] * q[1, 3] + p[109] * q[1, 5]
        + (p[113] * q[1, 1] + p[114] * q[1, 3] + p[115] * q[1, 5]) * annual
    )  # fmt: skip
    # Universal time, alone and with longitude
    clock = (1.0 + p[96] * q[0, 1]) * (1.0 + p[82] * mean_flux) * (1.0 + p[120] * q[0, 1] * annual)
    _add(out, UNIVERSAL, clock * (p[69] * q[0, 1] + p[70] * q[0, 3] + p[71] * q[0, 5]), SECOND * p[72])
    mixed = (p[77] * q[2, 3] + p[78] * q[2, 5] + p[79] * q[2, 7]) * (1.0 + p[138] * mean_flux)
    _add(out, MIXED, mixed, SECOND * p[80])
    # Storms at a longitude and at a universal time
    polar = (1.0 + p[121] * q[0, 1]) * (p[61] * q[1, 2] + p[62] * q[1, 4] + p[63] * q[1, 6])
    _add(out, LONGITUDE, active * polar, DEGREE * p[64])
    polar = (p[116] * q[1, 1] + p[117] * q[1, 3] + p[118] * q[1, 5]) * annual
    _add(out, LONGITUDE, active * polar, DEGREE * p[119])
    _add(out, UNIVERSAL, active * (p[84] * q[0, 1] + p[85] * q[0, 3] + p[86] * q[0, 5]), SECOND * p[76])


@njit(cache=True, error_model="numpy", nogil=True)
def lower_strengths(p, q, day, f107a, active, out):
    """The same (13,) for a temperature of the mesosphere, from its 100 parameters; `active`: `storm` of the base's."""
    out[:] = 0.0
    annual, semiannual = _season(day, 1.0, p[14]), _season(day, 2.0, p[18])
    out[MEAN] = (
        p[22] * (f107a - 150.0)
        + p[2] * q[0, 2] + p[3] * q[0, 4] + p[23] * q[0, 6] + p[27] * q[0, 1] + p[15] * q[0, 3] + p[60] * q[0, 5]
        + (p[19] + p[48] * q[0, 2] + p[30] * q[0, 4]) * _season(day, 1.0, p[32])
        + (p[16] + p[17] * q[0, 2] + p[31] * q[0, 4]) * semiannual
        + (p[10] * q[0, 1] + p[11] * q[0, 3] + p[21] * q[0, 5]) * annual
        + p[38] * q[0, 1] * _season(day, 2.0, p[39])
        + active * (p[33] + p[46] * q[0, 2])
    )  # fmt: skip
    out[DIURNAL] = p[4] * q[1, 1] + p[5] * q[1, 3] + p[12] * q[1, 2] * annual
    out[DIURNAL + 1] = p[7] * q[1, 1] + p[8] * q[1, 3] + p[13] * q[1, 2] * annual
    out[SEMIDIURNAL] = p[6] * q[2, 2] + p[42] * q[2, 4] + (p[24] * q[2, 3] + p[36] * q[2, 5]) * annual
    out[SEMIDIURNAL + 1] = p[9] * q[2, 2] + p[43] * q[2, 4] + (p[34] * q[2, 3] + p[37] * q[2, 5]) * annual
    out[TERDIURNAL], out[TERDIURNAL + 1] = p[41] * q[3, 3], p[40] * q[3, 3]
    of_season = (
        1.0
        + q[0, 1] * (p[81] * _season(day, 1.0, p[82]) + p[86] * _season(day, 2.0, p[87]))
        + p[84] * _season(day, 1.0, p[85])
        + p[88] * _season(day, 2.0, p[89])
    )
    for k in range(2):
        a, b = (65, 75) if k == 0 else (91, 78)
        out[LONGITUDE + k] = of_season * (
            p[a] * q[1, 2] + p[a + 1] * q[1, 4] + p[a + 2] * q[1, 6]
            + p[b] * q[1, 1] + p[b + 1] * q[1, 3] + p[b + 2] * q[1, 5]
        )  # fmt: skip


@njit(cache=True, error_model="numpy", nogil=True)
def strengths(model, latitude, day, f107, f107a, ap, out):
    """Strengths (16, 13) of all quantities at a latitude (deg): eleven of the thermosphere, five of the mesosphere.

    `model` as in kernels/nrlmsise00.py.
    """
    q = np.empty((4, 8))
    legendre(latitude, q)
    upper = model.upper.shape[0]
    for i in range(upper):
        upper_strengths(model.upper[i], q, day, f107, f107a, ap, out[i])
    active = storm(model.upper[model.base], ap)
    for i in range(model.lower.shape[0]):
        lower_strengths(model.lower[i], q, day, f107a, active, out[upper + i])
