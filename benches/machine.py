"""What every bench shares: the checkout on the path, the machine's name, and a clock."""

import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def machine() -> str:
    """Processor, Python and numba, in one line."""
    import numba

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        name = models[0] if models else name
    return f"{name}, Python {platform.python_version()}, numba {numba.__version__}, one core"


def best(function, times: int = 5) -> float:
    """Shortest wall time of several calls, s; a first call, which may compile, is not counted."""
    function()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return min(found)
