"""One season, planned once for all tests of the planner, and the command line in this very process."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

from typer.testing import CliRunner

from sim.cli import main as cli
from sim.core.epoch import Epoch
from sim.planning.launch.plan import plan
from sim.planning.station_outlook import Asked, setting
from sim.scenario import load

MISSION = "shenzhou-24-pakistan"
SEASON = Asked(Epoch.from_utc("2026-10-01T00:00:00Z"), 61.0)


@lru_cache(maxsize=1)
def season():
    """October and November 2026 from the set of 6 October 2026, as the second mission flies it."""
    return plan(setting(load(MISSION), SEASON))


def tiangong(*args):
    result = CliRunner().invoke(cli.app, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return SimpleNamespace(code=result.exit_code, out=result.stdout, err=result.stderr)
