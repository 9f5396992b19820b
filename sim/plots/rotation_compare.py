"""Plans beneath one another: who is aboard from when to when, and with which ships."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.plots.rotation_chart import month_ticks
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, SOFT, VERMILLION, context, pale, panel, sheet, with_year

LEFT, WIDE, ROW = 3.0, 7.4, 0.19
VISITOR = "Pakistan"


@context()
def draw(data: dict) -> Sheet:
    """From what `sim.planning.rotation.chart.compare_chart` lists."""
    heights = [ROW * len(plan["people"]) for plan in data["plans"]]
    gap = 0.62
    figure = sheet(1.6 + sum(heights) + gap * len(heights), "Plans compared", data["name"])
    bottom = 0.62
    for plan, tall in reversed(list(zip(data["plans"], heights, strict=True))):
        axes = panel(figure, LEFT, bottom, WIDE, tall)
        _plan(axes, data, plan)
        bottom += tall + gap
    return figure


def _plan(axes: Axes, data: dict, plan: dict) -> None:
    people = plan["people"]
    broken = f"broken: {', '.join(plan['broken'])}" if plan["broken"] else "every rule is kept"
    axes.set_title(f"{plan['plan']}; {broken}")
    axes.set(xlim=(0.0, data["days"]), ylim=(len(people) - 0.4, -0.6), yticks=range(len(people)))
    axes.set_yticklabels([p["name"] for p in people], fontsize=8.0)
    axes.grid(axis="y", visible=False)
    for y, person in enumerate(people):
        low, high = person["bar"]
        visitor = person["nation"] == VISITOR
        swapped = person["up"] != person["down"]
        colour = VERMILLION if visitor else BLUE if swapped else GREEN
        axes.barh(y, high - low, left=low, height=0.7, color=pale(colour), ec=colour, lw=0.8)
        number = person["up"].rpartition("-")[2] + " up, " + person["down"].rpartition("-")[2] + " down"
        right = high + 0.01 * data["days"]
        inside = (high - low) / data["days"] > 0.16
        place = 0.5 * (low + high) if inside else right
        axes.text(place, y, number, ha="center" if inside else "left", va="center", fontsize=7.5)
    ticks, words = month_ticks(data["start"], data["days"])
    axes.set_xticks(ticks, with_year(words) if plan is data["plans"][-1] else [""] * len(ticks))
    if plan is data["plans"][0]:
        handles = [
            Patch(color=pale(VERMILLION), label="visitor"),
            Patch(color=pale(BLUE), label="down in another ship"),
            Patch(color=pale(GREEN), label="up and down in one ship"),
        ]
        axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=8.5)
    axes.tick_params(axis="y", length=0, color=SOFT)
