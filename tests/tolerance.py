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

# Gravity --------------------------------------------------------------------------------------------------------------
# Five-point difference of the potential over 40 m: the potential, 6e7 m2/s2, is rounded to 7e-9, some ten of those over
# 12 h: 3e-10; the formula's own error is below 1e-16. A wrong coefficient at degree 8 would be 1e-7 or more.
FIELD_GRADIENT_M_S2 = 2.0e-9
# Divergence and curl of the field less its two largest terms by differences over 50 m: the remaining acceleration of
# 1e-4 m/s2 is rounded to 1e-20 some 30 times over, and its gradient, 1e-10 1/s2, changes it by 5e-9 in 50 m: 1e-10.
# A term that is wrong in the last degree would show at 1e-3.
HARMONIC_REL = 1.0e-9
# Two ways of writing the same three terms: some twenty roundings.
FIELD_CLOSED_FORM_REL = 20.0 * EPS

# Orbits against other programs ----------------------------------------------------------------------------------------
# 60 s steps: truncation is 5e-6 m a day, rounding of 1440 steps about as much (state rounded to 1e-9 m, along-track
# error grows with the square of the time); three times the two together.
ORBIT_8X8_M = 3.0e-5
ORBIT_TWO_BODY_M = 3.0e-5
# The same over 15 days: 225 times as much by rounding at worst, 1.1 mm was reached.
ORBIT_J2_15_DAYS_M = 3.0e-3
# Trusted programs differ by 2 to 3 mm a day in Earth orientation (UT1 interpolated linearly or by a cubic, UT1 tides).
ORBIT_EARTH_M = 3.0e-3
# The world's orientation leaves out the celestial pole offsets dX, dY: 0.36 mas here, a tilt of the field of 12 mm at
# orbit height, whose mean pull along the track shifts the orbit by half of that a day. Together with the spread: 9 mm.
ORBIT_NO_POLE_OFFSET_M = 9.0e-3

# Earth orientation ----------------------------------------------------------------------------------------------------
# skyfield: precession of 2006 with the nutation of 2000A, without the 2006 corrections to it (some 10 uas = 5e-11), and
# terms below a microarcsecond left out of the equation of the equinoxes: all together below 1e-9 rad; see also UT1.
CIP_RAD = 1.0e-10
# UT1: the daily table interpolated along a straight line differs from a cubic by at most a quarter of its second
# difference, 0.1 ms in a disturbed week: 5e-5 s, or 3.6e-9 rad.
UT1_S = 5.0e-5
EARTH_TURN_RAD = 5.0e-9
# Lagrange between six-hour nodes. Nutation is followed to 0.05 mm; the rest are the kinks that skyfield's straight line
# through the daily UT1 table has at midnight: up to 2.5e-4 s a day of slope, of which a cubic with nodes 1/4 day apart
# misses h/16 = 4e-6 s, or 2 mm at orbit height. (The truth has no kinks.)
EARTH_TURN_SKYFIELD_M = 3.0e-3
# Orekit's ITRF: pole offset 12 mm and UT1 18 mm (the straight line again, 3.6e-5 s).
ITRF_OREKIT_M = 0.03
# Chebyshev series cut after 9 terms over 8 days (Sun: the Moon's pull on the Earth, 27 days, makes the highest ones)
# and after 10 over 2 days: 1.5 m and 0.05 mm were reached, three times and ten times that are allowed; an hour's error
# in the argument would make 1e8 m and 4e6 m.
BODY_TABLE_M = {"sun": 5.0, "moon": 5.0e-4}
# DE421 against DE440: 170 m of 1.5e11 and 3.6 m of 3.6e8.
BODY_DE440_REL = 2.0e-8
# Bowring's third pass is exact to rounding: a latitude is known to 1e-16 of a radian times a few, a height to 1e-9 m
# times a few.
GEODETIC_DEG = 1.0e-12
GEODETIC_M = 1.0e-8
# The book's vector is rounded to 1 m, at 11400 km from the centre.
GEODETIC_BOOK_DEG = 2.5e-6

# Air ------------------------------------------------------------------------------------------------------------------
# Orekit's copy of the official values states 2e-6; pymsis computes in single precision (6e-8) through powers: the same.
MSIS_OFFICIAL_REL = 2.0e-6
MSIS_OFFICIAL_K = 1.0e-3
# A straight line over a step s of an axis misses s^2/8 of the curvature. Local time, half an hour: the daily wave of
# ln(rho), amplitude 0.5, gives 0.1 %, its higher harmonics as much; latitude, 10 deg: 0.2 %; height, 2 %: 0.2 % near
# 110 km; universal time, 3 h: 0.2 %. Together 0.3 % rms, and 1.5 % where all are worst. The model itself is good to 15 %.
AIR_TABLE_RMS_REL = 0.003
AIR_TABLE_MAX_REL = 0.015
# A day of season: the half-yearly wave, 20 % either way, moves by 2 pi/183 of it a day.
AIR_DAY_MAX_REL = 0.007

# Forces ---------------------------------------------------------------------------------------------------------------
# Next term of the tide: 3/2 mu r^2/s^4 at most 2 in its direction's factor: 3 (r/s) of the tide.
TIDE_REL = 4.0
# Three revolutions lower the orbit by 800 m of 6765 km: the rate changes by that, and the spiral's second order by less.
DECAY_REL = 3.0e-4
# Density from the table is good to 0.3 %; apparent solar time and the turning air are computed alike; 8x8 against 20x20
# moves both flights of the difference by 300 m, which changes the density met by less than 1 %.
DRAG_OREKIT_REL = 0.005

# Propagator -----------------------------------------------------------------------------------------------------------
# Energy of 3e7 J/kg: 1440 steps each round it by 1 to 2 eps at random, and truncation at 60 s is 5e-6 m of 7e6: 1e-13.
ENERGY_REL = 2.0e-13
# Slope of the error with the step, between errors of some metres and some millimetres: the ninth order adds to it.
ORDER_SLOPE = 0.5
# Constant thrust over some hundred seconds in a dozen steps: 1/m expanded to eighth order in 1 % a step, and rounding.
BURN_REL = 1.0e-12
# Truncation error of 20 minutes at 60 s.
SPLIT_M = 1.0e-6
