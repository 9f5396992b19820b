"""Constants of nature and of convention, SI."""

MU_EARTH = 3.986004415e14  # m3/s2, EGM2008
R_GRAVITY = 6378136.3  # m, reference radius of EGM2008
R_EQUATOR = 6378137.0  # m, WGS-84 semi-major axis
FLATTENING = 1.0 / 298.257223563  # WGS-84
J2 = 1.08262617e-3  # EGM2008, -sqrt(5) C20
OMEGA_EARTH = 7.292115e-5  # rad/s
G0 = 9.80665  # m/s2, for specific impulse and for loads in g
MU_SUN = 1.32712440018e20  # m3/s2
MU_MOON = 4.9028e12  # m3/s2
AU = 1.495978707e11  # m
