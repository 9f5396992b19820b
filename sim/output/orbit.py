"""Write a propagated orbit: ephemeris as CSV and OEM, events, ground track and manifest in one directory."""

from __future__ import annotations

import time
import warnings
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.core.flight import Event, Failure
from sim.export.manifest import as_manifest
from sim.export.oem import LONG_S, ORBIT_S, arcs
from sim.export.plain import plain, write_json
from sim.export.table import in_one_cell, write_table
from sim.interchange.oem_writing import object_id_of
from sim.interchange.oem_writing import write_oem as write_arcs
from sim.output.orbit_accounts import write_accounts
from sim.output.orbit_summary import PATH_PICTURE, body_table, element_set, files, forces, row_times
from sim.propagation.ages import iers_reach, space_weather

if TYPE_CHECKING:
    from sim.build.disposal import DisposalResult
    from sim.build.orbit import OrbitScenario
    from sim.propagation.propagate import FlownOrbit

COLUMNS = ("t_s", "x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s")
CHUNK = 20_000  # rows asked for at once
TRACK_S, TRACK_STEPS = 86400.0, 2880  # a day of ground track covers the map already; one point in 30 s
OEM_LONG_S = 10 * 86400.0  # spans above this are written at the wider spacing


@dataclass(frozen=True)
class OrbitResult:
    """What was flown, the events found in it, and the wall time of it all, s; `accounts`: of a
    slot that was kept and of a camera, by their keys."""

    flown: FlownOrbit
    scenario: OrbitScenario
    events: list[Event]
    seconds: float
    accounts: dict[str, dict] = field(default_factory=dict)
    disposal: DisposalResult | None = None


def fly_and_write(scenario: OrbitScenario, directory: Path, tick, began: float) -> OrbitResult:
    """Propagate and write into an existing directory; of an orbit that ends before its span, what was flown before.

    Failure for one of which nothing was.
    """
    from sim.propagation.propagate import OrbitEnded, propagate

    loaded = time.perf_counter()
    tick("propagating", 0.1)
    plan = None
    if scenario.disposal is not None:
        from sim.build import disposal

        scenario, plan, tables = disposal.planned(scenario)
    try:
        flown = propagate(scenario.orbit)
    except OrbitEnded as ended:
        flown = ended.flown
    _refuse_unless_whole(flown)
    tick("writing", 0.6)
    timings = {"load": loaded - began, "propagate": time.perf_counter() - loaded}
    fell = disposal.fell(plan, flown.trajectory, tables) if plan and not flown.ended else None
    found, accounts = write(flown, scenario, directory, timings)
    if fell is not None:
        from sim.output.disposal import write as write_disposal

        write_disposal(fell, flown, directory)
    return OrbitResult(flown, scenario, found, time.perf_counter() - began, accounts, fell)


def _refuse_unless_whole(flown: FlownOrbit) -> None:
    """Failure for a NaN or for a span that is shorter than was asked for: neither goes into a file."""
    path = flown.trajectory
    sound = np.isfinite(path.r).all(axis=1) & np.isfinite(path.v).all(axis=1) & np.isfinite(path.t)
    if not sound.all():
        after = path.t[: int(np.argmin(sound))]
        raise Failure(f"the state is not a finite number after {after[-1] if after.size else 0.0:.3f} s")
    if path.end < flown.orbit.duration - 1e-6:
        raise Failure(f"the orbit ends at {path.end:.3f} s, before its span of {flown.orbit.duration:.3f} s does")


def write(
    flown: FlownOrbit, scenario: OrbitScenario, directory: Path, timings: dict
) -> tuple[list[Event], dict[str, dict]]:
    """Write everything into `directory`, which exists; `timings` are wall seconds by name, and gain `write`.

    The events, and the accounts of a slot that was kept and of a camera, by their key.
    """
    began = time.perf_counter()
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    found = events(flown)
    write_csv(directory / "ephemeris.csv", flown)
    write_oem(directory / "ephemeris.oem", flown, created, (scenario.object_name, scenario.object_id))
    write_events(directory / "events.csv", flown, found)
    draw_track(directory / "ground_track.png", flown)
    accounts = write_accounts(flown, scenario, found, directory)
    if PATH_PICTURE in files(flown.orbit):
        draw_path(directory / PATH_PICTURE, flown)
    timings["write"] = time.perf_counter() - began
    manifest = as_manifest(scenario, timings, directory, created + "Z")
    assumed = [f"{s.file}: {s.key}: {s.text}" for s in scenario.sources if s.assumed]
    ended = {"ended": flown.ended} if flown.ended else {}
    own: dict = ended | {"warnings": list(scenario.warnings), "assumed": assumed}
    if flown.orbit.body is None:
        own["earth_orientation"] = asdict(iers_reach())
    else:
        own["body"] = body_table(flown.orbit)
    own |= element_set(scenario) | accounts
    if flown.centres:
        own["centres"] = [{"t_s": t, "body": name} for t, name in flown.centres]
    weather = space_weather(flown.orbit)
    own["gravity"] = _gravity(flown, scenario)
    write_json(directory / "manifest.json", manifest | own | ({"space_weather": weather} if weather else {}))
    return found, accounts


def _gravity(flown: FlownOrbit, scenario: OrbitScenario) -> dict:
    """For the manifest: the field as it was flown, and whether the orbit file or the field gave its constants."""
    choice, field, given = flown.orbit.gravity, flown.world.forces.gravity, scenario.raw.get("gravity", {})
    name = choice.field if isinstance(choice.field, str) else choice.field.name
    return {
        "field": name,
        "degree": choice.degree,
        "order": choice.order,
        "mu_m3_s2": float(field.mu),
        "mu_from": "gravity.mu_m3_s2" if "mu_m3_s2" in given else name,
        "radius_m": float(field.radius),
        "radius_from": "gravity.radius_m" if "radius_m" in given else name,
    }


# ---- ephemeris


def write_csv(path: Path, flown: FlownOrbit) -> None:
    """Rows of t (s), position (m) and velocity (m/s) in GCRF; 17 significant digits give every bit back.

    A row at the time of an impulse, the first or the last too, is the state after it, and after all that are given for
    that time. The OEM, `--json` and Python's `at` follow the same rule; the OEM has the state before it as well.
    """
    times = row_times(flown.orbit.duration, flown.orbit.step)
    form = ",".join(["%.17g"] * len(COLUMNS)) + "\n"
    with path.open("w", encoding="ascii", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        for some in np.array_split(times, -(-len(times) // CHUNK)):
            r, v, _ = flown.trajectory.at(some)
            file.writelines(form % tuple(row) for row in np.column_stack([some, r, v]).tolist())


def write_oem(path: Path, flown: FlownOrbit, created: str, of: tuple[str, str] = ("", "")) -> None:
    """CCSDS OEM in segments without a jump, cut at the ends of the burns and at the impulses.

    A row just before an impulse and the first one after it carry the same time, each in its own segment; so the last
    state is the one after an impulse at the very end, as in the CSV. `of`: name and international designator of the
    object that the start is of; without a name it is called as the orbit file is.
    """
    orbit = flown.orbit
    name = (of[0] if of[0].upper() not in ("", "UNKNOWN") else orbit.name).encode("ascii", "replace").decode()
    step = ORBIT_S if orbit.duration <= OEM_LONG_S else LONG_S
    centre = "EARTH" if orbit.body is None else orbit.body.ephemeris.upper()
    rows = arcs("propagation", flown.trajectory, step)
    write_arcs(path, name, orbit.epoch, rows, created, object_id_of(of[1], name), centre)


# ---- events


def events(flown: FlownOrbit) -> list[Event]:
    """Everything that happened, in the order of time: start, end, burns, impulses, nodes, apsides, shadow.

    The end of an orbit that ended before its span has the last height and speed.
    """
    orbit = flown.orbit
    values: dict[str, float | str] = {}
    if flown.ended:
        r, v, _ = flown.trajectory.last()
        height = float(flown.world.geodetic(np.array([orbit.duration]), r[None])[2][0])
        values = {"altitude_m": height, "speed_m_s": float(np.linalg.norm(v))}
    own = [Event("start", 0.0, orbit.name), Event("end", orbit.duration, orbit.name, values)]
    if flown.impact is not None:
        own.append(Event("impact", orbit.duration, orbit.name, dict(flown.impact)))
    own += [Event("centre", t, orbit.name, {"body": name}) for t, name in flown.centres]
    for burn in orbit.burns:
        values = {"thrust_n": burn.thrust, "mass_flow_kg_s": burn.mass_flow}
        own += [Event("burn_start", burn.start, orbit.name, values)]
        own += [Event("burn_end", burn.start + burn.duration, orbit.name)]
    for impulse in orbit.impulses:
        if impulse.at <= orbit.duration:
            values = {"delta_v_m_s": float(np.linalg.norm(impulse.delta_v)), "frame": impulse.frame}
            own += [Event("impulse", impulse.at, orbit.name, values)]
    order = {"start": 0, "end": 2}
    return sorted([*own, *_crossings(flown)], key=lambda e: (e.t, order.get(e.name, 1)))


def _crossings(flown: FlownOrbit) -> list[Event]:
    """Of each part about its own centre, with its name, where the centre changes."""
    if not flown.parts:
        return _crossings_about(flown)
    found = []
    for part in flown.parts:
        begins = part.orbit.epoch.since(flown.orbit.epoch)
        body = "Earth" if part.orbit.body is None else part.orbit.body.name
        found += [Event(e.name, e.t + begins, e.vehicle, {**e.values, "body": body}) for e in _crossings_about(part)]
    return found


def _crossings_about(flown: FlownOrbit) -> list[Event]:
    from kernels.orbit.shadow import ELLIPSOID, SPHERE, Occulter
    from sim.events.light import eclipses, eclipses_behind, rises_behind
    from sim.events.orbit import apsides, nodes

    path, world, orbit = flown.trajectory, flown.world, flown.orbit
    occulter = SPHERE if orbit.radiation.occulter == "sphere" else ELLIPSOID
    if orbit.body is not None:
        occulter = Occulter(radius=orbit.body.radius, flattening=0.0)
    found = [*nodes(path, world), *apsides(path), *eclipses(path, world, occulter)]
    for third in orbit.body.third_bodies if orbit.body else ():
        if third.radius > 0.0:
            found += eclipses_behind(path, world, third.name, third.radius)
            found += rises_behind(path, world, third.name)
    return [crossing.event(orbit.name) for crossing in found]


def write_events(path: Path, flown: FlownOrbit, found: list[Event]) -> None:
    """One line an event: UTC, seconds, name, and values as `key=value` separated by semicolons."""
    rows = (
        (
            flown.orbit.epoch.plus(event.t).utc(6),
            f"{event.t:.9f}",
            event.name,
            in_one_cell({key: plain(value, key) for key, value in event.values.items()}),
        )
        for event in found
    )
    write_table(path, ("utc", "t_s", "name", "values"), rows)


# ---- picture


def draw_track(path: Path, flown: FlownOrbit) -> None:
    """The track of the span, or of its first day."""
    from sim.plots.style import save  # matplotlib costs half a second, and only this needs it
    from sim.plots.track import draw

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of letters in the orbit's name that the font has not
        save(draw(*track(flown)), path)


def draw_path(path: Path, flown: FlownOrbit) -> None:
    """The path about each centre."""
    from sim.output.orbit_views import views
    from sim.plots.orbit_path import draw
    from sim.plots.style import save

    orbit = flown.orbit
    subtitle = f"{orbit.duration / 86400.0:.4g} days from {orbit.epoch.utc(0)} · {', '.join(forces(orbit))}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of letters in the orbit's name that the font has not
        save(draw(orbit.name, subtitle, views(flown)), path)


def track(flown: FlownOrbit) -> tuple:
    """What the picture of the track is drawn from: name, epoch, columns, burns (pairs of s), subtitle, and whether
    it is the map of the Earth."""
    orbit = flown.orbit
    end = min(orbit.duration, TRACK_S)
    edges = [e for b in orbit.burns for e in (b.start, b.start + b.duration) if e <= end]
    t = np.unique(np.concatenate([np.linspace(0.0, end, TRACK_STEPS + 1), edges]))
    latitude, longitude, _ = flown.world.geodetic(t, flown.trajectory.at(t)[0])
    columns = {"t_s": t, "latitude_deg": latitude, "longitude_deg": longitude}
    burns = [(b.start, b.start + b.duration) for b in orbit.burns if b.start < end]
    return orbit.name, orbit.epoch, columns, burns, _subtitle(orbit, end), orbit.body is None


def _subtitle(orbit, end: float) -> str:
    whole = end == orbit.duration
    shown = f"{end / 3600.0:.4g} h" if whole else f"the first day of {orbit.duration / 86400.0:.4g}"
    return f"{shown} from {orbit.epoch.utc(0)} · {', '.join(forces(orbit))}"
