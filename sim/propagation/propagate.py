"""From one orbit's description to its trajectory: tables for the kernels, then arc by arc from edge to edge."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kernels.atmosphere import air as airs
from kernels.constants import FLATTENING
from kernels.orbit.harmonics import Field
from kernels.orbit.motion import make_full
from kernels.orbit.multistep import coast, longest_step, make_multistep
from kernels.orbit.propagate import SurfaceAreas, arc
from kernels.records import Air, Body, Forces, Orientation, Radiation, make
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.core.trajectory import Trajectory, joined
from sim.environment.density_table import Part, msis_table, weather_table
from sim.environment.gravity import egm2008, icgem, j2_only, point
from sim.environment.orientation import iau1976, iau2006, uniform
from sim.environment.space_weather import Weather
from sim.environment.world import World, analytic_body, body_table
from sim.orbit.propagate import trajectory
from sim.propagation.about_body import about_body
from sim.propagation.force_model import GravityChoice, Orbit, OrientationChoice, ThirdBodyChoice
from sim.propagation.impact import first_impact, impact_values, impact_words
from sim.propagation.maneuvers import STILL, burn_step, edges, kicked, thrust_at
from sim.propagation.shell import aloft, apsides, part_of, shell_of, stayed, wider

if TYPE_CHECKING:
    from sim.propagation.slot import KeepingBurn

DAY = 86400.0
MARGIN = 0.5 * DAY  # s of tables on both sides of the span
ONE_DAY_FOR_ALL = 2.0 * DAY  # s of a span in which the season, at one space weather, moves the air by 0.5 %
METHOD = make_multistep(11)  # summed Stoermer-Cowell: the fastest at equal error, benches/integrators.py


@dataclass(frozen=True)
class FlownOrbit:
    """What came out: the orbit as asked for, its dense trajectory (t in s from the epoch), and the world it flew in.

    `ended`: a sentence, where the ground or the air ended the orbit before its span; `orbit` then has the span and the
    engines as far as they were flown. `impact`: the place and the speed (`impact.impact_values`), where it
    was the surface of a body other than the Earth.
    `centres`: of an orbit with another centre, the times (s) at which the centre changed, with the name of the new one;
    `parts`: each part about its own centre, its times from its own epoch. `kept`: the burns that kept a slot;
    `orbit` has them as impulses.
    """

    orbit: Orbit
    trajectory: Trajectory
    world: World
    ended: str = ""
    impact: Mapping[str, float] | None = None
    centres: tuple[tuple[float, str], ...] = ()
    parts: tuple[FlownOrbit, ...] = ()
    kept: tuple[KeepingBurn, ...] = ()


class OrbitEnded(Failure):
    """The ground, or air that stops it, ended an orbit before its span; `flown` is what was flown before."""

    def __init__(self, flown: FlownOrbit):
        super().__init__(flown.ended)
        self.flown = flown


def propagate(orbit: Orbit) -> FlownOrbit:
    """Fly an orbit from edge to edge of its burns and impulses: coasts by a multistep method, burns by DOP853.

    Example: `propagate(Orbit("mine", Epoch.from_utc("2026-10-24T00:00:00Z"), r, v, 86400.0, 60.0)).trajectory.at(t)`
    gives position and velocity in GCRF at any t of the day; r and v are arrays (3,) in m and m/s.

    With another centre it is flown about that one where it is near it, and given from the first (`centres.across`).

    OrbitEnded, which holds what was flown, for an orbit that ends before its span; Failure where nothing of it was.
    """
    if orbit.keeping is not None:
        from sim.propagation.slot import kept

        return kept(orbit, orbit.keeping)
    if orbit.other_centre is not None:
        from sim.propagation.centres import across  # which flies each part with what stands here

        return across(orbit, orbit.other_centre)
    part = part_of(orbit) if orbit.atmosphere.model == "nrlmsise00" else None
    world = build(orbit, part=part)
    path = _through(orbit, world)
    if part is None or not stayed(path, part):
        if part:
            world = build(orbit)
            path = _through(orbit, world)
        if shell := wider(orbit, path, world):
            world = build(orbit, shell)
            path = _through(orbit, world)
    _refuse_fallen(orbit, path, world)
    return FlownOrbit(orbit, path, world)


def _through(orbit: Orbit, world: World) -> Trajectory:
    """From edge to edge; after an impulse, of which both sides have a node, with the step that the new orbit asks for.

    An impulse at the start is part of the start: there is no side before it.
    """
    y = np.concatenate([orbit.r, orbit.v, [orbit.mass]]).astype(float)
    cda, cra = orbit.drag_area * orbit.drag_coefficient, orbit.srp_area * orbit.reflectivity
    step, times, parts = world.step, edges(orbit), []
    for start, end in zip(times[:-1], times[1:], strict=True):
        if kicked(orbit, start, y):
            step = step_of(replace(orbit, r=y[:3].copy(), v=y[3:6].copy()))
        thrust = thrust_at(orbit, 0.5 * (start + end))
        h = burn_step(step, thrust, y[6], end - start)
        nodes = np.empty((math.ceil((end - start) / h) + 4, 11))
        if thrust is STILL:
            dynamics = make_full(world.forces, cda / y[6], cra / y[6])
            count = coast(start, end, y, h, METHOD, dynamics, nodes)
        else:
            surface = make(SurfaceAreas, drag=cda, radiation=cra)
            count = arc(start, end, y, h, world.forces, surface, thrust, nodes)
        nodes[count - 1, 0] = end  # the steps add up to it but for a rounding
        parts.append(trajectory(nodes[:count]))
    if kicked(orbit, orbit.duration, y):
        parts.append(_node(orbit.duration, y, parts[-1]))
    return joined(parts)


def _node(t: float, y: np.ndarray, before: Trajectory) -> Trajectory:
    """One node after the last impulse; its acceleration leads nowhere and is the one before it."""
    return Trajectory(np.array([t]), y[None, :3].copy(), y[None, 3:6].copy(), before.a[-1:].copy(), y[6:].copy())


def _refuse_fallen(orbit: Orbit, path: Trajectory, world: World) -> None:
    """OrbitEnded says when and how fast the orbit meets the ground, or the air that ends it."""
    if orbit.body is not None:
        end = first_impact(path, orbit.body.radius)
        if end is not None:
            kept = path.until(end)
            values = impact_values(kept, world, end)
            raise OrbitEnded(_flown_until(orbit, kept, world, impact_words(values, world, end), values))
        return
    count = aloft(orbit, path, world)
    if count == len(path.t):
        return
    before = max(count - 1, 0)
    heights = world.geodetic(path.t[[before, count]], path.r[[before, count]])[2]
    how = "ends in the air, which stops it within a step," if heights[1] > 0.0 else "meets the ground"
    says = (
        f"the orbit {how} {path.t[count]:.0f} s after its epoch, at {world.zero.plus(path.t[count])}: "
        f"{heights[0] / 1000.0:.1f} km up and {np.linalg.norm(path.v[before]):.0f} m/s at the node before"
    )
    if not path.t[before] > path.t[0]:
        raise Failure(says)
    kept = Trajectory(*(getattr(path, name)[:count].copy() for name in ("t", "r", "v", "a", "mass")))
    raise OrbitEnded(_flown_until(orbit, kept, world, says))


def _flown_until(
    orbit: Orbit, kept: Trajectory, world: World, ended: str, impact: Mapping[str, float] | None = None
) -> FlownOrbit:
    """What was kept of a path, as an orbit that was asked for so long."""
    end = kept.end
    burns = tuple(replace(b, duration=min(b.duration, end - b.start)) for b in orbit.burns if b.start < end)
    impulses = tuple(impulse for impulse in orbit.impulses if impulse.at <= end)
    return FlownOrbit(replace(orbit, duration=end, burns=burns, impulses=impulses), kept, world, ended, impact)


def build(orbit: Orbit, shell: tuple[float, float] | None = None, part: Part | None = None) -> World:
    """The tables of one orbit's world; its zero is the orbit's epoch. `shell` km: heights of a table of the air.

    `part`: what of that table is filled, for an orbit that stays there.
    """
    first, last = -MARGIN, orbit.duration + MARGIN
    if orbit.body is not None:
        return about_body(orbit, orbit.body, first, last, step_of(orbit))
    bodies = orbit.third_body
    forces = make(
        Forces,
        gravity=_gravity(orbit.gravity),
        orientation=_orientation(orbit.orientation, orbit.epoch, first, last, orbit.tai_utc),
        sun=_body("sun", bodies, orbit.epoch, first, last, bodies.mu_sun if bodies.sun else 0.0),
        moon=_body("moon", bodies, orbit.epoch, first, last, bodies.mu_moon if bodies.moon else 0.0),
        air=_air(orbit, shell or shell_of(orbit), part),
        third_body=1 if bodies.sun or bodies.moon else 0,
        drag=0 if orbit.atmosphere.model == "none" else 1,
        radiation=make(
            Radiation,
            on=0 if orbit.radiation.model == "none" else 1,
            pressure=orbit.radiation.pressure,
            flattening=FLATTENING if orbit.radiation.occulter == "ellipsoid" else 0.0,
        ),
    )
    return World(orbit.epoch, 0.0, orbit.duration, forces, step_of(orbit))


def step_of(orbit: Orbit) -> float:
    """Step in s that holds 1 mm a day where the tolerance is left at 1e-12.

    30 s in a smooth field of degree 33 or less; the waves of degree n are n a revolution. An eccentric orbit takes the
    share that its perigee's angular rate asks for, and the method never more than it is stable at. Measured over 200
    random orbits of e to 0.75, 200 to 2000 km up: 0.6 mm a day at most without air, burns and sunlight included. A
    tolerance ten times as large makes the step 1.23 and the error about ten times as large, down to 1e-5 m of rounding
    and up to the method's stability (1e-9). It is no error control, which was measured to win nothing below e = 0.7
    and 1 ms a day above (benches/integrators.py).
    10 s over the kinks of the tables of air, and there the bound is 1 mm or 4e-7 of what the air does in the day,
    whichever is more: 3 mm at 210 km, 0.4 m at 190 km, where a craft of 0.022 m2/kg is moved by 1000 km.
    """
    step = min(30.0, 1000.0 / max(orbit.gravity.degree, 1))
    if orbit.atmosphere.model in ("nrlmsise00", "us76"):
        step = min(step, 10.0)
    step *= min(max((orbit.tolerance / 1e-12) ** (1.0 / 11.0), 0.2), 2.0)
    mu = orbit.mu
    perigee, apogee = apsides(orbit)
    perigee, apogee = max(perigee, orbit.ground), max(apogee, orbit.ground)
    rate = math.sqrt(2.0 * mu / (1.0 + perigee / apogee) / perigee**3)
    return min(step * min(1.0, 1.15e-3 / rate), longest_step(METHOD.order, mu, perigee))


def _gravity(choice: GravityChoice) -> Field:
    given = {k: x for k, x in (("mu", choice.mu), ("radius", choice.radius)) if x is not None}
    if choice.field == "point":
        return point(**given)
    if choice.field == "j2":
        return j2_only(**given, **({"j2": choice.j2} if choice.j2 is not None else {}))
    if choice.field == "egm2008":
        return egm2008(choice.degree, choice.order, **given)
    return icgem(Path(choice.field), choice.degree, choice.order, **given)


def _orientation(choice: OrientationChoice, zero: Epoch, first: float, last: float, tai_utc) -> Orientation:
    if choice.model == "uniform":
        return uniform(first, last, choice.theta0, choice.rate)
    if choice.model == "iau1976":
        return iau1976(zero, first, last, choice.ut1_utc, choice.pole, tai_utc)
    return iau2006(zero, first, last, choice.ut1_utc, choice.pole, tai_utc)


def _body(name: str, choice: ThirdBodyChoice, zero: Epoch, first: float, last: float, mu: float) -> Body:
    span, terms = (8.0 * DAY, 12) if name == "sun" else (2.0 * DAY, 12)
    make_table = body_table if choice.ephemeris == "de421" else analytic_body
    return make_table(name, zero, first, last, span=span, terms=terms, mu=mu)


def _air(orbit: Orbit, shell: tuple[float, float], part: Part | None) -> Air:
    choice = orbit.atmosphere
    about_pole = 1 if choice.wind_axis == "pole" else 0
    if choice.model == "nrlmsise00":
        if choice.packaged_weather:
            table = weather_table(orbit.epoch, 0.0, orbit.duration, shell, part=part)
        else:
            if choice.f107 is None or choice.f107a is None or choice.ap is None:
                raise ValueError("nrlmsise00 takes f107, f107a and ap, or none of them for the packaged space weather")
            weather = Weather(choice.f107, choice.f107a, choice.ap)
            if orbit.duration > ONE_DAY_FOR_ALL:
                table = weather_table(orbit.epoch, 0.0, orbit.duration, shell, weather, part)
            else:
                table = msis_table(orbit.epoch, 0.5 * orbit.duration, weather, shell, part)
        return table._replace(wind=choice.wind_rate, about_pole=about_pole, model=airs.BLENDED)
    models = {"none": airs.CONSTANT, "constant": airs.CONSTANT, "exponential": airs.EXPONENTIAL, "us76": airs.US76}
    exponential = choice.model == "exponential"
    return make(
        Air,
        scale=1.0,
        ut0=0.0,
        x0=4.0,
        dx=1.0,
        table=np.zeros((1, 2, 2, 1)),
        model=models[choice.model],
        density=choice.reference_density if exponential else choice.density,
        altitude=choice.reference_altitude,
        height=choice.scale_height,
        wind=choice.wind_rate,
        about_pole=about_pole,
    )
