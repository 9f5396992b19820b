"""From an orbit file to an `Orbit` that can be propagated, or every problem at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.build.orbit_blocks import imaging, keeping
from sim.build.orbit_bodies import gravity_of, reach
from sim.build.orbit_pushes import burns, impulses
from sim.core.epoch import NS, Epoch
from sim.files import paths
from sim.files.problems import ScenarioError
from sim.propagation import ages
from sim.propagation import force_model as model
from sim.scenario import disposal, orbit_checks, push_checks
from sim.scenario.disposal import DisposalBlock
from sim.scenario.load import checked, placed
from sim.scenario.orbit_body import BodiesRead, read_bodies
from sim.scenario.orbit_checks import about_earth
from sim.scenario.orbit_data import ElementsRead, FieldRead, read_elements, read_field
from sim.scenario.orbit_file import OrbitFile
from sim.scenario.overrides import with_overrides
from sim.scenario.scenario import ValueSource
from sim.scenario.view import View
from sim.scenario.what_it_is import read_named

if TYPE_CHECKING:
    from sim.environment.central_body import CentralBody
    from sim.interchange.choice import ChosenSet

RULES = (*orbit_checks.ORBIT, *push_checks.PUSHES, disposal.whole)


@dataclass(frozen=True)
class OrbitScenario:
    """An orbit file read and checked: what will be flown, `warnings` to be shown, and what it was made of.

    `raw` is the file as resolved, for the manifest; `files` all that was read; `chosen` the element set that it starts
    from, if it does. `imaging`: a camera, where the file has one. `object_name`, `object_id`: of the object that the
    start is of, empty where no file names one.
    """

    path: Path
    raw: dict
    orbit: model.Orbit
    warnings: tuple[str, ...]
    sources: tuple[ValueSource, ...]
    files: tuple[Path, ...]
    chosen: ChosenSet | None = None
    object_name: str = ""
    object_id: str = ""
    imaging: model.ImagingChoice | None = None
    disposal: DisposalBlock | None = None  # burns and span are found from it (`sim.build.disposal`)


def load_orbit(path: str | Path, overrides: Sequence[str] = ()) -> OrbitScenario:
    """Read an orbit file (or one of the catalogue, by name) with `KEY=VALUE` overrides; ScenarioError lists all."""
    document = read_named(path, paths.ORBITS, "an orbit")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, view, found = checked(replace(document, raw=raw), OrbitFile, "orbit", RULES)
    field, elements, bodies = FieldRead(), ElementsRead(), BodiesRead()
    if raw.get("kind") == "orbit":
        bodies = read_bodies(view, document)
        field = read_field(view, document)
        elements = read_elements(view, document, _epoch(view)) if about_earth(view) else ElementsRead()
        found += bodies.found
        epoch = elements.start.state.epoch if elements.start else _epoch(view)
        of_dates = (*orbit_checks.dates(view, epoch), *orbit_checks.weather(view, epoch))
        of_dates = (*of_dates, *reach(view, epoch, bodies))
        findings = (*field.findings, *elements.findings, *of_dates)
        found += [(f.key, f.problem(document.label)) for f in findings]
    problems += elements.problems
    problems += [placed(document, key, problem, by_command_line) for key, problem in found]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    orbit = _orbit(made, _epoch(view), field, elements, bodies)
    sources = tuple(ValueSource(document.label, key, source) for key, source in made.sources.items())
    files = tuple(
        dict.fromkeys([p for p, _ in document.texts] + [*(p for p in (field.path, elements.path) if p), *bodies.files])
    )
    of_elements = elements.start.warnings if elements.start else ()
    warnings = (
        *_push_warnings(made),
        *_frame_warnings(made),
        *field.warnings,
        *of_elements,
        *_slot_warnings(orbit, elements),
        *(ages.orientation_warnings(orbit) if orbit.body is None else ()),
        *ages.weather_warnings(orbit),
    )
    return OrbitScenario(
        path=document.path,
        raw=raw,
        orbit=orbit,
        warnings=warnings,
        sources=sources,
        files=files,
        chosen=elements.start.chosen if elements.start else None,
        object_name=elements.start.object_name if elements.start else "",
        object_id=elements.start.object_id if elements.start else "",
        imaging=imaging(made.imaging),
        disposal=made.disposal,
    )


def _orbit(
    file: OrbitFile, epoch: Epoch | None, field: FieldRead, elements: ElementsRead, bodies: BodiesRead
) -> model.Orbit:
    if epoch is None:
        assert elements.start is not None  # the rules ask for [epoch] where there are no elements
        epoch = elements.start.state.epoch
    from sim.build.body import body_of, start_about, with_third_bodies  # brings numba: a file is refused without

    orientation = _orientation(file)
    other = body_of(bodies.other) if bodies.other else None
    if bodies.body is not None:
        body = with_third_bodies(body_of(bodies.body), file.environment.third_bodies)
        gravity = gravity_of(file, body)
        third_body = model.ThirdBodyChoice()
        r, v = start_about(file, epoch, body, gravity)
    else:
        body, gravity, third_body = None, _gravity(file, field), _third_body(file, other)
        r, v = _start(file, epoch, orientation, field, elements)
    craft, air, sun = file.spacecraft, file.atmosphere, file.solar_radiation
    return model.Orbit(
        name=file.name,
        epoch=epoch,
        r=np.array(r, dtype=float),
        v=np.array(v, dtype=float),
        duration=float(file.span.duration_s),
        step=float(file.span.step_s),
        **_given(mass=craft.mass_kg, drag_area=craft.drag_area_m2, srp_area=craft.srp_area_m2),
        drag_coefficient=float(craft.drag_coefficient),
        reflectivity=float(craft.reflectivity_coefficient),
        gravity=gravity,
        orientation=orientation,
        third_body=third_body,
        body=body,
        other_centre=other,
        atmosphere=model.AtmosphereChoice(
            model=air.model,
            **_given(
                density=air.density_kg_m3,
                reference_density=air.reference_density_kg_m3,
                reference_altitude=air.reference_altitude_m,
                scale_height=air.scale_height_m,
                f107=air.f107,
                f107a=air.f107a,
                ap=air.ap,
            ),
            wind_axis=air.wind_axis,
            wind_rate=float(air.wind_rate_rad_s),
        ),
        radiation=model.RadiationChoice(sun.model, float(sun.pressure_n_m2), sun.occulter),
        burns=tuple(burns(file)),
        impulses=tuple(impulses(file)),
        tolerance=float(file.integrator.tolerance),
        keeping=keeping(file.station_keeping),
        **_given(tai_utc=file.epoch.tai_utc_s if file.epoch else None),
    )


def _given(**values: float | None) -> dict[str, float]:
    """The values that the file gives; the model knows what holds for the others."""
    return {key: float(value) for key, value in values.items() if value is not None}


# ---- the start


def _epoch(view: View) -> Epoch | None:
    """The instant of the file's clock reading, by the leap-second table or by its own TAI-UTC; None without one."""
    by_table, tai_utc = view.epoch("epoch", "utc"), view("epoch", "tai_utc_s")
    if by_table is None or tai_utc is None:
        return by_table
    return Epoch(by_table.tai_ns + round((tai_utc - by_table.tai_minus_utc) * NS))


def _start(
    file: OrbitFile, epoch: Epoch, orientation: model.OrientationChoice, field: FieldRead, elements: ElementsRead
) -> tuple[np.ndarray, np.ndarray]:
    """Position and velocity in GCRF."""
    if elements.start is not None:
        return elements.start.state.r, elements.start.state.v
    from sim.propagation import start

    if file.keplerian is not None:
        k = file.keplerian
        angles = k.inclination_deg, k.raan_deg, k.argument_of_perigee_deg, k.true_anomaly_deg
        mu = file.gravity.mu_m3_s2 or field.mu
        return start.from_keplerian(mu, k.semi_major_axis_m, k.eccentricity, angles)
    assert file.state is not None and file.epoch is not None  # the rules ask for one start, and for its [epoch]
    r, v = np.array(file.state.position_m, dtype=float), np.array(file.state.velocity_m_s, dtype=float)
    tai_utc = file.epoch.tai_utc_s
    return start.from_frame(file.state.frame, r, v, epoch, orientation, tai_utc)


# ---- the forces


def _gravity(file: OrbitFile, field: FieldRead) -> model.GravityChoice:
    given = file.gravity
    degree = field.degree if given.degree is None else given.degree
    order = min(degree, field.order) if given.order is None else given.order
    return model.GravityChoice(
        field.path or given.field, degree, order, **_given(mu=given.mu_m3_s2, radius=given.radius_m, j2=given.j2)
    )


def _orientation(file: OrbitFile) -> model.OrientationChoice:
    given = file.orientation
    turn = {} if given.theta0_deg is None else {"theta0": math.radians(given.theta0_deg)}
    pole = None
    if given.polar_motion_arcsec is not None:
        x, y = given.polar_motion_arcsec
        pole = float(x), float(y)
    return model.OrientationChoice(
        model=given.model, pole=pole, **_given(ut1_utc=given.ut1_utc_s, rate=given.rate_rad_s), **turn
    )


def _third_body(file: OrbitFile, other: CentralBody | None) -> model.ThirdBodyChoice:
    """Another centre pulls from afar as it does near by, unless the file has its own number."""
    given = file.third_body
    if other is not None and other.ephemeris == "moon" and given.mu_moon_m3_s2 is None:
        field = other.chosen(other.field)
        given = given.model_copy(update={"mu_moon_m3_s2": other.mu if field is None else field.mu})
    return model.ThirdBodyChoice(
        given.sun,
        given.moon,
        ephemeris=given.ephemeris,
        **_given(mu_sun=given.mu_sun_m3_s2, mu_moon=given.mu_moon_m3_s2),
    )


# ---- warnings


def _frame_warnings(file: OrbitFile) -> Iterator[str]:
    if file.state and file.state.frame == "eme2000" and file.orientation.model == "iau1976":
        yield (
            "state.frame 'eme2000' is turned to GCRF by the frame bias, 0.8 m in low orbit, but the model 'iau1976' "
            "takes GCRF for EME2000; published cases of that model are flown with frame = 'gcrf'"
        )


def _slot_warnings(orbit: model.Orbit, elements: ElementsRead) -> Iterator[str]:
    """A sentence where the set of a geostationary craft says nothing of the end of the span."""
    chosen = elements.start.chosen if elements.start else None
    if chosen is None or orbit.keeping is not None:
        return
    from sim.orbit.slot_changes import slot_warning  # brings numpy's linear algebra: only where there are elements

    if lost := slot_warning(chosen.elements, orbit.epoch.plus(orbit.duration)):
        yield lost


def _push_warnings(file: OrbitFile) -> Iterator[str]:
    end = file.span.duration_s
    for i, burn in enumerate(file.burns):
        if burn.duration_s == 0.0:
            yield f"burns.{i} has no duration and does nothing"
        elif burn.start_s >= end:
            yield f"burns.{i} begins at {burn.start_s} s, not before the end at {end} s, and is left out"
        elif burn.start_s + burn.duration_s > end:
            yield f"burns.{i} would last until {burn.start_s + burn.duration_s} s and is cut at the end, {end} s"
    for i, impulse in enumerate(file.impulses):
        if not any(impulse.delta_v_m_s):
            yield f"impulses.{i} changes no velocity and does nothing"
        elif impulse.at_s > end:
            yield f"impulses.{i} at {impulse.at_s} s comes after the end at {end} s, and is left out"
