"""What every test shares: the checkout on the path, and the marker of the small set that runs in all numba modes."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "small: quick without compilation; run again under NUMBA_DISABLE_JIT=1 and NUMBA_BOUNDSCHECK=1 "
        "(tests/kernels/test_modes.py)",
    )
