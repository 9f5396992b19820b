"""What the docking camera sees of the port on the final approach: a plain target, seen from the ship's true state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Polygon

from kernels.constants import R_EQUATOR
from sim.core.docking_record import DockingRecord, TargetPort
from sim.export.stored import PlotData
from sim.plots import sun
from sim.plots.pose import against_port, frame_of_port
from sim.plots.sheet import Sheet
from sim.plots.style import INK, ORANGE, SKY, SOFT, panel, sheet
from sim.plots.zones import distance

GAPS_M = (200.0, 100.0, 50.0, 20.0, 5.0, 1.0)
# The port as drawn, m; x goes into the station. Only the 0.8 m of the tunnel and the 1.2 m outside are published.
COLLISION_RADIUS, ENVELOPE, TUNNEL = 1.4, 0.6, 0.4
PLATE_DEPTH, PLATE, PROUD, ARM, THICK = 0.5, 0.3, 0.3, 0.16, 0.018
SPACE, METAL, PALE = "#14202f", "#9aa5b1", "#e8ebee"
DIMMED = {METAL: "#4d5964", PALE: "#8b949c", "#c9ced6": "#39434d"}
NOTE = """Assumed: the shape of the target, the port's rim, and a camera on the ship's axis in the plane of its ring.
Beside the axis the cross, 0.3 m in front of its plate, leaves the plate's middle; a turn shifts the whole picture."""
MAGNIFIED_BELOW = 0.35  # of the view: a port that looks smaller is shown larger in the corner


@dataclass(frozen=True)
class CameraView:
    """One moment: `t` s, distance to go along the axis m, ring from port (3,) m and the ship's turn (3, 3), port's
    frame."""

    t: float
    gap: float
    ring: np.ndarray
    turn: np.ndarray
    angles: tuple[float, float, float]

    @property
    def offset(self) -> float:
        return float(np.hypot(self.ring[1], self.ring[2]))


def draw(data: PlotData) -> Sheet | None:
    docking = data.docking
    seen = views(docking) if docking else []
    if docking is None or not seen:
        return None
    half_cone = docking.control.camera_half_cone_deg
    rows = (len(seen) + 2) // 3
    figure = sheet(1.5 + 4.15 * rows, "What the docking camera sees of the port", _subtitle(data, half_cone))
    half = np.tan(np.radians(half_cone))
    for i, view in enumerate(seen):
        left, bottom = 0.35 + 3.4 * (i % 3), 1.2 + 4.15 * (rows - 1 - i // 3)
        axes = panel(figure, left, bottom, 3.15, 3.15)
        light = lighting(data, docking.port, view.t)
        _view(axes, view, half, light is None or light[0])
        _words(axes, data, view, light)
    across, up = figure.get_size_inches()
    figure.text(0.35 / across, 0.36 / up, NOTE, fontsize=9, color=SOFT, va="center", linespacing=1.4)
    return figure


def _subtitle(data: PlotData, half_cone_deg: float) -> str:
    return f"{data.record['name']} · field of view {2 * half_cone_deg:g}° · from the true state"


def views(docking: DockingRecord) -> list[CameraView]:
    """The moments at which the ring last came within the chosen gaps of the port."""
    history, turned = docking.relative, against_port(docking)
    tilt, turns = np.radians(turned.station_deg), turned.turn_deg
    ring = history.position_m
    ring = (ring - np.cross(tilt, ring)) @ frame_of_port(docking.port).T
    found, out = [], -ring[:, 0]
    for gap in GAPS_M:
        inward = np.flatnonzero((out[:-1] > gap) & (out[1:] <= gap)) + 1
        i = inward[-1] if len(inward) else 0
        if not 0.9 * gap < out[i] <= 1.001 * gap:
            continue
        roll, pitch, yaw = (float(turn) for turn in turns[i])
        turn = to_ship(roll, pitch, yaw)
        found.append(CameraView(float(history.t_s[i]), float(out[i]), ring[i], turn, (roll, pitch, yaw)))
    return found


def to_ship(roll_deg: float, pitch_deg: float, yaw_deg: float) -> np.ndarray:
    """From the port's docking frame to the ship's body axes (3, 3): pitch, then yaw, then roll."""
    (cr, cp, cy), (sr, sp, sy) = (f(np.radians([roll_deg, pitch_deg, yaw_deg])) for f in (np.cos, np.sin))
    pitch = np.array([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
    yaw = np.array([[cy, -sy, 0.0], [sy, cy, 0.0], [0.0, 0.0, 1.0]])
    roll = np.array([[1.0, 0.0, 0.0], [0.0, cr, -sr], [0.0, sr, cr]])
    return (pitch @ yaw @ roll).T


def project(points: np.ndarray, ring: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Points (n, 3) of the port's frame, m, on the picture of a pin-hole camera at the ring: right and down (n, 2)."""
    x, y, z = ((points - ring) @ turn.T).T
    return np.column_stack([y, z]) / np.maximum(x, 1e-3)[:, None]


def circle(radius: float, depth: float) -> np.ndarray:
    around = np.linspace(0.0, 2.0 * np.pi, 90)
    return np.column_stack([np.full(90, depth), radius * np.cos(around), radius * np.sin(around)])


def cross(arm: float, thick: float, depth: float) -> np.ndarray:
    """The outline of an upright cross."""
    a, b = arm, thick
    half = [(a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b)]
    return np.array([(depth, y, z) for y, z in (*half, *((-y, -z) for y, z in half))])


def lighting(data: PlotData, port: TargetPort, t: float) -> tuple[bool, float] | None:
    """Whether the ship is in the Sun, and degrees from the camera's line of sight to the Sun; None: unknown."""
    track = data.track(port.ship, "docking")
    if not track or len(track["t_s"]) < 2:
        return None
    i = int(np.clip(np.searchsorted(track["t_s"], t), 1, len(track["t_s"]) - 1))
    pair = slice(i - 1, i + 1)
    latitude, longitude = track["latitude_deg"][pair], np.unwrap(track["longitude_deg"][pair], period=360.0)
    altitude = float(np.interp(t, track["t_s"], track["altitude_km"]))
    below, east = (float(np.interp(t, track["t_s"][pair], x)) for x in (latitude, longitude))
    radius, epoch = R_EQUATOR / 1e3 + altitude, data.zero.plus(t)
    heading = sun.moving(latitude, longitude, radius, float(np.diff(track["t_s"][pair])[0]))
    direction = sun.seen_from(epoch, below, east, heading)
    dip = np.degrees(np.arccos(R_EQUATOR / 1e3 / radius))
    lit = sun.elevation_deg(epoch, below, east) > -dip
    return bool(lit), float(np.degrees(np.arccos(np.clip(frame_of_port(port)[0] @ direction, -1.0, 1.0))))


def _view(axes: Axes, view: CameraView, half: float, lit: bool) -> None:
    edge = 1.01 * half
    axes.set(xlim=(-edge, edge), ylim=(edge, -edge), xticks=[], yticks=[])
    axes.set_axis_off()
    rim = Circle((0, 0), half, fc=SPACE, ec=INK, lw=1.0, zorder=0)
    axes.add_patch(rim)
    _port(axes, view, lit, rim)
    for a in (0.0, 0.5 * np.pi):
        line = np.outer([-1.0, -0.12, np.nan, 0.12, 1.0], [np.cos(a), np.sin(a)]) * half
        axes.plot(*line.T, color=SKY, lw=0.7, alpha=0.9, zorder=6)
    for degrees in (5.0, 10.0):
        axes.add_patch(Circle((0, 0), np.tan(np.radians(degrees)), fill=False, ec=SKY, lw=0.5, alpha=0.7, zorder=6))
        place = -np.sqrt(0.5) * np.tan(np.radians(degrees))
        axes.text(
            place,
            place,
            f"{degrees:.0f}°",
            fontsize=7.5,
            color=SKY,
            ha="center",
            va="center",
            zorder=6,
            bbox={"boxstyle": "round,pad=0.1", "fc": SPACE, "ec": "none", "alpha": 0.7},
        )
    apparent = ENVELOPE / view.gap
    if apparent < MAGNIFIED_BELOW * half:
        _magnified(axes, view, lit, apparent, half)


def _magnified(axes: Axes, view: CameraView, lit: bool, apparent: float, half: float) -> None:
    """The port again in the corner, so large that the target can be read."""
    inner = axes.inset_axes((0.62, 0.0, 0.38, 0.38), zorder=8)
    middle = project(np.zeros((1, 3)), view.ring, view.turn)[0]
    reach = 1.35 * apparent
    seen = 1.02 * reach
    inner.set(xlim=(middle[0] - seen, middle[0] + seen), ylim=(middle[1] + seen, middle[1] - seen))
    inner.set_axis_off()
    rim = Circle(middle, reach, fc=SPACE, ec=ORANGE, lw=1.4, zorder=0)
    inner.add_patch(rim)
    _port(inner, view, lit, rim)
    axes.add_patch(Circle(middle, max(reach, 0.025 * half), fill=False, ec=ORANGE, lw=1.0, zorder=7))
    times = 0.38 * half / reach
    axes.text(
        0.655,
        0.345,
        f"× {times:.0f}",
        transform=axes.transAxes,
        fontsize=8.5,
        color=ORANGE,
        ha="right",
        va="bottom",
        zorder=9,
    )


def _port(axes: Axes, view: CameraView, lit: bool, rim: Circle) -> None:
    """Rim of the port, ring, tunnel, plate with its lines, and the cross that stands in front of it."""

    def fill(points: np.ndarray, colour: str, zorder: float, clip: Patch, edge: str = "none") -> Polygon:
        colour = colour if lit else DIMMED.get(colour, colour)
        made = Polygon(project(points, view.ring, view.turn), closed=True, fc=colour, ec=edge, lw=0.5, zorder=zorder)
        axes.add_patch(made)
        made.set_clip_path(clip)
        return made

    fill(circle(COLLISION_RADIUS, 0.4), "#c9ced6", 1.0, rim)
    fill(circle(ENVELOPE, 0.0), METAL, 2.0, rim, INK)
    mouth = fill(circle(TUNNEL, 0.0), "#26313c", 3.0, rim, INK)
    inside = mouth if np.abs(mouth.get_xy()).max() < 4.0 else rim
    fill(circle(PLATE, PLATE_DEPTH), PALE, 3.2, inside)
    fill(cross(PLATE, 0.6 * THICK, PLATE_DEPTH), INK, 3.4, inside)
    fill(cross(ARM, 1.6 * THICK, PLATE_DEPTH - PROUD), INK, 3.6, inside)
    fill(cross(ARM - 0.6 * THICK, THICK, PLATE_DEPTH - PROUD), ORANGE, 3.8, inside)


def _words(axes: Axes, data: PlotData, view: CameraView, light: tuple[bool, float] | None) -> None:
    axes.set_title(f"{distance(view.gap)} at {data.clock(view.t)} UTC", loc="center")
    offset = f"{100 * view.offset:.0f} cm" if view.offset < 1.0 else f"{view.offset:.1f} m"
    roll, pitch, yaw = (round(angle, 1) + 0.0 for angle in view.angles)
    lines = [f"{offset} from the axis · roll {roll:+.1f}°, pitch {pitch:+.1f}°, yaw {yaw:+.1f}°"]
    if light:
        lines.append(f"in the Sun, which stands {light[1]:.0f}° from the view" if light[0] else "in the Earth's shadow")
    axes.text(
        0.5,
        -0.02,
        "\n".join(lines),
        transform=axes.transAxes,
        fontsize=8.5,
        ha="center",
        va="top",
        color=INK,
        linespacing=1.35,
    )
