"""A mission file with its own `[[sequence]]`: its keys checked, phase by phase, and what it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import cast

from sim.files import text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem, dotted, nearest, shown
from sim.scenario.fields import MANY, validated
from sim.scenario.kind_words import kind_found
from sim.scenario.sequence_checks import SEQUENCE
from sim.scenario.sequence_file import ENTRIES, LONGEST, PhaseEntry, SequenceHead
from sim.scenario.view import View

BLOCKS = ("launch", "trim", "rendezvous", "stay", "return", "rules")
KINDS = ("mission", "rotation")
SEQUENCE_KEY = "sequence"


def has_sequence(raw: dict) -> bool:
    """Whether a mission file states its phases itself; one of the kind "mission" has to."""
    return "sequence" in raw or raw.get("kind") == "mission"


def checked_sequence(
    document: text.Document,
) -> tuple[SequenceHead | None, tuple[PhaseEntry, ...], View, list[tuple[KeyPath, Problem]]]:
    """(head or None, its phases, view, [(key, problem)]) of a mission file that has a sequence of its own."""
    raw, file = document.raw, document.label
    if raw.get("kind") not in KINDS:
        return None, (), View(raw), [(("kind",), Problem(file, "kind", kind_found(raw), "'mission'"))]
    head, entries, problems = validated_sequence(raw, file)
    view = View(raw, frozenset(key for key, _ in problems))
    if len(problems) <= MANY:
        problems += [(f.key, f.problem(file)) for rule in SEQUENCE for f in islice(rule(view), MANY)]
    return head, entries, view, problems


def validated_sequence(
    raw: dict, file: str
) -> tuple[SequenceHead | None, tuple[PhaseEntry, ...], list[tuple[KeyPath, Problem]]]:
    """The file's own keys and its phases as models, and a (path, problem) for every key that is wrong."""
    head, problems = validated(SequenceHead, {k: v for k, v in raw.items() if k not in (SEQUENCE_KEY, *BLOCKS)}, file)
    for block in BLOCKS:
        if block in raw:
            found = f"the block [{block}] beside [[sequence]]"
            allowed = "one of the two: write what it says into the phases, or take [[sequence]] out"
            problems.append(((block,), Problem(file, block, found, allowed)))
    unknown = {key[0]: i for i, (key, p) in enumerate(problems) if len(key) == 1 and p.found == "an unknown key"}
    if SEQUENCE_KEY not in raw and (meant := nearest(SEQUENCE_KEY, map(str, unknown))):  # reported once, as misspelt
        key, problem = problems[unknown[meant]]
        problems[unknown[meant]] = key, replace(problem, nearest=SEQUENCE_KEY)
        return head, (), problems
    entries, wrong = _entries(raw.get(SEQUENCE_KEY), file)
    return head, entries, [*problems, *wrong]


def _entries(raw: object, file: str) -> tuple[tuple[PhaseEntry, ...], list[tuple[KeyPath, Problem]]]:
    """The phases as models, and what is wrong with each."""
    key = SEQUENCE_KEY
    allowed = f"1 to {LONGEST} tables [[sequence]], each with phase = ... and ship = ..."
    if not isinstance(raw, list) or not 1 <= len(raw) <= LONGEST:
        return (), [((key,), Problem(file, key, "nothing" if raw is None else shown(raw), allowed))]
    entries: list[PhaseEntry] = []
    problems: list[tuple[KeyPath, Problem]] = []
    for i, table in enumerate(raw):
        if not isinstance(table, dict):
            problems.append(((key, i), Problem(file, f"{key}.{i}", shown(table), "a table with phase and ship")))
            continue
        phase = table.get("phase")
        if not isinstance(phase, str) or phase not in ENTRIES:
            if "phase" not in table and (meant := nearest("phase", table)):
                words = "an unknown key", "phase, and the keys of the phase that it names", "phase"
                problems.append(((key, i, meant), Problem(file, f"{key}.{i}.{meant}", *words)))
                continue
            found = shown(phase) if "phase" in table else "nothing"
            names = "one of " + ", ".join(f"'{name}'" for name in ENTRIES)
            guess = nearest(phase, ENTRIES) if isinstance(phase, str) else None
            problems.append(((key, i, "phase"), Problem(file, f"{key}.{i}.phase", found, names, guess)))
            continue
        made, wrong = validated(ENTRIES[phase], table, file)
        entries += [cast(PhaseEntry, made)] if made is not None else []
        for path, problem in wrong:
            whole = (key, i, *path)
            problems.append((whole, replace(problem, key=dotted(whole))))
    return tuple(entries), problems


def references(view: View) -> Iterator[tuple[KeyPath, str]]:
    """The keys of a sequence mission that name a file, and of which kind."""
    yield ("world",), "world"
    yield ("uncertainty",), "uncertainty"
    yield ("station", "vehicle"), "station"
    for group in ("docked", "ships"):
        for i in range(view.length(group)):
            yield (group, i, "vehicle"), "ship"
    for i in range(view.length("sequence")):
        named = (
            ("launcher", "launcher"),
            ("site", "site"),
            ("backup_site", "site"),
            ("profile", "profile"),
            ("arm", "arm"),
        )
        for key, kind in named:
            if key in view.keys("sequence", i):
                yield ("sequence", i, key), kind
        if view("sequence", i, "phase") == "docking":
            yield ("sequence", i, "docking_rules"), "docking_rules"
        if view("sequence", i, "phase") == "docked":
            yield ("sequence", i, "landing_rules"), "landing_rules"


def approaching(view: View) -> set[str]:
    """The ships that come round to a port or dock, which is where faults break."""
    phases = range(view.length("sequence"))
    return {
        view("sequence", i, "ship")
        for i in phases
        if view("sequence", i, "phase") in ("fly-around", "docking", "capture")
    }


def leaving(view: View) -> set[str]:
    """The ships that leave a port in closed loop, where faults of a departure break."""
    phases = range(view.length("sequence"))
    return {view("sequence", i, "ship") for i in phases if view("sequence", i, "phase") == "undocking"}
