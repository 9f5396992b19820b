"""Each mission is flown once for all the tests of whole flights, in whichever of their processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.shared import once

sys.path.insert(0, str(Path(__file__).parent))  # for flown.py and ledger.py, in every import mode

MISSIONS = {"pakistan": "shenzhou-24-pakistan", "april_2025": "shenzhou-20"}


def flown_once(factory, mission):
    from flown import fly_whole

    return once(factory, mission, lambda: fly_whole(mission))


@pytest.fixture(scope="session")
def pakistan(tmp_path_factory):
    """The rotation that brings the first Pakistani payload specialist."""
    return flown_once(tmp_path_factory, MISSIONS["pakistan"])


@pytest.fixture(scope="session")
def april_2025(tmp_path_factory):
    """Shenzhou-20 up and Shenzhou-19 down, as in April 2025."""
    return flown_once(tmp_path_factory, MISSIONS["april_2025"])


@pytest.fixture(scope="session")
def october_2025(tmp_path_factory):
    """Shenzhou-21 up, and down again with the crew of Shenzhou-20."""
    return flown_once(tmp_path_factory, "shenzhou-21")


@pytest.fixture(scope="session")
def may_2026(tmp_path_factory):
    """Shenzhou-23 up, to the nadir port in 3.5 hours, and Shenzhou-22 down."""
    return flown_once(tmp_path_factory, "shenzhou-23")


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
