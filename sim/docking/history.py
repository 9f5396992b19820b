"""Records of a leg in closed loop: histories, events, and the reason where it was aborted."""

from __future__ import annotations

import math

import numpy as np

from kernels.docking import log, plan
from kernels.relative.retreat import CLEAR
from kernels.sensors.sensors import DARK, DAZZLED
from sim.core.docking_record import (
    AttitudeHistory,
    CaptureBox,
    ClosedLoopRecord,
    ControlLimits,
    GuidanceHistory,
    NavigationHistory,
    TargetPort,
    ThrusterHistory,
)
from sim.core.flight import Event
from sim.core.histories import PropellantHistory
from sim.core.vehicle import Mechanism
from sim.docking.approach import CloseRange
from sim.docking.run import DockingRun
from sim.rendezvous.relative import relative_columns

EVERY = 2  # periods between the rows kept
CAUSES = {
    plan.CORRIDOR: "it left the approach corridor",
    plan.SPEED: "it came in too fast for its range",
    plan.NAVIGATION: "it did not see the port",
    plan.STATION_TURNS: "the station turned",
    plan.MISSED: "the contact was outside the capture box",
    plan.OFF_ARC: "it left its path",
    plan.TRIES: "no attempt was left",
    plan.SUN_IN_CAMERA: "the Sun stood in its camera's view",
    plan.PORT_IN_DARK: "the port lay in the Earth's shadow, beyond its lamp's reach",
}
BLIND = {DAZZLED: "the Sun", DARK: "darkness"}


def history(flown: DockingRun, approach: CloseRange, loaded: float) -> ClosedLoopRecord:
    """Histories of a leg in closed loop, and its settings and limits. `loaded` kg, propellant at the start."""
    kept = np.unique(np.append(np.arange(0, len(flown.log), EVERY), len(flown.log) - 1))
    table = flown.log[kept]
    t, ring, ring_rate = table[:, log.TIME], _three(table, log.RING).T, _three(table, log.RING_RATE).T
    # What was on between two kept rows stands with the first of them.
    fired = np.add.reduceat(flown.on, kept, axis=0)
    port = flown.port
    return ClosedLoopRecord(
        relative=relative_columns(t, ring, ring_rate),
        attitude=_attitude(table),
        navigation=_navigation(table),
        thrusters=ThrusterHistory(t, {name: fired[:, j] for j, name in enumerate(approach.ship.thrusters.names)}),
        guidance=_guidance(table),
        propellant=PropellantHistory(t, loaded - table[:, log.USED]),
        port=TargetPort(approach.port_name, approach.ship_name, port.position, port.axis),
        zones=approach.zones.limits,
        box=capture_limits(approach.ship.docking),
        control=ControlLimits(
            attitude_deadband_deg=math.degrees(approach.control.angle),
            camera_half_cone_deg=math.degrees(math.acos(approach.ship.sensors.camera.cosine)),
        ),
    )


def _three(table: np.ndarray, first: int) -> np.ndarray:
    """Three columns of a log, as rows (3, n)."""
    return table[:, first : first + 3].T


def _attitude(table: np.ndarray) -> AttitudeHistory:
    roll, pitch, yaw = np.degrees(_three(table, log.ANGLES))
    x, y, z = np.degrees(_three(table, log.BODY_RATES))
    station_roll, station_pitch, station_yaw = np.degrees(_three(table, log.STATION))
    return AttitudeHistory(
        t_s=table[:, log.TIME],
        roll_deg=roll,
        pitch_deg=pitch,
        yaw_deg=yaw,
        rate_x_deg_s=x,
        rate_y_deg_s=y,
        rate_z_deg_s=z,
        station_roll_deg=station_roll,
        station_pitch_deg=station_pitch,
        station_yaw_deg=station_yaw,
    )


def _navigation(table: np.ndarray) -> NavigationHistory:
    position, position_sigma = _three(table, log.PLACE_ERROR), _three(table, log.PLACE_SIGMA)
    speed, speed_sigma = _three(table, log.SPEED_ERROR), _three(table, log.SPEED_SIGMA)
    attitude, attitude_sigma = np.degrees(_three(table, log.TURN_ERROR)), np.degrees(_three(table, log.TURN_SIGMA))
    return NavigationHistory(
        t_s=table[:, log.TIME],
        error_x_m=position[0],
        error_y_m=position[1],
        error_z_m=position[2],
        sigma_x_m=position_sigma[0],
        sigma_y_m=position_sigma[1],
        sigma_z_m=position_sigma[2],
        error_vx_m_s=speed[0],
        error_vy_m_s=speed[1],
        error_vz_m_s=speed[2],
        sigma_vx_m_s=speed_sigma[0],
        sigma_vy_m_s=speed_sigma[1],
        sigma_vz_m_s=speed_sigma[2],
        error_roll_deg=attitude[0],
        error_pitch_deg=attitude[1],
        error_yaw_deg=attitude[2],
        sigma_roll_deg=attitude_sigma[0],
        sigma_pitch_deg=attitude_sigma[1],
        sigma_yaw_deg=attitude_sigma[2],
    )


def _guidance(table: np.ndarray) -> GuidanceHistory:
    command, position = _three(table, log.DEMAND), _three(table, log.PLACE)
    return GuidanceHistory(
        t_s=table[:, log.TIME],
        command_x=command[0],
        command_y=command[1],
        command_z=command[2],
        mode=table[:, log.MODE],
        place_x_m=position[0],
        place_y_m=position[1],
        place_z_m=position[2],
    )


def capture_limits(mechanism: Mechanism) -> CaptureBox:
    """The capture box of a mechanism as a leg records it."""
    return CaptureBox(
        closing_min_m_s=mechanism.closing_min,
        closing_max_m_s=mechanism.closing_max,
        lateral_offset_m=mechanism.lateral_offset,
        lateral_speed_m_s=mechanism.lateral_speed,
        pitch_yaw_deg=math.degrees(mechanism.tilt),
        roll_deg=math.degrees(mechanism.roll),
        turning_rate_deg_s=math.degrees(mechanism.rate),
    )


def events(flown: DockingRun, approach: CloseRange) -> tuple[Event, ...]:
    """Events of the leg, from its marks."""
    ship, found = approach.ship_name, []
    thrusters = approach.ship.thrusters.names
    for code, t, value in flown.marks.tolist():
        if code in (plan.ARRIVAL, plan.DEPARTURE):
            name = "hold_arrival" if code == plan.ARRIVAL else "hold_departure"
            found.append(Event(name, t, ship, {"range_m": _range(flown, t)}))
        elif code == plan.FAULT and not approach.faults[int(value)].from_earlier_leg:
            fault: dict[str, float | str] = {"fault": approach.faults[int(value)].name, "range_m": _range(flown, t)}
            found.append(Event("fault", t, ship, fault))
        elif code == plan.ISOLATED:
            found.append(Event("thruster_isolated", t, ship, {"thruster": thrusters[int(value)]}))
        elif code == plan.BACKED_OFF:
            found.append(Event("back_off", t, ship, {"why": CAUSES[int(value)], "range_m": _range(flown, t)}))
        elif code == plan.LEFT:
            found.append(Event("retreat", t, ship, {"why": CAUSES[int(value)], "range_m": _range(flown, t)}))
        elif code == plan.BLINDED:
            name = "camera_blinded" if value else "camera_sees_again"
            why: dict[str, float | str] = {"why": BLIND[int(value)]} if value else {}
            found.append(Event(name, t, ship, {**why, "range_m": _range(flown, t)}))
        elif code == plan.BOUNCED:
            found.append(Event("missed_contact", t, ship, {"try": value}))
    return tuple(found)


def _range(flown: DockingRun, t: float) -> float:
    """Ring from port, m."""
    ring = flown.log[:, log.RING : log.RING + 3]
    return float(np.interp(t, flown.log[:, log.TIME], np.linalg.norm(ring, axis=1)))


def failure_reason(flown: DockingRun, approach: CloseRange) -> str:
    """The sentence for a leg that did not reach its end."""
    last = flown.log[-1]
    gap, used = float(last[log.GAP]), flown.used
    distance = np.linalg.norm(flown.log[:, log.PLACE : log.PLACE + 3], axis=1)
    if flown.status == plan.COLLIDED:
        speed = float(np.linalg.norm(last[log.RING_RATE : log.RING_RATE + 3]))
        why = CAUSES.get(flown.cause(), "it was commanded to back off")
        return f"collision with the station: {speed:.2f} m/s, {used:.1f} kg used; before that {why}"
    if flown.status == plan.RETREATED:
        left = flown.marks[flown.marks[:, 0] == plan.LEFT][-1]
        out = distance[flown.log[:, log.TIME] >= left[1]]
        clear = out[np.argmax(out > CLEAR * approach.zones.keep_out) :].min()
        return (
            f"the ship retreated because {CAUSES[int(left[2])]}: {_range(flown, left[1]):.0f} m from the port; once "
            f"out of the keep-out sphere it came no nearer than {clear:.0f} m in a revolution and is "
            f"{out[-1]:.0f} m from the station; {used:.1f} kg used"
        )
    if flown.status == plan.OUT_OF_PROPELLANT:
        return f"the ship ran out of propellant: {gap:.1f} m from the port, {used:.1f} kg used"
    hours = approach.control.limit / 3600.0
    return f"the ship did not arrive in {hours:.1f} h: {gap:.1f} m from the port, {used:.1f} kg used"
