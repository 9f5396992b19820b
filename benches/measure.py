"""Time beside error: entries of one case take turns (A B A B), each timed by the processor time of one thread."""

from __future__ import annotations

import math
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

OURS, WHOLE = "tiangong", "tiangong whole"
UNSTABLE_M = 1e5  # an error beyond is a step too long for its order: listed, not drawn
LONG_S, FEW = 1.0, 3  # a run longer than this takes part in the first rounds only
SHORTEST_S = 2e-3  # a run shorter than this is repeated within one reading of the clock
# Okabe-Ito colours, each with a mark of its own: distinct without colour too.
LOOK = {
    OURS: ("#0072B2", "o"),
    "heyoka": ("#D55E00", "s"),
    "satkit": ("#009E73", "^"),
    "brahe": ("#CC79A7", "D"),
    "heyoka batch": ("#E69F00", "P"),
    WHOLE: ("#56B4E9", "X"),
}


@dataclass(frozen=True)
class Entry:
    """One tool at one setting. `run` returns the final position (3,) m and may fly `count` trajectories at once.

    `truth` (3,) m: the tool's own tightest run where its forces are not quite those of the case; None: the case's.
    """

    tool: str
    setting: str
    run: Callable[[], np.ndarray]
    truth: np.ndarray | None = None
    count: int = 1


@dataclass(frozen=True)
class Case:
    """The case, its truth and its goal: `speedup` times the best peer's speed at an error <= `limit_m`."""

    name: str
    title: str
    truth: np.ndarray
    limit_m: float
    speedup: float
    note: str = ""


@dataclass(frozen=True)
class Point:
    """A measured entry: CPU ms for each trajectory, error m, whose truth."""

    tool: str
    setting: str
    ms: float
    error_m: float
    own_truth: bool

    @property
    def kind(self) -> tuple[str, str]:
        """The tool and its method, without the step or tolerance that came last."""
        return self.tool, self.setting.partition(",")[0] if "," in self.setting else self.setting.split()[0]

    @property
    def fineness(self) -> float:
        """That step, s, or tolerance: the last number of the setting; the smaller, the finer."""
        return float(re.findall(r"[\d.]+(?:e[+-]?\d+)?", self.setting)[-1])


def measure(case: Case, entries: list[Entry], rounds: int) -> list[Point]:
    """Every entry once to warm up and to see its error, then `rounds` rounds of all in turn; medians."""
    errors, repeats, long, taken = [], [], [], [[] for _ in entries]
    for entry in entries:
        entry.run()
        clock = time.process_time()
        end = entry.run()
        took = max(time.process_time() - clock, 1e-7)
        errors.append(float(np.linalg.norm(end - (case.truth if entry.truth is None else entry.truth))))
        repeats.append(max(1, math.ceil(SHORTEST_S / took)))
        long.append(took > LONG_S)
    for turn in range(rounds):
        for entry, n, times, slow in zip(entries, repeats, taken, long, strict=True):
            if slow and turn >= FEW:
                continue
            clock = time.process_time()
            for _ in range(n):
                entry.run()
            times.append((time.process_time() - clock) / n / entry.count)
    return [
        Point(e.tool, e.setting, 1e3 * statistics.median(t), error, e.truth is not None)
        for e, t, error in zip(entries, taken, errors, strict=True)
    ]


def best(points: list[Point], limit_m: float, ours: bool) -> Point | None:
    """The quickest of us, or of the peers, whose error is at most `limit_m`, and stays so at finer settings.

    A coarse step with a small error by cancellation, where finer ones of its method do not, does not count.
    """
    fit = [
        p
        for p in points
        if p.tool.startswith(OURS) == ours
        and all(q.error_m <= limit_m for q in points if q is p or (q.kind == p.kind and q.fineness < p.fineness))
    ]
    return min(fit, key=lambda p: p.ms, default=None)


def verdict(case: Case, points: list[Point]) -> str:
    """The goal, what was reached, and whether that will do: one line."""
    goal = f"goal: >= {case.speedup:g}x the best peer at <= {case.limit_m:g} m"
    we, they = best(points, case.limit_m, True), best(points, case.limit_m, False)
    if we is None:
        return f"{goal}; missed: none of our settings is that good"
    if they is None:
        return f"{goal}; ours {we.ms:.4g} ms; no peer here is that good"
    ratio = they.ms / we.ms
    word = "reached" if ratio >= case.speedup else "MISSED"
    return f"{goal}; ours {we.ms:.4g} ms, {they.tool} {they.setting} {they.ms:.4g} ms: {ratio:.1f}x, {word}"


def table(case: Case, points: list[Point]) -> str:
    """The work-precision table of one case; the last column sets each peer beside our quickest run as good as it."""
    lines = [f"\n{case.title}", *([case.note] if case.note else [])]
    lines.append(f"{'tool':16}{'setting':>22}{'error m':>11}{'CPU ms':>11}  {'truth':10}{'ours at equal error':>20}")
    for p in points:
        beside = ""
        if not p.tool.startswith(OURS) and (we := best(points, p.error_m, True)):
            beside = f"{p.ms / we.ms:.1f}x faster"
        truth = "its own" if p.own_truth else "the case's"
        error = f"{p.error_m:.1e}" if p.error_m < UNSTABLE_M else "unstable"
        lines.append(f"{p.tool:16}{p.setting:>22}{error:>11}{p.ms:11.4f}  {truth:10}{beside:>20}")
    lines.append(verdict(case, points))
    return "\n".join(lines)


def draw(measured: list[tuple[Case, list[Point]]], heading: str, path) -> None:
    """Error against time, both logarithmic, one panel a case."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    across = min(3, len(measured))
    down = math.ceil(len(measured) / across)
    figure = Figure(figsize=(5.2 * across, 3.9 * down + 0.8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    caption = "Final position error against CPU time, one thread; low and left is better"
    figure.suptitle(f"{caption}\n{heading}", fontsize=10)
    for i, (case, points) in enumerate(measured):
        axes = figure.add_subplot(down, across, i + 1)
        for tool in dict.fromkeys(p.tool for p in points):
            colour, mark = LOOK.get(tool, ("#000000", "v"))
            mine = [p for p in points if p.tool == tool and p.error_m < UNSTABLE_M]
            axes.plot([p.ms for p in mine], [max(p.error_m, 1e-8) for p in mine], mark, ms=6, color=colour, label=tool)
        axes.axhline(case.limit_m, color="#5c6670", lw=0.8, ls="--")
        axes.text(0.01, case.limit_m, "goal's error", fontsize=7, va="bottom", transform=axes.get_yaxis_transform())
        axes.set(xscale="log", yscale="log", xlabel="CPU time, ms a trajectory", ylabel="final position error, m")
        axes.set_title(case.title, fontsize=9, loc="left")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, frameon=False)
    figure.savefig(path)
