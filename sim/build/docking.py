"""From profile and mission file: control settings near the station, faults, and the arcs of the fly-around."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kernels.docking import plan
from kernels.docking.route import STOP_SPEED, closing_speed
from sim.core.vehicle import Port, Ship
from sim.docking.approach import ControlSettings, Fault
from sim.docking.route import Route, on_axis
from sim.scenario import profile_file
from sim.scenario.craft_files import looks_down
from sim.scenario.rotation import SENSORS, AnyFault
from sim.scenario.rotation import FaultBlock as FaultTable

KINDS = {
    "thruster-stuck-off": plan.STUCK_OFF,
    "thruster-stuck-on": plan.STUCK_ON,
    "sensor-lost": plan.SENSOR_LOST,
    "station-spin": plan.STATION_SPIN,
    "no-thrust": plan.NO_THRUST,
}
Seconds = tuple[float, ...]
LEAST_HOLD = 60.0  # s
OPPOSITE = 0.9  # of pi: arcs longer than this go by the nadir
NO_ARC = 1.0e-3  # of a quarter: a shorter arc is not flown


def control_settings(final: profile_file.Final) -> ControlSettings:
    return ControlSettings(
        period=final.control_period_s,
        deadband=final.velocity_deadband_m_s,
        widens=final.deadband_per_distance_s,
        gain=final.lateral_gain_per_s,
        angle=math.radians(final.attitude_deadband_deg),
        angle_gain=final.attitude_gain_per_s,
        rate_max=math.radians(final.turn_rate_deg_s),
        speed_far=final.speed_far_m_s,
        slope=final.slope_per_s,
        closing_speed=final.closing_speed_m_s,
        attempts=final.tries,
        patience=final.patience_s,
        back_off=final.back_off_m_s,
        arc_error=final.off_arc_m,
        station_angle=math.radians(final.station_angle_deg),
        station_rate=math.radians(final.station_rate_deg_s),
        camera_range=final.camera_needed_m,
        detect=final.thruster_check_s,
        limit=final.time_limit_s,
    )


def faults(tables: tuple[AnyFault, ...], ship: Ship, leg: str = "approach") -> tuple[Fault, ...]:
    """Those of a leg, as the mission file has them; thrusters and sensors by their place in the ship's lists."""
    sign = -1.0 if leg == "departure" else 1.0  # outbound they begin once the ship is that far
    made = []
    for fault in tables:
        if not isinstance(fault, FaultTable) or fault.leg != leg:
            continue
        which, name = 0, fault.kind.replace("-", " ")
        if fault.thruster is not None:
            which, name = ship.thrusters.names.index(fault.thruster), f"{name}: {fault.thruster}"
        elif fault.sensor is not None:
            which, name = SENSORS.index(fault.sensor), f"{name}: {fault.sensor}"
        value = math.radians(fault.rate_deg_s or 0.0)
        duration = math.inf if fault.duration_s is None else fault.duration_s
        within = sign * fault.range_m
        made.append(
            Fault(name=name, kind=KINDS[fault.kind], within=within, which=which, value=value, duration=duration)
        )
    return tuple(made)


def from_behind(profile: profile_file.ProfileFile, port: Port, ship: Ship) -> Route:
    """From behind to the far hold: in line with the station to the distance of the far hold, then around it, below it
    where the port looks ahead."""
    round_, hold = _fly_around(profile), profile.final.far_hold_range_m
    quarters, below = _quarters(np.array([-1.0, 0.0, 0.0]), on_axis(port, ship, hold))
    if not below and quarters[0] < NO_ARC:
        quarters = ()
    return Route(
        hold=hold,
        times=(round_.approach_s, *(round_.quarter_s * q for q in quarters)),
        waits=(round_.wait_s, *(0.0 for _ in quarters)),
        behind=profile.transfer.arrival_range_m,
        below=below,
    )


def between(profile: profile_file.ProfileFile, start: str, ports: Mapping[str, Port], port: Port, ship: Ship) -> Route:
    """From the hold on the axis of the port `start` to the far hold of `port`, a quarter of the circle at a time; below
    the station where the two look away from each other."""
    hold = profile.final.far_hold_range_m
    quarters, below = _quarters(on_axis(ports[start], ship, hold), on_axis(port, ship, hold))
    times = tuple(_fly_around(profile).quarter_s * q for q in quarters)
    return Route(hold=hold, times=times, waits=tuple(0.0 for _ in times), start=start, below=below)


def _quarters(first: np.ndarray, last: np.ndarray) -> tuple[Seconds, bool]:
    """The lengths of the arcs from one direction (3,) to another, in quarters of a circle, and whether they go by the
    nadir."""
    cosine = float(first @ last) / float(np.linalg.norm(first) * np.linalg.norm(last))
    angle = math.acos(max(-1.0, min(1.0, cosine))) / (0.5 * math.pi)
    return ((1.0, angle - 1.0), True) if angle > 2.0 * OPPOSITE else ((angle,), False)


def _fly_around(profile: profile_file.ProfileFile) -> profile_file.FlyAroundBlock:
    """The table [fly_around] of a profile that needs one; ValueError where it has none."""
    if profile.fly_around is None:
        raise ValueError(f"the profile {profile.name} has no fly-around")
    return profile.fly_around


def far_hold(profile: profile_file.ProfileFile, port: Port, ship: Ship) -> float:
    """Seconds at the far hold: it is cut, down to a minute, where the fly-around is longer than a quarter."""
    hold = profile.final.far_hold_s
    if profile.transfer.arrival != "behind":
        return hold
    quarters = sum(from_behind(profile, port, ship).times[1:])
    return max(min(hold, LEAST_HOLD), hold - max(0.0, quarters - _fly_around(profile).quarter_s))


def by_leg(broken: tuple[Fault, ...], far: float) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """What breaks in the fly-around, and what after it, from `far` m on; what broke for good stays so."""
    early = tuple(f for f in broken if f.within > far)
    lasting = tuple(replace(f, from_earlier_leg=True) for f in early if math.isinf(f.duration))
    return early, (*lasting, *(f for f in broken if f.within <= far))


def duration(profile: profile_file.ProfileFile, port: Port, ship: Ship) -> float:
    """Seconds that the fly-around takes; none where the transfer ends on the port's axis."""
    if profile.transfer.arrival != "behind":
        return 0.0
    route = from_behind(profile, port, ship)
    return sum(route.times) + sum(route.waits)


def axial_approach_s(profile: profile_file.ProfileFile, port: Port, ship: Ship) -> float:
    """Seconds along the port's axis from its start to contact, with holds: the commanded speeds, integrated."""
    final, transfer = profile.final, profile.transfer.toward(looks_down(port.axis.tolist()))
    start = transfer.arrival_range_m if transfer.arrival != "behind" else final.far_hold_range_m
    return _along_axis(start, profile, port, ship)


def final_approach_s(profile: profile_file.ProfileFile, port: Port, ship: Ship) -> float:
    """Seconds from the ship's arrival at the far hold to contact, the far hold included.

    Over this stretch the docking camera looks at the port: planners judge light and the camera's Sun over it.
    """
    return _along_axis(profile.final.far_hold_range_m, profile, port, ship)


def _along_axis(start: float, profile: profile_file.ProfileFile, port: Port, ship: Ship) -> float:
    """Seconds from `start` m on the port's axis to contact, with both holds."""
    final = profile.final
    stops = [start, final.far_hold_range_m, final.near_hold_range_m]
    total = far_hold(profile, port, ship) + final.near_hold_s
    for a, b in zip(stops, stops[1:], strict=False):
        total += _under_way(a, b, final, STOP_SPEED)
    return total + _under_way(stops[-1], 0.0, final, final.closing_speed_m_s)


def _under_way(start: float, end: float, final: profile_file.Final, speed: float) -> float:
    gaps = np.linspace(end, start, 2001)
    middle = 0.5 * (gaps[1:] + gaps[:-1])
    rates = [
        max(closing_speed(g - end, g, final.speed_far_m_s, final.slope_per_s, speed), 0.0 if end else speed)
        for g in middle.tolist()
    ]
    return float(np.sum(np.diff(gaps) / rates)) if start > end else 0.0
