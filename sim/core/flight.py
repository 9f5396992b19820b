"""What happened: events, legs, verdicts, and the flight that holds them. Facts only; nothing here simulates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sim.core.epoch import Epoch
from sim.core.scene import Scene
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.week import WeekRecord
from sim.files.errors import TiangongError

if TYPE_CHECKING:
    from sim.core.records import PhaseRecord

R = TypeVar("R")

# Every event name that a flight may hold, in the order of a nominal rotation. Written once; tests and plots use it.
EVENT_NAMES = (
    "station_trim",
    "liftoff",
    "max_dynamic_pressure",
    "tower_jettison",
    "booster_separation",
    "stage_1_separation",
    "fairing_separation",
    "main_engine_cutoff",
    "orbit_insertion",
    "phasing_burn",
    "profile_change",
    "homing_start",
    "transfer_time_change",
    "homing_burn",
    "transfer_burn",
    "hold_arrival",
    "hold_departure",
    "fault",
    "thruster_isolated",
    "missed_contact",
    "camera_blinded",
    "camera_sees_again",
    "back_off",
    "retreat",
    "contact",
    "thrusters_off",
    "grapple",
    "berthing_end",
    "docked",
    "transposition_start",
    "transposition_end",
    "hatch_open",
    "handover_complete",
    "undocking",
    "turn_away",
    "separation_burn",
    "landing_site_closed",
    "yaw_turn",
    "orbital_module_separation",
    "retro_turn",
    "burn_refused",
    "another_pass",
    "late_ignition",
    "deorbit_burn_start",
    "engine_out",
    "deorbit_burn_end",
    "service_module_separation",
    "modules_stay",
    "entry_interface",
    "service_module_breakaway",
    "blackout_start",
    "guidance_lost",
    "bank_reversal",
    "peak_load",
    "blackout_end",
    "drogue_deployment",
    "main_chute_failure",
    "backup_chute_deployment",
    "main_chute_deployment",
    "main_chute_disreef",
    "heat_shield_jettison",
    "seats_lifted",
    "retro_fire",
    "retro_failure",
    "touchdown",
)

# Phases whose own name is too short for a reader, and the name that is written instead.
PHASE_NAMES = {
    "undocking": "undocking and backing off",
    "fly_around": "fly-around",
    "docking": "final approach and docking",
    "capture": "capture by the arm and berthing",
}


def phase_name(phase: str) -> str:
    return PHASE_NAMES.get(phase, phase.replace("_", " "))


@dataclass(frozen=True)
class Event:
    """Something that happened: `t` in seconds since the mission's zero, values with the unit in the key."""

    name: str
    t: float
    vehicle: str
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleCheck:
    """One flight rule judged on the truth: the worst value met, its limit, when, and in which phase.

    `sense` is "<=" or ">=" (the rule reads: value `sense` limit); `margin` is positive when the rule holds.
    """

    rule: str
    phase: str
    value: float
    sense: str
    limit: float
    unit: str
    t: float

    @property
    def margin(self) -> float:
        return self.limit - self.value if self.sense == "<=" else self.value - self.limit

    @property
    def passed(self) -> bool:
        return self.margin >= 0.0


class Failure(TiangongError):
    """Why a phase could not be flown: a sentence with the numbers in it, and the events until then."""

    def __init__(self, reason: str, events: tuple[Event, ...] = (), record: PhaseRecord | None = None):
        self.reason, self.events, self.record = reason, events, record
        super().__init__(reason)


@dataclass(frozen=True)
class Leg:
    """What one phase did.

    `scene` is the state at its end. `trajectories` are the craft it flew, by name; the mission loop adds those
    that only coasted. `record` is what the phase recorded: figures (numbers or short words), histories, and the limits
    that it was judged by, each with its unit in the name; of a failed leg what there was until then, without figures.
    `branch`: which of the mission's branches is flown from here on; empty for the next phase as planned.
    `simplifications`: of its models, as they were flown; the mission loop adds them.
    """

    phase: str
    start: float
    scene: Scene
    trajectories: Mapping[str, Trajectory]
    events: tuple[Event, ...] = ()
    verdicts: tuple[RuleCheck, ...] = ()
    record: PhaseRecord | None = None
    status: str = "flown"  # or "failed"
    reason: str = ""
    branch: str = ""
    simplifications: tuple[Simplification, ...] = ()

    @property
    def end(self) -> float:
        return self.scene.t


def recorded(leg: Leg, kind: type[R]) -> R:
    """What a leg recorded, which must be of that kind."""
    if not isinstance(leg.record, kind):
        raise TypeError(f"{leg.phase} recorded a {type(leg.record).__name__}, not a {kind.__name__}")
    return leg.record


def week_checks(week: WeekRecord) -> list[RuleCheck]:
    """One for each rule of a week: how many of what was judged by it are broken, which may be none."""
    found = []
    for rule in week.judged:
        when = [broken.t for broken in week.broken if broken.rule == rule]
        t = min(when, default=week.plan.docked)
        found.append(RuleCheck(f"week: {rule}", "docked", float(len(when)), "<=", 0.0, "broken", t))
    return found


@dataclass(frozen=True)
class Flight:
    """A whole mission as it went: the epoch of zero, the legs in order, and how what was true was drawn, by path.

    `week`: the plan of what the crew does while docked, against this flight; None without one.
    """

    name: str
    zero: Epoch
    legs: tuple[Leg, ...]
    drawn: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    week: WeekRecord | None = None

    @property
    def events(self) -> list[Event]:
        return sorted((e for leg in self.legs for e in leg.events), key=lambda e: e.t)

    @property
    def verdicts(self) -> list[RuleCheck]:
        return [v for leg in self.legs for v in leg.verdicts] + (week_checks(self.week) if self.week else [])

    @property
    def simplifications(self) -> dict[Simplification, tuple[str, ...]]:
        """What was simple in the models of this flight, each with the phases of which that holds."""
        found: dict[Simplification, tuple[str, ...]] = {}
        for leg in self.legs:
            for one in leg.simplifications:
                phases = found.get(one, ())
                found[one] = phases if leg.phase in phases else (*phases, leg.phase)
        return found

    @property
    def failed(self) -> Leg | None:
        return next((leg for leg in self.legs if leg.status == "failed"), None)

    def first(self, name: str) -> Event | None:
        return next((e for e in self.events if e.name == name), None)

    def epoch(self, t: float) -> Epoch:
        return self.zero.plus(t)

    def met(self, t: float) -> float:
        """Mission elapsed time, seconds from lift-off; from zero where there was no lift-off."""
        liftoff = self.first("liftoff")
        return t - (liftoff.t if liftoff else 0.0)

    def parts(self, vehicle: str) -> list[tuple[str, Trajectory]]:
        """The trajectory of one vehicle, leg by leg, as (phase, trajectory)."""
        return [(leg.phase, leg.trajectories[vehicle]) for leg in self.legs if vehicle in leg.trajectories]

    @property
    def vehicles(self) -> list[str]:
        return list(dict.fromkeys(name for leg in self.legs for name in leg.trajectories))
