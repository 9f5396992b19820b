"""SGP4 for near-earth satellites: the constants of a satellite, and the trigonometry of many lanes at once.

Units are SGP4's own inside: Earth radii, minutes, radians; WGS-72. Equations: Hoots and Roehrich 1980 (Spacetrack
Report 3) with the corrections of Vallado et al., AIAA 2006-6753, whose names the symbols keep.
"""

import math
from typing import NamedTuple

from kernels.compiling import njit
from kernels.maths.lanes import fma

RADIUS_KM = 6378.135
XKE = 60.0 / math.sqrt(RADIUS_KM**3 / 398600.8)  # sqrt(mu) in Earth radii and minutes
J2, J3, J4 = 0.001082616, -0.00000253881, -0.00000165597
TWO_PI = 2.0 * math.pi
TURN_HIGH = 6.283185243606567
TURN_LOW = TWO_PI - TURN_HIGH
# Added and subtracted, it leaves the nearest whole number of anything below 2^51 (rounding to even).
WHOLE = 6755399441055744.0


class NearEarth(NamedTuple):
    """Constants of one satellite, named as in AIAA 2006-6753; angles in rad, times in minutes, lengths in radii."""

    mo: float
    mdot: float
    argpo: float
    argpdot: float
    nodeo: float
    nodedot: float
    nodecf: float
    cc1: float
    d2: float
    d3: float
    d4: float
    bcc4: float  # B* cc4
    bcc5: float  # B* cc5
    sinmao: float
    t2cof: float
    t3cof: float
    t4cof: float
    t5cof: float
    omgcof: float
    eta: float
    xmcof: float
    delmo: float
    ecco: float
    no: float  # mean motion after Kozai's correction is taken out, rad/min
    ao: float
    root_ao: float
    aycof: float
    xlcof: float
    sinio: float
    cosio: float
    con41: float
    x1mth2: float
    x7thm1: float


@njit(cache=True, error_model="numpy")
def mean_motion(no_kozai, ecco, inclo):
    """Brouwer's mean motion of Kozai's, rad/min: the `initl` of AIAA 2006-6753."""
    omeosq = 1.0 - ecco * ecco
    cosio = math.cos(inclo)
    ak = (XKE / no_kozai) ** (2.0 / 3.0)
    d1 = 0.75 * J2 * (3.0 * cosio * cosio - 1.0) / (math.sqrt(omeosq) * omeosq)
    delta = d1 / (ak * ak)
    adel = ak * (1.0 - delta * delta - delta * (1.0 / 3.0 + 134.0 * delta * delta / 81.0))
    return no_kozai / (1.0 + d1 / (adel * adel))


@njit(cache=True, error_model="numpy")
def near_earth(ecco, inclo, nodeo, argpo, mo, no_kozai, bstar):
    """Constants of a satellite (rad, rad/min, B* in 1/radius): `sgp4init` of AIAA 2006-6753, near-earth part.

    Below 220 km of perigee the theory drops its higher drag terms: here they are zero, so that one formula serves both.
    """
    no = mean_motion(no_kozai, ecco, inclo)
    ao = (XKE / no) ** (2.0 / 3.0)
    cosio, sinio = math.cos(inclo), math.sin(inclo)
    cosio2 = cosio * cosio
    cosio4 = cosio2 * cosio2
    omeosq = 1.0 - ecco * ecco
    rteosq = math.sqrt(omeosq)
    con42 = 1.0 - 5.0 * cosio2
    con41 = 3.0 * cosio2 - 1.0
    x1mth2 = 1.0 - cosio2
    rp = ao * (1.0 - ecco)
    perigee_km = (rp - 1.0) * RADIUS_KM
    # The density's foot: 78 km, lower for a low perigee.
    foot_km = 78.0
    if perigee_km < 156.0:
        foot_km = perigee_km - 78.0 if perigee_km >= 98.0 else 20.0
    sfour = foot_km / RADIUS_KM + 1.0
    qzms24 = ((120.0 - foot_km) / RADIUS_KM) ** 4
    tsi = 1.0 / (ao - sfour)
    eta = ao * ecco * tsi
    etasq, eeta = eta * eta, ecco * eta
    psisq = abs(1.0 - etasq)
    coef = qzms24 * tsi**4
    coef1 = coef / psisq**3.5
    cc2 = (
        coef1
        * no
        * (
            ao * (1.0 + 1.5 * etasq + eeta * (4.0 + etasq))
            + 0.375 * J2 * tsi / psisq * con41 * (8.0 + 3.0 * etasq * (8.0 + etasq))
        )
    )
    cc1 = bstar * cc2
    cc4 = (
        2.0
        * no
        * coef1
        * ao
        * omeosq
        * (
            eta * (2.0 + 0.5 * etasq)
            + ecco * (0.5 + 2.0 * etasq)
            - J2
            * tsi
            / (ao * psisq)
            * (
                -3.0 * con41 * (1.0 - 2.0 * eeta + etasq * (1.5 - 0.5 * eeta))
                + 0.75 * x1mth2 * (2.0 * etasq - eeta * (1.0 + etasq)) * math.cos(2.0 * argpo)
            )
        )
    )
    posq = (ao * omeosq) ** 2
    temp1 = 1.5 * J2 / posq * no
    temp2 = 0.5 * temp1 * J2 / posq
    temp3 = -0.46875 * J4 / (posq * posq) * no
    mdot = no + 0.5 * temp1 * rteosq * con41 + 0.0625 * temp2 * rteosq * (13.0 - 78.0 * cosio2 + 137.0 * cosio4)
    argpdot = (
        -0.5 * temp1 * con42
        + 0.0625 * temp2 * (7.0 - 114.0 * cosio2 + 395.0 * cosio4)
        + temp3 * (3.0 - 36.0 * cosio2 + 49.0 * cosio4)
    )
    xhdot1 = -temp1 * cosio
    nodedot = xhdot1 + (0.5 * temp2 * (4.0 - 19.0 * cosio2) + 2.0 * temp3 * (3.0 - 7.0 * cosio2)) * cosio
    # At 180 deg of inclination 1 + cos i is zero; the theory puts 1.5e-12 there.
    below = 1.0 + cosio if abs(1.0 + cosio) > 1.5e-12 else 1.5e-12
    xlcof = -0.25 * (J3 / J2) * sinio * (3.0 + 5.0 * cosio) / below
    d2 = d3 = d4 = t3cof = t4cof = t5cof = bcc5 = omgcof = xmcof = 0.0
    if rp >= 220.0 / RADIUS_KM + 1.0:
        bcc5 = bstar * 2.0 * coef1 * ao * omeosq * (1.0 + 2.75 * (etasq + eeta) + eeta * etasq)
        if ecco > 1.0e-4:
            cc3 = -2.0 * coef * tsi * (J3 / J2) * no * sinio / ecco
            omgcof = bstar * cc3 * math.cos(argpo)
            xmcof = -2.0 / 3.0 * coef * bstar / eeta
        cc1sq = cc1 * cc1
        d2 = 4.0 * ao * tsi * cc1sq
        third = d2 * tsi * cc1 / 3.0
        d3 = (17.0 * ao + sfour) * third
        d4 = 0.5 * third * ao * tsi * (221.0 * ao + 31.0 * sfour) * cc1
        t3cof = d2 + 2.0 * cc1sq
        t4cof = 0.25 * (3.0 * d3 + cc1 * (12.0 * d2 + 10.0 * cc1sq))
        t5cof = 0.2 * (3.0 * d4 + 12.0 * cc1 * d3 + 6.0 * d2 * d2 + 15.0 * cc1sq * (2.0 * d2 + cc1sq))
    return NearEarth(
        mo=mo,
        mdot=mdot,
        argpo=argpo,
        argpdot=argpdot,
        nodeo=nodeo,
        nodedot=nodedot,
        nodecf=3.5 * omeosq * xhdot1 * cc1,
        cc1=cc1,
        d2=d2,
        d3=d3,
        d4=d4,
        bcc4=bstar * cc4,
        bcc5=bcc5,
        sinmao=math.sin(mo),
        t2cof=1.5 * cc1,
        t3cof=t3cof,
        t4cof=t4cof,
        t5cof=t5cof,
        omgcof=omgcof,
        eta=eta,
        xmcof=xmcof,
        delmo=(1.0 + eta * math.cos(mo)) ** 3,
        ecco=ecco,
        no=no,
        ao=ao,
        root_ao=math.sqrt(ao),
        aycof=-0.5 * (J3 / J2) * sinio,
        xlcof=xlcof,
        sinio=sinio,
        cosio=cosio,
        con41=con41,
        x1mth2=x1mth2,
        x7thm1=7.0 * cosio2 - 1.0,
    )


@njit(cache=True)
def reduced(x):
    """x less whole turns, in [-pi, pi] but for rounding, |x| < 8e8 rad.

    The turn is the double 2 pi, as in the reference's fmod, so both have the same error. It is subtracted in two parts,
    the first of 26 bits: the large product is exact, on a machine that fuses products and on one that does not.
    """
    turns = (x * (1.0 / TWO_PI) + WHOLE) - WHOLE
    return fma(-turns, TURN_LOW, fma(-turns, TURN_HIGH, x))


@njit(cache=True)
def sincos(x):
    """Sine and cosine of any |x| < 8e8 rad, without branches or integers, so that it runs in lanes; errors below 3e-15.

    Minimax polynomials of 2 sin(r/2) / r (2e-16) and cos(r/2) (2.1e-15) over |r| <= pi, then the double angle.
    """
    r = reduced(x)
    z = r * r
    p = fma(-4.495023612441165e-17, z, 3.917798148479179e-14)
    p = fma(p, z, -2.446469872815812e-11)
    p = fma(p, z, 1.0764576592584883e-08)
    p = fma(p, z, -3.1001984093897313e-06)
    p = fma(p, z, 0.00052083333332893)
    p = fma(p, z, -0.04166666666666453)
    twice_sine = fma(p * z, r, r)
    q = fma(-6.72149122587035e-16, z, 5.092464629177937e-13)
    q = fma(q, z, -2.6911084719771896e-10)
    q = fma(q, z, 9.688118420431565e-08)
    q = fma(q, z, -2.1701388849896622e-05)
    q = fma(q, z, 0.0026041666666221375)
    q = fma(q, z, -0.12499999999998279)
    return twice_sine * fma(q, z, 1.0), fma(-0.5 * twice_sine, twice_sine, 1.0)


@njit(cache=True)
def rough_cosine(x):
    """Cosine to 7e-11: enough for the terms of drag, which are below 1e-2."""
    r = reduced(x)
    z = r * r
    p = fma(-2.3287787138538144e-11, z, 1.0751022990691266e-08)
    p = fma(p, z, -3.1001256311350455e-06)
    p = fma(p, z, 0.0005208331559795206)
    p = fma(p, z, -0.04166666651616758)
    twice_sine = fma(p * z, r, r)
    return fma(-0.5 * twice_sine, twice_sine, 1.0)


@njit(cache=True)
def rough_sine(x):
    """Sine to 2e-11: enough for the terms of drag, which are below 1e-2."""
    r = reduced(x)
    z = r * r
    p = fma(-6.575453273802878e-13, z, 1.5884127202747778e-10)
    p = fma(p, z, -2.5036947231795907e-08)
    p = fma(p, z, 2.7556580716209317e-06)
    p = fma(p, z, -0.00019841250047607323)
    p = fma(p, z, 0.008333333070772565)
    p = fma(p, z, -0.16666666653963189)
    return fma(p * z, r, r)
