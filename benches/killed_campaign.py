"""Does a campaign that is killed again and again come to the same table? And what do two in one directory do?

Flies a campaign of dispersed ascents undisturbed. The same campaign is then killed (SIGKILL) at random moments, taken
up each time with the same command, and flown to its end; workers of it are killed too. At last two are started into one
directory at once, the second also with --force. Every table and picture has to be the same bytes. Exit code 1 where
one is not.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole
from benches.machine import machine

ROOT = Path(__file__).resolve().parent.parent
BY_ROWS = (
    0.75  # share of the kills that come after a few rows at the latest, so that the campaign lasts for all of them
)
PARTIAL, RUNS = "campaign.partial.csv", "runs.csv"


@dataclass
class Bench:
    """One command, its directories, and what went wrong."""

    runs: int
    seed: int
    folder: Path
    faults: list[str] = field(default_factory=list)

    def start(self, name: str, *more: str) -> subprocess.Popen:
        options = ["--phase", "ascent", "-n", str(self.runs), "--seed", str(self.seed), "--workers", "2", "-q", *more]
        command = [sys.executable, "-m", "sim.cli.main", "montecarlo", "shenzhou-20", "--out", str(self.folder / name)]
        return subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def hold(self, true: bool, fault: str) -> bool:
        if not true:
            self.faults.append(fault)
        return true

    def rows(self, name: str) -> int:
        """How many lines the tables of a directory have by now."""
        paths = (self.folder / name / PARTIAL, self.folder / name / RUNS)
        return max((path.read_bytes().count(b"\n") - 1 for path in paths if path.is_file()), default=0)

    def same(self, name: str) -> bool:
        """Whether a directory holds the files of the undisturbed one, table and pictures to the last bit."""
        one, other = self.folder / "undisturbed", self.folder / name
        files = sorted(p.name for p in one.iterdir())
        bytes_of = [p.name for p in one.iterdir() if p.suffix in (".csv", ".png")]
        same = files == sorted(p.name for p in other.iterdir()) and all(
            (one / f).read_bytes() == (other / f).read_bytes() for f in bytes_of
        )
        return self.hold(same, f"{name}: not the files of the undisturbed campaign")


def finish(bench: Bench, process: subprocess.Popen, name: str) -> float:
    """Wait for the end of a campaign that nobody stops; wall time, s."""
    began = time.monotonic()
    stderr = process.communicate(timeout=3600)[1]
    bench.hold(process.returncode == 0, f"{name}: exit code {process.returncode}, {stderr.strip()}")
    return time.monotonic() - began


def killed(bench: Bench, kills: int, whole_s: float, draws: random.Random) -> None:
    name = "killed"
    print(f"\n{'kill':>4}{'after s':>9}{'rows before':>13}{'after':>7}  state")
    for i in range(kills):
        # After some rows more, so many that the campaign lasts for all kills; every other one at any time before that,
        # and the last two at any time up to the end, when summary and pictures are written.
        before, left = bench.rows(name), kills - i
        at = draws.uniform(0.0, whole_s) if i % 2 or left <= 2 else 3600.0
        few = bench.runs + 1 if left <= 2 else draws.randint(1, max(1, 2 * (bench.runs - before) // (left + 1)))
        process, began = bench.start(name), time.monotonic()
        while process.poll() is None and time.monotonic() - began < at and bench.rows(name) - before < few:
            time.sleep(0.005)
        passed = time.monotonic() - began
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        bench.hold(not ended or process.returncode == 0, f"kill {i + 1}: it had ended with {process.returncode} before")
        process.communicate()
        print(f"{i + 1:4}{passed:9.2f}{before:13}{bench.rows(name):7}  {state(bench.folder / name, ended)}", flush=True)
    finish(bench, bench.start(name), name)
    print(f"taken up to the end: same bytes {bench.same(name)}")


def state(out: Path, ended: bool) -> str:
    if ended:
        return "it had come to its end"
    if (out / RUNS).is_file():
        return "while it wrote summary and pictures"
    return "in flight or before" if (out / PARTIAL).is_file() else "before its plan was written"


def workers_killed(bench: Bench, draws: random.Random) -> None:
    """A worker every now and then, not the campaign."""
    name, count = "workers", 0
    process = bench.start(name)
    more = draws.randint(1, 15)  # rows until the next kill: workers that all end before they fly are not replaced
    while process.poll() is None:
        time.sleep(0.005)
        if bench.rows(name) >= more and (found := workers_of(process.pid)):
            more = bench.rows(name) + draws.randint(1, 15)
            subprocess.run(["kill", "-9", str(draws.choice(found))], check=False, stderr=subprocess.DEVNULL)
            count += 1
    finish(bench, process, name)
    print(f"\n{count} workers killed in one campaign: exit code {process.returncode}, same bytes {bench.same(name)}")


def workers_of(parent: int) -> list[int]:
    """Processes that a campaign started to fly its runs, from /proc."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                of = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                flies = "spawn_main" in (folder / "cmdline").read_text()
            except OSError:  # it has just ended
                continue
            found += [int(folder.name)] * (of == parent and flies)
    return found


def two_at_once(bench: Bench, name: str, *more: str) -> None:
    both = [bench.start(name), bench.start(name, *more)]
    lines = [process.communicate(timeout=3600)[1].strip() for process in both]
    codes = [process.returncode for process in both]
    print(f"\ntwo into one directory at once{' (' + ' '.join(more) + ')' if more else ''}: exit codes {codes}")
    print(*(f"  {line}" for line in lines if line), sep="\n")
    refused = sorted(codes) == [0, 2] and any("a campaign is being flown" in line for line in lines)
    bench.hold(refused, f"{name}: exit codes {codes}, one of them should have been refused")
    print(f"  same bytes {bench.same(name)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench killed_campaign", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=whole(10, 100_000), default=200)
    parser.add_argument("--kills", type=whole(1, 1000), default=20)
    parser.add_argument("--seed", type=whole(0, 2**64 - 1), default=7, help="of the campaign and of the moments (7)")
    asked = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory(prefix="tiangong-bench-") as folder:
        bench, draws = Bench(asked.runs, asked.seed, Path(folder)), random.Random(asked.seed)
        whole_s = finish(bench, bench.start("undisturbed"), "undisturbed")
        print(f"{asked.runs} ascents undisturbed on two workers: {whole_s:.1f} s")
        killed(bench, asked.kills, whole_s, draws)
        workers_killed(bench, draws)
        two_at_once(bench, "two")
        two_at_once(bench, "two-forced", "--force")
        left = sorted(p.name for p in bench.folder.iterdir() if p.name.startswith("."))
        bench.hold(not left, f"left over: {', '.join(left)}")
    print("", *(bench.faults or ["all as it should be"]), sep="\n")
    return 1 if bench.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
