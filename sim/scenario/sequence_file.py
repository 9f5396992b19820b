"""The mission file that names its own sequence: one `[[sequence]]` table for each phase, in the order of flight.

The blocks of a rotation (`[launch]`, `[rendezvous]`, `[stay]`, `[return]`) are the short form of such a list.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, JsonValue

from sim.scenario.catalogue import Atmosphere
from sim.scenario.kinds import Craft, Day, File, Pair, Reference, Table, Triple, Utc, Words, length, within
from sim.scenario.rotation import (
    LOWEST_ORBIT_KM,
    OF_LANDING,
    AnyFault,
    CrewMember,
    DockedBlock,
    Ellipse,
    EntryGuidance,
    StationStart,
)
from sim.scenario.safety import Viewer

LONGEST = 50  # phases of one mission
# What takes the place of the keys of one hold.
OF_HOLDS: dict[str, JsonValue] = {
    "hold_range_m": {"by": ["holds_m"], "words": "holds_m, a list, nearest first: [200.0]"},
    "duration_s": {"by": ["durations_s"], "words": "durations_s, a list, one for each of holds_m: [1200.0]"},
    "hold_s": {"by": ["holds_s"], "words": "holds_s, a list, one for each of holds_m: [120.0]"},
}


class NewShip(Table):
    """A ship that stands on the ground when the mission starts."""

    ship: Craft
    vehicle: Reference


class AwaitLaunchEntry(Table):
    """The station flies on until lift-off. Exactly one of `window_utc` and `liftoff_utc`; `profile` and `port`: what
    the launch is planned for; `phase_off_deg`: how far off the phase at insertion may be."""

    phase: Literal["await-launch"]
    ship: Craft
    launcher: Reference
    site: Reference
    profile: Reference
    port: Words
    window_utc: Pair[Utc] | None = None
    liftoff_utc: Utc | None = None
    branch: Literal["ascending", "descending"]
    plane_bias_s: Annotated[float, within(-3600, 3600)] | None = None
    trim_days_before: Annotated[float, within(0.1, 60)]
    trim_corrections_days: Annotated[tuple[Annotated[float, within(0.1, 60)], ...], length(0, 6)] = (2.0, 1.0)
    trim_limit_m_s: Annotated[float, within(0, 50)]
    phase_off_deg: Annotated[float, within(0.001, 20)]


class AscentEntry(Table):
    """From the pad to orbit; `profile`: the phasing that the target plane leads."""

    phase: Literal["ascent"]
    ship: Craft
    launcher: Reference
    site: Reference
    profile: Reference
    perigee_km: Annotated[float, within(LOWEST_ORBIT_KM, 450)]
    apogee_km: Annotated[float, within(LOWEST_ORBIT_KM, 450)]
    load_limit_g: Annotated[float, within(1, 20)]
    perigee_off_km: Annotated[float, within(0.1, 200)]
    apogee_off_km: Annotated[float, within(0.1, 200)]
    plane_off_deg: Annotated[float, within(0.001, 5)]


class PhasingEntry(Table):
    phase: Literal["phasing"]
    ship: Craft
    profile: Reference


class HomingEntry(Table):
    phase: Literal["homing"]
    ship: Craft
    profile: Reference


class TransferEntry(Table):
    """To the axis of the port or behind the station, as the profile has it."""

    phase: Literal["transfer"]
    ship: Craft
    profile: Reference
    port: Words


class FlyAroundEntry(Table):
    """Round the station to the axis of `port`, `start` is "behind" or the port that the ship has backed off."""

    phase: Literal["fly-around"]
    ship: Craft
    profile: Reference
    port: Words
    start: Words = "behind"


class DockingEntry(Table):
    """Along the port's axis to the hard mate. `begin_m`: from port to ring where it begins, after a transfer to the
    axis; without it at the far hold of the profile."""

    phase: Literal["docking"]
    ship: Craft
    profile: Reference
    port: Words
    begin_m: Annotated[float, within(20, 2000)] | None = None
    docking_rules: Reference = "tiangong"


Fixture = Triple[Annotated[float, within(-30, 30)]]
Outward = Triple[Annotated[float, within(-1, 1)]]


class CaptureEntry(Table):
    """From the far hold on the port's axis to a hover point in the arm's reach, `holds_m` from port to ring, farthest
    first and the hover point last; there the arm takes the ship by its fixture and carries it to the port. `fixture_m`,
    `outward`: where that is on the ship and to which side it looks, the ship's axes."""

    phase: Literal["capture"]
    ship: Craft
    profile: Reference
    port: Words
    arm: Reference
    base: Craft
    fixture_m: Fixture
    outward: Outward
    holds_m: Annotated[tuple[Annotated[float, within(1, 1000)], ...], length(1, 6)]
    durations_s: Annotated[tuple[Annotated[float, within(30, 7200)], ...], length(1, 6)]
    holds_s: Annotated[tuple[Annotated[float, within(0, 86400)], ...], length(1, 6)]
    box_m: Annotated[float, within(0.01, 5)] = 0.5
    speed_limit_m_s: Annotated[float, within(0.001, 0.5)] = 0.03
    rate_limit_deg_s: Annotated[float, within(0.001, 2)] = 0.2
    drift_limit_s: Annotated[float, within(10, 600)] = 150.0
    standoff_m: Annotated[float, within(0.2, 5)] = 1.0


class TranspositionEntry(Table):
    """A docked ship or module is turned about the `node_m` of the station, in the frame of the station's file, by
    `turn_deg` about its z axis. By the arm (`arm`, `base`, `fixture_m`, `outward`) from the port, about and back into
    it; or by the indexing arm of its docking mechanism into another port, `to`. `latch_s`: to open the latches, and as
    long to close them."""

    phase: Literal["transposition"]
    ship: Craft
    by: Literal["arm", "indexing-arm"]
    node_m: Fixture
    turn_deg: Annotated[float, within(-180, 180)]
    to: Words | None = None
    arm: Reference | None = None
    base: Craft | None = None
    fixture_m: Fixture | None = None
    outward: Outward | None = None
    clear_m: Annotated[float, within(0.1, 5)] = 0.5
    turn_rate_deg_s: Annotated[float, within(0.001, 2)] = 0.05
    latch_s: Annotated[float, within(0, 3600)] = 480.0


class DockedEntry(Table):
    """Docked flight until the ship can leave for a landing at `site`.

    `hatch_open_h` after the start; without it no hatch opens and nobody takes over. `handover_days`: after the hatch,
    or after the start. `undock_to_landing_h`: how long before the landing the ship will leave. `weather_closed_utc`:
    days on which the weather lets nobody land at the site.
    """

    phase: Literal["docked"]
    ship: Craft
    site: Reference
    hatch_open_h: Annotated[float, within(0, 72)] | None = None
    handover_days: Annotated[float, within(0, 400)]
    undock_to_landing_h: Annotated[float, within(3, 72)]
    people_limit: Annotated[int, within(1, 20)]
    landing_rules: Reference = "tiangong"
    weather_closed_utc: Annotated[tuple[Day, ...], length(0, 10)] = ()


class UndockingEntry(Table):
    """Off the port and back along its axis, from hold to hold: `drift_s` on the pushers' speed alone, then in closed
    loop to `holds_m` from port to ring, each in one of `durations_s`, and `holds_s` there. `crew_boards`: those who are
    to go down in the ship are in it. `leave_s`, of a ship that goes home: from the last hold to a place beside the
    axis, from where its free drift leads away; with `turn` it turns its nose away from the station on the way."""

    model_config = ConfigDict(json_schema_extra={"replaced": OF_HOLDS})

    phase: Literal["undocking"]
    ship: Craft
    profile: Reference
    drift_s: Annotated[float, within(5, 600)]
    holds_m: Annotated[tuple[Annotated[float, within(15, 1000)], ...], length(1, 6)]
    durations_s: Annotated[tuple[Annotated[float, within(30, 7200)], ...], length(1, 6)]
    holds_s: Annotated[tuple[Annotated[float, within(0, 86400)], ...], length(1, 6)]
    leave_s: Annotated[float, within(300, 7200)] | None = None
    turn: bool = False
    crew_boards: bool


class DepartureEntry(Table):
    """Away for good, after an undocking with `leave_s`: two burns, the first `first_burn_s` after the start of the
    phase, the second half a revolution later; to `coast_h` after the undocking."""

    phase: Literal["departure"]
    ship: Craft
    profile: Reference
    first_burn_s: Annotated[float, within(10, 3600)]
    down_burn_m_s: Annotated[float, within(0.05, 20)]
    back_burn_m_s: Annotated[float, within(0.05, 20)]
    coast_h: Annotated[float, within(1, 48)]


class DeorbitEntry(Table):
    """To the entry interface. `undocked_h`: how long ago the ship left, of `undock_to_landing_h`. `backup_site`: where
    it lands if the site closes; without one the site is tried again `backup_after_h` after the planned landing."""

    phase: Literal["deorbit"]
    ship: Craft
    site: Reference
    undock_to_landing_h: Annotated[float, within(3, 72)]
    undocked_h: Annotated[float, within(0, 48)]
    orbital_module_lead_s: Annotated[float, within(30, 7200)]
    service_module_altitude_km: Annotated[float, within(105, LOWEST_ORBIT_KM)]
    entry_altitude_km: Annotated[float, within(80, LOWEST_ORBIT_KM)]
    entry_angle_deg: Annotated[float, within(-5, -0.5)]
    bank_start_deg: Annotated[float, within(0, 180)]
    bank_end_deg: Annotated[float, within(0, 180)]
    angle_off_deg: Annotated[float, within(0.0001, 1)]
    backup_site: Reference | None = None
    backup_after_h: Annotated[float, within(0, 48)] = 12.0


class EntryEntry(Table):
    """From the entry interface to the opening of the parachutes. `guidance`: the law that steers; "ballistic" rolls
    steadily and steers nowhere."""

    phase: Literal["entry"]
    ship: Craft
    site: Reference
    bank_start_deg: Annotated[float, within(0, 180)]
    bank_end_deg: Annotated[float, within(0, 180)]
    load_limit_g: Annotated[float, within(1, 20)]
    guidance: EntryGuidance = "predictor"


class DescentEntry(Table):
    """Under parachutes to the ground; the limits as in [rules] of a rotation."""

    model_config = ConfigDict(
        json_schema_extra={"replaced": {"speed_limit_m_s": OF_LANDING["speed"], "miss_limit_km": OF_LANDING["miss"]}}
    )

    phase: Literal["descent"]
    ship: Craft
    site: Reference
    descent_speed_m_s: Annotated[float, within(0.5, 30)]
    landing_speed_m_s: Annotated[float, within(0.5, 30)]
    landing_ellipse_km: Ellipse
    drift_speed_m_s: Annotated[float, within(0.5, 30)] = 12.0
    surface_wind_m_s: Annotated[float, within(0.5, 50)] = 15.0


PhaseEntry = (
    AwaitLaunchEntry
    | AscentEntry
    | PhasingEntry
    | HomingEntry
    | TransferEntry
    | FlyAroundEntry
    | DockingEntry
    | CaptureEntry
    | TranspositionEntry
    | DockedEntry
    | UndockingEntry
    | DepartureEntry
    | DeorbitEntry
    | EntryEntry
    | DescentEntry
)
# How a phase is called in a file -> the model of its table.
ENTRIES: dict[str, type[PhaseEntry]] = {
    get_args(model.model_fields["phase"].annotation)[0]: model for model in get_args(PhaseEntry)
}


class SequenceHead(File):
    """All of the file but the list itself, whose tables are checked one by one. `faults` break in every approach.
    `programme`: who is docked and aboard is as this programme has it at the launch, or at the start."""

    kind: Literal["mission", "rotation"]
    note: Words = ""
    seed: Annotated[int, within(0, 2**32 - 1)] = 1
    world: Reference = "earth"
    programme: Reference | None = None
    uncertainty: Reference | None = None
    station: StationStart
    docked: Annotated[tuple[DockedBlock, ...], length(0, 10)] = ()
    ships: Annotated[tuple[NewShip, ...], length(0, 10)] = ()
    faults: Annotated[tuple[AnyFault, ...], length(0, 20)] = ()
    atmosphere: Atmosphere | None = None
    crew: Annotated[tuple[CrewMember, ...], length(0, 20)] = ()
    viewers: Annotated[tuple[Viewer, ...], length(0, 20)] = ()
    record: dict[str, Utc] = {}


class SequenceMission(SequenceHead):
    sequence: Annotated[tuple[Annotated[PhaseEntry, Field(discriminator="phase")], ...], length(1, LONGEST)]
