"""How long do whole commands take, today's tree against an earlier one? Wall and processor time, in turn, one run.

    python -m benches whole_commands --before DIR --after DIR [--rounds N] [NAME ...]

DIR: a tree with an environment of its own in `.venv`, as the README sets it up. Its compiled code must be there, so a
command is run once in each tree before it is timed. Each round starts a process in either tree for each command, in
turn (A B A B). Medians of the wall time, and of the processor time of the process with all those that it started.
Results are compared byte by byte, without `manifest.json`, which holds dates and times. Names: those of the table.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole

MISSION = "shenzhou-24-pakistan"


@dataclass(frozen=True)
class Command:
    """What is typed after `tiangong`, without `--out`; `new`: options that the earlier tree does not have."""

    arguments: tuple[str, ...]
    new: tuple[str, ...] = ()


COMMANDS = {
    "run": Command(("run", MISSION)),
    "run-bare": Command(("run", MISSION), ("--pictures", "none")),
    "windows": Command(("windows", MISSION, "--from", "2026-10-01", "--days", "61")),
    "docking-windows": Command(("docking-windows", MISSION, "--from", "2026-10-10", "--days", "90")),
}


@dataclass(frozen=True)
class Timed:
    """Seconds of one process, and the bytes of its results by name."""

    wall: float
    processor: float
    results: dict[str, bytes]


def timed(tree: Path, arguments: tuple[str, ...]) -> Timed:
    """One process in a tree; SystemExit with its messages where it fails."""
    with tempfile.TemporaryDirectory(prefix="whole-commands-") as folder:
        out = Path(folder) / "out"
        command = [str(tree / ".venv" / "bin" / "tiangong"), *arguments, "--out", str(out), "--quiet"]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment())
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(
                f"{' '.join(command)} ended with exit code {done.returncode}: {done.stderr.strip()[-400:]}"
            )
        files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "manifest.json"]
        results = {path.relative_to(out).as_posix(): path.read_bytes() for path in files}
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(wall, processor, results)


def environment() -> dict[str, str]:
    """Ours without what would make a tree take another's packages, or compile its modules anew at each start."""
    changing = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    return {key: value for key, value in os.environ.items() if key not in changing}


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Names of the results that are not the same, or not in both."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def measured(name: str, trees: tuple[Path, Path], rounds: int) -> str:
    """One row of the table."""
    command = COMMANDS[name]
    asked = command.arguments, (*command.arguments, *command.new)
    first = [timed(tree, arguments) for tree, arguments in zip(trees, asked, strict=True)]  # warms the disk's cache too
    runs = [[timed(tree, arguments) for tree, arguments in zip(trees, asked, strict=True)] for _ in range(rounds)]
    wall = [statistics.median(pair[i].wall for pair in runs) for i in (0, 1)]
    processor = [statistics.median(pair[i].processor for pair in runs) for i in (0, 1)]
    others = differing(first[0].results, first[1].results)
    same = f"{len(others)} of {len(first[0].results)} differ: {', '.join(others[:3])}" if others else "same bytes"
    return (
        f"{name:<18}{wall[0]:9.2f}{wall[1]:9.2f}{wall[0] / wall[1]:8.2f}x"
        f"{processor[0]:11.2f}{processor[1]:9.2f}{processor[0] / processor[1]:8.2f}x   {same}"
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench whole_commands", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", nargs="*", help=f"of {', '.join(COMMANDS)}; none: all")
    parser.add_argument("--before", type=Path, required=True, metavar="DIR", help="the earlier tree")
    parser.add_argument("--after", type=Path, required=True, metavar="DIR", help="today's")
    parser.add_argument("--rounds", type=whole(1, 100), default=5, help="of each command in either tree (5)")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.name) - set(COMMANDS):
        parser.error(f"no command is called {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    trees = asked.before.resolve(), asked.after.resolve()
    for tree in trees:
        if not (tree / ".venv" / "bin" / "tiangong").is_file():
            parser.error(f"{tree} has no .venv/bin/tiangong; set it up as the README says")
    from benches.machine import machine

    print(machine().removesuffix(", one core") + f", {os.cpu_count()} cores")
    print(f"before: {trees[0]}\nafter:  {trees[1]}\nmedians of {asked.rounds} rounds, s")
    print(f"{'':<18}{'wall:':>9}{'':>9}{'':>9}{'processor:':>11}")
    print(f"{'command':<18}{'before':>9}{'after':>9}{'ratio':>9}{'before':>11}{'after':>9}{'ratio':>9}   results")
    for name in asked.name or COMMANDS:
        print(measured(name, trees, asked.rounds), flush=True)


if __name__ == "__main__":
    main()
