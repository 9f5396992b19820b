"""How long the command line takes before it does anything: whole processes, best and median of seven.

    python benches/startup.py

The last rows stop at the first step of an orbit, and at the first call of any compiled kernel: what numba alone asks
for is the floor under the rest, as long as compiled code is loaded by numba.

Then what each command imports before it computes anything. The first flight of a machine, whose kernels are compiled,
is timed by `python -m benches first_flight`, and whole commands after it by `python -m benches whole_commands`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from machine import ROOT, machine

COMMAND_LINE = "from sim.cli.main import main; main()"
# The integrators are removed before the command runs, so that the process ends where the physics would begin.
UNTIL_FIRST_STEP = """
import os
import kernels.orbit.multistep, kernels.orbit.propagate
kernels.orbit.multistep.coast = kernels.orbit.propagate.arc = lambda *given: os._exit(0)
from sim.cli.main import main
main()
"""
ONE_KERNEL = "import numpy as np; from kernels.atmosphere.us76 import us76; us76(400e3)"

COMMANDS = {
    "python -c pass": ("pass",),
    "import numba": ("import numba",),
    "numba and one cached kernel": (ONE_KERNEL,),
    "tiangong --help": (COMMAND_LINE, "--help"),
    "tiangong check shenzhou-20": (COMMAND_LINE, "check", "shenzhou-20"),
    "tiangong propagate, first step": (UNTIL_FIRST_STEP, "propagate", "station-j2", "--out", "{out}", "--force"),
    "imports of propagate": ("import sim.cli.main, sim.api.propagation",),
    "imports of run": ("import sim.cli.main, sim.api.flying, sim.build.mission",),
    "imports of windows": ("import sim.cli.main, sim.api.launch_windows, sim.output.launch_windows",),
    "imports of docking-windows": ("import sim.cli.main, sim.planning.docking.season, sim.output.docking_windows",),
    "imports of pictures": ("from sim.plots import load_all; load_all()",),
}


def main() -> None:
    print(machine())
    print(f"{'until':<32} {'best s':>8} {'median s':>9}")
    with tempfile.TemporaryDirectory() as out:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        for name, (code, *arguments) in COMMANDS.items():
            command = [sys.executable, "-c", code, *(a.format(out=f"{out}/orbit") for a in arguments)]
            seconds = []
            for _ in range(7):
                began = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env=environment)
                seconds.append(time.perf_counter() - began)
            print(f"{name:<32} {min(seconds):8.3f} {statistics.median(seconds):9.3f}")


if __name__ == "__main__":
    main()
