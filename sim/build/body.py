"""From a body file to a `CentralBody`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.core.epoch import Epoch
from sim.environment import central_body as bodies
from sim.propagation.force_model import GravityChoice, OrientationChoice
from sim.scenario.body_file import BodyFile, FieldBlock
from sim.scenario.load import load_named
from sim.scenario.orbit_file import OrbitFile


def central_body(name: str) -> bodies.CentralBody:
    """The body of a file of the catalogue by its name ("moon"), or of a path; ScenarioError lists every problem."""
    return body_of(load_named(name, "body"))


def body_of(file: BodyFile) -> bodies.CentralBody:
    """The body of a file that was read and checked."""
    orientation = file.orientation
    return bodies.CentralBody(
        name=file.name,
        ephemeris=file.ephemeris,
        mu=float(file.mu_m3_s2),
        radius=float(file.mean_radius_m),
        map_axes=file.map_axes,
        orientation=bodies.BodyOrientation(
            orientation.axes,
            _angles(file),
            tuple(bodies.AxesTurn(turn.axes, _three(turn.arcsec)) for turn in orientation.turned),
        ),
        fields=tuple(_field(block) for block in file.fields),
        third_bodies=tuple(
            bodies.ThirdBody(each.name, float(each.mu_m3_s2), float(each.radius_m)) for each in file.third_bodies
        ),
        sphere_of_influence=float(file.sphere_of_influence_m),
        field=file.fields[0].name if file.fields else bodies.POINT,
        degree=file.degree,
    )


def _angles(file: BodyFile) -> bodies.EulerTable | bodies.PolePolynomial | None:
    given = file.orientation
    if given.model == "euler_table":
        assert given.file is not None  # the rules ask for it, and for what follows
        return bodies.euler_table(given.file)
    if given.model == "pole":
        assert given.right_ascension_deg and given.declination_deg and given.prime_meridian_deg
        return bodies.PolePolynomial(
            _two(given.right_ascension_deg), _two(given.declination_deg), _two(given.prime_meridian_deg)
        )
    return None


def _field(block: FieldBlock) -> bodies.BodyField:
    assert block.axes is not None  # a field without axes was refused
    if block.file is not None:
        return bodies.packaged_field(block.name, block.file, block.axes)
    assert block.mu_m3_s2 is not None and block.radius_m is not None
    degree = int(max(row[0] for row in block.coefficients))
    c, s = np.zeros((degree + 1, degree + 1)), np.zeros((degree + 1, degree + 1))
    c[0, 0] = 1.0
    for n, m, cosine, sine in block.coefficients:
        c[int(n), int(m)], s[int(n), int(m)] = cosine, sine
    return bodies.BodyField(block.name, block.axes, float(block.mu_m3_s2), float(block.radius_m), c, s)


def _two(pair: tuple[float, ...]) -> tuple[float, float]:
    a, b = pair
    return float(a), float(b)


def _three(triple: tuple[float, ...]) -> tuple[float, float, float]:
    a, b, c = triple
    return float(a), float(b), float(c)


def with_third_bodies(body: bodies.CentralBody, names: tuple[str, ...] | None) -> bodies.CentralBody:
    """The body with the third bodies of these names alone; with all of them where None."""
    if names is None:
        return body
    return replace(body, third_bodies=tuple(each for each in body.third_bodies if each.name in names))


def start_about(
    file: OrbitFile, epoch: Epoch, body: bodies.CentralBody, gravity: GravityChoice
) -> tuple[np.ndarray, np.ndarray]:
    """Position (3,) m and velocity (3,) m/s from the centre of a body, ICRS axes, of an orbit file's start."""
    from sim.propagation.start import from_frame, from_keplerian

    if file.state is not None:
        r, v = np.array(file.state.position_m, dtype=float), np.array(file.state.velocity_m_s, dtype=float)
        return from_frame(file.state.frame, r, v, epoch, OrientationChoice())
    k = file.keplerian
    assert k is not None  # the rules ask for one start
    field = body.chosen(str(gravity.field))
    mu = body.mu if field is None else field.mu
    angles = k.inclination_deg, k.raan_deg, k.argument_of_perigee_deg, k.true_anomaly_deg
    r, v = from_keplerian(mu, k.semi_major_axis_m, k.eccentricity, angles)
    if k.axes == "icrf":
        return r, v
    turn = bodies.map_axes_at(body, epoch)
    return turn.T @ r, turn.T @ v
