"""A suborbital flight against the heights that are called space, and their energies beside an orbit's."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SKY, SOFT, VERMILLION, context, panel, sheet


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.output.suborbital.chart` lists."""
    figure = sheet(6.4, "How high is space", f"{data['name']} · {data['vehicle']}")
    height = panel(figure, 0.85, 0.75, 5.2, 4.35)
    energy = panel(figure, 7.2, 0.75, 3.1, 4.35)
    _height(height, data)
    _energy(energy, data)
    return figure


def _height(axes: Axes, data: dict) -> None:
    axes.set_title("Height over the sea")
    axes.plot(data["t_s"], data["height_km"], color=BLUE, zorder=3)
    lines = [h for h in data["heights"] if h["kinetic"] is None]
    top = max(h["km"] for h in lines)
    axes.set(ylim=(0.0, 1.16 * top), xlim=(0.0, data["t_s"][-1]), xlabel="s after the release", ylabel="km")
    for h in lines:
        apogee = h["name"].startswith("apogee")
        axes.axhline(h["km"], color=BLUE if apogee else VERMILLION, lw=0.9, ls=":" if apogee else (0, (6, 2)))
        axes.annotate(
            f"{h['km']:.1f} km, {h['name']}",
            (data["t_s"][-1], h["km"]),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            color=INK,
        )
    for event in data["events"]:
        if event["name"] in ("burn-out", "glide", "touchdown"):
            at = min(range(len(data["t_s"])), key=lambda i: abs(data["t_s"][i] - event["t_s"]))
            axes.plot(event["t_s"], data["height_km"][at], "o", ms=4, color=ORANGE, zorder=4)
            axes.annotate(
                event["name"],
                (event["t_s"], data["height_km"][at]),
                xytext=(7, 1) if event["name"] != "touchdown" else (-2, 16),
                ha="left" if event["name"] != "touchdown" else "right",
                textcoords="offset points",
            )


def _energy(axes: Axes, data: dict) -> None:
    axes.set_title("Energy over the ground, MJ/kg")
    names = [f"{h['km']:.1f} km" if h["kinetic"] is None else f"{h['name']}\n{h['km']:.0f} km" for h in data["heights"]]
    for i, h in enumerate(data["heights"]):
        axes.bar(i, h["potential"], color=SKY, width=0.6)
        total = h["potential"]
        if h["kinetic"] is not None:
            axes.bar(i, h["kinetic"], bottom=h["potential"], color=GREEN, width=0.6)
            total += h["kinetic"]
        axes.annotate(f"{total:.2f}", (i, total), xytext=(0, 3), textcoords="offset points", ha="center")
    axes.bar(0, 0, color=SKY, label="to be there")
    axes.bar(0, 0, color=GREEN, label="to stay there")
    axes.legend(loc="upper left")
    axes.set_xticks(range(len(names)), names)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="y", color=SOFT, alpha=0.4)
