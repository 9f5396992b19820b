"""How much memory is free on this machine."""

from __future__ import annotations

from pathlib import Path


def free_memory() -> float | None:
    """Bytes that are free for new processes: of the machine, or of the limit that was set for us (Linux); else None."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(1024.0 * float(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None
    try:
        group = Path("/sys/fs/cgroup")
        limit, used = ((group / name).read_text("ascii").strip() for name in ("memory.max", "memory.current"))
        return min(free, float(limit) - float(used)) if limit != "max" else free
    except (OSError, ValueError):
        return free
