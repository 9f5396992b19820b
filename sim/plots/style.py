"""One look for all pictures: colours (Okabe-Ito, safe for colour-blind eyes), titles, axes, and label placing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike

from sim.core import flight
from sim.plots.boxes import AROUND, Box, Point, apart, line_meets, nearest
from sim.plots.sheet import DPI as DPI
from sim.plots.sheet import FAINT as FAINT
from sim.plots.sheet import INK, SOFT, renderer_of
from sim.plots.sheet import PAPER as PAPER
from sim.plots.sheet import WIDTH_IN as WIDTH_IN
from sim.plots.sheet import Sheet as Sheet
from sim.plots.sheet import context as context
from sim.plots.sheet import inside as inside
from sim.plots.sheet import panel as panel
from sim.plots.sheet import save as save
from sim.plots.sheet import sheet as sheet

if TYPE_CHECKING:
    from sim.export.stored import PlotData

Look = dict[str, Any]  # how something is drawn: keywords of matplotlib's, each with a type of its own

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
# A phase keeps its colour in every picture.
PHASE_COLOUR = {
    "await_launch": SOFT,
    "ascent": VERMILLION,
    "phasing": BLUE,
    "homing": SKY,
    "transfer": PURPLE,
    "fly_around": ORANGE,
    "docking": GREEN,
    "capture": GREEN,
    "transposition": PURPLE,
    "docked": SOFT,
    "undocking": SKY,
    "departure": ORANGE,
    "deorbit": VERMILLION,
    "entry": PURPLE,
    "descent": GREEN,
}
PHASE_NAME = {
    "await_launch": "waiting for launch",
    "deorbit": "coast and deorbit",
    "docked": "docked flight",
}


def phase_name(phase: str) -> str:
    return PHASE_NAME.get(phase) or flight.phase_name(phase)


def event_name(name: str) -> str:
    """An event's name in words, short enough for a picture."""
    short = {
        "max_dynamic_pressure": "max q",
        "tower_jettison": "escape tower",
        "booster_separation": "boosters",
        "stage_1_separation": "stage 1",
        "fairing_separation": "fairing",
        "main_engine_cutoff": "main engine cut-off",
        "orbit_insertion": "insertion",
        "deorbit_burn_start": "deorbit burn",
        "deorbit_burn_end": "end of deorbit burn",
        "service_module_separation": "module separation",
        "liftoff": "lift-off",
        "drogue_deployment": "drogue",
        "main_chute_deployment": "main parachute",
        "main_chute_disreef": "main parachute full",
        "main_chute_failure": "main parachute fails",
        "backup_chute_deployment": "back-up parachute",
        "heat_shield_jettison": "heat shield",
        "retro_fire": "retro rockets",
        "retro_failure": "retro rockets fail",
    }
    return short.get(name, name.replace("_", " "))


def clock(seconds: float) -> str:
    """`2:35` or `1:02:35` of elapsed time, with a sign only where negative."""
    sign, total = ("-" if seconds < -0.5 else ""), round(abs(seconds))
    hours, rest = divmod(total, 3600)
    minutes, s = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02d}:{s:02d}" if hours else f"{sign}{minutes}:{s:02d}"


def clock_axis(axes: Axes, step_s: float) -> None:
    """Seconds on x, written as minutes and seconds."""
    low, high = axes.get_xlim()
    axes.set_xticks(np.arange(np.ceil(low / step_s), np.floor(high / step_s) + 1) * step_s)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: clock(x)))


def date_axis(axes: Axes, data: PlotData) -> None:
    """Mission seconds on x, ticked at midnights of UTC, about a dozen of them; the year below the first, and where it
    changes."""
    low, high = axes.get_xlim()
    midnight = data.seconds(data.zero.utc(0)[:10])
    every = 86400.0 * max(1, round((high - low) / 86400.0 / 12.0))
    ticks = np.arange(np.ceil((low - midnight) / every), np.floor((high - midnight) / every) + 1) * every + midnight
    axes.set_xticks(ticks, with_year([data.clock(t + 1.0, "%d %b %Y") for t in ticks]))


def with_year(dates: list[str]) -> list[str]:
    """Dates as `24 Oct 2026` for an axis: the year stands below the first one and wherever it changes."""
    years = [None, *(date[-4:] for date in dates)]
    return [d[:-5] + ("" if d[-4:] == before else f"\n{d[-4:]}") for d, before in zip(dates, years, strict=False)]


def pale(colour: str) -> tuple[float, float, float]:
    """The colour mixed with white, solid, so that ink stays readable on it and lines do not shine through."""
    red, green, blue = (1.0 - 0.5 * (1.0 - c) for c in to_rgb(colour))
    return red, green, blue


def upright(axes: Axes, x: float, **options: Any) -> None:
    """A thin vertical mark through the panel."""
    look: Look = {"color": SOFT, "lw": 0.9, "ls": (0, (3, 3)), "zorder": 1.5}
    axes.axvline(x, **(look | options))


def load_limit(axes: Axes, data: PlotData, phase: str, x: float) -> None:
    """The limit of the phase's rule on load, as a line with its value at `x`; nothing where there is no such rule."""
    for verdict in data.record["verdicts"]:
        if verdict["phase"] == phase and verdict["unit"] == "g":
            limit = verdict["limit"]
            axes.axhline(limit, color=ORANGE, lw=1.4, ls="-.")
            axes.set_ylim(0, max(axes.get_ylim()[1], 1.15 * limit))
            axes.text(x, limit, f"limit {limit:g} g", fontsize=9, va="bottom")


SAME_MARK_PX, CROWDED_PX = 12.0, 45.0  # marks nearer than the first are one place to the eye


class Labels:
    """Places the labels of one panel, each near its point, none on another or on a point to be kept free.

    Sizes come from the renderer. The first free place of a widening ring is taken that lies nearer to the label's own
    point than to any other mark; where there is none, any free place. A thin line joins a label to its point where it
    lies away from it or has another mark about; one that finds no place is dropped rather than printed over another.
    """

    def __init__(self, axes: Axes, keep_free: Iterable[tuple[float, float]] = ()):
        self.axes = axes
        self.renderer = renderer_of(axes)
        self.frame = axes.get_window_extent(self.renderer)
        self.marks = [tuple(axes.transData.transform(p)) for p in keep_free]
        self.taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in self.marks]
        self._boxes = np.empty((0, 4))  # `taken` as an array
        self.placed: dict[str, Box] = {}  # the boxes by text, pixels

    def busy(self, box: Box) -> bool:
        x0, y0, x1, y1 = box
        f = self.frame
        if x0 < f.x0 + 2 or x1 > f.x1 - 2 or y0 < f.y0 + 2 or y1 > f.y1 - 2:
            return True
        if len(self._boxes) != len(self.taken):  # some were added since
            self._boxes = np.array(self.taken)
        left, low, right, high = self._boxes.T
        return bool(((x0 < right) & (left < x1) & (y0 < high) & (low < y1)).any())

    def block_legend(self) -> None:
        """Keep the legend of the panel free of labels."""
        legend = self.axes.get_legend()
        assert legend is not None  # it is drawn before what must keep clear of it
        box = legend.get_window_extent(self.renderer)
        self.taken.append((box.x0, box.y0, box.x1, box.y1))

    def block_texts(self) -> None:
        """Keep what is written in the panel already free of labels."""
        for text in self.axes.texts:
            box = text.get_window_extent(self.renderer)
            self.taken.append((box.x0, box.y0, box.x1, box.y1))

    def same_place(self, one: Point, other: Point) -> bool:
        """Whether two data points lie on one another to the eye."""
        a, b = self.axes.transData.transform([one, other])
        return float(np.hypot(*(a - b))) <= SAME_MARK_PX

    def block(self, x: ArrayLike, y: ArrayLike, every: int = 1) -> None:
        """Keep a curve free of labels."""
        points = self.axes.transData.transform(np.column_stack([x, y])[::every])
        self.taken += [(a - 2, b - 2, a + 2, b + 2) for a, b in points]

    def add(self, x: float, y: float, text: str, **options: Any) -> bool:
        """Write `text` near the data point (x, y); whether there was space."""
        style: Look = {"fontsize": 9.0, "color": INK, "linespacing": 1.15} | options
        label = self.axes.annotate(
            text, (x, y), (0, 0), textcoords="offset points", ha="left", va="bottom", zorder=6, **style
        )
        extent = label.get_window_extent(self.renderer)
        wide, tall = extent.width, extent.height
        px, py = self.axes.transData.transform((x, y))
        scale = self.axes.figure.dpi / 72.0
        others = [m for m in self.marks if np.hypot(m[0] - px, m[1] - py) > SAME_MARK_PX]
        free = []
        for dx, dy in AROUND:
            x0 = px + dx * scale - (wide if dx < 0 else wide / 2 if dx == 0 else 0)
            y0 = py + dy * scale - (tall if dy < 0 else tall / 2 if dy == 0 else 0)
            box = (x0 - 3, y0 - 2, x0 + wide + 3, y0 + tall + 2)
            if not self.busy(box):
                other = min((apart(m, box) for m in others), default=np.inf)
                faults = (apart((px, py), box) >= other, line_meets((px, py), box, self.placed.values()))
                free.append((faults, box, max(abs(dx), abs(dy)) > 12 or other < CROWDED_PX))
                if not any(faults):  # no later place could be better
                    break
        if not free:
            label.remove()
            return False
        _, box, joined = min(free, key=lambda place: place[0])  # the first of those with the least faults
        self.taken.append(box)
        self.placed[text] = box
        label.set_position(((box[0] + 3 - px) / scale, (box[1] + 2 - py) / scale))
        if joined:
            self._join(px, py, box)
        return True

    def _join(self, px: float, py: float, box: Box) -> None:
        """A thin line from the point to the nearest place of the label's box."""
        end = nearest((px, py), box)
        self.taken += [(x - 1, y - 1, x + 1, y + 1) for x, y in np.linspace((px, py), end, 40)]
        points = self.axes.transData.inverted().transform([(px, py), end])
        self.axes.plot(points[:, 0], points[:, 1], color=INK, lw=0.7, zorder=4.5, scalex=False, scaley=False)


def legend_above(axes: Axes, handles: list, columns: int = 4) -> None:
    """The legend of a chart of days, in a row over it."""
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncols=columns,
        handletextpad=0.4,
        columnspacing=1.3,
        borderaxespad=0.2,
        fontsize=8.8,
        frameon=False,
    )
