"""The world of an orbit about another body than the Earth: the same tables for the same kernels."""

from __future__ import annotations

import numpy as np

from kernels.atmosphere import air as airs
from kernels.records import Air, Body, Forces, Radiation, make
from sim.environment.central_body import CentralBody, gravity_of, orientation_of
from sim.environment.world import World, body_table
from sim.propagation.force_model import Orbit

SUN = "sun"
SPAN_S, TERMS = 2.0 * 86400.0, 12  # of a series: the Sun as seen from the Moon moves with the month


def about_body(orbit: Orbit, body: CentralBody, first: float, last: float, step: float) -> World:
    """Tables from `first` to `last` s after the epoch. The orientation is in the axes of the field that is flown."""
    choice = orbit.gravity
    chosen = body.chosen(str(choice.field))
    axes = body.map_axes if chosen is None else chosen.axes
    other = next((third for third in body.third_bodies if third.name != SUN), None)
    sun = body.third(SUN)

    def table(name: str, mu: float) -> Body:
        return body_table(name, orbit.epoch, first, last, SPAN_S, TERMS, mu, body.ephemeris)

    star = table(SUN, sun.mu if sun else 0.0)
    forces = make(
        Forces,
        gravity=gravity_of(body, str(choice.field), choice.degree, choice.order),
        orientation=orientation_of(body, axes, orbit.epoch, first, last),
        sun=star,
        moon=table(other.name, other.mu) if other else star._replace(mu=0.0),
        air=no_air(),
        third_body=1 if body.third_bodies else 0,
        drag=0,
        radiation=make(
            Radiation,
            on=0 if orbit.radiation.model == "none" else 1,
            pressure=orbit.radiation.pressure,
            flattening=0.0,
            radius=body.radius,
            other_radius=other.radius if other else 0.0,
        ),
    )
    return World(orbit.epoch, 0.0, orbit.duration, forces, step, body=body, axes=axes)


def no_air() -> Air:
    """An atmosphere of no density."""
    empty = np.zeros((1, 2, 2, 1))
    return make(Air, scale=1.0, ut0=0.0, x0=4.0, dx=1.0, table=empty, model=airs.CONSTANT)
