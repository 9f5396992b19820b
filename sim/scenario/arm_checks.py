"""What the phases of the robotic arm must agree in: lists of a hover, what an arm and an indexing arm need, bases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.files.problems import Path as KeyPath
from sim.files.problems import nearest
from sim.scenario.arm_file import ArmFile
from sim.scenario.kinds import File
from sim.scenario.view import Finding, View

OF_THE_ARM = ("arm", "base", "fixture_m", "outward")


def captures(view: View) -> Iterator[Finding]:
    """The holds of a capture come nearer, each with its time and its wait; the fixture looks somewhere."""
    for i in range(view.length("sequence")):
        if view("sequence", i, "phase") != "capture":
            continue
        ranges = view("sequence", i, "holds_m") or ()
        for k, (far, near) in enumerate(zip(ranges, ranges[1:], strict=False), 1):
            if not near < far:
                allowed = f"less than {far:g}, the hold before: the hover point comes last"
                yield Finding(("sequence", i, "holds_m", k), f"{near:g}", allowed)
        for key in ("durations_s", "holds_s"):
            values = view("sequence", i, key)
            if ranges and values is not None and len(values) != len(ranges):
                yield Finding(("sequence", i, key), f"{len(values)} values", f"{len(ranges)}, one for each of holds_m")
        yield from _looks(view, i)


def transpositions(view: View) -> Iterator[Finding]:
    """By the arm: all of its keys, and back to the port; by the indexing arm: none of them, and a port to go to."""
    for i in range(view.length("sequence")):
        if view("sequence", i, "phase") != "transposition":
            continue
        by, given = view("sequence", i, "by"), view.keys("sequence", i)
        for key in OF_THE_ARM:
            if by == "arm" and key not in given:
                yield Finding(("sequence", i, key), "nothing", "given, since it is the arm that moves the ship")
            elif by == "indexing-arm" and key in given:
                yield Finding(("sequence", i, key), "given", "no such key: the indexing arm needs no fixture")
        if by == "indexing-arm" and "to" not in given:
            yield Finding(("sequence", i, "to"), "nothing", "the port that the indexing arm turns the module to")
        elif by == "arm" and "to" in given:
            allowed = "no such key: the arm brings the ship back to its port"
            yield Finding(("sequence", i, "to"), f"'{view('sequence', i, 'to')}'", allowed)
        if view("sequence", i, "turn_deg") == 0.0:
            yield Finding(("sequence", i, "turn_deg"), "0", "an angle other than 0")
        yield from _looks(view, i)


def _looks(view: View, i: int) -> Iterator[Finding]:
    outward = view("sequence", i, "outward")
    if outward and not any(outward):
        allowed = "a direction; its length does not matter"
        yield Finding(("sequence", i, "outward"), "a vector of length 0", allowed)


def bases(view: View, models: Mapping[KeyPath, File | None], ports: tuple[str, ...]) -> Iterator[Finding]:
    """Each base is one of its arm's, and a module is turned to a port of the station."""
    for i in range(view.length("sequence")):
        arm, base = models.get(("sequence", i, "arm")), view("sequence", i, "base")
        if isinstance(arm, ArmFile) and base is not None and base not in arm.bases:
            allowed = "one of " + ", ".join(f"'{name}'" for name in arm.bases)
            yield Finding(("sequence", i, "base"), f"'{base}'", allowed, nearest(base, arm.bases))
        to = view("sequence", i, "to")
        if to is not None and ports and to not in ports:
            allowed = "one of " + ", ".join(f"'{name}'" for name in ports)
            yield Finding(("sequence", i, "to"), f"'{to}'", allowed, nearest(to, ports))
