"""How long the command line takes before it does anything: whole processes, best and median of seven.

    python benches/startup.py
"""

import platform
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "tiangong --help": [sys.executable, "-c", "from sim.cli import main; main()", "--help"],
    "tiangong check shenzhou-20": [sys.executable, "-c", "from sim.cli import main; main()", "check", "shenzhou-20"],
}


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{'command':<28} {'best s':>8} {'median s':>9}")
    for name, command in COMMANDS.items():
        seconds = []
        for _ in range(7):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(time.perf_counter() - began)
        print(f"{name:<28} {min(seconds):8.3f} {statistics.median(seconds):9.3f}")


if __name__ == "__main__":
    main()
