"""What a plan of an avoidance burn is made of, from a file: a CDM, or craft against a catalogue; and who burns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import exists, isdir
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.screened import STATION_NUMBER
from sim.api.time_span import DAY
from sim.core.epoch import Epoch
from sim.files import paths
from sim.files.errors import BadInput
from sim.scenario.what_it_is import shipped

if TYPE_CHECKING:
    from sim.conjunctions.avoidance_craft import Body
    from sim.conjunctions.screened_craft import ScreenedCraft

VISITORS_KG = 8000.0 + 14000.0  # a Shenzhou and a Tianzhou, which are docked most of the time
VISITORS_M2 = 48.0  # that they add to the station's area: 320 m2 with both
FLOWN_KG = 100.0  # a path with less has no mass: an ephemeris has none
SATELLITE = (1000.0, 5.0, 0.0, 220.0)  # kg, m2, N (0: an impulse), s: of a craft of which nothing is known
COMING_DAYS = 10.0  # before its lift-off a coming ship's phase is kept; earlier, a trim of the station brings it back
USUAL_PHASE_DEG = 0.5


@dataclass(frozen=True)
class OwnBody:
    """What the caller says of the craft; None where the file or the kind of the craft decides."""

    mass_kg: float | None = None
    thrust_n: float | None = None
    isp_s: float | None = None


@dataclass(frozen=True)
class Coming:
    """A ship that comes: its lift-off, and by how many degrees the station's phase may differ then."""

    name: str
    liftoff: Epoch
    phase_deg: float


def is_message(given: str) -> bool:
    """Whether a file is a CDM; what cannot be read is refused later."""
    from sim.interchange.cdm import is_cdm
    from sim.interchange.problems import InterchangeError
    from sim.interchange.text import read_text

    if Path(given).suffix == ".toml" or not exists(given) or isdir(given):
        return False
    try:
        return is_cdm(read_text(Path(given), "a CDM"))
    except InterchangeError:
        return False


def body_of(craft: ScreenedCraft, at: Epoch, own: OwnBody) -> tuple[Body, str]:
    """Mass, area and engine of a craft at a time, and in words where they are from.

    A flown path has its mass; engines are those of the station's file or of the ship's. Of another craft nothing is
    known: an impulse of 1000 kg.
    """
    path = getattr(craft, "path", None)
    flown = 0.0 if path is None else float(path.at(at.since(craft.zero))[2][0])  # type: ignore[attr-defined]  # a flown craft has it
    name = craft.name.lower()
    if craft.number == STATION_NUMBER or flown > 4e4 or name in ("tiangong", "css", "css (tianhe)"):
        kg, m2, thrust, isp = _station()
        what = "the station with a Shenzhou and a Tianzhou"
    elif kind := next((k for k in ("shenzhou", "tianzhou") if name.startswith(k)), None):
        kg, m2, thrust, isp = _ship(kind)
        what = kind.capitalize()
    else:
        (kg, m2, thrust, isp), what = SATELLITE, "a craft of which no mass is known"
    return _body((flown if flown > FLOWN_KG else kg, m2, thrust, isp), own, what, flown > FLOWN_KG)


def body_of_number(number: str, mass: float | None, own: OwnBody) -> tuple[Body, str]:
    """The same of an object of a CDM: by its catalogue number, and the mass that the message has."""
    if number.strip() == str(STATION_NUMBER):
        values, what = _station(), "the station with a Shenzhou and a Tianzhou"
    else:
        values, what = SATELLITE, "a craft of which no mass is known"
    return _body((mass or values[0], *values[1:]), own, what, mass is not None)


def _body(values: tuple[float, ...], own: OwnBody, what: str, weighed: bool) -> tuple[Body, str]:
    from sim.conjunctions.avoidance_craft import Body
    from sim.conjunctions.avoidance_plan import Engine

    kg, m2, thrust, isp = values
    body = Body(
        kg if own.mass_kg is None else own.mass_kg,
        m2,
        Engine(thrust if own.thrust_n is None else own.thrust_n, isp if own.isp_s is None else own.isp_s),
    )
    if own.mass_kg is not None or weighed:
        return body, ""
    return body, f"{body.mass_kg:.0f} kg are assumed, {what}; --mass gives another mass"


def _station() -> tuple[float, float, float, float]:
    from sim.scenario.load import load_named

    made = load_named("tiangong", "station")
    area = made.drag.area_m2 + VISITORS_M2
    return made.mass.modules_kg + VISITORS_KG, area, made.engines.thrust_n, made.engines.isp_s


def _ship(kind: str) -> tuple[float, float, float, float]:
    from sim.build.vehicles import ship_of
    from sim.scenario.load import load_named

    made = load_named(kind, "ship")
    return ship_of(made).mass, made.drag.area_m2, made.engines.main_thrust_n, made.engines.main_isp_s


def coming_ship(given: str, overrides: Sequence[str], raw: Mapping, start: Epoch) -> Coming | None:
    """The next lift-off to the station after `start`, within ten days, of a programme or a mission."""
    file = shipped(Path(given), paths.ROTATIONS)
    if exists(file) and not isdir(file) and _kind(file) in ("rotation", "programme"):
        from sim.planning.rotation.timeline import timeline
        from sim.scenario.programme import load_programme

        programme = load_programme(given, overrides)
        keeping = programme.file.keeping
        phase = keeping.phase_off_deg if keeping is not None else USUAL_PHASE_DEG
        ships = [Coming(v.name, v.launch, phase) for v in timeline(programme).vessels if not v.on_need]
    else:
        launch, rules = raw.get("launch", {}), raw.get("rules", {})
        if not isinstance(launch, Mapping) or not launch.get("liftoff_utc"):
            return None
        ships = [
            Coming(
                str(launch.get("ship", "the ship")),
                Epoch.from_utc(str(launch["liftoff_utc"])),
                float(rules.get("phase_off_deg", USUAL_PHASE_DEG)),
            )
        ]
    after = [s for s in ships if 0.0 < s.liftoff.since(start) <= COMING_DAYS * DAY]
    return min(after, key=lambda s: s.liftoff.since(start), default=None)


def _kind(path: Path) -> str:
    from sim.files.text import heading

    try:
        return heading(path)[0]
    except BadInput:
        return ""


def radians(phase_deg: float | None) -> float:
    """Of a limit on the phase; without one, none."""
    return math.inf if phase_deg is None else math.radians(phase_deg)
