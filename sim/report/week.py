"""The week aboard in the report: what it is worth, what of it held in this flight, and who does what."""

from __future__ import annotations

from collections import Counter

from sim.core.epoch import Epoch
from sim.export.stored import PlotData
from sim.report.markup import WHEN, ZONE, joined, moment, number, paragraph, section, table


def week(data: PlotData) -> str:
    """Nothing for a flight without one."""
    found = data.record.get("week")
    if found is None:
        return ""
    content = [paragraph(_worth(found)), paragraph(_judged(found))]
    if broken := found["recheck"]["broken"]:
        rows = [(b["rule"], b["what"], moment(Epoch.from_utc(b["utc"])), number(b["by"]), b["unit"]) for b in broken]
        content.append(table(("rule", "what did not hold", WHEN, "by", "unit"), rows, numeric=(3,)))
    content.append(table(("discipline", "times", "hours of work", "left out"), _disciplines(found), numeric=(1, 2, 3)))
    content.append(paragraph("Who is who: " + "; ".join(f"{p['key']}, {p['name']}" for p in found["people"]) + "."))
    content.append(table((ZONE, "what", "who", "where", "needs"), _rows(found), unbroken=(0,)))
    return section("The week aboard", *content)


def _worth(week: dict) -> str:
    best = "No plan is worth more" if week["gap"] == 0.0 else f"No plan is worth over {100.0 * week['gap']:.1f} % more"
    left = ", ".join(f"{x['title']} ({x['times']})" for x in week["left_out"]) or "nothing"
    return joined(
        f"Planned before the flight by {week['solver']} from the forecast of that time, with the undocking at ",
        moment(Epoch.from_utc(week["forecast"]["undocking_utc"]), zone=True),
        f". It is worth {week['value']} of {week['possible']} points: minutes of experiments times their priority. ",
        f"{best}. Left out: {left}. Each person has a day card in the folder cards.",
    )


def _judged(week: dict) -> str:
    check = week["recheck"]
    asked = "; ".join(f"{rule} {count}" for rule, count in check["judged"].items())
    moved = check["return_day_moved_s"] / 60.0
    broken = len(check["broken"])
    held = "everything held" if not broken else f"{broken} did not hold"
    return (
        f"Judged again on the trajectory that was flown, by code that did not make the plan: {held}. Asked were: "
        f"{asked}. The times of the cards are UTC and stay; those of the day of return move with the undocking, here "
        f"by {moved:+.1f} min."
    )


def _disciplines(week: dict) -> list[tuple]:
    times, minutes, left = Counter[str](), Counter[str](), Counter[str]()
    of = {e["activity"]: e["discipline"] for e in week["entries"]}
    for e in week["entries"]:
        length = Epoch.from_utc(e["end_utc"]).since(Epoch.from_utc(e["start_utc"])) / 60.0
        times[e["discipline"]] += 1
        minutes[e["discipline"]] += round(length * len(e["people"]))
    for x in week["left_out"]:
        left[of.get(x["activity"], "none of it done")] += x["times"]
    names = sorted({*times, *left}, key=lambda name: (name == "duty", name))
    return [(name, times[name], f"{minutes[name] / 60.0:.1f}", left[name] or "–") for name in names]


def _rows(week: dict) -> list[tuple]:
    everyone = len(week["people"])
    rows = []
    for e in week["entries"]:
        start, end = Epoch.from_utc(e["start_utc"]), Epoch.from_utc(e["end_utc"])
        title = e["title"] + (f" ({e['number']} of {e['times']})" if e["times"] > 1 else "")
        who = "all" if len(e["people"]) == everyone else ", ".join(e["people"])
        when = joined(moment(start, "%d %b %H:%M"), "–", moment(end, "%H:%M"))
        rows.append((when, title, who, e["rack"], e["conditions"]))
    return rows
