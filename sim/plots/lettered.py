"""Events of a picture as letters above a panel, with their key below it: names never run into one another."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.plots.sheet import INK
from sim.plots.style import upright

LETTERS = "abcdefghijklmnop"
ROW_PT, LINE_PT = 11, 16  # between letters that stand above one another, and between lines of the key, points


def lettered(axes: Axes, events: Sequence[tuple[float, str]], key_at: tuple[float, float], lines: int = 2) -> None:
    """`events`: time on x and text, in the order of time; `key_at`: of the key's first line from the lower left corner
    of the panel, points."""
    width = axes.get_xlim()[1] - axes.get_xlim()[0]
    key: list[str] = []
    last: list[float] = []  # per row, where its last letter stands
    for letter, (when, text) in zip(LETTERS, events, strict=False):
        upright(axes, when, color=INK, lw=0.8)
        row = next((i for i, x in enumerate(last) if when - x > 0.022 * width), len(last))
        last[row : row + 1] = [when]
        axes.annotate(
            letter,
            (when, 1.0),
            (0, 4 + ROW_PT * row),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=9.5,
            fontweight="bold",
            ha="center",
            va="bottom",
        )
        key.append(f"{letter} {text}")
    each = -(-len(key) // lines)
    for line in range(lines if key else 0):
        axes.annotate(
            "     ".join(key[line * each : (line + 1) * each]),
            (0.0, 0.0),
            (key_at[0], key_at[1] - LINE_PT * line),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=9,
            color=INK,
        )
