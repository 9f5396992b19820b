"""Every tolerance of the kernel tests, by name, and why it has its value. Absolute unless the name ends in _rel."""

EPS = 2.220446049250313e-16  # one rounding of a double

# Two-body motion ------------------------------------------------------------------------------------------------------
# A state through elements and back: some twenty operations on numbers near 1, and cos/sin of angles rounded to 4e-16.
# 1e-12 is that with room for e near 1, where 1 - e^2 loses digits.
ELEMENTS_REL = 1.0e-12
# An anomaly solved and put back: Kepler's equation is evaluated to 1e-15, and the tests keep e to 0.95 and 1.05, where
# its slope 1 - e is 20 times less.
ANOMALY_RAD = 5.0e-14
# Energy and angular momentum over a Kepler step, relative to mu / r and to r v: f, g and their rates are built apart,
# each of some ten roundings, and an eccentric orbit amplifies them by r / q, here up to 5. That is 50 to 100 eps.
INVARIANT_REL = 100.0 * EPS
# There and back again within a revolution: two times 7 rad of phase, each known to 2 to 20 eps (near the pericentre
# energy is a difference), and r / q once more.
RETURN_REL = 1.0e-12

# Lambert --------------------------------------------------------------------------------------------------------------
# The level an independent solver reached on the same table, 1e-10 m/s (8000 m/s known to 1e-14).
LAMBERT_M_S = 1.0e-10
# Flown again by kepler_propagate: 1e-10 m/s over the longest case, 40000 s, makes 4e-6 m, and about as much again from
# the propagation's own rounding (its 11 revolutions times 7e6 m times eps, amplified three times).
LAMBERT_CLOSURE_M = 1.0e-5
# Two roundings of a 7e6 m coordinate in each of three components, at both ends.
SHORT_HOP_M = 6.0e-9
# Known orbits given back, relative to the speed: conditioning near a half revolution, kept 0.5 deg away, costs 1e2.
LAMBERT_RECOVERY_REL = 1.0e-10

# Relative motion ------------------------------------------------------------------------------------------------------
# Straight and curved frames there and back: positions of 7e6 m are rounded to 1e-9 m, and so is each product.
FRAME_M = 1.0e-7
FRAME_M_S = 1.0e-10
# A derivative by central differences over +-0.1 s errs by dt^2/6 times the third derivative, some 4 n^2 (v + n d) with
# n = 1.4e-3 at the pericentre, v = 60 m/s and d = 60 km: 2e-6 m/s. A forgotten term (n d, or the target's own radial
# speed) is 1e3 times that or more.
FRAME_RATE_M_S = 2.0e-6
# HCW against its own closed form written by another hand: some ten roundings of numbers up to 20 times the result.
HCW_REL = 1.0e-12
# The 40-digit CW table states 1e-10: 3 tau sin tau over 28800 s loses two digits, near a full revolution four.
CW_TABLE_REL = 1.0e-10
# HCW against two exact orbits 1 m apart: what HCW leaves out is of order d^2/r = 1.5e-7 m, times 3 pi over a
# revolution and a few for the shape: under 1e-5 m.
HCW_LINEAR_M = 1.0e-5
# A pair of Kepler orbits differenced after 2 revolutions: their periods known to 3 eps each make 9e7 m * 7e-16 = 6e-8 m
# along the track, in worse luck three times that; the speeds follow with n = 1.1e-3. The reference is 2e-9 m itself.
TWO_BODY_DIFFERENCE_M = 2.0e-7
TWO_BODY_DIFFERENCE_M_S = 2.0e-10
# The same with J2 by scipy's DOP853 at rtol 1e-13: 200 steps of 7e-7 m that mostly cancel between the two craft.
J2_DIFFERENCE_M = 2.0e-6
J2_DIFFERENCE_M_S = 2.0e-9
# The hop from -5000 to -400 m is stated as 1.304 m/s, three decimals.
HOP_M_S = 1.0e-3
# Closed forms of the glideslope: a logarithm, an exponential and three products.
GLIDESLOPE_REL = 1.0e-12

# Atmosphere -----------------------------------------------------------------------------------------------------------
# Table I prints densities with four digits, pressures with five: half a unit of the last is at most 5e-4 and 5e-5 of
# the value; the gas law with Table II's four-digit weights adds 1.3e-3 at the worst (3.94 at 1000 km).
US76_PRINTED_REL = 5.0e-4
US76_GAS_LAW_REL = 1.5e-3
# Between its nodes the logarithm is a straight line: h^2/8 times the curvature is 0.3 % at the worst, near 111 km.
US76_BETWEEN_REL = 3.5e-3
# The layers meet exactly but for the rounding of pow; at 86 km the temperature formulas differ by 1e-6.
US76_SEAM_REL = 2.0e-6
