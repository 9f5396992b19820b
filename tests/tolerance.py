"""Every tolerance of the kernel tests, by name, and why it has its value. Absolute unless the name ends in _rel."""

EPS = 2.220446049250313e-16  # one rounding of a double

# Two-body motion ------------------------------------------------------------------------------------------------------
# A state through elements and back: some twenty operations on numbers near 1, and cos/sin of angles rounded to 4e-16.
# 1e-12 is that with a margin for e near 1, where 1 - e^2 loses digits.
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
# along the track, in unfavourable cases three times that; the speeds follow with n = 1.1e-3. The reference is 2e-9 m
# itself.
TWO_BODY_DIFFERENCE_M = 2.0e-7
TWO_BODY_DIFFERENCE_M_S = 2.0e-10
# The same with J2 by scipy's DOP853 at rtol 1e-13: 200 steps of 7e-7 m that mostly cancel between the two craft.
J2_DIFFERENCE_M = 2.0e-6
J2_DIFFERENCE_M_S = 2.0e-9
# The hop from -5000 to -400 m is stated as 1.304 m/s, three decimals.
HOP_M_S = 1.0e-3
# Closed forms of the glideslope: a logarithm, an exponential and three products.
GLIDESLOPE_REL = 1.0e-12

# Retreat and safety ---------------------------------------------------------------------------------------------------
# Drifts that are published to the metre; between samples of 22 s a passage at 0.3 m/s dips by 5 cm.
BRIEF_M = 0.6
# What the retreat allows for in the forward speed, 3 sigma of navigation and burn.
BURN_ERROR_M_S = 0.01
# Linear gravity errs by d^2/r over the first 200 m, 6 mm, and a straight frame on a curved orbit by as much.
RETREAT_RECEDES_M = 0.02
# A radial hop over 5 km by Hill's equations, published for a full field and an orbit that is not given: a circle and a
# point mass differ by the field's 10 to 40 m over 4.6 km (its table: 46 m straight, 6 m curved after such a hop).
RADIAL_HOP_M = 10.0
# The frame and Hill's equations turn a velocity by 2 n t: some 7 s at 4.5 m/s.
BURN_SHARE_M_S = 0.08
# The scatter of 400 draws is known to 1 / sqrt(800) = 3.5 %, three times that; Hill's equations add 2 %.
SPREAD_REL = 0.12

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

# Earth orientation ----------------------------------------------------------------------------------------------------
# Precession, nutation and sidereal time against ERFA or its published numbers: the same routines at the table's nodes
# (3e-16 was reached), and Lagrange between nodes four hours apart, 2.4e-12 at worst over 20 years of nutation; four
# times that. Without the 2006 adjustment of the nutation it would be up to 3e-11. UT1 is given, so it adds nothing.
ERFA_RAD = 1.0e-11
# The celestial pole offsets between days along a straight line or a cubic: a quarter of their second difference, 0.06
# mas from one day to the next.
CIP_RAD = 1.0e-10
# UT1: the daily table interpolated along a straight line differs from a cubic by at most a quarter of its second
# difference, 0.1 ms in a disturbed week: 5e-5 s, or 3.6e-9 rad.
UT1_S = 5.0e-5
EARTH_TURN_RAD = 5.0e-9
# Lagrange between four-hour nodes. Nutation is followed to 0.02 mm, and skyfield's lacks the adjustment to the
# precession of 2006, 0.2 mm; the rest are the kinks that skyfield's straight line through the daily UT1 table has at
# midnight: up to 2.5e-4 s a day of slope, of which a cubic with nodes 1/6 day apart misses h/16 = 2.6e-6 s, or 1.3 mm
# at orbit height. (The truth has no kinks.)
EARTH_TURN_SKYFIELD_M = 3.0e-3
# Orekit's ITRF: UT1 by a cubic, ours by skyfield's straight line: 3.6e-5 s or 18 mm here, and the 3 mm above.
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
GEODETIC_TEXTBOOK_DEG = 2.5e-6

# Air ------------------------------------------------------------------------------------------------------------------
# Orekit's copy of the official values states 2e-6; pymsis computes in single precision (6e-8) through powers: the same.
MSIS_OFFICIAL_REL = 2.0e-6
MSIS_OFFICIAL_K = 1.0e-3
# NRL's Fortran in single precision: rounding of 6e-8, through exponents up to 30 that are differences of numbers ten
# times as large, gives 1e-6. Near the e^-10 from where the model lets a gas be alone, about 115 km, rounding decides on
# which side a place lies: 4.5e-5 of the gas over a power of 1 to 30, a few 1e-6 of the total. Reached: 7e-7 and 5.3e-6.
MSIS_RMS_REL = 1.5e-6
MSIS_MAX_REL = 1.5e-5
# Series of exp and ln cut where the next term is 1e-14.
ELEMENTARY_REL = 3.0e-14
# Three equations solved in double precision.
SPLINE_REL = 1.0e-12
# A straight line over a step s of an axis misses s^2/8 of the curvature. Local time, half an hour: the daily wave of
# ln(rho), amplitude 0.5, gives 0.1 %, its higher harmonics as much; latitude, 10 deg: 0.2 %; height, 2 %: 0.2 % near
# 110 km; universal time, 3 h: 0.2 %. Together 0.3 % rms, and 1.5 % where all are worst. The model itself is good to 15
# %.
AIR_TABLE_RMS_REL = 0.003
AIR_TABLE_MAX_REL = 0.015
# A day of season: the half-yearly wave, 20 % either way, moves by 2 pi/183 of it a day.
AIR_DAY_MAX_REL = 0.007
# The finer table misses 0.1 %; the change from its day, linear over 3 h, 10 deg and 2 h of local time, misses s^2/8 of
# the curvature of a part that is a tenth of the daily wave in usual weather: 0.2 % and 1.3 % were reached. A storm that
# moves ln(density) by 1.5 has as much more of it. Both for a model good to 15 %, and to 50 % in storms.
AIR_WEATHER_RMS_REL, AIR_WEATHER_MAX_REL = 0.003, 0.015
AIR_STORM_RMS_REL, AIR_STORM_MAX_REL = 0.010, 0.05

# Forces ---------------------------------------------------------------------------------------------------------------
# Next term of the tide: 3/2 mu r^2/s^4 at most 2 in its direction's factor: 3 (r/s) of the tide.
TIDE_REL = 4.0
# Three revolutions lower the orbit by 800 m of 6765 km: the rate changes by that, and the spiral's second order by
# less.
DECAY_REL = 3.0e-4
# Density from the table is good to 0.3 %; apparent solar time and the turning air are computed alike; 8x8 against 20x20
# moves both flights of the difference by 300 m, which changes the density met by less than 1 %.
DRAG_OREKIT_REL = 0.005

# Propagator -----------------------------------------------------------------------------------------------------------
# Energy of 3e7 J/kg: 1440 steps each round it by 1 to 2 eps, at random 40 to 80 eps = 2e-14; truncation is less.
ENERGY_REL = 3.0e-14
# Slope of the error with the step, from 0.3 m down to 20 um: the ninth order bends it by 0.07 at 400 s. Seventh or
# ninth order would be 1 away.
ORDER_SLOPE = 0.1
# Constant thrust over some hundred seconds in a dozen steps: 1/m expanded to eighth order in 1 % a step, and rounding.
BURN_REL = 1.0e-12
# Truncation error of 20 minutes at 60 s.
SPLIT_M = 1.0e-6

# Trajectory -----------------------------------------------------------------------------------------------------------
# The quintic's error over a step h is h^6/(46080) of the sixth derivative, n^6 r = 1.1e-11 m/s6 and harmonics up to
# eight times as quick but 1e-6 as strong: 11 to 20 um at 60 s; in speed some 3/h of it.
QUINTIC_M = 3.0e-5
QUINTIC_M_S = 2.0e-6

# World ----------------------------------------------------------------------------------------------------------------
# TEME to GCRF between Orekit and skyfield: 1 m (the equation of the equinoxes of 1994 with or without its small terms,
# frame bias); 1.02 m is the spread that the reference itself states.
TEME_OREKIT_M = 1.1
# skyfield leaves out the celestial pole offsets, 0.4 mas in these years or 12 mm; with the 3 mm of the turn itself.
SITE_SKYFIELD_M = 0.015
# skyfield turns a site about the ITRS z axis, we about the true pole, 0.42 arcsec away: 2e-6 of omega z = 310 m/s.
SITE_SPEED_M_S = 1.0e-3
# The pole enters the rotation to first order: half its square, 2e-12, of the radius, from GCRS and back.
SITE_HEIGHT_M = 5.0e-5

# Orbits ---------------------------------------------------------------------------------------------------------------
# First order in J2: the square of it, and J4, are 0.1 to 0.2 % of the rate.
NODE_RATE_REL = 0.003
# Inclination and node, deg. The Earth-fixed terms of the field that turn with the day (J22 above all) move the plane by
# 3/2 J22 n/omega = 4e-5 rad = 0.002 deg either way; SGP4 leaves them out of the state it starts from and of the
# elements it is compared with, so they count twice. 0.003 deg of inclination are 6 s of launch time. The node has 1/sin
# i of it, and half a day of SGP4's own other rate (J4, J2 squared, 0.1 % of 6 deg a day).
MEAN_PLANE_DEG = (0.005, 0.012)
# J2 squared, 1.2e-6 rad, times a factor of order one.
MEAN_PLANE_J2_DEG = 3.0e-4
# The Sun by two ephemerides and the orbit normal of one state.
BETA_DEG = 1.0e-5
# The shadow is a cylinder around a sphere of the equator's radius: the cone and the flattening move its edge by up to
# 21 km * sin(latitude)^2, 3 s of flight, more where the orbit cuts it at a slant; penumbra and umbra lie 16 s apart.
SHADOW_S = 6.0

# Windows --------------------------------------------------------------------------------------------------------------
# Element sets' inclination is good to 0.002 to 0.005 deg, 5 to 10 s each; 2021's sets lie 7 and 9 days from the launch.
# No flight can show better which plane its guidance was given.
RECORD_2021_S = 60.0
# Twice that scatter for the calibration flight and the flight itself.
RECORD_S = 30.0
# Two mean planes of one element set, by averaging and by SGP4's theory: 0.0002 deg of inclination left by the daily
# waves, 0.5 s; 0.004 deg of node, 1 s.
SGP4_CROSSING_S = 3.0
# The plane stands still between the crossing and the closed form of it.
CLOSED_FORM_CROSSING_S = 0.01
# 1.89 deg of the Earth's turn is 445 s with one-sided differences; the curvature of a nearly tangent crossing takes
# some.
GEODETIC_MISTAKE_S = 20.0
# A step of 120 s of the path and the mean plane averaged at 64 points: the crossing's plane goes on by its drift alone,
# in half an hour within 0.001 deg of the one averaged anew there.
CROSSING_ANGLE_DEG = 0.002
# The element sets give the phase to 0.1 deg; a second of the insertion's time is 0.06 deg, its downrange is known to 1.
RECORD_PHASE_DEG = 1.0
# The same ascent by a step of 1 s instead of 0.25 s differs by 0.1 kg; the azimuth alone is solved anew within 0.1 deg,
# the pitch programme is that of the planned second: 2 kg at the ends.
MARGIN_KG = 3.0
# Where 600 kg are left the curve of what is left falls by 0.3 kg a second; 5 kg are of the interpolation and the ship.
RESERVE_SPAN_S = 25.0
# A passage is found as a root to 1 ms, from wherever the search begins; the sidereal time there is a straight line.
SAME_PASSAGE_S = 0.05
# Interpolated between flights 300 s apart.
MARGIN_EDGE_KG = 8.0
# Planner and mission solve one trim by the same code, on paths of 120 s and 60 s steps.
SAME_TRIM_M_S = 2.0e-3
# Samples 30 s apart over a day; longitudes of 2021 to 0.5 deg.
COVERAGE_SHARE = 0.006
# Geocentric horizon instead of the plumb line, 0.19 deg to the north, parallax 0.0024 deg, aberration 0.006 deg.
SUN_ELEVATION_DEG = 0.21

# Ascent ---------------------------------------------------------------------------------------------------------------
# What is asked of the guidance: apsides to 1 km and the plane to 0.003 deg, with 1 % of thrust unknown to it.
UPFG_APSIS_M = 1000.0
UPFG_PLANE_DEG = 0.003
# The guidance expands the thrust integrals to second order in the angle between thrust and velocity to go, 0.5 rad at
# first, and so starts a little off the optimum: 53 kg or 10 m/s of 5800 were measured. The tangent law is itself
# optimal only over a flat Earth, hence a small margin above it.
UPFG_PROPELLANT_KG = 70.0
# Masses of 5e5 kg change by RK4 sums of constant flows, rounded 2400 times to 6e-11 kg.
BOOKKEEPING_KG = 1.0e-6
# At the first instant only the residue of the height (millimetres of air pressure) differs.
ASCENT_LOAD_REL = 1.0e-6
# RK4 at 0.25 s on 1/m, which grows by 0.2 % a step: (0.002)^5/120 a step, 640 steps: below 1e-12; rounding besides.
ASCENT_ROCKET_REL = 1.0e-11
# RK4's error at 0.25 s is below a millimetre; the kinks of the drag table, of the standard air's layers and of the ramp
# of the kick, which no step is fitted to, make it second order there: centimetres.
ASCENT_STEP_M = 0.1

# Entry ----------------------------------------------------------------------------------------------------------------
# Two integrations of one motion, at 1e-11 and 1e-12; 1e-9 was met (1e-7 where a peak is flat).
ENTRY_PLANAR_REL = 1.0e-6
# What the file of published cases claims of itself is 1e-5; it is met to 1e-6.
ENTRY_PUBLISHED_REL = 1.0e-6
# RK4 at 0.1 s, and the parabola through three nodes so far apart.
ENTRY_LOOP_REL = 1.0e-6
ENTRY_PEAK_S = 1.0e-3
# A planet of 1e12 m turns a way of 1700 km by 2e-6 rad, 2e-5 of 5 deg; 10 um of height are lost in its radius.
ALLEN_EGGERS_REL = 2.0e-4
# By lift over drag: the formula takes the path as level, whose angle goes as 1/(L/D); met are 0.089, 0.019 and 0.012.
GLIDE_RANGE_REL = {0.3: 0.10, 1.0: 0.025, 2.0: 0.015}
# As for Allen and Eggers: the planet is flat to 1e-5 of the angle.
SKIP_REL = 2.0e-4
# Left out are terms of 1/(beta r), 0.001, some times, and 1 - cos(angle).
CHAPMAN_REL = 0.035
CHAPMAN_DEG = 0.03
# Of the plan of Soyuz MS-11: what is asked of the entry interface. Another orbit, and an entry angle that is not
# published; 108 s late at the interface, 93 s at the parachutes and 135 s on the ground were met.
SOYUZ_TIMELINE_S = 180.0
# What is asked of the published optimum.
SHUTTLE_REL = 1.0e-3
# RK4 in 400 steps of 5 s found the controls: 1e-5 at the end, and between its samples the heating may be a little more.
SHUTTLE_END_REL = 1.0e-4
SHUTTLE_HEATING = 0.3
# Work by Simpson's rule over 0.1 s; what remains are the kinks of the standard air's layers and of the seam at 86 km.
ENTRY_ENERGY_REL = 1.0e-7
# Without dispersions: half a cycle of the last change of side, and what its roll gains in range. Of 150 entries within
# reach of their targets the worst is 165 m off, the median 86 m.
ENTRY_RANGE_M = 200.0
ENTRY_CROSS_M = 200.0
# The same equations in steps of 8 and 4 s instead of 0.5 s, air in steps of 250 m, heights along the radius.
PREDICTOR_M = 10.0
# Where sides are changed: a change 0.25 s later, as the flight looks, moves the end by hundreds of metres.
REVERSALS_M = 1000.0
# The speed lags behind its equilibrium, which changes by v/2H of itself a second, by v/2g: 2e-4 at 7 m/s.
CHUTE_TERMINAL_REL = 1.0e-3
# Steps of half a second against a time constant of half a second, near an equilibrium; kinks of the wind in a step.
CHUTE_STEP_M, CHUTE_STEP_M_S = 1.0e-3, 2.0e-6
# The peak is read at steps of a fortieth of the filling time: (1/80)^2 of the curvature, some 10, and the fall of it.
OPENING_LOAD_REL = 5.0e-3
# Trapezoids over nodes 0.05 to 0.5 s apart, of a power that falls e-fold in a second.
CHUTE_WORK_REL = 2.0e-3
# The wind depends on the height alone; the axes toward north turn by 0.1 deg over the drift.
OPENING_PLACE_M = 100.0

# Approach -------------------------------------------------------------------------------------------------------------
# HCW leaves out terms of 3/2 n^2 d^2/a: in n t = 0.61 they grow to 3/4 (n t)^2 of d^2/a, 0.3, while d grows itself.
DRIFT_ORDER_2 = 1.0
# The dead-band of 3 mm/s over the gains of 0.05 and 0.06 1/s is 6 cm, on two axes across 8 cm.
HOLD_M = 0.1
# Two integrators in the same model: RK4 at 1 s errs by h^5 n^4 v/120 = 1e-10 m a step, which grow to 1e-5 m in 1700 s.
STATION_M = 1.0e-4

# Shadow ---------------------------------------------------------------------------------------------------------------
# Shares of the Sun's half-disc where its rays pass the limb (8 km in a station's orbit, a second of flight). The Sun's
# width is taken towards a contact that is good to first order in the flattening, so its square is left: 0.9 of it was
# met (0.1 m at 400 km), twice is allowed; leaving the stretch of the Sun out would be half of the first power, 75 times
# that. On a sphere: the limb sampled every 3e-4 rad misses 1.2e-8, the root's last digits a few times that.
SHADOW_EDGE_FLAT = 2.0
SHADOW_EDGE_ROUND = 1.0e-7
# Flat discs for caps of the sky, and 40000 rays: 1e-3 each.
LIT_FRACTION = 2.0e-3

# Events ---------------------------------------------------------------------------------------------------------------
# What is asked of every root: 1e-6 s. Brackets are closed to 1e-9 s.
EVENT_S = 1.0e-6
# r.v turns with e n^2 a^2: the quintic's 3e-8 m/s between nodes 30 s apart are 3e-9 s / e of time.
ROUND_APSIS_S = 6.0e-9
# The two orbits differ by some cm after three days (5e-6 s); Orekit's edge of the ellipsoid's shadow is taken in the
# plane of the centres, ours at the point of contact: both good to f^2 of the Sun's half-disc (0.1 m, 1e-5 s), more at a
# slant. The reference's own referees agree to 0.013 s; 1.2e-4 s was met.
ECLIPSE_OREKIT_S = 5.0e-4
# Orekit's own test allows 1e-3 s; DE421 for the DE405 of its data.
ECLIPSE_SPHERE_S = 1.0e-3
# The Earth's acceleration over the 8 minutes of light, 740 m of 1.5e11, and (v/c)^2 = 1e-8 of the aberration's order.
APPARENT_SUN_RAD = 1.5e-8
# Orekit and Skyfield themselves differ by 7 ms (the equation of the equinoxes in TEME, the pole); 0.8 ms was met.
PASS_OREKIT_S = 7.0e-3
# The reference's highest points lie on a grid of 0.2 s: half of it, and what the pass does in 0.1 s there (the range
# changes by a tenth of the speed, 20 m/s, as the Earth turns below; elevation is flat; azimuth turns by 1 deg/s).
PASS_SHAPE = {"t_s": 0.105, "elevation_deg": 3.0e-3, "azimuth_deg": 0.11, "range_m": 20.0}
# Skyfield's parabola through 4 s leaves the third order: 1 ms.
CULMINATION_S = 2.0e-3

# Fast field -----------------------------------------------------------------------------------------------------------
# One field written in two ways: the central term by some ten roundings in each, 1e-15; every other term is 1e-3 of it.
FIELD_REL = 1.0e-14
# Only the small terms, times 20 + n(n+1): some twenty roundings, and at the poles P_n bends so sharply that one
# rounding of z/r counts n(n+1)/2 times, in both ways of writing it.
FIELD_TERM_REL = EPS

# SGP4 -----------------------------------------------------------------------------------------------------------------
# The rows are printed to 1e-8 km and 1e-9 km/s; compilers move the deep-space sums by up to 1.2e-7 km: 1e-6 km holds.
SGP4_PUBLISHED_M = 1.0e-3
SGP4_PUBLISHED_M_S = 1.0e-5
# The package ends Newton's steps below 1e-12 rad and keeps the sine and cosine from before the last: 7e-6 m at 7000 km.
# Angles of up to 700 rad in a week are rounded to 1.1e-13 on both sides, and what drag adds is known to 5e-14 of it.
SGP4_WEEK_M = 2.0e-5
SGP4_WEEK_M_S = 2.0e-8
# What the issue asks for: anywhere, near an epoch or not.
SGP4_ANYWHERE_M = 1.0e-3
# Seven roundings were met. Where a machine's power differs in the last digit of ao, ao - s, a twentieth of it, differs
# by 20, its fourth power by 80, and d4, with the third power of cc1, by 240 and a few more.
SGP4_COEFFICIENT_REL = 400.0 * EPS
# The polynomials: 2.1e-15 for the cosine of the half angle, doubled in the product, and some roundings.
LANE_SINE = 5.0e-15
# As the docstrings say: 7e-11 for the cosine.
LANE_ROUGH_SINE = 7.5e-11

# Multistep ------------------------------------------------------------------------------------------------------------
# Weights of values turned back into differences: sums of binomials up to 70, rounded.
MULTISTEP_COEFFICIENT_REL = 1.0e-12
# The printed limits have three digits; below them the roots of the orbit itself leave the circle by less than 1e-4 a
# step (the method's own damping), beyond them another root leaves it by more.
MULTISTEP_STABLE_REL = 0.01
MULTISTEP_GROWTH = 1.0e-4
# Truncation of order 10 at 45 s is 1.2e-6 m a day; positions of 7e6 m are rounded to 1e-9 m some 2000 times, each of
# which shifts the orbit along the track by up to 38 times as much a revolution: 1e-6 m. Three times the two together.
MULTISTEP_J2_M = 7.0e-6
# Rounding once more, over fifteen days: 15^1.5 times a day's.
MULTISTEP_J2_15_DAYS_M = 1.0e-4
# Degree 8 has waves of a sixteenth of a revolution, for which 45 s are long: 4e-6 m were reached.
MULTISTEP_8X8_M = 1.2e-5
# The next order, which is no smaller by much, bends the slope: 7.03 was reached for 7, and 8.1 for 8.
MULTISTEP_ORDER = 0.45
# Twice a day's error.
MULTISTEP_RETURN_M = 1.4e-5
# Positions that are rounded to 1e-9 m at random, 28800 times: 1.5e-16 each, 3e-14 in all.
MULTISTEP_ENERGY_REL = 5.0e-14
# Truncation of one or two hours.
MULTISTEP_NODE_M = 3.0e-7
# Five starts, and the truncation of 6 hours.
MULTISTEP_RESTART_M = 3.0e-6
# The air's table has corners (10 deg of latitude, 2 % of height, half an hour), which no method passes without an
# error: a bend of the density by 1 % in 1e-5 m/s2, acting for 10 s, is 1e-6 m/s at each of 500 corners, either way.
MULTISTEP_FULL_M = 0.02
# Truncation of 20x20 at 30 s, three times: reached 4e-5 m.
MULTISTEP_HANDOVER_M = 2.0e-4
# Many side by side are summed in another order: rounding of a day, twice.
MULTISTEP_MANY_M = 5.0e-6

# Published ascents ----------------------------------------------------------------------------------------------------
PRESCRIBED_M, PRESCRIBED_M_S, PRESCRIBED_KG = 1.0, 1.0e-3, 1.0e-6  # as the reference gives them with its numbers
# A linear tangent law in a gravity averaged over 62 deg of arc costs some 0.05 % of the mass; 2.9 kg were reached.
DELTA3_LEFT_KG = 4.0
# The radius is let go 20 s before cut-off and ends 260 m off, the speed not at all: 2 a dr / r^2, 3e-4 of a.
DELTA3_ORBIT_REL = 5.0e-4
NESC_17_HEIGHT_M = 0.5  # the simulation rises 0.2 m more in its first second, which begins at 0.03 m/s
NESC_17_HEIGHT_REL, NESC_17_SPEED_M_S = 0.01, 10.0  # what the reference asks of a whole simulation at its end
NESC_DROP_FT = 0.5  # beyond the spread of the simulations, as the reference says
NESC_MACH_REL = 1.0e-4  # the simulations differ among themselves by up to 2e-5
NESC_SINK_FT_S = 0.05  # they differ by up to 0.04 in their mean, of the ball with drag

# Impulses -------------------------------------------------------------------------------------------------------------
# Two hours of a point-mass orbit at 30 s: 1e-6 m, and what rounding of 7e6 m makes along the track.
IMPULSE_HOHMANN_M = 2.0e-5
IMPULSE_HOHMANN_M_S = 2.0e-8
# The next order, which is no smaller by much at 40 s, bends the slope.
IMPULSE_BURN_ORDER = 0.05
# Nanometres of rounding in a row to the micrometre, and 7 km/s in the nanosecond to which half a microsecond is
# written.
IMPULSE_OEM_M = 1.0e-5
# Between rows of 60 s at 400 km Hermite on four of them is good to 2e-5 m. On eight it amplifies half a micrometre of
# rounding a few hundredfold at the ends, where Lagrange on eight is good to 3e-4 m. A segment of 0.2 s has rows each
# 0.03 s, and a micrometre over that is 3e-5 m/s; Lagrange is good to 1e-4 m/s at 60 s.
OEM_READ_BACK_M, OEM_READ_BACK_M_S = 1.0e-3, 1.0e-3

# Starts ---------------------------------------------------------------------------------------------------------------
# SOFA prints nineteen digits; ERFA and SOFA order two sums otherwise.
BIAS_REL = 1.0e-15
# Hermite of degree 7 on rows of 60 s: r n^8 / 8! times the product of the squared distances, 2e-8 m in the middle and
# 1e-6 m in a file's first minute; Lagrange of degree 8 at the ends 7e-5 m; rows to 1e-9 km are rounded to 1e-6 m.
OEM_INTERPOLATED_M = 1.0e-4
OEM_INTERPOLATED_M_S = 1.0e-6

# Air of an orbit's own table ------------------------------------------------------------------------------------------
# Half a per cent is what 5 deg, half an hour and two hours leave near the day's bulge; local mean time for the apparent
# one, 8 minutes in March, another per cent.
AIR_TABLE_REL = 0.02

# Random draws ---------------------------------------------------------------------------------------------------------
# A test of a hypothesis that holds says no with this probability; its stream is fixed, so it says so always or never.
SIGNIFICANCE = 1.0e-3
# The same for a mean whose spread is known: 4 sigma, 6e-5, for dozens of them are asked.
SIGMAS = 4.0
# Of the radius: the polynomials leave 5.5e-7 of it and 1e-6 of the sine, and single precision rounds some five times by
# 6e-8 each.
NORMAL_REL = 2.0e-6
# A periodic function without corners, averaged over 1024 equal steps: only roundings are left, of exponents up to 21.
DIRECTIONS_REL = 1.0e-13

# Closed loop ----------------------------------------------------------------------------------------------------------
# tau - sin tau at tau = 1e-3 keeps nine digits, and what is left is 4e-4 of t^2: 1e-13; expm itself is good to 1e-14.
HCW_PUSH_REL = 1.0e-12
# Forty steps of some ten roundings of 2000 m, 2e-13 each, seen by gains far below one.
LOOP_STEPS = 1.0e-10
# scipy's Riccati equation: its residual, with weights of 1e8 beside 1, is 1e-9 of the solution.
RICCATI_REL = 1.0e-8

# Attitude -------------------------------------------------------------------------------------------------------------
# A matrix from a unit quaternion: some five roundings of numbers up to 1.
MATRIX = 5.0e-15
# Truncation of order eight lies below rounding at 0.2 rad a step: 1e-16 a step, some hundred times; rates below 0.1
# rad/s likewise.
TOP = 5.0e-14
TOP_RAD_S = 5.0e-15
# 8640 steps of 0.1 rad: roundings at random make 1e-14, always on the same side 1e-12.
DAY_KEPT_REL = 1.0e-12
# The next order bends the slope a little: 0.8 rad a step is long.
ATTITUDE_ORDER = 0.6
# The oscillation's own nonlinearity, some tilt^2 / 16 = 6e-10 of its phase of 38 rad; with a margin for the rest.
LIBRATION_REL = 3.0e-7
# What is asked for; a referee reached 2e-12 and this 6e-13, rates 3e-16.
NESC_MATRIX = 1.0e-10
NESC_RAD_S = 1.0e-13

# Thrusters ------------------------------------------------------------------------------------------------------------
# What is asked for, of the cost and of the largest wrench; HiGHS is good to 1e-12 where it ends in a corner, and ties
# broken by 1e-11 cost as much at most.
SELECTION_REL = 1.0e-9

# Six degrees of freedom -----------------------------------------------------------------------------------------------
# What is asked of 1,500 s at 0.5 s; 0.03 to 0.16 mm were reached, and the speed is off by n t of that a second.
SIX_DOF_M = 1.0e-3
SIX_DOF_SPEED_PER_S = 5.0e-3
# The quintic of 60 s is off by r (n h)^6 / 46080 = 1e-5 m, for both craft alike: of what gravity makes of it in 600 s,
# n^2 t^2 / 2 = 0.2 of it, only the share d / r, 3e-5, shows; the rest is rounding of 7e6 m, 1e-9 m, on both sides.
SIX_DOF_PATH_M = 1.0e-7
# (n dt)^2 / 24 of some ten metres, and of what they grow to.
SIX_DOF_HCW_M = 1.0e-6
# The turn of 0.01 rad a step: Simpson's rule leaves (0.01)^4 / 2880, 3e-12; the way's, (0.01)^3 / 360, 3e-9.
SIX_DOF_ARC_REL = 5.0e-9
SIX_DOF_KG = 1.0e-9
# 3e-14 a step at 0.01 rad, some 1e4 steps, all the same way.
SIX_DOF_RAD = 1.0e-9
# Leapfrog over 6 s: gravity's difference changes by n^3 d of 1e-7 m/s3, times dt^2 / 12 of the time; rounding of 7e6 m.
SIX_DOF_PULSES_M = 1.0e-7

# Sunlight -------------------------------------------------------------------------------------------------------------
# Of the 8 s that a penumbra lasts at 400 km: a third-order arc is 0.1 ms off after 30 s (0.4 m at 7.6 km/s); a ninth of
# a penumbra across the bend at its rim, where the lit fraction grows with the power 1.5, costs 0.3 ms.
SUNLIGHT_EDGE_REL = 6.0e-5
# Where no edge is near, the middle of the step stands for its start: 30 s of 3e-5 a radian.
SUNLIGHT_NODE_REL = 1.0e-5
# Rounding and truncation of a day (1e-5 m), and sixty edges at random, 1e-4 s of 9e-8 m/s2 each: 2e-5 m in a day.
SUNLIGHT_DAY_M = 2.0e-4

# What had been wrong without a word -----------------------------------------------------------------------------------
BURN_STEP_M = 1.0e-3  # 1 mm: the bound of the default step, in a burn of 300 s that turns at 0.6 rad/s or leaves 1 %
HIGH_AIR_FACTOR = 10.0  # a power of height for the exosphere between 2000 and 4000 km, where the density is 1e-17 kg/m3
SEASON_REL = 0.01  # the two tables' interpolation: 0.3 % each
UT1_RAD = 1.0e-6  # the models differ by 1e-8 rad of turn in a day; a leap second is 7e-5

# Campaigns ------------------------------------------------------------------------------------------------------------
# The same sums of some dozen numbers in another order.
SUMMED_REL = 1.0e-13
# What is drawn goes in as a factor and comes out of a ratio, some of them of differences of numbers a hundred times
# larger.
READ_BACK_REL = 1.0e-9
# Twelve digits are written to JSON.
JSON_REL = 1.0e-11
# A place near the station by way of inertial ones of 6.8e6 m and back: some roundings of 1e-9 m. Its speed likewise, of
# 7.7e3 m/s: 1e-12 m/s each.
PLACE_READ_M = 1.0e-7
SPEED_READ_M_S = 1.0e-10
# A turn of one degree about one axis on top of some tenths about the others: the sine of it changes by their squares.
TURN_REL = 3.0e-3
# The ring's offset in LVLH against the one in the port's own frame, which the station's oscillation tilts by some
# tenths of a degree: the square of that.
CONTACT_REL = 1.0e-4
# Time from the far hold to contact in two flights that differ in noise alone: a hold is reached within 0.3 m at some
# 3 cm/s, twice, so 10 s of 900.
HOLD_REL = 0.011
# Half a unit of the last digit of a printed table of four digits, and what binary rounding adds.
FOUR_DIGITS = 5.1e-5
# A campaign's size on the disk, from mean widths of its cells: numbers of 16 to 19 digits, and words where it failed.
ESTIMATED_REL = 0.1
# Second stage alone by the rocket equation, without what gravity and a longer burn add or take.
PROPELLANT_REL = 0.35
# A cut-off is placed to 0.02 m/s, 35 m of semi-major axis; the second order of 1 m/s is nothing.
CUT_OFF_KM = 0.06

# Watching an ascent ---------------------------------------------------------------------------------------------------
# The closed form stops at 0.1 mm of radius; a path that meets the ground at 3 deg goes 20 times as far over it, and the
# fourth inner digit of the anomaly's arc cosine costs as much again.
IMPACT_M = 0.05
IMPACT_RAD = IMPACT_M / 6.37e6
# RK4 over 100 s at 0.25 s and a coast of 600 s at 20 s above 140 km: (n h)^5/120 a step of r, n = 1e-3, 0.2 mm each.
ABORT_PUSH_M = 0.05
ABORT_PUSH_M_S = 1.0e-4
# What is published of that flight is good to 0.3 g; its speed is not known to better than 100 m/s, worth another 0.4.
MS10_G = 0.7
# Allen and Eggers leave out gravity, which adds its share along the path, 0.2 of 15 g, and bends it on the way,
# and know one scale height, where the standard air has 6.6 to 7.9 km between 30 and 45 km. 3 % were met.
ABORT_ALLEN_EGGERS_REL = 0.05
# Settled to the last digits (1e-13 of 5.5 km/s), the flights differ by what SciPy's tolerance of 1e-9 makes of that.
UPFG_SAME_M = 0.1
UPFG_SAME_M_S = 1.0e-4
UPFG_SAME_KG = 1.0e-3
# Ten minutes of fall at most under J2, 1.6e-3 of gravity: 0.5 * 0.015 m/s2 * t^2 is 0.7 km in 300 s, 2 km in 500 s.
DEBRIS_VACUUM_M = 2.5e3
# The rocket's place is that of the same nodes; only the order of the rotations is another.
SEEN_DEG = 1.0e-4
# A burn of 160 s over 10 deg of the orbit: second order in half of that, 4e-3 of the 250 km that the burn lifts.
FINITE_BURN_M = 3.0e3

# Contact --------------------------------------------------------------------------------------------------------------
# What is asked for: the force without damping is v sqrt(k mu).
CONTACT_FORCE_REL = 0.01
# Runge-Kutta of fourth order at 0.05 s, whose steps keep momentum of bodies that turn by 1 deg/s to (w h)^5.
CONTACT_KEPT_REL = 1.0e-9
# Of force and stroke: 0.05 s are 0.05 to 0.1 rad of the springs; (w h)^4 / 120 of an oscillation and less.
CONTACT_REFEREE_REL = 1.0e-6
# The tide between the centres of mass is 7e-5 m/s2 of the 0.12 m/s2 that the spring gives at most.
CONTACT_GRAVITY_REL = 1.0e-3
# The same over the spring: 7300 kg of it on 5 kN/m, 0.1 mm.
CONTACT_GRAVITY_M = 2.0e-4
# Runge-Kutta at 0.002 s of a quarter period of 0.4 s; what the ship turns meanwhile moves the lever by less.
PUSH_SPEED_REL = 1.0e-6
# Half a revolution of drift: what Hill leaves out is the orbit's eccentricity (1e-3, six times that in the drift along
# the track), J2 and 500 m of 6.8e6 m.
DEPARTURE_DRIFT_REL = 0.02
# Navigation of the close range ---------------------------------------------------------------------------------------
# Dense algebra of 15 x 15 matrices with a condition of some 1e3, each product of 15 roundings: 1e-12; times ten.
FILTER_REL = 1.0e-11
# One period of 0.5 s: the filter's noise leaves out the coupling of Hill's terms and the oscillation within the period,
# some n dt = 6e-4 of noise that is 1e-4 of the covariance here. A wrong term in the flow would show at 1e-4.
FILTER_NOISE_REL = 1.0e-7
# The closed form of the oscillation and Hill's are exact; the push's coupling over 0.5 s is differenced to 1e-9 of 0.02
# m/s.
FILTER_STATE = 1.0e-9
# The largest of 300 errors of the station's attitude, 140 s after it began to turn away: 0.07 deg, one sigma, at 20 m.
FOLLOWED_DEG = 0.4
# Rotations by another hand: some twenty roundings.
TURN_MATRIX = 1.0e-14
# A range differenced over +-0.01 s: rounded to 4e-15 m over 0.02 s, and dt^2/6 of its third derivative, 1e-10 m/s.
RANGE_RATE_M_S = 1.0e-9
# Docking windows ------------------------------------------------------------------------------------------------------
EDGE_S = 0.05  # what is asked for; the roots themselves are good to 1e-9 s
# Published to a tenth, from other element sets; the plane of Shenzhou-20 lies weeks from its sets, 0.05 deg of node.
BETA_RECORD_DEG = 0.3
# The same vectors turned in another order.
SUN_PORT_DEG = 1.0e-6
# The planner samples each 30 s: half a sample at both ends of a gap, of three gaps in an hour at most.
OUTAGE_S = 90.0
# A pass over the landing site is looked for to a millisecond, in which the station goes 8 m and the side does not
# change.
PASS_S = 1.0e-3
PASS_SIDE_M = 1.0
# Docking in closed loop -----------------------------------------------------------------------------------------------
# The touch is landed on by the speed of the period's start: thrust is off, and in half a second at 0.13 m/s orbital
# motion and the ring's oscillation (0.03 deg/s at 5 m) change the gap by under a millimetre.
TOUCH_M = 2.0e-3
CONSERVATION = 1.0e-9  # sums of some thousand pulses in another order
# Positions of 6.8e6 m rounded, and the quintic between nodes half a second apart asked at its nodes.
SAME_PLACE_M = 1.0e-6
# An arc ends with its own dead-band: 3 mm/s + 1e-4/s x 205 m = 24 mm/s over the gain of 0.06/s is 0.4 m an axis.
END_OF_ARC_M = 1.0
FACING_DEG = 2.0  # the dead-band of 0.5 deg, and 1 deg between looking at the centre and along the port's axis
# A derivative differenced over +-1 ms of numbers near 1: 1e-16 / 1e-3 and h^2 / 6 of the third derivative.
DIFFERENCED = 1.0e-7
# Pictures of the close range ------------------------------------------------------------------------------------------
# The attitude oscillation of a station, 0.3 deg about three axes, enters to the first order: its square is 0.002 deg.
OSCILLATION_TWICE_DEG = 0.01
