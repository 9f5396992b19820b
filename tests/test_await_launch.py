"""The sentence of a launch that cannot be: a day and days, a span of time and an instant."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.phases.await_launch import AwaitLaunch

WORLD: Any = SimpleNamespace(zero=Epoch.from_utc("2025-04-20T00:00:00Z"))
DAY = 86400.0


def why(days: int, **given: Any) -> str:
    """Why no launch is chosen of so many opportunities, each of which would take 9 m/s of trim where 5 are allowed."""
    numbers: dict[str, Any] = dict.fromkeys((f.name for f in fields(AwaitLaunch)), 1.0)
    phase = AwaitLaunch(**{**numbers, "trim_limit": 5.0, "branch": "descending", "window": None, **given})
    windows: Any = [SimpleNamespace(liftoff=DAY * (i + 2), phase=0.5) for i in range(days)]
    with pytest.raises(Failure) as caught:
        phase._choose(windows, [9.0] * days, SimpleNamespace(t=0.0), WORLD)  # type: ignore[arg-type]  # of a scene: t
    return str(caught.value)


def test_a_given_lift_off_is_an_instant_and_one_day():
    reason = why(1, liftoff=2.0 * DAY)
    assert reason.startswith("no launch window at 2025-04-22T00:00:00Z: of 1 day the best, 2025-04-22T00:00:00Z, has")


def test_a_window_is_a_span_and_days():
    reason = why(3, window=(DAY, 5.0 * DAY))
    assert reason.startswith("no launch window in 2025-04-21T00:00:00Z to 2025-04-25T00:00:00Z: of 3 days the best")
    assert why(0, window=(DAY, 2.0 * DAY)).endswith("does not occur in 2025-04-21T00:00:00Z to 2025-04-22T00:00:00Z")
