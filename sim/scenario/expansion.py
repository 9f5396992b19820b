"""The short form of a rotation written out: its blocks as the list of phases that a mission file could state itself."""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario.craft_files import StationFile
from sim.scenario.profile_file import ProfileFile
from sim.scenario.rotation import Rotation
from sim.scenario.sequence_file import (
    AscentEntry,
    AwaitLaunchEntry,
    DeorbitEntry,
    DepartureEntry,
    DescentEntry,
    DockedEntry,
    DockingEntry,
    EntryEntry,
    FlyAroundEntry,
    HomingEntry,
    PhaseEntry,
    PhasingEntry,
    TransferEntry,
)

COAST_H = 3.0  # from undocking to the end of the departure
APPROACH = ("homing", "transfer", "fly-around", "docking")
# Phase -> the block of the short form that it comes from.
BLOCK_OF = {
    "await-launch": "launch",
    "ascent": "launch",
    **dict.fromkeys(("phasing", *APPROACH), "rendezvous"),
    "docked": "stay",
    **dict.fromkeys(("departure", "deorbit", "entry", "descent"), "return"),
}


def expanded(mission: Rotation, profile: ProfileFile, station: StationFile) -> tuple[PhaseEntry, ...]:
    """The phases of a rotation, in order; `profile` and `station` are those that the mission names."""
    launch, named, port = mission.launch, mission.rendezvous.profile, mission.rendezvous.port
    rules = mission.rendezvous.docking_rules
    last = DockingEntry(phase="docking", ship=launch.ship, profile=named, port=port, docking_rules=rules)
    return (
        *_to_orbit(mission),
        PhasingEntry(phase="phasing", ship=launch.ship, profile=named),
        *approach(launch.ship, named, profile, station.ports[port].down, last),
        *_home(mission),
    )


def _to_orbit(mission: Rotation) -> tuple[PhaseEntry, ...]:
    launch, rules, named = mission.launch, mission.rules, mission.rendezvous.profile
    return (
        AwaitLaunchEntry(
            phase="await-launch",
            ship=launch.ship,
            launcher=launch.launcher,
            site=launch.site,
            profile=named,
            port=mission.rendezvous.port,
            window_utc=launch.window_utc,
            liftoff_utc=launch.liftoff_utc,
            branch=launch.branch,
            plane_bias_s=launch.plane_bias_s,
            trim_days_before=mission.trim.days_before,
            trim_corrections_days=mission.trim.corrections_days,
            trim_limit_m_s=mission.trim.limit_m_s,
            phase_off_deg=rules.phase_off_deg,
        ),
        AscentEntry(
            phase="ascent",
            ship=launch.ship,
            launcher=launch.launcher,
            site=launch.site,
            profile=named,
            perigee_km=launch.perigee_km,
            apogee_km=launch.apogee_km,
            load_limit_g=rules.ascent_load_g,
            perigee_off_km=rules.insertion_perigee_off_km,
            apogee_off_km=rules.insertion_apogee_off_km,
            plane_off_deg=rules.insertion_plane_off_deg,
        ),
    )


def approach(ship: str, named: str, profile: ProfileFile, down: bool, last: DockingEntry) -> tuple[PhaseEntry, ...]:
    """From the homing point to the port, which looks `down` or not, by one profile, which is called `named`; port and
    docking rules as in `last`, its docking or that of another profile."""
    port = last.port
    first = (
        HomingEntry(phase="homing", ship=ship, profile=named),
        TransferEntry(phase="transfer", ship=ship, profile=named, port=port),
    )
    if profile.transfer.arrival == "behind":
        around = FlyAroundEntry(phase="fly-around", ship=ship, profile=named, port=port)
        return *first, around, last.model_copy(update={"profile": named, "begin_m": None})
    begin = profile.transfer.toward(down).arrival_range_m
    return *first, last.model_copy(update={"profile": named, "begin_m": begin})


def _home(mission: Rotation) -> tuple[PhaseEntry, ...]:
    stay, home, rules = mission.stay, mission.return_, mission.rules
    banks = {"bank_start_deg": home.bank_start_deg, "bank_end_deg": home.bank_end_deg}
    return (
        DockedEntry(
            phase="docked",
            ship=home.ship,
            site=home.site,
            hatch_open_h=stay.hatch_open_h,
            handover_days=stay.handover_days,
            undock_to_landing_h=home.undock_to_landing_h,
            people_limit=rules.people_aboard,
        ),
        DepartureEntry(
            phase="departure",
            ship=home.ship,
            profile=mission.rendezvous.profile,
            first_burn_s=home.first_burn_s,
            down_burn_m_s=home.down_burn_m_s,
            back_burn_m_s=home.back_burn_m_s,
            coast_h=COAST_H,
        ),
        DeorbitEntry(
            phase="deorbit",
            ship=home.ship,
            site=home.site,
            undock_to_landing_h=home.undock_to_landing_h,
            undocked_h=COAST_H,
            orbital_module_lead_s=home.orbital_module_lead_s,
            service_module_altitude_km=home.service_module_altitude_km,
            entry_altitude_km=home.entry_altitude_km,
            entry_angle_deg=home.entry_angle_deg,
            **banks,
            angle_off_deg=rules.entry_angle_off_deg,
            backup_site=home.backup_site,
            backup_after_h=home.backup_after_h,
        ),
        EntryEntry(
            phase="entry",
            ship=home.ship,
            site=home.site,
            **banks,
            load_limit_g=rules.entry_load_g,
            guidance=home.guidance,
        ),
        DescentEntry(
            phase="descent",
            ship=home.ship,
            site=home.site,
            descent_speed_m_s=rules.descent_speed_m_s,
            drift_speed_m_s=rules.drift_speed_m_s,
            surface_wind_m_s=rules.surface_wind_m_s,
            landing_speed_m_s=rules.landing_speed_m_s,
            landing_ellipse_km=rules.landing_ellipse_km,
        ),
    )


def branch(
    sequence: Sequence[PhaseEntry], at: int, named: str, profile: ProfileFile, station: StationFile
) -> tuple[PhaseEntry, ...]:
    """What is flown instead of the phases after the phasing `sequence[at]`, where that goes over to another profile:
    its ship's approach by that profile, and then whatever comes after its docking."""
    ship, rest = sequence[at].ship, list(sequence[at + 1 :])
    last = next((e for e in rest if isinstance(e, DockingEntry) and e.ship == ship), None)
    if last is None:
        return ()
    while rest and rest[0].ship == ship and rest[0].phase in APPROACH:
        rest.pop(0)
    return (*approach(ship, named, profile, station.ports[last.port].down, last), *rest)
