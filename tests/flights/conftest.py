"""Each mission is flown once for all the tests of whole flights."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for flown.py and ledger.py, in every import mode

MISSIONS = {"pakistan": "shenzhou-24-pakistan", "april_2025": "shenzhou-20"}


@pytest.fixture(scope="session")
def pakistan():
    """The rotation that brings the first Pakistani payload specialist."""
    from flown import fly_whole

    return fly_whole(MISSIONS["pakistan"])


@pytest.fixture(scope="session")
def april_2025():
    """Shenzhou-20 up and Shenzhou-19 down, as in April 2025."""
    from flown import fly_whole

    return fly_whole(MISSIONS["april_2025"])


@pytest.fixture(scope="session")
def october_2025():
    """Shenzhou-21 up, and down again with the crew of Shenzhou-20."""
    from flown import fly_whole

    return fly_whole("shenzhou-21")


@pytest.fixture(scope="session", params=list(MISSIONS))
def flown(request):
    """Both missions in turn, for what holds in any flight."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def written(pakistan, tmp_path_factory):
    """The directory of a run: all files of the first mission."""
    from sim.output.run import write

    directory = tmp_path_factory.mktemp("written")
    write(pakistan.flight, pakistan.scenario, pakistan.mission.world, directory, {})
    return directory
