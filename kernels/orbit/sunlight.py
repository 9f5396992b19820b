"""Solar radiation pressure, integrated apart from the smooth forces, through the edges of the central body's shadow.

An integrator that samples the force loses what an edge is between two samples: a high-order multistep method with 10 s
steps missed by up to 16 mm a day at 0.013 m2/kg. The pressure is so weak that it moves the craft by 1e-5 m in a step,
which changes nothing in the pressure; so its effect over the step is an integral of known functions. Whoever steps adds
it to what the smooth forces do; r = r_smooth + r_light holds exactly, since accelerations add.
"""

import math
from typing import NamedTuple

import numpy as np

from kernels.compiling import njit
from kernels.constants import AU
from kernels.orbit.orientation import body_position
from kernels.orbit.shadow import SUN_RADIUS, Occulter, discs, illumination, lit_fraction

FINE_RAD = 1.0e-3  # a penumbra, 9.3e-3 rad wide, is walked through in nine or more panels of two points
AHEAD_RAD = 0.3  # rad that one search covers, of an orbit whose rate may grow by 1.4 meanwhile (e = 0.7)
GAUSS = 0.5 / math.sqrt(3.0)  # distance of the two points from the middle of their panel
SPEED, SHIFT, NOW, MEAN, SUN, AHEAD = range(6)  # rows of the array that `light_over` fills
FROM, UNTIL, LIT = range(3)  # in row AHEAD: between which times no edge can be met, and the lit fraction there


class _StepArc(NamedTuple):
    """The arc of a step of h s from r, v, a (3,); the Sun stands at sun (3,) m and moves by shift (3,) in the step."""

    h: float
    r: np.ndarray
    v: np.ndarray
    a: np.ndarray
    sun: np.ndarray
    shift: np.ndarray


@njit(cache=True)
def dark():
    """Rows for `light_over`, before its first call."""
    return np.zeros((6, 3))


@njit(cache=True, _nrt=False)
def light_over(t, h, r, v, a, forces, cra_m, work, light):
    """The effect of sunlight on a craft from t to t + h, h of either sign.

    r, v, a (3,)  GCRS m, m/s, m/s2 at t, from which a third-order arc extrapolates (error 0.4 m after 30 s at 400 km:
    0.1 ms
                  of an edge's time)
    cra_m         reflectivity coefficient * area / mass, m2/kg
    work          as `acceleration` left it at t (the pole and the Sun's place)
    light (6, 3)  out: SPEED, change of velocity, m/s; SHIFT, change of position, m, of a craft at rest at t; NOW, the
                  acceleration at t; MEAN, the constant one that makes the same change of velocity, m/s2. The other rows
                  are its own: the Sun's velocity, and how far ahead no edge can be met on this orbit.
    Montenbruck & Gill eq 3.75, conical shadow. The walk is as long as no edge can be met, and short in the penumbra.
    Behind a second body (`Radiation.other_radius`) the share of the Sun in mid-step holds for the step.
    """
    star, radiation = forces.sun, forces.radiation
    full = radiation.pressure * cra_m * AU * AU
    if radiation.other_radius > 0.0:
        full *= _past_the_other(t + 0.5 * h, 0.5 * h, r, v, forces, work)
    known = light[AHEAD, FROM] <= min(t, t + h) and max(t, t + h) <= light[AHEAD, UNTIL]
    if not known and not _look_ahead(t, h, r, v, star, radiation, work, light):
        _through_edges(t, h, r, v, a, radiation, full, work, light)
        return
    sun = work.vectors[0]
    strength = light[AHEAD, LIT] * full
    middle, now = work.vectors[3], light[NOW]
    for j in range(3):
        middle[j] = r[j] + 0.5 * h * (v[j] + 0.25 * h * a[j]) - 0.5 * h * light[SUN, j]
    _accelerate(strength, middle, sun, now)
    for j in range(3):
        light[MEAN, j] = now[j]
        light[SPEED, j] = h * now[j]
        light[SHIFT, j] = 0.5 * h * h * now[j]


@njit(cache=True, _nrt=False)
def _past_the_other(t, ahead, r, v, forces, work):
    """Lit fraction behind the body in `Forces.moon` at t, the craft `ahead` s beyond r, v; its penumbra lasts many
    steps: an hour for the Earth's at the Moon. The central body and it count as not overlapping."""
    sun, other = work.vectors[0], work.vectors[1]
    star, place = work.vectors[2], work.vectors[3]
    body_position(t, forces.moon, other)
    for j in range(3):
        place[j] = r[j] + ahead * v[j] - other[j]
        star[j] = sun[j] - other[j]
    occulter = Occulter(radius=forces.radiation.other_radius, flattening=0.0, sun_radius=SUN_RADIUS)
    return illumination(place, star, work.row[6:9], occulter)


@njit(cache=True, _nrt=False)
def _rate(r, v, b):
    """Upper bound of the rates of the separation and of the Earth's angular radius b, rad/s."""
    distance = math.sqrt(r[0] ** 2 + r[1] ** 2 + r[2] ** 2)
    climb = abs(r[0] * v[0] + r[1] * v[1] + r[2] * v[2]) / distance
    speed = math.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2)
    return 1.4 * (speed + climb * math.tan(min(b, 1.5))) / distance


@njit(cache=True, _nrt=False)
def _look_ahead(t, h, r, v, star, radiation, work, light):
    """Whether the step surely meets no shadow edge, judged from its start; if so, for how long."""
    sun, later = work.vectors[0], work.vectors[1]
    body_position(t + h, star, later)
    for j in range(3):
        light[SUN, j] = (later[j] - sun[j]) / h
    a_sun, b, c = discs(
        r, sun, work.row[6:9], Occulter(radius=radiation.radius, flattening=radiation.flattening, sun_radius=SUN_RADIUS)
    )
    reach = min(_clear(a_sun, b, c), AHEAD_RAD) / _rate(r, v, b)
    light[AHEAD, FROM] = t if h > 0.0 else t - reach
    light[AHEAD, UNTIL] = t + reach if h > 0.0 else t
    light[AHEAD, LIT] = lit_fraction(a_sun, b, c)
    return reach >= abs(h)


@njit(cache=True, _nrt=False)
def _through_edges(t, h, r, v, a, radiation, full, work, light):
    """`light_over` where an edge may be near, by a walk along the arc."""
    light[:SUN] = 0.0
    light[AHEAD, FROM] = light[AHEAD, UNTIL] = t
    occulter = Occulter(radius=radiation.radius, flattening=radiation.flattening, sun_radius=SUN_RADIUS)
    sun, begin, change = work.vectors[0], work.vectors[1], work.vectors[2]
    place = work.vectors[3]
    pole = work.row[6:9]
    for j in range(3):
        begin[j] = sun[j]
        change[j] = h * light[SUN, j]
    arc = _StepArc(h=h, r=r, v=v, a=a, sun=begin, shift=change)
    rate = _rate(r, v, discs(r, sun, pole, occulter)[1])
    length = abs(h)
    sign = math.copysign(1.0, h)
    done = 0.0
    while done < length:
        lit, clear = _look(sign * done, arc, pole, occulter, place, sun)
        if done == 0.0:
            _accelerate(lit * full, place, sun, light[NOW])
        walk = max(clear, FINE_RAD) / rate
        if done + 1.01 * walk >= length:
            walk = length - done
        middle = done + 0.5 * walk
        if clear >= FINE_RAD:
            if lit > 0.0:
                _look(sign * middle, arc, pole, occulter, place, sun)
                _push(sign * walk, h - sign * middle, lit * full, place, sun, light)
        else:
            for side in (-GAUSS, GAUSS):
                at = sign * (middle + side * walk)
                lit, _ = _look(at, arc, pole, occulter, place, sun)
                _push(0.5 * sign * walk, h - at, lit * full, place, sun, light)
        done += walk
    for j in range(3):
        light[MEAN, j] = light[SPEED, j] / h


@njit(cache=True, _nrt=False)
def _arc(x, r, v, a, place):
    """Position x s later, with the jerk of a spherical Earth."""
    r2 = r[0] ** 2 + r[1] ** 2 + r[2] ** 2
    stiff = math.sqrt((a[0] ** 2 + a[1] ** 2 + a[2] ** 2) / r2)
    outward = 3.0 * (r[0] * v[0] + r[1] * v[1] + r[2] * v[2]) / r2
    for j in range(3):
        jerk = -stiff * (v[j] - outward * r[j])
        place[j] = r[j] + x * (v[j] + x * (0.5 * a[j] + x * jerk / 6.0))


@njit(cache=True, _nrt=False)
def _look(x, arc, pole, occulter, place, sun):
    """Lit fraction and angle to the nearest edge, rad, x s into the step; fills the positions of craft and Sun."""
    _arc(x, arc.r, arc.v, arc.a, place)
    for j in range(3):
        sun[j] = arc.sun[j] + x / arc.h * arc.shift[j]
    a_sun, b, c = discs(place, sun, pole, occulter)
    return lit_fraction(a_sun, b, c), _clear(a_sun, b, c)


@njit(cache=True, _nrt=False)
def _clear(a_sun, b, c):
    return max(c - (a_sun + b), abs(b - a_sun) - c, 0.0)


@njit(cache=True, _nrt=False)
def _accelerate(strength, place, sun, out):
    """Acceleration directed from the Sun: `strength` N/kg at a distance of one metre."""
    dx, dy, dz = place[0] - sun[0], place[1] - sun[1], place[2] - sun[2]
    d2 = dx * dx + dy * dy + dz * dz
    f = strength / (d2 * math.sqrt(d2))
    out[0] = f * dx
    out[1] = f * dy
    out[2] = f * dz


@njit(cache=True, _nrt=False)
def _push(duration, left, strength, place, sun, light):
    """Add a pressure of `duration` s, `left` s before the end of the step."""
    now = light[MEAN]
    _accelerate(strength, place, sun, now)
    for j in range(3):
        light[SPEED, j] += duration * now[j]
        light[SHIFT, j] += duration * left * now[j]
