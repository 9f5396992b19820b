"""What a campaign will take before it is flown: processes, rows, disk, memory, time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.campaign import directory, table
from sim.campaign.load import Campaign
from sim.campaign.phases import PHASES
from sim.files.errors import BadInput
from sim.files.memory import free_memory
from sim.files.output_directory import OutdirError

WORTH_A_WORKER = 40  # runs; to start a process takes as long
# Measured with the shipped campaigns on one core of an Intel Xeon server of 2.1 GHz (Python 3.11, numba 0.68): mean of
# 2,000 and 20,000 rows of 36 and 38 columns, and the largest resident size of the command and of its workers.
COLUMN_BYTES, ROW_BYTES = 17.0, 20.0  # of a cell of the table, and of a row besides
CELL_MEMORY = 160.0  # bytes of a cell while the summary is made
COMMAND_MEMORY, WORKER_MEMORY = 300e6, 230e6  # bytes
PICTURES_BYTES = 0.5e6  # of pictures, plan, summary and manifest
BEGIN_S = 10.0  # to plan the mission, start the workers and draw the pictures
MACHINE = "one core of a 2.1 GHz Xeon"


@dataclass(frozen=True)
class Estimate:
    """`campaigns` of `runs` each, of which `present` rows are in the directory already; `processes` that fly them at
    once besides the command (0: the command flies them itself). `disk`, `memory` bytes; `seconds` of wall time at
    `run_s` a run on one core; `free_memory`, `free_disk` bytes, None where the system does not report them."""

    campaigns: int
    runs: int
    present: int
    columns: int
    processes: int
    cores: int
    disk: float
    memory: float
    seconds: float
    run_s: float
    free_memory: float | None
    free_disk: float | None

    def content(self) -> dict:
        """The same as plain data, with units in the names."""
        return {
            "campaigns": self.campaigns,
            "runs": self.runs,
            "present": self.present,
            "rows": self.campaigns * self.runs,
            "columns": self.columns,
            "processes": self.processes,
            "cores": self.cores,
            "disk_bytes": round(self.disk),
            "memory_bytes": round(self.memory),
            "seconds": round(self.seconds, 1),
            "seconds_of_a_run": self.run_s,
            "rate_of": MACHINE,
            "free_memory_bytes": self.free_memory,
            "free_disk_bytes": self.free_disk,
        }

    def lines(self) -> Iterator[str]:
        """The same in words."""
        present = f", of which {self.present} are there already" if self.present else ""
        each = f" in each of {self.campaigns} campaigns" if self.campaigns > 1 else ""
        yield f"  runs     {self.runs}{each}{present}"
        yield f"  rows     {self.campaigns * self.runs}, of {self.columns} columns"
        yield f"  disk     {_size(self.disk)}, while it runs{_free(self.free_disk)}"
        flies = f"by {self.processes} processes on {self.cores} cores" if self.processes else "by the command itself"
        yield f"  memory   {_size(self.memory)}, flown {flies}{_free(self.free_memory)}"
        rate = f"by {self.run_s:g} s a run on {MACHINE}; this machine is not measured"
        yield f"  time     about {_span(self.seconds)}, {rate}"


def estimate(campaign: Campaign, runs: int, workers: int | None, out: Path, seed: int, campaigns: int = 1) -> Estimate:
    """What a campaign will take in the directory `out`, or so many campaigns one after the other, one for each value of
    a sweep."""
    columns = table.header(campaign.dispersions, campaign.phase)
    present = _present(out, campaign, columns, seed) if campaigns == 1 else 0
    left = max(0, runs - present)
    flying, run_s = processes(left, workers), PHASES[campaign.phase].run_s
    rows = runs * (COLUMN_BYTES * len(columns) + ROW_BYTES)
    return Estimate(
        campaigns=campaigns,
        runs=runs,
        present=present,
        columns=len(columns),
        processes=flying,
        cores=cores(),
        disk=campaigns * (rows + PICTURES_BYTES) + rows,  # the unfinished table goes when the whole one is there
        memory=needed_memory(runs, len(columns), flying),
        seconds=campaigns * (BEGIN_S + left * run_s / max(1, min(flying, cores()))),
        run_s=run_s,
        free_memory=free_memory(),
        free_disk=_free_disk(out),
    )


def processes(runs: int, workers: int | None) -> int:
    """How many fly so many runs, `workers` if that is not None. 0: few runs are flown without another process."""
    worth = runs // WORTH_A_WORKER
    if workers is None:
        return min(cores(), worth)
    return 0 if workers == 1 and not worth else min(workers, runs)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def needed_memory(runs: int, columns: int, flying: int) -> float:
    """Of the command and its workers, bytes."""
    return COMMAND_MEMORY + runs * columns * CELL_MEMORY + flying * WORKER_MEMORY


def refuse_beyond_memory(campaign: Campaign, runs: int, workers: int | None) -> None:
    """BadInput where a campaign would need more memory than is free: the system would end it, or others."""
    columns = len(table.header(campaign.dispersions, campaign.phase))
    flying, free = processes(runs, workers), free_memory()
    need = needed_memory(runs, columns, flying)
    if free is None or need <= free:
        return
    fewer = int((free - needed_memory(runs, columns, 0)) // WORKER_MEMORY)
    instead = f"ask for at most {fewer} workers (--workers)" if fewer > 0 else "ask for fewer runs (-n)"
    raise BadInput(
        f"{runs} runs and {flying} workers need some {_size(need)} of memory, and {_size(free)} are free; {instead}"
    )


def _free_disk(out: Path) -> float | None:
    place = next((p for p in (out, *out.absolute().parents) if p.is_dir()), None)
    try:
        return None if place is None else float(shutil.disk_usage(place).free)
    except OSError:
        return None


def _present(out: Path, campaign: Campaign, columns: list[str], seed: int) -> int:
    """Rows of this campaign in its directory, as far as that shows without a flight."""
    try:
        plan = directory.stored(out)
    except OutdirError:
        return 0
    if plan.get("seed") != seed or plan.get("campaign") != campaign.raw:
        return 0
    return len(directory.known(out, columns, directory.key_of(plan, columns))[0])


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def _free(count: float | None) -> str:
    return "" if count is None else f"; {_size(count)} are free"


def _span(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"
