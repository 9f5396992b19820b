"""The horizontal part of NRLMSISE-00: the strength of each wave around the globe by latitude, season and space weather.

Every quantity of the model (a temperature, a gradient, the density of a gas) varies as 1 + G or exp(G), and G is a sum
of thirteen waves of local time, longitude and universal time. How strong each is at one latitude on one day is
reckoned once; then a place costs thirteen products. Formulas: Hedin 1987 (JGR 92, 4649), Appendix, as extended by
Picone et al. 2002 (JGR 107, A12, 1468); `p[k]` is the parameter that they and NRL's tables number k, from 1.
Longitudes in deg, times of day in s (universal) and h (local), days of the year from 1.
"""

import math

import numpy as np

from kernels.compiling import njit

# The model's own constants, as rounded there.
DEGREE, DAY_OF_YEAR, HOUR, SECOND = 1.74533e-2, 1.72142e-2, 0.2618, 7.2722e-5
# Where the waves stand: each pair is a cosine and its sine.
MEAN, DIURNAL, SEMIDIURNAL, TERDIURNAL, LONGITUDE, UNIVERSAL, MIXED = 0, 1, 3, 5, 7, 9, 11
WAVES = 13
# What a term of the sum may be multiplied by; the last six are pairs.
(
    ONE,
    FLUX,
    ANNUAL,
    SEMIANNUAL,
    OTHER_ANNUAL,
    OTHER_SEMIANNUAL,
    SEASON_ANNUAL,
    TIDE,
    TIDE_ANNUAL,
    ACTIVE,
    ACTIVE_ANNUAL,
    PLACE,
    PLACE_ANNUAL,
) = range(13)
STORM_TIDE, CLOCK, CLOCK_PLACE, STORM_PLACE, STORM_PLACE_ANNUAL, STORM_CLOCK = range(13, 25, 2)
FACTORS = 25


def _terms(*groups) -> np.ndarray:
    """Rows (wave, factor, order, degree, parameter) of groups (wave, factor, order, {degree: parameter})."""
    return np.array([(w, f, m, n, k) for w, f, m, pairs in groups for n, k in pairs.items()])


def _both(wave, factor, m, pairs):
    """A group for the cosine and one for the sine, of a factor that is a pair."""
    return (wave, factor, m, pairs), (wave + 1, factor + 1, m, pairs)


UPPER = _terms(
    (MEAN, ONE, 0, {0: 31, 1: 27, 2: 2, 4: 3, 6: 23}),
    (MEAN, FLUX, 0, {2: 15}),
    (MEAN, OTHER_ANNUAL, 0, {0: 19}),
    (MEAN, SEMIANNUAL, 0, {0: 16, 2: 17}),
    (MEAN, SEASON_ANNUAL, 0, {1: 10, 3: 11}),
    (MEAN, OTHER_SEMIANNUAL, 0, {1: 38}),
    (MEAN, ACTIVE, 0, {0: 33, 2: 46, 4: 35}),
    (MEAN, ACTIVE_ANNUAL, 0, {1: 101, 3: 102, 5: 103}),
    (DIURNAL, TIDE, 1, {1: 4, 3: 5, 5: 28}),
    (DIURNAL, TIDE_ANNUAL, 1, {2: 12}),
    (DIURNAL + 1, TIDE, 1, {1: 7, 3: 8, 5: 29}),
    (DIURNAL + 1, TIDE_ANNUAL, 1, {2: 13}),
    *_both(DIURNAL, STORM_TIDE, 1, {1: 122, 3: 123, 5: 124}),
    (SEMIDIURNAL, TIDE, 2, {2: 6, 4: 42}),
    (SEMIDIURNAL, TIDE_ANNUAL, 2, {3: 24, 5: 36}),
    (SEMIDIURNAL + 1, TIDE, 2, {2: 9, 4: 43}),
    (SEMIDIURNAL + 1, TIDE_ANNUAL, 2, {3: 34, 5: 37}),
    (TERDIURNAL, TIDE, 3, {3: 41}),
    (TERDIURNAL, TIDE_ANNUAL, 3, {4: 95, 6: 49}),
    (TERDIURNAL + 1, TIDE, 3, {3: 40}),
    (TERDIURNAL + 1, TIDE_ANNUAL, 3, {4: 94, 6: 47}),
    (LONGITUDE, PLACE, 1, {2: 65, 4: 66, 6: 67, 1: 104, 3: 105, 5: 106}),
    (LONGITUDE, PLACE_ANNUAL, 1, {1: 110, 3: 111, 5: 112}),
    (LONGITUDE + 1, PLACE, 1, {2: 91, 4: 92, 6: 93, 1: 107, 3: 108, 5: 109}),
    (LONGITUDE + 1, PLACE_ANNUAL, 1, {1: 113, 3: 114, 5: 115}),
    *_both(LONGITUDE, STORM_PLACE, 1, {2: 61, 4: 62, 6: 63}),
    *_both(LONGITUDE, STORM_PLACE_ANNUAL, 1, {1: 116, 3: 117, 5: 118}),
    *_both(UNIVERSAL, CLOCK, 0, {1: 69, 3: 70, 5: 71}),
    *_both(UNIVERSAL, STORM_CLOCK, 0, {1: 84, 3: 85, 5: 86}),
    *_both(MIXED, CLOCK_PLACE, 2, {3: 77, 5: 78, 7: 79}),
)
LOWER = _terms(
    (MEAN, FLUX, 0, {0: 22}),
    (MEAN, ONE, 0, {1: 27, 2: 2, 3: 15, 4: 3, 5: 60, 6: 23}),
    (MEAN, OTHER_ANNUAL, 0, {0: 19, 2: 48, 4: 30}),
    (MEAN, SEMIANNUAL, 0, {0: 16, 2: 17, 4: 31}),
    (MEAN, ANNUAL, 0, {1: 10, 3: 11, 5: 21}),
    (MEAN, OTHER_SEMIANNUAL, 0, {1: 38}),
    (MEAN, ACTIVE, 0, {0: 33, 2: 46}),
    (DIURNAL, ONE, 1, {1: 4, 3: 5}),
    (DIURNAL, ANNUAL, 1, {2: 12}),
    (DIURNAL + 1, ONE, 1, {1: 7, 3: 8}),
    (DIURNAL + 1, ANNUAL, 1, {2: 13}),
    (SEMIDIURNAL, ONE, 2, {2: 6, 4: 42}),
    (SEMIDIURNAL, ANNUAL, 2, {3: 24, 5: 36}),
    (SEMIDIURNAL + 1, ONE, 2, {2: 9, 4: 43}),
    (SEMIDIURNAL + 1, ANNUAL, 2, {3: 34, 5: 37}),
    (TERDIURNAL, ONE, 3, {3: 41}),
    (TERDIURNAL + 1, ONE, 3, {3: 40}),
    (LONGITUDE, PLACE, 1, {2: 65, 4: 66, 6: 67, 1: 75, 3: 76, 5: 77}),
    (LONGITUDE + 1, PLACE, 1, {2: 91, 4: 92, 6: 93, 1: 78, 3: 79, 5: 80}),
)


@njit(cache=True, error_model="numpy", nogil=True)
def legendre(latitude, out):
    """Associated Legendre functions out[m, n] (4, 8) of sin(latitude deg), m <= 3, not normalised, without (-1)^m."""
    x, s = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    top = 1.0
    for m in range(4):
        for n in range(m):
            out[m, n] = 0.0
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
    """How a quantity depends on the daily Ap: linear about 4, and less than linear above (Hedin 1987, A24d)."""
    bend = 1.0e-5 if p[44] < 0.0 else p[44]
    x = ap - 4.0
    return x + (p[45] - 1.0) * (x + (math.exp(-bend * x) - 1.0) / bend)


@njit(cache=True, error_model="numpy", nogil=True)
def _season(day, times, phase):
    return math.cos(times * DAY_OF_YEAR * (day - phase))


@njit(cache=True, error_model="numpy", nogil=True)
def _pair(out, at, strength, phase):
    """Factors at `at` and the next of a wave that runs behind by a phase: strength cos(x - phase), taken apart."""
    out[at], out[at + 1] = strength * math.cos(phase), strength * math.sin(phase)


@njit(cache=True, error_model="numpy", nogil=True)
def _sum(terms, p, q, factors, out):
    """Strengths (13,) from rows of terms (wave, factor, order m, degree n, parameter)."""
    for w in range(WAVES):
        out[w] = 0.0
    for i in range(terms.shape[0]):
        out[terms[i, 0]] += factors[terms[i, 1]] * p[terms[i, 4]] * q[terms[i, 2], terms[i, 3]]


@njit(cache=True, error_model="numpy", nogil=True)
def upper_strengths(p, q, day, f107, f107a, ap, f, out):
    """Strengths of the waves (13,) of G for a quantity of the thermosphere, from its 150 parameters.

    q: `legendre` of the latitude; day of the year, F10.7 of the day before and its 81-day mean, daily Ap. f (FACTORS,):
    workspace.
    """
    mean, flux = f107a - 150.0, f107 - f107a
    daily = p[20] * flux + p[21] * flux * flux
    active, annual = storm(p, ap), _season(day, 1.0, p[14])
    f[ONE], f[FLUX], f[ANNUAL], f[ACTIVE], f[ACTIVE_ANNUAL] = 1.0, mean, annual, active, active * annual
    f[SEMIANNUAL], f[OTHER_ANNUAL] = _season(day, 2.0, p[18]), _season(day, 1.0, p[32])
    f[OTHER_SEMIANNUAL] = _season(day, 2.0, p[39])
    f[SEASON_ANNUAL] = (1.0 + p[48] * mean + daily) * annual
    f[TIDE] = 1.0 + p[50] * mean + daily
    f[TIDE_ANNUAL] = f[TIDE] * annual
    f[PLACE] = 1.0 + p[81] * mean
    f[PLACE_ANNUAL] = f[PLACE] * annual
    _pair(f, STORM_TIDE, active, HOUR * p[125])
    clock = (1.0 + p[96] * q[0, 1]) * (1.0 + p[82] * mean) * (1.0 + p[120] * q[0, 1] * annual)
    _pair(f, CLOCK, clock, SECOND * p[72])
    _pair(f, CLOCK_PLACE, 1.0 + p[138] * mean, SECOND * p[80])
    _pair(f, STORM_PLACE, active * (1.0 + p[121] * q[0, 1]), DEGREE * p[64])
    _pair(f, STORM_PLACE_ANNUAL, active * annual, DEGREE * p[119])
    _pair(f, STORM_CLOCK, active, SECOND * p[76])
    _sum(UPPER, p, q, f, out)
    out[MEAN] += daily + p[20] * p[60] * flux * mean + p[22] * mean + p[30] * mean * mean


@njit(cache=True, error_model="numpy", nogil=True)
def lower_strengths(p, q, day, f107a, active, f, out):
    """The same (13,) for a temperature of the mesosphere, from its 100 parameters; `active`: `storm` of the base's."""
    f[ONE], f[FLUX], f[ANNUAL], f[ACTIVE] = 1.0, f107a - 150.0, _season(day, 1.0, p[14]), active
    f[SEMIANNUAL], f[OTHER_ANNUAL] = _season(day, 2.0, p[18]), _season(day, 1.0, p[32])
    f[OTHER_SEMIANNUAL] = _season(day, 2.0, p[39])
    f[PLACE] = 1.0 + p[84] * _season(day, 1.0, p[85]) + p[88] * _season(day, 2.0, p[89])
    f[PLACE] += q[0, 1] * (p[81] * _season(day, 1.0, p[82]) + p[86] * _season(day, 2.0, p[87]))
    _sum(LOWER, p, q, f, out)


@njit(cache=True, error_model="numpy", nogil=True)
def strengths(upper, lower, base, latitudes, conditions, out):
    """Strengths (conditions, latitudes, 16, 13) of all quantities: eleven of the thermosphere, five of the mesosphere.

    Parameters upper (11, 151), lower (5, 101); `base`: the row of the temperature at 120 km. latitudes (n,) deg,
    conditions (k, 4): day of the year, F10.7 of the day before and its 81-day mean, daily Ap.
    """
    q, f = np.empty((4, 8)), np.empty(FACTORS)
    for p in range(latitudes.size):
        legendre(latitudes[p], q)
        for k in range(conditions.shape[0]):
            day, f107, f107a, ap = conditions[k, 0], conditions[k, 1], conditions[k, 2], conditions[k, 3]
            for i in range(upper.shape[0]):
                upper_strengths(upper[i], q, day, f107, f107a, ap, f, out[k, p, i])
            active = storm(upper[base], ap)
            for i in range(lower.shape[0]):
                lower_strengths(lower[i], q, day, f107a, active, f, out[k, p, upper.shape[0] + i])
