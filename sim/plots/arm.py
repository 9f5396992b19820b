"""The robotic arm at work: from two sides, its joints over time, and how the station turns meanwhile."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from sim.core.arm_record import (
    CARRYING,
    CLOSING_IN,
    TO_READY,
    ArmCaptureRecord,
    ArmGeometry,
    ArmHistory,
    StationReaction,
    TranspositionRecord,
)
from sim.docking.arm.kinematics import chain
from sim.export.stored import PlotData
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILLION,
    YELLOW,
    pale,
    panel,
    sheet,
    upright,
)

JOINT_COLOUR = (BLACK, ORANGE, SKY, GREEN, PURPLE, BLUE, VERMILLION)
AXIS = {"x, roll": ORANGE, "y, pitch": BLUE, "z, yaw": VERMILLION}
WIDE, TALL, LEFT, RIGHT = 4.35, 2.0, 0.85, 6.05
REACH = 12.0  # m from the base: ports farther first are not drawn
CRAFT_RADIUS = 1.675  # m, of a Tianzhou: half the 3.35 m that are published
# Name of a view -> the axes of the station's file that point right and up, with their senses.
VIEWS = {
    "from starboard": ((0, 1.0, "x, m (forward)"), (2, -1.0, "−z, m (up)")),
    "from below": ((0, 1.0, "x, m (forward)"), (1, 1.0, "y, m (starboard)")),
}
Posture = tuple[str, int, str]  # words, row of the history, colour


def draw(data: PlotData) -> Sheet | None:
    leg = next((x.record for x in data.legs if isinstance(x.record, ArmCaptureRecord | TranspositionRecord)), None)
    reaction = leg.reaction if leg else None
    if leg is None or reaction is None or leg.figures is None:
        return None
    arm, shape = leg.arm, leg.geometry
    start = float((arm.t_s if arm else reaction.t_s)[0])
    words = f"{data.record['name']} · minutes from {data.clock(start, '%d %b %Y %H:%M:%S')} UTC"
    words += " · assumed links and rates" if arm else ""
    title = "Capture by the robotic arm" if isinstance(leg, ArmCaptureRecord) else "Transposition"
    height = 3.85 if arm is None or shape is None else 12.9
    figure = sheet(height, title, words)
    if arm is not None and shape is not None:
        postures = _postures(arm, isinstance(leg, ArmCaptureRecord))
        for left, name in ((LEFT, "from starboard"), (RIGHT, "from below")):
            _side(panel(figure, left, 6.9, WIDE, 4.85), arm, shape, name, postures)
        _joints(panel(figure, LEFT, 3.8, WIDE, TALL), panel(figure, RIGHT, 3.8, WIDE, TALL), arm, shape, start)
    _reaction(panel(figure, LEFT, 0.75, WIDE, TALL), panel(figure, RIGHT, 0.75, WIDE, TALL), reaction, start)
    return figure


def _postures(arm: ArmHistory, capture: bool) -> list[Posture]:
    carrying = int(np.flatnonzero(arm.stage == CARRYING)[0])
    last = len(arm.t_s) - 1
    if not capture:
        far = int(np.argmax(np.abs(arm.craft_y_m - arm.craft_y_m[0])))
        return [("at its port", carrying, BLUE), ("turned", far, VERMILLION)]
    ready = int(np.flatnonzero(arm.stage == CLOSING_IN)[0])
    first = int(np.flatnonzero(arm.stage == TO_READY)[0])
    return [
        ("stowed", first, SOFT),
        ("ready", ready, ORANGE),
        ("grappled", carrying, BLUE),
        ("at the port", last, VERMILLION),
    ]


def _angles(arm: ArmHistory) -> np.ndarray:
    return np.radians(np.column_stack(list(arm.angle_deg.values())))


def _skeleton(shape: ArmGeometry, angles: np.ndarray) -> np.ndarray:
    """The base, each joint and the end effector (9, 3) m in the frame of the station's file."""
    poses = chain(shape.origins_m, shape.axes, shape.tip_m, angles)
    inner = np.array([np.zeros(3), *(pose.position for pose in poses)])
    return shape.base_m + inner @ shape.base_axes.T


def _craft_axes(shape: ArmGeometry, angles: np.ndarray) -> np.ndarray:
    """The axes of the craft (3, 3), columns, as the end effector holds it."""
    tip = chain(shape.origins_m, shape.axes, shape.tip_m, angles)[-1]
    return shape.base_axes @ tip.rotation @ shape.grip_axes.T


def _outline(shape: ArmGeometry, place: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Points (k, 3) m on both ends of a cylinder that reaches from the ring to as far behind the centre."""
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    rim = CRAFT_RADIUS * (np.cos(angle)[:, None] * axes[:, 1] + np.sin(angle)[:, None] * axes[:, 2])
    return np.vstack([place + end * shape.ring_m * axes[:, 0] + rim for end in (1.0, -1.0)])


def _around(points: np.ndarray) -> np.ndarray:
    """The outermost of points (k, 2), in order round them: Andrew's monotone chain."""
    ordered, found = sorted(map(tuple, points.tolist())), []
    for sweep in (ordered, ordered[::-1]):
        chosen: list[tuple[float, ...]] = []
        for x, y in sweep:
            while len(chosen) > 1:
                (ax, ay), (bx, by) = chosen[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0:
                    break
                chosen.pop()
            chosen.append((x, y))
        found += chosen[:-1]
    return np.array(found)


def _side(axes: Axes, arm: ArmHistory, shape: ArmGeometry, name: str, postures: list[Posture]) -> None:
    """The arm and the craft in the postures, one view."""
    (i, first, right), (j, second, up) = VIEWS[name]

    def seen(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return first * points[..., i], second * points[..., j]

    angles = _angles(arm)
    for word, row, colour in postures:
        place = np.array([arm.craft_x_m[row], arm.craft_y_m[row], arm.craft_z_m[row]])
        held = row if arm.stage[row] == CARRYING else int(np.flatnonzero(arm.stage == CARRYING)[0])
        if word != "stowed":
            points = np.column_stack(seen(_outline(shape, place, _craft_axes(shape, angles[held]))))
            corners = _around(points)
            axes.add_patch(Polygon(corners, closed=True, fc=pale(colour), ec=colour, lw=1.0, alpha=0.45, zorder=2))
        x, y = seen(_skeleton(shape, angles[row]))
        axes.plot(x, y, color=colour, lw=2.4, marker="o", ms=3.5, zorder=4, label=word)
    for port in shape.ports_m:
        if np.linalg.norm(port[:3] - shape.base_m) > REACH:
            continue
        x, y = seen(np.array([port[:3], port[:3] + 0.9 * port[3:]]))
        axes.plot(x, y, color=INK, lw=4.0, solid_capstyle="butt", zorder=3)
    x, y = seen(shape.base_m)
    axes.plot(x, y, marker="s", ms=9, mfc=YELLOW, mec=INK, ls="", zorder=5, label="base")
    axes.set_title(f"Arm and craft, {name}; ports black")
    axes.set(xlabel=right, ylabel=up)
    axes.set_aspect("equal", adjustable="datalim")
    axes.autoscale_view()
    axes.legend(loc="upper left", fontsize=8, ncols=2)


def _joints(left: Axes, right: Axes, arm: ArmHistory, shape: ArmGeometry, start: float) -> None:
    minutes = (arm.t_s - start) / 60.0
    limits = shape.rate_limit_deg_s
    for k, (name, colour) in enumerate(zip(arm.angle_deg, JOINT_COLOUR, strict=True)):
        left.plot(minutes, arm.angle_deg[name], color=colour, lw=1.3, label=f"{k + 1}")
        right.plot(minutes, arm.rate_deg_s[name], color=colour, lw=1.1, label=f"{k + 1}")
    for sign in (1.0, -1.0):
        right.axhline(sign * float(limits.min()), color=VERMILLION, lw=1.0, ls="--")
    changes = np.flatnonzero(np.diff(arm.stage) != 0.0)
    for axes in (left, right):
        axes.set(xlim=(minutes[0], minutes[-1]), xlabel="minutes")
        axes.axhline(0.0, color=SOFT, lw=0.8)
        for row in changes.tolist():
            upright(axes, float(minutes[row + 1]))
    left.set_title("Angles of joints 1 (base) to 7")
    right.set_title(f"Their rates; limit {limits.min():g} deg/s dashed")
    left.set_ylabel("deg")
    right.set_ylabel("deg/s")
    low, high = left.get_ylim()
    left.set_ylim(low, high + 0.25 * (high - low))
    left.legend(loc="upper center", ncols=7, fontsize=8, columnspacing=1.0, handlelength=1.2)


def _reaction(left: Axes, right: Axes, reaction: StationReaction, start: float) -> None:
    minutes = (reaction.t_s - start) / 60.0
    turned = reaction.roll_deg, reaction.pitch_deg, reaction.yaw_deg
    held = reaction.held_x_n_m_s, reaction.held_y_n_m_s, reaction.held_z_n_m_s
    for (name, colour), angle, momentum in zip(AXIS.items(), turned, held, strict=True):
        left.plot(minutes, angle, color=colour, label=name)
        right.plot(minutes, momentum, color=colour, label=name)
    for axes, columns in ((left, turned), (right, held)):
        axes.set(xlim=(minutes[0], minutes[-1]), xlabel="minutes")
        axes.axhline(0.0, color=SOFT, lw=0.8)
        low, high = min(c.min() for c in columns), max(c.max() for c in columns)
        axes.set_ylim(low - 0.08 * (high - low), high + 0.3 * (high - low))
        axes.legend(loc="upper left", ncols=3, fontsize=8)
    left.set_title("The station against LVLH, its control off")
    right.set_title("Or held: what gyroscopes take up, LVLH")
    left.set_ylabel("deg")
    right.set_ylabel("N m s")
