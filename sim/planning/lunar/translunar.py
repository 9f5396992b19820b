"""A flight to the Moon, targeted: the departure and the burn that lead into a required orbit at a required time.

Four steps. A conic about the Earth that meets the Moon's centre. The flown approach, of which azimuth, arc and speed of
the departure are corrected until the impact vector at the change of centre and the time of perilune are those of the
required orbit. The same with the impact vector an hour before perilune: the Earth changes the approach by some 100 km
in between, so that an orbit aimed from afar may meet the ground. Then approach, burn and what follows, flown together:
the same three and the burn's duration, until the orbit has its perilune, apolune and inclination, and the approach its
perilune in the middle of the burn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import G0, R_EQUATOR
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.environment.central_body import CentralBody, map_axes_at
from sim.planning.lunar.arrival import Node, hyperbola, impact_vector
from sim.planning.lunar.corrector import corrected
from sim.planning.lunar.departure import Departure, LaunchSite, conic
from sim.propagation.centres import moved
from sim.propagation.force_model import BurnChoice, GravityChoice, Orbit, ThirdBodyChoice
from sim.propagation.propagate import FlownOrbit, OrbitEnded, propagate

EARLY_S = 3600.0  # before perilune the approach is cut: what it is aimed at needs no more of it
STEPS = (1e-6, 1e-6, 1e-3)  # rad, rad, m/s: some 200 m at the Moon
BURN_STEP_S = 1.0
FIRST = (1e3, 1e3, 10.0)  # m, m, s: of the approach alone
LAST = (1.0, 1.0, 1e-6, 0.01)  # m, m, rad, s


@dataclass(frozen=True)
class LunarTarget:
    """What a flight to the Moon has to be.

    `departure`: time of the perigee, `perigee` m above the equator's radius; `insertion`: time of perilune; `perilune`,
    `apolune` m over the mean radius, `inclination` rad to the Moon's equator: of the osculating orbit at `judged`,
    after the burn, since the Earth changes it by kilometres in hours; `node` as in `impact_vector`. `mass` kg at
    departure, `thrust` N and `isp` s of the engine that brakes.
    """

    site: LaunchSite
    lift_off: Epoch
    departure: Epoch
    insertion: Epoch
    judged: Epoch
    perigee: float
    perilune: float
    apolune: float
    inclination: float
    node: Node
    mass: float
    thrust: float
    isp: float


@dataclass(frozen=True, eq=False)
class LunarTransfer:
    """The departure, the whole flight as an orbit with its burn, and the number of `corrections` of each step."""

    departure: Departure
    orbit: Orbit
    corrections: tuple[int, int, int]


class _Flights:
    """Flights of one target, and what they miss."""

    def __init__(self, target: LunarTarget, moon: CentralBody, gravity: GravityChoice):
        field = moon.chosen(moon.field)
        self.target, self.moon = target, moon
        self.mu = moon.mu if field is None else field.mu
        self.late = target.insertion.since(target.departure)
        self.pole = map_axes_at(moon, target.insertion)[2]
        self.first = conic(target.site, target.lift_off, target.departure, R_EQUATOR + target.perigee, target.insertion)
        r, v = self.first.state()
        self.orbit = Orbit(
            "to the Moon",
            target.departure,
            r,
            v,
            self.late,
            600.0,
            mass=target.mass,
            gravity=gravity,
            third_body=ThirdBodyChoice(True, True, mu_moon=self.mu),
            other_centre=moon,
        )

    def departure(self, x: np.ndarray) -> Departure:
        return replace(self.first, azimuth=float(x[0]), arc=float(x[1]), speed=float(x[2]))

    def burning(self, x: np.ndarray, duration: float) -> Orbit:
        """Departure and burn, flown until the orbit is judged."""
        r, v = self.departure(x).state()
        flow = self.target.thrust / (G0 * self.target.isp)
        start = self.late - 0.5 * duration
        burn = BurnChoice(start, duration, self.target.thrust, np.array([-1.0, 0.0, 0.0]), "velocity", flow)
        return replace(self.orbit, r=r, v=v, duration=self.target.judged.since(self.target.departure), burns=(burn,))

    def about_moon(self, flown: FlownOrbit, t: float) -> tuple[np.ndarray, np.ndarray]:
        r, v, _ = flown.trajectory.at([t])
        return moved(r[0], v[0], self.target.departure.plus(t), "earth", self.moon.ephemeris)

    def approach(self, x: np.ndarray, near: bool) -> np.ndarray:
        """m, m of the impact vector in its plane, and s of the perilune: as they stand at the change of centre, or
        `near` the Moon, an hour before the perilune."""
        r, v = self.departure(x).state()
        try:
            flown = propagate(replace(self.orbit, r=r, v=v, duration=self.late - EARLY_S))
        except OrbitEnded as ended:
            flown = ended.flown
        if not flown.centres:
            raise Failure("the flight does not come within the Moon's sphere of influence; its time does not fit")
        t = flown.trajectory.end if near else flown.centres[0][0]
        found = hyperbola(*self.about_moon(flown, t), self.mu)
        target = self.target
        want = impact_vector(
            found, self.mu, self.moon.radius + target.perilune, self.pole, target.inclination, target.node
        )
        across = np.cross(found.incoming, self.pole)
        across /= np.linalg.norm(across)
        apart = found.impact - want
        late = t + found.to_periapsis - self.late
        return np.array([apart @ across, apart @ np.cross(found.incoming, across), late])

    def inserted(self, x: np.ndarray) -> np.ndarray:
        """m of perilune, m of apolune, rad of inclination, s of the approach's perilune."""
        orbit = self.burning(x[:3], float(x[3]))
        flown = propagate(orbit)
        approach = hyperbola(*self.about_moon(flown, orbit.burns[0].start), self.mu)
        low, high, inclination = self.apsides(flown, orbit.duration)
        target = self.target
        return np.array(
            [
                low - target.perilune,
                high - target.apolune,
                inclination - target.inclination,
                orbit.burns[0].start + approach.to_periapsis - self.late,
            ]
        )

    def apsides(self, flown: FlownOrbit, t: float) -> tuple[float, float, float]:
        """Osculating perilune and apolune, m over the mean radius, and inclination, rad."""
        r, v = self.about_moon(flown, t)
        h = np.cross(r, v)
        energy = 0.5 * float(v @ v) - self.mu / float(np.linalg.norm(r))
        a = -0.5 * self.mu / energy
        e = math.sqrt(max(0.0, 1.0 - float(h @ h) / (self.mu * a)))
        inclination = math.acos(float(h @ self.pole) / float(np.linalg.norm(h)))
        return a * (1.0 - e) - self.moon.radius, a * (1.0 + e) - self.moon.radius, inclination

    def braking(self, x: np.ndarray) -> float:
        """s of a burn that makes the ellipse of the hyperbola at one point, by the rocket equation."""
        target, low = self.target, self.moon.radius + self.target.perilune
        r, v = self.departure(x).state()
        flown = propagate(replace(self.orbit, r=r, v=v, duration=self.late - EARLY_S))
        speed = hyperbola(*self.about_moon(flown, flown.centres[0][0]), self.mu).speed
        a = low + 0.5 * (target.apolune - target.perilune)
        slower = math.sqrt(speed**2 + 2.0 * self.mu / low) - math.sqrt(self.mu * (2.0 / low - 1.0 / a))
        exhaust = G0 * target.isp
        return target.mass * (1.0 - math.exp(-slower / exhaust)) * exhaust / target.thrust


def transfer(target: LunarTarget, moon: CentralBody, gravity: GravityChoice | None = None) -> LunarTransfer:
    """The flight that meets the target, to a metre and a hundredth of a second; `gravity` of the Earth, or EGM2008 to
    degree 8. Failure where it is not met, with what is missed."""
    flights = _Flights(target, moon, gravity or GravityChoice("egm2008", 8, 8))
    first = flights.first
    what = "the approach (impact vector m, m; perilune s)"
    begin = first.azimuth, first.arc, first.speed
    x, aimed = corrected(lambda x: flights.approach(x, False), begin, STEPS, FIRST, what)
    x, refined = corrected(lambda x: flights.approach(x, True), x.tolist(), STEPS, FIRST, what)
    what = "the orbit about the Moon (perilune m, apolune m, inclination rad; time s)"
    x, inserted = corrected(flights.inserted, (*x, flights.braking(x)), (*STEPS, BURN_STEP_S), LAST, what)
    return LunarTransfer(flights.departure(x), flights.burning(x[:3], float(x[3])), (aimed, refined, inserted))
