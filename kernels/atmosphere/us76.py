"""US Standard Atmosphere 1976, from the sea to 1000 km.

Equation and table numbers are those of NOAA-S/T 76-1562 (NASA-TM-X-74335). Below 86 km the seven layers of Table 4
are exact; above, where the standard integrates six diffusing gases, its printed densities (Table I) are joined by
straight lines in ln(density), and the temperature is the standard's own formula.
"""

import math

import numpy as np

from kernels.compiling import njit

G0 = 9.80665  # m/s2 at 45 deg latitude; here the unit of geopotential, Table 2
R_STAR = 8314.32  # J/(kmol K), Table 2: the standard keeps the gas constant of its day
M0 = 28.9644  # kg/kmol, molecular weight of the mixed air
R_AIR = R_STAR / M0  # J/(kg K)
R0 = 6356766.0  # m, the Earth's radius at the latitude where gravity is G0
GAMMA = 1.4  # ratio of specific heats, Table 2
FLOOR = -5000.0  # m, where Table I begins: below, the air of the floor is returned
MIXED_TOP = 86000.0  # m, above which the gases separate
CEILING = 1.0e6  # m, where Table I ends: above, vacuum


def _printed(numbers):
    """A table as the standard prints it, numbers between blanks."""
    return np.array([float(number) for number in numbers.split()])


# Table 4: base of each layer in geopotential metres, and the slope of the molecular temperature in K/m.
LAYER_BASE = np.array([0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0])
LAYER_SLOPE = np.array([-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002])

# Table 8: molecular weight over M0, every 500 m from 80 to 86 km. It brings T to the 186.87 K of the upper air.
WEIGHT_START, WEIGHT_STEP = 80000.0, 500.0
WEIGHT_RATIO = _printed("""
    1.0 0.999996 0.999989 0.999971 0.999941 0.999909 0.999870
    0.999829 0.999786 0.999741 0.999694 0.999641 0.999579
""")

# Table I: geometric height in km and density in kg/m3. Spaced so that a straight line in ln(density) stays within
# 0.3 % of the printed rows between (tests/kernels/test_us76.py).
UPPER_KM = _printed("""
    86 87 88 89 90 91 92 93 94 95 96 97 98 99 100 102 104 106 108 110 112 114 116 118 120
    122 124 126 128 130 132 134 136 138 140 142 144 146 148 150 155 160 165 170 175 180 185
    190 195 200 205 210 215 220 225 230 235 240 245 250 255 260 265 270 275 280 285 290 295
    300 310 320 340 360 380 400 420 440 460 480 500 525 550 575 600 625 650 675 700 725 750
    775 800 825 850 875 900 925 950 975 1000
""")
UPPER_DENSITY = _printed("""
    6.958e-6 5.824e-6 4.875e-6 4.081e-6 3.416e-6 2.860e-6 2.393e-6 2.000e-6 1.670e-6 1.393e-6 1.162e-6
    9.685e-7 8.071e-7 6.725e-7 5.604e-7 3.935e-7 2.769e-7 1.954e-7 1.381e-7 9.708e-8 6.838e-8 4.975e-8
    3.720e-8 2.847e-8 2.222e-8 1.767e-8 1.428e-8 1.171e-8 9.717e-9 8.152e-9 6.904e-9 5.897e-9 5.074e-9
    4.396e-9 3.831e-9 3.358e-9 2.958e-9 2.618e-9 2.326e-9 2.076e-9 1.585e-9 1.233e-9 9.750e-10 7.815e-10
    6.339e-10 5.194e-10 4.295e-10 3.581e-10 3.006e-10 2.541e-10 2.160e-10 1.846e-10 1.585e-10 1.367e-10
    1.184e-10 1.029e-10 8.979e-11 7.858e-11 6.898e-11 6.073e-11 5.360e-11 4.742e-11 4.206e-11 3.738e-11
    3.329e-11 2.971e-11 2.656e-11 2.378e-11 2.133e-11 1.916e-11 1.552e-11 1.264e-11 8.503e-12 5.805e-12
    4.013e-12 2.803e-12 1.975e-12 1.402e-12 1.002e-12 7.208e-13 5.215e-13 3.509e-13 2.384e-13 1.637e-13
    1.137e-13 7.998e-14 5.712e-14 4.148e-14 3.070e-14 2.318e-14 1.788e-14 1.410e-14 1.136e-14 9.339e-15
    7.824e-15 6.664e-15 5.759e-15 5.038e-15 4.453e-15 3.968e-15 3.561e-15
""")
# Table II: mean molecular weight in kg/kmol, which turns density and temperature into pressure (eq 33c).
WEIGHT_KM = _printed("""
    86 91 95 97 99 101 103 105 107 109 110 112 115 120 125 130 140 150 160 180 200 220 240
    260 280 300 310 320 340 350 360 380 400 420 440 450 460 480 500 525 550 575 600 625 650
    675 700 725 750 775 800 825 850 875 900 925 950 975 1000
""")
WEIGHT = _printed("""
    28.95 28.89 28.73 28.62 28.48 28.30 28.10 27.88 27.64 27.39 27.27 27.02 26.68 26.20 25.80 25.44
    24.75 24.10 23.49 22.34 21.30 20.37 19.56 18.85 18.24 17.73 17.50 17.29 16.91 16.74 16.57 16.27
    15.98 15.70 15.40 15.25 15.08 14.73 14.33 13.76 13.09 12.34 11.51 10.62 9.72 8.83 8.00 7.24
    6.58 6.01 5.54 5.16 4.85 4.60 4.40 4.25 4.12 4.02 3.94
""")


def _layer_bases():
    """Molecular temperature K and pressure Pa at the foot of each layer, from sea level up: eqs 23, 33a, 33b."""
    temperature, pressure = [288.15], [101325.0]
    for i in range(len(LAYER_BASE) - 1):
        rise, slope, t = LAYER_BASE[i + 1] - LAYER_BASE[i], LAYER_SLOPE[i], temperature[i]
        temperature.append(t + slope * rise)
        if slope == 0.0:
            pressure.append(pressure[i] * math.exp(-G0 * rise / (R_AIR * t)))
        else:
            pressure.append(pressure[i] * (t / temperature[i + 1]) ** (G0 / (R_AIR * slope)))
    return np.array(temperature), np.array(pressure)


LAYER_TEMPERATURE, LAYER_PRESSURE = _layer_bases()


@njit(cache=True)
def geopotential_height(height):
    """Geopotential height, m', of a geometric height, m: eq 18."""
    return R0 * height / (R0 + height)


@njit(cache=True)
def mixed_air(height):
    """Molecular temperature K and pressure Pa at a geometric height in m, -5 to 86 km: eqs 23, 33a and 33b."""
    h = geopotential_height(height)
    b = 0
    while b < LAYER_BASE.size - 1 and h >= LAYER_BASE[b + 1]:
        b += 1
    rise = h - LAYER_BASE[b]
    slope = LAYER_SLOPE[b]
    base = LAYER_TEMPERATURE[b]
    if slope == 0.0:
        return base, LAYER_PRESSURE[b] * math.exp(-G0 * rise / (R_AIR * base))
    t = base + slope * rise
    return t, LAYER_PRESSURE[b] * (base / t) ** (G0 / (R_AIR * slope))


@njit(cache=True)
def mixed_weight_ratio(height):
    """Molecular weight over M0 at a geometric height in m, up to 86 km: Table 8, linear between its rows."""
    if height <= WEIGHT_START:
        return 1.0
    u = (height - WEIGHT_START) / WEIGHT_STEP
    i = min(int(u), WEIGHT_RATIO.size - 2)
    return WEIGHT_RATIO[i] + (u - i) * (WEIGHT_RATIO[i + 1] - WEIGHT_RATIO[i])


@njit(cache=True)
def upper_temperature(height):
    """Kinetic temperature, K, at a geometric height in m, 86 to 1000 km: eqs 25, 27, 29 and 31."""
    if height < 91000.0:
        return 186.8673
    if height < 110000.0:
        x = (height - 91000.0) / 19942.9
        return 263.1905 - 76.3232 * math.sqrt(1.0 - x * x)
    if height < 120000.0:
        return 240.0 + 0.012 * (height - 110000.0)
    reduced = (height - 120000.0) * (R0 + 120000.0) / (R0 + height)
    return 1000.0 - 640.0 * math.exp(-1.875e-5 * reduced)


def _upper_nodes():
    """Height m, ln(density) and ln(pressure) at the rows of Table I, the pressure by the gas law, eq 33c.

    The first row comes from the layers instead, so that nothing jumps at 86 km (it agrees to the printed digits).
    """
    height = 1000.0 * UPPER_KM
    temperature = np.array([upper_temperature(z) for z in height])
    density = UPPER_DENSITY.copy()
    pressure = density * R_STAR * temperature / np.interp(UPPER_KM, WEIGHT_KM, WEIGHT)
    foot_temperature, pressure[0] = mixed_air(MIXED_TOP)
    density[0] = pressure[0] / (R_AIR * foot_temperature)
    return height, np.log(density), np.log(pressure)


UPPER_HEIGHT, UPPER_LN_DENSITY, UPPER_LN_PRESSURE = _upper_nodes()


@njit(cache=True)
def upper_air(height):
    """Density kg/m3 and pressure Pa at a geometric height in m, 86 to 1000 km: Table I, linear in the logarithm."""
    low = 0
    high = UPPER_HEIGHT.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if height >= UPPER_HEIGHT[middle]:
            low = middle
        else:
            high = middle
    w = (height - UPPER_HEIGHT[low]) / (UPPER_HEIGHT[high] - UPPER_HEIGHT[low])
    density = math.exp(UPPER_LN_DENSITY[low] + w * (UPPER_LN_DENSITY[high] - UPPER_LN_DENSITY[low]))
    pressure = math.exp(UPPER_LN_PRESSURE[low] + w * (UPPER_LN_PRESSURE[high] - UPPER_LN_PRESSURE[low]))
    return density, pressure


@njit(cache=True)
def us76(height):
    """Density kg/m3, pressure Pa, kinetic temperature K and speed of sound m/s at a geometric height in m.

    Valid from -5 km (below it the floor is returned) to 1000 km (above it density and pressure are zero). The standard
    has no speed of sound above 86 km, where the gas is thin; sqrt(1.4 p / rho) is continued, eq 50, so that a
    Mach number exists.
    """
    z = max(height, FLOOR)
    if z < MIXED_TOP:
        molecular, pressure = mixed_air(z)
        density = pressure / (R_AIR * molecular)
        return density, pressure, molecular * mixed_weight_ratio(z), math.sqrt(GAMMA * R_AIR * molecular)
    top = min(z, CEILING)
    density, pressure = upper_air(top)
    sound = math.sqrt(GAMMA * pressure / density)
    if z > CEILING:
        return 0.0, 0.0, upper_temperature(top), sound
    return density, pressure, upper_temperature(z), sound
