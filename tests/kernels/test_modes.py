"""The kernels compiled, interpreted and with bounds checked: one source, one answer.

Every test marked `small` runs a second and a third time in a process of its own, with the same cache: the names of its
files keep checked and unchecked code apart, which numba's own index does not.
"""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import kernels
from kernels.orbit.kepler import kepler_propagate
from tests.kernels.reference import MU

HERE = Path(__file__).resolve().parent
MODES = {"NUMBA_DISABLE_JIT": "1", "NUMBA_BOUNDSCHECK": "1"}
CHECKED = bool(numba.config.DISABLE_JIT or numba.config.BOUNDSCHECK)


@pytest.mark.small
@pytest.mark.skipif(not CHECKED, reason="plain compiled code does not look: this is for the other two modes")
def test_an_array_too_short_is_noticed():
    with pytest.raises(IndexError):
        kepler_propagate(np.array([7e6, 0.0, 0.0]), np.array([0.0, 7e3, 0.0]), 60.0, MU, np.empty(2), np.empty(3))


@pytest.mark.skipif(CHECKED, reason="already inside one of the modes")
@pytest.mark.parametrize("variable", MODES)
def test_small_set_in_another_mode(variable):
    assert Path(kernels.__file__).parent.name == "kernels"  # the import above has set numba's cache folder
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env |= {variable: MODES[variable], "NUMBA_OPT": "1"}  # it is compiled for seconds of work
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "small", "-p", "no:cacheprovider", str(HERE)],
        cwd=HERE.parent.parent,
        env=env,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
