"""The mean altitude of a station over months: the band, raises, launches, and the times without burns."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.plots.rotation_chart import month_ticks
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, INK, ORANGE, SKY, SOFT, VERMILLION, context, panel, sheet, with_year

LABEL = 0.2  # of the span: what the name of a launch takes
SHORT = {"shenzhou-": "SZ-", "tianzhou-": "TZ-"}


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.planning.station.table.chart` lists."""
    minimum = data["least"]
    over = f", {100.0 * (data['kg'] / minimum - 1.0):+.1f} % on the bound" if minimum > 0.0 else ""
    figure = sheet(6.6, "Altitude of the station", f"{data['name']} · {data['kg']:.0f} kg of propellant{over}")
    altitude = panel(figure, 0.85, 2.75, 9.5, 2.75)
    burns = panel(figure, 0.85, 0.75, 9.5, 1.25)
    _altitude(altitude, data)
    _burns(burns, data)
    for axes in (altitude, burns):
        axes.set_xlim(0.0, data["days"])
        for closed in data["closed"]:
            axes.axvspan(*closed["bar"], color=SOFT, alpha=0.25, lw=0, zorder=0.3)
        _dates(axes, data)
    return figure


def _altitude(axes: Axes, data: dict) -> None:
    axes.set_title("Mean altitude as element sets print it; grey: no burns")
    low, high = data["band"]
    for edge in (low, high):
        axes.axhline(edge, color=VERMILLION, lw=1.0, ls=(0, (6, 2)))
    if data["carried"]:
        axes.plot(data["planned"]["x"], data["planned"]["km"], color=SKY, lw=1.2, ls="--", label="first plan")
        axes.plot(data["carried"]["x"], data["carried"]["km"], color=BLUE, label="carried out in truth")
        axes.legend(loc="lower right")
    else:
        axes.plot(data["planned"]["x"], data["planned"]["km"], color=BLUE)
    spread = high - low
    axes.set(ylim=(low - 0.08 * spread, high + 0.22 * spread), ylabel="km")
    before, level = -data["days"], 0
    for launch in data["launches"]:
        level = 1 - level if launch["x"] - before < LABEL * data["days"] else 0  # two names side by side do not fit
        before = launch["x"]
        axes.axvline(launch["x"], color=INK, lw=0.9)
        label = f"{_short(launch['ship'])} {launch['off']:+.2f} deg"
        right = launch["x"] > 0.8 * data["days"]
        axes.annotate(
            label,
            (launch["x"], high + (0.13 - 0.09 * level) * spread),
            xytext=(-4 if right else 4, 0),
            textcoords="offset points",
            ha="right" if right else "left",
        )


def _burns(axes: Axes, data: dict) -> None:
    axes.set_title("Raises and trims: m/s forward")
    for raised in data["raises"]:
        colour = BLUE if raised["why"] == "raise" else ORANGE
        axes.vlines(raised["x"], 0.0, raised["dv"], color=colour, lw=2.5)
        axes.plot(raised["x"], raised["dv"], "o", ms=4, color=colour)
    for colour, words in ((BLUE, "raise"), (ORANGE, "trim of the phase")):
        axes.plot([], [], "o-", color=colour, ms=4, label=words)
    axes.axhline(0.0, color=INK, lw=0.8)
    axes.set_ylabel("m/s")
    axes.legend(loc="upper right")


def _dates(axes: Axes, data: dict) -> None:
    ticks, words = month_ticks(data["start"], data["days"])
    axes.set_xticks(ticks, with_year(words))


def _short(ship: str) -> str:
    for long, short in SHORT.items():
        ship = ship.replace(long, short)
    return ship
