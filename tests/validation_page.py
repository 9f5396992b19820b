"""The tables of docs/validation.md: what we are held against, by how much we miss it, and what holds the row.

`python tests/validation_page.py` writes them into the page from docs/data/validation.toml, tests/tolerance.py and the
kept results docs/data/verify.json. `python tests/validation_page.py --measure DIR...` first makes the kept results
again: all five tables of `tiangong verify` (three minutes), and the times of the finished flights in DIR.
tests/test_validation_page.py holds page and kept results.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "validation.md"
ROWS = ROOT / "docs" / "data" / "validation.toml"
KEPT = ROOT / "docs" / "data" / "verify.json"
VERIFIED = ("lift-offs", "flights", "landings", "dockings", "failures")
PLACE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
NEAR_S = 180.0  # beyond which a touchdown is counted as missed, whatever its interval
FRESH_TEST = "test_from_a_fresh_set_the_flown_return_lands_within_three_minutes"
OLD_TEST = "test_from_an_old_set_the_lift_off_of_the_relief_gives_the_place_to_a_quarter_of_an_hour"
WIDE = "wide where sets are old or few flights calibrate"
LATE = {
    "docked": ("Hard mate", "times of the holds are not published, nor the manoeuvres of the way"),
    "touchdown": ("Touchdown", "day and kind of return are inputs, the place on the orbit days later is ours"),
}
OLD_TESTED = ("shenzhou-15", "shenzhou-18")  # of the landings from old sets those that OLD_TEST flies


def rows() -> dict:
    return tomllib.loads(ROWS.read_text("utf-8"))


def kept() -> dict:
    return json.loads(KEPT.read_text("utf-8"))


def tolerances() -> dict[str, object]:
    sys.path.insert(0, str(ROOT))
    return {k: v for k, v in vars(importlib.import_module("tests.tolerance")).items() if k.isupper()}


def table(head: tuple[str, ...], body: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body]) + "\n"


def held(test: str | None, run: str | None = None) -> tuple[str, str]:
    """(what holds the row, what makes it again); without a test and a command it was measured once."""
    if test:
        file, _, name = test.partition("::")
        return "held by a test", f"`{name}` of `{file}`" + (f"; `{run}`" if run else "")
    return ("command", f"`{run}`") if run else ("measured once", "no script is kept")


def allowed(words: str) -> str:
    """Names of tolerances with their values."""
    known = tolerances()
    return re.sub(r"\b[A-Z][A-Z0-9_]{3,}\b", lambda m: f"`{m[0]}` = {known[m[0]]}" if m[0] in known else m[0], words)


def group(name: str, with_kind: bool) -> str:
    body = []
    (found,) = (g for g in rows()["group"] if g["name"] == name)
    for row in found["row"]:
        how = held(row.get("test"), row.get("run"))
        kind = (row["kind"],) if with_kind else ()
        body.append((row["what"], row["source"], row["ours"], allowed(row["allowed"]), *kind, *how))
    kind = ("what it is to us",) if with_kind else ()
    return table(("what", "source", "ours", "tolerance", *kind, "held", "made again by"), body)


def minutes(seconds: float) -> str:
    return f"{seconds / 60.0:+.1f} min"


# ---- the tables of `verify`


def lift_offs() -> str:
    body = []
    for x in kept()["lift-offs"]["lift_offs"]:
        calibrates = " (calibrates the others)" if x["calibrates"] else ""
        phase = "" if x["phase_deg"] is None else f"{x['phase_deg']:.1f} deg"
        body.append((x["flight"], f"{x['miss_s']:+.0f} s{calibrates}", f"{x['limit_s']:.0f} s", phase))
    head = ("flight", "plane's answer less record", "limit", "phase at insertion; the planner's window is 5 to 12 deg")
    return table(head, body)


def forecasts() -> str:
    body = []
    for row in kept()["flights"]["flights"]:
        for event in ("lift_off", "docking", "touchdown"):
            x = row.get(event)
            if x is None:
                continue
            inside = "yes" if x["covered"] else "**no**"
            body.append((row["flight"], event.replace("_", "-"), _seconds(x["miss_s"]), _size(x), inside, x["basis"]))
    return table(("flight", "event", "forecast less record", "95 % interval, ±", "inside", "basis"), body)


def _seconds(value: float) -> str:
    return f"{value:+.0f} s" if abs(value) < 600.0 else minutes(value)


def _size(x: dict) -> str:
    return f"{x['half_width_s']:.0f} s" if x["half_width_s"] < 600.0 else f"{x['half_width_s'] / 60.0:.0f} min"


def of_record() -> list[dict]:
    """The landings of the record: that of Shenzhou-8 is one of a notice."""
    return [x for x in kept()["landings"]["landings"] if "half_width_95_s" in x]


def landings() -> str:
    body = []
    for x in of_record():
        fresh = x["limit_s"] is not None
        test = FRESH_TEST if fresh else OLD_TEST if x["landing"] in OLD_TESTED else None
        how = f"held by a test: `{test}`" if test else "command"
        words = "yes" if abs(x["miss_s"]) <= NEAR_S else "**no**"
        age = f"{x['inputs']['element_set_age_days']:.1f} d"
        inside = "yes" if x["covered"] else "**no**"
        half = f"{x['half_width_95_s'] / 60.0:.1f} min"
        body.append((x["landing"], age, minutes(x["miss_s"]), half, inside, words, how))
    head = (
        "landing",
        "age of the set",
        "forecast less record",
        "95 % interval, ±",
        "inside",
        "within 3 min",
        "held",
    )
    return table(head, body) + "\n" + landing_words() + "\n"


def landing_words() -> str:
    found = of_record()
    old = [x for x in found if x["limit_s"] is None]
    beyond = [x for x in found if abs(x["miss_s"]) > NEAR_S]
    within = ", ".join(x["landing"].capitalize() for x in old if abs(x["miss_s"]) <= NEAR_S)
    return (
        f"{len(beyond)} of {len(found)} touchdowns lie beyond 3 minutes. {len(old)} of {len(found)} rest on a set too "
        f"old for a limit of 3 minutes; of these {len(old) - len(beyond)} ({within}) came within it all the same, well "
        "inside intervals of a quarter of an hour, so that is no merit. What counts are the misses: 8 of 10, given "
        "for them once, is the number of old sets."
    )


def flown_again() -> str:
    body = []
    tests = rows()["held"]
    for mission, events in kept()["runs"].items():
        for x in events:
            holds, again = held(tests.get(f"{mission}.{x['event']}"), f"tiangong run {mission}")
            kind = x["kind"] + (f", counted from {x['given']}" if x["given"] else "")
            words = "set to it" if x["kind"] == "input" and x["miss_s"] == 0.0 else _seconds(x["miss_s"])
            body.append((mission, x["event"], x["recorded_utc"], words, kind, holds, again))
    head = ("flight", "event", "record (UTC)", "flown less record", "kind", "held", "made again by")
    return table(head, body)


def figures_of_returns() -> dict[tuple[str, str, str, str], dict[str, dict]]:
    """(what, band, kind, fact) -> the figure of each flight that has it."""
    found: dict[tuple[str, str, str, str], dict[str, dict]] = {}
    for mission, figures in kept()["returns"].items():
        for x in figures:
            band = f"{x['low']:.4g} to {x['high']:.4g} {x['unit']}"
            found.setdefault((x["what"], band, x["kind"], x["fact"]), {})[mission] = x
    return found


def returns() -> str:
    flights = sorted(kept()["returns"])
    body = []
    for (what, band, kind, fact), of in figures_of_returns().items():
        cells = (f"{of[m]['flown']:.4g}" + (" **no**" * (not of[m]["inside"])) if m in of else "" for m in flights)
        body.append((what, band, *cells, kind, f"`{fact}`"))
    return table(("what", "published band", *flights, "kind", "source: `tiangong facts`"), body)


def dockings() -> str:
    body = []
    for x in kept()["dockings"]["dockings"]:
        hard = [name for name, b in x["broken"].items() if b["hard"]]
        soft = [name for name, b in x["broken"].items() if not b["hard"]]
        body.append((x["flight"], "yes" if x["open"] else "**no**", ", ".join(hard) or "none", ", ".join(soft)))
    return table(("flight", "docked while open", "hard rules broken", "soft rules broken"), body)


def failures() -> str:
    body = []
    for x in kept()["failures"]["failures"]:
        ends = ", ".join(f"{count} {end.replace('_', ' ')}" for end, count in x["ends"].items())
        body.append((x["case"], ends, "yes" if x["held"] else "**no**"))
    return table(("failure on the approach", "how it ends, of so many runs", "as it must"), body)


# ---- where we fall short


def short() -> str:
    """What the kept tables show, and then the rows of the file."""
    found = of_record()
    beyond = [x for x in found if abs(x["miss_s"]) > NEAR_S]
    outside = [x for x in found if not x["covered"]]
    worst = max(found, key=lambda x: abs(x["miss_s"]))
    of_rules = sum(bool(x["broken"]) for x in kept()["dockings"]["dockings"])
    body = [
        (
            "Touchdown known a day before, beyond 3 min",
            f"{len(beyond)} of {len(found)}; worst {minutes(worst['miss_s'])} ({worst['landing']})",
            "an element set of weeks loses the station's place on its orbit",
        ),
        (
            "Touchdown outside its 95 % interval",
            f"{len(outside)} of {len(found)} ({', '.join(x['landing'] for x in outside) or 'none'})",
            "one in twenty is what such an interval lets out",
        ),
        *_intervals(),
        *_late(),
        *_of_returns(),
        (
            "Dockings of the record that break a soft rule of ours",
            f"{of_rules} of {len(kept()['dockings']['dockings'])}",
            "assumed rules about light, passes over home and the crew's day; the flown ones are not published",
        ),
        *_unheld(),
        *((row["what"], row["figure"], row["why"]) for row in rows()["short"]),
    ]
    return table(("what", "by how much", "why"), body)


def _intervals() -> Iterator[tuple[str, str, str]]:
    for event, words in (("lift_off", "Lift-off"), ("docking", "Docking"), ("touchdown", "Touchdown after undocking")):
        found = [x[event] for x in kept()["flights"]["flights"] if x.get(event)]
        inside = sum(x["covered"] for x in found)
        wide, worst = max(x["half_width_s"] for x in found), max(abs(x["miss_s"]) for x in found)
        figure = f"misses up to {worst / 60.0:.1f} min, intervals up to ± {wide / 60.0:.0f} min"
        yield (
            f"{words}, forecast",
            figure,
            f"{inside} of {len(found)} inside; {WIDE}",
        )


def _of_returns() -> Iterator[tuple[str, str, str]]:
    for (what, band, _, _), of in figures_of_returns().items():
        out = [x["flown"] for x in of.values() if not x["inside"]]
        if out:
            figure = f"{min(out):.3g} to {max(out):.3g}, published {band}"
            yield (
                f"Return: {what}",
                figure,
                f"outside in {len(out)} of {len(of)} flights, each with one draw of its uncertainty",
            )


def _late() -> Iterator[tuple[str, str, str]]:
    for mission, events in kept()["runs"].items():
        for x in events:
            if abs(x["miss_s"]) > NEAR_S and x["event"] in LATE:
                words, why = LATE[x["event"]]
                yield f"{words} of {mission} flown again", minutes(x["miss_s"]), why


def _unheld() -> Iterator[tuple[str, str, str]]:
    """Rows that no test holds: they may have changed since."""
    tests = rows()["held"]
    runs = [f"{m}: {x['event']}" for m, events in kept()["runs"].items() for x in events if x["miss_s"]]
    free = [name for name in runs if name.replace(": ", ".") not in tests]
    yield (
        "Times of flights flown again that no test holds",
        f"{len(free)} of {len(runs)}",
        "flights are the most expensive tests of CI",
    )
    every = [row for g in rows()["group"] for row in g["row"]]
    once = [row["what"] for row in every if row.get("once")]
    yield "Comparisons measured once", f"{len(once)} of {len(every)}", "; ".join(once)


MADE = {
    "programs": lambda: group("programs", False),
    "flown": lambda: group("flown", True),
    "lift-offs": lift_offs,
    "forecasts": forecasts,
    "landings": landings,
    "flown-again": flown_again,
    "returns": returns,
    "dockings": dockings,
    "failures": failures,
    "short": short,
}


def page() -> str:
    """The page with every table made again."""
    return PLACE.sub(lambda m: f"{m[1]}{MADE[m[2]]()}{m[3]}", PAGE.read_text("utf-8"))


# ---- measuring again


def measured(directories: list[str]) -> dict:
    """What the command prints, and the times of finished flights; of those that are not given what was kept stays."""
    runs, returns = (kept()[key] if KEPT.exists() else {} for key in ("runs", "returns"))
    for directory in directories:
        mission = Path(directory).name
        runs[mission], figures = _run(Path(directory))
        returns |= {mission: figures} if figures else {}
    made = {name: _printed("verify", name) for name in VERIFIED}
    return made | {"runs": dict(sorted(runs.items())), "returns": dict(sorted(returns.items()))}


def _printed(*arguments: str) -> dict:
    """The JSON object that a command prints."""
    command = [sys.executable, "-m", "sim.cli.main", *arguments, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, cwd=ROOT, check=False).stdout)


def _run(directory: Path) -> tuple[list[dict], list[dict]]:
    """The recorded times and the published figures of the return, each beside the flown one, of the results of a run,
    which lie in a folder called like the mission."""
    events, printed = [], _printed("compare", str(directory.resolve()), "--record")
    for x in printed["events"]:
        miss = round(x["difference_s"], 1)
        row = {"event": x["event"], "recorded_utc": x["recorded_utc"], "miss_s": miss, "kind": x["basis"]}
        events.append(row | {"given": x["given"]})
    figures = []
    for x in printed["published_return"]:
        if x["flown"] is not None:
            row = {key: x[key] for key in ("what", "unit", "low", "high", "inside", "fact")}
            kind = "input" if x["set_by"] else "calibrated" if x["calibrated_by"] else "ours"
            figures.append(row | {"flown": float(f"{x['flown']:.4g}"), "kind": kind})
    return events, figures


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        KEPT.write_text(json.dumps(measured(sys.argv[2:]), indent=1) + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")
