"""What a launch is watched for: what falls, the times that were published, ways to escape, who waits on the ground."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Pair, Table, Words, length, within

Several = Annotated[int, within(1, 40)]
AscentEvent = Literal[
    "tower_jettison",
    "booster_separation",
    "second_booster_separation",
    "stage_1_separation",
    "fairing_separation",
    "main_engine_cutoff",
    "orbit_insertion",
]


class Debris(Table):
    """What falls off with an event of the flight, `count` alike; it falls on its own ballistic coefficient.

    `spread`: that coefficient's uncertainty, as a share of it, and `kick_m_s` that of the speed it leaves with.
    """

    name: Words
    event: AscentEvent
    count: Several = 1
    mass_kg: Annotated[float, within(1, 2e5)]
    drag_area_m2: Annotated[float, within(0.01, 500)]
    drag_coefficient: Annotated[float, within(0.05, 5)]
    spread: Annotated[float, within(0, 0.9)]
    kick_m_s: Annotated[float, within(0, 200)]


Moment = Annotated[float, within(0, 2000)] | None


class EventTimes(Table):
    """Seconds after lift-off, of the events that are published."""

    tower_jettison: Moment = None
    booster_separation: Moment = None
    second_booster_separation: Moment = None
    stage_1_separation: Moment = None
    fairing_separation: Moment = None
    main_engine_cutoff: Moment = None
    orbit_insertion: Moment = None


class Sequence(Table):
    """The events of the ascent as somebody published them, s after lift-off; the `chosen` one is what is compared."""

    name: Words
    chosen: bool = False
    events_s: EventTimes


class EscapeMotors(Table):
    """In use up to an event of the ascent: their pull, how long, and tilted how far forward of the rocket's axis."""

    name: Words
    until: AscentEvent
    acceleration_g: Annotated[float, within(0.1, 30)]
    burn_s: Annotated[float, within(0.1, 60)]
    tilt_deg: Annotated[float, within(0, 60)]


class EscapeBlock(Table):
    """How the crew leaves a failing launcher: motors in turn, and afterwards the ship by its own engine.

    `mass_kg`, `drag_area_m2`, `drag_coefficient`: of what the motors carry off. `release_altitude_km`: below it the
    capsule falls alone. The rest is for the ship that leaves by itself, with its main engines together.
    """

    motors: Annotated[tuple[EscapeMotors, ...], length(0, 4)]
    mass_kg: Annotated[float, within(500, 5e4)]
    drag_area_m2: Annotated[float, within(0.5, 100)]
    drag_coefficient: Annotated[float, within(0.1, 3)]
    release_altitude_km: Annotated[float, within(80, 160)]
    entry_bank_deg: Annotated[float, within(0, 180)]
    main_thrust_n: Annotated[float, within(100, 1e5)]
    propellant_kept_kg: Annotated[float, within(0, 5e3)]
    orbit_perigee_km: Annotated[float, within(120, 300)]
    once_around_perigee_km: Annotated[float, within(90, 200)]
    deorbit_m_s: Annotated[float, within(0, 300)]


class Viewer(Table):
    """Somebody on the ground who looks at an ascent."""

    name: Words
    latitude_deg: Annotated[float, within(-90, 90)]
    longitude_deg: Annotated[float, within(-180, 180)]
    height_m: Annotated[float, within(-430, 9000)] = 0.0


class RecoveryAreaBlock(Table):
    """Where rescuers wait for an ascent that was broken off: corners as (latitude, longitude).

    `once_around`: for those who come down after one revolution.
    """

    name: Words
    on: Literal["land", "sea"]
    corners_deg: Annotated[tuple[Pair[Annotated[float, within(-180, 180)]], ...], length(3, 12)]
    once_around: bool = False
