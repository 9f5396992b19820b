"""The close range of the made flight: histories as the closed loop leaves them, from known turns and places.

Nothing is flown: a ship of 5.3 m from its centre of mass to its ring, before a port that looks ahead.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

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
from sim.core.histories import DriftHistory, PropellantHistory, RelativeHistory
from sim.core.phasing_record import SafetyZones

PORT, AXIS, REACH = np.array([5.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]), 5.3
FRAME = np.array([[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]])  # of the port: into the station, and down
GROUPS = {"push": 4, "brake": 4, "fore": 8, "aft": 8}
NAMES = [f"{group}{i}" for group, count in GROUPS.items() for i in range(1, 1 + count)]
ZONES = SafetyZones(np.array([2e3, 1e3, 1e3]), 200.0, 10.0, 200.0, 0.05)
BEYOND = 7  # navigated positions of each leg that lie at four sigma
DRIFTS = (0.0, 0.5, 1.0)


def oscillation_deg(t):
    return np.column_stack([0.3 * np.sin(t / period + k) for k, period in enumerate((99.0, 118.0, 137.0))])


def turns_deg(t, start, pitch):
    """Roll, pitch, yaw (n, 3): a limit cycle, and a pitch that runs out from where the leg begins."""
    cycle = [0.3 * np.sin((t - start) / period) for period in (31.0, 27.0, 36.0)]
    fall = np.clip(1.0 - (t - start) / (t[-1] - start), 0.0, 1.0) if pitch else 0.0
    return np.column_stack([cycle[0], cycle[1] + pitch * fall, cycle[2]])


def nose(turns, oscillation):
    """The ship's x axis in LVLH (n, 3): pitch, then yaw, off the port's frame, which is turned by the oscillation."""
    in_port = Rotation.from_euler("YZX", turns[:, [1, 2, 0]], degrees=True).apply([1.0, 0.0, 0.0])
    here = in_port @ FRAME
    return here + np.cross(np.radians(oscillation), here)


def six(relative: RelativeHistory, propellant: PropellantHistory, pitch=0.0) -> ClosedLoopRecord:
    """The leg of a ring that moves so; `pitch` deg off the port's frame at the start."""
    t, ring = relative.t_s, relative.position_m
    turns, oscillation = turns_deg(t, t[0], pitch), oscillation_deg(t)
    place = ring + PORT + np.cross(np.radians(oscillation), PORT) - REACH * nose(turns, oscillation)
    rates = np.gradient(turns, t, axis=0)
    sigma = 0.02 + 0.1 * np.exp(-(t - t[0]) / 60.0)
    error = 0.9 * np.sin((t - t[0]) / 7.0)
    navigation = {"t_s": t}
    for key, size in (("m", 1.0), ("m_s", 0.05), ("deg", 0.02)):
        names = {
            "m": ("x_m", "y_m", "z_m"),
            "m_s": ("vx_m_s", "vy_m_s", "vz_m_s"),
            "deg": ("roll_deg", "pitch_deg", "yaw_deg"),
        }[key]
        for name in names:
            navigation |= {f"error_{name}": size * sigma * error, f"sigma_{name}": size * sigma}
    first = navigation["error_x_m"] = navigation["error_x_m"].copy()
    first[-BEYOND:] = 4.0 * sigma[-BEYOND:]
    row = np.arange(len(t))
    on = {name: np.where((row + 5 * j) % (9 + j) == 0, 0.02 * (1 + j), 0.0) for j, name in enumerate(NAMES)}
    named = [("roll", "x"), ("pitch", "y"), ("yaw", "z")]
    attitude = {"t_s": t}
    for j, (turn, axis) in enumerate(named):
        attitude |= {
            f"{turn}_deg": turns[:, j],
            f"rate_{axis}_deg_s": rates[:, j],
            f"station_{turn}_deg": oscillation[:, j],
        }
    # The commanded place lies where a nose without the limit cycle would point from.
    command = -300.0 * nose(turns - turns_deg(t, t[0], 0.0), oscillation)
    guidance = {"t_s": t, "mode": np.zeros(len(t))}
    for j, axis in enumerate("xyz"):
        guidance |= {f"command_{axis}": command[:, j], f"place_{axis}_m": place[:, j]}
    return ClosedLoopRecord(
        relative=relative,
        attitude=AttitudeHistory(**attitude),
        navigation=NavigationHistory(**navigation),
        thrusters=ThrusterHistory(t, on),
        guidance=GuidanceHistory(**guidance),
        propellant=propellant,
        port=TargetPort("forward", "shenzhou-24", PORT, AXIS),
        zones=ZONES,
        box=CaptureBox(0.08, 0.18, 0.16, 0.1, 4.0, 4.0, 0.7),
        control=ControlLimits(attitude_deadband_deg=0.5, camera_half_cone_deg=15.0),
    )


def drift(t, x, z) -> DriftHistory:
    """Three arcs without thrust from one place, a revolution each: loops that run away."""
    times = np.linspace(0.0, 5500.0, 60)
    parts = [
        np.column_stack(
            [
                np.full(60, k),
                t + times,
                x - (0.2 + kind) * times + 200.0 * np.sin(times / 880.0),
                np.zeros(60),
                z + 400.0 * (1.0 + kind) * (1.0 - np.cos(times / 880.0)),
                np.full(60, kind),
            ]
        )
        for k, kind in enumerate(DRIFTS)
    ]
    names = ("arc", "t_s", "x_m", "y_m", "z_m", "missed")
    return DriftHistory(**dict(zip(names, np.concatenate(parts).T, strict=True)))
