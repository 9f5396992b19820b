"""What every test shares: the checkout on the path, and the marker of the small set that runs in all numba modes."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.order import place  # noqa: E402  # needs the path


def pytest_configure(config):
    import sim  # noqa: F401  before anything brings scipy, whose algebra it keeps to one thread

    config.addinivalue_line(
        "markers",
        "small: quick without compilation; run again under NUMBA_DISABLE_JIT=1 and NUMBA_BOUNDSCHECK=1 "
        "(tests/kernels/test_modes.py)",
    )
    if hasattr(config.option, "loadscopereorder"):  # of pytest-xdist, which would take the files with most tests first
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: place(item.path.relative_to(TESTS).as_posix()) if item.path else 0)


@pytest.fixture(scope="session")
def world():
    """The day of 24 April 2025 from 09:17 UTC on, as a mission would have it: 8x8, Sun, Moon, NRLMSISE-00."""
    from sim.core.epoch import Epoch
    from sim.environment.world import Weather, build_world

    return build_world(
        Epoch.from_utc("2025-04-24T09:17:00Z"),
        0.0,
        86400.0,
        degree=8,
        sun=True,
        moon=True,
        weather=Weather(f107=150.0, f107a=150.0, ap=4.0),
        step=60.0,
    )
