"""What no single key of a week can get wrong: names, windows and an order that fit together, and the mission's crew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.files import paths
from sim.files.problems import ScenarioError, nearest
from sim.scenario.fields import MANY
from sim.scenario.kinds import File
from sim.scenario.overrides import with_overrides
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View
from sim.scenario.week_file import GROUPS, KIND, ActivityCrew, WeekFile


def _names(view: View, key: str) -> list[str]:
    return [name for i in range(view.length(key)) if (name := view(key, i, "name")) is not None]


def _unique(view: View) -> Iterator[Finding]:
    for key in ("racks", "places", "activities"):
        seen: dict[str, int] = {}
        for i in range(view.length(key)):
            name = view(key, i, "name")
            if name in seen:
                yield Finding((key, i, "name"), f"'{name}', which {key}.{seen[name]} has", "a name of its own")
            elif name is not None:
                seen[name] = i


def _known(view: View) -> Iterator[Finding]:
    """Racks, places and activities that are named are there, and give what is asked of them."""
    racks, places, activities = (_names(view, key) for key in ("racks", "places", "activities"))
    power = {view("racks", i, "name"): view("racks", i, "power_w") for i in range(view.length("racks"))}
    station = view("station", "power_w")
    for i in range(view.length("activities")):
        rack, place = view("activities", i, "rack"), view("activities", i, "over", "place")
        named: list[tuple[Sequence[str | int], str | None, list[str], str]] = [
            (("rack",), rack, racks, "a rack"),
            (("over", "place"), place, places, "a place"),
        ]
        named += [
            (("after", j), x, activities, "an activity") for j, x in enumerate(view("activities", i, "after") or ())
        ]
        for path, name, known, word in named:
            if name is not None and name not in known:
                allowed = f"{word} of this file: {', '.join(known) or 'there is none'}"
                yield Finding(("activities", i, *path), f"'{name}'", allowed, nearest(name, known))
        needs, limit = view("activities", i, "power_w"), power.get(rack)
        if needs is not None and limit is not None and needs > limit:
            yield Finding(
                ("activities", i, "power_w"), f"{needs:g}", f"at most {limit:g}, power_w of the rack '{rack}'"
            )
        elif needs is not None and station is not None and needs > station:
            yield Finding(("activities", i, "power_w"), f"{needs:g}", f"at most {station:g}, station.power_w")
        if view("activities", i, "crew") == {}:
            yield Finding(
                ("activities", i, "crew"), "nobody", "at least one of " + ", ".join(ActivityCrew.model_fields)
            )
        if rack is None and (view("activities", i, "run_min") or 0) > 0:
            yield Finding(("activities", i, "run_min"), "a time to run on alone, without a rack", "a rack, or none")


def _order(view: View) -> Iterator[Finding]:
    """Windows run forward, and no activity waits for itself."""
    for i in range(view.length("activities")):
        for key in ("gap_h", "every_h", "after_hatch_h", "before_undocking_h"):
            yield from _forward(view, ("activities", i, key))
        if view("activities", i, "gap_h") and not view("activities", i, "after"):
            yield Finding(("activities", i, "gap_h"), "a gap, but nothing that it is after", "`after`, or no gap_h")
        if view("activities", i, "every_h") and (view("activities", i, "times") or 1) == 1:
            yield Finding(("activities", i, "every_h"), "a repetition of what is done once", "times of 2 or more")
    for i in range(len(view("frame", "common") or ())):
        windows = [key for key in ("after_waking_h", "before_sleep_h") if view("frame", "common", i, key)]
        if len(windows) != 1 and not any(path[:2] == ("frame", "common") for path in view.bad):
            yield Finding(("frame", "common", i), f"{len(windows)} windows", "after_waking_h or before_sleep_h")
        for key in windows:
            yield from _forward(view, ("frame", "common", i, key))
    after = {
        view("activities", i, "name"): view("activities", i, "after") or () for i in range(view.length("activities"))
    }
    for i in range(view.length("activities")):
        name, seen = view("activities", i, "name"), set[str]()
        todo = list(after.get(name, ()))
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += after.get(one, ())
        if name is not None and name in seen:
            yield Finding(("activities", i, "after"), f"'{name}' waits for itself", "an order without a circle")


def _forward(view: View, path: tuple) -> Iterator[Finding]:
    window = view(*path)
    if window and not window[0] <= window[1]:
        yield Finding(path, f"{window[0]} to {window[1]}", "a first number not more than the second")


def _work(view: View) -> Iterator[Finding]:
    for group in GROUPS:
        first, later = view("people", group, "work_first_min"), view("people", group, "work_min")
        if first is not None and later is not None and first > later:
            yield Finding(("people", group, "work_first_min"), str(first), f"at most work_min, {later}")


RULES = (*SOURCES, _unique, _known, _order, _work)


def load_week(name: str, overrides: Sequence[str] = ()) -> WeekFile:
    """A week by its name in the catalogue, or a path, with `KEY=VALUE` overrides; ScenarioError lists all problems."""
    from sim.scenario.load import checked, placed
    from sim.scenario.what_it_is import read_named

    document = read_named(name, paths.WEEKS, "a week")
    raw, problems = with_overrides(document.raw, overrides)
    by_command_line = [tuple(o.partition("=")[0].strip().split(".")) for o in overrides]
    made, _, found = checked(replace(document, raw=raw), WeekFile, KIND, RULES)
    problems += [placed(document, key, problem, by_command_line) for key, problem in found[:MANY]]
    if problems or made is None:
        raise ScenarioError(dict.fromkeys(problems))
    return made


def crew_findings(view: View, week: File | None, groups: Sequence[tuple[str, ...]]) -> Iterator[Finding]:
    """A mission's crew against the week that it names; `groups`: which words hold for each person, by `people_of`."""
    if not isinstance(week, WeekFile):
        return
    for activity in week.activities:
        for word, count in activity.crew.asked.items():
            aboard = sum(word in each for each in groups)
            if count > aboard or not aboard:
                asked = str(count or "all")
                found = f"'{view('week')}', whose activity '{activity.name}' needs {asked} of '{word}'"
                yield Finding(("week",), found, f"at most {aboard}, whom [[crew]] has")
