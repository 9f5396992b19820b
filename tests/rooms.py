"""The rooms of `sim` and what they import of each other, lazy imports included. `python tests/rooms.py` prints them.

A room is a folder of `sim`; `sim/mission.py` is a room by itself. `sim/__init__.py`, the public face, is none: it
opens every room, and no room imports it.
"""

from __future__ import annotations

import ast
import os
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def module(path: Path, root: Path = ROOT) -> str:
    """The dotted name of a file of the project."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, known: set[str]) -> set[str]:
    """Dotted names that a file imports, wherever in it; of the project's own packages down to the module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & known or {node.module or ""}
    return found


def room_of(name: str) -> str:
    """`sim.planning.launch.plan` stands in the room `planning`."""
    return name.split(".")[1]


def room_graph(root: Path = ROOT) -> dict[str, set[str]]:
    """Room -> the rooms that it imports."""
    files = {module(path, root): path for path in sorted((root / "sim").rglob("*.py"))}
    graph: dict[str, set[str]] = defaultdict(set)
    for name, path in files.items():
        if name == "sim":
            continue
        graph[room_of(name)] |= set()
        for other in imported(path, set(files)) & set(files):
            if other != "sim" and room_of(other) != room_of(name):
                graph[room_of(name)].add(room_of(other))
    return dict(graph)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of rooms that reach each other, each sorted: Tarjan, SIAM J. Comput. 1 (1972) 146-160."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(room: str) -> None:
        index[room] = low[room] = len(index)
        stack.append(room)
        for other in sorted(graph.get(room, ())):
            if other not in index:
                visit(other)
                low[room] = min(low[room], low[other])
            elif other in stack:
                low[room] = min(low[room], index[other])
        if low[room] == index[room]:
            group = stack[stack.index(room) :]
            del stack[stack.index(room) :]
            if len(group) > 1:
                found.append(sorted(group))

    for room in sorted(graph):
        if room not in index:
            visit(room)
    return found


def floors(graph: dict[str, set[str]]) -> dict[str, int]:
    """How far above the ground each room stands: one more than the highest that it imports (no circles allowed)."""
    height: dict[str, int] = {}

    def of(room: str) -> int:
        if room not in height:
            height[room] = 1 + max((of(other) for other in graph.get(room, ())), default=-1)
        return height[room]

    return {room: of(room) for room in graph}


def main() -> None:
    graph = room_graph(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
    groups = circles(graph)
    print(f"{len(graph)} rooms, {sum(map(len, graph.values()))} arrows, {len(groups)} circles")
    for group in groups:
        print("circle:", ", ".join(group))
    height = floors(graph) if not groups else dict.fromkeys(graph, 0)
    for room in sorted(graph, key=lambda r: (-height[r], r)):
        print(f"{height[room]:3d}  {room:18s} -> {', '.join(sorted(graph[room]))}")


if __name__ == "__main__":
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough: what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
