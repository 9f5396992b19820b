"""How long does the first flight of a machine take, today's tree against an earlier one? One run, an empty cache each.

    python -m benches first_flight --before DIR --after DIR [--rounds N] [--dearest]

DIR: a tree with an environment of its own in `.venv`, as the README sets it up. The command is the README's, after the
installation; each time with a folder of its own for compiled code, in turn (A B A B), on the cores that this process
may use (`taskset -c 0,1` for two). `--dearest` lists the ten compilations that take longest in either tree, each
without what it calls, from one flight more on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole
from benches.whole_commands import MISSION, environment

# Prints, as the last line, the processor seconds that each function took to compile, without what it calls.
LISTENING = """
import atexit, json, sys, time
import kernels
from numba.core import event

own, open_ = {}, []


class Listener(event.Listener):
    def on_start(self, at):
        function = at.data["dispatcher"].py_func
        open_.append([f"{function.__module__}.{function.__qualname__}", time.process_time(), 0.0])

    def on_end(self, at):
        name, began, below = open_.pop()
        spent = time.process_time() - began
        own.setdefault(name, []).append(spent - below)
        if open_:
            open_[-1][2] += spent


event.register("numba:compile", Listener())
atexit.register(lambda: print(json.dumps(own)))
from sim.cli.main import main

main()
"""


def first_flight(tree: Path, cores: set[int], code: str = "") -> tuple[float, str]:
    """Wall seconds and standard output of one flight with an empty cache; by `code`, where it is given."""
    with tempfile.TemporaryDirectory(prefix="first-flight-") as folder:
        start = [str(tree / ".venv" / "bin" / "python"), "-c", code] if code else [str(tree / ".venv/bin/tiangong")]
        command = [*start, "run", MISSION, "--out", f"{folder}/out", "--quiet"]
        began = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**environment(), "NUMBA_CACHE_DIR": f"{folder}/cache"},
            preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if hasattr(os, "sched_setaffinity") else None,
        )
        wall = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {done.returncode}: {done.stderr.strip()[-400:]}")
    return wall, done.stdout


def dearest(tree: Path, core: int) -> list[str]:
    """Lines of a table: the ten functions that take longest to compile, and all."""
    found = json.loads(first_flight(tree, {core}, LISTENING)[1].splitlines()[-1])
    own = Counter({name: sum(seconds) for name, seconds in found.items()})
    lines = [f"{seconds:8.2f} s  {len(found[name])} x  {name}" for name, seconds in own.most_common(10)]
    return [*lines, f"{sum(own.values()):8.2f} s  {sum(map(len, found.values()))} compilations in all"]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench first_flight", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--before", type=Path, required=True, metavar="DIR", help="the earlier tree")
    parser.add_argument("--after", type=Path, required=True, metavar="DIR", help="today's")
    parser.add_argument("--rounds", type=whole(1, 20), default=1, help="flights in either tree (1)")
    parser.add_argument("--dearest", action="store_true", help="list the ten dearest compilations as well")
    asked = parser.parse_args(arguments)
    trees = asked.before.resolve(), asked.after.resolve()
    for tree in trees:
        if not (tree / ".venv" / "bin" / "tiangong").is_file():
            parser.error(f"{tree} has no .venv/bin/tiangong; set it up as the README says")
    from benches.machine import machine

    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    print(machine().removesuffix(", one core") + f", {len(cores)} cores")
    walls: tuple[list[float], list[float]] = ([], [])
    for _ in range(asked.rounds):
        for tree, seconds in zip(trees, walls, strict=True):
            seconds.append(first_flight(tree, cores)[0])
    before, after = (statistics.median(seconds) for seconds in walls)
    print(f"first flight, empty cache: before {before:.1f} s, after {after:.1f} s, ratio {before / after:.2f}")
    if asked.dearest:
        for word, tree in zip(("before", "after"), trees, strict=True):
            print(f"{word}: processor time to compile, without what is called", *dearest(tree, min(cores)), sep="\n")


if __name__ == "__main__":
    main()
