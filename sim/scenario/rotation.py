"""The mission file: one crew rotation, as its author writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from sim.scenario.catalogue import Atmosphere
from sim.scenario.kinds import (
    CatalogueNumber,
    Craft,
    Day,
    Elements,
    File,
    Pair,
    Reference,
    SetIndex,
    Table,
    Utc,
    Words,
    length,
    within,
)
from sim.scenario.return_faults import ReturnFaultBlock
from sim.scenario.safety import Viewer

LOWEST_ORBIT_KM = 150.0  # below, the air takes a craft down within a revolution


ElementLine = Annotated[str, Field(pattern=r"^[ -~]{69}$", description="a line of a TLE, 69 characters")]


class StationStart(Table):
    """`elements` names a shipped set, or a file; which of several sets of a file, `elements_index` or `elements_number`
    say, or else the start of the mission. `elements_lines` is the set of a file, filled in when that is read."""

    name: Craft
    vehicle: Reference
    elements: Elements
    elements_index: SetIndex | None = None
    elements_number: CatalogueNumber | None = None
    elements_lines: Pair[ElementLine] | None = None
    start_utc: Utc | None = None


class DockedBlock(Table):
    """A ship at a port when the mission starts; without `vehicle` it is so much mass at its port, without
    drag, and nothing that flies; with `body_m` a uniform cylinder of that length and diameter, as a module is."""

    ship: Craft
    port: Words
    mass_kg: Annotated[float, within(500, 1e5)]
    vehicle: Reference | None = None
    propellant_kg: Annotated[float, within(0, 2e4)] | None = None
    body_m: Pair[Annotated[float, within(0.5, 50)]] | None = None


class Launch(Table):
    ship: Craft
    vehicle: Reference
    launcher: Reference
    site: Reference
    window_utc: Pair[Utc] | None = None
    liftoff_utc: Utc | None = None
    branch: Literal["ascending", "descending"]
    plane_bias_s: Annotated[float, within(-3600, 3600)] | None = None
    perigee_km: Annotated[float, within(LOWEST_ORBIT_KM, 450)]
    apogee_km: Annotated[float, within(LOWEST_ORBIT_KM, 450)]


class Trim(Table):
    """`corrections_days`: before lift-off, when the trim is corrected by what tracking has shown since."""

    days_before: Annotated[float, within(0.1, 60)]
    corrections_days: Annotated[tuple[Annotated[float, within(0.1, 60)], ...], length(0, 6)] = (2.0, 1.0)
    limit_m_s: Annotated[float, within(0, 50)]


class Rendezvous(Table):
    profile: Reference
    port: Words
    docking_rules: Reference = "tiangong"


class Stay(Table):
    hatch_open_h: Annotated[float, within(0, 72)]
    handover_days: Annotated[float, within(0.1, 400)]


EntryGuidance = Literal["predictor", "reference", "ballistic"]


class Return(Table):
    """`backup_site`: where the ship lands if the site closes after the undocking; without one the site is tried again
    `backup_after_h` after the planned landing. `guidance`: the law that steers the entry; "ballistic" rolls steadily
    and steers nowhere. `weather_closed_utc`: days on which the weather lets nobody land at the site.
    `departure`: by way of all `holds_m` (from port to ring, nearest first, `holds_s` at each), and with the nose
    turned away from the station after the last; or "fast", straight to the last and past it, without waits or turn.
    `first_burn_s` after the ship has left the last hold, toward the nadir; half a revolution later the burn back."""

    ship: Craft
    site: Reference
    undock_to_landing_h: Annotated[float, within(3, 72)]
    departure: Literal["holds", "fast"] = "holds"
    holds_m: Annotated[tuple[Annotated[float, within(15, 1000)], ...], length(1, 6)] = (19.0, 200.0)
    holds_s: Annotated[tuple[Annotated[float, within(0, 7200)], ...], length(1, 6)] = (60.0, 120.0)
    first_burn_s: Annotated[float, within(10, 3600)]
    down_burn_m_s: Annotated[float, within(0.05, 20)]
    back_burn_m_s: Annotated[float, within(0.05, 20)]
    orbital_module_lead_s: Annotated[float, within(30, 7200)]
    service_module_altitude_km: Annotated[float, within(105, LOWEST_ORBIT_KM)]
    entry_altitude_km: Annotated[float, within(80, LOWEST_ORBIT_KM)]
    entry_angle_deg: Annotated[float, within(-5, -0.5)]
    bank_start_deg: Annotated[float, within(0, 180)]
    bank_end_deg: Annotated[float, within(0, 180)]
    backup_site: Reference | None = None
    backup_after_h: Annotated[float, within(0, 48)] = 12.0
    guidance: EntryGuidance = "predictor"
    landing_rules: Reference = "tiangong"
    weather_closed_utc: Annotated[tuple[Day, ...], length(0, 10)] = ()


# What takes the place of a key of before: the new keys, and the words that say so.
OF_LANDING: dict[str, JsonDict] = {
    "speed": {
        "by": ["descent_speed_m_s", "landing_speed_m_s"],
        "words": "descent_speed_m_s, under the parachute (8.0), and landing_speed_m_s, once the retro rockets "
        "have fired (3.5)",
    },
    "miss": {
        "by": ["landing_ellipse_km"],
        "words": "landing_ellipse_km, the length along the track and the width: [30.0, 15.0]",
    },
}
Ellipse = Pair[Annotated[float, within(0.1, 2000)]]


class Rules(Table):
    """Limits that the flight is judged by; every one becomes a verdict.

    `descent_speed_m_s` under the main parachute, until the retro rockets fire; `landing_speed_m_s` at touchdown.
    `landing_ellipse_km`: about the site, how long it is along the track and how wide across it.
    `drift_speed_m_s` along the ground at touchdown, in a wind of `surface_wind_m_s` at most.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "replaced": {"touchdown_speed_m_s": OF_LANDING["speed"], "touchdown_miss_km": OF_LANDING["miss"]}
        }
    )

    ascent_load_g: Annotated[float, within(1, 20)]
    insertion_perigee_off_km: Annotated[float, within(0.1, 200)]
    insertion_apogee_off_km: Annotated[float, within(0.1, 200)]
    insertion_plane_off_deg: Annotated[float, within(0.001, 5)]
    phase_off_deg: Annotated[float, within(0.001, 20)]
    entry_angle_off_deg: Annotated[float, within(0.0001, 1)]
    people_aboard: Annotated[int, within(1, 20)]
    entry_load_g: Annotated[float, within(1, 20)]
    descent_speed_m_s: Annotated[float, within(0.5, 30)]
    landing_speed_m_s: Annotated[float, within(0.5, 30)]
    landing_ellipse_km: Ellipse
    drift_speed_m_s: Annotated[float, within(0.5, 30)] = 12.0
    surface_wind_m_s: Annotated[float, within(0.5, 50)] = 15.0


class CrewMember(Table):
    name: Words
    role: Words
    nation: Words
    ship_up: Craft
    ship_down: Craft
    ship_up_utc: Utc | None = None
    note: Words = ""


SENSORS = ("gnss", "radar", "lidar", "camera", "star-tracker")  # as kernels/sensors/sensors.py counts them


class FaultBlock(Table):
    """Something that breaks in the docking once the ring is within `range_m` of the port; with `leg` "departure" once
    it has come as far from the port that it leaves. Thrusters that blow at the port are shut then, and cannot break.

    A thruster that stays off or on (`thruster`), a sensor that is lost (`sensor`), a station that starts to turn about
    its y axis (`rate_deg_s`), or commands that reach no thruster, as when a braking burn is missed. `duration_s`: of
    the last and of a lost sensor; without it for good.
    """

    kind: Literal["thruster-stuck-off", "thruster-stuck-on", "sensor-lost", "station-spin", "no-thrust"]
    range_m: Annotated[float, within(0.1, 2000)]
    thruster: Craft | None = None
    sensor: Literal["gnss", "radar", "lidar", "camera", "star-tracker"] | None = None
    rate_deg_s: Annotated[float, within(-1, 1)] | None = None
    duration_s: Annotated[float, within(1, 1e5)] | None = None
    leg: Literal["approach", "departure"] = "approach"


AnyFault = Annotated[FaultBlock | ReturnFaultBlock, Field(discriminator="kind")]


class Rotation(File):
    """`seed`: of all random numbers of the flight: noise of sensors, errors of burns, and what is true where
    `uncertainty` says how well it is known; without that all is known exactly but what sensors and burns err by.
    `programme`: who is docked and aboard is as this programme has it at the launch. `week`: what is done aboard while
    both ships are docked."""

    kind: Literal["rotation"]
    note: Words = ""
    seed: Annotated[int, within(0, 2**32 - 1)] = 1
    world: Reference = "earth"
    programme: Reference | None = None
    uncertainty: Reference | None = None
    week: Reference | None = None
    station: StationStart
    docked: Annotated[tuple[DockedBlock, ...], length(0, 10)] = ()
    launch: Launch
    trim: Trim
    rendezvous: Rendezvous
    faults: Annotated[tuple[AnyFault, ...], length(0, 20)] = ()
    stay: Stay
    return_: Return = Field(alias="return")
    rules: Rules
    atmosphere: Atmosphere | None = None
    crew: Annotated[tuple[CrewMember, ...], length(0, 20)] = ()
    viewers: Annotated[tuple[Viewer, ...], length(0, 20)] = ()
    record: dict[str, Utc] = {}
