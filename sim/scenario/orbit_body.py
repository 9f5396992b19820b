"""The bodies that an orbit file names in [environment], and what an orbit about one that is not the Earth may hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.files import packaged, text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, listed, nearest
from sim.scenario.body_file import BodyFile
from sim.scenario.named_files import NamedFiles
from sim.scenario.orbit_checks import EARTH, about_earth, element_key, given
from sim.scenario.view import Finding, View

POINT = "point"
# What an orbit file has for the Earth alone, and what stands for it where the body is another.
OF_THE_EARTH = {
    ("orientation",): "no such table: the body's file has its orientation",
    ("third_body",): "no such table: write environment.third_bodies, a list of names",
    ("atmosphere",): "no such table: only the Earth has air here",
    ("gravity", "mu_m3_s2"): "no such key: a body file has the constants of its fields",
    ("gravity", "radius_m"): "no such key: a body file has the constants of its fields",
    ("gravity", "j2"): "no such key: a body file has the coefficients of its fields",
    ("solar_radiation", "occulter"): "no such key: the shadow is that of the body's sphere",
}
FRAMES = ("gcrf", "icrf", "eme2000")  # whose axes do not turn with the Earth


@dataclass(frozen=True)
class BodiesRead:
    """The body and the other centre as read, their `files`, and what is wrong by key (`found`)."""

    body: BodyFile | None = None
    other: BodyFile | None = None
    files: tuple[Path, ...] = ()
    found: tuple[tuple[KeyPath, Problem], ...] = ()


def read_bodies(view: View, document: text.Document) -> BodiesRead:
    """The files that [environment] names, each checked; the Earth as the only body needs none."""
    named = NamedFiles(document, {}, [])
    body = None if about_earth(view) else named.named(view("environment", "body"), ("environment", "body"), "body")
    key = ("environment", "other_centre")
    other = named.named(view(*key), key, "body")
    assert body is None or isinstance(body, BodyFile)
    assert other is None or isinstance(other, BodyFile)
    findings = [] if named.problems() else list(_other(view, body, other))
    if not about_earth(view):
        findings += _only_of_the_earth(view)
        sound = body is not None and not named.problems()
        findings += (
            []
            if body is None or not sound
            else [*_gravity(view, body), *_third_bodies(view, body), *_start(view, body)]
        )
    elif given(view, "environment", "third_bodies"):
        allowed = "no such key about the Earth: [third_body] has sun and moon"
        findings.append(Finding(("environment", "third_bodies"), "a list beside body 'earth'", allowed))
    own = [(f.key, f.problem(document.label)) for f in findings]
    files = tuple(path for path, _ in named.files)
    return BodiesRead(body, other, files, tuple(own + named.missing + named.problems()))


def _only_of_the_earth(view: View) -> Iterator[Finding]:
    name = view("environment", "body")
    for key, allowed in OF_THE_EARTH.items():
        if given(view, *key):
            yield Finding(key, f"'{key[-1]}' of an orbit about '{name}'", allowed)
    if (elements := element_key(view)) is not None:
        allowed = "[state] or [keplerian]: the sets are of the Earth"
        yield Finding(elements, f"element sets for an orbit about '{name}'", allowed)
    frame = view("state", "frame")
    if frame is not None and frame not in FRAMES:
        allowed = f"{listed(FRAMES)}: axes that do not turn with the Earth, from the centre of the body"
        yield Finding(("state", "frame"), f"'{frame}', which is of the Earth", allowed)


def _gravity(view: View, body: BodyFile) -> Iterator[Finding]:
    known = [POINT, *(field.name for field in body.fields)]
    name = view("gravity", "field") if given(view, "gravity", "field") else known[min(1, len(known) - 1)]
    if name is None:
        return
    if name not in known:
        allowed = f"{listed(known)}; a body file of your own, which extends this one, adds fields with their axes"
        yield Finding(
            ("gravity", "field"), f"'{name}', which is no field of {body.name}", allowed, nearest(name, known)
        )
        return
    top = 0 if name == POINT else _degree(next(field for field in body.fields if field.name == name))
    degree, order = view("gravity", "degree"), view("gravity", "order")
    degree = (0 if name == POINT else min(body.degree, top)) if degree is None else degree
    if degree > top:
        yield Finding(("gravity", "degree"), str(degree), f"at most {top}: the field '{name}' ends there")
    elif order is not None and order > degree:
        yield Finding(("gravity", "order"), str(order), f"at most the degree, {degree}")


def _degree(field) -> int:
    if field.file is None:
        return int(max(row[0] for row in field.coefficients))
    return len(packaged.arrays(f"seeds/assets/{field.file}")["C"]) - 1


def _third_bodies(view: View, body: BodyFile) -> Iterator[Finding]:
    known = [each.name for each in body.third_bodies]
    for i, name in enumerate(view("environment", "third_bodies") or ()):
        if name not in known:
            allowed = f"third bodies of {body.name}: {listed(known)}"
            yield Finding(("environment", "third_bodies", i), f"'{name}'", allowed, nearest(name, known))


def _start(view: View, body: BodyFile) -> Iterator[Finding]:
    """A start above the sphere."""
    surface = f"a point above the surface of {body.name}, {body.mean_radius_m / 1e3:g} km from its centre"
    position = view("state", "position_m")
    if position and math.hypot(*position) <= body.mean_radius_m:
        found = f"a point {math.hypot(*position) / 1e3:.3f} km from the centre"
        yield Finding(("state", "position_m"), found, f"{surface}; is it in metres?")
    a, e, anomaly = (view("keplerian", key) for key in ("semi_major_axis_m", "eccentricity", "true_anomaly_deg"))
    if None not in (a, e, anomaly):
        radius = a * (1.0 - e * e) / (1.0 + e * math.cos(math.radians(anomaly)))
        if radius <= body.mean_radius_m:
            yield Finding(("keplerian", "semi_major_axis_m"), f"a start {radius / 1e3:.3f} km from the centre", surface)


def _other(view: View, body: BodyFile | None, other: BodyFile | None) -> Iterator[Finding]:
    """Two bodies that know each other."""
    if other is None:
        return
    key = ("environment", "other_centre")
    name, home = view(*key), EARTH if body is None else body.ephemeris
    if other.ephemeris == home:
        yield Finding(key, f"'{name}', which is the body itself", "another body")
    elif home not in [each.name for each in other.third_bodies]:
        yield Finding(
            key, f"'{name}', on whose file '{home}' is no third body", f"a body whose third_bodies have '{home}'"
        )
    elif not other.sphere_of_influence_m and (body is None or not body.sphere_of_influence_m):
        yield Finding(
            key, f"'{name}', whose file has no sphere_of_influence_m", "a body with one, at whose edge to change"
        )
