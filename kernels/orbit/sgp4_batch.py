"""SGP4 of many near-earth satellites at many times, the times of one satellite side by side in the lanes.

Each satellite is done in blocks of times, each block in seven loops over rows of scratch that stay in the first-level
cache. The loops are short on purpose: as one, the chain of 250 cycles from the time to the state lets the processor
work on hardly two at once, and a state took 13 to 17 ns; as seven it took 6 (one core with AVX-512, stores not
counted). Units inside are Earth radii, minutes, radians.

A row beyond the accuracy of the loops is marked ASK, and the caller uses the reference: near the limit of an error
code, eccentric, far from the epoch, or deep inside the Earth. So the codes are the reference's, row by row.
"""

import math

import numpy as np

from kernels.compiling import njit
from kernels.maths.lanes import fma
from kernels.orbit.sgp4_near import J2, RADIUS_KM, XKE, near_earth, rough_cosine, rough_sine, sincos

ASK = 255  # beside SGP4's own codes, of which the loops return 0, 1 (eccentricity) and 6 (below the ground)
RADIUS_M = 1000.0 * RADIUS_KM
SPEED_M_S = RADIUS_M * XKE / 60.0

MARGIN = 1.0e-9  # this near to the limit of an error code the reference decides; drag's wobble is known to 7e-11
ANGLE_LIMIT = 1.0e5  # rad: beyond, the rounding of the angle itself is 1e-11, or 0.1 mm
DRAG_LIMIT = 300.0  # rad that drag adds: its coefficients are known to 1e-14, their fifth power to 5e-14: 0.1 mm here
ECC_LIMIT = 0.6  # to here Newton's steps are sure; a near-earth orbit above the ground has less than 0.48
PER_P_LIMITS = (0.3, 1.3)  # 1 / semi-latus rectum: within, the short-period turns are below 2e-3 rad
NEARLY_CIRCULAR = 0.05
NEWTON_STEPS = 5
LAST_STEP = 1.0e-6  # of Newton, rad: its error is e step^2 / 2, below 3e-13

BLOCK = 128
# Where the rows of scratch begin.
(
    TIME,
    MM,
    ARGP,
    U,
    NODE,
    SHRINK,
    AM,
    ECC_COS,
    ECC_SIN,
    SIN_U,
    COS_U,
    KEP_S,
    KEP_C,
    KEP_D,
    SIN_D,
    COS_D,
    STEP,
    SIN_NODE,
    COS_NODE,
    RADIUS,
    RISE,
    AHEAD,
    SIN_LAT,
    COS_LAT,
    TEMP2,
    CODE,
) = (BLOCK * k for k in range(26))
X, Y, Z, VX, VY, VZ = KEP_S, KEP_C, SIN_U, COS_U, ECC_COS, ECC_SIN  # no longer needed when these are known
SCRATCH = 26 * BLOCK


@njit(cache=True, error_model="numpy", nogil=True)
def _angles(s, days, fractions, day, fraction, buf):
    """Secular gravity and drag: mean angles, and the factor by which the semi-major axis has shrunk (root of it).

    u + node is the mean longitude; in u, mean anomaly plus argument of perigee, the wobble `temp` cancels.
    """
    for i in range(days.size):
        t = (days[i] - day) * 1440.0 + (fractions[i] - fraction) * 1440.0
        t2 = t * t
        t3 = t2 * t
        xmdf = s.mo + s.mdot * t
        bump = 1.0 + s.eta * rough_cosine(xmdf)
        temp = s.omgcof * t + s.xmcof * (bump * bump * bump - s.delmo)
        mm = xmdf + temp
        argpm = (s.argpo + s.argpdot * t) - temp
        tempa = 1.0 - s.cc1 * t - s.d2 * t2 - s.d3 * t3 - s.d4 * (t3 * t)
        buf[TIME + i] = t
        buf[MM + i] = mm
        buf[ARGP + i] = argpm
        buf[U + i] = mm + s.no * (s.t2cof * t2 + s.t3cof * t3 + (t3 * t) * (s.t4cof + t * s.t5cof)) + argpm
        buf[NODE + i] = s.nodeo + s.nodedot * t + s.nodecf * t2
        buf[SHRINK + i] = abs(tempa)


@njit(cache=True, error_model="numpy", nogil=True)
def _node(n, buf):
    """Sine and cosine of the node."""
    for i in range(n):
        sn, cn = sincos(buf[NODE + i])
        buf[SIN_NODE + i] = sn
        buf[COS_NODE + i] = cn


@njit(cache=True, error_model="numpy", nogil=True)
def _shape(s, n, buf):
    """Axis and eccentricity vector with the long-period terms, added to u as well; the code as far as it is known."""
    margin = MARGIN * (1.0 + abs(s.bcc5))
    for i in range(n):
        t = buf[TIME + i]
        mm, u = buf[MM + i], buf[U + i]
        em = s.ecco - (s.bcc4 * t + s.bcc5 * (rough_sine(mm) - s.sinmao))
        near = abs(mm) < ANGLE_LIMIT and abs(u - mm - buf[ARGP + i]) < DRAG_LIMIT
        code = 0.0 if em > -0.001 + margin and em < ECC_LIMIT else 255.0
        code = 1.0 if em < -0.001 - margin or em > 1.0 + margin else code
        code = code if near else 255.0
        em = em if em > 1.0e-6 else 1.0e-6
        shrink = buf[SHRINK + i]
        am = s.ao * shrink * shrink
        per_p = 1.0 / (am * (1.0 - em * em))
        sin_argp, cos_argp = sincos(buf[ARGP + i])
        axnl = em * cos_argp
        buf[CODE + i] = code
        buf[AM + i] = am
        buf[ECC_COS + i] = axnl
        buf[ECC_SIN + i] = em * sin_argp + per_p * s.aycof
        buf[U + i] = u + per_p * s.xlcof * axnl


@njit(cache=True, error_model="numpy", nogil=True)
def _latitude(n, buf):
    """Constants of Kepler's equation, written for D = E + argp - u as D = S cos D + C sin D: D is small as e is."""
    for i in range(n):
        su, cu = sincos(buf[U + i])
        axnl, aynl = buf[ECC_COS + i], buf[ECC_SIN + i]
        buf[SIN_U + i] = su
        buf[COS_U + i] = cu
        buf[KEP_S + i] = axnl * su - aynl * cu
        buf[KEP_C + i] = axnl * cu + aynl * su


@njit(cache=True, error_model="numpy", nogil=True)
def _kepler_circular(n, buf):
    """Sine and cosine of D = S cos D + C sin D, e < 0.07: a series to e^4, then one step of Newton (error e^11)."""
    for i in range(n):
        s, c = buf[KEP_S + i], buf[KEP_C + i]
        q = (1.0 + c) * (1.0 + c * c)
        d = s * q
        d = d - q * d * d * (0.5 * s + c * d * (1.0 / 6.0))
        z = d * d
        sd = fma(fma(fma(-1.0 / 5040.0, z, 1.0 / 120.0), z, -1.0 / 6.0) * z, d, d)
        cd = fma(fma(fma(fma(1.0 / 40320.0, z, -1.0 / 720.0), z, 1.0 / 24.0), z, -0.5), z, 1.0)
        step = (s * cd + c * sd - d) / (1.0 - c * cd + s * sd)
        half = 0.5 * step * step
        buf[SIN_D + i] = sd + step * cd - half * sd
        buf[COS_D + i] = cd - step * sd - half * cd
        buf[STEP + i] = abs(step)


@njit(cache=True, error_model="numpy", nogil=True)
def _kepler(n, buf):
    """Sine and cosine of D = S cos D + C sin D, e < 0.6: steps of Newton. Series to D^15, 4e-16 at D = 0.6."""
    for i in range(n):
        buf[KEP_D + i] = buf[KEP_S + i] / (1.0 - buf[KEP_C + i])
    for _ in range(NEWTON_STEPS):
        for i in range(n):
            s, c, d = buf[KEP_S + i], buf[KEP_C + i], buf[KEP_D + i]
            z = d * d
            p = fma(-1.0 / 1307674368000.0, z, 1.0 / 6227020800.0)
            p = fma(p, z, -1.0 / 39916800.0)
            p = fma(p, z, 1.0 / 362880.0)
            p = fma(p, z, -1.0 / 5040.0)
            p = fma(p, z, 1.0 / 120.0)
            sd = fma(fma(p, z, -1.0 / 6.0) * z, d, d)
            q = fma(-1.0 / 87178291200.0, z, 1.0 / 479001600.0)
            q = fma(q, z, -1.0 / 3628800.0)
            q = fma(q, z, 1.0 / 40320.0)
            q = fma(q, z, -1.0 / 720.0)
            q = fma(q, z, 1.0 / 24.0)
            cd = fma(fma(q, z, -0.5), z, 1.0)
            step = (s * cd + c * sd - d) / (1.0 - c * cd + s * sd)
            buf[KEP_D + i] = d + step
            buf[SIN_D + i] = sd + step * cd
            buf[COS_D + i] = cd - step * sd
            buf[STEP + i] = abs(step)


@njit(cache=True)
def _turned(sine, cosine, d):
    """Sine and cosine of an angle d further on, |d| < 2e-3: the truncation error is below 3e-16."""
    z = d * d
    sd = d - d * z * (1.0 / 6.0)
    cd = 1.0 - z * (0.5 - z * (1.0 / 24.0))
    return sine * cd + cosine * sd, cosine * cd - sine * sd


@njit(cache=True, error_model="numpy", nogil=True)
def _in_plane(s, n, buf):
    """Radius and speeds with their short-period terms, argument of latitude without; the error code is settled.

    Code 1 leaves no state: NaN, as in the reference.
    """
    for i in range(n):
        am, axnl, aynl = buf[AM + i], buf[ECC_COS + i], buf[ECC_SIN + i]
        kep_s, kep_c, sd, cd = buf[KEP_S + i], buf[KEP_C + i], buf[SIN_D + i], buf[COS_D + i]
        su, cu = buf[SIN_U + i], buf[COS_U + i]
        sin_e, cos_e = su * cd + cu * sd, cu * cd - su * sd
        ecose = kep_c * cd - kep_s * sd
        esine = kep_s * cd + kep_c * sd
        betasq = 1.0 - (axnl * axnl + aynl * aynl)
        betal = math.sqrt(betasq)
        near = 1.0 - ecose
        per_near = 1.0 / near
        lean = esine / (1.0 + betal)
        sinu = per_near * (sin_e - aynl - axnl * lean)
        cosu = per_near * (cos_e - axnl + aynl * lean)
        per_pl = 1.0 / (am * betasq)
        sin2u = 2.0 * cosu * sinu
        cos2u = 1.0 - 2.0 * sinu * sinu
        temp1 = 0.5 * J2 * per_pl
        temp2 = temp1 * per_pl
        mrt = am * near * (1.0 - 1.5 * temp2 * betal * s.con41) + 0.5 * temp1 * s.x1mth2 * cos2u
        per_am = per_pl * betasq
        speed = per_am * (s.root_ao * buf[SHRINK + i]) * SPEED_M_S  # of a circular orbit
        periodic = speed * per_am * temp1
        code = buf[CODE + i]
        below = 6.0 if mrt < 1.0 - MARGIN else 255.0
        below = 0.0 if mrt > 1.0 + MARGIN else below
        below = below if buf[STEP + i] < LAST_STEP and per_pl > PER_P_LIMITS[0] and per_pl < PER_P_LIMITS[1] else 255.0
        known = math.nan if code == 1.0 else 1.0
        buf[CODE + i] = below if code == 0.0 else code
        buf[RADIUS + i] = known * mrt * RADIUS_M
        buf[RISE + i] = known * (speed * esine * per_near - periodic * s.x1mth2 * sin2u)
        buf[AHEAD + i] = known * (speed * betal * per_near + periodic * (s.x1mth2 * cos2u + 1.5 * s.con41))
        buf[SIN_LAT + i] = sinu
        buf[COS_LAT + i] = cosu
        buf[TEMP2 + i] = temp2


@njit(cache=True, error_model="numpy", nogil=True)
def _in_space(s, n, buf):
    """The state, m and m/s, with the short-period turns of the plane."""
    for i in range(n):
        temp2, sinu, cosu = buf[TEMP2 + i], buf[SIN_LAT + i], buf[COS_LAT + i]
        sin2u = 2.0 * cosu * sinu
        cos2u = 1.0 - 2.0 * sinu * sinu
        turn = 1.5 * temp2 * s.cosio
        sin_su, cos_su = _turned(sinu, cosu, -0.25 * temp2 * s.x7thm1 * sin2u)
        sin_node, cos_node = _turned(buf[SIN_NODE + i], buf[COS_NODE + i], turn * sin2u)
        sin_i, cos_i = _turned(s.sinio, s.cosio, turn * s.sinio * cos2u)
        mr, mvt, rvdot = buf[RADIUS + i], buf[RISE + i], buf[AHEAD + i]
        xmx, xmy = -sin_node * cos_i, cos_node * cos_i
        ux = xmx * sin_su + cos_node * cos_su
        uy = xmy * sin_su + sin_node * cos_su
        uz = sin_i * sin_su
        buf[X + i] = mr * ux
        buf[Y + i] = mr * uy
        buf[Z + i] = mr * uz
        buf[VX + i] = mvt * ux + rvdot * (xmx * cos_su - cos_node * sin_su)
        buf[VY + i] = mvt * uy + rvdot * (xmy * cos_su - sin_node * sin_su)
        buf[VZ + i] = mvt * uz + rvdot * (sin_i * cos_su)


@njit(cache=True, error_model="numpy", nogil=True)
def near_earth_states(elements, epochs, rows, days, fractions, codes, r, v):
    """States of k near-earth satellites at m times, into the given rows of codes (n, m), r and v (n, m, 3).

    elements (k, 7): eccentricity; inclination, node, argument of perigee, mean anomaly at epoch, rad; Kozai's mean
    motion, rad/min; B*, 1/radius. epochs (k, 2) and days, fractions (m,): Julian dates of UTC in two parts. TEME, m and
    m/s. A code is 0, 1 or 6 as SGP4's, or 255: use the reference. AIAA 2006-6753, `sgp4` without its deep-space part.
    """
    buf = np.empty(SCRATCH)
    m = days.size
    for k in range(rows.size):
        e, row = elements[k], rows[k]
        s = near_earth(e[0], e[1], e[2], e[3], e[4], e[5], e[6])
        circular = s.ecco < NEARLY_CIRCULAR
        for start in range(0, m, BLOCK):
            stop = min(start + BLOCK, m)
            n = stop - start
            _angles(s, days[start:stop], fractions[start:stop], epochs[k, 0], epochs[k, 1], buf)
            _node(n, buf)
            _shape(s, n, buf)
            _latitude(n, buf)
            if circular:
                _kepler_circular(n, buf)
            else:
                _kepler(n, buf)
            _in_plane(s, n, buf)
            _in_space(s, n, buf)
            for i in range(n):
                codes[row, start + i] = np.uint8(buf[CODE + i])
            for i in range(n):
                r[row, start + i, 0] = buf[X + i]
                r[row, start + i, 1] = buf[Y + i]
                r[row, start + i, 2] = buf[Z + i]
            for i in range(n):
                v[row, start + i, 0] = buf[VX + i]
                v[row, start + i, 1] = buf[VY + i]
                v[row, start + i, 2] = buf[VZ + i]
