"""A station's programme as bars: ships by port, crews, spacewalks, launches and landings, seats, and stocks."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.core.epoch import Epoch
from sim.plots.sheet import Sheet
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILLION,
    Look,
    context,
    pale,
    panel,
    sheet,
    with_year,
)

DAY = 86400.0
LEFT, WIDE = 1.15, 9.25
COLOUR = {"seats": BLUE, "freight": ORANGE, "module": SOFT}
STOCK_LOOK = {
    "food": (GREEN, "-"),
    "water": (SKY, "--"),
    "oxygen": (PURPLE, ":"),
    "canisters": (ORANGE, "-."),
    "propellant": (BLUE, (0, (6, 2))),
}
LOWEST_DAYS, STOCK_TICKS = 5.0, (10, 30, 100, 300, 1000)  # of the axis of stocks
GAP: Look = {"facecolor": "#ffffff", "edgecolor": VERMILLION, "hatch": "////", "lw": 1.2}
SHORT = {"shenzhou-": "SZ-", "tianzhou-": "TZ-"}
CHARACTER_IN = 0.072  # width of a letter of the labels in bars
ON_WHITE: Look = {"boxstyle": "square,pad=0.1", "fc": "#ffffff", "ec": "none", "alpha": 0.85}


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.planning.rotation.chart.chart` lists."""
    broken = f"broken: {', '.join(data['broken'])}" if data["broken"] else "every rule is kept"
    lanes = len({c["up"] for c in data["crews"]})
    tall = 0.30 * max(2, lanes)
    figure = sheet(10.0 + tall, "Ships, ports, seats", f"{data['name']} · {broken}")
    bottoms = {"stocks": 0.75, "cover": 3.25, "crews": 5.5, "ports": 6.35 + tall}
    ports = panel(figure, LEFT, bottoms["ports"], WIDE, 2.15)
    crews = panel(figure, LEFT, bottoms["crews"], WIDE, tall)
    seats = panel(figure, LEFT, bottoms["cover"], WIDE, 1.25)
    stocks = panel(figure, LEFT, bottoms["stocks"], WIDE, 1.45)
    for axes in (ports, crews, seats, stocks):
        axes.set_xlim(0.0, data["days"])
    _ports(ports, data)
    _crews(crews, data)
    _cover(seats, data)
    _stocks(stocks, data)
    for axes in (ports, crews, seats, stocks):
        _gaps(axes, data)
        _dates(axes, data)
    return figure


def _ports(axes: Axes, data: dict) -> None:
    names = [port["port"] for port in data["ports"]]
    axes.set_title("Ships by port; triangles: lift-off (up) and landing (down), filled with seats", pad=24)
    axes.set(ylim=(len(names) + 0.6, -0.5), yticks=range(len(names) + 1), yticklabels=[*names, "EVA"])
    axes.grid(axis="y", visible=False)
    for y, port in enumerate(data["ports"]):
        for stay in port["stays"]:
            low, high = stay["bar"]
            colour = COLOUR["seats" if stay["seats"] else "module" if stay["kind"] == "module" else "freight"]
            look: Look = {"color": pale(colour), "ec": colour, "lw": 0.8, "ls": "--" if stay["planned"] else "-"}
            axes.barh(y, high - low, left=low, height=0.62, **look)
            if stay["unsafe"] is not None:
                start = max(low, stay["unsafe"])
                axes.barh(y, high - start, left=start, height=0.62, **GAP)
            healthy = high if stay["unsafe"] is None else min(high, max(low, stay["unsafe"]))
            named = _label(axes, data, low, healthy, y, _short(stay["ship"]))
            if not named and healthy < high:
                _label(axes, data, healthy, high, y, _short(stay["ship"]), bbox=ON_WHITE)
    _marks(axes, data, len(names))
    handles = [
        Patch(color=pale(COLOUR["seats"]), label="with seats"),
        Patch(color=pale(COLOUR["freight"]), label="freight"),
        Patch(color=pale(COLOUR["module"]), label="module"),
        Patch(label="unsafe, or people without a seat", **GAP),
        Line2D([], [], color=PURPLE, marker="|", ls="", ms=9, mew=1.6, label="spacewalk"),
    ]
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, borderaxespad=0.2, fontsize=8.5)


def _marks(axes: Axes, data: dict, row: int) -> None:
    """Spacewalks in a lane of their own; launches and landings along the lower edge."""
    axes.plot(data["evas"], [row] * len(data["evas"]), color=PURPLE, marker="|", ls="", ms=11, mew=1.5)
    for key, marker in (("launches", "^"), ("landings", "v")):
        for event in data[key]:
            colour = BLUE if event["seats"] else ORANGE
            face = colour if event["seats"] else "#ffffff"
            axes.plot(
                [event["x"]],
                [row + 0.42],
                marker=marker,
                color=colour,
                mfc=face,
                ms=5.5,
                ls="",
                clip_on=False,
                zorder=5,
            )


def _crews(axes: Axes, data: dict) -> None:
    """A lane for each ship up; a bar for those of them who come down together."""
    lanes = list(dict.fromkeys(c["up"] for c in data["crews"]))
    axes.set_title("Crews, by the ship that they came with; names or number, and the ship down where it is another")
    axes.set(ylim=(len(lanes) - 0.4, -0.6), yticks=range(len(lanes)), yticklabels=[_short(lane) for lane in lanes])
    axes.grid(axis="y", visible=False)
    seen: dict[str, int] = {}
    for crew in data["crews"]:
        y = lanes.index(crew["up"])
        low, high = crew["bar"]
        own = sum(c["up"] == crew["up"] for c in data["crews"])
        part = seen.get(crew["up"], 0)
        seen[crew["up"]] = part + 1
        height = 0.74 / own
        middle = y - 0.37 + (part + 0.5) * height
        swapped = crew["down"] != crew["up"]
        colour = VERMILLION if swapped else GREEN
        axes.barh(middle, high - low, left=low, height=0.92 * height, color=pale(colour), ec=colour, lw=0.8)
        home = f", down in {_short(crew['down'])}" if swapped else ""
        full, few = ", ".join(crew["names"]) + home, f"{len(crew['names'])}{home}"
        _beside(axes, data, low, high, middle, full, few, size=8.5 if own == 1 else 7.0)


def _cover(axes: Axes, data: dict) -> None:
    axes.set_title("People aboard (line) and seats in docked, healthy ships (area)", pad=24)
    edges = [c["bar"][0] for c in data["cover"]] + [data["cover"][-1]["bar"][1]] if data["cover"] else []
    if edges:
        seats, aboard = [c["seats"] for c in data["cover"]], [c["aboard"] for c in data["cover"]]
        axes.stairs(seats, edges, fill=True, color=pale(SKY), label="seats")
        axes.stairs(aboard, edges, color=INK, lw=1.5, baseline=None, label="people aboard")
    tallest = max([6, *(c["seats"] for c in data["cover"]), *(c["aboard"] for c in data["cover"])])
    axes.set(ylim=(0, 1.35 * tallest), yticks=range(0, tallest + 1, 3), ylabel="people")
    days = sum(g["days"] for g in data["gaps"])
    bare = sum(g["days"] for g in data["gaps"] if g["seats"] == 0)
    if data["gaps"]:
        middle = 0.5 * (data["gaps"][0]["bar"][0] + data["gaps"][-1]["bar"][1])
        words = f"not a seat for everyone: {days:.1f} days, of which {bare:.2f} without any lifeboat"
        side = "right" if middle > 0.6 * data["days"] else "left" if middle < 0.4 * data["days"] else "center"
        axes.text(
            middle,
            1.33 * tallest,
            words,
            ha=side,
            va="top",
            color=VERMILLION,
            fontsize=9,
            fontweight="bold",
            bbox=ON_WHITE,
        )
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2, fontsize=8.5)


def _stocks(axes: Axes, data: dict) -> None:
    axes.set_title(
        "How long stocks would last if nothing were recycled; dotted: the reserve that has to be left", pad=24
    )
    axes.set_yscale("log")
    for stock in data["stocks"]:
        colour, line = STOCK_LOOK.get(stock["name"], (INK, "-"))
        axes.plot(
            stock["x"], [max(LOWEST_DAYS, d) for d in stock["days"]], color=colour, ls=line, lw=1.5, label=stock["name"]
        )
        axes.axhline(stock["reserve"], color=colour, lw=0.9, ls=(0, (1, 2)))
    axes.set(ylim=(LOWEST_DAYS, 2000.0), ylabel="days", yticks=STOCK_TICKS, yticklabels=map(str, STOCK_TICKS))
    axes.minorticks_off()
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, borderaxespad=0.2, fontsize=8.5)


def _gaps(axes: Axes, data: dict) -> None:
    """A band through every panel where somebody had no seat: hatched, and hatched closer where nobody had one."""
    for gap in data["gaps"]:
        low, high = gap["bar"]
        look: Look = {"facecolor": "none", "edgecolor": VERMILLION, "lw": 0.0, "alpha": 0.55, "zorder": 0.6}
        axes.axvspan(low, high, hatch="//" if gap["seats"] else "xxxx", **look)
        axes.axvspan(low, high, color=VERMILLION, alpha=0.12, lw=0, zorder=0.5)


def _dates(axes: Axes, data: dict) -> None:
    """Ticks at the starts of months, some dozen of them."""
    start: Epoch = data["start"]
    ticks, words = month_ticks(start, data["days"])
    axes.set_xticks(ticks, with_year(words))


def month_ticks(start: Epoch, days: float) -> tuple[list[float], list[str]]:
    """Days from the start, and dates as `01 Oct 2025`: starts of months, of every n-th, or of weeks in a short span."""
    if days < 75.0:
        step = max(1, round(days / 10.0))
        first = Epoch.from_utc(start.utc(0)[:10])
        midnights = [first.plus(DAY * step * i) for i in range(int(days / step) + 2)]
    else:
        step = next(n for n in (1, 2, 3, 6, 12) if days / 30.4 / n <= 14.0 or n == 12)
        year, month = int(start.utc(0)[:4]), int(start.utc(0)[5:7])
        month = 1 + (month - 1) // step * step
        midnights = []
        for i in range(int(days / 30.4 / step) + 3):
            m = month - 1 + i * step
            midnights.append(Epoch.from_utc(f"{year + m // 12}-{m % 12 + 1:02d}-01"))
    shown = [at for at in midnights if 0.0 <= at.since(start) / DAY <= days]
    return [at.since(start) / DAY for at in shown], [at.text("%d %b %Y") for at in shown]


def _label(axes: Axes, data: dict, low: float, high: float, y: float, text: str, **options: Any) -> bool:
    """In the bar where it is long enough, else nothing; whether it is there."""
    fits = (high - low) / data["days"] * WIDE > CHARACTER_IN * len(text) + 0.04
    if fits:
        axes.text(0.5 * (low + high), y, text, ha="center", va="center", fontsize=8.5, zorder=4, **options)
    return fits


def _beside(axes: Axes, data: dict, low: float, high: float, y: float, full: str, few: str, size: float) -> None:
    """The full text in the bar, or beside it on the side with more space; where there is none, the short one."""
    wide = CHARACTER_IN * size / 8.5 * len(full) / WIDE * data["days"]
    style: Look = {"va": "center", "fontsize": size, "zorder": 4}
    pad = 0.05 / WIDE * data["days"]
    if high - low > wide + pad:
        axes.text(0.5 * (low + high), y, full, ha="center", **style)
    elif low > wide + pad:
        axes.text(low - pad, y, full, ha="right", bbox=ON_WHITE, **style)
    elif data["days"] - high > wide + pad:
        axes.text(high + pad, y, full, ha="left", bbox=ON_WHITE, **style)
    else:
        axes.text(0.5 * (low + high), y, few, ha="center", **style)


def _short(ship: str) -> str:
    return next((ship.replace(long, short) for long, short in SHORT.items() if ship.startswith(long)), ship)
