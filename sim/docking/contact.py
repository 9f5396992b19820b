"""Contact, capture and undocking: the kernels' records of the two bodies, rule checks, histories and figures.

The docking frame of a port has x into the station, z to the nadir, or forward where the port itself looks along the
nadir; a ship's has its body axes. Docked, the two agree: so a ship on the nadir port has its z forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels.craft.attitude import from_matrix
from kernels.docking import capture as kernel
from kernels.docking.contact import PAIR, Side, capture_box, relation, scratch, side
from sim.core.docking_frame import axes_of_port
from sim.core.docking_record import CaptureFigures, HardMateFigures
from sim.core.flight import RuleCheck
from sim.core.histories import ContactHistory
from sim.core.simplification import Simplification
from sim.core.station_stack import Stack
from sim.core.vehicle import Mechanism, Port, Ship

CAPTURE = Simplification(
    "contact.springs",
    "From the touch to the hard mate both craft are free rigid bodies on springs and dampers that are linear, without "
    "gravity; a touch outside the capture box is a bounce.",
    "contact",
)
PUSH = Simplification(
    "contact.push",
    "The pushers of the undocking give exactly their speed, whatever the masses, and the station stands still in LVLH "
    "as they do.",
    "contact",
)

STEP = 0.05  # s, of capture and retraction
PUSH_STEP = 0.002  # s
EVERY = 20  # steps between the rows recorded of the retraction


@dataclass(frozen=True)
class Bounce:
    """A contact outside the capture box: the impulse, and the speed at which the rings separate."""

    impulse_n_s: float
    speed_m_s: float


@dataclass(frozen=True)
class ContactResult:
    """Result of a contact: `captured`, the pair's state (28,) afterwards, and what is recorded of it.

    A bounce where it was not captured; `hard_mate` is None where the retraction was not flown.
    """

    captured: bool
    pair: np.ndarray
    verdicts: tuple[RuleCheck, ...]
    history: ContactHistory | None = None
    capture: CaptureFigures | None = None
    hard_mate: HardMateFigures | None = None
    bounce: Bounce | None = None


def docking_frame(port: Port) -> np.ndarray:
    """Rows x, y, z of the port's docking frame in the station's axes."""
    return axes_of_port(port.axis)


def station_side(port: Port, stack: Stack) -> Side:
    """The station as it is; `port` is one of the stack's."""
    return side(stack.mass, stack.inertia, port.position, docking_frame(port))


def ship_side(ship: Ship, mass: float, lever: float) -> Side:
    """`lever` m from the centre of mass to the ring: `reach` of the mechanism at contact, `ring` when docked."""
    return side(mass, ship.inertia, (lever, 0.0, 0.0), np.eye(3))


def capture(
    pair: np.ndarray, t: float, ship: Side, station: Side, mechanism: Mechanism, phase: str, brief: bool = False
) -> ContactResult:
    """From first contact at t s: capture, retraction and hard mate; or a bounce, outside the capture box.

    `pair` (28,) as kernels/docking/contact.py has it, which is not changed. The history is relative to the port. With
    `brief` it ends once the capture is damped: what is judged has happened by then.
    """
    y, rel, margins = pair.copy(), np.empty(12), np.empty(7)
    relation(y, ship, station, scratch(), rel)
    inside = capture_box(rel, mechanism.box, margins)
    judged = touch_verdicts(rel, mechanism, phase, t)
    if not inside:
        impulse = kernel.bounce(y, ship, station, mechanism.restitution)
        return ContactResult(False, y, judged, bounce=Bounce(impulse, mechanism.restitution * rel[3]))
    allowed = mechanism.hard_mate - mechanism.retracting
    first = np.empty((int(allowed / STEP) + 2, kernel.COLUMNS))
    peaks = np.zeros(kernel.PEAKS)
    status, elapsed, rows = kernel.soft_capture(y, ship, station, mechanism.springs, STEP, allowed, 1, first, peaks)
    pressed, pulled, across, twisted, deepest = peaks.tolist()
    rest = elapsed if status == kernel.DAMPED else np.inf  # at the end of its time it still moved
    judged += (
        RuleCheck("axial force after contact", phase, pressed / 1e3, "<=", mechanism.force_max / 1e3, "kN", t),
        RuleCheck("stroke of the ring after contact", phase, deepest, "<=", mechanism.stroke, "m", t),
        RuleCheck("contact to rest of the ring", phase, rest, "<=", allowed, "s", t + elapsed),
    )
    figures = CaptureFigures(
        damped_after_s=elapsed,
        most_force_n=pressed,
        most_pull_n=pulled,
        most_side_force_n=across,
        most_torque_n_m=twisted,
        most_stroke_m=deepest,
    )
    if brief:
        return ContactResult(True, y, judged, contact_history(t, first[:rows]), figures)
    later, hard_mate = _retracted(y, elapsed, pair, ship, station, mechanism)
    return ContactResult(True, y, judged, contact_history(t, np.vstack([first[:rows], *later])), figures, hard_mate)


def _retracted(
    y: np.ndarray, begins: float, pair: np.ndarray, ship: Side, station: Side, mechanism: Mechanism
) -> tuple[list[np.ndarray], HardMateFigures]:
    """From the capture, damped `begins` s after contact, to the hard mate: y (28,) in place."""
    allowed = mechanism.hard_mate - mechanism.retracting
    workspaces = np.empty((2, int(max(allowed, mechanism.retracting) / STEP / EVERY) + 3, kernel.COLUMNS))
    histories = []
    parts = ((0.0, allowed - begins, workspaces[0]), (mechanism.retraction, mechanism.retracting, workspaces[1]))
    for travel, duration, workspace in parts:
        count = kernel.retract(
            y,
            ship,
            station,
            mechanism.springs,
            travel,
            duration,
            STEP,
            EVERY,
            workspace,
            np.zeros(kernel.PEAKS),
        )[2]
        workspace[:count, kernel.T] += begins
        histories.append(workspace[1:count])  # the first is the last of the part before
        begins += duration
    stack, rate, inertia = np.empty(6), np.empty(3), np.empty((3, 3))
    closing_j = kernel.hard_mate(y, ship, station, stack, rate, inertia)
    rate_change = rate - pair[23:26]
    return histories, HardMateFigures(
        heat_of_dampers_j=float(y[26]),
        energy_of_hooks_j=closing_j,
        stack_rate_change_deg_s=float(np.degrees(np.linalg.norm(rate_change))),
        stack_angular_momentum_change_n_m_s=float(np.linalg.norm(inertia @ rate_change)),
        station_speed_change_m_s=float(np.linalg.norm(stack[3:6] - pair[16:19])),
    )


def touch_verdicts(rel: np.ndarray, mechanism: Mechanism, phase: str, t: float) -> tuple[RuleCheck, ...]:
    """Rule checks of the capture box, side by side, in the units of its data sheet; `rel` (12,) as `relation` fills
    it."""
    box, degrees = mechanism, np.degrees(rel[6:12])
    tilt, rate = np.abs(degrees[1:3]).max(), np.abs(degrees[3:6]).max()
    rows = (
        ("closing speed at contact, most", rel[3], "<=", box.closing_max, "m/s"),
        ("closing speed at contact, least", rel[3], ">=", box.closing_min, "m/s"),
        ("lateral offset at contact", np.hypot(rel[1], rel[2]), "<=", box.lateral_offset, "m"),
        ("lateral speed at contact", np.hypot(rel[4], rel[5]), "<=", box.lateral_speed, "m/s"),
        ("pitch and yaw at contact", tilt, "<=", np.degrees(box.tilt), "deg"),
        ("roll at contact", abs(degrees[0]), "<=", np.degrees(box.roll), "deg"),
        ("turning rate at contact", rate, "<=", np.degrees(box.rate), "deg/s"),
    )
    return tuple(RuleCheck(rule, phase, float(v), sense, float(limit), unit, t) for rule, v, sense, limit, unit in rows)


def of_all_touches(last: tuple[RuleCheck, ...], bounces: Sequence[tuple[RuleCheck, ...]]) -> tuple[RuleCheck, ...]:
    """The rules of the capture box over every touch: of a bounce that came before the capture, what it broke."""
    worst = {verdict.rule: verdict for verdict in last}
    for verdict in (v for touch in bounces for v in touch):
        if verdict.margin < worst[verdict.rule].margin:
            worst[verdict.rule] = verdict
    return tuple(worst.values())


def contact_history(t: float, history: np.ndarray) -> ContactHistory:
    """From the rows of a kernel's history; `t` s is its zero."""
    column = history.T
    return ContactHistory(
        t_s=t + column[kernel.T],
        force_n=column[kernel.AXIAL].copy(),
        stroke_m=column[kernel.STROKE].copy(),
        offset_m=column[kernel.OFFSET].copy(),
        relative_speed_m_s=column[kernel.SPEED].copy(),
        angle_deg=np.degrees(column[kernel.ANGLE]),
        rate_deg_s=np.degrees(column[kernel.TURNING]),
        side_force_n=column[kernel.SIDE].copy(),
        torque_n_m=column[kernel.TORQUE].copy(),
    )


@dataclass(frozen=True)
class PushOff:
    """A ship that has left the pushers: LVLH position m and velocity m/s from the station's centre of mass.

    `duration` s on the pushers; `rate` and `station_rate` (3,) rad/s, changes by the push in body axes; `force` N at
    first.
    """

    position: np.ndarray
    velocity: np.ndarray
    duration: float
    rate: np.ndarray
    station_rate: np.ndarray
    force: float
    history: ContactHistory


def push_verdict(push: PushOff, mechanism: Mechanism, phase: str, t: float) -> RuleCheck:
    """How fast the ship turns off the pushers, against what the mechanism allows."""
    turned, allowed = (float(np.degrees(rate)) for rate in (np.linalg.norm(push.rate), mechanism.rate))
    return RuleCheck("rate after the push-off", phase, turned, "<=", allowed, "deg/s", t)


def undock(ship: Ship, ship_mass: float, rest: Stack, port_name: str, n: float, t: float) -> PushOff:
    """Push a ship off a port of the rest of the station until t s. Both turn with the orbit, -n rad/s about y, until
    the hooks open."""
    port = rest.ports[port_name]
    mechanism, frame, turning = ship.docking, docking_frame(port), np.array([0.0, -n, 0.0])
    craft, base = ship_side(ship, ship_mass, mechanism.ring), station_side(port, rest)
    y = np.zeros(PAIR)
    y[0:3] = port.position + mechanism.ring * port.axis
    y[3:6] = np.cross(turning, y[0:3])
    from_matrix(frame, y[6:10])
    y[22] = 1.0
    y[10:13], y[23:26] = frame @ turning, turning
    before = y.copy()
    mass = kernel.held_mass(y, craft, base, mechanism.aside)
    force = mass * mechanism.push_off**2 / mechanism.push_stroke
    history = np.empty((1000, kernel.COLUMNS))
    elapsed, rows = kernel.push_off(
        y,
        craft,
        base,
        force,
        mechanism.push_stroke,
        mechanism.aside,
        PUSH_STEP,
        history,
        np.zeros(kernel.PEAKS),
    )
    c, s = np.cos(n * elapsed), np.sin(n * elapsed)
    axes = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])  # rows: LVLH by now
    position, velocity = axes @ (y[0:3] - y[13:16]), axes @ (y[3:6] - y[16:19])
    return PushOff(
        position=position,
        velocity=velocity - np.cross(turning, position),
        duration=elapsed,
        rate=y[10:13] - before[10:13],
        station_rate=y[23:26] - before[23:26],
        force=force,
        history=contact_history(t - elapsed, history[:rows]),
    )
