"""What the tests of scenario files share: the problems of one that is refused, a mission with text exchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.files import paths
from sim.scenario import ScenarioError, load


def problems(path, *overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    lines = [str(p) for p in caught.value.problems]
    assert lines and all("\n" not in line for line in lines)
    return lines


def mission(folder: Path, *swaps: tuple[str, str], add: str = "") -> Path:
    """A copy of the April 2025 mission with some text exchanged (each must occur) and some added."""
    text = (paths.MISSIONS / "shenzhou-20.toml").read_text("utf-8")
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "mission.toml"
    path.write_text(text + add, "utf-8")
    return path
