"""The mission file that names its own sequence: one `[[sequence]]` table for each phase, in the order of flight.

The blocks of a rotation (`[launch]`, `[rendezvous]`, `[stay]`, `[return]`) are the short form of such a list.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field

from sim.scenario.catalogue import Atmosphere
from sim.scenario.kinds import Craft, File, Pair, Reference, Table, Utc, Words, length, within
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


class DockedEntry(Table):
    """Docked flight until the ship can leave for a landing at `site`.

    `hatch_open_h` after the start; without it no hatch opens and nobody takes over. `handover_days`: after the hatch,
    or after the start. `undock_to_landing_h`: how long before the landing the ship will leave.
    """

    phase: Literal["docked"]
    ship: Craft
    site: Reference
    hatch_open_h: Annotated[float, within(0, 72)] | None = None
    handover_days: Annotated[float, within(0, 400)]
    undock_to_landing_h: Annotated[float, within(3, 72)]
    people_limit: Annotated[int, within(1, 20)]


class UndockingEntry(Table):
    """Off the port and back along its axis, to a hold: `drift_s` on the pushers' speed alone, then in closed loop to
    `hold_range_m` from port to ring in `duration_s`, and `hold_s` there. `crew_boards`: those who are to go down in
    the ship are in it."""

    phase: Literal["undocking"]
    ship: Craft
    profile: Reference
    drift_s: Annotated[float, within(5, 600)]
    hold_range_m: Annotated[float, within(20, 1000)]
    duration_s: Annotated[float, within(60, 7200)]
    hold_s: Annotated[float, within(0, 86400)]
    crew_boards: bool


class DepartureEntry(Table):
    """Off the port for good: two burns, and `coast_h` from undocking to the end of the phase."""

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
